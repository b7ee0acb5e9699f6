"""Answers as HTML, in which everything from an article, a question or a model is escaped, and in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from assistant.origins import date_origin
from assistant.types import Anchored, Answer, Citation
from index.genres import genre
from index.types import Article, Scope

# The page reads Markdown, so what would be Markdown, LaTeX or the end of a block is written as a number too.
_ESCAPES = {ord(sign): f"&#{ord(sign)};" for sign in "&<>\"'`*_[]()!#$\\~|{}:@^\n\r"}
_ESCAPES |= dict.fromkeys([0, *range(0xD800, 0xE000)], "\ufffd")  # lone surrogates, which no page can be sent
_INNER = {ord("“"): "‘", ord("„"): "‘", ord("”"): "’", ord('"'): "’", ord("«"): "‹", ord("»"): "›"}
_OPENING = re.compile(r'(?<![^\s(\[‘“—–-])"(?=\S)')
_BRACKETS = {ord("["): "(", ord("]"): ")"}
_NAME_CHARACTERS = 80
_NO_OUTLET = "Unknown outlet"
_NUMBER = re.compile(r"\[(\d{1,4})\]")


@dataclass(frozen=True, slots=True)
class Mark:
    """A number in brackets at `answer.text[start:end]`, the source it names and the claim it stands by.

    `claim` counts from 0, and is None where no claim rests on that source.
    """

    start: int
    end: int
    number: int
    claim: int | None


def escape(text: str) -> str:
    """Make text safe inside HTML, inside an attribute and inside a Markdown page.

    >>> escape("<b> & $3m")
    '&#60;b&#62; &#38; &#36;3m'
    """
    return text.translate(_ESCAPES)


def dateline(article: Article) -> str:
    """Say who reported it and when: `The Harbour Post, 12 June 2020`, or undated, and when it changed.

    An opinion, an analysis and a review are said to be, and whose; what is paid for is said to be.

    A name cannot pass for a quotation or for the mark of a source, nor for more than a line.
    """
    day, written = article.published_day, article.written_day
    changed = f", changed {day_in_words(written)}" if written and written != day else ""
    return f"{_name(article)}, {day_in_words(day) if day else 'undated'}{changed}{_genre(article)}"


def reporter(article: Article) -> str:
    """Say who reported it, as `dateline` does, where the day is said already."""
    return f"{_name(article)}{_genre(article)}"


def _genre(article: Article) -> str:
    """Say whose opinion, analysis or review it is, or that it is paid for; nothing of a report."""
    kind = genre(article)
    by = " ".join(article.byline.translate(_INNER | _BRACKETS).split())
    who = f" by {by[:_NAME_CHARACTERS]}" if kind != "sponsored" and by else ""
    return f", {kind}{who}" if kind else ""


def published_in_words(article: Article) -> str:
    """Say when it was published and how that is known, or `undated`.

    >>> published_in_words(Article("It rained.", published=date(2020, 6, 12), date_source="meta"))
    "published 12 June 2020 (date from the page's metadata)"
    """
    day, origin = article.published_day, date_origin(article)
    return f"published {day_in_words(day)}{f' ({origin})' if origin else ''}" if day else "undated"


def _name(article: Article) -> str:
    name = " ".join(article.outlet.translate(_INNER | _BRACKETS).split())
    return (name if len(name) <= _NAME_CHARACTERS else f"{name[:_NAME_CHARACTERS].rstrip()}…") or _NO_OUTLET


def in_quotation_marks(words: str) -> str:
    """Put words in quotation marks; those inside become single, so that the outer ones end the quote.

    >>> in_quotation_marks('He said: "No."')
    '“He said: ‘No.’”'
    """
    return f"“{_OPENING.sub('‘', words).translate(_INNER)}”"


def day_in_words(day: date) -> str:
    """Write a day as it is read: `12 June 2020`."""
    return f"{day.day} {day:%B %Y}"


def counted(number: int, noun: str) -> str:
    """Write how many: `1 article`, `1,024 articles`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def sentence(words: str) -> str:
    """Write words as a sentence: with a capital, and with an end.

    >>> sentence("the server failed (500); ask again")
    'The server failed (500); ask again.'
    """
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", "!", "?", "”", "…")) else ".")


def written_by(answer: Answer) -> str:
    """Say what wrote an answer; nothing where it is quotes."""
    if not answer.model or not answer.claims:
        return ""
    return f"Written by {answer.model}; each sentence was checked against the articles by rules."


