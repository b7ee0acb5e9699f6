"""Dates as far as they are written out, alone or as the ends of a range: 12 June 2019, 4 to 9 May, March."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from index import doubtful
from index import time_words as words
from index.intervals import Interval, day_of, month_of, nearest, years_of
from index.surroundings import Reading

_YEARS_TRIED = 8  # to either side: two leap days lie at most eight years apart
_DOT = r"(?:(?<=\b(?:jan|feb|mar|apr|jun|jul|aug|sep|oct|okt|nov|dec|dez|jän))\.|(?<=\bsept)\.)?"
_WRONG_SIDE = 6  # a day a year away is not meant where one seven weeks away is


@dataclass(frozen=True, slots=True)
class Point:
    """A date as far as its words give it; None for what they leave out."""

    day: int | None = None
    month: int | None = None
    year: int | None = None
    weekday: int | None = None

    @property
    def is_bare(self) -> bool:
        """Tell whether this is but the number of a day, as in "4 to 9 May"."""
        return self.day is not None and self.month is None

    def within(self, year: int) -> Interval:
        """Give the day, the month or the year that is meant; ValueError if there is no such day."""
        if self.month is None:
            return years_of(year)
        return month_of(year, self.month) if self.day is None else day_of(date(year, self.month, self.day))

    def resolved(self, today: date, lean: int) -> Interval:
        """Choose the year that is not written; one in which the day of the week is right goes first.

        A month is on the side the tense says. A day is too, unless it is far away on that side and near on
        the other: papers leave out the year of days near by, and verbs mislead.
        """
        found = list(self._in_years(today.year))
        fitting = [one for one in found if self.weekday in (None, one.first.weekday())]
        if self.day is None:
            return nearest(fitting or found, today, lean)
        return min(fitting or found, key=lambda one: _farness(one, today, lean))

    def _in_years(self, year: int) -> Iterator[Interval]:
        for candidate in range(year - _YEARS_TRIED, year + _YEARS_TRIED + 1):
            with suppress(ValueError):  # 29 February, and years before 1
                yield self.within(candidate)


def _farness(one: Interval, today: date, lean: int) -> tuple[int, date]:
    is_wrong_side = (one.first - today).days * lean < 0
    return one.distance(today) * (_WRONG_SIDE if is_wrong_side else 1), one.first


@cache
def patterns() -> tuple[str, ...]:
    """Give the ways to write one: 12 June 2019; June 12, 2019; June 2019; 2019; and within a range 12."""
    month = rf"(?P<month>{words.pattern(*words.months())})\b{_DOT}"
    step = words.pattern(*words.STEPS.values())
    short = r"['‘](?P<short>\d\d)"
    year = (
        rf"(?:,? (?:of |des )?(?:(?P<year>{words.YEAR})|{short}|(?P<step>{step}) (?:year|jahre?s?))(?!\w))?"
    )
    weekday = rf"(?:(?P<weekday>{words.pattern(*words.weekdays())}),? (?:the |den |dem )?)?"
    day = r"(?P<day>[12]\d|3[01]|0?[1-9])"
    ordinal = r"(?:st|nd|rd|th)?"
    return (
        rf"{weekday}{day}(?:{ordinal}|\.)(?: of)? ?{month}{year}",
        rf"{weekday}{month} (?:the )?{day}{ordinal}(?![\w%]|[.,:]\d){year}",
        rf"{month}{year}",
        rf"(?P<year>{words.YEAR})(?!\w)",
        rf"{day}(?:{ordinal}|\.)(?![\w%]){year}",
    )


@cache
def range_pattern() -> str:
    """Give the way to write two of them as the ends of a range."""
    point = "|".join(re.sub(r"\?P<\w+>", "?:", one) for one in patterns())
    opening = r"(?:(?P<opening>between|from|zwischen|vom|von) (?:the |dem |den )?)?"
    link = r"(?P<link> ?[-–—] ?|,? (?:to|until|till|through|and|bis|und)(?: the| zum| dem| den)? )"
    return rf"{opening}(?P<a>{point}){link}(?P<b>{point})"


def day(reading: Reading, match: re.Match[str]) -> Interval | None:
    """Read a date written in digits; one that may be two days is none."""
    given = match.groupdict()
    first, second = int(match["day"]), int(match["month"])
    if given.get("mark") == "/" and first != second:
        if first <= 12 and second <= 12:
            return None
        first, second = max(first, second), min(first, second)
    return day_of(date(int(match["year"]), second, first))


def single(reading: Reading, match: re.Match[str]) -> Interval | None:
    """Read one date, month or year."""
    point = _point(reading, *match.span())
    return _resolved(reading, point, match) if point else None


def span(reading: Reading, match: re.Match[str]) -> Interval | None:
    """Read a range: what one end leaves out the other gives, so that "4 to 9 May" is a range of days."""
    a = _point(reading, *match.span("a"), alone=not match["opening"])
    b = _point(reading, *match.span("b"), alone=False)
    if a is None or b is None or not _is_range(reading, match, a, b):
        return None
    if a.is_bare or b.is_bare:
        a, b = replace(a, month=a.month or b.month), replace(b, month=b.month or a.month)
    if b.year is None and a.year is not None:
        later = b.within(a.year).first >= a.within(a.year).first
        b = replace(b, year=a.year if later else a.year + 1)
    end = _resolved(reading, b, match)
    year = a.year or end.first.year
    if a.year is None and a.within(year).first > end.last:
        year -= 1
    first = a.within(year).first
    return Interval(first, end.last) if first <= end.last else None


def week(reading: Reading, match: re.Match[str]) -> Interval | None:
    """Read "the first week of June" as its first seven days, the last as its last."""
    point = _point(reading, *match.span("point"), alone=False)
    if point is None or point.day is not None:
        return None
    whole = _resolved(reading, point, match)
    if words.meaning(words.WEEKS, match["week"]) == "first":
        return Interval(whole.first, whole.first + timedelta(6))
    return Interval(whole.last - timedelta(6), whole.last)


def within(reading: Reading, place: tuple[int, int], year: int) -> Interval | None:
    """Read a date at a place, in the year given where it names none."""
    point = _point(reading, *place, alone=False)
    return point.within(point.year or year) if point else None


def _is_range(reading: Reading, match: re.Match[str], a: Point, b: Point) -> bool:
    """Tell whether two dates and what links them are a range; "4 and 9 May" is one, "May and June" is not."""
    whole = {point.day is not None and point.month is not None for point in (a, b)}
    if a.is_bare or b.is_bare:
        if True not in whole:  # a bare number needs a whole date beside it
            return False
    elif (a.month is None) != (b.month is None) or (a.month is None and doubtful.is_change(reading, match)):
        return False
    if match["link"].strip(" ,").split()[0] not in ("and", "und"):
        return True
    if a.is_bare or b.is_bare:  # "on May 4 and 2 people"
        return a.is_bare or not re.match(r" [a-z]", reading.after(match.end()))
    return match["opening"] in ("between", "zwischen")


def _resolved(reading: Reading, point: Point, match: re.Match[str]) -> Interval:
    if point.year is not None:
        return point.within(point.year)
    return point.resolved(reading.today, reading.lean(*match.span()))


def _point(reading: Reading, start: int, end: int, alone: bool = True) -> Point | None:
    """Read one end of a range, or a date that stands alone; None if it is a name, a verb or a count."""
    matches = (pattern.fullmatch(reading.lowered, start, end) for pattern in _compiled())
    match = next(filter(None, matches), None)
    if match is None:
        return None
    given = match.groupdict()
    year = int(given["year"]) if given.get("year") else None
    if doubtful.is_of_another_count(reading, match, year):
        return None
    if given.get("short"):
        year = _whole_year(reading, int(given["short"]))
    if given.get("step"):
        year = reading.today.year + words.meaning(words.STEPS, given["step"])
    named = given.get("month")
    if named and not doubtful.is_month(reading, match, alone and year is None and not given.get("day")):
        return None
    if year and not named and not given.get("day") and alone and not doubtful.is_year(reading, match):
        return None
    weekday = words.weekdays()[given["weekday"]] if given.get("weekday") else None
    day = int(given["day"]) if given.get("day") else None
    return Point(day, words.months()[named] if named else None, year, weekday)


def _whole_year(reading: Reading, short: int) -> int:
    """Give the year that two digits are short for, the nearest to the article's own, or to 2000."""
    near = reading.published.year if reading.published else 2000
    return min(range(1900 + short, 2200, 100), key=lambda year: abs(year - near))


@cache
def _compiled() -> tuple[re.Pattern[str], ...]:
    return tuple(map(re.compile, patterns()))
