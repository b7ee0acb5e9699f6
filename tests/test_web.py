from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from news_site import NewsSite, Story, news_site

from index.library import ArticleIndex
from index.sources.source import Collection, Kind, Source
from index.types import Failure, SyncReport


@pytest.fixture
def site() -> Iterator[NewsSite]:
    with news_site(12) as served:
        yield served


def collection(site: NewsSite, *sources: Source) -> Collection:
    return Collection(sources, allow=(site.address.removeprefix("http://"),), pause_seconds=0)


def sync(index: ArticleIndex, site: NewsSite, kind: Kind, place: str, **how: object) -> SyncReport:
    """Sync one source of the site, and count only what it asks for."""
    site.forget()
    return index.sync(collection(site, replace(Source(site.address + place, kind), **how)))


def counts(report: SyncReport) -> tuple[int, int, int, int, int]:
    parts = (report.added, report.changed, report.removed, report.unchanged, report.failed)
    added, changed, removed, unchanged, failed = map(len, parts)
    return added, changed, removed, unchanged, failed


def test_the_article_behind_each_entry_of_a_feed_is_read_whole(index: ArticleIndex, site: NewsSite) -> None:
    assert counts(sync(index, site, "feed", "/feed.xml")) == (12, 0, 0, 0, 0)
    story = site.stories[5]
    (found,) = [one for one in map(index.article, ids(index)) if one.url == site.url(story)]
    assert found.text == "\n\n".join(story.paragraphs())
    assert (found.title, found.outlet, found.published_day) == (story.title, "The Sound Mail", story.day)
    assert found.date_source == "meta"


def ids(index: ArticleIndex) -> list[str]:
    return [article.id for _, article in index._catalog.current_articles(0, 1000)]


