"""What is written down of an address, so that it is not asked for again without need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from index.listings.listing import Entry


@dataclass(frozen=True, slots=True)
class Memo:
    """What is written down of an address for the next time.

    How to ask whether it changed, the stamp of the entry that led to it, from which day on articles were
    wanted (with another day it may be wanted now, or no longer), and, of a listing, whether it is a
    "feed" or a "sitemap" and what it listed: a server does not send again what has not changed.
    """

    etag: str = ""
    last_modified: str = ""
    stamp: str = ""
    since: date | None = None
    listed: str = ""
    entries: tuple[Entry, ...] = ()
