"""How reading went: the state of each source, the documents that failed, and the log of syncs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from index.database import Database
from index.recording import now
from index.types import Failure, SourceState, SyncReport

_MOST_LOGGED = 100  # failures of one sync; what is wrong with each document stands beside it


class Journal:
    """What became of reading, written down as it happens."""

    def __init__(self, database: Database) -> None:
        """Take the catalog's file."""
        self._db = database

    def heard(self, root: str, reason: str) -> None:
        """Write down that a source was read, or why it could not be as it should."""
        with self._db.transaction() as db:
            db.execute(
                "INSERT INTO sources (root, tried, succeeded, reason) VALUES (?1, ?2, ?3, ?4) "
                "ON CONFLICT (root) DO UPDATE SET tried = ?2, reason = ?4, "
                "succeeded = coalesce(?3, succeeded)",
                (root, now(), None if reason else now(), reason),
            )

    def gave(self, root: str) -> bool:
        """Tell whether any article was read from a source."""
        return bool(
            self._db.read("SELECT 1 FROM documents WHERE root = ? AND version IS NOT NULL LIMIT 1", root)
        )

    def only(self, described: Iterable[str]) -> None:
        """Forget the sources that were never read and are not described: mistakes in writing."""
        with self._db.transaction() as db:
            db.execute(
                "DELETE FROM sources WHERE succeeded IS NULL "
                "AND root NOT IN (SELECT value FROM json_each(?))",
                (json.dumps(sorted(described)),),
            )

    def unheard(self, root: str) -> bool:
        """Forget a source; tell whether it was known."""
        with self._db.transaction() as db:
            return db.execute("DELETE FROM sources WHERE root = ?", (root,)).rowcount > 0

    def sources(self) -> list[SourceState]:
        """List the sources that were read, and how that went the last time."""
        found = self._db.read("SELECT root, tried, succeeded, reason FROM sources ORDER BY root")
        return [
            SourceState(root, datetime.fromisoformat(tried), done and datetime.fromisoformat(done), reason)
            for root, tried, done, reason in found
        ]

    def failing(self) -> list[SourceState]:
        """List the sources that could not be read the last time."""
        return [state for state in self.sources() if state.reason]

    def failures(self) -> list[Failure]:
        """List the documents that could not be read when they were last looked at."""
        found = self._db.read("SELECT key, reason FROM documents WHERE reason != '' ORDER BY key")
        return [Failure(key, reason) for key, reason in found]

    def start_sync(self, roots: Sequence[str]) -> int:
        """Log that a sync started, and give its number."""
        with self._db.transaction() as db:
            values = (now(), json.dumps(list(roots)))
            return int(db.execute("INSERT INTO syncs (started, roots) VALUES (?, ?)", values).lastrowid or 0)

    def finish_sync(self, number: int, report: SyncReport) -> None:
        """Log that a sync finished, and what it did."""
        counts = {
            name: len(getattr(report, name))
            for name in ("added", "changed", "removed", "unchanged", "failed")
        }
        failures = [(one.source, one.reason) for one in report.failed[:_MOST_LOGGED]]
        with self._db.transaction() as db:
            db.execute(
                "UPDATE syncs SET finished = ?, counts = ?, failures = ? WHERE row = ?",
                (now(), json.dumps(counts), json.dumps(failures), number),
            )

    def begun(self) -> list[tuple[str, ...]]:
        """List the roots of every sync that was begun, finished or not, oldest first."""
        found = self._db.read("SELECT roots FROM syncs ORDER BY row")
        return [tuple(json.loads(roots)) for (roots,) in found]

    def last_sync(self) -> datetime | None:
        """Give the moment the last sync finished at; None where none did."""
        synced = self._db.read("SELECT max(finished) FROM syncs")[0][0]
        return synced and datetime.fromisoformat(synced)
