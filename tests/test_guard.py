from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Message, Receive, Scope, Send

from page.guard import Guard, hosts

HOST = "127.0.0.1:7860"


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    body = await Request(scope, receive).body()
    await PlainTextResponse(f"{len(body)} bytes")(scope, receive, send)


def ask(
    method: str,
    path: str,
    known: Iterable[str] = (HOST,),
    larger: Mapping[str, int] | None = None,
    app: Callable[..., Awaitable[None]] = echo,
    **options: object,
) -> Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(Guard(app, known, larger))
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
            return await client.request(method, path, **options)

    return asyncio.run(send())


def test_the_page_and_what_it_asks_for_get_through_with_the_headers_that_keep_the_browser_at_home() -> None:
    for path in ("/", "/config", "/assets/index.js", "/static/fonts/a.woff2", "/gradio_api/queue/data?x=1"):
        reply = ask("GET", path)
        assert reply.status_code == 200
        assert "default-src 'self'" in reply.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in reply.headers["content-security-policy"]
        assert reply.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:7860", "127.0.0.1", "127.0.0.1:80", ""])
def test_a_foreign_host_is_refused(host: str) -> None:
    assert ask("GET", "/", headers={"host": host}).status_code == 400


def test_on_port_80_the_names_are_known_without_it_too() -> None:
    known = hosts((HOST.partition(":")[0], "localhost"), 80)
    for host in ("127.0.0.1", "localhost", "127.0.0.1:80"):
        headers = {"host": host, "origin": f"http://{host}"}
        assert ask("POST", "/gradio_api/queue/join", known, headers=headers).status_code == 200
    assert ask("GET", "/", known, headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", f"https://{HOST}", "http://127.0.0.1:1", ""]
)
def test_a_foreign_origin_is_refused_on_every_method(method: str, origin: str) -> None:
    assert ask(method, "/gradio_api/queue/join", headers={"origin": origin}).status_code == 403
    assert ask(method, "/gradio_api/queue/join", headers={"origin": f"http://{HOST}"}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=http://example.org/",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/upload",
        "/gradio_api/proxy=http://example.org/",
        "/gradio_api/run/predict",
        "/gradio_api/api/predict",
        "/gradio_api/call/ask",
        "/gradio_api/run-history/buckets",
        "/gradio_api/queue/join/x",
        "/gradio_api/component_server",
        "/openapi.json",
        "/docs",
        "/monitoring",
        "/monitoring/summary",
        "/login",
        "/svelte/x",
        "/config/x",
        "/x/assets/",
    ],
)
def test_a_route_the_page_does_not_need_is_not_there(path: str) -> None:
    assert ask("GET", path).status_code == 404
    assert "content-security-policy" in ask("POST", path).headers


def test_a_large_body_is_refused_by_its_length() -> None:
    assert ask("POST", "/gradio_api/queue/join", content=b"x" * 1_000_000).text == "1000000 bytes"
    assert ask("POST", "/gradio_api/queue/join", content=b"x" * 1_000_001).status_code == 413
    for length in ("-1", "x", "1e3", "9" * 5000, "0" * 5000 + "2", "²"):
        assert (
            ask("POST", "/gradio_api/queue/join", headers=[(b"content-length", length.encode())]).status_code
            == 413
        )


def test_a_large_body_in_chunks_is_cut_off() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield b"x" * 100_000

    assert ask("POST", "/gradio_api/queue/join", content=chunks()).status_code == 413


