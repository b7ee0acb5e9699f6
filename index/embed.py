"""Texts to unit vectors: the bundled MiniLM, and the shape any other embedding has to have."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from index.arrays import Vectors
from index.passages import TITLE_TOKEN_LIMIT, TOKEN_LIMIT
from index.types import Passage

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

Embed = Callable[[Sequence[str]], Vectors]  # texts to unit vectors, shape (texts, dimension)

MODEL = Path(__file__).parent / "models" / "all-MiniLM-L6-v2"


class EmbeddingError(RuntimeError):
    """The embedding cannot be used: a file is missing or is not the one that was committed."""


class EmbeddingUnavailableError(EmbeddingError):
    """An embedding that is asked elsewhere did not answer; what is embedded already is not touched."""


class Embedding(Protocol):
    """What turns texts into vectors of length one."""

    @property
    def identity(self) -> str:
        """Name of the model, with its hash if known: vectors of two identities are never compared."""

    @property
    def pinned(self) -> bool:
        """Whether the identity names the very weights, which then cannot change under it."""

    @property
    def unrelated(self) -> float | None:
        """The cosine below which two texts have nothing to do with each other; None where not known."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Give one unit vector a text, shape (texts, dimension), in the order of the texts."""

    def embed_question(self, question: str) -> Vectors:
        """Give the unit vector to compare with those of texts, shape (dimension,)."""


class MiniLM:
    """The bundled all-MiniLM-L6-v2: int8, on the CPU, with no network.

    One text at a time on one single-threaded session a core: 34 passages a second a core where batches
    of 32 give 20, since nothing is padded.
    """

    dimension = 384
    unrelated = 0.2
    pinned = True

    def __init__(self, workers: int | None = None) -> None:
        """Take the number of cores to use, all of them by default; nothing is loaded before the first use."""
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        self.workers = workers or cores

    @cached_property
    def identity(self) -> str:
        """Name and SHA-256 of the model file."""
        return f"all-MiniLM-L6-v2:{_origin()['files']['model.onnx'][:16]} dimension {self.dimension}"

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed texts, cut at 256 tokens each; EmbeddingError if the model file is damaged."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        ids = [encoding.ids for encoding in tokenizer().encode_batch_fast(list(texts))]
        sessions = self._sessions
        if len(ids) == 1:
            return _run(sessions[0], ids[0])
        vectors = np.empty((len(ids), self.dimension), np.float32)
        waiting = iter(range(len(ids)))  # each lane takes the next, so that none waits for a slower one

        def lane(session: InferenceSession) -> None:
            for at in waiting:
                vectors[at] = _run(session, ids[at])[0]

        list(self._pool.map(lane, sessions))
        return vectors

    def embed_question(self, question: str) -> Vectors:
        """Embed a question, as any text; EmbeddingError if the model file is damaged."""
        vector: Vectors = self.embed([question])[0]
        return vector

    @cached_property
    def _sessions(self) -> list[InferenceSession]:
        # onnxruntime reports its use to its makers unless it is told not to before it is loaded.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        weights = _checked("model.onnx")
        return [
            onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
            for _ in range(self.workers)
        ]

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self.workers, thread_name_prefix="embed")


@lru_cache(maxsize=1)
def bundled() -> MiniLM:
    """Give the one MiniLM that everything in this process shares, on all cores."""
    return MiniLM()


@lru_cache(maxsize=1)
def tokenizer() -> Tokenizer:
    """Load the bundled tokenizer, cutting at 256 tokens; EmbeddingError if its file is damaged."""
    from tokenizers import Tokenizer

    loaded = Tokenizer.from_str(_checked("tokenizer.json").decode("utf-8"))
    loaded.no_padding()
    loaded.enable_truncation(TOKEN_LIMIT)
    return loaded


@lru_cache(maxsize=1)
def _counter() -> Tokenizer:
    from tokenizers import Tokenizer

    loaded = Tokenizer.from_str(_checked("tokenizer.json").decode("utf-8"))
    loaded.no_padding()
    loaded.no_truncation()
    return loaded


def count_tokens(texts: Sequence[str]) -> list[int]:
    """Count the bundled tokenizer's tokens of each text, its two markers left out."""
    return [len(one.ids) for one in _counter().encode_batch_fast(list(texts), add_special_tokens=False)]


def vocabulary_places(text: str) -> list[int]:
    """Give the places of a text's tokens in the bundled vocabulary, the most common first."""
    ids: list[int] = _counter().encode(text, add_special_tokens=False).ids
    return ids


def embedded_text(passage: Passage) -> str:
    """Write what is embedded of a passage: the headline, cut to its share of the tokens, and the words."""
    title = _embedded_title(passage.article.title)
    return f"{title}\n{passage.text}" if title else passage.text


@lru_cache(maxsize=1024)  # an article has many passages
def _embedded_title(title: str) -> str:
    encoding = _counter().encode(title, add_special_tokens=False)
    if len(encoding.ids) > TITLE_TOKEN_LIMIT:
        title = title[: encoding.offsets[TITLE_TOKEN_LIMIT - 1][1]]
    return title


def _run(session: InferenceSession, ids: list[int]) -> Vectors:
    tokens = np.array([ids], np.int64)
    vector: Vectors = session.run(None, {"input_ids": tokens, "attention_mask": np.ones_like(tokens)})[0]
    return vector


@lru_cache(maxsize=1)
def _origin() -> dict[str, Any]:
    origin: dict[str, Any] = json.loads((MODEL / "origin.json").read_text(encoding="utf-8"))
    return origin


def _checked(name: str) -> bytes:
    """Read a model file, and refuse one that is missing or not the one that was committed."""
    try:
        content = (MODEL / name).read_bytes()
    except OSError as error:
        raise EmbeddingError(f"{MODEL / name} cannot be read ({error}); install Dateline again") from error
    if hashlib.sha256(content).hexdigest() != _origin()["files"][name]:
        raise EmbeddingError(f"{MODEL / name} is damaged; install Dateline again")
    return content
