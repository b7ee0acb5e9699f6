from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.expected import kind, wanted


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who is the foreign minister?", "person"),
        ("Which president stepped over the line?", "person"),
        ("When did they meet?", "time"),
        ("What year was that?", "time"),
        ("Where was the summit held?", "place"),
        ("In which city did they sign?", "place"),
        ("How many cases were handed over?", "count"),
        ("What is the population of Seoul?", "count"),
        ("How much did the summit cost?", "money"),
        ("Why did it fail?", "reason"),
        ("What did Trump say about the letters?", "statement"),
        ("Which missile was it?", "name"),
        ("Did they sign anything?", "yes or no"),
        ("What happened next?", "thing"),
        ("Wer führte die Delegation?", "person"),
        ("Wann wurde das Büro eröffnet?", "time"),
    ],
)
def test_a_question_says_what_kind_of_thing_it_wants(question: str, expected: str) -> None:
    assert kind(question) == expected


@pytest.mark.parametrize(
    ("question", "sentence", "holds"),
    [
        ("How many cases were there?", "It handed over 55 cases of remains.", True),
        ("How many cases were there?", "It handed them over on 27 July 2018.", False),
        ("How many cases were there?", "There were 20 officials.", False),
        ("How many people died?", "It left several million dead.", True),
        ("Who is it?", "North Korean officials said nothing.", True),
        ("Who leads North Korea?", "The leader of North Korea said nothing.", False),
        ("When was it?", "It was on 14 September.", True),
        ("When was it?", "It was a great day.", False),
        ("Where was it?", "They met at the Capella hotel.", True),
        ("Where was it?", "They met at last.", False),
        ("How much did it cost?", "It cost about 17 billion won.", True),
        ("How much did it cost?", "It cost them dearly, in 2018.", False),
        ("Why did it fail?", "It failed because neither side moved.", True),
        ("What did he say?", "He went home.", False),
        ("What did he say?", "“Never again,” was the answer.", True),
        ("Is it over?", "It is over.", True),
    ],
)
def test_a_sentence_holds_what_is_wanted_or_does_not(question: str, sentence: str, holds: bool) -> None:
    assert wanted(question).holds(sentence) is holds


def test_words_of_one_name_belong_together_and_common_words_to_none() -> None:
    asked = wanted("What did Kim Jong Un say about China's trade?")
    assert dict(zip(asked.stems, asked.names, strict=True)) == {
        "kim": 0,
        "jong": 0,
        "un": 0,
        "china": 1,
        "trade": -1,
    }


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_question_is_read_and_any_sentence_judged(question: str, sentence: str) -> None:
    asked = wanted(question)
    assert len(asked.stems) == len(set(asked.stems)) == len(asked.words) == len(asked.names)
    assert asked.holds(sentence) in (True, False)
