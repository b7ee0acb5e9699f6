"""Files that hold many documents: the rows of a table, the pages of an archive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import PurePath
from typing import BinaryIO

from index.characters import ExtractError
from index.confined import Parsers
from index.sources.document import Document, Found, Repeated, row_key
from index.sources.source import Source
from index.tables.cells import RowFailure
from index.types import Failure

_PLAIN = (".jsonl", ".json", ".csv", ".tsv")
TABLES = frozenset({*_PLAIN, *(f"{kind}.gz" for kind in _PLAIN), ".parquet"})
_MOST_FAILED = 100  # rows told one by one; a table that is none has a line for each
_MOST_ROWS = 5_000_000
ARCHIVES = frozenset({".warc", ".warc.gz"})
PAGES = {  # by the type a server gave
    "": ".html",
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
}


def kind_of(name: str) -> str:
    """Tell a file's kind by its name, "" for none.

    >>> kind_of("News.CSV"), kind_of("news.jsonl.gz"), kind_of("README")
    ('.csv', '.jsonl.gz', '')
    """
    suffixes = [suffix.lower() for suffix in PurePath(name).suffixes]
    return "".join(suffixes[-2:] if suffixes[-1:] == [".gz"] else suffixes[-1:])


def rows(file: BinaryIO, key: str, kind: str, source: Source, parsers: Parsers) -> Iterator[Found]:
    """Yield the rows of a table as they are read by another process; a Failure where that ends early."""
    seen: Counter[str] = Counter()
    failed = 0
    try:
        for row in parsers.stream("rows", kind.removesuffix(".gz"), dict(source.columns), key, file=file):
            if row.number > _MOST_ROWS:
                yield Failure(key, f"more than {_MOST_ROWS:,} rows; the others were not read")
                return
            place = row_key(key, row.name, row.number)
            seen[place] += 1
            place += f"-{seen[place]}" if seen[place] > 1 else ""
            if isinstance(row, RowFailure):
                failed += 1
                reason = f"row {row.number:,}: {row.reason}"
                yield Failure(place, reason) if failed <= _MOST_FAILED else Repeated(place)
            else:
                yield Document(place, source.root, ".jsonl", row.content, row.number, outlet=source.outlet)
    except ExtractError as error:
        yield Failure(key, str(error))
    if failed > _MOST_FAILED:
        yield Failure(key, f"{failed - _MOST_FAILED:,} more rows give no article, as those named")


def records(file: BinaryIO, key: str, source: Source, parsers: Parsers) -> Iterator[Document | Failure]:
    """Yield the pages of an archive as they are read by another process; a Failure where that ends early."""
    seen: Counter[str] = Counter()
    try:
        for number, record in enumerate(parsers.stream("records", file=file), 1):
            if isinstance(record, Failure):
                yield Failure(row_key(key, record.source, number), f"{record.source}: {record.reason}")
                continue
            place = row_key(key, record.address, number)
            seen[place] += 1
            place += f"-{seen[place]}" if seen[place] > 1 else ""
            yield Document(
                place,
                source.root,
                PAGES[record.media_type],
                record.content,
                number,
                record.address,
                record.charset,
                outlet=source.outlet,
            )
    except ExtractError as error:
        yield Failure(key, str(error))
