"""How a CSV file is written: its encoding, what parts its cells, and how it quotes.

The `Sniffer` of Python's csv takes letters for delimiters where an article's text is in the cells, so each of
a few manners is tried, and the header and the number of cells tell which one it is.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from index.characters import ExtractError, encoding_of
from index.tables.columns import candidates

_MOST_TRIED = 200  # rows
_STEPS = 20  # of the share of rows that fit: what differs by less than a twentieth is as good
_MOSTLY = 0.7  # of every other byte is NUL where Western text is in UTF-16
_SLIPS = 1000  # one control character in so many is a slip, as index.characters has it
_CONTROLS = [bytes([code]) for code in (*range(9), *range(14, 27), *range(28, 32))]
_TELLING = 1 << 16  # bytes, beyond which a guess of the encoding becomes slow, not better


@dataclass(frozen=True, slots=True)
class Manner:
    """How a file is written.

    `escape` stands before a quotation mark that ends nothing; without one such a mark is doubled.
    """

    delimiter: str
    quoted: bool = True
    escape: str = ""

    def read(self, lines: Iterator[str]) -> Iterator[list[str]]:
        """Part lines into the cells of rows; csv.Error where that cannot be done."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quoting=csv.QUOTE_MINIMAL if self.quoted else csv.QUOTE_NONE,
            doublequote=not self.escape,
            escapechar=self.escape or None,
            strict=True,  # else a mark that is not closed takes in the rows after it, up to the next mark
        )


def encoding_by(start: bytes) -> str:
    """Name a file's encoding by its beginning. Raises ExtractError where that cannot be told."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    half = len(start) // 2
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if half and start[first::2].count(0) > _MOSTLY * half and not start[1 - first :: 2].count(0):
            return encoding
    if sum(map(start.count, _CONTROLS)) * _SLIPS > len(start):
        raise ExtractError("binary, not text")
    telling = b"\n".join(line for line in start.split(b"\n") if not line.isascii())
    return encoding_of(telling.replace(b"\0", b"")[:_TELLING])


def manner_by(shown: str, kind: str, given: Mapping[str, str], whole: bool) -> Manner:
    """Find the manner that a file is written in by its beginning; `whole` says that there is no more of it.

    It is the one in which most columns have names that are known, in which most rows have as many cells as
    the header, and in which those are most; of equals the first.
    """
    doubled, escaped = shown.count('""'), shown.count('\\"')
    escapes = ("",) if not escaped else ("", "\\") if doubled >= escaped else ("\\", "")
    manners = [
        manner
        for delimiter in ("\t,;|" if kind == ".tsv" else ",;\t|")
        for manner in (
            *(Manner(delimiter, escape=escape) for escape in escapes),
            *([Manner(delimiter, quoted=False)] if delimiter in "\t|" else []),
        )
    ]
    return max(manners, key=lambda manner: _merit(manner, shown, given, whole))


def _merit(manner: Manner, shown: str, given: Mapping[str, str], whole: bool) -> tuple[int, int, int]:
    rows = _tried(manner, shown)
    header, body = rows[0], rows[1:]
    if not whole and len(rows) <= _MOST_TRIED:
        body = body[:-1]  # cut off within it
    known = sum(map(bool, candidates(header, given).values()))
    fitting = sum(len(row) == len(header) for row in body) / len(body) if body else 1
    return known, round(fitting * _STEPS), len(header)


def _tried(manner: Manner, shown: str) -> list[list[str]]:
    """Read the first rows; what cannot be read is a row without cells."""
    reader = manner.read(iter(io.StringIO(shown, newline="")))
    rows: list[list[str]] = []
    while len(rows) <= _MOST_TRIED:
        try:
            rows.append(next(reader))
        except csv.Error:
            rows.append([])
        except StopIteration:
            break
    return rows or [[]]
