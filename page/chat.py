"""A conversation as the page shows it: its messages, and the article behind each link in them."""

from __future__ import annotations

import logging
import secrets
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from assistant.in_words import asked, counted, dateline, day_in_words, written_by
from assistant.markup import Mark, cited, escape, text_html
from assistant.question import LIMIT_CHARACTERS, QuestionError
from assistant.reader import article_html
from assistant.types import Answer, Citation, Turn
from index.types import Article, Coverage

if TYPE_CHECKING:
    from assistant.answering import Assistant

_logger = logging.getLogger(__name__)

_FAILED = "Something went wrong here, and the answer could not be finished. Please ask again."
_EARLIER = "This answer is of an earlier conversation. Ask again to open its sources."
_STOPPED = "stopped"
_DOUBLE_CLICK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Conversation:
    """What one visitor asked and was told, under a key that no other conversation has.

    A turn whose answer still has a status never came to its end, and is no part of the history.
    """

    turns: tuple[Turn, ...] = ()
    key: str = ""

    @property
    def history(self) -> tuple[Turn, ...]:
        """The turns that a follow-up question may refer to."""
        return tuple(turn for turn in self.turns if not turn.answer.status)

    def then(self, turn: Turn) -> Conversation:
        """Give the conversation with one more turn."""
        return Conversation((*self.turns, turn), self.key or secrets.token_hex(8))


@dataclass(slots=True)
class Line:
    """The questions of one visitor that wait for their turn; `closed` once the visitor has cleared the chat.

    It changes while an answer is under way in another thread, so it is the one noun here that is not frozen.
    """

    waiting: deque[str] = field(default_factory=deque)
    closed: bool = False
    last: tuple[str, float] = ("", 0.0)  # the question that joined last, and when

    def join(self, question: str) -> bool:
        """Let a question wait, and tell if it does: not one of no words, nor the second of a double click."""
        question, now = question.strip(), time.monotonic()
        twice = question == self.last[0] and now - self.last[1] < _DOUBLE_CLICK_SECONDS
        if not question or question in self.waiting or twice:
            return False
        self.waiting.append(question)
        self.last = (question, now)
        return True


def converse(assistant: Assistant, question: str, conversation: Conversation) -> Iterator[Conversation]:
    """Ask a question and yield the conversation as its answer grows, beginning at once.

    An empty question asks nothing. Whatever goes wrong becomes a clear sentence under the question, and a
    traceback in the log.
    """
    question = question.strip()
    if not question:
        yield conversation
        return
    answer = Answer("", question, status="searching")
    current = conversation.then(Turn(question, answer))
    try:
        yield current
        for answer in assistant.stream(question, conversation.history):
            current = replace(current, turns=(*conversation.turns, Turn(question, answer)))
            yield current
    except Exception as error:
        reason = _sentence(str(error)) if isinstance(error, QuestionError) else _FAILED
        if not isinstance(error, QuestionError):
            _logger.exception("a question was not answered")
        answer = replace(answer, warnings=(*answer.warnings, reason), status=_STOPPED)
        yield replace(current, turns=(*conversation.turns, Turn(question, answer)))


def messages(conversation: Conversation, waiting: Iterable[str] = ()) -> list[dict[str, str]]:
    """Write a conversation, and the questions that wait for their turn, as gradio's chat messages."""
    told = [
        {"role": role, "content": html}
        for place, turn in enumerate(conversation.turns)
        for role, html in (
            ("user", question_html(turn.question)),
            (
                "assistant",
                _searched(turn, f"{conversation.key}-{place}")
                + answer_html(turn.answer, f"{conversation.key}-{place}"),
            ),
        )
    ]
    return told + [{"role": "user", "content": question_html(question, "waiting")} for question in waiting]


def welcome_html(coverage: Coverage, sample: bool) -> str:
    """Say what there is to ask, before anything was asked; a sample collection has invented outlets."""
    if not coverage.articles:
        return "<p>There are no articles to ask yet; add some with: dateline sync FOLDER</p>"
    holds = f"{counted(coverage.articles, 'article')} from {counted(len(coverage.outlets), 'outlet')}"
    if coverage.first_day and coverage.last_day:
        holds += f", published {day_in_words(coverage.first_day)} to {day_in_words(coverage.last_day)}"
    if coverage.undated:
        holds += f", {coverage.undated:,} of them undated"
    invented = " They are a sample: the outlets are invented." if sample else ""
    failing = "".join(f"<p>{escape(source.in_words)}.</p>" for source in coverage.failing)
    return f"<p>{holds}.{invented}</p>{failing}<p>Ask a question, or begin with one of these.</p>"


