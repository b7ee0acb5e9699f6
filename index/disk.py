"""What the disk can promise: writes that survive a power cut, and a clear word when there is no room."""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}

# SQLite, Chroma and tantivy say it in words. SQLite's "disk I/O error" is how it reports a file-size limit.
_FULL_IN_WORDS = re.compile(r"disk is full|disk I/O error|No space left|File too large|quota exceeded", re.I)

_LITTLE = 64_000_000  # bytes free; with more than that, a failed write has another cause


class NoSpaceError(RuntimeError):
    """There is no room left where Dateline has to write; everything already saved is intact."""


def no_space(path: Path, reason: object) -> NoSpaceError:
    """Say which path could not be written, and how much room its disk has."""
    folder = next(parent for parent in (path, *path.parents) if parent.is_dir())
    free = shutil.disk_usage(folder).free
    hint = "" if free < _LITTLE else ", so look for a quota, a limit on the size of files, or a failing disk"
    return NoSpaceError(
        f"no room to write {path} ({reason}): {free / 1e6:,.1f} MB are free there{hint}; "
        "what was saved before is intact"
    )


def is_full(error: BaseException) -> bool:
    """Tell whether an error, whoever raised it, or what led to it means that the disk or a quota is full."""
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno in _FULL
    # Chroma's clean-up after a failed opening fails in turn, and only the context says what happened.
    before = error.__cause__ or error.__context__
    return bool(_FULL_IN_WORDS.search(str(error))) or (before is not None and is_full(before))


def require_space(folder: Path, need_bytes: int) -> None:
    """Raise NoSpaceError unless the disk of an existing folder has `need_bytes` free."""
    free = shutil.disk_usage(folder).free
    if free < need_bytes:
        raise NoSpaceError(
            f"no room to write {folder}: {free / 1e6:,.1f} MB are free there, and about "
            f"{need_bytes / 1e6:,.0f} MB are needed; what was saved before is intact"
        )


@contextmanager
def translating(path: Path) -> Iterator[None]:
    """Turn the operating system's "no space left" into NoSpaceError about `path`."""
    try:
        yield
    except OSError as error:
        if is_full(error):
            raise no_space(path, error) from error
        raise


def write_durably(path: Path, content: bytes) -> None:
    """Replace a file so that after a crash it is either the old one or the new one, whole."""
    draft = path.with_name(path.name + ".new")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)  # noqa: PTH105 - one name for the step that the tests kill at
    sync_folder(path.parent)


def sync_file(path: Path) -> None:
    """Wait until a file's content is on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Wait until the names in a folder are on the disk (Windows cannot, and needs not)."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
