"""The routes on which an article is read, with the words marked that an answer rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from assistant.in_words import sentence
from assistant.suggesting import questions_about
from index.types import Article
from page.article import article_html
from page.references import Reference, UnknownReferenceError, reference, version_of
from page.shell import style, template
from page.words import ARTICLE_GONE, TITLE

if TYPE_CHECKING:
    from assistant.answering import Assistant
    from index.library import ArticleIndex

_MOST_COPIES = 50  # of one report that are named
_QUESTIONS_SECONDS = 2.0
_NO_STORE = {"cache-control": "no-store"}


def article_routes(assistant: Assistant) -> list[BaseRoute]:
    """Give the routes of articles: HTML for the reader, or a page for a tab of its own; what to ask of one.

    404 with a reason for an article, a version or words that are not in the index.
    """
    index = assistant.index

    def article(request: Request) -> Response:
        query = {name: request.query_params.get(name, "") for name in ("version", "marks", "chosen")}
        try:
            wanted = reference(request.path_params["id"], **query)
            found, current = _version(index, wanted)
        except UnknownReferenceError as error:
            if not is_page(request):
                return PlainTextResponse(str(error), 404, _NO_STORE)
            gone = template("gone", reason=sentence(str(error)))
            return HTMLResponse(_alone(TITLE, gone), 404, _NO_STORE)
        copies = index.copies(found.id)[:_MOST_COPIES]
        html = article_html(found, wanted.marks, wanted.chosen, copies=copies, current=current)
        if is_page(request):
            html = _alone(f"{found.title or found.label} · {TITLE}", html)
        return HTMLResponse(html, headers=_NO_STORE)

    def questions(request: Request) -> Response:
        try:
            found, _ = _version(index, reference(request.path_params["id"]))
        except UnknownReferenceError as error:
            return PlainTextResponse(str(error), 404, _NO_STORE)
        asked = questions_about(assistant, found, seconds=_QUESTIONS_SECONDS)
        return HTMLResponse(template("questions", questions=asked), headers=_NO_STORE)

    def is_page(request: Request) -> bool:
        return request.headers.get("sec-fetch-dest") == "document"

    return [Route("/article/{id}", article), Route("/article/{id}/questions", questions)]


def _alone(title: str, article: str) -> str:
    """Write a page of its own around an article, or around why there is none."""
    return template("alone", title=title, article=article, style=style("colours", "look", "reader"))


def _version(index: ArticleIndex, wanted: Reference) -> tuple[Article, bool]:
    try:
        return version_of(index, wanted.article_id, wanted.version)
    except KeyError as error:
        raise UnknownReferenceError(ARTICLE_GONE) from error
