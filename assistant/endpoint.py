"""The default model: an endpoint that speaks OpenAI's protocol, through LlamaIndex, on a wire of our own."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import openai.resources.chat  # takes half a second, which openai would leave to the first request's own time
from llama_index.core.llms import ChatMessage, ChatResponse, MessageRole
from llama_index.llms.openai_like import OpenAILike

from assistant.faults import refuses
from assistant.settings import OPENAI, Settings
from index.troubles import again
from index.wire import Wanted, client, trust

if TYPE_CHECKING:
    from assistant.reply import Call

_LONGEST_WAIT_SECONDS = 5.0  # a reader waits this long for a busy endpoint, not longer
_STREAM = Wanted("text/event-stream", 16_000_000)  # an answer of 800 tokens is a stream of 0.3 MB

_logger = logging.getLogger(__name__)


class Endpoint:
    """Asks the endpoint of the settings: two requests a call at most, with what the settings name only."""

    def __init__(self, settings: Settings) -> None:
        """Take the settings, and trust what certifi, the system and SSL_CERT_FILE trust."""
        self._settings = settings
        self._counts = True  # until it turns out not to know stream_options
        self._trust = trust()

    def __call__(self, call: Call, system: str, user: str, limit_tokens: int) -> Generator[ChatResponse]:
        """Yield what the model sends; ask once more where that may help and no word has come."""
        for last in (False, True):
            begun, counted = False, self._counts
            try:
                for response in self._request(call, system, user, limit_tokens, counted):
                    begun = begun or bool(response.delta)
                    yield response
                return
            except Exception as error:
                wait = again(error, _LONGEST_WAIT_SECONDS)
                if counted and refuses(error, "stream_options"):
                    self._counts, wait = False, 0.0
                if last or begun or wait is None or not call.pause(wait):
                    raise
                _logger.info("asking the model again after %s", type(error).__name__)

    def _request(
        self, call: Call, system: str, user: str, limit_tokens: int, counted: bool
    ) -> Iterator[ChatResponse]:
        wanted = self._settings
        address = wanted.base_url or OPENAI
        # What OpenAI's newer models call it, and what everyone else still does.
        options: dict[str, Any] = {
            "max_completion_tokens"
            if urlsplit(address).hostname == urlsplit(OPENAI).hostname
            else "max_tokens": limit_tokens
        }
        if counted:
            options["stream_options"] = {"include_usage": True}
        options["temperature"] = openai.omit if wanted.temperature is None else wanted.temperature
        with client(call, self._trust, wanted.api_key, _STREAM) as http:
            model = OpenAILike(
                model=wanted.model,
                api_base=address,
                api_key=wanted.api_key or "none",  # the wire sends none
                is_chat_model=True,
                context_window=wanted.context_tokens,
                max_retries=0,
                http_client=http,
            )
            messages = [
                ChatMessage(role=MessageRole.SYSTEM, content=system),
                ChatMessage(role=MessageRole.USER, content=user),
            ]
            yield from model.stream_chat(messages, **options)