def question_html(question: str, state: str = "") -> str:
    """Write a question as it was typed, on one line of HTML; `state` is one more class, such as waiting."""
    shown = question if len(question) <= LIMIT_CHARACTERS else question[:200] + " …"
    lines = "<br>".join(map(escape, shown.splitlines()))
    return f'<p class="{f"question {state}".strip()}" dir="auto">{lines}</p>'


def _searched(turn: Turn, key: str) -> str:
    """Say what was searched, where a question leaned on earlier ones or named outlets, a time or an event."""
    leaned = turn.answer.question.split() != turn.question.split()
    told = [f"Searched: {escape(turn.answer.question)}"] if leaned else []
    days = (
        f' <a class="cite" href="#{key}-day-{place}">{_label(anchor.citation.article)}</a>'
        for place, anchor in enumerate(turn.answer.anchors)
    )
    told.append(escape(asked(turn.answer)) + "".join(days))
    return "".join(f'<p class="searched" dir="auto">{line}</p>' for line in told if line)


def answer_html(answer: Answer, key: str) -> str:
    """Write an answer with its sources, on one line of HTML; its links begin with `#` and the key."""
    text = text_html(answer, lambda mark: _link(key, mark))
    warnings = "".join(f'<p class="warning" dir="auto">{escape(words)}</p>' for words in answer.warnings)
    status = f'<p class="status">{escape(_sentence(answer.status))} …</p>' if _working(answer) else ""
    by = "" if _working(answer) else written_by(answer)
    wrote = f'<p class="written" dir="auto">{escape(by)}</p>' if by else ""
    html = text + wrote + warnings + _sources(answer, key) + _nearest(answer, key) + status
    return f'<div class="answer">{html}</div>'


def reader_html(conversation: Conversation, reference: str) -> str:
    """Write the article a link of this conversation leads to, with the words this answer cites marked.

    A reference that is not of this conversation leads to a message, whoever made it.
    """
    found = _find(conversation, reference)
    back = '<p class="back"><a href="#conversation" class="return">Back to the answer</a></p>'
    shown = article_html(*found) if found else f'<p class="empty">{_EARLIER}</p>'
    return f'<article id="{escape(reference.strip())}">{back}{shown}</article>'


def _working(answer: Answer) -> bool:
    return answer.status not in ("", _STOPPED)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _link(key: str, mark: Mark) -> str:
    claim = "" if mark.claim is None else f"-{mark.claim}"
    return f"#{key}-source-{mark.number}{claim}"


def _sources(answer: Answer, key: str) -> str:
    items = "".join(
        f'<li dir="auto"><a class="cite" href="#{key}-source-{source.number}">&#91;{source.number}&#93; '
        f"{_label(source.article)}</a>{_copies(source.copies)}</li>"
        for source in answer.sources
    )
    return f'<ul class="sources">{items}</ul>' if items else ""


def _copies(copies: Sequence[Article]) -> str:
    outlets = ", ".join(sorted({copy.label for copy in copies}))
    return f" <small>also in {escape(outlets)}</small>" if copies else ""


def _nearest(answer: Answer, key: str) -> str:
    items = "".join(
        f'<li dir="auto"><a class="cite" href="#{key}-near-{place}">{_label(article)}</a></li>'
        for place, article in enumerate(answer.nearest)
    )
    return f'<p class="nearest">The nearest articles:</p><ul class="sources">{items}</ul>' if items else ""


def _label(article: Article) -> str:
    name = article.title or ("" if article.outlet else article.label)
    return f"<bdi>{escape(dateline(article))}</bdi>" + (f": {escape(name)}" if name else "")


def _find(
    conversation: Conversation, reference: str
) -> tuple[Article, Sequence[Citation], Sequence[Citation]] | None:
    """Find the article of a reference, what its answer cites there, and what this link points to."""
    key, _, rest = reference.strip().partition("-")
    parts = rest.split("-")
    if not key or key != conversation.key or len(parts) not in (3, 4):
        return None
    try:
        answer = conversation.turns[_whole(parts[0])].answer
        if parts[1] == "near":
            return answer.nearest[_whole(parts[2])], (), ()
        if parts[1] == "day":
            told = answer.anchors[_whole(parts[2])].citation
            return told.article, (told,), (told,)
        article = next(s.article for s in answer.sources if s.number == _whole(parts[2]))
        spans = cited(answer, article)
        chosen = answer.claims[_whole(parts[3])].citations if parts[3:] else spans[:1]
    except (ValueError, IndexError, StopIteration):
        return None
    return article, spans, [citation for citation in chosen if citation.article == article]


def _whole(digits: str) -> int:
    """Read a number that counts from 0; ValueError for anything else, a minus sign too."""
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"{digits!r} is not a number")
    return int(digits)
