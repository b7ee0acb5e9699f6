"""The text of an answer as HTML: paragraphs, quotations apart from who said them, a timeline, sides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

from assistant.in_words import in_quotation_marks
from assistant.markup import Mark, marks
from assistant.types import Answer, Citation, Claim, Disagreement, Source, Verdict, Wording
from page import words
from page.citing import Links, escaped
from page.sides import disagreement_html, wording_html

_DOT = " · "  # between the day of an event and what is told of it
_LIKEWISE = "; "  # between two reports of one statement


def text_html(answer: Answer, links: Links) -> str:
    """Write an answer's text, its claims in their places.

    What reports differ on, and how they quote one statement, is shown in sides where the text has it in a
    sentence, and after the text where it has none.
    """
    telling = _Telling(answer, links, tuple(marks(answer)), {s.number: s for s in answer.sources})
    beside = _beside(answer)
    blocks = [_block(telling, beside, start, end) for start, end in _lines(answer)]
    html = ""
    for is_event, group in groupby(blocks, key=lambda block: block[0]):
        joined = "".join(block for _, block in group)
        html += f'<ol class="timeline">{joined}</ol>' if is_event else joined
    placed = beside.values()
    every: tuple[Disagreement | Wording, ...] = (*answer.disagreements, *answer.wordings)
    left = [one for one in every if not any(one is other for other in placed)]
    return html + "".join(_sides(one, links) for one in left)


@dataclass(frozen=True, slots=True)
class _Telling:
    """An answer's text with what stands in it."""

    answer: Answer
    links: Links
    marks: tuple[Mark, ...]
    sources: dict[int, Source]

    def inline(self, start: int, end: int) -> str:
        """Write a part of the text: its marks as links, and what is not found in the articles said to be."""
        marks = {mark.start: mark for mark in self.marks if start <= mark.start and mark.end <= end}
        doubted = [one for one in self.answer.claims if one.verdict == "unsupported"]
        edges = {start, end, *marks, *(mark.end for mark in marks.values())}
        edges |= {edge for one in doubted for edge in (one.start, one.end) if start < edge < end}
        html = ""
        for a, b in pairwise(sorted(edges)):
            doubt = next((one for one in doubted if one.start <= a and b <= one.end), None)
            shown = self._link(marks[a]) if a in marks else escaped(self.answer.text[a:b])
            if doubt and doubt.end == b and words.UNSUPPORTED not in doubt.text:
                shown += f" ({escaped(words.UNSUPPORTED)})"
            html += f'<span class="doubted">{shown}</span>' if doubt else shown
        return html

    def paragraph(self, start: int, end: int) -> str:
        """Write a part of the text as a paragraph."""
        return f'<p dir="auto">{self.inline(start, end)}</p>'

    def quotation(self, claim: Claim) -> str:
        """Write a quoted claim, each of its quotes under who said it; "" where it is not made of quotes."""
        text, at, html = self.answer.text, claim.start, ""
        for citation in claim.citations:
            said = in_quotation_marks(citation.quote)
            begin = text.find(said, at, claim.end)
            if begin < 0 or not citation.quote:
                return ""
            joint = _LIKEWISE if html and text.startswith(_LIKEWISE, at) else ""
            by = self.inline(at + len(joint), begin)
            end = self._after(begin + len(said), claim.end)
            before = f'<span class="spoken">{joint}</span>' if joint else ""
            html += f'<p class="by" dir="auto">{before}{by}</p>' if by else ""
            html += f'<blockquote dir="auto">{self.inline(begin, end)}</blockquote>'
            at = end
        rest = self.paragraph(at, claim.end) if text[at : claim.end].strip() else ""
        return f'<div class="quote">{html}{rest}</div>' if html else ""

    def _after(self, place: int, end: int) -> int:
        """Give the end of the mark right after a place, or the place."""
        text = self.answer.text
        ends = (
            m.end for m in self.marks if place <= m.start < m.end <= end and not text[place : m.start].strip()
        )
        return next(ends, place)

    def _link(self, mark: Mark) -> str:
        chosen = () if mark.claim is None else self.answer.claims[mark.claim].citations
        return self.links.mark(self.sources[mark.number], chosen)


def _lines(answer: Answer) -> Iterator[tuple[int, int]]:
    """Cut the text at its line ends, those in the words of an article excepted: (start, end) each."""
    quoted = [] if answer.model else [one for one in answer.claims if one.verdict == "verbatim"]
    ends = (found.start() for found in re.finditer(r"\n|\Z", answer.text))
    at = 0
    for end in ends:
        if any(one.start <= end < one.end for one in quoted):
            continue
        line = answer.text[at:end]
        if line.strip():
            yield at + len(line) - len(line.lstrip()), at + len(line.rstrip())
        at = end + 1


def _block(
    telling: _Telling, beside: dict[int, Disagreement | Wording], start: int, end: int
) -> tuple[bool, str]:
    """Write one line of the text, and tell whether it is an event of a timeline."""
    answer = telling.answer
    inside = [at for at, one in enumerate(answer.claims) if start <= one.start and one.end <= end]
    if len(inside) != 1:
        return False, telling.paragraph(start, end)
    claim = answer.claims[inside[0]]
    if inside[0] in beside and (claim.start, claim.end) == (start, end):
        return False, _sides(beside[inside[0]], telling.links)
    is_whole = claim.end == end and claim.verdict == "verbatim" and not answer.model
    told_of = (telling.quotation(claim) if is_whole else "") or telling.paragraph(claim.start, end)
    if is_whole and answer.text.startswith(_DOT, max(start, claim.start - len(_DOT))):
        when = escaped(answer.text[start : claim.start - len(_DOT)])
        return True, f'<li><p class="when" dir="auto">{when}</p>{told_of}</li>'
    return False, told_of if claim.start == start else telling.paragraph(start, end)


def _beside(answer: Answer) -> dict[int, Disagreement | Wording]:
    """Find the claims that tell a disagreement or several wordings, by their places; the last that fit."""
    found: dict[int, Disagreement | Wording] = {}
    every: tuple[Disagreement | Wording, ...] = (*answer.disagreements, *answer.wordings)
    for one in every:
        verdict, citations = _as_claimed(one)
        fitting = [
            at
            for at, claim in enumerate(answer.claims)
            if at not in found and claim.verdict == verdict and claim.citations == citations
        ]
        if fitting:
            found[fitting[-1]] = one
    return found


def _as_claimed(one: Disagreement | Wording) -> tuple[Verdict, tuple[Citation, ...]]:
    """Give the verdict and the citations that the claim has which tells it."""
    if isinstance(one, Wording):
        return "verbatim", one.citations
    return "supported", tuple(citation for _, citation in one.values)


def _sides(one: Disagreement | Wording, links: Links) -> str:
    return disagreement_html(one, links) if isinstance(one, Disagreement) else wording_html(one, links)
