"""The dates and the names in a text, made comparable."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_GERMAN = re.compile(
    r"\b(?:der|das|und|ist|nicht|mit|den|zu|dem|ein|eine|einen|einer|im|am|auf|für|sich|auch|dass|wurden?|"
    r"haben|hatte|um|rund|etwa|kamen|prozent|prozentpunkte?n?|millionen|milliarden?|mio|mrd)\b|[äöüß]"
)
_ENGLISH = re.compile(r"\b(?:the|of|and|to|that|is|was|for|with|on|by|at|said|an?)\b", re.IGNORECASE)
MONTHS = (
    "january february march april may june july august september october november december "
    "januar februar märz april mai juni juli august september oktober november dezember".split()
)
_MONTH_STARTS = {name[:3]: 1 + at % 12 for at, name in enumerate(MONTHS)}
WEEKDAYS = (
    "monday tuesday wednesday thursday friday saturday sunday "
    "montag dienstag mittwoch donnerstag freitag samstag sonntag".split()
)
_WEEKDAY = re.compile(rf"\b(?:{'|'.join(WEEKDAYS)})", re.IGNORECASE)
_MONTH = (
    r"(?P<month>jan(?:uary?)?|feb(?:ruary?)?|mar(?:ch)?|märz|apr(?:il)?|may|mai|jun[ei]?|jul[yi]?|aug(?:ust)?|"
    r"sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)\b\.?"
)
_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)\b"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR})?",
        rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)(?:,?\s+{_YEAR})?",
        r"\b(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})\b",
        r"\b(?P<day>[0-3]?\d)\.\s?(?P<month>0?\d|1[0-2])\.\s?(?P<year>\d{4})\b",
        rf"\b{_MONTH},?\s+(?:of\s+)?{_YEAR}",
        rf"(?<![\d.,$€£¥₩])\b{_YEAR}(?![.,]?\d|%)",
    )
)
NAME = re.compile(r"(?<![\w’'-])[A-ZÀ-ÖØ-Þ][\w’'-]*\.?(?:[ \t-]+[A-ZÀ-ÖØ-Þ][\w’'-]*)*")
TITLES = frozenset(
    "mr mrs ms dr sir president prime minister secretary chairman leader herr frau the a an "
    "der die das".split()
)
_ACRONYM = re.compile(r"\b(?:[A-Z]\.){2,}")
_POSSESSIVE = re.compile(r"[’']s?$")


@dataclass(frozen=True, slots=True)
class Day:
    """A date as far as a text gives it; None for what it leaves out."""

    year: int | None
    month: int | None
    day: int | None

    def agrees(self, other: Day) -> bool:
        """Tell whether both can be one date, and the other leaves out nothing but the year.

        >>> Day(2020, 6, 12).agrees(Day(None, 6, 12)), Day(2020, 6, 12).agrees(Day(2020, 6, None))
        (True, False)
        """
        same_year = other.year is None or self.year is None or self.year == other.year
        return same_year and (self.month in (None, other.month)) and (self.day in (None, other.day))


@lru_cache(maxsize=5_000)
def is_german(text: str) -> bool:
    """Tell whether a text has more of the small words of German than of English, two at least.

    >>> is_german("Das Werk kostete 1,5 Millionen."), is_german("Von der Leyen paid 1.5 million.")
    (True, False)
    """
    return len(set(_GERMAN.findall(text.lower()))) > 1 + len(_ENGLISH.findall(text))


def days(text: str) -> list[Day]:
    """Read the dates of a text that are written out: 12 June 2020, June 12, 2020-06-12, 12.06.2020."""
    return [found for found, _ in _days(text)]


def without_days(text: str) -> str:
    """Blank the dates that are written out, so that their digits are not taken for numbers."""
    for _, (start, end) in _days(text):
        text = text[:start] + " " * (end - start) + text[end:]
    return text


@lru_cache(maxsize=5_000)
def _days(text: str) -> tuple[tuple[Day, tuple[int, int]], ...]:
    found: list[tuple[Day, tuple[int, int]]] = []
    for pattern in _DATES:
        for match in pattern.finditer(text):
            span = match.span()
            if all(span[1] <= start or end <= span[0] for _, (start, end) in found):
                given = match.groupdict()
                month, day = given.get("month"), given.get("day")
                found.append(
                    (Day(_whole(given.get("year")), _month(month) if month else None, _whole(day)), span)
                )
    return tuple(found)


def _whole(digits: str | None) -> int | None:
    return int(digits) if digits else None


def _month(word: str) -> int:
    return int(word) if word.isdigit() else _MONTH_STARTS[word.lower()[:3]]


def weekdays(text: str) -> set[int]:
    """Read the days of the week a text names, in English and German, Monday as 0."""
    return {WEEKDAYS.index(word.lower()) % 7 for word in _WEEKDAY.findall(text)}


@lru_cache(maxsize=5_000)
def names(text: str) -> tuple[tuple[str, ...], ...]:
    """Read the names of a text, each as its folded words; the first word of a sentence only with others.

    >>> names("The minister, Ri Son-gwon, met Mr Kim’s aides.")
    (('ri', 'son', 'gwon'), ('kim',))
    """
    found = []
    for match in NAME.finditer(text):
        before = text[: match.start()].rstrip()
        words = [word for word in folded(match.group()).split() if word not in TITLES]
        opens = not before or before[-1] in '.!?:“"‘\n'
        if words and not (opens and len(folded(match.group()).split()) == 1):
            found.append(tuple(words))
    return tuple(found)


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """Fold case, accents, possessives, hyphens and points, so that spellings of one name are alike.

    >>> folded("Ri Son-gwon’s") == folded("RI SON GWON")
    True
    """
    plain = unicodedata.normalize(
        "NFKD", _ACRONYM.sub(lambda found: found[0].replace(".", ""), text).casefold()
    )
    words = re.split(r"[\s\-‐-―.,]+", "".join(c for c in plain if not unicodedata.combining(c)))
    return " ".join(filter(None, (_POSSESSIVE.sub("", word) for word in words)))
