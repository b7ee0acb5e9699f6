"""What the page's scripts hand to Python, read as what anyone could have sent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from page.chat import lost, restored
from page.conversation import Conversation, Exchange, Wanted
from page.kept import MOST_TURNS, KeptError, turn_of

if TYPE_CHECKING:
    from index.library import ArticleIndex

AGAIN = "again"  # as chat.js writes it

_Name = Annotated[str, Field(max_length=500)]
_Day = Annotated[str, Field(max_length=10)]


class BadHandError(ValueError):
    """What was handed over is nothing that the page's scripts write."""


class ScopeWanted(NamedTuple):
    """What the fields of the scope are to hold, None for what is to stay."""

    outlets: list[str] | None
    since: str | None
    until: str | None
    as_of: str | None


class _Handed(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    nonce: int  # makes what is handed over twice a change


class _Scope(_Handed):
    outlets: Annotated[list[_Name], Field(max_length=1000)] | None = None
    since: _Day | None = None
    until: _Day | None = None
    as_of: _Day | None = None


class _Kept(_Handed):
    turns: Annotated[list[str], Field(max_length=MOST_TURNS)]


def asked_for(
    typed: str, conversation: Conversation, instead: str, scope: tuple[tuple[str, ...], str, str, str]
) -> Wanted | None:
    """Read what is asked: what is typed, in the place of the last question with `instead`, or that AGAIN.

    None where there is nothing to ask again.
    """
    if instead != AGAIN:
        return Wanted(typed or "", *scope, instead=bool(instead))
    last = conversation.exchanges[-1].wanted if conversation.exchanges else None
    return replace(last, instead=True) if last else None


def scope_wanted(text: str) -> ScopeWanted:
    """Read a scope that is to be set, nothing of it where no script of the page has written this."""
    try:
        wanted = _Scope.model_validate_json(text)
    except ValidationError:
        return ScopeWanted(None, None, None, None)
    return ScopeWanted(wanted.outlets, wanted.since, wanted.until, wanted.as_of)


def scope_handed(outlets: Sequence[str], since: str, until: str, as_of: str) -> str:
    """Write the scope that is chosen for the page's scripts."""
    return json.dumps({"outlets": [*outlets], "since": since, "until": until, "as_of": as_of})


def recalled(text: str, index: ArticleIndex) -> Conversation:
    """Read a conversation that a browser has kept; BadHandError where it is none at all.

    A turn that cannot be brought back is shown with the reason.
    """
    try:
        kept = _Kept.model_validate_json(text)
    except ValidationError as error:
        raise BadHandError("no conversation") from error
    return Conversation(tuple(_recalled(record, index) for record in kept.turns))


def _recalled(record: str, index: ArticleIndex) -> Exchange:
    try:
        return restored(turn_of(record, index), record)
    except KeptError as error:
        return lost(record, error.question, str(error))
