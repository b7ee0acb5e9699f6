"""Rows of tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from index.sources.document import LARGEST_ROW


@dataclass(frozen=True, slots=True)
class Row:
    """A row."""

    number: int
    name: str
    content: bytes


def rows_of(file: BinaryIO, kind: str, given: Mapping[str, str]) -> Iterator[Row]:
    """Yield rows."""
    from index.fields import row_name

    number = 0
    while line := file.readline(LARGEST_ROW + 1):
        number += 1
        if len(line) > LARGEST_ROW:
            yield Row(number, "", line)
            while line and not line.endswith(b"\n"):
                line = file.readline(LARGEST_ROW)
        elif line.strip():
            yield Row(number, row_name(line.strip()), line.strip())
