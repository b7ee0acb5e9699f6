"""A conversation as the page shows it: what was asked, what was told, and the questions that wait."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

from assistant.in_words import counted, day_in_words
from assistant.markup import escape
from assistant.question import LIMIT_CHARACTERS, QuestionError
from assistant.suggesting import follow_ups
from assistant.types import Answer, Turn
from index.types import Coverage
from page.answers import STOPPED, answer_html
from page.kept import kept
from page.words import (
    ARTICLES_HERE,
    BEGIN_WITH,
    FAILED,
    NO_ARTICLES,
    PUBLISHED_BETWEEN,
    SAMPLE_ARTICLES,
    UNDATED_ARTICLES,
    WAITS,
    YOU_STOPPED,
)

if TYPE_CHECKING:
    from assistant.answering import Assistant

_logger = logging.getLogger(__name__)

_DOUBLE_CLICK_SECONDS = 1.0
_UPDATE_SECONDS = 1 / 8  # between two that a page draws: words flow, and it keeps up
_FOLLOW_UP_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question as it was typed, and in which scope, days as ISO strings or "" for a side left open.

    With `instead` it takes the place of the last one of the conversation.
    """

    question: str
    outlets: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    as_of: str = ""
    instead: bool = False

    @classmethod
    def of(cls, turn: Turn) -> Wanted:
        """Give what was asked in a turn, to be asked again in its place."""
        scope = turn.answer.scope
        days = {name: str(getattr(scope, name) or "") for name in ("since", "until", "as_of")}
        return cls(turn.question, scope.outlets, **days, instead=True)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A turn, and its answer as HTML.

    A turn whose answer still has a status never came to its end, and is no part of the history.
    """

    turn: Turn
    html: str


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


@dataclass(slots=True)
class Line:
    """The questions of one visitor that wait for their turn.

    `stopped` asks the answer under way to end, and `after` is the conversation that the visitor has turned
    to instead, if so. It changes while an answer is made in another thread, so it is the one noun here
    that is not frozen.
    """

    waiting: deque[Wanted] = field(default_factory=deque)
    stopped: bool = False
    after: Conversation | None = None
    last: tuple[Wanted, float] = (Wanted(""), 0.0)  # what joined last, and when

    def leave_for(self, conversation: Conversation) -> None:
        """End the answer under way; whatever it still had to show, this conversation is shown."""
        self.stopped, self.after = True, conversation

    def join(self, wanted: Wanted) -> bool:
        """Let a question wait, and tell if it does: not one of no words, nor the second of a double click."""
        wanted, now = replace(wanted, question=wanted.question.strip()), time.monotonic()
        twice = wanted == self.last[0] and now - self.last[1] < _DOUBLE_CLICK_SECONDS
        if not wanted.question or wanted in self.waiting or twice:
            return False
        self.waiting.append(wanted)
        self.last = (wanted, now)
        return True


def converse(
    assistant: Assistant, wanted: Wanted, conversation: Conversation, line: Line
) -> Iterator[Conversation]:
    """Ask a question and yield the conversation as its answer grows, beginning at once.

    An empty question asks nothing. It ends early, and with it whatever writes, once the line is stopped.
    Whatever goes wrong becomes a clear sentence under the question, and a traceback in the log.
    """
    earlier = conversation.before(wanted)
    if not wanted.question:
        yield conversation
        return
    line.stopped = False
    turn = Turn(wanted.question, Answer("", wanted.question, status="searching"))
    yield earlier.then(_shown(turn))
    try:
        for turn in _turns(assistant, wanted, earlier.history, line):
            yield earlier.then(_shown(turn))
    except Exception as error:
        if not isinstance(error, QuestionError):
            _logger.exception("a question was not answered")
        reason = _sentence(str(error)) if isinstance(error, QuestionError) else FAILED
        turn = _ended(turn, reason)
        yield earlier.then(_shown(turn))
    if not turn.answer.status and not line.waiting:
        yield earlier.then(_completed(assistant, turn, earlier.history))


def paced(conversations: Iterator[Conversation], seconds: float = _UPDATE_SECONDS) -> Iterator[Conversation]:
    """Leave out what would follow another too soon, the last excepted; the first comes at once."""
    drawn, held = float("-inf"), None
    for held in conversations:
        if time.monotonic() - drawn >= seconds:
            yield held
            drawn, held = time.monotonic(), None
    if held is not None:
        yield held


def messages(conversation: Conversation, waiting: Iterable[Wanted] = ()) -> list[dict[str, str]]:
    """Write a conversation, and the questions that wait for their turn, as gradio's chat messages."""
    told = [
        {"role": role, "content": html}
        for one in conversation.exchanges
        for role, html in (("user", question_html(one.turn.question)), ("assistant", one.html))
    ]
    return told + [
        {"role": "user", "content": question_html(wanted.question, waiting=True)} for wanted in waiting
    ]


