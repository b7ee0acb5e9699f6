"""What is new in a collection that is synced again: each answer is of the days of its own articles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from scripted import Scripted, handle_of
from storing import HashEmbedding

from assistant.answering import Assistant
from assistant.export import to_text
from assistant.settings import Settings
from assistant.types import Answer
from index import recording
from index.library import ArticleIndex
from page.answers import answer_html

SINKING = "The ferry Aurora sank off Brae on Monday evening. Nine people died, the coast guard said."
RAISING = "Divers have begun to raise the ferry Aurora off Brae. The hull is whole, the harbour master said."
BLAME = "The ferry Aurora had been overloaded, an inquiry found. Its owner denied that."
NOTE = "Correction, 6 May 2020: An earlier version of this article said that nine died on the ferry Aurora."
BREAD = "Bread will cost more from autumn on, the bakers of the island have announced. Flour is scarce."
NEWS = "What is new on the ferry Aurora since 5 May 2020?"


class Newsroom:
    """A folder of articles, and an index that is brought up to it on days of one's choice."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = home / "articles"
        self.folder.mkdir()
        self.index = ArticleIndex.open(home / "index", HashEmbedding())
        self._monkeypatch = monkeypatch

    def print(self, name: str, text: str, **fields: str) -> None:
        """Write an article into the folder."""
        head = "".join(f"{key}: {value}\n" for key, value in {"title": name, **fields}.items())
        (self.folder / f"{name}.md").write_text(f"---\n{head}---\n{text}\n", encoding="utf-8")

    def sync(self, day: str) -> None:
        """Bring the index up to the folder, on a day."""
        self._monkeypatch.setattr(recording, "now", lambda: f"{day}T11:00:00+00:00")
        assert not self.index.sync([self.folder]).failed

    def ask(self, question: str, **scope: str) -> Answer:
        return Assistant(self.index, settings=Settings()).answer(question, **scope)  # type: ignore[arg-type]


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Newsroom]:
    made = Newsroom(tmp_path, monkeypatch)
    made.print("Ferry sinks", SINKING, outlet="The Harbour Post", published="2020-05-04")
    made.print("Bread dearer", BREAD, outlet="Kestrel Tribune", published="2020-05-05")
    made.sync("2020-05-05")
    yield made
    made.index.close()


def lines(answer: Answer) -> list[str]:
    return answer.text.split("\n\n")


def test_what_was_published_or_added_undated_since_is_listed_newest_first(room: Newsroom) -> None:
    room.print("Owner denies", BLAME, outlet="Larkmoor Chronicle", published="2020-05-08")
    room.print("Aurora raised", RAISING, outlet="Kestrel Tribune")
    room.sync("2020-05-12")
    answer = room.ask(NEWS)
    assert lines(answer) == [
        "New since 5 May 2020:",
        "8 May 2020 · Larkmoor Chronicle: “The ferry Aurora had been overloaded, an inquiry found.” [1]",
        "undated, added 12 May 2020 · Kestrel Tribune: “Divers have begun to raise the ferry Aurora off "
        "Brae.” [2]",
    ]
    assert [claim.verdict for claim in answer.claims] == ["verbatim"] * 2
    assert Answer.from_dict(answer.to_dict()) == answer
    assert "undated, added 12 May 2020 · Kestrel Tribune" in to_text(answer)
    assert "undated, added 12 May 2020" in answer_html(answer)


def test_an_undated_article_that_was_there_before_is_not_new(room: Newsroom) -> None:
    room.print("Aurora raised", RAISING, outlet="Kestrel Tribune")
    room.sync("2020-05-06")
    room.print("Owner denies", BLAME, outlet="Larkmoor Chronicle", published="2020-05-08")
    room.sync("2020-05-12")
    answer = room.ask("What is new on the ferry Aurora since 7 May 2020?")
    assert [source.article.title for source in answer.sources] == ["Owner denies"]
    assert answer.warnings == ("1 article without a date was left out.",)


def test_an_older_article_that_was_changed_since_is_listed_as_changed(room: Newsroom) -> None:
    text = f"{SINKING.replace('Nine', 'Six')}\n\n{NOTE}"
    room.print("Ferry sinks", text, outlet="The Harbour Post", published="2020-05-04")
    room.sync("2020-05-07")
    answer = room.ask(NEWS)
    assert lines(answer)[1:] == [f"4 May 2020, changed 7 May 2020 · The Harbour Post: “{NOTE}” [1]"]
    assert Answer.from_dict(answer.to_dict()) == answer
    assert room.ask("What is new on the ferry Aurora since 8 May 2020?").abstained


def test_of_a_change_the_day_that_the_article_names_counts(room: Newsroom) -> None:
    fields = {"outlet": "The Harbour Post", "published": "2020-05-04", "modified": "2020-05-06"}
    room.print("Ferry sinks", SINKING.replace("Nine", "Six"), **fields)
    room.sync("2020-05-20")
    assert lines(room.ask(NEWS))[1].startswith("4 May 2020, changed 6 May 2020 · The Harbour Post: “")


