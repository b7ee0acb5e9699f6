from __future__ import annotations

import pytest

from assistant.answering import Assistant
from assistant.outlets import Named, named

OUTLETS = (
    "The Harbour Post", "Kestrel Tribune", "Saltmarsh Gazette", "Northgate Daily", "Fortune", "Wired", "Time",
    "The Windrose Review", "Lindenhafener Kurier", "Reuters", "BBC News", "People", "Nature",
)  # fmt: skip
POST, TRIBUNE, GAZETTE = OUTLETS[:3]

ASKED = [
    ("According to The Harbour Post, why did the summit fail?", [POST]),
    ("Why did the summit fail, according to the harbour post?", [POST]),
    ("according to harbour post why did the summit fail", [POST]),
    ("What did The Harbour Post report about the blast?", [POST]),
    ("What did the Harbor Post report about the blast?", [POST]),
    ("What does the Harbour Post's article say about the cost?", [POST]),
    ("How did the Kestrel Tribune describe the handshake?", [TRIBUNE]),
    ("Did the Kestral Tribune say who pays?", [TRIBUNE]),
    ("Compare The Harbour Post and Kestrel Tribune on the blast", [POST, TRIBUNE]),
    ("Compare what The Harbour Post, Kestrel Tribune and Saltmarsh Gazette wrote", [POST, TRIBUNE, GAZETTE]),
    ("Does the report in the Saltmarsh Gazette name the ship?", [GAZETTE]),
    ("Which ship was seized, as reported by Reuters?", ["Reuters"]),
    ("What was reported by both Wired and Fortune about the phone?", ["Wired", "Fortune"]),
    ("What is Wired's coverage of the phone like?", ["Wired"]),
    ("What did BBC News say about the strike?", ["BBC News"]),
    ("What did the 'Northgate Daily' article claim?", ["Northgate Daily"]),
    ("Laut Lindenhafener Kurier, wann scheiterten die Gespräche?", ["Lindenhafener Kurier"]),
    ("Was schrieb der Lindenhafener Kurier über Stockholm?", ["Lindenhafener Kurier"]),
    ("What did Reuters and the Saltmarsh Gazette report?", ["Reuters", GAZETTE]),
    ("What do we read in The Windrose Review about letters?", ["The Windrose Review"]),
]
NOT_ASKED = [
    "Who owns The Harbour Post?",
    "When was the Kestrel Tribune founded?",
    "Who made a fortune in the crisis?",
    "How much time did Kim have?",
    "Which office was wired to explode?",
    "In time, did the ships arrive?",
    "What did Trump say about the post?",
    "What did the gazette of the ministry say?",
    "Who reported the missing ferry?",
    "Which of the daily flights were cancelled?",
    "What was in the letter?",
    "Why did the summit fail?",
    "What did the people report to police?",
    "Why did nature say no?",
]


@pytest.mark.parametrize(("question", "outlets"), ASKED)
def test_outlets_that_are_asked_are_found(question: str, outlets: list[str]) -> None:
    assert list(named(question, OUTLETS).outlets) == outlets


@pytest.mark.parametrize("question", NOT_ASKED)
def test_an_outlet_that_is_only_spoken_of_is_not_asked(question: str) -> None:
    assert named(question, OUTLETS).outlets == ()
    assert named(question, OUTLETS).question == question


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("According to The Harbour Post, why did the summit fail?", "why did the summit fail?"),
        ("Why did the summit fail, according to the harbour post?", "Why did the summit fail?"),
        ("What did The Harbour Post report about the blast?", "What about the blast?"),
        ("Did the Kestral Tribune say who pays?", "who pays?"),
        ("Compare what The Harbour Post and Kestrel Tribune wrote about the blast", "the blast"),
        ("Compare the Harbour Post, Reuters and Kestrel Tribune on who pays", "who pays"),
        ("Which ship was seized, as reported by Reuters?", "Which ship was seized?"),
    ],
)
def test_the_rest_of_the_question_is_what_is_searched(question: str, rest: str) -> None:
    assert named(question, OUTLETS).question == rest


def test_nothing_is_left_of_a_name_alone() -> None:
    assert named("according to Reuters", OUTLETS) == Named(("Reuters",), "")


def test_any_question_and_thousands_of_outlets_are_read_in_time() -> None:
    import time

    outlets = [f"The {a}{b} Courier" for a in "abcdefghijklmnopqrstuvwxyz" for b in range(200)]
    began = time.perf_counter()
    named("What did the x7 courier say " + "about the harbour " * 100, outlets)
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("What did the New York Times report about the office?", ("New York Times",)),
        ("According to Bloomberg, what happened?", ("Bloomberg",)),
        ("What did The Harbour Post and the Ostland Tageblatt say?", ("Ostland Tageblatt",)),
        ("What did Trump say about the Washington Post?", ()),
        ("Why did the Post Office close?", ()),
        ("How did the news spread?", ()),
        ("What did The Harbour Post say?", ()),
    ],
)
def test_outlets_that_are_asked_and_not_here_are_named(question: str, missing: tuple[str, ...]) -> None:
    assert named(question, OUTLETS).missing == missing


def test_an_outlet_beside_one_that_is_not_here_is_asked() -> None:
    found = named("What did The Harbour Post and the Ostland Tageblatt say?", OUTLETS)
    assert found.outlets == ("The Harbour Post",)


def test_an_answer_says_which_outlet_is_not_here(sample: Assistant) -> None:
    answer = sample.answer("What did the New York Times report about the liaison office?")
    assert "No article here is from New York Times." in answer.warnings
