from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.answering import Assistant
from assistant.cli import application
from assistant.export import to_text
from assistant.settings import Settings
from index import Article, ArticleIndex, recording
from page.answers import answer_html

DATED = Article(
    "The ferry Aurora sank off Brae. Nine people died, the coast guard said.",
    "Ferry sinks",
    "The Harbour Post",
    published=date(2020, 5, 4),
)
RUMOUR = Article("Eight people died on the ferry Aurora, fishermen said.", "Rumours", "The Harbour Post")
OTHER = Article("The ferry Aurora had many people on board, somebody wrote.", "On board", "Kestrel Tribune")
QUESTION = "How many people died on the ferry Aurora?"
LEFT_OUT = "2 articles without a date were left out."


@pytest.fixture
def assistant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Assistant]:
    monkeypatch.setattr(recording, "now", lambda: "2020-06-10T11:00:00+00:00")
    with ArticleIndex.open(tmp_path / "home") as index:
        index.add([DATED, RUMOUR, OTHER])
        yield Assistant(index, settings=Settings(tmp_path / "home"))


def test_days_that_leave_undated_articles_out_say_how_many(assistant: Assistant) -> None:
    answer = assistant.answer(QUESTION, until="2020-05-31")
    assert [source.article for source in answer.sources] == [DATED]
    assert answer.warnings == (LEFT_OUT,)
    for shown in (to_text(answer), answer.to_markdown(), answer.to_html(), answer_html(answer)):
        assert LEFT_OUT in shown.replace("&#46;", ".")
    assert assistant.answer(QUESTION).warnings == ()


def test_only_what_would_be_asked_otherwise_is_left_out(assistant: Assistant) -> None:
    answer = assistant.answer(QUESTION, since="2020-06-11", outlets=["The Harbour Post"])
    assert answer.abstained
    assert answer.warnings == ("1 article without a date was left out.",)


def test_days_of_the_question_leave_out_too(assistant: Assistant) -> None:
    assistant.index.add([Article(f"Gull {n} cried.", published=date(2020, 5, 4)) for n in range(2)])
    answer = assistant.answer("How many died on the ferry, say reports published in May 2020?")
    assert (answer.scope.since, answer.scope.until) == (date(2020, 5, 1), date(2020, 5, 31))
    assert LEFT_OUT in answer.warnings


def test_an_undated_article_that_was_added_in_the_days_asked_for_counts_and_is_said_to(
    assistant: Assistant,
) -> None:
    answer = assistant.answer(QUESTION, since="2020-06-10")
    assert [source.article for source in answer.sources] == [RUMOUR]
    assert answer.warnings == ("[1] has no date; it counts for the day it was added, 10 June 2020.",)
    assert Assistant.answer(assistant, QUESTION, since="2020-06-11").abstained


def test_the_command_line_says_how_many_were_left_out(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_HOME", str(assistant.index.home))
    done = CliRunner().invoke(application, ["ask", QUESTION, "--until", "2020-05-31"])
    assert done.exit_code == 0
    assert f"Note: {LEFT_OUT}" in done.stdout
