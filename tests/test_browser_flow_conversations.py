"""Conversations that the browser keeps, from the page and back, in a real Chromium."""

from __future__ import annotations

import json
import random
import re
import string
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

import pytest
from browser import MARKS, Visitor, serving
from playwright.sync_api import BrowserContext, Locator, expect
from sample_answers import ABSTAINED, FULL, FakeAssistant, quoting

from assistant.answering import Assistant
from assistant.types import Turn
from index.library import ArticleIndex
from index.types import Article
from page import words
from page.kept import kept

pytestmark = MARKS
STORE = "dateline.conversations"
NEXT = "Who ended the talks?"
GOING = Article("It was gone the next day.", "Soon gone", "The Harbour Post", source="articles/gone.txt")


@pytest.fixture(scope="module")
def assistant(three_articles: ArticleIndex) -> FakeAssistant:
    return FakeAssistant(three_articles, FULL, ABSTAINED)


@pytest.fixture
def alone(context: BrowserContext) -> Iterator[BrowserContext]:
    """A reader's own storage."""
    with context.browser.new_context() as opened:
        opened.set_default_timeout(15_000)
        yield opened


@pytest.fixture
def visitor(alone: BrowserContext, address: str) -> Iterator[Visitor]:
    visitor = Visitor(alone, address)
    yield visitor
    visitor.close()


def questions(visitor: Visitor) -> list[str]:
    return visitor.page.locator("#conversation p.question").all_text_contents()


def answers(visitor: Visitor) -> list[str]:
    """Give the HTML of the answers, without what is offered after the last one."""
    html = visitor.page.locator("#conversation .answer").evaluate_all(
        "answers => answers.map((answer) => answer.outerHTML)"
    )
    return [re.sub('<div class="follow-ups">.*?</ul></div>', "", one) for one in html]


def stored(visitor: Visitor) -> list[dict[str, object]]:
    """Give the conversations that the browser keeps."""
    return visitor.page.evaluate(f"JSON.parse(localStorage['{STORE}'] ?? '{{\"list\": []}}').list")


def converse(visitor: Visitor, *asked: str) -> None:
    """Ask one question after another, and wait until the conversation is kept."""
    for question in asked:
        place = visitor.page.locator("#conversation .answer").count()
        visitor.ask(question)
        visitor.answered(place)


def reloaded(visitor: Visitor, count: int) -> None:
    """Load the page again and wait for its answers."""
    visitor.reload()
    expect(visitor.page.locator("#conversation .answer")).to_have_count(count)


def dialog(visitor: Visitor) -> Locator:
    """Open the list of conversations."""
    visitor.page.get_by_role("button", name="Conversations").click()
    return visitor.page.get_by_role("dialog", name="Conversations")


def entry_of(name: str, *turns: str) -> dict[str, object]:
    """Write a conversation as the browser keeps it."""
    return {"key": "1-2-3", "name": name, "changed": "2026-01-01T00:00:00Z", "turns": turns}


def holding(context: BrowserContext, text: str) -> None:
    """Have a browser keep this text where its conversations stand."""
    context.add_init_script(f"localStorage['{STORE}'] ??= {json.dumps(text)};")


def seeded(context: BrowserContext, *turns: str) -> None:
    """Have a browser keep these turns as the conversation that is open."""
    holding(context, json.dumps({"format": 1, "list": [entry_of("Kept", *turns)]}))
    context.add_init_script("sessionStorage['dateline.open'] ??= '1-2-3';")


def test_a_reload_brings_back_the_same_answers_and_goes_on_from_them(
    visitor: Visitor, assistant: FakeAssistant
) -> None:
    converse(visitor, FULL.question, ABSTAINED.question)
    before = answers(visitor)
    reloaded(visitor, 2)
    assert questions(visitor) == [FULL.question, ABSTAINED.question]
    assert answers(visitor) == before
    converse(visitor, "And then?")
    assert [turn.answer for turn in assistant.asked[-1][1]] == [FULL, ABSTAINED]
    (entry,) = stored(visitor)
    assert len(entry["turns"]) == 3
    before = answers(visitor)
    reloaded(visitor, 3)
    assert answers(visitor) == before
    visitor.answer(0).locator(".text a.cite").first.click()
    expect(visitor.page.locator("#reader mark.chosen")).to_have_text(FULL.claims[0].citations[0].quote)


