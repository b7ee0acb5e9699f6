"""Whether a date of a claim is the one that sentences give, or mean by "yesterday" in their article."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from assistant.facts import Day, days
from index.intervals import Interval
from index.times import TimeExpression, times
from index.types import Passage

_NEWS_DAYS = 7  # before an article, for a day to be what it tells of


def is_dated(day: Day, passage: Passage, span: tuple[int, int]) -> bool:
    """Tell whether a sentence gives a date; one that names no time may be of the day its passage tells of.

    `span` is where the sentence stands in the article. A month or a year is given by any time inside it.
    """
    start, end = span
    written = days(passage.article.text[start:end])
    if any(day.agrees(other) and (other.year or not day.year) for other in written):
        return True
    if any(day.agrees(other) and str(day.year) in passage.text for other in written):
        return True  # the year stands in another sentence, as it does where an article looks back
    every = _times(passage.text, passage.article.published_day)
    own = [one.interval for one in every if start <= passage.start + one.start < end]
    if own or day.day is None:
        return any(_means(one, day) for one in own)
    published = passage.article.published_day
    return any(
        _means(one.interval, day) and published and one.interval.distance(published) <= _NEWS_DAYS
        for one in every
    )


@lru_cache(maxsize=500)
def _times(text: str, published: date | None) -> tuple[TimeExpression, ...]:
    return tuple(times(text, published))


def _means(interval: Interval, day: Day) -> bool:
    """Tell whether a stretch of days is a date, as far as that is given."""
    first, last = interval.first, interval.last
    return (
        (day.year is None or day.year == first.year == last.year)
        and (day.month is None or (day.month == first.month == last.month and first.year == last.year))
        and (day.day is None or day.day == first.day == last.day)
    )
