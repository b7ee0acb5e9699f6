"""The words times are written in, English and German, and what each one means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import TypeVar

Meaning = TypeVar("Meaning")

UNITS = {
    "day": "day days tag tage tagen tages",
    "week": "week weeks woche wochen",
    "weekend": "weekend wochenende",
    "month": "month months monat monate monaten monats",
    "quarter": "quarter quarters quartal quartale quartalen quartals",
    "year": "year years jahr jahre jahren jahres",
    "decade": "decade decades jahrzehnt jahrzehnte jahrzehnten",
}
SEASONS = {
    "spring": "spring frühling frühjahr",
    "summer": "summer sommer",
    "autumn": "autumn fall herbst",
    "winter": "winter",
}
PARTS = {
    "early": "early beginning_of start_of anfang frühe[nr] beginn",
    "middle": "mid middle_of mitte",
    "late": "late end_of ende späte[nr]",
    "earlier": "earlier",
    "later": "later",
}
WEEKS = {
    "first": "first_week erste[nr]?_woche",
    "last": "last_week final_week letzte[nr]?_woche",
}
STEPS = {
    -1: "last past letzte[mnrs]? vergangene[mnrs]? vorige[mnrs]? this_past",
    0: "this diese[mnrs]?",
    1: "next coming kommende[mnrs]? nächste[mnrs]? this_coming",
}
DAYS = {  # what they are counted from today: the first day, the last
    (-2, -2): "day_before_yesterday vorgestern",
    (-1, -1): "yesterday gestern last_night",
    (-1, 0): "overnight",
    (0, 0): "today tonight heute this_morning this_afternoon this_evening",
    (1, 1): "tomorrow morgen",
    (2, 2): "day_after_tomorrow übermorgen",
}
HOLIDAYS = {
    (1, 1): "new_year's_day neujahr",
    (12, 24): "christmas_eve heiligabend",
    (12, 25): "christmas_day christmas",
    (12, 26): "boxing_day",
    (12, 31): "new_year's_eve silvester",
}
ORDINALS = {
    1: "first 1st erste[mnrs]?",
    2: "second 2nd zweite[mnrs]?",
    3: "third 3rd dritte[mnrs]?",
    4: "fourth 4th vierte[mnrs]?",
    5: "fifth fünfte[mnrs]?",
    6: "sixth sechste[mnrs]?",
    7: "seventh siebte[mnrs]?",
    8: "eighth achte[mnrs]?",
    9: "ninth neunte[mnrs]?",
    10: "tenth zehnte[mnrs]?",
    20: "twentieth zwanzigste[mnrs]?",
    50: "fiftieth fünfzigste[mnrs]?",
    100: "hundredth hundertste[mnrs]?",
}
ALSO_WORDS = frozenset("march april may june august".split())  # and first names, and surnames

_ONES = "one two three four five six seven eight nine"
_NUMBERS = (
    rf"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ](?:{'|'.join(_ONES.split())}))?|"
    rf"{'|'.join(_ONES.split())}|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|"
    r"zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|fünfzehn|zwanzig|dreißig|vierzig|fünfzig|hundert"
)
_ONE = r"an?|eine[mnrs]?|ein"
NUMBER = rf"(?:\d{{1,4}}|{_NUMBERS}|{_ONE})\b"
YEAR = r"[12]\d{3}(?![\d%]|[.,:]\d)"


def pattern(*lines: str) -> str:
    """Write lists of words as one pattern, the longest word first; _ stands for a space.

    >>> pattern("last", "last_night")
    '(?:last night|last)'
    """
    each = sorted({word for line in lines for word in line.split()}, key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(each)})".replace("_", " ")


def meaning(table: Mapping[Meaning, str], word: str) -> Meaning:
    """Look up which entry of a table a word stands in; ValueError if in none.

    >>> meaning(STEPS, "next")
    1
    """
    for meant, words in table.items():
        if re.fullmatch(pattern(words), word):
            return meant
    raise ValueError(f"{word!r} is none of {list(table)}")


def number(word: str) -> int:
    """Read a count, in digits or words; ValueError for anything else.

    >>> number("an"), number("thirty-five"), number("zwei")
    (1, 35, 2)
    """
    if word.isdecimal() or re.fullmatch(_ONE, word):
        return int(word) if word.isdecimal() else 1
    from text_to_num import text2num

    for language in ("en", "de"):
        try:
            return int(text2num(word, language))
        except ValueError:  # not a number of this language
            continue
    raise ValueError(f"{word!r} is no number")


@cache
def months() -> dict[str, int]:
    """Give the names of the months, in lower case and without a dot, from Unicode's CLDR by way of babel."""
    return _names("months") | {"sept": 9}


@cache
def weekdays() -> dict[str, int]:
    """Give the names of the days of the week, Monday is 0; not the short ones, which are words too."""
    return _names("days", ("wide",)) | {"sonnabend": 5}


def _names(of: str, widths: tuple[str, ...] = ("wide", "abbreviated")) -> dict[str, int]:
    from babel import Locale

    names: dict[str, int] = {}
    for locale in ("en", "de", "de_AT"):
        forms = getattr(Locale.parse(locale), of)["format"]
        names |= {
            name.lower().rstrip("."): number for width in widths for number, name in forms[width].items()
        }
    return names
