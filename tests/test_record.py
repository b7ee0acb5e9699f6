from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_answers import ABSTAINED, FULL, HARBOUR

from assistant.record import from_record, to_record
from assistant.types import Answer, Citation, Claim, Disagreement, Source
from index.types import Article, Passage, Scope

ZONES = st.none() | st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.none() | st.dates() | st.datetimes(timezones=ZONES)
ARTICLES = st.builds(
    Article,
    *[st.text(max_size=30)] * 5,
    published=MOMENTS,
    modified=MOMENTS,
    source=st.text(max_size=9),
)


@st.composite
def citations(draw: st.DrawFn, articles: list[Article]) -> Citation:
    article = draw(st.sampled_from(articles))
    a, b, c, d = sorted(draw(st.lists(st.integers(0, len(article.text)), min_size=4, max_size=4)))
    return Citation(Passage(article, a, d, ((a, c), (c, d))), b, c)


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    articles = draw(st.lists(ARTICLES, min_size=1, max_size=4, unique=True))
    text = draw(st.text(max_size=40))
    claims = []
    for _ in range(draw(st.integers(0, 3))):
        start, end = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
        cited = tuple(draw(st.lists(citations(articles), max_size=3)))
        verdict = draw(st.sampled_from(["verbatim", "supported", "unsupported"]))
        claims.append(Claim(text[start:end], cited, verdict, start, end))
    days = sorted(draw(st.lists(st.dates(), min_size=2, max_size=2)))
    values = tuple(draw(st.lists(st.tuples(st.text(max_size=5), citations(articles)), max_size=2)))
    return Answer(
        text,
        draw(st.text(max_size=20)),
        Scope(
            draw(st.none() | st.dates()),
            days[0],
            days[1],
            tuple(draw(st.lists(st.text(max_size=5), max_size=2))),
        ),
        tuple(claims),
        tuple(Source(n, a, tuple(articles[:1]) if n % 2 else ()) for n, a in enumerate(articles, 1)),
        (Disagreement(draw(st.sampled_from(["conflict", "update"])), draw(st.text(max_size=5)), values),),
        False,
        tuple(draw(st.lists(ARTICLES, max_size=2))),
        tuple(draw(st.lists(st.text(max_size=5), max_size=2))),
        draw(st.text(max_size=5)),
    )


@settings(deadline=None)
@given(answers())
def test_an_answer_comes_back_equal_from_its_record_and_from_json(answer: Answer) -> None:
    record = to_record(answer)
    assert from_record(record) == answer
    assert from_record(json.loads(json.dumps(record))) == answer


def test_a_record_lets_anyone_check_a_quote_and_keeps_the_time_zone() -> None:
    record = to_record(FULL)
    citation = record["claims"][0]["citations"][0]
    article = record["articles"][citation["article"]]
    assert article["text"][citation["start"] : citation["end"]] == citation["quote"]
    assert article["published"] == "2019-02-28T09:30:00+07:00"
    assert from_record(record).sources[0].article.published == datetime.fromisoformat(article["published"])
    assert record["format"] == 1


def test_an_article_stands_in_a_record_once_however_often_it_is_cited() -> None:
    assert json.dumps(to_record(FULL)).count("No date was set for a third meeting.") == 1


Edit = Callable[[dict[str, Any]], None]


def put(path: str, value: object) -> Edit:
    def edit(record: dict[str, Any]) -> None:
        *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
        place: Any = record
        for step in steps:
            place = place[step]
        place[last] = value

    return edit


@pytest.mark.parametrize(
    ("where", "edit"),
    [
        ("format", put("format", 2)),
        ("text", put("text", 7)),
        ("extra", put("extra", 7)),
        ("claims.0.verdict", put("claims.0.verdict", "certain")),
        ("claims.0.start", put("claims.0.start", -1)),
        ("claims.0.start", put("claims.0.start", True)),
        ("claims.0.start", put("claims.0.start", "0")),
        ("claims.0: ", put("claims.0.end", 10**9)),
        ("claims.0.text", put("claims.0.text", "Something else.")),
        ("claims.0.citations.0: ", put("claims.0.citations.0.end", 10**9)),
        ("claims.0.citations.0.quote", put("claims.0.citations.0.quote", "Never said.")),
        ("claims.0.citations.0.quote", put("claims.0.citations.0.start", 0)),
        ("claims.0.citations.0.article", put("claims.0.citations.0.article", 99)),
        ("claims.0.citations.0.passage", put("claims.0.citations.0.passage", [5, 1])),
        ("claims.0.citations.0.passage", put("claims.0.citations.0.passage", [1])),
        ("claims.0.citations.0.sentences.0", put("claims.0.citations.0.sentences", [[0, 10**9]])),
        ("claims.0.citations: ", put("sources", [])),
        ("sources.0.number", put("sources.0.number", 0)),
        ("sources: two", put("sources.0.number", 2)),
        ("sources.0.article", put("sources.0.article", 3)),
        ("sources.0.copies.0", put("sources.0.copies", [44])),
        ("sources: an answer that abstains", put("abstained", True)),
        ("disagreements.0.kind", put("disagreements.0.kind", "row")),
        ("disagreements.0.values.0.citation.quote", put("disagreements.0.values.0.citation.quote", "")),
        ("nearest.0", put("nearest", [12])),
        ("scope.as_of", put("scope.as_of", "yesterday")),
        ("scope: since", put("scope.since", "2021-01-01")),
        ("articles.0.published", put("articles.0.published", "2019-13-01")),
        ("articles.0.modified", put("articles.0.modified", "T")),
        ("articles.0.id", put("articles.0.id", "0" * 16)),
        ("articles.0.id", put("articles.0.url", "https://evil.example/a")),
        ("articles.0.text", put("articles.0.text", None)),
    ],
)
def test_a_record_that_was_tampered_with_is_refused_by_the_name_of_the_wrong_part(
    where: str, edit: Edit
) -> None:
    record = copy.deepcopy(to_record(FULL))
    edit(record)
    with pytest.raises(ValueError, match=f"^{where}"):
        from_record(record)


@pytest.mark.parametrize("data", [None, [], "{}", 7, {}, {"format": 1}, {1: 2}])
def test_what_is_no_record_at_all_is_refused(data: object) -> None:
    with pytest.raises(ValueError, match=r"^[a-z_ 0-9]+: "):
        from_record(data)


def test_an_answer_that_abstains_keeps_its_nearest_articles() -> None:
    assert from_record(to_record(ABSTAINED)).nearest[0] == HARBOUR
