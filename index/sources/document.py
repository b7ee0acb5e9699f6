"""A document as it was found, and what names it: the raw material of articles."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

LARGEST_ROW = 2_000_000  # bytes of one line of a .jsonl file, which may itself be of any size
ROW = "/#"  # between a file and what names one of its rows: no path goes on behind a file
NO_SUCH_PATH = "no such file or folder"
RULES = 3  # of extraction; a higher number makes every document count as changed


class SourceError(ValueError):
    """A place that articles were to come from cannot be looked into; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it was found, before an article is made of it.

    `key` is its absolute path. A row of a .jsonl file has `path/#name`, where the name is a hash of what
    tells it from other rows, so that rows may come before it; one that tells nothing has its line. `root` is
    the resolved path it was found under, `kind` its extension in small letters, `line` that of a row, else 0.
    """

    key: str
    root: str
    kind: str
    content: bytes
    line: int = 0

    @property
    def source(self) -> str:
        """What its article calls it: its path, `path#name` for a row."""
        return "#".join(self.key.rsplit(ROW, 1)) if self.line else self.key

    @property
    def torn_file(self) -> str:
        """The file of a row that cannot be told from others: it may be any that seems to be gone. Else ""."""
        end = f"{ROW}{self.line}"
        return self.key.removesuffix(end) if self.line and self.key.endswith(end) else ""

    @property
    def fingerprint(self) -> str:
        """SHA-256, in hexadecimal, of all that decides which article is made of it."""
        return hashlib.sha256(f"{RULES}\0{self.kind}\0".encode() + self.content).hexdigest()


def listed(paths: str | Path | Iterable[str | Path]) -> list[str | Path]:
    """List the paths, also one that is given bare; SourceError for an empty one, an easy mistake."""
    found = [paths] if isinstance(paths, (str, Path)) else list(paths)
    if "" in found:
        raise SourceError("a path is empty; write . for the working folder")
    return found


def key_of(path: str | Path) -> str:
    """Write a path as text that any database takes, even where its name is no UTF-8."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
