"""What a record may not claim: words that no answer has, wordings it does not write so, stray marks."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import combinations

from assistant.composing import LIKEWISE, SILENT, SPOKEN, differing, head, side_by_side
from assistant.facts import MONTHS, folded
from assistant.in_words import dateline, in_quotation_marks, reporter
from assistant.markup import covered
from assistant.types import Answer, Citation, Claim, Verdict, Wording
from assistant.verify.claims import letters
from assistant.verify.verifier import is_verbatim
from index.types import Article

MARK = re.compile(r"\[\d{1,4}\]")
_NO_WORD = re.compile(r"[^\w\s.’'-]")
_LOOSE = re.compile(r"[\s\[\]()“”„‘’‚«»‹›\"'`]+")  # written otherwise by earlier versions, and no words
_DAYS = re.compile(
    rf"(?:\d{{1,4}}|{'|'.join(month.capitalize() for month in MONTHS)}|the time (?:until|from)|on|to|undated|"
    r"added|changed|,|\s)+·"
)  # of a line of a timeline or a list

Composed = dict[str, tuple[Verdict, tuple[Citation, ...]]]


def composed(answer: Answer) -> Composed:
    """Give the claims that any answer has of its wordings and disagreements: their words without signs."""
    numbers = _numbers(answer)
    told: Composed = {}
    for wording in answer.wordings:
        text, cited = side_by_side(wording, numbers)
        told[_plain(text)] = ("verbatim", cited)
    for disagreement in answer.disagreements:
        text, cited = differing(disagreement, numbers)
        told[_plain(text)] = ("supported", cited)
    return told


def is_forged(claim: Claim, answer: Answer, told: Composed) -> bool:
    """Tell whether a claim says what no answer with its citations and its verdict does.

    An answer of quotes has nothing but these, and who reported them when. What a model wrote word for word is
    checked as it was when it was written; what it wrote in words of its own is not checked again.
    """
    if told.get(_plain(claim.text)) == (claim.verdict, claim.citations):
        return False
    if not answer.model:
        return claim.verdict != "verbatim" or not _is_told(claim, _numbers(answer))
    own = dict.fromkeys(answer.number(citation) for citation in claim.citations)
    written = claim.text.removesuffix(
        "".join(f" [{number}]" for number in own)
    )  # which came when it was checked
    return claim.verdict == "verbatim" and not is_verbatim(written, claim.citations)


def stray_words(answer: Answer) -> str:
    """Give words of an answer of quotes that stand outside its claims and are none of its own; else ""."""
    heads = {head(answer.scope, listing) for listing in ("new", "latest", "published")}
    at = 0
    for start, end in [*sorted((one.start, one.end) for one in answer.claims), (len(answer.text),) * 2]:
        words = answer.text[at:start]
        for line in filter(None, map(str.strip, words.split("\n"))):
            if line not in heads and not _DAYS.fullmatch(line) and not _is_silence(line, answer):
                return line
        at = max(at, end)
    return ""


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
    inside = covered((claim.start, claim.end) for claim in answer.claims)
    return next((mark[0] for mark in MARK.finditer(answer.text) if not inside(mark.start())), "")


def _is_named(speaker: str, article: Article) -> bool:
    return not speaker or f" {folded(speaker)} " in _words(article.text)


@lru_cache(maxsize=16)  # articles, which several wordings of an answer cite
def _words(text: str) -> str:
    return f" {folded(_NO_WORD.sub(' ', text))} "


def _written(wording: Wording, answer: Answer) -> str:
    """Write a statement as an answer does that has these sources."""
    return side_by_side(wording, _numbers(answer))[0]


def _numbers(answer: Answer) -> dict[Article, int]:
    return {source.article: source.number for source in answer.sources}


def _plain(text: str) -> str:
    return _LOOSE.sub("", text)


def _is_told(claim: Claim, numbers: dict[Article, int]) -> bool:
    """Tell whether a claim is its quotes, each behind who reported it and before the number of its source."""
    left = _plain(claim.text)
    for place, citation in enumerate(claim.citations):
        article, joint = citation.article, LIKEWISE if place else ""
        said = f": {in_quotation_marks(citation.quote)} [{numbers[article]}]"
        by = (dateline(article), f"{dateline(article)}{SPOKEN}", reporter(article))
        told = (_plain(f"{joint}{who}{said}") for who in by)
        found = next((one for one in told if left.startswith(one)), "")
        if not found:
            return False
        left = left[len(found) :]
    return bool(claim.citations) and not left


def _is_silence(line: str, answer: Answer) -> bool:
    """Tell whether a line says which of the outlets asked do not answer, and nothing else."""
    named = line.removeprefix(SILENT)
    silent = [outlet for outlet in answer.scope.outlets if outlet in named]
    return bool(silent) and line == f"{SILENT}{' and '.join(silent)}."
