from __future__ import annotations

import socket
import threading
import time

import pytest

from index.deadline import Deadline


def test_what_is_done_in_time_is_given_or_raised() -> None:
    assert Deadline(10).within(lambda: "done") == "done"
    with pytest.raises(ZeroDivisionError):
        Deadline(10).within(lambda: 1 // 0)


def test_what_takes_too_long_is_left_and_told_to_stop() -> None:
    deadline, held = Deadline(0.2), threading.Event()
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        deadline.within(lambda: held.wait(30))
    held.set()
    assert time.monotonic() - began < 10
    assert deadline.over
    assert not deadline.pause(0)
    with pytest.raises(TimeoutError):
        deadline.check()


def test_a_connection_that_is_held_ends_with_the_exchange() -> None:
    deadline = Deadline(30)
    mine, other = socket.socketpair()
    with mine, other:
        deadline.hold(mine.dup())
        deadline.stop()
        assert mine.recv(1) == b""
        deadline.release()


def test_a_wait_longer_than_the_time_left_is_not_begun() -> None:
    began = time.monotonic()
    assert not Deadline(5).pause(60)
    assert time.monotonic() - began < 5
