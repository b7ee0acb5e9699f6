"""A reader's own copy of a sealed generation, so that readers and the writer never touch the same files.

Chroma changes its SQLite file whenever it opens it, and a memory-mapped file that is cut short under a
reader kills the reader's process. A copy is checked on the way, lives in the temporary folder, and goes
with the object, the process, or, if that was killed, with the next copy that any process takes.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from index.generations import DamagedError, Generation, copy, current, engines_own

_PREFIX = "dateline-copy-"
_YOUNG_SECONDS = 60.0  # a copy this new may be about to be locked

_logger = logging.getLogger(__name__)


class Copy:
    """A verified copy of a store's current generation, in `folder`."""

    def __init__(self, store: Path, tag: str) -> None:
        """Copy and verify; DamagedError if there is no whole generation of this making, NoSpaceError."""
        sweep()
        home = Path(tempfile.mkdtemp(prefix=_PREFIX))
        lock = FileLock(home / "held", timeout=0)
        lock.acquire()
        self.close = weakref.finalize(self, _discard, home, lock, os.getpid())
        try:
            self.generation = _copied(store, tag, home)
            self.folder = home / self.generation.folder.name
        except BaseException:
            self.close()
            raise

    @contextmanager
    def read_by(self, engine: str) -> Iterator[None]:
        """Turn an engine's error, a Rust panic too, into DamagedError."""
        try:
            yield
        except BaseException as error:
            if not engines_own(error):
                raise
            reason = f"{type(error).__name__}: {error}"
            raise DamagedError(f"{self.generation.folder} cannot be read by {engine} ({reason})") from error


def _copied(store: Path, tag: str, home: Path) -> Generation:
    while True:
        generation = current(store)
        if generation is None:
            raise DamagedError(f"{store} holds no sealed generation")
        if generation.tag != tag:
            raise DamagedError(f"{generation.folder} was made by {generation.tag}, and this is {tag}")
        try:
            copy(generation, home / generation.folder.name)
        except DamagedError:
            if current(store) == generation:
                raise
            continue  # the writer switched, and deleted what was being copied
        return generation


def sweep() -> None:
    """Delete the copies of processes that are gone."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            if time.time() - folder.stat().st_mtime < _YOUNG_SECONDS:
                continue
            lock = FileLock(folder / "held", timeout=0)
            with lock:
                shutil.rmtree(folder)
        except (Timeout, FileNotFoundError):
            continue  # in use, or another process was faster
        except OSError as error:
            _logger.debug("%s was left: %s", folder, error)


def _discard(folder: Path, lock: FileLock, owner: int) -> None:
    if os.getpid() != owner:
        return  # a forked child must not delete what its parent reads
    shutil.rmtree(folder, ignore_errors=True)
    lock.release()
