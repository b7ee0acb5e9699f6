"""Embeddings other than the bundled one: of an endpoint that speaks OpenAI's protocol, and of LlamaIndex."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar, cast
from urllib.parse import urlsplit

import numpy as np

from index.arrays import Vectors
from index.deadline import Deadline
from index.embed import Embedding, EmbeddingUnavailableError
from index.troubles import SAID, again, kind_of_connection, kind_of_status, names_of, said_by, status_of

if TYPE_CHECKING:
    import ssl

    from llama_index.core.embeddings import BaseEmbedding

    AnyEmbedding = Embedding | BaseEmbedding

Given = TypeVar("Given")

_ARTICLE_SECONDS, _ARTICLE_TRIES = 180.0, 4  # for 64 passages; nobody waits for them in front of a page
_QUESTION_SECONDS, _QUESTION_TRIES = 5.0, 1  # then the question is searched by words alone
_LONGEST_WAIT_SECONDS, _BUSY_SECONDS = 60.0, 5.0  # before passages are sent to a busy endpoint again
_MOST_BYTES = 32_000_000  # 64 vectors of 4,096 numbers are 6 MB
_SAID = SAID | {
    "no answer in time": "{who} did not answer in time; try again, or look in its log if it is yours",
    "not allowed": "{who} does not allow this key to use the embedding {model} ({status}); "
    "choose another DATELINE_EMBED_MODEL, or ask whoever the account belongs to",
    "no such model": "{who} has no embedding {model} at that address ({status}); "
    "check DATELINE_EMBED_MODEL and OPENAI_BASE_URL",
    "text too long": "{who} does not take texts that long with {model} ({status}); "
    "choose another DATELINE_EMBED_MODEL",
    "too many requests": "{who} takes no more requests for now ({status}); try again in a minute",
    "request refused": "{who} refused the request ({status}); "
    "check that OPENAI_BASE_URL and DATELINE_EMBED_MODEL belong together",
    "endless answer": "{who} sent far more than vectors; choose another DATELINE_EMBED_MODEL",
    "no vectors": "{who} did not give one vector a text; choose another DATELINE_EMBED_MODEL",
}
_NAMELESS = "unknown"  # what LlamaIndex calls a model that was given no name
_OF_STATUS = {404: "no such model", 405: "no such model", 413: "text too long"}


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
        return self._asked(texts, _ARTICLE_SECONDS, _ARTICLE_TRIES) if texts else _NONE

    def embed_question(self, question: str) -> Vectors:
        """Embed a question, asked once and for five seconds; EmbeddingUnavailableError as `embed`."""
        vector: Vectors = self._asked([question], _QUESTION_SECONDS, _QUESTION_TRIES)[0]
        return vector

    def _asked(self, texts: Sequence[str], timeout_seconds: float, tries: int) -> Vectors:
        """Ask within a time for all of it, and read the reply."""
        import openai.resources.embeddings  # takes half a second, which is not the endpoint's time

        trusted, deadline = self._trust, Deadline(timeout_seconds)
        try:
            reply = deadline.within(lambda: self._reply(deadline, trusted, texts, tries))
        except (openai.OpenAIError, TimeoutError) as error:
            status = status_of(error)
            kind = _kind_of_status(status, error) if status else kind_of_connection(names_of(error), False)
            raise self._unavailable(kind, status) from None  # the cause may hold the key, or an article
        found = _read(reply)
        if found is None:
            raise self._unavailable("not understood")
        vectors = _unit(found, len(texts))
        if vectors is None:
            raise self._unavailable("no vectors")
        return vectors

    def _reply(self, deadline: Deadline, trusted: ssl.SSLContext, texts: Sequence[str], tries: int) -> bytes:
        """Give the body of the reply; ask again where that may help and there is time."""
        import openai

        from index.wire import Wanted, client

        wanted = Wanted("application/json", _MOST_BYTES)
        with client(deadline, trusted, self._api_key, wanted) as http:
            asked = openai.OpenAI(
                api_key=self._api_key or "none",  # the wire sends none
                base_url=self._base_url,
                max_retries=0,
                http_client=http,
            )
            while True:
                tries -= 1
                try:
                    return asked.embeddings.with_raw_response.create(
                        input=list(texts), model=self._model, encoding_format="float"
                    ).content
                except openai.OpenAIError as error:
                    wait = again(error, _LONGEST_WAIT_SECONDS, _BUSY_SECONDS)
                    if not tries or wait is None or not deadline.pause(wait):
                        raise

    def _unavailable(self, kind: str, status: int | None = None) -> EmbeddingUnavailableError:
        """Make the error of a kind of trouble: what happened, and what to do."""
        said = _SAID.get(kind, _SAID["not understood"])
        who = f"the server at {urlsplit(self._base_url).netloc}"
        return EmbeddingUnavailableError(said.format(who=who, model=self._model, status=status))

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        from index.wire import trust

        return trust()


def _kind_of_status(status: int, error: BaseException) -> str:
    return _OF_STATUS.get(status) or kind_of_status(status, said_by(error))


def _read(reply: bytes) -> list[Sequence[float]] | None:
    """Read the vectors of a reply in the order of the texts; None where it is not in OpenAI's protocol."""
    try:
        ordered = sorted(json.loads(reply)["data"], key=lambda one: int(one["index"]))
        return [one["embedding"] for one in ordered]
    except (KeyError, TypeError, ValueError, RecursionError):
        return None


class LlamaIndexEmbedding:
    """Any embedding object of LlamaIndex, with its own settings; what it gives is scaled to length one."""

    unrelated = None
    pinned = False

    def __init__(self, model: BaseEmbedding) -> None:
        """Take the object; its class and the name of its model are its identity.

        TypeError where it has no such name: two models must not pass for one.
        """
        kind = f"{type(model).__module__}.{type(model).__qualname__}"
        size = getattr(model, "dimensions", None)
        if model.model_name in ("", _NAMELESS):
            raise TypeError(f"{kind} does not say which model it is; make it with model_name=...")
        self.identity = f"{kind}:{model.model_name}" + (f" dimension {size}" if size else "")
        self._model = model

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed passages, shape (texts, dimension); EmbeddingUnavailableError where the object fails."""
        if not texts:
            return _NONE
        found = self._tried(lambda: self._model.get_text_embedding_batch(list(texts)))
        return self._scaled(found, len(texts))

    def embed_question(self, question: str) -> Vectors:
        """Embed a question in the way the model has for questions; EmbeddingUnavailableError as `embed`."""
        found = self._tried(lambda: self._model.get_query_embedding(question))
        vector: Vectors = self._scaled([found], 1)[0]
        return vector

    def _scaled(self, found: Sequence[Sequence[float]], count: int) -> Vectors:
        vectors = _unit(found, count)
        if vectors is None:
            raise EmbeddingUnavailableError(f"the embedding {self.identity} did not give one vector a text")
        return vectors

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


def _unit(found: Sequence[Sequence[float]], count: int) -> Vectors | None:
    """Scale vectors to length one; None for a wrong number of them, or no numbers.

    >>> _unit([[3, 4]], 1).round(1).tolist()
    [[0.6000000238418579, 0.800000011920929]]
    """
    try:
        vectors = np.array(found, np.float64)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    except (ValueError, TypeError):
        return None
    if len(vectors) != count or not np.isfinite(lengths).all() or not (lengths > 0).all():
        return None
    return np.asarray(vectors / lengths, np.float32)
