"""Whether the hard facts of a claim stand in sentences: numbers, dates, names, denials, who did it."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from functools import lru_cache

from assistant.facts import (
    MONTHS,
    WEEKDAYS,
    days,
    folded,
    names,
    weekdays,
    without_days,
)
from assistant.quantities import Number, numbers, without_numbers
from assistant.stance import is_turned
from assistant.verify.attributing import has_its_source, is_passed_off
from assistant.verify.claims import Said
from assistant.verify.dating import is_dated
from assistant.verify.roles import is_swapped, without_names
from index.types import Passage
from index.words import stems

_FEW_WORDS = 3  # up to so many, each of a claim's words has to stand in its sentences
_MISSING = 0.55  # the share of more words than that which need not: docs/benchmarks.md, "Verifying"
_CLOSE = 0.7  # the share of a claim's words in one sentence from which a "not" or a "may" has to be in both

_REASON = re.compile(r"\b(?:because|in order to|so that|due to|thanks to|owing to|weil|damit|wegen)\b", re.I)
_CALENDAR = frozenset([*WEEKDAYS, *MONTHS])
_PREPOSITIONS = frozenset(
    "in at from near of to on for with under over into against about as am von mit bei".split()
)
_DIRECTIONS = frozenset("north south east west new".split())
_SHARED = frozenset(
    "united new north south east west san los las saint st republic university of the".split()
)

Place = tuple[Passage, tuple[int, int]]


def is_contradicted(said: Said, places: Iterable[Place]) -> bool:
    """Tell whether sentences say nearly what a claim says, and all of others, or the reverse of it."""
    close = [place for place in places if _is_close(said.text, words_of(place))]
    return bool(close) and all(
        is_turned(said.text, words_of(place))
        or not has_its_source(said, *place)
        or is_swapped(said.text, words_of(place))
        or not _names_stand(said, [place])
        for place in close
    )


def facts_stand(said: Said, here: Sequence[Place]) -> bool:
    """Tell whether numbers, dates, names and sources of a claim stand there, and it denies what is denied."""
    written, nearest = _written(here), _nearest_part(said, here)
    titles = " ".join(passage.article.title for passage, _ in here)
    close = _is_close(said.text, nearest)  # then it is that sentence's date that counts
    holding = [place for place in here if words_of(place) == nearest]
    dated = holding if close else here
    return (
        _numbers_stand(said.text, f"{written} {titles}")
        and weekdays(said.text) <= weekdays(written)
        and all(any(is_dated(day, *place) for place in dated) for day in days(said.text))
        and _names_stand(said, here)
        and any(has_its_source(said, *place) for place in holding)
        and not (close and (is_turned(said.text, nearest) or is_passed_off(said.text, nearest)))
        and not any(is_swapped(said.text, words_of(place)) for place in here)
    )


def _names_stand(said: Said, here: Sequence[Place]) -> bool:
    """Tell whether the names of a claim stand there, or else in the passages where nobody else is named."""
    written, nearest = _written(here), _nearest_part(said, here)
    if _is_close(said.text, nearest):  # it is that sentence's names that count
        here = [place for place in here if words_of(place) == nearest]
        written = nearest
    about = " ".join(f"{p.article.title} {p.article.outlet} {p.article.byline}" for p, _ in here)
    units = {word for number in numbers(said.text) for word in re.findall(r"\w+", number.unit)}
    whole = " ".join(passage.text for passage, _ in here)
    known = (
        known_words(f"{written} {about}") | _CALENDAR | units | _in_full(written, whole)
    )  # numbers answer for "Australian" dollars
    around = known.union(*(known_words(passage.text) for passage, _ in here))
    for name in names(without_days(said.around)):
        if not is_known(name, known) and (
            not is_known(name, around) or _is_replaced(name, nearest, said.text)
        ):
            return False
    return True


@lru_cache(maxsize=5_000)
def known_words(text: str) -> frozenset[str]:
    """Give the folded words of a text, and the initials of its names: "us" where it has the United States."""
    initials = ("".join(word[0] for word in name) for name in names(text) if len(name) > 1)
    return frozenset((*folded(text).split(), *initials))


def _in_full(written: str, whole: str) -> frozenset[str]:
    """Give the names that "the North" and the like stand for, where their passages have them in full."""
    short = {word for word in _DIRECTIONS if re.search(rf"\bthe {word.title()}\b", written)}
    return frozenset(word for name in names(whole) if name[0] in short for word in name)


def _written(here: Iterable[Place]) -> str:
    return " ".join(map(words_of, here))


@lru_cache(maxsize=5_000)
def _stems(text: str) -> frozenset[str]:
    return frozenset(stems(text))


def words_of(place: Place) -> str:
    """Give the words of a sentence."""
    passage, (start, end) = place
    return passage.article.text[start:end]


def _numbers_stand(claim: str, written: str) -> bool:
    there = numbers(without_days(written)) + numbers(written)
    return all(
        _is_said_in_passing(number, claim) or number.stands(there) for number in numbers(without_days(claim))
    )


def _is_said_in_passing(number: Number, claim: str) -> bool:
    """Tell whether a number is a "one" or "second" in words, which need not count anything."""
    return number.value in (1, 2) and not number.unit and not re.search(rf"\b{number.value:.0f}\b", claim)


def _nearest_part(said: Said, here: Sequence[Place]) -> str:
    """Give the sentence that holds most of the claim's words: its "not" and its "may" count."""
    words = _stems(said.text)
    return max((words_of(place) for place in here), key=lambda text: len(words & _stems(text)))


