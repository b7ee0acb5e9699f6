"""An HTML page as a tree that is safe to work on: small enough, and only what a reader sees."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from index.characters import ExtractError, clean, decode
from index.styles import hides

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOST_CHARACTERS = 5_000_000
_MOST_ELEMENTS = 25_000  # the largest of 205 news pages has 9,888; trafilatura took 11 s over 50,000
_MOST_ATTRIBUTES = 500  # on one element; the most on those pages is 70, and lxml takes 15 s over 100,000
_MOST_ATTRIBUTES_OF_ALL = 50_000  # those pages have 13,949 at most; 400,000 took 14 s
_MOST_BREAKS = 1_000_000_000  # children times characters between them; those pages reach 27 million
_MOST_DEPTH = 200  # libxml2 drops what is nested deeper than 255; those pages reach 38
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?\s{0,5}([\w-]{2,20})", re.IGNORECASE)

_HIDDEN_CLASSES = {"sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "screen-reader-only"}
_NARROW_CLASSES = {"d-none", "hidden"}  # of Bootstrap and Tailwind, which take it back for wider screens:
_WIDER_CLASS = re.compile(r"(?:[a-z0-9]+:|d-[a-z]+-)(?:block|inline|flex|grid|table|contents)[a-z-]*")
_BY_READERS = ("schema.org/Comment", "schema.org/UserComments")
_COMMENT_FORM = {"respond"}  # in WordPress; what stands in it is by readers


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


class _Measure:
    """A parser's target that builds nothing and stops a page that would be slow to build."""

    def __init__(self) -> None:
        self.elements = self.attributes = self.depth = 0
        self.breaks: list[list[int]] = [[0, 0]]  # of each open element: children, characters between them

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.elements += 1
        self.attributes += len(attributes)
        self.depth += 1
        self.breaks[-1][0] += 1
        self.breaks.append([0, 0])
        if self.elements > _MOST_ELEMENTS:
            raise ExtractError(f"more than {_MOST_ELEMENTS:,} HTML elements")
        if self.depth > _MOST_DEPTH:
            raise ExtractError(f"HTML nested more than {_MOST_DEPTH} deep")
        if len(attributes) > _MOST_ATTRIBUTES:
            raise ExtractError(f"more than {_MOST_ATTRIBUTES} attributes on one HTML element")
        if self.attributes > _MOST_ATTRIBUTES_OF_ALL:
            raise ExtractError(f"more than {_MOST_ATTRIBUTES_OF_ALL:,} attributes of HTML elements")

    def data(self, text: str) -> None:
        children = self.breaks[-1]
        children[1] += len(text)
        if children[0] * children[1] > _MOST_BREAKS:  # to take one out copies all that stands before it
            raise ExtractError("too many HTML elements within one text")

    def end(self, tag: str) -> None:
        self.depth -= 1
        if len(self.breaks) > 1:
            self.breaks.pop()

    def close(self) -> None:
        """Hand over nothing; a parser asks its target."""


def _is_hidden(element: HtmlElement) -> bool:
    if element.tag in {"html", "body"}:  # hidden for a moment while a page loads, as AMP and A/B tests do
        return False
    classes = set(element.get("class", "").split())
    return (
        element.tag == "template"
        or "hidden" in element.attrib
        or "popover" in element.attrib
        or element.get("aria-hidden", "").lower() == "true"
        or hides(element.get("style", ""))
        or not _HIDDEN_CLASSES.isdisjoint(classes)
        or (not _NARROW_CLASSES.isdisjoint(classes) and not any(map(_WIDER_CLASS.fullmatch, classes)))
        or not _COMMENT_FORM.isdisjoint({*classes, element.get("id")})
        or element.get("itemtype", "").endswith(_BY_READERS)
    )
