"""Files and folders, read with care, document by document."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from index.confined import Parsers
from index.sources.containers import ARCHIVES, TABLES, kind_of, records, rows
from index.sources.document import (
    COLLECTION,
    NO_SUCH_PATH,
    ROW,
    Document,
    Found,
    PassedOver,
    SourceError,
    key_of,
)
from index.sources.patterns import fits
from index.sources.source import Source
from index.types import Failure

LARGEST_FILE = 5_000_000  # bytes
_LARGEST = {".pdf": 50_000_000, ".epub": 50_000_000, ".docx": 20_000_000, ".eml": 20_000_000}  # pictures too
_KINDS = frozenset({".txt", ".md", ".html", ".htm", *_LARGEST})

_REASONS = {
    errno.EACCES: "no permission to read it",
    errno.EPERM: "no permission to read it",
    errno.ENXIO: "not a regular file",
    errno.ENODEV: "not a regular file",
    errno.ELOOP: "a link, where a file or a folder was",
    errno.ENOENT: "gone before it could be read",
}


def documents(source: Source, parsers: Parsers) -> Iterator[Found]:
    """Read a file, or the files of a folder and its folders in the order of their names.

    Hidden files and folders and README files are passed over, and so are links to what is read under its
    own name, and what the source does not take. A place with `*` in it is the folder before the first one.
    What cannot be read is a Failure in its place. Raises SourceError where there is no such path.
    """
    base, pattern = parted(source.place)
    root = base.resolve()
    if not root.exists():
        raise SourceError(f"{NO_SUCH_PATH}: {key_of(base)}")
    for found in _files(root) if root.is_dir() else (root,):
        if isinstance(found, Failure):
            if not pattern or is_of(source, found.source):
                yield found
        elif _takes(source, pattern, found, root):
            yield from _read(found, source, parsers)


def expected(source: Source) -> int | None:
    """Count the documents that a source will give; None where only reading it can tell."""
    base, pattern = parted(source.place)
    root, count = base.resolve(), 0
    if not root.is_dir():
        return None
    for found in _files(root):
        if isinstance(found, Failure):
            count += 1
        elif _takes(source, pattern, found, root):
            if kind_of(found.name) in TABLES | ARCHIVES:
                return None
            count += 1
    return count


def is_of(source: Source, key: str) -> bool:
    """Tell whether a document, by its key, is one that a source reads, if it is there."""
    base, pattern = parted(source.place)
    root, file = key_of(base.resolve()), key.split(ROW)[0]
    name = file.removeprefix(f"{root}/") if file != root else file.rsplit("/", 1)[-1]
    # What lies in a hidden folder was named by itself, as files that were added from the page are.
    if file != root and any(part.startswith(".") for part in name.split("/")):
        return False
    return (not pattern or _leads_to(pattern.split("/"), name.split("/"))) and source.takes(name)


def is_read(name: str) -> bool:
    """Tell by its name whether a file is of a kind that is read.

    >>> is_read("Bridge.HTML"), is_read("rows.jsonl.gz"), is_read("bridge.png")
    (True, True, False)
    """
    return kind_of(name) in _KINDS | TABLES | ARCHIVES


def parted(place: str) -> tuple[Path, str]:
    """Part a place with `*` in it into a folder and the pattern of what is read below; no pattern else.

    A file or folder that has a `*` in its very name is meant by it.

    >>> parted("archive/2020/**/*.html")
    (PosixPath('archive/2020'), '**/*.html')
    """
    if "*" not in place or Path(place).exists():
        return Path(place), ""
    parts = Path(place).parts
    first = next(number for number, part in enumerate(parts) if "*" in part)
    return Path(*parts[:first]), "/".join(parts[first:])


def _takes(source: Source, pattern: str, path: Path, root: Path) -> bool:
    name = key_of(path.relative_to(root) if path != root else path.name)
    return (not pattern or _leads_to(pattern.split("/"), name.split("/"))) and source.takes(name)


def _leads_to(pattern: Sequence[str], parts: Sequence[str]) -> bool:
    """Tell whether a pattern stands for a path, as a shell reads it: `**` for any folders, `*` within one."""
    if not pattern:
        return not parts
    if pattern[0] == "**":
        return any(_leads_to(pattern[1:], parts[first:]) for first in range(len(parts) + 1))
    return bool(parts) and fits(pattern[0], parts[0]) and _leads_to(pattern[1:], parts[1:])


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
    named = path.stem.lower() == "readme" or path.name == COLLECTION
    return path.name.startswith(".") or (named and not path.is_dir())


def _refused_link(path: Path, root: Path) -> Iterator[Failure]:
    """Refuse a link that is broken or leads out of the folder; what it leads to inside is read anyway."""
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):  # RuntimeError: a loop, before Python 3.13
        yield Failure(key_of(path), "a link that leads nowhere")
        return
    if not target.is_relative_to(root):
        yield Failure(key_of(path), "a link that leads out of the folder")


def _read(path: Path, source: Source, parsers: Parsers) -> Iterator[Found]:
    key, kind = key_of(path), kind_of(path.name)
    if not is_read(path.name):
        reason = f"not a kind of file that is read: {path.suffix.lower() or 'no extension'}"
        yield Failure(key, reason) if key == source.root else PassedOver(key)
        return
    try:
        with _opened(path) as file:
            if kind in TABLES:
                yield from rows(file, key, kind, source, parsers)
            elif kind in ARCHIVES:
                yield from records(file, key, source, parsers)
            else:
                yield _whole(file, key, kind, source)
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


def _whole(file: BinaryIO, key: str, kind: str, source: Source) -> Document | Failure:
    most = _LARGEST.get(kind, LARGEST_FILE)
    content = file.read(most + 1)
    if len(content) > most:
        return Failure(key, f"larger than {most:,} bytes")
    if not content.strip():
        return Failure(key, "empty")
    return Document(key, source.root, kind, content, outlet=source.outlet)


def _reason(error: OSError) -> str:
    return _REASONS.get(error.errno or 0, error.strerror or str(error)).lower()
