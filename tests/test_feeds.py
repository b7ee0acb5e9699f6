from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from index.characters import ExtractError
from index.listings.feeds import MOST_ENTRIES, Entry, Listing, feeds_linked, kind_of, read_feed
from index.listings.tracking import untracked
from index.sources import making

FEED = "https://post.example/news/feed.xml"
ROOT = Path(__file__).resolve().parent.parent
SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" xmlns:dcterms="http://purl.org/dc/terms/"'
)
LINK = "<link>https://post.example/bridge</link>"


def rss(inside: str, channel: str = "<title>Harbour Post</title>") -> bytes:
    start = f'<?xml version="1.0"?><rss version="2.0" {SPACES}><channel>{channel}'
    return f"{start}{inside}</channel></rss>".encode()


def atom(inside: str) -> bytes:
    return f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB">{inside}</feed>'.encode()


def only(content: bytes, charset: str = "") -> Entry:
    listing = read_feed(content, FEED, charset)
    assert not listing.left_out
    (entry,) = listing.entries
    return entry


def item(inside: str, link: str = LINK) -> Entry:
    return only(rss(f"<item>{link}{inside}</item>"))


def reasons(listing: Listing) -> list[str]:
    return [failure.reason for failure in listing.left_out]


# --- the kinds of feeds -----------------------------------------------------------------------------


def test_an_entry_of_rss_2() -> None:
    entry = only(
        rss(
            "<item><title>Salt &amp;amp; iron: old bridge closed</title>"
            "<link>/bridge?utm_source=rss&amp;id=7</link>"
            "<dc:creator>Jane Doe</dc:creator><dc:creator>By John Roe</dc:creator>"
            "<category>Harbour</category><category>Opinion</category><category>Harbour</category>"
            "<pubDate>Fri, 02 Jan 2026 08:30:00 +0100</pubDate><description>A summary.</description>"
            "<media:title>A photo</media:title><guid isPermaLink='false'>77</guid>"
            "<content:encoded><![CDATA[<p>Nobody knows & nobody asks.</p>]]></content:encoded></item>",
            "<title>Harbour Post</title><language>en-us</language>",
        )
    )
    assert entry == Entry(
        "https://post.example/bridge?id=7",
        title="Salt & iron: old bridge closed",
        byline="Jane Doe, John Roe",
        published=datetime(2026, 1, 2, 8, 30, tzinfo=timezone(timedelta(hours=1))),
        language="en",
        sections=("Harbour", "Opinion"),
        content="<p>Nobody knows & nobody asks.</p>",
    )


@pytest.mark.parametrize(
    "content",
    [
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        b'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Kestrel</title></channel>'
        b'<item rdf:about="https://post.example/bridge"><title>Old bridge</title>'
        b"<dc:date>2026-01-02</dc:date></item></rdf:RDF>",
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        b'xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>Kestrel</title></channel>'
        b"<item><title>Old bridge</title><link>https://post.example/bridge</link>"
        b"<pubDate>2 Jan 2026</pubDate></item></rdf:RDF>",
        b'<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">'
        b'<rss version="0.91"><channel><title>Kestrel</title><item><title>Old bridge</title>'
        b"<link>https://post.example/bridge</link><pubDate>2 January 2026</pubDate></item></channel></rss>",
        b'<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Kestrel</title><entry>'
        b"<title>Old bridge</title><link rel='alternate' href='/bridge'/><issued>2026-01-02</issued>"
        b"</entry></feed>",
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1",
                "title": "Kestrel",
                "items": [
                    {"id": "1", "url": "/bridge", "title": "Old bridge", "date_published": "2026-01-02"}
                ],
            }
        ).encode(),
    ],
    ids=["RSS 1.0", "RSS 0.9", "RSS 0.91", "Atom 0.3", "JSON Feed 1"],
)
def test_older_kinds_of_feeds_say_the_same(content: bytes) -> None:
    listing = read_feed(content, FEED)
    assert listing.title == "Kestrel"
    assert listing.entries == (
        Entry("https://post.example/bridge", title="Old bridge", published=date(2026, 1, 2)),
    )
    assert kind_of(content, "") == "feed"


