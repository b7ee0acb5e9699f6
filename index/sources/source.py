"""A place that articles come from, and how they are read there."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, get_args

from index.sources.document import SourceError, key_of
from index.sources.patterns import fits
from index.sources.places import address_fault, below_host, is_address, is_whole_site, shown
from index.tables.columns import NOUNS
from index.types import outlet_key

Kind = Literal["files", "page", "pages", "feed", "sitemap", "site"]

SHORTEST = 60  # seconds between two looks; an outlet that is asked more often shuts the door
LONGEST = 366 * 86_400

_BEGINNINGS = ("*", "/", "http://", "https://")


@dataclass(frozen=True, slots=True)
class Source:
    """Where articles come from and how to read them, checked when it is made.

    `place` is a folder, a file, or a path with `*` or `**` in it, absolute or relative to the working folder,
    where `kind` is "files"; for "page", "feed", "sitemap" and "site" it is one address, a site being one
    whose feeds and sitemaps are looked for. For "pages" it names the list, and `addresses` are what is on it:
    the list is one source, and an address that is no longer on it is no longer in the index.

    `outlet` is of articles that do not say. `columns` are those of tables, by our noun for what is in them.
    `include` and `exclude` are patterns, see `takes`. Articles published before `since` are left out, undated
    ones are not. `every_seconds` is how often is looked where a collection is followed.

    Raises TypeError or ValueError, a SourceError if it is of the place, that begin with the field's name.
    """

    place: str
    kind: Kind
    outlet: str = ""
    columns: Mapping[str, str] = field(default_factory=dict, hash=False)
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    since: date | None = None
    every_seconds: float = 1800
    addresses: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be meant, and keep what is passed in in forms that do not change."""
        if self.kind not in get_args(Kind):
            raise ValueError(f"kind: {self.kind!r} is none of {', '.join(get_args(Kind))}")
        _require_text("outlet", self.outlet)
        self._check_place()
        self._check_columns()
        for name in ("include", "exclude"):
            object.__setattr__(self, name, _patterns(name, getattr(self, name), self._is_local))
        if self.since is not None and not isinstance(self.since, date):
            raise TypeError(f"since: must be a date, not {type(self.since).__name__}")
        if isinstance(self.since, datetime):
            object.__setattr__(self, "since", self.since.date())
        if isinstance(self.every_seconds, bool) or not isinstance(self.every_seconds, (int, float)):
            raise TypeError(f"every_seconds: must be a number, not {type(self.every_seconds).__name__}")
        if not SHORTEST <= self.every_seconds <= LONGEST:
            raise ValueError(f"every_seconds: must be at least {SHORTEST} seconds and at most 366 days")

    @property
    def root(self) -> str:
        """What the catalog calls it: the resolved path, the address as it was given."""
        if self.kind not in {"files", "pages"}:
            return self.place
        return key_of(os.path.realpath(self.place))

    def takes(self, name: str) -> bool:
        """Tell whether a file or an address is read: an `include` fits, where there is one, and no `exclude`.

        A file's name is its path below the folder, or below the part of the place before the first `*`, with
        `/` between folders; a file that is itself the place has its own name. Of an address, a pattern that
        begins with `/` is held against what follows the host, any other against the whole.
        See `index.sources.patterns.fits` for what a pattern stands for.
        """
        included = not self.include or any(self._fits(pattern, name) for pattern in self.include)
        return included and not any(self._fits(pattern, name) for pattern in self.exclude)

    def _fits(self, pattern: str, name: str) -> bool:
        below = pattern.startswith("/") and not self._is_local
        return fits(pattern, below_host(name) if below else name)

    @property
    def _is_local(self) -> bool:
        return self.kind == "files"

    def _check_place(self) -> None:
        if not isinstance(self.place, str):
            raise TypeError(f"place: must be text, not {type(self.place).__name__}")
        if not self.place:
            raise SourceError("a path is empty; write . for the working folder")
        if "\0" in self.place or not _is_encodable(self.place):
            raise SourceError("place: holds a character that no path has")
        if "*" in self.place and ".." in Path(self.place[self.place.index("*") :]).parts:
            raise SourceError("place: .. behind a * leads to no certain folder")
        if isinstance(self.addresses, str) or not all(isinstance(one, str) for one in self.addresses):
            raise TypeError("addresses: must be a sequence of texts")
        object.__setattr__(self, "addresses", tuple(dict.fromkeys(self.addresses)))
        if bool(self.addresses) != (self.kind == "pages"):
            problem = "is empty" if self.kind == "pages" else f"a source of kind {self.kind} has none"
            raise ValueError(f"addresses: {problem}")
        for address in self.addresses:
            if fault := address_fault(address):
                raise SourceError(f'addresses: "{shown(address)}" {fault}')
        if self.kind not in {"files", "pages"} and (fault := address_fault(self.place)):
            raise SourceError(f'place: "{shown(self.place)}" {fault}')
        if self._is_local and is_address(self.place):
            raise SourceError(f'place: "{shown(self.place)}" is an address; say page, feed, sitemap or site')

    def _check_columns(self) -> None:
        if not isinstance(self.columns, Mapping):
            raise TypeError(f"columns: must be a mapping, not {type(self.columns).__name__}")
        if self.columns and not self._is_local:
            raise ValueError("columns: only tables have columns, and tables are files")
        for noun, column in self.columns.items():
            if noun not in NOUNS:
                raise ValueError(f"columns: {unknown(noun, NOUNS)}")
            _require_text("columns", column)
            if not column:
                raise ValueError(f'columns: the column for "{noun}" is empty')
        object.__setattr__(self, "columns", dict(self.columns))


