"""What a question asks for beside its words: outlets, days of publication, a time, and what is newest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.moment import Moment, moments
from assistant.news import bounding, subject, usual_scope
from assistant.outlets import named
from index.intervals import Interval
from index.types import Coverage, Scope

_WHO_NOW = re.compile(r"(?:and )?(?:who|wer) (?:is|are|ist|sind)\b", re.IGNORECASE)
_STALE_DAYS, _NOW_DAYS = 30, 7
_PUNCTUATION = re.compile(r"\s+(?=[?!.,])")


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


def read(question: str, scope: Scope, coverage: Coverage, today: date) -> Asked:
    """Read a question that is asked on `today` of articles that cover `coverage`.

    What the scope says already comes before what the question says. Words that only name the articles
    ("according to …", "published last week", "latest") are taken out of what is searched.
    """
    told = moments(question, scope.as_of or today)
    if news := _news(question, scope, coverage, today, told):
        return news
    published = [one for one in told if one.kind == "published" and one.explicit]
    vague = [one for one in told if not one.explicit]
    found = named(_without(question, (*vague, *published)), coverage.outlets)
    if found.outlets and not scope.outlets:
        scope = replace(scope, outlets=found.outlets)
    if published and not scope.since and not scope.until:
        scope = _bounded(scope, published)
    about = [one.interval for one in told if one.kind == "about"]
    # What happened these days is what is newest, and no time to look for.
    now = [one for one in about if one.distance(scope.as_of or today) <= _NOW_DAYS]
    return Asked(
        found.question if re.search(r"\w", found.question) else question,
        scope,
        tuple(one for one in about if one not in now),
        bool(vague or now) or (not told and _WHO_NOW.match(question) is not None),
    )


def _news(
    question: str, scope: Scope, coverage: Coverage, today: date, told: Sequence[Moment]
) -> Asked | None:
    """Read a question for what is new; None for any other."""
    today = scope.as_of or today
    since = bounding(told, today)
    found = named(_without(question, since), coverage.outlets)
    of = subject(found.question)
    if of is None:
        return None
    if found.outlets and not scope.outlets:
        scope = replace(scope, outlets=found.outlets)
    if not scope.since and not scope.until:
        scope = _bounded(scope, since) if since else usual_scope(scope, coverage.last_day, today)
        scope = replace(scope, until=None) if scope.until and scope.until >= today else scope
    return Asked(of, scope, (), False, is_new=True)


def _without(question: str, told: Iterable[Moment]) -> str:
    """Take the words of times out of a question."""
    for one in told:
        question = _PUNCTUATION.sub("", " ".join(question.replace(one.words, " ", 1).split()))
    return question


def _bounded(scope: Scope, published: Sequence[Moment]) -> Scope:
    first = min(one.interval.first for one in published)
    last = max(one.interval.last for one in published)
    return replace(
        scope, since=None if first == date.min else first, until=None if last == date.max else last
    )


def is_stale(coverage: Coverage, asked: Asked, today: date) -> bool:
    """Tell whether the newest is asked for, and what is newest here is old."""
    newest = coverage.last_day
    return asked.is_of_now and newest is not None and (today - newest).days > _STALE_DAYS