def restored(turn: Turn, record: str) -> Exchange:
    """Show a turn again that a browser has kept."""
    return Exchange(turn, answer_html(turn.answer, typed=turn.question, kept=record))


def lost(record: str, question: str, reason: str) -> Exchange:
    """Show that a turn which a browser has kept cannot be shown; the browser goes on keeping it."""
    answer = Answer("", question, warnings=(_sentence(reason),), status=STOPPED)
    return Exchange(Turn(question or "…", answer), answer_html(answer, kept=record))


def welcome_html(coverage: Coverage, sample: bool, questions: Sequence[str] = ()) -> str:
    """Say what there is to ask, before anything was asked; a sample collection has invented outlets."""
    if not coverage.articles:
        return f"<p>{NO_ARTICLES}</p>"
    articles, outlets = counted(coverage.articles, "article"), counted(len(coverage.outlets), "outlet")
    holds = ARTICLES_HERE.format(articles=articles, outlets=outlets)
    if coverage.first_day and coverage.last_day:
        first, last = day_in_words(coverage.first_day), day_in_words(coverage.last_day)
        holds += ", " + PUBLISHED_BETWEEN.format(first=first, last=last)
    if coverage.undated:
        holds += UNDATED_ARTICLES.format(count=f"{coverage.undated:,}")
    invented = f" {SAMPLE_ARTICLES}" if sample else ""
    failing = "".join(f"<p>{escape(source.in_words)}.</p>" for source in coverage.failing)
    return f"<p>{holds}.{invented}</p>{failing}{_beginnings(questions)}"


def question_html(question: str, *, waiting: bool = False) -> str:
    """Write a question as it was typed, on one line of HTML, and whether it waits for its turn."""
    shown = question if len(question) <= LIMIT_CHARACTERS else question[:200] + " …"
    lines = "<br>".join(map(escape, shown.splitlines()))
    if not waiting:
        return f'<p class="question" dir="auto">{lines}</p>'
    return f'<p class="question waiting" dir="auto">{lines}</p><p class="waits">{WAITS}</p>'


def _turns(assistant: Assistant, wanted: Wanted, history: Sequence[Turn], line: Line) -> Iterator[Turn]:
    """Yield the turn as its answer grows; where the line is stopped, what there is of it."""
    turn = Turn(wanted.question, Answer("", wanted.question))
    answers = assistant.stream(
        wanted.question,
        history,
        outlets=wanted.outlets or None,
        since=wanted.since or None,
        until=wanted.until or None,
        as_of=wanted.as_of or None,
    )
    with closing(cast("Generator[Answer]", answers)):  # which stops the model where it is not read on
        for answer in answers:
            turn = Turn(wanted.question, answer)
            if line.stopped and answer.status:
                yield _ended(turn, YOU_STOPPED)
                return
            yield turn


def _ended(turn: Turn, reason: str) -> Turn:
    answer = replace(turn.answer, warnings=(*turn.answer.warnings, reason), status=STOPPED)
    return replace(turn, answer=answer)


def _shown(turn: Turn) -> Exchange:
    final = not turn.answer.status
    record = kept(turn) if final else ""
    return Exchange(turn, answer_html(turn.answer, typed=turn.question, kept=record))


def _completed(assistant: Assistant, turn: Turn, history: Sequence[Turn]) -> Exchange:
    """Show a finished answer with what else could be asked."""
    try:
        questions = follow_ups(assistant, turn, history, seconds=_FOLLOW_UP_SECONDS)
    except Exception:  # the answer stands, whatever becomes of what is offered after it
        _logger.exception("no follow-up questions")
        questions = ()
    html = answer_html(turn.answer, typed=turn.question, kept=kept(turn), follow_ups=questions)
    return Exchange(turn, html)


def _beginnings(questions: Sequence[str]) -> str:
    items = "".join(f'<li><a class="follow" href="#ask">{escape(one)}</a></li>' for one in questions)
    return f'<p>{BEGIN_WITH}</p><ul class="beginnings">{items}</ul>' if items else ""


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
