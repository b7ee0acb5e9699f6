"""How something developed: its events by the day they happened, a sentence each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.sentences import Sentence
from index.intervals import Interval
from index.times import meant_days
from index.types import Passage

_BEHIND = 0.8  # how far behind the best sentence one may be that still tells an event of it
_LIMIT = 10  # events
_LONGEST = 5  # days of one event
_MENTIONED = re.compile(  # "the declaration of 27 April", "since Tuesday"
    r"\b(?:of|from|since|until|till|by|before|after|for|due|vom|von|seit|bis|vor|nach|des)"
    r"(?: the| dem| der| den)? $",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"how (?:did|has|have|had) (?P<of>.+?) (?:develop|evolve|unfold|progress|proceed|come about)(?:e?d)?\b"
    r"|(?:(?:what is|give me|show me|make) )?(?:the |a )?(?:timeline|chronology) (?:of|for|on) (?P<on>.+)"
    r"|wie (?:hat|haben) sich (?P<von>.+?) entwickelt\b",
    re.IGNORECASE,
)
_OWNED = re.compile("['’]s")  # "today's mood"


@dataclass(frozen=True, slots=True)
class Event:
    """A sentence, and the days on which what it tells happened."""

    days: Interval
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
    found: dict[date, Event] = {}
    for one in sentences:
        if len(found) == _LIMIT or one.score < sentences[0].score - _BEHIND:
            break
        days = _happened(one)
        if days and all(
            one.passage != event.sentence.passage or days != event.days for event in found.values()
        ):
            found.setdefault(days.first, Event(days, one))
    return [found[day] for day in sorted(found)]


def _happened(sentence: Sentence) -> Interval | None:
    """Give the days that a sentence says something happened on, and not those of what it only mentions."""
    text, day = sentence.text, sentence.passage.article.spoken_day
    spoken = meant_days(text, day, _LONGEST)
    return next(
        (
            one.interval
            for one in spoken
            if not _MENTIONED.search(text, 0, one.start) and not _OWNED.match(text, one.end)
        ),
        None,
    )


def in_order(told: Sequence[Event]) -> list[Passage]:
    """Give the passages that tell events, each once, in the order of the events."""
    passages = [one.sentence.passage for one in told]
    return list({(one.article.id, one.start): one for one in passages}.values())