def test_answers_of_the_real_assistant_come_back_as_they_were(
    alone: BrowserContext, sample: Assistant
) -> None:
    with serving(sample) as address:
        visitor = Visitor(alone, address)
        converse(
            visitor,
            "How did the case of the liaison office develop?",
            "How much did it cost to rebuild the liaison office?",
            "How old is the moon?",
        )
        before = answers(visitor)
        reloaded(visitor, 3)
        assert answers(visitor) == before
        visitor.close()


def test_conversations_are_begun_opened_again_renamed_deleted_and_brought_back(visitor: Visitor) -> None:
    converse(visitor, FULL.question)
    first = answers(visitor)
    visitor.begin_anew()
    expect(visitor.page.locator("#conversation .answer")).to_have_count(0)
    converse(visitor, ABSTAINED.question)
    assert [one["name"] for one in stored(visitor)] == [ABSTAINED.question, FULL.question]
    listed = dialog(visitor)
    expect(listed.locator(".name")).to_have_text([ABSTAINED.question, FULL.question])
    expect(listed.locator(".open[aria-current]")).to_contain_text(ABSTAINED.question)
    listed.get_by_role("button", name=f"Rename: {FULL.question}").click()
    visitor.page.get_by_role("textbox", name="Name of the conversation").fill("The summit")
    visitor.page.keyboard.press("Enter")
    expect(listed.locator(".name")).to_have_text([ABSTAINED.question, "The summit"])
    listed.get_by_role("button", name="The summit 1").or_(
        listed.locator(".open", has_text="The summit")
    ).first.click()
    expect(visitor.page.locator("#conversation p.question")).to_have_text([FULL.question])
    visitor.answered()
    assert answers(visitor) == first
    converse(visitor, "And then?")
    assert sorted(len(one["turns"]) for one in stored(visitor)) == [1, 2]
    listed = dialog(visitor)
    expect(listed.locator(".name")).to_have_text(["The summit", ABSTAINED.question])
    listed.get_by_role("button", name=f"Delete: {ABSTAINED.question}").click()
    expect(listed.locator(".name")).to_have_text(["The summit"])
    expect(listed.get_by_role("button", name="Undo")).to_be_focused()
    visitor.page.keyboard.press("Enter")
    expect(listed.locator(".name")).to_have_text(["The summit", ABSTAINED.question])
    listed.get_by_role("button", name="Delete: The summit").click()
    visitor.page.keyboard.press("Escape")
    reloaded(visitor, 0)
    assert [one["name"] for one in stored(visitor)] == [ABSTAINED.question]


def test_two_tabs_on_one_conversation_lose_nothing(visitor: Visitor, address: str) -> None:
    converse(visitor, FULL.question)
    other = Visitor(visitor.page.context, address)
    dialog(other).locator(".open").first.click()
    expect(other.page.locator("#conversation p.question")).to_have_text([FULL.question])
    converse(visitor, "Asked in the first tab?")
    converse(other, "Asked in the second tab?")
    converse(visitor, "And once more in the first?")
    visitor.page.wait_for_function(  # each is kept with the next frame
        f"() => JSON.parse(localStorage['{STORE}']).list.map((a) => a.turns.length).sort().join() === '2,3'"
    )
    for tab, count in ((visitor, 3), (other, 2)):
        before = questions(tab)
        reloaded(tab, count)
        assert questions(tab) == before
    other.close()


def test_two_visitors_never_see_each_others_conversations(
    visitor: Visitor, context: BrowserContext, address: str
) -> None:
    converse(visitor, FULL.question)
    with context.browser.new_context() as another:
        other = Visitor(another, address)
        assert FULL.question not in other.page.content()
        expect(dialog(other).locator("li")).to_have_count(0)
        other.page.keyboard.press("Escape")
        converse(other, ABSTAINED.question)
        expect(dialog(other).locator(".name")).to_have_text([ABSTAINED.question])
        other.close()
    reloaded(visitor, 1)
    assert questions(visitor) == [FULL.question]
    expect(dialog(visitor).locator(".name")).to_have_text([FULL.question])


