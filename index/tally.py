"""What became of documents in one sync, counted as it goes."""

from __future__ import annotations

from dataclasses import dataclass, field

from index.types import Failure, SyncReport


@dataclass
class Tally:
    """A report while it is being written."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    others: int = 0  # documents that are none of these: left out, or no articles

    @property
    def total(self) -> int:
        """How many documents are dealt with, and committed."""
        parts = (self.added, self.changed, self.removed, self.unchanged, self.failed, self.passed_over)
        return sum(len(part) for part in parts) + self.others

    def report(self) -> SyncReport:
        """Close it."""
        return SyncReport(
            tuple(self.added),
            tuple(self.changed),
            tuple(self.removed),
            tuple(self.unchanged),
            tuple(self.failed),
            tuple(self.passed_over),
        )
