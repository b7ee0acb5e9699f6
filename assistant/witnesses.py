"""Sentences that tell on which day an event was, and how surely each does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from assistant.anchors import Anchor
from assistant.compare.wordings import term_of, term_set
from assistant.denied import is_denied_at
from assistant.event_words import names_occasion
from assistant.facts import names
from assistant.sentences import holding
from assistant.stance import negations
from index.arrays import Floats
from index.embed import Embed
from index.intervals import Interval
from index.search import rarity
from index.times import SURE_DAYS, TimeExpression, remembered_days
from index.types import Article, Passage
from index.words import question_stems, stems

if TYPE_CHECKING:
    from index.library import ArticleIndex

# What a sentence is worth as a witness: docs/times.md, "Events".
_WORDS, _MEANING = 0.6, 0.4
_ALIKE = 0.6  # the cosine from which a sentence means the event
_LEAST_WORDS = 0.35  # of the event's words, by how rare they are
LEAST = 0.5  # of one sentence, to count
_TITLE, _TITLE_DAYS = 0.6, 2  # what a headline's word is worth, for days so near to the report
_OTHER_VERB = 0.6  # what a sentence is worth that does not say what was done, where another does
_NO_VERB = 0.8  # where none does: it may be in other words
_DENIED = 0.7  # what a sentence is worth that denies something else and says what was done
_APART, _APART_CHARACTERS = 0.3, 100  # what is lost where so many lie between a day and the event's words
_OTHER_DAY = 0.5  # what a day of the sentence is worth that lies farther from the event's words than another
_WORD = re.compile(r"\w[\w’'-]*")


@dataclass(frozen=True, slots=True)
class _Named:
    """An event as it is looked for: its words as stems and as terms, and what each is of its meaning.

    `shares` add up to 1, shape (stems,).
    """

    text: str
    stems: tuple[str, ...]
    terms: tuple[str, ...]
    shares: Floats
    names: tuple[str, ...]
    verb: str
    is_name: bool


@dataclass(frozen=True, slots=True)
class _Telling:
    """A sentence that names a day, and how far it and its headline hold the event's stems, shape (stems,)."""

    passage: Passage
    start: int
    end: int
    times: tuple[TimeExpression, ...]
    held: Floats
    in_title: Floats

    @property
    def text(self) -> str:
        return self.passage.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Witness:
    """Words that name an event and its days; `weight` tells how surely, `says_year` whether they do."""

    interval: Interval
    weight: float
    says_year: bool
    says_verb: bool
    passage: Passage
    start: int
    end: int


def witnesses(
    anchor: Anchor, passages: Sequence[Passage], index: ArticleIndex, embed: Embed
) -> list[Witness]:
    """Weigh the days that passages give for an event."""
    named = _named(index, anchor)
    telling = [one for passage in passages for one in _telling(named, passage)]
    found: list[Witness] = []
    if telling:
        vectors = embed([named.text, *(one.text for one in telling)])
        for one, meaning in zip(telling, vectors[1:] @ vectors[0], strict=True):
            found += _weighed(named, one, min(float(meaning) / _ALIKE, 1.0))
    if named.verb:
        worth = _OTHER_VERB if any(one.says_verb for one in found) else _NO_VERB
        found = [one if one.says_verb else replace(one, weight=one.weight * worth) for one in found]
    return found


def _named(index: ArticleIndex, anchor: Anchor) -> _Named:
    terms = {stem: term_of(word) for word in _WORD.findall(anchor.event.lower()) for stem in stems(word)}
    asked = tuple(dict.fromkeys(question_stems(anchor.event)))
    counts = index.frequencies(asked) or [1] * len(asked)
    passages = max(index.passages, *counts)  # the word index may lag behind the catalog
    rarities = np.array([rarity(count, passages) for count in counts])
    words = _WORD.findall(anchor.event)
    occasions = {stem for word in words if names_occasion(word) for stem in stems(word)}
    called = [stem for name in names(f"x {anchor.event}") for stem in stems(name[-1])]
    return _Named(
        anchor.event,
        asked,
        tuple(terms.get(stem, stem) for stem in asked),
        rarities / (rarities.sum() or 1.0),
        tuple(stem for stem in dict.fromkeys(called) if stem in asked and stem not in occasions),
        anchor.verb,
        anchor.is_name,
    )