OFF = """for (const name of ["localStorage", "sessionStorage"])
    Object.defineProperty(window, name, { get() { throw new DOMException("no", "SecurityError"); } });"""
FULL_UP = """Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };"""


@pytest.mark.parametrize(
    ("script", "told"),
    [(OFF, words.CONVERSATIONS_OFF), (FULL_UP, words.CONVERSATIONS_UNKEPT)],
    ids=["off", "full"],
)
def test_where_nothing_can_be_kept_the_page_says_so_and_answers(
    alone: BrowserContext, address: str, script: str, told: str
) -> None:
    alone.add_init_script(script)
    visitor = Visitor(alone, address)
    converse(visitor, FULL.question)
    expect(visitor.page.locator("#noted")).to_have_text(told)
    visitor.answer().locator(".text a.cite").first.click()
    expect(visitor.page.locator("#reader mark.chosen")).to_be_visible()
    converse(visitor, ABSTAINED.question)
    visitor.page.get_by_role("button", name="Dark").click()
    expect(visitor.page.get_by_role("button", name="Light")).to_be_visible()
    expect(dialog(visitor).locator("li")).to_have_count(0)
    visitor.close()


@pytest.mark.parametrize(
    "damaged",
    [
        '{"format": 1, "list": [{"key": 1}, ',
        '{"format": "1", "list": []}',
        '{"format": 1, "list": [{"key": 1}]}',
    ],
    ids=["cut off", "no number", "no conversation"],
)
def test_damaged_storage_is_set_aside_and_said_and_new_conversations_are_kept(
    alone: BrowserContext, address: str, damaged: str
) -> None:
    alone.add_init_script(f"if (!localStorage.length) localStorage['{STORE}'] = {json.dumps(damaged)};")
    visitor = Visitor(alone, address)
    expect(visitor.page.locator("#noted")).to_have_text(words.CONVERSATIONS_DAMAGED)
    converse(visitor, FULL.question)
    assert [one["name"] for one in stored(visitor)] == [FULL.question]
    aside = "Object.entries(localStorage).filter(([name]) => name.includes('.damaged.')).map((one) => one[1])"
    assert visitor.page.evaluate(aside) == [damaged]
    visitor.close()


def test_two_that_have_one_key_are_told_apart_and_deleted_one_by_one(
    alone: BrowserContext, address: str
) -> None:
    holding(alone, json.dumps({"format": 1, "list": [entry_of("One", "a"), entry_of("Another", "b")]}))
    visitor = Visitor(alone, address)
    dialog(visitor).get_by_role("button", name="Delete: One", exact=True).click()
    assert [(one["name"], one["turns"]) for one in stored(visitor)] == [("Another", ["b"])]
    visitor.close()


def test_what_another_version_kept_is_left_alone(alone: BrowserContext, address: str) -> None:
    holding(alone, '{"format": 2}')
    visitor = Visitor(alone, address)
    converse(visitor, FULL.question, ABSTAINED.question)
    expect(visitor.page.locator("#noted")).to_have_text(words.CONVERSATIONS_OTHER)
    assert visitor.page.evaluate(f"localStorage['{STORE}']") == '{"format": 2}'
    visitor.close()


def test_what_found_no_room_is_kept_once_there_is_some(visitor: Visitor) -> None:
    visitor.page.evaluate("localStorage.setItem('more', 'x'.repeat(5242880 - 100))")
    converse(visitor, FULL.question)
    expect(visitor.page.locator("#noted")).to_have_text(words.CONVERSATIONS_UNKEPT)
    assert stored(visitor) == []
    visitor.page.evaluate("localStorage.removeItem('more')")
    converse(visitor, ABSTAINED.question)
    visitor.page.wait_for_function(f"() => JSON.parse(localStorage['{STORE}']).list[0].turns.length === 2")


