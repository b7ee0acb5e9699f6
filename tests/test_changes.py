from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from storing import HashEmbedding
from typer.testing import CliRunner

from assistant.answering import Assistant
from assistant.changes import changes, in_words
from assistant.cli import application
from assistant.settings import Settings
from assistant.types import Answer
from index import Article, ArticleIndex
from index.corrections import corrections

FERRY = Article(
    "The ferry Aurora sank off Brae on Monday. Nine people died, the coast guard said. Two hulls were found.",
    "Ferry sinks",
    "The Harbour Post",
    url="https://post.example/ferry",
    published=date(2020, 5, 4),
)
NOTE = "Correction, 6 May 2020: An earlier version of this article said that nine people had died. Six did."
QUESTION = "How many people died when the ferry Aurora sank?"

NOTES = [
    "Correction: The ferry is the Aurora, not the Auriga.",
    "CORRECTION (6 May): The ferry is the Aurora.",
    "Corrections and clarifications: The ferry is the Aurora.",
    "Clarification, June 3, 2020: The minister spoke of the port.",
    "This article was amended on 6 May 2020 to correct a name.",
    "This story has been corrected to say that six people died.",
    "An earlier version of this article misstated the toll.",
    "A previous version of this report gave another date.",
    "Editor’s note: This piece was later retracted by its author.",
    "Korrektur: Die Fähre heißt Aurora.",
    "In einer früheren Version dieses Artikels stand eine andere Zahl.",
    "Berichtigung vom 6. Mai: Sechs Menschen starben.",
]
NO_NOTES = [
    "The ministry asked for a correction of the map.",
    "The court corrected its ruling on Monday.",
    "Market correction: what comes next?",
    "The paper later amended the article, which the minister had called a lie.",
    "A correctional officer was hurt.",
    "Editor's note: Names have been changed.",
    "Die Regierung korrigierte ihre Prognose.",
    "An earlier version of the bill failed.",
    "The ministry said this report was later withdrawn.",
    "The original version of this report was leaked to the press.",
    "Der Text des Vertrags wurde gestern korrigiert.",
]


@pytest.mark.parametrize("note", NOTES)
def test_a_correction_is_found(note: str) -> None:
    article = Article(f"The ferry sank.\n\n{note}\n\nNobody knows why.")
    assert [article.text[start:end] for start, end in corrections(article)] == [note]


@pytest.mark.parametrize("line", NO_NOTES)
def test_what_somebody_else_corrected_is_no_correction(line: str) -> None:
    assert corrections(Article(f"The ferry sank.\n\n{line}\n\nNobody knows why.")) == []


@pytest.fixture
def index(tmp_path: Path) -> ArticleIndex:
    made = ArticleIndex.open(tmp_path / "home", HashEmbedding())
    made.add([FERRY])
    return made


def asked(index: ArticleIndex) -> Answer:
    return Assistant(index, settings=Settings()).answer(QUESTION)


def test_an_answer_tells_that_what_it_cites_was_corrected_since(index: ArticleIndex) -> None:
    with index:
        answer = asked(index)
        assert "Nine people died" in answer.text
        assert changes(answer, index) == ()
        now = replace(FERRY, text=f"{NOTE}\n\n{FERRY.text.replace('Nine', 'Six')}", modified=date(2020, 5, 6))
        index.add([now])
        (change,) = Assistant(index, settings=Settings()).changes(answer)
        assert change.kind == "corrected"
        assert [one.quote for one in change.lost] == ["Nine people died, the coast guard said."]
        assert in_words(change) == (
            f"[1] The Harbour Post was corrected on 6 May 2020; 1 quotation no longer there. “{NOTE}”"
        )


def test_a_change_without_a_note_and_an_article_that_is_gone_are_told_apart(index: ArticleIndex) -> None:
    with index:
        answer = asked(index)
        index.add([replace(FERRY, title="Ferry lost")])
        (change,) = changes(answer, index)
        assert (change.kind, change.lost) == ("changed", ())
        assert in_words(change) == "[1] The Harbour Post was changed."
        index.remove([FERRY.id])
        (change,) = changes(answer, index)
        assert change.kind == "removed"
        assert in_words(change) == "[1] The Harbour Post is no longer in the collection."


def test_a_source_that_carries_a_correction_is_said_to(index: ArticleIndex) -> None:
    with index:
        assert asked(index).warnings == ()
        index.add([replace(FERRY, text=f"{FERRY.text}\n\n{NOTE}")])
        answer = asked(index)
        assert answer.warnings == (f"[1] carries a correction: “{NOTE}”",)
        assert Answer.from_dict(answer.to_dict()) == answer


def test_a_saved_answer_is_compared_by_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_HOME", str(tmp_path / "home"))
    with ArticleIndex.open(tmp_path / "home") as index:
        index.add([FERRY])
        (tmp_path / "answer.json").write_text(json.dumps(asked(index).to_dict()), encoding="utf-8")
        run = CliRunner()
        same = run.invoke(application, ["changes", str(tmp_path / "answer.json")])
        assert (same.exit_code, same.stdout) == (0, "every source is as it was\n")
        index.add([replace(FERRY, text=FERRY.text.replace("Nine", "Six"))])
    other = run.invoke(application, ["changes", str(tmp_path / "answer.json")])
    assert other.exit_code == 1
    assert "1 quotation no longer there" in other.stdout
    (tmp_path / "answer.json").write_text("{}", encoding="utf-8")
    assert run.invoke(application, ["changes", str(tmp_path / "answer.json")]).exit_code == 2
