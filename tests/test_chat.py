"""A conversation as the page shows it."""

from __future__ import annotations

import html
import json
import logging
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sample_answers import ABSTAINED, HANOI, HARBOUR, MERIDIAN, UNDATED, FakeAssistant

from assistant.answering import Assistant
from assistant.question import LIMIT_CHARACTERS
from assistant.types import Answer, Turn
from index.library import ArticleIndex
from index.types import Coverage
from page.chat import answered, converse, messages, paced, question_html
from page.conversation import STOPPED, Conversation, Line, Wanted, asked_for
from page.kept import turn_of
from page.recalling import lost, restored
from page.scope import Fields
from page.welcome import welcome_html
from page.words import YOU_LEFT, YOU_STOPPED

QUESTION = HANOI.question


def words(page: str) -> str:
    return html.unescape(re.sub(r"<[^<>]*>", "", page))


def last(assistant: FakeAssistant, question: str, conversation: Conversation | None = None) -> Conversation:
    return [*converse(assistant, Wanted(question), conversation or Conversation(), Line())][-1]


def turns(conversation: Conversation) -> tuple[Turn, ...]:
    return tuple(one.turn for one in conversation.exchanges)


@pytest.fixture
def filled(index: ArticleIndex) -> ArticleIndex:
    index.add([HARBOUR, MERIDIAN, UNDATED])
    return index


def test_a_conversation_grows_from_a_status_at_once_to_the_final_answer(filled: ArticleIndex) -> None:
    seen = [*converse(FakeAssistant(filled, HANOI), Wanted(QUESTION), Conversation(), Line())]
    statuses = [turns(state)[-1].answer.status for state in seen]
    assert all(statuses[:3])
    assert not any(statuses[3:])
    assert "Searching" in messages(seen[0])[1]["content"]
    assert turns(seen[-1]) == (Turn(QUESTION, HANOI),)


def test_an_empty_question_does_not_join_the_line() -> None:
    assert not Line().join(Wanted(" \n "))


def test_a_follow_up_is_asked_with_the_finished_turns_before_it(filled: ArticleIndex) -> None:
    assistant = FakeAssistant(filled, HANOI, ("boom", RuntimeError("x")))
    state = last(assistant, "boom", last(assistant, QUESTION))
    last(assistant, "And then?", state)
    assert assistant.asked[-1] == ("And then?", (Turn(QUESTION, HANOI),))


def test_a_question_is_asked_in_the_scope_that_was_chosen(filled: ArticleIndex) -> None:
    assistant = FakeAssistant(filled, HANOI)
    wanted = Wanted(QUESTION, Fields(("Meridian Wire",), "2019-01-01", "2020-06-30", "2020-06-20"))
    [*converse(assistant, wanted, Conversation(), Line())]
    days = {"since": "2019-01-01", "until": "2020-06-30", "as_of": "2020-06-20"}
    assert assistant.scopes == [{"outlets": ("Meridian Wire",), **days}]


def test_a_scope_that_cannot_be_meant_is_said_under_the_question(sample: Assistant) -> None:
    wanted = Wanted(QUESTION, Fields(since="2020-06-30", until="2020-06-01"))
    [*_, state] = converse(sample, wanted, Conversation(), Line())
    assert "The first day is after the last." in words(messages(state)[-1]["content"])
    [*_, state] = converse(sample, replace(wanted, fields=Fields(since="<b>")), Conversation(), Line())
    assert "no such day" in words(messages(state)[-1]["content"])


def test_an_edited_question_takes_the_place_of_the_last_and_is_not_asked_with_it(
    filled: ArticleIndex,
) -> None:
    assistant = FakeAssistant(filled, HANOI)
    state = last(assistant, ABSTAINED.question, last(assistant, QUESTION))
    wanted = Wanted("And when?", instead=True)
    [*_, state] = converse(assistant, wanted, state, Line())
    assert [turn.question for turn in turns(state)] == [QUESTION, "And when?"]
    assert assistant.asked[-1] == ("And when?", (Turn(QUESTION, HANOI),))


