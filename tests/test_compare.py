from __future__ import annotations

import json
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.answering import Assistant
from assistant.compare import as_sentence, disagreements
from assistant.compare.figures import figures
from assistant.compare.framing import frame, is_later_word
from assistant.compare.occasions import occasion, subjects, without_speech
from assistant.compare.wordings import term_set, terms
from assistant.types import Citation, Disagreement
from index.library import ArticleIndex
from index.passages import sentences
from index.types import Article, Hit, Passage

DATA = Path(__file__).parent / "data" / "disagreements.jsonl"
CASES = [json.loads(line) for line in DATA.read_text("utf-8").splitlines()]
LEAST_PRECISION, LEAST_RECALL = 0.9, 0.8
MOST_SECONDS = 0.03  # for ten passages


def hit(text: str, outlet: str = "The Post", day: str = "2024-05-03", language: str = "en") -> Hit:
    published = date.fromisoformat(day) if day else None
    article = Article(text, outlet=outlet, published=published, language=language, source=f"{outlet} {text}")
    return Hit(Passage(article, 0, len(text), tuple(sentences(text))), 1.0)


def found(case: dict[str, Any]) -> list[Hit]:
    return [hit(one["text"], one["outlet"], one["published"], case["language"]) for one in case["articles"]]


def outcome(kind: str, values: list[str]) -> tuple[str, tuple[str, ...]]:
    return kind, tuple(sorted(values))


@pytest.mark.parametrize("held_back", [False, True])
def test_what_is_reported_is_right_and_what_differs_is_reported(held_back: bool) -> None:
    right: Counter[str] = Counter()
    for case in (one for one in CASES if one["held_back"] is held_back):
        expected = {outcome(one["kind"], one["values"]) for one in case["expected"]}
        reported = [
            outcome(one.kind, [value for value, _ in one.values])
            for one in disagreements(case["question"], found(case))
        ]
        right["hits"] += sum(one in expected for one in reported)
        right["reported"] += len(reported)
        right["expected"] += len(expected)
    assert right["hits"] >= LEAST_PRECISION * right["reported"], right
    assert right["hits"] >= LEAST_RECALL * right["expected"], right


def test_the_cases_are_of_every_sort_and_some_are_held_back() -> None:
    sorts = Counter(case["sort"] for case in CASES)
    assert set(sorts) == {"conflict", "update", "different measure", "rounding", "same fact", "none"}
    assert min(sorts.values()) >= 20
    assert sum(case["held_back"] for case in CASES) >= 60


def only(question: str, *hits: Hit, as_of: date | None = None) -> Disagreement:
    (disagreement,) = disagreements(question, hits, as_of)
    return disagreement


FIRST = hit("Rain fell. The quake in Larkum killed 12 people.", "The Harbour Post", "2024-05-03")
SAME_DAY = hit("In Larkum 15 people were killed by the quake, the mayor said.", "Kestrel Wire", "2024-05-03")
LATER = hit("The number of people killed by the quake in Larkum rose to 15.", "Kestrel Wire", "2024-05-05")
ASKED = "How many people were killed by the quake in Larkum?"


def test_a_value_is_cited_with_its_very_sentence_in_the_order_of_days() -> None:
    disagreement = only(ASKED, LATER, FIRST)
    assert disagreement.kind == "update"
    assert [(value, citation.quote) for value, citation in disagreement.values] == [
        ("12", "The quake in Larkum killed 12 people."),
        ("15", "The number of people killed by the quake in Larkum rose to 15."),
    ]


def said(disagreement: Disagreement) -> str:
    return "".join("[n]" if isinstance(one, Citation) else one for one in as_sentence(disagreement))


def test_a_conflict_is_said_in_one_sentence_with_a_place_for_each_mark() -> None:
    assert said(only(ASKED, FIRST, SAME_DAY)) == (
        "Reports differ on people killed: 12 (The Harbour Post, 3 May 2024)[n] "
        "and 15 (Kestrel Wire, 3 May 2024)[n]."
    )


def test_an_update_names_the_later_report_first() -> None:
    assert said(only(ASKED, FIRST, LATER)) == (
        "On people killed, a later report gives 15 (Kestrel Wire, 5 May 2024)[n], "
        "where an earlier one gave 12 (The Harbour Post, 3 May 2024)[n]."
    )


