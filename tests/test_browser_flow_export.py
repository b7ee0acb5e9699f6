"""Taking an answer along, sharing its question and judging it, in a real Chromium."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from browser import MARKS, Visitor
from playwright.sync_api import BrowserContext, Locator, expect
from sample_answers import ABSTAINED, FULL, HARBOUR, FakeAssistant

from assistant.judgements import FILE, judgements
from assistant.record import from_conversation
from assistant.types import Turn
from index.library import ArticleIndex
from page import words

pytestmark = MARKS
QUOTES = [claim.citations[0].quote for claim in FULL.claims]


@pytest.fixture(scope="module")
def assistant(three_articles: ArticleIndex) -> FakeAssistant:
    return FakeAssistant(three_articles, FULL, ABSTAINED)


@pytest.fixture
def visitor(context: BrowserContext, address: str) -> Iterator[Visitor]:
    """A reader with two answers, who lets the page use the clipboard."""
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address.rstrip("/"))
    visitor = Visitor(context, address)
    for place, question in enumerate((FULL.question, ABSTAINED.question)):
        visitor.ask(question)
        visitor.answered(place)
    yield visitor
    visitor.close()


def act(visitor: Visitor, name: str, place: int = 0) -> None:
    """Press one of the buttons under an answer."""
    visitor.answer(place).get_by_role("button", name=re.compile(f"^{name}: ")).click()


def noted(visitor: Visitor) -> Locator:
    """Find what the page says at its foot."""
    return visitor.page.locator("#noted")


def downloaded(visitor: Visitor, kind: str, what: str = "This answer") -> tuple[str, str]:
    """Export from the first answer, and give the file's name and text."""
    act(visitor, "Export")
    dialog = visitor.page.get_by_role("dialog", name="Export")
    dialog.get_by_role("radio", name=what).check()
    with visitor.page.expect_download() as download:
        dialog.get_by_role("button", name=kind).click()
    name = download.value.suggested_filename
    expect(dialog).to_be_hidden()
    expect(noted(visitor)).to_have_text(words.EXPORTED.format(file=name))
    return name, Path(download.value.path()).read_text(encoding="utf-8")


def clipboard(visitor: Visitor, kind: str) -> str:
    return visitor.page.evaluate(
        """async (kind) => {
            for (const item of await navigator.clipboard.read())
                if (item.types.includes(kind)) return (await item.getType(kind)).text();
            return "";
        }""",
        kind,
    )


def test_an_answer_and_the_conversation_are_taken_along_with_numbers_quotes_and_sources(
    visitor: Visitor,
) -> None:
    name, markdown = downloaded(visitor, "Markdown")
    assert name.startswith("dateline-why-did-the-hanoi-summit-end-early-")
    assert name.endswith(".md")
    for said in (*QUOTES[:2], HARBOUR.title, "[1]", "[2]"):
        assert said in markdown.replace("\\", "")  # signs of Markdown's own are escaped
    assert ABSTAINED.question not in markdown
    _, both = downloaded(visitor, "Markdown", "The whole conversation")
    assert FULL.question in both
    assert ABSTAINED.question in both
    name, html = downloaded(visitor, "Web page (HTML)", "The whole conversation")
    assert name.endswith(".html")
    tab = visitor.page.context.new_page()
    tab.set_content(html)
    for said in (*QUOTES, ABSTAINED.text):
        assert said in tab.locator("main").inner_text()
    tab.close()
    name, data = downloaded(visitor, "Data (JSON)", "The whole conversation")
    assert name.endswith(".json")
    assert from_conversation(json.loads(data)) == (
        Turn(FULL.question, FULL),
        Turn(ABSTAINED.question, ABSTAINED),
    )
    _, data = downloaded(visitor, "Data (JSON)")
    assert from_conversation(json.loads(data)) == (Turn(FULL.question, FULL),)


def test_an_answer_is_copied_as_text_and_as_a_page_with_its_sources(visitor: Visitor) -> None:
    act(visitor, "Copy")
    expect(noted(visitor)).to_have_text(words.COPIED)
    text, html = clipboard(visitor, "text/plain"), clipboard(visitor, "text/html")
    for said in (*QUOTES, "[1]", "[2]", HARBOUR.title, "28 February 2019"):
        assert said in text
    for said in (QUOTES[0], "[2]", "Meridian Wire"):
        assert said in html


