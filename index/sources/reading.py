"""Sources read in order, and their documents made articles by other processes a little ahead of it."""

from __future__ import annotations

import logging
from collections import defaultdict, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from index.characters import ExtractError
from index.confined import Parsers, parsers
from index.sources import folders
from index.sources.document import Document, Found, SourceError
from index.sources.merging import merged
from index.sources.source import Collection, Source, source_of
from index.types import Article, Failure

_MOST_HOSTS = 8  # read at the same time
_MOST_AHEAD = 20_000_000  # bytes
_AHEAD = 4  # documents read ahead for each process that parses

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ended:
    """A source was read to its end, or, with an error, there is no such place."""

    error: SourceError | None = None


Read = tuple[Source, Found | Ended]


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a source gave, and of a document that was to be parsed its articles, or the reason for none.

    Each article stands with what tells it from the others of its document, "" for the only one.
    """

    source: Source
    found: Found | Ended
    articles: tuple[tuple[str, Article], ...] = ()
    reason: str = ""

    @property
    def failure(self) -> Failure | None:
        """Why there is no article, None where there is one or none was looked for."""
        if isinstance(self.found, Failure):
            return self.found
        key = self.found.key if isinstance(self.found, Document) else ""
        return Failure(key or "a document without a path", self.reason) if self.reason else None


def parsed(
    read: Iterable[Read], is_new: Callable[[Source, Document], bool], using: Parsers
) -> Generator[Parsed, None, None]:
    """Parse what is new of what sources give, several documents at a time, and yield all in its order."""
    waiting: deque[tuple[Source, Found | Ended, Future[list[Any]] | None]] = deque()
    try:
        for source, found in read:
            new = isinstance(found, Document) and is_new(source, found)
            waiting.append((source, found, using.submit("articles", found) if new else None))
            while waiting and (_is_much(waiting, using) or _is_done(waiting[0][2])):
                yield _parsed(*waiting.popleft())
        while waiting:
            yield _parsed(*waiting.popleft())
    except KeyboardInterrupt:
        yield from [_parsed(*one) for one in waiting if _is_done(one[2])]
        raise
    finally:
        for _, _, future in waiting:
            if future:
                future.cancel()


def read_articles(paths: str | Path | Iterable[str | Path]) -> Iterator[Article]:
    """Yield the articles in files and folders, with a logged warning for each document that gives none.

    Raises SourceError where there is no such path.
    """
    for source in listed(paths):
        read = ((source, found) for found in folders.documents(source, parsers()))
        for one in parsed(read, lambda *_: True, parsers()):
            if one.failure:
                _logger.warning("%s: %s", one.failure.source, one.failure.reason)
            yield from (article for _, article in one.articles)


class Reading:
    """Everything that one sync reads: files as they lie there, the network through one door."""

    def __init__(self, collection: Collection, memo: Callable[[str], str], using: Parsers) -> None:
        """Take what is to be read, and what looks up the memo of a document; no connection is made yet."""
        self._collection, self._memo, self._parsers = collection, memo, using

    def expected(self) -> int | None:
        """Count the files there will be; None where only reading can tell. Listings tell of their own."""
        files = (one for one in self._collection.sources if one.kind == "files")
        counts = [folders.expected(one) for one in files]
        known = [count for count in counts if count is not None]
        return sum(known) if len(known) == len(counts) else None

    def everything(self) -> Generator[Read, None, None]:
        """Read all sources: files one after the other, then hosts at the same time, each in a thread."""
        remote = list[Source]()
        for source in self._collection.sources:
            if source.kind == "files":
                yield from _to_its_end(source, lambda one: folders.documents(one, self._parsers))
            else:
                remote.append(source)
        if remote:
            yield from self._remote(remote)

    def _remote(self, sources: Sequence[Source]) -> Iterator[Read]:
        from index.fetch import Fetcher
        from index.sources.web import Web

        own, hosts = self._collection, defaultdict[str, list[Source]](list)
        # What lists pages goes before pages that are named alone: it knows their dates.
        for source in sorted(sources, key=lambda one: one.kind in ("page", "pages")):
            hosts[urlsplit(source.place).hostname or source.root].append(source)
        with Fetcher(contact=own.contact, allow=own.allow, pause_seconds=own.pause_seconds) as fetcher:
            web = Web(fetcher, self._parsers, self._memo, own)
            lanes = [
                chain.from_iterable(_to_its_end(one, web.documents) for one in of) for of in hosts.values()
            ]
            yield from merged(lanes, _MOST_HOSTS)


def _to_its_end(source: Source, documents: Callable[[Source], Iterator[Found]]) -> Iterator[Read]:
    try:
        for found in documents(source):
            yield source, found
    except SourceError as error:
        yield source, Ended(error)
    else:
        yield source, Ended()


def listed(paths: str | Path | Source | Iterable[str | Path | Source]) -> list[Source]:
    """List the sources that paths and addresses mean, also one given bare; SourceError for an empty one."""
    every = [paths] if isinstance(paths, (str, Path, Source)) else list(paths)
    return [one if isinstance(one, Source) else source_of(one) for one in every]


def _is_much(waiting: deque[tuple[Source, Found | Ended, Any]], using: Parsers) -> bool:
    """Tell whether enough is read ahead, by number or by size."""
    size = sum(len(found.content) for _, found, _ in waiting if isinstance(found, Document))
    return len(waiting) > _AHEAD * using.workers or size > _MOST_AHEAD


def _is_done(future: Future[list[Any]] | None) -> bool:
    return future is None or future.done()


def _parsed(source: Source, found: Found | Ended, future: Future[list[Any]] | None) -> Parsed:
    if future is None:
        return Parsed(source, found)
    assert isinstance(found, Document)
    try:
        return Parsed(source, found, tuple((name, article) for name, article in future.result()))
    except ExtractError as error:
        return Parsed(source, found, reason=f"row {found.line:,}: {error}" if found.line else str(error))
