from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

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
    **options: object,
) -> Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(Guard(echo, known, larger))
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
    assert ask("POST", "/gradio_api/queue/join", headers={"content-length": "-1"}).status_code == 413


def test_a_large_body_in_chunks_is_cut_off() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield b"x" * 100_000

    with pytest.raises(Exception) as caught:  # noqa: PT011
        ask("POST", "/gradio_api/queue/join", content=chunks())
    assert type(caught.value).__name__ == "ClientDisconnect"


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
