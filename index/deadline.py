"""How long an exchange with an endpoint may take altogether, and how it is stopped from another thread."""

from __future__ import annotations

import concurrent.futures
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

Given = TypeVar("Given")


class Deadline:
    """The clock of one exchange, and the connections that end with it."""

    def __init__(self, timeout_seconds: float) -> None:
        """Start the clock."""
        self.received = 0  # bytes, where they can be counted
        self.began = time.monotonic()
        self._ends = self.began + timeout_seconds
        self._stopped = threading.Event()
        self._sockets: list[socket.socket] = []
        self._holding = threading.RLock()  # who reads may be collected while it is held

    @property
    def remaining_seconds(self) -> float:
        """Give what is left of its time; negative when it is over."""
        return self._ends - time.monotonic()

    @property
    def over(self) -> bool:
        """Say whether it was stopped, or its time is over."""
        return self._stopped.is_set() or self.remaining_seconds <= 0

    def pause(self, seconds: float) -> bool:
        """Wait, unless that takes longer than is left; say whether there is a point in going on."""
        return seconds < self.remaining_seconds and not self._stopped.wait(seconds)

    def check(self) -> None:
        """Raise TimeoutError when it is over."""
        if self.over:
            raise TimeoutError

    def hold(self, connection: socket.socket) -> None:
        """Take a duplicate of a connection, to be shut down when the exchange is stopped."""
        with self._holding:
            self._sockets.append(connection)
            if self.over:
                _shut(connection)

    def stop(self) -> None:
        """End the exchange: a thread that waits for its connection wakes at once."""
        with self._holding:
            self._stopped.set()
            for connection in self._sockets:
                _shut(connection)

    def release(self) -> None:
        """Close what was held; the thread that asks does so when it has ended."""
        with self._holding:
            while self._sockets:
                self._sockets.pop().close()

    def within(self, work: Callable[[], Given]) -> Given:
        """Give what work in a thread of its own gives or raises; TimeoutError when the time is over first.

        Looking up a name cannot be stopped, nor a header that comes letter by letter timed, but both can be
        left: the thread ends as soon as it is woken.
        """
        done: concurrent.futures.Future[Given] = concurrent.futures.Future()

        def run() -> None:
            try:
                done.set_result(work())
            except BaseException as error:  # this thread's own edge: who waits hears of everything
                done.set_exception(error)
            finally:
                self.release()

        threading.Thread(target=run, name="endpoint", daemon=True).start()
        try:
            return done.result(max(0.0, self.remaining_seconds))
        except concurrent.futures.TimeoutError:  # another class than TimeoutError before Python 3.11
            raise TimeoutError from None
        finally:
            self.stop()


def _shut(connection: socket.socket) -> None:
    with suppress(OSError):  # closed already by the other side
        connection.shutdown(socket.SHUT_RDWR)
