from __future__ import annotations

import asyncio
import base64
import hashlib
import re
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from assistant.opening import NoArticlesError
from index.types import Progress
from page import words
from page.stage import Stage, page_of
from page.starting import Entrance, Opening

HOST = "127.0.0.1:7860"
SECONDS = 10


class Making:
    """An assistant that is made step by step, when the test says so, and remembers that it was closed."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error, self.closed, self.begun, self.ended = error, 0, 0, 0
        self.stages: list[tuple[str, int, int | None]] = []
        self.told, self.going_on = threading.Event(), threading.Event()
        self.index = SimpleNamespace(close=self.close)

    def close(self) -> None:
        self.closed += 1

    def make(self, tell: Progress) -> Making:
        for stage in self.stages:
            tell(*stage)
        self.told.set()
        assert self.going_on.wait(SECONDS)
        if self.error:
            raise self.error
        tell("vectors", 1, 1)
        return self

    def page(self, assistant: object) -> Starlette:
        assert assistant is self

        @asynccontextmanager
        async def lifespan(app: Starlette) -> AsyncIterator[None]:
            self.begun += 1
            yield
            self.ended += 1

        whole = PlainTextResponse("the page")
        return Starlette(routes=[Route("/", lambda request: whole)], lifespan=lifespan)


@asynccontextmanager
async def living(entrance: Entrance) -> AsyncIterator[httpx.AsyncClient]:
    """Begin and end an application as a server does, with a browser before it."""
    said: asyncio.Queue[Any] = asyncio.Queue()
    heard: asyncio.Queue[Any] = asyncio.Queue()
    life = asyncio.ensure_future(entrance({"type": "lifespan"}, said.get, heard.put))
    await said.put({"type": "lifespan.startup"})
    assert (await heard.get())["type"] == "lifespan.startup.complete"
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(entrance), base_url=f"http://{HOST}"
    ) as client:
        yield client
    await said.put({"type": "lifespan.shutdown"})
    assert (await heard.get())["type"] == "lifespan.shutdown.complete"
    await life


def visit(making: Making, ask: Callable[[httpx.AsyncClient, Entrance], Awaitable[None]]) -> Opening:
    async def live() -> Opening:
        with Opening(making.make, making.page) as opening:
            entrance = Entrance(opening, {HOST})
            try:
                assert await asyncio.to_thread(making.told.wait, SECONDS)
                async with living(entrance) as client:
                    await asyncio.wait_for(ask(client, entrance), SECONDS)
            finally:
                making.going_on.set()
        return opening

    return asyncio.run(live())


async def stand(client: httpx.AsyncClient) -> None:
    while not (await client.get("/starting")).json()["ready"]:
        await asyncio.sleep(0)


def test_from_the_first_moment_it_says_what_is_being_done_and_how_much_of_it() -> None:
    making = Making()
    making.stages = [("articles", 12, 31)]

    async def ask(client: httpx.AsyncClient, entrance: Entrance) -> None:
        state = (await client.get("/starting")).json()
        assert state["words"] == "Reading articles: 12 of 31"
        assert (state["done"], state["total"], state["error"], state["ready"]) == (12, 31, "", False)
        page = await client.get("/")
        assert page.status_code == 503
        assert 'value="12" max="31"' in page.text
        assert "Reading articles: 12 of 31" in page.text

    visit(making, ask)


@pytest.mark.parametrize(
    ("stage", "told"),
    [
        (("articles", 12, None), "Reading articles: 12"),
        (("articles", 0, 0), "Reading articles …"),
        (("meaning", 1040, 20310), "Preparing the search by meaning: 1,040 of 20,310"),
    ],
)
def test_a_stage_is_said_with_as_much_as_is_known(stage: tuple[str, int, int | None], told: str) -> None:
    making = Making()
    making.stages = [stage]

    async def ask(client: httpx.AsyncClient, entrance: Entrance) -> None:
        assert (await client.get("/starting")).json()["words"] == told

    visit(making, ask)


def test_the_page_takes_over_as_soon_as_it_stands_and_is_begun_and_ended_as_by_a_server() -> None:
    making = Making()

    async def ask(client: httpx.AsyncClient, entrance: Entrance) -> None:
        assert making.begun == 0
        making.going_on.set()
        await stand(client)
        reply = await client.get("/")
        assert (reply.status_code, reply.text) == (200, "the page")
        assert (making.begun, making.ended, making.closed) == (1, 0, 0)

    opening = visit(making, ask)
    assert (making.begun, making.ended, making.closed) == (1, 1, 1)
    assert not opening.failed.done()


@pytest.mark.parametrize("ready", [False, True])
def test_another_host_and_another_origin_are_refused_before_and_after(ready: bool) -> None:
    making = Making()

    async def ask(client: httpx.AsyncClient, entrance: Entrance) -> None:
        if ready:
            making.going_on.set()
            await stand(client)
        for path in ("/starting", *(() if ready else ("/", "/config"))):
            assert (await client.get(path, headers={"host": "evil.example"})).status_code == 400
            for origin in ("http://evil.example", "null", ""):
                refused = await client.get(path, headers={"origin": origin})
                assert (refused.status_code, refused.text) == (403, "foreign origin")
                assert "frame-ancestors 'none'" in refused.headers["content-security-policy"]

    visit(making, ask)


def test_once_the_page_stands_it_says_so_and_it_is_only_read_before_and_after() -> None:
    making = Making()

    async def ask(client: httpx.AsyncClient, entrance: Entrance) -> None:
        for path in ("/", "/starting"):
            refused = await client.post(path, content=b"x")
            assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")
        making.going_on.set()
        await stand(client)
        state = (await client.get("/starting")).json()
        assert (state["stage"], state["words"], state["ready"]) == (
            "The page is open",
            "The page is open",
            True,
        )
        for method in ("POST", "DELETE", "OPTIONS"):
            assert (await client.request(method, "/starting")).status_code == 405
        assert (await client.head("/starting")).status_code == 200

    visit(making, ask)


def test_it_looks_as_the_page_will() -> None:
    page = page_of(Stage()).body.decode()
    for name in set(re.findall(r"var\((--[a-z-]+)\)", page)):
        assert f"{name}:" in page
    assert "--accent: #8a1c1c" in page


def test_what_the_page_will_have_is_not_there_yet_and_no_secret_either() -> None:
    making = Making()

    async def ask(client: httpx.AsyncClient, entrance: Entrance) -> None:
        for path in ("/config", "/article/0123456789abcdef", "/../ui.py"):
            for method in ("GET", "POST"):
                reply = await client.request(method, path)
                assert (reply.status_code, reply.text) == (503, words.STARTING_NOT_YET)

    visit(making, ask)


def test_its_own_script_and_style_are_all_that_may_run_and_its_own_server_all_that_is_asked() -> None:
    making = Making()

    async def ask(client: httpx.AsyncClient, entrance: Entrance) -> None:
        page = await client.get("/")
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        for kind in ("script", "style"):
            (text,) = re.findall(rf"<{kind}>(.*?)</{kind}>", page.text, re.DOTALL)
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            assert f"{kind}-src 'sha256-{digest}'" in policy
        assert not re.search(r"https?://|\son\w+=|\sstyle=", page.text)
        assert '<noscript><meta http-equiv="refresh"' in page.text

    visit(making, ask)


def test_an_error_of_ours_is_shown_in_its_own_words_and_escaped_and_is_there_to_be_raised() -> None:
    making = Making(NoArticlesError("nothing could be read (<b>news</b>: no such file or folder)"))

    async def ask(client: httpx.AsyncClient, entrance: Entrance) -> None:
        making.going_on.set()
        await entrance.failed()
        told = (await client.get("/starting")).json()
        assert told["error"] == str(making.error)
        page = (await client.get("/")).text
        assert "(&lt;b&gt;news&lt;/b&gt;: no such file or folder)" in page
        assert words.STARTING_STOPPED in page

    opening = visit(making, ask)
    assert opening.failed.result() is making.error
    assert making.closed == 0


def test_of_a_fault_in_the_program_nothing_is_shown_but_that_there_is_one() -> None:
    making = Making(KeyError("secret"))

    async def ask(client: httpx.AsyncClient, entrance: Entrance) -> None:
        making.going_on.set()
        await entrance.failed()
        for path in ("/", "/starting"):
            text = (await client.get(path)).text
            assert "secret" not in text
            assert "Traceback" not in text
            assert words.STARTING_FAULT in text

    assert isinstance(visit(making, ask).failed.result(), KeyError)


def test_a_page_that_cannot_be_laid_out_is_a_failure_and_the_index_is_closed() -> None:
    making = Making()

    def broken(assistant: object) -> Starlette:
        raise RuntimeError("no layout")

    making.page = broken  # type: ignore[method-assign]

    async def ask(client: httpx.AsyncClient, entrance: Entrance) -> None:
        making.going_on.set()
        await entrance.failed()

    assert str(visit(making, ask).failed.result()) == "no layout"
    assert making.closed == 1


def test_a_server_without_a_page_ends_once_those_who_wait_were_told() -> None:
    making = Making(NoArticlesError("nothing could be read"))

    async def ask(client: httpx.AsyncClient, entrance: Entrance) -> None:
        await client.get("/starting")
        making.going_on.set()
        ending = asyncio.ensure_future(entrance.failed())
        while not (await client.get("/starting")).json()["error"]:
            assert not ending.done()
        await ending

    visit(making, ask)


def test_a_server_without_a_page_ends_at_once_where_nobody_waits() -> None:
    making = Making(NoArticlesError("nothing could be read"))

    async def ask(client: httpx.AsyncClient, entrance: Entrance) -> None:
        making.going_on.set()
        await entrance.failed()

    visit(making, ask)


def test_to_end_in_the_middle_stops_what_is_being_made_at_its_next_step() -> None:
    making = Making()

    async def leave() -> Opening:
        with Opening(making.make, making.page) as opening:
            assert await asyncio.to_thread(making.told.wait, SECONDS)
            opening._stopped.set()
            making.going_on.set()
        return opening

    opening = asyncio.run(leave())
    assert isinstance(opening.failed.result(), KeyboardInterrupt)
    assert not opening.made.done()
