"""The model that writes: one interface over the endpoint of the settings and any LLM object of LlamaIndex."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cache
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assistant.faults import ModelError, explain
from assistant.settings import OPENAI, TIMEOUT_SECONDS, Settings

if TYPE_CHECKING:
    from llama_index.core.llms import LLM, ChatResponse

__all__ = ["Call", "Model", "ModelError", "Reply", "Usage"]

_CONTEXT_TOKENS = 4096  # of an LLM object that does not say
_CHARACTERS_A_TOKEN = 8  # twice what English takes: whoever writes more does not keep to the limit
_USAGE_SECONDS = 1.0  # waited for the count of tokens once the answer is complete
_LENGTH = {"length", "max_tokens", "MAX_TOKENS"}  # OpenAI and Ollama, Anthropic, Google


@dataclass(frozen=True, slots=True)
class Usage:
    """What one answer took; tokens are None where the model does not say."""

    input_tokens: int | None
    output_tokens: int | None
    seconds: float


class Call:
    """One question to a model under way: how long it may take, and how to stop it from outside."""

    def __init__(self, who: str, timeout_seconds: float) -> None:
        """Start the clock."""
        self.who = who
        self.received = 0  # bytes, where they can be counted
        self.began = time.monotonic()
        self._ends = self.began + timeout_seconds
        self._stopped = threading.Event()
        self._sockets: list[socket.socket] = []
        self._holding = threading.Lock()

    @property
    def remaining_seconds(self) -> float:
        """Give what is left of its time; negative when it is over."""
        return self._ends - time.monotonic()

    @property
    def over(self) -> bool:
        """Say whether it was stopped, or its time is over."""
        return self._stopped.is_set() or self.remaining_seconds <= 0

    def pause(self, seconds: float) -> bool:
        """Wait, unless that takes longer than is left; say whether there is a point in going on."""
        return seconds < self.remaining_seconds and not self._stopped.wait(seconds)

    def check(self) -> None:
        """Raise TimeoutError when it is over."""
        if self.over:
            raise TimeoutError

    def hold(self, connection: socket.socket) -> None:
        """Take a duplicate of a connection, to be shut down when the call is stopped."""
        with self._holding:
            self._sockets.append(connection)
            if self.over:
                _shut(connection)

    def stop(self) -> None:
        """End the call: a thread that waits for its connection wakes at once."""
        with self._holding:
            self._stopped.set()
            for connection in self._sockets:
                _shut(connection)

    def release(self) -> None:
        """Close what was held; the thread that calls does so when it has ended."""
        with self._holding:
            while self._sockets:
                self._sockets.pop().close()


def _shut(connection: socket.socket) -> None:
    with suppress(OSError):  # closed already by the other side
        connection.shutdown(socket.SHUT_RDWR)


Ask = Callable[[Call, str, str, int], "Generator[ChatResponse, None, None]"]


class Reply:
    """What a model writes, piece by piece, within the time of its call.

    Iterating raises ModelError where the model fails. `close()`, leaving its `with`, and dropping it stop the
    model. After the last piece `finished` is "stop", or "length" where the model ran out of room.
    """

    def __init__(self, call: Call, pieces: SimpleQueue[str | _Ended | Usage | ModelError]) -> None:
        """Take the call, and what its thread puts."""
        self.text = ""
        self.finished = ""
        self._call, self._pieces = call, pieces
        self._usage: Usage | None = None
        self._heard = call.began

    def __iter__(self) -> Reply:
        """Give itself: a reply is read once."""
        return self

    def __next__(self) -> str:
        """Give the next piece; ModelError where there is none and the answer is not complete."""
        if self._usage is not None:
            raise StopIteration
        try:
            piece = self._pieces.get(timeout=max(0.0, self._call.remaining_seconds))
        except Empty:
            piece = self._late()
        if isinstance(piece, ModelError) and self._call.remaining_seconds <= 0:
            piece = self._late()  # what the thread met when its time was over
        if isinstance(piece, str):
            self.text += piece
            self._heard = time.monotonic()
            return piece
        if isinstance(piece, _Ended):
            self.finished = piece.finished
            with suppress(Empty):
                piece = self._pieces.get(timeout=max(0.0, min(_USAGE_SECONDS, self._call.remaining_seconds)))
        self._end(piece if isinstance(piece, Usage) else None)
        if isinstance(piece, ModelError) and not self.finished:
            piece.partial = self.text
            raise piece
        raise StopIteration

    @property
    def usage(self) -> Usage:
        """Give what the answer took, or has taken until now."""
        return self._usage or Usage(None, None, time.monotonic() - self._call.began)

    def close(self) -> None:
        """Stop the model; what was read stays."""
        self._end(None)

    def _end(self, usage: Usage | None) -> None:
        self._usage = self._usage or usage or self.usage
        self._call.stop()

    def _late(self) -> ModelError:
        """Say in which way the time ran out."""
        call, ends = self._call, time.monotonic()
        seconds = f"{ends - call.began:.0f} s"
        if self.text and ends - self._heard > (ends - call.began) / 4:
            kind, what = "stalled", f"stopped in the middle of its answer and had not gone on after {seconds}"
        elif self.text:
            kind, what = "too slow", f"was still writing after {seconds}"
        elif call.received:
            kind, what = "only pings", f"held the line for {seconds} without a word"
        else:
            kind, what = "no answer in time", f"did not answer within {seconds}"
        return ModelError(kind, f"{call.who} {what}; ask again, or set DATELINE_TIMEOUT_SECONDS higher")

    def __enter__(self) -> Reply:
        """Give itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the model."""
        self.close()

    def __del__(self) -> None:
        """Stop the model when nobody reads on."""
        self._call.stop()


class Model:
    """A model that writes; safe to share between threads."""

    def __init__(
        self, name: str, context_tokens: int, who: str, timeout_seconds: float, opened: Callable[[], Ask]
    ) -> None:
        """Take what gives the way to ask, which is called before the first question; see the two makers."""
        self.name = name
        self.context_tokens = context_tokens
        self._who, self._timeout_seconds = who, timeout_seconds
        self._opened = cache(opened)

    @classmethod
    def from_settings(cls, settings: Settings) -> Model | None:
        """Make the model of OPENAI_API_KEY and OPENAI_BASE_URL; None where neither is set.

        What it needs is imported at the first question: that takes two seconds, and many never ask it.
        """
        if not settings.api_key and not settings.base_url:
            return None

        def opened() -> Ask:
            from assistant.endpoint import Endpoint

            return Endpoint(settings)

        who = f"the server at {urlsplit(settings.base_url or OPENAI).netloc}"
        return cls(settings.model, settings.context_tokens, who, settings.timeout_seconds, opened)

    @classmethod
    def of(cls, llm: LLM, timeout_seconds: float = TIMEOUT_SECONDS) -> Model:
        """Take an LLM object of LlamaIndex, with its own settings; only what it writes too much is cut."""
        name, context_tokens = getattr(llm, "model", "") or type(llm).__name__, _CONTEXT_TOKENS
        with suppress(ValueError):  # an OpenAI model that LlamaIndex has not heard of
            name, context_tokens = llm.metadata.model_name or name, llm.metadata.context_window
        return cls(name, context_tokens, f"the model {name}", timeout_seconds, lambda: _Given(llm))

    def stream(self, system: str, user: str, *, limit_tokens: int) -> Reply:
        """Ask, and give the reply to be read as it is written; the time runs from now."""
        ask = self._opened()
        call = Call(self._who, self._timeout_seconds)
        pieces: SimpleQueue[str | _Ended | Usage | ModelError] = SimpleQueue()
        heard = _Heard(call, limit_tokens)

        def work() -> None:
            try:
                with closing(ask(call, system, user, limit_tokens)) as responses:
                    for piece in heard.pieces(responses):
                        pieces.put(piece)
                pieces.put(heard.usage())
            except BaseException as error:  # this thread's own edge: the reader hears of everything
                pieces.put(explain(error, call.who, self.name, bool(heard.text), isinstance(ask, _Given)))
            finally:
                call.release()

        threading.Thread(target=work, name="model", daemon=True).start()
        return Reply(call, pieces)

    def complete(self, system: str, user: str, *, limit_tokens: int) -> str:
        """Ask for something short, and wait for the whole of it."""
        with self.stream(system, user, limit_tokens=limit_tokens) as reply:
            return "".join(reply)


@dataclass(frozen=True, slots=True)
class _Ended:
    """The answer is complete; a count of tokens may follow."""

    finished: str


class _Given:
    """Asks an LLM object that was made by someone else."""

    def __init__(self, llm: LLM) -> None:
        self._llm = llm

    def __call__(self, call: Call, system: str, user: str, limit_tokens: int) -> Generator[ChatResponse]:
        from llama_index.core.llms import ChatMessage, MessageRole

        messages = [
            ChatMessage(role=MessageRole.SYSTEM, content=system),
            ChatMessage(role=MessageRole.USER, content=user),
        ]
        begun = False
        try:
            for response in self._llm.stream_chat(messages):
                begun = True
                yield response
        except NotImplementedError:  # many write in one piece only
            if begun:
                raise
            yield self._llm.chat(messages)


class _Heard:
    """What a model has sent so far: its words, and whether it says that they are all."""

    def __init__(self, call: Call, limit_tokens: int) -> None:
        self.text = ""
        self._call, self._limit = call, limit_tokens * _CHARACTERS_A_TOKEN
        self._openai = self._chosen = self._refused = False
        self._finish = ""
        self._tokens: tuple[int | None, int | None] = (None, None)

    def pieces(self, responses: Iterator[ChatResponse]) -> Iterator[str | _Ended]:
        """Yield each piece, and one _Ended as soon as the answer is complete."""
        ended = False
        for response in responses:
            self._call.check()
            piece = self._take(response)
            self.text += piece
            if piece and not ended:
                yield piece
            if not ended and len(self.text) > self._limit:
                yield _Ended("length")
                return
            if not ended and self._openai and self._finish:
                ended = True
                yield self._ending()
        if not ended:
            yield self._ending()

    def usage(self) -> Usage:
        return Usage(*self._tokens, time.monotonic() - self._call.began)

    def _take(self, response: ChatResponse) -> str:
        raw = response.raw
        choices = _field(raw, "choices")
        if isinstance(choices, list):
            self._openai, self._chosen = True, self._chosen or bool(choices)
        choice = choices[0] if choices else raw
        finish = next((f for name in _FINISHES if (f := _field(choice, name))), "")
        self._finish = str(getattr(finish, "name", finish)) or self._finish
        message = _field(choice, "delta") or _field(choice, "message")
        self._refused = self._refused or bool(_field(message, "refusal")) or self._finish == "content_filter"
        counts = _field(raw, "usage") or response.additional_kwargs
        self._tokens = (
            _count(counts, "prompt_tokens", "input_tokens") or self._tokens[0],
            _count(counts, "completion_tokens", "output_tokens") or self._tokens[1],
        )
        if response.delta is not None:
            return response.delta
        return (response.message.content or "")[len(self.text) :]

    def _ending(self) -> _Ended:
        """Say how the answer ended; ModelError where that is not the end of an answer."""
        who = self._call.who
        if self._refused:
            raise ModelError(
                "refused by filter", f"{who} refused to answer: its content filter; ask in other words"
            )
        if self._openai and not self._chosen:
            raise ModelError("no choices", f"{who} sent an answer with nothing in it; ask again")
        if self._openai and not self._finish and self.text:
            raise ModelError(
                "unfinished", f"{who} ended without saying that its answer is complete; ask again"
            )
        if not self.text.strip() and self._finish in _LENGTH:
            raise ModelError(
                "no room", f"{who} used up its tokens before it wrote a word; set DATELINE_MAX_TOKENS higher"
            )
        if not self.text.strip():
            raise ModelError(
                "no words", f"{who} ended without a word; ask again, or choose another DATELINE_MODEL"
            )
        return _Ended("length" if self._finish in _LENGTH else "stop")


_FINISHES = ("finish_reason", "stop_reason", "done_reason")  # OpenAI, Anthropic, Ollama


def _field(of: Any, name: str) -> Any:  # noqa: ANN401 - what each library calls raw is its own affair
    return of.get(name) if isinstance(of, dict) else getattr(of, name, None)


def _count(of: Any, *names: str) -> int | None:  # noqa: ANN401
    return next((found for name in names if isinstance(found := _field(of, name), int)), None)
