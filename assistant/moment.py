"""The time a question means: when something happened, or when articles about it were published."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from assistant.event_words import HAPPENING
from index.intervals import Interval, day_of
from index.time_words import STEPS, UNITS, meaning, months, pattern, weekdays
from index.times import TimeExpression, times

_NEAR = 80  # characters before a time in which a word that says what is dated is looked for
_SIDES = {
    "before": "before prior_to vor",
    "until": "until till by up_to no_later_than bis as_of stand",
    "after": "after nach",
}
_SIDE = re.compile(rf"\b(?P<side>{pattern(*_SIDES.values())})(?: the| dem| der| den| zum)? $", re.IGNORECASE)
_EVENT_SIDES = {**_SIDES, "after": "after since nach seit"}
_SIDE_OF_EVENT = re.compile(  # "since the election of 2016", and not "a week after the summit of 12 June"
    rf"(?P<length>\b{pattern(*UNITS.values())} )?\b(?P<side>{pattern(*_EVENT_SIDES.values())}) "
    r"(?P<event>(?:the|der|dem|den|die|das) (?:[\w-]+ ){1,3})(?:of|in|on|von|im|am|des) $",
    re.IGNORECASE,
)
_ARTICLES = (
    r"\b(?:articles?|reports|news|stor(?:y|ies)|coverage|headlines?|pieces?|papers?|artikeln?|berichte?n?|"
    r"meldung(?:en)?|nachrichten|beiträgen?)"
)
_PUBLISHED = (
    r"\b(?:published|reported|(?<!\bthe )(?<!\ba )report|written|wrote|write|posted|dated|printed|"
    r"veröffentlicht|erschienen|erschien|gemeldet|berichtet|geschrieben)"
)
_THE = r"(?:the |der |dem |den )?"
_BY_NAME = (  # "the report by the Harbour Post on", "articles from Larkmoor Chronicle before"
    rf"(?:{_ARTICLES}|report) (?:from|by|of|in) (?:the )?(?:(?-i:[^a-z\s])\S*\s+)+(?:on )?"
)
_PUBLISHED_BEFORE = re.compile(  # "published (in) 2019", "articles (on Kaesong) from last week"
    rf"(?:{_PUBLISHED} (?:(?:on|in|during|at|am|im) )?{_THE}|"
    rf"{_ARTICLES} (?:from|of|in|on|during|vom|von|aus|im) {_THE}|{_BY_NAME})$|"
    rf"{_ARTICLES} .*(?P<from>\b(?:from|vom|aus) {_THE})$",
    re.IGNORECASE,
)
_ARTICLES_BEFORE = re.compile(rf"{_ARTICLES} $", re.IGNORECASE)
_PUBLISHED_AFTER = re.compile(rf"(?:['’]s?|,)? {_ARTICLES}\b| (?:{_PUBLISHED})\b", re.IGNORECASE)
_AND = re.compile(r"[ ,]*(?:and|or|und|oder)?(?: (?:from|on|in|vom|aus|am|im))? *", re.IGNORECASE)
_OPEN = re.compile(r"(?:since|between|seit|zwischen)\b", re.IGNORECASE)
_RECENT = re.compile(
    r"\b(?:(?<!at the )latest|latest(?= \w)|newest|(?:most )?recent(?:ly)?|nowadays|currently|"
    r"these days|right now|at the moment|now|(?<!electric )(?<!alternating )(?<!direct )current(?= \w)|"
    r"neueste[mnrs]?|[Nn]eues|aktuell(?:e[mnrs]?)?|derzeit|zurzeit|jetzt|momentan|zuletzt|kürzlich)\b"
)

_OLD_DAYS = 60
_YEARLESS = re.compile(  # a day or a month, and nothing that is counted from today
    rf"(?!.*(?:\d{{4}}|['’‘]\d\d|\b(?:ago|vor \d|{pattern(*STEPS.values())})\b)).*\b{pattern(*months())}\b.*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time that a question means, and the words it was read from.

    `kind` tells whether articles of these days are wanted, or articles about these days. One that is not
    `explicit` ("latest", "now") only prefers what is nearer to the day asked on, which is its interval.
    """

    interval: Interval
    kind: Literal["published", "about"]
    explicit: bool
    words: str


