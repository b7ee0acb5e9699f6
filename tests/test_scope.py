"""Which articles are asked, as fields of the page."""

from __future__ import annotations

import json
from datetime import date

import pytest
from sample_answers import HARBOUR, MERIDIAN

from assistant.question import QuestionError
from index.library import ArticleIndex
from index.types import Scope
from page import words
from page.scope import Fields, handed, listed, told

SCOPE = Scope(date(2020, 6, 20), date(2019, 1, 1), date(2020, 6, 15), ("Meridian Wire",))


@pytest.fixture
def filled(index: ArticleIndex) -> ArticleIndex:
    index.add([HARBOUR, MERIDIAN])
    return index


@pytest.mark.parametrize("scope", [SCOPE, Scope()])
def test_a_scope_comes_back_from_its_fields_day_by_day(scope: Scope) -> None:
    fields = Fields.of(scope)
    assert fields.scope() == scope
    assert fields == Fields.filled(list(scope.outlets), fields.since or None, fields.until, fields.as_of)


def test_scripts_read_the_fields_by_their_names_and_can_hand_them_back() -> None:
    written = json.loads(Fields.of(SCOPE).as_json)
    days = {"since": "2019-01-01", "until": "2020-06-15", "as_of": "2020-06-20"}
    assert written == {"outlets": ["Meridian Wire"], **days}
    assert handed(json.dumps(written)) == Fields.of(SCOPE)


@pytest.mark.parametrize("change", [{"since": 7}, {"since": "2020-06-12-"}, {"else": ""}, {"outlets": ""}])
def test_what_no_script_of_the_page_writes_sets_nothing(change: dict[str, object]) -> None:
    written = json.loads(Fields.of(SCOPE).as_json) | change
    assert [handed(text) for text in ("", "{", "[]", "{}", json.dumps(written))] == [None] * 5


def test_the_name_of_an_outlet_turns_no_words_around(index: ArticleIndex) -> None:
    assert told(index, Fields(("\u202ex\u2066",))).endswith(" of x")


def test_a_day_that_is_none_is_told_by_the_name_of_its_field() -> None:
    with pytest.raises(QuestionError, match=r"^until is '31 June': no such day"):
        Fields(until="31 June").scope()


def test_it_is_said_how_many_articles_are_asked_or_why_none_can_be(filled: ArticleIndex) -> None:
    assert told(filled, Fields()) == "Asking all 2 articles"
    assert told(filled, Fields(("Meridian Wire",))) == "Asking 1 article of 2: of Meridian Wire"
    turned = told(filled, Fields(since="2020-06-15", until="2020-06-01"))
    assert turned == words.WRONG_SCOPE.format(reason=words.FROM_AFTER_UNTIL)


def test_outlets_that_are_chosen_can_be_taken_away_also_where_no_article_is_theirs(
    filled: ArticleIndex,
) -> None:
    assert listed(filled, ["Gone Gazette", "Meridian Wire", "Gone Gazette"]) == [
        *filled.coverage().outlets,
        "Gone Gazette",
    ]
