from __future__ import annotations

import logging
import pickle
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import model_server as server
import pytest
from llama_index.core.llms import (
    ChatMessage,
    ChatResponse,
    CompletionResponse,
    CompletionResponseGen,
    CustomLLM,
    LLMMetadata,
    MockLLM,
)
from llama_index.core.llms.callbacks import llm_completion_callback
from llama_index.llms.openai import OpenAI
from model_server import ModelServer, failing, good, saying, serving

import assistant.endpoint
from assistant.faults import Asked
from assistant.model import Ask, Model, ModelError, Usage
from assistant.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
KEY = "sk-canary-key"
ARTICLE = "canary words of an article"
DEADLINE = 1.0
WHOLE = "".join(server.WORDS)
HALF = "".join(server.WORDS[:2])


def model(
    url: str, *, api_key: str = KEY, temperature: float | None = 0.1, timeout_seconds: float = 30
) -> Model:
    made = Model.from_settings(
        Settings(
            base_url=url,
            api_key=api_key,
            model="stub",
            temperature=temperature,
            timeout_seconds=timeout_seconds,
        )
    )
    assert made
    return made


def failure(asked: Model, timeout_seconds: float = DEADLINE) -> ModelError:
    """Ask, and give the error that must come, with the text before it checked."""
    reply = asked.stream("Be brief.", ARTICLE, limit_tokens=50)
    with pytest.raises(ModelError) as raised:
        for _ in reply:
            pass
    assert raised.value.partial == reply.text
    assert reply.usage.seconds < timeout_seconds + 1
    return raised.value


