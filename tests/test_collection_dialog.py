"""The dialog of the collection in a real Chromium, over its own routes alone."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route
from storing import HashEmbedding, article

from index.library import ArticleIndex
from index.types import Article
from page import words
from page.collection import collection_routes
from page.shell import limits, style, template

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
if not CHROMIUM and os.environ.get("DATELINE_REQUIRE_BROWSER") != "1":
    pytest.skip("no Chromium on this machine; on Debian: apt-get install chromium", allow_module_level=True)

from playwright.sync_api import Browser, Page, Route as Asked, expect, sync_playwright  # noqa: E402, I001

PAGE = Path(__file__).parent.parent / "page"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
FLAGS.append("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
NASTY = "</ol><img src=https://evil.example/i.png onerror='window.ran=1'><script>window.ran=1</script>"
CALLS = (
    "Object.assign(dateline, {calls: [], scope: () => ({outlets: [], since: '', until: '', as_of: ''}), "
    "setScope(s) {this.calls.push(s)}, open(a) {this.calls.push(a)}})"
)


def whole_page(request: Request) -> HTMLResponse:
    """Stand around the dialog: its opener, and scripts that write down what it asks of the others."""
    script, shared = ((PAGE / f"scripts/{name}.js").read_text() for name in ("collection", "shared"))
    told = json.dumps(words.every()).replace("<", "\\u003c")
    shell = json.dumps(template("masthead", adding=False) + template("collection")).replace("<", "\\u003c")
    return HTMLResponse(
        f'<!doctype html><html lang="en"><title>Collection</title>'
        f"<style>{style('colours', 'look', 'collection')}</style><body>"
        f'<script type="application/json" id="words">{told}</script>'
        f'<script type="application/json" id="limits">{json.dumps(limits())}</script>'
        f'<script type="application/json" id="shell">{shell}</script>'
        f"<script>{shared}\n{CALLS}</script><script>{script}</script></body></html>"
    )


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with ArticleIndex.open(tmp_path_factory.mktemp("dialog"), HashEmbedding()) as index:
        index.add([article(number) for number in range(1, 46)])
        index.add([Article(f"{NASTY} It rained.", NASTY, NASTY, published=date(2020, 12, 24))])
        app = Starlette(routes=[Route("/", whole_page), *collection_routes(index)])
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1))
        with closing(socket.create_server(("127.0.0.1", 0))) as listener:
            thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
            thread.start()
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    yield page
    assert errors == []
    page.close()


def opened(page: Page) -> Page:
    page.locator(".open-collection").click()
    expect(page.locator("#collection .bar").first).to_be_visible()
    expect(page.locator("#collection .articles li")).to_have_count(20)
    return page


def test_days_are_chosen_by_keys_alone_and_the_focus_stays_where_it_was(page: Page) -> None:
    page.locator(".open-collection").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#collection .bar").first).to_be_visible()
    page.keyboard.press("Tab")
    bar = page.locator("#collection .bar:focus")
    expect(bar).to_have_accessible_description(re.compile("Arrow keys go from bar to bar"))
    page.keyboard.press("End")
    expect(bar).to_have_accessible_name(page.locator("#collection .bar").last.get_attribute("aria-label"))
    page.keyboard.press("ArrowLeft")
    chosen = {name: bar.get_attribute(f"data-{name}") for name in ("since", "until")}
    page.keyboard.press("Enter")
    expect(page.locator("#collection .inside")).to_be_visible()
    assert page.evaluate("dateline.calls") == [chosen]
    assert chosen["since"] <= bar.get_attribute("data-since") <= chosen["until"]
    page.keyboard.press("Tab")
    expect(page.locator("#collection .bar:focus")).to_have_count(0)  # the bars are one stop
    page.keyboard.press("Escape")
    expect(page.locator("#collection")).to_be_hidden()
    expect(page.locator(".open-collection")).to_be_focused()


def test_an_outlet_that_is_chosen_narrows_the_list_until_all_is_shown_again(page: Page) -> None:
    opened(page)
    page.locator("#collection .outlet", has_text="Kestrel Wire").click()
    expect(page.locator("#collection .list > p")).to_have_text("15 articles, newest first")
    outlets = page.locator("#collection .articles bdi")
    assert set(outlets.all_inner_texts()) == {"Kestrel Wire"}
    assert page.evaluate("dateline.calls") == [{"outlets": ["Kestrel Wire"]}]
    page.locator("#collection .show-all").click()
    expect(page.locator("#collection .list > p")).to_have_text("46 articles, newest first")


def test_more_articles_are_added_to_the_list_and_the_first_of_them_is_focused(page: Page) -> None:
    opened(page)
    page.locator("#collection .more").click()
    expect(page.locator("#collection .articles li")).to_have_count(40)
    expect(page.locator("#collection a.open").nth(20)).to_be_focused()
    page.locator("#collection .more").click()
    expect(page.locator("#collection .articles li")).to_have_count(46)
    expect(page.locator("#collection .more")).to_have_count(0)


def test_a_newer_search_overtakes_an_older_one(page: Page) -> None:
    opened(page)
    held: list[Asked] = []
    page.route("**/articles?words=ferry", lambda asked: held.append(asked))
    with page.expect_request("**/articles?words=ferry"):
        page.locator("#collection .words").fill("ferry")
    page.locator("#collection .words").fill("glacier")
    told = page.locator("#collection .list > p")
    expect(told).to_have_text("Nearest to “glacier” first")
    assert len(held) == 1
    assert page.locator("#collection .failed").count() == 0


def test_what_cannot_be_fetched_is_told_and_tried_again(page: Page) -> None:
    opened(page)
    page.route("**/articles?**", lambda asked: asked.abort())
    page.locator("#collection .words").fill("ferry")
    expect(page.locator("#collection .failed")).to_contain_text("cannot be reached")
    page.unroute("**/articles?**")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#collection .list > p")).to_have_text("Nearest to “ferry” first")


def test_a_refusal_of_the_server_is_told_in_its_words(page: Page) -> None:
    opened(page)
    page.route("**/articles?**", lambda asked: asked.fulfill(status=503, body=words.COLLECTION_UNREADABLE))
    page.locator("#collection .words").fill("ferry")
    expect(page.locator("#collection .failed")).to_contain_text("cannot be read")


def test_an_article_is_opened_once_the_dialog_is_closed(page: Page) -> None:
    opened(page)
    link = page.locator("#collection a.open").nth(1)
    address = link.get_attribute("href")
    link.click()
    expect(page.locator("#collection")).to_be_hidden()
    assert page.evaluate("dateline.calls") == [address]


def test_what_the_page_says_stands_in_the_dialog_until_it_is_closed(page: Page) -> None:
    opened(page)
    page.evaluate("dateline.say('It is said here.')")
    expect(page.locator("#collection").get_by_text("It is said here.")).to_be_visible()
    page.locator("#collection .close").click()
    expect(page.locator("#collection .said")).to_have_text("")
    expect(page.locator(".open-collection")).to_be_focused()


def test_what_articles_say_runs_no_script_and_asks_nobody(page: Page) -> None:
    strangers: list[str] = []
    page.on("request", lambda request: "127.0.0.1" in request.url or strangers.append(request.url))
    opened(page)
    expect(page.locator("#collection a.open").first).to_contain_text("window.ran=1")
    assert page.evaluate("window.ran") is None
    assert page.locator("#collection img, #collection script").count() == 0
    assert strangers == []


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_stands_beyond_the_edge_of_the_dialog(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    opened(page)
    assert page.evaluate("(d => d.scrollWidth <= d.clientWidth)(document.querySelector('#collection'))")
