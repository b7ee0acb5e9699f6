"""The default model: an endpoint that speaks OpenAI's protocol, through LlamaIndex, on a wire of our own."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import httpx
import openai.resources.chat  # takes half a second, which openai would leave to the first request's own time
from llama_index.core.llms import ChatMessage, ChatResponse, MessageRole
from llama_index.llms.openai_like import OpenAILike

from assistant.faults import ModelError, again, refuses
from assistant.settings import OPENAI, Settings

if TYPE_CHECKING:
    from assistant.reply import Call

_CONNECT_SECONDS = 10.0
_LATER_SECONDS = 0.5  # the reader's own clock rings first
_MOST_BYTES = 16_000_000  # an answer of 800 tokens is a stream of 0.3 MB
_DOCUMENTS = {"text/html", "application/json"}

_logger = logging.getLogger(__name__)


class Endpoint:
    """Asks the endpoint of the settings: two requests a call at most, with what the settings name only."""

    def __init__(self, settings: Settings) -> None:
        """Take the settings, and trust what certifi, the system and SSL_CERT_FILE trust."""
        self._settings = settings
        self._counts = True  # until it turns out not to know stream_options
        self._trust = httpx.create_ssl_context(trust_env=False)
        self._trust.load_default_certs()
        # Its debugging lines hold the whole request, articles and all.
        logging.getLogger("openai._base_client").setLevel(logging.INFO)

    def __call__(self, call: Call, system: str, user: str, limit_tokens: int) -> Generator[ChatResponse]:
        """Yield what the model sends; ask once more where that may help and no word has come."""
        for last in (False, True):
            begun = False
            try:
                for response in self._request(call, system, user, limit_tokens):
                    begun = begun or bool(response.delta)
                    yield response
                return
            except Exception as error:
                wait = again(error)
                if self._counts and refuses(error, "stream_options"):
                    self._counts, wait = False, 0.0
                if last or begun or wait is None or not call.pause(wait):
                    raise
                _logger.info("asking the model again after %s", type(error).__name__)

    def _request(self, call: Call, system: str, user: str, limit_tokens: int) -> Iterator[ChatResponse]:
        wanted = self._settings
        address = wanted.base_url or OPENAI
        # What OpenAI's newer models call it, and what everyone else still does.
        options: dict[str, Any] = {
            "max_completion_tokens"
            if httpx.URL(address).host == httpx.URL(OPENAI).host
            else "max_tokens": limit_tokens
        }
        if self._counts:
            options["stream_options"] = {"include_usage": True}
        options["temperature"] = openai.omit if wanted.temperature is None else wanted.temperature
        with httpx.Client(transport=_Wire(call, wanted.api_key, self._trust), trust_env=False) as client:
            model = OpenAILike(
                model=wanted.model,
                api_base=address,
                api_key=wanted.api_key or "none",  # the wire sends none
                is_chat_model=True,
                context_window=wanted.context_tokens,
                max_retries=0,
                http_client=client,
            )
            messages = [
                ChatMessage(role=MessageRole.SYSTEM, content=system),
                ChatMessage(role=MessageRole.USER, content=user),
            ]
            yield from model.stream_chat(messages, **options)


class _Wire(httpx.BaseTransport):
    """One request: with our headers only, to be stopped from outside, within its call's time and a size."""

    def __init__(self, call: Call, key: str, trust: ssl.SSLContext) -> None:
        self._call, self._key = call, key
        self._inner = httpx.HTTPTransport(verify=trust, trust_env=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        seconds = max(0.0, self._call.remaining_seconds) + _LATER_SECONDS
        timeout = httpx.Timeout(seconds, connect=min(seconds, _CONNECT_SECONDS))
        headers = {
            "Accept": "text/event-stream",
            "Content-Type": "application/json",
            "User-Agent": "Dateline",
        }
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        # The openai client's own headers tell of this machine, and OPENAI_* variables can add more.
        ours = httpx.Request(
            request.method,
            request.url,
            headers=headers,
            content=request.read(),
            extensions={"timeout": timeout.as_dict(), "trace": self._trace},
        )
        response = self._inner.handle_request(ours)
        kind = response.headers.get("content-type", "").split(";")[0].strip().lower()
        if response.status_code < 300 and kind in _DOCUMENTS:
            response.close()
            raise ModelError("not a stream")
        assert isinstance(response.stream, httpx.SyncByteStream)
        return httpx.Response(
            response.status_code, headers=response.headers, stream=_Watched(response.stream, self._call)
        )

    def _trace(self, event: str, info: dict[str, Any]) -> None:
        """Note the connection as soon as there is one; httpcore calls this at every step."""
        if event == "connection.connect_tcp.complete":
            self._call.hold(info["return_value"].get_extra_info("socket").dup())

    def close(self) -> None:
        self._inner.close()


class _Watched(httpx.SyncByteStream):
    """The bytes of an answer, for as long as its call may last: what sends pings for ever ends too."""

    def __init__(self, stream: httpx.SyncByteStream, call: Call) -> None:
        self._stream, self._call = stream, call

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._stream:
            self._call.received += len(chunk)
            self._call.check()
            if self._call.received > _MOST_BYTES:
                raise ModelError("endless answer")
            yield chunk

    def close(self) -> None:
        self._stream.close()