def _held(named: _Named, text: str) -> Floats:
    """Tell how far words hold each of the event's."""
    there = term_set(text)
    same = [float(term in there) for term in named.terms]
    return np.maximum(holding(named.stems, stems(text)), same)


def _telling(named: _Named, passage: Passage) -> Iterator[_Telling]:
    """Find the sentences of a passage that say a day and hold enough of the event's words."""
    article = passage.article
    in_title = _held(named, article.title)
    of_passage = np.maximum(_held(named, passage.text), in_title)
    if not _has_names(named, of_passage, all):
        return
    for at, (start, end) in enumerate(passage.sentences):
        text = article.text[start:end]
        near = passage.sentences[max(at - 1, 0) : at + 2]
        around = article.text[near[0][0] : near[-1][1]]
        held = _held(named, text)
        likely = np.maximum(held, _TITLE * in_title)
        if float(likely @ named.shares) < _LEAST_WORDS or not _has_names(named, likely, any):
            continue
        if named.is_name and not names_occasion(f"{around} {article.title}"):
            continue
        found = [
            one for one in remembered_days(text, article.published_day) if _counts(named, one, text, article)
        ]
        if found:
            yield _Telling(passage, start, end, tuple(found), held, in_title)


def _has_names(named: _Named, held: Floats, wanted: Callable[[Iterable[bool]], bool]) -> bool:
    there = dict(zip(named.stems, held, strict=True))
    return not named.names or wanted(bool(there[name]) for name in named.names)


def _counts(named: _Named, time: TimeExpression, text: str, article: Article) -> bool:
    """Tell whether a day can be the event's: not one to come, if it is past.

    "On Saturday" of a report that was changed is of nobody knows when.
    """
    day = article.written_day
    if named.verb and day and time.interval.first > day:
        return False
    is_written_out = any(sign.isdigit() for sign in text[time.start : time.end])
    return is_written_out or article.published_day == day


def _weighed(named: _Named, telling: _Telling, meaning: float) -> Iterator[Witness]:
    """Weigh each day that a sentence tells, the one nearest to the event's words the most."""
    text, day = telling.text, telling.passage.article.written_day
    says_verb = bool(named.verb) and _says(named.verb, f"{text}\n{telling.passage.article.title}")
    places = _places(text, lambda word: _says(named.verb, word)) if says_verb else []
    places = places or _places(text, lambda word: bool(_held(named, word).max() > 0))
    between = {
        one: [max(one.start - at, at - one.end, 0) for at, _ in places] or [0] for one in telling.times
    }
    nearest = min(telling.times, key=lambda one: sum(between[one]))
    for one in telling.times:
        if places and is_denied_at(text, *places[between[one].index(min(between[one]))]):
            continue
        far = one.interval.distance(day) if day else 0
        held = np.maximum(telling.held, _TITLE * telling.in_title) if far <= _TITLE_DAYS else telling.held
        words = float(held @ named.shares)
        weight = _WORDS * words + _MEANING * meaning
        if words < _LEAST_WORDS or weight < LEAST:
            continue
        weight *= _DENIED if says_verb and negations(text) else 1.0
        says_year = str(one.interval.first.year) in text[one.start : one.end] or far > SURE_DAYS
        weight *= 1.0 - _APART * min(min(between[one]) / _APART_CHARACTERS, 1.0)
        weight *= 1.0 if one.interval == nearest.interval else _OTHER_DAY
        yield Witness(one.interval, weight, says_year, says_verb, telling.passage, telling.start, telling.end)


def _says(verb: str, text: str) -> bool:
    """Tell whether a text has a verb, in whatever form."""
    return term_of(verb) in term_set(text) or max(holding(stems(verb), stems(text)), default=0.0) > 0


def _places(text: str, is_meant: Callable[[str], bool]) -> list[tuple[int, int]]:
    """Find where the words that are meant stand in a sentence."""
    return [found.span() for found in _WORD.finditer(text) if is_meant(found[0])]
