"""The hard facts in a text: its numbers with their units, its names, its negations, made comparable."""

from __future__ import annotations

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
    rf"(?P<before>us\$|[$€£¥₩])?\s?(?<![\w.,])(?P<digits>\d{{1,3}}(?:[,   ]\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)"
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
    r"\b(?:reportedly|allegedly|alleged|purported(?:ly)?|supposed(?:ly)?|unconfirmed|rumou?r\w*|suspected|"
    r"apparent(?:ly)?|possibl[ey]|perhaps|may|might|could|likely|unclear|believed|appears? to|seems? to|"
    r"claim(?:s|ed)?|accus\w+|suggest\w*|expected|plans? to|planned|would|if)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<![\w’'-])[A-ZÀ-ÖØ-Þ][\w’'-]*\.?(?:[ \t-]+[A-ZÀ-ÖØ-Þ][\w’'-]*)*")
_TITLES = frozenset(
    "mr mrs ms dr sir president prime minister secretary chairman leader herr frau the a an".split()
)
_POSSESSIVE = re.compile(r"[’']s?$")


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its unit (a currency, "percent", or "" where it counts things): 3m is three million."""

    value: float
    unit: str

    def agrees(self, other: Number) -> bool:
        """Tell whether both say the same; a number without a unit agrees with one that has it."""
        same = abs(self.value - other.value) <= 1e-9 * max(abs(self.value), abs(other.value), 1.0)
        return same and (not self.unit or not other.unit or self.unit == other.unit)


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
    """Tell whether a text says something with reserve: reportedly, may, expected."""
    return bool(_HEDGE.search(text))


def names(text: str) -> list[tuple[str, ...]]:
    """Read the names of a text, each as its folded words; the first word of a sentence only with others.

    >>> names("The minister, Ri Son-gwon, met Mr Kim’s aides.")
    [('ri', 'son', 'gwon'), ('kim',)]
    """
    found = []
    for match in _NAME.finditer(text):
        before = text[: match.start()].rstrip()
        words = [word for word in folded(match.group()).split() if word not in _TITLES]
        opens = not before or before[-1] in '.!?:“"‘\n'
        if words and not (opens and len(folded(match.group()).split()) == 1):
            found.append(tuple(words))
    return found


def folded(text: str) -> str:
    """Fold case, accents, possessives, hyphens and points, so that spellings of one name are alike.

    >>> folded("Ri Son-gwon’s") == folded("RI SON GWON")
    True
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    words = re.split(r"[\s\-‐-―.,]+", "".join(c for c in plain if not unicodedata.combining(c)))
    return " ".join(filter(None, (_POSSESSIVE.sub("", word) for word in words)))
