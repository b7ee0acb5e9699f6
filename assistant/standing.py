"""Whether the hard facts of a claim stand in sentences: numbers, dates, names, denials, who did it."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache

from assistant.claims import Said
from assistant.facts import (
    MONTHS,
    WEEKDAYS,
    Day,
    days,
    folded,
    names,
    weekdays,
    without_days,
)
from assistant.quantities import Number, numbers, without_numbers
from assistant.roles import is_swapped, without_names
from assistant.stance import is_turned
from index.types import Passage
from index.words import stems

_FEW_WORDS = 3  # up to so many, each of a claim's words has to stand in its sentences
_MISSING = 0.55  # the share of more words than that which need not: docs/benchmarks.md, "Verifying"
_CLOSE = 0.7  # the share of a claim's words in one sentence from which a "not" or a "may" has to be in both

_CALENDAR = frozenset([*WEEKDAYS, *MONTHS])
_PREPOSITIONS = frozenset(
    "in at from near of to on for with under over into against about as am von mit bei".split()
)
_DIRECTIONS = frozenset("north south east west new".split())
_SHARED = frozenset(
    "united new north south east west san los las saint st republic university of the".split()
)
_TODAY = re.compile(r"\b(?:today|tonight|this (?:morning|afternoon|evening)|earlier in the day)\b", re.I)
_YESTERDAY = re.compile(r"\b(?:yesterday|last night|the day before|a day earlier)\b", re.I)
_TOMORROW = re.compile(r"\btomorrow\b", re.I)

Place = tuple[Passage, tuple[int, int]]


def is_contradicted(said: Said, places: Iterable[Place]) -> bool:
    """Tell whether sentences say nearly what a claim says, and all of others, or the reverse of it."""
    close = [place for place in places if _is_close(said.text, words_of(place))]
    return bool(close) and all(
        is_turned(said.text, words_of(place))
        or is_swapped(said.text, words_of(place))
        or not _names_stand(said, [place])
        for place in close
    )


def facts_stand(said: Said, here: Sequence[Place]) -> bool:
    """Tell whether every number, date and name of a claim stands there, and it denies what is denied."""
    written, nearest = _written(here), _nearest_part(said, here)
    titles = " ".join(passage.article.title for passage, _ in here)
    close = _is_close(said.text, nearest)  # then it is that sentence's date that counts
    dated = [place for place in here if words_of(place) == nearest] if close else here
    return (
        _numbers_stand(said.text, f"{written} {titles}")
        and weekdays(said.text) <= weekdays(written)
        and all(any(_is_dated(day, place) for place in dated) for day in days(said.text))
        and _names_stand(said, here)
        and not (_is_close(said.text, nearest) and is_turned(said.text, nearest))
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
    known = known_words(f"{written} {about}") | _CALENDAR | units  # numbers answer for "Australian" dollars
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


def _is_dated(day: Day, place: Place) -> bool:
    """Tell whether a date stands in a sentence, or is what "yesterday" or "on Friday" mean in its article."""
    passage, _ = place
    words, published = words_of(place), passage.article.published_day
    for other in days(words):
        if day.agrees(other) and (other.year or not day.year or _is_year_of(day, passage)):
            return True
    if day.day is None:
        return _is_in(day, words, passage)
    if published is None:
        return False
    meant = [published] if _TODAY.search(words) else []
    meant += [published - timedelta(1)] if _YESTERDAY.search(words) else []
    meant += [published + timedelta(1)] if _TOMORROW.search(words) else []
    for weekday in weekdays(words):
        last = published - timedelta((published.weekday() - weekday) % 7)
        meant += [last, last + timedelta(7), last - timedelta(7)]
    return any(day.agrees(Day(one.year, one.month, one.day)) for one in meant)


def _is_in(day: Day, words: str, passage: Passage) -> bool:
    """Tell whether a month or a year is that of the article, where the sentence names no year."""
    published: date | None = passage.article.published_day
    if any(other.year for other in days(words)) or published is None:
        return False
    return day.agrees(Day(published.year, published.month, None))


def _is_year_of(day: Day, passage: Passage) -> bool:
    """Tell whether a sentence that names no year can mean this one: its article's, or the last one's end."""
    published = passage.article.published_day
    if published is None:
        return str(day.year) in passage.text
    later = (day.month or 0, day.day or 0) > (published.month, published.day)
    return day.year == published.year or (later and day.year == published.year - 1)


def _nearest_part(said: Said, here: Sequence[Place]) -> str:
    """Give the sentence that holds most of the claim's words: its "not" and its "may" count."""
    words = _stems(said.text)
    return max((words_of(place) for place in here), key=lambda text: len(words & _stems(text)))


def words_stand(said: Said, here: Sequence[Place]) -> bool:
    """Tell whether enough of a claim's words stand there: half, of a few words all.

    Names and dates are left out; numbers count as words that stand there, in whatever way they are written.
    """
    undated = without_days(said.text)
    own = len(_stems(" ".join(sorted(without_names(undated)))))
    titles = " ".join(passage.article.title for passage, _ in here)
    wanted = _stems(" ".join(sorted(without_names(without_numbers(undated)))))
    missing = len(wanted - _stems(f"{_written(here)} {titles}"))
    return missing <= _MISSING * own if own > _FEW_WORDS else not missing


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
