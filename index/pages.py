"""An HTML page as a tree that is safe to work on: small enough, and only what a reader sees."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from index.characters import ExtractError, clean, decode, squeeze

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOST_CHARACTERS = 5_000_000
_MOST_ELEMENTS = 25_000  # the largest of 205 news pages has 9,888; trafilatura took 11 s over 50,000
_MOST_ATTRIBUTES = 500  # on one element; the most on those pages is 70, and lxml takes 15 s over 100,000
_MOST_DEPTH = 200  # libxml2 drops what is nested deeper than 255; those pages reach 38
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?\s{0,5}([\w-]{2,20})", re.IGNORECASE)

_HIDING = re.compile(
    r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0+[a-z%]*\s*(?:[;!]|$)"
    r"|(?:left|top|text-indent)\s*:\s*-\d{3,}|clip\s*:\s*rect\([01px, ]*\))",
    re.IGNORECASE,
)
_HIDDEN_CLASSES = {"sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "screen-reader-only"}
_NEVER_READ = {"script", "style", "template", "noscript", "iframe", "object", "head"}
_WITHIN_LINES = re.compile(  # every other element begins a new line
    r"a|abbr|acronym|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|img|ins|kbd|mark|q|ruby|s|samp|small|span"
    r"|strike|strong|sub|sup|td|th|time|tt|u|var|wbr"
)


def parse_page(html: str | bytes) -> HtmlElement:
    """Parse a page and take out what is hidden.

    Raises ExtractError for a page that is empty, or too large or too deep to be parsed in good time.
    """
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    if isinstance(html, bytes):
        declared = _DECLARED.search(html[:4096])
        html = decode(html, declared[1].decode("ascii") if declared else "")
    if len(html) > _MOST_CHARACTERS:
        raise ExtractError(f"{len(html):,} characters of HTML; at most {_MOST_CHARACTERS:,} are read")
    content = clean(html).encode()
    try:
        etree.fromstring(content, etree.HTMLParser(target=_Measure(), encoding="utf-8"))
        page = document_fromstring(
            content, HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
        )
    except etree.LxmlError as error:
        raise ExtractError("no HTML in it") from error
    for element in [element for element in page.iter(etree.Element) if _is_hidden(element)]:
        element.drop_tree()
    return page


def blocks(page: HtmlElement) -> list[str]:
    """List the texts of a page's block elements in order, each on one line."""
    return [text for line in "".join(_spoken(page)).split("\n") if (text := squeeze(clean(line)))]


class _Measure:
    """A parser's target that builds nothing and stops a page that would be slow to build."""

    def __init__(self) -> None:
        self.elements = self.depth = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.elements += 1
        self.depth += 1
        if self.elements > _MOST_ELEMENTS:
            raise ExtractError(f"more than {_MOST_ELEMENTS:,} HTML elements")
        if self.depth > _MOST_DEPTH:
            raise ExtractError(f"HTML nested more than {_MOST_DEPTH} deep")
        if len(attributes) > _MOST_ATTRIBUTES:
            raise ExtractError(f"more than {_MOST_ATTRIBUTES} attributes on one HTML element")

    def end(self, tag: str) -> None:
        self.depth -= 1

    def close(self) -> None:
        """Hand over nothing; a parser asks its target."""


def _is_hidden(element: HtmlElement) -> bool:
    if element.tag in {"html", "body"}:  # hidden for a moment while a page loads, as AMP and A/B tests do
        return False
    return (
        element.tag == "template"
        or "hidden" in element.attrib
        or element.get("aria-hidden", "").lower() == "true"
        or bool(_HIDING.search(element.get("style", "")))
        or not _HIDDEN_CLASSES.isdisjoint(element.get("class", "").split())
    )


def _spoken(element: HtmlElement) -> Iterator[str]:
    if element.tag in _NEVER_READ:
        return
    within = _WITHIN_LINES.fullmatch(element.tag)
    edge = " " if element.tag in {"td", "th"} else "" if within else "\n"
    yield edge
    yield (element.text or "").replace("\n", " ")
    for child in element:
        yield from _spoken(child)
        yield (child.tail or "").replace("\n", " ")
    yield edge
