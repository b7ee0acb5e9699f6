from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from storing import article, word

from index import lexical
from index.generations import current, verify
from index.lexical import WordIndex
from index.readers import ReaderFolder
from index.types import Article, Passage, Scope
from index.words import analyse, question_stems, stems


def passage(row: int) -> Passage:
    one = article(row, added=date(2020, 1 + row % 12, 3))
    return Passage(one, 0, len(one.text), ((0, len(one.text)),))


def fetch(rows: Sequence[int]) -> Mapping[int, tuple[Passage, bytes]]:
    return {row: (passage(row), analyse([passage(row).text]).to_bytes()) for row in rows}


def build(store: Path, rows: Sequence[int], revision: int = 1, fetch: lexical.Fetch = fetch) -> WordIndex:
    lexical.build(store, revision, np.array(rows, np.int64), fetch)
    return WordIndex(ReaderFolder(store, lexical.tag()))


def rows(found: list[tuple[int, float]]) -> list[int]:
    return [row for row, _ in found]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> WordIndex:
    return build(tmp_path_factory.mktemp("lexical") / "words", range(1, 61))


def test_a_word_of_one_passage_finds_it_alone(index: WordIndex) -> None:
    for row in (1, 30, 60):
        assert rows(index.query([word(row)], 10)) == [row]


def test_rare_words_count_for_more_and_the_best_comes_first(index: WordIndex) -> None:
    found = index.query(stems(f"{word(7)} was seen in the capital"), 60)
    assert found[0][0] == 7
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    assert len(found) == 60


def test_words_are_found_in_other_forms_and_in_headlines(index: WordIndex) -> None:
    assert set(rows(index.query(question_stems("Which glaciers?"), 60))) == {
        row for row in range(1, 61) if "glacier" in article(row).title
    }


def test_the_passages_that_hold_a_word_are_counted(index: WordIndex) -> None:
    assert index.frequencies([word(3), "glacier", "unheardof"]) == [1, 6, 0]


@pytest.mark.parametrize("limit", [0, -5, 1, 10_000])
def test_any_limit_is_kept(index: WordIndex, limit: int) -> None:
    assert len(index.query(["capit"], limit)) <= max(limit, 0)


@settings(deadline=None)
@given(text=some.text(max_size=200))
def test_no_text_is_read_as_a_query_language(index: WordIndex, text: str) -> None:
    assert len(index.query(stems(text), 5)) <= 5
    assert len(index.query([text], 5)) <= 5


@pytest.mark.parametrize(
    "text",
    ['body:x AND "', "((((", "* OR *", "title:[a TO z]", "\x00", "\ud800", "a" * 100_000, "w " * 50_000],
)
def test_hostile_text_finds_nothing_and_breaks_nothing(index: WordIndex, text: str) -> None:
    assert index.query(stems(text), 5) == []
    assert index.query(text.split(), 5) == []


days = some.none() | some.dates(date(2020, 1, 1), date(2020, 12, 31))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(as_of=days, first=days, last=days, outlets=some.sampled_from([(), ("kestrel WIRE",), ("",), ("x",)]))
def test_a_scope_means_in_tantivy_what_it_means_in_python(
    index: WordIndex, as_of: date | None, first: date | None, last: date | None, outlets: tuple[str, ...]
) -> None:
    if first and last:
        first, last = min(first, last), max(first, last)
    scope = Scope(as_of, first, last, outlets)
    expected = {row for row in range(1, 61) if scope.holds(passage(row).article)}
    assert set(rows(index.query(["capit"], 60, scope))) == expected


def test_a_scope_does_not_change_scores(index: WordIndex) -> None:
    everywhere = dict(index.query(stems("the summit stays"), 60))
    inside = dict(
        index.query(stems("the summit stays"), 60, Scope(since=date(2020, 3, 1), outlets=("Kestrel Wire",)))
    )
    assert inside
    assert all(score == everywhere[row] for row, score in inside.items())


def test_a_small_difference_is_applied_to_a_copy(tmp_path: Path) -> None:
    store = tmp_path / "words"
    build(store, range(1, 61))
    fetched: list[int] = []

    def watched(wanted: Sequence[int]) -> Mapping[int, tuple[Passage, bytes]]:
        fetched.extend(wanted)
        return fetch(wanted)

    index = build(store, [*range(3, 61), 70, 71], 2, watched)
    assert fetched == [70, 71]
    assert index.query([word(1)], 5) == []
    assert rows(index.query([word(70)], 5)) == [70]
    assert rows(index.query([word(3)], 5)) == [3]
    assert set(rows(index.query(["capit"], 99))) == {*range(3, 61), 70, 71}


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    assert build(tmp_path / "words", []).query(["capit"], 5) == []


def test_a_passage_without_words_or_date_or_outlet_is_held(tmp_path: Path) -> None:
    one = Article(text="?", title="")

    def bare(wanted: Sequence[int]) -> Mapping[int, tuple[Passage, bytes]]:
        return {row: (Passage(one, 0, 1, ((0, 1),)), analyse(["?"]).to_bytes()) for row in wanted}

    assert build(tmp_path / "words", [1, 2], fetch=bare).query(["anything"], 5) == []


def test_reading_changes_nothing_that_was_sealed(tmp_path: Path) -> None:
    store = tmp_path / "words"
    build(store, range(1, 20)).query(["capit"], 5)
    generation = current(store)
    assert generation is not None
    verify(generation)


def test_an_open_index_answers_on_after_its_generation_is_gone(tmp_path: Path) -> None:
    store = tmp_path / "words"
    index = build(store, range(1, 20))
    build(store, range(1, 10), 2)
    assert rows(index.query([word(15)], 5)) == [15]
