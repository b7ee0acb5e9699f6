"""An answer as one line of HTML for the chat: its text, how it rests on which articles, what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.in_words import asked, dateline, in_quotation_marks, written_by
from assistant.types import Answer
from page import words
from page.cards import nearest_html, sources_html, warnings_html
from page.citing import Links, told
from page.telling import text_html
from page.verdicts import verdicts_html

STOPPED = "stopped"  # the status of an answer that never came to its end, and will not
_AGAIN = (("again", words.ASK_AGAIN), ("edit", words.EDIT_QUESTION))
_ACTIONS = (
    ("copy", words.COPY_ANSWER),
    ("export", words.EXPORT_ANSWER),
    ("share", words.SHARE_ANSWER),
    *_AGAIN,
    ("helpful", words.HELPFUL),
    ("unhelpful", words.NOT_HELPFUL),
)


def answer_html(answer: Answer, *, kept: str = "", follow_ups: Sequence[str] = (), typed: str = "") -> str:
    """Write an answer on one line of HTML, as far as it has come; nothing in it but this page's own tags.

    `kept` is the form of it that the browser keeps, `follow_ups` are questions to ask next, and `typed` is
    the question as it was typed: where another was searched for, that is said.
    """
    links = Links(answer)
    is_final, is_under_way = not answer.status, answer.status not in ("", STOPPED)
    parts = [
        _searched(answer, typed),
        _asked(answer, links),
        f'<div class="text">{text_html(answer, links)}</div>',
        _status(answer.status) if is_under_way else verdicts_html(answer, links),
        "" if is_under_way else _paragraph("written", written_by(answer)),
        warnings_html(answer),
        sources_html(answer, links),
        nearest_html(answer, links),
        _follow_ups(follow_ups) if is_final else "",
        "" if is_under_way or not answer.question else _actions(_ACTIONS if is_final else _AGAIN),
        f'<a class="record" href="#{told(kept)}" hidden></a>' if kept else "",
    ]
    return f'<div class="answer">{"".join(parts)}</div>'


def _searched(answer: Answer, typed: str) -> str:
    """Say what was searched, where a question leaned on earlier ones."""
    leaned = typed and answer.question.split() != typed.split()
    return _paragraph("searched", words.SEARCHED.format(question=answer.question) if leaned else "")


def _asked(answer: Answer, links: Links) -> str:
    """Say which articles were asked and of which days, with a link to the words that an event is dated by."""
    sentence, at, html = asked(answer), 0, ""
    for anchor in answer.anchors:
        who, quote = dateline(anchor.citation.article), in_quotation_marks(anchor.citation.quote)
        place = sentence.find(f"({who}: {quote})", at)
        if place < 0:
            continue
        html += told(sentence[at : place + 1]) + links.day(anchor.citation)
        at = place + 1 + len(who)
    html += told(sentence[at:])
    return f'<p class="asked" dir="auto">{html}</p>' if html else ""


def _status(status: str) -> str:
    return _paragraph("status", words.STATUS.format(status=status[:1].upper() + status[1:]))


def _paragraph(kind: str, text: str) -> str:
    return f'<p class="{kind}" dir="auto">{told(text)}</p>' if text else ""


def _follow_ups(questions: Sequence[str]) -> str:
    items = "".join(
        f'<li><a class="follow" href="#ask" dir="auto">{told(one)}</a></li>'
        for one in dict.fromkeys(questions)
        if one.strip()
    )
    heading = f'<p class="heading">{told(words.FOLLOW_UPS)}</p>'
    return f'<div class="follow-ups">{heading}<ul>{items}</ul></div>' if items else ""


def _actions(actions: Sequence[tuple[str, str]]) -> str:
    items = "".join(f'<li><a class="act" href="#{name}">{told(label)}</a></li>' for name, label in actions)
    return f'<ul class="actions">{items}</ul>'
