"""The rows of a Parquet file, read page by page, so that a file and its row groups may be of any size."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, BinaryIO

from index.characters import ExtractError
from index.sources.document import LARGEST_ROW
from index.tables.cells import CellRow, RowFailure
from index.tables.columns import candidates, require_text

if TYPE_CHECKING:
    from pyarrow import RecordBatch
    from pyarrow.parquet import ParquetFile

_MARK = b"PAR1"
_LARGEST_FOOTER = 64_000_000  # bytes; one of 10,000 columns and 100 row groups has some 50 million
_BATCH = 8_000_000  # bytes of cells at once
_MOST_AT_ONCE = 1024  # rows
_BUFFER = 1 << 20  # bytes read ahead of a column; without it a row group's columns are read whole
_MISSING = (
    'reading .parquet needs the package pyarrow; install it with: python -m pip install "dateline[parquet]"'
)


def parquet(file: BinaryIO, given: Mapping[str, str]) -> Iterator[CellRow | RowFailure]:
    """Read the rows of those columns that an article is made from.

    Raises ExtractError for what is no Parquet file with a column for the text, and where it is damaged.
    """
    _check_footer(file)
    table = _opened(file)
    names = table.schema_arrow.names
    require_text(names, given)
    import pyarrow

    wanted = {name for columns in candidates(names, given).values() for name in columns}
    number = 0
    try:
        for cells in _rows_of(table, wanted):
            number += 1
            yield CellRow(number, cells)
    except (pyarrow.ArrowException, OSError, MemoryError) as error:
        raise ExtractError(f"damaged, or too large, after row {number:,}: {_first_line(error)}") from error


def _rows_of(table: ParquetFile, wanted: set[str]) -> Iterator[dict[str, object]]:
    for group in range(table.metadata.num_row_groups):
        rows = _rows_at_once(table, group, wanted)
        for batch in table.iter_batches(rows, row_groups=[group], columns=sorted(wanted), use_threads=False):
            yield from _rows(batch, wanted)


def _check_footer(file: BinaryIO) -> None:
    """Refuse what is no Parquet file before any of it is believed."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(size - 8, 0))
    end = file.read(8)
    file.seek(0)
    if size == 0:
        raise ExtractError("empty")
    if file.read(2) == b"\x1f\x8b":
        raise ExtractError("Parquet within gzip; unpack it, for it is compressed in itself")
    file.seek(0)
    if file.read(4) != _MARK or end[4:] != _MARK:
        raise ExtractError("not a Parquet file, or one that is cut off")
    if int.from_bytes(end[:4], "little") > min(_LARGEST_FOOTER, size):
        raise ExtractError("its footer is damaged, or larger than any that is read")
    file.seek(0)


def _opened(file: BinaryIO) -> ParquetFile:
    """Open with one thread and the system's memory: other allocators reserve more than a parser may have."""
    os.environ["ARROW_DEFAULT_MEMORY_POOL"] = "system"  # read when pyarrow is imported
    try:
        import pyarrow
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise ExtractError(_MISSING) from error
    pyarrow.set_cpu_count(1)
    pyarrow.set_io_thread_count(1)
    try:
        return ParquetFile(file, pre_buffer=False, buffer_size=_BUFFER)
    except (pyarrow.ArrowException, OSError, MemoryError) as error:
        raise ExtractError(f"its footer is damaged: {_first_line(error)}") from error


def _rows_at_once(table: ParquetFile, group: int, wanted: set[str]) -> int:
    """Tell how many rows to read at once: few where they are large, as the file itself says."""
    described = table.metadata.row_group(group)
    chunks = (described.column(place) for place in range(described.num_columns))
    size = sum(
        chunk.total_uncompressed_size for chunk in chunks if chunk.path_in_schema.split(".")[0] in wanted
    )
    each = size // max(described.num_rows, 1)
    if each > 10 * LARGEST_ROW:
        raise ExtractError(f"rows of {each:,} bytes; those of one article have {LARGEST_ROW:,} at most")
    return int(max(1, min(_MOST_AT_ONCE, _BATCH // max(each, 1))))


def _rows(batch: RecordBatch, wanted: set[str]) -> Iterator[dict[str, object]]:
    """Give the cells of each row; of two columns with one name the first counts."""
    names = batch.schema.names
    columns = [(name, batch.column(names.index(name))) for name in wanted if name in names]
    values = [(name, _values(column)) for name, column in columns]
    for place in range(batch.num_rows):
        yield {name: column[place] for name, column in values}


def _values(column: Any) -> list[object]:  # noqa: ANN401  # an Array, whose methods pyarrow has no types for
    import pyarrow

    if pyarrow.types.is_timestamp(column.type) and column.type.unit == "ns":  # Python has none
        column = column.cast(pyarrow.timestamp("us", column.type.tz), safe=False)
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError, pyarrow.ArrowException, LookupError):
        return [_value(cell) for cell in column]


def _value(cell: Any) -> object:  # noqa: ANN401  # a Scalar
    """Read a cell by itself where one of its column is no value of Python: a day in the year 20000."""
    import pyarrow

    try:
        return cell.as_py()
    except (ValueError, OverflowError, pyarrow.ArrowException, LookupError):
        return str(cell.type)  # no date, and so said to be none


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
