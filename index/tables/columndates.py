"""The dates in a column of a table, which together may say what one of them leaves open."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from datetime import date, datetime, timezone
from functools import lru_cache

from index.dates import parse_date

_EITHER = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2((?:19|20)\d\d)(.*)")
_CLOCK = re.compile(r"[T ,]*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AP]\.?M\.?)?", re.IGNORECASE)
_NUMBER = re.compile(r"\d{8,19}(?:\.0*)?")
_MONTHS = "January February March April May June July August September October November December".split()
_EARLIEST = datetime(1990, 1, 1, tzinfo=timezone.utc).timestamp()  # as seconds; below it are other numbers
_UNITS = (1, 1_000, 1_000_000, 1_000_000_000)  # of a second; the ranges of the four are far apart
_logger = logging.getLogger(__name__)


class DateColumn:
    """What a table's dates of one noun say, in ISO 8601.

    Beside what `parse_date` reads these are seconds (or milli-, micro- and nanoseconds) since 1970, and days
    such as 06/07/2020 where the sample, the table's first values, shows which number is the day: one of them
    is above 12 somewhere, and never the other. Where both are, or neither, such a date is left out. What
    cannot be read is said in the log once for the table.
    """

    def __init__(self, noun: str, table: str, sample: Iterable[object]) -> None:
        """Take the order of day and month from a sample of the column."""
        self.noun, self.table = noun, table
        self.day_first = _day_first(sample)
        self.complained = False

    def read(self, value: object, row: int) -> str:
        """Give a cell's date, "" where there is none that can be read."""
        text = value.isoformat() if isinstance(value, date) else _text(value)
        found = _read(text, self.day_first)
        if not found and not self.complained:
            self.complained = True
            reason = "not a date that can be read, or day and month cannot be told apart"
            _logger.warning("%s, row %d: %s: %s; such dates are left out", self.table, row, self.noun, reason)
        return found


def from_parts(year: object, month: object, day: object) -> str:
    """Put a date together from three columns, "" where it is none.

    >>> from_parts("2016.0", 12, "9"), from_parts(2016, 13, 1)
    ('2016-12-09', '')
    """
    parts = [re.fullmatch(r"(\d{1,4})(?:\.0*)?", _text(part).strip()) for part in (year, month, day)]
    written = "-".join(f"{int(part[1]):02}" for part in parts if part)
    return _read(written, None) if all(parts) else ""


def _day_first(sample: Iterable[object]) -> bool | None:
    """Tell whether the day stands before the month, None where the sample does not show it."""
    found = [match for value in sample if (match := _EITHER.fullmatch(_text(value).strip()))]
    days_first = any(int(match[1]) > 12 for match in found)
    months_first = any(int(match[3]) > 12 for match in found)
    return days_first if days_first != months_first else None


def _text(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


@lru_cache(maxsize=8192)  # the words of a date take .5 ms to read, and articles share their days
def _read(text: str, day_first: bool | None) -> str:
    text = " ".join(text.split())
    if _NUMBER.fullmatch(text):
        found = _from_number(text.partition(".")[0])
    else:
        found = parse_date(_in_order(text, day_first))
    return found.isoformat() if found else ""


def _from_number(digits: str) -> date | None:
    number = int(digits)
    for unit in _UNITS:
        if _EARLIEST <= number / unit < 4 * _EARLIEST:
            return parse_date(datetime.fromtimestamp(number // unit, timezone.utc).isoformat())
    return parse_date(digits[:8]) if len(digits) in {8, 14} else None  # 20200612, 20200612083000


def _in_order(text: str, day_first: bool | None) -> str:
    """Write a date so that day and month cannot be mixed up, without a clock that no zone goes with."""
    match = _EITHER.fullmatch(text)
    if not match or day_first is None:
        return text
    day, month = (int(match[1]), int(match[3])) if day_first else (int(match[3]), int(match[1]))
    if not 1 <= month <= 12:
        return text
    written = f"{day} {_MONTHS[month - 1]} {match[4]}"
    return written if _CLOCK.fullmatch(match[5]) else written + match[5]
