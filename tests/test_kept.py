from __future__ import annotations

import base64
import json
import zlib
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sample_answers import ABSTAINED, FULL, HANOI, HARBOUR, MERIDIAN, UNDATED

from assistant.answering import Assistant
from assistant.types import Answer, Turn
from index.library import ArticleIndex
from index.types import Scope
from page import words
from page.conversation import STOPPED
from page.kept import KeptError, kept, turn_of

QUESTIONS = [
    "How much did it cost to rebuild the liaison office?",
    "Why did the Hanoi summit end early?",
    "How did the talks between the United States and North Korea develop?",
    "What happened after the Hanoi summit?",
    "What did North Korea ask for in Hanoi?",
    "What is the population of Kaesong?",
    "Who is North Korea's foreign minister?",
    "What is new?",
    "What happened in Hanoi in February 2019?",
    "zzz",
]


@pytest.fixture
def held(index: ArticleIndex) -> ArticleIndex:
    index.add([HARBOUR, MERIDIAN, UNDATED])
    return index


def packed(data: object) -> str:
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(data).encode())).decode().rstrip("=")


def unpacked(text: str) -> dict[str, Any]:
    found = json.loads(zlib.decompress(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))))
    assert isinstance(found, dict)
    return found


def reason(text: str, index: ArticleIndex) -> str:
    with pytest.raises(KeptError) as raised:
        turn_of(text, index)
    return str(raised.value)


@pytest.fixture(scope="module")
def told(sample: Assistant) -> dict[str, Answer]:
    return {question: sample.answer(question) for question in QUESTIONS}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_turn_comes_back_equal_and_takes_little(
    sample: Assistant, told: dict[str, Answer], question: str
) -> None:
    turn = Turn(f" {question}\n", told[question])
    text = kept(turn)
    assert turn_of(text, sample.index) == turn
    assert len(text) < 6000
    assert text.replace("-", "a").replace("_", "a").isalnum()


@pytest.mark.parametrize("part", ["claims", "disagreements", "anchors", "about", "nearest"])
def test_the_questions_here_make_answers_of_every_kind(told: dict[str, Answer], part: str) -> None:
    assert any(getattr(answer, part) for answer in told.values())


def test_it_names_articles_and_holds_nothing_of_them_but_the_quotes(held: ArticleIndex) -> None:
    data = unpacked(kept(Turn("Why?", FULL)))
    assert {"id": HARBOUR.id, "version": HARBOUR.version} in data["answer"]["articles"]
    assert "Paragraph 7 tells" not in json.dumps(data)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.text(), st.sampled_from([FULL, HANOI, ABSTAINED]), st.lists(st.text(max_size=20), max_size=3))
def test_whatever_was_asked_and_warned_of_comes_back(
    held: ArticleIndex, question: str, answer: Answer, warnings: list[str]
) -> None:
    turn = Turn(question, replace(answer, warnings=tuple(warnings)))
    assert turn_of(kept(turn), held) == turn


def test_half_a_character_becomes_a_question_mark(held: ArticleIndex) -> None:
    assert turn_of(kept(Turn("Why \ud800?", HANOI)), held).question == "Why ??"


def test_a_version_that_has_been_replaced_is_found_and_one_never_seen_is_not(held: ArticleIndex) -> None:
    before = kept(Turn("Why?", HANOI))
    never = replace(HARBOUR, title="Another title")
    held.add([replace(HARBOUR, text="All is changed.", modified=date(2020, 1, 1))])
    assert held.article(HARBOUR.id) != HARBOUR
    assert turn_of(before, held).answer == HANOI
    data = unpacked(before)
    data["answer"]["articles"][0]["version"] = never.version
    assert reason(packed(data), held) == words.KEPT_GONE


def test_what_became_of_an_article_since_is_told_by_the_index(held: ArticleIndex) -> None:
    found = turn_of(kept(Turn("Why?", HANOI)), held).answer.sources[0].article
    assert HARBOUR.added is None
    assert found.added == held.article(HARBOUR.id).added is not None


def test_an_article_that_is_gone_is_said_to_be_with_the_question(held: ArticleIndex) -> None:
    text = kept(Turn("Why then?", HANOI))
    held.remove([MERIDIAN.id])
    with pytest.raises(KeptError, match="no longer in the collection") as raised:
        turn_of(text, held)
    assert raised.value.question == "Why then?"


