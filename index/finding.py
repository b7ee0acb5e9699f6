"""From a question to its hits: both indexes are asked, and the catalog answers for one that is out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index import search, vectors
from index.catalog import Catalog
from index.derived import Derived
from index.disk import NoSpaceError
from index.embed import Embedding
from index.generations import DamagedError
from index.rebuilding import Elsewhere
from index.types import Hit, Scope
from index.upkeep import Stores
from index.words import Analysed, Codes, codes, stems

Vector = NDArray[np.float32]
Reader = TypeVar("Reader")
Found = TypeVar("Found")

_CANDIDATES = 200  # from words, and as many from meaning
_NARROW = 1000  # passages in a scope up to which their vectors are compared one by one

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's distinct stems and its vector, and where it is asked."""

    stems: tuple[str, ...]
    vector: Vector
    scope: Scope


class Finder:
    """Asks the stores of one index. When one cannot be asked, it has it rebuilt and does without."""

    def __init__(self, stores: Stores, embedding: Embedding, rebuilding: Elsewhere) -> None:
        """Take the stores, the embedding they were made with, and who rebuilds them."""
        self._stores = stores
        self._catalog: Catalog = stores.catalog
        self._embedding = embedding
        self._rebuilding = rebuilding

    def find(self, question: str, limit: int, scope: Scope) -> list[Hit]:
        """Rank the passages inside a scope for a question, best first."""
        wanted = search.distinct(question)
        if limit < 1 or not wanted or not self._catalog.words_revision:
            return []
        asked = Asked(wanted, self._embedding.embed([question])[0], scope)
        rows, rarities = self._by_words(asked)
        cosines = dict(self._by_meaning(asked))
        candidates = self._candidates(dict.fromkeys([*rows, *cosines]), cosines, asked)
        return search.rank(search.query(question, rarities), candidates, limit, self._newest(scope))

    def rarities(self, stems: Sequence[str]) -> list[float]:
        """Tell how rare stems are; all alike while the word index is out."""
        found = self._ask(
            self._stores.words,
            lambda index: [
                search.rarity(count, index.generation.count) for count in index.frequencies(stems)
            ],
        )
        return [1.0] * len(stems) if found is None else found

    def _by_words(self, asked: Asked) -> tuple[list[int], list[float]]:
        """Find rows by words, and how rare each word is; no rows while the word index is out."""
        found = self._ask(
            self._stores.words,
            lambda index: (
                [row for row, _ in index.query(asked.stems, _CANDIDATES, asked.scope)],
                [search.rarity(count, index.generation.count) for count in index.frequencies(asked.stems)],
            ),
        )
        return found or ([], [1.0] * len(asked.stems))

    def _by_meaning(self, asked: Asked) -> list[tuple[int, float]]:
        """Find rows and cosines by meaning: from Chroma, or exactly, where few passages are in question."""
        if asked.scope != Scope():
            rows = self._catalog.rows_in(asked.scope, _NARROW + 1)
            if len(rows) <= _NARROW:
                held = self._catalog.vectors.of(rows)
                return vectors.exact(np.array([*held]), np.array([*held.values()]), asked.vector, _CANDIDATES)
        found = self._ask(self._stores.vectors, lambda index: self._nearest(index, asked))
        return self._scanned(asked) if found is None else found

    def _nearest(self, index: vectors.VectorIndex, asked: Asked) -> list[tuple[int, float]]:
        """Ask for more and more, until enough lie inside the scope."""
        wanted = _CANDIDATES
        while True:
            found = index.query(asked.vector, wanted)
            if asked.scope != Scope():
                inside = self._catalog.inside((row for row, _ in found), asked.scope)
                found = [one for one in found if one[0] in inside]
            if len(found) >= _CANDIDATES or wanted >= index.generation.count or asked.scope == Scope():
                return found[:_CANDIDATES]
            wanted *= 4

    def _scanned(self, asked: Asked) -> list[tuple[int, float]]:
        """Compare every vector of the catalog, while the vector index is out."""
        best: list[tuple[int, float]] = []
        for rows, matrix in self._catalog.vectors.scan(asked.scope):
            best += vectors.exact(rows, matrix, asked.vector, _CANDIDATES)
        return sorted(best, key=lambda one: -one[1])[:_CANDIDATES]

    def _ask(self, store: Derived[Reader], question: Callable[[Reader], Found]) -> Found | None:
        try:
            return question(store.reader())
        except (DamagedError, NoSpaceError, OSError) as error:
            _logger.warning("%s; the catalog answers in its place", error)
            store.drop()
            if isinstance(error, DamagedError):
                self._rebuilding.start()
            return None

    def _candidates(
        self, rows: Iterable[int], cosines: dict[int, float], asked: Asked
    ) -> list[search.Candidate]:
        """Look the passages up; those that are no longer current are not there."""
        stored = self._catalog.stored(rows)
        others = self._catalog.vectors.of([row for row in stored if row not in cosines])
        cosines = cosines | {row: float(vector @ asked.vector) for row, vector in others.items()}
        return [
            search.Candidate(
                passage,
                Analysed.from_bytes(words),
                _title(passage.article.title),
                cosines.get(row, 0.0),
            )
            for row, (passage, words) in stored.items()
        ]

    def _newest(self, scope: Scope) -> date | None:
        """Give the day that is now: when the question is asked, or the newest article's if earlier."""
        newest = self._catalog.newest_day()
        return min(newest, scope.as_of) if newest and scope.as_of else newest


@lru_cache(maxsize=10_000)
def _title(title: str) -> Codes:
    return codes(stems(title))
