"""Fifty feeds and sitemaps that were made to do harm, or made badly: name -> what makes its bytes.

Run as a program it reads each in a process of its own, of 1 GB and 10 s, and writes a line of JSON about it.
"""

from __future__ import annotations

import gzip
import json
import os
import resource
import time
from collections.abc import Callable

HEAD = b'<?xml version="1.0" encoding="utf-8"?>'
ITEM = b"<item><title>Old bridge closed</title><link>https://post.example/bridge/%d</link></item>"
URL = b"<url><loc>https://post.example/bridge/%d</loc><lastmod>2026-01-02</lastmod></url>"


def rss(inside: bytes, before: bytes = HEAD) -> bytes:
    return before + b'<rss version="2.0"><channel><title>Harbour Post</title>' + inside + b"</channel></rss>"


def atom(inside: bytes) -> bytes:
    return HEAD + b'<feed xmlns="http://www.w3.org/2005/Atom"><title>Kestrel</title>' + inside + b"</feed>"


def sitemap(inside: bytes) -> bytes:
    return HEAD + b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">' + inside + b"</urlset>"


def items(number: int, item: bytes = ITEM) -> bytes:
    return b"".join(item % one for one in range(number))


def news(number: int) -> bytes:
    told = (
        b"<news:publication><news:name>Harbour Post</news:name><news:language>en</news:language>"
        b"</news:publication><news:publication_date>2026-01-02T03:04:05+01:00</news:publication_date>"
        b"<news:title>Old bridge closed</news:title><news:genres>Opinion, Blog</news:genres>"
    )
    entry = b"<url><loc>https://post.example/%d?utm_source=map&amp;a=1</loc><lastmod>2026-01-03</lastmod>"
    return (
        HEAD
        + b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        + b' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
        + items(number, entry + b"<news:news>" + told + b"</news:news></url>")
        + b"</urlset>"
    )


def described(field: bytes) -> bytes:
    return b"<item><link>https://post.example/bridge</link>" + field + b"</item>"


def doctype(inside: bytes) -> bytes:
    return HEAD + b"<!DOCTYPE rss [" + inside + b"]>"


def laughs() -> bytes:
    ten = [b'<!ENTITY l%d "%s">' % (one, b"&l%d;" % (one - 1) * 10) for one in range(1, 12)]
    return rss(b"<item><title>&l11;</title></item>", doctype(b'<!ENTITY l0 "ha">' + b"".join(ten)))


def blow_up() -> bytes:
    long = b'<!ENTITY long "%s">' % (b"a" * 100_000)
    return rss(b"<item><title>" + b"&long;" * 50_000 + b"</title></item>", doctype(long))


def hidden_laughs() -> bytes:
    """Declare the entities behind a comment that looks like an element."""
    return laughs().replace(b"<!DOCTYPE", b"<!-- <rss> --><!DOCTYPE")


def hidden_blow_up() -> bytes:
    return blow_up().replace(b"<!DOCTYPE", b"<!-- <rss> --><!DOCTYPE")


def external(where: bytes) -> bytes:
    declared = doctype(b"<!ENTITY file SYSTEM '%s'>" % where)
    return rss(described(b"<title>told: &file;</title>"), declared)


def hidden_external() -> bytes:
    return external(b"file:///etc/passwd").replace(b"<!DOCTYPE", b"<!-- <rss> --><!DOCTYPE")


def dates(text: bytes) -> bytes:
    return rss(
        items(2000, b"<item><link>https://post.example/%d</link><pubDate>" + text + b"</pubDate></item>")
    )


def feed_of_json(**fields: object) -> bytes:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Post", **fields}).encode()


