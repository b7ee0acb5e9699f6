"""The numbers in a text, in digits and in words, English and German: how much of what each of them says."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.facts import is_german
from assistant.units import BEFORE, SHARE, after_a_number, is_equal, is_same_kind
from index.words import stems

SCALES = {
    "hundred": 1e2, "thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "mn": 1e6, "mio": 1e6,
    "billion": 1e9, "bn": 1e9, "b": 1e9, "trillion": 1e12, "tn": 1e12, "dozen": 12.0, "dutzend": 12.0,
    "hundert": 1e2, "tausend": 1e3, "millionen": 1e6, "milliarde": 1e9, "milliarden": 1e9, "mrd": 1e9,
    "billionen": 1e12,
}  # fmt: skip
_SCALE = "|".join(sorted(SCALES, key=len, reverse=True))
_SCALED = re.compile(
    rf"(?<![\w.,])(\d[\d,]*(?:\.\d+)?)[\s-]?({_SCALE})(?:s\b|(?<=mio|mrd)\.|\b)", re.IGNORECASE
)
_DIGITS = r"\d{1,3}(?:[,\u00a0\u2009\u202f]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_DOZEN = re.compile(r"\ba dozen\b", re.IGNORECASE)
_HALF_SCALE = re.compile(r"\bhalf an? (hundred|thousand|million|billion|dozen)\b", re.IGNORECASE)
_HALF_OF_ONE = re.compile(r"\bhalf an? ", re.IGNORECASE)
_ORDINALS = "zeroth first second third fourth fifth sixth seventh eighth ninth tenth".split()
_ORDINAL = re.compile(rf"(?<!\d[\s-])\b({'|'.join(_ORDINALS)})\b", re.IGNORECASE)

_TOPS = {"a": 1, "an": 1, "ein": 1, "eine": 1, "zwei": 2, "drei": 3, "vier": 4} | {
    word: at for at, word in enumerate("one two three four five six seven eight nine".split(), 1)
}
_BOTTOMS = {"half": 2, "halves": 2, "quarter": 4, "drittel": 3, "viertel": 4, "fünftel": 5, "zehntel": 10} | {
    word: at for at, word in enumerate(_ORDINALS) if at > 2
}
_FRACTION = re.compile(
    rf"\b(?P<top>{'|'.join(_TOPS)})[ -](?:(?P<many>(?:{'|'.join(_BOTTOMS)})s|halves|\w+tel)"
    rf"|(?P<one>{'|'.join(_BOTTOMS)})(?=\s(?:of|more|less|fewer|higher|lower)\b|\s*[,.;:)!?]|\s*$))(?!\w)",
    re.IGNORECASE,
)
_HALF = re.compile(
    r"(?<!first )(?<!second )(?<!other )(?<!latter )\bhalf(?= (?:of|the|its|their|his|her|all|our)\b)|"
    r"(?<=\bby )half\b|(?<=\bthan )half\b|\b(?:die )?Hälfte\b",
    re.IGNORECASE,
)
_ONE_IN = re.compile(
    r"\b(?P<top>one|\d{1,3})[ -](?P<how>in|out[ -]of)[ -](?:every[ -])?(?P<bottom>\d{1,3})\b(?![.,]?\d|%)"
    r"(?![ -](?:second|minute|hour|day|week|month|year|percent|per cent))",
    re.IGNORECASE,
)
_PAUSE = re.compile(
    r"[.;:!?()\"“”„,–—]\s|[.!?]$|\b(?:and|but|while|or|und|aber|sowie|after|when|who|which|that|als|die)\b",
    re.I,
)
_RANGE = re.compile(r"\s?(?:to|and|or|bis|und|oder|-|–|—)\s?", re.IGNORECASE)
# Stems of words that stand before a number, and say only how exact it is.
_ABOUT = frozenset(
    "around least most near almost some rough approxim up over onli anoth further onc under below abov more "
    "less rund etwa knapp mindesten".split()
)
_WAY = re.compile(r"\b(from|to|von|auf)\s*$")  # before a number: "from 7 to 5 percent"
# What counts nothing: "4:10 p.m.", "F-16", "Falcon 9".
_CLOCK = re.compile(r":$|\s?[ap]\.?m\b", re.IGNORECASE)
_NAMED = re.compile(r"\b(?:[A-Z]-?|[A-Z]\w+ ?|:)$")
_NOUN_WORDS = 3  # that can follow a number as what it counts: "12 young police officers"


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its unit, "" where it counts things: 3m is three million.

    `thing` is the stem of the word right behind it, "" where there is none; `counted` has the stems of the
    words around it, as far as the next number or pause: of "12 dead and 40 injured", {"dead"} and {"injur"}.
    """

    value: float
    unit: str
    thing: str = ""
    counted: frozenset[str] = frozenset()

    def agrees(self, other: Number) -> bool:
        """Tell whether both say the same, units converted; what has no unit and counts nothing fits all.

        >>> Number(50, "mile").agrees(Number(80, "km")), Number(80, "mile").agrees(Number(80, "km"))
        (True, False)
        """
        if not math.isfinite(self.value):
            return False
        if self.unit and other.unit:
            return is_equal(self.value, self.unit, other.value, other.unit)
        plain = other if self.unit else self
        return math.isclose(self.value, other.value, rel_tol=1e-9) and (
            self.unit == other.unit or not plain.thing
        )

    def stands(self, others: Iterable[Number]) -> bool:
        """Tell whether one of others says the same, and no other is rather about what this counts."""
        others = tuple(others)
        own = [other for other in others if self.agrees(other)]
        telling = [other for other in own if other.counted]
        if not telling:
            return bool(own)
        nearest = max(telling, key=lambda other: len(self.counted & other.counted))
        other_thing = nearest.thing and nearest.thing not in self.counted
        return all(
            len(self.counted & other.counted) + bool(other_thing and other.thing == self.thing)
            <= len(self.counted & nearest.counted)
            for other in others
            if self._rivals(other, own)
        )

    def _rivals(self, other: Number, own: Sequence[Number]) -> bool:
        """Tell whether another number may be the one that is about what this counts."""
        return (
            is_same_kind(self.unit, other.unit)
            and other not in own
            and (not self.thing or self.thing in other.counted)
            and (self.thing == other.thing or all(self.thing != one.thing for one in own))
        )