def test_what_was_asked_can_be_asked_again_in_its_scope_also_where_it_failed(sample: Assistant) -> None:
    fields = Fields(since="2020-06-01", until="2020-06-13", as_of="2020-06-14")
    wanted = Wanted("What is new?", fields)
    wrong = replace(wanted, fields=replace(fields, since="2020-07-01"))
    for asked in (wanted, wrong):
        [*_, state] = converse(sample, asked, Conversation(), Line())
        repeated = asked_for("", state, "again", Fields())
        assert repeated == replace(asked, instead=True)
        [*_, again] = converse(sample, repeated, state, Line())
        assert turns(again)[0] == turns(state)[0]
    assert asked_for("", Conversation(), "again", Fields()) is None


def begun(assistant: FakeAssistant, question: str, conversation: Conversation) -> tuple[Line, Iterator]:
    line = Line()
    line.join(Wanted(question))
    growing = answered(assistant, conversation, line)
    next(growing)
    return line, growing


def test_an_answer_ends_that_was_left_for_another_conversation(filled: ArticleIndex) -> None:
    assistant = FakeAssistant(filled, HANOI)
    line, growing = begun(assistant, QUESTION, Conversation())
    opened = Conversation((lost("x", "B?", "gone"),))
    fresh = line.leave_for(opened)
    assert list(growing) == []
    assert (line.after, fresh.after) == (opened, None)
    assert assistant.closed == [QUESTION]


def test_the_conversation_turned_to_last_is_the_one_an_old_answer_shows(filled: ArticleIndex) -> None:
    line, growing = begun(FakeAssistant(filled, HANOI), QUESTION, Conversation())
    first, second = (Conversation((lost("x", name, "gone"),)) for name in "BC")
    line.leave_for(first).leave_for(second)
    assert line.after == second
    assert list(growing) == []
    assert line.leave_for(first).left == (line,)
    fresh = line.leave_for(first)
    assert fresh.leave_for(second).left == (fresh,)  # the answer before it has ended


def test_a_conversation_that_is_left_before_it_is_answered_is_not_answered(filled: ArticleIndex) -> None:
    assistant, line = FakeAssistant(filled, HANOI), Line()
    line.join(Wanted(QUESTION))
    growing = answered(assistant, Conversation(), line)
    opened = Conversation((lost("x", "B?", "gone"),))
    line.leave_for(opened)
    assert list(growing) == []
    assert (line.after, assistant.asked) == (opened, [])


def test_a_stop_before_the_answer_begins_lets_nothing_wait(filled: ArticleIndex) -> None:
    line = Line()
    line.join(Wanted(QUESTION))
    assert not line.stop()
    assert list(answered(FakeAssistant(filled, HANOI), Conversation(), line)) == []


