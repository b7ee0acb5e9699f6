"""The figures of a sentence: a number as written, the range it stands for, its unit, and what it counts."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.compare.numerals import FIGURE, FORMER, NOBODY, has_number, range_of, unit_of
from assistant.compare.wordings import PEOPLE, is_measure, measures, term_of, terms

_SCORE = re.compile(r"(?<![\w-])(\d{1,3})[-–:](\d{1,3})(?![\w-]| ?(?:percent|per|%|years?|people|million))")
_PLAYED = re.compile(
    r"\b(?:beat|beaten|won|win|wins|victory|lost|defeat(?:ed)?|drew|draw|score|besieg\w+|gewann)\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\b\d{1,2}(?:[:.]\d\d)?\s?(?:[ap]\.?m\b|Uhr\b|o’clock)", re.IGNORECASE)
_STATEMENT = re.compile(r"[^.;]+")
_RETRACTED = re.compile(r"\b(?:wrongly|falsely|mistakenly|fälschlich)\b", re.IGNORECASE)
_NAMED = re.compile(r"[A-ZÀ-Þ][\w’'-]*\s$")  # "Pixel 8", "Chapter 11"
_AGED = re.compile(r"[A-ZÀ-Þ][\w’-]+,\s$")  # "Mara Dunn, 84, who"
_LEADING = re.compile(  # "In Larkum 12 people", "All 88 passengers"
    r"\b(?i:in|at|after|near|around|on|off|from|of|to|by|for|and|with)\s(?:[A-ZÀ-Þ][\w’'-]*\s)+$"
    r"|(?:^|[.!?“]\s)(?:All|The|These|Those|Only|Just|Another|Nearly|Almost|Over|About|Some|But|And|Yet|Still|"
    r"Police|Now|Then|There|Here|Overall|Altogether|Today|Yesterday|Overnight|Later|When|While|As|With|Of|For|"
    r"His|Her|Its|Their|Our)\s$"
)
_ONE_OF_THEM = re.compile(r"\s+(?:person|man|woman|child|worker|soldier|passenger|death)\b")
_STOP = re.compile(
    r"[^\w\s’'-]|\b(?:were|was|are|is|have|has|had|will|would|did|do|in|on|at|of|from|to|for|after|when|and|or|by|"
    r"with|before|because|since|between|against|near|off|than|as|the|a|this|last|who|that|which|while|under|over|"
    r"into|so|fell|came|took|left|lost|went|got|said|stood|ran|met|made|felt|wurden|wurde|sind|waren|im|in|auf|am|"
    r"nach|bei|aus|gegen|für|an|gestiegen|gesunken|ums|kamen|kommen|starben|die|der|das|mit)\b",
    re.IGNORECASE,
)
_COUNTED_WORDS = 4  # words of a phrase that names what is counted
_CROSSED, _BREAK = (
    200,
    30,
)  # characters that another figure, or a comma, is worth between a figure and its word
_MOST = 40  # figures of a sentence; with more it is a table, and nothing says what each one is of
_REACH = 200  # characters beside a figure that say whether it is one, and of what
_FEW, _BARE = 100, 0.05  # below the one a count is exact; how far a bare 200 may be from 198


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a sentence, `text[start:end]` with its hedge and unit; `low` to `high` is what it may mean.

    `unit` is a currency, "percent", "year", a measure such as ".km", "score", or "" where things are counted;
    `counted` are the terms of those things, `measure` the term that says what is measured, "" if none does.
    """

    text: str
    start: int
    end: int
    low: float
    high: float
    unit: str
    counted: tuple[str, ...]
    measure: str

    def agrees(self, other: Figure) -> bool:
        """Tell whether both can be one number: the same, one rounded, or one inside the other's range."""
        if self.low <= other.high and other.low <= self.high:
            return True
        if self.low != self.high or other.low != other.high or self.unit == "score":
            return False
        return _is_rounding(self, other) or _is_rounding(other, self)


def _is_rounding(rough: Figure, exact: Figure) -> bool:
    """Tell whether a number is another one with fewer digits."""
    one, other = rough.low, exact.low
    digits = re.sub(r"[^\d.]", "", rough.text)
    if rough.unit and one < _FEW and float(one).is_integer() and "." not in digits and not _is_whole(other):
        return round(other) == one
    if not rough.unit and max(one, other) < _FEW:
        return False
    power = _last_digit(one)
    near = abs(one - other) <= _BARE * max(abs(one), abs(other))
    return near and power > _last_digit(other) and abs(one - other) <= power / 2


def _is_whole(value: float) -> bool:
    """Tell whether a value has no decimals."""
    return float(value).is_integer()


def _last_digit(value: float) -> float:
    """Give the worth of the last digit that is not nought: 17,200 gives 100."""
    digits = f"{value:.6f}".rstrip("0")
    decimals = len(digits.split(".")[1])
    if decimals:
        return float(10**-decimals)
    whole = digits.split(".")[0]
    return float(10 ** (len(whole) - len(whole.rstrip("0"))))


