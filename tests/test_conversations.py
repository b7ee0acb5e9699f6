"""What the browser keeps, in a real Chromium: the page's own scripts around a chat made for this test."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright
from sample_answers import ABSTAINED, HANOI, HARBOUR, MERIDIAN, UNDATED
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
from storing import HashEmbedding

import page as pages
from assistant.judgements import judgements
from assistant.types import Turn
from index.library import ArticleIndex
from page import words
from page.exports import export_routes
from page.feedback import feedback_routes
from page.kept import kept
from page.shell import template

HERE = Path(pages.__file__).parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="there is no chromium here")
RECORDS = [kept(Turn("Why did it end?", HANOI)), kept(Turn("How much?", ABSTAINED))]
# A chat that shows a record as an answer; `dateline.restore` and `clear` do what they do on the page.
CHAT = """
(() => {
  const listeners = [];
  const log = () => document.querySelector("#conversation [role=log]");
  window.answer = (record) => log().insertAdjacentHTML("beforeend",
    `<div class="message-row"><p class="question">Why did it end?</p></div><div class="answer">` +
    `<a class="record" href="#${record}" hidden></a><p>` +
    ["copy", "export", "share", "helpful", "unhelpful"]
      .map((one) => `<a class="act" href="#${one}">${one}</a>`).join(" ") +
    `</p></div>`);
  window.addEventListener("DOMContentLoaded", () =>
    new MutationObserver(() => listeners.forEach((one) => one())).observe(log(), { childList: true }));
  Object.assign(dateline, {
    onanswer: (listener) => listeners.push(listener), busy: () => false, inPlace: () => false,
    restore: (turns) => { log().replaceChildren(); setTimeout(() => turns.forEach(answer), 20); },
    clear: () => log().replaceChildren(), fillIn: (asked) => (window.filled = asked),
  });
})();
"""


def written(_: object) -> HTMLResponse:
    first, *others = (
        (HERE / "scripts" / f"{name}.js").read_text()
        for name in ("shared", "storage", "conversations", "actions")
    )
    scripts = "".join(f"<script>{text}</script>" for text in (first, CHAT, *others))
    shell = json.dumps(template("masthead", adding=False) + template("conversations")).replace("<", "\\u003c")
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head>'
        f'<script type="application/json" id="words">{json.dumps(words.every())}</script>'
        f'<script type="application/json" id="shell">{shell}</script>{scripts}</head><body>'
        f'<div id="question"><textarea></textarea></div><p id="scope-words"></p><p id="as-of"><input></p>'
        f'<div id="conversation"><div role="log"></div></div></body></html>'
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    with ArticleIndex.open(home, HashEmbedding()) as index:
        index.add([HARBOUR, MERIDIAN, UNDATED])
        app = Starlette(routes=[Route("/", written), *export_routes(index), *feedback_routes(home, index)])
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def tab(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened = context.new_page()
    faults: list[object] = []
    opened.on("pageerror", lambda fault: faults.append(fault))
    opened.goto(address)
    yield opened
    context.close()
    assert not faults


def stored(tab: Page) -> list[list[str]]:
    text = tab.evaluate("localStorage.getItem('dateline.conversations')")
    return [entry["turns"] for entry in json.loads(text)["list"]] if text else []


def shown(tab: Page, count: int) -> None:
    tab.wait_for_function("count => document.querySelectorAll('a.record').length === count", arg=count)


def answer(tab: Page, record: str, kept_then: list[list[str]]) -> None:
    tab.evaluate("record => answer(record)", record)
    tab.wait_for_function(
        "wanted => JSON.stringify(JSON.parse(localStorage['dateline.conversations'] ?? '{}')"
        ".list?.map((one) => one.turns)) === wanted",
        arg=json.dumps(kept_then, separators=(",", ":")),
    )


def test_a_reload_brings_the_conversation_back_and_it_goes_on(tab: Page) -> None:
    answer(tab, RECORDS[0], [RECORDS[:1]])
    tab.reload()
    shown(tab, 1)
    answer(tab, RECORDS[1], [RECORDS])
    assert stored(tab) == [RECORDS]


def test_two_tabs_with_the_same_conversation_lose_no_turn(tab: Page, address: str) -> None:
    answer(tab, "a", [["a"]])
    other = tab.context.new_page()
    other.goto(address)
    other.evaluate(
        "key => sessionStorage.setItem('dateline.open', key)", tab.evaluate("sessionStorage['dateline.open']")
    )
    other.reload()
    shown(other, 1)
    answer(other, "b", [["a", "b"]])
    answer(tab, "c", [["a", "c"], ["a", "b"]])
    answer(other, "d", [["a", "b", "d"], ["a", "c"]])
    assert stored(tab) == stored(other) == [["a", "b", "d"], ["a", "c"]]


def test_conversations_are_begun_opened_renamed_deleted_and_brought_back(tab: Page) -> None:
    answer(tab, "a", [["a"]])
    tab.click(".new-conversation >> nth=0")
    answer(tab, "b", [["b"], ["a"]])
    tab.click(".open-conversations")
    tab.click("#conversations .open >> nth=1")
    shown(tab, 1)
    answer(tab, "c", [["a", "c"], ["b"]])
    tab.click(".open-conversations")
    tab.click("#conversations button.rename >> nth=0")
    tab.keyboard.type("<b>Talks</b>")
    tab.keyboard.press("Enter")
    assert tab.inner_text("#conversations .name >> nth=0") == "<b>Talks</b>"
    tab.click("#conversations button.delete >> nth=1")
    assert stored(tab) == [["a", "c"]]
    tab.keyboard.press("Enter")  # Undo has the focus
    assert stored(tab) == [["a", "c"], ["b"]]


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"format": 1, "list": {}}',
        '{"format": 1, "list": [{"key": 1}]}',
        '{"format": "1", "list": []}',
        '{"list": []}',
    ],
)
def test_what_is_damaged_is_moved_aside_and_told(tab: Page, text: str) -> None:
    tab.evaluate("text => localStorage.setItem('dateline.conversations', text)", text)
    tab.reload()
    assert tab.inner_text("#announced") == words.CONVERSATIONS_DAMAGED
    aside = (
        "Object.keys(localStorage).filter((key) => key.includes('damaged')).map((key) => localStorage[key])"
    )
    assert tab.evaluate(aside) == [text]
    answer(tab, "a", [["a"]])


def test_two_that_have_one_key_are_told_apart_and_deleted_one_by_one(tab: Page) -> None:
    entries = [
        {"key": "k", "name": turn, "changed": "2026-01-01T00:00:00Z", "turns": [turn]} for turn in ("a", "b")
    ]
    text = json.dumps({"format": 1, "list": entries})
    tab.evaluate("text => localStorage.setItem('dateline.conversations', text)", text)
    tab.reload()
    tab.click(".open-conversations")
    tab.click("#conversations button.delete >> nth=0")
    assert stored(tab) == [["b"]]


def test_what_another_version_kept_is_left_alone(tab: Page) -> None:
    tab.evaluate("localStorage.setItem('dateline.conversations', '{\"format\": 2}')")
    tab.reload()
    tab.evaluate("answer('a')")
    assert tab.inner_text("#announced") == words.CONVERSATIONS_OTHER
    assert tab.evaluate("localStorage['dateline.conversations']") == '{"format": 2}'


def test_a_full_storage_is_told_and_breaks_nothing(tab: Page) -> None:
    tab.evaluate("localStorage.setItem('more', 'x'.repeat(5242880 - 100))")
    tab.evaluate("answer('a')")
    tab.wait_for_function("words => announced.textContent === words", arg=words.CONVERSATIONS_UNKEPT)
    assert stored(tab) == []
    tab.evaluate("localStorage.removeItem('more')")
    answer(tab, "b", [["a", "b"]])
    assert stored(tab) == [["a", "b"]]


def test_an_answer_is_copied_exported_and_judged(tab: Page, home: Path) -> None:
    answer(tab, RECORDS[0], [RECORDS[:1]])
    tab.focus("a.act[href='#copy']")
    tab.keyboard.press("Space")
    tab.wait_for_function("words => announced.textContent === words", arg=words.COPIED)
    assert "[1] The Harbour Post, 28 February 2019" in tab.evaluate("navigator.clipboard.readText()")
    tab.click("a.act[href='#export']")
    with tab.expect_download() as download:
        tab.click("#export [value=json]")
    assert json.loads(Path(download.value.path()).read_text())["turns"][0]["question"] == "Why did it end?"
    tab.click("a.act[href='#unhelpful']")
    tab.fill("#judging textarea", "Too long.")
    tab.click("#judging .send")
    tab.wait_for_function("words => announced.textContent === words", arg=words.THANK_YOU)
    assert tab.get_attribute("a.act[href='#unhelpful']", "aria-pressed") == "true"
    assert [(one.helpful, one.reason) for one in judgements(home)] == [(False, "Too long.")]


def test_a_shared_link_fills_in_question_and_scope_and_leaves_the_address(tab: Page, address: str) -> None:
    answer(tab, RECORDS[0], [RECORDS[:1]])
    tab.click("a.act[href='#share']")
    tab.wait_for_function("words => announced.textContent === words", arg=words.LINK_COPIED)
    tab.goto(tab.evaluate("navigator.clipboard.readText()"))
    tab.wait_for_function("window.filled")
    open_scope = {"outlets": [], "since": "", "until": "", "as_of": ""}
    assert tab.evaluate("filled") == {"question": HANOI.question, "scope": open_scope}
    assert tab.url == address


@pytest.mark.parametrize(
    "asked", ["x", "%", "[]", '{"question": 7}', '{"question": "q", "since": "2020-02-31"}', "q" * 20_000]
)
def test_a_link_that_is_none_fills_in_nothing(tab: Page, asked: str) -> None:
    tab.evaluate("asked => (location.hash = '#ask=' + asked)", asked)
    tab.wait_for_function("words => announced.textContent === words", arg=words.LINK_BROKEN)
    assert tab.evaluate("window.filled") is None


def test_a_link_of_the_longest_question_and_name_of_an_outlet_is_read(tab: Page) -> None:
    question, outlet = "\u8a9e" * 2000, "\u00e9" * 500
    fragment = json.dumps({"question": question, "outlets": [outlet]})
    tab.evaluate("asked => (location.hash = '#ask=' + encodeURIComponent(asked))", fragment)
    tab.wait_for_function("window.filled")
    assert tab.evaluate("[filled.question, filled.scope.outlets]") == [question, [outlet]]
