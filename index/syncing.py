"""Making the catalog agree with its sources: what to add, change, remove and leave alone."""

from __future__ import annotations

import hashlib
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace

from index.catalog import Catalog
from index.confined import Parsers
from index.displacing import what_differs
from index.recording import Cut, Outcome
from index.sources.document import (
    INSTALL,
    NO_SUCH_PATH,
    NO_TEXT,
    ROW,
    Document,
    Expected,
    Noted,
    Partly,
    PassedOver,
    Repeated,
    Unchanged,
    is_text,
    torn_file,
)
from index.sources.folders import is_of
from index.sources.reading import Ended, Parsed, Read, parsed
from index.sources.source import Collection, Source
from index.tally import Tally
from index.types import Article, Failure, Progress

_BATCH = 32  # documents between two commits
_EMPTY = "nothing is there, where articles were before; they are kept: dateline forget takes them out"
_LONGEST_SECONDS = 2.0  # between two commits while anything comes
_NONE = Collection(())


@dataclass
class Visit:
    """What one source has given so far: how many documents, failures among them, and what is wrong with it.

    `blind` are places that could not be looked into, behind which documents may be hidden.
    """

    blind: list[str] = field(default_factory=list)
    given: int = 0
    failed: int = 0
    is_whole: bool = True
    trouble: str = ""