@pytest.mark.parametrize(
    "edit",
    [
        {"text": "The Pope is guilty. [1]"},
        {"claims": []},
        {"sources": []},
        {"extra": 1},
        {"format": 2},
        {"articles": []},
        {"articles": [{"id": "../../etc/passwd", "version": "0" * 16}]},
        {"articles": [{"id": HARBOUR.id, "version": f"{HARBOUR.version}\n"}]},
        {"articles": [{"id": HARBOUR.id, "version": HARBOUR.version, "text": "Lies."}]},
        {"articles": [{"id": HARBOUR.id, "version": HARBOUR.version}] * 1001},
        {"scope": None},
        {"scope": {"as_of": "2000-01-01", "since": None, "until": None, "outlets": []}},
    ],
)
def test_a_forged_answer_is_refused(held: ArticleIndex, edit: dict[str, Any]) -> None:
    data = unpacked(kept(Turn("Why?", HANOI)))
    data["answer"] |= edit
    assert reason(packed(data), held).startswith(words.KEPT_FORGED.partition("(")[0])


def test_words_that_an_article_does_not_have_are_refused(held: ArticleIndex) -> None:
    data = unpacked(kept(Turn("Why?", HANOI)))
    data["answer"]["claims"][0]["citations"][0]["quote"] = "The two sides agreed."
    assert "not the article's words" in reason(packed(data), held)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A",
        "====",
        "é",
        "a b",
        "AAAA",
        "eJw",
        kept(Turn("Why?", HANOI))[:-9],
        kept(Turn("Why?", HANOI)) + "AAAA",
        packed([]),
        packed(None),
        packed({"format": 1}),
        packed({"format": 1, "question": 7, "answer": {}}),
        packed({"format": 1, "question": "\ud800", "answer": {}}),
        packed({"format": 1, "question": "Why?", "answer": {}, "more": 1}),
        base64.urlsafe_b64encode(zlib.compress(b"[" * 100_000)).decode(),
        base64.urlsafe_b64encode(zlib.compress(b"9" * 100_000)).decode(),
        base64.urlsafe_b64encode(zlib.compress(b'"\xff"')).decode(),
    ],
)
def test_what_is_damaged_is_said_to_be(held: ArticleIndex, text: str) -> None:
    assert reason(text, held) == words.KEPT_DAMAGED


def test_a_stopped_answer_comes_back_as_far_as_it_had_come(held: ArticleIndex) -> None:
    begun = replace(HANOI, text=HANOI.text[: HANOI.claims[0].end], claims=HANOI.claims[:1], status=STOPPED)
    for answer in (begun, Answer("", "Why?", warnings=(words.YOU_LEFT,), status=STOPPED)):
        assert turn_of(kept(Turn("Why?", answer)), held).answer == answer


@pytest.mark.parametrize("status", ["searching", "Stopped", " stopped", "stopped "])
def test_an_answer_that_would_be_under_way_for_ever_is_refused(held: ArticleIndex, status: str) -> None:
    text = kept(Turn("Why?", replace(HANOI, status=status)))
    with pytest.raises(KeptError, match="damaged") as raised:
        turn_of(text, held)
    assert raised.value.question == "Why?"


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_that_is_stopped_at_any_moment_comes_back(sample: Assistant, question: str) -> None:
    for answer in sample.stream(question):
        turn = Turn(question, replace(answer, status=STOPPED))
        assert turn_of(kept(turn), sample.index) == turn


def test_another_format_is_said_to_be(held: ArticleIndex) -> None:
    assert reason(packed({"format": 2, "anything": 1}), held) == words.KEPT_OTHER_FORMAT


def test_what_grows_without_end_is_not_unpacked(held: ArticleIndex) -> None:
    bomb = zlib.compress(b" " * 300_000_000, 9)
    assert len(bomb) < 400_000
    assert reason(base64.urlsafe_b64encode(bomb).decode(), held) == words.KEPT_TOO_LARGE
    assert reason("A" * 1_000_001, held) == words.KEPT_TOO_LARGE


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.binary(max_size=300), st.booleans())
def test_whatever_is_handed_in_is_a_turn_or_a_reason(held: ArticleIndex, data: bytes, pack: bool) -> None:
    text = base64.urlsafe_b64encode(zlib.compress(data) if pack else data).decode()
    with pytest.raises(KeptError):
        turn_of(text, held)


def test_a_scope_comes_back_with_what_it_leaves_open(sample: Assistant) -> None:
    answer = sample.answer("What was destroyed?", since="2020-06-01", outlets=["Saltmarsh Gazette"])
    assert answer.scope == Scope(None, date(2020, 6, 1), None, ("Saltmarsh Gazette",))
    assert turn_of(kept(Turn("What was destroyed?", answer)), sample.index).answer == answer
