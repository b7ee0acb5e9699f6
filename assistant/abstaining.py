"""What is said where the articles do not answer, and why: nothing found, nothing new, nothing so late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.in_words import bounds_in_words, counted, day_in_words, days_in_words, scope_in_words
from assistant.types import Answer
from index.types import Article, Coverage, Hit

_NEAREST = 3  # articles named when none answers


def abstention(under_way: Answer, hits: Sequence[Hit], every: Coverage, inside: Coverage) -> Answer:
    """Say that the articles do not answer, how many there are, from when, and which come nearest.

    `every` is what all articles cover, `inside` those in the scope of the question.
    """
    nearest = tuple(dict.fromkeys(hit.passage.article for hit in hits))[:_NEAREST]
    asked = scope_in_words(under_way.scope)
    if not every.articles:
        text = "There are no articles to answer from; add some with: dateline sync FOLDER"
    elif not inside.articles:
        here = "The one article here does not fit"
        if every.articles > 1:
            here = f"None of the {every.articles:,} articles here fits"
        text = f"{here} what was asked for: {asked}"
        text += f"; the outlets are {', '.join(every.outlets)}" if under_way.scope.outlets else ""
        bounded = under_way.scope.since or under_way.scope.until
        text += f"; {'it is' if every.articles == 1 else 'they are'} {_days(every)}." if bounded else "."
    else:
        text = f"The articles do not say: no sentence that answers this was found in the {_extent(inside)}"
        text += f", {asked}." if asked else "."
    return replace(under_way, text=text, abstained=True, nearest=nearest)


def beyond(under_way: Answer, hits: Sequence[Hit], every: Coverage) -> Answer:
    """Say that all articles are older than what is asked of, and which come nearest."""
    asked = " and ".join(days_in_words(one) for one in under_way.about)
    text = f"The articles do not say: you asked about {asked}. {stale_warning(every)}"
    nearest = tuple(dict.fromkeys(hit.passage.article for hit in hits))[:_NEAREST]
    return replace(under_way, text=text, abstained=True, nearest=nearest)


def nothing_new(under_way: Answer, newest: Article, inside: Coverage) -> Answer:
    """Say that nothing new was found in the articles inside the scope, and of what day the newest is."""
    day = newest.counted_day
    when = "undated" if not newest.published else f"from {day_in_words(day)}" if day else ""
    looked = f"the {_extent(inside)}" if inside.articles else "the articles, none of which is of these days"
    text = (
        f"Nothing new {bounds_in_words(under_way.scope)} was found in {looked}. The latest on this is {when}."
    )
    return replace(under_way, text=text, abstained=True, nearest=(newest,))


def missing_warning(outlets: Sequence[str]) -> str:
    """Say which outlets that were asked have no article here."""
    return f"No article here is from {' or '.join(outlets)}." if outlets else ""


def stale_warning(every: Coverage) -> str:
    """Say how old what is newest here is."""
    dated = "dated article" if every.undated else "article"
    return f"The newest {dated} here is from {day_in_words(every.last_day)}." if every.last_day else ""


def _extent(coverage: Coverage) -> str:
    """Say how many articles there are, from when, and how many say no day."""
    days = _days(coverage)
    return f"{counted(coverage.articles, 'article')} here{', ' if days else ''}{days}"


def _days(coverage: Coverage) -> str:
    if not coverage.first_day or not coverage.last_day:
        return "undated" if coverage.articles else ""
    first, last = day_in_words(coverage.first_day), day_in_words(coverage.last_day)
    text = f"published {first} to {last}" if first != last else f"published {first}"
    return f"{text}, {coverage.undated} of them undated" if coverage.undated else text
