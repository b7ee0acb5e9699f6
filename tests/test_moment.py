from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.moment import Moment, moments
from index.intervals import day_of
from tests.time_rows import FLOOR, FRIDAY, WORDS, listed

DATA = Path(__file__).parent / "data" / "question_times.jsonl"
ROWS = [json.loads(line) for line in DATA.read_text("utf-8").splitlines()]


def read(row: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "words": moment.words,
            "kind": moment.kind,
            "explicit": moment.explicit,
            "first": str(moment.interval.first),
            "last": str(moment.interval.last),
        }
        for moment in moments(row["question"], date.fromisoformat(row["as_of"]))
    ]


def test_nearly_all_questions_are_read_right_and_the_rest_is_listed() -> None:
    wrong = {row["question"] for row in ROWS if read(row) != row["moments"]}
    assert len(ROWS) >= 70
    assert len(wrong) <= (1 - FLOOR) * len(ROWS)
    assert listed("Questions") == wrong


def test_what_is_recent_is_no_filter_and_gives_way_to_a_day_of_publication() -> None:
    assert moments("What is the latest?", FRIDAY) == (Moment(day_of(FRIDAY), "published", False, "latest"),)
    assert [one.explicit for one in moments("What is the latest news from today?", FRIDAY)] == [True]


def test_a_question_without_capitals_still_has_months_and_no_verbs() -> None:
    assert [one.words for one in moments("what was said in march?", FRIDAY)] == ["march"]
    assert moments("who may march on the palace?", FRIDAY) == ()


def test_after_a_day_to_come_there_is_no_end() -> None:
    [after] = moments("What will happen after 1 July 2020?", FRIDAY)
    assert (after.interval.first, after.interval.last) == (date(2020, 7, 2), date.max)


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar_are_not_crossed(day: date) -> None:
    assert all(one.interval.first <= one.interval.last for one in moments("before today or after today", day))


@given(st.lists(st.sampled_from([*WORDS, "before", "after", "articles", "published", "latest"]), max_size=40))
def test_the_words_of_a_moment_stand_in_the_question(words: list[str]) -> None:
    question = " ".join(words)
    assert all(one.words in question and one.words for one in moments(question, FRIDAY))


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Latest on the liaison office?", "Latest"),
        ("Recent missile tests?", "Recent"),
        ("Currently, who is the minister?", "Currently"),
        ("Now what?", "Now"),
        ("Aktuelle Lage in Kaesong?", "Aktuelle"),
        ("Neues aus Kaesong?", "Neues"),
    ],
)
def test_a_question_may_begin_with_what_is_recent(question: str, words: str) -> None:
    assert moments(question, FRIDAY) == (Moment(day_of(FRIDAY), "published", False, words),)


def test_a_title_with_now_in_it_is_not_recent() -> None:
    assert moments("Who filmed Apocalypse Now?", FRIDAY) == ()


@pytest.mark.parametrize(
    ("question", "words", "first", "last"),
    [
        (
            "What was built since the election of 2016?",
            "since the election of 2016",
            date(2016, 1, 1),
            FRIDAY,
        ),
        ("Was geschah seit der Wahl von 2016?", "seit der Wahl von 2016", date(2016, 1, 1), FRIDAY),
        (
            "Who led it before the election of 2016?",
            "before the election of 2016",
            date.min,
            date(2016, 12, 31),
        ),
        ("Who sang after the games of 2016?", "2016", date(2016, 1, 1), date(2016, 12, 31)),
    ],
)
def test_the_year_of_an_event_is_on_the_side_of_it_that_is_meant(
    question: str, words: str, first: date, last: date
) -> None:
    [one] = moments(question, FRIDAY)
    assert (one.words, one.interval.first, one.interval.last) == (words, first, last)
