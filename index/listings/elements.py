"""XML from anywhere as elements: bounded, without entities of its own, and mended where it is broken."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape
from html.entities import html5
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from index.characters import ExtractError
from index.listings.kinds import PAGES, outermost

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_MOST_TAGS = 2_000_000  # fifty thousand addresses with twenty elements each; libxml2 takes 120 bytes for one
_STEP = 65_536  # bytes that are parsed before the entries in them are read
_DECLARATION = re.compile(r"<\?xml\b[^>]{0,300}\?>")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos);)(?:(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});)?"
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

    roots: frozenset[str]
    entries: frozenset[str]
    make: Callable[[Element, int], Made]
    most: int


def read_tree(text: str, address: str, plan: Plan[Made]) -> Tree[Made]:
    """Make something of each entry that lies in no other, as it comes whole, in order.

    Bare ampersands and HTML's entities are read as they were meant, where no XML would have them. A document
    that breaks off is read as far as it goes. Raises ExtractError where it is no XML, has another
    outermost element, too many elements, or entities of its own, or breaks off before the first entry.
    """
    text = _NOT_XML.sub("", _DECLARATION.sub("", text.lstrip("\ufeff \t\r\n"), count=1))
    first = _FIRST_ELEMENT.search(text)
    if not first:
        raise ExtractError("no XML in it")
    outside = outermost(text)
    if outside and outside not in map(str.lower, plan.roots):
        raise ExtractError(
            "an HTML page" if outside in PAGES else f"its outermost element is <{outside[:30]}>"
        )
    if text.count("<") > _MOST_TAGS:
        raise ExtractError(f"more than {_MOST_TAGS:,} XML tags")
    if "<!ENTITY" in text[: first.start()]:
        raise ExtractError("it declares XML entities of its own, which are not read")
    tree = _Reading(address, plan).tree(_mended(text).encode())
    if tree.trouble and not tree.made:
        raise ExtractError(tree.trouble)
    return tree


class _Reading(Generic[Made]):
    """One pass over a document."""

    def __init__(self, address: str, plan: Plan[Made]) -> None:
        from lxml import etree

        self.parser: Any = etree.XMLPullParser(
            events=("start", "end"),
            tag=[f"{{*}}{name}" for name in sorted({*plan.roots, *plan.entries})],
            base_url=address,
            encoding="utf-8",
            recover=True,
            resolve_entities=False,
            no_network=True,
            remove_comments=True,
            remove_pis=True,
        )
        self.plan = plan
        self.made: list[Made] = []
        self.number = 0
        self.root: Element | None = None
        self.entry: Element | None = None
        self.whole = False

    def tree(self, content: bytes) -> Tree[Made]:
        """Parse a document step by step. What the parser would close by itself at its end stays open."""
        for start in range(0, len(content), _STEP):
            self.parser.feed(content[start : start + _STEP])
            for event, element in self.parser.read_events():
                if event == "start":
                    self._open(element)
                else:
                    self._close(element)
        if self.root is None:
            raise ExtractError(f"not XML: {self._trouble()}")
        return Tree(self.root, self.made, self.number, "" if self.whole else self._trouble())

    def _open(self, element: Element) -> None:
        name = element.tag.rpartition("}")[2]  # of whatever vocabulary
        if self.root is None:
            self.root = element if name in self.plan.roots and element.getparent() is None else None
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
    """List the elements right below one by their names; one of no known vocabulary is taken at its word."""
    parts: dict[str, list[Element]] = {}
    own = element.tag.rpartition("}")[0] if name_of(element).startswith("?") else ""
    for child in element.iterchildren("*"):
        is_plain = own and child.tag.rpartition("}")[0] == own
        name = child.tag.rpartition("}")[2] if is_plain else name_of(child)
        parts.setdefault(name, []).append(child)
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
    return "".join(element.itertext()) if len(element) else element.text or ""


@lru_cache(maxsize=1000)
def _name(tag: str) -> str:
    space, _, name = tag.rpartition("}")
    key = re.sub(r"^\{https?://", "", space.lower()).rstrip("/#")
    return _PREFIXES.get(key, "?") + name if space else name


def _mended(text: str) -> str:
    """Write what `&` begins as XML has it, but not in CDATA, where it is a letter like any other."""
    first, *rest = text.split("<![CDATA[")
    parts = [_REFERENCE.sub(_character, first)]
    for part in rest:
        inside, end, outside = part.partition("]]>")
        parts.append(f"<![CDATA[{inside}{end}{_REFERENCE.sub(_character, outside)}")
    return "".join(parts)


def _character(match: re.Match[str]) -> str:
    """Write a reference as the character it stands for, which may be none, and a bare ampersand as one."""
    name = match[1]
    if name is None:
        return "&amp;"
    if name.startswith("#") or f"{name};" in html5:
        return escape(_NOT_XML.sub("", unescape(match[0])))
    return f"&amp;{name};"
