"""Answers a model writes, from question to checked answer, over a real local HTTP server."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from datetime import date

import pytest
from model_server import Behaviour, Exchange, failing, hanging, saying, serving
from scripted import handle_of

from assistant.answering import Assistant
from assistant.settings import Settings
from assistant.types import Answer, Turn
from index import Article, ArticleIndex

KEY = "sk-canary-key"
BRIDGE = Article(
    "The harbour bridge in Brae was opened again on Friday. Rebuilding it cost 17 million crowns, the port "
    "authority said. Mayor Ole Berg cut the ribbon.",
    "Bridge opened",
    "The Post",
    published=date(2020, 6, 12),
)
QUESTION = "How much did it cost to rebuild the harbour bridge?"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ArticleIndex]:
    with ArticleIndex.open(tmp_path_factory.mktemp("home")) as index:
        index.add([BRIDGE])
        yield index


def citing(*sentences: str, cut: bool = False, finish: str = "stop") -> Behaviour:
    """Write sentences with the handle of the cost, as a good server does, or break off in the middle."""

    def behave(exchange: Exchange) -> None:
        prompt = exchange.server.owner.requests[-1].body["messages"][-1]["content"]
        handle = handle_of(prompt, "17 million")
        exchange.begin()
        exchange.words([sentence.replace("HANDLE", handle) for sentence in sentences])
        if not cut:
            exchange.chunk(finish)
            exchange.done()
        exchange.end()

    return behave


def ask(index: ArticleIndex, url: str, question: str = QUESTION, history: tuple[Turn, ...] = ()) -> Answer:
    settings = Settings(api_key=KEY, base_url=url, model="stub", timeout_seconds=3)
    return Assistant(index, settings=settings).answer(question, history)


def test_a_written_answer_is_cited_and_checked(index: ArticleIndex) -> None:
    lines = ("Rebuilding the bridge cost 17 million ", "crowns [HANDLE]. ", "It cost 71 million [HANDLE].")
    with serving(citing(*lines)) as server:
        answer = ask(index, server.url)
    assert [claim.verdict for claim in answer.claims] == ["supported", "unsupported"]
    assert answer.text == (
        "Rebuilding the bridge cost 17 million crowns. [1] It cost 71 million. (not found in the articles)"
    )
    assert answer.model == "stub"
    (request,) = server.requests
    assert "Ole Berg" in request.body["messages"][-1]["content"]


def test_what_came_before_a_cut_is_kept_and_marked(index: ArticleIndex) -> None:
    with serving(
        citing("Rebuilding the bridge cost 17 million crowns [HANDLE]. And the", cut=True)
    ) as server:
        answer = ask(index, server.url)
    assert answer.text.startswith("Rebuilding the bridge cost 17 million crowns. [1]")
    (warning,) = answer.warnings
    assert "breaks off" in warning


def test_an_answer_that_came_to_its_limit_says_so(index: ArticleIndex) -> None:
    lines = ("Rebuilding the bridge cost 17 million crowns [HANDLE]. ", "Mayor Ole Berg cut the")
    with serving(citing(*lines, finish="length")) as server:
        answer = ask(index, server.url)
    assert answer.warnings == ("The model came to the limit of its length: the answer may be cut short.",)
    assert answer.text == "Rebuilding the bridge cost 17 million crowns. [1] Mayor Ole Berg cut the …"
    assert [claim.verdict for claim in answer.claims] == ["supported"]


@pytest.mark.parametrize("behaviour", [failing(401, f"no {KEY}"), failing(500), hanging])
def test_a_model_that_fails_is_named_and_the_articles_are_quoted(
    index: ArticleIndex, behaviour: Behaviour, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(behaviour) as server:
        answer = ask(index, server.url)
    assert "“Rebuilding it cost 17 million crowns, the port authority said.” [1]" in answer.text
    (warning,) = answer.warnings
    assert warning.endswith("So the articles are quoted instead.")
    assert KEY not in warning + caplog.text
    assert "Ole Berg" not in caplog.text


def test_a_follow_up_is_rewritten_by_the_model_and_its_marks_are_not_this_turns(index: ArticleIndex) -> None:
    def rewriting(exchange: Exchange) -> None:
        exchange.begin()
        exchange.words(["Who cut the ribbon of the harbour bridge in Brae?"])
        exchange.chunk("stop")
        exchange.done()
        exchange.end()

    first = Answer("It was opened [1].", "When was the harbour bridge opened?")
    with serving(rewriting, citing("Mayor Ole Berg cut the ribbon [1].")) as server:
        answer = ask(index, server.url, "And who cut the ribbon?", (Turn(first.question, first),))
    assert answer.question == "Who cut the ribbon of the harbour bridge in Brae?"
    assert [claim.verdict for claim in answer.claims] == ["verbatim"]
    assert len(server.requests) == 2


def test_rewriting_and_writing_share_one_deadline(index: ArticleIndex) -> None:
    def late(exchange: Exchange) -> None:
        exchange.server.owner.ended.wait(0.7)  # of the second that rewriting may take
        exchange.begin()
        exchange.words(["How much did it cost to rebuild the harbour bridge?"])
        exchange.chunk("stop")
        exchange.done()
        exchange.end()

    first = Answer("It was opened [1].", "When was the harbour bridge opened?")
    with serving(late, late, hanging) as server:
        settings = Settings(api_key=KEY, base_url=server.url, model="stub", timeout_seconds=4)
        assistant = Assistant(index, settings=settings)
        assert assistant.model
        "".join(assistant.model.stream("warm", "up", limit_tokens=5))
        began = time.monotonic()
        answer = assistant.answer("And what did it cost?", (Turn(first.question, first),))
        took = time.monotonic() - began
    assert answer.question == "How much did it cost to rebuild the harbour bridge?"
    assert "did not answer within" in answer.warnings[0]
    assert 3.5 < took < 4.6


def test_a_model_that_cannot_rewrite_is_not_asked_to_write_and_what_both_took_is_added_up(
    index: ArticleIndex,
) -> None:
    first = Answer("It was opened [1].", "When was the harbour bridge opened?")
    history = (Turn(first.question, first),)
    with serving(failing(401)) as server:
        answer = ask(index, server.url, "And what did it cost?", history)
        assert len(server.requests) == 1
    assert answer.warnings[0].endswith("So the articles are quoted instead.")
    assert "17 million" in answer.text
    with serving(saying("How much did the harbour bridge cost?"), saying("Nothing.")) as server:
        answer = ask(index, server.url, "And what did it cost?", history)
    assert answer.usage
    assert answer.usage.input_tokens == 14
