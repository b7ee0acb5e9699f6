"""From a question to its hits: both indexes are asked, and the catalog answers for one that is out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path
from typing import TypeVar

import numpy as np

from index import search, vectors
from index.arrays import Vectors
from index.catalog import Catalog
from index.disk import NoSpaceError
from index.embed import Embedding, EmbeddingUnavailableError
from index.generations import DamagedError, NotBuiltError
from index.intervals import Interval
from index.lexical import WordIndex
from index.readers import Store
from index.rebuilding import RepairProcess
from index.stores import Stores
from index.types import Found, Hit, Scope
from index.words import Analysed, Codes, codes, stems

Reader = TypeVar("Reader")
Given = TypeVar("Given")

_CANDIDATES = 200  # from words, and as many from meaning
_NARROW = 1000  # passages in a scope up to which their vectors are compared one by one

_NO_WORDS = "until that is mended, nothing is found by words"
_NO_VECTORS = "until that is mended, the catalog answers in its place"

_WORDS_OUT = "The word index cannot be used at the moment: answers may miss what only words would find."
_VECTORS_OUT = "The vector index cannot be used at the moment: answers take longer."
_EVERY_ROW = 2**63 - 1  # the highest there can be in SQLite

_logger = logging.getLogger(__name__)


class Retrieval:
    """Asks the stores of one index. When one cannot be asked, it has it rebuilt and does without."""

    def __init__(self, stores: Stores, embedding: Embedding, repair: RepairProcess) -> None:
        """Take the stores, the embedding they were made with, and who rebuilds them."""
        self._stores = stores
        self._catalog: Catalog = stores.catalog
        self._embedding = embedding
        self._repair = repair
        self._out: dict[Path, str] = {}  # the stores that could not be asked, and what was current in them
        self._told: tuple[object, tuple[str, ...]] = None, ()

    def find(
        self, question: str, limit: int, scopes: Sequence[Scope], about: Sequence[Interval] = ()
    ) -> Found:
        """Rank the passages inside each scope for a question, and say what was missed of them.

        Best first, and of several scopes in turns; passages of the times `about` are lifted. The question is
        embedded once, and where that fails it is not tried again for the next scope.
        """
        if limit < 1 or not search.distinct(question) or not self._catalog.words_revision:
            return Found((), ())
        vector, unavailable = self._meaning(question)
        inside = [self._inside(scope, question, vector, limit, about) for scope in scopes]
        hits = [hit for rank in zip_longest(*inside) for hit in rank if hit is not None]
        return Found(tuple(hits), (unavailable,) if unavailable else ())

    def _inside(
        self, scope: Scope, question: str, vector: Vectors | None, limit: int, about: Sequence[Interval]
    ) -> list[Hit]:
        wanted = search.distinct(question)
        rows = self._by_words(wanted, scope)
        cosines = {} if vector is None else dict(self._by_meaning(vector, scope))
        candidates = self._candidates(dict.fromkeys([*rows, *cosines]), cosines, vector)
        asked = search.query(question, self._rarities(wanted))
        return search.rank(asked, candidates, limit, self._newest(scope), self._embedding.unrelated, about)

    def limits(self) -> tuple[str, ...]:
        """Say what all searches miss now, by what the last ones found; nothing where all is well."""
        revision = self._catalog.words_revision
        if not revision:
            return ()
        words, meaning = self._last_row(self._stores.words), self._last_row(self._stores.vectors)
        state = (revision, self._catalog.vectors.revision, words, meaning)
        if self._told[0] != state:
            self._told = state, self._missing(words, meaning)
        return self._told[1]

    def frequencies(self, stems: Sequence[str]) -> list[int] | None:
        """Count the passages that hold each stem, in the order of the stems; None without a word index."""
        return self._ask(self._stores.words, lambda index: index.frequencies(stems), _NO_WORDS)

    def _rarities(self, stems: Sequence[str]) -> list[float]:
        """Tell how rare stems are; all alike while the word index is out."""
        counts = self.frequencies(stems)
        if counts is None:
            return [1.0] * len(stems)
        passages = max(self._catalog.count(), *counts)  # the word index may lag behind the catalog
        return [search.rarity(count, passages) for count in counts]

    def _meaning(self, question: str) -> tuple[Vectors | None, str]:
        """Embed a question; no vector and a sentence where what embeds is out, or is not what it was."""
        held = self._catalog.vectors.dimension
        try:
            vector = self._embedding.embed_question(question)
            if held not in (None, len(vector)):
                raise EmbeddingUnavailableError(
                    f"{self._embedding.identity} gave {len(vector)} numbers for the question and {held} for "
                    "the articles, as two models would; sync them into another DATELINE_HOME"
                )
        except EmbeddingUnavailableError as error:
            _logger.warning("%s; searching by words only", error)
            return None, f"Searched by words only: {error}."
        return vector, ""

    def _by_words(self, stems: Sequence[str], scope: Scope) -> list[int]:
        """Find rows by words; none while the word index is out."""
        found = self._ask(self._stores.words, lambda index: index.query(stems, _CANDIDATES, scope), _NO_WORDS)
        return [row for row, _ in found or ()]

    def _by_meaning(self, vector: Vectors, scope: Scope) -> list[tuple[int, float]]:
        """Find rows and cosines by meaning: from Chroma, or exactly, where few passages are in question."""
        if scope != Scope():
            rows = self._catalog.rows_in(scope, _NARROW + 1)
            if len(rows) <= _NARROW:
                held = self._catalog.vectors.of(rows)
                return vectors.exact(np.array([*held]), np.array([*held.values()]), vector, _CANDIDATES)
        found = self._ask(
            self._stores.vectors, lambda index: self._nearest(index, vector, scope), _NO_VECTORS
        )
        return self._scanned(vector, scope) if found is None else found

    def _nearest(self, index: vectors.VectorIndex, vector: Vectors, scope: Scope) -> list[tuple[int, float]]:
        """Ask for more and more, until enough lie inside the scope."""
        wanted = _CANDIDATES
        while True:
            found = index.query(vector, wanted)
            if scope != Scope():
                inside = self._catalog.inside((row for row, _ in found), scope)
                found = [one for one in found if one[0] in inside]
            if len(found) >= _CANDIDATES or wanted >= index.generation.count or scope == Scope():
                return found[:_CANDIDATES]
            wanted *= 4

    def _scanned(self, vector: Vectors, scope: Scope) -> list[tuple[int, float]]:
        """Compare every vector of the catalog, while the vector index is out."""
        best: list[tuple[int, float]] = []
        for rows, matrix in self._catalog.vectors.scan(scope):
            best += vectors.exact(rows, matrix, vector, _CANDIDATES)
        return sorted(best, key=lambda one: -one[1])[:_CANDIDATES]

    def _ask(self, store: Store[Reader], question: Callable[[Reader], Given], without: str) -> Given | None:
        """Ask a store; None, and a warning when that begins, while it is out."""
        try:
            found = question(store.reader())
        except (DamagedError, NoSpaceError, OSError) as error:
            # During a first sync there is no generation yet. One that was deleted is told of by its repair.
            expected = store.store in self._out or isinstance(error, NotBuiltError)
            level = logging.DEBUG if expected else logging.WARNING
            _logger.log(level, "%s; %s", error, without)
            self._out[store.store] = store.stamp()
            store.drop()
            if isinstance(error, DamagedError):
                self._repair.start()
            return None
        self._out.pop(store.store, None)
        return found

    def _last_row(self, store: Store[WordIndex] | Store[vectors.VectorIndex]) -> int | None:
        """Give the last row that a store holds; None while it is out."""
        if self._out.get(store.store) == store.stamp():
            return None
        try:
            return store.reader().last_row
        except (DamagedError, NoSpaceError, OSError):
            return None

    def _missing(self, words: int | None, meaning: int | None) -> tuple[str, ...]:
        """Tell what is missed where the stores hold passages up to these rows, None for one that is out."""
        articles = self._catalog.contents.coverage().articles
        late = 0 if words is None else self._catalog.articles_after(words)
        waiting = self._catalog.vectors.waiting(
            _EVERY_ROW if meaning is None else meaning, _EVERY_ROW if words is None else words
        )
        told = [_WORDS_OUT] if words is None else []
        if late:
            told.append(f"{_share(late, articles)} not found yet: the sync that reads new ones is not done.")
        if waiting:
            how = "not found" if words is None else "found by words only"
            told.append(f"{_share(waiting, articles)} {how} until a sync is done.")
        elif meaning is None:
            told.append(_VECTORS_OUT)
        return tuple(told)

    def _candidates(
        self, rows: Iterable[int], cosines: dict[int, float], vector: Vectors | None
    ) -> list[search.Candidate]:
        """Look the passages up; those that are no longer current are not there."""
        stored = self._catalog.stored(rows)
        if vector is not None:
            others = self._catalog.vectors.of([row for row in stored if row not in cosines])
            cosines = cosines | {row: float(other @ vector) for row, other in others.items()}
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
        """Give the day that is now, when asked, or the newest article's if earlier: what is near it counts.

        A question asked on no day in particular may be about any.
        """
        newest = self._catalog.contents.newest_day()
        return min(newest, scope.as_of) if newest and scope.as_of else None


def _share(some: int, all_: int) -> str:
    return f"{some:,} of {all_:,} articles {'is' if some == 1 else 'are'}"


@lru_cache(maxsize=10_000)
def _title(title: str) -> Codes:
    return codes(stems(title))
