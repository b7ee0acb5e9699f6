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
_MOST_ATTRIBUTES_OF_ALL = 50_000  # those pages have 13,949 at most; 400,000 took 14 s
_MOST_BREAKS = 1_000_000_000  # children times characters between them; those pages reach 27 million
_MOST_DEPTH = 200  # libxml2 drops what is nested deeper than 255; those pages reach 38
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?\s{0,5}([\w-]{2,20})", re.IGNORECASE)

_HIDING = re.compile(
    r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0+[a-z%]*\s*(?:[;!]|$)"
    r"|opacity\s*:\s*(?:0+(?:\.0*)?|\.0+)%?\s*(?:[;!]|$)|transform\s*:\s*scale(?:x|y|3d)?\(\s*0(?:\.0*)?\s*[,)]"
    r"|(?:left|top|text-indent)\s*:\s*-(?:\d{3}|99|\d\dr?em)|clip\s*:\s*rect\([01px, ]*\))",
    re.IGNORECASE,
)
_STYLE_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_HIDDEN_CLASSES = {"sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "screen-reader-only"}
_NARROW_CLASSES = {"d-none", "hidden"}  # of Bootstrap and Tailwind, which take it back for wider screens:
_WIDER_CLASS = re.compile(r"(?:[a-z0-9]+:|d-[a-z]+-)(?:block|inline|flex|grid|table|contents)[a-z-]*")
_COMMENT_FORM = {"respond"}  # in WordPress; what stands in it is by readers
_NEVER_READ = {"script", "style", "template", "noscript", "iframe", "object", "head"}
_WITHIN_LINES = re.compile(  # every other element begins a new line
    r"a|abbr|acronym|b|bdi|bdo|big|button|cite|code|data|del|dfn|em|font|i|img|ins|kbd|label|mark|meter|output"
    r"|progress|q|ruby|s|samp|small|span|strike|strong|sub|sup|td|th|time|tt|u|var|wbr"
)
_TAKEN_FOR_FORMS = {"button", "label", "meter", "output", "progress", "time"}  # their words get lost
_TAKEN_BACK = {"del", "s", "strike"}
_PLAIN = "bdi"  # an element that means nothing to trafilatura


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


def spell_out(page: HtmlElement) -> None:
    """Say in text alone what elements within a line say: quotation marks, powers, what was struck out.

    Words that stand in running text as a date, a button or a label stay in it, for trafilatura drops them.
    """
    from lxml import etree

    for element in list(page.iter(*_TAKEN_BACK)):
        element.clear(keep_tail=True)
        element.tag = _PLAIN
    for element in _in_running_text(page):
        element.tag = _PLAIN
    for element in list(page.iter("q")):
        element.text = "“" + (element.text or "")
        _append(element, "”")
        element.tag = _PLAIN
    last = ""  # the last character of the line before an element
    for event, element in etree.iterwalk(page, events=("start", "end")):
        last = "" if _begins_line(element) else last
        if event == "start" and element.tag == "sup" and last.isdigit():
            _set_apart(element)
        last = ((element.text if event == "start" else element.tail) or last)[-1:]


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
        or element.get("aria-hidden", "").lower() == "true"
        or bool(_HIDING.search(_STYLE_COMMENT.sub("", element.get("style", ""))))
        or not _HIDDEN_CLASSES.isdisjoint(classes)
        or (not _NARROW_CLASSES.isdisjoint(classes) and not any(map(_WIDER_CLASS.fullmatch, classes)))
        or not _COMMENT_FORM.isdisjoint({*classes, element.get("id")})
    )


def _in_running_text(page: HtmlElement) -> list[HtmlElement]:
    """List the elements whose words would be lost although other words stand beside them on their line."""
    lines: dict[HtmlElement, HtmlElement] = {}  # of each element: the one that begins its line
    apart: set[HtmlElement] = set()
    spoken: set[HtmlElement] = set()
    for element in page.iter():
        parent = element.getparent()
        lines[element] = element if parent is None or _begins_line(element) else lines[parent]
        if parent in apart or element.tag in _TAKEN_FOR_FORMS:
            apart.add(element)
        elif _says(element.text):
            spoken.add(lines[element])
        if parent is not None and parent not in apart and _says(element.tail):
            spoken.add(lines[parent])
    return [element for element in apart if element.tag in _TAKEN_FOR_FORMS and lines[element] in spoken]


def _begins_line(element: HtmlElement) -> bool:
    return element.tag in {"td", "th"} or not _WITHIN_LINES.fullmatch(element.tag)


def _says(text: str | None) -> bool:
    return any(map(str.isalpha, text or ""))


def _append(element: HtmlElement, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _set_apart(power: HtmlElement) -> None:
    """Keep 10 to the 6th from becoming 106, a footnote's mark from becoming part of a number."""
    words = (power.text_content() if len(power) else power.text) or ""
    if not words[:1].isdigit():
        return
    if power.find(".//a") is not None:
        power.text = "[" + (power.text or "")
        _append(power, "]")
    else:
        fraction = (power.tail or "").startswith(("/", "⁄"))
        power.text = (" " if fraction else "^") + (power.text or "")


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
