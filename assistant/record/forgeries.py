"""What a record may not claim: wordings that the answer does not write so, marks that are no claim's."""

from __future__ import annotations

import re
from itertools import combinations

from assistant.facts import folded
from assistant.types import Answer, Wording
from assistant.verify.claims import letters
from index.types import Article

_NO_WORD = re.compile(r"[^\w\s.’'-]")
_MARK = re.compile(r"\[\d{1,4}\]")


def faults_of(wording: Wording, answer: Answer, sources: set[Article]) -> str:
    """Say what is wrong with a statement in several wordings, and in which part; "" where nothing is."""
    if not {citation.article for citation in wording.citations} <= sources:
        return "citations: a cited article is not among the sources"
    for one, other in combinations(wording.citations, 2):
        if one.article == other.article or letters(one.quote) == letters(other.quote):
            return "citations: two are of one article, or have the same words"
    if not any(_is_named(wording.speaker, citation.article) for citation in wording.citations):
        return "speaker: none of the cited articles has this name"
    if not any(claim.text == _written(wording, answer) for claim in answer.claims):
        return "citations: no claim gives them side by side"
    return ""


def stray_mark(answer: Answer) -> str:
    """Give a mark of a source in the text that belongs to no claim; "" where there is none."""
    spans = [(claim.start, claim.end) for claim in answer.claims]
    marks = (
        mark[0]
        for mark in _MARK.finditer(answer.text)
        if not any(start <= mark.start() < end for start, end in spans)
    )
    return next(marks, "")


def _is_named(speaker: str, article: Article) -> bool:
    words = folded(_NO_WORD.sub(" ", article.text))
    return not speaker or f" {folded(speaker)} " in f" {words} "


def _written(wording: Wording, answer: Answer) -> str:
    """Write a statement as an answer does that has these sources."""
    from assistant.composing import side_by_side

    return side_by_side(wording, {source.article: source.number for source in answer.sources})[0]
