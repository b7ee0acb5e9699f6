"""A web server on this machine that keeps no promise: each behaviour is a function of one visit."""

from __future__ import annotations

import gzip
import socket
import ssl
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

PAGE = b"<html><body><p>The lock keeper has no comment.</p></body></html>"
_TICK_SECONDS = 0.02


@dataclass
class Visit:
    """One connection, with the request that came over it."""

    connection: socket.socket
    head: str
    closing: threading.Event

    @property
    def path(self) -> str:
        return self.head.split(" ")[1] if " " in self.head else ""

    def header(self, name: str) -> str:
        found = (line.partition(":") for line in self.head.split("\r\n")[1:])
        return next((value.strip() for key, _, value in found if key.lower() == name), "")

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def reply(self, status: str, body: bytes = b"", *headers: str) -> None:
        lines = (f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", "")
        self.send("\r\n".join(lines).encode("latin-1") + body)

    def begin(self, *headers: str) -> None:
        self.send("\r\n".join(("HTTP/1.1 200 OK", *headers, "", "")).encode("latin-1"))

    def trickle(self, data: bytes) -> None:
        for letter in data:
            self.send(bytes([letter]))
            self.closing.wait(_TICK_SECONDS)

    def endless(self, data: bytes) -> None:
        while not self.closing.is_set():
            self.send(data)

    def reset(self) -> None:
        """Close in a way that the other side sees as a reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


Behaviour = Callable[[Visit], None]


class Server:
    """Listens on 127.0.0.1, counts who comes, and behaves as it is told."""

    def __init__(
        self,
        page: Behaviour,
        robots: Behaviour | None = None,
        tls: ssl.SSLContext | None = None,
        greeting: Behaviour | None = None,
    ) -> None:
        """`greeting` is what comes instead of an answer, whatever the first words are."""
        self.page, self.robots, self.tls, self.greeting = page, robots or absent, tls, greeting
        self.connections = 0
        self.visits: list[Visit] = []
        self.times: list[float] = []
        self.closing = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        self.host = f"127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def url(self, path: str = "/page") -> str:
        return f"{'https' if self.tls else 'http'}://{self.host}{path}"

    @property
    def paths(self) -> list[str]:
        return [visit.path for visit in self.visits]

    def close(self) -> None:
        self.closing.set()
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()  # wakes the listener
        self._thread.join(5)
        self._listener.close()

    def _listen(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            if self.closing.is_set():
                connection.close()
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError, ssl.SSLError):  # who asked has gone, as it should
            try:
                connection.settimeout(10)
                if self.greeting:
                    self.greeting(Visit(connection, connection.recv(4096).decode("latin-1"), self.closing))
                    return
                if self.tls:
                    connection = self.tls.wrap_socket(connection, server_side=True)
                visit = Visit(connection, _head(connection), self.closing)
                self.visits.append(visit)
                self.times.append(time.monotonic())
                rules = visit.path.partition("?")[0] == "/robots.txt"
                (self.robots if rules else self.page)(visit)
            finally:
                connection.close()


def _head(connection: socket.socket) -> str:
    head = b""
    while b"\r\n\r\n" not in head:
        more = connection.recv(4096)
        if not more:
            break
        head += more
    return head.decode("latin-1")


@contextmanager
def serving(
    page: Behaviour,
    robots: Behaviour | None = None,
    tls: ssl.SSLContext | None = None,
    greeting: Behaviour | None = None,
) -> Iterator[Server]:
    server = Server(page, robots, tls, greeting)
    try:
        yield server
    finally:
        server.close()


def good(visit: Visit) -> None:
    visit.reply("200 OK", PAGE, "Content-Type: text/html; charset=utf-8")


def absent(visit: Visit) -> None:
    visit.reply("404 Not Found", b"no such thing", "Content-Type: text/plain")


def status(line: str, *headers: str) -> Behaviour:
    return lambda visit: visit.reply(line, b"see the log", *headers)


def robots(text: str) -> Behaviour:
    return lambda visit: visit.reply("200 OK", text.encode(), "Content-Type: text/plain")


def redirect(location: str, line: str = "302 Found") -> Behaviour:
    return lambda visit: visit.reply(line, b"", f"Location: {location}")


def redirects_for_ever(visit: Visit) -> None:
    visit.reply(
        "301 Moved Permanently", b"", f"Location: {visit.path}{'&' if '?' in visit.path else '?'}more"
    )


def raw(data: bytes) -> Behaviour:
    return lambda visit: visit.send(data)


def packed(encoding: str, body: bytes) -> Behaviour:
    return lambda visit: visit.reply(
        "200 OK", body, "Content-Type: text/html", f"Content-Encoding: {encoding}"
    )


def endless_body(visit: Visit) -> None:
    visit.begin("Content-Type: text/html")
    visit.endless(b"<p>and so on</p>" * 4096)


def endless_chunks(visit: Visit) -> None:
    visit.begin("Content-Type: text/html", "Transfer-Encoding: chunked")
    visit.endless(b"10000\r\n" + b"x" * 65536 + b"\r\n")


def endless_headers(visit: Visit) -> None:
    visit.send(b"HTTP/1.1 200 OK\r\n")
    visit.endless(b"X-More: and more\r\n" * 100)


def endless_status_line(visit: Visit) -> None:
    visit.send(b"HTTP/1.1 200 ")
    visit.endless(b"OK" * 1000)


def endless_continue(visit: Visit) -> None:
    visit.endless(b"HTTP/1.1 100 Continue\r\n\r\n" * 20)


def endless_gzip_of_nothing(visit: Visit) -> None:
    visit.begin("Content-Type: text/html", "Content-Encoding: gzip")
    visit.endless(gzip.compress(b"") * 10)


def gzip_bomb(visit: Visit) -> None:
    """Unpack to as much as anyone will take: the same block of zeros again and again."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = deflate.compress(b"") + deflate.flush(zlib.Z_FULL_FLUSH)
    block = deflate.compress(bytes(1 << 20)) + deflate.flush(zlib.Z_FULL_FLUSH)
    visit.begin("Content-Type: text/html", "Content-Encoding: gzip")
    visit.send(head)
    visit.endless(block * 50)


def slow_headers(visit: Visit) -> None:
    visit.trickle(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + b"X-Wait: a while\r\n" * 1000)


def slow_body(visit: Visit) -> None:
    visit.begin("Content-Type: text/html", "Content-Length: 100000")
    visit.trickle(b"x" * 100_000)


def slow_chunks(visit: Visit) -> None:
    visit.begin("Content-Type: text/html", "Transfer-Encoding: chunked")
    while not visit.closing.wait(_TICK_SECONDS):
        visit.send(b"1\r\n \r\n")


def silent(visit: Visit) -> None:
    visit.closing.wait(10)


def reset(visit: Visit) -> None:
    visit.reset()


def reset_in_headers(visit: Visit) -> None:
    visit.send(b"HTTP/1.1 200 OK\r\nContent-Ty")
    visit.reset()


def reset_in_body(visit: Visit) -> None:
    visit.begin("Content-Type: text/html", "Content-Length: 1000")
    visit.send(b"x" * 10)
    visit.reset()


def nothing(visit: Visit) -> None:
    """Close without a word."""
