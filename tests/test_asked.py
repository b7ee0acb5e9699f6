from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from storing import HashEmbedding

from assistant.answering import Assistant
from assistant.asked import Asked, is_beyond, is_stale, read
from assistant.settings import Settings
from index import Article, ArticleIndex
from index.intervals import Interval, month_of
from index.types import Coverage, Scope

TODAY = date(2020, 6, 24)
COVERAGE = Coverage(
    31, ("The Harbour Post", "Kestrel Tribune"), date(2018, 4, 27), date(2020, 6, 20), 0, None
)


def asked(question: str, scope: Scope | None = None) -> Asked:
    return read(question, scope or Scope(), COVERAGE, TODAY)


def test_days_of_publication_bound_the_articles_and_are_not_searched() -> None:
    found = asked("What did articles from last week say about Kaesong?")
    assert found.words == "What did say about Kaesong?"
    assert (found.scope.since, found.scope.until) == (date(2020, 6, 15), date(2020, 6, 21))
    before = asked("Which reports published before June 2019 name the ship?")
    assert (before.scope.since, before.scope.until) == (None, date(2019, 5, 31))


def test_a_time_that_is_spoken_of_is_lifted_and_stays_in_the_words() -> None:
    found = asked("How many missiles did North Korea launch in May 2019?")
    assert found.about == (month_of(2019, 5),)
    assert found.scope == Scope()
    assert "May 2019" in found.words


@pytest.mark.parametrize(
    "question", ["What is the latest on Kaesong?", "Who is the foreign minister?", "What happened this week?"]
)
def test_what_is_newest_is_wanted_where_the_question_is_of_now(question: str) -> None:
    assert asked(question).is_of_now
    assert "latest" not in asked(question).words
    assert not is_stale(COVERAGE, asked(question), TODAY)
    assert is_stale(COVERAGE, asked(question), date(2021, 1, 1))


def test_what_the_caller_says_comes_before_what_the_question_says() -> None:
    scope = Scope(since=date(2019, 1, 1), outlets=("Kestrel Tribune",))
    found = asked("According to The Harbour Post, what did articles from last week say?", scope)
    assert found.scope == scope
    assert not asked("Who was the foreign minister?").is_of_now


def test_of_copies_one_is_read_and_the_others_are_named(sample: Assistant) -> None:
    answer = sample.answer("What did North Korea do with the office in Kaesong in June 2020?")
    stories = [{source.article.id, *(copy.id for copy in source.copies)} for source in answer.sources]
    assert any(len(story) > 1 for story in stories)
    assert sum(map(len, stories)) == len(set().union(*stories))
    assert "Also as" in answer.to_markdown()


def test_the_newest_answer_leads_where_none_is_asked_for_in_particular(sample: Assistant) -> None:
    answer = sample.answer("Who is North Korea's foreign minister?")
    assert "Ri Son-gwon" in answer.claims[0].text
    assert "The newest dated article here is from 20 June 2020." in answer.warnings


def test_a_time_that_no_article_is_of_says_what_there_is(sample: Assistant) -> None:
    answer = sample.answer("What did articles published in March 2017 say about missiles?")
    assert answer.abstained
    assert "until 31 March 2017; they are published 27 April 2018 to 20 June 2020, 1 of them" in answer.text


def test_days_that_no_article_has_bound_nothing_where_some_are_undated(tmp_path: Path) -> None:
    with ArticleIndex.open(tmp_path, HashEmbedding()) as index:
        index.add(
            [Article("The ferry Aurora sank off Brae. Nine people died, the coast guard said.", "Ferry")]
        )
        assistant = Assistant(index, settings=Settings())
        answer = assistant.answer(
            "According to reports published on 4 May 2020, how many died on the ferry Aurora?"
        )
    assert "Nine people died" in answer.text
    assert answer.scope.since is None
    assert "1 article without a date" in answer.warnings[0]