def test_questions_that_join_while_others_are_shown_break_nothing(filled: ArticleIndex) -> None:
    line = Line()
    failed: list[Exception] = []

    def join() -> None:
        for number in range(3000):
            line.join(Wanted(f"{number}?"))
            if number % 2:
                line.waiting.popleft()

    def show() -> None:
        try:
            for _ in range(300):
                messages(Conversation(), line.waiting)
        except RuntimeError as error:
            failed.append(error)

    threads = [threading.Thread(target=one) for one in (join, show, show)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not failed


def test_an_answer_that_fails_or_is_stopped_takes_no_others_place(filled: ArticleIndex) -> None:
    assistant = FakeAssistant(filled, HANOI, ("boom", RuntimeError("x")))
    state = last(assistant, QUESTION)
    [*_, failed] = converse(assistant, Wanted("boom", instead=True), state, Line())
    assert [turn.question for turn in turns(failed)] == [QUESTION, "boom"]
    assert failed.history == state.history


def test_a_stopped_answer_ends_says_so_and_closes_what_writes(filled: ArticleIndex) -> None:
    assistant, line = FakeAssistant(filled, HANOI), Line()
    states = converse(assistant, Wanted(QUESTION), Conversation(), line)
    next(states), next(states)
    line.stopped = True
    [state] = states
    assert assistant.closed == [QUESTION]
    assert "You stopped this answer" in words(messages(state)[-1]["content"])
    assert state.history == ()


def test_a_stop_that_comes_late_does_not_end_the_next_answer(filled: ArticleIndex) -> None:
    line = Line(stopped=True)
    line.join(Wanted(QUESTION))
    [*_, state] = answered(FakeAssistant(filled, HANOI), Conversation(), line)
    assert state.history == (Turn(QUESTION, HANOI),)
    assert not line.answering


def test_a_question_that_is_too_long_is_refused_with_the_limit_and_not_asked(filled: ArticleIndex) -> None:
    assistant = FakeAssistant(filled)
    state = last(assistant, "x" * (LIMIT_CHARACTERS + 1))
    assert "The question is longer than 2000 characters" in words(messages(state)[-1]["content"])
    assert len(messages(state)[0]["content"]) < 400
    assert not assistant.asked


def test_an_error_becomes_a_sentence_and_its_traceback_goes_to_the_log(
    caplog: pytest.LogCaptureFixture, filled: ArticleIndex
) -> None:
    with caplog.at_level(logging.ERROR):
        state = last(FakeAssistant(filled, ("boom", RuntimeError("secret"))), "boom")
    shown = words(messages(state)[-1]["content"])
    assert "Something went wrong" in shown
    assert "secret" not in shown
    assert "secret" in caplog.text
    assert state.history == ()


def test_a_question_with_a_lone_surrogate_can_be_shown_and_answered(sample: Assistant) -> None:
    wanted = Wanted("Who is North Korea's \ud800 foreign minister?")
    states = list(converse(sample, wanted, Conversation(), Line()))
    assert not turns(states[-1])[-1].answer.abstained
    for state in states:
        assert json.dumps(messages(state), ensure_ascii=False).encode("utf-8")


def test_words_are_drawn_a_few_times_a_second_and_the_last_always() -> None:
    def grown() -> Iterator[Conversation]:
        for number in range(60):
            time.sleep(0.01)
            yield Conversation((lost("x", "?", str(number)),))

    every = list(grown())
    drawn = list(paced(iter(every), seconds=0.1))
    assert (drawn[0], drawn[-1]) == (every[0], every[-1])
    assert len(drawn) == 2
    flowing = list(paced(grown(), seconds=0.1))
    assert 4 <= len(flowing) <= 9
    assert flowing[-1].exchanges[0].html == every[-1].exchanges[0].html


def test_what_cannot_be_brought_back_is_said_kept_and_no_part_of_the_history() -> None:
    state = Conversation((lost("RECORD", "Who?", "the article is gone"),))
    shown = messages(state)[-1]["content"]
    assert "The article is gone" in words(shown)
    assert "#RECORD" in html.unescape(shown)
    assert state.history == ()


def test_what_is_shown_is_one_line_without_a_sign_that_markdown_reads(filled: ArticleIndex) -> None:
    nasty = replace(MERIDIAN, title="# T\n\n![x](https://evil.example/x) `a` $3m$ *b* <img src=x>")
    answer = replace(ABSTAINED, text="One.\n\n- two\n\n```\nthree\n```", nearest=(nasty,))
    state = last(FakeAssistant(filled, answer), answer.question)
    coverage = Coverage(3, ("<b>",), None, None, 0, None)
    welcome = welcome_html(coverage, False, [nasty.title])
    for page in (messages(state)[-1]["content"], question_html(nasty.title), welcome):
        assert "\n" not in page
        assert not set(re.sub(r"<[^<>]*>|&#\d+;", "", page)) & set("<>[]()!`$*_#\\|~")


def test_questions_wait_in_their_order_also_twice_but_not_an_empty_one_or_a_double_click() -> None:
    line = Line()
    asked = ["Who?", "Who?", "When?", "Who?", "", "Where?"]
    assert [line.join(Wanted(one)) for one in asked] == [True, False, True, True, False, True]
    assert [one.question for one in line.waiting] == ["Who?", "When?", "Who?", "Where?"]
    assert not Line().waiting


def unanswered(message: dict[str, str]) -> str:
    found = re.search('class="unanswered" href="#([^"]*)"', message["content"])
    return html.unescape(found[1]) if found else ""


def test_a_question_holds_what_is_kept_of_it_until_its_answer_stands(filled: ArticleIndex) -> None:
    wanted = Wanted(QUESTION, Fields(("Meridian Wire",), "2019-01-01", "2020-06-30", "2020-06-20"))
    first, *_, final = converse(FakeAssistant(filled, HANOI), wanted, Conversation(), Line())
    waiting = messages(Conversation(), [wanted])[0]
    assert unanswered(messages(first)[0]) == unanswered(waiting)
    assert not unanswered(messages(final)[0])
    left = restored(turn_of(unanswered(waiting), filled), "")
    assert left.wanted == wanted
    assert left.turn.answer.warnings == (YOU_LEFT,)
    assert Conversation((left,)).history == ()


@pytest.mark.parametrize("fails", [True, False])
def test_a_question_that_failed_or_was_stopped_is_kept_with_its_scope(
    filled: ArticleIndex, fails: bool
) -> None:
    assistant, line = FakeAssistant(filled, ("boom", RuntimeError("x"))), Line()
    question = "boom " * LIMIT_CHARACTERS if fails else "boom"
    wanted = Wanted(question, Fields(("Meridian Wire",), since="2019-01-01"))
    states = converse(assistant, wanted, Conversation(), line)
    next(states)
    line.stopped = not fails
    [*_, state] = states
    record = re.search('class="record" href="#([^"]*)"', state.exchanges[0].html)
    assert record
    back = restored(turn_of(html.unescape(record[1]), filled), "")
    assert (back.turn.question, back.turn.answer.status) == (question, STOPPED)
    if fails:
        assert "longer than" in back.turn.answer.warnings[0]
        assert back.wanted == wanted
    else:
        assert back.turn.answer.warnings == (YOU_STOPPED,)


def test_questions_that_wait_are_shown_below_the_answers(filled: ArticleIndex) -> None:
    shown = messages(last(FakeAssistant(filled, HANOI), QUESTION), [Wanted("<And> then?")])
    assert [message["role"] for message in shown] == ["user", "assistant", "user"]
    waiting = (
        r'<p class="question waiting" dir="auto">&#60;And&#62; then\?<a class="unanswered" [^<>]*></a></p>'
    )
    assert re.fullmatch(f'{waiting}<p class="waits">Waits for its turn</p>', shown[2]["content"])
    assert "waiting" not in shown[0]["content"]


def test_an_answer_stands_even_where_no_follow_up_can_be_made(
    filled: ArticleIndex, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no follow-ups")

    monkeypatch.setattr("page.chat.follow_ups", broken)
    with caplog.at_level(logging.ERROR):
        state = last(FakeAssistant(filled, HANOI), QUESTION)
    assert state.history == (Turn(QUESTION, HANOI),)
    assert "no follow-ups" in caplog.text


def test_what_else_can_be_asked_is_offered_under_the_last_answer(
    filled: ArticleIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("page.chat.follow_ups", lambda *_, **__: ("What else?",))
    state = last(FakeAssistant(filled, HANOI), QUESTION)
    assert "What else?" in words(messages(state)[-1]["content"])


def test_a_question_that_was_made_whole_says_what_was_searched(filled: ArticleIndex) -> None:
    whole: Answer = replace(HANOI, question="Why did the Hanoi summit end early?")
    assistant = FakeAssistant(filled, whole)
    assistant.answers["Why did it end?"] = whole
    assert "Why did the Hanoi" in words(messages(last(assistant, "Why did it end?"))[1]["content"])


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
        (Coverage(0, (), None, None, 0, None), True, "There are no articles yet"),
    ],
)
def test_before_anything_is_asked_the_page_says_what_there_is_to_ask(
    coverage: Coverage, sample: bool, told: str
) -> None:
    assert told in words(welcome_html(coverage, sample))
    assert ("invented" in welcome_html(coverage, sample)) == ("invented" in told)


def test_the_questions_to_begin_with_are_links_that_ask_them() -> None:
    page = welcome_html(SOME, False, ["Who <b>won</b>?"])
    assert 'class="follow" href="#ask">Who &#60;b&#62;won' in page
    assert "begin with" not in welcome_html(SOME, False)
