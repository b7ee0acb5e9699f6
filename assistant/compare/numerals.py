"""How numbers are written in news: digits and words, English and German, with hedge, scale and unit."""

from __future__ import annotations

import math
import re
from functools import lru_cache

from assistant.quantities import SCALES, numbers

_WORDS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_GERMAN_ONES = "ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun"
_GERMAN_TENS = "zwanzig|dreißig|dreissig|vierzig|fünfzig|sechzig|siebzig|achtzig|neunzig"
_GERMAN_TEENS = "zehn|elf|zwölf|dreizehn|vierzehn|fünfzehn|sechzehn|siebzehn|achtzehn|neunzehn"
# "dreizehn", "einundzwanzig", "zweihundertfünfzig", "dreitausend"; text2num reads what they come to.
_GERMAN_BELOW = rf"(?:(?:(?:{_GERMAN_ONES})und)?(?:{_GERMAN_TENS})|{_GERMAN_TEENS}|{_GERMAN_ONES})"
_GERMAN_COMPOUND = (
    rf"(?:(?:{_GERMAN_ONES})?hundert{_GERMAN_BELOW}?|(?:{_GERMAN_ONES}|{_GERMAN_TEENS})?tausend"
    rf"|(?:(?:{_GERMAN_ONES})und)?(?:{_GERMAN_TENS})|{_GERMAN_TEENS}|zwei|drei|vier|fünf|sechs|sieben|acht|neun)"
)
_LONE = dict(zip(["one", *_WORDS], range(1, 20), strict=True)) | {
    word: at for at, word in enumerate(_GERMAN_ONES.split("|"), 1)
}
_UNITS = {
    "percent": "percent|per cent|%|percentage points?|Prozent", "dollar": "dollars?|usd",
    "euro": "euros?|eur", "pound": "pounds?|gbp", "won": "won", "yen": "yen", "yuan": "yuan",
    "ruble": "rou?bles?", "rupee": "rupees?",
    "franc": "francs?|Franken", "crown": "crowns?|Kronen",
    ".km/h": "km/h|kph|kilomet(?:re|er)s (?:an|per) hour", ".mph": "mph|miles (?:an|per) hour",
    ".km": "km|kilomet(?:re|er)s?", ".mile": "miles?", ".metre": "met(?:re|er)s?", ".foot": "feet|foot",
    ".mm": "mm|millimet(?:re|er)s?", ".cm": "cm|centimet(?:re|er)s?", ".inch": "inch(?:es)?",
    ".degree": "degrees?|Grad|°C?", ".hectare": "hectares?|Hektar", ".acre": "acres?",
    ".tonne": "tonn?es?|tons?|Tonnen", ".kg": "kg|kilograms?|kilos?|Kilogramm",
    "year": "years?|Jahren?|yrs?", ".month": "months?|Monaten?", ".week": "weeks?|Wochen?",
    ".day": "days?|Tagen?", ".hour": "hours?|Stunden?", ".minute": "minutes?|Minuten?",
}  # fmt: skip
_SIGNS = {"$": "dollar", "us$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "₩": "won"}
_WORD = "|".join([*_WORDS, *_TENS])
_SCALE = "|".join(sorted(SCALES, key=len, reverse=True))
_UNIT = "|".join(f"(?:{pattern})" for pattern in _UNITS.values())
HEDGES = {
    "least": "at least|more than|over|upwards of|mindestens|mehr als|über",
    "most": "up to|as many as|no more than|fewer than|less than|under|bis zu|weniger als",
    "under": "nearly|almost|close to|fast|knapp",
    "about": "about|around|some|roughly|approximately|an estimated|circa|etwa|rund|ungefähr",
}
_HEDGE = "|".join(f"(?P<{name}>{pattern})" for name, pattern in HEDGES.items())
_DIGITS = r"\d{1,3}(?:[,.\u00a0\u202f ]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)?"
_NUMBER = (
    rf"(?:{_DIGITS}|(?:half )?an? (?:hundred|thousand|million|billion|dozen)|"
    rf"(?:{_WORD})(?:[ -](?:{_WORD}))*|one|{_GERMAN_COMPOUND})"
)
_SIGN = r"us\$|[$€£¥₩]"
FIGURE = re.compile(
    r"(?<![\w.,/–])(?<!(?-i:[\dA-Z])-)(?<!ovid-)(?:(?P<between>between|zwischen)\s+)?"
    rf"(?:(?:{_HEDGE})\s+)?(?P<sign>{_SIGN})?\s?(?P<number>{_NUMBER})"
    rf"(?:\s?(?:-|–|to|bis|(?(between)(?:and|und)|bis))\s?(?P<sign2>{_SIGN})?(?P<other>{_DIGITS}|{_WORD})\b)?"
    rf"(?:[\s-]?(?P<scale>{_SCALE})\b(?:(?<=M[ir][od])\.)?)?(?:[\s-]?(?P<unit>{_UNIT})(?!\w))?"
    r"(?![\w%]*\d)(?![^\W_])(?![:'’\"]\d)",
    re.IGNORECASE,
)
FORMER = re.compile(  # a figure that another one replaces: from 12 to 15, not 120
    r"\b(?:(?:up |down )?(?:from|von)|compared (?:with|to)|not|nicht|instead of|rather than|an earlier|"
    r"statt)\s+"
    rf"(?:(?:{HEDGES['about']}|{HEDGES['under']})\s+)?[$€£]?(?:{_NUMBER})(?![\w%]*\d)",
    re.IGNORECASE,
)
_ANY = re.compile(rf"\d|\b(?:{_WORD}|one|dozen|hundred|million|{_GERMAN_COMPOUND})\b", re.IGNORECASE)
NOBODY = re.compile(  # what it was that happened to nobody: "nobody was hurt", "niemand starb"
    r"\b(?P<number>nobody|no[ -]one|no people|niemand)\s"
    r"(?:(?:was|were|is|are|has|had|have|been|wurde|ist|kam)\s)*(?:seriously\s|badly\s)?(?P<verb>[^\W\d]+)",
    re.IGNORECASE,
)
_APPROXIMATE = 0.1  # how far "about 200" is from 198


def has_number(text: str) -> bool:
    """Tell whether a text can hold a figure at all; cheap.

    >>> has_number("a dozen"), has_number("nobody died"), has_number("none")
    (True, True, False)
    """
    return bool(_ANY.search(text) or NOBODY.search(text))


def unit_of(found: re.Match[str]) -> str:
    """Give the unit of a match of FIGURE: a currency, "percent", "year", a measure such as ".km", or ""."""
    sign = found["sign"] or found["sign2"]
    if sign:
        return _SIGNS[sign.lower()]
    for name, pattern in _UNITS.items():
        if found["unit"] and re.fullmatch(pattern, found["unit"], re.IGNORECASE):
            return name
    return ""


def range_of(found: re.Match[str], language: str) -> tuple[float, float]:
    """Give the lowest and highest number that a match of FIGURE can mean."""
    scale = SCALES.get((found["scale"] or "").lower(), 1.0)
    value = _value(found["number"], language) * scale
    if found["least"]:
        return value, math.inf
    if found["most"]:
        return 0.0, value
    if found["under"]:
        return value * (1 - _APPROXIMATE), value
    if found["about"]:
        return value * (1 - _APPROXIMATE), value * (1 + _APPROXIMATE)
    return value, max(value, _value(found["other"], language) * scale if found["other"] else value)


@lru_cache(maxsize=5_000)
def _value(number: str, language: str) -> float:
    from text_to_num import alpha2digit

    word = number.lower()
    if word in _LONE:  # which the reader of numbers leaves alone
        return float(_LONE[word])
    first, last = word.split()[0], word.split()[-1]
    if last in SCALES and first in ("a", "an", "half"):
        return SCALES[last] * (0.5 if first == "half" else 1.0)
    if not word[0].isdigit():
        read = numbers(alpha2digit(word, "de") if re.fullmatch(_GERMAN_COMPOUND, word) else word)
        return read[0].value if read else math.nan
    if language == "de":
        word = word.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}", word):
        word = word.replace(".", "")
    return float(re.sub(r"[,\u00a0\u202f ]", "", word))
