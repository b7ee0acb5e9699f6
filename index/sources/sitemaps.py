"""Sitemaps as entries: XML, packed XML, lists of addresses, with what news sitemaps say of an article."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from index.characters import ExtractError
from index.language import language_of_code
from index.metas import plain
from index.outlets import outlet_name
from index.sources.dating import feed_date
from index.sources.elements import Plan, name_of, parts_of, read_tree, texts
from index.sources.encoded import characters
from index.sources.listing import (
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
from index.types import Failure, web_address

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MOST_ADDRESSES = 50_000  # as many as sitemaps.org allows
_KINDS = frozenset({"urlset", "sitemapindex"})
_ENTRIES = frozenset({"url", "sitemap"})


def read_sitemap(content: bytes, address: str) -> Listing:
    """Read the addresses of a sitemap that was fetched from an address, the first 50,000.

    An entry's `stamp` is its `lastmod`. That is when the page was changed, be it the list beside the article,
    so it is a date of the article only where a news sitemap tells of that. The sitemaps of an index are
    `more`. A sitemap that breaks off gives what came whole before, and a line in `left_out` that says where.
    Raises ExtractError for what is no sitemap, and for one that is broken before its first address.
    """
    text = characters(content)
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
            _sitemap(element, address) if name_of(element) == "sitemap" else _entry(element, address, number)
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
    stamp = stamped(next(texts(parts, "lastmod"), ""))
    news = next((parts_of(one) for one in parts.get("news:news", ())), {})
    outlet = next((parts_of(one) for one in news.get("news:publication", ())), {})
    published = feed_date(next(texts(news, "news:publication_date"), ""), number)
    genres = next(texts(news, "news:genres"), "")
    return Entry(
        address=chosen_address([absolute(address, one) for one in islice(texts(parts, "loc"), 1)], address),
        title=plain(next(texts(news, "news:title"), "")),
        outlet=outlet_name(plain(next(texts(outlet, "news:name"), ""))),
        published=published,
        modified=feed_date(stamp, number) if published else None,
        language=language_of_code(next(texts(outlet, "news:language"), "")),
        sections=sections_of(genres[:1000].split(",")),
        stamp=stamp,
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
