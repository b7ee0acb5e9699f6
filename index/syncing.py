"""Making the catalog agree with folders and files: what to add, change, remove and leave alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from index.catalog import Catalog
from index.recording import Cut, Outcome
from index.sources import NO_SUCH_PATH, NO_TEXT, Document, SourceError, attempt, documents, is_text, key_of
from index.stories import containment, shingles
from index.types import Article, Failure, Progress, SyncReport, outlet_key

_BATCH = 32  # documents between two commits
_SAME_ARTICLE = 0.05  # runs in common from which texts are versions of one: rewritten 6 %, others up to 4 %
_RUN = 4  # words
_DISPLACED = (
    "not searched: another document has the same address and other words, and is newer; "
    "give each an address of its own"
)
_OTHER_OUTLET = (
    "not searched: another document has the same address and another outlet, and is newer; "
    "give each an address of its own"
)


@dataclass
class Tally:
    """A report while it is being written."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many documents are dealt with, and committed."""
        return sum(
            len(part) for part in (self.added, self.changed, self.removed, self.unchanged, self.failed)
        )

    def report(self) -> SyncReport:
        """Close it."""
        return SyncReport(
            tuple(self.added),
            tuple(self.changed),
            tuple(self.removed),
            tuple(self.unchanged),
            tuple(self.failed),
        )


class Reconciliation:
    """One pass over the sources: reads, compares, and commits batch by batch."""

    def __init__(self, catalog: Catalog, cut: Cut, progress: Progress) -> None:
        """Take the catalog to bring up to date, only for who holds the writer's place."""
        self._catalog = catalog
        self._cut = cut
        self._progress = progress
        self._seen: set[str] = set()
        self._batch: list[tuple[Outcome, str]] = []
        self.tally = Tally()

    def read(self, path: str | Path) -> None:
        """Bring one root up to date: what was in it and is gone is removed once it was read to its end."""
        root, blind = key_of(Path(path).resolve()), list[str]()
        try:
            for found in documents(path):
                if isinstance(found, Failure):
                    self._fail(found, root)
                    blind.append(found.source)
                elif found.key not in self._seen:
                    self._seen.add(found.key)
                    self._look(found)
                    blind += [found.torn_file] if found.torn_file else []
        except SourceError:
            self.tally.failed.append(Failure(key_of(path), NO_SUCH_PATH))
            return
        finally:
            self._commit()
        self._remove(root, blind)

    def take(self, outcomes: Iterable[Outcome]) -> None:
        """Record articles that come from no document that could be read again."""
        for outcome in outcomes:
            self._compare(outcome)
        self._commit()

    def forget(self, path: str, keys: list[str]) -> None:
        """Remove what was read from a path; a failure where nothing was."""
        if not keys:
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
            if (reason := _what_differs(own, current))
        }
        for became in (self.tally.added, self.tally.changed, self.tally.unchanged):
            became[:] = [key for key in became if key not in displaced]
        self.tally.failed += [Failure(key, reason) for key, reason in displaced.items()]

    def _look(self, document: Document) -> None:
        known = self._catalog.document(document.key)
        if known and known.fingerprint == document.fingerprint and not (known.reason and document.line):
            if known.reason:
                self.tally.failed.append(Failure(document.key, known.reason))
            else:
                self.tally.unchanged.append(document.key)
            self._tell()
            return
        made = attempt(document)
        reason = made.reason if isinstance(made, Failure) else ""
        article = None if isinstance(made, Failure) else made
        self._compare(Outcome(document.key, document.root, document.fingerprint, article, reason))

    def _compare(self, outcome: Outcome) -> None:
        known = self._catalog.document(outcome.key)
        if outcome.article is None:
            became = "failed"
        elif not known or not known.version:
            became = "added"
        else:
            became = "unchanged" if known.version == outcome.article.version else "changed"
        self._batch.append((outcome, became))
        if len(self._batch) >= _BATCH:
            self._commit()

    def _fail(self, failure: Failure, root: str) -> None:
        self._seen.add(failure.source)
        known = self._catalog.document(failure.source)
        if known and known.reason == failure.reason:
            self.tally.failed.append(failure)
        else:
            self._batch.append((Outcome(failure.source, root, "", None, failure.reason), "failed"))

    def _commit(self) -> None:
        if not self._batch:
            return
        batch, self._batch = self._batch, []
        self._catalog.record([outcome for outcome, _ in batch], (), self._cut)
        for outcome, became in batch:
            if became == "failed":
                self.tally.failed.append(Failure(outcome.key, outcome.reason))
            else:
                getattr(self.tally, became).append(outcome.key)
        self._tell()

    def _tell(self) -> None:
        """Say how many are done, so that it is always the first so many that were read."""
        if not self._batch:
            self._progress("articles", self.tally.total, None)

    def _remove(self, root: str, blind: list[str]) -> None:
        """Forget what was in a root and is gone, except behind what could not be read."""
        self.drop(
            [
                key
                for key in self._catalog.keys(root)
                if key not in self._seen and not any(key.startswith(f"{place}/") for place in blind)
            ]
        )


def _what_differs(own: Article, current: Article) -> str:
    """Say why an article is another than the current one in its place; nothing for a version of it."""
    if own.outlet and current.outlet and outlet_key(own.outlet) != outlet_key(current.outlet):
        return _OTHER_OUTLET
    in_common = containment(shingles(own.text, _RUN), shingles(current.text, _RUN))
    return "" if in_common >= _SAME_ARTICLE else _DISPLACED


def outcomes_of(articles: Iterable[Article]) -> Iterator[Outcome]:
    """Treat articles handed over as documents of their own; ValueError if one holds what is no text."""
    for article in articles:
        if not is_text(article):
            raise ValueError(f"article {article.id} {NO_TEXT}")
        key = f"added:{article.id}"
        yield Outcome(key, "added:", article.version, article)
