"""The pages kept in a WARC file, as web crawlers and archives write them, record by record."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO

from index.characters import ExtractError
from index.types import Failure, web_address

if TYPE_CHECKING:
    from fastwarc.stream_io import WarcReader
    from fastwarc.warc import HeaderMap, WarcRecord

LARGEST_RECORD = 5_000_000  # bytes of what it holds, before and after its decompression
MEDIA_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain", "application/pdf"})

_MISSING = 'reading .warc needs the package FastWARC; install it with: python -m pip install "dateline[warc]"'
_NO_RECORD = "not a WARC file: no record was found in it"
_CUT_OFF = "cut off or damaged: not all of it is in the archive"
_TOO_LARGE = f"larger than {LARGEST_RECORD:,} bytes"
_MOST_DAMAGED = 100  # places of a file; each is looked over by itself
_STEP = 1 << 20  # bytes read at once where the next record is looked for
_START, _COMPRESSED_START = b"\nWARC/", b"\x1f\x8b\x08"  # of a record; of one in a gzip member of its own
_CHUNK_SIZE = re.compile(rb"[0-9a-fA-F]{1,8}[ \t]*(?:;[^\r\n]{0,200})?\r\n")


@dataclass(frozen=True, slots=True)
class Record:
    """One page as an archive kept it: its own bytes, and what the server said that they are.

    `media_type` is in small letters and has no parameters, `charset` is "" where none was named, `captured`
    is when it was fetched, which says nothing of when its article was published.
    """

    address: str
    content: bytes
    media_type: str
    captured: datetime | None = None
    charset: str = ""


def records_of_warc(file: BinaryIO) -> Iterator[Record | Failure]:
    """Yield the pages of a WARC file, also of a compressed one, and a Failure for each that cannot be used.

    Only answers with status 200 count, and of those web pages, plain text and PDF. Requests, pictures, errors
    and what refers to an earlier capture are passed over. Behind damage the next whole record is looked for.
    `file` has to be one that can be sought in. Raises ExtractError where no record is found at all.
    """
    start = _COMPRESSED_START if file.read(3) == _COMPRESSED_START else _START
    place, damaged, found = 0, 0, False
    waiting: list[Failure] = []  # until a record shows that this is a WARC file
    while place >= 0 and damaged < _MOST_DAMAGED:
        last, whole, fault = place, False, "it ends early"
        try:
            for record in _records(file, place):
                found, whole, last = True, True, place + record.stream_pos
                yield from waiting
                waiting = []
                yield from _pages(record)
        except OSError as error:
            fault = str(error)
        place = _next(file, start, last + 1)
        damaged += place >= 0 or fault != "it ends early"
        if fault != _CUT_OFF and (fault != "it ends early" or place >= 0) and (whole or damaged == 1):
            waiting.append(Failure(f"byte {last}", f"damaged there or in the next record: {fault}"))
    if not found:
        raise ExtractError(_NO_RECORD)
    yield from waiting
    if place >= 0:
        yield Failure(f"byte {place}", f"damaged in {_MOST_DAMAGED} places; the rest of it was not read")


def _records(file: BinaryIO, place: int) -> Iterator[WarcRecord]:
    """Read the records from one place on. Raises OSError where the file is damaged."""
    try:
        from fastwarc.warc import ArchiveIterator
    except ImportError as error:
        raise ExtractError(_MISSING) from error
    file.seek(place)
    return iter(ArchiveIterator(file))


def _next(file: BinaryIO, start: bytes, place: int) -> int:
    """Find where the next record may begin, -1 where there is none."""
    file.seek(place)
    before = b""
    while piece := file.read(_STEP):
        found = (before + piece).find(start)
        if found >= 0:
            return place - len(before) + found + start.count(b"\n")
        place += len(piece)
        before = piece[1 - len(start) :]
    return -1


def _pages(record: WarcRecord) -> Iterator[Record | Failure]:
    """Yield the page that a record is, or why it cannot be used; nothing where it is no page.

    Raises OSError where the file ends before the record does.
    """
    size, address = record.content_length, _address(record)
    is_page = _is_page(record)
    content = record.reader.read(size) if is_page and size <= LARGEST_RECORD else b""
    there = len(content) or record.consume()  # what is passed over shows by its end too that it is whole
    if there < size or not (record.headers.get("WARC-Type") and record.headers.get("Content-Length")):
        yield Failure(address or f"byte {record.stream_pos}", _CUT_OFF)
        raise OSError(_CUT_OFF)
    if not is_page:
        return
    if size > LARGEST_RECORD or not address:
        reason = _TOO_LARGE if address else "it has no web address"
        yield Failure(address or f"byte {record.stream_pos}", reason)
    else:
        yield _unpacked(record, address, content)


def _is_page(record: WarcRecord) -> bool:
    """Tell a server's answer that holds a page from all else that an archive keeps."""
    from fastwarc.warc import WarcRecordType

    answer = record.record_type == WarcRecordType.response and record.is_http
    return answer and record.http_headers.status_code == 200 and _media_type(record) in MEDIA_TYPES


def _unpacked(record: WarcRecord, address: str, content: bytes) -> Record | Failure:
    try:
        content = _decoded(content, record.http_headers)
    except OSError as error:
        return Failure(address, f"cannot be unpacked: {error}")
    if len(content) > LARGEST_RECORD:
        return Failure(address, _TOO_LARGE)
    if not content.strip():
        return Failure(address, "empty")
    return Record(address, content, _media_type(record), record.record_date, record.http_charset or "")


def _decoded(content: bytes, headers: HeaderMap) -> bytes:
    """Undo what the server did to a page on its way; what an archive has undone already stays as it is."""
    from fastwarc.stream_io import BrotliReader, ChunkedReader, GzipReader

    if "chunked" in (headers.get("Transfer-Encoding") or "").lower() and _CHUNK_SIZE.match(content):
        content = _bounded(ChunkedReader(io.BytesIO(content)))
    for encoding in reversed((headers.get("Content-Encoding") or "").lower().split(",")):
        name = encoding.strip()
        if name in {"gzip", "x-gzip"} and content.startswith(b"\x1f\x8b"):
            content = _bounded(GzipReader(io.BytesIO(content)))
        elif name == "deflate" and content[:1] == b"\x78":
            content = _bounded(GzipReader(io.BytesIO(content), zlib=True))
        elif name == "br":
            content = _bounded(BrotliReader(io.BytesIO(content)))
        elif name not in {"", "identity", "gzip", "x-gzip", "deflate"}:
            raise OSError(f"packed in a way that is not read: {name[:20]}")
    return content


def _bounded(reader: WarcReader) -> bytes:
    """Read as much as a page may have, and one byte more where it has more."""
    parts, size = [], 0
    while size <= LARGEST_RECORD and (part := reader.read(LARGEST_RECORD + 1 - size)):
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def _address(record: WarcRecord) -> str:
    """Give the safe address a page was fetched from, else ""; some programs write it in angle brackets."""
    stated = (record.headers.get("WARC-Target-URI") or "").strip("<> ").replace(" ", "%20")
    return web_address(stated)


def _media_type(record: WarcRecord) -> str:
    return (record.http_content_type or "").lower()
