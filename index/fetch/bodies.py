"""The body of a reply: unpacked in bounded steps, and what its header says it is."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator

_STEP = 65536  # bytes out of one step: a kilobyte of gzip can hold a megabyte
_KIND = re.compile(r"\s*([a-z0-9!#$&^_.+-]{1,80}/[a-z0-9!#$&^_.+-]{1,80})\s*(?:;|$)", re.IGNORECASE)
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([a-z0-9_.:-]{1,40})", re.IGNORECASE)


class BodyError(ValueError):
    """A body cannot be used; why is said in words."""


def pieces(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Unpack a body; BodyError for any encoding but gzip, and where it is damaged.

    >>> b"".join(pieces([b"as ", b"it is"], ""))
    b'as it is'
    """
    encoding = encoding.strip().lower()
    if encoding in {"gzip", "x-gzip"}:
        return _unzipped(chunks)
    if encoding in {"", "identity"}:
        return iter(chunks)
    raise BodyError("the server packed the page in another way than it was asked to (gzip or not at all)")


def _unzipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    inflate, begun = zlib.decompressobj(31), False
    for chunk in chunks:
        while chunk:
            if inflate.eof:  # one gzip file may follow another (RFC 1952, 2.2)
                inflate = zlib.decompressobj(31)
            begun = True
            yield _step(inflate, chunk)
            chunk = inflate.unused_data if inflate.eof else inflate.unconsumed_tail
    while begun and not inflate.eof:  # what is left of the last step
        rest = _step(inflate, b"")
        if not rest and not inflate.eof:
            raise BodyError("the page is damaged: it ends in the middle of what was packed")
        yield rest


def _step(inflate: zlib._Decompress, packed: bytes) -> bytes:
    try:
        return inflate.decompress(packed, _STEP)
    except zlib.error:
        raise BodyError("the page is damaged: it cannot be unpacked") from None


def kind(content_type: str) -> str:
    """Name the media type that a header states, "" where it states none.

    >>> kind("Text/HTML; charset=utf-8"), kind("nonsense")
    ('text/html', '')
    """
    found = _KIND.match(content_type)
    return found[1].lower() if found else ""


def charset(content_type: str) -> str:
    """Name the character encoding that a header states, "" where it states none.

    >>> charset('text/html; charset="UTF-8"'), charset("text/html")
    ('utf-8', '')
    """
    found = _CHARSET.search(content_type)
    return found[1].lower() if found else ""
