"""RSS, Atom and JSON feeds as entries, and where a page says that its feeds are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from itertools import islice
from typing import TYPE_CHECKING

from index.bylines import person
from index.characters import ExtractError, clean, squeeze
from index.language import language_of_code
from index.listings.dating import feed_date
from index.listings.elements import Parts, Plan, Tree, parts_of, read_tree, text_of, texts
from index.listings.encoded import characters
from index.listings.json_feed import read_json_feed
from index.listings.kinds import kind_of
from index.listings.listing import (
    MOST_ENTRIES,
    Entry,
    Listing,
    absolute,
    as_html,
    chosen_address,
    listing,
    sections_of,
    stamped,
    told_missing,
    unusable,
    with_defaults,
)
from index.metas import plain
from index.outlets import outlet_name
from index.types import Failure, web_address

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

__all__ = ["MOST_ENTRIES", "Entry", "Listing", "feeds_linked", "kind_of", "read_feed"]

_FEEDS = frozenset({"rss", "RDF", "feed", "channel"})
_ENTRIES = frozenset({"item", "entry"})
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_LONGEST_NAME = 200  # characters of one author; the rules for bylines are slow over more
_MAIL = re.compile(r"[<(]?[^\s<>()@]{1,64}@[^\s<>()]{1,100}[>)]?")
_MOST_NAMES = 12
_LONGEST_TITLE = 1000
# What RSS 2.0, Dublin Core, Atom 1.0 and Atom 0.3 call the two dates; nothing stands in for the other.
_PUBLISHED = ("pubDate", "published", "dc:date", "issued", "dcterms:issued", "dcterms:created", "created")
_CHANGED = ("updated", "modified", "dcterms:modified")
_FEED_TYPES = {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"}
_PAGE_TYPES = {"text/html", "application/xhtml+xml"}
_MOST_LINKED = 20


def read_feed(content: bytes, address: str, charset: str = "") -> Listing:
    """Read the entries of an RSS, Atom or JSON feed that was fetched from an address, the first 2,000.

    `charset` is the encoding that its server named; what the feed itself declares goes before.
    A feed that breaks off gives the entries that came whole before, and a line in `left_out` that says where.
    Raises ExtractError for what is no feed, and for one that is broken before its first entry.
    """
    text = characters(content, charset)
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return read_json_feed(text, address)

    def make(element: Element, number: int) -> Entry | Failure:
        return _attempt(element, address, number)

    return _listing(read_tree(text, address, Plan(_FEEDS, _ENTRIES, make, MOST_ENTRIES)), address)


def feeds_linked(html: bytes, address: str) -> tuple[str, ...]:
    """List the feeds that a page says it has, in its order, those of comments last.

    Raises ExtractError for a page that is empty, or too large or too deep to be read in good time.
    """
    from index.pages import parse_page

    page = parse_page(html)
    bases = [absolute(address, one) for one in islice(page.xpath("//base/@href"), 1)]
    own: dict[str, None] = {}
    of_comments: dict[str, None] = {}
    for link in page.iter("link"):
        feed = web_address(absolute(web_address(bases[0]) if bases else address, link.get("href", "")))
        kind = link.get("type", "").partition(";")[0].strip().lower()
        if feed and "alternate" in link.get("rel", "").lower().split() and kind in _FEED_TYPES:
            is_of_comments = "comments" in f"{link.get('title', '')} {feed}".lower()
            (of_comments if is_of_comments else own)[feed] = None
    return tuple({**own, **of_comments})[:_MOST_LINKED]


def _listing(tree: Tree[Entry | Failure], address: str) -> Listing:
    """Add what a feed says of itself to what its entries say."""
    root = tree.root
    inside = parts_of(root)
    channel = inside["channel"][0] if inside.get("channel") else root
    parts = parts_of(channel)
    language = next(texts(parts, "language", "dc:language"), "")
    declared = channel.get(_LANGUAGE) or root.get(_LANGUAGE, "")
    code = language_of_code(language) or language_of_code(declared)
    byline = _names(parts) if channel is root else ""
    more = [
        absolute(link.base or address, link.get("href", ""))
        for link in parts.get("link", ())
        if link.get("rel") in {"next", "prev-archive"}
    ]
    return listing(
        _title(parts),
        address,
        (with_defaults(one, byline, code) for one in tree.made),
        (web_address(one) for one in more),
        told_missing(tree.number, MOST_ENTRIES, tree.trouble),
    )


def _attempt(element: Element, address: str, number: int) -> Entry | Failure:
    parts = parts_of(element)
    try:
        return _entry(element, parts, address, number)
    except ExtractError as error:
        return unusable(address, number, _title(parts), error)


def _entry(element: Element, parts: Parts, address: str, number: int) -> Entry:
    stamp = stamped(next(texts(parts, *_CHANGED), ""))
    language = next(texts(parts, "dc:language"), "") or element.get(_LANGUAGE, "")
    return Entry(
        address=chosen_address(list(_addresses(element, parts, address)), address),
        title=_title(parts),
        byline=_names(parts),
        outlet=_outlet(parts),
        published=feed_date(next(texts(parts, *_PUBLISHED), ""), number),
        modified=feed_date(stamp, number),
        language=language_of_code(language),
        sections=sections_of(_sections(parts)),
        stamp=stamp,
        content=_content(parts),
    )


def _addresses(element: Element, parts: Parts, address: str) -> Iterator[str]:
    """Yield what may be an entry's address, the surest first: FeedBurner's and Pheedo's links lead to others.

    Only a link may be relative: `guid` and `id` are any name at all where they are no address.
    """
    yield from map(str.strip, texts(parts, "feedburner:origLink", "pheedo:origLink"))
    links = [link for link in parts.get("link", ()) if link.get("rel", "alternate") == "alternate"]
    pages = [link for link in links if link.get("type", "text/html") in _PAGE_TYPES]
    for link in (pages or links)[:_MOST_LINKED]:
        written = absolute(link.base or address, link.get("href") or text_of(link))
        if written:
            yield written
    permanent = [one for one in parts.get("guid", ()) if one.get("isPermaLink", "true").strip() != "false"]
    names = [text_of(one) for one in (*permanent, *parts.get("id", ()))[:_MOST_LINKED]]
    yield from (name.strip() for name in (*names, element.get(_ABOUT, "")) if web_address(name.strip()))


def _title(parts: Parts) -> str:
    """Read a title: as text where Atom says that it is text, else as HTML, which RSS never says it is."""
    for name in ("title", "dc:title", "media:title"):
        for element in parts.get(name, ())[:1]:
            text = text_of(element)[:_LONGEST_TITLE]
            is_text = "atom" in element.tag.lower() and element.get("type", "text") in {"text", "xhtml"}
            title = squeeze(clean(text)) if is_text else plain(text)
            if title:
                return title
    return ""


def _names(parts: Parts) -> str:
    """List the authors of an entry, from the first vocabulary that names any; addresses of mail are none."""
    for name in ("dc:creator", "author", "itunes:author"):
        told: list[str] = []
        for element in parts.get(name, ())[:_MOST_NAMES]:
            own = parts_of(element).get("name", [element])
            told.append(person(_MAIL.sub(" ", text_of(own[0])[:_LONGEST_NAME]).strip(" ()")))
        names = list(dict.fromkeys(filter(None, told)))
        if names:
            return ", ".join(names)
    return ""


def _outlet(parts: Parts) -> str:
    """Name the outlet that a feed of other outlets' articles gives for one of them."""
    for element in parts.get("source", ())[:1]:
        inside = parts_of(element)
        if "title" in inside or not inside:
            return outlet_name(_title(inside) if inside else plain(text_of(element)))
    return outlet_name(plain(next(texts(parts, "dc:publisher"), "")))


