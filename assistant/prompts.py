"""What a model is asked: the words are the files of `prompts/`, filled in here to fit its context."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from assistant.in_words import dateline, day_in_words
from index.embed import count_tokens
from index.times import meant_days
from index.types import Passage

PROMPTS = Path(__file__).resolve().parent.parent / "prompts"
_TOKENS_A_TOKEN = 1.4  # other models' tokenizers may make more of a text than the bundled one
_BYTES_A_TOKEN = 4  # and the bundled one makes one token of any word over 100 characters
_LONGEST_TITLE, _LONGEST_SENTENCE = 160, 2_000  # characters shown; 256 tokens of news are about 1,200
_LEAST_SHOWN = 40  # characters of a sentence that is cut to the room there is
_MORE = " …"


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
    """Write as many passages as there is room for, in their order, and tell which those are; maybe none.

    Each has its handle, who reported it and when, its headline, and its sentences, each with its name. Of the
    first one goes in what has room, and what is overlong is cut, which " …" shows.
    """
    blocks: list[str] = []
    fitting: dict[str, Passage] = {}
    left = room_tokens - tokens(render("passages", passages="", nonce=nonce))
    for handle, passage in named.items():
        sentences = _sentences(handle, passage)
        block = _block(handle, passage, nonce, sentences)
        if not blocks and tokens(block) >= left:
            sentences = _fitting(sentences, left - tokens(_block(handle, passage, nonce, [])) - 1)
            block = _block(handle, passage, nonce, sentences)
        left -= tokens(block) + 1  # for the line between
        if left < 0 or not sentences:
            break
        blocks.append(block)
        fitting[handle] = passage
    return render("passages", passages="\n\n".join(blocks), nonce=nonce), fitting


def tokens(text: str) -> int:
    """Estimate what a text takes of a model's context, rather too much than too little."""
    size = len(text.encode("utf-8", "replace"))
    return max(int(count_tokens([text])[0] * _TOKENS_A_TOKEN), size // _BYTES_A_TOKEN) + 1


def _block(handle: str, passage: Passage, nonce: str, sentences: Sequence[str]) -> str:
    """Write a passage; on the line that the model trusts stands nothing of the article."""
    article = passage.article
    return render(
        "passage",
        nonce=nonce,
        handle=handle,
        reported=_line(dateline(article)),
        title=_shortened(_line(article.title), _LONGEST_TITLE),
        sentences="\n".join([*sentences, *_times(handle, passage, len(sentences))]),
    )


def _times(handle: str, passage: Passage, shown: int) -> list[str]:
    """Say which days "yesterday" and "on Friday" mean in the first sentences of a passage, in one line."""
    told = []
    for number, (start, end) in enumerate(passage.sentences[:shown], 1):
        words = passage.article.text[start:end]
        for one in meant_days(words, passage.article.spoken_day):
            said = _line(words[one.start : one.end])
            if str(one.interval.first.year) not in said:
                told.append(f"“{said}” in {handle}.{number} is {day_in_words(one.interval.first)}")
    return [f"Days: {'; '.join(told)}."] if told else []


def _sentences(handle: str, passage: Passage) -> list[str]:
    text = passage.article.text
    return [
        f"{handle}.{number} {_shortened(_line(text[start:end]), _LONGEST_SENTENCE)}"
        for number, (start, end) in enumerate(passage.sentences, 1)
    ]


def _fitting(sentences: Sequence[str], room_tokens: int) -> list[str]:
    """Take the sentences there is room for; the last one maybe cut."""
    kept: list[str] = []
    for sentence in sentences:
        if tokens(sentence) > room_tokens:
            cut = sentence
            while len(cut) > _LEAST_SHOWN and tokens(cut + _MORE) > room_tokens:
                cut = _shortened(cut, len(cut) * 3 // 4).removesuffix(_MORE)
            return [*kept, cut + _MORE] if len(cut) > _LEAST_SHOWN else kept
        room_tokens -= tokens(sentence)
        kept.append(sentence)
    return kept


def _shortened(text: str, limit_characters: int) -> str:
    """Cut a text, between words where it has any."""
    if len(text) <= limit_characters:
        return text
    cut = text[:limit_characters]
    return (cut.rsplit(" ", 1)[0] if " " in cut[limit_characters // 2 :] else cut) + _MORE


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