@lru_cache(maxsize=5_000)
def figures(text: str, language: str = "") -> tuple[Figure, ...]:
    """Read the figures of a sentence whose dates are blanked.

    >>> [(one.text, one.low, one.measure) for one in figures("The quake killed at least 12 people.")]
    [('at least 12', 12.0, 'killed')]
    """
    if not has_number(text):
        return ()
    plain = text
    for pattern in (_CLOCK, FORMER):
        plain = pattern.sub(lambda found: " " * len(found[0]), plain)
    plain = _STATEMENT.sub(lambda one: " " * len(one[0]) if _RETRACTED.search(one[0]) else one[0], plain)
    scores = [_score(found) for found in _SCORE.finditer(plain)] if _PLAYED.search(plain) else []
    for one in scores:
        plain = plain[: one.start] + " " * (one.end - one.start) + plain[one.end :]
    matches = [found for found in FIGURE.finditer(plain) if _is_figure(found, plain, language)]
    if len(matches) > _MOST:
        return ()
    spans = [found.span() for found in matches]
    none = [_none(found) for found in NOBODY.finditer(plain) if measures(term_of(found["verb"].lower()), "")]
    return (*(_figure(found, plain, language, spans) for found in matches), *scores, *none)


def _none(found: re.Match[str]) -> Figure:
    return Figure(found["number"], *found.span("number"), 0.0, 0.0, "", (), term_of(found["verb"].lower()))


def _score(found: re.Match[str]) -> Figure:
    high, low = sorted((int(found[1]), int(found[2])), reverse=True)
    value = high * 1000.0 + low
    return Figure(found[0], *found.span(), value, value, "score", (), "score")


def _is_figure(found: re.Match[str], text: str, language: str) -> bool:
    """Tell a number that counts or measures from a part of a name, from "one of them" and from a year."""
    indent = len(found[0]) - len(found[0].lstrip())
    at, after = found.start() + indent, text[found.end() : found.end() + _REACH]
    near = max(0, at - _REACH)
    number = found["number"].lower()
    if number == "one" and not _ONE_OF_THEM.match(after):
        return False
    if found["sign"] or found["unit"] or found["scale"]:
        return True
    if language != "de" and _NAMED.search(text, near, at) and not _LEADING.search(text, near, at):
        return bool(re.match(r"\s+(?:people|were)", after))
    return not (re.fullmatch(r"(?:19|20)\d\d", number) and not re.match(r"\s+[a-z]+", after))


def _figure(found: re.Match[str], text: str, language: str, spans: list[tuple[int, int]]) -> Figure:
    unit = unit_of(found)
    low, high = range_of(found, language)
    is_age = bool(_AGED.search(text[: found.start("number")]) and re.match("[,.]", text[found.end() :]))
    return Figure(
        text=found[0].strip(),
        start=found.start() + len(found[0]) - len(found[0].lstrip()),
        end=found.end(),
        low=low,
        high=high,
        unit=unit,
        counted=() if unit else _counted(text[found.end() : found.end() + _REACH]),
        measure="age" if is_age else _measure(text, found.span(), unit, spans, language),
    )


def _counted(after: str) -> tuple[str, ...]:
    """Give the terms of the noun that follows a number, its adjectives before it, "people" left out.

    >>> _counted(" wounded soldiers were brought there"), _counted(" watched the match")
    (('soldier',), ())
    """
    if not after.startswith((" ", "-")):
        return ()
    stop = _STOP.search(after)
    kept: list[str] = []
    for word in re.findall(r"\w+", after[: stop.start()] if stop else after)[:_COUNTED_WORDS]:
        term = term_of(word.lower())
        if is_measure(term) or (kept and word.endswith("ed")):
            if kept:
                break
            continue
        if term in PEOPLE:
            break
        kept.append(term)
    return tuple(term for term in kept if term)


def _measure(text: str, own: tuple[int, int], unit: str, spans: list[tuple[int, int]], language: str) -> str:
    """Give the nearest term that says what is measured, with no other figure and no break between."""
    best, nearest = "", math.inf
    for one in terms(text):
        if not measures(one.term, unit) or (own[0] <= one.start < own[1] and one.term != "temperature"):
            continue
        if language != "de" and one.start and text[one.start].isupper():
            continue  # part of a name: Best Buy
        left, right = (one.end, own[0]) if one.end <= own[0] else (own[1], one.start)
        crossed = any(left <= start < right for start, _ in spans)
        breaks = len(re.findall(r"[,;:]|\b(?:and|und|while|when)\b", text[left:right]))
        distance = max(0, right - left) + _CROSSED * crossed + _BREAK * breaks
        if distance < nearest:
            best, nearest = one.term, distance
    return best
