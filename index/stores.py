"""What is derived from the catalog, kept in step with it: passages, vectors, and the two indexes."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from index import lexical, vectors
from index.arrays import Vectors
from index.catalog import CATALOG, Catalog
from index.database import CatalogError
from index.embed import Embedding, count_tokens, embedded_text
from index.generations import BuildError
from index.lexical import WordIndex
from index.passages import passages
from index.readers import Store
from index.recording import Cut, Piece
from index.types import Article, Progress
from index.vectors import VectorIndex
from index.words import FORMAT as WORDS
from index.words import analyse
from index.writing import BusyError, writing

Item = TypeVar("Item")


class EmbeddingMismatchError(RuntimeError):
    """The index was made with another embedding, whose vectors must not be mixed with this one's."""


FORMAT = f"passages-4 {WORDS}"  # raise it when the same article would be cut, embedded or analysed otherwise
_CREATION_SECONDS = 5.0  # to wait for another process that is just making the index
_SAME_MODEL = 0.98  # cosine; servers round, and a text embedded twice stays above .999
_BATCH = 64  # passages embedded between two commits
_START_ANEW = "sync the articles into another DATELINE_HOME"
_BEGIN_AGAIN = "what it gave is dropped; to begin again, run: dateline doctor --rebuild"
_GO_OVER = "go over to another with DATELINE_EMBED_MODEL and: dateline doctor --rebuild"


