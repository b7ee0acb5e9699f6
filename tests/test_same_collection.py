"""One collection in several forms gives the same articles."""

from __future__ import annotations

import csv
import gzip
import json
from datetime import date
from html import escape
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import DATA
from news_site import Story

from index.sources.reading import read_articles
from index.types import Article

Seen = tuple[str, str, str, str, date | None, str]


def seen(articles: list[Article]) -> list[Seen]:
    """What a reader sees of articles, without where each was read."""
    return sorted(
        (one.url, one.title, one.outlet, one.byline, one.published_day, one.text) for one in articles
    )


def rows() -> list[dict[str, str]]:
    stories = map(Story, range(1, 41))
    return [
        {
            "headline": story.title,
            "body": "\n\n".join(story.paragraphs()),
            "url": f"https://soundmail.example{story.path}",
            "publication": "The Sound Mail",
            "author": "Ada Berg",
            "date": f"{story.day}",
        }
        for story in stories
    ]


def write(folder: Path, rows: list[dict[str, str]]) -> dict[str, Path]:
    forms = {
        name: folder / name for name in ("a.jsonl", "a.json", "a.csv", "a.tsv", "a.parquet", "a.jsonl.gz")
    }
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    forms["a.jsonl"].write_text(lines)
    forms["a.jsonl.gz"].write_bytes(gzip.compress(lines.encode()))
    forms["a.json"].write_text(json.dumps({"articles": rows}))
    for name, delimiter in (("a.csv", ","), ("a.tsv", "\t")):
        with forms[name].open("w", newline="") as file:
            table = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
            table.writeheader()
            table.writerows(rows)
    pq.write_table(pa.Table.from_pylist(rows), forms["a.parquet"])
    return forms


def page(row: dict[str, str]) -> str:
    paragraphs = "".join(f"<p>{escape(one)}</p>" for one in row["body"].split("\n\n"))
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": row["headline"],
        "datePublished": row["date"],
        "author": {"@type": "Person", "name": row["author"]},
        "publisher": {"@type": "Organization", "name": row["publication"]},
    }
    return (
        f'<html lang="en"><head><title>{escape(row["headline"])}</title>'
        f'<link rel="canonical" href="{row["url"]}">'
        f'<script type="application/ld+json">{json.dumps(data)}</script></head><body><nav>Home Sport</nav>'
        f"<article><h1>{escape(row['headline'])}</h1>{paragraphs}</article><footer>Contact</footer></body></html>"
    )


def test_tables_of_every_kind_and_pages_give_the_same_articles(tmp_path: Path) -> None:
    forms = write(tmp_path, rows())
    (tmp_path / "pages").mkdir()
    for number, row in enumerate(rows()):
        (tmp_path / "pages" / f"{number}.html").write_text(page(row))
    expected = seen(list(read_articles(forms["a.jsonl"])))
    assert len(expected) == 40
    assert {one[4] for one in expected} == {Story(number).day for number in range(1, 41)}
    for path in (*forms.values(), tmp_path / "pages"):
        assert seen(list(read_articles(path))) == expected, path.name


def test_a_public_collection_is_the_same_as_lines_and_as_parquet(tmp_path: Path) -> None:
    corpus = DATA / "multihoprag" / "articles.jsonl.gz"
    if not corpus.exists():
        pytest.skip("MultiHop-RAG is not here; it is public and not part of this project")
    table = [json.loads(line) for line in gzip.decompress(corpus.read_bytes()).splitlines()][:200]
    forms = write(tmp_path, table)
    expected = seen(list(read_articles(forms["a.jsonl"])))
    assert len(expected) == 200
    for name in ("a.parquet", "a.csv"):
        assert seen(list(read_articles(forms[name]))) == expected, name
