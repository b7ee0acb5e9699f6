from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest

from index.library import ArticleIndex
from index.listings.listing import Entry
from index.sources.document import Document
from index.sources.handed import handed_documents
from index.sources.making import articles
from index.types import Article

TOLD = "The council voted on Tuesday to close the old bridge for the winter."
MORE = "A ferry will carry those who work on the other bank."
FILE = {
    "file_name": "bridge.txt",
    "file_type": "text/plain",
    "file_size": 812,
    "creation_date": "2026-11-01",
    "last_modified_date": "2026-11-02",
    "last_accessed_date": "2026-11-03",
}


@dataclass(frozen=True)
class Handed:
    text: str
    metadata: Mapping[str, Any] = field(default_factory=dict)


def made(text: str, **metadata: object) -> Article:
    ((_, document),) = handed_documents([Handed(text, metadata)])
    assert isinstance(document, Document)
    ((_, article),) = articles(document)
    return article


def test_the_times_of_a_file_are_not_those_of_its_news() -> None:
    article = made(f"{TOLD}\n\n{MORE}", file_path="/news/bridge.txt", **FILE, published="2025-06-14")
    assert (article.published, article.modified) == (date(2025, 6, 14), None)
    assert (article.title, article.outlet) == ("", "")


def test_a_day_of_change_counts_where_no_file_is_named() -> None:
    assert made(TOLD, last_modified_date="2025-06-15").modified == date(2025, 6, 15)


def test_a_file_of_markdown_is_read_as_such() -> None:
    fields = "title: Old bridge shut\noutlet: Dunmarsh Observer\ndate: 2025-06-14"
    text = f"---\n{fields}\n---\n\n{TOLD}\n\n**{MORE}**\n"
    article = made(text, file_path="/news/bridge.md", **FILE)
    assert article.text == f"{TOLD}\n\n{MORE}"
    assert (article.title, article.outlet) == ("Old bridge shut", "Dunmarsh Observer")
    assert (article.published, article.modified) == (date(2025, 6, 14), None)
    assert made(text, file_name="bridge.md", outlet="The Windrose Review").outlet == "The Windrose Review"


def test_a_file_of_html_is_read_as_a_page_even_without_its_first_line() -> None:
    text = (
        f"<meta charset='utf-8'><title>Old bridge shut - Dunmarsh Observer</title>"
        f"<nav><a href='/'>Home</a></nav>"
        f"<article><h1>Old bridge shut</h1><p>{TOLD}</p><p>{MORE}</p></article>"
    )
    article = made(text, file_path="/news/bridge.html")
    assert (article.title, article.text) == ("Old bridge shut", f"{TOLD}\n\n{MORE}")
    assert made(f"{TOLD}\n\n{MORE}", file_path="/news/bridge.html").text == f"{TOLD}\n\n{MORE}"


@pytest.mark.parametrize("outlet", ["Skarholm Times", "The Skarholm Times"])
def test_an_outlet_that_is_named_is_no_part_of_its_headline(outlet: str) -> None:
    assert made(TOLD, title="Wolf seen near Skarholm - The Skarholm Times", outlet=outlet).title == (
        "Wolf seen near Skarholm"
    )
    assert made(TOLD, title="Talks fail - Skarholm", outlet=outlet).title == "Talks fail - Skarholm"


PAGE = (
    "<html lang='en'><head><title>Old bridge shut</title>{}</head>"
    f"<body><article><p>{TOLD}</p><p>{MORE}</p></article></body></html>"
)
FETCHED = Document("k", "r", ".html", PAGE.format("").encode(), address="http://127.0.0.1:8123/bridge.html")


@pytest.mark.parametrize(
    ("head", "entry", "source", "outlet"),
    [
        ("", "", "", "127.0.0.1:8123"),
        ("", "", "Harbour Post", "Harbour Post"),
        ("", "Windrose Review", "Harbour Post", "Windrose Review"),
        (
            "<meta property='og:site_name' content='Own Gazette'>",
            "Windrose Review",
            "Harbour Post",
            "Own Gazette",
        ),
        ("<meta property='og:site_name' content='127.0.0.1:8123'>", "", "Harbour Post", "Harbour Post"),
    ],
)
def test_the_host_of_a_page_is_its_outlet_only_where_nothing_else_names_one(
    head: str, entry: str, source: str, outlet: str
) -> None:
    led = Entry(FETCHED.address, outlet=entry) if entry else None
    document = replace(FETCHED, content=PAGE.format(head).encode(), entry=led, outlet=source)
    ((_, article),) = articles(document)
    assert article.outlet == outlet


def test_a_headline_loses_the_outlet_that_only_its_source_names() -> None:
    page = PAGE.replace("Old bridge shut", "Old bridge shut for the winter – Harbour Post").format("")
    ((_, article),) = articles(replace(FETCHED, content=page.encode(), outlet="The Harbour Post"))
    assert article.title == "Old bridge shut for the winter"


def test_the_pages_of_one_file_are_articles_of_their_own(index: ArticleIndex) -> None:
    pages = [
        Handed(f"The {word} opened on Friday, after long repairs.", {"file_path": "/x/a.pdf"})
        for word in ("bridge", "ferry", "mill")
    ]
    assert len(index.add_documents(pages).added) == 3
    assert len(index.add_documents(pages).unchanged) == 3
    assert index.coverage().articles == 3
