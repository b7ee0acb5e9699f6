"""Questions that a collection answers, to begin with and to go on with, made from its articles and tried."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from assistant.answering import Assistant
from assistant.facts import folded
from assistant.followup import standalone
from assistant.suggesting.further import further
from assistant.suggesting.ideas import Idea, by_form, ideas, wide_ideas
from assistant.suggesting.trials import Trial, outlets_of, quotes
from assistant.types import Turn
from index.types import Article, Scope
from index.words import stems

if TYPE_CHECKING:
    from index.library import ArticleIndex

_SECONDS, _FOLLOW_UP_SECONDS = 5.0, 1.0
_MOST_TRIES, _FOLLOW_UP_TRIES, _STORY_TRIES = 40, 8, 4
_LEADS = 60  # articles that are looked at, the newest
_STORIES = 20  # of which questions are made, the most reported first
_ALIKE_TITLES = 2  # words that two headlines share which tell of one matter
_COPIED = 3  # what an outlet with a copy says of a story's weight, beside one with a headline like it
_UNFINISHED_SECONDS = 60.0  # for which suggestions are kept that there was no time to complete

_logger = logging.getLogger(__name__)


def questions_about(
    assistant: Assistant, article: Article, limit: int = 3, seconds: float = _SECONDS
) -> tuple[str, ...]:
    """Give questions that one article of the index answers, tried as those to begin with are."""
    trial = Trial.of(assistant, seconds, _MOST_TRIES)
    chosen: list[Idea] = []
    while len(chosen) < limit and (idea := _first_kept(trial, _unlike(by_form(ideas(article)), chosen))):
        chosen.append(idea)
    return tuple(idea.question for idea in chosen)


def follow_ups(
    assistant: Assistant,
    turn: Turn,
    history: Sequence[Turn] = (),
    limit: int = 3,
    seconds: float = _FOLLOW_UP_SECONDS,
) -> tuple[str, ...]:
    """Give whole questions to go on with after a turn, none asked before, of several forms where there are.

    Each was answered, inside the turn's scope, with words that its answer does not quote. Where it abstained,
    they are what the nearest articles answer.
    """
    turns = [*history, turn]
    trial = Trial.of(assistant, seconds, _FOLLOW_UP_TRIES, turns)
    asked = {folded(question) for one in turns for question in (one.question, one.answer.question)}
    known = quotes(turn.answer)
    made = [
        idea
        for idea in further(assistant.index, turn.answer)
        if folded(idea.question) not in asked and idea.words not in {words for _, words in known}
    ]
    chosen: list[Idea] = []
    for is_second in (False, True):  # then what is of a form that another has, if of another subject
        for idea in made:
            if len(chosen) == limit or trial.is_over:
                break
            fits = not _is_of_same(idea, chosen) if is_second else bool(_unlike([idea], chosen))
            if not fits or standalone(idea.question, turns) != idea.question:
                continue
            made = [one for one in made if one is not idea]
            answer = trial.answer(idea, turn.answer.scope)
            chosen += [idea] if answer and quotes(answer) - known else []
    return tuple(idea.question for idea in chosen)


class Suggestions:
    """Questions that a newcomer can ask of a collection, made once for each state of its index."""

    def __init__(self, assistant: Assistant, limit: int = 5, seconds: float = _SECONDS) -> None:
        """Take whose articles are asked, and how many questions are made in what time."""
        self._assistant, self._limit, self._seconds = assistant, limit, seconds
        self._making: asyncio.Task[tuple[str, ...]] | None = None
        self._made: _Made | None = None

    async def of(self) -> tuple[str, ...]:
        """Give the questions, each of another form; who asks while they are being made waits for them.

        They are made of the newest articles, those first that several outlets report, and each was answered
        from the article it was made of, without a model. No two are of one story, unless there are fewer
        stories than questions. Those found in the time are given, and made anew a minute later if it was
        too short; none where nothing is in English.
        """
        if self._making is None or self._making.done():
            self._making = asyncio.create_task(asyncio.to_thread(self._current))
        # However many wait, or wait no longer, it takes one thread.
        return await asyncio.shield(self._making)

    def _current(self) -> tuple[str, ...]:
        every = self._assistant.index.coverage()
        state = (every.last_sync, every.articles, every.stories)
        if self._made is None or self._made.state != state or time.monotonic() >= self._made.ends:
            trial = Trial.of(self._assistant, self._seconds, _MOST_TRIES)
            questions = tuple(_chosen(trial, self._limit))
            is_cut = len(questions) < self._limit and trial.is_over
            ends = time.monotonic() + _UNFINISHED_SECONDS if is_cut else float("inf")
            self._made = _Made(state, questions, ends)
        return self._made.questions


@dataclass(frozen=True, slots=True)
class _Made:
    state: tuple[object, ...]
    questions: tuple[str, ...]
    ends: float


def _chosen(trial: Trial, limit: int) -> list[str]:
    """Choose among the stories in turn, each for a question of a form that no other has."""
    index = trial.assistant.index
    stories = _stories(index)
    newest = index.coverage().last_day
    chosen: list[Idea] = []
    made = [
        by_form(chain(wide_ideas(one.article, one.others, newest), ideas(one.article))) for one in stories
    ]
    used = [0] * len(stories)
    most = -(-limit // max(len(stories), 1))  # of one story
    for is_general in (False, True):  # "what is reported about" shows least
        for at in [*range(len(stories))] * most:
            if len(chosen) >= limit or trial.is_over:
                break
            fresh = [
                one
                for one in _unlike(made[at], chosen)
                if (one.form == "known") == is_general and (most > 1 or not _is_of_same(one, chosen))
            ]
            if used[at] < most and (idea := _first_kept(trial, fresh)):
                chosen.append(idea)
                used[at] += 1
    _logger.info("%d questions to begin with, %d tried", len(chosen), _MOST_TRIES - trial.tries)
    return [idea.question for idea in chosen]


@dataclass(frozen=True, slots=True)
class _Story:
    """An article, the others that tell of the same or nearly, and how much reported it is."""

    article: Article
    others: tuple[Article, ...]
    weight: int


def _stories(index: ArticleIndex) -> list[_Story]:
    """Give the newest stories, the most reported first, each by its newest article."""
    leads = list({lead.article.id: lead.article for lead in index.leads(Scope(), _LEADS)}.values())
    titles = [set(stems(article.title)) for article in leads]
    copied: set[str] = set()
    found = []
    for article, title in zip(leads, titles, strict=True):
        if article.id in copied:
            continue
        copies = index.copies(article.id)
        copied |= {copy.id for copy in copies}
        alike = [
            other
            for other, own in zip(leads, titles, strict=True)
            if other is not article and len(title & own) >= _ALIKE_TITLES and other not in copies
        ]
        weight = _COPIED * len(outlets_of(copies) - outlets_of([article])) + len(outlets_of(alike))
        found.append(_Story(article, (*alike, *copies), weight))
    return sorted(found, key=lambda story: -story.weight)[:_STORIES]


def _unlike(made: Iterable[Idea], chosen: Sequence[Idea]) -> list[Idea]:
    """Leave out what is of a form that was chosen already, or has been said."""
    forms, questions = {idea.form for idea in chosen}, {folded(idea.question) for idea in chosen}
    return [one for one in made if one.form not in forms and folded(one.question) not in questions]


def _is_of_same(idea: Idea, chosen: Sequence[Idea]) -> bool:
    """Tell whether a question asks about whom or what another asks about."""
    own = set(idea.subject.split())
    return any(own <= (other := set(one.subject.split())) or other <= own for one in chosen)


def _first_kept(trial: Trial, made: Sequence[Idea]) -> Idea | None:
    """Give the first question that is answered, of the first few."""
    return next((idea for idea in made[:_STORY_TRIES] if trial.answer(idea, Scope())), None)
