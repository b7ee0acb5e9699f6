"""Whether two figures measure the same: unit, what is counted, how it is put, of whom, and when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from assistant.compare.figures import Figure
from assistant.compare.framing import Frame, agrees_in_time, is_later_word
from assistant.compare.occasions import CALENDAR
from assistant.compare.reports import Report, Value, named_in, names_in
from assistant.compare.wordings import RUNNING, SERIES
from assistant.expected import Wanted
from assistant.facts import folded

EXTENTS = frozenset(
    "much long far deep tall high fast big large heavy old wide weit hoch lange groß tief".split()
)
_FRESH = timedelta(7)  # how far apart two reports may be that name neither a day nor a change
_RUNNING, _CHANGED = timedelta(45), timedelta(400)  # and where the later one names a change
_MATCH, _TEAMS = timedelta(2), 2
_SHARED, _LEAST_SHARED = 0.35, 2  # of the terms, where nothing says what is measured
_PROPER = re.compile(r"[A-ZÀ-Þ][\w’-]+(?: [A-ZÀ-Þ][\w’-]+)*")
# Measures of things, which have to be named: jobs cut are not prices cut.
_HELD_BY_SOMEONE = SERIES | {"", "cost", "scored", "won", "sold", "pay"}  # and not by an event
_OF_THINGS = frozenset("cut hired cancelled stolen won scored sold aboard striking vaccinated".split())


@dataclass(frozen=True, slots=True)
class Tally:
    """A figure as a report puts it."""

    report: Report
    figure: Figure
    frame: Frame

    @property
    def value(self) -> Value:
        """The figure as it is shown."""
        return Value(self.report, self.figure.text, f"{self.figure.low:g} {self.figure.high:g}")


def same_measure(one: Tally, other: Tally, asked: Wanted) -> bool:
    """Tell whether two figures measure the same: unit, measure, what is counted, and how it is put.

    Where no word says what is measured, the question has to ask for a count, and the sentences to be alike.
    """
    mine, theirs = one.figure, other.figure
    later = is_later_word(other.report.text) or is_later_word(one.report.text)
    if mine.unit != theirs.unit or not _is_near(one, other, later):
        return False
    if mine.unit == "score":
        return _is_one_match(one.report, other.report, asked)
    if mine.measure and theirs.measure:
        is_alike = mine.measure == theirs.measure
    else:
        is_counting = asked.kind != "thing" or bool(EXTENTS & asked.known)
        is_alike = is_counting and _is_same_matter(one.report, other.report, mine.counted)
    return (
        is_alike
        and _is_put_alike(one, other, later)
        and (_is_same_noun(mine, theirs) or _is_same_whole(mine, theirs, later))
        and _has_same_holder(one, other, asked)
    )


def _is_put_alike(one: Tally, other: Tally, later: bool) -> bool:
    """Tell whether two figures are put in one way: both as done or both as planned, both as a change or not.

    What several persons want or foresee is theirs. What a thing was to cost and now costs is one measure.
    """
    if one.frame.mode == "sought" or (one.frame.mode == "expected" and not later):
        return False
    lasting = later and one.figure.measure not in RUNNING and one.figure.unit != ""
    mode = one.frame.mode if lasting else other.frame.mode
    return agrees_in_time(one.frame, other.frame) and one.frame == replace(
        other.frame, covered=one.frame.covered, mode=mode
    )


def _is_same_noun(mine: Figure, theirs: Figure) -> bool:
    """Tell whether two figures count one noun: medals are not gold medals, jobs at home may be jobs."""
    shared = [term for term in mine.counted if term in theirs.counted][:1]
    if not shared:
        return not mine.counted and not theirs.counted
    return mine.counted[: mine.counted.index(shared[0])] == theirs.counted[: theirs.counted.index(shared[0])]


def _is_same_whole(mine: Figure, theirs: Figure, later: bool) -> bool:
    """Tell whether a figure of some, four miners, and one of all, six dead, can be of one whole.

    They can where the later report counts all of them, and not fewer; else one may be part of the other.
    """
    if not mine.measure or (mine.counted and theirs.counted):
        return False
    if mine.measure not in RUNNING:
        return later or mine.measure not in _OF_THINGS
    return later and not theirs.counted and theirs.high >= mine.low


def _has_same_holder(one: Tally, other: Tally, asked: Wanted) -> bool:
    """Tell whether two ages are of one person, two rates of one place: what a name before or beside says."""
    if one.figure.measure == "age":
        mine, theirs = _name_before(one), _name_before(other)
        return bool(set(mine.split()) & set(theirs.split()))
    mine_named, theirs_named = names_in(one.report, asked), names_in(other.report, asked)
    if one.figure.measure in _HELD_BY_SOMEONE and not named_in(asked) <= mine_named & theirs_named:
        return False
    if one.figure.measure in SERIES | {"cost"}:
        return bool(mine_named) and mine_named == theirs_named and _models(one) == _models(other)
    return True


def _models(tally: Tally) -> set[str]:
    """Give the numbers that belong to names, as in Nimbus 4: two of them are two things."""
    text = tally.report.text[: tally.figure.start] + "|" + tally.report.text[tally.figure.end :]
    return set(re.findall(r"[A-Z]\w+ (\d+)\b", text))


def _name_before(tally: Tally) -> str:
    found = _PROPER.findall(tally.report.text[: tally.figure.start])
    named = [name for one in found if (name := folded(one)) not in CALENDAR]
    return named[-1] if named else ""


def _is_one_match(one: Report, other: Report, asked: Wanted) -> bool:
    """Tell whether two scores are of one match: both teams named, no third, and told of within days."""
    mine, theirs = names_in(one, asked), names_in(other, asked)
    near = one.day is not None and other.day is not None and other.day - one.day <= _MATCH
    return len(mine & theirs) >= _TEAMS and (mine <= theirs or theirs <= mine) and near


def _is_same_matter(one: Report, other: Report, counted: Sequence[str]) -> bool:
    """Tell whether two sentences share enough words, what is counted apart."""
    shared = (one.terms & other.terms) - set(counted)
    return len(shared) >= max(_LEAST_SHARED, _SHARED * min(len(one.terms), len(other.terms)))


def _is_near(one: Tally, other: Tally, later: bool) -> bool:
    """Tell whether two reports are close enough in time, or name one day, or one speaks of a change."""
    first, last = one.report.day, other.report.day
    dated = one.report.occasion.days & other.report.occasion.days
    if dated or first is None or last is None:
        return bool(dated)
    measure = one.figure.measure
    if measure in SERIES | {"age"} or not later:
        return last - first <= _FRESH
    return last - first <= (_RUNNING if measure in RUNNING else _CHANGED)
