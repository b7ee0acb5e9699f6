"""Meaning to passages: Chroma, holding passage rows and vectors and nothing else."""

from __future__ import annotations

import weakref
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from index.arrays import Rows, Vectors
from index.generations import BuildError, building, built_by
from index.readers import ReaderFolder
from index.shards import Fetch, Part, batches, build_apart, folders, parts, stacked

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

_COLLECTION = "passages"
_REWRITES = 50  # of the HNSW files while building, at most; the rest is replayed at opening


def tag(identity: str) -> str:
    """Name what a generation is made of: engine, version, embedding."""
    return f"chroma {version('chromadb')} cosine in parts {identity}"


def build(
    store: Path,
    identity: str,
    revision: int,
    rows: Rows,
    fetch: Fetch,
    fresh: bool = False,
) -> None:
    """Make a generation that holds `rows` current; `fetch` gives their vectors.

    Raises NoSpaceError or BuildError and leaves the current generation as it is.
    """
    width = max((len(vector) for vector in fetch(rows[:1].tolist()).values()), default=0)
    need_bytes = (1 << 20) + 4 * 3 * len(rows) * width
    with building(store, tag(identity), revision, rows, need_bytes, fresh) as draft:
        work = parts(draft, rows)
        for part in work:
            fill(part, fetch) if len(work) == 1 else build_apart(part, fetch)


def fill(part: Part, fetch: Fetch) -> None:
    """Build a part in this process; BuildError or NoSpaceError."""
    part.folder.mkdir(mode=0o700, exist_ok=True)
    with built_by("Chroma", part.folder):
        client = _client(part.folder)
    try:
        with built_by("Chroma", part.folder):
            collection = _collection(client, part)
            for batch in batches(part.remove):
                collection.delete(ids=[str(row) for row in batch])
        for batch in batches(part.add):
            vectors = stacked(part, batch, fetch)
            with built_by("Chroma", part.folder):  # which takes what is no number, and answers nonsense
                collection.add(ids=[str(row) for row in batch], embeddings=_checked(vectors, len(batch)))
        with built_by("Chroma", part.folder):
            held = collection.count()
        if held != part.count:
            raise BuildError(f"{part.folder} could not be built: Chroma holds {held} of {part.count} vectors")
    finally:
        client.close()


def _collection(client: Client, part: Part) -> Collection:
    if not part.fresh:
        return client.get_collection(_COLLECTION, embedding_function=None)
    threshold = max(1000, part.count // _REWRITES)
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
        self._collections: list[tuple[Collection, int]] = []
        clients: list[Client] = []
        weakref.finalize(self, _dispose, clients, copy)
        for folder in folders(copy.folder):
            with copy.read_by("Chroma"):
                clients.append(_client(folder))
                collection = clients[-1].get_collection(_COLLECTION, embedding_function=None)
                self._collections.append((collection, collection.count()))

    def query(self, vector: Vectors, limit: int) -> list[tuple[int, float]]:
        """Find the passages nearest to one vector as (row, cosine), nearest first."""
        wanted = _checked(np.asarray(vector)[None], 1)
        best: list[tuple[int, float]] = []
        for collection, count in self._collections:
            if (most := min(limit, count)) < 1:
                continue
            with self._copy.read_by("Chroma"):
                found = collection.query(query_embeddings=wanted, n_results=most, include=["distances"])
            (rows,), (distances,) = found["ids"], found["distances"] or [[]]
            best += [(int(row), 1.0 - distance) for row, distance in zip(rows, distances, strict=True)]
        return sorted(best, key=lambda one: -one[1])[: max(limit, 0)]


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


def _dispose(clients: list[Client], copy: ReaderFolder) -> None:
    for client in clients:
        client.close()
    copy.close()


def _checked(vectors: Vectors, count: int) -> Vectors:
    """Refuse what Chroma would take and answer nonsense for."""
    if vectors.ndim != 2 or len(vectors) != count or not np.isfinite(vectors).all():
        raise ValueError(f"expected {count} finite vectors, got an array of shape {vectors.shape}")
    return vectors.astype(np.float32, copy=False)
