"""Pages, feeds and sitemaps: asked for through the door, again only where something may have changed."""

from __future__ import annotations

import hashlib
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from index import messages
from index.characters import ExtractError
from index.confined import Parsers
from index.fetch import Fetched, Fetcher, FetchError, Validators
from index.listings.listing import Entry, Listing
from index.sources.containers import PAGES
from index.sources.document import Document, Expected, Found, Noted, Partly, Repeated, Unchanged
from index.sources.memo import Memo
from index.sources.source import Collection, Source
from index.types import Failure, web_address

_LARGEST_LISTING = 10_000_000  # bytes; the sitemap protocol allows 50 million, for 50,000 addresses
_MOST_KEPT = 2_000  # entries written down for the day that a listing is not sent again
_MOST_LISTINGS = 200  # of one source: an index of sitemaps, and those it names
_LARGEST_PAGE = 5_000_000  # bytes
_SILENT_SECONDS = 3.0  # what a refusal of our own never takes
_MOST_UNANSWERED = 5  # pages, each of which is waited for
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

    def __init__(
        self, fetcher: Fetcher, parsers: Parsers, memo: Callable[[str], str], collection: Collection
    ) -> None:
        """Take the door, what parses, what looks up the memo of an address ("" for none), what is wished."""
        self._fetcher, self._parsers, self._lookup = fetcher, parsers, memo
        self._names, self._allowed = str(sorted(collection.outlets.items())), set(collection.allow)
        self._asked: set[str] = set()
        self._troubles: dict[str, str] = {}  # of listings, for the other sources that name them

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
            listed = listed or [one for one in self._fetcher.sitemaps(source.place) if web_address(one)]
        except (FetchError, ExtractError) as error:
            reason = str(error)
        if listed:
            yield from self._listings(source, listed)
        else:
            yield from self._trouble(source, source.place, reason)

    def _listings(self, source: Source, places: Sequence[str]) -> Iterator[Found]:
        """Read feeds and sitemaps, and the sitemaps they name; where one is an article's page, that page."""
        waiting, below = deque(places), ""
        for _ in range(_MOST_LISTINGS):
            if not waiting:
                return
            address = waiting.popleft()
            if address in self._asked:  # by another source, which has what is on it
                yield from (Repeated(address), Partly(source.root, self._troubles.get(address, "")))
                continue
            self._asked.add(address)
            try:
                looked = self._look(address, source)
                is_below = source.kind == "sitemap" and looked.kind == "html" and address == source.place
                more = self._sitemaps(address) if is_below else ()
            except (FetchError, ExtractError) as error:
                yield from self._trouble(source, address, str(error))
                continue
            waiting += (*more, *looked.listing.more)
            if is_below:
                below = address
            elif looked.kind in ("feed", "sitemap"):
                yield from self._listed(source, looked, below)
            elif source.kind == "page":
                yield self._found(source, Entry(address), looked.fetched)
            else:
                yield from self._trouble(source, address, "neither a feed nor a sitemap")
        yield from self._trouble(source, source.place, _TOO_MANY)

    def _trouble(self, source: Source, address: str, reason: str) -> Iterator[Found]:
        """Say that a source could not be read as it should; one page alone is no source of newer ones."""
        self._troubles[address] = reason
        is_page = source.kind == "page" and not self._memo(address, source).listed
        yield Partly(source.root, "" if is_page else reason)
        yield Failure(address, reason)

    def _listed(self, source: Source, looked: Looked, below: str) -> Iterator[Found]:
        """Note a listing, and ask for the pages on it whose address begins so."""
        before = self._lookup(looked.address)
        if before and not self._memo(looked.address, source).listed:
            reason = f"was an article's page, and is now a {looked.kind}"
            yield from self._trouble(source, looked.address, reason)
            return
        yield Noted(looked.address, source.root, _written(looked.memo))
        entries = looked.listing.entries
        # The sitemaps of news sites, too, show the last days only.
        if looked.kind == "feed" or looked.listing.left_out or any(entry.published for entry in entries):
            yield Partly(source.root)
        yield from looked.listing.left_out
        yield from self._pages(source, [one for one in entries if one.address.startswith(below)])

    def _pages(self, source: Source, entries: Iterable[Entry]) -> Iterator[Found]:
        """Ask for the pages of a listing, new ones first, but for those that it says have not changed."""
        taken = [one for one in entries if source.takes(one.address) and not _is_before(one, source)]
        taken.sort(key=lambda entry: bool(self._lookup(entry.address)))
        yield Expected(len(taken))
        unanswered = 0
        for number, entry in enumerate(taken):
            if entry.address in self._asked:
                yield Repeated(entry.address)
                continue
            self._asked.add(entry.address)
            memo = self._memo(entry.address, source)
            if entry.stamp and entry.stamp == memo.stamp:
                yield Unchanged(entry.address)
                continue
            if source.kind != "pages" and self._is_foreign(entry.address, source.place):
                yield Failure(entry.address, "an internal address, which a source elsewhere may not name")
                continue
            if entry.published and not memo.is_dated:
                memo = Memo()  # the page is asked for in full, to be told what its listing knows
            began = time.monotonic()
            try:
                yield self._found(source, entry, self._fetcher.fetch(entry.address, _validators(memo)))
                unanswered = 0
            except FetchError as error:
                yield Failure(entry.address, str(error))
                is_silent = error.status is None and time.monotonic() - began > _SILENT_SECONDS
                unanswered = unanswered + 1 if is_silent or error.passing else 0
            if unanswered == _MOST_UNANSWERED:
                left = len(taken) - number - 1
                reason = f"{unanswered} pages in a row did not answer; {left:,} more were not asked for"
                yield from self._trouble(source, source.place, reason)
                return

    def _found(self, source: Source, entry: Entry, fetched: Fetched | None) -> Found:
        """Make a document of a page; one that leads elsewhere than it did fails, and keeps its article."""
        memo = self._memo(entry.address, source)
        if fetched is None:
            return Unchanged(entry.address, _written(replace(memo, stamp=entry.stamp)))
        if memo.address and _path(fetched.address) not in (_path(memo.address), _path(entry.address)):
            return Failure(entry.address, f"leads to another page now: {fetched.address}")
        return self._page(source, entry, fetched)

    def _look(self, address: str, source: Source) -> Looked:
        """Ask for an address, and find out what it is; what has not changed is what it was."""
        memo = self._memo(address, source)
        fetched = self._fetcher.fetch(address, _validators(memo), _LARGEST_LISTING)
        if fetched is None:
            return Looked(address, memo.listed, Listing("", memo.entries), memo)
        said = (fetched.content, fetched.address, fetched.media_type, fetched.charset)
        kind, *found = self._ask("listing", *said)
        listing = found[0] if found else Listing("", ())
        return Looked(address, kind, listing, self._memo_of(source, fetched, kind, listing), fetched)

    def _is_foreign(self, address: str, place: str) -> bool:
        """Tell whether an address of another host than its source is asked only as it is allowed."""
        is_allowed = not self._allowed.isdisjoint({_host(address), urlsplit(address).netloc})
        return is_allowed and _host(address) != _host(place)

    def _sitemaps(self, address: str) -> Sequence[str]:
        """Name the sitemaps of a page's site: those of its robots.txt, else the usual one."""
        named = [one for one in self._fetcher.sitemaps(address) if web_address(one)]
        return named or [urljoin(address, "/sitemap.xml")]

    def _ask(self, task: str, *arguments: object) -> list[Any]:
        return self._parsers.submit(task, *arguments).result()

    def _memo(self, address: str, source: Source) -> Memo:
        """Look up what was written down; of an older Dateline, or of other wishes, it is as good as none."""
        try:
            memo = messages.read(self._lookup(address).encode())
        except messages.MessageError:
            return Memo()
        if not isinstance(memo, Memo):
            return Memo()
        is_same = memo.wanted == self._wanted(source)
        return memo if is_same else Memo(listed=memo.listed, address=memo.address)

    def _wanted(self, source: Source) -> str:
        wishes = f"{source.since}\0{source.outlet}\0{self._names}"
        return hashlib.sha256(wishes.encode()).hexdigest()[:16]

    def _memo_of(self, source: Source, fetched: Fetched, kind: str, listing: Listing) -> Memo:
        """Write down a listing, unless it is so long that it had better be sent again."""
        memo = Memo(wanted=self._wanted(source), listed=kind)
        if len(listing.entries) > _MOST_KEPT or listing.more:
            return memo
        entries = tuple(replace(entry, content="") for entry in listing.entries)
        tags = fetched.validators
        return replace(memo, etag=tags.etag, last_modified=tags.last_modified, entries=entries)

    def _page(self, source: Source, entry: Entry, fetched: Fetched) -> Document | Failure:
        kind = ".pdf" if fetched.content.startswith(b"%PDF-") else PAGES.get(fetched.media_type, "")
        if not kind:
            return Failure(entry.address, f"not a kind of page that is read: {fetched.media_type}")
        if len(fetched.content) > _LARGEST_PAGE:
            return Failure(entry.address, f"larger than {_LARGEST_PAGE:,} bytes")
        tags = fetched.validators
        memo = Memo(
            etag=tags.etag,
            last_modified=tags.last_modified,
            stamp=entry.stamp,
            address=fetched.address,
            wanted=self._wanted(source),
            is_dated=bool(entry.published),
        )
        return Document(
            entry.address,
            source.root,
            kind,
            fetched.content,
            address=fetched.address,
            charset=fetched.charset,
            entry=replace(entry, content=""),
            outlet=source.outlet,
            memo=_written(memo),
        )


def _is_before(entry: Entry, source: Source) -> bool:
    day = entry.published.date() if isinstance(entry.published, datetime) else entry.published
    return bool(source.since and day and day < source.since)


def _host(address: str) -> str:
    return urlsplit(address).hostname or ""


def _path(address: str) -> str:
    """Give what of an address is the page's own: sites move from http to https, and from www to without."""
    parts = urlsplit(address)
    return f"{parts.path.rstrip('/')}?{parts.query}"


def _validators(memo: Memo) -> Validators:
    return Validators(memo.etag, memo.last_modified)


def _written(memo: Memo) -> str:
    return messages.written(memo).decode().strip()
