"""What a reader of LlamaIndex yields, as documents: its text, and what its metadata say of it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

from index.characters import ExtractError
from index.sources.document import Document, key_of
from index.sources.source import Source
from index.tables.cells import article_fields
from index.tables.columndates import DateColumn
from index.tables.columns import candidates
from index.types import Failure

ROOT = "added:"
_OF_A_FILE = re.compile(  # what a reader of files says of the file, and not of the news in it
    r"file_?(?:name|type|size|path|extension)|(?:creation|last_?modified|last_?accessed)_?(?:date|time)|page_?label",
    re.IGNORECASE,
)
_AS_WRITTEN = {".md": ".md", ".markdown": ".md", ".html": ".html", ".htm": ".html", ".xhtml": ".html"}
_SOURCE = Source(ROOT, "files")  # what is handed over comes from no place that is looked at again


class Handed(Protocol):
    """A document of LlamaIndex, or anything like it."""

    @property
    def text(self) -> str:
        """Its words."""

    @property
    def metadata(self) -> Mapping[str, Any]:
        """What its reader says of it, by names that a table's columns could have."""


def handed_documents(handed: Iterable[Handed]) -> Iterator[tuple[Source, Document | Failure]]:
    """Make documents of what a reader yields; a Failure where there is no text, or none that can be read.

    Raises TypeError for what has no text or no metadata.
    """
    seen: Counter[str] = Counter()
    for number, one in enumerate(handed, 1):
        text, metadata = getattr(one, "text", None), getattr(one, "metadata", None)
        if not isinstance(text, str) or not isinstance(metadata, Mapping):
            raise TypeError(f"document {number} has no text or no metadata, as LlamaIndex's documents have")
        path = _path(metadata)
        seen[path] += 1
        # Readers that cut a file, by pages or headings, name the same one for every part.
        key = f"{path}#{seen[path]}" if path and seen[path] > 1 else path
        try:
            yield _SOURCE, Document(key, ROOT, _kind(metadata), _row(text, metadata, number))
        except (ExtractError, ValueError) as error:
            yield _SOURCE, Failure(key or f"document {number}", str(error))


def _path(metadata: Mapping[str, Any]) -> str:
    """Give the file that a reader of files names, which tells an article from others as its address does."""
    path = metadata.get("file_path", "")
    return key_of(path) if isinstance(path, (str, Path)) else ""


def _kind(metadata: Mapping[str, Any]) -> str:
    """Give the kind of a row, with that of its text where the file it comes from is written in a markup."""
    names = (metadata.get(name) for name in ("file_path", "file_name"))
    suffixes = (Path(name).suffix.lower() for name in names if isinstance(name, (str, Path)))
    return ".jsonl" + next((_AS_WRITTEN[one] for one in suffixes if one in _AS_WRITTEN), "")


def _row(text: str, metadata: Mapping[str, Any], number: int) -> bytes:
    of_a_file = {name for name in metadata if "file_path" in metadata and _OF_A_FILE.fullmatch(str(name))}
    cells = {str(name): value for name, value in metadata.items() if name not in of_a_file} | {"text": text}
    columns = candidates(tuple(cells), {"text": "text"})
    dates = {
        noun: DateColumn(noun, "the metadata", [cells[name] for name in columns[noun][:1]])
        for noun in ("published", "modified")
    }
    said = article_fields(cells, columns, number, dates)
    return json.dumps(said, ensure_ascii=False, sort_keys=True).encode()
