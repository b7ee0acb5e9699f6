"""Which articles a visitor asks: the fields of the page read, and said in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.in_words import counted, scope_in_words
from assistant.question import QuestionError, scope
from page.words import ALL_ARTICLES, FROM_AFTER_UNTIL, SOME_ARTICLES, WRONG_SCOPE

if TYPE_CHECKING:
    from index.library import ArticleIndex


def chosen(
    outlets: Sequence[str] | None, since: str | None, until: str | None, as_of: str | None
) -> tuple[tuple[str, ...], str, str, str]:
    """Give what stands in the fields, nothing for those that were left alone."""
    return tuple(outlets or ()), since or "", until or "", as_of or ""


def listed(index: ArticleIndex, named: Sequence[str]) -> list[str]:
    """List the outlets to choose from: those of the articles, and those that are chosen as they are named."""
    known = index.coverage().outlets
    return [*known, *(name for name in dict.fromkeys(named) if name not in known)]


def told(index: ArticleIndex, outlets: Sequence[str], since: str, until: str, as_of: str) -> str:
    """Say in words which articles are asked and how many they are, or what is wrong with the scope."""
    try:
        asked = scope(as_of or None, since or None, until or None, tuple(outlets))
    except (QuestionError, TypeError) as error:
        reason = FROM_AFTER_UNTIL if since and until and since > until else error
        return WRONG_SCOPE.format(reason=reason)
    every = counted(index.coverage().articles, "article")
    words = scope_in_words(asked)
    if not words:
        return ALL_ARTICLES.format(articles=every)
    found = counted(index.coverage(asked).articles, "article")
    return SOME_ARTICLES.format(scope=words, articles=found, all=f"{index.coverage().articles:,}")
