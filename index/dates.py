"""Dates as fields, addresses and lines of text write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

_LONGEST = 80
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)(?:19|20)\d{6}(?!\d)")
_ISO = re.compile(
    r"(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})"
    r"(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)? ?(Z|UTC|GMT|[+-]\d{2}:?(?:\d{2})?)?)?",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[/=]((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?=[/_.?-]|$)")
_FILE = re.compile(r"((?:19|20)\d\d-\d\d-\d\d)(?:[-_ .].*)?\.(?:md|txt|html?|pdf|docx|eml)", re.IGNORECASE)
_EITHER_ORDER = re.compile(
    r"(?<!\d)(\d{1,2}) ?[/‐-―−-] ?(\d{1,2}) ?[/‐-―−-] ?\d{4}\b"
)  # with dots, the day is first
_ZONE_OF_TWO_OFFSETS = re.compile(  # "ET" is -05:00 or -04:00; IST is India's, Israel's or Ireland's
    r"(?<=[\d.mM]) ?\(?\b(?:[ECMP]T|A[CDMS]T|AMST|BST|C[DS]T|ECT|G?[GLSW]ST|IST|MST|WAST)\b\)?"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)  # where a program had no date
_LANGUAGES = ["en", "de", "fr", "es", "it", "nl", "pt"]
_WORDS = {
    "REQUIRE_PARTS": ["day", "month", "year"],
    "STRICT_PARSING": True,
    "PARSERS": ["absolute-time"],
    "DATE_ORDER": "DMY",
}


@dataclass(frozen=True, slots=True)
class Dates:
    """When an article was published and last changed; `date_source` says where `published` was read."""

    published: date | None = None
    modified: date | None = None
    date_source: str = ""

    def __post_init__(self) -> None:
        """Drop a change before the publication, for one of the two was misread, and the source of no date."""
        if not self.published:
            object.__setattr__(self, "date_source", "")
        if self.published and self.modified and _day(self.modified) < _day(self.published):
            object.__setattr__(self, "modified", None)

    def __or__(self, other: Dates) -> Dates:
        """Keep what is known, take the rest from the other.

        >>> merged = Dates(date(2020, 6, 12), None, "meta") | Dates(None, date(2020, 6, 1))
        >>> merged.date_source, merged.modified
        ('meta', None)
        """
        source = self.date_source if self.published else other.date_source
        return Dates(self.published or other.published, self.modified or other.modified, source)


def parse_date(text: str) -> date | None:
    """Read one whole date: a `datetime` where the zone is known, else a `date`, None where there is doubt.

    A day, a month and a four-digit year are required, in ISO 8601, RFC 2822 or the words of seven
    languages. `06/07/2020` is two different days, and so is `06-07-2020`: None. So is a day before 1900
    or more than two days ahead.

    >>> parse_date("Sat, 13 Jun 2020 01:06:00 +0000")
    datetime.datetime(2020, 6, 13, 1, 6, tzinfo=datetime.timezone.utc)
    >>> parse_date("12. Juni 2020"), parse_date("June 2020"), parse_date("06/07/2020")
    (datetime.date(2020, 6, 12), None, None)
    """
    text = " ".join(text.split())
    if len(text) > _LONGEST or not _YEAR.search(text) or text.startswith(("-", "+", "−")):
        return None
    text = _ZONE_OF_TWO_OFFSETS.sub("", text)
    iso = _ISO.fullmatch(text)
    moment = _matched(iso) if iso else _from_words(text)
    if moment is None or not date(1900, 1, 1) <= moment.date() <= _latest():
        return None
    offset = moment.utcoffset()
    if (moment.replace(tzinfo=timezone.utc) if offset is None else moment) == _EPOCH:
        return None
    return moment.date() if offset is None else moment.replace(microsecond=0, tzinfo=timezone(offset))


def from_iso(text: str) -> date:
    """Read back what `isoformat` wrote of a day or a moment; ValueError for anything else.

    >>> from_iso("2020-06-12"), from_iso("2020-06-12T08:00:00")
    (datetime.date(2020, 6, 12), datetime.datetime(2020, 6, 12, 8, 0))
    """
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def date_in_address(url: str) -> date | None:
    """Read the day that many outlets write into an address.

    >>> date_in_address("https://news.example/2019/03/01/hanoi"), date_in_address("https://a.example/2019/03/")
    (datetime.date(2019, 3, 1), None)

    An archive's address ends in the one it keeps, whose day is meant.
    """
    path, _, query = url.partition("?")
    own = path.rpartition("://")[2] + ("" if "://" in query else f"?{query}")
    days = list(_ADDRESS.finditer(own))
    return parse_date("-".join(days[-1].groups())) if days else None


def date_in_file_name(source: str) -> date | None:
    """Read the day that the name of an article's file begins with, as static sites and archives have it.

    >>> date_in_file_name("news/2020-06-12-hotline.md"), date_in_file_name("news/2020-06-12.jsonl")
    (datetime.date(2020, 6, 12), None)
    """
    name = _FILE.fullmatch(source.replace("\\", "/").rpartition("/")[2])
    return parse_date(name[1]) if name else None


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _latest() -> date:
    return datetime.now(timezone.utc).date() + timedelta(days=2)


def _matched(match: re.Match[str]) -> datetime | None:
    year, separator, month, day, *clock, zone = match.groups()
    if not separator and len(month + day) < 4:
        return None
    hour, minute, second = (int(part or 0) for part in clock)
    try:
        return datetime(int(year), int(month), int(day), hour, minute, second, tzinfo=_zone(zone))
    except ValueError:  # 31 June, 25 o'clock
        return None


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    digits = re.sub(r"\D", "", text).ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4]))
    return timezone(-offset if text.startswith("-") else offset)


def _from_words(text: str) -> datetime | None:
    parts = _EITHER_ORDER.search(text)
    if parts and parts[1] != parts[2] and max(int(parts[1]), int(parts[2])) <= 12:
        return None
    import dateparser

    moment: datetime | None = dateparser.parse(text, languages=_LANGUAGES, settings=_WORDS)
    return moment
