from __future__ import annotations

import gzip
import re
from datetime import date, datetime, timedelta, timezone

import pytest

from index.characters import ExtractError
from index.listings.feeds import Entry, kind_of
from index.listings.sitemaps import MOST_ADDRESSES, read_sitemap

MAP = "https://post.example/maps/all.xml"
OPEN = '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def sitemap(inside: str, more: str = "") -> bytes:
    return f"{OPEN}{more}>{inside}</urlset>".encode()


def url(loc: str, more: str = "") -> str:
    return f"<url><loc>{loc}</loc>{more}</url>"


def addresses(content: bytes) -> list[str]:
    return [entry.address for entry in read_sitemap(content, MAP).entries]


def test_the_time_of_a_pages_change_is_its_stamp_and_no_date_of_the_article() -> None:
    listing = read_sitemap(sitemap(url("https://post.example/a", "<lastmod>2026-01-02</lastmod>")), MAP)
    assert listing.entries == (Entry("https://post.example/a", stamp="2026-01-02"),)
    assert (listing.more, listing.left_out) == ((), ())


def test_a_news_sitemap_tells_of_its_articles() -> None:
    told = (
        "<lastmod>2026-01-03T09:00:00Z</lastmod><news:news>"
        "<news:publication><news:name>Harbour Post</news:name>"
        "<news:language>de-AT</news:language></news:publication><news:genres>Opinion, Blog</news:genres>"
        "<news:publication_date>2026-01-02T08:30:00+01:00</news:publication_date>"
        "<news:title>Salt &amp; iron: old bridge closed</news:title></news:news>"
    )
    (entry,) = read_sitemap(sitemap(url("https://post.example/a", told), NEWS), MAP).entries
    assert entry == Entry(
        "https://post.example/a",
        title="Salt & iron: old bridge closed",
        outlet="Harbour Post",
        published=datetime(2026, 1, 2, 8, 30, tzinfo=timezone(timedelta(hours=1))),
        modified=datetime(2026, 1, 3, 9, tzinfo=timezone.utc),
        language="de",
        sections=("Opinion", "Blog"),
        stamp="2026-01-03T09:00:00Z",
    )


def test_pictures_and_translations_are_passed_over() -> None:
    inside = url(
        "https://post.example/a",
        "<image:image><image:loc>https://post.example/a.jpg</image:loc><image:title>A bridge</image:title>"
        "</image:image><video:video><video:title>Film</video:title></video:video>"
        '<xhtml:link rel="alternate" hreflang="de" href="https://post.example/de/a"/>',
    )
    spaces = (
        ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
        ' xmlns:video="http://www.google.com/schemas/sitemap-video/1.1" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
    )
    assert read_sitemap(sitemap(inside, spaces), MAP).entries == (Entry("https://post.example/a"),)


def test_the_sitemaps_of_an_index_are_where_it_goes_on() -> None:
    content = (
        b'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        b"<sitemap><loc>https://post.example/maps/2026-01.xml.gz</loc><lastmod>2026-01-31</lastmod></sitemap>"
        b"<sitemap><loc> /maps/2026-02.xml?page=2 </loc></sitemap><sitemap><loc>file:///etc/passwd</loc></sitemap>"
        b"<sitemap><loc>https://post.example/maps/all.xml</loc></sitemap></sitemapindex>"
    )
    listing = read_sitemap(content, MAP)
    assert listing.more == (
        "https://post.example/maps/2026-01.xml.gz",
        "https://post.example/maps/2026-02.xml?page=2",
    )
    assert listing.entries == ()
    assert [failure.reason for failure in listing.left_out] == [
        "entry 3: not the address of a sitemap: file:///etc/passwd"
    ]


