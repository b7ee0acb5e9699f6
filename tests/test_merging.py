from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from index.sources.merging import merged

PLENTY_SECONDS = 20


def readers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("read_")]


def ended() -> bool:
    """Wait until no thread that reads a stream is left."""
    for thread in readers():
        thread.join(PLENTY_SECONDS)
    return not readers()


def endless(begun: threading.Event) -> Iterator[int]:
    begun.set()
    while True:
        yield 0


def test_each_stream_keeps_its_order() -> None:
    streams = [[(name, number) for number in range(50)] for name in range(3)]
    found = list(merged(streams, 3))
    for name, stream in enumerate(streams):
        assert [one for one in found if one[0] == name] == stream
    assert len(found) == 150


def test_streams_are_read_at_the_same_time() -> None:
    meeting = threading.Barrier(2, timeout=PLENTY_SECONDS)

    def stream(name: str) -> Iterator[str]:
        meeting.wait()
        yield name

    assert sorted(merged([stream("a"), stream("b")], 2)) == ["a", "b"]


def test_there_may_be_more_streams_than_threads() -> None:
    inside, most, counting = [0], [0], threading.Lock()

    def stream(number: int) -> Iterator[int]:
        with counting:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        yield from (number, number)
        with counting:
            inside[0] -= 1

    assert sorted(merged([stream(number) for number in range(12)], 2)) == sorted([*range(12)] * 2)
    assert most[0] <= 2


def test_no_stream_gives_nothing() -> None:
    assert list(merged([], 2)) == []
    assert list(merged([[], []], 2)) == []


def test_what_a_stream_raises_is_raised_behind_what_it_gave() -> None:
    def broken() -> Iterator[int]:
        yield 1
        yield 2
        raise OSError("the disk is gone")

    found = merged([broken()], 1)
    assert [next(found), next(found)] == [1, 2]
    with pytest.raises(OSError, match="the disk is gone"):
        next(found)
    assert ended()


def test_what_one_stream_raises_ends_the_others() -> None:
    begun = threading.Event()

    def broken() -> Iterator[int]:
        assert begun.wait(PLENTY_SECONDS)
        raise OSError("the disk is gone")
        yield 1

    with pytest.raises(OSError, match="the disk is gone"):
        for _ in merged([endless(begun), broken()], 2):
            pass
    assert ended()


def test_who_leaves_early_ends_the_threads() -> None:
    found = merged([endless(threading.Event()) for _ in range(3)], 2)
    assert next(found) == 0
    found.close()  # type: ignore[attr-defined]
    assert ended()


def test_an_error_of_who_takes_the_items_ends_the_threads_and_is_theirs() -> None:
    found = merged([endless(threading.Event())], 1)
    assert next(found) == 0
    with pytest.raises(RuntimeError, match="no room"):
        found.throw(RuntimeError("no room"))  # type: ignore[attr-defined]
    assert ended()
