from __future__ import annotations

import gzip
import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from llama_index.core.base.embeddings.base import BaseEmbedding
from model_server import (
    Behaviour,
    Exchange,
    ModelServer,
    closing,
    dribbling_headers,
    failing,
    hanging,
    redirecting,
    serving,
    web_page,
)
from storing import HashEmbedding, word, write

from assistant.answering import Assistant
from assistant.cli import application
from assistant.opening import open_index
from assistant.settings import Settings, SettingsError
from index import embeddings
from index.embed import EmbeddingUnavailableError, bundled
from index.embeddings import EndpointEmbedding, LlamaIndexEmbedding
from index.library import ArticleIndex
from index.stores import EmbeddingMismatchError

KEY = "sk-canary-of-the-embedding"


def answering(made_by: HashEmbedding, **edits: object) -> Behaviour:
    """Behave as an endpoint with an embedding, its vectors not of length one and in any order."""

    def behave(exchange: Exchange) -> None:
        texts = exchange.server.owner.requests[-1].body["input"]
        vectors = 3 * made_by.embed(texts)
        data = [
            {"object": "embedding", "index": at, "embedding": list(map(float, vector))}
            for at, vector in enumerate(vectors)
        ]
        exchange.reply(200, json.dumps({"object": "list", "data": data[::-1], "model": "m"} | edits))

    return behave


good = answering(HashEmbedding())


@pytest.fixture
def news(tmp_path: Path) -> Path:
    for number in range(1, 9):
        write(tmp_path / "news", number)
    return tmp_path / "news"


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with serving(good) as running:
        yield running


def settings(server: ModelServer, home: Path, model: str = "tiny") -> Settings:
    return Settings(home=home, api_key=KEY, base_url=server.url, embed_model=model)


def test_articles_and_questions_are_embedded_by_the_endpoint(
    server: ModelServer, news: Path, tmp_path: Path
) -> None:
    with open_index(settings(server, tmp_path / "home")) as index:
        assert index.sync([news]).failed == ()
        assert index.search(f"What about {word(3)}?")[0].passage.article.title.endswith(" 3")
        assert index.limits() == ()
        assert index.doctor().healthy
    assert {one.body["model"] for one in server.requests} == {"tiny"}
    assert server.requests[-1].body["input"] == [f"What about {word(3)}?"]
    assert sum(len(one.body["input"]) for one in server.requests[:-1]) == 8
    names = {name.lower() for one in server.requests for name in one.headers}
    assert names == {"accept", "authorization", "content-length", "content-type", "host", "user-agent"}
    assert {one.headers["Authorization"] for one in server.requests} == {f"Bearer {KEY}"}


def test_without_a_key_none_is_sent(server: ModelServer) -> None:
    EndpointEmbedding("tiny", server.url).embed_question("Who?")
    assert "Authorization" not in server.requests[0].headers


def test_a_key_alone_sends_no_article_anywhere(server: ModelServer, news: Path, tmp_path: Path) -> None:
    with open_index(settings(server, tmp_path / "home", model="")) as index:
        index.sync([news])
        index.search(f"What about {word(3)}?")
    assert server.requests == []


def short(exchange: Exchange) -> None:
    exchange.reply(200, json.dumps({"object": "list", "data": [], "model": "m"}))


def of_zeros(exchange: Exchange) -> None:
    data = [{"object": "embedding", "index": 0, "embedding": [0.0, 0.0]}]
    exchange.reply(200, json.dumps({"object": "list", "data": data, "model": "m"}))


def ragged(exchange: Exchange) -> None:
    data = [{"object": "embedding", "index": at, "embedding": [1.0] * (at + 1)} for at in range(2)]
    exchange.reply(200, json.dumps({"object": "list", "data": data, "model": "m"}))


def endless(exchange: Exchange) -> None:
    exchange.send_response(200)
    exchange.send_header("Content-Type", "application/json")
    exchange.end_headers()
    while True:
        exchange.wfile.write(b" " * 1_000_000)


def packed(exchange: Exchange) -> None:
    """Answer in gzip, which was not asked for."""
    body = gzip.compress(json.dumps({"data": [{"index": 0, "embedding": [1.0]}]}).encode())
    exchange.send_response(200)
    for name, value in ("Content-Type", "application/json"), ("Content-Encoding", "gzip"):
        exchange.send_header(name, value)
    exchange.send_header("Content-Length", str(len(body)))
    exchange.end_headers()
    exchange.wfile.write(body)


