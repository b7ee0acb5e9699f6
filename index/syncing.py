"""Making the catalog agree with folders and files: what to add, change, remove and leave alone."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from index.catalog import Catalog
from index.recording import FIELDS, Cut, Finding
from index.sources import Document, SourceError, attempt, documents
from index.types import Article, Failure, SyncReport
from index.upkeep import Progress

_BATCH = 32  # documents between two commits
_NO_TEXT = "holds characters that are no text (lone surrogates)"

_logger = logging.getLogger(__name__)


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
        self._batch: list[tuple[Finding, str]] = []
        self.tally = Tally()

    def read(self, path: str | Path) -> None:
        """Bring one root up to date: what was in it and is gone is removed once it was read to its end."""
        blind: list[str] = []
        try:
            for found in documents(path):
                if isinstance(found, Failure):
                    self._fail(found, str(path))
                    blind.append(found.source)
                elif found.key not in self._seen:
                    self._seen.add(found.key)
                    self._look(found)
        except SourceError as error:
            self.tally.failed.append(Failure(str(path), str(error)))
            return
        finally:
            self._commit()
        self._remove(str(Path(path).resolve()), blind)

    def take(self, findings: Iterable[Finding]) -> None:
        """Record articles that come from no document that could be read again."""
        for finding in findings:
            self._compare(finding)
        self._commit()

    def forget(self, keys: list[str]) -> None:
        """Remove documents, and the articles that no other document gives."""
        for at in range(0, len(keys), _BATCH):
            batch = keys[at : at + _BATCH]
            gave = [key for key in batch if (known := self._catalog.document(key)) and known.version]
            self._catalog.record((), batch, self._cut)
            self.tally.removed += gave
            self._tell()

    def _look(self, document: Document) -> None:
        known = self._catalog.document(document.key)
        if known and known.fingerprint == document.fingerprint:
            if known.reason:
                self.tally.failed.append(Failure(document.key, known.reason))
            else:
                self.tally.unchanged.append(document.key)
            self._tell()
            return
        made = _attempted(document)
        reason = made.reason if isinstance(made, Failure) else ""
        article = None if isinstance(made, Failure) else made
        self._compare(Finding(document.key, document.root, document.fingerprint, article, reason))

    def _compare(self, finding: Finding) -> None:
        known = self._catalog.document(finding.key)
        if finding.article is None:
            became = "failed"
        elif not known or not known.version:
            became = "added"
        else:
            became = "unchanged" if known.version == finding.article.version else "changed"
        self._batch.append((finding, became))
        if len(self._batch) >= _BATCH:
            self._commit()

    def _fail(self, failure: Failure, root: str) -> None:
        self._seen.add(failure.source)
        known = self._catalog.document(failure.source)
        root = str(Path(root).resolve())
        if known and known.reason == failure.reason:
            self.tally.failed.append(failure)
        else:
            self._batch.append((Finding(failure.source, root, "", None, failure.reason), "failed"))

    def _commit(self) -> None:
        if not self._batch:
            return
        batch, self._batch = self._batch, []
        self._catalog.record([finding for finding, _ in batch], (), self._cut)
        for finding, became in batch:
            if became == "failed":
                self.tally.failed.append(Failure(finding.key, finding.reason))
            else:
                getattr(self.tally, became).append(finding.key)
        self._tell()

    def _tell(self) -> None:
        """Say how many are done, so that it is always the first so many that were read."""
        if not self._batch:
            self._progress("articles", self.tally.total, None)

    def _remove(self, root: str, blind: list[str]) -> None:
        """Forget what was in a root and is gone, except behind what could not be read."""
        self.forget(
            [
                key
                for key in self._catalog.keys(root)
                if key not in self._seen and not any(_holds(place, key) for place in blind)
            ]
        )


def _attempted(document: Document) -> Article | Failure:
    """Make the article, and let no single document end a sync."""
    try:
        made = attempt(document)
    except Exception as error:
        _logger.exception("%s could not be read", document.key)
        return Failure(document.key, f"could not be read: {type(error).__name__}: {error}")
    if isinstance(made, Article) and not _is_text(made):
        return Failure(document.key, _NO_TEXT)
    return made


def _is_text(article: Article) -> bool:
    """Tell whether UTF-8, and so every store, can hold it."""
    try:
        "".join(str(getattr(article, name)) for name in FIELDS).encode()
    except UnicodeEncodeError:
        return False
    return True


def _holds(place: str, key: str) -> bool:
    return key.startswith((f"{place}/", f"{place}#"))


def findings_of(articles: Iterable[Article]) -> Iterator[Finding]:
    """Treat articles handed over as documents of their own; ValueError if one holds what is no text."""
    for article in articles:
        if not _is_text(article):
            raise ValueError(f"article {article.id} {_NO_TEXT}")
        key = f"added:{article.id}"
        yield Finding(key, "added:", article.version, article)