@dataclass(frozen=True, slots=True)
class Collection:
    """Where the articles of an index come from.

    `outlets` is the name to use by `index.types.outlet_key` of each of its spellings. `contact` says who
    fetches, to whoever is asked. `allow` lists each "host:port", or "host" for the usual ports, that may be
    asked although it is internal or on another port; `pause_seconds` lie between two requests to a host.
    `described` are the roots of all that a description names, also where `sources` are those that are due.
    """

    sources: tuple[Source, ...]
    outlets: Mapping[str, str] = field(default_factory=dict, hash=False)
    contact: str = ""
    allow: tuple[str, ...] = ()
    pause_seconds: float = 1.0
    described: frozenset[str] = frozenset()

    def outlet_of(self, name: str) -> str:
        """Give the name to use for an outlet that an article, a feed or a source calls so."""
        return self.outlets.get(outlet_key(name), name)


def source_of(place: str | Path) -> Source:
    """Read what a bare path or address means; SourceError for one that cannot be meant.

    >>> source_of("articles/").kind, source_of("https://news.example").kind
    ('files', 'site')
    >>> source_of("https://news.example/2024/bridge.html").kind
    'page'
    """
    if isinstance(place, Path) or not is_address(place):
        return Source(os.fspath(place), "files")
    if fault := address_fault(place):
        raise SourceError(f'"{shown(place)}" {fault}')
    return Source(place, "site" if is_whole_site(place) else "page")


def unknown(name: object, known: tuple[str, ...]) -> str:
    """Say that a name is unknown, with the nearest one that is known, else with all.

    >>> unknown("titel", ("text", "title"))
    'unknown name "titel"; did you mean "title"?'
    """
    near = get_close_matches(str(name).lower(), known, n=1)
    return f'unknown name "{name}"; ' + (
        f'did you mean "{near[0]}"?' if near else f"known are {', '.join(known)}"
    )


def _patterns(name: str, patterns: tuple[str, ...], local: bool) -> tuple[str, ...]:
    if isinstance(patterns, str):
        raise TypeError(f"{name}: must be a sequence of patterns")
    for pattern in patterns:
        _require_text(name, pattern)
        if not pattern:
            raise ValueError(f"{name}: a pattern is empty")
        if not local and not pattern.lower().startswith(_BEGINNINGS):
            raise ValueError(f'{name}: "{pattern}" fits no address; begin with *, / or https://')
    return tuple(patterns)


def _is_encodable(place: str) -> bool:
    try:
        os.fsencode(place)
    except UnicodeEncodeError:
        return False
    return True


def _require_text(name: str, value: object) -> None:
    if not isinstance(value, str):
        raise TypeError(f"{name}: must be text, not {type(value).__name__}")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError(f"{name}: holds characters that are no text (lone surrogates)")
