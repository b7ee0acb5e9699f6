"""What goes between this process and the ones that parse: one line of JSON a message, of known nouns only."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from index.dates import from_iso
from index.listings.listing import Entry, Listing
from index.sources.archives import Record
from index.sources.document import Document
from index.sources.memo import Memo
from index.tables.cells import RowFailure
from index.tables.rows import Row
from index.types import Article, Failure

_KIND = "\x00"  # no field goes by that name
_SENT = (Article, Document, Entry, Failure, Listing, Memo, Record, Row, RowFailure)
_NOUNS: dict[str, type[Any]] = {noun.__name__: noun for noun in _SENT}


class MessageError(ValueError):
    """A line that is no message."""


def written(value: object) -> bytes:
    r"""Write a value as one line: texts, numbers, lists, dicts, bytes, days and moments, and our nouns.

    >>> written(["Hanoi", date(2019, 2, 28)])
    b'["Hanoi", {"\\u0000": "date", "value": "2019-02-28"}]\n'
    """
    return json.dumps(value, default=_plain).encode("ascii") + b"\n"


def read(line: bytes) -> Any:  # noqa: ANN401 - whatever was written
    r"""Read back what `written` wrote; MessageError for anything else. Every noun checks its own fields.

    >>> read(written((b"\xff", None)))
    [b'\xff', None]
    """
    try:
        return json.loads(line, object_hook=_made)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise MessageError(f"no message: {type(error).__name__}") from error


def _plain(value: object) -> dict[str, object]:
    if isinstance(value, bytes):
        return {_KIND: "bytes", "value": b64encode(value).decode("ascii")}
    if isinstance(value, date):
        return {_KIND: "date", "value": value.isoformat()}
    if is_dataclass(value) and type(value).__name__ in _NOUNS:
        plain: dict[str, object] = {field.name: getattr(value, field.name) for field in fields(value)}
        return {_KIND: type(value).__name__, **plain}
    raise TypeError(f"{type(value).__name__} is nothing that is sent")


def _made(found: dict[str, Any]) -> object:
    kind = found.pop(_KIND, None)
    if kind is None:
        return found
    if kind == "bytes":
        return b64decode(found["value"], validate=True)
    if kind == "date":
        return from_iso(found["value"])
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}
    if kind != Article.__name__:  # which is refused as a whole
        values = {name: _text(value) for name, value in values.items()}
    return _NOUNS[kind](**values)


def _text(value: object) -> object:
    """Keep halves of characters out of what becomes a key or a reason: no database takes them."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
