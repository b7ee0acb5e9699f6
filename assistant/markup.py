"""Answers as HTML, in which everything from an article, a question or a model is escaped, and in words."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.in_words import dateline, in_quotation_marks
from assistant.types import Answer, Citation
from index.types import Article

# The page reads Markdown, so what would be Markdown, LaTeX or the end of a block is written as a number too.
_SIGNS = {ord(sign): f"&#{ord(sign)};" for sign in "&<>\"'`*_[]()!#$\\~|{}:@^\n\r"}
# What turns the words after it around, so that they read as other words: embeddings, overrides, isolates.
TURNING = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_EXACT: dict[int, str] = {**_SIGNS}
_EXACT |= dict.fromkeys([0, *range(0xD800, 0xE000)], "\ufffd")  # lone surrogates, which no page can be sent
_ESCAPES: dict[int, str | None] = {**_EXACT, **TURNING}
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
    """Make text safe inside HTML, inside an attribute and inside a Markdown page, all but TURNING kept.

    >>> escape("<b> & $3m")
    '&#60;b&#62; &#38; &#36;3m'
    """
    return text.translate(_ESCAPES)


def escape_exactly(text: str) -> str:
    """Make text safe as `escape` does and keep every character of it, as an article is read."""
    return text.translate(_EXACT)


def marks(answer: Answer) -> list[Mark]:
    """Find the numbers in an answer's text that point to its sources, in order.

    A number that belongs to the quoted words themselves is left alone.
    """
    numbers = {source.number for source in answer.sources}
    quoted, starts = covered(_quoted(answer)), _starts(answer)
    return [
        Mark(
            found.start(), found.end(), int(found[1]), _claim_at(starts.get(int(found[1]), ()), found.start())
        )
        for found in _NUMBER.finditer(answer.text)
        if int(found[1]) in numbers and not quoted(found.start())
    ]


def covered(spans: Iterable[tuple[int, int]]) -> Callable[[int], bool]:
    """Give what tells whether a place lies in one of some spans, which may overlap.

    >>> [place for place in range(9) if covered([(5, 7), (1, 3), (2, 4)])(place)]
    [1, 2, 3, 5, 6]
    """
    firsts: list[int] = []
    ends: list[int] = []  # the furthest of all spans up to each first
    for start, end in sorted(spans):
        firsts.append(start)
        ends.append(max(end, ends[-1] if ends else end))

    def lies_in_one(place: int) -> bool:
        before = bisect_right(firsts, place)
        return before > 0 and place < ends[before - 1]

    return lies_in_one


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
    text = _NUMBER.sub(
        r"(\1)", answer.text
    )  # as long; an older answer may have square brackets in its quotes
    for claim in answer.claims:
        for citation in claim.citations if claim.verdict == "verbatim" else ():
            words = in_quotation_marks(citation.quote)
            start = text.find(words, claim.start, claim.end)
            if citation.quote and start >= 0:
                spans.append((start, start + len(words)))
    return spans


def _starts(answer: Answer) -> dict[int, list[tuple[int, int]]]:
    """Give for each source where the claims begin that rest on it, and which they are, in order."""
    numbers = {source.article: source.number for source in answer.sources}
    starts: dict[int, list[tuple[int, int]]] = {number: [] for number in numbers.values()}
    for place, claim in sorted(enumerate(answer.claims), key=lambda one: (one[1].start, one[0])):
        for article in {citation.article for citation in claim.citations} & numbers.keys():
            starts[numbers[article]].append((claim.start, place))
    return starts


def _claim_at(starts: Sequence[tuple[int, int]], position: int) -> int | None:
    """Find the claim a mark belongs to: the last that begins before it, else the first that begins after."""
    if not starts:
        return None
    begun = bisect_right(starts, position, key=lambda one: one[0])
    if not begun:
        return starts[0][1]
    return starts[bisect_left(starts, starts[begun - 1][0], key=lambda one: one[0])][1]
