"""Choosing which articles are asked, and where on the page that can be done, in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browser import MARKS, PHONE, Visitor
from playwright.sync_api import BrowserContext, Locator, expect
from sample_answers import ABSTAINED, HANOI, HARBOUR, MERIDIAN, UNDATED, FakeAssistant

from index.library import ArticleIndex
from page import words

pytestmark = MARKS
EVERYTHING = "Asking all 3 articles"
OF_HARBOUR = {"outlets": ("The Harbour Post",), "since": "2019-02-28", "until": "2019-02-28"}


@pytest.fixture(scope="module")
def assistant(three_articles: ArticleIndex) -> FakeAssistant:
    return FakeAssistant(three_articles, HANOI, ABSTAINED)


@pytest.fixture
def visitor(context: BrowserContext, address: str) -> Iterator[Visitor]:
    visitor = Visitor(context, address)
    expect(told(visitor)).to_have_text(EVERYTHING)
    yield visitor
    visitor.close()


def told(visitor: Visitor) -> Locator:
    """Find the words that say which articles are asked."""
    return visitor.page.locator("#scope-words")


def unfold(visitor: Visitor) -> None:
    """Open the fields of the scope, or close them."""
    visitor.page.locator("#scope-words").click()


def day(visitor: Visitor, name: str) -> Locator:
    return visitor.page.locator(f"#{name} input")


def chosen(visitor: Visitor) -> Locator:
    """Find the outlets that are chosen."""
    return visitor.page.locator("#outlets .token")


def asked_scope(visitor: Visitor, assistant: FakeAssistant, question: str) -> dict[str, object]:
    """Ask, and give the scope that reached the assistant."""
    before = len(assistant.asked)
    place = visitor.page.locator("#conversation .answer").count()
    visitor.ask(question)
    visitor.answered(place)
    assert [asked for asked, _ in assistant.asked[before:]] == [question]
    return assistant.scopes[-1]


def test_outlets_and_days_are_chosen_said_in_words_asked_and_cleared(
    visitor: Visitor, assistant: FakeAssistant
) -> None:
    unfold(visitor)
    visitor.page.get_by_role("combobox", name="Outlets").click()
    visitor.page.get_by_role("option", name="The Harbour Post").click()
    expect(told(visitor)).to_have_text("Asking 1 article of 3: of The Harbour Post")
    visitor.page.get_by_role("option", name="Meridian Wire").click()
    visitor.page.keyboard.press("Escape")
    expect(chosen(visitor)).to_have_text(["The Harbour Post", "Meridian Wire"])
    visitor.page.get_by_label("Published from").fill("2019-01-01")
    visitor.page.get_by_label("Published until").fill("2019-12-31")
    visitor.page.get_by_label("As of the day").fill("2020-06-14")
    words = told(visitor)
    expect(words).to_contain_text("Asking 1 article of 3")
    for part in ("from 1 January 2019", "until 31 December 2019", "as of 14 June 2020"):
        expect(words).to_contain_text(part)
    asked = {
        "outlets": ("The Harbour Post", "Meridian Wire"),
        "since": "2019-01-01",
        "until": "2019-12-31",
        "as_of": "2020-06-14",
    }
    assert asked_scope(visitor, assistant, HANOI.question) == asked
    unfold(visitor)
    expect(day(visitor, "since")).to_be_hidden()
    assert asked_scope(visitor, assistant, "And with the fields closed?") == asked
    unfold(visitor)
    expect(day(visitor, "since")).to_have_value("2019-01-01")
    expect(day(visitor, "as-of")).to_have_value("2020-06-14")
    expect(chosen(visitor)).to_have_text(["The Harbour Post", "Meridian Wire"])
    visitor.page.get_by_role("button", name="Clear all").last.click()
    expect(words).to_have_text(EVERYTHING)
    expect(chosen(visitor)).to_have_count(0)
    for name in ("since", "until", "as-of"):
        expect(day(visitor, name)).to_have_value("")
    assert asked_scope(visitor, assistant, "And now all of them?") == {}


def test_a_scope_that_cannot_be_is_told_in_words_and_under_the_question(visitor: Visitor) -> None:
    unfold(visitor)
    day(visitor, "since").fill("2020-06-14")
    day(visitor, "until").fill("2019-06-14")
    expect(told(visitor)).to_contain_text("This cannot be asked: the first day is after the last")
    visitor.ask(ABSTAINED.question)
    expect(visitor.answer().locator(".warning")).to_contain_text("The first day is after the last.")
    day(visitor, "until").fill("2021-06-14")
    expect(told(visitor)).to_contain_text("Asking 0 articles of 3")


def test_a_bar_and_an_outlet_of_the_collection_set_what_is_asked(
    visitor: Visitor, assistant: FakeAssistant
) -> None:
    visitor.page.get_by_role("button", name="Collection").click()
    dialog = visitor.page.get_by_role("dialog", name="The collection")
    dialog.get_by_role("button", name="February 2019: 1 article", exact=True).click()
    expect(dialog.locator(".inside")).to_contain_text("from 1 February 2019, until 28 February 2019")
    dialog.get_by_role("button", name="28 February 2019: 1 article").click()
    expect(dialog.locator(".bar[aria-pressed=true]")).to_have_count(1)
    dialog.locator("button.outlet", has_text="The Harbour Post").click()
    expect(dialog.locator("button.outlet[aria-pressed=true]")).to_have_text("The Harbour Post 1")
    expect(dialog.locator(".list a.open")).to_have_text([HARBOUR.title])
    visitor.page.keyboard.press("Escape")
    expect(told(visitor)).to_contain_text("of The Harbour Post")
    assert asked_scope(visitor, assistant, HANOI.question) == OF_HARBOUR
    visitor.page.get_by_role("button", name="Collection").click()
    expect(dialog.locator("button.outlet[aria-pressed=true]")).to_have_text("The Harbour Post 1")
    dialog.get_by_role("button", name="Show all").click()
    dialog.get_by_role("button", name="Close").click()
    expect(told(visitor)).to_have_text(EVERYTHING)
    assert asked_scope(visitor, assistant, "And all?") == {}


def test_an_article_is_asked_about_by_its_outlet_and_day(visitor: Visitor, assistant: FakeAssistant) -> None:
    visitor.ask(HANOI.question)
    visitor.answered().locator(".text a.cite").first.click()
    visitor.page.get_by_role("button", name="Ask about this article").click()
    expect(visitor.page.locator("#question textarea")).to_be_focused()
    expect(told(visitor)).to_contain_text("of The Harbour Post")
    assert asked_scope(visitor, assistant, "And what was served?") == OF_HARBOUR
    expect(visitor.page.locator("#reader article")).to_be_visible()


def test_on_a_phone_what_an_article_answers_is_offered_in_front_of_the_chat(visitor: Visitor) -> None:
    visitor.page.set_viewport_size(PHONE)
    visitor.page.get_by_role("button", name="Collection").click()
    visitor.page.get_by_role("link", name=MERIDIAN.title).click()
    expect(visitor.page.get_by_role("dialog", name="The collection")).to_be_hidden()
    expect(visitor.page.locator("#reader article")).to_be_in_viewport()
    visitor.page.get_by_role("button", name="Ask about this article").click()
    expect(visitor.page.locator("#reader .to-ask")).to_have_text(words.NO_QUESTIONS)
    visitor.page.get_by_role("button", name="Back to the answer").click()
    expect(visitor.page.locator("#reader")).to_be_hidden()
    expect(told(visitor)).to_contain_text("of Meridian Wire")
    visitor.ask(ABSTAINED.question)
    visitor.answered().locator("a.cite").first.click()
    expect(visitor.page.locator("#reader")).to_be_visible()
    visitor.page.go_back()
    expect(visitor.page.locator("#reader")).to_be_hidden()
    expect(visitor.answer()).to_be_visible()


def test_an_undated_article_of_no_outlet_is_asked_about_without_a_scope(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name="Collection").click()
    visitor.page.get_by_role("link", name=UNDATED.title).click()
    visitor.page.get_by_role("button", name="Ask about this article").click()
    expect(visitor.page.locator("#question textarea")).to_be_focused()
    expect(told(visitor)).to_have_text(EVERYTHING)


def test_a_scope_that_gradio_loses_while_it_loads_is_set_again(visitor: Visitor) -> None:
    visitor.page.evaluate(
        """() => document.addEventListener("click", (event) => {
            if (event.target.closest("#set-scope")) event.stopImmediatePropagation();
        }, { capture: true, once: true })"""
    )
    visitor.page.evaluate("() => dateline.setScope({ since: '2019-01-01' })")
    expect(told(visitor)).to_contain_text("from 1 January 2019")