def nested(exchange: Exchange) -> None:
    exchange.reply(200, "[" * 200_000)


def dripping(exchange: Exchange) -> None:
    """Send a letter now and then, so that no single read takes long."""
    exchange.send_response(200)
    exchange.send_header("Content-Type", "application/json")
    exchange.end_headers()
    exchange.until_gone(lambda: exchange.wfile.write(b" "))


FAULTS = {
    "key": (failing(401, KEY), r"did not accept the key \(401\); set OPENAI_API_KEY", 1),
    "not allowed": (failing(403), "does not allow this key to use the embedding tiny", 1),
    "no model": (failing(404), "has no embedding tiny at that address", 1),
    "too long": (failing(413), "does not take texts that long with tiny", 1),
    "busy": (failing(429, retry_after_ms="1"), "takes no more requests for now", 4),
    "broken": (failing(500, retry_after_ms="1"), r"failed \(500\); try again later, or look in its log", 4),
    "elsewhere": (redirecting, r"which is not followed; set OPENAI_BASE_URL", 1),
    "refused": (failing(400, "an article nobody"), r"\(400\); check that OPENAI_BASE_URL", 1),
    "no credit": (failing(429, "no", "insufficient_quota"), "no credit left", 1),
    "closed": (closing, "closed the connection without answering; try again", 4),
    "too much": (endless, "sent far more than vectors; choose another DATELINE_EMBED_MODEL", 1),
    "packed": (packed, "does not answer in OpenAI's protocol", 1),
    "nested": (nested, "does not answer in OpenAI's protocol", 1),
    "a page": (web_page, "does not answer in OpenAI's protocol", 1),
    "too few": (short, "(did not give one vector a text|does not answer in OpenAI's protocol)", 1),
    "zeros": (of_zeros, "did not give one vector a text", 1),
    "ragged": (ragged, "did not give one vector a text", 1),
}


@pytest.mark.parametrize(("behaviour", "said", "requests"), FAULTS.values(), ids=FAULTS)
def test_what_an_endpoint_does_wrong_is_told_without_the_key(
    behaviour: Behaviour, said: str, requests: int
) -> None:
    with serving(behaviour) as running:
        with pytest.raises(EmbeddingUnavailableError, match=said) as raised:
            EndpointEmbedding("tiny", running.url, KEY).embed(["an article nobody else may read"])
        assert len(running.requests) == requests
    assert "127.0.0.1" in str(raised.value)
    assert "canary" not in repr(raised.getrepr(chain=True))
    assert raised.value.__cause__ is None


def test_an_endpoint_that_is_not_there_or_hangs_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embeddings, "_QUESTION_SECONDS", 0.2)
    with serving(hanging) as running:
        with pytest.raises(EmbeddingUnavailableError, match="did not answer in time; try again"):
            EndpointEmbedding("tiny", running.url).embed_question("Who?")
        assert len(running.requests) == 1
        assert running.gone.wait(5)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with pytest.raises(EmbeddingUnavailableError, match=r"is not there: .* refused; start it"):
            EndpointEmbedding("tiny", f"http://127.0.0.1:{closed.getsockname()[1]}/v1").embed_question("Who?")