MANY = b" ".join(b'a%d="1"' % one for one in range(100_000))
FEEDS: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "null bytes": lambda: b"\x00" * 1_000_000,
    "random bytes": lambda: bytes((one * 7919 + one // 251) % 256 for one in range(300_000)),
    "a page": lambda: (
        b"<!DOCTYPE html><html><head><title>Not found</title></head><body><p>404<br></body></html>"
    ),
    "larger than is read": lambda: rss(b"<item>" + b"x" * 10_000_000 + b"</item>"),
    "billion laughs": laughs,
    "billion laughs behind a comment": hidden_laughs,
    "quadratic blow-up": blow_up,
    "quadratic blow-up behind a comment": hidden_blow_up,
    "a file as an entity": lambda: external(b"file:///etc/passwd"),
    "a file as an entity behind a comment": hidden_external,
    "an address as an entity": lambda: external(b"http://127.0.0.1:9/secret"),
    "a parameter entity": lambda: rss(items(1), doctype(b"<!ENTITY % x SYSTEM 'file:///etc/passwd'> %x;")),
    "an inclusion": lambda: rss(
        described(
            b'<title xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="/etc/passwd"/></title>'
        )
    ),
    "100,000 attributes of a feed": lambda: (
        HEAD + b"<rss " + MANY + b"><channel>" + items(3) + b"</channel></rss>"
    ),
    "100,000 attributes of an entry": lambda: rss(
        b"<item " + MANY + b"><link>https://post.example/a</link></item>"
    ),
    "100,000 attributes, broken": lambda: b"<rss " + MANY + b"><channel & ><item " + MANY,
    "100,000 namespaces": lambda: rss(
        b"<item "
        + b" ".join(b'xmlns:n%d="urn:%d"' % (one, one) for one in range(100_000))
        + b"><link>https://post.example/a</link></item>"
    ),
    "200,000 nested entries": lambda: rss(b"<item>" * 200_000 + b"</item>" * 200_000),
    "200,000 nested elements in an entry": lambda: rss(described(b"<b>" * 200_000 + b"</b>" * 200_000)),
    "100,000 entries": lambda: rss(items(100_000)),
    "100,000 entries, never closed": lambda: rss(b"")[:-16] + items(100_000).replace(b"</item>", b""),
    "100,000 entries of Atom": lambda: atom(
        items(100_000, b"<entry><link href='https://post.example/%d'/></entry>")
    ),
    "two million elements": lambda: rss(described(b"<a/>" * 2_000_000)),
    "a million categories": lambda: rss(described(b"<category/>" * 900_000)),
    "a million links": lambda: rss(b"<item>" + b"<link>:</link>" * 600_000 + b"</item>"),
    "300,000 comments": lambda: rss(b"<!-- x -->" * 300_000 + items(2)),
    "300,000 comments, never closed": lambda: HEAD + b"<rss>" + b"<!--" * 300_000,
    "100,000 instructions": lambda: rss(b"<?php x ?>" * 100_000 + items(2)),
    "CDATA, never closed": lambda: rss(b"<item><title><![CDATA[" * 100_000),
    "a million ampersands": lambda: rss(described(b"<title>" + b"&" * 5_000_000 + b"</title>")),
    "a million tags in a title": lambda: rss(described(b"<title>" + b"&lt;" * 2_000_000 + b"</title>")),
    "2,000 long names": lambda: rss(
        items(
            2000, b"<item><link>https://post.example/%d</link><author>" + b"By A." * 800 + b"</author></item>"
        )
    ),
    "2,000 dates in words": lambda: dates(b"vendredi 2 janvier 2026 a minuit ou plus tard encore"),
    "2,000 dates of digits": lambda: dates(b"1" * 4000),
    "an address of 10,000 characters": lambda: rss(
        b"<item><link>https://post.example/" + b"a" * 10_000 + b"</link></item>" + items(1)
    ),
    "addresses that are scripts": lambda: rss(
        b"<item><link>javascript:alert(1)</link></item><item><link>data:text/html,x</link></item>"
        b"<item><link>file:///etc/passwd</link></item><item><link>https://me:pw@post.example/a</link></item>"
    ),
    "a base that is a script": lambda: atom(
        b"<entry xml:base='javascript:alert(1)//'><link href='a'/></entry>"
        b"<entry xml:base='http://['><link href='a'/></entry>"
    ),
    "the wrong encoding": lambda: rss(items(2), b'<?xml version="1.0" encoding="utf-16"?>'),
    "an encoding nobody knows": lambda: rss(items(2), b'<?xml version="1.0" encoding="klingon-8"?>'),
    "8 MB in no encoding": lambda: rss(b"\xff\xfe\xfd\x81" * 2_000_000),
    "surrogates": lambda: rss(described(b"<title>a&#xD800;b&#0;c\xed\xa0\x80</title>")),
    "JSON nested 100,000 deep": lambda: b'{"items": ' + b"[" * 100_000,
    "JSON of the wrong types": lambda: feed_of_json(
        items=[1, None, [], {"url": 7}, {"url": "https://post.example/a", "authors": 3, "tags": {"a": 1}}]
    ),
    "JSON with a number of a million digits": lambda: b'{"items": [' + b"9" * 1_000_000 + b"]}",
}
SITEMAPS: dict[str, Callable[[], bytes]] = {
    "a gzip bomb": lambda: gzip.compress(sitemap(b" " * 100_000_000), 6),
    "50,000 articles of a news sitemap, broken at the end": lambda: gzip.compress(news(50_000)[:-20], 1),
    "a sitemap that ends in the middle": lambda: sitemap(items(3, URL))[:-70],
    "200,000 addresses": lambda: gzip.compress(sitemap(items(200_000, URL)), 1),
    "lines that are no addresses": lambda: b"https://post.example/a\n" + b"javascript:x\n" * 700_000,
}


def told(name: str) -> dict[str, object]:
    """Read one of them; a MemoryError or any other that is no reason is told by its name."""
    from index.characters import ExtractError
    from index.listings.feeds import read_feed
    from index.listings.sitemaps import read_sitemap

    content = {**FEEDS, **SITEMAPS}[name]()
    resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
    resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
    start = time.process_time()
    error, entries, left_out = "", [], []
    try:
        listing = (read_sitemap if name in SITEMAPS else read_feed)(content, "https://post.example/list")
        entries = [f"{entry.address} {entry.title[:100]}" for entry in listing.entries[:5]]
        left_out = [failure.reason for failure in listing.left_out]
    except ExtractError as reason:
        error = str(reason)
    except BaseException as fault:
        error = f"{type(fault).__name__}: {fault}"
    return {
        "name": name,
        "seconds": round(time.process_time() - start, 2),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "error": error,
        "entries": entries,
        "left_out": left_out[:5],
    }


if __name__ == "__main__":
    for each in {**FEEDS, **SITEMAPS}:
        child = os.fork()
        if child == 0:
            os.write(1, json.dumps(told(each)).encode() + b"\n")
            os._exit(0)
        os.waitpid(child, 0)
