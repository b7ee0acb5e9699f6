"""The model that writes: one interface over the endpoint of the settings and any LLM object of LlamaIndex."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Generator
from contextlib import closing, suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant.faults import Asked, ModelError, explain
from assistant.reply import Call, Ended, Heard, Reply
from assistant.settings import OPENAI, TIMEOUT_SECONDS, Settings
from assistant.types import Usage

if TYPE_CHECKING:
    from llama_index.core.llms import LLM as LLM
    from llama_index.core.llms import ChatResponse

__all__ = ["Model", "ModelError", "Reply", "Usage"]

_CONTEXT_TOKENS = 4096  # of an LLM object that does not say

_logger = logging.getLogger(__name__)

Ask = Callable[[Call, str, str, int], "Generator[ChatResponse, None, None]"]


class Model:
    """A model that writes; safe to share between threads."""

    def __init__(
        self, asked: Asked, context_tokens: int, timeout_seconds: float, opened: Callable[[], Ask]
    ) -> None:
        """Take what gives the way to ask, which is called before the first question; see the two makers."""
        self.name = asked.model
        self.context_tokens = context_tokens
        self.asked, self._timeout_seconds = asked, timeout_seconds
        self._open = opened
        self._ask: Ask | None = None
        self._opening = threading.Lock()

    @classmethod
    def from_settings(cls, settings: Settings) -> Model | None:
        """Make the model of OPENAI_API_KEY and OPENAI_BASE_URL; None where neither is set.

        What it needs is imported at the first question, or by `prepare`: that takes two seconds, and many
        never ask it.
        """
        if not settings.api_key and not settings.base_url:
            return None

        def opened() -> Ask:
            from assistant.endpoint import Endpoint

            return Endpoint(settings)

        asked = Asked(f"the server at {urlsplit(settings.base_url or OPENAI).netloc}", settings.model)
        return cls(asked, settings.context_tokens, settings.timeout_seconds, opened)

    @classmethod
    def of(cls, llm: LLM, timeout_seconds: float = TIMEOUT_SECONDS) -> Model:
        """Take an LLM object of LlamaIndex, with its own settings; only what it writes too much is cut.

        TypeError for anything else.
        """
        if not hasattr(llm, "stream_chat"):
            raise TypeError(f"llm must be an LLM of LlamaIndex, not {type(llm).__name__}")
        name, context_tokens = getattr(llm, "model", "") or type(llm).__name__, _CONTEXT_TOKENS
        with suppress(ValueError):  # an OpenAI model that LlamaIndex has not heard of
            name, context_tokens = llm.metadata.model_name or name, llm.metadata.context_window
        asked = Asked(f"the model {name}", name, given=True)
        return cls(asked, context_tokens, timeout_seconds, lambda: _given(llm))

    def stream(
        self, system: str, user: str, *, limit_tokens: int, timeout_seconds: float | None = None
    ) -> Reply:
        """Ask, and give the reply to be read as it is written.

        The time is what the settings allow, or less where `timeout_seconds` is less. It begins when there is
        something to ask with: where that was not prepared, the first question imports it, for two seconds.
        """
        ask = self._opened()
        own = self._timeout_seconds
        call = Call(self.asked, own if timeout_seconds is None else min(own, timeout_seconds))
        heard = Heard(call, limit_tokens)
        pieces: SimpleQueue[str | Ended | Usage | ModelError] = SimpleQueue()

        def work() -> None:
            try:
                with closing(ask(call, system, user, limit_tokens)) as responses:
                    for piece in heard.pieces(responses):
                        pieces.put(piece)
                pieces.put(heard.usage())
            except BaseException as error:  # this thread's own edge: the reader hears of everything
                pieces.put(explain(error, call.asked, bool(heard.text)))
            finally:
                call.release()

        threading.Thread(target=work, name="model", daemon=True).start()
        return Reply(call, pieces)

    def prepare(self) -> None:
        """Open the way to ask, in a thread, before there is a question: its import takes seconds.

        A question that comes meanwhile waits for it. What goes wrong goes to the log, and goes wrong again
        at the first question, which tells its reader.
        """

        def work() -> None:
            try:
                self._opened()
            except Exception as error:  # this thread's own edge
                _logger.warning("%s cannot be asked: %s", self.asked.who, error)

        threading.Thread(target=work, name="preparing", daemon=True).start()

    def _opened(self) -> Ask:
        """Give the way to ask, made once, even where two threads have the first question."""
        with self._opening:
            if self._ask is None:
                self._ask = self._open()
            return self._ask


def _given(llm: LLM) -> Ask:
    """Ask an LLM object that was made by someone else."""
    from llama_index.core.llms import ChatMessage, MessageRole

    def ask(call: Call, system: str, user: str, limit_tokens: int) -> Generator[ChatResponse]:
        messages = [
            ChatMessage(role=MessageRole.SYSTEM, content=system),
            ChatMessage(role=MessageRole.USER, content=user),
        ]
        begun = False
        try:
            for response in llm.stream_chat(messages):
                begun = True
                yield response
        except NotImplementedError:  # many write in one piece only
            if begun:
                raise
            yield llm.chat(messages)

    return ask
