"""A conversation under way, and as gradio's messages: each question in its turn, a few updates a second."""

from __future__ import annotations

import functools
import logging
import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from assistant.in_words import sentence
from assistant.markup import escape
from assistant.question import LIMIT_CHARACTERS, QuestionError
from assistant.suggesting import follow_ups
from assistant.types import Answer, Turn
from index.types import Scope
from page import words
from page.answers import answer_html
from page.conversation import STOPPED, Conversation, Exchange, Line, Wanted
from page.kept import kept

if TYPE_CHECKING:
    from assistant.answering import Assistant

_logger = logging.getLogger(__name__)

_UPDATE_SECONDS = 1 / 8  # between two that a page draws: words flow, and it keeps up
_FOLLOW_UP_SECONDS = 1.0


def answered(assistant: Assistant, conversation: Conversation, line: Line) -> Iterator[Conversation]:
    """Answer the questions of a line in turn, those that join meanwhile too, a few updates a second.

    It ends early where the visitor turns to another conversation.
    """
    line.answering = True
    try:
        while (wanted := line.next()) is not None:
            with closing(converse(assistant, wanted, conversation, line)) as growing:
                for conversation in paced(growing):
                    if line.after is not None:
                        return
                    yield conversation
    finally:
        line.answering = False


def converse(
    assistant: Assistant, wanted: Wanted, conversation: Conversation, line: Line
) -> Generator[Conversation]:
    """Ask a question and yield the conversation as its answer grows, beginning at once.

    It ends early, and with it whatever writes, once the line is stopped. Whatever goes wrong becomes a clear
    sentence under the question, and a traceback in the log. An answer that did not come to its end takes no
    other's place.
    """
    earlier = conversation.before(wanted)
    turn = _begun(wanted)

    def then(turn: Turn, follow_ups: Sequence[str] = ()) -> Conversation:
        before = conversation if turn.answer.status == STOPPED else earlier
        return before.then(_shown(turn, wanted, follow_ups))

    yield then(turn)
    try:
        for turn in _turns(assistant, wanted, earlier.history, line):
            yield then(turn)
    except Exception as error:
        if not isinstance(error, QuestionError):
            _logger.exception("a question was not answered")
        reason = sentence(str(error)) if isinstance(error, QuestionError) else words.FAILED
        turn = _ended(turn, reason)
        yield then(turn)
    if not turn.answer.status and not line.waiting:
        yield then(turn, _next(assistant, turn, earlier.history))


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
    """Write a conversation, and the questions that wait for their turn, as gradio's chat messages.

    A question that has no answer yet holds what the browser keeps of it where its visitor leaves.
    """
    told = [
        {"role": role, "content": html}
        for one in conversation.exchanges
        for role, html in (
            ("user", question_html(one.turn.question, left=_left(one.wanted) if _is_under_way(one) else "")),
            ("assistant", one.html),
        )
    ]
    return told + [{"role": "user", "content": _waiting_html(wanted)} for wanted in tuple(waiting)]


def question_html(question: str, *, waiting: bool = False, left: str = "") -> str:
    """Write a question as it was typed, on one line of HTML, and whether it waits for its turn.

    `left` is the form of it that the browser keeps where its visitor leaves before the answer.
    """
    shown = question if len(question) <= LIMIT_CHARACTERS else question[:200] + " …"
    lines = "<br>".join(map(escape, shown.splitlines()))
    lines += f'<a class="unanswered" href="#{escape(left)}" hidden></a>' if left else ""
    if not waiting:
        return f'<p class="question" dir="auto">{lines}</p>'
    return f'<p class="question waiting" dir="auto">{lines}</p><p class="waits">{words.WAITS}</p>'


def _turns(assistant: Assistant, wanted: Wanted, history: Sequence[Turn], line: Line) -> Iterator[Turn]:
    """Yield the turn as its answer grows; where the line is stopped, what there is of it."""
    asked = wanted.fields.scope()
    answers = assistant.stream(
        wanted.question,
        history,
        outlets=asked.outlets,
        since=asked.since,
        until=asked.until,
        as_of=asked.as_of,
    )
    with closing(cast("Generator[Answer]", answers)):  # which stops the model where it is not read on
        for answer in answers:
            turn = Turn(wanted.question, answer)
            if line.stopped and answer.status:
                yield _ended(turn, words.YOU_STOPPED)
                return
            yield turn


def _begun(wanted: Wanted) -> Turn:
    """Begin a turn; its scope stays with the question, whatever becomes of the answer."""
    try:
        asked = wanted.fields.scope()
    except QuestionError:  # as its answer will say
        asked = Scope()
    return Turn(wanted.question, Answer("", wanted.question, asked, status="searching"))


def _is_under_way(exchange: Exchange) -> bool:
    return exchange.turn.answer.status not in ("", STOPPED)


@functools.lru_cache(maxsize=2048)  # they are drawn again and again
def _waiting_html(wanted: Wanted) -> str:
    return question_html(wanted.question, waiting=True, left=_left(wanted))


def _left(wanted: Wanted | None) -> str:
    return kept(_ended(_begun(wanted), words.YOU_LEFT)) if wanted else ""


def _ended(turn: Turn, reason: str) -> Turn:
    answer = replace(turn.answer, warnings=(*turn.answer.warnings, reason), status=STOPPED)
    return replace(turn, answer=answer)


def _shown(turn: Turn, wanted: Wanted, follow_ups: Sequence[str]) -> Exchange:
    record = kept(turn) if turn.answer.status in ("", STOPPED) else ""
    html = answer_html(turn.answer, typed=turn.question, kept=record, follow_ups=follow_ups)
    return Exchange(turn, html, replace(wanted, instead=False))


def _next(assistant: Assistant, turn: Turn, history: Sequence[Turn]) -> Sequence[str]:
    """Find what else could be asked."""
    try:
        return follow_ups(assistant, turn, history, seconds=_FOLLOW_UP_SECONDS)
    except Exception:  # the answer stands, whatever becomes of what is offered after it
        _logger.exception("no follow-up questions")
        return ()
