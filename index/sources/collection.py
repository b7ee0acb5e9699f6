"""A collection, described once in a dateline.toml: where its articles come from, and how they are fetched."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from index.sources.description import MOST_SOURCES, PLACES, Description, SourceTable
from index.sources.document import ROW
from index.sources.misdescribed import faults, source_label
from index.sources.places import address_fault, is_address, same_address, shown
from index.sources.source import Collection, Kind, Source
from index.types import outlet_key

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

LARGEST = 1_000_000  # bytes of the description, and of a list of addresses

_KINDS: dict[str, Kind] = {
    **{"path": "files", "feed": "feed", "sitemap": "sitemap"},
    **{"site": "site", "page": "page", "pages": "pages"},
}
_WRITTEN = {"place": "", "every_seconds": "every", "addresses": "pages"}  # fields, as the file calls them
_STAND_IN = "https://stand-in.invalid/"  # for a place that is wrong, so that the rest of its source is judged
_STANDING = {"place": _STAND_IN, "addresses": (_STAND_IN,)}
_POSITION = re.compile(r" ?\(at (?:line (\d+), column (\d+)|end of document)\)$")
_HINTS = {"Invalid value": "; text stands in quotes", "twice": "; a source begins with [[source]]"}


class CollectionError(ValueError):
    """A description that cannot be followed; it says which file, where in it, and what to write.

    `lines` are those of its message: one, or a heading and a line for each thing that is wrong.
    """

    def __init__(self, heading: str, faults: Sequence[str] = ()) -> None:
        """Keep the lines apart: what stands in a file may hold line ends."""
        self.lines = (heading, *(f"- {one}" for one in faults))
        super().__init__("\n".join(self.lines))


def read_collection(path: Path) -> Collection:
    """Read a description and the lists of addresses it names; CollectionError with all that is wrong."""
    content = _parsed(_text_of(path, str(path)), path)
    sources, wrong = _sources(content, path)
    try:
        description = Description.model_validate(content)
    except ValidationError as error:
        wrong += faults(error, content)
    if wrong:
        places = {key: place for place, key in enumerate(content)}
        told = [text for _, text in sorted(wrong, key=lambda one: places.get(one[0], -1))]
        if len(told) == 1:
            raise CollectionError(f"{path}: {told[0]}")
        raise CollectionError(f"{path}: {len(told)} things are wrong", told)
    outlets = {
        outlet_key(spelling): name
        for name, spellings in description.outlets.items()
        for spelling in (name, *spellings)
    }
    fetch = description.fetch
    roots = frozenset(source.root for source in sources)
    return Collection(sources, outlets, description.contact, fetch.allow, fetch.pause, roots)


def _text_of(path: Path, name: str) -> str:
    try:
        if not path.is_file():
            raise CollectionError(f"{name}: {'not a file' if path.exists() else 'no such file'}")
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise CollectionError(f"{name}: {(error.strerror or str(error)).lower()}") from error
    if len(content) > LARGEST:
        raise CollectionError(f"{name}: larger than {LARGEST:,} bytes")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise CollectionError(f"{name}, line {line}: not UTF-8; save the file in this encoding") from error


def _parsed(text: str, path: Path) -> dict[str, object]:
    try:
        content: dict[str, object] = tomllib.loads(text)
    except RecursionError as error:
        raise CollectionError(f"{path}: nested too deep") from error
    except ValueError as error:
        is_syntax = isinstance(error, tomllib.TOMLDecodeError)
        message = str(error) if is_syntax else "a number is too long"
        position = _POSITION.search(message)
        reason = _POSITION.sub("", message)
        reason += next((hint for sign, hint in _HINTS.items() if sign in reason), "")
        line = f", line {position[1]}, column {position[2]}" if position and position[1] else ""
        end = ", at its end" if position and not position[1] else ""
        raise CollectionError(f"{path}{line}{end}: {reason[:1].lower()}{reason[1:]}") from error
    return content


def _sources(content: Mapping[str, object], path: Path) -> tuple[tuple[Source, ...], list[tuple[str, str]]]:
    """Make the sources; what is wrong with them is returned beside them, so that all of it can be told."""
    written = content.get("source")
    if not isinstance(written, list):
        return (), []
    if not 0 < len(written) <= MOST_SOURCES:
        told = f"describes {len(written):,} sources; write [[source]] for each, 1 to {MOST_SOURCES:,}"
        return (), [("source", told)]
    made: dict[str, tuple[int, Source]] = {}
    wrong: list[tuple[str, str]] = []
    for number in range(1, len(written) + 1):
        table, unusable = _table(content, number)
        wrong += unusable
        if table is None:
            continue
        label = source_label(number, written[number - 1])
        source, reasons = _source(table, path)
        if source is not None:
            first, _ = made.setdefault(_sameness(source), (number, source))
            reasons += [f": {_repeated(table, first)}"] if first != number else []
        wrong += [("source", f"{label}{reason}") for reason in reasons]
    return tuple(source for _, source in made.values()), wrong


def _table(content: Mapping[str, Any], number: int) -> tuple[SourceTable | None, list[tuple[str, str]]]:
    """Read a table, without the keys that have faults; none where it does not say one place."""
    written, within = content["source"][number - 1], ("source", number - 1)
    try:
        return SourceTable.model_validate(written), []
    except ValidationError as error:
        wrong = faults(error, content, within)
        keys = {one["loc"][0] for one in error.errors() if one["loc"]}
    if not keys:
        return None, wrong
    rest = {key: value for key, value in written.items() if key not in keys}
    rest |= {key: [_STAND_IN] if key == "pages" else _STAND_IN for key in keys.intersection(PLACES)}
    try:
        return SourceTable.model_validate(rest), wrong
    except ValidationError as error:  # a fault of the table as a whole, which is looked for last
        return None, wrong + faults(error, content, within)


def _source(table: SourceTable, path: Path) -> tuple[Source | None, list[str]]:
    """Make a source, and say what is wrong with it, field by field; none where its place is."""
    wrong: list[str] = []
    is_placed = getattr(table, table.key) not in (_STAND_IN, (_STAND_IN,))
    try:
        fields = _fields(table, path)
    except CollectionError as error:
        wrong, is_placed = [f": {error}"], False
        fields = _fields(table.model_copy(update={"pages": (_STAND_IN,)}), path)
    if not is_placed and table.key == "path":
        fields["place"] = os.curdir
    while True:
        try:
            made = Source(**fields)
        except (TypeError, ValueError) as error:
            name, _, reason = str(error).partition(": ")
            wrong.append(f', "{_WRITTEN.get(name, name) or table.key}": {reason}')
            if name in _STANDING and is_placed:
                is_placed = False
                fields[name] = os.curdir if table.key == "path" else _STANDING[name]
            elif not fields.pop(name, None):
                return None, wrong
        else:
            return made if is_placed else None, wrong


def _fields(table: SourceTable, path: Path) -> dict[str, Any]:
    """Give the fields of a source as its table says them."""
    place, addresses = str(getattr(table, table.key)), tuple[str, ...]()
    if table.key == "path":
        place = _from_folder_of(path, place)
    elif isinstance(table.pages, tuple):
        place, addresses = f"{path}{ROW}{table.name or 'pages'}", table.pages
    elif table.pages:
        file = _from_folder_of(path, table.pages)
        place, addresses = f"{file}{ROW}pages", _listed(Path(file))
    return {
        "place": place,
        "kind": _KINDS[table.key],
        "outlet": table.outlet,
        "columns": table.columns,
        "include": table.include,
        "exclude": table.exclude,
        "since": table.since,
        "every_seconds": table.every,
        "addresses": addresses,
    }


def _from_folder_of(path: Path, place: str) -> str:
    """Let a relative path count from the folder of the description; an address stays for Source to refuse."""
    if place == "~" or place.startswith("~/"):
        return str(Path(place).expanduser())
    return place if is_address(place) else os.fspath(path.parent / place)


def _listed(file: Path) -> tuple[str, ...]:
    """Read a list of addresses, one a line; empty lines and those that begin with # are passed over."""
    lines = [line.strip() for line in _text_of(file, str(file)).splitlines()]
    numbered = [(number, line) for number, line in enumerate(lines, 1) if line and not line.startswith("#")]
    for number, line in numbered:
        if fault := address_fault(line):
            raise CollectionError(f'{file}, line {number}: "{shown(line)}" {fault}')
    if not numbered:
        raise CollectionError(f"{file}: holds no address")
    return tuple(line for _, line in numbered)


def _sameness(source: Source) -> str:
    return source.root if source.kind in {"files", "pages"} else same_address(source.place)


def _repeated(table: SourceTable, first: int) -> str:
    if isinstance(table.pages, tuple):
        return f'is called as source {first} is; give each list of addresses a "name" of its own'
    return f"is the same place as source {first}"