def moments(question: str, as_of: date) -> tuple[Moment, ...]:
    """Read the times a question means, in the order of its words, counted from the day it is asked on.

    What cannot be counted is left alone: "since Hanoi", and an anniversary, whose event has no day here.

    >>> [found] = moments("What did articles published before June 2019 say?", date(2020, 6, 12))
    >>> found.kind, found.words, str(found.interval.last)
    ('published', 'published before June 2019', '2019-05-31')
    """
    found = times(_with_capitals(question), as_of, usual_lean=-1)
    twice = Counter((time.start, time.end) for time in found)  # anniversaries
    meant: list[Moment] = []
    end = 0
    for time in found:
        if twice[time.start, time.end] == 1 and (moment := _explicit(question, time, as_of)):
            if meant and _AND.fullmatch(question, end, time.start):  # "articles from May and June 2019"
                moment = replace(moment, kind=meant[-1].kind)
            meant.append(moment)
        end = time.end
    recent = _RECENT.search(question[:1].lower() + question[1:])  # not in a title: "Apocalypse Now"
    if recent and not any(moment.kind == "published" for moment in meant):
        meant.append(Moment(day_of(as_of), "published", False, question[slice(*recent.span())]))
    return tuple(meant)


def moments_in(question: str, today: date, newest: date | None) -> tuple[Moment, ...]:
    """Read the times a question means today of articles whose newest is of a day, if that matters.

    Of old articles "12 June" is the last one before the newest of them; "yesterday" is counted from today.
    """
    told = moments(question, today)
    if newest is None or (today - newest).days <= _OLD_DAYS:
        return told
    then = {one.words: one.interval for one in moments(question, newest) if _YEARLESS.fullmatch(one.words)}
    return tuple(
        replace(one, interval=_until_today(then[one.words], one.interval, today))
        if one.words in then
        else one
        for one in told
    )


def _until_today(interval: Interval, usual: Interval, today: date) -> Interval:
    """Let a time end today that does if it is counted from today: "since March"."""
    return Interval(interval.first, today) if usual.last == today and usual.days > 1 else interval


def _with_capitals(question: str) -> str:
    """Give the names of days and months their capitals in a question that has none at all."""
    if question != question.lower():
        return question
    names = pattern(*(name for name in (*months(), *weekdays()) if len(name) > 3), "may", "mai")
    return re.sub(rf"\b{names}\b", lambda name: name[0].capitalize(), question)


def _explicit(question: str, time: TimeExpression, as_of: date) -> Moment | None:
    """Read what stands around a time: the side of it that is meant, and whether articles are of it."""
    start, end, interval = time.start, time.end, time.interval
    side = _SIDE.search(question, max(start - _NEAR, 0), start)
    of_event = _SIDE_OF_EVENT.search(question, max(start - _NEAR, 0), start)
    if of_event and not of_event["length"] and HAPPENING.search(of_event["event"]):
        start = of_event.start()
        is_after = meaning(_EVENT_SIDES, of_event["side"].lower()) == "after"
        interval = _from(interval.first, as_of) if is_after else Interval(date.min, interval.last)
    elif side:
        start = side.start()
        try:
            interval = _on_side(meaning(_SIDES, side["side"].lower()), interval, as_of)
        except (ValueError, OverflowError):  # nothing comes before the year 1 or after 9999
            return None
    before = of_articles(question, start, sided=bool(side or _OPEN.match(question, start)))
    after = _PUBLISHED_AFTER.match(question, end)
    if before:
        start = before.start("from") if before.groupdict().get("from") else before.start()
    elif after:
        end = after.end()
    is_published = before or after or (side and side["side"].lower() in ("as of", "stand"))
    return Moment(interval, "published" if is_published else "about", True, question[start:end])


def of_articles(question: str, start: int, *, sided: bool) -> re.Match[str] | None:
    """Find the words before a time that say that articles are dated by it; `sided`: it is "before June".

    Where the match has a group `from`, the words that belong to the time begin there.
    """
    near = max(start - _NEAR, 0)
    found = _PUBLISHED_BEFORE.search(question, near, start)
    return found or (_ARTICLES_BEFORE.search(question, near, start) if sided else None)


def _on_side(side: str, interval: Interval, as_of: date) -> Interval:
    """Give the days before, until or after an interval; after a past one they end on the day asked on."""
    if side == "before":
        return Interval(date.min, interval.first - timedelta(1))
    if side == "until":
        return Interval(date.min, interval.last)
    return _from(interval.last + timedelta(1), as_of)


def _from(first: date, as_of: date) -> Interval:
    return Interval(first, as_of if first <= as_of else date.max)