def words_stand(said: Said, here: Sequence[Place]) -> bool:
    """Tell whether enough of a claim's words stand there: half, of a few words all.

    Names and dates are left out; numbers count as words that stand there, in whatever way they are written.
    Of a reason that is given, half of the words have to stand there by themselves.
    """
    undated = without_days(said.text)
    own = len(_stems(" ".join(sorted(without_names(undated)))))
    titles = " ".join(passage.article.title for passage, _ in here)
    wanted = _stems(" ".join(sorted(without_names(without_numbers(undated)))))
    there = _stems(f"{_written(here)} {titles}")
    missing = len(wanted - there)
    stands = missing <= _MISSING * own if own > _FEW_WORDS else not missing
    reasons = (_stems(reason) for reason in _REASON.split(undated)[1:])
    return stands and all(2 * len(reason & there) >= len(reason) for reason in reasons)


def _is_close(claim: str, sentence: str) -> bool:
    """Tell whether a claim says nearly what a sentence says, names apart: then a name or a "not" decides."""
    words = _stems(" ".join(sorted(without_names(claim))))
    return len(words & _stems(sentence)) >= _CLOSE * len(words)


def is_known(name: Sequence[str], words: Container[str]) -> bool:
    """Tell whether half of a name's words are among some words, and all directions; or its initials."""
    if any(word in _DIRECTIONS and word not in words for word in name):
        return False
    telling = [word for word in name if word not in _SHARED] or name
    initials = "".join(word[0] for word in name)
    return 2 * sum(word in words for word in telling) >= len(telling) or (len(name) > 1 and initials in words)


def _is_replaced(name: Sequence[str], written: str, claim: str) -> bool:
    """Tell whether sentences have another name where the claim has this one: behind the same word."""
    own = set(folded(claim).split()) | _CALENDAR
    others = (other for other in names(written) if not set(other) & own)
    return any(_word_before(other, written) == _word_before(name, claim) for other in others)


def _word_before(name: Sequence[str], text: str) -> str:
    """Give the preposition before a name, "" where there is none."""
    before = folded(text).partition(" ".join(name))[0].split()
    return next((word for word in reversed(before[-2:]) if word in _PREPOSITIONS), "")
