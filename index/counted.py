"""Times that are counted from the day of publication: yesterday, two years ago, last month, in three days."""

from __future__ import annotations

import re
from datetime import timedelta

from index import points
from index import time_words as words
from index.intervals import Interval, moved, nearest, unit_around
from index.surroundings import Reading

_OWNED = re.compile(r"\b(?:his|her|its|their|my|our|your|an?) $")
_NOUN = re.compile(r"\b(?:his|her|its|their|my|our|your|an?|the|guten) $")
_PLURAL = re.compile(
    r"(?:day|week|weekend|month|quarter|year|decade)s|wochen|(?:tag|monat|jahr|jahrzehnt|quartal)en?"
)
_WEEKEND_BEFORE = re.compile(
    r"\b(?:over|at|on|during|through|until|by|for|since) the $|\b(?:am|seit dem|übers) $"
)
_SENTENCE_BEGINS = re.compile(r"(?:^|[.!?:\n]\s*|[(“\"„—–-] ?)$")
_PART_BEFORE = re.compile(r"\b(?:end|start|beginning|middle|rest) of the $|\b(?:anfang|mitte|ende) des $")


def from_today(reading: Reading, match: re.Match[str]) -> Interval | None:
    """Read "yesterday"; with a capital only where a sentence begins, for it is a title or a name else."""
    start, before = match.start(), reading.before(match.start())
    if reading.is_capital(start) and not _SENTENCE_BEGINS.search(before):
        return None
    if reading.is_quoted(start, match.end()):
        return None
    if _NOUN.search(before) and " " not in match["days"]:  # an overnight stay
        return None
    first, last = words.meaning(words.DAYS, match["days"])
    return Interval(reading.today + timedelta(first), reading.today + timedelta(last))


def ago(reading: Reading, match: re.Match[str]) -> Interval | None:
    """Read "two years ago" as the calendar's year, and "two years ago on June 12" as the day."""
    unit = words.meaning(words.UNITS, match["unit"])
    then = moved(reading.today, -words.number(match["count"]), unit)
    if match["now"]:
        return unit_around(then, match["now"].replace("today", "day").removeprefix("this "))
    whole = unit_around(then, "year" if unit == "decade" else unit)
    if match["point"]:
        found = points.within(reading, match.span("point"), whole.first.year)
        return found if found and found.overlaps(whole) else None
    return whole


def ahead(reading: Reading, match: re.Match[str]) -> Interval | None:
    """Read "in two weeks" as the week; where nothing is to come it is how long something took."""
    if match[0].startswith("in ") and reading.lean(*match.span()) < 1:
        return None
    unit = words.meaning(words.UNITS, match["unit"])
    return unit_around(moved(reading.today, words.number(match["count"]), unit), unit)


def stretch(reading: Reading, match: re.Match[str]) -> Interval | None:
    """Read "the last six months" as the days up to today."""
    step, unit = words.meaning(words.STEPS, match["step"]), words.meaning(words.UNITS, match["unit"])
    if not step or _OWNED.search(reading.before(match.start())):
        return None
    return Interval(*sorted((reading.today, moved(reading.today, step * words.number(match["count"]), unit))))


def hours(reading: Reading, match: re.Match[str]) -> Interval:
    """Read "the past 48 hours" as whole days and today."""
    step, days = words.meaning(words.STEPS, match["step"]), -(-int(match["count"]) // 24)
    return Interval(*sorted((reading.today, moved(reading.today, step * days, "day"))))


def unit(reading: Reading, match: re.Match[str]) -> Interval | None:
    """Read "last month" as the calendar's, "the past week" and "in the last year" as the days up to today."""
    step, unit = words.meaning(words.STEPS, match["step"]), words.meaning(words.UNITS, match["unit"])
    before = reading.before(match.start())
    if (
        unit == "day"
        or _PLURAL.fullmatch(match["unit"])
        or _OWNED.search(before)
        or reading.after(match.end()).startswith(" of ")
    ):
        return None
    if match["step"] in ("past", "coming") or (before.endswith("the ") and not _PART_BEFORE.search(before)):
        if unit in ("weekend", "quarter") or not step:
            return None
        return Interval(*sorted((reading.today, moved(reading.today, step, unit))))
    return unit_around(moved(reading.today, step, "week" if unit == "weekend" else unit), unit)


def own_unit(reading: Reading, match: re.Match[str]) -> Interval | None:
    """Read "the year" where its end or beginning is meant, and "over the weekend"."""
    if match["unit"] in words.UNITS["weekend"].split():
        if not _WEEKEND_BEFORE.search(reading.before(match.start())):
            return None
        days = (reading.today + timedelta(7 * week) for week in (-1, 0, 1))
        lean = reading.lean(*match.span())
        return nearest((unit_around(day, "weekend") for day in days), reading.today, lean)
    if not _PART_BEFORE.search(reading.before(match.start())):
        return None
    return unit_around(reading.today, words.meaning(words.UNITS, match["unit"]))
