"""Documents to articles, each by the rules of its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import astuple

from index.characters import ExtractError
from index.sources.document import LARGEST_ROW, Document
from index.types import Article

NO_TEXT = "holds characters that are no text (lone surrogates)"


def article(document: Document) -> Article:
    """Make the article of a document. Raises ExtractError, a ValueError, where there is none in it."""
    from index import extract

    if document.line and len(document.content) > LARGEST_ROW:
        raise ExtractError(f"larger than {LARGEST_ROW:,} bytes")
    make: dict[str, Callable[..., Article]] = {
        ".jsonl": extract.article_from_row,
        ".html": extract.article_from_html,
        ".htm": extract.article_from_html,
        ".md": extract.article_from_markdown,
        ".txt": extract.article_from_text,
    }
    made = make[document.kind](document.content, source=document.source)
    if not is_text(made):
        raise ExtractError(NO_TEXT)
    return made


def articles(document: Document) -> Iterator[tuple[str, Article]]:
    """Yield the articles of a document, each under what tells it from the others; one alone is "".

    Raises ExtractError where there is none in it.
    """
    yield "", article(document)


def is_text(made: Article) -> bool:
    """Tell whether UTF-8, and so every store, can hold an article."""
    try:
        "".join(map(str, astuple(made))).encode()
    except UnicodeEncodeError:
        return False
    return True
