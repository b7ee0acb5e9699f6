"""What a page says of its article: title, outlet, byline, address, dates."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from index.authors import bound_author_metas
from index.beside import drop_beside, lies_beside, marks
from index.bylines import byline_of
from index.characters import clean, squeeze
from index.credits import read_credit
from index.dates import Dates, date_in_address, parse_date
from index.headlines import heading_of, headline_of, page_title, without_names
from index.language import language_of_code
from index.linked import linked_data, objects_of_article
from index.metas import metas_of
from index.outlets import outlet_of
from index.types import web_address

if TYPE_CHECKING:
    from lxml.html import HtmlElement
    from trafilatura.settings import Document

_PUBLISHED = re.compile(
    r"(?:.*[:.-])?(?:article[:_.-]?)?"
    r"(?:date[_-]?)?(?:published|publication|publish|pub|original_?publication)[_-]?(?:time|date)?"
    r"|date|display_?date|citation_date|article_date_original|(?:dc|dcterms)[.:](?:date|issued|created)"
    r"(?:[.:](?:issued|created))?|sailthru\.date"
)
_MODIFIED = re.compile(
    r"(?:.*[:.-])?(?:date[_-]?)?(?:modified|updated|moddate|last[_-]?mod(?:ified)?)[_-]?(?:time|date)?"
)
_IMPOSSIBLE_OFFSET = re.compile(r"(?<=:\d\d)[+-](?:(?:2[4-9]|[3-9]\d):?\d\d|\d\d:?[6-9]\d)\b")
_PROSE = {"p", "li", "blockquote", "dd", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6"}
_CREDITED = re.compile(r"byline|dateline|meta\b|stamp|posted|publish|author|credit|date\b", re.IGNORECASE)
_MARKED = re.compile(r"publish|posted|entry-date|pubdate|datepublished|created", re.IGNORECASE)
_CHANGED = re.compile(r"update|modif", re.IGNORECASE)
_NO_SEARCH = {
    "extensive_search": False,
    "original_date": True,
}  # trafilatura reads a date too; it is not used
_LONGEST = 1000  # characters of a title, a name or an address
_LONGEST_NAME = 100  # characters of what names a field; of a class, five times that
_MOST_TRIES = 50  # elements looked at for one date; reading one in words takes half a millisecond
_LONGEST_CREDIT = 100  # characters beside a date that stands in no paragraph
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
        dates=_dates(page, about, address),
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


def _dates(page: HtmlElement, data: Sequence[dict[str, Any]], url: str) -> Dates:
    """Read a page's dates from the surest place that has them; last, what htmldate sees near the headline."""
    places: tuple[tuple[str, Callable[[], date | None]], ...] = (
        ("json-ld", lambda: _field(data, "datePublished")),
        ("meta", lambda: _meta(page, _PUBLISHED)),
        ("time", lambda: _time(page, _MARKED)),
        ("address", lambda: date_in_address(url)),
        ("text", lambda: _seen(page)),
    )
    source, published = next(((place, day) for place, read in places if (day := read())), ("", None))
    published = _in_the_outlets_day(published, date_in_address(url))
    modified = _field(data, "dateModified") or _meta(page, _MODIFIED) or _time(page, _CHANGED)
    return Dates(published, modified, source)


def _in_the_outlets_day(published: date | None, addressed: date | None) -> date | None:
    """Take the address's day where the page tells the moment in UTC, which at night is another day."""
    if addressed is None or not isinstance(published, datetime) or published.utcoffset():
        return published
    return addressed if abs(published.date() - addressed) == timedelta(days=1) else published


def _field(data: Iterable[dict[str, Any]], name: str) -> date | None:
    """Read a date from the first JSON-LD object that has it."""
    return next(
        (day for item in data if isinstance(item.get(name), str) and (day := parse_date(item[name]))), None
    )


def _titles(page: HtmlElement) -> tuple[str, str]:
    return page_title(page), heading_of(page)


def _addresses(page: HtmlElement) -> list[str]:
    found: list[str] = page.xpath(".//link[@rel='canonical']/@href | .//meta[@property='og:url']/@content")
    return found[:_MOST_TRIES]


def _meta(page: HtmlElement, name: re.Pattern[str]) -> date | None:
    """Read the first date of a meta element, or of any with an `itemprop`, that goes by such a name."""
    elements = page.xpath(".//meta[@content or @datetime] | .//*[@itemprop]")
    named = (element for element in elements if any(map(name.fullmatch, _names(element))))
    titles = _titles(page)
    return next(
        (
            day
            for element in islice(named, _MOST_TRIES)
            if not lies_beside(element, titles) and (day := _written(element))
        ),
        None,
    )


def _names(element: HtmlElement) -> Iterator[str]:
    return (element.get(key, "")[:_LONGEST_NAME].lower() for key in ("property", "name", "itemprop"))


def _written(element: HtmlElement) -> date | None:
    return parse_date(element.get("content") or element.get("datetime") or element.text_content()[:200])


def _time(page: HtmlElement, mark: re.Pattern[str]) -> date | None:
    """Read the first `<time>` that is marked, for publication else the one day the others agree on."""
    titles = _titles(page)
    own = [element for element in islice(page.iter("time"), _MOST_TRIES) if not lies_beside(element, titles)]
    signed = [(_written(element), _signs(element), element) for element in own]
    dated = [
        (day, signs)
        for day, signs, element in signed
        if day and (mark.search(signs) or not _is_in_prose(element))
    ]
    marked = [day for day, signs in dated if mark.search(signs)]
    if marked or mark is not _MARKED:
        return marked[0] if marked else None
    unmarked = [day for day, signs in dated if not _CHANGED.search(signs)]
    return unmarked[0] if len(set(map(str, unmarked))) == 1 else None


def _signs(element: HtmlElement) -> str:
    pubdate = "pubdate" if "pubdate" in element.attrib else ""
    return f"{marks(element)} {element.get('itemprop', '')[:_LONGEST_NAME]} {pubdate}"


def _is_in_prose(element: HtmlElement) -> bool:
    """Tell whether a `<time>` belongs to a sentence of the story, and not to a line about the story."""
    around = list(element.iterancestors())
    line = next((above for above in around if above.tag in _PROSE), around[0])
    if any(above.tag in {"header", "address"} for above in around) or _CREDITED.search(marks(line)):
        return False
    if line.tag not in _PROSE:
        beside = squeeze("".join(line.xpath("text()")))
        return len(beside) > _LONGEST_CREDIT or beside.endswith(".")
    words = squeeze(line.text_content())
    return words != squeeze(element.text_content()) and read_credit(words) is None


def _seen(page: HtmlElement) -> date | None:
    """Read a date that stands in the article's own lines, leaving out what htmldate would guess from."""
    from htmldate import find_date

    shown = deepcopy(page)
    drop_beside(shown, _titles(page))
    for element in [*shown.iter("meta", "script", "time", "link")]:
        element.drop_tree()
    found = find_date(shown, extensive_search=False, original_date=True)
    return parse_date(found) if found else None
