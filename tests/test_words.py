from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.words import Analysed, analyse, codes, question_stems, stems


def test_an_article_and_a_question_give_the_same_stems_for_the_same_word() -> None:
    assert stems("The ministers’ talks in São Paulo") == stems("minister's talk, Sao Paulo")


def test_numbers_with_and_without_a_comma_are_one_word() -> None:
    assert stems("7,700 soldiers") == stems("7700 soldiers")


def test_what_a_question_says_about_reports_is_not_searched_for() -> None:
    assert question_stems("According to recent reports, who leads Norway?") == ["lead", "norway"]


def test_a_question_of_empty_words_only_keeps_them() -> None:
    assert question_stems("What is it about?") == ["what", "is", "it", "about"]


def test_sentences_keep_their_numbers_in_the_analysed_passage() -> None:
    analysed = analyse(["Kim met Moon.", "", "They signed."])
    assert analysed.codes.tolist() == codes(["kim", "met", "moon", "sign"]).tolist()
    assert analysed.sentence.tolist() == [0, 0, 0, 2]


@given(st.lists(st.text(max_size=40), max_size=5))
def test_what_is_stored_comes_back_as_it_was(sentences: list[str]) -> None:
    analysed = analyse(sentences)
    again = Analysed.from_bytes(analysed.to_bytes())
    assert np.array_equal(again.codes, analysed.codes)
    assert np.array_equal(again.sentence, analysed.sentence)


@given(st.text(max_size=200))
def test_any_text_has_stems_without_white_space(text: str) -> None:
    assert all(stem and not any(c.isspace() for c in stem) for stem in stems(text))
