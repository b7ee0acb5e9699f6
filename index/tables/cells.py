"""The cells of one row as the nouns of an article, whatever kind of table they stood in."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlsplit

from index.characters import ExtractError, clean, decode, squeeze
from index.fields import name_of
from index.tables.columndates import DateColumn, from_parts
from index.types import own_address, web_address

Cells = Mapping[str, object]  # by the name of the column


@dataclass(frozen=True, slots=True)
class CellRow:
    """A row as its kind of table has it, before its cells are understood; `number` counts from 1."""

    number: int
    cells: Cells


@dataclass(frozen=True, slots=True)
class RowFailure:
    """A row that gives no article, and why; `name` tells it from the others, "" where nothing does."""

    number: int
    name: str
    reason: str


_EMPTY = frozenset({"", "nan", "NaN", "NAN", "null", "NULL", "Null", "None", "NaT", "<NA>", "\\N"})
_ITEM = r"'[^']*'|\"[^\"]*\""
_WRITTEN_LIST = re.compile(rf"\[\s*(?:{_ITEM})(?:[\s,]+(?:{_ITEM}))*\s*\]")  # as Python and NumPy print one
_ITEMS = re.compile(_ITEM)
_LONGEST_LIST = 2000  # characters
_NAMES = ("name", "title", "main")  # of a person or an outlet, or of a headline, that is an object
_PARTS = ("year", "month", "day")
_PLAIN = ("title", "text", "url", "language")


def article_fields(
    cells: Cells, columns: Mapping[str, Sequence[str]], row: int, dates: Mapping[str, DateColumn]
) -> dict[str, object]:
    """Give what a row says of each noun, in the form that every kind of table gives it in.

    `columns` are those that may hold a noun, best first. Raises ExtractError for a row without a text, and
    for a cell that cannot be what its column says.
    """
    said: dict[str, object] = {noun: _plain(cells, columns[noun], noun) for noun in _PLAIN}
    if not said["text"]:
        raise ExtractError(f'no "{next(iter(columns["text"]), "text")}" in it')
    said["outlet"] = _outlet(_plain(cells, columns["outlet"], "outlet"))
    said["byline"] = ", ".join(_items(cells, filled(cells, columns["byline"])))
    said["section"] = [one for name in columns["section"] for one in _sections(cells.get(name))]
    for noun, column in dates.items():
        value = next((cells[name] for name in filled(cells, columns[noun])), None)
        said[noun] = column.read(value, row) if value is not None else ""
    if not said["published"]:
        parts = [next((cells[name] for name in filled(cells, columns[part])), "") for part in _PARTS]
        said["published"] = from_parts(*parts)
    return {noun: value for noun, value in said.items() if value}


def row_name(cells: Cells, columns: Mapping[str, Sequence[str]], guessed: bool) -> str:
    """Give what tells a row from the others: its own address, else its title, else its text.

    A row that has a "text" is named by the fields that have always named it, so that it stays the same row.
    """
    text = cells.get("text")
    if guessed and isinstance(text, str) and text.strip():
        return name_of(cells)
    addresses = (_told(cells, name) for name in columns["url"])
    own = next((address for address in addresses if own_address(address)), "")
    others = (_told(cells, name) for noun in ("title", "text") for name in columns[noun])
    return own or next(filter(None, others), "")


def _told(cells: Cells, name: str) -> str:
    """Read a cell as one line, "" where it says nothing or is no text."""
    value = cells.get(name)
    try:
        return "" if is_empty(value) else squeeze(_text(value, name))
    except ExtractError:
        return ""


def filled(cells: Cells, names: Iterable[str]) -> list[str]:
    """List those of some columns in which a row has anything."""
    return [name for name in names if not is_empty(cells.get(name))]


def is_empty(value: object) -> bool:
    """Tell whether a cell says nothing: nothing is in it, or what programs write for nothing.

    >>> [is_empty(value) for value in (None, float("nan"), " ", "NaN", [None], 0)]
    [True, True, True, True, True, False]
    """
    if isinstance(value, str):
        return value.strip() in _EMPTY if len(value) < 8 else not value.strip()
    if isinstance(value, float):
        return math.isnan(value)
    return value is None or (isinstance(value, (list, dict, bytes)) and _is_hollow(value))


def _is_hollow(value: list[object] | dict[str, object] | bytes) -> bool:
    return not value or (isinstance(value, list) and all(one is None or one == "" for one in value))


def _plain(cells: Cells, names: Sequence[str], noun: str) -> str:
    name = next(iter(filled(cells, names)), "")
    if not name:
        return ""
    value = cells[name]
    if isinstance(value, list):
        texts = [_text(one, name) for one in value if not is_empty(one)]
        value = "\n\n".join(texts) if noun == "text" else texts[0]
    text = _text(value, name)
    return text.replace("\r\n", "\n").strip() if noun == "text" else squeeze(clean(text))


def _text(value: object, name: str) -> str:
    """Write a cell as text. Raises ExtractError, with the column's name, for what cannot be one."""
    if isinstance(value, dict):
        value = next((value[key] for key in _NAMES if isinstance(value.get(key), str)), value)
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return decode(value)
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, date)):
        raise ExtractError(f'"{name}" is not text')
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _items(cells: Cells, names: Sequence[str]) -> list[str]:
    """Read the list of names in the first of some columns: a list, a text, or a list that was printed."""
    for name in names:
        value = cells[name]
        listed = value if isinstance(value, list) else _unprinted(_text(value, name))
        return [squeeze(clean(_text(one, name))) for one in listed if not is_empty(one)]
    return []


def _unprinted(text: str) -> list[str]:
    r"""Read back a list of texts that a program wrote into one cell; any other text is its only item.

    >>> _unprinted("['Ines Valdrake', \"Tom O'Hara\"]"), _unprinted("[sic]")
    (['Ines Valdrake', "Tom O'Hara"], ['[sic]'])
    """
    if len(text) <= _LONGEST_LIST and _WRITTEN_LIST.fullmatch(text.strip()):
        return [item[1:-1] for item in _ITEMS.findall(text)]
    return [text]


def _sections(value: object) -> list[str]:
    """List the sections in a cell; numbers and other marks of an archive's own say nothing."""
    listed = value if isinstance(value, list) else _unprinted(value) if isinstance(value, str) else []
    return [squeeze(clean(one)) for one in listed if isinstance(one, str) and not is_empty(one)]


def _outlet(name: str) -> str:
    """Write an outlet that is told by an address as its domain, without the "www."."""
    host = urlsplit(name).hostname if web_address(name) else name
    return (host or "").removeprefix("www.")
