"""The hard facts in a text: its numbers with their units, dates, names and negations, made comparable."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_SCALES = {
    "hundred": 1e2, "thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "mn": 1e6, "mio": 1e6,
    "billion": 1e9, "bn": 1e9, "b": 1e9, "trillion": 1e12, "tn": 1e12, "dozen": 12.0,
}  # fmt: skip
_CURRENCIES = {
    "$": "dollar", "us$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "₩": "won", "usd": "dollar",
    "dollar": "dollar", "euro": "euro", "eur": "euro", "pound": "pound", "gbp": "pound", "yen": "yen",
    "won": "won", "yuan": "yuan", "rouble": "ruble", "ruble": "ruble", "rupee": "rupee", "franc": "franc",
}  # fmt: skip
_PERCENT = {
    "%": "percent",
    "percent": "percent",
    "per cent": "percent",
    "percentage": "percent",
    "prozent": "percent",
}
_SCALE = "|".join(sorted(_SCALES, key=len, reverse=True))
_UNIT = "|".join(sorted(map(re.escape, [*_PERCENT, *_CURRENCIES]), key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?P<before>us\$|[$€£¥₩])?\s?(?<![\w.,])(?P<sign>(?<![^\s(])[-−])?"
    rf"(?P<digits>\d{{1,3}}(?:[,   ]\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"(?:st|nd|rd|th)?(?:[\s-]?(?P<after>{_UNIT})s?(?!\w))?",
    re.IGNORECASE,
)
_SCALED = re.compile(rf"(?<![\w.,])(\d[\d,]*(?:\.\d+)?)[\s-]?({_SCALE})s?\b", re.IGNORECASE)
_HALF = re.compile(r"\bhalf an? (hundred|thousand|million|billion|dozen)\b", re.IGNORECASE)
_DOZEN = re.compile(r"\ba dozen\b", re.IGNORECASE)
_ORDINALS = "zeroth first second third fourth fifth sixth seventh eighth ninth tenth".split()
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|hardly|den(?:y|ies|ied|ying)|"
    r"refus\w+|fail(?:ed|s|ing)? to|declin(?:e|ed|es|ing) to|rul(?:e|ed|es|ing) out|reject\w*|"
    r"unable|false|untrue|nicht|kein\w*|niemals?)\b|n[’']t\b",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(?:reportedly|alleged(?:ly)?|purported(?:ly)?|supposedly|unconfirmed|rumou?r\w*|suspected|apparently|"
    r"possibl[ey]|perhaps|(?:may|might|could)(?! not)|likely|unclear|believed|appears? to|seems? to)\b",
    re.IGNORECASE,
)
MONTHS = "january february march april may june july august september october november december".split()
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)\b"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR})?",
        rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)(?:,?\s+{_YEAR})?",
        r"\b(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})\b",
        rf"\b{_MONTH},?\s+(?:of\s+)?{_YEAR}",
        rf"(?<![\d.,$€£¥₩])\b{_YEAR}(?![.,]?\d|%)",
    )
)
_NAME = re.compile(r"(?<![\w’'-])[A-ZÀ-ÖØ-Þ][\w’'-]*\.?(?:[ \t-]+[A-ZÀ-ÖØ-Þ][\w’'-]*)*")
_TITLES = frozenset(
    "mr mrs ms dr sir president prime minister secretary chairman leader herr frau the a an".split()
)
_ACRONYM = re.compile(r"\b(?:[A-Z]\.){2,}")
_POSSESSIVE = re.compile(r"[’']s?$")


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its unit (a currency, "percent", or "" where it counts things): 3m is three million."""

    value: float
    unit: str

    def agrees(self, other: Number) -> bool:
        """Tell whether both say the same; a number without a unit agrees with one that has it."""
        same = math.isfinite(self.value) and math.isclose(self.value, other.value, rel_tol=1e-9)
        return same and (not self.unit or not other.unit or self.unit == other.unit)


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


def days(text: str) -> list[Day]:
    """Read the dates of a text that are written out: 12 June 2020, June 12, June 2020, 2020-06-12, 2020."""
    return [found for found, _ in _days(text)]


def without_days(text: str) -> str:
    """Blank the dates that are written out, so that their digits are not taken for numbers."""
    for _, (start, end) in _days(text):
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _days(text: str) -> list[tuple[Day, tuple[int, int]]]:
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
    return found


def _whole(digits: str | None) -> int | None:
    return int(digits) if digits else None


def _month(word: str) -> int:
    return (
        int(word)
        if word.isdigit()
        else 1 + next(at for at, name in enumerate(MONTHS) if name.startswith(word.lower()[:3]))
    )


@lru_cache(maxsize=5_000)
def numbers(text: str) -> tuple[Number, ...]:
    """Read the numbers of a text, in digits and in words, ordinals too, each with its unit.

    >>> numbers("It cost $3m.") == numbers("It cost three million dollars.")
    True
    >>> numbers("the second time, 5 per cent")
    (Number(value=2.0, unit=''), Number(value=5.0, unit='percent'))
    """
    found = []
    for match in _NUMBER.finditer(_in_digits(text)):
        value = float(re.sub(r"[,   ]", "", match["digits"]))
        value = -value if match["sign"] else value
        unit = (match["before"] or match["after"] or "").lower().strip()
        found.append(Number(value, _CURRENCIES.get(unit) or _PERCENT.get(unit, "")))
    return tuple(found)


def _in_digits(text: str) -> str:
    from text_to_num import alpha2digit

    text = _SCALED.sub(lambda found: _plain(float(found[1].replace(",", "")), found[2]), text)
    text = _HALF.sub(lambda found: _plain(0.5, found[1]), _DOZEN.sub("12", text))
    for value, word in enumerate(_ORDINALS):
        text = re.sub(rf"\b{word}\b", f"{value}th", text, flags=re.IGNORECASE)
    return str(alpha2digit(text, "en"))


def _plain(value: float, scale: str) -> str:
    return f"{value * _SCALES[scale.lower()]:.6f}".rstrip("0").rstrip(".")


def negations(text: str) -> int:
    """Count the words that deny: not, never, refused, ruled out."""
    return len(_NEGATION.findall(text))


def is_hedged(text: str) -> bool:
    """Tell whether a text says something with reserve: reportedly, may, unconfirmed."""
    return bool(_HEDGE.search(text))


@lru_cache(maxsize=5_000)
def names(text: str) -> tuple[tuple[str, ...], ...]:
    """Read the names of a text, each as its folded words; the first word of a sentence only with others.

    >>> names("The minister, Ri Son-gwon, met Mr Kim’s aides.")
    (('ri', 'son', 'gwon'), ('kim',))
    """
    found = []
    for match in _NAME.finditer(text):
        before = text[: match.start()].rstrip()
        words = [word for word in folded(match.group()).split() if word not in _TITLES]
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