def _sections(parts: Parts) -> Iterator[str]:
    for element in parts.get("category", ()):
        yield element.get("label") or element.get("term") or text_of(element)
    yield from texts(parts, "dc:subject")


def _content(parts: Parts) -> str:
    """Read the full text as HTML; `description` and `summary` may be that or not, and so are not taken."""
    encoded = next(texts(parts, "content:encoded"), "")
    element = next(iter(parts.get("content", ())), None)
    if encoded or element is None or element.get("src"):
        return encoded.strip()
    kind = element.get("type", "text")
    if kind in {"xhtml", "application/xhtml+xml"}:
        return _inner_html(element)
    if kind in {"html", "text/html"} or element.get("mode") == "escaped":
        return text_of(element).strip()
    return as_html(text_of(element)) if kind in {"text", "text/plain"} else ""


def _inner_html(element: Element) -> str:
    """Write XHTML as HTML, whatever prefix its names have."""
    from lxml import etree

    for one in element.iter("*"):
        one.tag = one.tag.rpartition("}")[2]
    alone = etree.Element("div")  # away from the feed, whose vocabularies would be declared in it again
    alone.extend(list(element.iterchildren("*")))
    etree.cleanup_namespaces(alone)
    inside = (etree.tostring(one, encoding="unicode", method="html") for one in alone)
    return "".join((escape(element.text or ""), *inside)).strip()
