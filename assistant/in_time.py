"""Whether what a sentence tells can have happened in the times a question asks of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from index.intervals import Interval
from index.times import TimeExpression, times
from index.types import Passage

_REPORTED_DAYS = 7  # after the end of a time in which papers still report it without naming it
_LONG_DAYS = 366  # longer times ("since the war", "in the last ten years") tell too little


def may_be_of(passage: Passage, span: tuple[int, int], about: Sequence[Interval]) -> bool:
    """Tell whether a sentence of a passage, given by its span, may tell of one of some times.

    The times it names decide, else those of its passage and the day its article was published, else that day
    alone. What has no time at all, and an undated article, may be of any.
    """
    if not about:
        return True
    article = passage.article
    published = article.published_day
    own = _spoken(article.text[slice(*span)], published)
    if own:
        return _touches(own, about)
    around = _spoken(passage.text, published)
    if around:
        return _touches(around, about) or any(published is None or published in one for one in about)
    return any(_is_reported(one, published) for one in about)


def _touches(spoken: Sequence[Interval], about: Sequence[Interval]) -> bool:
    return any(wanted.overlaps(one) for wanted in about for one in spoken)


def _is_reported(wanted: Interval, published: date | None) -> bool:
    """Tell whether an article of a day may report a time that it does not name; not one that is to come."""
    if published is None:
        return True
    return published >= wanted.first and (published - wanted.last).days <= _REPORTED_DAYS


@lru_cache(maxsize=5_000)
def _spoken(text: str, published: date | None) -> tuple[Interval, ...]:
    found: dict[int, TimeExpression] = {}
    for one in times(text, published):
        found.setdefault(one.start, one)  # of an anniversary the day itself, and not the one remembered
    return tuple(one.interval for one in found.values() if one.interval.days <= _LONG_DAYS)