def test_a_turn_that_cannot_be_brought_back_says_so_and_goes_on_being_kept(
    alone: BrowserContext, address: str, assistant: FakeAssistant
) -> None:
    gone = kept(Turn("Was it there?", quoting("Was it there?", (GOING, GOING.text))))
    whole, broken = kept(Turn(FULL.question, FULL)), "AAAA-broken"
    seeded(alone, whole, gone, broken)
    visitor = Visitor(alone, address)
    expect(visitor.page.locator("#conversation .answer")).to_have_count(3)
    expect(visitor.answer(0).locator(".text a.cite").first).to_be_visible()
    expect(visitor.answer(1).locator(".warning")).to_have_text(words.KEPT_GONE)
    assert questions(visitor)[:2] == [FULL.question, "Was it there?"]
    expect(visitor.answer(2).locator(".warning")).to_have_text(words.KEPT_DAMAGED)
    converse(visitor, "And now?")
    assert [turn.question for turn in assistant.asked[-1][1]] == [FULL.question]
    (entry,) = stored(visitor)
    assert entry["turns"][:3] == [whole, gone, broken]
    assert len(entry["turns"]) == 4
    reloaded(visitor, 4)
    assert stored(visitor) == [entry]
    visitor.close()


def test_an_article_that_goes_while_the_page_is_closed_is_missed_in_words(
    alone: BrowserContext, address: str, assistant: FakeAssistant, three_articles: ArticleIndex
) -> None:
    three_articles.add([GOING])
    assistant.answers["Is it there?"] = quoting("Is it there?", (GOING, GOING.text))
    visitor = Visitor(alone, address)
    converse(visitor, "Is it there?")
    (entry,) = stored(visitor)
    three_articles.remove([GOING.id])
    visitor.answer().locator(".text a.cite").first.click()
    expect(visitor.page.locator("#reader")).to_contain_text("no longer in the collection")
    visitor.errors.clear()  # the browser's own note of the 404
    reloaded(visitor, 1)
    expect(visitor.answer().locator(".warning")).to_have_text(words.KEPT_GONE)
    assert stored(visitor) == [entry]
    visitor.close()


def hanging(visitor: Visitor, assistant: FakeAssistant, question: str) -> None:
    """Ask a question whose answer does not come to its end."""
    place = visitor.page.locator("#conversation .answer").count()
    assistant.gates[question] = threading.Event()
    visitor.ask(question)
    expect(visitor.answer(place).locator(".status")).to_have_text("Reading 8 passages …")


def stop(visitor: Visitor) -> None:
    """Stop the answer under way."""
    visitor.page.get_by_role("button", name="Stop").click()
    expect(visitor.answer().locator(".warning")).to_have_text(words.YOU_STOPPED)


def test_stopped_and_failed_answers_come_back_as_such_and_are_no_part_of_what_follows(
    visitor: Visitor, assistant: FakeAssistant
) -> None:
    assistant.answers["Does it fail?"] = ("Does it fail?", RuntimeError("x"))
    hanging(visitor, assistant, "Is it stopped?")
    stop(visitor)
    visitor.ask("Does it fail?")
    expect(visitor.answer(1).locator(".warning")).to_have_text(words.FAILED)
    before = answers(visitor)
    reloaded(visitor, 2)
    assert questions(visitor) == ["Is it stopped?", "Does it fail?"]
    assert answers(visitor) == before
    converse(visitor, FULL.question)
    assert assistant.asked[-1] == (FULL.question, ())


