"""The route on which an article is read."""

from __future__ import annotations

import asyncio
import html
import re
from dataclasses import replace

import httpx
import pytest
from sample_answers import HARBOUR, MERIDIAN, FakeAssistant, citation
from starlette.applications import Starlette

from assistant.answering import Assistant
from index.library import ArticleIndex
from page.article import article_routes
from page.references import address

QUOTE = citation(
    HARBOUR, "“Sometimes you have to walk,” the president said of the $3m dinner & the $5m hall."
)


def read(index: ArticleIndex, path: str, **headers: str) -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(Starlette(routes=article_routes(FakeAssistant(index))))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get(path, headers=headers)

    return asyncio.run(send())


@pytest.fixture
def filled(index: ArticleIndex) -> ArticleIndex:
    index.add([HARBOUR, MERIDIAN])
    return index


def test_a_citation_leads_to_its_article_with_exactly_its_words_marked(filled: ArticleIndex) -> None:
    reply = read(filled, address(HARBOUR, [QUOTE], [QUOTE]))
    assert reply.status_code == 200
    marked = "".join(re.findall(r"<mark[^>]*>(.*?)</mark>", reply.text))
    assert html.unescape(marked) == QUOTE.quote
    assert reply.headers["cache-control"] == "no-store"
    assert "<html" not in reply.text


def test_in_a_tab_of_its_own_an_article_is_a_whole_page_without_a_script(filled: ArticleIndex) -> None:
    reply = read(filled, address(HARBOUR), **{"sec-fetch-dest": "document"})
    assert reply.text.startswith("<!doctype html>")
    assert "<title>Hanoi talks break off early · Dateline</title>" in reply.text
    assert "<script" not in reply.text


def test_the_version_that_was_cited_is_shown_after_a_newer_one_came(filled: ArticleIndex) -> None:
    filled.add([replace(HARBOUR, text="All of it was wrong.")])
    cited = read(filled, address(HARBOUR, [QUOTE], [QUOTE])).text
    assert "Sometimes you have to walk" in cited
    assert "the article was changed since" in cited
    current = read(filled, f"/article/{HARBOUR.id}").text
    assert "All of it was wrong." in current
    assert "changed since" not in current


@pytest.mark.parametrize(
    "path",
    ["/article/0123456789abcdef", f"/article/{HARBOUR.id}?version=0123456789abcdef",
     f"/article/{HARBOUR.id}?version=x", f"/article/{HARBOUR.id}?marks=<script>", "/article/..%2f..%2fetc"],
)  # fmt: skip
def test_what_is_not_there_is_refused_in_words(filled: ArticleIndex, path: str) -> None:
    reply = read(filled, path)
    assert reply.status_code == 404
    assert reply.headers["content-type"].startswith("text/plain")
    assert "<" not in reply.text


def test_a_tab_of_its_own_for_what_is_not_there_leads_back(filled: ArticleIndex) -> None:
    reply = read(filled, "/article/0123456789abcdef", **{"sec-fetch-dest": "document"})
    assert reply.status_code == 404
    assert "<p>This article is no longer in the collection.</p>" in reply.text
    assert '<a href="/">To the questions</a>' in reply.text


def test_an_article_that_was_taken_out_is_said_to_be_gone(filled: ArticleIndex) -> None:
    filled.remove([HARBOUR.id])
    reply = read(filled, address(HARBOUR, [QUOTE]))
    assert (reply.status_code, reply.text) == (404, "this article is no longer in the collection")


def test_what_an_article_answers_is_offered(sample: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("page.article._QUESTIONS_SECONDS", 60.0)  # however busy the machine is
    article = sample.answer("How much did it cost to rebuild the liaison office?").sources[0].article
    reply = read(sample.index, f"/article/{article.id}/questions")
    questions = re.findall(r'<a class="follow" href="#ask" role="button">(.*?)</a>', reply.text)
    assert questions
    for question in questions:
        found = sample.answer(html.unescape(question))
        assert article in [one for source in found.sources for one in (source.article, *source.copies)]
    assert read(sample.index, "/article/0123456789abcdef/questions").status_code == 404
