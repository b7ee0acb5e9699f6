"""How something developed: its events by the day they happened, a sentence each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.sentences import Sentence
from index.times import meant_days
from index.types import Passage

_BEHIND = 0.8  # how far behind the best sentence one may be that still tells an event of it
_LIMIT = 10  # events
_ASKED = re.compile(
    r"how (?:did|has|have|had) (?P<of>.+?) (?:develop|evolve|unfold|progress|proceed|come about)(?:e?d)?\b"
    r"|(?:(?:what is|give me|show me|make) )?(?:the |a )?(?:timeline|chronology) (?:of|for|on) (?P<on>.+)"
    r"|wie (?:hat|haben) sich (?P<von>.+?) entwickelt\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Event:
    """A sentence, and the day on which what it tells happened."""

    day: date
    sentence: Sentence


def topic(question: str) -> str:
    """Give what a question asks the development of; nothing where it asks for something else.

    >>> topic("How did the talks in Hanoi develop?"), topic("How did the talks in Hanoi end?")
    ('the talks in Hanoi', '')
    """
    asked = _ASKED.match(question.strip())
    return next((found.strip(" ?.!") for found in asked.groups() if found), "") if asked else ""


def events(sentences: Sequence[Sentence]) -> list[Event]:
    """Pick the events of the best sentences, given best first: one a day, the earliest first.

    Only sentences count that name the day, as it is or as "yesterday"; of each day the best one.
    """
    found: dict[date, Sentence] = {}
    for one in sentences:
        if len(found) == _LIMIT or one.score < sentences[0].score - _BEHIND:
            break
        spoken = meant_days(one.text, one.passage.article.published_day)
        if spoken:
            found.setdefault(spoken[0].interval.first, one)
    return [Event(day, found[day]) for day in sorted(found)]


def in_order(told: Sequence[Event]) -> list[Passage]:
    """Give the passages that tell events, each once, in the order of the events."""
    passages = [one.sentence.passage for one in told]
    return list({(one.article.id, one.start): one for one in passages}.values())
