"""When and of whom a sentence speaks: its days, and its names without the speakers'."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from assistant.facts import MONTHS, WEEKDAYS, days, folded, names
from index.times import times

_SAID = (
    r"(?:said|says|say|announced|reported|told \w+|confirmed|added|showed|counts?|found|teilten?|sagte|"
    r"meldete)"
)
# Who says it, and when he said it: not who or when it is about.
_SPEECH = re.compile(
    rf"(?:,\s*|^)[^,.;“”]{{0,60}}?\b{_SAID}\b(?: (?:on|late on|early on) \w+day| yesterday| today)?(?: "
    rf"mit)?(?=[,.;:]|$)"
    rf"|^[^,.;“”]{{0,60}}?\b(?:said|says|announced|reported|confirmed|told \w+)\b(?: on \w+day)?(?: "
    rf"that)?\s(?!it |he |she |they |its |their |no )"
    r"|\b(?:according to|nach angaben(?: des| der)?) [^,.;]{0,50}(?=[,.;]|$)",
    re.IGNORECASE,
)
_OF_A_YEAR = re.compile(r"\b(?:of|in|from|von|im jahr)\s((?:19|20)\d\d)\b(?!\s[a-z]+s\b)", re.IGNORECASE)
_NIGHT = re.compile(r"\b(?:night|overnight|early|dawn|nacht)\b", re.IGNORECASE)
_GERMAN_NAME = re.compile(
    r"\b(?:in|aus|nach|bei|von|um)\s([A-ZÄÖÜ]\w+)|\b(?!(?:D[a-z]{2}|Ein|Eine|In|Am|Im|Bei|Nach|Auf|Mit|"
    r"Rund|Etwa|Es|Zum|Beim|Zwei|Drei|Vier|Fünf|Sechs|Sieben|Acht|Neun|Zehn|Elf|Zwölf|Millionen|"
    r"Milliarden|Mio|Mrd) )([A-ZÄÖÜ][a-zäöüß]+ [A-ZÄÖÜ][a-zäöüß]+)\b"
)
_MONTH_DAYS = 31
_MONTH = re.compile(
    rf"\b(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b(?: (?:19|20)\d\d)?", re.IGNORECASE
)
CALENDAR = frozenset([*WEEKDAYS, *MONTHS])


@dataclass(frozen=True, slots=True)
class Occasion:
    """When a sentence is about: exact days, months by number, and years; `past_years` name the event."""

    days: frozenset[date]
    months: frozenset[int]
    years: frozenset[int]
    at_night: bool
    past_years: frozenset[int]

    def agrees(self, other: Occasion) -> bool:
        """Tell whether both can speak of one time; what only one says is no difference."""
        if self.years and other.years and not self.years & other.years:
            return False
        if self.months and other.months and not self.months & other.months:
            return False
        if self._is_before(other) or other._is_before(self):
            return False
        slack = 1 if self.at_night or other.at_night else 0
        near = any(abs((one - two).days) <= slack for one in self.days for two in other.days)
        return near or not (self.days and other.days)

    def _is_before(self, other: Occasion) -> bool:
        """Tell whether this is of "the fire of 1999", and the other of days in other years."""
        years = {day.year for day in other.days}
        return bool(self.past_years and years) and not self.days and not self.past_years & years


@lru_cache(maxsize=5_000)
def occasion(text: str, published: date | None) -> Occasion:
    """Read when a sentence is about, counted from the day of its article."""
    plain = without_speech(text)
    spoken = [one.interval for one in times(plain, published)]
    found = {one.first for one in spoken if one.days == 1}
    months = {
        one.first.month for one in spoken if one.first.month == one.last.month and one.days <= _MONTH_DAYS
    }
    years = {day.year for day in days(plain) if day.year}
    past = frozenset(int(found[1]) for found in _OF_A_YEAR.finditer(plain))
    if published and re.search(r"\blast (?:year|season)\b", plain, re.IGNORECASE):
        years.add(published.year - 1)
    return Occasion(frozenset(found), frozenset(months), frozenset(years), bool(_NIGHT.search(plain)), past)


def written_days(text: str, published: date | None) -> list[tuple[date, tuple[int, int]]]:
    """Find the days a text writes out, with their number and not as "Friday", each with its place."""
    return [
        (one.interval.first, (one.start, one.end))
        for one in times(text, published)
        if one.interval.days == 1
        and re.search(rf"\b0?{one.interval.first.day}(?!\d)", text[one.start : one.end])
    ]


def written_months(text: str, published: date | None) -> list[tuple[date, tuple[int, int]]]:
    """Find the months a text names without a day, by their first day, each with its place.

    >>> written_months("It will open in June.", date(2020, 5, 4))
    [(datetime.date(2020, 6, 1), (16, 20))]
    """
    found = []
    for one in times(text, published) if has_month(text) else ():
        first, last = one.interval.first, one.interval.last
        if first.day == 1 and (first.year, first.month) == (last.year, last.month) and one.interval.days > 1:
            name = _MONTH.search(text, one.start, one.end)
            found += [(first, name.span())] if name else []
    return found


def has_month(text: str) -> bool:
    """Tell whether a text names a month; cheap."""
    return bool(_MONTH.search(text))


@lru_cache(maxsize=5_000)
def without_speech(text: str) -> str:
    """Blank who says it: ", the mayor said on Sunday"; every other character stays in its place.

    >>> without_speech("It killed 12, the mayor said on Sunday.")
    'It killed 12                          .'
    """
    return _SPEECH.sub(lambda found: " " * len(found[0]), text)


@lru_cache(maxsize=5_000)
def subjects(text: str, language: str) -> tuple[frozenset[str], ...]:
    """Read the names a sentence is about, each as its words; no speaker's, no weekday's, no month's.

    >>> subjects("In Larkum 12 people died, Mayor Dunn said.", "en")
    (frozenset({'larkum'}),)
    """
    plain = without_speech(text)
    if language == "de":
        found = [folded(" ".join(filter(None, match.groups()))) for match in _GERMAN_NAME.finditer(plain)]
        named = [tuple(name.split()) for name in found]
    else:
        named = [name[1:] if name[0] in OPENING and len(name) > 1 else name for name in names(plain)]
    return tuple(frozenset(name) - CALENDAR - OPENING for name in named if set(name) - CALENDAR - OPENING)


OPENING = frozenset(
    "in at after on near when as because a an the police it but while about around some nearly over since i "
    "correction by for but until most many all no not there here then now so if since more than his "
    "her their its "
    "this that these those he she they we up down out off over under what who how why where only still "
    "later last "
    "judge captain mayor king queen doctor one two three four five six seven eight nine ten both each "
    "other".split()
)
