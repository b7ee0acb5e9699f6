"""The dates of feeds, which come by the thousand: read quickly where they are written as they should be."""

from __future__ import annotations

import re
from datetime import date

from index.dates import parse_date

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_RFC_822 = re.compile(
    r"(?:[a-z]{3,9},?\s+)?(\d{1,2})\s+([a-z]{3})[a-z]{0,6}\.?,?\s+(\d{4}|\d\d)"
    r"(?:\s+(\d{1,2}:\d\d(?::\d\d)?)(?:\s*([+-]\d{4}|[a-z]{1,3}))?)?",
    re.IGNORECASE,
)
# Those of RFC 822 that nobody else uses: CST is Chicago's and China's, and parse_date doubts it too.
_ZONES = {"z": "Z", "ut": "Z", "utc": "Z", "gmt": "Z", "est": "-0500", "edt": "-0400", "pdt": "-0700"}
_DIGIT = re.compile(r"\d{4}-\d")
_MOST_IN_WORDS = 300  # entries; dateparser takes 3 ms over a date in words, so 1 s in all


def feed_date(text: str, number: int) -> date | None:
    """Read a date of a feed's entry, None where there is doubt; `number` counts the entries from 0.

    ISO 8601 and RFC 822 are read in any entry, dates in other words in the first 300.

    >>> feed_date("Sat, 13 Jun 2020 01:06:00 EST", 0).isoformat(), feed_date("12. Juni 2020", 0)
    ('2020-06-13T01:06:00-05:00', datetime.date(2020, 6, 12))
    >>> feed_date("13 Jun 20 01:06 +0200", 0).isoformat(), feed_date("12. Juni 2020", 300)
    ('2020-06-13T01:06:00+02:00', None)
    """
    text = " ".join(text[:100].split())
    match = _RFC_822.fullmatch(text)
    iso = _as_iso(*match.groups()) if match else text
    quick = iso if _DIGIT.match(iso) else ""
    return parse_date(quick or text) if quick or number < _MOST_IN_WORDS else None


def _as_iso(day: str, month: str, year: str, clock: str | None, zone: str | None) -> str:
    """Write a date of RFC 822 as ISO 8601, "" where it cannot be; a year of two digits as RFC 2822 says."""
    named = _MONTHS.index(month.lower()) + 1 if month.lower() in _MONTHS else 0
    offset = zone if zone is None or zone[0] in "+-" else _ZONES.get(zone.lower())
    if not named or (zone and not offset):
        return ""
    if len(year) == 2:
        year = f"{'20' if int(year) < 50 else '19'}{year}"
    return f"{year}-{named:02d}-{int(day):02d}" + (f"T{clock.zfill(5)}{offset or ''}" if clock else "")
