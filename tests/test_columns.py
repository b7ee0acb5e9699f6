from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone

import pytest

from index.characters import ExtractError
from index.tables.columndates import DateColumn
from index.tables.columns import candidates, require_text

# The headers that well-known collections and exports have.
HEADERS = {
    "CC-News": (
        "title,text,domain,date,description,url,image_url",
        {"title": "title", "text": "text", "url": "url", "published": "date", "outlet": "domain"},
    ),
    "MultiHop-RAG": (
        "title,author,source,published_at,category,url,body",
        {
            "title": "title",
            "text": "body",
            "url": "url",
            "published": "published_at",
            "outlet": "source",
            "byline": "author",
            "section": "category",
        },
    ),
    "All the News": (
        "id,title,publication,author,date,year,month,url,content",
        {
            "title": "title",
            "text": "content",
            "url": "url",
            "published": "date",
            "outlet": "publication",
            "byline": "author",
            "year": "year",
            "month": "month",
        },
    ),
    "All the News 2": (
        "date,year,month,day,author,title,article,url,section,publication",
        {
            "title": "title",
            "text": "article",
            "url": "url",
            "published": "date",
            "outlet": "publication",
            "byline": "author",
            "section": "section",
            "year": "year",
            "month": "month",
            "day": "day",
        },
    ),
    "a newspaper database": (
        "Headline,Publication,Publication Date,Byline,Section,Length,Body Text",
        {
            "title": "Headline",
            "text": "Body Text",
            "published": "Publication Date",
            "outlet": "Publication",
            "byline": "Byline",
            "section": "Section",
        },
    ),
    "a news interface": (
        "source,author,title,description,url,urlToImage,publishedAt,content",
        {
            "title": "title",
            "text": "content",
            "url": "url",
            "published": "publishedAt",
            "outlet": "source",
            "byline": "author",
        },
    ),
}


def best(names: Sequence[str], given: dict[str, str]) -> dict[str, str]:
    """The column of each noun that counts first, of a table that has one for the text."""
    require_text(names, given)
    return {noun: found[0] for noun, found in candidates(names, given).items() if found}


@pytest.mark.parametrize("collection", HEADERS)
def test_the_columns_of_a_known_collection_are_guessed(collection: str) -> None:
    header, columns = HEADERS[collection]
    assert best(header.split(","), {}) == columns


def test_a_column_without_which_there_is_no_article_is_asked_for() -> None:
    with pytest.raises(ExtractError, match=r"only 'heading', 'summary'; name it in dateline.toml"):
        require_text(["heading", "summary"], {})


def test_a_long_header_is_shown_in_part() -> None:
    with pytest.raises(ExtractError) as raised:
        require_text([f"column {number} " + "x" * 500 for number in range(2_000)], {})
    assert len(str(raised.value)) < 1500
    assert "and 1,980 more" in str(raised.value)


def test_a_column_that_is_given_is_taken_and_the_rest_is_guessed() -> None:
    names = ["title", "summary", "source", "wire"]
    found = best(names, {"text": "Summary", "outlet": "wire"})
    assert found == {"title": "title", "text": "summary", "outlet": "wire"}


def test_a_column_that_is_given_for_one_noun_holds_no_other() -> None:
    assert best(["source", "title"], {"text": "source"}) == {"title": "title", "text": "source"}


def test_a_noun_that_no_column_may_hold_can_be_said() -> None:
    assert best(["text", "source"], {"outlet": ""}) == {"text": "text"}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"body": "text"}, "columns: 'body' is none of title, text, url"),
        ({"url": "address"}, "no column 'address' for the url, only 'text', 'title'"),
    ],
)
def test_a_column_that_cannot_be_meant_is_refused(given: dict[str, str], reason: str) -> None:
    with pytest.raises(ExtractError, match=reason):
        require_text(["text", "title"], given)


def read(value: object, sample: Sequence[object] = ()) -> str:
    return DateColumn("published", "news.csv", [value, *sample]).read(value, 1)


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        ("2020-06-12 08:00:00", "2020-06-12"),
        ("2020-06-12T08:00:00.000Z", "2020-06-12T08:00:00+00:00"),
        ("June 12, 2020 Friday", "2020-06-12"),
        (1591948800, "2020-06-12T08:00:00+00:00"),
        (1591948800.0, "2020-06-12T08:00:00+00:00"),
        ("1591948800000", "2020-06-12T08:00:00+00:00"),
        (1591948800_000_000_000, "2020-06-12T08:00:00+00:00"),
        (20200612, "2020-06-12"),
        ("20200612083000", "2020-06-12"),
        (datetime(2020, 6, 12, 8), "2020-06-12"),
        (datetime(2020, 6, 12, 8, tzinfo=timezone(timedelta(hours=-4))), "2020-06-12T08:00:00-04:00"),
        (date(2020, 6, 12), "2020-06-12"),
        (2020, ""),
        (True, ""),
        (float("inf"), ""),
        (10**30, ""),
        ("9999999999999999999", ""),
        ("yesterday", ""),
    ],
)
def test_a_cell_of_a_column_of_dates_is_read(value: object, iso: str) -> None:
    assert read(value) == iso


def test_the_column_shows_whether_the_day_or_the_month_is_first() -> None:
    assert read("06/07/2020", ["25/12/2020"]) == "2020-07-06"
    assert read("06/07/2020", ["12/25/2020"]) == "2020-06-07"
    assert read("6/7/2020 11:30:00 PM", ["12/25/2020 1:00 AM"]) == "2020-06-07"
    assert read("06/07/2020 23:30 +0200", ["12/25/2020"]) == "2020-06-07T23:30:00+02:00"


@pytest.mark.parametrize("sample", [[], ["01/02/2020"], ["25/12/2020", "12/25/2020"]])
def test_a_date_stays_out_where_the_column_does_not_show_its_order(
    sample: list[object], caplog: pytest.LogCaptureFixture
) -> None:
    column = DateColumn("published", "news.csv", ["06/07/2020", *sample])
    with caplog.at_level(logging.WARNING):
        assert [column.read("06/07/2020", row) for row in (3, 4)] == ["", ""]
    (record,) = caplog.records
    assert record.getMessage().startswith("news.csv, row 3: published: not a date that can be read")