def test_a_packed_sitemap_is_the_same() -> None:
    content = sitemap(url("https://post.example/a") + url("https://post.example/b"))
    assert read_sitemap(gzip.compress(content), MAP) == read_sitemap(content, MAP)
    assert kind_of(gzip.compress(content), "application/octet-stream") == "sitemap"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (gzip.compress(sitemap(url("https://post.example/a")))[:-20], "a gzip file that ends in the middle"),
        (b"\x1f\x8b\x08\x00" + b"x" * 50, "a damaged gzip file"),
        (b"", "empty"),
        (gzip.compress(b""), "empty"),
        (b"<!DOCTYPE html><html><body>Not here<br></body></html>", "an HTML page"),
        (b"<rss><channel><item/></channel></rss>", "its outermost element is <rss>"),
        (b"See our sitemap at https://post.example/", "neither XML nor a list of addresses"),
        (b"<urlset><url><loc>https://post.example/a</loc>", "it ends in the middle"),
    ],
)
def test_what_is_no_sitemap_is_refused_with_a_reason(content: bytes, reason: str) -> None:
    with pytest.raises(ExtractError, match=f"^{re.escape(reason)}"):
        read_sitemap(content, MAP)


def test_a_list_of_addresses_is_a_sitemap() -> None:
    content = b"\xef\xbb\xbfhttps://post.example/a\r\n\r\nhttps://post.example/b?utm_medium=map\r\nbridge\r\n"
    listing = read_sitemap(content, MAP)
    assert [entry.address for entry in listing.entries] == [
        "https://post.example/a",
        "https://post.example/b",
    ]
    assert [failure.reason for failure in listing.left_out] == [
        "entry 3: not a web address that can be used: bridge"
    ]


def test_an_article_has_one_address_and_is_listed_once() -> None:
    inside = "".join(
        map(
            url,
            ("https://Post.example/a?utm_source=map", "https://post.example/a#top", "https://post.example/a"),
        )
    )
    assert addresses(sitemap(inside)) == ["https://post.example/a"]


def test_whole_sites_and_the_sitemap_itself_are_no_articles() -> None:
    listing = read_sitemap(sitemap(url("https://post.example/") + url(MAP) + url("")), MAP)
    assert listing.entries == ()
    assert [failure.reason for failure in listing.left_out] == [
        "entry 1: the address of a whole site: https://post.example/",
        "entry 2: its address is that of the list it stands in",
        "entry 3: no address",
    ]


def test_a_sitemap_that_breaks_off_gives_what_came_whole_and_says_so() -> None:
    content = sitemap(url("https://post.example/a") + url("https://post.example/bridge"))
    listing = read_sitemap(content[: content.index(b"/bridge") + 4], MAP)
    assert [entry.address for entry in listing.entries] == ["https://post.example/a"]
    assert [failure.reason for failure in listing.left_out] == ["not read to its end: it ends in the middle"]


def test_no_more_than_fifty_thousand_addresses_are_read_and_the_rest_is_counted() -> None:
    content = "\n".join(f"https://post.example/{one}" for one in range(MOST_ADDRESSES + 7)).encode()
    listing = read_sitemap(content, MAP)
    assert (len(listing.entries), listing.entries[0].address) == (MOST_ADDRESSES, "https://post.example/0")
    assert [failure.reason for failure in listing.left_out] == [
        "7 of 50,007 entries were not read: at most 50,000 are"
    ]


def test_a_date_is_that_of_publication_or_none() -> None:
    told = "<news:news><news:publication_date>{}</news:publication_date></news:news>"
    inside = url("https://post.example/a", told.format("2026-01-02")) + url(
        "https://post.example/b", told.format("06/07/2020")
    )
    entries = read_sitemap(sitemap(inside, NEWS), MAP).entries
    assert [entry.published for entry in entries] == [date(2026, 1, 2), None]


def test_a_misspelt_vocabulary_is_taken_at_its_word() -> None:
    content = sitemap(url("https://post.example/a")).replace(
        b"http://www.sitemaps.org", b"http://sitemap.example"
    )
    assert read_sitemap(content, MAP).entries == (Entry("https://post.example/a"),)
    index = (
        content.replace(b"urlset", b"sitemapindex")
        .replace(b"<url>", b"<sitemap>")
        .replace(b"/url>", b"/sitemap>")
    )
    assert read_sitemap(index, MAP).more == ("https://post.example/a",)
