from __future__ import annotations

import html
import json
import logging
import re
from dataclasses import replace
from datetime import date

import pytest
from sample_answers import ABSTAINED, FULL, HANOI, HARBOUR, MERIDIAN, FakeAssistant

from assistant.answering import Assistant
from assistant.question import LIMIT_CHARACTERS
from assistant.types import Turn
from index.types import Coverage
from page.chat import (
    Conversation,
    Line,
    answer_html,
    converse,
    messages,
    question_html,
    reader_html,
    welcome_html,
)

QUESTION = HANOI.question


def words(page: str) -> str:
    return html.unescape(re.sub(r"<[^<>]*>", "", page))


def last(assistant: FakeAssistant, question: str, conversation: Conversation | None = None) -> Conversation:
    return [*converse(assistant, question, conversation or Conversation())][-1]


def links(page: str) -> list[str]:
    return [html.unescape(address)[1:] for address in re.findall(r'class="cite" href="([^"]*)"', page)]


def test_a_conversation_grows_from_a_status_at_once_to_the_final_answer() -> None:
    seen = [*converse(FakeAssistant(HANOI), f"  {QUESTION} ", Conversation())]
    assert [bool(state.turns[-1].answer.status) for state in seen] == [True, True, True, False]
    assert "Searching" in messages(seen[0])[1]["content"]
    assert seen[-1].turns == (Turn(QUESTION, HANOI),)
    assert len({state.key for state in seen}) == 1


def test_an_empty_question_asks_nothing() -> None:
    assistant = FakeAssistant()
    assert [*converse(assistant, " \n ", Conversation())] == [Conversation()]
    assert not assistant.asked


def test_a_follow_up_is_asked_with_the_finished_turns_before_it() -> None:
    assistant = FakeAssistant(HANOI, ("boom", RuntimeError("x")))
    state = last(assistant, "boom", last(assistant, QUESTION))
    last(assistant, "And then?", state)
    assert assistant.asked[-1] == ("And then?", (Turn(QUESTION, HANOI),))


def test_a_question_that_is_too_long_is_refused_with_the_limit_and_not_asked() -> None:
    assistant = FakeAssistant()
    state = last(assistant, "x" * (LIMIT_CHARACTERS + 1))
    assert "The question is longer than 2000 characters" in words(messages(state)[-1]["content"])
    assert len(messages(state)[0]["content"]) < 400
    assert not assistant.asked


def test_an_error_becomes_a_sentence_and_its_traceback_goes_to_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        state = last(FakeAssistant(("boom", RuntimeError("secret"))), "boom")
    shown = words(messages(state)[-1]["content"])
    assert "Something went wrong" in shown
    assert "secret" not in shown
    assert "secret" in caplog.text
    assert state.history == ()


def test_a_question_with_a_lone_surrogate_can_be_shown_and_answered(sample: Assistant) -> None:
    conversations = list(converse(sample, "Who is North Korea's \ud800 foreign minister?", Conversation()))
    assert not conversations[-1].turns[-1].answer.abstained
    for state in conversations:
        assert json.dumps(messages(state), ensure_ascii=False).encode("utf-8")


def test_two_conversations_never_share_a_key() -> None:
    states = [last(FakeAssistant(HANOI), QUESTION) for _ in range(50)]
    assert len({state.key for state in states}) == 50


def test_every_link_of_an_answer_opens_its_article_with_exactly_its_words_marked() -> None:
    state = last(FakeAssistant(HANOI), QUESTION)
    opened = [reader_html(state, link) for link in links(messages(state)[1]["content"])]
    chosen = [words("".join(re.findall(r'<mark class="chosen">.*?</mark>', page))) for page in opened]
    quotes = [claim.citations[0].quote for claim in HANOI.claims]
    assert chosen == [*quotes, quotes[0], quotes[1]]
    assert all(page.count("<mark") == (2 if HARBOUR.title in words(page) else 1) for page in opened)


def test_the_day_of_an_event_leads_to_the_words_that_tell_it(sample: Assistant) -> None:
    state = last(sample, "What has North Korea launched since Hanoi?")
    [link] = [one for one in links(messages(state)[1]["content"]) if "-day-" in one]
    page = reader_html(state, link)
    chosen = words("".join(re.findall(r'<mark class="chosen">.*?</mark>', page)))
    assert chosen == state.turns[0].answer.anchors[0].citation.quote
    assert "of an earlier conversation" in reader_html(state, link[:-1] + "9")


def test_the_nearest_articles_can_be_read_without_marks() -> None:
    state = last(FakeAssistant(ABSTAINED), ABSTAINED.question)
    page = messages(state)[1]["content"]
    assert "The nearest articles:" in page
    opened = [reader_html(state, link) for link in links(page)]
    assert [words(page).find("Nobody knows") >= 0 for page in opened] == [False, True]
    assert not any("<mark" in page for page in opened)


