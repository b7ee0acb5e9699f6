"""One writer at a time: the lock on an index, and who holds it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from index.disk import translating

_PID_WAIT_SECONDS = 0.5  # a holder writes its pid right after it has the lock


class BusyError(RuntimeError):
    """Another process, or another thread of this one, is writing to the index."""


@contextmanager
def writing(home: Path) -> Iterator[None]:
    """Hold the index's only writer's place; BusyError, naming the pid, within a second if it is taken.

    The lock is the kernel's (flock), so it ends with the process that holds it, however that ends.
    Raises NoSpaceError where not even the pid can be written.
    """
    lock = FileLock(home / "writer.lock", timeout=0, mode=0o600)
    try:
        with translating(home):
            lock.acquire()
    except Timeout as error:
        raise BusyError(
            f"{home} is being written by process {_holder(home)}; wait until it is done"
        ) from error
    pid = home / "writer.pid"
    try:
        with translating(pid):
            pid.write_text(f"{os.getpid()}\n")
        yield
    finally:
        pid.unlink(missing_ok=True)
        lock.release()


def is_written(home: Path) -> bool:
    """Tell whether someone is writing now, by trying to take the writer's place for a moment."""
    if not (home / "writer.lock").exists():
        return False
    try:
        with FileLock(home / "writer.lock", timeout=0, mode=0o600):
            return False
    except Timeout:
        return True
    except OSError:  # one may not take the place, and who tries to write is told why
        return False


def _holder(home: Path) -> str:
    until = time.monotonic() + _PID_WAIT_SECONDS
    while time.monotonic() < until:
        try:
            if pid := (home / "writer.pid").read_text().strip():
                return pid
        except FileNotFoundError:
            pass  # whoever took the place is about to write it
        time.sleep(0.02)
    return "(unknown)"
