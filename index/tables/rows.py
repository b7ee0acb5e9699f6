"""Tables of articles, a row an article: JSONL, JSON, CSV, TSV and Parquet, in one form for all of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import BinaryIO

from index.characters import ExtractError
from index.sources.document import LARGEST_ROW, NO_TEXT
from index.tables.cells import CellRow, RowFailure, article_fields, filled, row_name
from index.tables.columndates import DateColumn
from index.tables.columns import candidates, check, require_text
from index.tables.jsonrows import lines, objects
from index.tables.parquet import parquet
from index.tables.separated import separated
from index.tables.unpacking import unpacked

__all__ = ["Row", "RowFailure", "rows_of"]

_MOST_SAMPLED = 2_000  # rows, which show how a table writes its dates
_MOST_KEPT = 8_000_000  # characters of those


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table as one JSON object with our own nouns for keys, the same from every kind of table.

    `number` counts from 1, the lines of a .jsonl file, the rows below the header of others. `name` tells it
    from the other rows: its own address, else its title, else its text.
    """

    number: int
    name: str
    content: bytes


def rows_of(
    file: BinaryIO, kind: str, given: Mapping[str, str] | None = None, name: str = ""
) -> Iterator[Row | RowFailure]:
    """Read the rows of an open file that can be sought in; gzip is known by its first bytes.

    `given` names columns by noun, the others are guessed by their names. What a date such as 06/07/2020
    means the first 2,000 rows show, see `index.tables.columndates`. Raises ExtractError for a file that
    gives no row at all, and in the midst of one whose rest cannot be read. The log calls the table `name`.
    """
    given = given or {}
    check(given)
    records = _records(file, kind, given)
    sample = _sample(records)
    if not sample:
        raise ExtractError("no rows in it")
    found = [record for record in sample if isinstance(record, CellRow)]
    if found:
        require_text(list(dict.fromkeys(name for record in found for name in record.cells)), given)
    understand = _Understanding(given, found, name or f"a {kind} table")
    for record in chain(sample, records):
        yield record if isinstance(record, RowFailure) else understand.row(record)


class _Understanding:
    """How the rows of one table are understood: by which columns, and by the dates of the first of them."""

    def __init__(self, given: Mapping[str, str], sample: Sequence[CellRow], table: str) -> None:
        self.given = tuple(sorted(given.items()))
        self.is_named = not given.keys() & {"url", "title", "text"}
        self.dates = {
            noun: DateColumn(noun, table, self._values(sample, noun)) for noun in ("published", "modified")
        }

    def row(self, record: CellRow) -> Row | RowFailure:
        columns = _columns(tuple(record.cells), self.given)
        name = row_name(record.cells, columns, self.is_named)
        try:
            said = article_fields(record.cells, columns, record.number, self.dates)
            content = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        except ExtractError as error:
            return RowFailure(record.number, name, str(error))
        except UnicodeEncodeError:
            return RowFailure(record.number, name, NO_TEXT)
        if len(content) > LARGEST_ROW:
            return RowFailure(record.number, name, f"larger than {LARGEST_ROW:,} bytes")
        return Row(record.number, name, content)

    def _values(self, sample: Sequence[CellRow], noun: str) -> Iterator[object]:
        for record in sample:
            names = filled(record.cells, _columns(tuple(record.cells), self.given)[noun])
            yield from (record.cells[name] for name in names[:1])


@lru_cache(maxsize=8)  # the rows of a table have the same columns, but for JSONL
def _columns(names: tuple[str, ...], given: tuple[tuple[str, str], ...]) -> dict[str, tuple[str, ...]]:
    return candidates(names, dict(given))


def _records(file: BinaryIO, kind: str, given: Mapping[str, str]) -> Iterator[CellRow | RowFailure]:
    if kind == ".parquet":
        return parquet(file, given)
    opened = unpacked(file)
    if kind in {".csv", ".tsv"}:
        return separated(opened, kind, given)
    return lines(opened) if kind == ".jsonl" else objects(opened)


def _sample(records: Iterator[CellRow | RowFailure]) -> list[CellRow | RowFailure]:
    """Take the first rows, as many as can be kept."""
    sample: list[CellRow | RowFailure] = []
    kept = 0
    while len(sample) < _MOST_SAMPLED and kept < _MOST_KEPT:
        record = next(records, None)
        if record is None:
            break
        sample.append(record)
        if isinstance(record, CellRow):
            kept += sum(len(cell) for cell in record.cells.values() if isinstance(cell, (str, bytes)))
    return sample
