"""What a feed or a sitemap lists: addresses of articles, with what it says of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from index.types import Failure


@dataclass(frozen=True, slots=True)
class Entry:
    """An article's address, and what the feed or sitemap that lists it says of it; "" where it does not.

    `stamp` changes whenever the source says that the article changed; "" means that the page has to be asked.
    `content` is the text as HTML, where a feed carries all of it.
    """

    address: str
    title: str = ""
    byline: str = ""
    outlet: str = ""
    published: date | None = None
    modified: date | None = None
    language: str = ""
    sections: tuple[str, ...] = ()
    stamp: str = ""
    content: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A feed or sitemap: its entries, the further ones it names, and the entries that cannot be used."""

    title: str = ""
    entries: tuple[Entry, ...] = ()
    more: tuple[str, ...] = ()
    left_out: tuple[Failure, ...] = ()
