"""Embeddings other than the bundled one: of an endpoint that speaks OpenAI's protocol, and of LlamaIndex."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar, cast
from urllib.parse import urlsplit

import numpy as np

from index.arrays import Vectors
from index.embed import Embedding, EmbeddingUnavailableError

if TYPE_CHECKING:
    import ssl

    import httpx
    import openai
    from llama_index.core.embeddings import BaseEmbedding

    AnyEmbedding = Embedding | BaseEmbedding

Given = TypeVar("Given")

_ARTICLE_SECONDS, _ARTICLE_RETRIES = 60.0, 3  # for 64 passages; nobody waits for them in front of a page
_QUESTION_SECONDS = 5.0  # then the question is searched by words alone
_SENT = {"accept", "accept-encoding", "authorization", "connection", "content-length", "content-type", "host"}
_MEANT = {
    401: "did not accept the key; set OPENAI_API_KEY to one that is valid there",
    403: "does not allow this key to use the embedding {model}",
    404: "has no embedding {model} at that address; check DATELINE_EMBED_MODEL and OPENAI_BASE_URL",
    413: "does not take texts that long with {model}; choose another DATELINE_EMBED_MODEL",
    429: "takes no more requests for now; go on in a minute",
}


class EndpointEmbedding:
    """A model at an endpoint that speaks OpenAI's protocol: OpenAI, Ollama, vLLM, llama.cpp and others.

    Articles are sent in whole passages when they are indexed; at most four requests each, with pauses.
    """

    unrelated = None
    pinned = False

    def __init__(self, model: str, base_url: str, api_key: str = "") -> None:
        """Take the model's name there, the address up to and with /v1, and a key where it needs one."""
        self.identity = f"openai:{model}"
        self._model, self._base_url, self._api_key = model, base_url, api_key

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed passages, shape (texts, dimension); EmbeddingUnavailableError says what the endpoint did."""
        return self._asked(texts, _ARTICLE_SECONDS, _ARTICLE_RETRIES) if texts else _NONE

    def embed_question(self, question: str) -> Vectors:
        """Embed a question, asked once and for five seconds; EmbeddingUnavailableError as `embed`."""
        vector: Vectors = self._asked([question], _QUESTION_SECONDS, 0)[0]
        return vector

    def _asked(self, texts: Sequence[str], timeout_seconds: float, retries: int) -> Vectors:
        from openai import OpenAIError

        try:
            with self._client(timeout_seconds, retries) as client:
                found = client.embeddings.create(
                    input=list(texts), model=self._model, encoding_format="float"
                )
            ordered = sorted(found.data, key=lambda one: one.index)
            return _unit([one.embedding for one in ordered], len(texts), self._who)
        except OpenAIError as error:  # its words may hold the key, or words of an article
            status = getattr(error, "status_code", None)
            said = _MEANT.get(status or 0, f"failed ({status})" if status else f"({type(error).__name__})")
            how = "cannot be reached " if status is None else ""
            raise EmbeddingUnavailableError(f"{self._who} {how}{said.format(model=self._model)}") from None
        except (AttributeError, TypeError, ValueError):
            raise EmbeddingUnavailableError(
                f"{self._who} does not answer in OpenAI's protocol; check OPENAI_BASE_URL"
            ) from None

    @property
    def _who(self) -> str:
        return f"the server at {urlsplit(self._base_url).netloc}"

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        import httpx

        trust = httpx.create_ssl_context(trust_env=False)
        trust.load_default_certs()
        return trust

    def _client(self, timeout_seconds: float, retries: int) -> openai.OpenAI:
        import httpx
        import openai

        http = httpx.Client(
            verify=self._trust, trust_env=False, follow_redirects=False, event_hooks={"request": [self._bare]}
        )
        return openai.OpenAI(
            api_key=self._api_key or "none",
            base_url=self._base_url,
            timeout=timeout_seconds,
            max_retries=retries,
            http_client=http,
        )

    def _bare(self, request: httpx.Request) -> None:
        """Send what is needed only: the client's own headers tell of this machine, and variables add more."""
        for name in [name for name in request.headers if name.lower() not in _SENT]:
            del request.headers[name]
        if not self._api_key:
            del request.headers["authorization"]


class LlamaIndexEmbedding:
    """Any embedding object of LlamaIndex, with its own settings; what it gives is scaled to length one."""

    unrelated = None
    pinned = False

    def __init__(self, model: BaseEmbedding) -> None:
        """Take the object; its class and the name of its model are its identity."""
        size = getattr(model, "dimensions", None)
        self.identity = f"{model.class_name()}:{model.model_name}" + (f" dimension {size}" if size else "")
        self._model = model

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed passages, shape (texts, dimension); EmbeddingUnavailableError where the object fails."""
        if not texts:
            return _NONE
        found = self._tried(lambda: self._model.get_text_embedding_batch(list(texts)))
        return _unit(found, len(texts), self.identity)

    def embed_question(self, question: str) -> Vectors:
        """Embed a question in the way the model has for questions; EmbeddingUnavailableError as `embed`."""
        found = self._tried(lambda: self._model.get_query_embedding(question))
        vector: Vectors = _unit([found], 1, self.identity)[0]
        return vector

    def _tried(self, ask: Callable[[], Given]) -> Given:
        try:
            return ask()
        except Exception as error:  # anyone's code; its words may hold a key, or words of an article
            raise EmbeddingUnavailableError(
                f"the embedding {self.identity} failed with {type(error).__name__}"
            ) from None


def adapted(given: AnyEmbedding) -> Embedding:
    """Take an embedding of ours as it is, and one of LlamaIndex by its adapter; TypeError for all else."""
    if hasattr(given, "get_text_embedding_batch"):
        return LlamaIndexEmbedding(cast("BaseEmbedding", given))
    if not (hasattr(given, "embed_question") and hasattr(given, "identity")):
        raise TypeError(f"embedding must be an embedding of LlamaIndex, not {type(given).__name__}")
    return given


_NONE: Vectors = np.zeros((0, 0), np.float32)


def _unit(found: Sequence[Sequence[float]], count: int, who: str) -> Vectors:
    """Scale vectors to length one; EmbeddingUnavailableError for a wrong number of them, or no numbers."""
    try:
        vectors = np.array(found, np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    except (ValueError, TypeError):
        vectors = lengths = np.zeros((0, 1), np.float32)
    if len(vectors) != count or not np.isfinite(vectors).all() or not (lengths > 0).all():
        raise EmbeddingUnavailableError(f"{who} did not give one vector a text")
    return np.asarray(vectors / lengths, np.float32)
