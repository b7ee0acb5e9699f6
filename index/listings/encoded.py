"""Feeds and sitemaps as they were sent: unpacked within bounds, and decoded."""

from __future__ import annotations

import re
import zlib

from index.characters import ExtractError, decode

LARGEST = 10_000_000  # bytes as they were sent
_LARGEST_UNPACKED = 50_000_000  # bytes, what sitemaps.org allows
_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s{0,5}=\s{0,5}[\"']([\w.:-]{2,30})[\"']")
_UNMARKED = ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))  # UTF-16 without the mark it should have


def characters(content: bytes, charset: str = "") -> str:
    """Read bytes as text, unpacked if they are a gzip file, in the encoding that they or their server say.

    Raises ExtractError for what is empty, too large, damaged or not text.
    """
    if len(content) > LARGEST:
        raise ExtractError(f"larger than {LARGEST:,} bytes")
    content = unpacked(content, _LARGEST_UNPACKED + 1)
    if len(content) > _LARGEST_UNPACKED:
        raise ExtractError(f"larger than {_LARGEST_UNPACKED:,} bytes when it is unpacked")
    if not content.strip():
        raise ExtractError("empty")
    for start, encoding in _UNMARKED:
        if content.startswith(start):
            content = content.decode(encoding, "replace").encode()
    declared = _ENCODING.search(content[:400])
    return decode(content, declared[1].decode("ascii") if declared else charset)


def unpacked(content: bytes, most: int) -> bytes:
    """Unpack a gzip file, as far as `most` bytes; anything else is handed back as it is."""
    if not content.startswith(b"\x1f\x8b"):
        return content
    unpacking = zlib.decompressobj(wbits=31)
    try:
        plain = unpacking.decompress(content, most)
    except zlib.error as error:
        raise ExtractError("a damaged gzip file") from error
    if len(plain) < most and not unpacking.eof:
        raise ExtractError("a gzip file that ends in the middle")
    return plain
