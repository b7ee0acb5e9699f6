"""Meaning to passages: Chroma, holding passage rows and vectors and nothing else."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from index.arrays import Rows, Vectors
from index.generations import BuildError, Draft, building
from index.readers import ReaderFolder

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

_COLLECTION = "passages"
_BATCH = 1000  # Chroma takes 5,461
_REWRITES = 50  # of the HNSW files while building, at most; the rest is replayed at opening


def tag(identity: str) -> str:
    """Name what a generation is made of: engine, version, embedding."""
    return f"chroma {version('chromadb')} cosine {identity}"


def build(
    store: Path,
    identity: str,
    revision: int,
    rows: Rows,
    fetch: Callable[[Sequence[int]], Mapping[int, Vectors]],
    fresh: bool = False,
) -> None:
    """Make a generation that holds `rows` current; `fetch` gives their vectors.

    Raises NoSpaceError or BuildError and leaves the current generation as it is.
    """
    width = max((len(vector) for vector in fetch(rows[:1].tolist()).values()), default=0)
    need_bytes = (1 << 20) + 4 * 3 * len(rows) * width
    with building(store, tag(identity), revision, rows, need_bytes, fresh) as draft:
        if len(rows):
            _fill(draft, len(rows), fetch)


def _fill(draft: Draft, count: int, fetch: Callable[[Sequence[int]], Mapping[int, Vectors]]) -> None:
    with draft.built_by("Chroma"):
        client = _client(draft.folder)
    try:
        with draft.built_by("Chroma"):
            collection = _collection(client, draft.fresh, count)
            for batch in _batches(draft.remove):
                collection.delete(ids=[str(row) for row in batch])
        for batch in _batches(draft.add):
            found = fetch(batch)
            if len({len(vector) for vector in found.values()}) > 1:
                raise BuildError(f"{draft.folder} could not be built: its vectors are of several dimensions")
            vectors = np.stack([found[row] for row in batch])
            with draft.built_by("Chroma"):  # which takes what is no number, and answers nonsense
                collection.add(ids=[str(row) for row in batch], embeddings=_checked(vectors, len(batch)))
        with draft.built_by("Chroma"):
            held = collection.count()
        if held != count:
            raise BuildError(f"{draft.folder} could not be built: Chroma holds {held} of {count} vectors")
    finally:
        client.close()


def _collection(client: Client, fresh: bool, count: int) -> Collection:
    if not fresh:
        return client.get_collection(_COLLECTION, embedding_function=None)
    threshold = max(1000, count // _REWRITES)
    return client.create_collection(
        _COLLECTION,
        embedding_function=None,
        configuration={"hnsw": {"space": "cosine", "sync_threshold": threshold}},
    )


class VectorIndex:
    """The vectors of one sealed generation, opened for questions."""

    def __init__(self, copy: ReaderFolder) -> None:
        """Open a verified copy; DamagedError if Chroma cannot read it."""
        self.generation = copy.generation
        self.last_row = copy.last_row()
        self._copy = copy
        self._collection: Collection | None = None
        if not self.generation.count:
            return
        with copy.read_by("Chroma"):
            client = _client(copy.folder)
            weakref.finalize(self, _dispose, client, copy)
            self._collection = client.get_collection(_COLLECTION, embedding_function=None)

    def query(self, vector: Vectors, limit: int) -> list[tuple[int, float]]:
        """Find the passages nearest to one vector as (row, cosine), nearest first."""
        wanted = _checked(np.asarray(vector)[None], 1)
        if self._collection is None or limit < 1:
            return []
        with self._copy.read_by("Chroma"):
            found = self._collection.query(
                query_embeddings=wanted,
                n_results=min(limit, self.generation.count),
                include=["distances"],
            )
        (rows,), (distances,) = found["ids"], found["distances"] or [[]]
        return [(int(row), 1.0 - distance) for row, distance in zip(rows, distances, strict=True)]


def exact(rows: Rows, vectors: Vectors, vector: Vectors, limit: int) -> list[tuple[int, float]]:
    """Rank rows by the cosine of their unit vectors with one unit vector, nearest first.

    >>> exact(np.array([7, 8]), np.eye(2, dtype=np.float32), np.array([0, 1], np.float32), 1)
    [(8, 1.0)]
    """
    if not len(rows):
        return []
    cosines = vectors @ _checked(np.asarray(vector)[None], 1)[0]
    best = np.argsort(-cosines, kind="stable")[: max(limit, 0)]
    return [(int(rows[at]), float(cosines[at])) for at in best]


def _client(folder: Path) -> Client:
    import chromadb
    from chromadb.config import Settings

    # Explicit arguments win over the environment and over a .env in the working folder, which Chroma reads.
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        chroma_api_impl="chromadb.api.rust.RustBindingsAPI",
        allow_reset=False,
        anonymized_telemetry=False,
        migrations="apply",
    )
    return cast("Client", chromadb.PersistentClient(path=str(folder), settings=settings))


def _dispose(client: Client, copy: ReaderFolder) -> None:
    client.close()
    copy.close()


def _checked(vectors: Vectors, count: int) -> Vectors:
    """Refuse what Chroma would take and answer nonsense for."""
    if vectors.ndim != 2 or len(vectors) != count or not np.isfinite(vectors).all():
        raise ValueError(f"expected {count} finite vectors, got an array of shape {vectors.shape}")
    return vectors.astype(np.float32, copy=False)


def _batches(rows: Rows) -> list[list[int]]:
    return [rows[at : at + _BATCH].tolist() for at in range(0, len(rows), _BATCH)]
