"""The reply of a model: its words as they come, until it ends, fails, is stopped, or its time is over."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import TYPE_CHECKING, Any

from assistant.faults import Asked, ModelError, tell
from assistant.types import Usage
from index.deadline import Deadline

if TYPE_CHECKING:
    from llama_index.core.llms import ChatResponse

_CHARACTERS_A_TOKEN = 8  # twice what English takes: whoever writes more does not keep to the limit
_BEAT_SECONDS = 1.0  # between two pieces, empty or not
_USAGE_SECONDS = 1.0  # waited for the count of tokens once the answer is complete
_LENGTH = {"length", "max_tokens", "MAX_TOKENS"}  # OpenAI and Ollama, Anthropic, Google
_FINISHES = ("finish_reason", "stop_reason", "done_reason")  # OpenAI and Google, Anthropic, Ollama


@dataclass(frozen=True, slots=True)
class Ended:
    """The answer is complete; a count of tokens may follow."""

    finished: str


class Call(Deadline):
    """One question to a model under way: how long it may take, and how to stop it from outside."""

    def __init__(self, asked: Asked, timeout_seconds: float) -> None:
        """Start the clock."""
        super().__init__(timeout_seconds)
        self.asked = asked


class Reply:
    """What a model writes, piece by piece, within the time of its call.

    Iterating gives an empty piece once a second while nothing comes, so that who reads can show that it goes
    on, or stop it; it raises ModelError where the model fails. `close()`, leaving its `with`, and dropping it
    stop the model. After the last piece `finished` is "stop", or "length" where the model ran out of room.
    """

    def __init__(self, call: Call, pieces: SimpleQueue[str | Ended | Usage | ModelError]) -> None:
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
            piece = self._pieces.get(timeout=max(0.0, min(_BEAT_SECONDS, self._call.remaining_seconds)))
        except Empty:
            if not self._call.over:
                return ""
            piece = self._late()
        if isinstance(piece, ModelError) and self._call.remaining_seconds <= 0:
            piece = self._late()  # what the thread met when its time was over
        if isinstance(piece, str):
            self.text += piece
            self._heard = time.monotonic()
            return piece
        if isinstance(piece, Ended):
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
        if self.text:
            kind = "stalled" if ends - self._heard > (ends - call.began) / 4 else "too slow"
        else:
            kind = "only pings" if call.received else "no answer in time"
        return tell(kind, call.asked, seconds=f"{ends - call.began:.0f} s")

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


class Heard:
    """What a model has sent so far: its words, and whether it says that they are all."""

    def __init__(self, call: Call, limit_tokens: int) -> None:
        """Take the call it belongs to, and how much the model may write."""
        self.text = ""
        self._call, self._limit = call, limit_tokens * _CHARACTERS_A_TOKEN
        self._openai = self._chosen = self._refused = False
        self._finish = ""
        self._tokens: tuple[int | None, int | None] = (None, None)

    def pieces(self, responses: Iterator[ChatResponse]) -> Iterator[str | Ended]:
        """Yield each piece, and one Ended as soon as the answer is complete."""
        ended = False
        for response in responses:
            self._call.check()
            piece = self._take(response)
            self.text += piece
            if piece and not ended:
                yield piece
            if not ended and len(self.text) > self._limit:
                yield Ended("length")
                return
            if not ended and self._openai and self._finish:
                ended = True
                yield self._ending()
        if not ended:
            yield self._ending()

    def usage(self) -> Usage:
        """Give what it took until now, as far as the model says."""
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

    def _ending(self) -> Ended:
        """Say how the answer ended; ModelError where that is not the end of an answer."""
        if self._refused:
            raise ModelError("refused by filter")
        if self._openai and not self._chosen:
            raise ModelError("no choices")
        if self._openai and not self._finish and self.text:
            raise ModelError("unfinished")
        if not self.text.strip():
            raise ModelError("no room" if self._finish in _LENGTH else "no words")
        return Ended("length" if self._finish in _LENGTH else "stop")


def _field(of: Any, name: str) -> Any:  # noqa: ANN401 - what each library calls raw is its own affair
    return of.get(name) if isinstance(of, dict) else getattr(of, name, None)


def _count(of: Any, *names: str) -> int | None:  # noqa: ANN401
    return next((found for name in names if isinstance(found := _field(of, name), int)), None)
