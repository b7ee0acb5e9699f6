"""Sources read in order, and their documents made articles by other processes a little ahead of it."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from index.characters import ExtractError
from index.confined import Parsers, parsers
from index.sources import folders
from index.sources.document import Document, Found
from index.sources.source import Collection, Source, source_of
from index.types import Article, Failure

if TYPE_CHECKING:
    from index.sources.web import Web

_AHEAD = 4  # documents read ahead for each process that parses

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a source gave, and of a document that was to be parsed its articles, or the reason for none.

    Each article stands with what tells it from the others of its document, "" for the only one.
    """

    found: Found
    articles: tuple[tuple[str, Article], ...] = ()
    reason: str = ""

    @property
    def failure(self) -> Failure | None:
        """Why there is no article, None where there is one or none was looked for."""
        if isinstance(self.found, Failure):
            return self.found
        return Failure(self.found.key or "a document without a path", self.reason) if self.reason else None


def parsed(found: Iterable[Found], is_new: Callable[[Document], bool], using: Parsers) -> Iterator[Parsed]:
    """Parse what is new of what a source gives, several documents at a time, and yield all in its order."""
    waiting: deque[tuple[Found, Future[list[Any]] | None]] = deque()
    for one in found:
        new = isinstance(one, Document) and is_new(one)
        waiting.append((one, using.submit("articles", one) if new else None))
        while waiting and (len(waiting) > _AHEAD * using.workers or _is_done(waiting[0][1])):
            yield _parsed(*waiting.popleft())
    while waiting:
        yield _parsed(*waiting.popleft())


def read_articles(paths: str | Path | Iterable[str | Path]) -> Iterator[Article]:
    """Yield the articles in files and folders, with a logged warning for each document that gives none.

    Raises SourceError where there is no such path.
    """
    for source in listed(paths):
        for one in parsed(folders.documents(source, parsers()), lambda _: True, parsers()):
            if one.failure:
                _logger.warning("%s: %s", one.failure.source, one.failure.reason)
            yield from (article for _, article in one.articles)


class Reading:
    """Everything that one sync reads: files as they lie there, the network through one door."""

    def __init__(self, collection: Collection, memo: Callable[[str], str], using: Parsers) -> None:
        """Take what is to be read, and what looks up the memo of a document; no connection is made yet."""
        self._collection, self._memo, self._parsers = collection, memo, using
        self._stack = ExitStack()

    def documents(self, source: Source) -> Iterator[Found]:
        """Read one source. Raises SourceError where there is no such path."""
        return (
            folders.documents(source, self._parsers)
            if source.kind == "files"
            else self._web.documents(source)
        )

    def expected(self) -> int | None:
        """Count the documents there will be; None where only reading can tell."""
        counts = [folders.expected(one) for one in self._collection.sources if one.kind == "files"]
        known = [count for count in counts if count is not None]
        return sum(known) if len(known) == len(self._collection.sources) else None

    def __enter__(self) -> Reading:
        """Use it in a `with`, which closes the door."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the door."""
        self._stack.close()

    @cached_property
    def _web(self) -> Web:
        from index.fetch import Fetcher
        from index.sources.web import Web

        own = self._collection
        fetcher = Fetcher(contact=own.contact, allow=own.allow, pause_seconds=own.pause_seconds)
        return Web(self._stack.enter_context(fetcher), self._parsers, self._memo)


def listed(paths: str | Path | Source | Iterable[str | Path | Source]) -> list[Source]:
    """List the sources that paths and addresses mean, also one given bare; SourceError for an empty one."""
    every = [paths] if isinstance(paths, (str, Path, Source)) else list(paths)
    return [one if isinstance(one, Source) else source_of(one) for one in every]


def _is_done(future: Future[list[Any]] | None) -> bool:
    return future is None or future.done()


def _parsed(found: Found, future: Future[list[Any]] | None) -> Parsed:
    if future is None:
        return Parsed(found)
    assert isinstance(found, Document)
    try:
        return Parsed(found, tuple((name, article) for name, article in future.result()))
    except ExtractError as error:
        return Parsed(found, reason=f"row {found.line:,}: {error}" if found.line else str(error))
