"""The routes on which an article is read, and it as HTML: what is cited marked, its "yesterday" explained."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from assistant.in_words import counted, dateline, day_in_words, sentence
from assistant.markup import escape_exactly
from assistant.origins import date_origin
from assistant.suggesting import questions_about
from index.corrections import corrections
from index.times import TimeExpression, meant_days
from index.types import Article, web_address
from page import words
from page.references import Reference, Spans, UnknownReferenceError, address, reference, version_of
from page.shell import style, template

if TYPE_CHECKING:
    from assistant.answering import Assistant
    from index.library import ArticleIndex

_MOST_COPIES = 50  # of one report that are named
_QUESTIONS_SECONDS = 2.0
_NO_STORE = {"cache-control": "no-store"}
_PARAGRAPH = re.compile(r".+?(?:\n\s*\n\s*|\Z)", re.DOTALL)
_MOST_AROUND = 8  # spans that a piece says it is part of; of a real answer they lie in two or three
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")  # a plain one of BCP 47
_LINE = re.compile(r".+?(?:\n\s*|\Z)", re.DOTALL)


def article_routes(assistant: Assistant) -> list[BaseRoute]:
    """Give the routes of articles: HTML for the reader, or a page for a tab of its own; what to ask of one.

    404 with a reason for an article, a version or words that are not in the index.
    """

    def article(request: Request) -> Response:
        is_page = request.headers.get("sec-fetch-dest") == "document"
        try:
            title, html = _asked_for(assistant.index, request)
        except UnknownReferenceError as error:
            if not is_page:
                return PlainTextResponse(str(error), 404, _NO_STORE)
            gone = template("gone", reason=sentence(str(error)))
            return HTMLResponse(_alone(words.TITLE, gone), 404, _NO_STORE)
        return HTMLResponse(_alone(f"{title} · {words.TITLE}", html) if is_page else html, headers=_NO_STORE)

    def questions(request: Request) -> Response:
        try:
            found, _ = _version(assistant.index, reference(request.path_params["id"]))
        except UnknownReferenceError as error:
            return PlainTextResponse(str(error), 404, _NO_STORE)
        asked = questions_about(assistant, found, seconds=_QUESTIONS_SECONDS)
        return HTMLResponse(template("questions", questions=asked), headers=_NO_STORE)

    return [Route("/article/{id}", article), Route("/article/{id}/questions", questions)]


def _asked_for(index: ArticleIndex, request: Request) -> tuple[str, str]:
    """Give the title of the article that is asked for, and it as HTML."""
    query = {name: request.query_params.get(name, "") for name in ("version", "marks", "chosen")}
    wanted = reference(request.path_params["id"], **query)
    found, current = _version(index, wanted)
    copies = index.copies(found.id)[:_MOST_COPIES]
    html = article_html(found, wanted.marks, wanted.chosen, copies=copies, current=current)
    return found.title or found.label, html


def _alone(title: str, article: str) -> str:
    """Write a page of its own around an article, or around why there is none."""
    return template("alone", title=title, article=article, style=style("colours", "look", "reader"))


def _version(index: ArticleIndex, wanted: Reference) -> tuple[Article, bool]:
    try:
        return version_of(index, wanted.article_id, wanted.version)
    except KeyError as error:
        raise UnknownReferenceError(words.ARTICLE_GONE) from error


def article_html(
    article: Article,
    marks: Spans = (),
    chosen: Spans = (),
    *,
    copies: Sequence[Article] = (),
    current: bool = True,
) -> str:
    """Write an article for the reader, the words of `marks` marked and those of `chosen` stronger.

    Spans are (start, end) in its text; what lies outside of it marks nothing. `copies` are the same story in
    other outlets; a version that is not the `current` one is said not to be.
    """
    told = dateline(article)  # which names the author of an opinion
    byline = "" if article.byline and article.byline in told else article.byline
    return template(
        "article",
        title=article.title or article.label,
        details=[detail for detail in (told, byline, date_origin(article)) if detail],
        notes=_notes(article, current),
        copies=[(address(copy), dateline(copy), copy.title or copy.label) for copy in copies],
        copied=words.COPY_IN.format(articles=counted(len(copies), words.OTHER_ARTICLE)),
        original=web_address(article.url),
        file="" if web_address(article.url) else article.document,
        body=Markup(_body(article, marks, chosen)),
        about={"id": article.id, "outlet": article.outlet, "day": str(article.published_day or "")},
        chosen=_names(chosen),
        language=_language(article),
    )


def _notes(article: Article, current: bool) -> list[str]:
    """Say what a reader should know of an article besides who wrote it when."""
    notes = [words.CARRIES_CORRECTION] if corrections(article) else []
    return notes if current else [*notes, words.ANOTHER_VERSION]


def _body(article: Article, marks: Spans, chosen: Spans) -> str:
    """Write the article's characters, each once and in order, so that what is marked is what was quoted."""
    text, days = article.text, _days(article)
    parts = _PARAGRAPH if re.search(r"\n\s*\n", text.strip()) else _LINE
    return "".join(
        f'<p dir="auto">{_marked(text, part.start(), part.end(), marks, chosen, days)}</p>'
        for part in parts.finditer(text)
    )


def _days(article: Article) -> list[TimeExpression]:
    """Find the words that mean a day which they do not say: "yesterday", "on Friday", "12 June"."""
    found = [
        one
        for one in meant_days(article.text, article.spoken_day)
        if str(one.interval.first.year) not in article.text[one.start : one.end]
    ]
    return sorted(found, key=lambda one: one.start)


def _marked(
    text: str, start: int, end: int, marks: Spans, chosen: Spans, days: Sequence[TimeExpression]
) -> str:
    first, last = (bisect_left(days, edge, key=lambda one: one.start) for edge in (start, end))
    inside = days[first:last]
    edges = {edge for span in (*marks, *chosen) for edge in span}
    edges |= {edge for day in inside for edge in (day.start, day.end)}
    cuts = sorted({start, end} | {edge for edge in edges if start < edge < end})
    return "".join(_piece(text[a:b], a, b, marks, chosen, inside) for a, b in pairwise(cuts))


def _piece(
    text: str, start: int, end: int, marks: Spans, chosen: Spans, days: Sequence[TimeExpression]
) -> str:
    """Write text that is marked as a whole or not at all; `data-at` names every span they are part of."""
    html = escape_exactly(text)
    meant = next((one.interval.first for one in days if one.start <= start and end <= one.end), None)
    if meant:
        html = f'<span class="day" title="{day_in_words(meant)}">{html}</span>'
    around = sorted(span for span in {*marks, *chosen} if span[0] <= start and end <= span[1])
    if not around:
        return html
    kind = "cited" if set(chosen).isdisjoint(around) else "chosen"
    around = around[:_MOST_AROUND]
    return f'<mark class="{kind}" data-at="{_names(around)}">{html}</mark>'


def _names(spans: Iterable[tuple[int, int]]) -> str:
    return " ".join(f"{start}-{end}" for start, end in spans)


def _language(article: Article) -> str:
    """Give the language as HTML has it, "" where it is not known or named otherwise."""
    return article.language if _TAG.fullmatch(article.language) else ""
