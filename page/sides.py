"""Reports next to each other: values that do not agree, and one statement in several wordings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.compare import as_pieces
from assistant.in_words import in_quotation_marks
from assistant.types import Citation, Disagreement, Wording
from page import words
from page.citing import Links, escaped

_WORD = re.compile(r"\w+(?:['’]\w+)*")


def disagreement_html(one: Disagreement, links: Links) -> str:
    """Write what reports differ on, a side each: the value, who gave it when, and in which words.

    The last side of an update is the one that holds now, and is said to.
    """
    is_update = one.kind == "update"
    heading = (words.UPDATED if is_update else words.REPORTS_DIFFER).format(about=one.about)
    *earlier, last = one.values
    sides = [
        _value(value, citation, links, words.EARLIER if is_update else "") for value, citation in earlier
    ]
    sides.append(_value(*last, links, words.LATEST if is_update else ""))
    return _block("differ", heading, sides)


def wording_html(one: Wording, links: Links) -> str:
    """Write one statement as each outlet words it, with what a wording has alone underlined."""
    heading = str(as_pieces(one)[0]).rstrip(": ")
    quotes = [in_quotation_marks(citation.quote) for citation in one.citations]
    common = _common(quotes)
    sides = [
        f'<blockquote dir="auto">{_unlike(quote, common)}</blockquote>{_by(citation, links)}'
        for quote, citation in zip(quotes, one.citations, strict=True)
    ]
    return _block("wordings", heading, sides, f'<p class="hint">{escaped(words.DIFFERENT_WORDS)}</p>')


def _block(kind: str, heading: str, sides: Sequence[str], hint: str = "") -> str:
    items = "".join(f'<li class="side">{side}</li>' for side in sides)
    head = f'<p class="heading" dir="auto">{escaped(heading)}</p>'
    return f'<div class="{kind}">{head}<ul class="sides">{items}</ul>{hint}</div>'


def _value(value: str, citation: Citation, links: Links, order: str) -> str:
    placed = f'<span class="label">{escaped(order)}</span> ' if order else ""
    shown = f'<p class="value" dir="auto">{placed}<bdi>{escaped(value)}</bdi></p>'
    quote = f'<blockquote dir="auto">{_strong(in_quotation_marks(citation.quote), value)}</blockquote>'
    return shown + _by(citation, links) + quote


def _by(citation: Citation, links: Links) -> str:
    return f'<p class="by" dir="auto">{links.reported(citation)}</p>'


def _strong(quote: str, value: str) -> str:
    """Set the value of a side apart in its words, where it stands in them so."""
    found = re.search(re.escape(value), quote, re.IGNORECASE) if value.strip() else None
    if not found:
        return escaped(quote)
    return f"{escaped(quote[: found.start()])}<b>{escaped(found[0])}</b>{escaped(quote[found.end() :])}"


def _common(quotes: Sequence[str]) -> set[str]:
    """Find the words that all wordings have, however they are capitalised."""
    return set.intersection(*({word.casefold() for word in _WORD.findall(quote)} for quote in quotes))


def _unlike(quote: str, common: set[str]) -> str:
    """Write a wording, the stretches of it underlined that have no word of all the others."""
    html, at = "", 0
    for alone, start, end in _stretches(quote, common):
        shown = escaped(quote[start:end])
        html += escaped(quote[at:start]) + (f'<em class="unlike">{shown}</em>' if alone else shown)
        at = end
    return html + escaped(quote[at:])


def _stretches(quote: str, common: set[str]) -> list[tuple[bool, int, int]]:
    """Join neighbouring words by whether they are common: (alone, start, end) each, in order."""
    joined: list[tuple[bool, int, int]] = []
    for word in _WORD.finditer(quote):
        alone, start = word[0].casefold() not in common, word.start()
        if joined and joined[-1][0] == alone:
            start = joined.pop()[1]
        joined.append((alone, start, word.end()))
    return joined
