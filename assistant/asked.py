"""What a question asks for beside its words: outlets, days of publication, a time, and what is newest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from assistant.moment import Moment, moments, moments_in
from assistant.news import bounding, latest_of, subject, usual_scope
from assistant.outlets import named
from assistant.types import Anchored
from index.intervals import Interval, days_from
from index.types import Coverage, Scope
from index.words import question_stems, stems

_WHO_NOW = re.compile(r"(?:and )?(?:who|wer) (?:is|are|ist|sind)\b", re.IGNORECASE)
_STALE_DAYS = 30
_PUNCTUATION = re.compile(r"\s+(?=[?!.,])")
_TRIM = re.compile(r"^[\s,;:]+")
_TELLING_WORDS = 2  # without the event, for a question to be searched without it


# A question of no other words asks what there is: "What did the Harbour Post report in May?"
_EMPTY = frozenset(
    stems(
        "happen happened happening occur report reported reporting say said write wrote written publish "
        "published news article articles story stories cover covered coverage event events take place go "
        "going on do does did tell told about passieren passiert passierte geschehen geschah berichten "
        "berichtet berichtete schrieb geschrieben"
    )
)
_REPORTED_DAYS, _SHORT_DAYS = 1, 7  # papers report a day on the next

Listing = Literal["", "new", "latest", "published"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question read: the words to search for, the articles to search, and when they speak of.

    `times` are those the question names; `about` those in which what is asked happened, without what is now
    and with what lies before or after an event. `is_of_now` tells that the newest answer is wanted, `listing`
    that a list of stories is: what is "new" on the subject that `words` are, or the "latest" whenever that
    was, or what was "published". `missing` are outlets it asks and no article is of.
    """

    words: str
    scope: Scope
    about: tuple[Interval, ...] = ()
    is_of_now: bool = False
    times: tuple[Interval, ...] = ()
    listing: Listing = ""
    missing: tuple[str, ...] = ()

    @property
    def stated(self) -> tuple[Interval, ...]:
        """The times that an answer has to be of: not those of events, whose day may have been read wrongly.

        Nor a week or year that is not over: "this week" is said of the last seven days too.
        """
        return tuple(one for one in self.about if one in self.times)


@dataclass(frozen=True, slots=True)
class _Question:
    """A question as it was typed, on what day of which articles, with the times and events found in it."""

    text: str
    scope: Scope
    coverage: Coverage
    today: date
    told: tuple[Moment, ...]
    counted: tuple[Anchored, ...]


def read(
    question: str, scope: Scope, coverage: Coverage, today: date, counted: Sequence[Anchored] = ()
) -> Asked:
    """Read a question that is asked on `today` of articles that cover `coverage`.

    What the scope says already comes before what the question says. Words that only name the articles
    ("according to …", "published last week", "latest") are taken out of what is searched, and so is an event
    it counts from, of those `counted`, where only what came after it is searched.
    """
    today = scope.as_of or today
    told = moments_in(question, today, None if scope.as_of else coverage.last_day)
    typed = _Question(question, scope, coverage, today, told, tuple(counted))
    missing = named(question, coverage.outlets).missing
    return replace(_news(typed) or _other(typed), missing=missing)


def _other(typed: _Question) -> Asked:
    """Read a question for anything but news."""
    told, counted, today = typed.told, typed.counted, typed.today
    words, inside = _scoped(typed)
    spoken = [one for one in told if one.kind == "about"]
    times = tuple(one.interval for one in spoken)
    events = [_side_of(one) for one in counted if one.kind == "about"]
    # What happened this week is what is newest, and no time to look for.
    now = [one for one in times if today in one and one.days > 1]
    is_vague = not all(one.explicit for one in told)
    is_of_now = is_vague or bool(now) or (not told and _WHO_NOW.match(typed.text) is not None)
    rest = _without(words, *(one.words for one in spoken), *(one.words for one in counted))
    if not set(stems(rest)) - _EMPTY and (times or inside != typed.scope):
        return Asked("", _listed(inside, (*times, *events)), (), is_of_now, times, "published")
    about = (*(one for one in times if one not in now), *events)
    # "Yesterday" stands in articles of any day.
    words = _without(words, *(one.words for one in spoken if one.interval.days == 1 and one.words.isalpha()))
    return Asked(words if re.search(r"\w", words) else typed.text, inside, about, is_of_now, times)


