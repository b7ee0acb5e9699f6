"""Figures of two reports that measure the same thing and cannot both be right."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from assistant.compare.figures import Figure, figures
from assistant.compare.framing import frame, is_later_word
from assistant.compare.measuring import EXTENTS, Tally, same_measure
from assistant.compare.reports import Difference, Report, pairs, same_occasion
from assistant.compare.wordings import PEOPLE, RUNNING, is_measure, term_of, term_set
from assistant.expected import Kind, Wanted
from assistant.facts import without_days

_ASKED: tuple[Kind, ...] = ("count", "money", "thing")
_WHAT = {
    "cost": "the cost", "paid for": "the price paid", "fine": "the fine", "profit": "the profit",
    "revenue": "the revenue", "rent": "the rent", "pay": "the pay", "damage": "the damage", "aid": "the aid",
    "ransom": "the ransom", "debt": "the debt", "budget": "the budget", "turnout": "turnout",
    "inflation": "inflation", "unemployment": "unemployment", "growth": "growth", "approval": "approval",
    "magnitude": "the magnitude", "temperature": "the temperature", "rain": "the rainfall",
    "wind": "the wind",
    "sentence": "the sentence", "age": "the age", "score": "the score", "burned": "the area burned",
    "watched": "the number watching",
}  # fmt: skip
_HELD = 0.6  # of the common terms of a question
_AMOUNTS = frozenset({"", "money", "number", "much", "mani", "viel"})
_PAID = frozenset({"cost", "paid for", "fine", "ransom"})


def differing_figures(question: str, asked: Wanted, found: Sequence[Report]) -> Iterator[Difference]:
    """Give the pairs of figures that differ, among those the question asks for."""
    if asked.kind not in _ASKED:
        return
    tallies = {report: _tallies(question, asked, report) for report in found}
    for one, other in pairs([report for report in found if tallies[report]]):
        matches = [
            (mine, theirs)
            for mine in tallies[one]
            for theirs in tallies[other]
            if same_measure(mine, theirs, asked)
        ]
        agreeing = any(_agrees(*pair) or _adds_up(*pair) or _adds_up(*pair[::-1]) for pair in matches)
        if not matches or agreeing:
            continue
        mine, theirs = matches[0]
        is_running = mine.figure.measure in RUNNING
        recounted = is_running and is_later_word(other.text)  # its day is that of counting
        if same_occasion(one, other, asked, dated=not recounted):
            yield Difference(_about(mine, theirs), mine.value, theirs.value, is_running)


def _agrees(one: Tally, other: Tally) -> bool:
    """Tell whether two figures can be one; "at least 104" is done with when the count has come to 119."""
    is_recount = one.figure.measure in RUNNING and is_later_word(other.report.text)
    outgrown = math.isinf(one.figure.high) and one.figure.low < other.figure.low
    return one.figure.agrees(other.figure) and not (is_recount and outgrown)


def _adds_up(part: Tally, whole: Tally) -> bool:
    """Tell whether a figure is one of several of its sentence that the other is the sum of."""
    text, language = without_days(part.report.text), part.report.article.language
    summed = [
        one.low for one in figures(text, language) if one.unit == whole.figure.unit and one.low == one.high
    ]
    return len(summed) > 1 and math.isclose(sum(summed), whole.figure.low)


def _tallies(question: str, asked: Wanted, report: Report) -> list[Tally]:
    text = without_days(report.text)
    return [
        Tally(report, one, how)
        for one in figures(text, report.article.language)
        if not (how := frame(text, one.start, one.end)).is_part and _is_asked(question, asked, one, report)
    ]


def _is_asked(question: str, asked: Wanted, figure: Figure, report: Report) -> bool:
    """Tell whether a figure measures what the question asks for; any will do where it does not say."""
    measured, counted = _asked_for(question, asked)
    if figure.measure == "age" and "age" not in measured:
        return False
    if not _fits_unit(asked, figure):
        return False
    if figure.measure and figure.measure in measured:
        return True
    if counted & set(figure.counted):
        return True
    return not measured and not counted and _is_topical(asked, report)


def _is_topical(asked: Wanted, report: Report) -> bool:
    """Tell whether a sentence itself holds what a question asks the figure of: the reward, the bill."""
    common = {term_of(word.lower()) for word, name in zip(asked.words, asked.names, strict=True) if name < 0}
    common -= PEOPLE | _AMOUNTS | {term_of(word) for word in EXTENTS}
    return asked.kind == "thing" or (bool(common) and len(common & report.terms) >= _HELD * len(common))


def _fits_unit(asked: Wanted, figure: Figure) -> bool:
    """Tell whether a figure has the unit asked for: "how many" counts things, "how many hours" hours."""
    if {"many", "viele"} & asked.known:
        named = any(word.startswith(figure.unit.strip(".")) for word in asked.known)
        return not figure.unit or figure.unit == "score" or named
    return bool(figure.measure) or not figure.unit.startswith(".") or bool(EXTENTS & asked.known)


@lru_cache(maxsize=100)
def _asked_for(question: str, asked: Wanted) -> tuple[frozenset[str], frozenset[str]]:
    terms = set(term_set(question)) | ({"score"} & asked.known)
    terms -= {"scored"} if "score" in terms else set()
    counted = frozenset(
        term_of(word.lower())
        for word, stem in zip(asked.words, asked.stems, strict=True)
        if stem in asked.counted
    )
    measured = frozenset(term for term in terms if is_measure(term) or term == "score")
    if "pay" in measured and asked.kind == "money":
        measured |= _PAID
    return measured, counted - measured - PEOPLE


def _about(one: Tally, other: Tally) -> str:
    """Name what is counted, in the reports' own words: people killed, homes, the fine."""
    measure = one.figure.measure
    if measure in _WHAT or one.figure.unit == "score":
        return _WHAT.get(measure, "the score")
    noun = next(filter(None, (_noun(each) for each in (one, other))), "people" if measure else "the figure")
    has_verb = measure and not one.figure.unit and measure not in noun
    return f"{noun} {measure}" if has_verb else noun


def _noun(tally: Tally) -> str:
    """Give the words that follow a figure as far as they name what is counted."""
    after = tally.report.text[tally.figure.end :]
    words = re.match(r"[ -]((?:[^\W\d]+ ?){1,4})", after)
    kept: list[str] = []
    for word in words[1].split() if words and not tally.figure.unit else ():
        if term_of(word.lower()) not in {*tally.figure.counted, *PEOPLE}:
            break
        kept.append(word)
    return " ".join(kept)