def test_what_a_server_says_has_not_changed_is_neither_sent_nor_parsed_again(
    index: ArticleIndex, site: NewsSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(index, site, "feed", "/feed.xml")
    monkeypatch.setattr("index.confined.Parser.run", lambda *_, **__: pytest.fail("parsed again"))
    assert counts(sync(index, site, "feed", "/feed.xml")) == (0, 0, 0, 12, 0)
    assert site.asked["/feed.xml"] == site.unchanged["/feed.xml"] == 1
    assert sum(site.unchanged.values()) == 13


def test_pages_whose_entry_says_that_they_have_not_changed_are_not_asked_for(
    index: ArticleIndex, site: NewsSite
) -> None:
    sync(index, site, "feed", "/atom.xml")
    site.stories[4].edition = 2
    report = sync(index, site, "feed", "/atom.xml")
    assert counts(report) == (0, 1, 0, 11, 0)
    assert site.asked == {"/robots.txt": 1, "/atom.xml": 1, site.stories[4].path: 1}
    assert "200 people" in index.article(ids(index)[-1]).text


@pytest.mark.parametrize("remembers", [True, False])
@pytest.mark.parametrize(("kind", "place"), [("feed", "/feed.xml"), ("sitemap", "/sitemap.xml")])
def test_pages_edited_added_and_taken_away_are_what_changes(
    kind: Kind, place: str, remembers: bool, index: ArticleIndex, site: NewsSite
) -> None:
    site.remembers = remembers
    sync(index, site, kind, place)
    site.stories[3].edition = 2
    site.stories[50] = Story(50)
    gone = site.stories.pop(7)
    report = sync(index, site, kind, place)
    assert report.added == (site.url(site.stories[50]),)
    assert report.changed == (site.url(site.stories[3]),)
    # A feed shows its newest entries only, so what is no longer in it is not gone.
    assert report.removed == ((site.url(gone),) if kind == "sitemap" else ())
    assert counts(report)[3:] == (10, 0)
    assert counts(sync(index, site, kind, place)) == (0, 0, 0, 12, 0)


def test_a_list_of_addresses_is_one_source(index: ArticleIndex, site: NewsSite, tmp_path: Path) -> None:
    addresses = tuple(site.url(story) for story in site.stories.values())
    source = Source(str(tmp_path / "dateline.toml/#pages"), "pages", addresses=addresses)
    assert counts(index.sync(collection(site, source))) == (12, 0, 0, 0, 0)
    fewer = replace(source, addresses=addresses[1:])
    assert index.sync(collection(site, fewer)).removed == addresses[:1]


def test_a_bare_address_is_looked_at_to_see_what_it_is(index: ArticleIndex, site: NewsSite) -> None:
    assert counts(sync(index, site, "page", site.stories[2].path)) == (1, 0, 0, 0, 0)
    assert counts(sync(index, site, "page", site.stories[2].path)) == (0, 0, 0, 1, 0)
    assert counts(sync(index, site, "page", "/feed.xml")) == (11, 0, 0, 1, 0)
    assert counts(sync(index, site, "page", "/sitemap.xml")) == (0, 0, 0, 12, 0)


def test_a_site_is_followed_by_the_feed_that_its_first_page_names(
    index: ArticleIndex, site: NewsSite
) -> None:
    link = b'<html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head></html>'
    site.others["/"] = ("text/html", link)
    assert counts(sync(index, site, "site", "/")) == (12, 0, 0, 0, 0)
    site.others["/"] = ("text/html", b"<html><body><p>Welcome.</p></body></html>")
    site.others["/robots.txt"] = ("text/plain", f"Sitemap: {site.address}/sitemap.xml\n".encode())
    assert counts(sync(index, site, "site", "/")) == (0, 0, 0, 12, 0)
    assert site.asked["/sitemap.xml"] == 1


def test_a_site_without_feed_and_sitemap_is_a_reason(index: ArticleIndex, site: NewsSite) -> None:
    site.others["/"] = ("text/html", b"<html><body><p>Welcome.</p></body></html>")
    report = sync(index, site, "site", "/")
    assert [one.reason for one in report.failed] == ["names no feed and no sitemap; give the address of one"]


def test_the_sitemaps_of_a_site_are_read_below_an_address(index: ArticleIndex, site: NewsSite) -> None:
    site.others["/2024/01/0"] = ("text/html", b"<html><body><p>January.</p></body></html>")
    report = sync(index, site, "sitemap", "/2024/01/0")
    below = [one for one in site.stories.values() if one.day < date(2024, 1, 10)]
    assert sorted(report.added) == sorted(map(site.url, below))


def test_an_index_of_sitemaps_leads_to_all_of_them(index: ArticleIndex, site: NewsSite) -> None:
    maps = "".join(
        f"<sitemap><loc>{site.address}/{name}</loc></sitemap>" for name in ("sitemap.xml", "gone.xml")
    )
    xml = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{maps}</sitemapindex>'
    site.others["/all.xml"] = ("application/xml", xml.encode())
    report = sync(index, site, "sitemap", "/all.xml")
    assert counts(report) == (12, 0, 0, 0, 1)
    assert report.failed[0].source == site.address + "/gone.xml"
    del site.stories[7]
    assert sync(index, site, "sitemap", "/all.xml").removed == (), "it was not read whole"


def test_patterns_and_days_leave_pages_out_without_asking_for_them(
    index: ArticleIndex, site: NewsSite
) -> None:
    report = sync(index, site, "feed", "/feed.xml", exclude=("*ferry*",), since=date(2024, 1, 9))
    expected = [
        one for one in site.stories.values() if one.day >= date(2024, 1, 9) and one.subject != "ferry"
    ]
    assert sorted(report.added) == sorted(map(site.url, expected))
    assert sum(site.asked.values()) == 2 + len(expected)


def test_what_is_older_than_wanted_is_left_out_where_only_the_page_tells(
    index: ArticleIndex, site: NewsSite
) -> None:
    report = sync(index, site, "sitemap", "/sitemap.xml", since=date(2024, 1, 9))
    assert len(report.added) == 5
    assert len(sync(index, site, "sitemap", "/sitemap.xml", since=date(2024, 1, 11)).removed) == 2
    assert len(sync(index, site, "sitemap", "/sitemap.xml").added) == 9


def test_a_page_that_fails_keeps_its_article_and_is_asked_for_again(
    index: ArticleIndex, site: NewsSite
) -> None:
    sync(index, site, "feed", "/feed.xml")
    site.broken[site.stories[6].path] = 404
    report = sync(index, site, "feed", "/feed.xml")
    assert counts(report) == (0, 0, 0, 11, 1)
    assert report.failed[0].source == site.url(site.stories[6])
    assert index.coverage().articles == 12
    site.broken.clear()
    assert counts(sync(index, site, "feed", "/feed.xml")) == (0, 0, 0, 12, 0)
    assert index.failures() == []


def test_a_broken_feed_is_told_of_until_it_is_whole_again(index: ArticleIndex, site: NewsSite) -> None:
    sync(index, site, "feed", "/feed.xml")
    site.broken["/feed.xml"] = 404
    assert counts(sync(index, site, "feed", "/feed.xml")) == (0, 0, 0, 0, 1)
    (failing,) = index.coverage().failing
    assert failing.root == site.address + "/feed.xml"
    assert failing.succeeded is not None
    (limit,) = index.limits()
    assert limit.startswith(f"{failing.root} has not been read since ")
    assert limit.endswith("newer articles from there may be missing.")
    site.broken.clear()
    sync(index, site, "feed", "/feed.xml")
    assert index.coverage().failing == ()
    assert index.limits() == ()


def test_a_feed_that_was_never_read_says_so(index: ArticleIndex, site: NewsSite) -> None:
    source = Source(site.address + "/none.xml", "feed")
    index.sync(collection(site, source))
    assert index.sources() == [], "it may have been a slip of the pen"
    index.sync(replace(collection(site, source), described=frozenset({source.root})))
    (failing,) = index.sources()
    assert failing.in_words.startswith(f"{site.address}/none.xml was never read (")


def test_a_page_is_no_feed(index: ArticleIndex, site: NewsSite) -> None:
    report = sync(index, site, "feed", site.stories[1].path)
    assert report.failed == (Failure(site.url(site.stories[1]), "neither a feed nor a sitemap"),)


def test_an_outlet_has_the_name_that_the_collection_gives_it(index: ArticleIndex, site: NewsSite) -> None:
    source = Source(site.address + "/feed.xml", "feed")
    named = replace(collection(site, source), outlets={"the sound mail": "Sound Mail"})
    index.sync(collection(site, source))
    assert counts(index.sync(named)) == (0, 12, 0, 0, 0)
    assert counts(index.sync(named)) == (0, 0, 0, 12, 0)
    assert index.coverage().outlets == ("Sound Mail",)


def test_forgetting_an_address_takes_out_what_came_from_it(index: ArticleIndex, site: NewsSite) -> None:
    sync(index, site, "feed", "/feed.xml")
    report = index.forget(site.address + "/feed.xml")
    assert (len(report.removed), report.failed) == (12, ())
    assert index.sources() == []
    assert counts(sync(index, site, "feed", "/feed.xml")) == (12, 0, 0, 0, 0)


def test_the_feeds_date_counts_where_a_page_states_none(index: ArticleIndex, site: NewsSite) -> None:
    story = site.stories[9]
    plain = story.html().replace("article:published_time", "viewport")
    site.others[story.path] = ("text/html", plain.encode())
    item = (
        f"<item><title>{story.title}</title><link>{site.url(story)}</link>"
        "<pubDate>Mon, 08 Jan 2024 23:30:00 -0500</pubDate></item>"
    )
    site.others["/one.xml"] = ("application/xml", f"<rss><channel>{item}</channel></rss>".encode())
    sync(index, site, "feed", "/one.xml")
    (article,) = map(index.article, ids(index))
    assert (article.published_day, article.date_source) == (date(2024, 1, 8), "feed")


def test_a_file_that_is_no_page_is_a_reason(index: ArticleIndex, site: NewsSite) -> None:
    site.others["/data"] = ("application/octet-stream", b"\x00\x01\x02")
    source = Source("here", "pages", addresses=(site.address + "/data",))
    report = index.sync(collection(site, source))
    assert [one.reason for one in report.failed] == [
        "not a kind of page that is read: application/octet-stream"
    ]


def test_nothing_is_asked_for_twice_in_one_sync(index: ArticleIndex, site: NewsSite) -> None:
    sources = [Source(site.address + place, "feed") for place in ("/feed.xml", "/atom.xml")]
    report = index.sync(collection(site, *sources))
    assert counts(report) == (12, 0, 0, 0, 0)
    assert set(site.asked.values()) == {1}


@pytest.fixture
def interrupted(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    def after(requests: int) -> None:
        from index.fetch import Fetcher

        fetch = Fetcher.fetch

        def counted(self: Fetcher, *arguments: object) -> object:
            if self.requests > requests:
                raise KeyboardInterrupt
            return fetch(self, *arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(Fetcher, "fetch", counted)

    return after


def test_interrupted_it_keeps_what_was_read_and_goes_on_from_there(
    index: ArticleIndex, site: NewsSite, interrupted: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context():
        interrupted(8)
        with pytest.raises(KeyboardInterrupt):
            sync(index, site, "feed", "/atom.xml")
    monkeypatch.undo()
    done = index._catalog.contents.coverage().articles
    assert done > 0
    report = sync(index, site, "feed", "/atom.xml")
    assert (len(report.added), len(report.unchanged)) == (12 - done, done)


def test_no_address_and_no_word_of_an_article_is_logged(
    index: ArticleIndex, site: NewsSite, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        sync(index, site, "feed", "/feed.xml")
    assert "ferry" not in caplog.text
