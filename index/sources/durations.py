"""Lengths of time as a person writes them: "30 minutes"."""

from __future__ import annotations

import math
import re

_SECONDS = {"second": 1, "sec": 1, "minute": 60, "min": 60, "hour": 3600, "day": 86_400, "week": 604_800}
_UNIT = "|".join(_SECONDS)
_WHOLE = re.compile(rf"(?:{_UNIT})|[0-9.]+ ?(?:{_UNIT})s?(?:,? (?:and )?[0-9.]+ ?(?:{_UNIT})s?)*")
_PART = re.compile(rf"([0-9.]*) ?({_UNIT})")
_SAMPLES = 'write it like "30 minutes", "2 hours" or "1 day"'


def seconds_of(value: object) -> float:
    """Read a length of time, a bare number being seconds. Raises ValueError for what is none.

    Seconds, minutes, hours, days and weeks are known, no months, which differ in length, and no "m", which
    may be one.

    >>> seconds_of("30 minutes"), seconds_of("1 hour 30 min"), seconds_of("day"), seconds_of(90)
    (1800.0, 5400.0, 86400.0, 90.0)
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        seconds = _number(value)
    elif isinstance(value, str):
        text = " ".join(value.lower().split())
        if not _WHOLE.fullmatch(text):
            raise ValueError(f"is not a length of time; {_SAMPLES}")
        seconds = sum(_number(number or "1") * _SECONDS[unit] for number, unit in _PART.findall(text))
    else:
        raise ValueError(f"is not a length of time; {_SAMPLES}")
    if not math.isfinite(seconds) or seconds < 0:
        raise ValueError(f"is not a length of time; {_SAMPLES}")
    return seconds


def _number(written: str | float) -> float:
    try:
        return float(written)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"is not a length of time; {_SAMPLES}") from error
