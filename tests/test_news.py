from __future__ import annotations

from datetime import date

import pytest

from assistant.asked import read
from assistant.news import subject
from index.types import Coverage, Scope

TODAY = date(2020, 6, 24)  # a Wednesday
NEWEST = date(2020, 6, 20)
COVERAGE = Coverage(31, ("The Harbour Post", "Kestrel Tribune"), date(2018, 4, 27), NEWEST, 0, None)


@pytest.mark.parametrize(
    ("question", "of"),
    [
        ("What is new on Kaesong?", "Kaesong"),
        ("what's new about the talks", "the talks"),
        ("What’s new in the quarrel over the leaflets?", "the quarrel over the leaflets"),
        ("Any news on the liaison office?", "the liaison office"),
        ("Is there anything new about Kim Yo Jong?", "Kim Yo Jong"),
        ("Are there any updates on the talks?", "the talks"),
        ("What news is there of the ferry?", "the ferry"),
        ("What is the latest news from Hanoi?", "Hanoi"),
        ("Show me the news about missiles.", "missiles"),
        ("Was gibt es Neues zu Kaesong?", "Kaesong"),
        ("Gibt es Neuigkeiten über die Fähre?", "die Fähre"),
        ("Irgendwelche Neuigkeiten zur Fähre?", "Fähre"),
        ("What's new?", ""),
        ("Any news?", ""),
        ("Was gibt es Neues?", ""),
    ],
)
def test_a_question_for_what_is_new_names_its_subject(question: str, of: str) -> None:
    assert subject(question) == of


@pytest.mark.parametrize(
    "question",
    [
        "What is a new moon?",
        "What is the new minister called?",
        "Who brought the news of the fire?",
        "Is there anything about Kaesong?",
        "What is the latest on Kaesong?",
        "Did any newspaper report on it?",
        "What is New York?",
        "What was the news agency told?",
        "Was ist neuerdings verboten?",
    ],
)
def test_any_other_question_does_not_ask_for_news(question: str) -> None:
    assert subject(question) is None


@pytest.mark.parametrize(
    ("question", "words", "scope"),
    [
        ("What's new about the talks since Monday?", "the talks", Scope(since=date(2020, 6, 22))),
        ("Since 1 June, what is new on Kaesong?", "Kaesong", Scope(since=date(2020, 6, 1))),
        ("What's new since yesterday?", "", Scope(since=date(2020, 6, 23))),
        ("Was gibt es Neues zu Kaesong seit Montag?", "Kaesong", Scope(since=date(2020, 6, 22))),
        (
            "Any news on Kaesong from last week?",
            "Kaesong",
            Scope(since=date(2020, 6, 15), until=date(2020, 6, 21)),
        ),
        ("What is new on Kaesong?", "Kaesong", Scope(since=date(2020, 6, 13))),
        ("What is new on the 2018 summit?", "the 2018 summit", Scope(since=date(2020, 6, 13))),
        (
            "What is new on Kaesong in the Harbour Post?",
            "Kaesong",
            Scope(since=date(2020, 6, 13), outlets=("The Harbour Post",)),
        ),
    ],
)
def test_news_is_asked_of_the_days_named_else_of_the_last_week_there_is(
    question: str, words: str, scope: Scope
) -> None:
    found = read(question, Scope(), COVERAGE, TODAY)
    assert found.listing == "new"
    assert (found.words, found.scope) == (words, scope)


def test_the_last_week_ends_on_the_day_asked_on_where_that_is_earlier_and_the_caller_comes_first() -> None:
    earlier = read("What is new on Kaesong?", Scope(as_of=date(2020, 6, 10)), COVERAGE, TODAY)
    assert earlier.scope.since == date(2020, 6, 3)
    theirs = Scope(since=date(2020, 1, 1))
    assert read("What is new on Kaesong since Monday?", theirs, COVERAGE, TODAY).scope == theirs


def test_the_last_week_begins_no_earlier_than_the_calendar() -> None:
    found = read("What is new?", Scope(as_of=date(1, 1, 3)), COVERAGE, TODAY)
    assert found.scope == Scope(as_of=date(1, 1, 3), since=date.min)
