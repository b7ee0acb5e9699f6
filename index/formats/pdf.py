"""PDF files as articles: a page of a newspaper, or an article that someone printed to a file."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.bylines import person
from index.characters import ExtractError, clean, squeeze
from index.credits import read_credit
from index.dates import Dates
from index.extract import article_from_text
from index.fields import dated
from index.formats.printed import (
    Line,
    Paragraph,
    head_credit,
    is_printed_by_browser,
    paragraphs_of_lines,
    without_margins,
)
from index.language import language_of
from index.outlets import outlet_name
from index.types import Article, own_address

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

_MISSING = 'reading .pdf needs the package pypdf; install it with: python -m pip install "dateline[pdf]"'
_SCANNED = "only pictures of text in it; it needs text recognition first"
_LOCKED = "encrypted: it needs a password"
_MOST_PAGES = 200
_LARGEST_PAGE = 2_000_000  # bytes of one page's drawing, unpacked; pypdf took 4.5 s over them
_MOST_CHARACTERS = 250_000  # more than an article may have
_STANDS_OUT = 1.25  # times the size of most of the text, at the least, makes a headline
_LONGEST_HEADLINE = 250
_LONGEST_LABEL = 60
_SENTENCE_END = re.compile(r"[.!?…:][\"'”’»)\]]*$")
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_FOOT_ADDRESS = re.compile(r"(?P<address>https?://[^\s…]+)(?:\s+\d{1,4}\s?/\s?\d{1,4})?")
_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint) - )?.*\.(?:docx?|indd|qxp|pdf|tex|rtf|txt|html?|odt|pptx?)"
    r"|untitled.*|document\d*|unknown|page? ?\d+|layout \d+|(?:https?|file)://\S+|about:blank",
    re.IGNORECASE,
)
_VOCABULARY = Path(__file__).parent.parent / "models" / "all-MiniLM-L6-v2" / "tokenizer.json"


def article_from_pdf(content: bytes, *, source: str = "") -> Article:
    """Make an article of a PDF file with text in it: lines joined to paragraphs, heads and feet left out.

    A headline is known by its size, or by the file's properties; the author of those counts where the text
    names none. The day a file was made is not one of publication. Raises ExtractError for what is encrypted,
    damaged, too large, or has only pictures of text.
    """
    reader = _opened(content)
    every = _lines(reader)
    lines = without_margins(every)
    whole = " ".join(line.text for line in lines)
    words = _english_words() if language_of(whole) == "en" else frozenset()
    paragraphs = paragraphs_of_lines(lines, words)
    stated = _stated(reader, "/Title")
    stated = "" if _NO_TITLE.fullmatch(stated) else stated
    title, texts = _headline(paragraphs, stated, is_printed_by_browser(every))
    if not texts:
        raise ExtractError(_SCANNED if _has_pictures(reader) else "no text in it")
    article = article_from_text("\n\n".join(texts), title=title, url=_printed_address(every), source=source)
    site = stated.removeprefix(title).lstrip(" |-–—·•:") if is_printed_by_browser(every) and title else ""
    head = head_credit(every)
    return replace(
        dated(article, Dates(article.published, article.modified, article.date_source) | head.dates),
        outlet=article.outlet or head.outlet or (outlet_name(site) if site != stated else ""),
        byline=article.byline or _author(reader),
    )


def _opened(content: bytes) -> PdfReader:
    try:
        from pypdf import PdfReader
        from pypdf.errors import DependencyError, FileNotDecryptedError
    except ImportError as error:
        raise ExtractError(_MISSING) from error
    if b"%PDF-" not in content[:1024]:
        raise ExtractError("not a PDF file")
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ExtractError(_LOCKED)
        pages = reader.get_num_pages()
    except ExtractError:
        raise
    except (FileNotDecryptedError, DependencyError) as error:
        raise ExtractError(_LOCKED) from error
    except Exception as error:  # of many kinds: it trusts the objects of a file to be of their type
        raise ExtractError(f"a damaged PDF file: {type(error).__name__}") from error
    if pages > _MOST_PAGES:
        raise ExtractError(f"{pages:,} pages; at most {_MOST_PAGES} are read")
    return reader


def _lines(reader: PdfReader) -> list[Line]:
    """List the lines of all pages, in the order they were written in."""
    found: list[Line] = []
    size = 0
    for number in range(reader.get_num_pages()):
        try:
            page = reader.pages[number]
            drawing = page.get_contents()
            if drawing is not None and len(drawing.get_data()) > _LARGEST_PAGE:
                raise ExtractError(f"page {number + 1} unpacks to more than {_LARGEST_PAGE:,} bytes")
            found += _lines_of(page, number)
        except ExtractError:
            raise
        except Exception as error:  # of many kinds, as above
            raise ExtractError(f"page {number + 1} is damaged: {type(error).__name__}") from error
        size = sum(len(line.text) for line in found)
        if size > _MOST_CHARACTERS:
            raise ExtractError(f"more than {_MOST_CHARACTERS:,} characters of text")
    return found


def _lines_of(page: PageObject, number: int) -> Iterator[Line]:
    """Read the lines of one page from the pieces of text in which it is drawn."""
    height = float(page.mediabox.height)
    pieces: list[tuple[str, float, float, float]] = []

    def note(text: str, cm: Sequence[float], tm: Sequence[float], _font: Any, size: float) -> None:  # noqa: ANN401
        x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        scale = abs(tm[0] * cm[0] + tm[1] * cm[2]) or abs(tm[1] * cm[0] + tm[0] * cm[1]) or 1.0
        pieces.append((text, x, y, abs(size) * scale))

    page.extract_text(visitor_text=note)
    line, first = "", None
    for text, x, y, size in [*pieces, ("\n", 0.0, 0.0, 0.0)]:
        for place, part in enumerate(text.split("\n")):
            if place and first is not None:
                yield Line(
                    _written(line), first[0], first[1] - float(page.mediabox.bottom), first[2], number, height
                )
                line, first = "", None
            line += part
            if part.strip() and first is None:
                first = (x, y, size)


def _written(line: str) -> str:
    """Clean a line, but for the soft hyphen at its end."""
    end = "\xad" if line.rstrip().endswith("\xad") else ""
    return squeeze(clean(line.translate(_LIGATURES))) + end


def _headline(paragraphs: Sequence[Paragraph], stated: str, by_browser: bool) -> tuple[str, list[str]]:
    """Find the headline, and what is the text.

    What stands above a headline is no part of it: labels, and on a web page everything but outlet and date.
    """
    sizes = Counter[int]()
    for one in paragraphs:
        sizes[round(one.size)] += len(one.text)
    usual = sizes.most_common(1)[0][0] if sizes else 0
    first = [one for one in paragraphs if one.page == paragraphs[0].page]
    large = [
        (one.size, -place)
        for place, one in enumerate(first)
        if one.size >= _STANDS_OUT * usual and _can_be_headline(one.text)
    ]
    texts = [one.text for one in paragraphs]
    known = next((place for place, one in enumerate(first) if _is_of(one.text, stated)), None)
    place = known if known is not None else -max(large)[1] if large else None
    if place is None:
        return "", texts
    credits = [text for text in texts[:place] if read_credit(text)]
    above = (
        [] if by_browser else [text for text in texts[:place] if not _is_label(text) and text not in credits]
    )
    return texts[place], [texts[place], *credits, *above, *texts[place + 1 :]]


def _can_be_headline(text: str) -> bool:
    return " " in text and len(text) <= _LONGEST_HEADLINE and read_credit(text) is None


def _is_of(text: str, stated: str) -> bool:
    """Tell whether a paragraph is the title in a file's properties, or all of it but the outlet's name."""
    whole, part = stated.casefold(), text.casefold()
    return " " in part and whole.startswith(part) and 2 * len(part) > len(whole)


def _is_label(text: str) -> bool:
    return len(text) <= _LONGEST_LABEL and not _SENTENCE_END.search(text)


def _stated(reader: PdfReader, name: str) -> str:
    try:
        value = reader.metadata[name] if reader.metadata and name in reader.metadata else ""
    except Exception:  # of many kinds; a file is readable without its properties
        return ""
    return squeeze(clean(str(value or "")))[:_LONGEST_HEADLINE]


def _author(reader: PdfReader) -> str:
    """Take the author from a file's properties, "" for an account's name or an outlet's."""
    name = person(_stated(reader, "/Author"))
    return name if " " in name and not getattr(read_credit(name), "outlet", "") else ""


def _has_pictures(reader: PdfReader) -> bool:
    try:
        return any("/XObject" in (page.get("/Resources") or {}) for page in reader.pages)
    except Exception:  # of many kinds; then it is damaged rather than scanned
        return False


def _printed_address(lines: Sequence[Line]) -> str:
    """Take the address that a browser printed under every page, "" where it is cut short or not the same."""
    found = [match["address"] for line in lines if (match := _FOOT_ADDRESS.fullmatch(line.text))]
    pages = {line.page for line in lines}
    return own_address(found[0]) if len(set(found)) == 1 and len(found) == len(pages) else ""


def _english_words() -> frozenset[str]:
    """Give the words that the bundled model was taught whole: the commonest 20,000 and some."""
    vocabulary = json.loads(_VOCABULARY.read_text(encoding="utf-8"))["model"]["vocab"]
    return frozenset(word for word in vocabulary if len(word) > 2 and word.isalpha())
