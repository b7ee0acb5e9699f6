"""What a visitor asked and was told, and the questions that wait for their turn."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field, replace

from assistant.types import Turn
from page.scope import Fields

AGAIN = "again"  # as chat.js writes it
STOPPED = "stopped"  # the status of an answer that never came to its end, and will not
_DOUBLE_CLICK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question as it was typed, and in which scope.

    With `instead` it takes the place of the last one of the conversation.
    """

    question: str
    fields: Fields = field(default_factory=Fields)
    instead: bool = False


@dataclass(frozen=True, slots=True)
class Exchange:
    """A turn, its answer as HTML, and what was wanted, to be asked again; None where that is not known.

    A turn whose answer still has a status never came to its end, and is no part of the history.
    """

    turn: Turn
    html: str
    wanted: Wanted | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """What one visitor asked and was told."""

    exchanges: tuple[Exchange, ...] = ()

    @property
    def history(self) -> tuple[Turn, ...]:
        """The turns that a follow-up question may refer to."""
        return tuple(one.turn for one in self.exchanges if not one.turn.answer.status)

    def then(self, exchange: Exchange) -> Conversation:
        """Give the conversation with one more exchange."""
        return Conversation((*self.exchanges, exchange))

    def before(self, wanted: Wanted) -> Conversation:
        """Give the conversation that a question is asked in: without the one whose place it takes."""
        return Conversation(self.exchanges[:-1]) if wanted.instead else self


def asked_for(typed: str, conversation: Conversation, instead: str, fields: Fields) -> Wanted | None:
    """Read what is asked: what is typed, in the place of the last question with `instead`, or that AGAIN.

    None where there is nothing to ask again.
    """
    if instead != AGAIN:
        return Wanted(typed or "", fields, instead=bool(instead))
    last = conversation.exchanges[-1].wanted if conversation.exchanges else None
    return replace(last, instead=True) if last else None


@dataclass(slots=True)
class Line:
    """The questions of one visitor that wait for their turn.

    `stopped` asks the answer under way to end, and `after` is the conversation that the visitor has turned
    to instead, if so; `left` are the lines before it whose answers may not have ended. It changes while an
    answer is made in another thread, so it is the one noun here that is not frozen.
    """

    waiting: deque[Wanted] = field(default_factory=deque)
    answering: bool = False
    stopped: bool = False
    after: Conversation | None = None
    left: tuple[Line, ...] = ()
    last: tuple[Wanted, float] = (Wanted(""), 0.0)  # what joined last, and when

    def leave_for(self, conversation: Conversation) -> Line:
        """End what is under way, and give the line of the conversation that is shown from now on."""
        for one in (*self.left, self):
            one.stopped, one.after = True, conversation
        left, self.left = tuple(one for one in self.left if one.answering), ()
        return Line(left=(*left, self))  # this one may be about to answer

    def next(self) -> Wanted | None:
        """Take the question whose turn it is, None where no more is to be answered here."""
        if self.after is not None:
            return None
        self.stopped = False
        try:
            return self.waiting.popleft()
        except IndexError:  # none waits, or no longer: a stop may have let them go just now
            return None

    def stop(self) -> bool:
        """End the answer under way, and tell if there is one; without one, let nothing wait."""
        self.stopped = True
        if not self.answering:
            self.waiting.clear()
        return self.answering

    def join(self, wanted: Wanted) -> bool:
        """Let a question wait, and tell if it does: not one of no words, nor the second of a double click."""
        wanted, now = replace(wanted, question=wanted.question.strip()), time.monotonic()
        twice = wanted == self.last[0] and now - self.last[1] < _DOUBLE_CLICK_SECONDS
        if not wanted.question or twice:
            return False
        self.waiting.append(wanted)
        self.last = (wanted, now)
        return True
