"""Sources that change their minds, lie, or name what is not theirs: nothing is lost by it, and it is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from news_site import NewsSite, Story, news_site

from index.library import ArticleIndex
from index.sources.source import Collection, Kind, Source, source_of
from index.types import Article, SyncReport

TEXT = "The old bridge was closed on Friday.\n\nNobody knows for how long it will stay closed.\n"


@pytest.fixture
def site() -> Iterator[NewsSite]:
    with news_site(8) as served:
        yield served


def sync(index: ArticleIndex, site: NewsSite, *named: tuple[Kind, str]) -> SyncReport:
    sources = tuple(Source(site.address + place, kind) for kind, place in named)
    return index.sync(Collection(sources, allow=(site.address.removeprefix("http://"),), pause_seconds=0))


def sitemap(site: NewsSite, *numbers: int) -> tuple[str, bytes]:
    urls = "".join(f"<url><loc>{site.url(site.stories[number])}</loc></url>" for number in numbers)
    return "application/xml", f"<urlset>{urls}</urlset>".encode()


def sitemap_index(site: NewsSite, *paths: str) -> tuple[str, bytes]:
    maps = "".join(f"<sitemap><loc>{site.address}{path}</loc></sitemap>" for path in paths)
    return "application/xml", f"<sitemapindex>{maps}</sitemapindex>".encode()


def test_half_a_character_in_a_feed_is_a_failure_of_one_entry(index: ArticleIndex, site: NewsSite) -> None:
    items = [
        {"id": "1", "url": site.address + "/x\ud800"},
        {"id": "2", "url": "ftp://\ud800", "title": "\udfff"},
        {"id": "3", "url": site.url(site.stories[1]), "title": "half \ud800"},
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "odd \ud800", "items": items}
    site.others["/feed.json"] = ("application/feed+json", json.dumps(feed).encode())
    report = sync(index, site, ("feed", "/feed.json"), ("sitemap", "/sitemap.xml"))
    assert len(report.added) == 8
    assert report.failed


def test_a_part_of_a_sitemap_that_is_a_page_for_once_removes_nothing(
    index: ArticleIndex, site: NewsSite
) -> None:
    site.others |= {"/all.xml": sitemap_index(site, "/a.xml", "/b.xml")}
    site.others |= {"/a.xml": sitemap(site, 1, 2, 3, 4), "/b.xml": sitemap(site, 5, 6, 7, 8)}
    assert len(sync(index, site, ("sitemap", "/all.xml")).added) == 8
    site.others["/a.xml"] = ("text/html", b"<html><body><p>We will be back soon.</p></body></html>")
    report = sync(index, site, ("sitemap", "/all.xml"))
    assert (report.removed, len(report.unchanged), len(report.failed)) == ((), 4, 1)
    assert index.limits()


def test_a_feed_that_another_source_has_read_loses_nothing(index: ArticleIndex, site: NewsSite) -> None:
    link = b'<html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head></html>'
    site.others["/"] = ("text/html", link)
    sync(index, site, ("feed", "/feed.xml"))
    site.in_feed = 3
    report = sync(index, site, ("site", "/"), ("feed", "/feed.xml"))
    assert (report.removed, report.failed, index.limits()) == ((), (), ())
    assert index.coverage().articles == 8


def test_a_sitemap_that_another_source_could_not_read_is_in_trouble_too(
    index: ArticleIndex, site: NewsSite
) -> None:
    site.others["/all.xml"] = sitemap_index(site, "/sitemap.xml")
    sync(index, site, ("sitemap", "/sitemap.xml"))
    site.broken["/sitemap.xml"] = 500
    report = sync(index, site, ("sitemap", "/all.xml"), ("sitemap", "/sitemap.xml"))
    assert report.removed == ()
    assert site.address + "/sitemap.xml" in {state.root for state in index.coverage().failing}


def test_a_folder_in_a_folder_is_left_to_its_own_source(index: ArticleIndex, tmp_path: Path) -> None:
    news = tmp_path / "news"
    (news / "sub").mkdir(parents=True)
    for name in ("a.txt", "b.txt", "sub/c.txt", "sub/d.txt"):
        (news / name).write_text(TEXT.replace("bridge", name))
    outer = Source(str(news), "files", exclude=("sub/*",))
    both = Collection((outer, source_of(news / "sub")))
    assert len(index.sync(both).added) == 4
    for collection in (both, Collection((outer,)), both):
        report = index.sync(collection)
        assert (report.added, report.removed) == ((), ())
    (news / "sub" / "c.txt").unlink()
    assert index.sync(Collection((outer,))).removed == ()
    assert len(index.sync(both).removed) == 1


def test_a_strangers_sitemap_cannot_take_an_article_away(index: ArticleIndex, site: NewsSite) -> None:
    site.remembers = False
    sync(index, site, ("feed", "/feed.xml"))
    site.others["/theirs.xml"] = sitemap(site, 1, 2, 3, 4)
    assert len(sync(index, site, ("sitemap", "/theirs.xml")).unchanged) == 4
    site.others["/theirs.xml"] = sitemap(site, 4)
    assert sync(index, site, ("sitemap", "/theirs.xml")).removed == ()
    assert index.coverage().articles == 8


def test_robots_names_sitemaps_by_addresses_only(index: ArticleIndex, site: NewsSite, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    index.sync([tmp_path / "a.txt"])
    added = index.add([Article(TEXT.replace("bridge", "mill"))]).added
    lines = "".join(
        f"Sitemap: {key}\n" for key in (*added, tmp_path / "a.txt", f"{site.address}/sitemap.xml")
    )
    site.others["/robots.txt"] = ("text/plain", lines.encode())
    site.others["/"] = ("text/html", b"<html><body><p>Welcome.</p></body></html>")
    report = sync(index, site, ("site", "/"))
    assert (len(report.added), report.failed) == (8, ())
    assert index.coverage().articles == 10


def test_a_news_sitemap_is_a_window_as_a_feed_is(index: ArticleIndex, site: NewsSite) -> None:
    def news(*numbers: int) -> tuple[str, bytes]:
        urls = "".join(
            f"<url><loc>{site.url(site.stories[number])}</loc><news:news><news:publication_date>"
            f"{site.stories[number].day}</news:publication_date></news:news></url>"
            for number in numbers
        )
        names = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        names += 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
        return "application/xml", f"<urlset {names}>{urls}</urlset>".encode()

    site.others["/news.xml"] = news(1, 2, 3, 4, 5, 6)
    assert len(sync(index, site, ("sitemap", "/news.xml")).added) == 6
    site.others["/news.xml"] = news(6, 7, 8)
    report = sync(index, site, ("sitemap", "/news.xml"))
    assert (len(report.added), report.removed) == (2, ())


@pytest.mark.parametrize("place", ["/sitemap.xml", "/feed.xml"])
def test_a_listing_that_is_suddenly_empty_removes_nothing_and_is_told(
    place: str, index: ArticleIndex, site: NewsSite
) -> None:
    kind: Kind = "sitemap" if "sitemap" in place else "feed"
    sync(index, site, (kind, place))
    site.stories = {}
    report = sync(index, site, (kind, place))
    assert report.removed == ()
    assert "nothing is there, where articles were before" in report.failed[-1].reason
    assert index.limits()


def test_a_folder_that_is_suddenly_empty_removes_nothing_and_is_told(
    index: ArticleIndex, tmp_path: Path
) -> None:
    (tmp_path / "news").mkdir()
    path = tmp_path / "news" / "a.txt"
    path.write_text(TEXT)
    index.sync([tmp_path / "news"])
    path.unlink()
    report = index.sync([tmp_path / "news"])
    assert (report.removed, len(report.failed)) == ((), 1)
    assert len(index.forget([tmp_path / "news"]).removed) == 1


def test_a_page_that_is_a_feed_for_once_keeps_its_article(index: ArticleIndex, site: NewsSite) -> None:
    story = site.stories[1]
    sync(index, site, ("page", story.path))
    site.others[story.path] = ("application/xml", b"<rss><channel><title>x</title></channel></rss>")
    report = sync(index, site, ("page", story.path))
    assert (report.removed, len(report.failed)) == ((), 1)
    assert index.coverage().articles == 1


def test_a_page_that_leads_elsewhere_keeps_its_article(index: ArticleIndex, site: NewsSite) -> None:
    sync(index, site, ("sitemap", "/sitemap.xml"))
    one, two = site.stories[4], site.stories[5]
    site.moved[one.path] = two.path
    report = sync(index, site, ("feed", "/feed.xml"))
    assert [failure.reason for failure in report.failed] == [f"leads to another page now: {site.url(two)}"]
    assert index.coverage().articles == 8


def test_a_feed_of_which_no_page_can_be_read_is_in_trouble(index: ArticleIndex, site: NewsSite) -> None:
    sync(index, site, ("feed", "/feed.xml"))
    site.broken = {story.path: 403 for story in site.stories.values()}
    assert len(sync(index, site, ("feed", "/feed.xml")).failed) == 8
    (state,) = index.coverage().failing
    assert state.reason == "none of the 8 documents there could be read"


def test_pages_that_had_no_story_and_have_not_changed_leave_their_feed_in_trouble(
    index: ArticleIndex, site: NewsSite
) -> None:
    for story in site.stories.values():
        site.others[story.path] = ("text/html", b"<html><body></body></html>")
    for _ in range(2):
        sync(index, site, ("feed", "/feed.xml"))
        assert len(index.failures()) == 8
    source = Source(site.address + "/feed.xml", "feed")
    allow = (site.address.removeprefix("http://"),)
    described = frozenset({source.root})
    for _ in range(2):
        index.sync(Collection((source,), allow=allow, pause_seconds=0, described=described))
        (state,) = index.coverage().failing
        assert state.reason == "none of the 8 documents there could be read"


def test_a_page_alone_that_is_gone_warns_in_its_report_and_not_in_every_answer(
    index: ArticleIndex, site: NewsSite
) -> None:
    path = site.stories[1].path
    sync(index, site, ("page", path))
    site.broken[path] = 404
    assert len(sync(index, site, ("page", path)).failed) == 1
    assert index.limits() == ()
    assert index.coverage().articles == 1


def test_a_host_that_does_not_answer_is_given_up(
    index: ArticleIndex, site: NewsSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    from index.fetch import Fetcher, FetchError

    fetch = Fetcher.fetch

    def silent(self: Fetcher, address: str, *rest: object) -> object:
        if address.endswith(".html"):
            raise FetchError("the server closed the connection", passing=True)
        return fetch(self, address, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Fetcher, "fetch", silent)
    report = sync(index, site, ("feed", "/feed.xml"))
    assert report.failed[-1].reason == "5 pages in a row did not answer; 3 more were not asked for"
    monkeypatch.undo()
    assert len(sync(index, site, ("feed", "/feed.xml")).added) == 8
    assert index.failures() == []


def test_a_site_that_can_be_read_again_is_in_trouble_no_longer(index: ArticleIndex, site: NewsSite) -> None:
    link = b'<html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head></html>'
    site.others["/"], site.broken["/"] = ("text/html", link), 500
    assert len(sync(index, site, ("site", "/")).failed) == 1
    assert len(index.failures()) == 1
    site.broken.clear()
    assert len(sync(index, site, ("site", "/")).added) == 8
    assert index.failures() == []
    assert index.limits() == ()


def test_a_source_elsewhere_may_not_name_an_allowed_internal_address(
    index: ArticleIndex, site: NewsSite
) -> None:
    inside = site.address.replace("127.0.0.1", "localhost")
    site.others["/feed.json"] = (
        "application/feed+json",
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "items": [{"id": "1", "url": inside + site.stories[1].path}],
            }
        ).encode(),
    )
    allow = tuple(address.removeprefix("http://") for address in (site.address, inside))
    source = Source(site.address + "/feed.json", "feed")
    report = index.sync(Collection((source,), allow=allow, pause_seconds=0))
    assert [one.reason for one in report.failed] == [
        "an internal address, which a source elsewhere may not name"
    ]
    assert site.asked == {"/robots.txt": 1, "/feed.json": 1}


def test_a_table_that_is_none_is_told_in_a_hundred_lines(index: ArticleIndex, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "The mill burned down on Friday."}\n' + "[]\n" * 1000)
    report = index.sync([path])
    assert (len(report.added), len(report.failed)) == (1, 101)
    assert report.failed[-1].reason == "900 more rows give no article, as those named"
    again = index.sync([path])
    assert (again.removed, len(again.unchanged)) == ((), 1)


def test_what_was_missing_is_looked_for_again(
    index: ArticleIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from index.sources.document import INSTALL
    from index.syncing import Outcome

    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    index.sync([path])
    known = index._catalog.document(str(path))
    assert known is not None
    reason = f'reading it needs a package; {INSTALL} "dateline[all]"'
    outcome = Outcome(str(path), str(path), known.fingerprint, None, reason)
    index._catalog.record([outcome], [], lambda article: ())
    assert index.failures()
    index.sync([path])
    assert index.failures() == []


def test_new_pages_are_asked_for_before_known_ones(index: ArticleIndex, site: NewsSite) -> None:
    sync(index, site, ("feed", "/feed.xml"))
    site.stories[0] = Story(0)
    site.asked.clear()
    sync(index, site, ("feed", "/feed.xml"))
    pages = [path for path in site.asked if path.endswith(".html")]
    assert pages[0] == site.stories[0].path


def test_a_page_that_was_read_alone_learns_its_date_from_a_feed(index: ArticleIndex, site: NewsSite) -> None:
    story = site.stories[3]
    site.others[story.path] = ("text/html", story.html().replace("article:published_time", "x").encode())
    site.others["/2024"] = site.others[story.path]
    item = (
        f"<item><title>{story.title}</title><link>{site.address}/2024</link>"
        "<pubDate>Thu, 04 Jan 2024 08:00:00 GMT</pubDate></item>"
    )
    site.others["/one.xml"] = ("application/xml", f"<rss><channel>{item}</channel></rss>".encode())
    sync(index, site, ("page", "/2024"))
    assert sync(index, site, ("page", "/2024"), ("feed", "/one.xml")).failed == ()
    ((_, article),) = index._catalog.current_articles(0, 9)
    assert (str(article.published_day), article.date_source) == ("2024-01-04", "feed")


def test_described_sources_that_were_never_read_are_forgotten_with_their_description(
    index: ArticleIndex, site: NewsSite
) -> None:
    wrong, right = Source(site.address + "/fed.xml", "feed"), Source(site.address + "/feed.xml", "feed")
    allow = (site.address.removeprefix("http://"),)
    both = Collection((wrong, right), allow=allow, pause_seconds=0)
    index.sync(replace(both, described=frozenset({wrong.root, right.root})))
    assert len(index.limits()) == 1
    index.sync(replace(both, sources=(right,), described=frozenset({right.root})))
    assert index.limits() == ()
