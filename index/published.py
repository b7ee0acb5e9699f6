"""When a page says it was published and last changed: in its data, on its face, in its address."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
from datetime import date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from index.beside import drop_beside, lies_beside, marks
from index.characters import squeeze
from index.credits import read_credit
from index.dates import Dates, date_in_address, parse_date

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_PUBLISHED = re.compile(
    r"(?:.*[:.-])?(?:article[:_.-]?)?"
    r"(?:date[_-]?)?(?:published|publication|publish|pub|original_?publication)[_-]?(?:time|date)?"
    r"|date|display_?date|citation_date|article_date_original|(?:dc|dcterms)[.:](?:date|issued|created)"
    r"(?:[.:](?:issued|created))?|sailthru\.date"
)
_MODIFIED = re.compile(
    r"(?:.*[:.-])?(?:date[_-]?)?(?:modified|updated|moddate|last[_-]?mod(?:ified)?)[_-]?(?:time|date)?"
)
_PROSE = {"p", "li", "blockquote", "dd", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6"}
_CREDITED = re.compile(r"byline|dateline|meta\b|stamp|posted|publish|author|credit|date\b", re.IGNORECASE)
_MARKED = re.compile(r"publish|posted|entry-date|pubdate|datepublished|created", re.IGNORECASE)
_CHANGED = re.compile(r"update|modif", re.IGNORECASE)
_LONGEST_NAME = 100  # characters of what names a field; of a class, five times that
_MOST_TRIES = 50  # elements looked at for one date; reading one in words takes half a millisecond
_LONGEST_CREDIT = 100  # characters beside a date that stands in no paragraph


def dates_of(page: HtmlElement, about: Sequence[dict[str, Any]], titles: Sequence[str], url: str) -> Dates:
    """Read a page's dates from the surest place that has them; last, what htmldate sees near the headline.

    `about` are the JSON-LD objects of the article that goes by these titles, `url` is its address.
    """
    fields: tuple[tuple[str, Callable[[], date | None]], ...] = (
        ("json-ld", lambda: _field(about, "datePublished")),
        ("meta", lambda: _meta(page, titles, _PUBLISHED)),
        ("time", lambda: _time(page, titles, _MARKED)),
    )
    places = (
        *fields,
        ("address", lambda: date_in_address(url)),
        ("text", lambda: _seen(page, titles)),
    )
    source, published = next(((place, day) for place, read in places if (day := read())), ("", None))
    if isinstance(published, datetime) and not published.utcoffset():
        others = [read() for place, read in fields if place != source]
        published = _in_the_outlets_day(published, others, [date_in_address(url), _worded(page, titles)])
    modified = (
        _field(about, "dateModified") or _meta(page, titles, _MODIFIED) or _time(page, titles, _CHANGED)
    )
    return Dates(published, modified, source)


def _in_the_outlets_day(
    published: datetime, others: Iterable[date | None], days: Iterable[date | None]
) -> date:
    """Tell a moment given in UTC, which at night is another day, as the outlet's own clock had it.

    That clock shows where the page gives the same moment with an offset, or the day before or after.
    """
    told = (other for other in others if isinstance(other, datetime) and other.utcoffset())
    beside = (day for day in days if day and abs(published.date() - day) == timedelta(days=1))
    return next((other for other in told if other == published), None) or next(beside, published)


def _worded(page: HtmlElement, titles: Sequence[str]) -> date | None:
    """Read the day that a marked `<time>` shows its readers, whatever moment it stands for."""
    own = (element for element in islice(page.iter("time"), _MOST_TRIES) if not lies_beside(element, titles))
    words = (element.text_content()[:200] for element in own if _MARKED.search(_signs(element)))
    days = (day for text in words if (day := parse_date(text)))
    return next((day.date() if isinstance(day, datetime) else day for day in days), None)


def _field(about: Iterable[dict[str, Any]], name: str) -> date | None:
    """Read a date from the first JSON-LD object that has it."""
    return next(
        (day for item in about if isinstance(item.get(name), str) and (day := parse_date(item[name]))), None
    )


def _meta(page: HtmlElement, titles: Sequence[str], name: re.Pattern[str]) -> date | None:
    """Read the first date of a meta element, or of any with an `itemprop`, that goes by such a name."""
    elements = page.xpath(".//meta[@content or @datetime] | .//*[@itemprop]")
    named = (element for element in elements if any(map(name.fullmatch, _names(element))))
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


def _time(page: HtmlElement, titles: Sequence[str], mark: re.Pattern[str]) -> date | None:
    """Read the first `<time>` that is marked, for publication else the one day the others agree on."""
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


def _seen(page: HtmlElement, titles: Sequence[str]) -> date | None:
    """Read a date that stands in the article's own lines, leaving out what htmldate would guess from."""
    from htmldate import find_date

    shown = deepcopy(page)
    drop_beside(shown, titles)
    for element in [*shown.iter("meta", "script", "time", "link")]:
        element.drop_tree()
    found = find_date(shown, extensive_search=False, original_date=True)
    return parse_date(found) if found else None
