"""Where articles come from: folders and files, read with care, document by document."""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import BinaryIO

from index.types import Article, Failure

LARGEST_FILE = 5_000_000  # bytes
LARGEST_ROW = 2_000_000  # bytes of one line of a .jsonl file, which may itself be of any size
ROW = "/#"  # between a file and what names one of its rows: no path goes on behind a file
NO_SUCH_PATH = "no such file or folder"
NO_TEXT = "holds characters that are no text (lone surrogates)"
RULES = 3  # of extraction; a higher number makes every document count as changed

_KINDS = frozenset({".txt", ".md", ".html", ".htm", ".jsonl"})
_REASONS = {
    errno.EACCES: "no permission to read it",
    errno.EPERM: "no permission to read it",
    errno.ENXIO: "not a regular file",
    errno.ENODEV: "not a regular file",
    errno.ELOOP: "a link, where a file or a folder was",
    errno.ENOENT: "gone before it could be read",
}
_logger = logging.getLogger(__name__)


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


def documents(path: str | Path) -> Iterator[Document | Failure]:
    """Read a file, or the files of a folder and its folders in the order of their names.

    Hidden files and folders and README files are passed over, and so are links to what is read under its
    own name.
    What cannot be read is a Failure in its place. Raises SourceError where there is no such path.
    """
    root = Path(path).resolve()
    if not root.exists():
        raise SourceError(f"{NO_SUCH_PATH}: {key_of(path)}")
    for found in _files(root) if root.is_dir() else (root,):
        yield from (found,) if isinstance(found, Failure) else _read(found, root)


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


def _files(root: Path) -> Iterator[Path | Failure]:
    """Walk a folder in the order of names, however deep; its own links are looked at, never followed."""
    waiting = [root]
    while waiting:
        path = waiting.pop()
        try:
            if path.is_symlink():
                yield from _refused_link(path, root)
            elif path.is_dir():
                inside = sorted(path.iterdir(), key=lambda entry: entry.name, reverse=True)
                _require_no_link(path)
                waiting.extend(entry for entry in inside if not _is_passed_over(entry))
            else:
                yield path
        except OSError as error:
            yield Failure(key_of(path), _reason(error))


def _is_passed_over(path: Path) -> bool:
    return path.name.startswith(".") or (path.stem.lower() == "readme" and not path.is_dir())


def _refused_link(path: Path, root: Path) -> Iterator[Failure]:
    """Refuse a link that is broken or leads out of the folder; what it leads to inside is read anyway."""
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):  # RuntimeError: a loop, before Python 3.13
        yield Failure(key_of(path), "a link that leads nowhere")
        return
    if not target.is_relative_to(root):
        yield Failure(key_of(path), "a link that leads out of the folder")


def _read(path: Path, root: Path) -> Iterator[Document | Failure]:
    key, kind = key_of(path), path.suffix.lower()
    if kind not in _KINDS:
        yield Failure(key, f"not a kind of file that is read: {kind or 'no extension'}")
        return
    try:
        with _opened(path) as file:
            if kind == ".jsonl":
                yield from _rows(file, key, key_of(root))
            else:
                yield _whole(file, key, key_of(root), kind)
    except OSError as error:
        yield Failure(key, _reason(error))


def _opened(path: Path) -> BinaryIO:
    """Open a regular file without following a link or waiting for a pipe. Raises OSError for all else."""
    number = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    try:
        opened = os.fstat(number)
        if not stat.S_ISREG(opened.st_mode):
            raise OSError(errno.ENXIO, "not a regular file")
        _require_no_link(path)
        if not os.path.samestat(opened, path.stat()):  # there was a link, and it is gone again
            raise OSError(errno.ELOOP, "a link")
    except BaseException:
        os.close(number)
        raise
    return os.fdopen(number, "rb")


def _require_no_link(path: Path) -> None:
    """Raise OSError where a part of a resolved path has become a link: O_NOFOLLOW sees the last one only."""
    if os.path.realpath(path) != str(path):
        raise OSError(errno.ELOOP, "a link")


def _whole(file: BinaryIO, key: str, root: str, kind: str) -> Document | Failure:
    content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        return Failure(key, f"larger than {LARGEST_FILE:,} bytes")
    return Document(key, root, kind, content) if content.strip() else Failure(key, "empty")


def _rows(file: BinaryIO, key: str, root: str) -> Iterator[Document | Failure]:
    from index.fields import row_name

    number = 0
    seen: Counter[str] = Counter()
    while line := file.readline(LARGEST_ROW + 1):
        number += 1
        if len(line) > LARGEST_ROW:
            yield Document(f"{key}{ROW}{number}", root, ".jsonl", line, number)
            _skip_line(file, line)
        elif line.strip():
            told = row_name(line.strip())
            name = hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:10] if told else str(number)
            seen[name] += 1
            twin = f"-{seen[name]}" if seen[name] > 1 else ""
            yield Document(f"{key}{ROW}{name}{twin}", root, ".jsonl", line.strip(), number)
    if number == 0:
        yield Failure(key, "empty")


def _skip_line(file: BinaryIO, start: bytes) -> None:
    while start and not start.endswith(b"\n"):
        start = file.readline(LARGEST_ROW)


def listed(paths: str | Path | Iterable[str | Path]) -> list[str | Path]:
    """List the paths, also one that is given bare; SourceError for an empty one, an easy mistake."""
    found = [paths] if isinstance(paths, (str, Path)) else list(paths)
    if "" in found:
        raise SourceError("a path is empty; write . for the working folder")
    return found


def key_of(path: str | Path) -> str:
    """Write a path as text that any database takes, even where its name is no UTF-8."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _reason(error: OSError) -> str:
    return _REASONS.get(error.errno or 0, error.strerror or str(error)).lower()
