"""Times that have a name in the calendar: days of the week, seasons, feasts, quarters, decades."""

from __future__ import annotations

import re
from datetime import date, timedelta

from index import points
from index import time_words as words
from index.intervals import Interval, day_of, months_of, nearest, quarter_of, season_of, week_of, years_of
from index.surroundings import Reading

_RECURRING = re.compile(r"\b(?:every|each|any|black|good|cyber|super|ash|palm|bloody|easter|jede[nrm]) $")
_WEEKDAY_BEFORE = re.compile(
    r"\b(?:on|am|since|by|until|till|from|late|early|and|or|before|after|of|through|to|seit|bis|ab|nach) $"
)
_TITLE_AFTER = re.compile(
    r" (?:Times|Telegraph|Mirror|Express|Mail|Post|Herald|Tribune|Star|Night (?:Football|Live|Lights|Raw))\b"
)
_MONEY = re.compile(
    r"profit|revenue|sales|earnings|grow|grew|shr[au]nk|econom|percent|per cent|[%$€£]|shares|umsatz|gewinn"
)
_SEASON_BEFORE = re.compile(
    r"\b(?:in|since|until|by|during|before|after)(?: the)? $|\b(?:early|mid|late)[ -]$|"
    r"\b(?:im|seit|bis|vor dem|nach dem) $"
)
_NO_SEASON_AFTER = re.compile(r" (?:of|in|from)\b| [A-Z]|-")
_HOLIDAY_BEFORE = re.compile(r"\b(?:on|at|by|before|after|since|until|over|during|an|zu|vor|nach|seit|bis) $")


def weekday(reading: Reading, match: re.Match[str]) -> Interval | None:
    """Read a day of the week: with "last" and "next" the nearest on that side, else by the tense."""
    start, end = match.span("weekday")
    before, after = reading.before(match.start()), reading.after(end)
    if not reading.is_capital(start) or reading.is_quoted(start, end):
        return None
    if _RECURRING.search(before) or _TITLE_AFTER.match(after):
        return None
    monday = week_of(reading.today).first + timedelta(words.weekdays()[match["weekday"]])
    if match["week"] or match["step"]:
        step = words.meaning(words.STEPS, match["week"] or match["step"])
        if match["week"] or step == 0:
            return day_of(monday + timedelta(7 * step))
        lean = 2 * step
    elif re.match(" [A-ZÄÖÜ]", after) and not _WEEKDAY_BEFORE.search(before):
        return None
    else:
        lean = reading.lean(*match.span())
    return nearest((day_of(monday + timedelta(7 * week)) for week in (-1, 0, 1)), reading.today, lean)


def month(reading: Reading, match: re.Match[str]) -> Interval | None:
    """Read "last May", the nearest on that side, and "this May"."""
    if not reading.is_capital(match.start("month")):
        return None
    month = words.months()[match["month"]]
    found = (months_of(year, month, 1) for year in _years_around(reading))
    step = words.meaning(words.STEPS, match["step"])
    return nearest(found, reading.today, 2 * step) if step else months_of(reading.today.year, month, 1)


def season(reading: Reading, match: re.Match[str]) -> Interval | None:
    """Read a season that is qualified: "this spring", "the winter of 2018", "in the autumn"."""
    season = words.meaning(words.SEASONS, match["season"])
    if match["year"] or match["step"]:
        return season_of(_year_of(reading, match), season)
    before, after = reading.before(match.start()), reading.after(match.end())
    if not match["before"] and (_NO_SEASON_AFTER.match(after) or not _SEASON_BEFORE.search(before)):
        return None
    found = (season_of(year, season) for year in _years_around(reading))
    step = words.meaning(words.STEPS, match["before"]) if match["before"] else 0
    return nearest(found, reading.today, 2 * step or reading.lean(*match.span()))


def holiday(reading: Reading, match: re.Match[str]) -> Interval | None:
    """Read a feast that is on the same day each year."""
    before, month_and_day = reading.before(match.start()), words.meaning(words.HOLIDAYS, match["holiday"])
    if match["year"] or match["step"]:
        return day_of(date(_year_of(reading, match), *month_and_day))
    if match["holiday"] == "christmas" and not match["before"] and not _HOLIDAY_BEFORE.search(before):
        return None
    month, day = month_and_day
    point = points.Point(day, month)
    step = words.meaning(words.STEPS, match["before"]) if match["before"] else 0
    return point.resolved(reading.today, 2 * step or reading.lean(*match.span()))


def fraction(reading: Reading, match: re.Match[str]) -> Interval | None:
    """Read a quarter or half of a calendar year; without a year only where money is spoken of."""
    part = int(match["part"][1]) if not match["unit"] else words.meaning(words.ORDINALS, match["part"])
    count = 6 if (match["unit"] or match["part"]).startswith("h") else 3
    if reading.before(match.start()).endswith("fiscal ") or part * count > 12:
        return None
    if match["year"] or match["step"] or match[0].endswith("the year"):
        return months_of(_year_of(reading, match), count * (part - 1) + 1, count)
    start, end = reading.sentence(*match.span())
    if count == 6 or (match["unit"] and not _MONEY.search(reading.lowered, start, end)):
        return None
    found = (quarter_of(year, part) for year in _years_around(reading))
    return nearest(found, reading.today, min(reading.lean(*match.span()), 0))  # what will be reported is over


def decade(reading: Reading, match: re.Match[str]) -> Interval:
    """Read "the 1990s"; "the 1800s" are a century."""
    first = int(match["decade"])
    return years_of(first, 100 if first % 100 == 0 and first < 2000 else 10)


def some_years(reading: Reading, match: re.Match[str]) -> Interval | None:
    """Read "2017-18" as its years; "2007-08" may be a month and is none."""
    year, last = int(match["year"]), int(match["last"])
    return years_of(year, last - year % 100 + 1) if last > max(year % 100, 12) else None


def _year_of(reading: Reading, match: re.Match[str]) -> int:
    """Read the year beside a quarter or a season; that of the article if it says "this" or "the"."""
    if match["year"]:
        return int(match["year"])
    return reading.today.year + (words.meaning(words.STEPS, match["step"]) if match["step"] else 0)


def _years_around(reading: Reading) -> range:
    return range(reading.today.year - 1, reading.today.year + 2)
