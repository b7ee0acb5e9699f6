"""The lines of text that the elements of a page make, as a reader sees them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from index.characters import clean, squeeze
from index.styles import strikes_out

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_NEVER_READ = {"script", "style", "template", "noscript", "iframe", "object", "head"}
_WITHIN_LINES = re.compile(  # every other element begins a new line
    r"a|abbr|acronym|b|bdi|bdo|big|button|cite|code|data|del|dfn|em|font|i|img|ins|kbd|label|mark|meter|output"
    r"|progress|q|ruby|s|samp|small|span|strike|strong|sub|sup|td|th|time|tt|u|var|wbr"
)
_TAKEN_FOR_FORMS = {"button", "label", "meter", "output", "progress", "time"}  # their words get lost
_TAKEN_BACK = {"del", "s", "strike"}
_LINE_END = re.compile(r"[.!?…:;。！？][\"'”’»)\]]*$")
_LIST_MARK = re.compile(r"\w[.)]\s|[-–—•*·]")
_CLOSE = 10  # characters at the end of a line, enough to see how it ends
_MOST_JOINED = 20  # lines; where it joins, trafilatura gives one line for each article
_ONE_CELL = re.compile(r"\| ([^|]+) \|")
_PLAIN = "bdi"  # an element that means nothing to trafilatura


def blocks(page: HtmlElement) -> list[str]:
    """List the texts of a page's block elements in order, each on one line."""
    return [text for line in "".join(_spoken(page)).split("\n") if (text := squeeze(clean(line)))]


def parted(lines: Sequence[str], page: HtmlElement) -> list[str]:
    """Part lines that were joined from several block elements, as trafilatura does on a short page."""
    if len(lines) > _MOST_JOINED:
        return list(lines)
    articles = page.xpath(".//article[not(ancestor::article)]")
    listed = [blocks(whole) for whole in [*articles, page]]
    found = ((line, next(filter(None, (_parts(line, one) for one in listed)), [])) for line in lines)
    return [part for line, parts in found for part in parts or [line]]


def with_headings(lines: Sequence[str], page: HtmlElement) -> list[str]:
    """Put headings back that a short story lost: those that stand right above one of its lines.

    On a long page trafilatura keeps them itself; on a short one it takes nothing but paragraphs.
    """
    if len(lines) > _MOST_JOINED:
        return list(lines)
    headings = {squeeze(clean(one.text_content())) for one in page.iter("h2", "h3", "h4")} - set(lines)
    above = {line: heading for heading, line in pairwise(blocks(page)) if heading in headings}
    return [text for line in lines for text in (above.get(line, ""), line) if text]


def spell_out(page: HtmlElement) -> None:
    """Say in text alone what elements within a line say: quotation marks, powers, what was struck out.

    Words that stand in running text as a date, a button or a label stay in it, for trafilatura drops them.
    """
    from lxml import etree

    for element in [element for element in page.iter(etree.Element) if _is_taken_back(element)]:
        element.clear(keep_tail=True)
        element.tag = _PLAIN
    for element in _in_running_text(page):
        element.tag = _PLAIN
    for element in _within_sentences(page):
        element.text = " "
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


def _is_taken_back(element: HtmlElement) -> bool:
    return element.tag in _TAKEN_BACK or strikes_out(element.get("style", ""))


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


def _within_sentences(page: HtmlElement) -> list[HtmlElement]:
    """List the line breaks that stand alone and within a sentence."""
    from lxml import etree

    found: list[HtmlElement] = []
    waiting: HtmlElement | None = None  # a break, until words come after it
    first = before = end = ""  # a paragraph's first letter, the end of the line before, and of this one
    for event, element in etree.iterwalk(page, events=("start", "end")):
        if element.tag == "br" and event == "start":
            waiting, before, end = (element if end else None), end, ""
            first = first if waiting is not None else ""
        elif element.tag != "br" and _begins_line(element):
            waiting, first, end = None, "", ""
        words = ((element.text if event == "start" else element.tail) or "").strip()
        if words:
            if waiting is not None and _goes_on(first, before, words):
                found.append(waiting)
            waiting, first, end = None, first or words[0], (end + words)[-_CLOSE:]
    return found


def _goes_on(first: str, before: str, after: str) -> bool:
    """Tell whether a line goes on in the next: no mark ends it and a small letter or a comma joins them.

    Where the paragraph itself begins with a small letter or a number, its lines may be a list or a poem.
    """
    if first.islower() or first.isdigit() or _LINE_END.search(before) or _LIST_MARK.match(after):
        return False
    return after[0].islower() or before.endswith(",")


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


def _parts(line: str, listed: Sequence[str]) -> list[str]:
    """Find the texts that a line consists of, in their order; none where something is left of it."""
    cell = _ONE_CELL.fullmatch(line)  # of a table that only sets a page
    parts, rest = [], f"{cell[1] if cell else line} "
    for text in listed:
        if rest.startswith(f"{text} "):
            parts.append(text)
            rest = rest[len(text) + 1 :]
    return parts if not rest else []


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
