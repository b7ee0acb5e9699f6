"""Whether a word or a number that looks like a month or a year is one: May and may, 2000 and 2000 people."""

from __future__ import annotations

import re

from index import time_words as words
from index.surroundings import Reading

_ENGLISH = frozenset("january february march may june july october december".split())
_NUMBER_BEFORE = re.compile(r"\d\. $")  # "12. Juni" is a day, "number 12. March was cold" is none
_OF_ANOTHER_YEAR = re.compile(r",? (?:of )?(?:that|the same|the following|the previous) year\b")
_COUNTED = re.compile(  # a number before one of these is no year: "2000 people"
    r"[ -](?:people|men|women|children|dollars?|euros?|pounds?|won|yen|percent|per cent|met(?:er|re)s?|"
    r"kilomet\w+|km|miles?|feet|yards?|ton(?:ne)?s?|words?|homes|houses|jobs|points?|troops|soldiers|workers|"
    r"years?|days|hours|minutes|seconds|times|pages|votes|seats|employees|students|menschen|personen|meter)\b"
)
_NO_YEAR_BEFORE = re.compile(
    r"(?:[$€£#\d/]|(?<!\bmid)-|\b(?:than|about|some|nearly|around|almost|roughly|over|etwa|rund|"
    r"section|chapter|room|route|flight|page|number|project|agenda|no\.|§|seite|\d{3,} to) )$"
)
_ANTIQUITY = re.compile(r",? (?:(?:\d{1,3} )?(?:bce?|v\. ?chr)|\d{1,3} (?:ad|ce|n\. ?chr)|ad \d{1,3})\b")
_CLOCK = re.compile(r" (?:gmt|utc|hours|hrs|uhr|c?est|cet|edt|bst|[mp][sd]t)\b")
_CHANGED_BEFORE = re.compile(
    r"\b(?:rose|fell|grew|climbed|dropped|jumped|sank|went|up|down|raised|cut|(?:in|de)creased|stieg|fiel)"
    r"(?: from| von)? $"
)
_YEAR_BEFORE = re.compile(
    r"(?:\b(?:in|since|by|until|till|before|after|from|during|of|through|to|year|early|late|mid|end|and|the|its|"
    r"his|her|their|this|a|an|seit|bis|ab|vor|nach|jahre?|anfang|mitte|ende|dem|das|der|und)[ -]|'s |\()$"
)
_MONTH_BEFORE = re.compile(
    r"\b(?:in|since|by|until|till|during|before|after|through|from|last|next|this|early|late|mid|month of|"
    r"(?:end|start|beginning|middle) of|(?:set|due|planned|scheduled|expected) for|as of|im|seit|bis|ab|"
    r"anfang|mitte|ende|nach|vor)[ -]$"
)
_MONTHS = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_MONTH_AFTER = re.compile(rf",? (?:and|or|to) (?:early |mid-|late )?{_MONTHS}")  # "May and June"
_MONTH_AND_BEFORE = re.compile(rf"\b{_MONTHS.lower()}[a-z]* (?:and|or) $")
_OWNER_BEFORE = re.compile(r"(?:\b(?:the|its|their|a|an)|'s) $")
_OWNED_AFTER = re.compile(r" (?!on\b|of\b|in\b|to\b|and\b|through\b)[a-z]{3}")  # "its March launch"
_NAME_AFTER = re.compile(r" (?:Day|Madness|Fools?|[A-ZÄÖÜ]\w+ (?:said|says))\b|-[A-Z]")


def is_month(reading: Reading, match: re.Match[str], alone: bool) -> bool:
    """Tell a month from a verb and a name: by its capital, and alone by the word before it."""
    name, start, end = match["month"], *match.span("month")
    if not reading.is_capital(start) or _OF_ANOTHER_YEAR.match(reading.after(match.end())):
        return False
    if not alone:
        is_numbered = match.start() < start and _NUMBER_BEFORE.search(reading.before(start))
        return not (is_numbered and name in _ENGLISH)
    if len(name) < 4 and name not in ("may", "mai"):  # Jan, Mar and Sep are names and words too
        return False
    before, after = reading.before(start), reading.after(end)
    is_said = _MONTH_BEFORE.search(before) or _MONTH_AND_BEFORE.search(before) or _MONTH_AFTER.match(after)
    if name in words.ALSO_WORDS and not is_said:
        return bool(_OWNER_BEFORE.search(before) and _OWNED_AFTER.match(after))
    return not _NAME_AFTER.match(after)


def is_year(reading: Reading, match: re.Match[str]) -> bool:
    """Tell a year from a count of people, money or metres, by the words beside it."""
    before, after = reading.before(match.start()), reading.lowered[match.end() : match.end() + 15]
    if reading.is_quoted(*match.span()) or _COUNTED.match(after) or _NO_YEAR_BEFORE.search(before):
        return False
    if 1900 <= int(match["year"]) < 2100:
        return True
    return not _CHANGED_BEFORE.search(before) and bool(_YEAR_BEFORE.search(before))


def is_of_another_count(reading: Reading, match: re.Match[str], year: int | None) -> bool:
    """Tell a date of antiquity, "15 March 44 BC", and a time of the day, "at 2000 GMT"."""
    if _ANTIQUITY.match(reading.lowered, match.end()):
        return True
    return year is not None and _CLOCK.match(reading.lowered, match.end()) is not None


def is_change(reading: Reading, match: re.Match[str]) -> bool:
    """Tell "rose from 1500 to 1800" and "1900 to 2000 people" from a range of years."""
    before = reading.before(match.start())
    return bool(_CHANGED_BEFORE.search(before) or _COUNTED.match(reading.lowered, match.end()))
