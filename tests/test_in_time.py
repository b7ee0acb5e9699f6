from __future__ import annotations

from datetime import date, datetime

import pytest

from assistant.answering import Assistant
from assistant.in_time import may_be_of
from index.intervals import Interval, day_of, month_of
from index.types import Article, Passage

IN_MAY = [month_of(2019, 5)]


def may_be(text: str, published: str, about: list[Interval], sentence: str = "") -> bool:
    article = Article(text, published=datetime.fromisoformat(published) if published else None)
    start = text.index(sentence)
    passage = Passage(article, 0, len(text), ((0, len(text)),))
    return may_be_of(passage, (start, start + len(sentence or text)), about)


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        ("It fired missiles yesterday.", "2019-05-10", True),
        ("It fired missiles yesterday.", "2019-06-01", True),
        ("It fired missiles yesterday.", "2019-10-03", False),
        ("It has fired since May 2019.", "2020-02-01", True),
        ("It fired missiles.", "2019-05-10", True),
        ("It fired missiles.", "2019-06-05", True),
        ("It fired missiles.", "2019-07-05", False),
        ("It fired missiles.", "2019-04-30", False),
        ("It fired missiles.", "", True),
        ("In the last ten years it fired missiles.", "2019-05-10", True),
    ],
)
def test_a_sentence_may_be_of_the_time_it_names_or_was_published_in(
    text: str, published: str, expected: bool
) -> None:
    assert may_be(text, published, IN_MAY) == expected


def test_a_sentence_without_a_time_has_that_of_its_passage() -> None:
    text = "They met in May 2019. The talks went badly. On 3 October 2019 they met again."
    assert may_be(text, "2020-01-01", IN_MAY, "The talks went badly.")
    assert not may_be(text, "2020-01-01", [month_of(2018, 5)], "The talks went badly.")
    assert not may_be(text, "2020-01-01", IN_MAY, "On 3 October 2019 they met again.")


def test_nothing_is_left_out_where_no_time_is_asked_of() -> None:
    assert may_be("It fired missiles yesterday.", "2019-10-03", [])


def test_what_happened_at_another_time_is_not_quoted(sample: Assistant) -> None:
    answer = sample.answer("What did North Korea fire in May 2019?")
    first = answer.claims[0].citations[0]
    assert first.article.published_day == date(2019, 5, 10)
    assert sample.answer("What did North Korea fire in May 2015?").abstained


def test_a_development_keeps_to_the_time_asked_of(sample: Assistant) -> None:
    answer = sample.answer("How did the relations between North and South Korea develop in 2020?")
    days = [line.split(" · ")[0] for line in answer.text.split("\n\n")]
    assert len(days) > 3
    assert all(day.endswith(" 2020") for day in days)


def test_an_open_time_takes_what_lies_on_its_side() -> None:
    before = [Interval(date.min, date(2018, 5, 31))]
    assert may_be("He wrote a letter.", "2018-05-25", before)
    assert not may_be("He wrote a letter on 3 July 2018.", "2018-07-04", before)
    assert not may_be("He wrote a letter.", "2018-07-04", [day_of(date(2018, 5, 31))])
