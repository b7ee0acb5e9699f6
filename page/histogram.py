"""Articles by day as bars: by week, month or more where there are too many days for bars of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.in_words import day_in_words, days_in_words
from index.intervals import Interval
from page import words

HEIGHTS = 20  # of a bar, for each of which there is a class in the style sheet
_MOST_BARS = 62  # two months of days
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Bar:
    """The articles of some days; `height` is 0 where there are none, else 1 to HEIGHTS."""

    first: date
    last: date
    articles: int
    height: int
    days: str


@dataclass(frozen=True, slots=True)
class Histogram:
    """Bars for all days from the first to the last, with gaps as bars of no height, and their heading."""

    heading: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class _Unit:
    """A stretch of days; they are numbered in order, and `first` gives the first day of a number."""

    heading: str
    number: Callable[[date], int]
    first: Callable[[int], date]
    name: Callable[[date], str]

    def last(self, number: int) -> date:
        """Give the last day of a number."""
        return self.first(number + 1) - _ONE_DAY if number < self.number(date.max) else date.max


def _years(count: int) -> tuple[Callable[[date], int], Callable[[int], date]]:
    return lambda day: day.year // count, lambda number: date(max(1, number * count), 1, 1)


_UNITS = (
    _Unit(words.BY_DAY, date.toordinal, date.fromordinal, day_in_words),
    _Unit(
        words.BY_WEEK,
        lambda day: (day.toordinal() - 1) // 7,  # the first day there is was a Monday
        lambda number: date.fromordinal(number * 7 + 1),
        str,
    ),
    _Unit(
        words.BY_MONTH,
        lambda day: day.year * 12 + day.month - 1,
        lambda number: date(number // 12, number % 12 + 1, 1),
        lambda day: f"{day:%B} {day.year}",
    ),
    _Unit(words.BY_YEAR, *_years(1), lambda day: str(day.year)),
    _Unit(words.BY_DECADE, *_years(10), str),
    _Unit(words.BY_CENTURY, *_years(100), str),
)
_NAMED = (words.BY_DAY, words.BY_MONTH, words.BY_YEAR)  # others are named by their first and last day


def histogram(
    counts: Sequence[tuple[date, int]], since: date | None = None, until: date | None = None
) -> Histogram:
    """Draw counts of days, in order; the bars at either end keep inside `since` and `until`.

    >>> [(bar.days, bar.height) for bar in histogram([(date(2020, 6, 12), 2), (date(2020, 6, 14), 1)]).bars]
    [('12 June 2020', 20), ('13 June 2020', 0), ('14 June 2020', 10)]
    """
    if not counts:
        return Histogram("", ())
    first, last = counts[0][0], counts[-1][0]
    if since and until and (until - since).days < _MOST_BARS:
        first, last = since, until  # a few days that were chosen are shown whole
    fitting = (unit for unit in _UNITS if unit.number(last) - unit.number(first) < _MOST_BARS)
    unit = next(fitting, _UNITS[-1])
    held = Counter[int]()
    for day, articles in counts:
        held[unit.number(day)] += articles
    most = max(held.values())
    numbers = range(unit.number(first), unit.number(last) + 1)
    return Histogram(
        unit.heading, tuple(_bar(unit, number, held[number], most, since, until) for number in numbers)
    )


def _bar(unit: _Unit, number: int, articles: int, most: int, since: date | None, until: date | None) -> Bar:
    whole = (unit.first(number), unit.last(number))
    first, last = max(whole[0], since or date.min), min(whole[1], until or date.max)
    named = unit.heading in _NAMED and (first, last) == whole
    days = unit.name(first) if named else days_in_words(Interval(first, last))
    return Bar(first, last, articles, -(-HEIGHTS * articles // most), days)
