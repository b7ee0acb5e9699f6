"""Documents to articles, each by the rules of its kind, or the reason why there is none in it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import astuple

from index.sources.document import LARGEST_ROW, Document
from index.types import Article, Failure

NO_TEXT = "holds characters that are no text (lone surrogates)"
_logger = logging.getLogger(__name__)


def article(document: Document) -> Article:
    """Make the article of a document. Raises ExtractError, a ValueError, where there is none in it."""
    from index import extract

    make: dict[str, Callable[..., Article]] = {
        ".jsonl": extract.article_from_row,
        ".html": extract.article_from_html,
        ".htm": extract.article_from_html,
        ".md": extract.article_from_markdown,
        ".txt": extract.article_from_text,
    }
    return make[document.kind](document.content, source=document.source)


def attempt(document: Document) -> Article | Failure:
    """Make the article of a document, or say why there is none: no single document ends a run over many."""
    from index.extract import ExtractError

    if document.line and len(document.content) > LARGEST_ROW:
        return Failure(document.key, f"line {document.line}: larger than {LARGEST_ROW:,} bytes")
    try:
        made = article(document)
    except ExtractError as error:
        return Failure(document.key, f"line {document.line}: {error}" if document.line else str(error))
    except Exception as error:
        _logger.exception("%s could not be read", document.key)
        return Failure(document.key, f"could not be read: {type(error).__name__}: {error}")
    return made if is_text(made) else Failure(document.key, NO_TEXT)


def is_text(made: Article) -> bool:
    """Tell whether UTF-8, and so every store, can hold an article."""
    try:
        "".join(map(str, astuple(made))).encode()
    except UnicodeEncodeError:
        return False
    return True
