"""Syncing what a person named, or what dateline.toml describes: once, or again and again."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

from assistant.opening import holds_sample_only, is_added
from assistant.settings import SAMPLE
from index.confined import parsers
from index.disk import NoSpaceError
from index.embed import EmbeddingError
from index.generations import BuildError
from index.library import ArticleIndex
from index.sources.collection import CollectionError, read_collection
from index.sources.document import COLLECTION
from index.sources.reading import listed
from index.sources.source import Collection, Source
from index.types import Progress, SyncReport
from index.writing import BusyError

_BUSY_SECONDS = 60.0  # until a writer that was in the way is asked again
_GOES_ON = "the last description goes on"
_LONGEST_NAP_SECONDS = 60.0  # a description that was changed is followed after that

Bars = Callable[[], AbstractContextManager[Progress]]


@dataclass(frozen=True, slots=True)
class Done:
    """What a sync did, how many articles there are now, and what else is to be said, in whole lines."""

    report: SyncReport
    articles: int
    remarks: tuple[str, ...] = ()


def described(places: Sequence[str]) -> Collection:
    """Read what is to be synced: the places named, else the collection of the working folder.

    Raises SourceError, CollectionError; FileNotFoundError where nothing is named nor described.
    """
    if places:
        return Collection(tuple(listed(list(places))))
    if not Path(COLLECTION).exists():
        raise FileNotFoundError(
            f"no {COLLECTION} here; name what to sync: dateline sync FOLDER, or describe it there"
        )
    return read_collection(Path(COLLECTION))


def sync_once(index: ArticleIndex, collection: Collection, progress: Progress) -> Done:
    """Bring the index up to date with a collection; the first of a person's own takes the sample's place."""
    own = str(SAMPLE) not in {source.root for source in collection.sources}
    had_sample = own and holds_sample_only(index)
    report, remarks = index.sync(collection, progress), list[str]()
    if had_sample and report.added:
        index.forget([SAMPLE])
        remarks.append("the sample articles were taken out, since there are others now")
    return Done(report, index.coverage().articles, tuple(remarks))


def orphans(index: ArticleIndex, collection: Collection) -> list[str]:
    """List the sources that articles came from and that are not described, added files aside."""
    roots = {source.root for source in collection.sources}
    read = [state.root for state in index.sources() if state.root not in roots and state.succeeded]
    return [root for root in read if not is_added(index.home, root)]


class Following:
    """A collection that is followed: which of its sources are due, by what its description says now."""

    def __init__(self, places: Sequence[str]) -> None:
        """Take the places named, none for the description; raises what `described` does."""
        self._places = places
        self._collection = described(places)
        self._due: dict[str, float] = {}
        self._wrong: tuple[str, ...] = ()
        self._told: dict[str, str] = {}  # failures, by their documents

    def renew(self) -> tuple[str, ...]:
        """Read the description again; what is wrong with it is told once, and the last good one goes on."""
        before = self._wrong
        try:
            self._collection, self._wrong = described(self._places), ()
        except CollectionError as error:
            self._wrong = error.lines
        except OSError as error:
            self._wrong = (str(error),)
        return (*self._wrong, _GOES_ON) if self._wrong not in ((), before) else ()

    def due(self) -> Collection:
        """Give the part of the collection that is to be looked at now."""
        now = time.monotonic()
        sources = (one for one in self._collection.sources if self._due.get(one.root, 0.0) <= now)
        return replace(self._collection, sources=tuple(sources))

    def looked_at(self, sources: Sequence[Source], after_seconds: float | None = None) -> None:
        """Write down when sources are due again: by what they say, or after so many seconds."""
        now = time.monotonic()
        for one in sources:
            self._due[one.root] = now + (one.every_seconds if after_seconds is None else after_seconds)

    def news_of(self, done: Done) -> Done:
        """Leave out the failures that were told before; one that comes again after it was mended is new."""
        read = {one.source: one.reason for one in done.report.failed}
        new = tuple(one for one in done.report.failed if self._told.get(one.source) != one.reason)
        well = (*done.report.added, *done.report.changed, *done.report.unchanged, *done.report.removed)
        self._told = {key: self._told[key] for key in self._told.keys() - set(well)} | read
        return replace(done, report=replace(done.report, failed=new))

    def nap_seconds(self) -> float:
        """Tell how long there is nothing to do, at most until the description is to be read again."""
        first = min((self._due.get(one.root, 0.0) for one in self._collection.sources), default=0.0)
        return max(0.0, min(first - time.monotonic(), _LONGEST_NAP_SECONDS))


def follow(index: ArticleIndex, places: Sequence[str], tell: Callable[[Done], None], bars: Bars) -> NoReturn:
    """Sync every source as often as it says, until KeyboardInterrupt; `tell` hears of every round.

    Raises what `described` does, of the description as it is when this begins.
    """
    following = Following(places)
    while True:
        remarks, collection = following.renew(), following.due()
        if collection.sources:
            try:
                with bars() as progress:
                    done = sync_once(index, collection, progress)
                following.looked_at(collection.sources)
            except (BusyError, BuildError, EmbeddingError, NoSpaceError) as error:
                done = Done(SyncReport(), index.coverage().articles, (str(error),))
                following.looked_at(collection.sources, _BUSY_SECONDS)
            parsers().rest()
            tell(replace(following.news_of(done), remarks=(*remarks, *done.remarks)))
        elif remarks:
            tell(Done(SyncReport(), index.coverage().articles, remarks))
        time.sleep(following.nap_seconds())
