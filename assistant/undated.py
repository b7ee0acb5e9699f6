"""What becomes of articles without a date where days are bounded, and what an answer says of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.asked import Asked
from assistant.in_words import counted, day_in_words
from assistant.types import Answer
from index.types import Coverage, Scope

if TYPE_CHECKING:
    from index.library import ArticleIndex


def bounded(
    index: ArticleIndex, asked: Asked, typed: Scope, every: Coverage
) -> tuple[Asked, tuple[str, ...]]:
    """Bound the days as far as the articles have any, and say what became of those that have none.

    What a question says of days, where its scope was `typed` without, can bound only articles that have one.
    """
    scope = asked.scope
    if scope.since is None and scope.until is None:
        return asked, ()
    theirs = (scope.since, scope.until) != (typed.since, typed.until)
    if theirs and not asked.listing and 2 * every.undated > every.articles:
        scope = replace(scope, since=typed.since, until=typed.until)
        return replace(asked, scope=scope), (_searched(every.undated),)
    inside, all_days = (index.coverage(one) for one in (scope, replace(scope, since=None, until=None)))
    left_out = all_days.undated - inside.undated
    return asked, (_left_out(left_out),) if left_out else ()


def added_warnings(answer: Answer) -> tuple[str, ...]:
    """Say of each source that has no date on what day it was added, where days bound the articles."""
    if not (answer.scope.since or answer.scope.until):
        return ()
    return tuple(
        f"[{one.number}] has no date; it counts for the day it was added, {day_in_words(one.article.added)}."
        for one in answer.sources
        if not one.article.published and one.article.added
    )


def _searched(undated: int) -> str:
    which = f"{counted(undated, 'article')} without a date"
    return f"No article is known to be of those days; {which} may be, so all were searched."


def _left_out(undated: int) -> str:
    return f"{counted(undated, 'article')} without a date {'was' if undated == 1 else 'were'} left out."
