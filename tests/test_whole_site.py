"""A site of hundreds of pages, real ones among them where they are to be had, followed in three ways."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import DATA
from news_site import NewsSite, Story, news_site
from storing import HashEmbedding

from index.library import ArticleIndex
from index.sources.source import Collection, Source

PAGES = DATA / "extraction" / "segments-html.tar.gz"


@pytest.fixture(scope="module")
def site() -> Iterator[NewsSite]:
    with news_site(300) as served:
        yield served


@pytest.fixture(params=["/feed.xml", "/atom.xml", "/sitemap.xml", "list"])
def source(request: pytest.FixtureRequest, site: NewsSite) -> Source:
    site.stories = {number: Story(number) for number in range(1, 301)}
    return source_of(site, request.param)


def source_of(site: NewsSite, way: str) -> Source:
    if way == "list":
        addresses = tuple(site.url(story) for story in site.stories.values())
        return Source("dateline.toml/#pages", "pages", addresses=addresses)
    return Source(site.address + way, "sitemap" if "sitemap" in way else "feed")


def collection(site: NewsSite, source: Source) -> Collection:
    return Collection((source,), allow=(site.address.removeprefix("http://"),), pause_seconds=0)


def test_exactly_what_was_edited_removed_and_added_changes(
    source: Source, site: NewsSite, tmp_path: Path
) -> None:
    is_list, is_feed = source.kind == "pages", source.kind == "feed"
    listings = 0 if is_list else 1
    with ArticleIndex.open(tmp_path, HashEmbedding()) as index:
        site.forget()
        report = index.sync(collection(site, source))
        assert (len(report.added), report.failed) == (300, ())
        assert sum(site.asked.values()) == 301 + listings, "robots.txt, the listing, and each page once"

        for number in (10, 20, 30):
            site.stories[number].edition = 2
        gone = [site.url(site.stories.pop(number)) for number in (40, 50)]
        site.stories |= {number: Story(number) for number in (301, 302, 303, 304)}
        if is_list:
            source = source_of(site, "list")
        site.forget()
        report = index.sync(collection(site, source))
        assert sorted(report.changed) == sorted(site.url(site.stories[number]) for number in (10, 20, 30))
        assert sorted(report.added) == sorted(site.url(site.stories[n]) for n in (301, 302, 303, 304))
        assert sorted(report.removed) == ([] if is_feed else sorted(gone))
        assert (len(report.unchanged), report.failed) == (295, ())
        # Atom's <updated> and a sitemap's <lastmod> spare the pages; else each is asked whether it changed.
        stamped = source.place.endswith(("atom.xml", "sitemap.xml"))
        assert sum(site.asked.values()) == 1 + listings + (7 if stamped else 302)
        assert sum(site.unchanged.values()) == (0 if stamped else 295)

        site.forget()
        report = index.sync(collection(site, source))
        assert (report.added, report.changed, report.removed, report.failed) == ((), (), (), ())
        if listings:
            assert site.unchanged[source.place.removeprefix(site.address)] == 1


def test_real_pages_are_read_from_a_site_as_from_files(site: NewsSite, tmp_path: Path) -> None:
    if not PAGES.exists():
        pytest.skip("the public pages are not here: they are their publishers' and not part of this project")
    rows = [json.loads(line) for line in (DATA / "extraction" / "segments.jsonl").read_text().splitlines()]
    with tarfile.open(PAGES) as archive:
        pages = {row["file"]: archive.extractfile(row["file"]) for row in rows[:60]}
        contents = {name: page.read() for name, page in pages.items() if page}
    folder = tmp_path / "pages"
    folder.mkdir()
    for name, content in contents.items():
        (folder / name).write_bytes(content)
        site.others[f"/real/{name}"] = ("text/html", content)
    addresses = tuple(f"{site.address}/real/{name}" for name in contents)
    fetched = Source("dateline.toml/#real", "pages", addresses=addresses)
    texts = []
    for number, what in enumerate((collection(site, fetched), Collection((Source(str(folder), "files"),)))):
        with ArticleIndex.open(tmp_path / str(number), HashEmbedding()) as index:
            report = index.sync(what)
            every = index._catalog.current_articles(0, 1000)
            assert len(report.added) + len(report.failed) == len(contents)
            texts.append(sorted(article.text for _, article in every))
            if number == 0:
                assert index.sync(replace(what)).unchanged == report.added
    assert len(texts[0]) > 50
    assert texts[0] == texts[1]
