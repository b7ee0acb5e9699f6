"""What is asked: the question as it is searched, and the scope it is asked in."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime

from index.types import Scope

LIMIT_CHARACTERS = 2000


class QuestionError(ValueError):
    """The question or its scope cannot be used; the message says why."""


def cleaned(question: str) -> str:
    r"""Fold white space and drop what cannot be seen; QuestionError if it is empty or over the limit.

    >>> cleaned("  Who \u200bwon? ")
    'Who won?'
    """
    if not isinstance(question, str):
        raise TypeError(f"a question is a str, not {type(question).__name__}")
    if len(question) > LIMIT_CHARACTERS:
        raise QuestionError(f"the question is longer than {LIMIT_CHARACTERS} characters; ask a shorter one")
    seen = "".join(" " if c.isspace() else c for c in question if c.isspace() or _is_seen(c))
    folded = " ".join(seen.split())
    if not any(c.isalnum() for c in folded):
        raise QuestionError("the question is empty; ask in words, for example: Who is the foreign minister?")
    return folded


def scope(
    as_of: date | str | None = None,
    since: date | str | None = None,
    until: date | str | None = None,
    outlets: Sequence[str] | None = None,
) -> Scope:
    """Make the scope of a question; days are dates or ISO strings. QuestionError or TypeError tells."""
    days = {"as_of": day("as_of", as_of), "since": day("since", since), "until": day("until", until)}
    if isinstance(outlets, str):
        outlets = (outlets,)
    if outlets is not None and not isinstance(outlets, Sequence):
        raise TypeError(f"outlets must be names, not {type(outlets).__name__}")
    try:
        return Scope(**days, outlets=tuple(outlets or ()))
    except ValueError as error:
        raise QuestionError(str(error)) from error


def carried(scope: Scope, before: Scope) -> Scope:
    """Give a question that leans on the one before its scope, as far as it has none of its own.

    >>> carried(Scope(since=date(2020, 1, 1)), Scope(until=date(2019, 1, 1), outlets=("The Post",)))
    Scope(as_of=None, since=datetime.date(2020, 1, 1), until=None, outlets=('The Post',))
    """
    days = scope if scope.since or scope.until else before
    outlets = scope.outlets or before.outlets
    return Scope(scope.as_of, days.since, days.until, outlets)


def day(name: str, value: date | str | None) -> date | None:
    """Read a day such as 2020-06-12; QuestionError names the option it was meant for."""
    if value is None or isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a date or a string such as 2020-06-12, not {type(value).__name__}")
    try:
        return date.fromisoformat(value.strip())
    except ValueError as error:
        raise QuestionError(f"{name} is {value!r}: no such day; write one as 2020-06-12") from error


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")
