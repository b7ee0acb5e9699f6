"""The times an article's text speaks of, as days, counted from the day it was published."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from index import time_words as words
from index.intervals import Interval, day_of, moved, part_of
from index.surroundings import Reading, reading
from index.time_rules import rules, starts

_NEAR_DAYS = 14
_WRITTEN_OUT = re.compile(rf"\d|\b{words.pattern(*words.months())}\b")
_TURN_OF_DAY = 6  # days ago a weekday was that is tomorrow's too
SURE_DAYS = 60  # from an article to a day that it names without a year
_SPAN_DAYS = 5  # of an event, at most: a summit of two days; a week is no day
_SINCE = re.compile(r"\b(?:since|seit)(?: about| around| at least)?(?: the| dem| den| der)? $")
_PART = re.compile(
    rf"\b(?P<part>{words.pattern(*words.PARTS.values())})[ -](?:in |the |des |der |dem |den )*$"
)
_ANNIVERSARY = re.compile(
    rf"(?<!\d[.,])\b(?:(?P<ordinal>\d{{1,3}}(?:st|nd|rd|th|\.)|{words.pattern(*words.ORDINALS.values())}) |"
    rf"(?P<count>{words.NUMBER})[ -]year )"
    r"(?:anniversary|jahrestag)\b(?= (?:of|on|in|this|last|next|and|was|is|des|der|von|am|im)\b|'s|[.,;:)]|$)"
)


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """Words that name a time, `text[start:end]`, and the days they mean, from first to last."""

    start: int
    end: int
    interval: Interval


def times(text: str, published: date | None, usual_lean: int = 0) -> list[TimeExpression]:
    """Find the times a text speaks of, in order; without a day to count from only those that need none.

    `usual_lean` is for sentences that do not tell past from future: -1 takes them for the past, 0 takes the
    nearest day of that name. An anniversary gives two, the day itself and then the day that is remembered; no
    others overlap.

    >>> text = "The lines were cut on Tuesday; they had been open since January 2018."
    >>> for found in times(text, date(2020, 6, 12)):
    ...     print(text[found.start : found.end], found.interval.first, found.interval.last)
    Tuesday 2020-06-09 2020-06-09
    since January 2018 2018-01-01 2020-06-12
    """
    page = reading(text, published.date() if isinstance(published, datetime) else published, usual_lean)
    found = list(_scanned(page))
    return sorted([*found, *_anniversaries(page, found)], key=lambda one: one.start)


def meant_days(text: str, published: date | None, longest: int = 1) -> list[TimeExpression]:
    """Find the words that mean one day, or up to `longest`, beyond doubt; of an anniversary the day itself.

    Its year is said, or it is counted from the article's day ("yesterday"), or it lies within two weeks: an
    article that looks back says "on 14 September" of a year that another sentence has.

    >>> text = "It closed yesterday. On 14 September it had opened, and on 2 May 2018 it was planned."
    >>> [text[one.start : one.end] for one in meant_days(text, date(2020, 6, 12))]
    ['yesterday', '2 May 2018']
    """
    found: dict[int, TimeExpression] = {}
    for one in times(text, published):
        if (
            one.interval.days <= longest
            and _is_sure(one, text, published)
            and not _is_far(one, text, published)
        ):
            found.setdefault(one.start, one)
    return list(found.values())


def remembered_days(text: str, published: date | None) -> list[TimeExpression]:
    """Find the sure days that events were on: up to five on end, and the one that an anniversary remembers.

    >>> text = "On Friday, the second anniversary of the summit, they were silent."
    >>> [str(one.interval.first) for one in remembered_days(text, date(2020, 6, 16))]
    ['2018-06-12']
    """
    found = times(text, published)
    twice = {(one.start, one.end): one for one in found}  # the later of two with one place is the remembered
    sure = [one for one in found if one.interval.days <= _SPAN_DAYS and _is_sure(one, text, published)]
    own = [one.interval for one in sure if twice[one.start, one.end] != one]
    past = [twice[one.start, one.end] for one in sure if twice[one.start, one.end] != one]
    return [*(one for one in sure if one.interval not in own), *past]


def _is_sure(found: TimeExpression, text: str, published: date | None) -> bool:
    """Tell whether a time is sure to be meant: its year is said, or it lies near the article's own day.

    "On Thursday" in an article of a Wednesday is more often the next day, where the sun was up already or the
    text went on growing, than one six days ago.
    """
    day = published.date() if isinstance(published, datetime) else published
    spoken = text[found.start : found.end].lower()
    if str(found.interval.first.year) in spoken:
        return True
    if day is None or found.interval.distance(day) > SURE_DAYS:
        return False
    return not (spoken in words.weekdays() and (day - found.interval.first).days == _TURN_OF_DAY)


def _is_far(found: TimeExpression, text: str, published: date | None) -> bool:
    """Tell whether a date is written out without its year, and not near the article's day, as news is."""
    spoken = text[found.start : found.end].lower()
    is_written = bool(_WRITTEN_OUT.search(spoken)) and str(found.interval.first.year) not in spoken
    day = published.date() if isinstance(published, datetime) else published
    return is_written and day is not None and found.interval.distance(day) > _NEAR_DAYS


