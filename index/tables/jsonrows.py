"""The rows of JSONL files, an object a line, and of JSON files, a list of objects."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator

from index.characters import ExtractError, decode, read_json
from index.sources.document import LARGEST_ROW
from index.tables.cells import CellRow, RowFailure, is_empty
from index.tables.columns import candidates
from index.tables.unpacking import AHEAD

LARGEST_JSON = 50_000_000  # bytes; it is read whole

_KINDS = {list: "a list", str: "a string", int: "a number", float: "a number", bool: "true or false"}
_TOO_LARGE = f"larger than {LARGEST_ROW:,} bytes"


def lines(file: io.BufferedReader) -> Iterator[CellRow | RowFailure]:
    """Read one JSON object a line, whatever the others hold; blank lines are none."""
    number = 0
    if file.peek(2)[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        file = io.BufferedReader(_Recoded(file), AHEAD)
    while line := file.readline(LARGEST_ROW + 1):
        number += 1
        if len(line) > LARGEST_ROW:
            yield RowFailure(number, "", _TOO_LARGE)
            _skip_line(file, line)
        elif line.strip():
            yield _row(number, line)
    if not number:
        raise ExtractError("empty")


def objects(file: io.BufferedReader) -> Iterator[CellRow | RowFailure]:
    """Read the objects of a list, of the one list of objects within an object, or an object alone.

    A file with an object a line is read as such. Raises ExtractError for any other, and for a large one.
    """
    if _is_lines(file):
        yield from lines(file)
        return
    content = file.read(LARGEST_JSON + 1)
    if len(content) > LARGEST_JSON:
        raise ExtractError(f"larger than {LARGEST_JSON:,} bytes; as .jsonl, an object a line, it may be")
    if not content.strip():
        raise ExtractError("empty")
    for place, item in enumerate(_listed(_loaded(content)), 1):
        yield CellRow(place, item) if isinstance(item, dict) else RowFailure(place, "", _not_object(item))


def _row(number: int, line: bytes) -> CellRow | RowFailure:
    try:
        row = _loaded(line)
    except ExtractError as error:
        return RowFailure(number, "", str(error))
    return CellRow(number, row) if isinstance(row, dict) else RowFailure(number, "", _not_object(row))


def _loaded(content: bytes) -> object:
    return read_json(decode(content.strip()))


def _listed(whole: object) -> list[object]:
    if isinstance(whole, list):
        return whole
    if not isinstance(whole, dict):
        raise ExtractError(f"neither a list of objects nor an object, but {_kind(whole)}")
    texts = [whole[name] for name in candidates(list(whole), {})["text"]]
    if any(isinstance(text, str) and not is_empty(text) for text in texts):
        return [whole]
    lists = {name: value for name, value in whole.items() if isinstance(value, list) and _has_objects(value)}
    if len(lists) > 1:
        shown = ", ".join(repr(name[:40]) for name in list(lists)[:20])
        raise ExtractError(f"an object with more than one list of objects: {shown}")
    return next(iter(lists.values()), [whole])


def _has_objects(values: list[object]) -> bool:
    return any(isinstance(value, dict) for value in values)


def _is_lines(file: io.BufferedReader) -> bool:
    """Tell whether a .json file has an object a line: the first line is one, and another follows."""
    first, _, rest = file.peek(AHEAD)[:AHEAD].strip().partition(b"\n")
    try:
        return rest.lstrip().startswith(b"{") and isinstance(_loaded(first), dict)
    except ExtractError:
        return False


def _not_object(value: object) -> str:
    return f"not a JSON object but {_kind(value)}"


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "null")


def _skip_line(file: io.BufferedReader, start: bytes) -> None:
    while start and not start.endswith(b"\n"):
        start = file.readline(LARGEST_ROW)


class _Recoded(io.RawIOBase):
    """A file in UTF-16 as UTF-8."""

    def __init__(self, file: io.BufferedReader) -> None:
        self.text = io.TextIOWrapper(file, "utf-16", errors="replace", newline="\n")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        content = self.text.read(len(buffer) // 4).encode("utf-8", "replace")  # a character has at most four
        buffer[: len(content)] = content
        return len(content)