@pytest.mark.parametrize("behaviour", [dripping, dribbling_headers])
def test_a_question_is_left_after_its_time_however_slowly_the_endpoint_answers(
    behaviour: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    EndpointEmbedding("tiny", "http://127.0.0.1:1/v1")._trust  # noqa: B018 - what is loaded once is not timed
    monkeypatch.setattr(embeddings, "_QUESTION_SECONDS", 0.5)
    with serving(behaviour) as running:
        asked, began = EndpointEmbedding("tiny", running.url), time.monotonic()
        with pytest.raises(EmbeddingUnavailableError, match="did not answer in time"):
            asked.embed_question("Who?")
        assert time.monotonic() - began < 5
        assert running.gone.wait(5)


def test_a_question_is_left_while_a_name_is_looked_up_and_nothing_is_sent_later(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, lookup = threading.Event(), socket.getaddrinfo

    def slow(host: object, *arguments: object, **others: object) -> object:
        found.wait(30)
        return lookup("127.0.0.1", *arguments, **others)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    monkeypatch.setattr(embeddings, "_QUESTION_SECONDS", 0.2)
    with pytest.raises(EmbeddingUnavailableError, match="did not answer in time"):
        EndpointEmbedding("tiny", f"http://models.invalid:{server.port}/v1").embed_question("Who?")
    asking = [thread for thread in threading.enumerate() if thread.name == "endpoint"]
    assert asking
    found.set()
    for thread in asking:
        thread.join(10)
        assert not thread.is_alive()
    assert server.requests == []


def test_no_word_of_an_article_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), serving(good) as running:
        EndpointEmbedding("tiny", running.url, KEY).embed(["words of a passage"])
    assert "words of a passage" not in caplog.text
    assert KEY not in caplog.text


def test_a_fault_of_our_own_is_not_taken_for_the_endpoints(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise TypeError("of our own")

    monkeypatch.setattr(EndpointEmbedding, "_reply", broken)
    with pytest.raises(TypeError, match="of our own"):
        EndpointEmbedding("tiny", server.url).embed_question("Who?")


def test_what_could_not_be_embedded_is_saved_and_gone_on_with(news: Path, tmp_path: Path) -> None:
    with (
        serving(failing(401), good) as running,
        open_index(settings(running, tmp_path / "home")) as index,
    ):
        with pytest.raises(EmbeddingUnavailableError):
            index.sync([news])
        assert index.coverage().articles == 8
        assert len(index.sync([news]).unchanged) == 8
        assert index.doctor().healthy


def test_a_question_that_cannot_be_embedded_is_searched_by_words_and_the_answer_says_so(
    news: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        serving(good, failing(503, "no"), good) as running,
        open_index(settings(running, tmp_path / "home")) as index,
    ):
        index.sync([news])
        assistant = Assistant(index, settings=Settings())
        answer = assistant.answer(f"How many days will {word(3)} stay?")
        (warning,) = answer.warnings
        assert warning.startswith("Searched by words only: the server at 127.0.0.1")
        assert word(3) in answer.text
        assert [record.levelno for record in caplog.records] == [logging.WARNING]
        assert assistant.answer(f"How many days will {word(3)} stay?").warnings == ()


def test_what_one_question_missed_is_not_told_of_another_nor_forgotten_for_it(
    news: Path, tmp_path: Path
) -> None:
    with (
        serving(good, failing(503, "no"), good) as running,
        open_index(settings(running, tmp_path / "home")) as index,
    ):
        index.sync([news])
        assistant = Assistant(index, settings=Settings())
        growing = assistant.stream(f"How many days will {word(3)} stay?")
        for under_way in growing:
            if under_way.status.startswith("reading"):
                break
        assert assistant.answer(f"How many days will {word(4)} stay?").warnings == ()
        *_, final = growing
        assert final.warnings[0].startswith("Searched by words only")


@pytest.mark.parametrize("behaviour", [good, failing(503, "no")])
def test_a_question_to_several_outlets_is_embedded_once(
    news: Path, tmp_path: Path, behaviour: Behaviour
) -> None:
    with (
        serving(good, behaviour) as running,
        open_index(settings(running, tmp_path / "home")) as index,
    ):
        index.sync([news])
        before = len(running.requests)
        asked = ["The Larkmoor Post", "Kestrel Wire"]
        answer = Assistant(index, settings=Settings()).answer("How long did they stay?", outlets=asked)
        assert {hit.outlet for hit in answer.nearest} | {one.outlet for one in answer.sources} == set(asked)
        assert len(running.requests) == before + 1
        assert len(answer.warnings) == (behaviour is not good)


def test_a_model_that_changed_under_its_name_is_noticed_before_anything_is_mixed(
    news: Path, tmp_path: Path
) -> None:
    class Other(HashEmbedding):
        def embed(self, texts: list[str]) -> np.ndarray:  # type: ignore[override]
            return -super().embed(texts)[:, ::-1]

    for other in (Other(), HashEmbedding(dimension=32)):
        home = tmp_path / str(other.dimension)
        with serving(good) as running, open_index(settings(running, home)) as index:
            index.sync([news])
            held = index._catalog.vectors.rows()
        write(news, 40 + other.dimension)
        with serving(answering(other)) as running, open_index(settings(running, home)) as index:
            with pytest.raises(EmbeddingMismatchError, match="no longer gives the vectors"):
                index.sync([news])
            assert index._catalog.vectors.rows().tolist() == held.tolist()


def test_an_index_is_changed_over_from_the_bundled_embedding_and_back(
    news: Path, tmp_path: Path, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from typer.testing import CliRunner

    home = tmp_path / "home"
    with ArticleIndex.open(home) as index:
        index.sync([news])
    monkeypatch.setenv("DATELINE_HOME", str(home))
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    monkeypatch.setenv("DATELINE_EMBED_MODEL", "openai:tiny")
    refused = CliRunner().invoke(application, ["ask", "Who?"])
    assert isinstance(refused.exception, EmbeddingMismatchError)
    assert "doctor --rebuild" in str(refused.exception)
    assert CliRunner().invoke(application, ["doctor", "--rebuild"]).exit_code == 0
    with ArticleIndex.open(home, EndpointEmbedding("tiny", server.url)) as index:
        assert index.search(f"What about {word(3)}?")[0].passage.article.title.endswith(" 3")
    monkeypatch.delenv("DATELINE_EMBED_MODEL")
    assert CliRunner().invoke(application, ["doctor", "--rebuild"]).exit_code == 0
    with ArticleIndex.open(home) as index:
        assert index.doctor().healthy


class TwoWays(BaseEmbedding):
    """An embedding of LlamaIndex that tells questions from passages, as many models do."""

    prefix: str = "passage: "

    def _get_text_embedding(self, text: str) -> list[float]:
        return [2 * float(one) for one in HashEmbedding().embed([self.prefix + text])[0]]

    def _get_query_embedding(self, query: str) -> list[float]:
        return [2 * float(one) for one in HashEmbedding().embed([f"query: {query}"])[0]]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        raise NotImplementedError


def test_any_embedding_of_llamaindex_serves(news: Path, tmp_path: Path) -> None:
    with ArticleIndex.open(tmp_path / "home", TwoWays(model_name="two")) as index:
        index.sync([news])
        assert index.search(f"What about {word(3)}?")[0].passage.article.title.endswith(" 3")
        assert index._catalog.identity.endswith(":two")
        assert index._catalog.identity.startswith("test_embeddings.TwoWays:")
    ours = LlamaIndexEmbedding(TwoWays(model_name="two"))
    (passage,) = ours.embed(["a summit"])
    question = ours.embed_question("a summit")
    assert np.allclose([np.linalg.norm(passage), np.linalg.norm(question)], 1)
    assert float(passage @ question) < 0.99
    with pytest.raises(EmbeddingMismatchError):
        ArticleIndex.open(tmp_path / "home", TwoWays(model_name="three"))


def test_two_embeddings_of_llamaindex_never_pass_for_one() -> None:
    class Other(TwoWays):
        pass

    one, other = (LlamaIndexEmbedding(kind(model_name="same")) for kind in (TwoWays, Other))
    assert one.identity != other.identity
    with pytest.raises(TypeError, match=r"TwoWays does not say which model it is; .* model_name"):
        LlamaIndexEmbedding(TwoWays())


def test_an_embedding_of_llamaindex_that_fails_is_told_without_its_words(tmp_path: Path) -> None:
    class Failing(TwoWays):
        def _get_text_embedding(self, text: str) -> list[float]:
            raise RuntimeError(f"{KEY} and {text}")

    with pytest.raises(EmbeddingUnavailableError, match=r"failed with RuntimeError$"):
        LlamaIndexEmbedding(Failing(model_name="x")).embed(["words"])
    with pytest.raises(TypeError, match="embedding of LlamaIndex, not str"):
        ArticleIndex.open(tmp_path / "home", "openai:tiny")  # type: ignore[arg-type]


def test_quoting_is_by_the_bundled_embedding_whatever_the_index_has(
    news: Path, tmp_path: Path, server: ModelServer
) -> None:
    with open_index(settings(server, tmp_path / "home")) as index:
        index.sync([news])
        before = len(server.requests)
        Assistant(index, settings=Settings()).answer(f"How many days will {word(3)} stay?")
    assert len(server.requests) == before + 1
    assert bundled().embed(["a"]).shape == (1, 384)


@pytest.mark.parametrize("given", ["tiny", "openai:", "local:tiny", "openai:a b", "openai:\x00"])
def test_an_embedding_that_cannot_be_meant_is_refused(given: str) -> None:
    with pytest.raises(SettingsError, match="DATELINE_EMBED_MODEL"):
        Settings.from_environment({"DATELINE_EMBED_MODEL": given, "OPENAI_API_KEY": "k"})


def test_an_embedding_needs_an_endpoint() -> None:
    with pytest.raises(SettingsError, match="needs OPENAI_API_KEY or OPENAI_BASE_URL"):
        Settings.from_environment({"DATELINE_EMBED_MODEL": "openai:tiny"})
    given = {"DATELINE_EMBED_MODEL": "openai:tiny", "OPENAI_API_KEY": "k"}
    assert Settings.from_environment(given).embed_model == "tiny"
