"""Files that are ZIP archives inside, opened with bounds on what they unpack to."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib

from index.characters import ExtractError

LARGEST_MEMBER = 5_000_000  # bytes of one document in it, unpacked
LARGEST_OF_ALL = 50_000_000  # bytes of all that are read of it
_MOST_MEMBERS = 5_000  # a newspaper's e-book has some hundreds
_ENCRYPTED = 0x1  # the bit of a member's flags
_DAMAGED = "a damaged archive"
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)


class Zipped:
    """An archive that is read member by member, never for more bytes than the bounds allow.

    What a member says of its size is not believed: bytes are counted as they are unpacked.
    """

    def __init__(self, content: bytes, largest: int = LARGEST_OF_ALL) -> None:
        """Open an archive of which `largest` bytes are read, unpacked, at the most.

        Raises ExtractError for what is none, has too many members, or is encrypted.
        """
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
        except _FAULTS as error:
            raise ExtractError(f"{_DAMAGED}: {error}") from error
        self.names = frozenset(self._archive.namelist())
        self._largest = self._left = largest
        if len(self._archive.infolist()) > _MOST_MEMBERS:
            raise ExtractError(f"more than {_MOST_MEMBERS:,} files in it")
        if any(member.flag_bits & _ENCRYPTED for member in self._archive.infolist()):
            raise ExtractError("encrypted: it needs a password")

    def read(self, name: str, largest: int = LARGEST_MEMBER) -> bytes:
        """Unpack one member. Raises ExtractError where it is missing, damaged or too large."""
        if name not in self.names:
            raise ExtractError(f"a damaged archive: {name[:100]} is not in it")
        try:
            with self._archive.open(name) as member:
                content = member.read(min(largest, self._left) + 1)
        except _FAULTS as error:
            raise ExtractError(f"{_DAMAGED}: {error}") from error
        self._left -= len(content)
        if len(content) > largest:
            raise ExtractError(f"{name[:100]} in it unpacks to more than {largest:,} bytes")
        if self._left < 0:
            raise ExtractError(f"it unpacks to more than {self._largest:,} bytes")
        return content


def member_at(base: str, reference: str) -> str:
    """Name the member that a reference in another one leads to, "" for one that leads out of the archive.

    >>> member_at("OEBPS/content.opf", "text/one.xhtml"), member_at("content.opf", "../../etc/passwd")
    ('OEBPS/text/one.xhtml', '')
    """
    name = posixpath.normpath(posixpath.join(posixpath.dirname(base), reference))
    return "" if name.startswith(("/", "..")) or "\\" in name or ":" in name else name
