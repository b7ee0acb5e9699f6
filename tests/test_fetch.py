from __future__ import annotations

import gzip
import shutil
import socket
import ssl
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from index.fetch import Fetched, Fetcher, FetchError, Validators, robots
from index.fetch import fetcher as fetch
from index.fetch.exchange import Network
from tests import hostile_server as hostile
from tests.hostile_server import PAGE, Behaviour, Server, Visit, good, packed, raw, redirect, serving, status

PLENTY_SECONDS = 10.0
pytestmark = pytest.mark.usefixtures("trusting_once")


def fetcher(*servers: Server, timeout_seconds: float = PLENTY_SECONDS, **options: object) -> Fetcher:
    options = {"pause_seconds": 0, "allow": [server.host for server in servers], **options}
    return Fetcher(timeout_seconds=timeout_seconds, **options)  # type: ignore[arg-type]


def fetched(page: Behaviour, robots: Behaviour | None = None, **options: object) -> Fetched:
    with serving(page, robots) as server, fetcher(server, **options) as door:
        found = door.fetch(server.url())
    assert found is not None
    return found


def failure(page: Behaviour, robots: Behaviour | None = None) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetched(page, robots)
    return caught.value


# --- what comes in ---


def test_a_page_comes_with_what_the_server_says_of_it() -> None:
    changed = "Mon, 06 May 2024 08:00:00 GMT"
    headers = (
        "Content-Type: Text/HTML; Charset=UTF-8",
        'ETag: "7"',
        f"Last-Modified: {changed}",
    )
    with serving(lambda visit: visit.reply("200 OK", PAGE, *headers)) as server, fetcher(server) as door:
        found = door.fetch(server.url("/a b?q=ö#part"))
        assert found == Fetched(
            server.url("/a%20b?q=%C3%B6"),
            PAGE,
            "text/html",
            "utf-8",
            Validators('"7"', changed),
        )
        assert server.paths == ["/robots.txt", "/a%20b?q=%C3%B6"]
        assert door.requests == 2


def test_a_server_learns_who_asks_and_nothing_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login keeper password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    cookie = "Set-Cookie: visitor=12; Path=/"
    with (
        serving(lambda visit: visit.reply("200 OK", PAGE, cookie)) as server,
        fetcher(server, contact="desk@harbour.example") as door,
    ):
        door.fetch(server.url("/one"))
        door.fetch(server.url("/two"))
    for visit in server.visits:
        names = {line.partition(":")[0].lower() for line in visit.head.split("\r\n")[1:] if line}
        assert names == {"host", "user-agent", "accept", "accept-encoding", "connection"}
        assert visit.header("host") == server.host
        assert visit.header("accept-encoding") == "gzip"
        assert visit.header("user-agent").startswith("Dateline/")
        assert visit.header("user-agent").endswith(" (+desk@harbour.example)")


@pytest.mark.parametrize("contact", ["a\r\nCookie: b", "café", "(x)"])
def test_a_contact_that_would_break_the_header_is_refused(contact: str) -> None:
    with pytest.raises(ValueError, match="a contact is"):
        Fetcher(contact=contact)


@pytest.mark.parametrize(
    "entry",
    [
        *("http://a.example", "a.example:0", "a.example:70000", "a:b:c", "", "a.example/x"),
        *("a..b", "0x7f.1", "a.example."),
    ],
)
def test_what_cannot_be_a_host_cannot_be_allowed(entry: str) -> None:
    with pytest.raises(ValueError, match="allow names"):
        Fetcher(allow=[entry])


LONG = bytes(range(256)) * 4000  # unpacks in many steps


@pytest.mark.parametrize(
    ("encoding", "body", "content"),
    [
        ("gzip", gzip.compress(PAGE), PAGE),
        ("GZIP", gzip.compress(LONG), LONG),
        ("x-gzip", gzip.compress(bytes(4_000_000)), bytes(4_000_000)),
        ("gzip", gzip.compress(PAGE) + gzip.compress(LONG), PAGE + LONG),
        ("gzip", b"", b""),
        ("gzip", gzip.compress(gzip.compress(PAGE)), gzip.compress(PAGE)),
        ("identity", PAGE, PAGE),
        ("", LONG, LONG),
    ],
)
def test_what_was_packed_as_asked_is_unpacked_once(encoding: str, body: bytes, content: bytes) -> None:
    found = fetched(packed(encoding, body))
    assert found.content == content
    assert found.media_type == "text/html"


