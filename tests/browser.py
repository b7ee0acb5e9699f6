"""A real Chromium for the tests of the page: a server of the page, and visitors on pages of their own.

Importing it skips the tests of a module where there is no browser, with the reason.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from urllib.parse import urlsplit

import pytest
import uvicorn
from starlette.types import ASGIApp

import ui
from page.guard import Guard
from page.serving import listen

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
if not CHROMIUM and os.environ.get("DATELINE_REQUIRE_BROWSER") != "1":
    pytest.skip("no Chromium on this machine; on Debian: apt-get install chromium", allow_module_level=True)

from playwright.sync_api import BrowserContext, Locator, Page, expect, sync_playwright  # noqa: E402

# Gradio adds up its queue's times with options that pandas 3 no longer wants.
MARKS = [
    pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting' is deprecated"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
]
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
LEAVING = ("AbortError: signal is aborted", "Unexpected error Connection errored out")
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}

expect.set_options(timeout=15_000)


def as_it_is(guard: Guard) -> ASGIApp:
    """Serve the page behind its guard."""
    return guard


def bare(guard: Guard) -> ASGIApp:
    """Serve the page without its guard, so that nothing but the page itself protects its readers."""
    return guard.app


def serving(assistant: object, wrap: Callable[[Guard], ASGIApp] = as_it_is) -> AbstractContextManager[str]:
    """Serve the page of an assistant from a thread; the value is its address."""
    return running(lambda port: wrap(ui.application(assistant, port)))  # type: ignore[arg-type]


@contextmanager
def running(application: Callable[[int], ASGIApp]) -> Iterator[str]:
    """Serve what is made for a port from a thread; the value is its address."""
    listener = listen(0)
    port = listener.getsockname()[1]
    servers = []

    async def serve() -> None:
        config = uvicorn.Config(application(port), log_level="critical", timeout_graceful_shutdown=1)
        servers.append(uvicorn.Server(config))
        await servers[0].serve(sockets=[listener])

    with closing(listener):
        thread = threading.Thread(target=lambda: asyncio.run(serve()))
        thread.start()
        try:
            yield f"http://127.0.0.1:{port}/"  # who comes early waits: the socket already listens
        finally:
            while not servers and thread.is_alive():
                thread.join(0.1)
            for server in servers:
                server.should_exit = True
            thread.join()


@contextmanager
def chromium() -> Iterator[BrowserContext]:
    """Start a browser, and give one context of it: one reader's cookies and storage."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context()
        context.set_default_timeout(15_000)
        yield context
        context.close()
        browser.close()


class Visitor:
    """One visitor on a page of their own, and everything that page did."""

    def __init__(self, context: BrowserContext, address: str, size: dict[str, int] = DESKTOP) -> None:
        """Open the page and wait until it can be asked."""
        self.page: Page = context.new_page()
        self.page.set_viewport_size(size)
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(address)
        self.ready()

    def ready(self) -> None:
        """Wait until the page can be asked."""
        expect(self.page.locator("#question textarea")).to_be_visible()
        expect(self.page.locator("#masthead")).to_be_visible()

    def reload(self) -> None:
        """Load the page again; what gradio says of a stream that is open then is no error of the page."""
        before = len(self.errors)
        self.page.reload()
        self.ready()
        self.errors[before:] = [one for one in self.errors[before:] if not one.startswith(LEAVING)]

    def _hear(self, message: object) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(f"{message.text} {message.location['url']}")

    @property
    def strangers(self) -> list[str]:
        """Requests for anything but this server; what is inside the page itself is not a request."""
        return [
            url
            for url in self.requests
            if urlsplit(url).hostname != "127.0.0.1" and urlsplit(url).scheme not in ("data", "blob")
        ]

    def ask(self, question: str) -> None:
        """Type a question and press Enter."""
        self.page.locator("#question textarea").fill(question)
        self.page.locator("#question textarea").press("Enter")

    def answer(self, place: int = -1) -> Locator:
        """Find an answer by its place."""
        return self.page.locator("#conversation .answer").nth(place)

    def answered(self, place: int = -1) -> Locator:
        """Wait for an answer to be final, and give it."""
        expect(self.answer(place).locator("a.record")).to_be_attached()
        return self.answer(place)

    def marked(self, kind: str) -> str:
        """Give the words that are marked in the reader."""
        return "".join(self.page.locator(f"#reader mark.{kind}").all_text_contents())

    def begin_anew(self) -> None:
        """Press the button that begins a new conversation."""
        self.page.locator("#masthead .new-conversation").click()

    def close(self) -> None:
        """Close the page; it asked nobody else, and said nothing on its console."""
        self.page.close()
        assert not self.strangers, self.strangers
        assert not self.errors, self.errors
