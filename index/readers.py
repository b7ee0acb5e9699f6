"""A derived store as its readers see it: each works on a checked copy of the newest sealed generation.

Chroma changes its SQLite file whenever it opens it, and a memory-mapped file that is cut short under a
reader kills the reader's process. A copy is checked on the way, lives in the temporary folder, and goes
with the object, the process, or, if that was killed, with the next copy that any process takes.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Generic, TypeVar

from filelock import FileLock, Timeout

from index.disk import NoSpaceError
from index.engines import engine_errors
from index.generations import DamagedError, Generation, NotBuiltError, copy, current, stamp, verify

Reader = TypeVar("Reader")

_PREFIX = "dateline-copy-"
_YOUNG_SECONDS = 60.0  # a copy this new may be about to be locked
_RETRY_SECONDS = 10.0  # before a generation that could not be opened is tried again

_logger = logging.getLogger(__name__)


class ReaderFolder:
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

    def last_row(self) -> int:
        """Give the highest passage row it holds, 0 for none; higher ones are newer, as none is used twice."""
        rows = replace(self.generation, folder=self.folder).rows()
        return int(rows[-1]) if len(rows) else 0

    @contextmanager
    def read_by(self, engine: str) -> Iterator[None]:
        """Turn an engine's error, a Rust panic too, into DamagedError."""
        with engine_errors(
            lambda reason: DamagedError(f"{self.generation.folder} cannot be read by {engine} ({reason})")
        ):
            yield


def _copied(store: Path, tag: str, home: Path) -> Generation:
    while True:
        generation = current(store)
        if generation is None:
            raise NotBuiltError(f"{store} holds no sealed generation")
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


class Store(Generic[Reader]):
    """One derived store. Changes over by itself when the writer has made another generation current."""

    def __init__(self, store: Path, tag: str, open_reader: Callable[[ReaderFolder], Reader]) -> None:
        """Name the store's folder, the making its generations must be of, and what opens one."""
        self.store = store
        self._tag = tag
        self._open = open_reader
        self._lock = threading.Lock()
        self._opened: tuple[str | None, Reader] | None = None
        self._failure: tuple[str | None, float, DamagedError | NoSpaceError] | None = None

    def problem(self, revision: int) -> str:
        """Check every file, and say what is wrong; nothing, where all of a revision is there and whole."""
        try:
            generation = current(self.store)
            if generation is None:
                return f"{self.store} holds no sealed generation" if revision else ""
            verify(generation)
        except DamagedError as error:
            return str(error)
        if generation.tag != self._tag:
            return f"{generation.folder} was made by {generation.tag}, and this is {self._tag}"
        if generation.revision != revision:
            return f"{generation.folder} holds revision {generation.revision}, and the catalog {revision}"
        return ""

    def stamp(self) -> str:
        """Give what changes when another generation becomes current; nothing, where there is none."""
        try:
            return stamp(self.store) or ""
        except DamagedError:
            return ""

    def reader(self) -> Reader:
        """Give the newest generation, opened; DamagedError or NoSpaceError if it cannot be.

        While one thread opens a new generation, the others go on with the one before.
        """
        name, held = stamp(self.store), self._opened
        if held is not None and held[0] == name:
            return held[1]
        if not self._lock.acquire(blocking=held is None):
            assert held is not None
            return held[1]
        try:
            return self._changed_over(name)
        finally:
            self._lock.release()

    def drop(self) -> None:
        """Let go of the open generation; the next question opens the current one anew."""
        with self._lock:
            self._opened = None

    def _changed_over(self, name: str | None) -> Reader:
        if self._opened is not None and self._opened[0] == name:
            return self._opened[1]
        if self._failure and self._failure[0] == name and time.monotonic() < self._failure[1]:
            raise self._failure[2]
        try:
            reader = self._open(ReaderFolder(self.store, self._tag))
        except (DamagedError, NoSpaceError) as error:
            self._failure = (name, time.monotonic() + _RETRY_SECONDS, error)
            raise
        self._opened, self._failure = (name, reader), None
        return reader
