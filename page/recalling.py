"""A conversation that a browser has kept, brought back; what it hands over is what anyone could have sent."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.in_words import sentence
from assistant.types import Answer, Turn
from page import words
from page.answers import answer_html
from page.conversation import STOPPED, Conversation, Exchange, Wanted
from page.kept import MOST_TURNS, KeptError, turn_of
from page.scope import Fields

if TYPE_CHECKING:
    from index.library import ArticleIndex


_MOST_SECONDS = 3.0  # of the processor, for one conversation; 200 real turns take under one


class BadHandError(ValueError):
    """What was handed over is nothing that the page's scripts write."""


class _Kept(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    turns: Annotated[list[str], Field(max_length=MOST_TURNS)]


def recalled(text: str, index: ArticleIndex) -> Conversation:
    """Read a conversation that a browser has kept; BadHandError where it is none at all.

    A turn that cannot be brought back is shown with the reason.
    """
    try:
        kept = _Kept.model_validate_json(text)
    except ValidationError as error:
        raise BadHandError("no conversation") from error
    begun = time.thread_time()
    exchanges = []
    for record in kept.turns:
        if time.thread_time() - begun > _MOST_SECONDS:
            exchanges.append(lost(record, "", words.TOO_LONG_TO_RECALL))
        else:
            exchanges.append(_recalled(record, index))
    return Conversation(tuple(exchanges))


def restored(turn: Turn, record: str) -> Exchange:
    """Show a turn again that a browser has kept."""
    wanted = Wanted(turn.question, Fields.of(turn.answer.scope))
    return Exchange(turn, answer_html(turn.answer, typed=turn.question, kept=record), wanted)


def lost(record: str, question: str, reason: str) -> Exchange:
    """Show that a turn which a browser has kept cannot be shown; the browser goes on keeping it."""
    answer = Answer("", "", warnings=(sentence(reason),), status=STOPPED)
    return Exchange(Turn(question or "…", answer), answer_html(answer, kept=record))


def _recalled(record: str, index: ArticleIndex) -> Exchange:
    try:
        return restored(turn_of(record, index), record)
    except KeptError as error:
        return lost(record, error.question, str(error))
