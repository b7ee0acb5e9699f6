"""What readers think of answers: noted in a file beside the index, for whoever runs Dateline."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from filelock import FileLock, Timeout
from pydantic import Field, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from assistant.in_words import dateline, scope_in_words
from assistant.types import Turn
from index.types import Article, web_address
from page import words
from page.kept import KeptError, turn_of
from page.posted import Form, posted

if TYPE_CHECKING:
    from index.library import ArticleIndex

FILE = "feedback.jsonl"
LIMIT_BYTES = 10_000_000
_REASON_CHARACTERS = 1000
_WAIT_SECONDS = 2.0


class FeedbackError(RuntimeError):
    """A judgement could not be noted; the message is a sentence for the reader."""


class Thumb(Form):
    """A turn as it was kept, and what its reader thinks of the answer."""

    kept: str
    helpful: bool
    reason: Annotated[str, Field(max_length=_REASON_CHARACTERS)] = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reader thought of an answer, with what it takes to look into it.

    `answer_id` is the same for the same answer to the same question; `when` is a moment in ISO form, in UTC.
    """

    when: str
    answer_id: str
    question: str
    scope: str
    answer: str
    sources: tuple[str, ...]
    model: str
    helpful: bool
    reason: str


_JUDGEMENT = TypeAdapter(Judgement)


def feedback_routes(home: Path, index: ArticleIndex) -> list[Route]:
    """Serve POST /feedback, which notes a judgement in a file of the folder `home`."""

    def note_thumb(_: Request, sent: Thumb) -> Response:
        try:
            turn = turn_of(sent.kept, index)
            note(home, judgement(turn, sent.helpful, sent.reason))
        except KeptError as error:
            return PlainTextResponse(str(error), 400)
        except FeedbackError as error:
            return PlainTextResponse(str(error), 507)
        return JSONResponse({"noted": True})

    return [Route("/feedback", posted(Thumb, note_thumb), methods=["POST"])]


def judgement(turn: Turn, helpful: bool, reason: str) -> Judgement:
    """Put together what is noted of a judgement."""
    answer = turn.answer
    told = f"{turn.question}\n{answer.question}\n{scope_in_words(answer.scope)}\n{answer.text}"
    return Judgement(
        datetime.now(timezone.utc).isoformat(timespec="seconds"),
        hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:16],
        turn.question,
        scope_in_words(answer.scope),
        answer.text,
        tuple(_source(source.article) for source in answer.sources),
        answer.model,
        helpful,
        reason.strip(),
    )


def note(home: Path, judged: Judgement) -> None:
    """Add a judgement to the file; FeedbackError where it is full, or cannot be written.

    One whose line could not be written whole leaves the file as it was.
    """
    path = home / FILE
    line = json.dumps(asdict(judged), ensure_ascii=False).encode("utf-8", "replace") + b"\n"
    try:
        with FileLock(home / f"{FILE}.lock", timeout=_WAIT_SECONDS, mode=0o600), path.open("ab", 0) as file:
            if file.tell() + len(line) > LIMIT_BYTES:
                full = {"path": path.name, "megabytes": LIMIT_BYTES // 1_000_000}
                raise FeedbackError(words.FEEDBACK_FULL.format(**full))
            _append(file, line)
    except Timeout as error:
        raise FeedbackError(words.FEEDBACK_BUSY) from error
    except OSError as error:
        raise FeedbackError(words.FEEDBACK_FAILED.format(reason=error.strerror or error)) from error


def judgements(home: Path) -> list[Judgement]:
    """List the newest judgement of each answer, oldest first; ValueError names a line that is none."""
    newest: dict[str, Judgement] = {}
    for judged in _noted(home / FILE):
        newest.pop(judged.answer_id, None)
        newest[judged.answer_id] = judged
    return list(newest.values())


def _append(file: FileIO, line: bytes) -> None:
    before = file.tell()
    try:
        while line:
            line = line[file.write(line) :]
    except OSError:
        file.truncate(before)
        raise


def _noted(path: Path) -> Iterator[Judgement]:
    if not path.exists():
        return
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                yield _JUDGEMENT.validate_json(line)
            except ValidationError as error:
                raise ValueError(f"{path}, line {number}: this is no judgement") from error


def _source(article: Article) -> str:
    where = web_address(article.url) or article.source
    return f"{dateline(article)}: {article.title or article.label} ({where})"
