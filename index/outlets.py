"""The name of the outlet a page is of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from index.headlines import page_title
from index.linked import named
from index.metas import Metas
from index.types import web_address

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_STATED = ("og.site_name", "dc.publisher", "dcterms.publisher", "citation_journal_title", "publisher")
_AFTER_TITLE = re.compile(r"\s+[|–—:·•»-]\s+([^|–—:·•»]{2,60})")
_TAGLINE = re.compile(r"(.{2,60}?)\s+[|–—·•:-]\s+.+")
_LEADING = "“”„«»\"'‘’[(:;, \t\n"
_NO_NAME = re.compile(
    r"[“”„«»\"\[\]【】\n]|:\s|:$|[,;]\s*\d|\s\d{1,2}(?:st|nd|rd|th|\.)?\s(?:of\s)?"
    r"(?:jan|feb|mar|mär|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-z]*\.?,?\s\d{4}\b",
    re.IGNORECASE,
)
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


def outlet_name(stated: str) -> str:
    """Keep of what is stated as an outlet its name alone: no quotation, no day, no mark of a source.

    >>> outlet_name("The Harbour Post, 1 January 1999: “It never closed.” [1]"), outlet_name("“Kestrel”")
    ('The Harbour Post', 'Kestrel')
    """
    return _NO_NAME.split(stated.strip(_LEADING), maxsplit=1)[0].strip(_LEADING)


def outlet_of(
    page: HtmlElement,
    about: Iterable[dict[str, Any]],
    data: Sequence[dict[str, Any]],
    metas: Metas,
    headline: str,
) -> str:
    """Take the publisher's or the site's name, else what follows the headline in `<title>`, else a domain.

    `about` are the JSON-LD objects of the article among all of the page, `data`. An address is no name.
    """
    publishers = (name for item in about for name in named(item.get("publisher"), data))
    stated = [*publishers, *(name for field in _STATED for name in metas.get(field, ()))]
    names = [name for name in stated if not web_address(name)]
    title = page_title(page)
    written = next((name for name in names if not _DOMAIN.fullmatch(name)), "")
    if written:
        return _signed(written, title)
    rest = _AFTER_TITLE.fullmatch(title.removeprefix(headline)) if title.startswith(headline) else None
    return rest[1] if rest and headline else next(iter(names), "")


def _signed(name: str, title: str) -> str:
    """Leave out a tagline after a site's name where the page's title ends with the name alone.

    >>> _signed("The Post - news from the harbour", "Ferry sinks - The Post")
    'The Post'
    >>> _signed("Salt – the iron blog", "Ferry sinks | Salt – the iron blog")
    'Salt – the iron blog'
    """
    parts = _TAGLINE.fullmatch(name)
    return parts[1] if parts and title.endswith(parts[1]) and not title.endswith(name) else name
