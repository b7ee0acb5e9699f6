"""Sitemaps as entries: XML, packed XML, lists of addresses, with what news sitemaps say of an article."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from index.characters import ExtractError
from index.language import language_of_code
from index.listings.dating import feed_date
from index.listings.elements import Parts, Plan, name_of, parts_of, read_tree, texts
from index.listings.encoded import characters
from index.listings.listing import (
    LONGEST_ADDRESS,
    Entry,
    Listing,
    absolute,
    chosen_address,
    listing,
    sections_of,
    stamped,
    told_missing,
    unusable,
)
from index.metas import plain
from index.outlets import outlet_name
from index.types import Failure, web_address

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MOST_ADDRESSES = 50_000  # as many as sitemaps.org allows
_MOST_TOLD = 10_000  # of which more than address and stamp is read, 1 s; news sitemaps have 1,000 at most
_KINDS = frozenset({"urlset", "sitemapindex"})
_ENTRIES = frozenset({"url", "sitemap"})


def read_sitemap(content: bytes, address: str, charset: str = "") -> Listing:
    """Read the addresses of a sitemap that was fetched from an address, the first 50,000.

    An entry's `stamp` is its `lastmod`. That is when the page was changed, be it the list beside the article,
    so it is a date of the article only where a news sitemap tells of that. The sitemaps of an index are
    `more`. What a news sitemap tells is read of its first 10,000 articles. A sitemap that breaks off gives
    what came whole before, and a line in `left_out` that says where. `charset` is as for feeds.
    Raises ExtractError for what is no sitemap, and for one that is broken before its first address.
    """
    text = characters(content, charset)
    if not text.lstrip("\ufeff \t\r\n").startswith("<"):
        return _lines(text, address)

    def make(element: Element, number: int) -> Entry | Failure | str:
        return _attempt(element, address, number)

    tree = read_tree(text, address, Plan(_KINDS, _ENTRIES, make, MOST_ADDRESSES))
    return listing(
        "",
        address,
        (one for one in tree.made if not isinstance(one, str)),
        (one for one in tree.made if isinstance(one, str)),
        told_missing(tree.number, MOST_ADDRESSES, tree.trouble),
    )


def _attempt(element: Element, address: str, number: int) -> Entry | Failure | str:
    """Read an entry, of an index the address of a sitemap."""
    try:
        return (
            _sitemap(element, address)
            if name_of(element).endswith("sitemap")
            else _entry(element, address, number)
        )
    except ExtractError as error:
        return unusable(address, number, "", error)


def _sitemap(element: Element, address: str) -> str:
    written = next(texts(parts_of(element), "loc"), "")
    found = web_address(absolute(address, written))
    if not found or len(found) > LONGEST_ADDRESS:
        raise ExtractError(f"not the address of a sitemap: {written.strip()[:60]}")
    return found


def _entry(element: Element, address: str, number: int) -> Entry:
    parts = parts_of(element)
    written = next(texts(parts, "loc"), "")
    stamp = stamped(next(texts(parts, "lastmod"), ""))
    entry = Entry(chosen_address([absolute(address, written)] if written else [], address), stamp=stamp)
    if "news:news" not in parts or number >= _MOST_TOLD:
        return entry
    return _with_news(entry, parts_of(parts["news:news"][0]), number)


def _with_news(entry: Entry, news: Parts, number: int) -> Entry:
    outlet = parts_of(news["news:publication"][0]) if "news:publication" in news else {}
    published = feed_date(next(texts(news, "news:publication_date"), ""), number)
    genres = next(texts(news, "news:genres"), "")
    return replace(
        entry,
        title=plain(next(texts(news, "news:title"), "")),
        outlet=outlet_name(plain(next(texts(outlet, "news:name"), ""))),
        published=published,
        modified=feed_date(entry.stamp, number) if published else None,
        language=language_of_code(next(texts(outlet, "news:language"), "")),
        sections=sections_of(genres[:1000].split(",")),
    )


def _lines(text: str, address: str) -> Listing:
    """Read a list of addresses, one a line; it is one only if its first line is an address."""
    lines = list(islice(_filled(text), MOST_ADDRESSES))
    if not web_address(lines[0]):
        raise ExtractError("neither XML nor a list of addresses")
    number = sum(1 for _ in _filled(text))
    made = (_of_line(line, address, number) for number, line in enumerate(lines))
    return listing("", address, made, (), told_missing(number, MOST_ADDRESSES, ""))


def _filled(text: str) -> Iterator[str]:
    return (line.strip() for line in text.splitlines() if line.strip())


def _of_line(line: str, address: str, number: int) -> Entry | Failure:
    try:
        return Entry(chosen_address([line], address))
    except ExtractError as error:
        return unusable(address, number, "", error)
