"""Whether two quotations can be one statement: their numbers and days, their doubts, what they turn round."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from assistant.facts import MONTHS, days, weekdays
from assistant.quantities import numbers
from assistant.stance import is_denied
from assistant.verify.roles import is_swapped
from index.words import stems

_LEAST_SHARED = 2  # stems that two quotations share, for one that is replaced to be looked at
_MONTH = re.compile(rf"\b(?:{'|'.join(month.capitalize() for month in MONTHS)})\b")  # "may" is none
_RELATIVE = {
    "today": r"\b(?:today|tonight|this (?:morning|afternoon|evening)|heute)\b",
    "tomorrow": r"\b(?:tomorrow|morgen)\b",
    "yesterday": r"\b(?:yesterday|last night|gestern)\b",
    "this": r"\bthis (?:week|month|year|spring|summer|autumn|winter)\b",
    "next": r"\b(?:next|coming) (?:week|month|year|spring|summer|autumn|winter)\b",
    "last": r"\b(?:last|past) (?:week|month|year|spring|summer|autumn|winter)\b",
}
# How a statement is meant: one that asks, guesses, or says "if" or "hardly" is another one without it.
_MOODS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\?",
        r"\b(?:if|unless|provided|in case|wenn|sofern)\b",
        r"\b(?:might|could|perhaps|possibl[ey]|maybe|probabl[ey]|(?:un)?likely|seems?|appears?|vielleicht|"
        r"wohl|womöglich|könnten?|(?:i|we) (?:think|believe|hope|guess|suppose|expect|doubt))\b|"
        r"\b(?-i:may)\b(?! \d)",
        r"\b(?:few|hardly|barely|scarcely|rarely|seldom|kaum|selten)\b(?<!a few)",
        r"\b(?:used to|no longer|any ?more|nicht mehr)\b",
        r"\b(?:some|many|most|they|others|critics|opponents) (?:believe|say|said|think|claim|argue)\b",
    )
)
_PAST, _PRESENT = (
    re.compile(r"\b(?:was|were|had)\b"),
    re.compile(r"\b(?:is|are|am|has|have)\b|[’'](?:s|re|ve)\b"),
)
_HELPED = re.compile(
    r"\b(?:be|been|being|is|are|am|was|were|has|have|had|gets?|got)\b(?:\W+\w+){0,2}\W+$", re.IGNORECASE
)
# Beside those of the claims that are checked, whose "left" is more often a verb.
_OPPOSITES = tuple(
    tuple(frozenset(way.split()) for way in pair.split("|"))
    for pair in (
        "left | right",
        "north northern | south southern",
        "east eastern | west western",
        "stole steal steals stolen stealing | lost lose loses losing",
        "safe safety | dangerous danger",
        "open opened | shut closed",
        "hope hopes | fear fears",
        "war | peace",
        "always | sometimes",
        "yes ja | no nein",
    )
)


def can_be_one(one: str, other: str) -> bool:
    """Tell whether two quotations can be one statement in other words.

    They can not where a number, a day or a month of one is against the other's, where one denies, doubts,
    asks or puts under a condition what the other does not, where one speaks of the past, or where all but a
    single word is the same: then it is that word which somebody changed.

    >>> can_be_one("The harbour will open in June.", "The port opens to ships in September.")
    False
    >>> can_be_one("We shall not sell our woods.", "Our forests are not for sale.")
    True
    """
    return (
        _times_agree(one, other)
        and all(bool(mood.search(one)) == bool(mood.search(other)) for mood in _MOODS)
        and not is_denied(one, other)
        and not (is_swapped(one, other) or is_swapped(other, one))
        and not _is_opposite(one, other)
        and not _is_replaced(one, other)
        and _tense(one, other)
    )


def is_counted_from_now(text: str) -> bool:
    """Tell whether a text speaks of "today" or "this year", whose date depends on when it was said."""
    return bool(_relative(text))


def _times_agree(one: str, other: str) -> bool:
    """Tell whether one's numbers, days and months are all among the other's, each kind by itself."""
    mine, theirs = numbers(one), numbers(other)
    counts = all(any(n.agrees(m) for m in theirs) for n in mine) or all(
        any(m.agrees(n) for n in mine) for m in theirs
    )
    dated = days(one), days(other)
    is_day = all(any(a.agrees(b) or b.agrees(a) for a in dated[0]) for b in dated[1]) or all(
        any(a.agrees(b) or b.agrees(a) for b in dated[1]) for a in dated[0]
    )
    return (
        counts
        and is_day
        and _within(weekdays(one), weekdays(other))
        and _within(_months(one), _months(other))
        and _within(_relative(one), _relative(other))
    )


def _within(mine: Collection[object], theirs: Collection[object]) -> bool:
    return set(mine) <= set(theirs) or set(theirs) <= set(mine)


def _months(text: str) -> set[int]:
    return {MONTHS.index(month.lower()) % 12 for month in _MONTH.findall(text)}


def _relative(text: str) -> set[str]:
    return {name for name, words in _RELATIVE.items() if re.search(words, text, re.IGNORECASE)}


def _is_opposite(one: str, other: str) -> bool:
    """Tell whether one says "left" where the other says "right"; neither counts in a text that has both."""
    mine, theirs = _words(one), _words(other)
    return any(
        (mine & way and not mine & turned and theirs & turned and not theirs & way)
        for pair in _OPPOSITES
        for way, turned in (pair, pair[::-1])
    )


@lru_cache(maxsize=5_000)
def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower()))


def _is_replaced(one: str, other: str) -> bool:
    """Tell whether the quotations have the same words but for one: nobody knows whether it is a synonym."""
    mine, theirs = set(stems(one)), set(stems(other))
    return len(mine & theirs) >= _LEAST_SHARED and len(mine - theirs) == len(theirs - mine) == 1


def _tense(one: str, other: str) -> bool:
    """Tell whether neither says "I supported", "it was", where the other says "I support", "it is"."""
    mine, theirs = _is_past(one), _is_past(other)
    was = mine and theirs and mine != theirs
    return not was and not (_only_past(one, other) & _plain(other) or _only_past(other, one) & _plain(one))


def _is_past(text: str) -> str:
    """Tell by forms of "be" and "have" alone in what tense a text is; "" where it has none, or both."""
    past, present = bool(_PAST.search(text.lower())), bool(_PRESENT.search(text.lower()))
    return "" if past == present else "past" if past else "present"


def _only_past(text: str, other: str) -> set[str]:
    return _simple_past(text) - _simple_past(other)


def _simple_past(text: str) -> set[str]:
    """Give the stems of the words in "-ed" that no "was" or "have" stands before."""
    return {
        stem
        for word in re.finditer(r"\b\w{2,}ed\b", text)
        if not _HELPED.search(text[: word.start()])
        for stem in stems(word[0])
    }


def _plain(text: str) -> set[str]:
    return {stem for word in re.findall(r"\w+", text) if not word.endswith("ed") for stem in stems(word)}
