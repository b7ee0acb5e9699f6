from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.anchors import anchors
from assistant.answering import Assistant
from assistant.asked import read
from assistant.happened import events
from assistant.types import MOST_DAYS, Anchored, Answer, Citation, Side
from index import Article, ArticleIndex, Passage
from index.embed import bundled
from index.time_words import UNITS
from index.types import Coverage, Scope
from tests.time_rows import listed

TODAY = date(2020, 6, 24)
DATA = Path(__file__).parent / "data"
ROWS = [json.loads(line) for line in (DATA / "anchors.jsonl").read_text("utf-8").splitlines()]
FLOOR = 0.8


def found(sample: Assistant, row: dict[str, Any]) -> list[str] | None:
    as_of = date.fromisoformat(row["as_of"]) if row["as_of"] else None
    told = events(row["question"], sample.index, bundled().embed, Scope(as_of=as_of), as_of or TODAY)
    return [str(told[0].first), str(told[0].last)] if told else None


@pytest.fixture(scope="session")
def taken(sample: Assistant) -> dict[str, list[str] | None]:
    return {row["question"]: found(sample, row) for row in ROWS}


def test_most_events_have_their_days_and_the_rest_is_listed(taken: dict[str, list[str] | None]) -> None:
    wrong = {row["question"] for row in ROWS if taken[row["question"]] != row["event"]}
    assert len(wrong) <= (1 - FLOOR) * len(ROWS)
    assert listed("Events not found, or wrong") == wrong


def test_hardly_a_day_is_wrong_where_one_is_taken(taken: dict[str, list[str] | None]) -> None:
    told = [(row["event"], days) for row in ROWS if (days := taken[row["question"]])]
    assert sum(days != event for event, days in told) <= 0.1 * len(told)


@pytest.mark.parametrize(
    ("question", "side", "event", "kind"),
    [
        ("What has North Korea launched since Hanoi?", "after", "Hanoi", "about"),
        ("After the Hanoi summit, what did Ri say?", "after", "the Hanoi summit", "about"),
        ("What did reports published before the election say?", "before", "the election", "published"),
        ("What did Ri Yong Ho say before he resigned?", "before", "Ri Yong Ho resigned", "about"),
        ("Was sagte Kim Yong Chol, bevor er zurücktrat?", "before", "Kim Yong Chol zurücktrat", "about"),
        ("Was wurde nach dem Gipfel in Singapur vereinbart?", "after", "dem Gipfel in Singapur", "about"),
        ("Was wurde seit Hanoi vereinbart?", "after", "Hanoi", "about"),
        ("What did Ri Yong Ho say before leaving office?", "before", "Ri Yong Ho leaving office", "about"),
        ("What did Ri say in Hanoi before he resigned?", "before", "Ri resigned", "about"),
        ("Who worked there until the office was blown up?", "until", "the office was blown up", "about"),
    ],
)
def test_events_are_read(question: str, side: str, event: str, kind: str) -> None:
    [one] = anchors(question, TODAY)
    assert (one.side, one.event, one.kind) == (side, event, kind)
    assert one.words in question


@pytest.mark.parametrize(
    "question",
    [
        "What has Kim Yo Jong said since 4 June 2020?",
        "What did he say before he resigned?",
        "What did Kim tell Moon before he resigned?",
        "Who testified before the court?",
        "What came of it after all?",
        "Why is it quiet, since he is no longer there?",
        "Who looks after the office?",
        "What did Kim say after the election campaign?",
        "What did Kim say after the anniversary of the summit?",
        "Why does Kim stay at home, since the talks have ended?",
        "What was known until now?",
        "Will they meet before long?",
        "What do they earn after taxes?",
        "What happened a week after the summit?",
        "How long after the summit did they meet?",
        "Did he resign before or after the summit?",
        "Wann flog Moon nach Hanoi?",
        "Wer stand vor Gericht?",
        "Who was the ship named after?",
        "Did the Herald report it before the Post reported on the summit?",
    ],
)
def test_what_names_no_event_is_left_alone(question: str) -> None:
    assert anchors(question, TODAY) == ()


def test_days_within_some_of_an_event_are_counted() -> None:
    [one] = anchors("What did Ri say in the two weeks after the summit?", TODAY)
    assert (one.words, one.days) == ("in the two weeks after the summit", 14)


def test_what_an_occasion_was_like_is_no_verb() -> None:
    [one] = anchors("What did Ri say after the failed summit?", TODAY)
    assert (one.event, one.verb) == ("the failed summit", "")


def test_of_very_many_events_the_first_are_read() -> None:
    assert len(anchors("What came after the summit, " * 40, TODAY)) == 5


@pytest.mark.parametrize("name", ["question_times", "sample_questions", "misleading_questions"])
def test_no_other_question_is_counted_from_a_wrong_event(sample: Assistant, name: str) -> None:
    questions = [
        json.loads(line)["question"] for line in (DATA / f"{name}.jsonl").read_text("utf-8").splitlines()
    ]
    told = {
        question: [(str(one.first), str(one.last)) for one in there]
        for question in questions
        if (there := events(question, sample.index, bundled().embed, Scope(), TODAY))
    }
    hanoi, singapore = [("2019-02-27", "2019-02-28")], [("2018-06-12", "2018-06-12")]
    assert all(days in (hanoi, singapore) for days in told.values())
    assert all("Hanoi" in question or "Singapore" in question for question in told)