def test_an_answer_is_kept_while_its_question_is_asked_again_and_after_it_is_stopped(
    visitor: Visitor, assistant: FakeAssistant
) -> None:
    converse(visitor, ABSTAINED.question, "Was it so?")
    (entry,) = stored(visitor)
    visitor.page.evaluate(
        """() => {
            const store = Storage.prototype.setItem;
            window.fewest = 9;
            Storage.prototype.setItem = function (key, text) {
                if (key === "dateline.conversations")
                    window.fewest = Math.min(window.fewest, JSON.parse(text).list[0].turns.length);
                return store.call(this, key, text);
            };
        }"""
    )
    assistant.gates["Was it so?"] = threading.Event()
    visitor.answer(1).get_by_role("button", name="Ask again").click()
    expect(visitor.answer(1).locator(".status")).to_have_text("Reading 8 passages …")
    assert stored(visitor) == [entry]
    stop(visitor)
    expect(visitor.page.locator("#conversation .answer")).to_have_count(3)
    (after,) = stored(visitor)
    assert after["turns"][:2] == entry["turns"]
    assert len(after["turns"]) == 3
    assert visitor.page.evaluate("window.fewest") == 3
    reloaded(visitor, 3)
    assert questions(visitor) == [ABSTAINED.question, "Was it so?", "Was it so?"]


def test_a_reload_gives_back_what_was_being_asked_waited_and_was_typed(
    visitor: Visitor, assistant: FakeAssistant
) -> None:
    field = visitor.page.locator("#question textarea")
    converse(visitor, FULL.question)
    hanging(visitor, assistant, "Is it left?")
    reloaded(visitor, 1)
    expect(field).to_have_value("Is it left?")
    hanging(visitor, assistant, "Is it left?")
    visitor.ask("Does it wait?")
    expect(visitor.page.locator("#conversation .question.waiting")).to_have_count(1)
    reloaded(visitor, 2)
    expect(field).to_have_value("Does it wait?")
    assert questions(visitor) == [FULL.question, "Is it left?"]
    expect(visitor.answer(1).locator(".warning")).to_have_text(words.YOU_LEFT)
    hanging(visitor, assistant, "Does it wait?")
    field.fill("half a thought")
    reloaded(visitor, 3)
    expect(field).to_have_value("half a thought")
    assert questions(visitor) == [FULL.question, "Is it left?", "Does it wait?"]
    assert len(stored(visitor)) == 1


def test_a_question_that_is_left_for_another_conversation_stays_with_its_own(
    visitor: Visitor, assistant: FakeAssistant
) -> None:
    hanging(visitor, assistant, "Is it left for a new one?")
    visitor.begin_anew()
    expect(visitor.page.locator("#conversation .answer")).to_have_count(0)
    converse(visitor, FULL.question)
    hanging(visitor, assistant, "Is it left for another?")
    dialog(visitor).locator(".open", has_text="Is it left for a new one?").click()
    expect(visitor.page.locator("#conversation p.question")).to_have_text(["Is it left for a new one?"])
    expect(visitor.answer().locator(".warning")).to_have_text(words.YOU_LEFT)
    dialog(visitor).locator(".open", has_text=FULL.question).click()
    expect(visitor.page.locator("#conversation p.question")).to_have_text(
        [FULL.question, "Is it left for another?"]
    )
    expect(visitor.answer().locator(".warning")).to_have_text(words.YOU_LEFT)
    assert sorted(len(one["turns"]) for one in stored(visitor)) == [1, 2]
    expect(visitor.page.locator("#question textarea")).to_have_value("")
    assistant.gates["Is it left for another?"].set()
    visitor.answer().get_by_role("button", name="Ask again").click()
    expect(visitor.answer(1)).to_contain_text("do not say")
    assert questions(visitor) == [FULL.question, "Is it left for another?"]


def test_a_question_that_waits_can_be_asked_once_more_and_leaves_the_field(
    visitor: Visitor, assistant: FakeAssistant
) -> None:
    hanging(visitor, assistant, "Does it hang?")
    for question in ("Does it wait?", "Does this wait?", "Does it wait?"):
        visitor.ask(question)
        expect(visitor.page.locator("#question textarea")).to_have_value("")
    expect(visitor.page.locator("#conversation .question.waiting")).to_have_count(3)


