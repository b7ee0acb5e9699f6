"""Word documents (.docx) as articles."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

from index.bylines import person
from index.characters import ExtractError, clean, squeeze
from index.extract import article_from_text
from index.formats.zipped import LARGEST_MEMBER, LARGEST_OF_ALL, Zipped
from index.types import Article

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document
    from lxml.etree import _Element

_MISSING = (
    'reading .docx needs the package python-docx; install it with: python -m pip install "dateline[docx]"'
)
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"  # the container of .doc, and of a .docx with a password
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NOT_READ = {  # taken back, moved away, or the same once more for older programs
    f"{_W}del",
    f"{_W}moveFrom",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}
_PARAGRAPH, _ROW, _CELL, _BOX = f"{_W}p", f"{_W}tr", f"{_W}tc", f"{_W}txbxContent"
_BREAKS = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_TITLE_STYLES = {"Title", "Heading 1"}  # python-docx names the built-in styles in English in any language
_NO_AUTHORS = {
    "python-docx",
    "microsoft office user",
    "microsoft office-anwender",
    "windows user",
    "owner",
    "pc",
}
_NO_TITLES = {"word document", "document", "untitled", "microsoft word"}
_MOST_PARAGRAPHS = 20_000


def article_from_docx(content: bytes, *, source: str = "") -> Article:
    """Make an article of a Word document: its paragraphs, each row of a table as a line.

    Its properties give title and author where the text gives none; the day it was made is not one of
    publication. Deleted and hidden text is left out. Raises ExtractError where nothing can be read of it.
    """
    document = _opened(content)
    if document.element.body is None:
        raise ExtractError("no text in it")
    lines = list(_lines(document))
    title = next((line for line, style in lines[:3] if style in _TITLE_STYLES), "")
    text = "\n\n".join(line for line, _ in lines)
    if not text.strip():
        raise ExtractError("no text in it")
    article = article_from_text(text, title=title, source=source)
    return replace(
        article,
        title=article.title or _stated(document.core_properties.title, _NO_TITLES),
        byline=article.byline or person(_stated(document.core_properties.author, _NO_AUTHORS)),
    )


def _opened(content: bytes) -> Document:
    try:
        import docx
    except ImportError as error:
        raise ExtractError(_MISSING) from error
    if content.startswith(_OLD_OR_LOCKED):
        raise ExtractError("an old Word document, or one with a password; save it as .docx without one")
    archive = Zipped(content)
    for name in archive.names:  # before python-docx unpacks them all without a bound
        archive.read(name, LARGEST_MEMBER if name.endswith((".xml", ".rels")) else LARGEST_OF_ALL)
    try:
        return docx.Document(io.BytesIO(content))
    except Exception as error:  # of many kinds: it trusts the parts to fit together
        raise ExtractError(f"not a Word document that can be read: {type(error).__name__}") from error


def _lines(document: Document) -> Iterator[tuple[str, str]]:
    """List the lines of a document in their order, each with the name of its style."""
    names = {style.style_id: style.name or "" for style in document.styles}
    for place, block in enumerate(_blocks(document.element.body)):
        if place > _MOST_PARAGRAPHS:
            raise ExtractError(f"more than {_MOST_PARAGRAPHS:,} paragraphs in it")
        if block.tag == _ROW:
            cells = (squeeze(_text(cell)) for cell in block.iterchildren(_CELL))
            lines, style = [" ".join(filter(None, cells))], ""
        else:
            lines, style = _text(block).split("\n"), names.get(_style(block), "")
        yield from ((squeeze(line), style) for line in lines if squeeze(line))


def _blocks(element: _Element) -> Iterator[_Element]:
    """List paragraphs and rows of tables in their order; cells that hold whole texts as their paragraphs."""
    for child in element.iterchildren():
        if child.tag in _NOT_READ:
            continue
        if child.tag == _PARAGRAPH:
            yield child
            for box in _boxes(child):
                yield from _blocks(box)
        elif child.tag == _ROW and _is_of_data(child):
            yield child
        else:
            yield from _blocks(child)


def _boxes(element: _Element) -> Iterator[_Element]:
    """List the text boxes that hang on a paragraph."""
    for child in element.iterchildren():
        if child.tag == _BOX:
            yield child
        elif child.tag not in _NOT_READ:
            yield from _boxes(child)


def _is_of_data(row: _Element) -> bool:
    """Tell a row of data from one that only lays out a page: several cells, none of several paragraphs."""
    cells = list(row.iterchildren(_CELL))
    spoken = [sum(bool(_text(part).strip()) for part in cell.iter(_PARAGRAPH)) for cell in cells]
    return len(cells) > 1 and max(spoken) <= 1


def _text(element: _Element) -> str:
    """Read the words of an element as they stand on paper; a paragraph within it ends a line."""
    parts: list[str] = []
    for child in element.iterchildren():
        if child.tag == f"{_W}t":
            parts.append(child.text or "")
        elif child.tag in _BREAKS:
            parts.append(_BREAKS[child.tag])
        elif child.tag not in _NOT_READ and child.tag != _BOX and not _is_hidden(child):
            parts.append(_text(child))
    return "".join(parts) + ("\n" if element.tag == _PARAGRAPH else "")


def _is_hidden(run: _Element) -> bool:
    vanish = run.find(f"{_W}rPr/{_W}vanish")
    return vanish is not None and vanish.get(f"{_W}val", "true") not in {"0", "false", "off"}


def _style(paragraph: _Element) -> str:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return style.get(f"{_W}val", "") if style is not None else ""


def _stated(value: str, nothing: set[str]) -> str:
    """Clean a property, "" for what programs write there by themselves."""
    text = squeeze(clean(value))
    return "" if text.casefold() in nothing else text