def test_chunks_are_joined_and_a_page_without_a_type_has_none() -> None:
    body = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    found = fetched(raw(body))
    assert (found.content, found.media_type, found.charset) == (b"abcde", "", "")
    assert found.validators == Validators()


def test_of_a_body_longer_than_it_says_only_what_it_says_is_read() -> None:
    found = fetched(raw(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfour and more"))
    assert found.content == b"four"


def test_a_page_may_be_as_long_as_is_wanted_and_no_longer() -> None:
    with serving(good) as server, fetcher(server) as door:
        found = door.fetch(server.url(), most_bytes=len(PAGE))
        assert found is not None
        assert found.content == PAGE
        with pytest.raises(FetchError, match=f"longer than {len(PAGE) - 1} bytes"):
            door.fetch(server.url(), most_bytes=len(PAGE) - 1)


def conditional(visit: Visit) -> None:
    known = visit.header("if-none-match") == '"v1"' and visit.header("if-modified-since") == "Tuesday"
    visit.reply("304 Not Modified" if known else "200 OK", b"" if known else PAGE, 'ETag: "v1"')


def test_what_has_not_changed_is_not_sent_again() -> None:
    with serving(conditional) as server, fetcher(server) as door:
        first = door.fetch(server.url())
        assert first is not None
        assert first.validators == Validators(etag='"v1"')
        assert door.fetch(server.url(), Validators('"v1"', "Tuesday")) is None
        assert door.fetch(server.url(), Validators('"v0"', "Tuesday")) is not None


def test_validators_that_are_none_are_neither_kept_nor_sent() -> None:
    found = fetched(lambda visit: visit.reply("200 OK", PAGE, "ETag: " + "x" * 600, "Last-Modified: \xe9"))
    assert found.validators == Validators()
    with serving(good) as server, fetcher(server) as door:
        door.fetch(server.url(), Validators("a\r\nX-Smuggled: yes", "é"))
        assert "If-" not in server.visits[-1].head
        assert "Smuggled" not in server.visits[-1].head


# --- redirects ---


def hops(visit: Visit) -> None:
    number = int(visit.path.strip("/"))
    if number:
        visit.reply("302 Found", b"", f"Location: ../{number - 1}")
    else:
        good(visit)


def test_three_redirects_are_followed_and_a_fourth_is_not() -> None:
    with serving(hops) as server, fetcher(server) as door:
        found = door.fetch(server.url("/3"))
        assert found is not None
        assert found.address == server.url("/0")
        with pytest.raises(FetchError, match="more than 3 redirects"):
            door.fetch(server.url("/4"))
        assert server.paths == ["/robots.txt", "/3", "/2", "/1", "/0", "/4", "/3", "/2", "/1"]


def test_a_redirect_to_another_site_is_asked_of_its_robots_first() -> None:
    closed = hostile.robots("User-agent: *\nDisallow: /")
    with (
        serving(good, closed) as other,
        serving(redirect(other.url())) as server,
        fetcher(server, other) as door,
        pytest.raises(FetchError, match="asks programs not to read"),
    ):
        door.fetch(server.url())
    assert other.paths == ["/robots.txt"]


def test_a_redirect_leads_to_no_other_port_of_an_allowed_host() -> None:
    with (
        serving(good) as other,
        serving(redirect(other.url())) as server,
        fetcher(server) as door,
        pytest.raises(FetchError, match="only ports 80 and 443"),
    ):
        door.fetch(server.url())
    assert other.connections == 0


# --- robots.txt ---

ROBOTS = """
User-agent: Dateline-Images
User-agent: other
Disallow: /

User-agent: DATELINE
Allow: /archive/2024/
Disallow: /archive/
Disallow: /*.pdf$
Disallow: /print*view=

User-agent: *
Disallow: /
Sitemap: https://news.example/a.xml
sitemap: https://news.example/b.xml
Sitemap: https://news.example/a.xml
"""


@pytest.mark.parametrize(
    ("path", "may"),
    [
        ("/", True),
        ("/archive/2023/a", False),
        ("/archive/2024/a", True),
        ("/papers/a.pdf", False),
        ("/papers/a.pdf.html", True),
        ("/print/a?view=1", False),
        ("/print/a", True),
    ],
)
def test_the_rules_for_this_program_are_kept(path: str, may: bool) -> None:
    with serving(good, hostile.robots(ROBOTS)) as server, fetcher(server) as door:
        if may:
            assert door.fetch(server.url(path)) is not None
        else:
            with pytest.raises(FetchError, match=r"robots\.txt asks programs not"):
                door.fetch(server.url(path))
        assert len(server.visits) == 1 + may


def test_a_site_is_asked_for_its_rules_once_and_names_its_sitemaps() -> None:
    with serving(good, hostile.robots(ROBOTS)) as server, fetcher(server) as door:
        for number in range(3):
            door.fetch(server.url(f"/{number}"))
        assert door.sitemaps(server.url("/any")) == (
            "https://news.example/a.xml",
            "https://news.example/b.xml",
        )
        assert server.paths.count("/robots.txt") == 1
        assert door.requests == 4


@pytest.mark.parametrize("name", ["*", "dateline", "Dateline/2.0", "DATELINE # us"])
def test_a_rule_for_everyone_or_for_this_program_counts(name: str) -> None:
    assert not robots.read(f"User-agent: {name}\nDisallow: /".encode()).allow("https://a.example/b")


@pytest.mark.parametrize("name", ["date", "dateliner", "Mydateline", "d*", ""])
def test_a_rule_for_a_program_of_a_like_name_does_not(name: str) -> None:
    assert robots.read(f"User-agent: {name}\nDisallow: /".encode()).allow("https://a.example/b")


ABSENT = [status(line) for line in ("404 Not Found", "410 Gone", "403 Forbidden", "401 Unauthorized")]
NO_RULES: list[Behaviour] = [
    *ABSENT,
    lambda visit: visit.reply("200 OK", b"<!DOCTYPE html><p>Disallow: /</p>", "Content-Type: text/html"),
    lambda visit: visit.reply("200 OK", bytes(range(256)) * 100, "Content-Type: image/png"),
    lambda visit: visit.reply("200 OK", b""),
    hostile.robots("\ufeffUser-agent: other\nDisallow: /"),
    lambda visit: visit.begin() or visit.endless(b"# nothing\n" * 1000),
]


@pytest.mark.parametrize("rules", NO_RULES)
def test_a_site_without_rules_for_us_is_read(rules: Behaviour) -> None:
    assert fetched(good, rules).content == PAGE


UNKNOWN_RULES: dict[str, tuple[Behaviour, str]] = {
    "broken": (status("500 Internal Server Error"), "500, internal server error"),
    "busy": (status("429 Too Many Requests", "Retry-After: 3600"), "429, too many requests"),
    "away": (status("503 Service Unavailable", "Retry-After: 3600"), "503, service unavailable"),
    "circle": (hostile.redirects_for_ever, "more than 3 redirects"),
    "packed": (packed("br", b"x"), "packed the page in another way"),
    "reset": (hostile.reset, "closed the connection"),
}


@pytest.mark.parametrize("name", UNKNOWN_RULES)
def test_where_the_rules_are_not_known_nothing_is_read_for_now(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "_AGAIN_SECONDS", 0.01)
    rules, reason = UNKNOWN_RULES[name]
    with serving(good, rules) as server, fetcher(server) as door:
        for _ in range(2):
            with pytest.raises(FetchError, match=f"{reason}.*robots.txt"):
                door.fetch(server.url())
        with pytest.raises(FetchError, match=reason):
            door.sitemaps(server.url())
        assert "/page" not in server.paths
        assert len(server.paths) <= 4  # the second time it is known


def test_half_a_megabyte_of_rules_is_read_in_a_moment() -> None:
    agents, rules = "".join(f"User-agent: a{n}\n" for n in range(13_000)), "Allow:/*a\n" * 25_000
    turned = "".join(f"useragent a{n}\nallow /*b\n" for n in range(20_000))
    for text in (
        agents + rules,
        turned,
        "User-agent: *\nDisallow: /" + "*a" * 240_000,
        "Disallow: $" * 40_000,
    ):
        began = time.process_time()
        found = robots.read(text.encode())
        assert found.allow("https://news.example/" + "b" * 3_000)
        assert time.process_time() - began < 5


# --- turns ---


def gap(server: Server) -> float:
    return server.times[-1] - server.times[-2]


def test_two_requests_to_a_host_have_a_pause_between() -> None:
    with serving(good) as server, fetcher(server, pause_seconds=0.3) as door:
        door.fetch(server.url())
        assert gap(server) >= 0.3


def test_a_site_may_ask_for_a_longer_pause() -> None:
    rules = hostile.robots("User-agent: *\nCrawl-delay: 0.4")
    with serving(good, rules) as server, fetcher(server, timeout_seconds=0.35) as door:
        assert door.fetch(server.url()) is not None  # the pause is not the server's time
        assert gap(server) >= 0.4
    assert robots.read(b"User-agent: *\nCrawl-delay: 86400").pause_seconds == 30


def test_one_host_is_asked_one_thing_at_a_time_and_several_hosts_at_once() -> None:
    inside, most, counting = [0], [0], threading.Lock()
    both = threading.Barrier(2, timeout=PLENTY_SECONDS)

    def alone(visit: Visit) -> None:
        with counting:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        visit.closing.wait(0.02)
        with counting:
            inside[0] -= 1
        good(visit)

    def together(visit: Visit) -> None:
        both.wait()
        good(visit)

    with serving(alone) as server, fetcher(server) as door, ThreadPoolExecutor(6) as pool:
        assert None not in pool.map(door.fetch, [server.url(f"/{n}") for n in range(6)])
        assert most == [1]
        assert server.paths.count("/robots.txt") == 1
    with serving(together) as server:
        names = ("one.example", "two.example")
        with Fetcher(pause_seconds=0, _network=leading_to(server)) as door, ThreadPoolExecutor(2) as pool:
            assert None not in pool.map(door.fetch, [f"http://{name}/" for name in names])


def test_leaving_ends_what_is_waited_for() -> None:
    began, asked = time.monotonic(), threading.Event()

    def rules(visit: Visit) -> None:
        asked.set()
        hostile.silent(visit)

    with serving(good, rules) as server, ThreadPoolExecutor(2) as pool:
        with fetcher(server, timeout_seconds=60, pause_seconds=60) as door:
            waiting = pool.submit(door.fetch, server.url())
            assert asked.wait(PLENTY_SECONDS)
        with pytest.raises(FetchError, match="fetching was stopped"):
            waiting.result(PLENTY_SECONDS)
    assert time.monotonic() - began < PLENTY_SECONDS


# --- trying again ---


class Failing:
    """Fails so many times and then does well."""

    def __init__(self, behaviour: Behaviour, times: int) -> None:
        self.behaviour, self.left = behaviour, times

    def __call__(self, visit: Visit) -> None:
        self.left -= 1
        (self.behaviour if self.left >= 0 else good)(visit)


SOON = "Retry-After: 0"
PASSING = [
    status("429 Too Many Requests", SOON),
    status("502 Bad Gateway", SOON),
    status("503 Service Unavailable", SOON),
    status("504 Gateway Timeout", SOON),
    hostile.reset,
    hostile.reset_in_body,
]


@pytest.mark.parametrize("behaviour", PASSING)
def test_what_may_pass_is_tried_twice_more(behaviour: Behaviour, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "_AGAIN_SECONDS", 0.01)
    with serving(Failing(behaviour, 2)) as server, fetcher(server) as door:
        assert door.fetch(server.url()) is not None
        assert server.paths.count("/page") == 3


def test_the_wait_before_another_try_grows() -> None:
    with serving(Failing(hostile.reset, 2)) as server, fetcher(server) as door:
        assert door.fetch(server.url()) is not None
        first, second, third = server.times[1:]
    assert second - first >= 0.5
    assert third - second >= 1


def test_the_third_try_is_the_last() -> None:
    with serving(Failing(PASSING[0], 3)) as server, fetcher(server) as door:
        with pytest.raises(FetchError):
            door.fetch(server.url())
        assert server.paths.count("/page") == 3


def test_the_wait_a_server_asks_for_is_kept_where_there_is_time_and_told_where_there_is_not() -> None:
    with serving(Failing(status("503 Service Unavailable", "Retry-After: 1"), 1)) as server:
        with fetcher(server) as door:
            assert door.fetch(server.url()) is not None
        assert gap(server) >= 1
    with serving(status("429 Too Many Requests", "Retry-After: 120")) as server, fetcher(server) as door:
        with pytest.raises(FetchError, match="the server said 429, too many requests") as caught:
            door.fetch(server.url())
        assert caught.value.retry_after_seconds == 120
        assert server.paths.count("/page") == 1


@pytest.mark.parametrize(
    "wait", ["Mon, 01 Jan 99999999999999999999 00:00:00 GMT", "soon", "-1", "\xe9", "9" * 400]
)
def test_a_wait_that_cannot_be_read_is_none(wait: str) -> None:
    error = failure(status("404 Not Found", f"Retry-After: {wait}"))
    assert error.status == 404
    assert error.retry_after_seconds is None


@pytest.mark.parametrize(
    "line",
    [
        "400 Bad Request",
        "401 Unauthorized",
        "403 Forbidden",
        "404 Not Found",
        "408 Request Timeout",
        "410 Gone",
        "418 Teapot",
        "451 Unavailable For Legal Reasons",
        "500 Internal Server Error",
        "501 Not Implemented",
        "505 Version",
        "599 \x1b[2J",
    ],
)
def test_a_status_is_told_once_and_in_words_of_ours(line: str) -> None:
    with serving(status(line)) as server, fetcher(server) as door:
        with pytest.raises(FetchError, match=f"the server said {line[:3]}, [a-z]") as caught:
            door.fetch(server.url())
        assert caught.value.status == int(line[:3])
        assert server.paths.count("/page") == 1
        assert str(caught.value).isprintable()


# --- TLS ---


@dataclass(frozen=True)
class Certificate:
    """A certificate that only those trust who are told to."""

    path: Path
    server: ssl.SSLContext


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("there is no openssl program to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    path, key = folder / "news.crt", folder / "news.key"
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-days", "2", "-subj", "/CN=news.example", "-addext", "subjectAltName=DNS:news.example"),
            *("-keyout", str(key), "-out", str(path)),
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, key)
    return Certificate(path, context)


PUBLIC = "93.184.215.14"


def leading_to(server: Server, asked: list[str] | None = None, found: list[str] | None = None) -> Network:
    """A network where every host is at a public address, and that address leads to a server of ours."""

    class Leading(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if asked is not None:
                asked.append(request.url.host)
            request.url = request.url.copy_with(host="127.0.0.1", port=server.port)
            return super().handle_request(request)

    return Network(
        lambda host, port: list(found or [PUBLIC]), lambda trusted: Leading(verify=trusted, trust_env=False)
    )


def test_a_certificate_is_held_against_the_name_while_the_checked_address_is_connected_to(
    certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))
    asked: list[str] = []
    with (
        serving(good, tls=certificate.server) as server,
        Fetcher(pause_seconds=0, _network=leading_to(server, asked)) as door,
    ):
        found = door.fetch("https://news.example/a")
        assert found is not None
        assert found.address == "https://news.example/a"
        with pytest.raises(FetchError, match="a certificate that is not to be trusted"):
            door.fetch("https://other.example/a")
    assert set(asked) == {PUBLIC}
    assert [visit.header("host") for visit in server.visits] == ["news.example"] * 2


def test_a_certificate_nobody_signed_is_not_trusted(certificate: Certificate) -> None:
    with serving(good, tls=certificate.server) as server:
        with (
            Fetcher(pause_seconds=0, _network=leading_to(server)) as door,
            pytest.raises(FetchError, match="a certificate that is not to be trusted"),
        ):
            door.fetch("https://news.example/a")
        assert not server.visits


def test_the_next_address_of_a_host_is_tried_where_the_first_does_not_answer() -> None:
    asked: list[str] = []

    class Half(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            asked.append(request.url.host)
            if ":" in request.url.host:
                raise httpx.ConnectError("Network is unreachable")
            request.url = request.url.copy_with(host="127.0.0.1", port=server.port)
            return super().handle_request(request)

    addresses = ["2606:2800:21f::1", PUBLIC]
    with serving(good) as server:
        network = Network(lambda host, port: addresses, lambda trusted: Half(verify=trusted, trust_env=False))
        with Fetcher(pause_seconds=0, _network=network) as door:
            assert door.fetch("http://news.example/") is not None
    assert asked == addresses * 2


def test_a_host_that_is_not_there_is_said_so_and_a_slow_look_up_ends() -> None:
    def missing(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with (
        Fetcher(_network=Network(look_up=missing)) as door,
        pytest.raises(FetchError, match=r"there is no host named nowhere\.example"),
    ):
        door.fetch("http://nowhere.example/")
    held = threading.Event()
    slow = Network(look_up=lambda host, port: [PUBLIC] * held.wait(30))
    began = time.monotonic()
    with (
        Fetcher(timeout_seconds=0.3, _network=slow) as door,
        pytest.raises(FetchError, match=r"did not answer after 0\.3 seconds"),
    ):
        door.fetch("http://slow.example/")
    held.set()
    assert time.monotonic() - began < PLENTY_SECONDS