def test_a_version_that_came_after_the_day_asked_on_is_said_to_have(room: Newsroom) -> None:
    room.print(
        "Ferry sinks", SINKING.replace("Nine", "Six"), outlet="The Harbour Post", published="2020-05-04"
    )
    room.sync("2020-05-20")
    said = "[1] is a version that came on 20 May 2020, after the day asked on."
    question = "How many people died on the ferry Aurora?"
    assert said in room.ask(question, as_of="2020-05-10").warnings
    assert said not in room.ask(question, as_of="2020-05-21").warnings


def test_copies_of_one_report_are_one_line(room: Newsroom) -> None:
    report = " ".join(f"{BLAME} {RAISING} Sentence {n} tells what the crew did then." for n in range(6))
    for outlet in ("Larkmoor Chronicle", "Saltmarsh Gazette"):
        room.print(f"As in {outlet}", report, outlet=outlet, published="2020-05-08")
    room.sync("2020-05-12")
    (source,) = room.ask(NEWS).sources
    assert [copy.published_day for copy in source.copies] == [source.article.published_day]


def test_where_no_subject_is_named_the_articles_say_what_is_new_by_how_they_begin(room: Newsroom) -> None:
    room.print("Owner denies", BLAME, outlet="Larkmoor Chronicle", published="2020-05-08")
    room.sync("2020-05-12")
    assert lines(room.ask("What's new since 5 May 2020?")) == [
        "New since 5 May 2020:",
        "8 May 2020 · Larkmoor Chronicle: “The ferry Aurora had been overloaded, an inquiry found.” [1]",
        "5 May 2020 · Kestrel Tribune: “Bread will cost more from autumn on, the bakers of the island have "
        "announced.” [2]",
    ]


def test_more_stories_than_are_shown_are_counted(room: Newsroom) -> None:
    for number in range(13):
        text = f"In case {number}, gull{number} was heard crying over pier{number} on that day."
        room.print(f"Gull {number}", text, outlet="Kestrel Tribune", published=f"2020-06-{number + 1:02}")
    room.sync("2020-06-20")
    answer = room.ask("What's new since 1 June 2020?")
    assert len(answer.claims) == 12
    assert answer.sources[0].article.title == "Gull 12"
    assert "The newest 12 of 13 stories found are listed." in answer.warnings


def test_where_nothing_is_new_the_newest_there_is_on_the_subject_is_named(room: Newsroom) -> None:
    answer = room.ask("What is new on the ferry Aurora since 6 May 2020?")
    assert answer.abstained
    assert answer.text == (
        "Nothing new since 6 May 2020 was found in the articles, none of which is of these days. "
        "The latest on this is from 4 May 2020."
    )
    assert [one.title for one in answer.nearest] == ["Ferry sinks"]
    other = room.ask(NEWS)
    assert "was found in the 1 article here, published 5 May 2020. The latest" in other.text
    assert "do not say" in room.ask("What is new on the opera house since 5 May 2020?").text


def test_a_model_reads_what_is_new_and_nothing_else(room: Newsroom) -> None:
    room.print("Owner denies", BLAME, outlet="Larkmoor Chronicle", published="2020-05-08")
    room.print("Aurora raised", RAISING, outlet="Kestrel Tribune", published="2020-05-10")
    room.sync("2020-05-12")
    model = Scripted(
        script=lambda asked: f"The ferry Aurora had been overloaded [{handle_of(asked, 'overloaded')}]."
    )
    answer = Assistant(room.index, llm=model, settings=Settings()).answer(NEWS)
    assert [source.article.title for source in answer.sources] == ["Owner denies"]
    (asked,) = model.prompts
    assert "Nine people died" not in asked
    assert 0 < asked.index("raise the ferry") < asked.index("overloaded")


def test_where_a_model_finds_nothing_to_say_what_is_new_is_listed(room: Newsroom) -> None:
    room.print("Owner denies", BLAME, outlet="Larkmoor Chronicle", published="2020-05-08")
    room.sync("2020-05-12")
    model = Scripted(script=lambda asked: "The passages do not say.")
    answer = Assistant(room.index, llm=model, settings=Settings()).answer(NEWS)
    assert lines(answer)[1].startswith("8 May 2020 · Larkmoor Chronicle: “")
    assert (answer.model, len(model.prompts)) == ("", 1)
    assert answer.usage


def test_the_newest_there_is_where_nothing_is_new_is_of_other_days(room: Newsroom) -> None:
    room.print(
        "Pier opened", "A pier was opened in Brae on Friday.", outlet="The Post", published="2020-05-08"
    )
    room.sync("2020-05-12")
    answer = room.ask(NEWS)
    assert answer.abstained
    assert [one.title for one in answer.nearest] == ["Ferry sinks"]
