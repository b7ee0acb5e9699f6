from __future__ import annotations

import doctest
import json
import time
from datetime import date, datetime, timezone
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.times import TimeExpression, meant_days, times
from tests.time_rows import FLOOR, FRIDAY, WORDS, listed

HERE = Path(__file__).parent
ROWS = [json.loads(line) for line in (HERE / "data" / "times.jsonl").read_text("utf-8").splitlines()]


def read(text: str, published: date | None = FRIDAY) -> list[tuple[str, str, str]]:
    found = times(text, published)
    return [(text[one.start : one.end], str(one.interval.first), str(one.interval.last)) for one in found]


def is_right(row: dict[str, Any]) -> bool:
    published = date.fromisoformat(row["published"]) if row["published"] else None
    expected = [(one["start"], one["end"], one["first"], one["last"]) for one in row["times"]]
    found = times(row["text"], published)
    return expected == [
        (one.start, one.end, str(one.interval.first), str(one.interval.last)) for one in found
    ]


def test_the_sentences_are_many_and_their_offsets_true() -> None:
    assert sum(len(row["times"]) for row in ROWS) >= 110
    assert sum(not row["times"] for row in ROWS) >= 25
    for row in ROWS:
        assert all(row["text"][one["start"] : one["end"]] == one["words"] for one in row["times"])


def test_nearly_all_sentences_are_read_right_and_the_rest_is_listed() -> None:
    wrong = {row["text"] for row in ROWS if not is_right(row)}
    assert len(wrong) <= (1 - FLOOR) * len(ROWS)
    assert listed("Sentences") == wrong


def test_the_examples_of_the_documents_are_real() -> None:
    outcome = doctest.testfile(str(HERE.parent / "docs" / "times.md"), module_relative=False)
    assert outcome.attempted > 5
    assert outcome.failed == 0


def test_an_undated_article_gives_only_what_needs_no_day_to_count_from() -> None:
    text = "Yesterday, on Tuesday, in May and two years ago; on 9 June 2020; since 2018; 12 June."
    assert read(text, None) == [
        ("9 June 2020", "2020-06-09", "2020-06-09"),
        ("2018", "2018-01-01", "2018-12-31"),
    ]


def test_a_moment_of_publication_counts_as_its_day() -> None:
    moment = datetime(2020, 6, 12, 23, 30, tzinfo=timezone.utc)
    assert times("It ended yesterday.", moment) == times("It ended yesterday.", FRIDAY)


def test_the_day_of_the_week_chooses_the_year_that_is_not_written() -> None:
    assert read("It began on Sunday, 12 May.", date(2020, 1, 3)) == [
        ("Sunday, 12 May", "2019-05-12", "2019-05-12")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "on 30 February 2019",
        "on 31 June",
        "on 29 February 2023",
        "in the year 0",
        "on 0 May",
        "2019-13-40",
        "12.13.2019",
        "9999 years ago",
        "vor 9999 Jahrzehnten",
        "the 9999th anniversary of it",
        "9999 years from now",
    ],
)
def test_what_no_calendar_has_is_no_time(text: str) -> None:
    assert [one for one in read(text) if "anniversary" not in one[0]] == []


@pytest.mark.parametrize("day", [date.min, date.max, date(1, 1, 7), date(9999, 12, 27)])
def test_the_ends_of_the_calendar_are_not_crossed(day: date) -> None:
    text = "yesterday, tomorrow, last week, next year, early this week, in May, two years ago, overnight"
    assert all(date.min <= one.interval.first <= one.interval.last for one in times(text, day))


@given(st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join), st.none() | st.dates())
def test_expressions_lie_in_the_text_in_order_and_apart(text: str, published: date | None) -> None:
    found = times(text, published)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    spans = sorted({(one.start, one.end) for one in found})
    assert [one.start for one in found] == sorted(one.start for one in found)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


@given(st.text(max_size=200), st.dates())
def test_no_text_is_too_strange(text: str, published: date) -> None:
    assert all(text[one.start : one.end].strip() for one in times(text, published))


@pytest.mark.parametrize(
    "unit",
    [
        "on Friday ",
        "on Friday first anniversary of ",
        "between 4 and ",
        "1 1.1-",
        "in two last next ",
        "since since the early ",
        "aaaaaaaaaa",
        "May ",
        "2019-",
    ],
)
def test_the_time_taken_grows_with_the_text_and_no_faster(unit: str) -> None:
    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        started = time.process_time()
        times(text, FRIDAY)
        return time.process_time() - started

    assert seconds(200_000) <= 16 * max(seconds(25_000), 0.05)


def test_an_expression_is_a_value() -> None:
    [found] = times("today", FRIDAY)
    assert found == TimeExpression(0, 5, found.interval)


@pytest.mark.parametrize(
    "text",
    [
        "Output rose from 1500 to 1800 a day.",
        "Some 1900 to 2000 people came.",
        "They finished on 12. March was cold, and so was the hall.",
    ],
)
def test_a_count_is_no_year_and_the_end_of_a_sentence_no_ordinal(text: str) -> None:
    assert read(text) == []


def test_two_years_may_be_a_range_from_before_1900() -> None:
    assert read("The line ran from 1852 to 1870.") == [("from 1852 to 1870", "1852-01-01", "1870-12-31")]


def test_two_months_in_a_row_tell_each_other_from_verbs_and_names() -> None:
    assert [words for words, *_ in read("May and June mark the dry season.")] == ["May", "June"]


def test_a_weekday_that_is_tomorrow_is_not_sure_to_be_six_days_ago() -> None:
    wednesday = date(2022, 2, 23)
    assert meant_days("He spoke on Thursday.", wednesday) == []
    assert [one.interval.first for one in meant_days("He spoke last Thursday.", wednesday)] == [
        date(2022, 2, 17)
    ]
    assert [one.interval.first for one in meant_days("He spoke on Friday.", wednesday)] == [date(2022, 2, 18)]


@pytest.mark.parametrize(
    ("text", "year"), [("On 12 June '18 they met.", 2018), ("On June 12, ‘98, they met.", 1998)]
)
def test_a_year_may_be_cut_to_two_digits(text: str, year: int) -> None:
    assert [one.interval.first for one in times(text, FRIDAY)] == [date(year, 6, 12)]


@pytest.mark.parametrize(
    "text",
    [
        "On 24 August 79 AD the volcano erupted.",
        "It erupted on August 24, AD 79.",
        "He was killed on 15 March 44 BC.",
        "In 1200 BC the city burned.",
        "The line opens at 2000 GMT.",
        "The line opened at 1400 hours.",
        "They kept the 5,000th anniversary of the city.",
    ],
)
def test_antiquity_and_the_time_of_the_day_are_no_days(text: str) -> None:
    assert read(text) == []
