from __future__ import annotations

from itertools import pairwise

import pytest
from scripted import Scripted, handle_of

from assistant.answering import Assistant
from assistant.markup import marks
from assistant.settings import Settings
from assistant.timeline import topic
from assistant.types import Answer


@pytest.mark.parametrize(
    ("question", "of"),
    [
        ("How did the talks in Hanoi develop?", "the talks in Hanoi"),
        ("How has the dispute over the office evolved since?", "the dispute over the office"),
        ("Give me a timeline of the missile launches.", "the missile launches"),
        ("the chronology of the talks", "the talks"),
        ("Wie haben sich die Gespräche entwickelt?", "die Gespräche"),
        ("How did the summit end?", ""),
        ("How developed is the missile?", ""),
        ("What is the timeline?", ""),
    ],
)
def test_a_development_is_told_from_other_questions(question: str, of: str) -> None:
    assert topic(question) == of


def test_a_development_is_told_by_its_days_one_line_an_event(sample: Assistant) -> None:
    answer = sample.answer("How did the talks between the United States and North Korea develop?")
    lines = answer.text.split("\n\n")
    assert len(lines) == len(answer.claims) >= 6
    assert lines[0].startswith("12 June 2018 · The Harbour Post, 12 June 2018: “")
    assert any(line.startswith("16 June 2020 · ") and "blew up the office" in line for line in lines)
    assert all(answer.text[claim.start : claim.end] == claim.text for claim in answer.claims)
    assert {mark.number for mark in marks(answer)} == {source.number for source in answer.sources}
    assert Answer.from_dict(answer.to_dict()) == answer


def test_a_day_whose_year_stands_elsewhere_is_no_event(sample: Assistant) -> None:
    answer = sample.answer("How did the dispute over the liaison office in Kaesong unfold?")
    assert "14 September 2019 · " not in answer.text
    days = [line.split(" · ")[0] for line in answer.text.split("\n\n")]
    assert all(one != other for one, other in pairwise(days))


def test_where_nothing_is_told_of_a_topic_its_development_is_not_either(sample: Assistant) -> None:
    assert sample.answer("How did the price of coffee in Brazil develop?").abstained


def test_a_model_reads_the_passages_of_a_development_in_the_order_of_its_events(sample: Assistant) -> None:
    def script(asked: str) -> str:
        assert asked.index("Panmunjom Declaration") < asked.index("blew up the office")
        handle = handle_of(asked, "blew up the office")
        return f"North Korea blew up the office it had shared with South Korea. [{handle}]"

    model = Scripted(script=script)
    question = "How did the talks between the United States and North Korea develop?"
    answer = Assistant(sample.index, llm=model, settings=Settings()).answer(question)
    assert answer.model
    assert [claim.verdict for claim in answer.claims] == ["supported"]
