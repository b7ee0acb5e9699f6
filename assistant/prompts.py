"""What a model is asked, from the files of `prompts/`; no prompt stands in Python."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from assistant.markup import dateline
from index.embed import count_tokens
from index.types import Passage

PROMPTS = Path(__file__).resolve().parent.parent / "prompts"
_TOKENS_A_TOKEN = 1.4  # other models' tokenizers may make more of a text than the bundled one


def render(name: str, **values: str) -> str:
    """Fill in `prompts/<name>.md`; KeyError names a value it wants and was not given."""
    return _template(name).format(**values)


@lru_cache(maxsize=8)
def _template(name: str) -> str:
    return (PROMPTS / f"{name}.md").read_text(encoding="utf-8").strip()


def new_nonce() -> str:
    """Make a line that no article can know."""
    return f"=== {secrets.token_hex(6)}"


def passages_block(
    named: Mapping[str, Passage], nonce: str, room_tokens: int
) -> tuple[str, dict[str, Passage]]:
    """Write as many passages as there is room for, in their order, and tell which those are.

    Each has its handle, who reported it and when, its headline, and its sentences, each with its name.
    """
    blocks: list[str] = []
    fitting: dict[str, Passage] = {}
    for handle, passage in named.items():
        block = _block(handle, passage, nonce)
        room_tokens -= tokens(block)
        if room_tokens < 0 and fitting:
            break
        blocks.append(block)
        fitting[handle] = passage
        if room_tokens < 0:
            break
    return "\n\n".join([*blocks, f"{nonce} end of the passages"]), fitting


def tokens(text: str) -> int:
    """Estimate what a text takes of a model's context, rather too much than too little."""
    return int(count_tokens([text])[0] * _TOKENS_A_TOKEN) + 1


def _block(handle: str, passage: Passage, nonce: str) -> str:
    article = passage.article
    title = f": {_line(article.title)}" if article.title else ""
    head = f"{nonce} passage {handle}, {_line(dateline(article))}{title}"
    sentences = [
        f"{handle}.{number} {_line(article.text[start:end])}"
        for number, (start, end) in enumerate(passage.sentences, 1)
    ]
    return "\n".join([head, *sentences])


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