@pytest.mark.parametrize(
    "change",
    [
        lambda r: r.replace(r[:4], "zzzz"),
        lambda r: r.replace("-0-source", "-1-source"),
        lambda r: r.replace("-0-source", "--1-source"),
        lambda r: r.replace("-0-source", "-²-source"),
        lambda r: r.replace("source-1", "source-3"),
        lambda r: r.replace("source-1", "source-"),
        lambda r: r + "9",
        lambda r: r + "-1-1",
        lambda r: r.replace("source", "near"),
        lambda r: "",
        lambda r: "-0-source-1-0",
        lambda r: "<img src=x onerror=alert(1)>",
        lambda r: "1" * 9999 + "-0-source-1",
    ],
)
def test_a_reference_that_is_not_of_this_conversation_opens_nothing(change) -> None:  # noqa: ANN001
    state = last(FakeAssistant(HANOI), QUESTION)
    reference = links(messages(state)[1]["content"])[0]
    page = reader_html(state, change(reference))
    assert '<p class="empty">This answer is of an earlier conversation.' in page
    assert not {"h2", "mark", "img"} & set(re.findall(r"<(\w+)", page))
    assert reader_html(Conversation(), change(reference)) == page


def test_a_reference_of_another_conversation_opens_nothing() -> None:
    mine, theirs = (last(FakeAssistant(HANOI), QUESTION) for _ in range(2))
    assert "<mark" not in reader_html(mine, links(messages(theirs)[1]["content"])[0])


def test_copies_and_warnings_are_said() -> None:
    shown = words(answer_html(FULL, "k-0"))
    assert "also in A note" in shown
    assert "One article has no date." in shown


def test_what_is_shown_is_one_line_without_a_sign_that_markdown_reads() -> None:
    nasty = replace(MERIDIAN, title="# T\n\n![x](https://evil.example/x) `a` $3m$ *b* <img src=x>")
    answer = replace(ABSTAINED, text="One.\n\n- two\n\n```\nthree\n```", nearest=(nasty,))
    for page in (answer_html(answer, "k-0"), question_html(nasty.title), reader_html(Conversation(), "\n")):
        assert "\n" not in page
        assert not set(re.sub(r"<[^<>]*>|&#\d+;", "", page)) & set("<>[]()!`$*_#\\|~")


def test_questions_wait_in_their_order_each_once_and_an_empty_one_not_at_all() -> None:
    line = Line()
    joined = [line.join(question) for question in ("Who?", "Who?", "When?", "Who?", "", "Where?")]
    assert joined == [True, False, True, False, False, True]
    assert [*line.waiting] == ["Who?", "When?", "Where?"]
    assert not Line().waiting


def test_questions_that_wait_are_shown_below_the_answers() -> None:
    shown = messages(last(FakeAssistant(HANOI), QUESTION), ["<And> then?"])
    assert [message["role"] for message in shown] == ["user", "assistant", "user"]
    assert shown[2]["content"] == '<p class="question waiting" dir="auto">&#60;And&#62; then?</p>'
    assert "waiting" not in shown[0]["content"]


SOME = Coverage(1024, ("A", "B"), date(2018, 4, 27), date(2020, 6, 20), 3, None)


@pytest.mark.parametrize(
    ("coverage", "sample", "told"),
    [
        (
            SOME,
            False,
            "1,024 articles from 2 outlets, published 27 April 2018 to 20 June 2020, 3 of them undated.",
        ),
        (
            replace(SOME, articles=1, outlets=("A",), undated=0),
            False,
            "1 article from 1 outlet, published 27",
        ),
        (
            replace(SOME, first_day=None, last_day=None),
            False,
            "1,024 articles from 2 outlets, 3 of them undated.",
        ),
        (SOME, True, "undated. They are a sample: the outlets are invented."),
        (Coverage(0, (), None, None, 0, None), True, "There are no articles to ask yet"),
    ],
)
def test_before_anything_is_asked_the_page_says_what_there_is_to_ask(
    coverage: Coverage, sample: bool, told: str
) -> None:
    assert told in words(welcome_html(coverage, sample))
    assert ("invented" in welcome_html(coverage, sample)) == ("invented" in told)


def test_a_question_that_was_made_whole_says_what_was_searched() -> None:
    whole = replace(HANOI, question="Why did the Hanoi summit end early?")
    leaning = messages(Conversation((Turn("Why did it end?", whole),), "key"))
    assert '<p class="searched" dir="auto">Searched: Why did the Hanoi' in leaning[1]["content"]
    asked = messages(Conversation((Turn(HANOI.question, HANOI),), "key"))
    assert "searched" not in asked[1]["content"]