def test_yes_and_no_are_said_of_what_was_denied() -> None:
    disagreement = only(
        "Did the minister meet the envoy?",
        hit("The minister met the envoy in Stockholm on Monday.", "The Harbour Post"),
        hit("The minister did not meet the envoy in Stockholm on Monday.", "Kestrel Wire"),
    )
    assert said(disagreement).startswith(
        "Reports differ on whether the minister met the envoy in Stockholm on Monday: yes (The Harbour Post"
    )


def test_three_reports_of_two_values_give_each_value_once() -> None:
    third = hit("The quake in Larkum left a dozen people dead.", "Saltmarsh Times", "2024-05-03")
    assert [value for value, _ in only(ASKED, FIRST, SAME_DAY, third).values] == ["12", "15"]


def test_what_was_written_after_the_day_of_the_question_is_left_out() -> None:
    assert disagreements(ASKED, [FIRST, LATER], date(2024, 5, 4)) == ()


def test_an_article_does_not_differ_from_itself() -> None:
    both = hit("The quake in Larkum killed 12 people. In Larkum 15 people were killed by the quake.")
    assert disagreements(ASKED, [both]) == ()


WIRE = (
    "The quake in Larkum killed 12 people early on Friday, and everyone ran out into the rain. The "
    "digging went on until the night, while the river kept rising behind the old town hall, the bridge "
    "stayed shut, and buses took families over the hills to Tarnby."
)


def test_an_article_differs_from_its_copy_where_one_sentence_has_another_figure() -> None:
    slip = WIRE.replace("killed 12", "killed 21")
    (one,) = disagreements(ASKED, [hit(WIRE, "The Harbour Post"), hit(slip, "Kestrel Wire")])
    assert (one.kind, [value for value, _ in one.values]) == ("conflict", ["12", "21"])


def test_an_article_does_not_differ_from_its_copy_in_another_sentence() -> None:
    later = WIRE.replace("The digging", "The quake in Larkum killed 3 children, and the digging")
    assert disagreements(ASKED, [hit(WIRE, "The Harbour Post"), hit(later, "Kestrel Wire")]) == ()


def test_a_copy_that_an_answer_leaves_out_is_still_read_for_its_figures(tmp_path: Path) -> None:
    slip = WIRE.replace("killed 12", "killed 21")
    told = [(WIRE, "The Harbour Post"), (WIRE, "Larkmoor Chronicle"), (slip, "Kestrel Wire")]
    with ArticleIndex.open(tmp_path) as index:
        index.add([hit(text, outlet).passage.article for text, outlet in told])
        answer = Assistant(index).answer(ASKED)
        assert index.coverage().stories == 1
    (one,) = answer.disagreements
    assert sorted(value for value, _ in one.values) == ["12", "21"]
    assert len(answer.sources) == 2
    assert [len(source.copies) for source in answer.sources] == [1, 1]


def test_articles_without_a_day_are_compared_only_where_both_name_one() -> None:
    undated = [
        hit("The quake in Larkum killed 12 people.", "A", ""),
        hit("A quake in Larkum killed 15 people.", "B", ""),
    ]
    assert disagreements(ASKED, undated) == ()


def test_what_was_asked_for_in_hanoi_is_told_in_two_ways(sample: Assistant) -> None:
    question = "What did North Korea ask for in Hanoi?"
    disagreement = only(question, *sample.index.search(question, 10))
    assert disagreement.kind == "conflict"
    assert [value for value, _ in disagreement.values] == ["in their entirety", "only in part"]


@pytest.mark.parametrize(
    "question",
    [
        "How much did it cost to rebuild the liaison office in Kaesong?",
        "How many cases of remains did North Korea hand over?",
        "How many launches were there in March 2020?",
        "When was the liaison office in Kaesong blown up?",
        "Who is the foreign minister of North Korea?",
        "Did Trump call off the Singapore summit?",
        "What did Ri Son Gwon say on the anniversary of the Singapore summit?",
        "Where did Trump and Kim meet in June 2018?",
    ],
)
def test_sample_articles_that_agree_are_not_said_to_differ(sample: Assistant, question: str) -> None:
    assert disagreements(question, sample.index.search(question, 10)) == ()


