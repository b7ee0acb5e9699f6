"""A derived store as a reader sees it: its newest whole generation, opened, or what is wrong with it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from index.copies import Copy
from index.disk import NoSpaceError
from index.generations import DamagedError, current, stamp, verify

Reader = TypeVar("Reader")

_RETRY_SECONDS = 10.0  # before a generation that could not be opened is tried again


class Derived(Generic[Reader]):
    """One derived store. Changes over by itself when the writer has made another generation current."""

    def __init__(self, store: Path, tag: str, open_reader: Callable[[Copy], Reader]) -> None:
        """Name the store's folder, the making its generations must be of, and what opens one."""
        self.store = store
        self._tag = tag
        self._open = open_reader
        self._lock = threading.Lock()
        self._reader: Reader | None = None
        self._stamp: str | None = None
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

    def reader(self) -> Reader:
        """Give the newest generation, opened; DamagedError or NoSpaceError if it cannot be.

        While one thread opens a new generation, the others go on with the one before.
        """
        name, held = stamp(self.store), self._reader
        if held is not None and name == self._stamp:
            return held
        if not self._lock.acquire(blocking=held is None):
            assert held is not None
            return held
        try:
            return self._changed_over(name)
        finally:
            self._lock.release()

    def drop(self) -> None:
        """Let go of the open generation; the next question opens the current one anew."""
        self._reader = self._stamp = None

    def _changed_over(self, name: str | None) -> Reader:
        if self._reader is not None and name == self._stamp:
            return self._reader
        if self._failure and self._failure[0] == name and time.monotonic() < self._failure[1]:
            raise self._failure[2]
        try:
            self._reader = self._open(Copy(self.store, self._tag))
        except (DamagedError, NoSpaceError) as error:
            self._failure = (name, time.monotonic() + _RETRY_SECONDS, error)
            raise
        self._stamp, self._failure = name, None
        return self._reader
