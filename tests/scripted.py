"""A language model that writes what a test tells it to, piece by piece."""

from __future__ import annotations

import re
from collections.abc import Callable

from llama_index.core.llms import CompletionResponse, CustomLLM, LLMMetadata
from llama_index.core.llms.callbacks import llm_completion_callback
from pydantic import Field


class Scripted(CustomLLM):
    """Writes `script(prompt)`, `size` characters a piece, and keeps what it was asked in `prompts`."""

    script: Callable[[str], str]
    size: int = 7
    context_tokens: int = 8192
    prompts: list[str] = Field(default_factory=list)

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(context_window=self.context_tokens, num_output=800, model_name="scripted")

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: object) -> CompletionResponse:
        self.prompts.append(prompt)
        return CompletionResponse(text=self.script(prompt))

    @llm_completion_callback()
    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: object):  # noqa: ANN201
        self.prompts.append(prompt)
        text = self.script(prompt)
        for end in range(self.size, len(text) + self.size, self.size):
            yield CompletionResponse(text=text[:end], delta=text[end - self.size : end])


def handle_of(prompt: str, words: str) -> str:
    """Find the name of the sentence that holds some words, as the prompt gives it: qx1.2."""
    for line in prompt.splitlines():
        match = re.match(r"([a-z]{2}\d+\.\d+) ", line)
        if match and words in line:
            return match[1]
    raise AssertionError(f"no sentence of the prompt holds {words!r}")
