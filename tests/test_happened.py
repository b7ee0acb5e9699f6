from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from assistant.happened import events
from index import Article, ArticleIndex
from index.embed import bundled
from index.types import Scope

TODAY = date(2021, 3, 1)
QUESTION = "What has happened at Orrin since the weir broke?"
Days = Callable[..., list[str]]


@pytest.fixture
def days(tmp_path: Path) -> Days:
    def told(*articles: tuple[str, str], question: str = QUESTION) -> list[str]:
        with ArticleIndex.open(tmp_path) as index:
            index.add(
                [
                    Article(
                        text, "", "Kestrel Tribune", published=date.fromisoformat(day), date_source="field"
                    )
                    for day, text in articles
                ]
            )
            found = events(question, index, bundled().embed, Scope(), TODAY)
            return [str(one.first) for one in found]

    return told


def test_a_report_of_the_event_gives_its_day(days: Days) -> None:
    assert days(("2021-02-10", "The weir at Orrin broke on 9 February 2021.")) == ["2021-02-09"]


@pytest.mark.parametrize(
    "text",
    [
        "The weir at Orrin did not break on 9 February 2021, the council said.",
        "The weir at Orrin has never really broken, on 9 February 2021 or later.",
        "The weir at Orrin may have broken on 9 February 2021, a walker said.",
        "The council denied that the weir at Orrin broke on 9 February 2021.",
        "Nobody confirmed rumours that the weir at Orrin broke on 9 February 2021.",
        "Reports that the weir at Orrin broke on 9 February 2021 were false.",
        "The weir at Orrin broke on 9 February 2021, a walker said; this could not be confirmed.",
        "In the film the weir at Orrin broke on 9 February 2021.",
    ],
)
def test_what_is_denied_doubted_or_made_up_gives_no_day(days: Days, text: str) -> None:
    assert days(("2021-02-10", text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "The council could not say why the weir at Orrin broke on 9 February 2021.",
        "The weir at Orrin not only broke on 9 February 2021, it took the bridge with it.",
    ],
)
def test_a_denial_of_something_else_leaves_the_day(days: Days, text: str) -> None:
    assert days(("2021-02-10", text)) == ["2021-02-09"]


def test_a_day_long_before_its_article_gives_way_to_one_near_it(days: Days) -> None:
    old = ("2021-02-12", "Elders recall that the weir at Orrin broke on 3 March 1950.")
    assert days(old, ("2021-02-10", "The weir at Orrin broke on Tuesday, 9 February.")) == ["2021-02-09"]


def test_a_day_long_before_its_article_counts_where_there_is_no_other(days: Days) -> None:
    assert days(("2021-02-12", "The weir at Orrin broke on 3 March 1950.")) == ["1950-03-03"]


@pytest.mark.parametrize(
    "correction",
    [
        "Correction: An earlier version of this article said that the weir broke on 9 February; "
        "it broke on 7 February.",
        "Correction, 12 February: The weir at Orrin broke on 7 February, not on 9 February.",
        "This article was amended on 12 February 2021. The weir broke on 7 February, not 9 February.",
    ],
)
def test_a_correction_of_the_same_article_beats_its_text(days: Days, correction: str) -> None:
    text = f"The weir at Orrin broke on 9 February 2021, the council said.\n\n{correction}"
    assert days(("2021-02-10", text)) == ["2021-02-07"]


def test_a_correction_that_names_but_the_right_day_leaves_no_other(days: Days) -> None:
    text = (
        "The weir at Orrin broke on 9 February 2021, the council said.\n\n"
        "Correction: An earlier version of this article gave the wrong day. It was 7 February."
    )
    assert days(("2021-02-10", text)) == []


def test_a_correction_of_something_else_leaves_the_day(days: Days) -> None:
    text = (
        "The weir at Orrin broke on 9 February 2021, the council said.\n\n"
        "Correction: An earlier version of this article said that the weir was opened on 4 May 1990; "
        "it was opened on 5 May 1990."
    )
    assert days(("2021-02-10", text)) == ["2021-02-09"]
