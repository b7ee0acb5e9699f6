"""What is written down of an address, so that it is not asked for again without need."""

from __future__ import annotations

from dataclasses import dataclass

from index.listings.listing import Entry


@dataclass(frozen=True, slots=True)
class Memo:
    """What is written down of an address for the next time.

    Where it was in the end, how to ask whether it changed, the stamp of the entry that led to it and whether
    that gave a date, and what its source wanted then (a hash: where it wants something else now, the page is
    asked for in full). Of a listing, whether it is a
    "feed" or a "sitemap" and what it listed: a server does not send again what has not changed.
    """

    etag: str = ""
    last_modified: str = ""
    stamp: str = ""
    address: str = ""
    wanted: str = ""
    is_dated: bool = False
    listed: str = ""
    entries: tuple[Entry, ...] = ()
