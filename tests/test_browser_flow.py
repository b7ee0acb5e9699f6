"""Asking on, asking otherwise and stopping, from the page to the model and back, in a real Chromium."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from browser import MARKS, Visitor, serving
from model_server import Behaviour, ModelServer, cut, error_event, hanging
from model_server import serving as model_serving
from playwright.sync_api import BrowserContext, expect
from sample_answers import ABSTAINED, FULL, HANOI, HARBOUR, FakeAssistant

from assistant.answering import Assistant
from assistant.settings import Settings
from assistant.types import Answer
from index.library import ArticleIndex
from page import words

pytestmark = MARKS
STEPS, STEP_SECONDS = 150, 0.01
COUNT_UPDATES = """() => {
    window.seen = [];
    const look = () => {
        const answer = document.querySelector("#conversation .answer:last-of-type");
        if (answer && window.seen.at(-1)?.html !== answer.innerHTML)
            window.seen.push({ html: answer.innerHTML, at: performance.now() });
    };
    new MutationObserver(look).observe(document.querySelector("#conversation"),
        { childList: true, subtree: true, characterData: true });
}"""


class TalkativeAssistant(FakeAssistant):
    """Writes its answers in many small steps, quickly."""

    def _told(self, question: str) -> Iterator[Answer]:
        for step in range(STEPS):
            yield Answer("It rained. " * step, question, status="writing")
            time.sleep(STEP_SECONDS)  # as a quick model takes for a word
        yield from super()._told(question)


@pytest.fixture(scope="module")
def assistant(three_articles: ArticleIndex) -> FakeAssistant:
    return FakeAssistant(three_articles, HANOI, ABSTAINED)


def questions(visitor: Visitor) -> list[str]:
    return visitor.page.locator("#conversation p.question").all_text_contents()


def kept(visitor: Visitor) -> list[str]:
    """Wait until the browser keeps the turns that are shown, and give their records."""
    shown = "[...document.querySelectorAll('#conversation a.record')].map((link) => link.hash.slice(1))"
    stored = "JSON.parse(localStorage['dateline.conversations']).list[0].turns"
    visitor.page.wait_for_function(f"() => JSON.stringify({shown}) === JSON.stringify({stored})")
    return visitor.page.evaluate(stored)


def act(visitor: Visitor, name: str, place: int = -1) -> None:
    """Press one of the buttons under an answer."""
    visitor.answer(place).get_by_role("button", name=re.compile(f"^{name}: ")).click()


def test_the_last_question_is_edited_in_its_place_and_escape_leaves_it(
    visitor: Visitor, assistant: FakeAssistant
) -> None:
    field = visitor.page.locator("#question textarea")
    visitor.ask(ABSTAINED.question)
    visitor.answered(0)
    visitor.ask("And the second meeting?")
    visitor.answered(1)
    field.fill("half a thought")
    act(visitor, "Edit question")
    expect(field).to_be_focused()
    expect(field).to_have_value("And the second meeting?")
    visitor.page.keyboard.press("Escape")
    expect(field).to_have_value("half a thought")
    visitor.ask("And a third?")
    visitor.answered(2)
    assert questions(visitor) == [ABSTAINED.question, "And the second meeting?", "And a third?"]
    act(visitor, "Edit question")
    visitor.ask(HANOI.question)
    expect(visitor.answered(2)).to_contain_text("could not agree on how far sanctions")
    assert questions(visitor) == [ABSTAINED.question, "And the second meeting?", HANOI.question]
    assert [turn.question for turn in assistant.asked[-1][1]] == questions(visitor)[:2]
    expect(field).to_have_value("")
    assert len(kept(visitor)) == 3
    visitor.ask("And after the edit?")  # is a question of its own
    visitor.answered(3)
    assert len(questions(visitor)) == 4


def test_a_question_is_asked_again_in_its_place_with_the_scope_it_had(
    visitor: Visitor, assistant: FakeAssistant
) -> None:
    visitor.ask("What is told of lunch?")
    visitor.answered(0)
    assistant.answers["What is told of lunch?"] = replace(FULL, question="What is told of lunch?")
    act(visitor, "Ask again")
    expect(visitor.answer(0).locator(".text a.cite").first).to_be_attached()
    act(visitor, "Ask again")
    visitor.page.wait_for_timeout(300)
    visitor.answered(0)
    assert questions(visitor) == ["What is told of lunch?"]
    assert assistant.scopes[-1] == {}  # as it was asked, whatever its answer was looked for in
    assert len(kept(visitor)) == 1


def test_a_stopped_answer_says_so_and_the_next_question_works(
    visitor: Visitor, assistant: FakeAssistant
) -> None:
    stop = visitor.page.get_by_role("button", name="Stop")
    expect(stop).to_be_hidden()
    assistant.gates["Does it end?"] = threading.Event()
    visitor.ask("Does it end?")
    expect(visitor.answer().locator(".status")).to_have_text("Reading 8 passages …")
    stop.click()
    expect(visitor.answer().locator(".warning")).to_have_text("You stopped this answer before its end.")
    expect(stop).to_be_hidden()
    expect(visitor.answer().locator(".status")).to_have_count(0)
    assert assistant.closed[-1] == "Does it end?"
    visitor.ask(HANOI.question)
    expect(visitor.answered(1)).to_contain_text("could not agree on how far sanctions")
    assert assistant.asked[-1] == (HANOI.question, ())
    assistant.gates["Does it end?"].set()
    act(visitor, "Edit question")
    visitor.ask("Does it end?")
    expect(visitor.answer(1)).to_contain_text("These articles do not say")
    visitor.answered(1)
    assert len(kept(visitor)) == 2


def test_what_is_done_is_said_at_once_and_then_at_most_eight_times_a_second(
    context: BrowserContext, three_articles: ArticleIndex
) -> None:
    with serving(TalkativeAssistant(three_articles, HANOI)) as address:
        visitor = Visitor(context, address)
        visitor.page.evaluate(COUNT_UPDATES)
        visitor.ask(HANOI.question)
        visitor.answered()
        seen = visitor.page.evaluate("window.seen")
        visitor.close()
    assert "Searching …" in seen[0]["html"]
    under_way = [one["at"] for one in seen if 'class="status"' in one["html"]]
    seconds = (under_way[-1] - under_way[0]) / 1000
    assert seconds >= 0.8 * STEPS * STEP_SECONDS
    assert seconds * 3 <= len(under_way) <= seconds * 8 + 2


def test_an_article_opened_in_a_tab_of_its_own_is_a_page_of_its_own(visitor: Visitor) -> None:
    visitor.ask(HANOI.question)
    link = visitor.answered().locator(".text a.cite").first
    with visitor.page.context.expect_page() as opened:
        link.click(modifiers=["Control"])
    tab = opened.value
    expect(tab.locator("mark.chosen")).to_have_text(HANOI.claims[0].citations[0].quote)
    expect(tab).to_have_title(f"{HARBOUR.title} · Dateline")
    assert tab.locator(".body").text_content() == HARBOUR.text
    expect(tab.get_by_role("heading", level=1)).to_have_text("Dateline")
    expect(visitor.page.locator("#reader article")).to_have_count(0)
    tab.close()


def test_what_cannot_be_fetched_for_the_reader_is_told_in_the_words_of_the_page(visitor: Visitor) -> None:
    visitor.ask(HANOI.question)
    link = visitor.answered().locator(".text a.cite").first
    visitor.page.route("**/article/**", lambda asked: asked.abort())
    link.click()
    expect(visitor.page.locator("#reader .opened")).to_have_text(
        words.NOT_OPENED.format(reason=words.NOT_REACHED)
    )
    visitor.page.unroute("**/article/**")
    link.click()
    visitor.page.route("**/article/*/questions", lambda asked: asked.abort())
    visitor.page.get_by_role("button", name="Ask about this article").click()
    expect(visitor.page.locator("#reader .to-ask")).to_have_text(
        words.QUESTIONS_FAILED.format(reason=words.NOT_REACHED)
    )
    visitor.errors.clear()  # the browser's own notes of what failed


@pytest.fixture
def with_model(
    context: BrowserContext, sample: Assistant, request: pytest.FixtureRequest
) -> Iterator[tuple[Visitor, ModelServer]]:
    """The page of an assistant whose model is a real local server that behaves as the test says."""
    behaviours: tuple[Behaviour, ...] = request.param
    with model_serving(*behaviours) as server:
        settings = Settings(base_url=server.url, model="stub", timeout_seconds=60)
        with serving(Assistant(sample.index, settings=settings)) as address:
            visitor = Visitor(context, address)
            yield visitor, server
            visitor.close()


def test_a_question_to_begin_with_and_one_to_go_on_with_are_asked_with_one_click_and_once(
    context: BrowserContext, sample: Assistant
) -> None:
    with serving(sample) as address:
        visitor = Visitor(context, address)
        visitor.page.locator("#question textarea").fill("half a thought")
        asked = []
        for place, link in enumerate((".beginnings a.follow", ".follow-ups a.follow")):
            follow = visitor.page.locator(f"#conversation {link}").first
            asked.append(follow.text_content())
            follow.dblclick()
            visitor.answered(place)
            expect(visitor.answer(place).locator(".follow-ups")).to_be_visible()
        follow = visitor.answer(1).locator("a.follow").first
        asked.append(follow.text_content())
        expect(follow).to_have_role("button")
        follow.press("Space")
        visitor.answered(2)
        assert questions(visitor) == asked
        expect(visitor.page.locator("#question textarea")).to_have_value("half a thought")
        visitor.close()


QUESTION = "How much did it cost to rebuild the liaison office?"


@pytest.mark.parametrize("with_model", [(hanging, cut)], indirect=True)
def test_stop_ends_a_model_that_hangs_and_what_is_asked_next_is_answered(
    with_model: tuple[Visitor, ModelServer],
) -> None:
    visitor, server = with_model
    visitor.ask(QUESTION)
    expect(visitor.answer().locator(".status")).to_have_count(1)
    assert server.asked.wait(15)
    visitor.page.get_by_role("button", name="Stop").click()
    expect(visitor.answer().locator(".warning")).to_contain_text("You stopped this answer")
    assert server.gone.wait(5), "the connection of the model is closed"
    visitor.ask(QUESTION)
    expect(visitor.answered(1).locator(".text blockquote").first).to_be_visible()


@pytest.mark.parametrize("with_model", [(cut,), (error_event,)], indirect=True, ids=["cut", "error"])
def test_a_model_that_fails_in_mid_answer_is_told_and_the_articles_are_quoted(
    with_model: tuple[Visitor, ModelServer],
) -> None:
    visitor, _ = with_model
    visitor.ask(QUESTION)
    expect(visitor.answered().locator(".text blockquote").first).to_contain_text("17 billion won")
    expect(visitor.answer().locator(".warning").first).to_contain_text("The server at 127.0.0.1")
    expect(visitor.answer().locator(".warning").last).to_contain_text("quoted")
    expect(visitor.answer().locator(".written")).to_have_count(0)
    visitor.answer().locator(".text a.cite").first.click()
    expect(visitor.page.locator("#reader mark.chosen").first).to_contain_text("17 billion won")
