"""An answer as one line of HTML for the chat: its text, how it rests on which articles, what to do next."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from assistant.changes import correction_warnings
from assistant.in_words import asked, counted, dateline, in_quotation_marks, sentence, written_by
from assistant.types import Answer, Claim, Source, Verdict
from page import words
from page.cards import nearest_html, sources_html
from page.citing import Links, escaped, shortened
from page.conversation import STOPPED
from page.telling import text_html

_AGAIN = (("again", words.ASK_AGAIN), ("edit", words.EDIT_QUESTION))
_ACTIONS = (
    ("copy", words.COPY_ANSWER),
    ("export", words.EXPORT_ANSWER),
    ("share", words.SHARE_ANSWER),
    *_AGAIN,
    ("helpful", words.HELPFUL),
    ("unhelpful", words.NOT_HELPFUL),
)
_STATEMENT_CHARACTERS = 160
_MARK = re.compile(r"\s?\[\d{1,4}\]")
_IN_WORDS: dict[Verdict, str] = {
    "verbatim": words.VERBATIM,
    "supported": words.SUPPORTED,
    "unsupported": words.UNSUPPORTED,
}
_OF_ONE: dict[Verdict, str] = {
    "verbatim": words.ONE_VERBATIM,
    "supported": words.ONE_SUPPORTED,
    "unsupported": words.ONE_UNSUPPORTED,
}


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
        _status(answer.status) if is_under_way else _verdicts(answer, links),
        "" if is_under_way else _paragraph("written", written_by(answer)),
        _warnings(answer),
        sources_html(answer, links),
        nearest_html(answer, links),
        _follow_ups(follow_ups) if is_final else "",
        "" if is_under_way or not answer.question else _actions(_ACTIONS if is_final else _AGAIN),
        f'<a class="record" href="#{escaped(kept)}" hidden></a>' if kept else "",
    ]
    return f'<div class="answer">{"".join(parts)}</div>'


def _searched(answer: Answer, typed: str) -> str:
    """Say what was searched, where a question leaned on earlier ones."""
    leaned = typed and answer.question.split() != typed.split()
    return _paragraph("searched", words.SEARCHED.format(question=answer.question) if leaned else "")


def _asked(answer: Answer, links: Links) -> str:
    """Say which articles were asked and of which days, with a link to the words that an event is dated by."""
    told, at, html = asked(answer), 0, ""
    for anchor in answer.anchors:
        who, quote = dateline(anchor.citation.article), in_quotation_marks(anchor.citation.quote)
        place = told.find(f"({who}: {quote})", at)
        if place < 0:
            continue
        html += escaped(told[at : place + 1]) + links.day(anchor.citation)
        at = place + 1 + len(who)
    html += escaped(told[at:])
    return f'<p class="asked" dir="auto">{html}</p>' if html else ""


def _status(status: str) -> str:
    return _paragraph("status", sentence(words.STATUS.format(status=status)))


def _paragraph(kind: str, text: str) -> str:
    return f'<p class="{kind}" dir="auto">{escaped(text)}</p>' if text else ""


def _verdicts(answer: Answer, links: Links) -> str:
    """Say how many statements rest on the articles and how, with each of them and its links to unfold.

    What reports differ on is shown with both sides, and no statement of the answer's own.
    """
    sides = [tuple(citation for _, citation in one.values) for one in answer.disagreements]
    claims = tuple(claim for claim in answer.claims if claim.citations not in sides)
    if len(claims) < 2:
        return "".join(f'<p class="verdict">{escaped(_OF_ONE[claim.verdict])}</p>' for claim in claims)
    items = "".join(_statement(answer, claim, links) for claim in claims)
    is_hinted = any(claim.verdict == "supported" for claim in claims)
    hint = f'<p class="hint">{escaped(words.WHAT_SUPPORTED_MEANS)}</p>' if is_hinted else ""
    summary = f"<summary>{escaped(_summary(claims))}</summary>"
    return f'<details class="verdicts">{summary}<ul>{items}</ul>{hint}</details>'


def _summary(claims: tuple[Claim, ...]) -> str:
    found = Counter(claim.verdict for claim in claims)
    counts = [f"{found[verdict]} {told_of}" for verdict, told_of in _IN_WORDS.items() if found[verdict]]
    every = words.ALL_VERBATIM if found["verbatim"] == len(claims) else ", ".join(counts)
    return words.VERDICTS.format(statements=counted(len(claims), words.STATEMENT), counts=every)


def _statement(answer: Answer, claim: Claim, links: Links) -> str:
    verdict = f'<span class="verdict {claim.verdict}">{escaped(_IN_WORDS[claim.verdict])}</span>'
    cited = [one for one in answer.sources if _rests_on(claim, one)]
    shown = "".join(f" {links.mark(source, claim.citations)}" for source in cited)
    return f'<li><bdi class="statement">{escaped(_shown(claim))}</bdi> {verdict}{shown}</li>'


def _rests_on(claim: Claim, source: Source) -> bool:
    return any(citation.article == source.article for citation in claim.citations)


def _shown(claim: Claim) -> str:
    """Give the words of a statement, without its marks; of one that is a quote the quote."""
    if claim.verdict == "verbatim" and len(claim.citations) == 1:
        return in_quotation_marks(shortened(claim.citations[0].quote, _STATEMENT_CHARACTERS))
    return shortened(_MARK.sub("", claim.text).replace(f"({words.UNSUPPORTED})", ""), _STATEMENT_CHARACTERS)


def _warnings(answer: Answer) -> str:
    """Write the warnings of an answer, each once; what a source corrects stands on its card."""
    on_cards = set(correction_warnings(answer.sources))
    once = [one for one in dict.fromkeys(answer.warnings) if one.strip() and one not in on_cards]
    return "".join(f'<p class="warning" dir="auto">{escaped(one)}</p>' for one in once)


def _follow_ups(questions: Sequence[str]) -> str:
    items = "".join(
        f'<li><a class="follow" href="#ask" dir="auto">{escaped(one)}</a></li>'
        for one in dict.fromkeys(questions)
        if one.strip()
    )
    heading = f'<p class="heading">{escaped(words.FOLLOW_UPS)}</p>'
    return f'<div class="follow-ups">{heading}<ul>{items}</ul></div>' if items else ""


def _actions(actions: Sequence[tuple[str, str]]) -> str:
    items = "".join(f'<li><a class="act" href="#{name}">{escaped(label)}</a></li>' for name, label in actions)
    return f'<ul class="actions">{items}</ul>'