def _scoped(typed: _Question) -> tuple[str, Scope]:
    """Take the words that only name the articles out of a question, and give the articles they name."""
    outlets, scope = typed.coverage.outlets, typed.scope
    published = [one for one in typed.told if one.kind == "published" and one.explicit]
    words = _without(typed.text, *(one.words for one in typed.told if one in published or not one.explicit))
    for event in typed.counted:
        rest = _without(words, event.words)
        needless = event.side == "after" or event.kind == "published"
        words = rest if needless and len(question_stems(rest)) >= _TELLING_WORDS else words
    found = named(words, outlets)
    if not found.outlets and published:  # "what did X report in March": the verb is of both
        found = named(typed.text, outlets)
        left = moments(found.question, typed.today)
        found = replace(found, question=_without(found.question, *(one.words for one in left)))
    if found.outlets and not scope.outlets:
        scope = replace(scope, outlets=found.outlets)
    if scope.since or scope.until:
        return found.question, scope
    days = _bounded(scope, published) if published else _counted(scope, typed.counted, typed.today)
    return found.question, days


def _listed(scope: Scope, times: Sequence[Interval]) -> Scope:
    """Bound the days of publication by times that nothing else is said of; of days with the one after."""
    if scope.until or not times:
        return scope
    first, last = min(one.first for one in times), max(one.last for one in times)
    is_short = (last - first).days < _SHORT_DAYS
    return _within(scope, scope.since or first, days_from(last, _REPORTED_DAYS) if is_short else last)


def _news(typed: _Question) -> Asked | None:
    """Read a question for what is new; None for any other."""
    scope, coverage, today = typed.scope, typed.coverage, typed.today
    since = bounding(typed.told, today)
    events = [one for one in typed.counted if one.side == "after"]
    told_of = [*(one.words for one in since), *(one.words for one in events)]
    found = named(_without(typed.text, *told_of), coverage.outlets)
    of, latest = subject(found.question), latest_of(found.question)
    if of is None and not latest:
        return None
    if found.outlets and not scope.outlets:
        scope = replace(scope, outlets=found.outlets)
    if of is None:
        return Asked(latest, scope, is_of_now=True, listing="latest")
    if not scope.since and not scope.until:
        if since:
            scope = _bounded(scope, since)
        elif events:
            scope = _counted(scope, events, today)
        else:
            scope = usual_scope(scope, coverage.last_day, today)
        scope = replace(scope, until=None) if scope.until and scope.until >= today else scope
    return Asked(of, scope, listing="new")


def _side_of(event: Anchored) -> Interval:
    """Give the days after an event, before it or until it; its last day also has what came after it."""
    if event.side == "after":
        return Interval(event.last, days_from(event.last, event.days) if event.days else date.max)
    last = days_from(event.first, -1) if event.side == "before" else event.last
    return Interval(days_from(event.first, -event.days) if event.days else date.min, last)


def _counted(scope: Scope, events: Sequence[Anchored], as_of: date) -> Scope:
    """Bound the days of publication by events: nothing published before one can tell what came after it.

    What came before one may be told at any time, unless articles are asked for that were published then.
    """
    sides = [Interval(one.last, date.max) for one in events if one.side == "after" and one.last <= as_of]
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


def as_question(asked: Asked, question: str) -> Asked | None:
    """Give a list of what was published as the question it was asked with; None if that named no time.

    What an outlet did not publish then it may tell of another day.
    """
    if asked.listing != "published" or not asked.times:
        return None
    scope = replace(asked.scope, since=None, until=None)
    return replace(asked, words=question, scope=scope, about=asked.times, listing="")


def is_beyond(coverage: Coverage, asked: Asked, today: date) -> bool:
    """Tell whether all that is asked of happened after the newest article was published, by its day.

    Not where most articles have no day, nor of what is still to come, which articles may announce.
    """
    newest, today = coverage.last_day, asked.scope.as_of or today
    if newest is None or not asked.times or 2 * coverage.undated > coverage.articles:
        return False
    return all(newest < one.first <= today for one in asked.times)


def is_stale(coverage: Coverage, asked: Asked, today: date) -> bool:
    """Tell whether the newest is asked for, and what is newest here is old; not where most have no day."""
    newest = coverage.last_day
    if newest is None or 2 * coverage.undated > coverage.articles:
        return False
    return asked.is_of_now and (today - newest).days > _STALE_DAYS