@lru_cache(maxsize=5_000)
def numbers(text: str) -> tuple[Number, ...]:
    """Read the numbers of a text, in digits and in words, ordinals too, each with unit and what it counts.

    >>> [(one.value, one.unit) for one in numbers("It cost $3m, 5 per cent, a second time.")]
    [(3000000.0, '$'), (5.0, 'per cent'), (2.0, '')]
    >>> numbers("zwei Drittel")[0].agrees(numbers("67 percent")[0])
    True
    """
    text = _in_digits(text)
    found = list(_number().finditer(text))
    values = [float(re.sub(r"[^\d.]", "", match["digits"])) * (-1 if match["sign"] else 1) for match in found]
    return tuple(
        Number(value, unit, thing, counted)
        for value, unit, (thing, counted) in zip(
            values, _units(text, found), _counted(text, found), strict=True
        )
    )


@lru_cache(maxsize=5_000)
def without_numbers(text: str) -> str:
    """Take the numbers and their units out of a text, however they are written."""
    return _number().sub(" ", _in_digits(text))


@lru_cache(maxsize=1)
def _number() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<before>(?<![A-Za-z])(?:{BEFORE}))?\s?(?<![\w.,])(?P<sign>(?<![^\s(])[-−])?(?P<digits>{_DIGITS})"
        rf"(?:st|nd|rd|th)?(?:[\s-]?{after_a_number()})?",
        re.IGNORECASE,
    )


def _units(text: str, found: Sequence[re.Match[str]]) -> list[str]:
    """Give the unit of each number; in a range, as "5 to 7 km", the one without has that of the other."""
    units = [(match["before"] or match["after"] or "").lower() for match in found]
    for at in range(len(found) - 1):
        if _RANGE.fullmatch(text, found[at].end(), found[at + 1].start()):
            units[at] = units[at] or units[at + 1]
            units[at + 1] = units[at + 1] or ("" if _noun(text[found[at + 1].end() :]) else units[at])
    return units