def test_a_link_fills_in_question_and_scope_and_asks_nothing(
    visitor: Visitor, assistant: FakeAssistant, address: str
) -> None:
    act(visitor, "Share")
    expect(noted(visitor)).to_have_text(words.LINK_COPIED)
    link = clipboard(visitor, "text/plain")
    assert link.startswith(address + "#ask=")
    before = len(assistant.asked)
    other = Visitor(visitor.page.context, link)
    expect(other.page.locator("#question textarea")).to_have_value(FULL.question)
    told = other.page.locator("#scope-words")
    expect(told).to_contain_text("The Harbour Post")
    expect(noted(other)).to_have_text(words.LINK_FILLED_IN)
    expect(other.page.locator("#conversation .answer")).to_have_count(0)
    assert len(assistant.asked) == before
    other.page.keyboard.press("Enter")
    other.answered()
    assert assistant.asked[-1][0] == FULL.question
    assert assistant.scopes[-1] == {
        "outlets": FULL.scope.outlets, "since": "2018-01-01", "until": "2020-06-14", "as_of": "2020-06-14"
    }  # fmt: skip
    other.close()


@pytest.mark.parametrize(
    "fragment",
    [
        "#ask=%%%",
        "#ask={}",
        "#ask=" + quote('{"question": "<img src=x onerror=window.ran=1>", "outlets": [1]}'),
        "#ask=" + quote('{"question": "Why?", "since": "<script>"}'),
        "#ask=" + quote('{"question": "' + "x" * 2001 + '"}'),
        "#ask=" + quote('{"question": "Why?", "since": "2020-02-31"}'),
    ],
)
def test_a_link_that_is_none_fills_in_nothing(context: BrowserContext, address: str, fragment: str) -> None:
    visitor = Visitor(context, address + fragment)
    expect(noted(visitor)).to_have_text(words.LINK_BROKEN)
    expect(visitor.page.locator("#question textarea")).to_have_value("")
    expect(visitor.page.locator("#scope-words")).to_have_text("Asking all 3 articles")
    assert visitor.page.evaluate("[location.hash, window.ran ?? 0]") == ["", 0]
    visitor.close()


def test_a_link_of_the_longest_question_and_name_of_an_outlet_is_read(
    context: BrowserContext, address: str
) -> None:
    question, outlet = "\u8a9e" * 2000, "\u00e9" * 500
    asked = json.dumps({"question": question, "outlets": [outlet]}, ensure_ascii=False)
    visitor = Visitor(context, address + "#ask=" + quote(asked))
    expect(visitor.page.locator("#question textarea")).to_have_value(question)
    visitor.page.wait_for_function("outlet => dateline.scope().outlets.join() === outlet", arg=outlet)
    visitor.close()


def test_markup_in_a_link_is_filled_in_as_it_stands_and_runs_nothing(
    context: BrowserContext, address: str
) -> None:
    question = "<img src=x onerror=window.ran=1>?"
    visitor = Visitor(context, address + "#ask=" + quote(json.dumps({"question": question})))
    expect(visitor.page.locator("#question textarea")).to_have_value(question)
    visitor.page.keyboard.press("Enter")
    visitor.answered()
    expect(visitor.page.locator("#conversation p.question")).to_have_text(question)
    assert visitor.page.evaluate("window.ran ?? 0") == 0
    visitor.close()


def test_what_a_reader_thinks_is_noted_with_and_without_a_reason(
    visitor: Visitor, assistant: FakeAssistant
) -> None:
    home = assistant.settings.home
    act(visitor, "Helpful")
    judging = visitor.page.get_by_role("dialog", name=words.THANK_YOU)
    judging.get_by_role("textbox").fill("  It has both sides. ")
    judging.get_by_role("button", name="Send").click()
    expect(judging).to_be_hidden()
    pressed = visitor.answer(0).get_by_role("button", name=f"Helpful: {FULL.question}", exact=True)
    expect(pressed).to_have_attribute("aria-pressed", "true")
    act(visitor, "Not helpful", 1)
    judging.get_by_role("button", name="Close").click()
    pressed = visitor.answer(1).get_by_role("button", name=f"Not helpful: {ABSTAINED.question}", exact=True)
    expect(pressed).to_have_attribute("aria-pressed", "true")
    good, bad = judgements(home)
    assert (good.question, good.helpful, good.reason) == (FULL.question, True, "It has both sides.")
    assert (bad.question, bad.helpful, bad.reason) == (ABSTAINED.question, False, "")
    assert good.answer == FULL.text


def test_where_nothing_can_be_noted_that_is_said(visitor: Visitor, assistant: FakeAssistant) -> None:
    path = assistant.settings.home / FILE
    path.unlink(missing_ok=True)
    path.mkdir()
    act(visitor, "Helpful")
    expect(noted(visitor)).to_contain_text("That did not work: It could not be noted")
    expect(visitor.page.locator("#judging")).to_be_hidden()
    pressed = visitor.answer(0).get_by_role("button", name=f"Helpful: {FULL.question}", exact=True)
    expect(pressed).to_have_attribute("aria-pressed", "false")
    path.rmdir()
    (refused,) = visitor.errors  # the browser's own note of the reply
    assert "507" in refused
    visitor.errors.clear()
