"""What readers thought of answers: a file beside the index, a judgement a line, for whoever runs Dateline."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from io import FileIO
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

FILE = "feedback.jsonl"
LIMIT_BYTES = 10_000_000
_WAIT_SECONDS = 2.0
_FULL = "Nothing more can be noted: {path} has become {megabytes} MB large. Its owner can move it away."
_FAILED = "It could not be noted ({reason})."
_BUSY = "It could not be noted: another program holds the file. Try again."


class FeedbackError(RuntimeError):
    """A judgement could not be noted; the message is a sentence for the reader."""


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
                raise FeedbackError(_FULL.format(**full))
            _append(file, line)
    except Timeout as error:
        raise FeedbackError(_BUSY) from error
    except OSError as error:
        raise FeedbackError(_FAILED.format(reason=error.strerror or error)) from error


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