def test_an_interval_is_told_from_the_day_it_is_asked_on() -> None:
    assert asked("What was tested last March?").about == (Interval(date(2020, 3, 1), date(2020, 3, 31)),)


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("What happened in March 2020?", date(2020, 3, 1), date(2020, 3, 31)),
        ("What did the Kestrel Tribune report in March 2020?", date(2020, 3, 1), date(2020, 3, 31)),
        ("What was reported on 9 March 2020?", date(2020, 3, 9), date(2020, 3, 9)),
        ("What has happened since May 2020?", date(2020, 5, 1), date(2020, 6, 24)),
        ("What did the Kestrel Tribune report?", None, None),
        ("Was ist im März 2020 passiert?", date(2020, 3, 1), date(2020, 3, 31)),
        ("What happened on 9 March 2020?", date(2020, 3, 9), date(2020, 3, 10)),
    ],
)
def test_a_question_of_no_other_words_lists_what_was_published(
    question: str, since: date | None, until: date | None
) -> None:
    found = asked(question)
    assert found.listing == "published"
    assert (found.scope.since, found.scope.until) == (since, until)
    assert ("Kestrel Tribune" in found.scope.outlets) == ("Kestrel" in question)


@pytest.mark.parametrize(
    "question", ["What happened?", "What did Trump say in March 2020?", "What did they report?"]
)
def test_other_questions_are_no_lists(question: str) -> None:
    assert asked(question).listing == ""


def test_what_no_article_can_tell_is_refused_with_the_reason(sample: Assistant) -> None:
    answer = sample.answer("What did North Korea do yesterday?", as_of="2026-11-22")
    assert answer.abstained
    assert answer.text == (
        "The articles do not say: you asked about 21 November 2026. "
        "The newest dated article here is from 20 June 2020."
    )
    assert sample.answer("What did North Korea do yesterday?", as_of="2020-06-17").claims


def test_what_may_be_announced_is_looked_for(sample: Assistant) -> None:
    found = read("What is planned for 2032?", Scope(), COVERAGE, TODAY)
    assert not is_beyond(COVERAGE, found, TODAY)
    late = read("What was tested in August 2020?", Scope(as_of=date(2021, 1, 1)), COVERAGE, TODAY)
    assert is_beyond(COVERAGE, late, TODAY)


def test_a_list_tells_each_article_by_the_sentence_nearest_to_its_headline(sample: Assistant) -> None:
    answer = sample.answer("What did Northgate Daily report in June 2019?")
    assert answer.text.startswith(
        "Published from 1 June 2019 until 30 June 2019:\n\n30 June 2019 · Northgate Daily:"
    )
    assert "Panmunjom" in answer.claims[0].citations[0].quote


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("Was the summit on 12 June called off?", date(2020, 6, 12), date(2020, 6, 12)),
        ("What was tested in July?", date(2019, 7, 1), date(2019, 7, 31)),
        ("What has Kim said since March?", date(2020, 3, 1), date(2026, 11, 22)),
        ("What did Kim say in June 2019?", date(2019, 6, 1), date(2019, 6, 30)),
        ("What did Kim say last June?", date(2026, 6, 1), date(2026, 6, 30)),
        ("What did Kim say last month?", date(2026, 10, 1), date(2026, 10, 31)),
    ],
)
def test_a_day_without_its_year_is_counted_from_the_newest_of_old_articles(
    question: str, first: date, last: date
) -> None:
    found = read(question, Scope(), COVERAGE, date(2026, 11, 22))
    assert found.times == (Interval(first, last),)


def test_a_day_without_its_year_is_counted_from_the_day_a_question_is_said_to_be_asked_on() -> None:
    found = read("Was the summit on 12 June called off?", Scope(as_of=date(2026, 11, 22)), COVERAGE, TODAY)
    assert found.times == (Interval(date(2026, 6, 12), date(2026, 6, 12)),)
