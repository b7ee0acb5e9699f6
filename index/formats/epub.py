"""E-books (.epub) as articles: one of each document that is read in turn, as newspapers make them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import unquote

from index.characters import ExtractError, clean, squeeze
from index.credits import read_credit
from index.dates import Dates, parse_date
from index.extract import article_from_text
from index.fields import dated
from index.formats.zipped import Zipped, member_at
from index.lines import blocks, spell_out
from index.outlets import outlet_name
from index.pages import parse_page
from index.types import Article

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement

_CONTAINER = "META-INF/container.xml"
_LOCKS = "META-INF/encryption.xml"
_FONTS_ONLY = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_PAGES = {"application/xhtml+xml", "text/html", "application/x-dtbook+xml"}
_MOST_DOCUMENTS = 2_000
_LARGEST_OF_ALL = (
    20_000_000  # bytes of documents, unpacked: 50 million took 8 s; a newspaper has some 6 million
)
_SENTENCE = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
_SHORTEST = 60  # characters of a paragraph, at the least, that makes a document one to be read
_MOSTLY_LINKS = 0.5  # of the letters; above it, a document is a table of contents
_BARS = (
    "//nav | //*[contains(concat(' ', normalize-space(@class), ' '), ' calibre_navbar ')]"
    " | //*[contains(concat(' ', normalize-space(@class), ' '), ' calibre_navbar1 ')]"
)
_MAKERS = re.compile(r"calibre.*|pandoc|sigil|unknown|anonymous|publisher|n/?a", re.IGNORECASE)
_DAY_IN_TITLE = re.compile(
    r"(?P<name>.+?)\s*(?:\[(?P<inner>[^\[\]]+)\]|\((?P<round>[^()]+)\)|[-–—|:,]\s(?P<rest>.+))$"
)
_WEEKDAY = re.compile(r"^[^\W\d]{2,12}[.,]\s+")


@dataclass(frozen=True, slots=True)
class _Book:
    """What an e-book says of itself, and the documents in it that are read, in their order."""

    outlet: str
    dates: Dates
    documents: Sequence[str]
    headings: dict[str, str]


def articles_from_epub(content: bytes, *, source: str = "") -> Iterator[tuple[str, Article]]:
    """Yield the name of each document of an e-book that holds an article, and the article.

    Covers and tables of contents hold none. Outlet and date come from the book where a document gives none.
    Raises ExtractError for what is encrypted, is no e-book, is too large or has no article in it.
    """
    archive = Zipped(content, _LARGEST_OF_ALL)
    book = _book(archive)
    found = False
    for name in book.documents:
        article = _article(archive.read(name), book, name, f"{source}#{name}" if source else "")
        if article is not None:
            found = True
            yield name, article
    if not found:
        raise ExtractError("no text in it")


def _book(archive: Zipped) -> _Book:
    if _CONTAINER not in archive.names:
        raise ExtractError("not an e-book: no META-INF/container.xml in it")
    if _LOCKS in archive.names and _is_locked(archive.read(_LOCKS)):
        raise ExtractError("encrypted: its publisher allows only programs of his own to read it")
    roots = _elements(_tree(archive.read(_CONTAINER)), "rootfile")
    path = member_at("", roots[0].get("full-path", "")) if roots else ""
    package = _tree(archive.read(path or "the list of its documents"))
    items = {item.get("id", ""): item for item in _elements(package, "item")}
    listed = [items.get(one.get("idref", "")) for one in _elements(package, "itemref")[:_MOST_DOCUMENTS]]
    read = [item for item in listed if item is not None and _is_page(item)]
    names = [member_at(path, unquote(item.get("href", ""))) for item in read]
    outlet, day = _masthead(package)
    return _Book(
        outlet=outlet,
        dates=Dates(day, None, "field"),
        documents=[name for name in dict.fromkeys(names) if name in archive.names],
        headings=_headings(archive, path, list(items.values())),
    )


def _article(content: bytes, book: _Book, name: str, source: str) -> Article | None:
    """Make the article of one document, None where there is none in it."""
    if not content.strip():
        return None
    page = parse_page(content)
    for bar in page.xpath(_BARS):
        if bar.getparent() is not None:
            bar.drop_tree()
    spell_out(page)
    lines = blocks(page)
    if _is_contents(page, lines) or not any(
        _SENTENCE.search(line) and len(line) >= _SHORTEST for line in lines
    ):
        return None
    heading = squeeze(clean("".join(page.xpath("string((//h1 | //h2 | //h3)[1])"))))
    title = heading if heading in lines[:4] else book.headings.get(name, "")
    article = article_from_text("\n\n".join(lines), title=title, source=source)
    return replace(
        dated(article, Dates(article.published, article.modified, article.date_source) | book.dates),
        outlet=article.outlet or book.outlet,
    )


def _masthead(package: _Element) -> tuple[str, date | None]:
    """Read the outlet and the day of an issue: "The Harbour Post [Fri, 12 Jun 2020]" is its title."""
    title = _first(package, "title")
    publisher = "" if _MAKERS.fullmatch(_first(package, "publisher")) else _first(package, "publisher")
    match = _DAY_IN_TITLE.fullmatch(title)
    written = next(filter(None, match.group("inner", "round", "rest")), "") if match else ""
    day = parse_date(written) or parse_date(_WEEKDAY.sub("", written)) if written else None
    if match and day:
        return outlet_name(match["name"]), day
    credit = read_credit(title)
    name = title if credit is not None and credit.outlet else publisher or title
    return outlet_name(name), _issued(package)


def _issued(package: _Element) -> date | None:
    """Read the day the book gives as that of publication, not that of its making."""
    days = [
        one
        for one in _elements(package, "date")
        if _event(one) in {"", "publication", "original-publication"}
    ]
    return next((day for one in days if (day := parse_date(squeeze(one.text or "")))), None)


def _event(element: _Element) -> str:
    return next((value for name, value in element.items() if name.rpartition("}")[2] == "event"), "")


def _headings(archive: Zipped, path: str, items: Sequence[_Element]) -> dict[str, str]:
    """Read from the book's table of contents what it calls each document."""
    found: dict[str, str] = {}
    for item in items:
        name = member_at(path, unquote(item.get("href", "")))
        if name not in archive.names:
            continue
        if item.get("media-type") == "application/x-dtbncx+xml":
            for point in _elements(_tree(archive.read(name)), "navPoint"):
                label, target = _elements(point, "text"), _elements(point, "content")
                if label and target:
                    _note(found, name, target[0].get("src", ""), label[0].text or "")
        elif "nav" in item.get("properties", "").split():
            for link in _elements(_tree(archive.read(name)), "a"):
                _note(found, name, link.get("href", ""), "".join(link.itertext()))
    return found


