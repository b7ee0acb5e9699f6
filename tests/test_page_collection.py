"""The collection as the page shows it: its two routes, and what browsers may send there."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from starlette.applications import Starlette
from storing import SUBJECTS, article, word

from assistant.answering import Assistant
from index.library import ArticleIndex
from index.sources.collection import read_collection
from index.types import Article
from page import words
from page.collection import collection_routes
from page.shell import template

FEED = "http://127.0.0.1:9/news.xml?key=secret"  # of a port that is never asked
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=//evil.example onerror=alert(1)>',
    "{{ 7 * 7 }}{% raw %}",
    "{count} {0} %s",
    "\u202egnp.exe \u200b",
    "' onmouseover='alert(1)",
    "</ol></section></dialog><h1>Mine</h1>",
]


class _Elements(HTMLParser):
    """The elements of a fragment, each with its attributes and its own words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: Sequence[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attributes}))

    def handle_data(self, data: str) -> None:
        self.words += data

    def of(self, name: str) -> list[dict[str, str]]:
        return [told for _, told in self.found if name in told.get("class", "").split()]


def ask(index: ArticleIndex, address: str) -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(Starlette(routes=collection_routes(index)))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get(address)

    return asyncio.run(send())


def shown(index: ArticleIndex, address: str) -> _Elements:
    reply = ask(index, address)
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert reply.headers["cache-control"] == "no-store"
    return _Elements(reply.text)


def opened(fragment: _Elements) -> list[str]:
    return [told["href"].removeprefix("/article/") for told in fragment.of("open")]


@pytest.fixture
def filled(index: ArticleIndex) -> ArticleIndex:
    index.add([article(number) for number in range(1, 51)])
    return index


def test_the_overview_tells_what_there_is(sample: Assistant) -> None:
    fragment = shown(sample.index, "/collection")
    coverage = sample.index.coverage()
    told = " ".join(fragment.words.split())
    assert f"{coverage.articles} articles · {coverage.stories} independent stories" in told
    assert f"{len(coverage.outlets)} outlets · published 27 April 2018 to 20 June 2020 · 1 undated" in told
    (moment,) = (one for tag, one in fragment.found if tag == "time")
    assert coverage.last_sync is not None
    assert moment["datetime"] == coverage.last_sync.isoformat()
    assert f"{coverage.last_sync:%H:%M} UTC" in told
    assert {one["data-outlet"] for one in fragment.of("outlet") if "data-outlet" in one} == set(
        coverage.outlets
    )


def test_each_bar_is_a_button_that_says_its_days_and_articles(sample: Assistant) -> None:
    bars = shown(sample.index, "/collection").of("bar")
    assert bars[-1]["aria-label"] == "June 2020: 9 articles"
    assert (bars[-1]["data-since"], bars[-1]["data-until"]) == ("2020-06-01", "2020-06-30")
    counted = sum(int(one["aria-label"].rpartition(": ")[2].split()[0]) for one in bars)
    assert counted == sample.index.coverage().articles - 1, "one is undated"


def test_one_day_that_is_chosen_keeps_its_neighbours(sample: Assistant) -> None:
    fragment = shown(sample.index, "/collection?since=2020-06-16&until=2020-06-16")
    pressed = [one["aria-label"] for one in fragment.of("bar") if one["aria-pressed"] == "true"]
    assert len(pressed) == 1
    assert pressed[0].startswith("16 June 2020: ")
    assert len(fragment.of("bar")) > 1
    assert "of 16 June 2020" in fragment.words


def test_an_outlet_is_chosen_however_it_is_written_and_the_others_stay_in_view(sample: Assistant) -> None:
    fragment = shown(sample.index, "/collection?" + urlencode({"outlet": " the HARBOUR  post"}))
    outlets = [one for one in fragment.of("outlet") if "data-outlet" in one]
    assert [one["data-outlet"] for one in outlets if one["aria-pressed"] == "true"] == ["The Harbour Post"]
    assert len(outlets) == len(sample.index.coverage().outlets)