def _counted(text: str, found: Sequence[re.Match[str]]) -> Iterator[tuple[str, frozenset[str]]]:
    """Give for each number the stem right behind it, and the stems of what it counts: see `Number`.

    Behind "and" or "to" a number goes on with what the last one counts, as far as it has no words of its own:
    "it sold 50 cars in March and 70 in April".
    """
    ends = [0, *(match.end() for match in found)]
    starts = [*(match.start() for match in found), len(text)]
    subject: set[str] = set()
    things: set[str] = set()
    for at in range(len(found)):
        before, after = text[ends[at] : starts[at]], text[ends[at + 1] : starts[at + 1]]
        ahead, behind, noun = _PAUSE.split(before), _PAUSE.split(after)[0], _noun(after)
        own, way = {*stems(ahead[-1])} - _ABOUT, _WAY.search(ahead[-1])
        goes_on = not own and (len(ahead) > 1 or way is not None)
        subject = subject if goes_on else own
        things = things if goes_on and not noun else {*noun}
        thing = noun[0] if noun else ""
        if _CLOCK.match(after) or (not thing and _NAMED.search(before)):
            yield thing, frozenset()
        else:
            yield thing, frozenset(subject | things | {*stems(behind)} | {*(way.groups() if way else ())})


def _noun(after: str) -> list[str]:
    """Give the stems of the words right behind a number, up to one that carries no meaning."""
    run = re.match(rf"(?:[\s-][^\W\d]+){{0,{_NOUN_WORDS}}}", after)
    found: list[str] = []
    for word in re.findall(r"\w+", run[0] if run else ""):
        stem = stems(word)
        if not stem or _PAUSE.fullmatch(word):
            break
        found += stem
    return found


def _in_digits(text: str) -> str:
    """Write the numbers of a text in digits as English has them, a fraction as "0.5" of the unit SHARE."""
    from text_to_num import alpha2digit

    german = is_german(text)
    text = _with_english_points(text, german)
    text = _SCALED.sub(lambda found: _plain(float(found[1].replace(",", "")), found[2]), text)
    text = _HALF_SCALE.sub(lambda found: _plain(0.5, found[1]), _DOZEN.sub("12", text))
    text = _HALF.sub(_share(1, 2), _HALF_OF_ONE.sub("0.5 ", _FRACTION.sub(_fraction, text)))
    if not german:
        text = _ORDINAL.sub(lambda found: f"{_ORDINALS.index(found[1].lower())}th", text)
    return _ONE_IN.sub(_one_in, str(alpha2digit(text, "de" if german else "en")))


def _with_english_points(text: str, german: bool) -> str:
    """Turn 3.000 into 3,000 and 1,5 into 1.5; what could be either is read as its language has it."""
    one_group = r"\d{3}" if german else "000"
    text = re.sub(
        rf"(?<![\d.,])\d{{1,3}}(?:(?:\.\d{{3}}){{2,}}|\.{one_group})(?![\d.]*\d)",
        lambda found: found[0].replace(".", ""),
        text,
    )
    return re.sub(rf"(?<![\d.,])(\d+),(\d{{1,{9 if german else 2}}})(?!,?\d)", r"\1.\2", text)


def _fraction(found: re.Match[str]) -> str:
    word = (found["many"] or found["one"]).lower()
    bottom = _BOTTOMS.get(word) or _BOTTOMS.get(word.removesuffix("s"))
    return _share(_TOPS[found["top"].lower()], bottom) if bottom else found[0]


def _one_in(found: re.Match[str]) -> str:
    top, bottom = (1 if found["top"].lower() == "one" else int(found["top"])), int(found["bottom"])
    return _share(top, bottom) if 0 < top < bottom else found[0]


def _share(top: int, bottom: int) -> str:
    return f"{top / bottom:.6f}{SHARE}"


def _plain(value: float, scale: str) -> str:
    return f"{value * SCALES[scale.lower()]:.6f}".rstrip("0").rstrip(".")
