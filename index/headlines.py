"""The headline of a page: what it states, against what its title and its headings show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from index.linked import same_title
from index.metas import Metas, plain

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Dublin Core describes the work, Open Graph what to show of it elsewhere, the others are for single readers.
_STATED = (
    *("dc.title", "dcterms.title", "og.title", "weibo.article.title", "weibo.webpage.title"),
    *("parsely-title", "sailthru.title", "citation_title", "headline", "title", "twitter.title"),
)
_MOST_HEADINGS = 50
_PERMALINK = " ¶#§"  # signs that link a heading to itself
_LAST_PART = re.compile(r"(.+?)\s+[|–—·•»-]\s+([^|]{2,60})")
_TWO_PARTS = re.compile(r"(.+)\s+[|–—·•»-]\s+([^|–—·•»]{2,60})")


def page_title(page: HtmlElement) -> str:
    """Give the page's `<title>`, not that of a drawing in it."""
    titles = page.xpath(".//title[not(ancestor::*[local-name() = 'svg'])]")
    return next((text for title in titles if (text := plain(title.text_content()))), "")


def heading_of(page: HtmlElement) -> str:
    """Give the heading that says what the page's title says; the first where there is no title.

    A heading that leads to the home page, or ends the title, is the site's name.
    """
    headings = (heading for heading in islice(page.iter("h1"), _MOST_HEADINGS) if not _leads_home(heading))
    texts = [text for heading in headings if (text := plain(heading.text_content()).rstrip(_PERMALINK))]
    title = page_title(page)
    alike = [text for text in texts if same_title(text, [title])] if title else texts[:1]
    return min(alike, key=lambda text: (text != title and title.endswith(text), -len(text)), default="")


def headline_of(page: HtmlElement, about: Iterable[dict[str, Any]], metas: Metas) -> str:
    """Take the headline a page states, unless its title and heading agree on another; else what they say.

    `about` are the JSON-LD objects of the page's article.
    """
    title, heading = page_title(page), heading_of(page)
    shown = [title, heading] if title and heading else []
    stated = [*(plain(item.get("headline")) for item in about), *(metas.get(n, [""])[0] for n in _STATED)]
    agreed = (text for text in stated if text and (not shown or same_title(text, shown)))
    return next(agreed, "") or heading or _without_site(title)


def without_names(headline: str, names: Sequence[str]) -> str:
    """Take the names of outlet and author off the end of a headline that carries them.

    >>> without_names("Hotline goes silent | by Jane Doe | The Post", ["The Harbour Post", "Jane Doe"])
    'Hotline goes silent'
    >>> without_names("Hotline goes silent | Northgate", ["The Harbour Post"])
    'Hotline goes silent | Northgate'
    """
    match = _LAST_PART.fullmatch(headline)
    while match:
        name = match[2].casefold().removeprefix("by ").removeprefix("the ")
        if not any(name in known.casefold() for known in names):
            break
        headline = match[1]
        match = _LAST_PART.fullmatch(headline)
    return headline


def without_outlet(headline: str, outlet: str) -> str:
    """Take an outlet's whole name off the end of a headline, with or without its article.

    >>> without_outlet("Wolf seen near Skarholm - The Skarholm Times", "Skarholm Times")
    'Wolf seen near Skarholm'
    >>> without_outlet("Talks fail - Skarholm", "Skarholm Times")
    'Talks fail - Skarholm'
    """
    match = _LAST_PART.fullmatch(headline)
    names = [name.casefold().removeprefix("the ") for name in (match[2], outlet)] if match else []
    return match[1] if match and names[0] == names[1] else headline


def _leads_home(heading: HtmlElement) -> bool:
    links = [*heading.iter("a"), *heading.iterancestors("a")]
    return any(_is_home(link.get("href", "#")) for link in links)


def _is_home(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.path.strip("/") == "" and not parts.query and not address.startswith("#")


def _without_site(title: str) -> str:
    """Cut the site's name off a title; a shorter part before it would be the name of the site itself.

    >>> _without_site("The old ferry sinks - Harbour Post"), _without_site("Harbour - The old ferry sinks")
    ('The old ferry sinks', 'Harbour - The old ferry sinks')
    """
    parts = _TWO_PARTS.fullmatch(title)
    return parts[1] if parts and len(parts[1].split()) > len(parts[2].split()) else title
