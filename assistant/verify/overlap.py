"""What two texts share: words by how rare they are, runs of words, pieces copied."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import lru_cache

from index.embed import vocabulary_places
from index.words import stems

Gram = tuple[str, ...]

_COMMON_PLACES = 1000.0  # of the vocabulary, before words begin to tell
_PIECE = 0.7  # what each further piece of a word that is not in the vocabulary adds


def rarity(word: str) -> float:
    """Tell how rare a word is in English, 0 for "the", by its place in the bundled vocabulary."""
    places = vocabulary_places(word)
    return math.log1p(max(places, default=0) / _COMMON_PLACES) + _PIECE * max(len(places) - 1, 0)


@lru_cache(maxsize=20_000)
def _rarity(word: str) -> float:
    return rarity(word)


@lru_cache(maxsize=1_000)
def rarities(text: str) -> dict[str, float]:
    """Give each distinct stem of a text with how rare its word is."""
    found: dict[str, float] = {}
    for word in re.findall(r"[\w’'-]+", text):
        for stem in stems(word):
            found.setdefault(stem, _rarity(word.lower()))
    return found


def tokens_of(text: str) -> list[str]:
    """Give the words of a text in order, in lower case."""
    return re.findall(r"\w+", text.lower())


def grams(words: Sequence[str], length: int) -> set[Gram]:
    """Give the runs of so many words."""
    return set(zip(*(words[at:] for at in range(length)), strict=False))


def share(wanted: set[Gram], there: set[Gram]) -> float:
    """Tell which share of some runs is there, 1 where none is wanted."""
    return len(wanted & there) / len(wanted) if wanted else 1.0


def subsequence_of(one: Sequence[str], other: Sequence[str]) -> int:
    """Count the longest run of words both have in the same order, others between them."""
    row = [0] * (len(other) + 1)
    for word in one:
        before = 0
        for at, there in enumerate(other, 1):
            above = row[at]
            row[at] = before + 1 if word == there else max(row[at], row[at - 1])
            before = above
    return row[-1]


def fragments_of(words: Sequence[str], sentences: Sequence[Sequence[str]]) -> int:
    """Count the pieces, each as long as can be, that a claim could be copied together from (Grusky 2018)."""
    starts: dict[str, list[tuple[int, int]]] = {}
    for which, sentence in enumerate(sentences):
        for place, word in enumerate(sentence):
            starts.setdefault(word, []).append((which, place))
    at = pieces = 0
    while at < len(words):
        longest = 0
        for which, place in starts.get(words[at], ()):
            length = 0
            for one, other in zip(words[at:], sentences[which][place:], strict=False):
                if one != other:
                    break
                length += 1
            longest = max(longest, length)
        pieces += longest > 0
        at += max(longest, 1)
    return pieces
