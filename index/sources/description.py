"""What may stand in a dateline.toml: its tables and keys, and what each may say."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, PlainValidator, model_validator

from index.fetch.addresses import allowed
from index.sources.durations import seconds_of
from index.sources.places import address_fault, shown
from index.types import outlet_key

PLACES = ("path", "feed", "sitemap", "site", "page", "pages")
MOST_SOURCES = 1000

_LONGEST_PAUSE = 3600  # seconds
_LONGEST_CONTACT = 200  # characters
_NEVER_IN_CONTACTS = re.compile(r"[^!-~]|[()<>\[\]\"\\;,]")  # what parts the comments of a user agent
_MAIL = re.compile(r"[^@/]+@[^@/]+\.[^@/]+")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_KINDS: dict[type, str] = {
    **{str: "text", bool: "true or false", int: "a number", float: "a number", list: "a list"},
    **{dict: "a table", date: "a date", datetime: "a date with a time"},
}


def _line(value: object) -> str:
    """Read text on one line."""
    if not isinstance(value, str):
        raise ValueError(f'must be text in quotes ("…"), not {_kind(value)}')
    if _CONTROLS.search(value):
        raise ValueError(r"holds a line end, a tab or the like; in a path write / and not \ between folders")
    if not value.strip():
        raise ValueError("is empty")
    return value.strip()


def _lines(value: object) -> tuple[str, ...]:
    """Read texts, also one that is given bare."""
    if isinstance(value, str):
        return (_line(value),)
    if not isinstance(value, list):
        raise ValueError(f'must be text in quotes or a list of texts (["…", "…"]), not {_kind(value)}')
    if not value:
        raise ValueError("is empty")
    return tuple(map(_line, value))


def _pages(value: object) -> str | tuple[str, ...]:
    return _line(value) if isinstance(value, str) else _lines(value)


def _name(value: object) -> str:
    name = _line(value)
    if "/" in name:
        raise ValueError("must not hold a /")
    return name


def _columns(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise ValueError(f'must be written like {{ text = "body", published = "date" }}, not {_kind(value)}')
    return {noun: _line(column) for noun, column in value.items()}


def _day(value: object) -> date:
    if isinstance(value, str):
        try:
            value = datetime.strptime(value.strip(), "%Y-%m-%d")
        except ValueError as error:
            raise ValueError("is not a day; write it like 2024-01-31") from error
    if not isinstance(value, date):
        raise ValueError(f"must be a day like 2024-01-31, not {_kind(value)}")
    return value.date() if isinstance(value, datetime) else value


def _pause(value: object) -> float:
    seconds = seconds_of(value)
    if seconds > _LONGEST_PAUSE:
        raise ValueError("is longer than an hour")
    return seconds


def _contact(value: object) -> str:
    contact = _line(value)
    is_plain = len(contact) <= _LONGEST_CONTACT and not _NEVER_IN_CONTACTS.search(contact)
    if not is_plain or (address_fault(contact) and not _MAIL.fullmatch(contact)):
        raise ValueError("must be a mail address, or the address of a page that says who you are")
    return contact


def _doors(value: object) -> tuple[str, ...]:
    return tuple(map(_door, _lines(value)))


def _door(text: str) -> str:
    try:
        allowed([text])
    except ValueError as error:
        wanted = 'a host, or a host and a port like "127.0.0.1:8123"'
        raise ValueError(f'"{shown(text)}" is not {wanted}') from error
    return text


def _apart(outlets: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Refuse a spelling that stands for two names."""
    names: dict[str, str] = {}
    wrong = [] if all(map(outlet_key, outlets)) else ["a name is empty"]
    for name, spellings in outlets.items():
        for spelling in (name, *spellings):
            other = names.setdefault(outlet_key(spelling), name)
            if other != name:
                wrong.append(f'"{shown(spelling)}" stands for "{shown(other)}" and for "{shown(name)}"')
    if wrong:
        raise ValueError(", ".join(wrong))
    return outlets


Line = Annotated[str, PlainValidator(_line)]
Lines = Annotated[tuple[str, ...], PlainValidator(_lines)]


class Table(BaseModel):
    """A part of the file: no key more, and none of another type."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceTable(Table):
    """One [[source]]."""

    path: Line = ""
    feed: Line = ""
    sitemap: Line = ""
    site: Line = ""
    page: Line = ""
    pages: Annotated[str | tuple[str, ...], PlainValidator(_pages)] = ""
    name: Annotated[str, PlainValidator(_name)] = ""
    outlet: Line = ""
    columns: Annotated[dict[str, str], PlainValidator(_columns)] = {}
    include: Lines = ()
    exclude: Lines = ()
    since: Annotated[date | None, PlainValidator(_day)] = None
    every: Annotated[float, PlainValidator(seconds_of)] = 1800

    @model_validator(mode="after")
    def _has_one_place(self) -> SourceTable:
        given = [key for key in PLACES if getattr(self, key)]
        if not given:
            raise ValueError(f"says no place; write one of {', '.join(PLACES)}")
        if len(given) > 1:
            raise ValueError(f"says {len(given)} places, {' and '.join(given)}; write a [[source]] for each")
        if self.name and isinstance(self.pages, str):
            raise ValueError('has a "name", which only a list of addresses (pages = ["…"]) needs')
        return self

    @property
    def key(self) -> str:
        """Which of the keys for a place it has."""
        return next(key for key in PLACES if getattr(self, key))


class FetchTable(Table):
    """[fetch]."""

    allow: Annotated[tuple[str, ...], PlainValidator(_doors)] = ()
    pause: Annotated[float, PlainValidator(_pause)] = 1.0


class Description(Table):
    """The whole file."""

    contact: Annotated[str, PlainValidator(_contact)] = ""
    source: list[object]  # each is a SourceTable, judged by itself
    outlets: Annotated[dict[str, Lines], AfterValidator(_apart)] = {}
    fetch: FetchTable = FetchTable()


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "a time")
