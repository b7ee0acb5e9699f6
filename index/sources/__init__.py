"""Where articles come from, and the articles in it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path

from index.sources.document import NO_SUCH_PATH, Document, SourceError, key_of, listed
from index.sources.folders import documents
from index.sources.making import NO_TEXT, article, attempt, is_text
from index.types import Article, Failure

__all__ = [
    "NO_SUCH_PATH",
    "NO_TEXT",
    "Document",
    "SourceError",
    "article",
    "attempt",
    "documents",
    "is_text",
    "key_of",
    "listed",
    "read_articles",
]
_logger = logging.getLogger(__name__)


def read_articles(paths: str | Path | Iterable[str | Path]) -> Iterator[Article]:
    """Yield the articles in files and folders, with a logged warning for each document that gives none.

    Raises SourceError where there is no such path.
    """
    for path in listed(paths):
        for found in documents(path):
            made = found if isinstance(found, Failure) else attempt(found)
            if isinstance(made, Failure):
                _logger.warning("%s: %s", made.source, made.reason)
            else:
                yield made
