"""What a page says of its article: title, outlet, byline, address, dates."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from index.bylines import byline_of
from index.characters import clean, squeeze
from index.dates import Dates
from index.genres import stated_genre
from index.headlines import heading_of, headline_of, page_title, without_names
from index.language import language_of_code
from index.linked import kinds_of, linked_data, objects_of_article, sections_of
from index.metas import Metas, metas_of
from index.outlets import outlet_name, outlet_of
from index.published import dates_of
from index.stated import body_of, descriptions_of, is_free
from index.types import Genre, web_address

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_NO_SEARCH = {
    "extensive_search": False,
    "original_date": True,
}  # trafilatura reads a date too; it is not used
_KEPT = re.compile(r"title|url|site|application-name|app:name|publisher|copyright", re.IGNORECASE)
_SECTIONS = ("article.section", "section", "parsely-section", "sailthru.section", "genre")
_LONGEST = 1000  # characters of a title, a name or an address
_MOST_ADDRESSES = 50
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of its article; "" and no date where it says nothing.

    `descriptions` say in short what it is about, `body` is its text where the page's data hold that, and
    `is_free` is false where they say that it has to be paid for.
    """

    title: str = ""
    outlet: str = ""
    byline: str = ""
    url: str = ""
    language: str = ""
    dates: Dates = field(default=Dates())
    genre: Genre = ""
    descriptions: tuple[str, ...] = ()
    body: str = ""
    is_free: bool = True


def metadata_of(page: HtmlElement, url: str = "", source: str = "") -> Metadata:
    """Read what a page says of its article; an address it was fetched from overrules its own.

    What cannot be read is logged under the name of its document, `source`.

    JSON-LD blocks that are not JSON are taken out of the page, for trafilatura's way with them takes minutes.
    """
    titles = _titles(page)
    data = linked_data(page, titles, [url, *_addresses(page)], source)
    metas, found = metas_of(page), _by_trafilatura(page, url, source)
    about = objects_of_article(data, titles, found["url"])
    headline = headline_of(page, about, metas) or found["title"]
    outlet = outlet_name(outlet_of(page, about, data, metas, headline) or found["sitename"])
    byline = byline_of(page, about, data, metas, outlet, titles)
    address = web_address(url) or web_address(found["url"])
    return Metadata(
        title=without_names(headline, [outlet, byline]),
        outlet=outlet,
        byline=byline,
        url=address,
        language=language_of_code(page.get("lang", "")),
        dates=dates_of(page, about, titles, address),
        genre=_genre(about, metas),
        descriptions=descriptions_of(about, metas),
        body=body_of(about),
        is_free=is_free(about),
    )


def _genre(about: Sequence[dict[str, Any]], metas: Metas) -> Genre:
    """Tell what a page says its article is: by the types and sections of its data and its meta elements."""
    stated = [value for name in _SECTIONS for value in metas.get(name, ())]
    return stated_genre((kind for item in about for kind in kinds_of(item)), [*sections_of(about), *stated])


def _by_trafilatura(page: HtmlElement, url: str, source: str) -> dict[str, str]:
    """Read the fields that are texts; none where trafilatura fails."""
    from trafilatura.metadata import extract_metadata

    names = ("title", "sitename", "url")
    try:
        found = extract_metadata(_head(page), default_url=url or None, date_config=_NO_SEARCH)
    except Exception as error:  # of many kinds: it trusts what it finds to be well-formed
        _logger.warning("%s: trafilatura failed on its metadata: %s", source, type(error).__name__)
        return dict.fromkeys(names, "")
    texts = {name: getattr(found, name, "") for name in names}
    return {
        name: squeeze(clean(text[:_LONGEST])) if isinstance(text, str) else "" for name, text in texts.items()
    }


def _head(page: HtmlElement) -> HtmlElement:
    """Copy the head of a page without what is read here: scripts, dates, authors.

    Over a date such as 2021-03-05T03:00+25:00 trafilatura fails, and its way with authors can take minutes.
    """
    copy = page.makeelement("html")
    copy.extend(deepcopy(head) for head in page.iterfind("head"))
    for element in list(copy.iter("script", "meta")):
        if element.tag == "script" or not _KEPT.search(_named(element)):
            element.drop_tree()
    return copy


def _named(element: HtmlElement) -> str:
    return f"{element.get('property', '')} {element.get('name', '')}"


def _titles(page: HtmlElement) -> tuple[str, str]:
    return page_title(page), heading_of(page)


def _addresses(page: HtmlElement) -> list[str]:
    found: list[str] = page.xpath(".//link[@rel='canonical']/@href | .//meta[@property='og:url']/@content")
    return found[:_MOST_ADDRESSES]