def test_a_kept_record_that_claims_to_be_under_way_is_refused_and_the_conversation_goes_on(
    alone: BrowserContext, address: str
) -> None:
    seeded(alone, kept(Turn(FULL.question, replace(FULL, status="searching"))))
    visitor = Visitor(alone, address)
    expect(visitor.answer(0).locator(".warning")).to_have_text(words.KEPT_DAMAGED)
    converse(visitor, ABSTAINED.question)
    visitor.close()


def test_the_conversation_that_is_opened_last_stands_whatever_was_opened_before(
    alone: BrowserContext, address: str
) -> None:
    def turns(name: str) -> list[str]:
        return [kept(Turn(f"{name} {number}?", ABSTAINED)) for number in range(40)]

    entries = [{**entry_of(name, *turns(name)), "key": name} for name in "AB"]
    holding(alone, json.dumps({"format": 1, "list": entries}))
    visitor = Visitor(alone, address)
    for name in "AB":
        dialog(visitor).get_by_role("button", name=name, exact=False).filter(has_text=name).first.click()
    expect(visitor.page.locator("#conversation p.question").last).to_have_text("B 39?")
    converse(visitor, NEXT)
    assert questions(visitor) == [*(f"B {number}?" for number in range(40)), NEXT]
    assert {entry["name"]: len(entry["turns"]) for entry in stored(visitor)} == {"A": 40, "B": 41}
    visitor.close()


def test_of_a_conversation_too_large_to_be_sent_the_end_is_brought_back(
    alone: BrowserContext, address: str
) -> None:
    noise = random.Random(1)
    long = [kept(Turn("".join(noise.choices(string.ascii_letters, k=1900)), ABSTAINED)) for _ in range(199)]
    large = max(len(one) for one in long)
    seeded(alone, *long * (1_000_000 // (large * len(long)) + 1), kept(Turn("The last?", ABSTAINED)))
    visitor = Visitor(alone, address)
    expect(visitor.page.locator("#conversation p.question").last).to_have_text("The last?")
    converse(visitor, NEXT)
    (entry,) = stored(visitor)
    assert len(entry["turns"]) > 200
    visitor.close()


def test_what_is_typed_after_an_edited_question_was_sent_stays_and_takes_no_place(
    visitor: Visitor, assistant: FakeAssistant
) -> None:
    converse(visitor, FULL.question, ABSTAINED.question)
    visitor.answer().get_by_role("button", name="Edit question").click()
    visitor.page.keyboard.press("ControlOrMeta+a")
    visitor.page.keyboard.type(NEXT)
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_timeout(100)  # as long as a hand takes to the next key
    visitor.page.keyboard.type("And then?", delay=60)
    expect(visitor.page.locator("#question textarea")).to_have_value("And then?")
    visitor.answered(1)
    expect(visitor.page.locator("body.editing")).to_have_count(0)
    visitor.page.keyboard.press("Enter")
    visitor.answered(2)
    assert questions(visitor) == [FULL.question, NEXT, "And then?"]
    (entry,) = stored(visitor)
    assert len(entry["turns"]) == 3


def test_a_link_that_is_followed_while_a_question_is_edited_takes_no_place(visitor: Visitor) -> None:
    converse(visitor, FULL.question)
    visitor.answer().get_by_role("button", name="Edit question").click()
    fragment = "#ask=" + quote(json.dumps({"question": NEXT}))
    visitor.page.evaluate(f"location.hash = {json.dumps(fragment)}")
    expect(visitor.page.locator("#question textarea")).to_have_value(NEXT)
    visitor.page.keyboard.press("Enter")
    visitor.answered(1)
    assert questions(visitor) == [FULL.question, NEXT]


def test_a_question_right_after_ask_again_is_asked_too(visitor: Visitor, assistant: FakeAssistant) -> None:
    converse(visitor, FULL.question)
    before = len(assistant.asked)
    time.sleep(1)  # the same question within a second is a double click
    visitor.answer().get_by_role("button", name="Ask again").click()
    visitor.page.wait_for_timeout(300)
    visitor.ask(NEXT)
    visitor.answered(1)
    assert [asked for asked, _ in assistant.asked[before:]] == [FULL.question, NEXT]
    assert questions(visitor) == [FULL.question, NEXT]
