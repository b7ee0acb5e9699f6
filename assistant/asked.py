"""What a question asks for beside its words: outlets, days of publication, a time, and what is newest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from assistant.moment import Moment, moments
from assistant.news import bounding, subject, usual_scope
from assistant.outlets import named
from assistant.types import Anchored
from index.intervals import Interval
from index.types import Coverage, Scope
from index.words import question_stems

_WHO_NOW = re.compile(r"(?:and )?(?:who|wer) (?:is|are|ist|sind)\b", re.IGNORECASE)
_STALE_DAYS, _NOW_DAYS = 30, 7
_PUNCTUATION = re.compile(r"\s+(?=[?!.,])")
_TRIM = re.compile(r"^[\s,;:]+")
_TELLING_WORDS = 2  # without the event, for a question to be searched without it


@dataclass(frozen=True, slots=True)
class Asked:
    """A question read: the words to search for, the articles to search, and when they speak of.

    `about` are the times that what is asked happened in; `is_of_now` tells that the newest answer is wanted,
    `is_new` that `words` are a subject whose news is, or nothing where all news is.
    """

    words: str
    scope: Scope
    about: tuple[Interval, ...]
    is_of_now: bool
    is_new: bool = False


def read(
    question: str, scope: Scope, coverage: Coverage, today: date, counted: Sequence[Anchored] = ()
) -> Asked:
    """Read a question that is asked on `today` of articles that cover `coverage`.

    What the scope says already comes before what the question says. Words that only name the articles
    ("according to …", "published last week", "latest") are taken out of what is searched, and so is an event
    it counts from, of those `counted`, where only what came after it is searched.
    """
    told = moments(question, scope.as_of or today)
    if news := _news(question, scope, coverage, today, told, counted):
        return news
    published = [one for one in told if one.kind == "published" and one.explicit]
    vague = [one for one in told if not one.explicit]
    words = _without(question, *(one.words for one in (*vague, *published)))
    for event in counted:
        rest = _without(words, event.words)
        needless = event.side == "after" or event.kind == "published"
        words = rest if needless and len(question_stems(rest)) >= _TELLING_WORDS else words
    found = named(words, coverage.outlets)
    if found.outlets and not scope.outlets:
        scope = replace(scope, outlets=found.outlets)
    if published and not scope.since and not scope.until:
        scope = _bounded(scope, published)
    elif counted and not scope.since and not scope.until:
        scope = _counted(scope, counted, scope.as_of or today)
    about = [one.interval for one in told if one.kind == "about"]
    # What happened these days is what is newest, and no time to look for.
    now = [one for one in about if one.distance(scope.as_of or today) <= _NOW_DAYS]
    return Asked(
        found.question if re.search(r"\w", found.question) else question,
        scope,
        (
            *(one for one in about if one not in now),
            *(_side_of(one) for one in counted if one.kind == "about"),
        ),
        bool(vague or now) or (not told and _WHO_NOW.match(question) is not None),
    )


def _news(
    question: str,
    scope: Scope,
    coverage: Coverage,
    today: date,
    told: Sequence[Moment],
    counted: Sequence[Anchored],
) -> Asked | None:
    """Read a question for what is new; None for any other."""
    today = scope.as_of or today
    since, events = bounding(told, today), [one for one in counted if one.side == "after"]
    told_of = [*(one.words for one in since), *(one.words for one in events)]
    found = named(_without(question, *told_of), coverage.outlets)
    of = subject(found.question)
    if of is None:
        return None
    if found.outlets and not scope.outlets:
        scope = replace(scope, outlets=found.outlets)
    if not scope.since and not scope.until:
        if since:
            scope = _bounded(scope, since)
        elif events:
            scope = _counted(scope, events, today)
        else:
            scope = usual_scope(scope, coverage.last_day, today)
        scope = replace(scope, until=None) if scope.until and scope.until >= today else scope
    return Asked(of, scope, (), False, is_new=True)


def _side_of(event: Anchored) -> Interval:
    """Give the days after an event, before it or until it; its last day also has what came after it."""
    if event.side == "after":
        return Interval(event.last, date.max)
    return Interval(date.min, event.first - timedelta(1) if event.side == "before" else event.last)


def _counted(scope: Scope, events: Sequence[Anchored], as_of: date) -> Scope:
    """Bound the days of publication by events: nothing published before one can tell what came after it.

    What came before one may be told at any time, unless articles are asked for that were published then.
    """
    sides = [_side_of(one) for one in events if one.side == "after" and one.last <= as_of]
    sides += [_side_of(one) for one in events if one.side != "after" and one.kind == "published"]
    first = max((one.first for one in sides), default=date.min)
    last = min((one.last for one in sides), default=date.max)
    return _within(scope, first, last) if first <= last else scope


def _without(question: str, *told: str) -> str:
    """Take the words of times and events out of a question."""
    for words in told:
        question = _PUNCTUATION.sub("", " ".join(question.replace(words, " ", 1).split()))
    return _TRIM.sub("", question)


def _bounded(scope: Scope, published: Sequence[Moment]) -> Scope:
    first = min(one.interval.first for one in published)
    return _within(scope, first, max(one.interval.last for one in published))


def _within(scope: Scope, first: date, last: date) -> Scope:
    return replace(
        scope, since=None if first == date.min else first, until=None if last == date.max else last
    )


def is_stale(coverage: Coverage, asked: Asked, today: date) -> bool:
    """Tell whether the newest is asked for, and what is newest here is old."""
    newest = coverage.last_day
    return asked.is_of_now and newest is not None and (today - newest).days > _STALE_DAYS