def test_an_entry_of_atom() -> None:
    entry = only(
        atom(
            "<author><name>Jane Doe</name></author><title>Kestrel</title><entry><id>urn:uuid:1</id>"
            "<title>Why &lt;b&gt; is bold</title><link rel='self' href='https://post.example/1.xml'/>"
            "<link rel='alternate' type='application/pdf' href='/bridge.pdf'/><link href='../bridge'/>"
            "<published>2026-01-02T08:00:00Z</published><updated>2026-01-03T09:00:00Z</updated>"
            "<category term='h' label='Harbour'/><category term='bridges'/>"
            "<content type='xhtml'><x:div xmlns:x='http://www.w3.org/1999/xhtml'><x:p>It is shut.</x:p>"
            "</x:div></content></entry>"
        )
    )
    assert entry == Entry(
        "https://post.example/bridge",
        title="Why <b> is bold",
        byline="Jane Doe",
        published=datetime(2026, 1, 2, 8, tzinfo=timezone.utc),
        modified=datetime(2026, 1, 3, 9, tzinfo=timezone.utc),
        language="en",
        sections=("Harbour", "bridges"),
        stamp="2026-01-03T09:00:00Z",
        content="<div><p>It is shut.</p></div>",
    )


def test_an_entry_of_json_feed() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Kestrel",
        "language": "de",
        "authors": [{"name": "Jane Doe"}],
        "next_url": "?page=2",
        "items": [
            {
                "id": "https://post.example/bridge",
                "title": "Old bridge",
                "date_published": "2026-01-02T08:00:00Z",
                "date_modified": "2026-01-03",
                "tags": ["Harbour", 7],
                "content_text": "Fish & chips.\n\nNo peas.",
            }
        ],
    }
    listing = read_feed(json.dumps(feed).encode(), FEED)
    assert listing.more == ("https://post.example/news/feed.xml?page=2",)
    assert listing.entries == (
        Entry(
            "https://post.example/bridge",
            title="Old bridge",
            byline="Jane Doe",
            published=datetime(2026, 1, 2, 8, tzinfo=timezone.utc),
            modified=date(2026, 1, 3),
            language="de",
            sections=("Harbour",),
            stamp="2026-01-03",
            content="<p>Fish &amp; chips.</p><p>No peas.</p>",
        ),
    )


def test_a_feed_of_pages_says_where_it_goes_on() -> None:
    content = atom(
        "<link rel='next' href='?page=2'/><link rel='self' href=''/><link rel='next' href='file:///x'/>"
    )
    assert read_feed(content, FEED).more == (f"{FEED}?page=2",)


# --- dates ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "published", "modified", "stamp"),
    [
        ("<pubDate>Fri, 2 Jan 26 08:00 GMT</pubDate>", "2026-01-02T08:00:00+00:00", None, ""),
        ("<pubDate>02 Jan 2026 08:00:00 EST</pubDate>", "2026-01-02T08:00:00-05:00", None, ""),
        ("<pubDate>Fri, 02 Jan 2026 08:00:00 CST</pubDate>", "2026-01-02", None, ""),
        ("<dc:date>2026-01-02T08:00:00Z</dc:date>", "2026-01-02T08:00:00+00:00", None, ""),
        ("<atom:updated>2026-01-03</atom:updated>", None, "2026-01-03", "2026-01-03"),
        ("<dcterms:modified>2026-01-03</dcterms:modified>", None, "2026-01-03", "2026-01-03"),
        ("<pubDate>2 Jan 2026</pubDate><atom:updated>soon</atom:updated>", "2026-01-02", None, "soon"),
        ("<pubDate>06/07/2020</pubDate>", None, None, ""),
        ("<pubDate>Sat, 31 Feb 2026 08:00:00 GMT</pubDate>", None, None, ""),
        ("<pubDate>Fri, 02 Jan 2099 08:00:00 GMT</pubDate>", None, None, ""),
        ("<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>", None, None, ""),
        ("<pubDate>2. Januar 2026</pubDate>", "2026-01-02", None, ""),
        ("<pubDate></pubDate>", None, None, ""),
    ],
)
def test_publication_and_change_are_kept_apart_and_read_strictly(
    fields: str, published: str | None, modified: str | None, stamp: str
) -> None:
    entry = item(fields)
    days = [day.isoformat() if day else None for day in (entry.published, entry.modified)]
    assert [*days, entry.stamp] == [published, modified, stamp]


