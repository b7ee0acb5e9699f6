"""Having a damaged store rebuilt by another process, so that the one that serves is not held up."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from pathlib import Path

from index.catalog import CATALOG, Catalog
from index.stores import Stores
from index.writing import is_written, writing

_AGAIN_SECONDS = 60.0  # between two attempts

_logger = logging.getLogger(__name__)


def rebuild(home: Path) -> None:
    """Replace what is missing, damaged or behind, from the catalog alone; BusyError if someone is writing."""
    catalog = Catalog(home / CATALOG)
    try:
        with writing(home):
            Stores(home, catalog).mend()
    finally:
        catalog.close()


class RepairProcess:
    """The child process that rebuilds, at most one at a time. Building holds Python's lock for seconds."""

    def __init__(self, home: Path) -> None:
        """Take the folder of the index; nothing is started yet."""
        self._home = home
        self._lock = threading.Lock()
        self._child: subprocess.Popen[str] | None = None
        self._next = 0.0

    def start(self) -> None:
        """Start rebuilding, unless that is going on, was tried a moment ago, or is left to a writer.

        Every writer brings the stores up to the catalog before the end.
        """
        with self._lock:
            if self._child is not None and self._child.poll() is None:
                return
            self._finish()
            if time.monotonic() < self._next or is_written(self._home):
                return
            self._next = time.monotonic() + _AGAIN_SECONDS
            _logger.warning(
                "%s is being rebuilt from its catalog; until then answers may be slower, or miss what only "
                "words would find",
                self._home,
            )
            self._child = subprocess.Popen(
                [sys.executable, "-m", "index.rebuilding", str(self._home.resolve())],
                cwd=Path(__file__).resolve().parent.parent,  # so that the child finds this very package
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            )

    def wait(self, timeout_seconds: float) -> None:
        """Wait for a rebuild that is going on."""
        with self._lock:
            if self._child is not None:
                self._child.wait(timeout_seconds)
                self._finish()

    def close(self) -> None:
        """Stop a rebuild that is going on: what it did not finish never becomes current."""
        with self._lock:
            if self._child is not None:
                self._child.terminate()
                self._finish()

    def _finish(self) -> None:
        if self._child is None:
            return
        _, complaint = self._child.communicate()
        if self._child.returncode > 0:
            _logger.warning("%s was not rebuilt: %s", self._home, complaint.strip()[-500:])
        self._child = None


if __name__ == "__main__":
    try:
        rebuild(Path(sys.argv[1]))
    except Exception as error:  # one line for the log of the process that serves
        sys.exit(f"{type(error).__name__}: {error}")
