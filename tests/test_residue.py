"""What the residue rules take out of real articles, where the public data sets are to be had."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from index.characters import clean, paragraphs_of
from index.extract import article_from_text
from index.residue import without_residue
from tests.conftest import DATA

SETS = ("multihoprag", "realtimeqa")
# A sentence of a story is long and ends like one. What is taken out and does so must be addressed to the
# reader, in words that are written down here apart from the rules.
SENTENCE = re.compile(r"(?:\S+\s+){9,}\S+[.!?][\"”’)]*$")
TO_THE_READER = re.compile(
    r"newsletter|subscri|sign up|inbox|follow|@|comment|commission|copyright|licen[cs]e|permission|all rights"
    r"|advertis|e-?mail|click here|app\b|journalism|read more|read next|related|©|akismet|browser",
    re.IGNORECASE,
)


def rows(name: str, file: str) -> list[dict[str, Any]]:
    path = DATA / name / file
    if not path.is_file():
        pytest.skip(f"the data set is not at {path}; set DATELINE_DATA to the folder of the benchmarks' data")
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in text.splitlines()]


def taken_out(row: dict[str, Any]) -> Iterator[str]:
    paragraphs = paragraphs_of(clean(row["text"]))
    story = without_residue(paragraphs, clean(row["title"]))
    kept = {story.title, *story.paragraphs}
    return (paragraph for paragraph in paragraphs if paragraph not in kept)


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, clean(text))).casefold()


@pytest.mark.parametrize("name", SETS)
def test_little_and_no_sentence_of_a_story_is_taken_out_of_an_article(name: str) -> None:
    articles = rows(name, "articles.jsonl.gz")
    gone = [one for row in articles for one in taken_out(row)]
    sentences = sorted({one for one in gone if SENTENCE.search(one)})
    assert [one for one in sentences if not TO_THE_READER.search(one)] == []
    assert 0 < sum(map(len, gone)) < sum(len(row["text"]) for row in articles) / 100


def test_no_evidence_is_taken_out_of_an_article() -> None:
    facts: dict[str, list[str]] = {}
    for question in rows("multihoprag", "questions.jsonl"):
        for evidence in question["evidence"]:
            facts.setdefault(evidence["title"], []).append(letters(evidence["fact"]))
    found = 0
    for row in rows("multihoprag", "articles.jsonl.gz"):
        story = without_residue(paragraphs_of(clean(row["text"])), clean(row["title"]))
        kept, whole = letters(story.title + "".join(story.paragraphs)), letters(row["text"])
        for fact in facts.get(row["title"], ()):
            assert fact in kept or fact not in whole, fact
            found += fact in kept
    assert found > 400


def test_no_segment_that_a_page_must_contain_is_taken_for_residue() -> None:
    pages = rows("extraction", "segments.jsonl")
    segments = [segment for row in pages for segment in row["must_contain"]]
    assert len(segments) > 400
    for row in pages:
        wanted = ["It begins.", *(clean(" ".join(one.split())) for one in row["must_contain"]), "It ends."]
        kept = without_residue(wanted).paragraphs
        assert [one for one in wanted[1:-1] if one not in kept] == []


@pytest.mark.parametrize(
    "top",
    [
        "Old bridge shut\nBy Nora Vale\nThe Dunmarsh Observer\n14 June 2025",
        "Old bridge shut\n\nNora Vale\n\nThe Dunmarsh Observer\n\n14 June 2025",
        "The Dunmarsh Observer\n14 June 2025\n\nOld bridge shut\n\nby Nora Vale, political correspondent",
        "The Dunmarsh Observer\n\nOld bridge shut\n\nNora Vale, chief reporter\n14 June 2025",
    ],
)
@pytest.mark.parametrize("title", ["", "Old bridge shut"])
def test_headline_outlet_author_and_date_are_read_at_the_top_in_any_order(top: str, title: str) -> None:
    told = "The council voted on Tuesday to close the old bridge for the winter."
    more = "A ferry will carry those who work on the other bank."
    made = article_from_text(f"{top}\n\n{told}\n\n{more}", title=title)
    assert (made.title, made.outlet, made.byline) == ("Old bridge shut", "The Dunmarsh Observer", "Nora Vale")
    assert made.published == date(2025, 6, 14)
    assert made.text == f"{told}\n\n{more}"


def test_a_line_of_names_that_no_credit_follows_stays() -> None:
    text = "Old bridge shut\n\nNora Vale\n\nShe crossed it first.\n\nShe will cross it last."
    assert "Nora Vale" in article_from_text(text).text
