"""Whom the page reaches: what axe-core finds, a keyboard alone, and a phone, in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import DESKTOP, MARKS, PHONE, Visitor, serving
from playwright.sync_api import BrowserContext, expect
from sample_answers import ABSTAINED, FULL, HARBOUR, MERIDIAN, UNDATED, FakeAssistant
from storing import HashEmbedding

from index.library import ArticleIndex

pytestmark = MARKS
QUESTION = "#question textarea"
# What has the focus, by the name that tells it from others; and whether something drawn tells that it has it.
FOCUSED = """() => {
  const it = document.activeElement;
  const part = it.closest("#question, #outlets, #since, #until, #as-of") ?? it;
  return part.id || part.className.split(" ")[0] || part.localName;
}"""
INSIDE = "Boolean(document.activeElement.closest('#DIALOG')) || document.activeElement === document.body"
NOWHERE = "document.activeElement === document.body"
RINGED = """() => {
  let it = document.activeElement;
  if (it.closest("#outlets")) it = it.closest(".wrap");
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(it);
  return (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || boxShadow.includes("0px 0px 0px 2px");
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with ArticleIndex.open(tmp_path_factory.mktemp("reach"), HashEmbedding()) as index:
        index.add([HARBOUR, MERIDIAN, UNDATED])
        with serving(
            FakeAssistant(index, FULL, replace(ABSTAINED, warnings=("One is undated.",)))
        ) as address:
            yield address


@contextmanager
def visiting(context: BrowserContext, address: str, size: dict[str, int] = DESKTOP) -> Iterator[Visitor]:
    """Open the page where nothing moves, and wait until its scripts have run."""
    visitor = Visitor(context, address, size)
    try:
        visitor.page.emulate_media(reduced_motion="reduce")
        expect(visitor.page.locator("#question textarea[aria-label]")).to_be_visible()
        yield visitor
        visitor.page.evaluate("localStorage.clear()")
        visitor.close()
    finally:
        visitor.page.close()


def serious(visitor: Visitor) -> list[str]:
    """List what axe-core calls serious or critical in the page as it is, each with where it is."""
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in Axe().run(visitor.page).response["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def beginning(visitor: Visitor) -> None:
    expect(visitor.page.locator("#conversation .placeholder")).to_be_visible()


def abstaining(visitor: Visitor) -> None:
    visitor.ask(ABSTAINED.question)
    visitor.answered()


def answered(visitor: Visitor) -> None:
    visitor.ask(FULL.question)
    visitor.answered(1).locator(".verdicts summary").click()


def scoping(visitor: Visitor) -> None:
    visitor.page.locator("#scope-words").click()
    visitor.page.locator("#outlets input").click()
    visitor.page.locator("#outlets [role=option]").first.click()
    visitor.page.keyboard.press("Escape")
    expect(visitor.page.locator("#scope-words")).to_contain_text("of 3")
    visitor.page.locator("#outlets input").click()


def collecting(visitor: Visitor) -> None:
    visitor.page.keyboard.press("Escape")
    visitor.page.locator("#clear-scope").click()
    expect(visitor.page.locator("#scope-words")).to_contain_text("all 3")
    visitor.page.locator("#masthead .open-collection").click()
    expect(visitor.page.locator("#collection .articles li")).to_have_count(3)


def conversing(visitor: Visitor) -> None:
    visitor.page.keyboard.press("Escape")
    visitor.page.locator("#masthead .open-conversations").click()
    expect(visitor.page.locator("#conversations li .open")).to_be_visible()


def exporting(visitor: Visitor) -> None:
    visitor.page.keyboard.press("Escape")
    visitor.answer().locator("a.act[href='#export']").click()
    expect(visitor.page.locator("#export .kinds")).to_be_visible()


def reading(visitor: Visitor) -> None:
    visitor.page.keyboard.press("Escape")
    visitor.answer().locator(".text a.cite").first.click()
    expect(visitor.page.locator("#reader mark.chosen").first).to_be_in_viewport()


STATES = (beginning, abstaining, answered, scoping, collecting, conversing, exporting, reading)


@pytest.mark.parametrize("seen", ["light", "dark", "phone"])
def test_axe_finds_nothing_serious(context: BrowserContext, address: str, seen: str) -> None:
    with visiting(context, address, PHONE if seen == "phone" else DESKTOP) as visitor:
        if seen == "dark":
            visitor.page.locator("#masthead .change-light").click()
            expect(visitor.page.locator("body.dark")).to_be_attached()
        found = {}
        for state in STATES:
            state(visitor)
            found[state.__name__] = serious(visitor)

        assert found == {state.__name__: [] for state in STATES}


class Keys:
    """A visitor's keyboard, which sees to it that what has the focus is in view and looks so."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page = visitor, visitor.page

    @property
    def at(self) -> str:
        """What has the focus."""
        return str(self.page.evaluate(FOCUSED))

    def press(self, *keys: str) -> str:
        """Press keys one after the other, and give what has the focus then."""
        for key in keys:
            self.page.keyboard.press(key)
        return self.at

    def go(self, where: str, key: str = "Tab", most: int = 40) -> None:
        """Press a key until something has the focus; all on the way looked so."""
        passed = []
        while self.at != where:
            passed.append(self.press(key))
            assert self.page.evaluate(RINGED) or self.page.evaluate(NOWHERE), passed
            assert len(passed) < most, f"no {where} among {passed}"
        expect(self.page.locator(":focus")).to_be_in_viewport()


def test_everything_is_done_without_a_mouse(context: BrowserContext, address: str) -> None:
    with visiting(context, address) as visitor:
        keys, page = Keys(visitor), visitor.page
        expect(page.locator(QUESTION)).to_be_focused()
        page.keyboard.type(FULL.question)
        keys.press("Enter")
        answer = visitor.answered()
        expect(page.locator(QUESTION)).to_be_focused()  # for what is asked next

        cite = answer.locator(".text a.cite").first
        cite.focus()
        expect(page.locator("#quoted")).to_contain_text("The two sides could not agree")
        keys.press("Enter")
        expect(page.locator("#reader mark.chosen").first).to_be_focused()
        expect(page.locator("#reader .place")).to_have_text("1 of 2 marked")
        keys.go("next", "Shift+Tab")
        keys.press("Enter")
        expect(page.locator("#reader .place")).to_have_text("2 of 2 marked")
        keys.go("previous", "Shift+Tab")
        keys.press("Enter")
        expect(page.locator("#reader .place")).to_have_text("1 of 2 marked")
        expect(page.locator("#reader mark.chosen").first).to_be_in_viewport()
        keys.press("Escape")
        expect(cite).to_be_focused()

        keys.go("act")
        keys.go("scope-words")
        expect(page.locator("#scope-words")).to_have_attribute("aria-expanded", "false")
        keys.press("Enter")
        expect(page.locator("#scope-words")).to_have_attribute("aria-expanded", "true")
        keys.go("outlets")
        keys.press("ArrowDown", "Enter", "Escape")
        expect(page.locator("#scope-words")).to_contain_text("of 3")
        for field in ("since", "until", "as-of"):
            keys.go(field)
        keys.go("clear-scope", "Shift+Tab")
        keys.press("Enter")
        expect(page.locator("#scope-words")).to_contain_text("all 3")
        expect(page.locator("#scope-words")).to_be_focused()
        keys.go("question")


@pytest.mark.parametrize(
    ("button", "dialog"), [("open-collection", "collection"), ("open-conversations", "conversations")]
)
def test_a_dialog_gives_the_focus_back(
    context: BrowserContext, address: str, button: str, dialog: str
) -> None:
    with visiting(context, address) as visitor:
        keys, page = Keys(visitor), visitor.page
        keys.go(button, "Shift+Tab")
        keys.press("Enter")
        expect(page.locator(f"#{dialog}")).to_be_visible()
        for _ in range(8):
            keys.press("Tab")
            assert page.evaluate(INSIDE.replace("DIALOG", dialog)), (
                keys.at
            )  # what is behind it cannot be reached
        keys.press("Escape")
        expect(page.locator(f"#{dialog}")).to_be_hidden()
        assert keys.at == button

        keys.go("skip", "Shift+Tab")
        expect(page.locator("#skip")).to_be_in_viewport()
        assert keys.press("Enter") == "question"


def test_on_a_phone_the_reader_slides_over_the_chat_and_away(context: BrowserContext, address: str) -> None:
    with visiting(context, address, PHONE) as visitor:
        keys, page = Keys(visitor), visitor.page
        visitor.ask(FULL.question)
        cite = visitor.answered().locator(".text a.cite").first
        for leave in (
            lambda: page.locator("#reader .return").click(),
            page.go_back,
            lambda: keys.press("Escape"),
        ):
            cite.click()
            expect(page.locator("#reader mark.chosen").first).to_be_in_viewport()
            box = page.locator("#reader").bounding_box()
            assert box == {"x": 0, "y": 0, **PHONE}
            for _ in range(8):
                keys.press("Tab")
                assert page.evaluate(INSIDE.replace("DIALOG", "reader")), keys.at
            leave()
            expect(page.locator("#reader")).to_be_hidden()
            expect(cite).to_be_focused()
            expect(cite).to_be_in_viewport()
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
