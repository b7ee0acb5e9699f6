"""Stretches of whole days, and the calendar they are cut from: weeks, months, quarters, seasons, decades."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

_SEASONS = {
    "spring": 3,
    "summer": 6,
    "autumn": 9,
    "winter": 12,
}  # first months, as in meteorology
_DAYS_OF_YEAR = 365


@dataclass(frozen=True, slots=True)
class Interval:
    """Whole days from `first` to `last`, both inside; ValueError where the last comes before the first."""

    first: date
    last: date

    def __post_init__(self) -> None:
        """Refuse a last day before the first."""
        if self.last < self.first:
            raise ValueError(f"an interval cannot end ({self.last}) before it begins ({self.first})")

    def __contains__(self, day: date) -> bool:
        """Tell whether a day lies inside."""
        return self.first <= day <= self.last

    @property
    def days(self) -> int:
        """How many days there are, one at least."""
        return (self.last - self.first).days + 1

    def overlaps(self, other: Interval) -> bool:
        """Tell whether the two share a day."""
        return self.first <= other.last and other.first <= self.last

    def distance(self, day: date) -> int:
        """Count the days from a day to the nearest one inside.

        >>> month_of(2020, 5).distance(date(2020, 6, 2))
        2
        """
        return max((self.first - day).days, (day - self.last).days, 0)


def day_of(day: date) -> Interval:
    """Make the interval of one day."""
    return Interval(day, day)


def week_of(day: date) -> Interval:
    """Give the week a day lies in, Monday to Sunday."""
    monday = day - timedelta(day.weekday())
    return Interval(monday, monday + timedelta(6))


def month_of(year: int, month: int) -> Interval:
    """Give a month.

    >>> month_of(2024, 2).last
    datetime.date(2024, 2, 29)
    """
    return months_of(year, month, 1)


def months_of(year: int, month: int, count: int) -> Interval:
    """Give some months in a row, from one on; ValueError outside the years 1 to 9999."""
    end = month + count - 2
    last_year, last_month = year + end // 12, end % 12 + 1
    last_day = date(last_year, last_month, 1).replace(day=monthrange(last_year, last_month)[1])
    return Interval(date(year, month, 1), last_day)


def quarter_of(year: int, number: int) -> Interval:
    """Give a quarter, 1 to 4, of a calendar year."""
    return months_of(year, 3 * number - 2, 3)


def season_of(year: int, name: str) -> Interval:
    """Give a season of the north that begins in a year; a winter ends in the next one.

    >>> season_of(2018, "winter").last
    datetime.date(2019, 2, 28)
    """
    return months_of(year, _SEASONS[name], 3)


def years_of(year: int, count: int = 1) -> Interval:
    """Give some years in a row, one if not told."""
    return months_of(year, 1, 12 * count)


def moved(day: date, count: int, unit: str) -> date:
    """Go some units on, or back if the count is negative; what no month has becomes its last day.

    >>> moved(date(2024, 2, 29), -1, "year")
    datetime.date(2023, 2, 28)
    """
    days = {"day": 1, "week": 7}.get(unit)
    if days:
        return day + timedelta(days * count)
    months = {"month": 1, "quarter": 3, "year": 12, "decade": 120}[unit] * count
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1).replace(day=min(day.day, month_of(year, month + 1).last.day))


def days_from(day: date, count: int) -> date:
    """Go some days on, or back if the count is negative, and no farther than the calendar's first or last.

    >>> days_from(date(1, 1, 3), -7)
    datetime.date(1, 1, 1)
    """
    try:
        return day + timedelta(count)
    except OverflowError:
        return date.max if count > 0 else date.min


def unit_around(day: date, unit: str) -> Interval:
    """Give the day, week, weekend, month, quarter, year or decade of the calendar that holds a day.

    The weekend is that of the day's week.
    """
    if unit == "day":
        return day_of(day)
    if unit in ("week", "weekend"):
        week = week_of(day)
        return week if unit == "week" else Interval(week.last - timedelta(1), week.last)
    if unit == "decade":
        return years_of(day.year - day.year % 10, 10)
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    return months_of(day.year, day.month - (day.month - 1) % months, months)


def part_of(whole: Interval, part: str) -> Interval:
    """Cut the early, middle or late third out of three days or more, at the calendar's borders.

    A month is cut after its 10th and 20th day, a year after April and August, a decade after its fourth and
    seventh year, a week after Tuesday and Thursday, anything else after a third of its days.

    >>> part_of(month_of(2020, 1), "late").first, part_of(years_of(2019), "late").first
    (datetime.date(2020, 1, 21), datetime.date(2019, 9, 1))
    """
    second, third = _borders(whole)
    return {
        "early": Interval(whole.first, second - timedelta(1)),
        "middle": Interval(second, third - timedelta(1)),
        "late": Interval(third, whole.last),
    }[part]


def nearest(found: Iterable[Interval], day: date, lean: int = 0) -> Interval:
    """Choose the interval nearest to a day, the earlier of two as near; ValueError if there is none.

    A lean of -1 passes over those that only begin after the day, 1 over those that are over by then; -2 and
    2 want one that is wholly past or wholly to come.
    """
    wanted = {
        -2: lambda one: one.last < day,
        -1: lambda one: one.first <= day,
        0: lambda one: True,
        1: lambda one: one.last >= day,
        2: lambda one: one.first > day,
    }[lean]
    return min(filter(wanted, found), key=lambda one: (one.distance(day), one.first))


def _borders(whole: Interval) -> tuple[date, date]:
    if whole.days == 7:
        return whole.first + timedelta(2), whole.first + timedelta(4)
    if 28 <= whole.days <= 31:
        return whole.first + timedelta(10), whole.first + timedelta(20)
    years = whole.last.year - whole.first.year + 1
    if years >= 10:
        return moved(whole.first, years * 4 // 10, "year"), moved(whole.first, years * 7 // 10, "year")
    if whole.days >= _DAYS_OF_YEAR:
        return moved(whole.first, 4 * years, "month"), moved(whole.first, 8 * years, "month")
    third = whole.days // 3
    return whole.first + timedelta(third), whole.last + timedelta(1 - third)
