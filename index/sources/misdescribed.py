"""What is wrong with a dateline.toml, in words."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError

from index.sources.description import PLACES, Description, FetchTable, SourceTable, Table
from index.sources.places import shown
from index.sources.source import unknown

_TABLES: dict[str, type[Table]] = {"": Description, "source": SourceTable, "fetch": FetchTable}
_HEADS = {"": "at the top, above the first [[source]]", "source": "in a [[source]]", "fetch": "under [fetch]"}
_WHOLE = {
    "source": "write [[source]], in two brackets, above each source",
    "outlets": 'write [outlets], and below it lines like "BBC News" = ["bbc.co.uk", "BBC World"]',
    "fetch": "write [fetch], and below it its keys",
}


def faults(
    error: ValidationError, content: Mapping[str, object], within: tuple[int | str, ...] = ()
) -> list[tuple[str, str]]:
    """Say what pydantic found wrong with a file or a part `within` it, each under the key of the file."""
    found = []
    for one in error.errors(include_url=False):
        parts = key, *_ = (*within, *one["loc"])
        table = str(parts[0]) if len(parts) > 1 and parts[0] in _TABLES else ""
        if one["type"] == "value_error":
            reason = str(one["ctx"]["error"])
        elif one["type"] == "extra_forbidden":
            reason, parts = _misplaced(str(parts[-1]), table, one["input"]), parts[:-1]
        else:  # a whole table is missing, or something else stands in its place
            reason, parts = _WHOLE[str(parts[0])], parts[:1]
        found.append((str(key), ": ".join(part for part in (_where(parts, content), reason) if part)))
    return found


def source_label(number: int, source: object) -> str:
    """Name a source by its number and its place."""
    places = [(key, source.get(key)) for key in PLACES] if isinstance(source, dict) else []
    place = next(
        (f' ({key} = "{shown(text)}")' for key, text in places if isinstance(text, str) and text), ""
    )
    return f"source {number}{place}"


def _where(parts: tuple[int | str, ...], content: Mapping[str, object]) -> str:
    sources = content.get("source")
    if len(parts) > 1 and parts[0] == "source" and isinstance(sources, list):
        number = int(parts[1])
        names = [source_label(number + 1, sources[number]), *(f'"{shown(str(key))}"' for key in parts[2:])]
    else:
        names = [f"[{key}]" if key in ("outlets", "fetch") else f'"{shown(str(key))}"' for key in parts]
    return ", ".join(names)


def _misplaced(key: str, table: str, value: object) -> str:
    """Say where an unknown key belongs, or what is known where it stands."""
    for other, model in _TABLES.items():
        if other != table and key in model.model_fields and not isinstance(value, dict):
            return f'"{shown(key)}" belongs {_HEADS[other]}'
    return unknown(shown(key), tuple(_TABLES[table].model_fields))
