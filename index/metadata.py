"""What a page says of its article: title, outlet, byline, address, dates."""

from __future__ import annotations

import logging
import re
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.authors import bound_author_metas
from index.bylines import byline_of
from index.characters import clean, squeeze
from index.dates import Dates
from index.headlines import heading_of, headline_of, page_title, without_names
from index.language import language_of_code
from index.linked import linked_data, objects_of_article
from index.metas import metas_of
from index.outlets import outlet_of
from index.published import dates_of
from index.types import web_address

if TYPE_CHECKING:
    from lxml.html import HtmlElement
    from trafilatura.settings import Document

_IMPOSSIBLE_OFFSET = re.compile(r"(?<=:\d\d)[+-](?:(?:2[4-9]|[3-9]\d):?\d\d|\d\d:?[6-9]\d)\b")
_NO_SEARCH = {
    "extensive_search": False,
    "original_date": True,
}  # trafilatura reads a date too; it is not used
_LONGEST = 1000  # characters of a title, a name or an address
_MOST_ADDRESSES = 50
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of its article; "" and no date where it says nothing."""

    title: str = ""
    outlet: str = ""
    byline: str = ""
    url: str = ""
    language: str = ""
    dates: Dates = field(default=Dates())


def metadata_of(page: HtmlElement, url: str = "", source: str = "") -> Metadata:
    """Read what a page says of its article; an address it was fetched from overrules its own.

    What cannot be read is logged under the name of its document, `source`.

    JSON-LD blocks that are not JSON are taken out of the page, for trafilatura's way with them takes minutes.
    """
    titles = _titles(page)
    data = linked_data(page, titles, [url, *_addresses(page)], source)
    bound_author_metas(page)
    metas, found = metas_of(page), _by_trafilatura(page, url, source)
    about = objects_of_article(data, titles, found["url"])
    headline = headline_of(page, about, metas) or found["title"]
    outlet = outlet_of(page, about, data, metas, headline) or found["sitename"]
    byline = byline_of(page, about, data, metas, outlet, titles)
    address = web_address(url) or web_address(found["url"])
    return Metadata(
        title=without_names(headline, [outlet, byline]),
        outlet=outlet,
        byline=byline,
        url=address,
        language=language_of_code(page.get("lang", "")),
        dates=dates_of(page, about, titles, address),
    )


def _by_trafilatura(page: HtmlElement, url: str, source: str) -> dict[str, str]:
    """Read the fields that are texts; none where trafilatura fails, as it does on lists in place of texts."""
    names = ("title", "sitename", "url")
    document = _tried(page, url, source, logging.DEBUG) or _tried(
        _without_impossible_offsets(page), url, source, logging.WARNING
    )
    texts = {name: getattr(document, name, "") for name in names}
    return {
        name: squeeze(clean(text[:_LONGEST])) if isinstance(text, str) else "" for name, text in texts.items()
    }


def _tried(page: HtmlElement, url: str, source: str, level: int) -> Document | None:
    from trafilatura.metadata import extract_metadata

    try:
        return extract_metadata(page, default_url=url or None, date_config=_NO_SEARCH)
    except Exception as error:  # of many kinds: its reader of JSON-LD trusts the types it finds
        _logger.log(level, "%s: trafilatura failed on its metadata: %s", source, type(error).__name__)
        return None


def _without_impossible_offsets(page: HtmlElement) -> HtmlElement:
    """Copy a page without such offsets from UTC as +25:00, over which trafilatura's reader of dates fails."""
    whole = deepcopy(page)
    for element in whole.iter("meta", "time", "script"):
        for name, value in element.items():
            element.set(name, _IMPOSSIBLE_OFFSET.sub("", value))
        element.text = _IMPOSSIBLE_OFFSET.sub("", element.text or "")
    return whole


def _titles(page: HtmlElement) -> tuple[str, str]:
    return page_title(page), heading_of(page)


def _addresses(page: HtmlElement) -> list[str]:
    found: list[str] = page.xpath(".//link[@rel='canonical']/@href | .//meta[@property='og:url']/@content")
    return found[:_MOST_ADDRESSES]
