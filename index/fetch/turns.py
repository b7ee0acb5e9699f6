"""Turns at a host: one request at a time, with a pause before the next."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class _Line:
    """Who waits for one host, and from when on it may be asked again."""

    def __init__(self, pause_seconds: float) -> None:
        self.turn = threading.Lock()
        self.pause_seconds = pause_seconds
        self.left_at = -math.inf  # by time.monotonic(), as the next
        self.rests_until = -math.inf

    @property
    def wait_seconds(self) -> float:
        """Say how long it is until the host may be asked."""
        free_at = max(self.left_at + self.pause_seconds, self.rests_until)
        return max(0.0, free_at - time.monotonic())


class Turns:
    """The lines before all hosts, which go on side by side."""

    def __init__(self, pause_seconds: float, stopped: threading.Event) -> None:
        """Wait this long between two requests to a host; nobody waits any more once it is stopped."""
        self._pause_seconds, self._stopped = pause_seconds, stopped
        self._lines: dict[str, _Line] = {}
        self._adding = threading.Lock()

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """Wait for the host to be free, and keep it until the pause after this turn is over."""
        line = self._line(host)
        with line.turn:
            self._stopped.wait(line.wait_seconds)
            try:
                yield
            finally:
                line.left_at = time.monotonic()

    def slow_down(self, host: str, pause_seconds: float) -> None:
        """Make the pause at a host at least this long."""
        line = self._line(host)
        line.pause_seconds = max(line.pause_seconds, pause_seconds)

    def rest(self, host: str, seconds: float) -> None:
        """Leave a host alone for some time from now on."""
        line = self._line(host)
        line.rests_until = max(line.rests_until, time.monotonic() + seconds)

    def _line(self, host: str) -> _Line:
        with self._adding:
            return self._lines.setdefault(host, _Line(self._pause_seconds))
