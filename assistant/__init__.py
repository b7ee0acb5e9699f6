"""Dateline: ask your news articles, get answers in which every statement points at its exact words.

from assistant import answer
print(answer("Why did the Hanoi summit end early?").text)
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.question import QuestionError
from assistant.types import Answer, Citation, Claim, Disagreement, Source, Turn, Wording

if TYPE_CHECKING:
    from assistant.answering import Assistant

__all__ = [
    "Answer",
    "Assistant",
    "Citation",
    "Claim",
    "Disagreement",
    "QuestionError",
    "Source",
    "Turn",
    "Wording",
    "answer",
    "stream",
]

_opening = threading.Lock()
_opened: list[Assistant] = []


def answer(
    question: str,
    history: Sequence[Turn] = (),
    *,
    as_of: date | str | None = None,
    since: date | str | None = None,
    until: date | str | None = None,
    outlets: Sequence[str] | None = None,
) -> Answer:
    """Answer a question from the articles at DATELINE_HOME; see `Assistant.stream` for the arguments.

    The first call opens the index and keeps it; where there is none, it makes one of the sample articles
    and says so in the log.
    """
    return _assistant().answer(question, history, as_of=as_of, since=since, until=until, outlets=outlets)


def stream(
    question: str,
    history: Sequence[Turn] = (),
    *,
    as_of: date | str | None = None,
    since: date | str | None = None,
    until: date | str | None = None,
    outlets: Sequence[str] | None = None,
) -> Iterator[Answer]:
    """Yield the answer as it grows, as `Assistant.stream` does."""
    return _assistant().stream(question, history, as_of=as_of, since=since, until=until, outlets=outlets)


def _assistant() -> Assistant:
    from assistant.answering import Assistant

    with _opening:
        if not _opened:
            _opened.append(Assistant.open())
    return _opened[0]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - what a module attribute is
    """Import what is heavy when it is first asked for."""
    if name == "Assistant":
        from assistant.answering import Assistant

        return Assistant
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