# --- addresses --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("links", "address"),
    [
        ("<guid>https://post.example/a</guid>", "https://post.example/a"),
        ("<guid isPermaLink='true'>https://post.example/a</guid><link/>", "https://post.example/a"),
        ("<link>/b</link><guid>https://post.example/a</guid>", "https://post.example/b"),
        (
            "<feedburner:origLink>https://post.example/a</feedburner:origLink><link>https://burner.example/~r/1</link>",
            "https://post.example/a",
        ),
        ("<link>javascript:alert(1)</link><guid>https://post.example/a</guid>", "https://post.example/a"),
        ("<link>\n  https://post.example/old bridge\n</link>", "https://post.example/old%20bridge"),
        ("<link><![CDATA[https://post.example/?p=1&x=2]]></link>", "https://post.example/?p=1&x=2"),
        ("<link>https://post.example/?p=1&x=2</link>", "https://post.example/?p=1&x=2"),
        ("<link>//cdn.post.example/a</link>", "https://cdn.post.example/a"),
        ("<link xml:base='https://kestrel.example/x/'>a</link>", "https://kestrel.example/x/a"),
        ("<atom:link rel='self' href='/self'/><atom:link href='/a'/>", "https://post.example/a"),
        (
            "<link>https://wrapper.example/go?to=https://post.example/a</link>",
            "https://wrapper.example/go?to=https://post.example/a",
        ),
    ],
)
def test_the_address_of_an_entry(links: str, address: str) -> None:
    assert item("", links).address == address


@pytest.mark.parametrize(
    ("links", "reason"),
    [
        ("<title>Old bridge</title>", "entry 1 (Old bridge): no address"),
        ("<guid>77</guid>", "entry 1: no address"),
        ("<guid isPermaLink='false'>https://post.example/a</guid>", "entry 1: no address"),
        ("<link>data:text/html,x</link>", "entry 1: not a web address that can be used: data:text/html,x"),
        (
            "<link>https://me:pw@post.example/a</link>",
            "entry 1: not a web address that can be used: https://me:pw@post.example/a",
        ),
        ("<link>https://post.example/</link>", "entry 1: the address of a whole site: https://post.example/"),
        ("<link>#top</link>", "entry 1: its address is that of the list it stands in"),
        ("<link>http://[post/</link>", "entry 1: not a web address that can be used: http://[post/"),
    ],
)
def test_an_entry_without_an_address_of_its_own_is_left_out_with_a_reason(links: str, reason: str) -> None:
    listing = read_feed(rss(f"<item>{links}</item><item>{LINK}</item>"), FEED)
    assert reasons(listing) == [reason]
    assert [entry.address for entry in listing.entries] == ["https://post.example/bridge"]


def test_an_article_is_listed_once_as_it_comes_first() -> None:
    links = ("https://post.example/a?utm_source=x", "https://post.example/a#more", "https://post.example/b")
    inside = "".join(
        f"<item><title>{number}</title><link>{link}</link><guid isPermaLink='false'>1</guid></item>"
        for number, link in enumerate(links)
    )
    entries = read_feed(rss(inside), FEED).entries
    assert [(entry.title, entry.address[-1]) for entry in entries] == [("0", "a"), ("2", "b")]


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ("https://a.example/x?utm_source=a&UTM_Medium=b&id=7&fbclid=c", "https://a.example/x?id=7"),
        ("https://a.example/x?%75tm_source=a", "https://a.example/x"),
        ("https://a.example/x?a=1;b=2&&c=%20#part", "https://a.example/x?a=1;b=2&&c=%20"),
        ("HTTPS://A.Example/X?ref=rss", "https://a.example/X"),
        ("https://a.example/x?ref=harbour&source=post", "https://a.example/x?ref=harbour&source=post"),
        ("https://a.example/#!/bridge", "https://a.example/#!/bridge"),
    ],
)
def test_what_only_tells_how_a_reader_came_is_taken_out_of_an_address(address: str, plain: str) -> None:
    assert untracked(address) == plain
    assert untracked(plain) == plain


