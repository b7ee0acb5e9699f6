"""Several streams read at the same time, each in a thread of its own, as one."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

Item = TypeVar("Item")

_AHEAD = 4  # items that wait to be taken
_WAKE_SECONDS = 0.2  # between two looks whether anyone still wants them


def merged(streams: Sequence[Iterable[Item]], most: int) -> Iterator[Item]:
    """Yield what streams give as it comes, each stream in its own order, at most so many at a time.

    What one raises is raised here, and ends the others where they next give something.

    >>> sorted(merged([[1, 2], [3]], 2))
    [1, 2, 3]
    """
    items: queue.Queue[tuple[bool, Item | BaseException | None]] = queue.Queue(_AHEAD)
    left = threading.Event()

    def put(is_item: bool, value: Item | BaseException | None) -> None:
        waiting = True
        while waiting and not left.is_set():
            with suppress(queue.Full):
                items.put((is_item, value), timeout=_WAKE_SECONDS)
                waiting = False

    def run(stream: Iterable[Item]) -> None:
        try:
            for item in stream:
                put(True, item)
                if left.is_set():
                    return
        except BaseException as error:  # this thread's own edge: who takes the items hears of it
            put(False, error)
        else:
            put(False, None)

    threads = ThreadPoolExecutor(most, thread_name_prefix="read")
    try:
        running = len([threads.submit(run, stream) for stream in streams])
        while running:
            is_item, value = items.get()
            if is_item:
                yield value  # type: ignore[misc]
            elif isinstance(value, BaseException):
                raise value
            else:
                running -= 1
    finally:
        left.set()
        threads.shutdown(wait=False, cancel_futures=True)  # who leaves early does not wait for a slow server