SITES = ["same-origin", "same-site", "cross-site", "none", "nonsense", ""]
NAVIGATION = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
ARTICLE = "/article/0123456789abcdef?marks=10-40"


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize(
    "path", ["/", ARTICLE, "/articles?words=flood", "/collection", "/gradio_api/queue/join"]
)
def test_no_other_site_lets_a_browser_ask_for_anything(path: str, site: str) -> None:
    for told in ({"sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}, {}):
        status = ask("GET", path, headers={"sec-fetch-site": site, **told}).status_code
        assert status == (200 if site in ("same-origin", "none") else 403)


@pytest.mark.parametrize("site", SITES)
def test_a_link_of_another_site_leads_to_the_page_and_to_an_article_and_nowhere_else(site: str) -> None:
    headers = {"sec-fetch-site": site, **NAVIGATION}
    assert ask("GET", "/", headers=headers).status_code == 200
    assert ask("GET", ARTICLE, headers=headers).status_code == 200
    elsewhere = 200 if site in ("same-origin", "none") else 403
    for path in ("/articles?words=flood", "/article/0123456789abcdef/questions", "/config"):
        assert ask("GET", path, headers=headers).status_code == elsewhere
    assert ask("POST", "/", headers=headers).status_code == elsewhere
    framed = {**headers, "sec-fetch-dest": "iframe"}
    assert ask("GET", "/", headers=framed).status_code == elsewhere


def test_two_hosts_and_two_sites_are_refused_and_capitals_are_not() -> None:
    twice = [("host", HOST), ("host", "evil.example")]
    assert ask("GET", "/", headers=twice).status_code == 400
    assert ask("GET", "/", headers=[("host", HOST), ("host", HOST)]).status_code == 400
    sites = [("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")]
    assert ask("GET", "/config", headers=sites).status_code == 403
    for host in ("LOCALHOST:7860", "LocalHost:7860"):
        headers = {"host": host, "origin": "http://localhost:7860"}
        assert ask("POST", "/export", hosts(["localhost"], 7860), headers=headers).status_code == 200


@pytest.mark.parametrize("start", ["/assets/", "/static/", "/gradio_api/heartbeat/", "/article/"])
def test_a_path_longer_than_any_of_the_page_is_not_there(start: str) -> None:
    assert ask("GET", start + "a" * 5000).status_code == 404
    assert ask("GET", start + "é" * 150).status_code == 404
    assert ask("GET", start + "%00").status_code == 404


def failing(error: Exception, began: bool = False) -> Callable[..., Awaitable[None]]:
    async def fail(scope: Scope, receive: Receive, send: Send) -> None:
        if began:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        raise error

    return fail


@pytest.mark.parametrize("path", ["/gradio_api/queue/join", "/articles"])
def test_a_fault_is_a_plain_500_and_only_one_of_our_own_is_a_traceback(
    path: str, caplog: pytest.LogCaptureFixture
) -> None:
    reply = ask("POST", path, app=failing(KeyError("secret")))
    assert (reply.status_code, reply.text) == (500, "a fault in the program")
    assert "content-security-policy" in reply.headers
    (record,) = caplog.records
    assert record.levelname == "ERROR"
    assert path in record.getMessage()
    assert "KeyError in test_guard.py" in record.getMessage()
    assert bool(record.exc_info) == (path == "/articles")


def test_a_reply_that_breaks_off_is_left_to_the_server_and_told_in_one_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    scope = {"type": "http", "method": "GET", "path": "/gradio_api/queue/data", "scheme": "http"}
    scope["headers"] = [(b"host", HOST.encode())]
    asyncio.run(Guard(failing(RuntimeError(), began=True), {HOST})(scope, receive, send))
    assert [message["type"] for message in sent] == ["http.response.start"]
    (record,) = caplog.records
    assert not record.exc_info


def test_a_route_with_a_limit_of_its_own_is_there_only_where_it_is_named_and_changes_no_other() -> None:
    larger = {"/add": 2_000_000}
    assert ask("POST", "/add", content=b"x").status_code == 404
    assert ask("POST", "/add", larger=larger, content=b"x" * 2_000_000).text == "2000000 bytes"
    assert ask("POST", "/add", larger=larger, content=b"x" * 2_000_001).status_code == 413
    assert ask("POST", "/gradio_api/queue/join", larger=larger, content=b"x" * 1_000_001).status_code == 413
    assert ask("POST", "/add", larger=larger, headers={"origin": "http://evil.example"}).status_code == 403


def test_a_websocket_is_not_answered() -> None:
    called: list[object] = []

    async def nothing(*arguments: object) -> None:
        called.append(arguments)

    asyncio.run(Guard(nothing, {HOST})({"type": "websocket"}, nothing, nothing))
    assert called == []
