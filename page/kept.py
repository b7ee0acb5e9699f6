"""A turn as the browser keeps it: packed text in which articles are only named, and brought back."""

from __future__ import annotations

import base64
import json
import re
import zlib
from typing import TYPE_CHECKING

from assistant.record import from_named_record, to_named_record
from assistant.types import Turn
from index.types import Article
from page import words
from page.conversation import STOPPED
from page.references import version_of

if TYPE_CHECKING:
    from index.library import ArticleIndex

FORMAT = 1
MOST_TOGETHER = 800_000  # characters that are brought back together; the guard lets hardly more through
MOST_TURNS = 200  # that are brought back, or exported, together
_LIMIT_BYTES = 2_000_000  # unpacked; an answer that cites ten articles takes about 20,000
_LIMIT_CHARACTERS = 1_000_000  # packed
_SURROGATE = re.compile("[\ud800-\udfff]")  # half a character, which is no text
_FIELDS = {"format", "question", "answer"}


class KeptError(ValueError):
    """A turn cannot be brought back; the message is a sentence for the reader.

    `question` is what was asked, "" where not even that can be read.
    """

    def __init__(self, reason: str, question: str = "") -> None:
        """Say why, and which question it was."""
        super().__init__(reason)
        self.question = question


class _GoneError(Exception):
    """An article is not in the index, or this version of it."""


def kept(turn: Turn) -> str:
    """Pack a turn as text of A-Z, a-z, 0-9, - and _ that `turn_of` brings back equal.

    What is no text, lone surrogates of a question, becomes a question mark.
    """
    data = {"format": FORMAT, "question": turn.question, "answer": to_named_record(turn.answer)}
    packed = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return base64.urlsafe_b64encode(zlib.compress(packed, 9)).decode("ascii").rstrip("=")


def turn_of(kept: str, index: ArticleIndex) -> Turn:
    """Bring a turn back with the articles of the index; KeptError where that cannot be done.

    None of it is taken on trust: whoever wrote it, what is quoted are the words of articles in the index.
    """
    question, record = _read(_unpacked(kept))
    try:
        answer = from_named_record(record, lambda *name: _article(index, *name))
    except _GoneError as error:
        raise KeptError(words.KEPT_GONE, question) from error
    except ValueError as error:
        raise KeptError(words.KEPT_FORGED.format(reason=error), question) from error
    if answer.status not in ("", STOPPED):  # it would be under way for ever
        raise KeptError(words.KEPT_DAMAGED, question)
    return Turn(question, answer)


def _unpacked(kept: str) -> bytes:
    """Unpack text, but never more of it than the limit."""
    if len(kept) > _LIMIT_CHARACTERS:
        raise KeptError(words.KEPT_TOO_LARGE)
    unpacking = zlib.decompressobj()
    try:
        packed = base64.b64decode(kept + "=" * (-len(kept) % 4), b"-_", validate=True)
        written = unpacking.decompress(packed, _LIMIT_BYTES + 1)
    except (ValueError, zlib.error) as error:
        raise KeptError(words.KEPT_DAMAGED) from error
    if len(written) > _LIMIT_BYTES:
        raise KeptError(words.KEPT_TOO_LARGE)
    if not unpacking.eof or unpacking.unused_data:
        raise KeptError(words.KEPT_DAMAGED)
    return written


def _read(written: bytes) -> tuple[str, object]:
    """Read the question, which is text, and the record of the answer, which may be anything."""
    try:
        data = json.loads(written.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise KeptError(words.KEPT_DAMAGED) from error
    if not isinstance(data, dict) or "format" not in data:
        raise KeptError(words.KEPT_DAMAGED)
    if data["format"] != FORMAT:
        raise KeptError(words.KEPT_OTHER_FORMAT)
    question = data.get("question")
    if set(data) != _FIELDS or not isinstance(question, str) or _SURROGATE.search(question):
        raise KeptError(words.KEPT_DAMAGED)
    return question, data["answer"]


def _article(index: ArticleIndex, article_id: str, version: str) -> Article:
    try:
        return version_of(index, article_id, version)[0]
    except KeyError as error:
        raise _GoneError from error
