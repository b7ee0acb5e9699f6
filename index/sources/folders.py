"""Files and folders, read with care, document by document."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from index.sources.document import LARGEST_ROW, NO_SUCH_PATH, ROW, Document, SourceError, key_of
from index.types import Failure

LARGEST_FILE = 5_000_000  # bytes

_KINDS = frozenset({".txt", ".md", ".html", ".htm", ".jsonl"})
_REASONS = {
    errno.EACCES: "no permission to read it",
    errno.EPERM: "no permission to read it",
    errno.ENXIO: "not a regular file",
    errno.ENODEV: "not a regular file",
    errno.ELOOP: "a link, where a file or a folder was",
    errno.ENOENT: "gone before it could be read",
}


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


def _reason(error: OSError) -> str:
    return _REASONS.get(error.errno or 0, error.strerror or str(error)).lower()
