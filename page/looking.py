"""What someone looks for in the collection, read from the query of an address."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from starlette.datastructures import QueryParams

from assistant.in_words import day_in_words, scope_in_words
from assistant.question import LIMIT_CHARACTERS, cleaned, scope
from index.types import Scope
from page import words

_MOST_PAGES = 100_000
_MOST_OUTLETS, _NAME_CHARACTERS = 100, 500
_PAGE = re.compile(r"[0-9]{1,9}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class BadQueryError(ValueError):
    """A query that nothing can be shown for; the message says why."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: words, "" for all articles, in which scope, and which page of it, from 1."""

    words: str
    scope: Scope
    page: int

    @property
    def where(self) -> str:
        """Say in a phrase which articles are looked through; nothing for all of them.

        >>> query(QueryParams("since=2020-06-12&until=2020-06-12&outlet=The+Post")).where
        'of 12 June 2020, of The Post'
        """
        one, days = self.scope, (self.scope.since, self.scope.until)
        if one.since is None or days[0] != days[1]:
            return scope_in_words(one)
        day = words.OF_DAY.format(day=day_in_words(one.since))
        return ", ".join(filter(None, (day, scope_in_words(replace(one, since=None, until=None)))))


def query(asked: QueryParams) -> Query:
    """Read a query; BadQueryError or QuestionError for what cannot be meant."""
    page = asked.get("page", "1")
    if not _PAGE.fullmatch(page) or not 1 <= int(page) <= _MOST_PAGES:
        raise BadQueryError(words.WRONG_PAGE.format(most=_MOST_PAGES))
    outlets = [name for name in asked.getlist("outlet") if name.strip()]
    if len(outlets) > _MOST_OUTLETS:
        raise BadQueryError(words.TOO_MANY_OUTLETS.format(most=_MOST_OUTLETS))
    if any(len(name) > _NAME_CHARACTERS for name in outlets):
        raise BadQueryError(words.TOO_LONG_OUTLET.format(most=_NAME_CHARACTERS))
    since, until = (_day(asked, name) for name in ("since", "until"))
    typed = asked.get("words", "")
    if len(typed) <= LIMIT_CHARACTERS and not any(character.isalnum() for character in typed):
        typed = ""  # nothing is looked for yet
    return Query(cleaned(typed) if typed else "", scope(None, since, until, outlets), int(page))


def _day(asked: QueryParams, name: str) -> str | None:
    days = asked.getlist(name)
    if len(days) > 1 or (days and days[0] and not _DAY.fullmatch(days[0])):
        raise BadQueryError(words.WRONG_DAY.format(name=name))
    return days[0] or None if days else None
