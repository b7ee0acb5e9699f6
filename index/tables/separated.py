"""The rows of a CSV or TSV file, which does not say how it is written."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping

from index.characters import ExtractError, encoding_of
from index.sources.document import LARGEST_ROW
from index.tables.cells import CellRow, RowFailure
from index.tables.columns import candidates, require_text
from index.tables.manners import Manner, encoding_by, manner_by
from index.tables.unpacking import AHEAD

_SHOWN = 1 << 18  # characters that show how a file is written
_SEPARATOR = re.compile(r"sep=.\r?\n")  # a first line that Excel reads and writes


def separated(file: io.BufferedReader, kind: str, given: Mapping[str, str]) -> Iterator[CellRow | RowFailure]:
    """Read the rows below a header, one after the other.

    Raises ExtractError for a file that is no table with a column for the text, and where a row does not end.
    """
    csv.field_size_limit(LARGEST_ROW)
    start = file.peek(AHEAD)[:AHEAD]
    if not start.strip():
        raise ExtractError("empty")
    encoding = encoding_by(start)
    errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
    text = io.TextIOWrapper(file, encoding, errors=errors, newline="")
    shown = start.decode(encoding, "replace")
    whole = len(start) < AHEAD and len(shown) <= _SHOWN
    shown = shown[:_SHOWN].removeprefix("\ufeff").replace("\0", "")
    if separator := _SEPARATOR.match(shown):
        text.readline()
    manner = manner_by(shown[separator.end() if separator else 0 :], kind, given, whole)
    yield from _records(_Lines(text), manner, given)


class _Lines:
    """The lines of a text, none longer than a row may be; `ended` when there is none left."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self.text = text
        self.number = 0
        self.ended = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self.text.readline(LARGEST_ROW + 1)
        self.number += 1
        if len(line) > LARGEST_ROW:
            raise ExtractError(
                f"line {self.number:,} has more than {LARGEST_ROW:,} characters; the rest is not read"
            )
        if not line:
            self.ended = True
            raise StopIteration
        return line.replace("\0", "")


def _records(lines: _Lines, manner: Manner, given: Mapping[str, str]) -> Iterator[CellRow | RowFailure]:
    reader = manner.read(lines)
    header = _header(reader)
    require_text(header, given)
    wanted = {name for names in candidates(header, given).values() for name in names}
    places = {header.index(name): name for name in wanted}  # of two columns with one name the first counts
    number = 0
    while not lines.ended:
        line = lines.number + 1
        row = _row(reader, line)
        if not isinstance(row, str) and not any(row):
            continue
        number += 1
        fault = row if isinstance(row, str) else _fault(row, len(header))
        if fault:
            yield RowFailure(number, "", f"{fault} (line {line:,})")
        else:
            yield CellRow(number, {name: row[place] for place, name in places.items()})


def _header(reader: Iterator[list[str]]) -> list[str]:
    try:
        return [name.strip() for name in _decoded(next(reader, []))]
    except csv.Error as error:
        raise ExtractError(f"its header cannot be read: {error}") from error


def _row(reader: Iterator[list[str]], line: int) -> list[str] | str:
    """Read the next row, or say what is wrong with it; after a fault, reading goes on with the next line."""
    try:
        row = next(reader, [])
    except csv.Error as error:
        if "field limit" not in str(error):
            return "its quotation marks do not pair up"
        raise ExtractError(
            f"a cell that begins on line {line:,} has more than {LARGEST_ROW:,} characters: a quotation mark "
            "there may not be closed; the rest is not read"
        ) from error
    try:
        return _decoded(row)
    except ExtractError as error:
        return str(error)


def _fault(row: list[str], width: int) -> str:
    """Say why a row is none of its table; where it has a cell too many, none can be told from another."""
    if len(row) < width or any(row[width:]):
        return f"{len(row):,} cells, where the header has {width:,}"
    return ""


def _decoded(row: list[str]) -> list[str]:
    """Read a row again that is not in UTF-8, though the beginning of its file was."""
    try:
        "".join(row).encode()
    except UnicodeEncodeError:
        raw = [cell.encode("utf-8", "surrogateescape") for cell in row]
        encoding = encoding_of(b"\n".join(raw))
        return [cell.decode(encoding, "replace") for cell in raw]
    return row
