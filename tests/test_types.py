from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest

from index.types import Article, Scope, web_address

APRIL, MAY = date(2020, 4, 21), date(2020, 5, 2)


def test_an_address_names_an_article_and_a_whole_site_does_not() -> None:
    one = Article("a", url="https://post.example/ferry", source="a.txt")
    assert one.id == Article("b", url="https://post.example/ferry", source="b.txt").id
    front = Article("a", url="https://post.example/", source="a.txt")
    assert front.id == Article("a", source="a.txt").id
    numbered = Article("a", url="https://post.example/?p=12", source="a.txt")
    assert numbered.id == Article("b", url="https://post.example/?p=12", source="b.txt").id


@pytest.mark.parametrize("address", ["http://[::1/x", "javascript:alert(1)", "http://", "::", "http://a b/c"])
def test_what_is_no_address_names_nothing_and_raises_nothing(address: str) -> None:
    assert Article("a", url=address, source="a.txt").id == Article("a", source="a.txt").id
    assert web_address(address) == ""


def test_a_day_is_the_outlets_own() -> None:
    late = datetime(2020, 6, 13, 1, 6, tzinfo=timezone(timedelta(hours=9)))
    assert Article("a", published=late).published_day == date(2020, 6, 13)


@pytest.mark.parametrize(
    ("scope", "published", "modified", "holds"),
    [
        (Scope(), None, None, True),
        (Scope(since=APRIL), APRIL, None, True),
        (Scope(since=MAY), APRIL, None, False),
        (Scope(until=APRIL), MAY, None, False),
        (Scope(since=APRIL), None, None, False),
        (Scope(as_of=APRIL), None, None, True),
        (Scope(as_of=APRIL), APRIL, None, True),
        (Scope(as_of=APRIL), MAY, None, False),
        (Scope(as_of=APRIL), APRIL, MAY, False),
        (Scope(as_of=MAY), APRIL, MAY, True),
        (Scope(as_of=APRIL), None, MAY, False),
        (Scope(until=APRIL), APRIL, MAY, True),
    ],
)
def test_a_scope_holds_what_was_published_in_it_and_written_by_then(
    scope: Scope, published: date | None, modified: date | None, holds: bool
) -> None:
    assert scope.holds(Article("a", published=published, modified=modified)) is holds


@pytest.mark.parametrize(
    ("scope", "holds"),
    [
        (Scope(since=APRIL), True),
        (Scope(since=date(2020, 5, 3)), False),
        (Scope(until=APRIL), False),
        (Scope(since=APRIL, as_of=date(2020, 5, 1)), False),
        (Scope(as_of=date(2020, 5, 1)), True),
    ],
)
def test_where_days_are_bounded_an_undated_article_counts_for_the_day_it_was_added(
    scope: Scope, holds: bool
) -> None:
    assert scope.holds(Article("a", added=MAY)) is holds


@pytest.mark.parametrize(
    ("article", "changed"),
    [
        (Article("a", published=APRIL, modified=MAY), True),
        (Article("a", published=APRIL, modified=APRIL), False),
        (Article("a", published=APRIL, renewed=MAY), True),
        (Article("a", published=APRIL, modified=date(2020, 4, 25), renewed=MAY), False),
        (Article("a", published=MAY, modified=MAY), False),
        (Article("a", published=APRIL, modified=MAY, outlet="The Mail"), False),
    ],
)
def test_a_scope_sees_what_is_older_and_was_changed_in_it(article: Article, changed: bool) -> None:
    article = replace(article, outlet=article.outlet or "The Post")
    assert Scope(since=date(2020, 5, 1), outlets=("The Post",)).sees_changed(article) is changed
    assert not Scope(outlets=("The Post",)).sees_changed(article)


def test_a_genre_makes_another_version_and_the_day_of_arrival_does_not() -> None:
    assert Article("a", genre="opinion").version != Article("a").version
    assert Article("a", added=MAY).version == Article("a").version
    assert Article("a", added=MAY) == Article("a")


def test_outlets_are_compared_without_regard_to_case() -> None:
    assert Scope(outlets=("the post",)).holds(Article("a", outlet="The Post"))
    assert not Scope(outlets=("The Mail",)).holds(Article("a", outlet="The Post"))


def test_outlets_are_compared_without_regard_to_white_space_and_the_encoding_of_accents() -> None:
    assert Scope(outlets=(" The \tPost ",)).holds(Article("a", outlet="The Post"))
    assert Scope(outlets=("La Ve\u0301rite\u0301",)).holds(Article("a", outlet="La V\u00e9rit\u00e9"))
    assert Scope(outlets=("La V\u00e9rit\u00e9",)).holds(Article("a", outlet="LA VE\u0301RITE\u0301"))


def test_a_scope_that_cannot_be_meant_is_refused() -> None:
    with pytest.raises(ValueError, match="is after until"):
        Scope(since=MAY, until=APRIL)
    with pytest.raises(ValueError, match="holds characters that are no text"):
        Scope(outlets=("Post", "\udcff"))
    with pytest.raises(TypeError, match="as_of must be a date"):
        Scope(as_of="2020-05-02")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="sequence of names"):
        Scope(outlets="Post")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("date_source", "confidence"),
    [
        *((source, "high") for source in ("json-ld", "meta", "feed", "front matter", "field")),
        *((source, "medium") for source in ("time", "address", "dateline", "text")),
        *((source, "low") for source in ("file", "", "somewhere")),
    ],
)
def test_a_date_is_as_sure_as_the_place_it_was_read_from(date_source: str, confidence: str) -> None:
    assert Article("a", published=APRIL, date_source=date_source).date_confidence == confidence
    assert Article("a", date_source=date_source).date_confidence == ""
