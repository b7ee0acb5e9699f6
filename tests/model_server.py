"""A server that speaks OpenAI's chat completions as a model's endpoint does, well or badly as it is told."""

from __future__ import annotations

import json
import select
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

WORDS = ("The summit ", "in Hanoi ", "ended early.")
PAUSE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Received:
    """One request, as it came."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


class Exchange(BaseHTTPRequestHandler):
    """One request and what is sent back; the behaviours below are functions of it."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        owner = self.server.owner
        owner.requests.append(Received(self.path, dict(self.headers.items()), json.loads(body or b"{}")))
        owner.asked.set()
        number = min(len(owner.requests), len(owner.behaviours)) - 1
        try:
            owner.behaviours[number](self)
        except OSError:
            owner.gone.set()

    def do_GET(self) -> None:  # what a client makes of a redirected POST
        self.do_POST()

    def log_message(self, format: str, *args: object) -> None: ...

    def reply(self, status: int, body: str, kind: str = "application/json", **headers: object) -> None:
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()
        self.wfile.write(data)

    def fail(self, status: int, message: str, code: str | None = None, **headers: object) -> None:
        error = {"message": message, "type": "invalid_request_error", "param": None, "code": code}
        self.reply(status, json.dumps({"error": error}), **headers)

    def begin(self, chunked: bool = True) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header(*(("Transfer-Encoding", "chunked") if chunked else ("Connection", "close")))
        self.end_headers()
        self.close_connection = True
        self._chunked = chunked

    def raw(self, text: str) -> None:
        data = text.encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data) if self._chunked else data)

    def event(self, data: object) -> None:
        self.raw(f"data: {data if isinstance(data, str) else json.dumps(data)}\n\n")

    def chunk(self, finish: str | None = None, **delta: object) -> None:
        self.event(
            {
                "id": "1",
                "object": "chat.completion.chunk",
                "created": 1,
                "model": "stub",
                "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
            }
        )

    def words(self, words: Sequence[str] = WORDS) -> None:
        for word in words:
            self.chunk(content=word)

    def done(self) -> None:
        self.event("[DONE]")
        self.end()

    def end(self) -> None:
        if self._chunked:
            self.wfile.write(b"0\r\n\r\n")

    def until_gone(self, write: Callable[[], object] | None = None) -> None:
        """Wait until the client has gone, or the server ends; write something all the while."""
        while not self.server.owner.ended.is_set():
            if write:
                write()
            readable, _, _ = select.select([self.connection], [], [], PAUSE_SECONDS)
            if readable and not self.connection.recv(1024):
                self.server.owner.gone.set()
                return

    def reset(self) -> None:
        """Break the connection without a good-bye."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.wfile.close()
        self.rfile.close()
        self.connection.close()


Behaviour = Callable[[Exchange], None]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    owner: ModelServer

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401
        try:
            super().shutdown_request(request)
        except OSError:
            self.owner.gone.set()

    def handle_error(self, request: object, client_address: object) -> None:
        self.owner.gone.set()


class ModelServer:
    """What the server was asked, and how it answers: the last behaviour is the one for all that follow."""

    def __init__(self, *behaviours: Behaviour, tls: ssl.SSLContext | None = None) -> None:
        self.behaviours = behaviours
        self.requests: list[Received] = []
        self.asked = threading.Event()  # a request has come
        self.gone = threading.Event()  # a client has closed its connection before its answer was complete
        self.ended = threading.Event()
        self._server = _Server(("127.0.0.1", 0), Exchange)
        self._server.owner = self
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}/v1"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def serving(*behaviours: Behaviour, tls: ssl.SSLContext | None = None) -> Iterator[ModelServer]:
    """Run a server that behaves so at its first, second, … request."""
    server = ModelServer(*behaviours, tls=tls)
    try:
        yield server
    finally:
        server.close()


def saying(*words: str, finish: str = "stop", usage: bool = True) -> Behaviour:
    """Write these words, as a good server does."""

    def behave(exchange: Exchange) -> None:
        exchange.begin()
        exchange.chunk(role="assistant", content="")
        exchange.words(words)
        exchange.chunk(finish)
        if usage:
            counts = {"prompt_tokens": 7, "completion_tokens": len(words), "total_tokens": 7 + len(words)}
            exchange.event({"id": "1", "object": "chat.completion.chunk", "choices": [], "usage": counts})
        exchange.done()

    return behave


good = saying(*WORDS)


def failing(status: int, message: str = "no", code: str | None = None, **headers: object) -> Behaviour:
    """Answer with a status, and an error as OpenAI words it."""
    return lambda exchange: exchange.fail(status, message, code, **headers)


def redirecting(exchange: Exchange) -> None:
    exchange.reply(307, "", Location=exchange.path)


def web_page(exchange: Exchange) -> None:
    exchange.reply(200, "<html><body>Welcome</body></html>", "text/html; charset=utf-8")


def one_document(exchange: Exchange) -> None:
    exchange.reply(200, json.dumps({"object": "chat.completion", "choices": []}))


def other_protocol(exchange: Exchange) -> None:
    exchange.begin()
    exchange.event({"type": "message_start", "message": "hello"})
    exchange.done()


def numbers(exchange: Exchange) -> None:
    exchange.begin()
    exchange.event("5")
    exchange.done()


def nothing_at_all(exchange: Exchange) -> None:
    exchange.begin()
    exchange.end()


def empty_choices(exchange: Exchange) -> None:
    exchange.begin()
    exchange.event({"id": "1", "object": "chat.completion.chunk", "choices": []})
    exchange.done()


def null_content(exchange: Exchange) -> None:
    exchange.begin()
    exchange.chunk(content=None)
    exchange.chunk("stop")
    exchange.done()


def filtered(exchange: Exchange) -> None:
    exchange.begin()
    exchange.words(WORDS[:1])
    exchange.chunk("content_filter")
    exchange.done()


def refusing(exchange: Exchange) -> None:
    exchange.begin()
    exchange.chunk(refusal="I cannot help with that.")
    exchange.chunk("stop")
    exchange.done()


def only_thinking(exchange: Exchange) -> None:
    exchange.begin()
    exchange.chunk(reasoning_content="Let me think.")
    exchange.chunk("length")
    exchange.done()


def hanging(exchange: Exchange) -> None:
    exchange.until_gone()


def dribbling_headers(exchange: Exchange) -> None:
    exchange.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    exchange.until_gone(lambda: exchange.wfile.write(b"x"))


def stalling(exchange: Exchange) -> None:
    exchange.begin()
    exchange.words(WORDS[:2])
    exchange.until_gone()


def pinging(exchange: Exchange) -> None:
    exchange.begin()
    exchange.until_gone(lambda: exchange.raw(": ping\n\n"))


def pinging_in_the_middle(exchange: Exchange) -> None:
    exchange.begin()
    exchange.words(WORDS[:2])
    exchange.until_gone(lambda: exchange.raw(": ping\n\n"))


def writing_for_ever(exchange: Exchange) -> None:
    exchange.begin()
    exchange.until_gone(lambda: exchange.chunk(content="on and "))


def flooding(exchange: Exchange) -> None:
    exchange.begin()
    while True:
        exchange.chunk(content="on and on and on and " * 50)


def staying_after_the_end(exchange: Exchange) -> None:
    exchange.begin()
    exchange.words()
    exchange.chunk("stop")
    exchange.until_gone()


def cut(exchange: Exchange) -> None:
    """Send half, and close as if the process had died."""
    exchange.begin()
    exchange.words(WORDS[:2])


def cut_unseen(exchange: Exchange) -> None:
    """Send half to a client that cannot tell the end of the stream from its being cut."""
    exchange.begin(chunked=False)
    exchange.words(WORDS[:2])


def cut_before_a_word(exchange: Exchange) -> None:
    exchange.begin()


def closing(exchange: Exchange) -> None:
    exchange.close_connection = True


def resetting(exchange: Exchange) -> None:
    exchange.reset()


def no_finish_reason(exchange: Exchange) -> None:
    exchange.begin()
    exchange.words()
    exchange.done()


def damaged_chunk(exchange: Exchange) -> None:
    exchange.begin()
    exchange.words(WORDS[:2])
    exchange.event('{"choices": [{"delta": {"content": "ended ea')
    exchange.done()


def error_event(exchange: Exchange) -> None:
    exchange.begin()
    exchange.words(WORDS[:2])
    exchange.event({"error": {"message": "CUDA out of memory", "type": "server_error", "code": 500}})
    exchange.done()