def _note(found: dict[str, str], base: str, reference: str, label: str) -> None:
    target = member_at(base, unquote(reference.partition("#")[0]))
    if label.strip():
        found.setdefault(target, squeeze(clean(label)))


def _is_page(item: _Element) -> bool:
    return item.get("media-type", "") in _PAGES and "nav" not in item.get("properties", "").split()


def _is_contents(page: HtmlElement, lines: Sequence[str]) -> bool:
    """Tell a table of contents: most of what it says are links."""
    letters = sum(map(len, lines))
    linked = sum(len(squeeze(link.text_content())) for link in page.iter("a"))
    return letters == 0 or linked > _MOSTLY_LINKS * letters


def _is_locked(encryption: bytes) -> bool:
    """Tell a book whose text is encrypted from one that only hides its fonts."""
    methods = [one.get("Algorithm", "") for one in _elements(_tree(encryption), "EncryptionMethod")]
    return any(method not in _FONTS_ONLY for method in methods)


def _first(package: _Element, name: str) -> str:
    return next((text for one in _elements(package, name) if (text := squeeze(clean(one.text or "")))), "")


def _elements(tree: _Element, name: str) -> list[_Element]:
    """List the elements of a name in any namespace: old books use several."""
    from lxml import etree

    return [one for one in tree.iter(etree.Element) if one.tag.rpartition("}")[2] == name]


def _tree(content: bytes) -> _Element:
    """Parse XML without its entities and without looking anything up."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        tree = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise ExtractError(f"damaged: {error.msg}") from error
    if tree is None:
        raise ExtractError("damaged: one of its lists is empty")
    return tree