def _scanned(page: Reading) -> Iterator[TimeExpression]:
    at = 0
    while start := starts().search(page.lowered, at):
        end, interval = _read(page, start.start())
        if interval:
            yield _widened(page, TimeExpression(start.start(), end, interval), at)
        at = end


def _read(page: Reading, start: int) -> tuple[int, Interval | None]:
    """Read the time that begins at an offset: where to go on, and its days if there is one."""
    for pattern, function in rules():
        match = pattern.match(page.lowered, start)
        try:
            interval = function(page, match) if match else None
        except (ValueError, OverflowError):  # 30 February, the year 0, yesterday in an undated article
            return match.end() if match else start + 1, None
        if match and interval:
            return match.end(), interval
    return start + 1, None


def _widened(page: Reading, found: TimeExpression, floor: int) -> TimeExpression:
    """Take in what stands before a time and changes it: "late January", "since late January"."""
    part = _PART.search(page.lowered, max(found.start - 30, floor), found.start)
    if part and found.interval.days > 2:
        cut = _cut(page, found.interval, words.meaning(words.PARTS, part["part"]))
        found = replace(found, start=part.start(), interval=cut)
    since = _SINCE.search(page.lowered, max(found.start - 30, floor), found.start)
    if since and page.published and found.interval.first <= page.published:
        found = replace(found, start=since.start(), interval=Interval(found.interval.first, page.published))
    return found


def _cut(page: Reading, whole: Interval, part: str) -> Interval:
    """Cut a part out; "earlier this week" ends today, "later this month" begins today."""
    if part in ("early", "middle", "late"):
        return part_of(whole, part)
    if page.published is None or page.published not in whole:
        return whole
    return Interval(whole.first, page.today) if part == "earlier" else Interval(page.today, whole.last)


def _anniversaries(page: Reading, found: list[TimeExpression]) -> Iterator[TimeExpression]:
    """Find anniversaries: each is on the nearest day its sentence names, else on that of publication."""
    if "anniversary" not in page.lowered and "jahrestag" not in page.lowered:
        return
    begins = [one.start for one in found]
    for match in _ANNIVERSARY.finditer(page.lowered):
        start, end = page.sentence(*match.span())
        beside = found[bisect_left(begins, start) : bisect_left(begins, end)]
        by_nearness = sorted(beside, key=lambda one: abs(one.start - match.start()))
        if not beside and page.published is None:
            continue
        day = by_nearness[0].interval if beside else day_of(page.today)
        years = -_years(match)
        try:
            remembered = Interval(moved(day.first, years, "year"), moved(day.last, years, "year"))
        except ValueError:  # before the year 1
            continue
        yield TimeExpression(match.start(), match.end(), day)
        yield TimeExpression(match.start(), match.end(), remembered)


def _years(match: re.Match[str]) -> int:
    if match["count"]:
        return words.number(match["count"])
    digits = re.match(r"\d+", match["ordinal"])
    return int(digits[0]) if digits else words.meaning(words.ORDINALS, match["ordinal"])
