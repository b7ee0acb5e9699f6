"""Pages, feeds and sitemaps: asked for through the door, again only where something may have changed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from index import messages
from index.characters import ExtractError
from index.confined import Parsers
from index.fetch import Fetched, Fetcher, FetchError, Validators
from index.listings.listing import Entry, Listing
from index.sources.containers import PAGES
from index.sources.document import Document, Found, Noted, Partly, Repeated, Unchanged
from index.sources.memo import Memo
from index.sources.source import Source
from index.types import Failure

_LARGEST_LISTING = 10_000_000  # bytes; the sitemap protocol allows 50 million, for 50,000 addresses
_MOST_KEPT = 2_000  # entries written down for the day that a listing is not sent again
_MOST_LISTINGS = 200  # of one source: an index of sitemaps, and those it names
_TOO_MANY = f"names more than {_MOST_LISTINGS} sitemaps; the others were not read"


@dataclass(frozen=True, slots=True)
class Looked:
    """What an address was found to be: a "feed", a "sitemap", a page ("html"), or "" for as it was."""

    address: str
    kind: str
    listing: Listing
    memo: Memo
    fetched: Fetched | None = None


class Web:
    """What is read from the network in one sync."""

    def __init__(self, fetcher: Fetcher, parsers: Parsers, memo: Callable[[str], str]) -> None:
        """Take the door, what parses, and what looks up the memo of an address, "" for none."""
        self._fetcher, self._parsers, self._lookup = fetcher, parsers, memo
        self._asked: set[str] = set()

    def documents(self, source: Source) -> Iterator[Found]:
        """Read a source, each page with what is known of it; a Failure stands for what cannot be read."""
        if source.kind == "pages":
            yield from self._pages(source, [Entry(address) for address in source.addresses])
        elif source.kind == "site":
            yield from self._site(source)
        else:
            yield from self._listings(source, [source.place])

    def _site(self, source: Source) -> Iterator[Found]:
        """Follow the first feed that a site's first page names, else the sitemaps that robots.txt does."""
        listed, reason = list[str](), "names no feed and no sitemap; give the address of one"
        try:
            if fetched := self._fetcher.fetch(source.place):
                listed = self._ask("feeds", fetched.content, fetched.address)[:1]
            listed = listed or list(self._fetcher.sitemaps(source.place))
        except (FetchError, ExtractError) as error:
            reason = str(error)
        if listed:
            yield from self._listings(source, listed)
        else:
            yield from _trouble(source, source.place, reason)

    def _listings(self, source: Source, places: Sequence[str]) -> Iterator[Found]:
        """Read feeds and sitemaps, and the sitemaps they name; where one is an article's page, that page."""
        waiting, below = deque(places), ""
        for _ in range(_MOST_LISTINGS):
            while waiting and waiting[0] in self._asked:
                waiting.popleft()
            if not waiting:
                return
            address = waiting.popleft()
            self._asked.add(address)
            try:
                looked = self._look(address, source)
                is_below = source.kind == "sitemap" and looked.kind == "html" and not below
                more = self._sitemaps(address) if is_below else ()
            except (FetchError, ExtractError) as error:
                yield from _trouble(source, address, str(error))
                continue
            waiting += (*more, *looked.listing.more)
            if is_below:
                below = address
            elif looked.kind in ("feed", "sitemap"):
                yield from self._listed(source, looked, below)
            elif source.kind == "page":
                found = looked.fetched
                yield _page(source, Entry(address), found) if found else Unchanged(address)
            else:
                yield from _trouble(source, address, "neither a feed nor a sitemap")
        yield from _trouble(source, source.place, _TOO_MANY)

    def _listed(self, source: Source, looked: Looked, below: str) -> Iterator[Found]:
        """Note a listing, and ask for the pages on it whose address begins so."""
        yield Noted(looked.address, source.root, _written(looked.memo))
        if looked.kind == "feed" or looked.listing.left_out:
            yield Partly(source.root)
        yield from looked.listing.left_out
        yield from self._pages(
            source, [one for one in looked.listing.entries if one.address.startswith(below)]
        )

    def _pages(self, source: Source, entries: Iterable[Entry]) -> Iterator[Found]:
        """Ask for the pages of a listing, but for those that it says have not changed."""
        for entry in entries:
            if not source.takes(entry.address) or _is_before(entry, source):
                continue
            if entry.address in self._asked:
                yield Repeated(entry.address)
                continue
            self._asked.add(entry.address)
            memo = self._memo(entry.address, source)
            if entry.stamp and entry.stamp == memo.stamp:
                yield Unchanged(entry.address)
                continue
            try:
                fetched = self._fetcher.fetch(entry.address, _validators(memo))
            except FetchError as error:
                yield Failure(entry.address, str(error))
                continue
            if fetched is None:
                yield Unchanged(entry.address, _written(replace(memo, stamp=entry.stamp)))
            else:
                yield _page(source, entry, fetched)

    def _look(self, address: str, source: Source) -> Looked:
        """Ask for an address, and find out what it is; what has not changed is what it was."""
        memo = self._memo(address, source)
        fetched = self._fetcher.fetch(address, _validators(memo), _LARGEST_LISTING)
        if fetched is None:
            return Looked(address, memo.listed, Listing("", memo.entries), memo)
        kind, *found = self._ask("listing", fetched.content, fetched.address, fetched.media_type)
        listing = found[0] if found else Listing("", ())
        return Looked(address, kind, listing, _memo_of(fetched, kind, listing, source), fetched)

    def _sitemaps(self, address: str) -> Sequence[str]:
        """Name the sitemaps of a page's site: those of its robots.txt, else the usual one."""
        return self._fetcher.sitemaps(address) or (urljoin(address, "/sitemap.xml"),)

    def _ask(self, task: str, *arguments: object) -> list[Any]:
        return self._parsers.submit(task, *arguments).result()

    def _memo(self, address: str, source: Source) -> Memo:
        """Look up what was written down; one that an older Dateline wrote is as good as none."""
        try:
            memo = messages.read(self._lookup(address).encode())
        except messages.MessageError:
            return Memo()
        return memo if isinstance(memo, Memo) and memo.since == source.since else Memo()