@pytest.mark.parametrize("question", ["When did Trump and Kim first meet?", "What happened in Singapore?"])
def test_two_real_articles_of_one_day_do_not_differ(real: Assistant, question: str) -> None:
    assert disagreements(question, real.index.search(question, 10)) == ()


def test_ten_passages_are_compared_within_the_time_there_is(sample: Assistant) -> None:
    question = "How many cases of remains did North Korea hand over?"
    hits = sample.index.search(question, 10)
    taken = []
    for _ in range(5):
        for remembered in (
            terms,
            term_set,
            figures,
            frame,
            is_later_word,
            occasion,
            subjects,
            without_speech,
        ):
            remembered.cache_clear()  # as for a first question, when the words have been stemmed
        started = time.perf_counter()
        disagreements(question, hits)
        taken.append(time.perf_counter() - started)
    assert min(taken) <= MOST_SECONDS


@pytest.mark.parametrize(
    ("question", "one", "other", "values"),
    [
        (
            "Was the signal green or red?",
            "The railway said the signal had been green.",
            "The railway said the signal had been red.",
            ["green", "red"],
        ),
        (
            "How many people were killed in the Brae fire?",
            "Three people were killed in the Brae fire of 1999.",
            "Nine people were killed in the Brae fire on Wednesday.",
            None,
        ),
        (
            "How many people did the storm kill?",
            "The storm killed 3 people in Brae and 9 in Sund.",
            "The storm killed 12 people in Brae and Sund.",
            None,
        ),
        (
            "How many people did the storm kill?",
            "The storm killed 3 people in Brae and 9 in Sund.",
            "The storm killed 14 people in Brae and Sund.",
            ["14", "3"],
        ),
        (
            "How many people were hurt when the crane fell in Brae?",
            "Nobody was hurt when the crane fell in Brae.",
            "Three people were hurt when the crane fell in Brae.",
            ["Nobody", "Three"],
        ),
        (
            "How many people were hurt when the crane fell in Brae?",
            "Nobody knew how many were hurt when the crane fell in Brae.",
            "Three people were hurt when the crane fell in Brae.",
            None,
        ),
        (
            "Who is the mayor of Brae?",
            "The mayor of Brae is Tove Berg.",
            "The mayor of Brae is Olaf Rist.",
            ["Olaf Rist", "Tove Berg"],
        ),
        (
            "When did the ship sink off Brae?",
            "The ship sank at 3 p.m. on Friday off Brae.",
            "The ship sank at 17:00 on Friday off Brae.",
            ["17:00", "3 p.m."],
        ),
        (
            "When did the ship sink off Brae?",
            "The ship sank at 3 p.m. on Friday off Brae.",
            "The ship sank at 15:10 on Friday off Brae.",
            None,
        ),
        (
            "When did the ship sink off Brae?",
            "The ship sank at 3 p.m. GMT on Friday off Brae.",
            "The ship sank at 5 p.m. local time on Friday off Brae.",
            None,
        ),
        (
            "When will the bridge in Brae open?",
            "The bridge in Brae will open in June.",
            "The bridge in Brae will open in September.",
            ["June", "September"],
        ),
        (
            "When will the bridge in Brae open?",
            "The bridge in Brae will open in June.",
            "The bridge in Brae will open on 4 June.",
            None,
        ),
    ],
)
def test_plain_conflicts_are_told_and_what_is_none_is_not(
    question: str, one: str, other: str, values: list[str] | None
) -> None:
    told = disagreements(question, [hit(one, "The Harbour Post"), hit(other, "Kestrel Wire")])
    assert [sorted(value for value, _ in each.values) for each in told] == ([values] if values else [])


@pytest.mark.parametrize("piece", ["9 ", "9 8 7 ", "wrongly ", "hundred ", "Brae 9 ", "nobody was "])
def test_long_nonsense_has_its_figures_read_in_no_long_time(piece: str) -> None:
    began = time.perf_counter()
    figures((piece * 20_000)[:20_000])
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(
    ("word", "value"),
    [("dreizehn", 13), ("vierzig", 40), ("neunundneunzig", 99), ("zweihundertfünfzig", 250), ("zwei", 2)],
)
def test_german_number_words_are_read(word: str, value: float) -> None:
    (one,) = figures(f"In Brae starben {word} Menschen bei dem Brand.", "de")
    assert (one.text, one.low) == (word, value)
