"""The page as a reader meets it, in a real Chromium."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from browser import MARKS, Visitor, bare, serving
from model_server import Exchange, ModelServer, hanging
from model_server import serving as model_serving
from playwright.sync_api import BrowserContext, expect
from sample_answers import ABSTAINED, HANOI, HARBOUR, MERIDIAN, UNDATED, FakeAssistant, quoting
from scripted import handle_of
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from storing import HashEmbedding

import ui
from assistant.answering import Assistant
from assistant.settings import Settings
from index.library import ArticleIndex
from index.types import Article
from page import words
from page.guard import Guard

pytestmark = MARKS
TEXT_CITES = ".text a.cite"  # of an answer, not of its sources

NASTY = (
    "<script>window.ran=1</script><img src=https://evil.example/i.png onerror='window.ran=1'>"
    "![p](https://evil.example/p.png) [l](https://evil.example/l) <a href='javascript:window.ran=1'>a</a>"
    "<svg onload='window.ran=1'></svg><form action=https://evil.example/f><button>b</button></form>"
    "<div style='position:fixed;inset:0;background:url(https://evil.example/b)'>log in</div>"
    "<style>@import 'https://evil.example/s.css';</style> $\\href{javascript:window.ran=1}{x}$ `c` "
    "${window.ran=1} </mark></p></div></article> {{window.ran=1}} &lt;img src=https://evil.example/e.png&gt;"
)
HOSTILE_ARTICLE = Article(
    f"First words. {NASTY}\n\n```mermaid\ngraph TD; A-->B\n```\n\nLast words.",
    NASTY,
    NASTY,
    NASTY,
    "javascript:window.ran=1",
    source=NASTY,
)
HOSTILE = replace(
    quoting(f"Is it safe? {NASTY}"[:1900], (HOSTILE_ARTICLE, f"First words. {NASTY}")), warnings=(NASTY,)
)
LONG = quoting(
    "What did the hotel do?",
    *((HARBOUR, f"Paragraph {n} tells what the hotel served and who sat where.") for n in range(1, 31)),
)
SIZES = [(1280, 800), (1280, 640), (1024, 600), (390, 844)]
MONEY = quoting("What did the dinner cost?", (HARBOUR, "the $3m dinner & the $5m hall."))


def slow_to_close(guard: Guard) -> ASGIApp:
    """Hold back, as a loaded machine may, the news that there is no more to come for now."""

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_late(message: Message) -> None:
            if b"close_stream" in message.get("body", b""):
                await asyncio.sleep(1)
            await send(message)

        await guard(scope, receive, send_late)

    return served


def slow_to_accept(guard: Guard) -> ASGIApp:
    """Hold back, as a loaded machine may, the news that a question is accepted, of every other one."""
    numbers = itertools.count()

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        is_slow = scope.get("path", "").endswith("/queue/join") and next(numbers) % 2

        async def send_late(message: Message) -> None:
            if is_slow and message["type"] == "http.response.start":
                await asyncio.sleep(0.2)
            await send(message)

        await guard(scope, receive, send_late)

    return served


ADDED = replace(UNDATED, text="This came while somebody was reading.", source="articles/late.txt")


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeAssistant]:
    with ArticleIndex.open(tmp_path_factory.mktemp("page"), HashEmbedding()) as index:
        index.add([HARBOUR, MERIDIAN, UNDATED, HOSTILE_ARTICLE])
        broken = ("Does it break?", RuntimeError("secret"))
        yield FakeAssistant(index, HANOI, ABSTAINED, HOSTILE, LONG, MONEY, broken)


@pytest.fixture(scope="module")
def sample_address(sample: Assistant) -> Iterator[str]:
    with serving(sample) as address:
        yield address


@pytest.fixture(scope="module")
def bare_address(assistant: FakeAssistant) -> Iterator[str]:
    with serving(assistant, bare) as address:
        yield address


@pytest.fixture(scope="module")
def slow_address(assistant: FakeAssistant) -> Iterator[str]:
    with serving(assistant, slow_to_close) as address:
        yield address


def in_view(visitor: Visitor) -> bool:
    """Whether the chosen words can be seen, from the first line to the last: in view, and not covered."""
    return visitor.page.evaluate(
        """() => {
            const mark = document.querySelector("#reader mark.chosen");
            const lines = [...mark.getClientRects()];
            const seen = (x, y) => document.elementFromPoint(x, y) === mark;
            return lines.every((line) => seen(line.left + line.width / 2, line.top + 2)
                && seen(line.left + line.width / 2, line.bottom - 2));
        }"""
    )


def drift(visitor: Visitor) -> float:
    """How many pixels the newest answered question is, within a second, from the top of the chat."""
    return visitor.page.evaluate(
        """() => new Promise((resolve) => {
            let most = 0;
            const end = performance.now() + 1000;
            const look = () => {
                const chat = document.querySelector("#conversation [role=log]").getBoundingClientRect();
                const rows = document.querySelectorAll("#conversation .user-row:not(:has(.waiting))");
                const row = rows[rows.length - 1].getBoundingClientRect();
                most = Math.max(most, Math.abs(row.top - chat.top), scrollY);
                if (performance.now() < end) requestAnimationFrame(look);
                else resolve(most);
            };
            look();
        })"""
    )


def test_the_page_loads_asking_nobody_else_and_without_an_error(visitor: Visitor) -> None:
    expect(visitor.page).to_have_title("Dateline")
    expect(visitor.page.get_by_role("heading", name="Dateline")).to_be_visible()
    assert len(visitor.requests) > 10


def test_an_example_is_asked_with_one_click(context: BrowserContext, sample_address: str) -> None:
    visitor = Visitor(context, sample_address)
    link = visitor.page.locator("#conversation .beginnings a.follow").first
    question = link.text_content()
    link.click()
    expect(visitor.page.locator("#conversation p.question")).to_have_text(question)
    expect(visitor.answered().locator(".card").first).to_be_attached()
    visitor.close()


def test_an_answer_streams_in_with_its_citations_and_a_click_opens_the_article_at_the_words(
    visitor: Visitor,
) -> None:
    visitor.ask(HANOI.question)
    expect(visitor.page.locator("#question textarea")).to_have_value("")
    expect(visitor.answered().locator(TEXT_CITES)).to_have_count(3)
    for place, claim in enumerate(HANOI.claims):
        link = visitor.answer().locator(TEXT_CITES).nth(place)
        link.click()
        expect(link).to_have_attribute("aria-current", "true")
        expect(visitor.page.locator("#reader mark.chosen").first).to_have_text(claim.citations[0].quote)
        assert visitor.marked("chosen") == claim.citations[0].quote
        expect(visitor.page.locator("#reader mark.chosen").first).to_be_focused()
        assert in_view(visitor)


def test_the_citation_that_is_open_stays_marked_when_its_answer_is_drawn_anew(visitor: Visitor) -> None:
    visitor.ask(HANOI.question)
    visitor.answered().locator(TEXT_CITES).first.click()
    expect(visitor.page.locator("#reader mark.chosen")).to_be_attached()
    link = visitor.answer().locator(TEXT_CITES).first
    visitor.answer().evaluate(
        "answer => { answer.outerHTML = answer.outerHTML.replace(/aria-current/g, ''); }"
    )
    expect(link).to_have_attribute("aria-current", "true")


def test_the_reader_shows_the_whole_article_its_origin_and_the_other_marks(visitor: Visitor) -> None:
    visitor.ask(HANOI.question)
    visitor.answer().locator(TEXT_CITES).first.click()
    reader = visitor.page.locator("#reader")
    expect(reader.get_by_role("heading", name=HARBOUR.title)).to_be_visible()
    expect(reader.locator(".details")).to_contain_text("The Harbour Post, 28 February 2019 · Ines Calder")
    link = reader.get_by_role("link", name="Original article")
    expect(link).to_have_attribute("href", HARBOUR.url)
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    assert reader.locator(".body").text_content() == HARBOUR.text
    assert visitor.marked("cited") == HANOI.claims[2].citations[0].quote


def test_the_keyboard_alone_opens_an_article_and_comes_back(visitor: Visitor) -> None:
    visitor.ask(HANOI.question)
    expect(visitor.answered().locator(TEXT_CITES)).to_have_count(3)
    link = visitor.answer().get_by_role("link", name="[2] Meridian Wire, 13 June 2020").first
    link.focus()
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator("#reader mark.chosen")).to_have_text("Aides said the lunch was cancelled.")
    expect(visitor.page.locator("#reader mark.chosen")).to_be_focused()
    visitor.page.keyboard.press("Escape")
    expect(link).to_be_focused()
    visitor.page.keyboard.press("Enter")
    visitor.page.get_by_role("button", name="Back to the answer").focus()
    visitor.page.keyboard.press("Enter")
    expect(link).to_be_focused()


def test_who_goes_back_while_an_article_is_fetched_stays_there(visitor: Visitor) -> None:
    visitor.ask(HANOI.question)
    link = visitor.answered().locator(TEXT_CITES).first
    fetched = []
    visitor.page.route("**/article/**", lambda route: fetched.append(route))
    link.click()
    visitor.page.get_by_role("button", name="Back to the answer").press("Enter")
    expect(link).to_be_focused()
    link.press("Enter")
    visitor.page.keyboard.press("Escape")
    expect(visitor.page.locator("body.reading")).to_have_count(0)
    fetched[1].continue_()
    expect(visitor.page.locator("#reader mark.chosen")).to_be_visible()
    expect(link).to_be_focused()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_every_question_stands_at_the_top_of_the_chat_and_stays_there_while_its_answer_grows(
    visitor: Visitor, assistant: FakeAssistant, size: tuple[int, int]
) -> None:
    visitor.page.set_viewport_size({"width": size[0], "height": size[1]})
    question = f"Is it slow at {size[0]} by {size[1]}?"
    assistant.answers[question] = replace(LONG, question=question)
    for place, asked in enumerate((LONG.question, ABSTAINED.question, HANOI.question)):
        visitor.ask(asked)
        expect(visitor.answer(place).locator("a.record")).to_be_attached()
        assert drift(visitor) < 2
        expect(visitor.answer(place).locator("p").first).to_be_in_viewport(ratio=1)
    assistant.gates[question] = threading.Event()
    visitor.ask(question)
    expect(visitor.answer(3)).to_contain_text("Reading 8 passages …")
    assert drift(visitor) < 2
    assistant.gates[question].set()
    expect(visitor.answer(3).locator("a.record")).to_be_attached()
    assert drift(visitor) < 2
    expect(visitor.answer(3).locator("p").first).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_window_itself_has_nothing_to_scroll(visitor: Visitor, size: tuple[int, int]) -> None:
    visitor.page.set_viewport_size({"width": size[0], "height": size[1]})
    visitor.ask(LONG.question)
    visitor.answer().locator(TEXT_CITES).nth(25).click()
    expect(visitor.page.locator("#reader mark.chosen")).to_be_in_viewport(ratio=1)
    assert in_view(visitor)
    root = visitor.page.evaluate(
        "({scrollWidth, scrollHeight} = document.documentElement, [scrollWidth, scrollHeight])"
    )
    assert root == [*size]


def test_a_narrow_screen_shows_the_chat_alone_and_the_article_in_front_of_it(visitor: Visitor) -> None:
    visitor.page.set_viewport_size({"width": 390, "height": 844})
    expect(visitor.page.locator("#reader")).to_be_hidden()
    visitor.ask(LONG.question)
    link = visitor.answer().locator(TEXT_CITES).nth(25)
    link.click()
    expect(visitor.page.locator("#reader mark.chosen")).to_be_in_viewport(ratio=1)
    expect(link).to_be_hidden()
    visitor.page.get_by_role("button", name="Back to the answer").click()
    expect(visitor.page.locator("#reader")).to_be_hidden()
    expect(link).to_be_in_viewport()
    expect(link).to_be_focused()
    link.click()
    visitor.page.keyboard.press("Escape")
    expect(link).to_be_focused()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_who_reported_it_when_and_the_way_back_stay_in_view_however_far_one_reads(
    visitor: Visitor, size: tuple[int, int]
) -> None:
    visitor.page.set_viewport_size({"width": size[0], "height": size[1]})
    visitor.ask(HANOI.question)
    visitor.answered().locator(TEXT_CITES).nth(2).click()
    expect(visitor.page.locator("#reader mark.chosen")).to_be_in_viewport(ratio=1)
    for scrolled in (10_000, 0):
        visitor.page.locator("#reader").evaluate("(reader, top) => { reader.scrollTop = top; }", scrolled)
        expect(visitor.page.locator("#reader .what")).to_have_text("The Harbour Post, 28 February 2019")
        expect(visitor.page.locator("#reader .what")).to_be_in_viewport(ratio=1)
        expect(visitor.page.get_by_role("button", name="Back to the answer")).to_be_in_viewport(ratio=1)
    title = visitor.page.get_by_role("heading", name=HARBOUR.title)
    expect(title).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_next_and_previous_go_through_all_marks_of_an_article(
    visitor: Visitor, size: tuple[int, int]
) -> None:
    visitor.page.set_viewport_size({"width": size[0], "height": size[1]})
    visitor.ask(HANOI.question)
    visitor.answered().locator(TEXT_CITES).first.click()
    reader = visitor.page.locator("#reader")
    first, second = (HANOI.claims[place].citations[0].quote for place in (0, 2))
    expect(reader.locator(".place")).to_have_text("1 of 2 marked")
    for name, quote, place in (("Next", second, 2), ("Next", first, 1), ("Previous", second, 2)):
        visitor.page.get_by_role("button", name=f"{name} marked words").click()
        expect(reader.locator(".place")).to_have_text(f"{place} of 2 marked")
        assert visitor.marked("chosen") == quote
        assert in_view(visitor)


@pytest.mark.parametrize(
    ("marks", "chosen", "steps"),
    [
        ("10-40_10-100", "10-40", [(1, (10, 40)), (2, (10, 100)), (1, (10, 40))]),
        ("10-100_50-60", "10-100", [(1, (10, 100)), (2, (50, 60)), (1, (10, 100))]),
        ("10-60_40-100_120-140", "40-100", [(2, (40, 100)), (3, (120, 140)), (1, (10, 60)), (2, (40, 100))]),
        ("10-60_40-100_120-140", "120-140_200-210", [(3, None), (4, (200, 210)), (1, (10, 60))]),
    ],
)
def test_next_goes_through_marks_that_lie_in_each_other_and_each_is_strong_as_a_whole(
    visitor: Visitor, marks: str, chosen: str, steps: list[tuple[int, tuple[int, int] | None]]
) -> None:
    address = f"/article/{HARBOUR.id}?marks={marks}&chosen={chosen}"
    visitor.page.evaluate("address => dateline.open(address)", address)
    count = len({*marks.split("_"), *chosen.split("_")})
    for pressed, (place, span) in enumerate(steps):
        if pressed:
            visitor.page.get_by_role("button", name="Next marked words").click()
        expect(visitor.page.locator("#reader .place")).to_have_text(f"{place} of {count} marked")
        words = HARBOUR.text[slice(*span)] if span else HARBOUR.text[120:140] + HARBOUR.text[200:210]
        assert visitor.marked("chosen") == words


def test_an_answer_that_abstains_shows_the_nearest_articles_and_opens_them(visitor: Visitor) -> None:
    visitor.ask(ABSTAINED.question)
    expect(visitor.answer()).to_contain_text("These articles do not say")
    expect(visitor.answer()).to_contain_text("The nearest articles")
    visitor.answer().locator(".card a.cite", has_text="A note").click()
    expect(visitor.page.locator("#reader")).to_contain_text("Nobody knows when this was written.")
    expect(visitor.page.locator("#reader mark")).to_have_count(0)


def test_money_is_not_taken_for_mathematics(visitor: Visitor) -> None:
    visitor.ask(MONEY.question)
    expect(visitor.answer()).to_contain_text("the $3m dinner & the $5m hall.")
    expect(visitor.page.locator("#conversation .katex")).to_have_count(0)


def test_an_error_is_told_in_words_and_the_page_goes_on(visitor: Visitor) -> None:
    visitor.ask("Does it break?")
    expect(visitor.answer()).to_contain_text("Something went wrong")
    assert "secret" not in visitor.page.content()
    visitor.ask(ABSTAINED.question)
    expect(visitor.answer()).to_contain_text("These articles do not say")
    expect(visitor.answer(0)).to_contain_text("Something went wrong")


def test_a_follow_up_is_asked_with_the_turn_before_it(visitor: Visitor, assistant: FakeAssistant) -> None:
    visitor.ask(HANOI.question)
    expect(visitor.answer().locator("a.record")).to_be_attached()
    visitor.ask("And then?")
    expect(visitor.answer(1)).to_contain_text("These articles do not say")
    assert [turn.answer for turn in assistant.asked[-1][1]] == [HANOI]


def test_after_clear_a_question_is_asked_without_the_turns_before(
    visitor: Visitor, assistant: FakeAssistant
) -> None:
    visitor.ask(HANOI.question)
    expect(visitor.answer().locator("a.record")).to_be_attached()
    visitor.begin_anew()
    expect(visitor.page.locator("#conversation .answer")).to_have_count(0)
    expect(visitor.page.locator("#conversation .placeholder")).to_be_visible()
    visitor.ask("And now?")
    expect(visitor.answer(0)).to_contain_text("These articles do not say")
    assert assistant.asked[-1] == ("And now?", ())


def test_a_question_is_answered_that_comes_while_the_page_is_told_to_close_the_stream_before(
    context: BrowserContext, slow_address: str
) -> None:
    visitor = Visitor(context, slow_address)
    for place in range(3):
        visitor.ask(ABSTAINED.question)
        expect(visitor.answer(place)).to_contain_text("The nearest articles")
    assert visitor.errors == []
    visitor.page.close()


def test_a_question_is_answered_that_is_told_of_before_it_is_known_to_be_accepted(
    context: BrowserContext, assistant: FakeAssistant
) -> None:
    with serving(assistant, slow_to_accept) as address:
        visitor = Visitor(context, address)
        for question in (ABSTAINED.question, HANOI.question) * 4:
            visitor.ask(question)
            visitor.answered(0)
            visitor.begin_anew()
            expect(visitor.page.locator("#conversation .answer")).to_have_count(0)
        assert visitor.errors == []
        visitor.page.close()


def test_clear_ends_an_answer_that_is_on_its_way(visitor: Visitor, assistant: FakeAssistant) -> None:
    assistant.gates["Slow and cleared?"] = threading.Event()
    visitor.ask("Slow and cleared?")
    expect(visitor.answer()).to_contain_text("Reading 8 passages …")
    visitor.begin_anew()
    expect(visitor.page.locator("#conversation .answer")).to_have_count(0)
    assistant.gates["Slow and cleared?"].set()
    visitor.ask(HANOI.question)
    expect(visitor.answer(0)).to_contain_text("could not agree on how far sanctions")
    expect(visitor.page.locator("#conversation .question")).to_have_text([HANOI.question])


def test_waiting_says_what_is_done_and_a_question_asked_meanwhile_is_answered_next(
    visitor: Visitor, assistant: FakeAssistant
) -> None:
    assistant.gates["Slow?"] = threading.Event()
    visitor.ask("Slow?")
    expect(visitor.answer()).to_contain_text("Reading 8 passages …")
    visitor.ask(HANOI.question)
    assistant.gates["Slow?"].set()
    expect(visitor.answer(1)).to_contain_text("could not agree on how far sanctions")
    expect(visitor.answer(0)).to_contain_text("These articles do not say")
    expect(visitor.page.locator("#conversation .question")).to_have_text(["Slow?", HANOI.question])


def test_questions_asked_while_one_is_answered_are_shown_waiting_and_answered_in_order(
    visitor: Visitor, assistant: FakeAssistant
) -> None:
    assistant.gates["Slow at first?"] = threading.Event()
    visitor.ask("Slow at first?")
    expect(visitor.answer()).to_contain_text("Reading 8 passages …")
    asked = ["Slow at first?", HANOI.question, "A third?", MONEY.question]
    for place, question in enumerate(asked[1:], 1):
        visitor.ask(question)
        expect(visitor.page.locator("#conversation .waiting")).to_have_text(asked[1 : place + 1])
        expect(visitor.page.locator("#question textarea")).to_have_value("")
    expect(visitor.page.locator("#conversation .waiting").last).to_be_in_viewport(ratio=1)
    assistant.gates["Slow at first?"].set()
    expect(visitor.answer(3)).to_contain_text("the $3m dinner & the $5m hall.")
    expect(visitor.page.locator("#conversation .waiting")).to_have_count(0)
    expect(visitor.page.locator("#conversation .question")).to_have_text(asked)
    assert [question for question, _ in assistant.asked[-4:]] == asked


def test_what_is_typed_while_a_question_is_on_its_way_stays_in_the_field(visitor: Visitor) -> None:
    field = visitor.page.locator("#question textarea")
    with visitor.page.expect_request("**/queue/join*"):
        visitor.ask(HANOI.question)
    field.fill("And after th")
    expect(visitor.answer().locator("a.record")).to_be_attached()
    expect(field).to_have_value("And after th")


def test_clear_drops_the_questions_that_wait(visitor: Visitor, assistant: FakeAssistant) -> None:
    assistant.gates["Slow and dropped?"] = threading.Event()
    visitor.ask("Slow and dropped?")
    expect(visitor.answer()).to_contain_text("Reading 8 passages …")
    visitor.ask("Never asked?")
    expect(visitor.page.locator("#conversation .waiting")).to_have_count(1)
    visitor.begin_anew()
    expect(visitor.page.locator("#conversation .question")).to_have_count(0)
    assistant.gates["Slow and dropped?"].set()
    visitor.ask(HANOI.question)
    expect(visitor.answer(0).locator("a.record")).to_be_attached()
    expect(visitor.page.locator("#conversation .question")).to_have_text([HANOI.question])
    assert "Never asked?" not in [question for question, _ in assistant.asked]


def test_an_example_clicked_twice_is_asked_once(context: BrowserContext, sample_address: str) -> None:
    visitor = Visitor(context, sample_address)
    link = visitor.page.locator("#conversation .beginnings a.follow").nth(1)
    question = link.text_content()
    link.dblclick()
    visitor.answered()
    expect(visitor.page.locator("#conversation .question")).to_have_text([question])
    visitor.close()


def test_a_pasted_question_that_is_too_long_is_said_to_be_and_not_cut(
    visitor: Visitor, assistant: FakeAssistant
) -> None:
    before = len(assistant.asked)
    visitor.page.locator("#question textarea").focus()
    visitor.page.keyboard.insert_text("Who? " * 500)
    visitor.page.keyboard.press("Enter")
    expect(visitor.answer()).to_contain_text("The question is longer than 2000 characters")
    expect(visitor.page.locator("#question textarea")).to_have_value("Who? " * 500)
    assert len(assistant.asked) == before


def test_the_empty_page_says_what_the_articles_are_and_so_it_does_after_a_new_beginning(
    visitor: Visitor,
) -> None:
    chat = visitor.page.locator("#conversation")
    told = "4 articles from 3 outlets, published 28 February 2019 to 13 June 2020, 2 of them undated."
    expect(chat).to_contain_text(told)
    visitor.ask(ABSTAINED.question)
    visitor.answered()
    visitor.begin_anew()
    expect(chat).to_contain_text(told)
    expect(visitor.page.locator("#question textarea")).to_be_focused()


def test_who_comes_later_is_told_what_was_added_meanwhile(
    context: BrowserContext, address: str, assistant: FakeAssistant
) -> None:
    assistant.index.add([ADDED])
    try:
        visitor = Visitor(context, address)
        expect(visitor.page.locator("#conversation")).to_contain_text("5 articles from 3 outlets")
        visitor.close()
    finally:
        assistant.index.remove([ADDED.id])


def test_a_conversation_that_the_server_has_let_go_of_is_brought_back_with_its_next_answer(
    context: BrowserContext, assistant: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ui, "_MOST_SESSIONS", 1)
    with serving(assistant) as address:
        visitor = Visitor(context, address)
        for asked in (HANOI.question, MONEY.question):
            visitor.ask(asked)
            visitor.answered()
        Visitor(context, address).close()  # for whom the server lets go of the first
        visitor.ask(ABSTAINED.question)
        questions = [HANOI.question, MONEY.question, ABSTAINED.question]
        expect(visitor.page.locator("#conversation .question")).to_have_text(questions)
        expect(visitor.page.locator("#conversation a.record")).to_have_count(3)
        expect(visitor.page.locator("#noted")).to_have_text(words.BROUGHT_BACK)
        kept = visitor.page.evaluate(
            "JSON.parse(localStorage['dateline.conversations']).list[0].turns.length"
        )
        assert kept == 3
        visitor.ask("And then?")
        expect(visitor.page.locator("#conversation a.record")).to_have_count(4)
        assert len(assistant.asked[-1][1]) == 3
        visitor.close()


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "bare"])
def test_a_hostile_article_runs_nothing_asks_nobody_and_links_nowhere(
    context: BrowserContext, guarded: bool, request: pytest.FixtureRequest
) -> None:
    visitor = Visitor(context, request.getfixturevalue("address" if guarded else "bare_address"))
    visitor.ask(HOSTILE.question)
    expect(visitor.answer().locator(TEXT_CITES)).to_have_count(1)
    expect(visitor.answer()).to_contain_text("<script>window.ran=1</script>")
    visitor.answer().locator(TEXT_CITES).click()
    expect(visitor.page.locator("#reader mark.chosen")).to_be_visible()
    assert visitor.marked("chosen") == HOSTILE.claims[0].citations[0].quote
    assert visitor.page.locator("#reader .body").text_content() == HOSTILE_ARTICLE.text
    shown = visitor.page.locator("#conversation .answer, #conversation .question, #reader article")
    assert (
        shown.locator(
            "img, svg, script, style, form, iframe, button:not(.ask-about), input, .katex, .mermaid"
        ).count()
        == 0
    )
    addresses = shown.locator("a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert all(address.startswith(("#", "/article/")) for address in addresses)
    assert visitor.page.evaluate("window.ran") is None
    visitor.close()


@pytest.fixture
def written(context: BrowserContext, sample: Assistant) -> Iterator[tuple[Visitor, ModelServer]]:
    """The page of an assistant whose model is a real local server: first it writes, then it hangs."""

    def writing(exchange: Exchange) -> None:
        prompt = exchange.server.owner.requests[-1].body["messages"][-1]["content"]
        handle = handle_of(prompt, "17 billion won")
        exchange.begin()
        exchange.words([f"Rebuilding it cost about 17 billion won [{handle}]. It cost 71 cows [{handle}]."])
        exchange.chunk("stop")
        exchange.done()
        exchange.end()

    with model_serving(writing, hanging) as server:
        settings = Settings(sample.index.home, base_url=server.url, model="stub", timeout_seconds=60)
        with serving(Assistant(sample.index, settings=settings), bare) as address:
            visitor = Visitor(context, address)
            yield visitor, server
            visitor.close()


def test_what_a_model_wrote_is_told_apart_and_stop_ends_one_that_hangs(
    written: tuple[Visitor, ModelServer],
) -> None:
    visitor, server = written
    visitor.ask("How much did it cost to rebuild the liaison office?")
    expect(visitor.page.locator(".answer .written")).to_contain_text("Written by stub")
    doubted = visitor.page.locator(".answer .doubted")
    expect(doubted).to_have_text("It cost 71 cows. (not found in the articles)")
    expect(visitor.page.locator(TEXT_CITES)).to_have_count(1)
    visitor.answered()
    visitor.ask("How old is the liaison office?")
    expect(visitor.page.locator(".answer .status")).to_contain_text("Reading the conversation")
    visitor.page.get_by_role("button", name="Stop").click()
    expect(visitor.answer()).to_contain_text("You stopped this answer")
    assert server.gone.wait(5), "the model is stopped"
