"""Serving the page from the first second of the command to its end."""

from __future__ import annotations

import asyncio
import errno
import socket
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.progress import progress_bars
from assistant.settings import PORT, Settings
from page.guard import LOCAL, hosts
from page.starting import Entrance, Opening

if TYPE_CHECKING:
    from assistant.answering import Assistant
    from index.types import Progress

_GRACE_SECONDS = 1  # for what is being sent when the server ends
_LAST_PORT = 65535


class PortError(OSError):
    """The port cannot be had; the message says why, and how another one is chosen."""


class Ending:
    """ASGI middleware that ends, with the server, replies that would go on as long as their page is open.

    A server that ends waits for every reply, and breaks off what is left with a traceback for each.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Stand around an application."""
        self.app = app
        self._ended = asyncio.Event()

    def end(self) -> None:
        """Tell the replies that are under way that nobody reads on."""
        self._ended.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        is_read = is_open = False  # the request, to its end; the reply, begun and not at its end

        async def receive_or_end() -> Message:
            nonlocal is_read
            message = await (self._gone(receive) if is_read else receive())
            is_read = not message.get("more_body", False)
            return message

        async def send_noted(message: Message) -> None:
            nonlocal is_open
            is_open = message["type"] == "http.response.start" or message.get("more_body", False)
            await send(message)

        await self.app(scope, receive_or_end, send_noted)
        if is_open and self._ended.is_set():
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        return None

    async def _gone(self, receive: Receive) -> Message:
        """Wait until the visitor has gone, or the server ends, which is told in the same way."""
        either = [asyncio.ensure_future(receive()), asyncio.ensure_future(self._ended.wait())]
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in either:
                one.cancel()
        return {"type": "http.disconnect"}


class _Server(uvicorn.Server):
    """A server that tells what it serves that it ends, before it waits for that."""

    def __init__(self, config: uvicorn.Config, end: Callable[[], None]) -> None:
        super().__init__(config)
        self._end = end

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._end()
        await super().shutdown(sockets)


def listen(port: int) -> socket.socket:
    """Take the port before anything slow is done, so that early visitors wait; PortError if it is taken."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOCAL, port))
        listener.listen()
    except (OSError, OverflowError) as error:
        listener.close()
        cause = error.strerror if isinstance(error, OSError) else error
        is_taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        reason = "is taken by another program" if is_taken else f"cannot be used ({cause})"
        raise PortError(
            f"port {port} of {LOCAL} {reason}; name another one in DATELINE_PORT, "
            f"such as DATELINE_PORT={port + 1 if port < _LAST_PORT else PORT}"
        ) from error
    return listener


async def serve(entrance: Entrance, listener: socket.socket) -> None:
    """Serve on a listening socket until it is interrupted, or there will be no page."""
    port = listener.getsockname()[1]
    print(f"Dateline is at http://{LOCAL}:{port} (Ctrl+C ends it)", file=sys.stderr)  # noqa: T201
    ending = Ending(entrance)
    config = uvicorn.Config(
        ending, log_level="warning", proxy_headers=False, timeout_graceful_shutdown=_GRACE_SECONDS
    )
    server = _Server(config, ending.end)

    async def end_without_a_page() -> None:
        await entrance.failed()
        server.should_exit = True

    failing = asyncio.create_task(end_without_a_page())
    await server.serve(sockets=[listener])
    failing.cancel()


def main(lay_out: Callable[[Assistant, int], ASGIApp]) -> None:
    """Serve the page, and until it is laid out and the index opened, or made, how far that is.

    `lay_out` makes the page of an assistant, for a port; it may take seconds.
    """
    settings = Settings.from_environment()
    with closing(listen(settings.port)) as listener:
        port = listener.getsockname()[1]

        def page_of(assistant: Assistant) -> ASGIApp:
            if model := assistant.model:  # after the page, which else would wait for it
                opening.made.add_done_callback(lambda _: model.prepare())
            return lay_out(assistant, port)

        opening = Opening(_maker(settings), page_of)
        with opening:
            entrance = Entrance(opening, hosts((LOCAL, "localhost"), port))
            with suppress(KeyboardInterrupt):
                asyncio.run(serve(entrance, listener))
        if opening.failed.done():
            raise opening.failed.result()


def _maker(settings: Settings) -> Callable[[Progress], Assistant]:
    """Give what opens the assistant, and tells its progress here and to the one who calls it."""

    def make(tell: Progress) -> Assistant:
        from assistant.answering import Assistant  # these two take a while, and the port does not wait
        from page.adding import take_up

        with progress_bars() as show:

            def both(stage: str, done: int, total: int | None) -> None:
                show(stage, done, total)
                tell(stage, done, total)

            assistant = Assistant.open(settings, both)
            if settings.add:
                take_up(assistant.index, settings.home, both)
            return assistant

    return make