# --- what entries say -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "byline"),
    [
        ("<author>jane@post.example (Jane Doe)</author>", "Jane Doe"),
        ("<author>Jane Doe &lt;jane@post.example&gt;</author>", "Jane Doe"),
        ("<author>newsroom@post.example</author>", ""),
        ("<author>newsroom@post.example</author><dc:creator>Jane Doe</dc:creator>", "Jane Doe"),
        (
            "<atom:author><atom:name>Jane Doe</atom:name><atom:email>j@a.example</atom:email></atom:author>",
            "Jane Doe",
        ),
        ("<dc:creator>admin</dc:creator>", ""),
    ],
)
def test_the_byline_of_an_entry(fields: str, byline: str) -> None:
    assert item(fields).byline == byline


@pytest.mark.parametrize(
    ("fields", "outlet"),
    [
        ("<source url='https://kestrel.example/feed'>The Kestrel</source>", "The Kestrel"),
        (
            "<atom:source><atom:id>1</atom:id><atom:title>The Kestrel</atom:title></atom:source>",
            "The Kestrel",
        ),
        ("<dc:publisher>The Kestrel</dc:publisher>", "The Kestrel"),
        ("", ""),
    ],
)
def test_the_outlet_is_named_where_the_feed_has_articles_of_others(fields: str, outlet: str) -> None:
    assert item(fields).outlet == outlet


@pytest.mark.parametrize(
    ("content", "html"),
    [
        ("<content type='html'>&lt;p&gt;Shut.&lt;/p&gt;</content>", "<p>Shut.</p>"),
        ("<content>1 &lt; 2</content>", "<p>1 &lt; 2</p>"),
        ("<content type='html' src='https://post.example/full.html'/>", ""),
        ("<content type='image/png'>iVBORw0K</content>", ""),
        ("<summary type='html'>&lt;p&gt;Shut.&lt;/p&gt;</summary>", ""),
    ],
)
def test_the_full_text_is_taken_and_a_summary_is_not(content: str, html: str) -> None:
    assert only(atom(f"<entry><link href='/bridge'/>{content}</entry>")).content == html


# --- feeds that are not as they should be -----------------------------------------------------------


def test_a_feed_that_breaks_off_gives_what_came_whole_and_says_so() -> None:
    content = rss(f"<item>{LINK}</item><item><link>https://post.example/a-long-name</link></item>")
    listing = read_feed(content[: content.index(b"long")], FEED)
    assert [entry.address for entry in listing.entries] == ["https://post.example/bridge"]
    assert reasons(listing) == ["not read to its end: it ends in the middle"]


def test_bare_ampersands_and_entities_of_html_are_read_as_they_were_meant() -> None:
    title = "Fish & chips &eacute;&nbsp;&lt;3 &bogus; &#8217;&#xD800;"
    assert item(f"<title>{title}</title>").title == "Fish & chips é <3 &bogus; ’\ufffd"
    assert item("<content:encoded><![CDATA[a &eacute; & b]]></content:encoded>").content == "a &eacute; & b"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_feeds_in_other_encodings(encoding: str) -> None:
    text = rss(f"<item>{LINK}<title>Für Größe – “Ü”</title></item>").decode()
    declared = text.replace('version="1.0"', f'version="1.0" encoding="{encoding.replace("-sig", "")}"', 1)
    content = declared.encode(encoding)
    assert kind_of(content, "") == "feed"
    assert only(content).title == "Für Größe – “Ü”"


def test_an_encoding_that_only_the_server_tells_is_used() -> None:
    content = rss(f"<item>{LINK}<title>Мост закрыт</title></item>").decode().encode("koi8-r")
    assert only(content, "koi8-r").title == "Мост закрыт"
    told = list(making.listing(content, FEED, "text/xml", "koi8-r"))
    assert told == ["feed", read_feed(content, FEED, "koi8-r")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"Not found", "no XML in it"),
        (b"<!doctype html><html><p>Not found<br>", "an HTML page"),
        (b"<urlset><url/></urlset>", "its outermost element is <urlset>"),
        (b"<rss><channel><item>", "it ends in the middle"),
        (b'{"version": "https://jsonfeed.org/version/1"}', "JSON, but not a feed: it has no list of items"),
        (b'{"items": [', "not JSON: Expecting value"),
    ],
)
def test_what_is_no_feed_is_refused_with_a_reason(content: bytes, reason: str) -> None:
    with pytest.raises(ExtractError, match=f"^{re.escape(reason)}"):
        read_feed(content, FEED)


