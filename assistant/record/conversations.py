"""A conversation as JSON types, its answers as records, and read back with all their checks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.record.parts import FORMAT, ConversationPart, TurnPart
from assistant.record.reading import from_record, valid
from assistant.record.writing import to_record
from assistant.types import Lost, Turn


def to_conversation(turns: Sequence[Turn | Lost]) -> dict[str, Any]:
    """Write a conversation as JSON types; a turn that is lost has a reason instead of an answer."""
    return {"format": FORMAT, "turns": [_turn_record(turn) for turn in turns]}


def from_conversation(data: object) -> tuple[Turn | Lost, ...]:
    """Read what `to_conversation` wrote; ValueError says which part is wrong."""
    parts = valid(ConversationPart, data, "the conversation").turns
    return tuple(_turn(part, f"turns.{place}") for place, part in enumerate(parts))


def _turn_record(turn: Turn | Lost) -> dict[str, Any]:
    if isinstance(turn, Lost):
        return {"question": turn.question, "lost": turn.reason}
    return {"question": turn.question, "answer": to_record(turn.answer)}


def _turn(part: TurnPart, where: str) -> Turn | Lost:
    if (part.answer is None) == (part.lost is None):
        raise ValueError(f"{where}: a turn has an answer, or says why it is lost")
    if part.lost is not None:
        return Lost(part.question, part.lost)
    try:
        return Turn(part.question, from_record(part.answer))
    except ValueError as error:
        raise ValueError(f"{where}.answer.{error}") from error
