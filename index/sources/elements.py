"""XML from anywhere as elements: bounded, without entities of its own, and mended where it is broken."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from html.entities import html5
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from index.characters import ExtractError

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_MOST_ELEMENTS = 1_000_000  # fifty thousand addresses with twenty each; libxml2 takes 120 bytes for one
_STEP = 65_536  # bytes that are parsed before the elements in them are counted
_DECLARATION = re.compile(r"<\?xml\b[^>]{0,300}\?>")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ENTITY = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)([A-Za-z][A-Za-z0-9]{1,30};)?"
)
_FIRST_ELEMENT = re.compile(r"<[A-Za-z_]")
_PREFIXES = {  # of the namespaces that entries are described in; a file may use others for them
    "purl.org/dc/elements/1.1": "dc:",
    "purl.org/dc/terms": "dcterms:",
    "purl.org/rss/1.0/modules/content": "content:",
    "search.yahoo.com/mrss": "media:",
    "www.itunes.com/dtds/podcast-1.0.dtd": "itunes:",
    "rssnamespace.org/feedburner/ext/1.0": "feedburner:",
    "www.pheedo.com/namespace/pheedo": "pheedo:",
    "www.google.com/schemas/sitemap-news/0.9": "news:",
    "www.w3.org/1999/xhtml": "xhtml:",
    "www.w3.org/1999/02/22-rdf-syntax-ns": "",  # of RSS 1.0 and 0.9, only the outermost element
    "www.w3.org/2005/atom": "",
    "purl.org/atom/ns": "",
    "purl.org/rss/1.0": "",
    "my.netscape.com/rdf/simple/0.9": "",
    "channel.netscape.com/rdf/simple/0.9": "",
    "backend.userland.com/rss2": "",
    "blogs.law.harvard.edu/tech/rss": "",
    "cyber.law.harvard.edu/rss": "",
    "www.sitemaps.org/schemas/sitemap/0.9": "",
    "www.google.com/schemas/sitemap/0.9": "",
    "www.google.com/schemas/sitemap/0.84": "",
}

Parts = Mapping[str, Sequence["Element"]]
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Tree(Generic[Made]):
    """An XML document as far as it could be read.

    `root` is its outermost element without the entries, `made` what was made of these, and `number` how many
    there are, those not read too. `trouble` says where and why the document broke off, "" for a whole one.
    """

    root: Element
    made: Sequence[Made]
    number: int
    trouble: str


@dataclass(frozen=True, slots=True)
class Plan(Generic[Made]):
    """What to read of a document.

    `roots` are the names its outermost element may have, `entries` those of the elements that something is
    made of, at most `most`. `make` is given such an element in its place, and how many came before it.
    """

    roots: Container[str]
    entries: Container[str]
    make: Callable[[Element, int], Made]
    most: int


def read_tree(text: str, address: str, plan: Plan[Made]) -> Tree[Made]:
    """Make something of each entry that lies in no other, as it comes whole, in order.

    A document that is not well-formed is read once more, mended: with bare ampersands as they were meant, and
    HTML's entities as the characters they stand for. Raises ExtractError where it is no XML, has another
    outermost element, too many elements, or entities of its own, or breaks off before the first entry.
    """
    from lxml import etree

    text = _NOT_XML.sub("", _DECLARATION.sub("", text.lstrip("\ufeff \t\r\n"), count=1))
    first = _FIRST_ELEMENT.search(text)
    if not first:
        raise ExtractError("no XML in it")
    if "<!ENTITY" in text[: first.start()]:
        raise ExtractError("it declares XML entities of its own, which are not read")
    try:
        return _Reading(address, plan, recover=False).tree(text)
    except etree.XMLSyntaxError:
        tree = _Reading(address, plan, recover=True).tree(_mended(text))
    if tree.trouble and not tree.made:
        raise ExtractError(tree.trouble)
    return tree


class _Reading(Generic[Made]):
    """One pass over a document."""

    def __init__(self, address: str, plan: Plan[Made], recover: bool) -> None:
        from lxml import etree

        self.parser: Any = etree.XMLPullParser(
            events=("start", "end"),
            base_url=address,
            encoding="utf-8",
            recover=recover,
            resolve_entities=False,
            no_network=True,
            remove_comments=True,
            remove_pis=True,
        )
        self.plan, self.recover = plan, recover
        self.made: list[Made] = []
        self.elements = self.number = 0
        self.root: Element | None = None
        self.entry: Element | None = None
        self.whole = False

    def tree(self, text: str) -> Tree[Made]:
        """Parse a text step by step. Raises XMLSyntaxError where it is broken and is not to be mended."""
        content = text.encode()
        for start in range(0, len(content), _STEP):
            self.parser.feed(content[start : start + _STEP])
            for event, element in self.parser.read_events():
                if event == "start":
                    self._open(element)
                else:
                    self._close(element)
        if not self.whole and not self.recover:
            self.parser.close()
        if self.root is None:
            raise ExtractError(f"not XML: {self._trouble()}")
        return Tree(self.root, self.made, self.number, "" if self.whole else self._trouble())

    def _open(self, element: Element) -> None:
        self.elements += 1
        if self.elements > _MOST_ELEMENTS:
            raise ExtractError(f"more than {_MOST_ELEMENTS:,} XML elements")
        name = name_of(element)
        if self.root is None:
            self.root = element
            if name not in self.plan.roots:
                raise ExtractError(
                    "an HTML page" if name.endswith("html") else f"its outermost element is <{name[:30]}>"
                )
        elif self.entry is None and name in self.plan.entries:
            self.entry = element

    def _close(self, element: Element) -> None:
        if self.entry is not None and element is self.entry:
            self.entry = None
            if self.number < self.plan.most:
                self.made.append(self.plan.make(element, self.number))
            self.number += 1
            element.clear()
        self.whole = self.whole or element is self.root

    def _trouble(self) -> str:
        errors = [one for one in self.parser.feed_error_log if one.level_name in {"ERROR", "FATAL"}]
        if not errors:
            return "it ends in the middle"
        return f"it is broken in line {errors[0].line:,} ({errors[0].message.strip()[:100]})"


def name_of(element: Element) -> str:
    """Name an element: `title`, and with a prefix what is of another vocabulary, `dc:creator`.

    RSS, Atom and sitemaps have none; "?" stands for a vocabulary that nothing is read of.
    """
    return _name(element.tag)


def parts_of(element: Element) -> Parts:
    """List the elements right below one by their names."""
    parts: dict[str, list[Element]] = {}
    for child in element.iterchildren("*"):
        parts.setdefault(name_of(child), []).append(child)
    return parts


def texts(parts: Parts, *names: str) -> Iterator[str]:
    """Yield the texts of the parts with these names, in the order of the names; none that is empty."""
    for name in names:
        for element in parts.get(name, ()):
            text = text_of(element)
            if text.strip():
                yield text


def text_of(element: Element) -> str:
    """Read all the text in an element."""
    return "".join(element.itertext())


@lru_cache(maxsize=1000)
def _name(tag: str) -> str:
    space, _, name = tag.rpartition("}")
    key = re.sub(r"^\{https?://", "", space.lower()).rstrip("/#")
    return _PREFIXES.get(key, "?") + name if space else name


def _mended(text: str) -> str:
    """Write what `&` begins as XML has it, but not in CDATA, where it is a letter like any other."""
    first, *rest = text.split("<![CDATA[")
    parts = [_ENTITY.sub(_character, first)]
    for part in rest:
        inside, end, outside = part.partition("]]>")
        parts.append(f"<![CDATA[{inside}{end}{_ENTITY.sub(_character, outside)}")
    return "".join(parts)


def _character(match: re.Match[str]) -> str:
    name = match[1] or ""
    return escape(html5[name]) if name in html5 else f"&amp;{name}"
