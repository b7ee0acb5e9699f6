"""What a document is, told by its beginning."""

from __future__ import annotations

import re
from typing import Literal

from index.characters import ExtractError
from index.listings.encoded import unpacked
from index.types import web_address

_FEEDS = frozenset({"rss", "rdf", "feed", "channel"})
_SITEMAPS = frozenset({"urlset", "sitemapindex"})
PAGES = frozenset({"html", "head", "body"})
_LOOKED_AT = 50_000  # bytes; what stands before the first element is shorter
_MARKS = re.compile("^(?:ï»¿|ÿþ|þÿ|[ \t\r\n])+")  # of an encoding, as ISO 8859-1 shows them
_BEFORE = re.compile(r"\s*(<\?|<!--|<!DOCTYPE\b)(?:(?<=DOCTYPE)[^\[>]*(\[))?", re.IGNORECASE)
_NAME = re.compile(r"\s*<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")


def kind_of(content: bytes, media_type: str) -> Literal["feed", "sitemap", "html", ""]:
    r"""Tell what a document is, "" for anything else; what its server calls it is a hint only.

    >>> kind_of(b'<?xml version="1.0"?><!-- news --><rss version="2.0">', "text/html")
    'feed'
    >>> kind_of(b"https://news.example/one\nhttps://news.example/two", "text/plain")
    'sitemap'
    """
    try:
        start = unpacked(content, _LOOKED_AT)[:_LOOKED_AT]
    except ExtractError:
        return "sitemap"  # nothing else comes packed; read_sitemap says what is wrong with it
    text = _MARKS.sub("", start.replace(b"\x00", b"").decode("latin-1"))  # names are ASCII, in UTF-16 too
    if text.startswith("{"):
        is_feed = "jsonfeed.org/" in text or "feed+json" in media_type.lower()
        return "feed" if is_feed else ""
    if not text.startswith("<"):
        return "sitemap" if web_address(text.split("\n", 1)[0].strip()) else ""
    name = outermost(text)
    if name in _FEEDS:
        return "feed"
    if name in _SITEMAPS:
        return "sitemap"
    return "html" if name in PAGES or "html" in media_type.lower() else ""


def outermost(text: str) -> str:
    """Name the first element, in small letters; "" where there is none."""
    at = 0
    while match := _BEFORE.match(text, at):
        end = {"<?": "?>", "<!--": "-->"}.get(match[1]) or ("]>" if match[2] else ">")
        at = text.find(end, match.end())
        if at < 0:
            return ""
        at += len(end)
    name = _NAME.match(text, at)
    return name[1].lower() if name else ""