def test_what_could_not_be_read_is_told_with_the_reason(index: ArticleIndex, tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    (news / "good.md").write_text("# Ferry sails\n\nThe ferry sailed at noon on Monday.\n", encoding="utf-8")
    for number in range(23):
        (news / f"broken-{number:02}.jsonl").write_text("{", encoding="utf-8")
    index.sync([news])
    failures = index.failures()
    assert len(failures) >= 23
    told = shown(index, "/collection").words
    assert failures[0].source in told
    assert failures[0].reason in told
    assert failures[20].source not in told
    assert f"and {len(failures) - 20} more" in told


def test_a_source_that_fails_is_told_without_the_key_in_its_address(filled: ArticleIndex) -> None:
    filled._catalog.journal.heard("https://post.example/feed?key=secret", "it answered 500")
    reply = ask(filled, "/collection").text
    assert "https://post.example/feed was never read (it answered 500)" in reply
    assert "secret" not in reply


def test_a_source_that_fails_is_told_of_once_and_its_documents_beside_it(
    index: ArticleIndex, tmp_path: Path
) -> None:
    (tmp_path / "torn.jsonl").write_text("{", encoding="utf-8")
    (tmp_path / "dateline.toml").write_text(
        f'[[source]]\nfeed = "{FEED}"\n[[source]]\npath = "{tmp_path / "torn.jsonl"}"\n', encoding="utf-8"
    )
    index.sync(read_collection(tmp_path / "dateline.toml"))
    assert FEED in {one.source for one in index.failures()}
    told = shown(index, "/collection").words
    assert told.count(FEED.partition("?")[0]) == 1
    assert f"{FEED.partition('?')[0]} was never read" in told
    assert "torn.jsonl" in told
    assert f"{words.FAILED_DOCUMENTS} (1)" in told


def test_an_empty_collection_says_how_articles_come_into_it(index: ArticleIndex) -> None:
    for address in ("/collection", "/articles", "/articles?words=ferry"):
        fragment = shown(index, address)
        assert fragment.of("empty")
        assert not fragment.of("bar") + fragment.of("open")
    assert "dateline sync FOLDER" in shown(index, "/collection").words


def test_the_pages_of_the_list_hold_each_article_once_newest_first(filled: ArticleIndex) -> None:
    seen, page = list[str](), "1"
    while page:
        fragment = shown(filled, f"/articles?page={page}")
        seen += opened(fragment)
        more = fragment.of("more")
        page = more[0]["data-page"] if more else ""
    assert sorted(seen) == sorted(article(number).id for number in range(1, 51))
    days = [filled.article(one).published_day or date.min for one in seen]
    assert days == sorted(days, reverse=True)
    assert "50 articles, newest first" in shown(filled, "/articles").words
    assert "no more articles" in shown(filled, "/articles?page=99999").words


def test_the_list_keeps_inside_the_scope(filled: ArticleIndex) -> None:
    query = urlencode({"outlet": "kestrel wire", "since": "2020-03-01", "until": "2020-09-30"})
    found = [filled.article(one) for one in opened(shown(filled, f"/articles?{query}"))]
    assert found
    assert {one.outlet for one in found} == {"Kestrel Wire"}
    days = [one.counted_day for one in found]
    assert all(day and date(2020, 3, 1) <= day <= date(2020, 9, 30) for day in days)


def test_a_search_lists_each_article_once_nearest_first(filled: ArticleIndex) -> None:
    fragment = shown(filled, "/articles?" + urlencode({"words": f"{SUBJECTS[7]} of {word(7)}"}))
    found = opened(fragment)
    assert found[0] == article(7).id
    assert len(found) == len(set(found))
    assert "Nearest to" in fragment.words


def test_a_search_that_finds_nothing_says_where_it_looked(filled: ArticleIndex) -> None:
    query = urlencode({"words": "ferry", "outlet": "Nobody's Paper", "since": "2020-03-01"})
    told = " ".join(shown(filled, f"/articles?{query}").words.split())
    assert told == "Nothing was found for “ferry” among articles from 1 March 2020, of Nobody's Paper."
    assert (
        "There are no articles of Nobody's Paper." in shown(filled, "/articles?outlet=Nobody's+Paper").words
    )


def test_the_list_says_what_is_an_opinion_a_copy_or_corrected(index: ArticleIndex) -> None:
    report = " ".join(f"The ferry to island {number} was cancelled by the storm." for number in range(30))
    index.add(
        [
            Article(report, "Ferries stay in port", outlet="The Harbour Post"),
            Article(report, "Storm stops ferries", outlet="Kestrel Wire"),
            Article("Bridges are a vanity.", "Opinion: No more bridges", outlet="The Larkmoor Post"),
            Article("Six bells rang.\nCorrection: An earlier version gave nine.", "Bells", outlet="Lark"),
        ]
    )
    words = " ".join(shown(index, "/articles").words.split())
    for title, told in {
        "Ferries stay in port": "undated · The Harbour Post 1 copy elsewhere",
        "Opinion: No more bridges": "undated · The Larkmoor Post opinion",
        "Bells": "undated · Lark corrected",
    }.items():
        assert f"{title} {told}" in words


@pytest.mark.parametrize(
    "query",
    [
        "page=-1",
        "page=0",
        "page=" + "1" * 31,
        "page=one",
        "page=%D9%A1",
        "page=",
        "since=2020-02-30",
        "since=yesterday",
        "since=20200101",
        "since=2020-06-01&since=2020-06-02",
        "until=" + "9" * 60_000,
        "since=2020-06-02&until=2020-06-01",
        "since=%00",
        "outlet=" + "x" * 501,
        "outlet=%ED%A0%80&since=%ED%A0%80",
        "&".join(f"outlet=o{number}" for number in range(4_500)),
        "words=" + "x" * 2001,
    ],
    ids=lambda query: query[:40],
)
def test_a_query_that_nothing_can_be_shown_for_is_refused_in_words(sample: Assistant, query: str) -> None:
    for path in ("/collection", "/articles"):
        reply = ask(sample.index, f"{path}?{query}")
        assert reply.status_code == 400
        assert reply.headers["content-type"].startswith("text/plain")
        assert 10 < len(reply.text) < 200


@pytest.mark.parametrize("words", ["   ", "?!", "%ED%A0%80", "%00", "\u200b"])
def test_words_that_are_none_look_for_nothing(sample: Assistant, words: str) -> None:
    assert len(opened(shown(sample.index, f"/articles?words={words}"))) == 20


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_that_an_article_or_a_visitor_says_becomes_markup(index: ArticleIndex, hostile: str) -> None:
    made = Article(f"{hostile} It rained. {hostile}", title=hostile, outlet=hostile, byline=hostile)
    index.add([made])
    index._catalog.journal.heard(hostile, hostile)
    query = urlencode({"outlet": hostile, "words": hostile + " rain"})
    allowed = set("a bdi button details h3 li ol p section span summary time ul".split())
    for address in ("/collection", "/articles", f"/collection?{query}", f"/articles?{query}"):
        fragment = shown(index, address)
        assert {tag for tag, _ in fragment.found} <= allowed
        assert not {name for _, told in fragment.found for name in told if name.startswith("on")}
    assert hostile.split()[0] in shown(index, "/articles").words


def test_a_catalog_that_cannot_be_read_is_told_without_its_secrets(filled: ArticleIndex) -> None:
    with filled._catalog._db.transaction() as db:
        db.execute("ALTER TABLE articles RENAME TO elsewhere")
    for path in ("/collection", "/articles"):
        reply = ask(filled, path)
        assert reply.status_code == 503
        assert "cannot be read" in reply.text
        assert str(filled.home) not in reply.text


def test_a_large_collection_of_many_outlets_is_shown_in_part(index: ArticleIndex) -> None:
    index.add(Article(f"Note {number} of the day.", outlet=f"Outlet {number:02}") for number in range(60))
    chosen = "Outlet 59"
    fragment = shown(index, "/collection?" + urlencode({"outlet": chosen}))
    assert len(fragment.of("outlet")) == 41, "the forty with the most, and the one that is chosen"
    assert "and 19 more" in fragment.words


def test_the_dialog_has_a_place_for_all_that_its_script_looks_for() -> None:
    dialog = _Elements(template("collection"))
    assert [told["id"] for tag, told in dialog.found if tag == "dialog"] == ["collection"]
    script = (Path(__file__).parent.parent / "page/scripts/collection.js").read_text(encoding="utf-8")
    for name in set(re.findall(r'within\("\.([\w-]+)"\)', script)):
        assert dialog.of(name), name