def _trouble(source: Source, address: str, reason: str) -> Iterator[Found]:
    yield Partly(source.root, reason)
    yield Failure(address, reason)


def _page(source: Source, entry: Entry, fetched: Fetched) -> Document | Failure:
    kind = ".pdf" if fetched.content.startswith(b"%PDF-") else PAGES.get(fetched.media_type, "")
    if not kind:
        return Failure(entry.address, f"not a kind of page that is read: {fetched.media_type}")
    tags = fetched.validators
    return Document(
        entry.address,
        source.root,
        kind,
        fetched.content,
        address=fetched.address,
        charset=fetched.charset,
        entry=replace(entry, content=""),
        outlet=source.outlet,
        memo=_written(Memo(tags.etag, tags.last_modified, entry.stamp, source.since)),
    )


def _memo_of(fetched: Fetched, kind: str, listing: Listing, source: Source) -> Memo:
    """Write down a listing, unless it is so long that it had better be sent again."""
    if len(listing.entries) > _MOST_KEPT or listing.more:
        return Memo(since=source.since, listed=kind)
    entries = tuple(replace(entry, content="") for entry in listing.entries)
    tags = fetched.validators
    return Memo(tags.etag, tags.last_modified, "", source.since, kind, entries)


def _is_before(entry: Entry, source: Source) -> bool:
    day = entry.published.date() if isinstance(entry.published, datetime) else entry.published
    return bool(source.since and day and day < source.since)


def _validators(memo: Memo) -> Validators:
    return Validators(memo.etag, memo.last_modified)


def _written(memo: Memo) -> str:
    return messages.written(memo).decode().strip()
