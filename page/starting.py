"""What stands before the page while the index is opened or made: what is being done, or what is wrong."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.own_errors import own_words
from index.types import Progress
from page import words
from page.guard import HEADERS, foreign
from page.stage import FOLLOWING, ROUTE, Stage, page_of

if TYPE_CHECKING:
    from assistant.answering import Assistant

_logger = logging.getLogger(__name__)

_WAITING_SECONDS = 4.0  # whoever has asked within them is waiting before the page, which asks every second
_UNTOLD_SECONDS = 5.0  # at most, until a server that could not start ends


class Opening:
    """The assistant and its page being made, in a thread of their own, and how far that is."""

    def __init__(
        self, make: Callable[[Progress], Assistant], application: Callable[[Assistant], ASGIApp]
    ) -> None:
        """Take what makes the assistant, telling its progress, and what makes the page of it.

        In the end there is a page, `made`, or why there is none, `failed`.
        """
        self.stage = Stage()
        self.made: Future[ASGIApp] = Future()
        self.failed: Future[BaseException] = Future()
        self._make, self._application = make, application
        self._assistant: Assistant | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="opening", daemon=True)

    def __enter__(self) -> Opening:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop what is being made at its next step, and close the index; a sync loses nothing by it."""
        self._stopped.set()
        self._thread.join()
        if self._assistant:
            self._assistant.index.close()

    def fail(self, error: BaseException) -> None:
        """Keep why there will be no page, for who waits and for who runs it."""
        _logger.info("the page was not opened: %s", type(error).__name__)  # whoever runs it tells the rest
        self.stage = replace(self.stage, error=own_words(error) or words.STARTING_FAULT)
        self.failed.set_result(error)

    def _tell(self, stage: str, done: int, total: int | None) -> None:
        if self._stopped.is_set():
            raise KeyboardInterrupt
        self.stage = Stage(stage, done, total)

    def _run(self) -> None:
        try:
            self._assistant = self._make(self._tell)
            self._tell("page", 0, None)
            page = asyncio.run(self._laid_out(self._assistant))
        except BaseException as error:  # whatever it is, whoever runs the server is to raise it
            self.fail(error)
        else:
            self.made.set_result(page)

    async def _laid_out(self, assistant: Assistant) -> ASGIApp:
        """Make the page where a loop runs: without one, gradio makes loops that nobody closes."""
        return self._application(assistant)


class Entrance:
    """ASGI application that shows how far an opening is, and from then on is the page that it made."""

    def __init__(self, opening: Opening, hosts: Iterable[str]) -> None:
        """Stand before the page that is being made; `hosts` are as for the guard."""
        self._opening, self._hosts = opening, frozenset(hosts)
        self._page: ASGIApp | None = None
        self._asked = float("-inf")
        self._told = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan":
            return await self._live(receive, send)
        if self._page and scope.get("path") != ROUTE:
            return await self._page(scope, receive, send)
        if scope["type"] != "http":
            return None
        return await self._reply(scope)(scope, receive, send)

    async def failed(self) -> None:
        """Wait until the opening has failed, and who waits could read why; forever where it went well."""
        await _settled(self._opening.failed)
        if time.monotonic() - self._asked < _WAITING_SECONDS:
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._told.wait(), _UNTOLD_SECONDS)

    def _reply(self, scope: Scope) -> Response:
        status, reason = foreign(scope, self._hosts)
        if status:
            return PlainTextResponse(reason, status, headers=HEADERS)
        stage = Stage("ready") if self._page else self._opening.stage
        if scope["path"] not in (ROUTE, "/"):
            return PlainTextResponse(words.STARTING_NOT_YET, 503, headers=HEADERS | FOLLOWING)
        if scope["method"] not in ("GET", "HEAD"):
            return PlainTextResponse(words.STARTING_GET_ONLY, 405, headers=HEADERS | {"allow": "GET, HEAD"})
        self._asked = time.monotonic()
        if stage.error and scope["method"] != "HEAD":
            self._told.set()
        if scope["path"] == "/":
            return page_of(stage)
        return JSONResponse(self._state(stage), headers=HEADERS | FOLLOWING)

    def _state(self, stage: Stage) -> dict[str, object]:
        return {
            "stage": stage.label,
            "words": stage.in_words,
            "done": stage.done,
            "total": stage.total,
            "error": stage.error,
            "ready": self._page is not None,
        }

    async def _live(self, receive: Receive, send: Send) -> None:
        """Start at once; the page that is made later is begun and ended as a server would do it."""
        await receive()
        await send({"type": "lifespan.startup.complete"})
        beginning = asyncio.ensure_future(self._begin())
        await receive()
        beginning.cancel()
        with suppress(asyncio.CancelledError):
            if end := await beginning:
                await end()
        await send({"type": "lifespan.shutdown.complete"})

    async def _begin(self) -> Callable[[], Awaitable[None]] | None:
        """Wait for the page, start it and hand over to it; gives what ends it, None where there is none."""
        await _settled(self._opening.made)
        page = self._opening.made.result()
        try:
            end = await _begun(page)
        except Exception as error:  # whatever it is, as of one that cannot be made
            self._opening.fail(error)
            return None
        self._page = page
        return end


async def _settled(future: Future[Any]) -> None:
    """Wait for what a thread gives; to stop waiting does not cancel it."""
    await asyncio.wait([asyncio.wrap_future(future)])


async def _begun(page: ASGIApp) -> Callable[[], Awaitable[None]]:
    """Start an application as a server does, and give what ends it; RuntimeError where it cannot start."""
    said: asyncio.Queue[Message] = asyncio.Queue()
    heard: asyncio.Queue[Message] = asyncio.Queue()
    scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": {}}
    living = asyncio.ensure_future(page(scope, said.get, heard.put))
    await said.put({"type": "lifespan.startup"})
    answered = asyncio.ensure_future(heard.get())
    await asyncio.wait([living, answered], return_when=asyncio.FIRST_COMPLETED)
    if not answered.done() or answered.result()["type"] != "lifespan.startup.complete":
        answered.cancel()
        raise RuntimeError("the page could not be started")

    async def end() -> None:
        await said.put({"type": "lifespan.shutdown"})
        await living

    return end
