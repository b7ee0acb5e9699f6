"""Looking through the collection, and adding to it, in a real Chromium."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import quote

import pytest
from browser import MARKS, Visitor
from playwright.sync_api import BrowserContext, Locator, expect
from sample_answers import FakeAssistant
from storing import HashEmbedding

from index.library import ArticleIndex
from index.types import Article

pytestmark = MARKS
FERRY = "The ferry to the island was stopped because of the wind."
ADDED = "The bridge over the river Mur was closed on Friday.\n\nIt opens again in May, the council said."


def article(number: int) -> Article:
    day = date(2020, 6, 1) + timedelta(days=number % 9)
    outlet = ("The Harbour Post", "Meridian Wire")[number % 2]
    return Article(f"Report {number} tells of a day at sea.", f"Report {number}", outlet, published=day)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeAssistant]:
    """An assistant of 61 articles and a source that cannot be read, to which articles can be added."""
    folder = tmp_path_factory.mktemp("sources") / "missing"
    folder.mkdir()
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    with ArticleIndex.open(tmp_path_factory.mktemp("page"), HashEmbedding()) as index:
        index.add([*map(article, range(60)), Article(FERRY, "No ferry today", "Meridian Wire")])
        index.sync([folder])
        assistant = FakeAssistant(index)
        assistant.settings = replace(assistant.settings, add=True)
        yield assistant


def collection(visitor: Visitor) -> Locator:
    """Open the dialog of the collection."""
    visitor.page.get_by_role("button", name="Collection").click()
    dialog = visitor.page.get_by_role("dialog", name="The collection")
    expect(dialog.locator(".summary")).to_be_visible()
    return dialog


def told(visitor: Visitor) -> Locator:
    """Find the words that say which articles are asked."""
    return visitor.page.locator("#scope-words")


def test_the_collection_says_what_there_is_and_what_could_not_be_read(visitor: Visitor) -> None:
    dialog = collection(visitor)
    expect(dialog.locator(".summary")).to_contain_text("61 articles")
    expect(dialog.locator(".summary")).to_contain_text("2 outlets")
    expect(dialog.locator(".summary")).to_contain_text("published 1 June 2020 to 9 June 2020 · 1 undated")
    expect(dialog.locator("button.outlet")).to_have_text(["Meridian Wire 31", "The Harbour Post 30"])
    dialog.locator("details.failures summary").click()
    expect(dialog.locator(".failures li")).to_contain_text("broken.pdf")


def test_days_are_chosen_with_the_keys_and_reach_what_is_asked(
    visitor: Visitor, assistant: FakeAssistant
) -> None:
    dialog = collection(visitor)
    dialog.locator(".bar").first.focus()
    visitor.page.keyboard.press("ArrowRight")
    visitor.page.keyboard.press("ArrowRight")
    visitor.page.keyboard.press("Enter")
    expect(dialog.locator(".bar[aria-pressed=true]")).to_be_focused()
    expect(dialog.locator(".inside")).to_contain_text("of 3 June 2020")
    visitor.page.keyboard.press("Escape")
    expect(visitor.page.get_by_role("button", name="Collection")).to_be_focused()
    expect(told(visitor)).to_contain_text("Asking 7 articles of 61: of 3 June 2020")
    visitor.ask("What was there?")
    visitor.answered()
    assert assistant.scopes[-1] == {"since": "2020-06-03", "until": "2020-06-03"}


def test_articles_are_browsed_searched_and_opened_in_the_reader(visitor: Visitor) -> None:
    dialog = collection(visitor)
    links = dialog.locator(".list a.open")
    expect(links.first).to_be_visible()
    page = links.count()
    dialog.get_by_role("button", name="More articles").click()
    expect(links).to_have_count(2 * page)
    expect(links.nth(page)).to_be_focused()
    while links.count() < 61:
        count = links.count()
        dialog.get_by_role("button", name="More articles").click()
        expect(links).to_have_count(min(61, count + page))
    titles = links.all_text_contents()
    assert len(set(titles)) == 61
    expect(dialog.get_by_role("button", name="More articles")).to_have_count(0)
    dialog.get_by_role("searchbox").fill("ferry to the island")
    expect(dialog.locator(".list .told")).to_contain_text("Nearest to “ferry to the island” first")
    expect(links.first).to_have_text("No ferry today")
    links.first.click()
    expect(dialog).to_be_hidden()
    expect(visitor.page.locator("#reader .body")).to_have_text(FERRY)
    expect(visitor.page.locator("#reader article")).to_be_focused()
    visitor.page.keyboard.press("Escape")
    expect(visitor.page.get_by_role("button", name="Collection")).to_be_focused()


def test_a_text_that_is_pasted_opens_in_the_reader_and_is_counted_and_can_be_asked(
    visitor: Visitor, assistant: FakeAssistant
) -> None:
    expect(told(visitor)).to_have_text("Asking all 61 articles")
    visitor.page.get_by_role("button", name="Add articles").click()
    adding = visitor.page.get_by_role("dialog", name="Add articles")
    adding.get_by_label("Text of the article").fill(ADDED)
    adding.get_by_label("Headline (optional)").fill("Bridge closed")
    adding.get_by_label("Outlet (optional)").fill("Valley News")
    adding.get_by_label("Day of publication (optional)").fill("2020-06-05")
    adding.get_by_role("button", name="Add", exact=True).click()
    expect(adding).to_be_hidden()
    reader = visitor.page.locator("#reader")
    expect(reader.get_by_role("heading", name="Bridge closed")).to_be_visible()
    expect(reader.locator(".body")).to_contain_text("The bridge over the river Mur was closed on Friday.")
    dialog = collection(visitor)
    expect(dialog.locator(".summary")).to_contain_text("62 articles")
    dialog.locator("button.outlet", has_text="Valley News").click()
    expect(dialog.locator(".list a.open")).to_have_text(["Bridge closed"])
    visitor.page.keyboard.press("Escape")
    expect(told(visitor)).to_have_text("Asking 1 article of 62: of Valley News")
    visitor.ask("What is closed?")
    visitor.answered()
    assert assistant.scopes[-1] == {"outlets": ("Valley News",)}
    visitor.page.get_by_role("button", name="Ask about this article").click()
    expect(told(visitor)).to_contain_text("Asking 1 article of 62")
    visitor.begin_anew()
    visitor.reload()
    expect(told(visitor)).to_have_text("Asking all 62 articles")
    expect(visitor.page.locator("#conversation")).to_contain_text("62 articles from 3 outlets")
    visitor.page.locator("#scope-words").click()
    visitor.page.get_by_role("combobox", name="Outlets").click()
    visitor.page.get_by_role("option", name="Valley News").click()
    expect(told(visitor)).to_have_text("Asking 1 article of 62: of Valley News")


def test_an_outlet_that_a_link_names_and_nobody_knows_here_is_asked_and_has_no_articles(
    context: BrowserContext, address: str, assistant: FakeAssistant
) -> None:
    asked = quote(json.dumps({"question": "Why?", "outlets": ["Gone"]}))
    visitor = Visitor(context, f"{address}#ask={asked}")
    expect(told(visitor)).to_contain_text("Asking 0 articles of ")
    expect(told(visitor)).to_contain_text("of Gone")
    visitor.page.locator("#question textarea").press("Enter")
    visitor.answered()
    assert assistant.scopes[-1] == {"outlets": ("Gone",)}
    visitor.close()
