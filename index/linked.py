"""JSON-LD: what a page's structured data says, and which of it is about the page's own article."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_AROUND = " \t\r\n/*;"  # what stands around JSON in a script: comments that hide a CDATA mark
_ARTICLES = ("Article", "BlogPosting", "MediaPosting")  # NewsArticle, LiveBlogPosting, …
_SHORTEST_HEADLINE = 8  # letters that tell one article from another
_LONGEST = 1000  # characters of a headline
_logger = logging.getLogger(__name__)


def linked_data(page: HtmlElement, source: str) -> list[dict[str, Any]]:
    """List the JSON-LD objects of a page; blocks that are not JSON are logged, and taken out of it."""
    found: list[dict[str, Any]] = []
    for script in page.xpath(".//script[starts-with(@type, 'application/') and contains(@type, '+json')]"):
        wrapped = (script.text or "").strip(_AROUND).removeprefix("<![CDATA[")
        script.text = wrapped.removesuffix("]]>").strip(_AROUND)
        try:
            found.extend(_objects(json.loads(script.text or "null", strict=False)))
        except (ValueError, RecursionError) as error:
            _logger.debug("%s: a JSON-LD block is not JSON: %s", source, type(error).__name__)
            script.drop_tree()
    return found


def objects_of_article(
    data: Sequence[dict[str, Any]], titles: Iterable[str], url: str
) -> list[dict[str, Any]]:
    """Keep the objects about a page's article: by its address, else its headline, else the only ones.

    Those of articles come before those of pages.
    """
    written = [letters for title in titles if (letters := _letters(title))]
    address = _same(url)
    kept: list[dict[str, Any]] = []
    for is_kind in (_is_article, _is_web_page):
        items = [item for item in data if is_kind(item)]
        ranks = [
            [item for item in items if address and address in map(_same, _addresses(item))],
            [item for item in items if _letters(item.get("headline")) in written],
            [item for item in items if _shares(_letters(item.get("headline")), written)],
            items if len(items) == 1 else [],
        ]
        kept.extend(next(filter(None, ranks), []))
    return kept


def _kinds(item: dict[str, Any]) -> list[str]:
    kinds = item.get("@type")
    return [str(kind).rpartition("/")[2] for kind in (kinds if isinstance(kinds, list) else [kinds])]


def _is_article(item: dict[str, Any]) -> bool:
    return any(kind.endswith(_ARTICLES) or kind in {"Report", "Review"} for kind in _kinds(item))


def _is_web_page(item: dict[str, Any]) -> bool:
    return any(kind.endswith("WebPage") for kind in _kinds(item))  # MedicalWebPage too


def _addresses(item: dict[str, Any]) -> Iterator[str]:
    for value in (item.get("url"), item.get("@id"), item.get("mainEntityOfPage")):
        value = value.get("@id") if isinstance(value, dict) else value
        if isinstance(value, str):
            yield value


def _same(address: str) -> str:
    """Reduce an address to what is the same however it is written."""
    return re.sub(r"^https?://(?:www\.)?", "", address.partition("#")[0].lower()).rstrip("/")


def _letters(title: object) -> str:
    return "".join(filter(str.isalnum, title[:_LONGEST])).casefold() if isinstance(title, str) else ""


def _shares(headline: str, titles: Iterable[str]) -> bool:
    """Tell whether one of two titles is part of the other, as where an outlet's name follows."""
    return any(
        min(len(headline), len(title)) >= _SHORTEST_HEADLINE and (headline in title or title in headline)
        for title in titles
    )


def _objects(data: object) -> Iterator[dict[str, Any]]:
    if isinstance(data, list):
        for item in data:
            yield from _objects(item)
    elif isinstance(data, dict):
        yield data
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _objects(data.get(name))