def scope_in_words(scope: Scope) -> str:
    """Say which articles were asked, in a phrase; nothing for all of them.

    >>> from datetime import date
    >>> scope_in_words(Scope(as_of=date(2020, 6, 14), outlets=("The Harbour Post",)))
    'as of 14 June 2020, of The Harbour Post'
    """
    parts = [
        f"{words} {day_in_words(day)}"
        for words, day in (("as of", scope.as_of), ("from", scope.since), ("until", scope.until))
        if day
    ]
    if scope.outlets:
        parts.append(f"of {' and '.join(scope.outlets)}")
    return ", ".join(parts)


def asked(answer: Answer) -> str:
    """Say in a sentence which articles an answer was looked for in, and from which days an event was counted.

    Nothing for all of them.
    """
    told = [anchor_in_words(one) for one in answer.anchors]
    scope = scope_in_words(answer.scope)
    return f"Asked {'; '.join([*told, scope] if scope else told)}." if told or scope else ""


def anchor_in_words(anchor: Anchored) -> str:
    """Say from which days an event was counted, and by whose words."""
    what = {"after": "what came after", "before": "what came before", "until": "the time until"}[anchor.side]
    if anchor.kind == "published":
        what = f"what was published {'from' if anchor.side == 'after' else anchor.side}"
    days = day_in_words(anchor.first)
    days += f" to {day_in_words(anchor.last)}" if anchor.last != anchor.first else ""
    told = f"{dateline(anchor.citation.article)}: {in_quotation_marks(anchor.citation.quote)}"
    return f"of {what} {in_quotation_marks(anchor.event)}, {days} ({told})"


def marks(answer: Answer) -> list[Mark]:
    """Find the numbers in an answer's text that point to its sources, in order.

    A number that belongs to the quoted words themselves is left alone.
    """
    numbers = {source.number for source in answer.sources}
    quoted = _quoted(answer)
    return [
        Mark(found.start(), found.end(), int(found[1]), _claim_at(answer, found.start(), int(found[1])))
        for found in _NUMBER.finditer(answer.text)
        if int(found[1]) in numbers and not any(a <= found.start() < b for a, b in quoted)
    ]


def cited(answer: Answer, article: Article) -> list[Citation]:
    """List the citations of an answer's claims that stand in one article, in the article's order."""
    every = {c for claim in answer.claims for c in claim.citations if c.article == article}
    return sorted(every, key=lambda c: (c.start, c.end))


def parts(answer: Answer) -> Iterator[str | Mark]:
    """Cut the answer's text at its marks."""
    at = 0
    for mark in marks(answer):
        yield answer.text[at : mark.start]
        yield mark
        at = mark.end
    yield answer.text[at:]


def text_html(answer: Answer, link: Callable[[Mark], str]) -> str:
    """Write the answer's text as paragraphs; `link` gives the address each mark leads to."""
    articles = {source.number: source.article for source in answer.sources}
    doubted = [(one.start, one.end) for one in answer.claims if one.verdict == "unsupported"]
    pieces, at = [], 0
    for part in parts(answer):
        if isinstance(part, Mark):
            pieces.append(_anchor(part.number, articles[part.number], link(part)))
            at = part.end
        else:
            pieces += _with_doubts(part, at, doubted)
            at += len(part)
    lines = "".join(pieces).split("&#10;")
    return "".join(f'<p dir="auto">{line.strip()}</p>' for line in lines if line.strip())


def _with_doubts(words: str, at: int, doubted: Sequence[tuple[int, int]]) -> list[str]:
    """Escape words that stand at a place of the answer; what is not found in the articles looks so."""
    edges = {edge - at for span in doubted for edge in span if at < edge < at + len(words)}
    return [
        f'<span class="doubted">{escape(words[a:b])}</span>'
        if any(start <= at + a and at + b <= end for start, end in doubted)
        else escape(words[a:b])
        for a, b in pairwise(sorted({0, len(words)} | edges))
    ]


def _anchor(number: int, article: Article, address: str) -> str:
    spoken = f'<span class="spoken"> {escape(dateline(article))}</span>'
    return f'<a class="cite" href="{escape(address)}">&#91;{number}&#93;{spoken}</a>'


def _quoted(answer: Answer) -> list[tuple[int, int]]:
    """Find where the quotes of verbatim claims stand in the answer's text."""
    spans = []
    for claim in answer.claims:
        for citation in claim.citations if claim.verdict == "verbatim" else ():
            words = in_quotation_marks(citation.quote)
            start = answer.text.find(words, claim.start)
            if citation.quote and start >= 0:
                spans.append((start, start + len(words)))
    return spans


def _claim_at(answer: Answer, position: int, number: int) -> int | None:
    """Find the claim a mark belongs to: the last that begins before it and rests on that source."""
    article = next(source.article for source in answer.sources if source.number == number)
    resting = [
        (claim.start > position, abs(position - claim.start), place)
        for place, claim in enumerate(answer.claims)
        if any(citation.article == article for citation in claim.citations)
    ]
    return min(resting)[2] if resting else None
