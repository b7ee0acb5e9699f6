from __future__ import annotations

import gzip
import os
import re
import threading
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from index.fetch import Fetched, Fetcher, FetchError
from tests import hostile_server as hostile
from tests.hostile_server import PAGE, Behaviour, good, packed, raw, redirect, serving, status

SHORT_SECONDS = 1.5
pytestmark = pytest.mark.usefixtures("trusting_once")
LONG = os.urandom(200_000)
NO_WEB = "not answer as a web server"
PACKED = "packed the page in another way"
NOT_OPEN = "is not an address on the open internet"
KIND = b"HTTP/1.1 200 OK\r\nContent-Type: "
HEAD = KIND + b"text/html\r\n"
LATE = f"after {SHORT_SECONDS:g} seconds"
HOSTILE: dict[str, tuple[Behaviour, str]] = {
    "endless body": (hostile.endless_body, "longer than 5,000,000 bytes"),
    "endless chunks": (hostile.endless_chunks, "longer than 5,000,000 bytes"),
    "endless headers": (hostile.endless_headers, NO_WEB),
    "endless status line": (hostile.endless_status_line, NO_WEB),
    "continue for ever": (hostile.endless_continue, LATE),
    "silent": (hostile.silent, f"did not answer {LATE}"),
    "slow headers": (hostile.slow_headers, f"did not answer {LATE}"),
    "slow body": (hostile.slow_body, f"was still sending {LATE}"),
    "slow chunks": (hostile.slow_chunks, f"was still sending {LATE}"),
    "gzip bomb": (hostile.gzip_bomb, "longer than 5,000,000 bytes"),
    "endless gzip of nothing": (hostile.endless_gzip_of_nothing, LATE),
    "brotli": (packed("br", b"\x0b\x02\x80"), PACKED),
    "deflate": (packed("deflate", zlib.compress(PAGE)), PACKED),
    "zstd": (packed("zstd", b"\x28\xb5\x2f\xfd"), PACKED),
    "gzip twice": (
        packed("gzip, gzip", gzip.compress(gzip.compress(PAGE))),
        PACKED,
    ),
    "gzip that is none": (packed("gzip", PAGE), "cannot be unpacked"),
    "gzip cut off": (packed("gzip", gzip.compress(LONG)[:-20]), "ends in the middle"),
    "gzip with a wrong sum": (packed("gzip", gzip.compress(PAGE)[:-8] + bytes(8)), "cannot be unpacked"),
    "circle": (hostile.redirects_for_ever, "more than 3 redirects"),
    "redirect to itself": (redirect("/page"), "more than 3 redirects"),
    "redirect without a place": (status("301 Moved"), "301 but not where to go"),
    "redirect inside": (redirect("http://10.0.0.1/admin"), f"10.0.0.1 {NOT_OPEN}"),
    "redirect to localhost": (
        redirect("http://localhost/"),
        f"leads to .* which {NOT_OPEN}",
    ),
    "redirect to metadata": (redirect("http://169.254.169.254/latest"), "169.254.169.254 is not an address"),
    "redirect to a file": (redirect("file:///etc/passwd"), "only http and https"),
    "redirect to a script": (redirect("javascript:alert(1)"), "only http and https"),
    "redirect with a user": (redirect("http://a:b@news.example/"), "user name in the address"),
    "redirect to another port": (redirect("http://127.0.0.1:22/"), "only ports 80 and 443"),
    "redirect to nonsense": (redirect("http://[::1"), "cannot be read as an address"),
    "redirect too far": (redirect("/" + "a" * 5_000), "longer than 4,000 characters"),
    "too short": (raw(HEAD + b"Content-Length: 1000\r\n\r\nshort"), "lost before the end"),
    "length in words": (raw(HEAD + b"Content-Length: many\r\n\r\nx"), NO_WEB),
    "length below nothing": (raw(HEAD + b"Content-Length: -1\r\n\r\nx"), NO_WEB),
    "two lengths": (
        raw(HEAD + b"Content-Length: 1\r\nContent-Length: 9\r\n\r\nx"),
        NO_WEB,
    ),
    "boasting": (
        raw(HEAD + b"Content-Length: 99999999999999999999\r\n\r\nx"),
        f"{NO_WEB}|longer than",
    ),
    "chunks of nonsense": (
        raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc"),
        NO_WEB,
    ),
    "chunks cut off": (raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n100\r\nabc"), "lost before the end"),
    "image": (
        raw(KIND + b"image/png\r\n\r\n\x89PNG"),
        "this is no page but image/png",
    ),
    "film": (
        raw(KIND + b"Video/MP4; x=y\r\n\r\n"),
        "this is no page but video/mp4",
    ),
    "sound": (raw(KIND + b"audio/mpeg\r\n\r\n"), "this is no page but audio/mpeg"),
    "switching": (raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"), NO_WEB),
    "no content": (status("204 No Content"), "204, no content|not answer as a web server"),
    "part": (status("206 Partial Content"), "206, partial content"),
    "not modified": (raw(b"HTTP/1.1 304 Not Modified\r\n\r\n"), "said 304, not modified"),
    "choices": (status("300 Multiple Choices"), "300, multiple choices"),
    "status 999": (status("999 Denied"), "999, which means nothing"),
    "status 000": (raw(b"HTTP/1.1 000 Zero\r\n\r\n"), "not answer as a web server|000|said 0"),
    "reset": (hostile.reset, "closed the connection without answering"),
    "reset in headers": (hostile.reset_in_headers, "closed the connection without answering"),
    "reset in the body": (hostile.reset_in_body, "lost before the end"),
    "nothing": (hostile.nothing, "closed the connection without answering"),
    "NUL in a header": (raw(b"HTTP/1.1 200 OK\r\nX-A: a\x00b\r\n\r\n"), NO_WEB),
    "huge header": (
        raw(b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 300_000 + b"\r\n\r\n"),
        NO_WEB,
    ),
    "another protocol": (raw(b"SSH-2.0-OpenSSH_9.6\r\n"), "closed the connection without answering"),
    "noise": (raw(bytes(range(256)) * 8), NO_WEB),
    "no headers": (raw(PAGE), "closed the connection without answering"),
}
HOSTILE_RULES: dict[str, tuple[Behaviour, str]] = {
    "silent": (hostile.silent, f"did not answer {LATE}.*robots"),
    "slow": (hostile.slow_body, f"was still sending {LATE}.*robots"),
    "endless headers": (hostile.endless_headers, f"{NO_WEB}.*robots"),
    "circle": (hostile.redirects_for_ever, "more than 3 redirects.*robots"),
    "inside": (
        redirect("http://192.168.1.1/robots.txt"),
        f"192.168.1.1 {NOT_OPEN}",
    ),
    "broken": (status("500 Internal Server Error"), "said 500, internal server error.*robots"),
    "reset": (hostile.reset_in_headers, "closed the connection.*robots"),
    "not modified": (raw(b"HTTP/1.1 304 Not Modified\r\n\r\n"), "said 304, not modified.*robots"),
}
BOMBS = (
    *("endless body", "endless chunks", "endless headers", "endless status line", "continue for ever"),
    *("gzip bomb", "endless gzip of nothing", "huge header"),
)
MOST_MEMORY = 50_000_000


@dataclass(frozen=True)
class Outcome:
    """How one hostile server was got rid of."""

    found: FetchError | Fetched | None
    seconds: float


def outcome(page: Behaviour, rules: Behaviour = hostile.absent) -> Outcome:
    with (
        serving(page, rules) as server,
        Fetcher(allow=[server.host], pause_seconds=0, timeout_seconds=SHORT_SECONDS) as door,
    ):
        began = time.monotonic()
        found: FetchError | Fetched | None
        try:
            found = door.fetch(server.url())
        except FetchError as error:
            found = error
        return Outcome(found, time.monotonic() - began)


@pytest.fixture(scope="module")
def outcomes(trusting_once: None) -> dict[str, Outcome]:
    """What became of all of them, several at a time since most only make us wait."""
    with ThreadPoolExecutor(8) as pool:
        waiting = {
            name: pool.submit(outcome, page) for name, (page, _) in HOSTILE.items() if name not in BOMBS
        }
        waiting |= {
            f"robots: {name}": pool.submit(outcome, good, rules) for name, (rules, _) in HOSTILE_RULES.items()
        }
        return {name: future.result(60) for name, future in waiting.items()}


def check(found: Outcome, reason: str) -> None:
    assert isinstance(found.found, FetchError)
    assert re.search(reason, str(found.found)), str(found.found)
    assert found.seconds <= SHORT_SECONDS + 1


@pytest.mark.parametrize("name", [name for name in HOSTILE if name not in BOMBS])
def test_a_hostile_server_is_left_in_time_with_a_reason(name: str, outcomes: dict[str, Outcome]) -> None:
    check(outcomes[name], HOSTILE[name][1])


@pytest.mark.parametrize("name", HOSTILE_RULES)
def test_hostile_rules_are_left_in_time_with_a_reason(name: str, outcomes: dict[str, Outcome]) -> None:
    check(outcomes[f"robots: {name}"], HOSTILE_RULES[name][1])


@contextmanager
def memory_grown() -> Iterator[list[int]]:
    """Give how many bytes more than before are held at most, when it is over."""
    pages, done, most = Path("/proc/self/statm"), threading.Event(), [0]
    if not pages.exists():
        pytest.skip("this system does not tell how much memory a process holds")

    def held() -> int:
        return int(pages.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def watch(before: int) -> None:
        while not done.wait(0.005):
            most[0] = max(most[0], held() - before)

    watching = threading.Thread(target=watch, args=(held(),))
    watching.start()
    try:
        yield most
    finally:
        done.set()
        watching.join()


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_goes_off_in_little_memory(name: str) -> None:
    page, reason = HOSTILE[name]
    with memory_grown() as most:
        found = outcome(page)
    check(found, reason)
    assert most[0] < MOST_MEMORY


NO_TLS = (
    *(hostile.nothing, hostile.reset, hostile.silent, raw(b"220 mail ready\r\n")),
    raw(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
)


@pytest.mark.parametrize("greeting", NO_TLS)
def test_tls_that_is_none_is_left_in_time_with_a_reason(greeting: Behaviour) -> None:
    with (
        serving(good, greeting=greeting) as server,
        Fetcher(allow=[server.host], pause_seconds=0, timeout_seconds=SHORT_SECONDS) as door,
    ):
        began = time.monotonic()
        with pytest.raises(FetchError, match=r"secure connection|without answering|did not answer"):
            door.fetch(f"https://{server.host}/page")
        assert time.monotonic() - began <= SHORT_SECONDS + 1


def test_a_refused_connection_is_told_as_such() -> None:
    with serving(good) as server:
        host = server.host
    with Fetcher(allow=[host]) as door, pytest.raises(FetchError, match="the connection was refused"):
        door.fetch(f"http://{host}/")


def test_nothing_goes_on_behind_the_back_of_who_was_told(outcomes: dict[str, Outcome]) -> None:
    assert outcomes
    for thread in [one for one in threading.enumerate() if one.name == "endpoint"]:
        thread.join(10)
        assert not thread.is_alive()


def test_there_are_at_least_forty_of_them() -> None:
    assert len(HOSTILE) + len(HOSTILE_RULES) >= 40
