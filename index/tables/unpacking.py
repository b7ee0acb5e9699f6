"""A file as a stream of bytes that may be looked ahead into, unpacked where it is gzip-compressed."""

from __future__ import annotations

import gzip
import io
import zlib
from typing import BinaryIO

from index.characters import ExtractError

AHEAD = 1 << 20  # bytes that `peek` shows
_GZIP = b"\x1f\x8b"
_MOST_UNPACKED = 10_000_000  # bytes, before the ratio is asked after
_MOST_RATIO = 100  # news packs 3 to 5 times, the most repetitive of tables 30; zeros 1,000


def unpacked(file: BinaryIO) -> io.BufferedReader:
    """Open a file from where it stands; reading raises ExtractError where it is torn, or a bomb."""
    start = file.read(len(_GZIP))
    file.seek(-len(start), io.SEEK_CUR)
    return io.BufferedReader(_Stream(file, start == _GZIP), AHEAD)


class _Stream(io.RawIOBase):
    def __init__(self, file: BinaryIO, packed: bool) -> None:
        self.file = file
        self.source: BinaryIO | gzip.GzipFile = gzip.GzipFile(fileobj=file) if packed else file
        self.packed = packed
        self.given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            content = self.source.read(len(buffer))
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise ExtractError(f"its compression is damaged or cut off after {self.given:,} bytes") from error
        self.given += len(content)
        if self.packed and self.given > max(_MOST_UNPACKED, _MOST_RATIO * self.file.tell()):
            raise ExtractError(
                f"unpacks to more than {_MOST_RATIO} times its size; unpack it to have it read"
            )
        buffer[: len(content)] = content
        return len(content)