def test_what_came_after_is_asked_of_later_articles_and_the_answer_says_which_day(sample: Assistant) -> None:
    answer = sample.answer("What has North Korea launched since Hanoi?")
    assert answer.scope == Scope(since=date(2019, 2, 28))
    assert all(one.article.published_day >= date(2019, 2, 28) for one in answer.sources)
    assert "Asked of what came after “Hanoi”, 27 February 2019 to 28 February 2019 (The Windrose" in (
        answer.to_markdown()
    )
    assert "27 and 28 February 2019" in answer.anchors[0].citation.quote
    assert Answer.from_dict(json.loads(json.dumps(answer.to_dict()))) == answer


def test_what_came_before_may_be_told_later_unless_articles_of_then_are_asked_for(sample: Assistant) -> None:
    before = sample.answer("What did Kim Yo Jong say before the liaison office was blown up?")
    assert before.scope == Scope()
    assert before.anchors[0].first == date(2020, 6, 16)
    then = sample.answer("What did articles published before the Singapore summit say about the tunnels?")
    assert then.scope == Scope(until=date(2018, 6, 11))
    assert "Larkmoor Chronicle, 25 May 2018" in then.text


def test_nothing_later_than_the_day_of_the_question_tells_of_an_event(sample: Assistant) -> None:
    question = "What has happened since the Stockholm talks?"
    for as_of in (date(2019, 9, 30), date(2019, 10, 4)):
        told = events(question, sample.index, bundled().embed, Scope(as_of=as_of), as_of)
        assert all(one.citation.article.published_day <= as_of for one in told)
    assert sample.answer(question, as_of="2019-09-30").anchors == ()


def test_an_event_to_come_bounds_nothing(sample: Assistant) -> None:
    answer = sample.answer("What is planned after the Singapore summit?", as_of="2018-06-05")
    assert answer.anchors[0].first == date(2018, 6, 12)
    assert answer.scope == Scope(as_of=date(2018, 6, 5))


def test_a_record_with_an_event_of_a_later_article_is_refused(sample: Assistant) -> None:
    record = sample.answer("What has North Korea launched since Hanoi?").to_dict()
    record["anchors"][0]["last"] = "2019-02-01"
    with pytest.raises(ValueError, match=r"anchors\.0: .*2019-02-01.*2019-02-27"):
        Answer.from_dict(record)
    del record["anchors"]
    assert Answer.from_dict(record).anchors == ()


def test_a_german_collection_tells_of_its_events(tmp_path: Path) -> None:
    with ArticleIndex.open(tmp_path) as index:
        index.add(
            [
                Article(
                    "Der Minister Jonas Brandt trat am Dienstag nach dem Streit um die Brücke zurück. "
                    "Am Montag hatte er noch gesagt, die Brücke sei sicher.",
                    "Minister Brandt tritt zurück",
                    "Lindenhafener Kurier",
                    published=date(2021, 3, 3),
                    date_source="field",
                    language="de",
                ),
                Article(
                    "Die Brücke wurde am 11. März 2021 gesprengt. Danach war der Fluss frei.",
                    "Brücke gesprengt",
                    "Lindenhafener Kurier",
                    published=date(2021, 3, 12),
                    date_source="field",
                    language="de",
                ),
            ]
        )
        told = events(
            "Was geschah, nachdem die Brücke gesprengt wurde?", index, bundled().embed, Scope(), TODAY
        )
        assert [str(one.first) for one in told] == ["2021-03-11"]


@given(
    st.lists(st.sampled_from("since after before until seit Hanoi the summit he was , ? 2019 - nach".split()))
)
def test_any_question_is_read(words: list[str]) -> None:
    question = " ".join(words)
    assert all(one.words in question and one.event for one in anchors(question, TODAY))


@given(
    st.integers(0, 9999) | st.sampled_from(["two", "an", "hundert"]),
    st.sampled_from(" ".join(UNITS.values()).split()),
    st.sampled_from(["after", "before", "until"]),
    st.dates(),
)
def test_any_number_of_days_from_any_event_is_counted(
    count: int | str, unit: str, side: Side, day: date
) -> None:
    passage = Passage(Article("They met in Hanoi."), 0, 18)
    for one in anchors(f"What was said in the {count} {unit} {side} Hanoi?", TODAY):
        assert 0 <= one.days <= MOST_DAYS
        told = Anchored(side, "published", one.words, "Hanoi", day, day, Citation(passage, 0, 4), one.days)
        found = read(f"What was said {one.words}?", Scope(), Coverage(1, (), day, day, 0, None), day, [told])
        assert (found.scope.since or date.min) <= (found.scope.until or date.max)


def test_more_than_a_century_from_an_event_is_no_bound() -> None:
    [hundred] = anchors("What was said in the 100 years after Hanoi?", TODAY)
    [thousands] = anchors("What was said in the 8000 years after Hanoi?", TODAY)
    assert (hundred.days, thousands.days) == (36_524, 0)