@dataclass(frozen=True, slots=True)
class Health:
    """One store: how many passages it should hold, and what is wrong with it ("" where all is well)."""

    store: str
    passages: int
    problem: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found out about the catalog, the word index and the vector index."""

    stores: tuple[Health, ...]

    @property
    def healthy(self) -> bool:
        """Whether nothing is wrong with any store."""
        return not any(store.problem for store in self.stores)


class Stores:
    """The word index and the vector index of one home, and how they follow the catalog."""

    def __init__(self, home: Path, catalog: Catalog) -> None:
        """Take the folder of the index and its open catalog."""
        self.catalog = catalog
        self.words = Store(home / "words", lexical.tag(), WordIndex)
        self.vectors = Store(home / "vectors", vectors.tag(catalog.identity), VectorIndex)

    def problems(self) -> tuple[str, str]:
        """Say what is wrong with the word index and the vector index; nothing, where all is well."""
        return (
            self.words.problem(self.catalog.words_revision),
            self.vectors.problem(self.catalog.vectors.revision),
        )

    def seal_words(self, fresh: bool = False) -> None:
        """Bring the word index up to the catalog, if it is not. Only for the writer."""
        revision = self.catalog.words_revision
        if fresh or self.words.problem(revision):
            lexical.build(self.words.store, revision, self.catalog.rows(), self.catalog.stored, fresh)

    def seal_vectors(self, fresh: bool = False) -> None:
        """Bring the vector index up to the vectors that are in the catalog. Only for the writer."""
        held = self.catalog.vectors
        revision = held.revision
        if fresh or self.vectors.problem(revision):
            identity = self.catalog.identity
            try:
                vectors.build(self.vectors.store, identity, revision, held.rows(), held.of, fresh)
            except BuildError:
                _require_one(identity, held.dimensions(), _GO_OVER)  # takes seconds, so only now
                raise

    def mend(self) -> None:
        """Replace whatever is missing, damaged or behind, without embedding. Only for the writer."""
        self.seal_words()
        self.seal_vectors()

    def bring_up(self, embedding: Embedding, tell: Progress, fresh: bool = False) -> None:
        """Bring words, then vectors, up to the catalog; from the first on, words can be searched."""
        tell("words", 0, 1)
        self.seal_words(fresh)
        tell("words", 1, 1)
        embed_pending(self.catalog, embedding, tell)
        self.catalog.vectors.discard()
        tell("vectors", 0, 1)
        self.seal_vectors(fresh)
        tell("vectors", 1, 1)


def diagnose(stores: Stores) -> Diagnosis:
    """Read every store whole, and compare the derived ones with the catalog."""
    catalog = stores.catalog
    words, vectors = stores.problems()
    waiting = len(catalog.vectors.pending())
    if waiting:
        vectors = f"{waiting} passages wait for their vectors; run: dateline sync"
    return Diagnosis(
        (
            Health("catalog", len(catalog.rows()), "; ".join(catalog.problems())),
            Health("words", len(catalog.rows()), words),
            Health("vectors", len(catalog.vectors.rows()), vectors),
        )
    )


def create(home: Path, identity: str) -> None:
    """Make an empty index; never in the place of one whose catalog is gone."""
    path = home / CATALOG
    if home.exists() and not home.is_dir():
        raise CatalogError(f"{home} is a file, and an index is a folder")
    remains = ("words/CURRENT", "vectors/CURRENT", f"{CATALOG}-wal")
    if any((home / name).exists() for name in remains) and not path.exists():
        raise CatalogError(
            f"{path} is missing, and the rest of the index is there; restore it from a backup, "
            f"or move {home} away and sync again"
        )
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    until = time.monotonic() + _CREATION_SECONDS
    while not path.exists():
        try:
            with writing(home):
                if not path.exists():
                    Catalog.create(path, identity, FORMAT)
        except BusyError:
            if time.monotonic() > until:
                raise


def cutter(embedding: Embedding) -> Cut:
    """Make what turns an article into passages as the catalog stores them."""
    identity = embedding.identity

    def cut(article: Article) -> list[Piece]:
        return [
            Piece(
                passage,
                _text_key(identity, embedded_text(passage)),
                analyse([article.text[start:end] for start, end in passage.sentences]).to_bytes(),
            )
            for passage in passages(article, count_tokens)
        ]

    return cut


def embed_pending(catalog: Catalog, embedding: Embedding, progress: Progress) -> None:
    """Embed every passage that has no vector, a batch and a commit at a time. Only for the writer."""
    identity = embedding.identity
    rows = catalog.vectors.pending()
    if rows and not embedding.pinned:
        _require_same(catalog, embedding)
    for at, batch in _batches(rows):
        texts = [embedded_text(passage) for passage in catalog.passages(batch).values()]
        keys = [_text_key(identity, text) for text in texts]
        found, known = _embed(embedding, texts), catalog.vectors.dimension
        _require_one(identity, {found.shape[1], known or found.shape[1]}, _START_ANEW)
        catalog.vectors.save(dict(zip(keys, found, strict=True)))
        progress("meaning", at + len(batch), len(rows))


def adopt(catalog: Catalog, embedding: Embedding, progress: Progress) -> None:
    """Go over to another embedding or another way of cutting. Only for the writer.

    The new vectors are stored beside the old ones first, so the index answers as before until the last,
    single transaction. An interrupted change goes on from where it was, unless a sync with the old embedding
    came between, which drops what no passage has. EmbeddingMismatchError drops it too.
    """
    cut = cutter(embedding)
    try:
        _embed_beside(catalog, embedding, cut, progress)
    except EmbeddingMismatchError:
        catalog.vectors.discard()
        raise
    catalog.adopt(embedding.identity, FORMAT, cut)


def _embed_beside(catalog: Catalog, embedding: Embedding, cut: Cut, progress: Progress) -> None:
    """Save the vectors that the current articles will need, all of one dimension."""
    done, total = 0, catalog.contents.coverage().articles
    after, dimensions = 0, set[int]()
    while page := catalog.current_articles(after, _BATCH // 8):
        texts = {piece.text_key: piece.passage for _, article in page for piece in cut(article)}
        dimensions |= catalog.vectors.dimensions(texts)
        for _, keys in _batches(catalog.vectors.missing(texts)):
            found = _embed(embedding, [embedded_text(texts[key]) for key in keys])
            dimensions.add(found.shape[1])
            _require_one(embedding.identity, dimensions, _BEGIN_AGAIN)
            catalog.vectors.save(dict(zip(keys, found, strict=True)))
        _require_one(embedding.identity, dimensions, _BEGIN_AGAIN)
        after, done = page[-1][0], done + len(page)
        progress("meaning", done, total)


def _require_same(catalog: Catalog, embedding: Embedding) -> None:
    """Embed a text that is in the catalog again: a model elsewhere may have changed under its name."""
    row = catalog.vectors.first()
    if row is None:
        return
    (passage,), (held,) = catalog.passages([row]).values(), catalog.vectors.of([row]).values()
    (now,) = _embed(embedding, [embedded_text(passage)])
    if now.shape != held.shape or float(now @ held) < _SAME_MODEL:
        raise EmbeddingMismatchError(
            f"{embedding.identity} no longer gives the vectors that this index was made with; {_START_ANEW}"
        )


def _require_one(identity: str, dimensions: set[int], way_out: str) -> None:
    """Refuse vectors of several dimensions: nothing that compares them would work."""
    if len(dimensions) > 1:
        counts = " and ".join(map(str, sorted(dimensions)))
        raise EmbeddingMismatchError(
            f"{identity} gave vectors of {counts} numbers, as two models would; {way_out}"
        )


def _embed(embedding: Embedding, texts: Sequence[str]) -> Vectors:
    found = embedding.embed(texts)
    if found.ndim != 2 or len(found) != len(texts) or not np.isfinite(found).all():
        raise ValueError(f"{embedding.identity} gave {found.shape} for {len(texts)} texts, or no numbers")
    if not np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-3):
        raise ValueError(f"{embedding.identity} gave vectors whose length is not one")
    return found


def _text_key(identity: str, text: str) -> str:
    return hashlib.sha256(f"{identity}\0{text}".encode()).hexdigest()[:32]


def _batches(items: Sequence[Item]) -> Iterator[tuple[int, list[Item]]]:
    return ((at, list(items[at : at + _BATCH])) for at in range(0, len(items), _BATCH))