def test_a_feed_without_entries_is_one() -> None:
    assert read_feed(rss(""), FEED) == Listing("Harbour Post", ())


def test_no_more_than_two_thousand_entries_are_read_and_the_rest_is_counted() -> None:
    items = "".join(f"<item><link>/{number}</link></item>" for number in range(MOST_ENTRIES + 3))
    listing = read_feed(rss(items), FEED)
    assert (len(listing.entries), listing.entries[0].address) == (MOST_ENTRIES, "https://post.example/0")
    assert reasons(listing) == ["3 of 2,003 entries were not read: at most 2,000 are"]


def test_reasons_are_told_for_a_hundred_entries_and_counted_for_the_rest() -> None:
    listing = read_feed(rss("<item/>" * 150), FEED)
    assert len(listing.left_out) == 101
    assert reasons(listing)[-1] == "50 more entries that cannot be used"


@pytest.mark.parametrize(
    ("content", "media_type", "kind"),
    [
        (
            b"\xef\xbb\xbf\n<?xml version='1.0'?>\n<!-- <urlset> -->\n<!DOCTYPE rss [<!-- > -->]><rss>",
            "",
            "feed",
        ),
        (b'{"version":"https:\\/\\/jsonfeed.org\\/version\\/1"}', "", ""),
        (b'{"items": []}', "application/feed+json", "feed"),
        (b'{"a": 1}', "application/json", ""),
        (b"<a:feed xmlns:a='http://www.w3.org/2005/Atom'>", "text/plain", "feed"),
        (b"<sitemapindex>", "text/html", "sitemap"),
        (b"<!DOCTYPE html><HTML>", "application/rss+xml", "html"),
        (b"<p>Bridge", "text/html; charset=utf-8", "html"),
        (b"<p>Bridge", "", ""),
        (b"\x89PNG\r\n", "application/rss+xml", ""),
        (b"", "", ""),
    ],
)
def test_a_document_is_what_it_looks_like(content: bytes, media_type: str, kind: str) -> None:
    assert kind_of(content, media_type) == kind


# --- pages ------------------------------------------------------------------------------------------


def test_the_feeds_of_a_page_come_in_its_order_and_those_of_comments_last() -> None:
    page = (
        "<html><head><base href='/news/'>"
        "<link rel='alternate' type='application/rss+xml' title='Bridge: Comments' href='/c.xml'>"
        "<link rel='ALTERNATE home' type='Application/RSS+XML; charset=utf-8' href='feed.xml'>"
        "<link rel='alternate' type='application/atom+xml' href='https://post.example/atom'>"
        "<link rel='alternate' type='application/feed+json' href='//post.example/feed.json'>"
        "<link rel='alternate' hreflang='de' href='/de'><link rel='stylesheet' href='/a.css'>"
        "<link rel='alternate' type='application/rss+xml' href='javascript:x'></head><body>Hi</body></html>"
    )
    assert feeds_linked(page.encode(), "https://post.example/a") == (
        "https://post.example/news/feed.xml",
        "https://post.example/atom",
        "https://post.example/feed.json",
        "https://post.example/c.xml",
    )


# --- what was made to do harm -----------------------------------------------------------------------


@pytest.fixture(scope="session")
def harm() -> dict[str, dict[str, Any]]:
    """What became of each hostile feed and sitemap, read in a process of its own, of 1 GB and 10 s."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "hostile_feeds.py")],
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return {one["name"]: one for one in map(json.loads, done.stdout.splitlines())}


def test_fifty_hostile_feeds_each_end_in_good_time_with_a_reason_or_a_listing(
    harm: dict[str, dict[str, Any]],
) -> None:
    assert len(harm) == 50
    assert {name: one["seconds"] for name, one in harm.items() if one["seconds"] > 5} == {}
    assert {name: one["error"] for name, one in harm.items() if "Error:" in one["error"]} == {}
    assert [
        name for name, one in harm.items() if not (one["error"] or one["entries"] or one["left_out"])
    ] == []


def test_no_file_of_this_machine_gets_into_an_entry(harm: dict[str, dict[str, Any]]) -> None:
    assert "root:" not in json.dumps(harm)
    assert harm["a file as an entity behind a comment"]["entries"] == [
        "https://post.example/bridge told: &file;"
    ]