class Reconciliation:
    """One pass over the sources: reads, compares, and commits batch by batch."""

    def __init__(
        self, catalog: Catalog, cut: Cut, progress: Progress, collection: Collection = _NONE
    ) -> None:
        """Take the catalog to bring up to date, only for who holds the writer's place."""
        self._catalog = catalog
        self._cut = cut
        self._progress = progress
        self._collection = collection
        self._seen: set[str] = set()
        self._repeated: set[str] = set()
        self._batch: list[tuple[Outcome, str]] = []
        self._memos: dict[str, str] = {}
        self._visits: defaultdict[str, Visit] = defaultdict(Visit)
        self._expected: int | None = None
        self._committed = time.monotonic()
        self._beside = f"{sorted(collection.outlets.items())}"  # what decides about articles, beside sources
        self.tally = Tally()

    def expect(self, documents: int | None) -> None:
        """Take how many documents there will be, for who watches; None where that is not known."""
        self._expected = documents

    def read(self, read: Iterable[Read], parsers: Parsers) -> None:
        """Bring sources up to date: what was in one and is gone is removed once it was read to its end."""
        try:
            with closing(parsed(self._first(read), self._is_new, parsers)) as every:
                for one in every:
                    self._take(one)
        finally:
            self._commit()

    def take(self, outcomes: Iterable[Outcome]) -> None:
        """Record articles that come from no document that could be read again."""
        for outcome in outcomes:
            self._compare(outcome)
        self._commit()

    def refuse(self, failures: Iterable[Failure]) -> None:
        """Report what could not be made an article; it comes from nowhere that is looked at again."""
        self.tally.failed += failures

    def forget(self, path: str, keys: list[str]) -> None:
        """Remove what was read from a path; a failure where nothing was."""
        known = self._catalog.journal.unheard(path)
        if not keys and not known:
            self.tally.failed.append(Failure(path, "nothing was read from it"))
        self.drop(keys)

    def drop(self, keys: list[str]) -> None:
        """Remove documents, and the articles that no other document gives."""
        for at in range(0, len(keys), _BATCH):
            batch = keys[at : at + _BATCH]
            gave = [key for key in batch if (known := self._catalog.document(key)) and known.version]
            self._catalog.record((), batch, self._cut)
            self.tally.removed += gave
            self._tell()

    def name_displaced(self) -> None:
        """Report as failed, and as nothing else, the documents read that another story stands in place of.

        It has the same address and other words, or another outlet. One that failed keeps its own reason.
        """
        read = sorted(self._seen - {failure.source for failure in self.tally.failed})
        displaced = {
            key: reason
            for key, own, current in self._catalog.displaced(read)
            if (reason := what_differs(own, current))
        }
        for became in (self.tally.added, self.tally.changed, self.tally.unchanged):
            became[:] = [key for key in became if key not in displaced]
        self.tally.failed += [Failure(key, reason) for key, reason in displaced.items()]

    def _first(self, read: Iterable[Read]) -> Iterator[Read]:
        """Pass on what was not read before in this pass."""
        for source, found in read:
            if isinstance(found, Document) and found.key in self._seen:
                continue
            if isinstance(found, Expected):
                self._expected = None if self._expected is None else self._expected + found.documents
            elif isinstance(found, Repeated):
                self._repeated.add(found.key)
            elif not isinstance(found, Ended | Partly):
                self._seen.add(found.source if isinstance(found, Failure) else found.key)
            yield source, found

    def _is_new(self, source: Source, document: Document) -> bool:
        known = self._catalog.document(document.key)
        if known and known.fingerprint == self._fingerprint(document, source):
            # The number of a row may be another now, and what was missing installed.
            return bool(known.reason and (document.line or INSTALL in known.reason))
        return True

    def _fingerprint(self, document: Document, source: Source) -> str:
        """Write down all that decides what becomes of a document."""
        beside = f"{source.since}{self._beside}"
        return hashlib.sha256(f"{document.fingerprint}{beside}".encode()).hexdigest()

    def _take(self, one: Parsed) -> None:
        """Deal with what a source gave."""
        found, source = one.found, one.source
        visit = self._visits[source.root]
        visit.given += isinstance(found, Document | Unchanged | Repeated | Failure | PassedOver)
        visit.failed += isinstance(found, Failure) or bool(one.reason)
        if isinstance(found, Failure):
            self._fail(found, source.root)
            visit.blind += [found.source, *filter(None, [torn_file(found.source)])]
        elif isinstance(found, Ended):
            self._end(source, found)
        elif isinstance(found, Partly):
            visit.is_whole, visit.trouble = False, found.reason or visit.trouble
        elif isinstance(found, PassedOver):
            self.tally.passed_over.append(found.key)
            if self._catalog.document(found.key):  # as a failure, by an older Dateline
                self.drop([found.key])
        elif isinstance(found, Noted):
            self._add(Outcome(found.key, found.root, "", memo=found.memo), "")
        elif isinstance(found, Document) and (one.articles or one.reason):
            self._record(found, one)
        elif isinstance(found, Document | Unchanged):
            visit.failed += self._leave(found)

    def _end(self, source: Source, ended: Ended) -> None:
        """Write down how a source was read, and remove what was in it and is gone."""
        self._commit()
        visit = self._visits[source.root]
        held = self._catalog.journal.gave(source.root)
        if ended.error:
            visit.trouble = NO_SUCH_PATH
            self.tally.failed.append(Failure(source.root, NO_SUCH_PATH))
        elif not visit.given and held and not visit.trouble:
            visit.trouble = _EMPTY  # a disk that is not there, a feed that broke
            self.tally.failed.append(Failure(source.root, _EMPTY))
        elif source.kind != "files" and visit.given > 1 and visit.failed == visit.given:
            visit.trouble = visit.trouble or f"none of the {visit.given:,} documents there could be read"
        if source.kind not in ("files", "page") and source.root not in visit.blind:
            self._mend(source.root)
        if held or not visit.trouble or source.root in self._collection.described:
            self._catalog.journal.heard(source.root, visit.trouble)
        if visit.is_whole and visit.trouble not in (NO_SUCH_PATH, _EMPTY):
            self._remove(source)

    def _mend(self, key: str) -> None:
        """Forget that a source as a whole could not be read, once it could."""
        known = self._catalog.document(key)
        if known and known.reason and not known.version:
            self._catalog.record((), [key], self._cut)

    def _record(self, document: Document, one: Parsed) -> None:
        """Record the articles of a document, or why it has none; several stand under names of their own."""
        found, memo = self._fingerprint(document, one.source), document.memo
        if one.reason:
            self._compare(Outcome(document.key, document.root, found, None, one.reason, memo))
        elif any(name for name, _ in one.articles):
            self._compare(Outcome(document.key, document.root, found, memo=memo))
        if document.entry:  # a page shows the newest parts of a live blog; the others are not gone
            self._seen.update(self._catalog.parts(document.key))
        for name, article in one.articles:
            key = f"{document.key}{ROW}{name}" if name else document.key
            self._seen.add(key)
            kept = self._named(article) if _is_wanted(article, one.source) else None
            self._compare(Outcome(key, document.root, found, kept, memo="" if name else memo))

    def _leave(self, found: Document | Unchanged) -> bool:
        """Leave alone what is as it was, and what stands under its name; tell whether it failed then, too."""
        if found.memo:
            self._memos[found.key] = found.memo
        own = self._catalog.document(found.key)
        gives = own and (own.version or own.reason)
        for key in (found.key, *(() if gives else self._catalog.parts(found.key))):
            self._seen.add(key)
            known = own if key == found.key else self._catalog.document(key)
            if known and known.reason:
                self.tally.failed.append(Failure(key, known.reason))
            elif known and known.version:
                self.tally.unchanged.append(key)
            else:
                self.tally.others += 1
        self._tell()
        return bool(own and own.reason)

    def _named(self, article: Article) -> Article:
        """Give an outlet the one name that is used for it."""
        return replace(article, outlet=self._collection.outlet_of(article.outlet))

    def _compare(self, outcome: Outcome) -> None:
        known = self._catalog.document(outcome.key)
        had = bool(known and known.version)
        if outcome.article is None:
            self._add(outcome, "failed" if outcome.reason else "removed" if had else "")
        elif known and had:
            self._add(outcome, "unchanged" if known.version == outcome.article.version else "changed")
        else:
            self._add(outcome, "added")

    def _fail(self, failure: Failure, root: str) -> None:
        known = self._catalog.document(failure.source)
        if known and known.reason == failure.reason:
            self.tally.failed.append(failure)
        else:
            # Without its memo it is asked for in full the next time.
            self._add(Outcome(failure.source, root, "", None, failure.reason), "failed")

    def _add(self, outcome: Outcome, became: str) -> None:
        self._batch.append((outcome, became))
        if len(self._batch) >= _BATCH or time.monotonic() - self._committed > _LONGEST_SECONDS:
            self._commit()

    def _commit(self) -> None:
        batch, self._batch = self._batch, []
        memos, self._memos = self._memos, {}
        if batch:
            self._catalog.record([outcome for outcome, _ in batch], (), self._cut)
        if memos:
            self._catalog.remember(memos)
        self._committed = time.monotonic()
        for outcome, became in batch:
            if became == "failed":
                self.tally.failed.append(Failure(outcome.key, outcome.reason))
            elif became:
                getattr(self.tally, became).append(outcome.key)
            else:
                self.tally.others += 1
        if batch:
            self._tell()

    def _tell(self) -> None:
        """Say how many are done, so that it is always the first so many that were read."""
        if not self._batch:
            self._progress("articles", self.tally.total, self._expected)

    def _remove(self, source: Source) -> None:
        """Forget what was in a source and is gone, except behind what could not be read.

        That is what was read from it, and what lies in its folder and it would read.
        """
        gone = set(self._catalog.keys(source.root, below=False))
        if source.kind == "files":
            gone |= {key for key in self._catalog.keys(source.root) if is_of(source, key)}
        gone -= self._seen | self._repeated
        hidden = tuple(f"{place}/" for place in self._visits[source.root].blind)
        self.drop(sorted(key for key in gone if not key.startswith(hidden)))


def _is_wanted(article: Article, source: Source) -> bool:
    """Tell whether an article is no older than its source asks for."""
    return not (source.since and article.published_day and article.published_day < source.since)


def outcomes_of(articles: Iterable[Article]) -> Iterator[Outcome]:
    """Treat articles handed over as documents of their own; ValueError if one holds what is no text."""
    for article in articles:
        if not is_text(article):
            raise ValueError(f"article {article.id} {NO_TEXT}")
        key = f"added:{article.id}"
        yield Outcome(key, "added:", article.version, article)
