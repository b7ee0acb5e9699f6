"""What an index tells of its articles, counted and listed."""

from __future__ import annotations

import sqlite3
from collections import Counter
from datetime import date

import pytest
from storing import article

from index.database import CatalogError
from index.library import ArticleIndex
from index.types import Article, Scope, outlet_key

ARTICLES = [article(number) for number in range(1, 31)]
SCOPES = [
    Scope(),
    Scope(since=date(2020, 4, 1), until=date(2020, 8, 1)),
    Scope(outlets=(" kestrel  WIRE ",)),
    Scope(outlets=("The Larkmoor Post", "Kestrel Wire"), until=date(2020, 6, 30)),
    Scope(as_of=date(2020, 5, 1)),
    Scope(outlets=("Nobody",)),
]


@pytest.fixture
def filled(index: ArticleIndex) -> ArticleIndex:
    index.add(ARTICLES)
    return index


@pytest.mark.parametrize("scope", SCOPES, ids=str)
def test_days_and_outlets_are_counted_of_what_a_scope_holds(filled: ArticleIndex, scope: Scope) -> None:
    inside = [one for one in map(filled.article, (one.id for one in ARTICLES)) if scope.holds(one)]
    days = filled.contents.days(scope)
    assert dict(days.counts) == Counter(one.published_day for one in inside if one.published_day)
    assert [day for day, _ in days.counts] == sorted(day for day, _ in days.counts)
    assert days.undated == sum(one.published_day is None for one in inside)
    counted = filled.contents.outlets(scope)
    assert {one.outlet: one.articles for one in counted} == Counter(one.outlet for one in inside)
    assert [one.articles for one in counted] == sorted((one.articles for one in counted), reverse=True)


@pytest.mark.parametrize("scope", SCOPES, ids=str)
def test_pages_of_a_scope_hold_each_of_its_articles_once_newest_first(
    filled: ArticleIndex, scope: Scope
) -> None:
    pages = [filled.contents.entries(scope, 4, skipped) for skipped in range(0, 40, 4)]
    listed = [one for page in pages for one in page]
    inside = [one.id for one in map(filled.article, (one.id for one in ARTICLES)) if scope.holds(one)]
    assert sorted(one.id for one in listed) == sorted(inside)
    days = [one.article.published_day or date.min for one in listed]
    assert days == sorted(days, reverse=True), "undated articles come last"


def test_outlets_written_in_several_ways_are_counted_as_one(index: ArticleIndex) -> None:
    names = ["The Harbour Post", "the harbour  post", "Kestrel Wire", "THE HARBOUR POST"]
    index.add([Article(f"It rained on pier {at}.", outlet=name) for at, name in enumerate(names)])
    first, second = index.contents.outlets()
    assert (outlet_key(first.outlet), first.articles) == ("the harbour post", 3)
    assert (second.outlet, second.articles) == ("Kestrel Wire", 1)


def test_an_article_that_changed_is_counted_and_listed_once(filled: ArticleIndex) -> None:
    filled.add([article(3, edition=2)])
    assert sum(number for _, number in filled.contents.days().counts) + filled.contents.days().undated == 30
    (entry,) = filled.contents.named([article(3).id])
    assert "edition 2" in entry.article.text


def test_a_long_text_is_listed_by_its_two_ends(index: ArticleIndex) -> None:
    text = "The dam held.\n" + "Water rose again.\n" * 9_000 + "Correction: It held, and did not break."
    index.add([Article(text, title="Dam holds")])
    (entry,) = index.contents.entries()
    assert entry.id == Article(text, title="Dam holds").id
    assert entry.article.text.startswith("The dam held.")
    assert len(entry.article.text) < 50_000
    assert entry.corrected


def test_named_articles_come_in_their_order_without_those_that_are_gone(filled: ArticleIndex) -> None:
    wanted = [ARTICLES[7].id, "0" * 16, ARTICLES[2].id]
    assert [one.id for one in filled.contents.named(wanted)] == [wanted[0], wanted[2]]


def test_an_entry_tells_how_many_copies_there_are(index: ArticleIndex) -> None:
    text = " ".join(
        f"The ferry to island {number} was cancelled because of the storm." for number in range(30)
    )
    index.add([Article(text, outlet=name, url=f"https://{name}.example/ferry") for name in ("one", "two")])
    index.add([Article("A museum of clocks opened its doors in the old mint.", outlet="three")])
    assert sorted((one.article.outlet, one.copies) for one in index.contents.entries()) == [
        ("one", 1),
        ("three", 0),
        ("two", 1),
    ]


def test_a_catalog_that_cannot_be_read_says_so(filled: ArticleIndex) -> None:
    with sqlite3.connect(filled.home / "catalog.sqlite3") as other:
        other.execute("ALTER TABLE articles RENAME TO elsewhere")
    other.close()
    for ask in (filled.contents.days, filled.contents.outlets, filled.contents.entries):
        with pytest.raises(CatalogError, match="cannot be used"):
            ask()


def test_a_catalog_of_an_older_dateline_counts_the_days_of_outlets_by_an_index(filled: ArticleIndex) -> None:
    database = filled._catalog._db
    with database.transaction() as db:
        db.execute("DROP INDEX articles_by_outlet")
        db.execute("CREATE INDEX articles_by_outlet ON articles (current, outlet_key)")
    before = filled.contents.outlets(SCOPES[1])
    filled.add([])
    held = [name for (name,) in database.read("SELECT name FROM pragma_index_info('articles_by_outlet')")]
    assert held == ["current", "outlet_key", "day"]
    assert filled.contents.outlets(SCOPES[1]) == before
