"""The wire to an endpoint: httpx with our headers only, within a deadline and a size, and whom it trusts."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from index.deadline import Deadline

_CONNECT_SECONDS = 10.0
_LATER_SECONDS = 0.5  # the clock of who waits rings first
_DOCUMENTS = {"text/html", "application/json", "text/event-stream"}


class EndlessError(RuntimeError):
    """A reply is longer than any that makes sense."""


class OtherKindError(RuntimeError):
    """A reply is a document of another kind than was asked for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to come back: its kind, such as `application/json`, and how many bytes at most."""

    kind: str
    most_bytes: int


def trust() -> ssl.SSLContext:
    """Trust what certifi, the system and SSL_CERT_FILE trust."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


def client(deadline: Deadline, trusted: ssl.SSLContext, key: str, wanted: Wanted) -> httpx.Client:
    """Make the client of one exchange, for openai to ask with; no proxy is used and no redirect followed.

    It raises TimeoutError when the deadline is over, EndlessError and OtherKindError.
    """
    # openai's debugging lines hold the whole request, articles and all.
    logging.getLogger("openai._base_client").setLevel(logging.INFO)
    return httpx.Client(transport=_Wire(deadline, trusted, key, wanted), trust_env=False)


class _Wire(httpx.BaseTransport):
    def __init__(self, deadline: Deadline, trusted: ssl.SSLContext, key: str, wanted: Wanted) -> None:
        self._deadline, self._key, self._wanted = deadline, key, wanted
        self._inner = httpx.HTTPTransport(verify=trusted, trust_env=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        seconds = max(0.0, self._deadline.remaining_seconds) + _LATER_SECONDS
        timeout = httpx.Timeout(seconds, connect=min(seconds, _CONNECT_SECONDS))
        headers = {"Accept": self._wanted.kind, "Content-Type": "application/json", "User-Agent": "Dateline"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        # The openai client's own headers tell of this machine, and OPENAI_* variables can add more.
        ours = httpx.Request(
            request.method,
            request.url,
            headers=headers,
            content=request.read(),
            extensions={"timeout": timeout.as_dict(), "trace": self._trace},
        )
        response = self._inner.handle_request(ours)
        kind = response.headers.get("content-type", "").split(";")[0].strip().lower()
        if response.status_code < 300 and kind in _DOCUMENTS - {self._wanted.kind}:
            response.close()
            raise OtherKindError(kind)
        # What was not asked for is not unpacked either: a few bytes can hold gigabytes.
        response.headers.pop("content-encoding", None)
        assert isinstance(response.stream, httpx.SyncByteStream)
        watched = _Watched(response.stream, self._deadline, self._wanted.most_bytes)
        return httpx.Response(response.status_code, headers=response.headers, stream=watched)

    def _trace(self, event: str, info: dict[str, Any]) -> None:
        """Note the connection as soon as there is one; httpcore calls this at every step."""
        if event == "connection.connect_tcp.complete":
            self._deadline.hold(info["return_value"].get_extra_info("socket").dup())

    def close(self) -> None:
        self._inner.close()


class _Watched(httpx.SyncByteStream):
    """The bytes of a reply, for as long as its exchange may last: what sends pings for ever ends too."""

    def __init__(self, stream: httpx.SyncByteStream, deadline: Deadline, most_bytes: int) -> None:
        self._stream, self._deadline, self._most_bytes = stream, deadline, most_bytes

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._stream:
            self._deadline.received += len(chunk)
            self._deadline.check()
            if self._deadline.received > self._most_bytes:
                raise EndlessError(f"more than {self._most_bytes} bytes")
            yield chunk

    def close(self) -> None:
        self._stream.close()
