from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.question import LIMIT_CHARACTERS, QuestionError, cleaned, scope
from index.types import Scope


def test_what_cannot_be_seen_is_dropped_and_white_space_folded() -> None:
    assert cleaned("\u202eWho\u200b  is\n\tit?\x00\ud800 ") == "Who is it?"


@pytest.mark.parametrize("question", ["", "   ", "\u200b\u200b", "???", "\x00"])
def test_an_empty_question_is_refused_with_an_example(question: str) -> None:
    with pytest.raises(QuestionError, match="empty; ask in words"):
        cleaned(question)


def test_a_question_over_the_limit_is_refused() -> None:
    assert cleaned("x" * LIMIT_CHARACTERS)
    with pytest.raises(QuestionError, match="longer than"):
        cleaned("x" * (LIMIT_CHARACTERS + 1))


@pytest.mark.parametrize("question", [None, 7, ["Who?"], b"Who?"])
def test_what_is_no_text_is_refused_by_type(question: object) -> None:
    with pytest.raises(TypeError, match="a question is a str"):
        cleaned(question)  # type: ignore[arg-type]


def test_days_are_dates_or_iso_strings() -> None:
    made = scope(as_of=datetime(2020, 6, 13, 5), since="2020-06-01", until=date(2020, 6, 12), outlets="Post")
    assert made == Scope(date(2020, 6, 13), date(2020, 6, 1), date(2020, 6, 12), ("Post",))


def test_a_day_that_is_none_names_the_option() -> None:
    with pytest.raises(QuestionError, match=r"since is '12\.6\.2020': no such day; write one as 2020-06-12"):
        scope(since="12.6.2020")
    with pytest.raises(TypeError, match="until must be a date"):
        scope(until=20200612)  # type: ignore[arg-type]
    with pytest.raises(QuestionError, match="is after until"):
        scope(since="2020-06-02", until="2020-06-01")


@given(st.text(max_size=300))
def test_any_text_is_cleaned_for_good_or_refused_with_a_reason(question: str) -> None:
    if any(c.isalnum() for c in question):
        assert cleaned(cleaned(question)) == cleaned(question)
    else:
        with pytest.raises(QuestionError, match="ask in words"):
            cleaned(question)
