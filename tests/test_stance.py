from __future__ import annotations

import time

import pytest

from assistant.expected import wanted
from assistant.stance import is_denied, is_turned
from assistant.verify.roles import is_swapped


@pytest.mark.parametrize("piece", [".", "'", "hundred ", "a.", "shot "])
def test_long_nonsense_is_compared_and_asked_in_no_long_time(piece: str) -> None:
    text, other = (piece * 20_000)[:20_000], (piece * 20_000)[:19_990]
    began = time.perf_counter()
    is_denied(text, other)
    is_turned(text, other)
    is_swapped(text, other)
    wanted(text)
    assert time.perf_counter() - began < 3


def test_words_with_points_in_them_are_still_opposites() -> None:
    assert is_denied("It opened at 5 a.m.", "It opened at 5 p.m.")
    assert not is_denied("It opened at 5 a.m.", "It opened at 5 a.m.")
