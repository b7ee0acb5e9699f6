"""A document as it was found, and what names it: the raw material of articles."""

from __future__ import annotations

import hashlib
import os
from dataclasses import astuple, dataclass, replace
from pathlib import Path

from index.listings.listing import Entry
from index.types import Article, Failure

LARGEST_ROW = 2_000_000  # bytes of one row of a table, which may itself be of any size
ROW = "/#"  # between a document and what names one of its parts: no path goes on behind a file
COLLECTION = "dateline.toml"  # the file that describes one
INSTALL = "install it with: python -m pip install"  # what a reason says where a package is missing
NO_SUCH_PATH = "no such file or folder"
NO_TEXT = "holds characters that are no text (lone surrogates)"
RULES = 5  # of extraction; a higher number makes every document count as changed


class SourceError(ValueError):
    """A place that articles were to come from cannot be looked into; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it was found, before an article is made of it.

    `key` is its absolute path, or its address. A row of a table has `path/#name`, where the name is a hash
    of what tells it from other rows, so that rows may come before it; one that tells nothing has its number.
    `root` is what its source is called, `kind` its extension in small letters, `line` the number of a row,
    else 0. One that was fetched has the `address` it was found at in the end, the `charset` the server named
    and the `entry` of the feed or sitemap that led to it. `outlet` counts where it names none. `memo` is what
    its source wants to know the next time, and decides nothing about the article.
    """

    key: str
    root: str
    kind: str
    content: bytes
    line: int = 0
    address: str = ""
    charset: str = ""
    entry: Entry | None = None
    outlet: str = ""
    memo: str = ""

    @property
    def source(self) -> str:
        """What its article calls it: its path or address, `path#name` for a row."""
        return "#".join(self.key.rsplit(ROW, 1)) if self.line else self.key

    @property
    def fingerprint(self) -> str:
        """SHA-256, in hexadecimal, of all that decides which article is made of it."""
        said = self.entry and replace(self.entry, stamp="", content="")
        beside = (RULES, self.kind, self.address, self.charset, said, self.outlet)
        return hashlib.sha256("\0".join(map(str, beside)).encode() + b"\0" + self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A document that its source says is as it was: it was not read again."""

    key: str
    memo: str = ""


@dataclass(frozen=True, slots=True)
class Repeated:
    """A document that another source of the same sync has given, or is about to give."""

    key: str


@dataclass(frozen=True, slots=True)
class Noted:
    """A document that gives no article, such as a feed, and what its source wants to know the next time."""

    key: str
    root: str
    memo: str


@dataclass(frozen=True, slots=True)
class Partly:
    """What a source says of itself: it shows a part of what it has, as feeds do, so nothing of it is gone.

    With a `reason`, it could not be read as it should.
    """

    key: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """So many more documents are going to be given."""

    documents: int


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A file in a folder that is of no kind that is read: a picture, a style sheet, what a browser saves."""

    key: str


Found = Document | Failure | Unchanged | Repeated | Noted | Partly | Expected | PassedOver


def row_key(key: str, name: str, number: int) -> str:
    """Name a part of a document by a hash of what tells it from the others, else by its number."""
    told = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:10] if name else number
    return f"{key}{ROW}{told}"


def torn_file(key: str) -> str:
    """Give the file of a row that cannot be told from others: it may be any that seems to be gone. Else "".

    >>> torn_file("/news/rows.jsonl/#3"), torn_file("/news/rows.jsonl/#4be9a10c2d")
    ('/news/rows.jsonl', '')
    """
    file, _, number = key.rpartition(ROW)
    return file if number.isdecimal() else ""


def key_of(path: str | Path) -> str:
    """Write a path as text that any database takes, even where its name is no UTF-8."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def is_text(made: Article) -> bool:
    """Tell whether UTF-8, and so every store, can hold an article."""
    try:
        "".join(map(str, astuple(made))).encode()
    except UnicodeEncodeError:
        return False
    return True
