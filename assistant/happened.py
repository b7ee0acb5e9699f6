"""The days on which the events were that a question counts from, as the articles tell them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.anchors import Anchor, anchors
from assistant.asked import Asked
from assistant.corrected import corrected
from assistant.event_words import is_called_an_occasion
from assistant.gathering import gathered
from assistant.types import Anchored, Citation
from assistant.witnesses import LEAST, Witness, witnesses
from index.embed import Embed
from index.types import Scope

if TYPE_CHECKING:
    from datetime import date

    from index.library import ArticleIndex

# When a day is clear: docs/times.md, "Events".
_ENOUGH = 0.58  # of all sentences together, for a day to be taken
_CLEAR = 1.35  # how often as much as for any other day
_AS_SURE = 0.9  # of the surest sentence, above which one for another day casts doubt on it
_LONG_AGO, _LONG_AGO_DAYS = 0.7, 730  # what a day is worth that no article near it tells: another such event
_SAME_DAYS = 1  # an event of the evening is of the next day elsewhere


def events(
    question: str, index: ArticleIndex, embed: Embed, scope: Scope, today: date
) -> tuple[Anchored, ...]:
    """Find the events that a question counts from and the days they were on, as far as the articles tell.

    Only articles are asked that there were on the day of the question. A question without such words costs
    nothing, each event one search.
    """
    found = (_anchored(index, embed, one, scope, today) for one in anchors(question, scope.as_of or today))
    return tuple(one for one in found if one)


def _anchored(
    index: ArticleIndex, embed: Embed, anchor: Anchor, scope: Scope, today: date
) -> Anchored | None:
    """Find the days of one event; None where the articles tell none, or several."""
    asked = Asked(anchor.event, Scope(as_of=scope.as_of))
    hits = gathered(index, asked, today).hits
    passages = [hit.passage for hit in hits]
    if anchor.is_name and not any(is_called_an_occasion(anchor.event, one) for one in passages):
        return None
    best = _clear(corrected(witnesses(anchor, passages, index, embed)))
    if best is None:
        return None
    citation = Citation(best.passage, best.start, best.end)
    first, last = best.interval.first, best.interval.last
    return Anchored(anchor.side, anchor.kind, anchor.words, anchor.event, first, last, citation, anchor.days)


def _clear(found: Sequence[Witness]) -> Witness | None:
    """Pick the best witness of the day that has enough for it, and clearly more than any other has."""
    known = _weighed_by_nearness([_with_year(one, found) for one in found])
    days = {one.interval.first for one in known} | {one.interval.last for one in known}
    support = {day: _support(day, known) for day in days}
    if not support:
        return None
    best = max(support, key=lambda day: (support[day], day))
    rivals = [one for one in known if one.interval.distance(best) > _SAME_DAYS]
    other = max((support[one.interval.first] for one in rivals), default=0.0)
    telling = [one for one in known if best in one.interval]
    surest, surest_other = (max((one.weight for one in some), default=0.0) for some in (telling, rivals))
    if support[best] < max(_ENOUGH, _CLEAR * other) or surest_other > _AS_SURE * surest:
        return None
    return max(telling, key=lambda one: (one.interval.days if one.weight >= LEAST else 0, one.weight))


def _weighed_by_nearness(found: Sequence[Witness]) -> list[Witness]:
    """Lessen the days that lie years away from every article that tells them."""
    near: set[date] = set()
    for one in found:
        written = one.passage.article.written_day
        if written is None or one.interval.distance(written) <= _LONG_AGO_DAYS:
            near |= {one.interval.first, one.interval.last}
    is_near = [one.interval.first in near or one.interval.last in near for one in found]
    return [
        one if is_one else replace(one, weight=one.weight * _LONG_AGO)
        for one, is_one in zip(found, is_near, strict=True)
    ]


def _support(day: date, found: Sequence[Witness]) -> float:
    """Add up what speaks for a day, of each article once."""
    of_each: dict[str, float] = {}
    for one in found:
        if day in one.interval:
            article = one.passage.article.id
            of_each[article] = max(of_each.get(article, 0.0), one.weight)
    return sum(of_each.values())


def _with_year(one: Witness, found: Sequence[Witness]) -> Witness:
    """Take a day without its year, "on 24 May", for that of another witness who is surer of the year."""
    if one.says_year:
        return one
    first = one.interval.first
    surer = [
        other.interval
        for other in found
        if (other.interval.first.month, other.interval.first.day) == (first.month, first.day)
        and other.interval.first.year < first.year
        and other.interval.days == one.interval.days
    ]
    return replace(one, interval=surer[0]) if surer else one