FAULTS: dict[str, tuple[tuple[server.Behaviour, ...], str, str, int]] = {
    "401": ((failing(401, f"Incorrect API key: {KEY}"),), "key refused", "set OPENAI_API_KEY", 1),
    "403": ((failing(403),), "not allowed", "choose another DATELINE_MODEL", 1),
    "404 of the model": (
        (failing(404, "The model `stub` does not exist"),),
        "no such model",
        "DATELINE_MODEL",
        1,
    ),
    "404 of the address": ((failing(404, "Not Found"),), "wrong address", "often ends in /v1", 1),
    "429": ((failing(429),), "too many requests", "ask again in a minute", 1),
    "429 and long": ((failing(429, retry_after=120),), "too many requests", "ask again in 120 s", 1),
    "429 and too long for now": ((failing(429, retry_after=3),), "too many requests", "ask again in 3 s", 1),
    "429 and short, twice": ((failing(429, retry_after=0.1),), "too many requests", "ask again in 1 s", 2),
    "429 until a day": (
        (failing(429, retry_after="Fri, 31 Dec 2100 23:59:59 GMT"),),
        "too many requests",
        "ask again in ",
        1,
    ),
    "429 with nothing left": (
        (failing(429, "You exceeded your quota", "insufficient_quota", retry_after=0.1),),
        "no credit",
        "add some",
        1,
    ),
    "500": ((failing(500),), "server error", "in its log", 2),
    "502": ((failing(502),), "server error", "(502)", 2),
    "503": ((failing(503),), "overloaded", "still loading", 2),
    "504": ((failing(504),), "server error", "(504)", 1),
    "503 and long": ((failing(503, retry_after=60),), "overloaded", "still loading", 1),
    "an unknown option": (
        (failing(400, "Unsupported value: 'temperature' does not support 0.1 with this model"),),
        "option refused",
        "set DATELINE_TEMPERATURE to nothing",
        1,
    ),
    "400": ((failing(400, ARTICLE),), "request refused", "belong together", 1),
    "too long by OpenAI": (
        (failing(400, "This model's maximum context length is 4096 tokens.", "context_length_exceeded"),),
        "context too long",
        "DATELINE_CONTEXT_TOKENS",
        1,
    ),
    "too long by llama.cpp": (
        (failing(400, "the request exceeds the available context size. try increasing it"),),
        "context too long",
        "with stub",
        1,
    ),
    "413": ((failing(413),), "context too long", "DATELINE_CONTEXT_TOKENS", 1),
    "refused by Azure": (
        (failing(400, "no", "content_filter"),),
        "refused by filter",
        "ask in other words",
        1,
    ),
    "refused in the stream": ((server.filtered,), "refused by filter", "ask in other words", 1),
    "refused in words": ((server.refusing,), "refused by filter", "content filter", 1),
    "a redirect loop": ((server.redirecting,), "redirected", "(307), which is not followed", 1),
    "a web page": ((server.web_page,), "not a stream", "whole document", 1),
    "no stream": ((server.one_document,), "not a stream", "whole document", 1),
    "another protocol": ((server.other_protocol,), "not understood", "in OpenAI's protocol", 1),
    "not even objects": ((server.numbers,), "not understood", "in OpenAI's protocol", 1),
    "an empty stream": ((server.nothing_at_all,), "no words", "without a word; ask again, or choose", 1),
    "empty choices": ((server.empty_choices,), "no choices", "nothing in it", 1),
    "null content": ((server.null_content,), "no words", "without a word; ask again, or choose", 1),
    "only thinking": ((server.only_thinking,), "no room", "DATELINE_MAX_TOKENS", 1),
    "a hang": ((server.hanging,), "no answer in time", "did not answer within 1 s", 1),
    "headers for ever": ((server.dribbling_headers,), "no answer in time", "DATELINE_TIMEOUT_SECONDS", 1),
    "pings for ever": ((server.pinging,), "only pings", "without a word", 1),
    "a stall": ((server.stalling,), "stalled", "stopped in the middle", 1),
    "pings in the middle": ((server.pinging_in_the_middle,), "stalled", "stopped in the middle", 1),
    "no end in time": ((server.writing_for_ever,), "too slow", "still writing after 1 s", 1),
    "a cut": ((server.cut,), "cut off", "in the middle of its answer", 1),
    "a cut that looks like an end": ((server.cut_unseen,), "unfinished", "that its answer is complete", 1),
    "no finish_reason": ((server.no_finish_reason,), "unfinished", "that its answer is complete", 1),
    "a cut before a word": ((server.cut_before_a_word,), "closed connection", "without answering", 2),
    "a close": ((server.closing,), "closed connection", "without answering", 2),
    "a reset": ((server.resetting,), "closed connection", "without answering", 2),
    "a damaged chunk": ((server.damaged_chunk,), "damaged answer", "cannot be read", 1),
    "an error event": ((server.error_event,), "error while answering", "reported an error", 1),
}
TIMED = {  # what only the deadline ends; all else may take its time on a busy machine
    "a hang",
    "headers for ever",
    "pings for ever",
    "a stall",
    "pings in the middle",
    "no end in time",
    "429 and too long for now",
}
BEGUN = {  # what had come when it broke
    "refused in the stream": server.WORDS[0],
    "a stall": HALF,
    "pings in the middle": HALF,
    "a cut": HALF,
    "a cut that looks like an end": HALF,
    "no finish_reason": WHOLE,
    "a damaged chunk": HALF,
    "an error event": HALF,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_has_its_own_message_within_the_deadline(
    fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    behaviours, kind, words, requests = FAULTS[fault]
    with caplog.at_level(logging.DEBUG), serving(*behaviours) as endpoint:
        timeout_seconds = DEADLINE if fault in TIMED else 5
        error = failure(model(endpoint.url, timeout_seconds=timeout_seconds), timeout_seconds)
        assert len(endpoint.requests) == requests
    assert error.kind == kind
    assert words in str(error)
    if fault != "no end in time":
        assert error.partial == BEGUN.get(fault, "")
    shown = f"{error!r} {''.join(traceback.format_exception(error))} {caplog.text}"
    assert KEY not in shown
    assert ARTICLE not in shown


def test_a_refused_connection_is_tried_twice() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    error = failure(model(f"http://127.0.0.1:{port}/v1"))
    assert error.kind == "refused connection"
    assert f"127.0.0.1:{port} is not there" in str(error)


def test_a_connection_refused_once_is_made_good(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[object] = []
    connect = socket.create_connection

    def starting(*arguments: object, **others: object) -> socket.socket:
        tried.append(arguments)
        if len(tried) == 1:
            raise ConnectionRefusedError
        return connect(*arguments, **others)  # type: ignore[arg-type]

    with serving(good) as endpoint:
        monkeypatch.setattr(socket, "create_connection", starting)
        assert "".join(model(endpoint.url).stream("", "", limit_tokens=50)) == WHOLE


def test_an_unknown_host_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error = failure(model("http://models.invalid/v1"))
    assert error.kind == "unknown host"
    assert "models.invalid cannot be found" in str(error)


def test_the_deadline_holds_while_a_name_is_looked_up_and_nothing_is_sent_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found, lookup = threading.Event(), socket.getaddrinfo

    def slow(host: object, *arguments: object, **others: object) -> object:
        found.wait(30)
        return lookup("127.0.0.1", *arguments, **others)  # type: ignore[arg-type]

    with serving(good) as endpoint:
        monkeypatch.setattr(socket, "getaddrinfo", slow)
        error = failure(model(f"http://models.invalid:{endpoint.port}/v1", timeout_seconds=DEADLINE))
        assert error.kind == "no answer in time"
        found.set()
        _until_no_model_runs()
        assert not endpoint.requests


def test_an_address_that_takes_no_connection_is_left_in_time() -> None:
    with socket.socket() as full:  # a queue of one, which is full
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        with socket.create_connection(full.getsockname()):
            error = failure(model(f"http://127.0.0.1:{full.getsockname()[1]}/v1", timeout_seconds=DEADLINE))
    assert error.kind == "no answer in time"


def test_plain_http_behind_https_is_told_as_such() -> None:
    with serving(good) as endpoint:
        error = failure(model(endpoint.url.replace("http:", "https:")))
    assert error.kind == "no TLS"
    assert "https:// may have to be http://" in str(error)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate nobody signed, and its key, in one file."""
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("there is no openssl program to make a certificate with")
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", str(path), "-out", str(path.with_suffix(".crt"))),
        ],
        check=True,
        capture_output=True,
    )
    path.write_text(path.read_text() + path.with_suffix(".crt").read_text())
    return path


@pytest.fixture
def secure(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_a_certificate_nobody_signed_is_not_trusted(secure: ssl.SSLContext) -> None:
    with serving(good, tls=secure) as endpoint:
        error = failure(model(endpoint.url))
        assert not endpoint.requests
    assert error.kind == "certificate"
    assert "SSL_CERT_FILE" in str(error)


def test_an_authority_of_ones_own_is_trusted_and_a_stall_behind_tls_ends(
    secure: ssl.SSLContext, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_suffix(".crt")))
    with serving(good, server.stalling, tls=secure) as endpoint:
        asked = model(endpoint.url, timeout_seconds=DEADLINE)
        assert "".join(asked.stream("", "", limit_tokens=50)) == WHOLE
        assert failure(asked).kind == "stalled"
        assert endpoint.gone.wait(5)


@pytest.mark.parametrize(
    "first",
    [failing(500), failing(502), failing(503), failing(429, retry_after=0), server.resetting, server.closing],
)
def test_what_fails_in_passing_is_asked_once_more(first: server.Behaviour) -> None:
    with serving(first, good) as endpoint:
        assert "".join(model(endpoint.url).stream("", "", limit_tokens=50)) == WHOLE
        assert len(endpoint.requests) == 2


def test_an_answer_comes_piece_by_piece_with_what_it_took() -> None:
    held = threading.Event()

    def behave(exchange: server.Exchange) -> None:
        exchange.begin()
        exchange.words(server.WORDS[:1])
        assert held.wait(10)
        saying_rest(exchange)

    def saying_rest(exchange: server.Exchange) -> None:
        exchange.words(server.WORDS[1:])
        exchange.chunk("stop")
        exchange.event({"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 3}})
        exchange.done()

    with serving(behave) as endpoint:
        reply = model(endpoint.url).stream("Be brief.", "What happened?", limit_tokens=50)
        assert next(reply) == server.WORDS[0]  # while the server still holds the rest
        assert not reply.finished
        held.set()
        assert list(reply) == list(server.WORDS[1:])
    assert reply.text == WHOLE
    assert reply.finished == "stop"
    assert (reply.usage.input_tokens, reply.usage.output_tokens) == (7, 3)
    assert 0 < reply.usage.seconds < 10


def test_a_request_holds_what_the_settings_name_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "HTTP_PROXY": "http://127.0.0.1:1",
        "ALL_PROXY": "http://127.0.0.1:1",
        "OPENAI_API_KEY": "sk-another",
        "OPENAI_ADMIN_KEY": "sk-admin",
        "OPENAI_API_BASE": "http://127.0.0.1:1/v1",
        "OPENAI_ORG_ID": "org-canary",
        "OPENAI_PROJECT_ID": "project-canary",
        "OPENAI_CUSTOM_HEADERS": "X-Canary: yes\nAuthorization: Bearer sk-custom",
    }.items():
        monkeypatch.setenv(name, value)
    with serving(good) as endpoint:
        "".join(model(endpoint.url).stream("Be brief.", "What happened?", limit_tokens=50))
        (request,) = endpoint.requests
    assert request.path == "/v1/chat/completions"
    assert {name.lower() for name in request.headers} == {
        "accept",
        "authorization",
        "content-length",
        "content-type",
        "host",
        "user-agent",
    }
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert request.body == {
        "model": "stub",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "What happened?"},
        ],
        "temperature": 0.1,
        "max_tokens": 50,
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_without_a_key_none_is_sent_and_an_empty_temperature_is_not() -> None:
    with serving(good) as endpoint:
        "".join(model(endpoint.url, api_key="", temperature=None).stream("", "", limit_tokens=50))
        (request,) = endpoint.requests
    assert "Authorization" not in request.headers
    assert "temperature" not in request.body


def test_openai_itself_is_asked_in_its_newer_words(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(good) as endpoint:
        monkeypatch.setattr(assistant.endpoint, "OPENAI", endpoint.url)
        "".join(model("").stream("", "", limit_tokens=50))
        (request,) = endpoint.requests
    assert request.body["max_completion_tokens"] == 50
    assert "max_tokens" not in request.body


def test_a_call_may_be_given_less_time_than_the_settings_allow() -> None:
    with serving(server.hanging) as endpoint, pytest.raises(ModelError, match="within 1 s"):
        "".join(model(endpoint.url).stream("", "", limit_tokens=50, timeout_seconds=DEADLINE))


def test_the_key_does_not_follow_a_redirect() -> None:
    with serving(good) as other:

        def behave(exchange: server.Exchange) -> None:
            exchange.reply(308, "", Location=other.url + "/chat/completions")

        with serving(behave) as endpoint:
            error = failure(model(endpoint.url))
        assert not other.requests
    assert error.kind == "redirected"


def test_an_endpoint_that_cannot_count_is_asked_without_and_remembered() -> None:
    with serving(failing(422, "Extra inputs are not permitted: stream_options"), good) as endpoint:
        asked = model(endpoint.url)
        assert "".join(asked.stream("", "", limit_tokens=50)) == WHOLE
        assert "".join(asked.stream("", "", limit_tokens=50)) == WHOLE
        assert ["stream_options" in request.body for request in endpoint.requests] == [True, False, False]


def test_two_first_questions_at_once_are_both_asked_without_what_is_refused() -> None:
    both = threading.Barrier(2)

    def refusing(exchange: server.Exchange) -> None:
        both.wait(10)
        exchange.fail(422, "Extra inputs are not permitted: stream_options")

    with serving(refusing, refusing, good) as endpoint:
        asked = model(endpoint.url)
        replies = [asked.stream("", "", limit_tokens=50) for _ in range(2)]
        assert ["".join(reply) for reply in replies] == [WHOLE] * 2
        assert len(endpoint.requests) == 4


def test_two_first_questions_at_once_open_one_endpoint() -> None:
    made: list[str] = []
    both = threading.Barrier(2)

    def opened() -> Ask:
        made.append("endpoint")
        with suppress(threading.BrokenBarrierError):  # the other one waits for what is made here
            both.wait(0.3)
        return lambda *_: (ChatResponse(message=ChatMessage(content=word), delta=word) for word in ["Yes."])

    asked = Model(Asked("nobody", "stub"), 4096, 30, opened)
    with ThreadPoolExecutor(2) as pool:
        texts = list(pool.map(lambda _: "".join(asked.stream("", "", limit_tokens=5)), range(2)))
    assert (texts, made) == (["Yes."] * 2, ["endpoint"])


def _prepared(asked: Model) -> None:
    asked.prepare()
    for thread in threading.enumerate():
        if thread.name == "preparing":
            thread.join(10)


def test_what_was_prepared_is_there_at_the_first_question() -> None:
    made: list[str] = []

    def opened() -> Ask:
        made.append(threading.current_thread().name)
        return lambda *_: (ChatResponse(message=ChatMessage(content=word), delta=word) for word in ["Yes."])

    asked = Model(Asked("nobody", "stub"), 4096, 30, opened)
    _prepared(asked)
    assert "".join(asked.stream("", "", limit_tokens=5)) == "Yes."
    assert made == ["preparing"]


def test_what_cannot_be_prepared_is_told_in_the_log_and_again_at_the_question(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def opened() -> Ask:
        raise ImportError("no module named so")

    asked = Model(Asked("the server at nowhere", "stub"), 4096, 30, opened)
    _prepared(asked)
    assert caplog.messages == ["the server at nowhere cannot be asked: no module named so"]
    with pytest.raises(ImportError, match="named so"):
        asked.stream("", "", limit_tokens=5)


def test_an_answer_that_ran_out_of_room_is_marked_and_kept() -> None:
    with serving(saying("The summit ", "in", finish="length")) as endpoint:
        reply = model(endpoint.url).stream("", "", limit_tokens=2)
        assert "".join(reply) == "The summit in"
    assert reply.finished == "length"


def test_who_does_not_keep_to_the_limit_is_stopped() -> None:
    with serving(server.flooding) as endpoint:
        reply = model(endpoint.url).stream("", "", limit_tokens=500)
        assert len("".join(reply)) < 10_000
        assert endpoint.gone.wait(5)
    assert reply.finished == "length"


def test_a_complete_answer_is_not_lost_to_what_comes_after_it() -> None:
    with serving(server.staying_after_the_end) as endpoint:
        reply = model(endpoint.url).stream("", "", limit_tokens=50)
        assert "".join(reply) == WHOLE
        assert endpoint.gone.wait(5)
    assert reply.finished == "stop"
    assert reply.usage.input_tokens is None


def _closed(asked: Model) -> None:
    reply = asked.stream("", "", limit_tokens=50)
    next(reply)
    reply.close()


def _left(asked: Model) -> None:
    with asked.stream("", "", limit_tokens=50) as reply:
        next(reply)


def _dropped(asked: Model) -> None:
    next(asked.stream("", "", limit_tokens=50))


def _closed_around(asked: Model) -> None:
    def writing() -> Iterator[str]:
        yield from asked.stream("", "", limit_tokens=50)

    around = writing()
    next(around)
    around.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("way", [_closed, _left, _dropped, _closed_around])
def test_who_stops_reading_stops_the_model(way: Callable[[Model], None]) -> None:
    with serving(server.stalling) as endpoint:
        way(model(endpoint.url))
        assert endpoint.gone.wait(5)
        assert len(endpoint.requests) == 1
    _until_no_model_runs()


def test_closing_before_the_first_word_stops_the_model_and_ends_the_reply() -> None:
    with serving(server.hanging) as endpoint:
        reply = model(endpoint.url).stream("", "", limit_tokens=50)
        _until(lambda: bool(endpoint.requests))
        reply.close()
        assert endpoint.gone.wait(5)
    assert list(reply) == []
    assert reply.usage.input_tokens is None


def test_a_slow_reader_gets_all_that_came_in_time() -> None:
    with serving(good) as endpoint:
        reply = model(endpoint.url, timeout_seconds=DEADLINE).stream("", "", limit_tokens=50)
        _until_no_model_runs()
        _until(lambda: reply.usage.seconds > DEADLINE)
        assert "".join(reply) == WHOLE
    assert reply.finished == "stop"


def test_many_ask_at_once() -> None:
    with serving(good) as endpoint:
        asked = model(endpoint.url)
        replies = [asked.stream("", "", limit_tokens=50) for _ in range(20)]
        assert ["".join(reply) for reply in replies] == [WHOLE] * 20
        assert len(endpoint.requests) == 20


def test_there_is_no_model_where_none_is_set() -> None:
    assert Model.from_settings(Settings()) is None
    openai = Model.from_settings(Settings(api_key=KEY))
    assert openai
    assert (openai.name, openai.context_tokens) == ("gpt-4.1-mini", 8192)


def test_making_a_model_loads_nothing_before_it_is_asked() -> None:
    program = (
        "import sys; from assistant.model import Model; from assistant.settings import Settings; "
        "assert Model.from_settings(Settings(base_url='http://127.0.0.1:1/v1')); "
        "print(*{m.split('.')[0] for m in sys.modules} & {'openai', 'llama_index', 'httpx'})"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""


def test_an_error_keeps_its_kind_and_text_when_it_is_sent_elsewhere() -> None:
    error = pickle.loads(pickle.dumps(ModelError("stalled", "it stopped", "The summit")))
    assert (error.kind, str(error), error.partial) == ("stalled", "it stopped", "The summit")


class Completing(CustomLLM):
    """A model that only completes, as people write them; its behaviour is a function of the prompt."""

    behave: Any

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name="scripted", context_window=2000)

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: object) -> CompletionResponse:
        return CompletionResponse(text="".join(self.behave(prompt)))

    @llm_completion_callback()
    def stream_complete(
        self, prompt: str, formatted: bool = False, **kwargs: object
    ) -> CompletionResponseGen:
        text = ""
        for piece in self.behave(prompt):
            text += piece
            yield CompletionResponse(text=text, delta=piece)


class InOnePiece(Completing):
    @llm_completion_callback()
    def stream_complete(
        self, prompt: str, formatted: bool = False, **kwargs: object
    ) -> CompletionResponseGen:
        raise NotImplementedError


class Growing(Completing):
    """One that gives the text so far, and no deltas."""

    @llm_completion_callback()
    def stream_complete(
        self, prompt: str, formatted: bool = False, **kwargs: object
    ) -> CompletionResponseGen:
        pieces = list(self.behave(prompt))
        return (CompletionResponse(text="".join(pieces[: n + 1])) for n in range(len(pieces)))


@pytest.mark.parametrize(
    ("kind", "pieces"),
    [
        (Completing, ["The summit ", "ended."]),
        (Growing, ["The summit ", "ended."]),
        (InOnePiece, ["The summit ended."]),
    ],
)
def test_a_model_that_completes_writes_too(kind: type[Completing], pieces: list[str]) -> None:
    prompts: list[str] = []

    def behave(prompt: str) -> list[str]:
        prompts.append(prompt)
        return ["The summit ", "ended."]

    given = Model.of(kind(behave=behave))
    assert (given.name, given.context_tokens) == ("scripted", 2000)
    reply = given.stream("Be brief.", "What happened?", limit_tokens=50)
    assert list(reply) == pieces
    assert reply.finished == "stop"
    assert (reply.usage.input_tokens, reply.usage.output_tokens) == (None, None)
    assert "Be brief." in prompts[0]
    assert "What happened?" in prompts[0]


def test_the_mock_of_llama_index_writes() -> None:
    text = "".join(Model.of(MockLLM(max_tokens=5)).stream("Be brief.", "What?", limit_tokens=50))
    assert text.count("text") == 5


def test_what_a_given_model_raises_is_told_without_its_words() -> None:
    def behave(_: str) -> Iterator[str]:
        yield "The summit "
        raise KeyError(ARTICLE)

    error = failure(Model.of(Completing(behave=behave)))
    assert (error.kind, error.partial) == ("failed", "The summit ")
    assert "the model scripted failed with KeyError at test_model.py:" in str(error)
    assert ARTICLE not in "".join(traceback.format_exception(error))


def test_a_given_model_is_left_when_its_time_is_over_or_nobody_reads() -> None:
    held, left = threading.Event(), threading.Event()

    def behave(_: str) -> Iterator[str]:
        try:
            yield "The summit "
            held.wait(30)
            yield "ended."
        finally:
            left.set()

    error = failure(Model.of(Completing(behave=behave), timeout_seconds=DEADLINE))
    assert (error.kind, error.partial) == ("stalled", "The summit ")
    held.set()
    assert left.wait(5)


def test_a_given_model_that_never_ends_is_cut() -> None:
    def behave(_: str) -> Iterator[str]:
        while True:
            yield "on and on "

    reply = Model.of(Completing(behave=behave)).stream("", "", limit_tokens=10)
    assert len("".join(reply)) < 100
    assert reply.finished == "length"


@pytest.mark.parametrize(
    ("raw", "finished", "tokens"),
    [
        ({"done_reason": "length", "usage": {"prompt_tokens": 3, "completion_tokens": 4}}, "length", (3, 4)),
        ({"stop_reason": "end_turn", "usage": {"input_tokens": 3, "output_tokens": 4}}, "stop", (3, 4)),
        ({"stop_reason": "max_tokens"}, "length", (None, None)),
        (None, "stop", (None, None)),
    ],
)
def test_what_other_makers_models_say_of_their_end_is_understood(
    raw: dict[str, Any] | None, finished: str, tokens: tuple[int | None, int | None]
) -> None:
    class Chatting(MockLLM):
        def stream_chat(self, messages: object, **kwargs: object) -> Iterator[ChatResponse]:  # type: ignore[override]
            yield ChatResponse(message=ChatMessage(content="Yes."), delta="Yes.", raw=raw)

    reply = Model.of(Chatting()).stream("", "", limit_tokens=50)
    assert list(reply) == ["Yes."]
    assert reply.finished == finished
    assert (reply.usage.input_tokens, reply.usage.output_tokens) == tokens


def given_openai(endpoint: ModelServer) -> Model:
    return Model.of(
        OpenAI(model="gpt-4.1-mini", api_base=endpoint.url, api_key=KEY, max_retries=0, reuse_client=False)
    )


def test_a_given_openai_model_has_the_same_faults_told() -> None:
    with serving(failing(401, KEY)) as endpoint:
        error = failure(given_openai(endpoint))
    assert error.kind == "key refused"
    assert "look at how the LLM object was made" in str(error)
    with serving(server.cut_unseen) as endpoint:
        assert failure(given_openai(endpoint)).kind == "unfinished"


def test_a_model_llama_index_has_not_heard_of_can_be_given() -> None:
    given = Model.of(OpenAI(model="gpt-of-the-day", api_key=KEY))
    assert (given.name, given.context_tokens) == ("gpt-of-the-day", 4096)


def test_usage_before_the_end_is_the_time_until_now() -> None:
    with serving(server.hanging) as endpoint, model(endpoint.url).stream("", "", limit_tokens=5) as reply:
        assert reply.usage == Usage(None, None, pytest.approx(0, abs=5))


def _until(holds: Callable[[], bool]) -> None:
    ends = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < ends
        threading.Event().wait(0.01)


def _until_no_model_runs() -> None:
    _until(lambda: not any(thread.name == "model" for thread in threading.enumerate()))
