"""One sync in a process of its own, timed: `python -m benchmarks.ways_in bundled HOME PATH`, JSON out."""

from __future__ import annotations

import json
import resource
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_STATUS = Path("/proc/self/status")


@dataclass
class Clock:
    """When each stage of a sync was last heard of, in seconds, and the most memory held by then."""

    started: float = field(default_factory=time.perf_counter)
    stages: dict[str, float] = field(default_factory=dict)
    peaks: dict[str, float] = field(default_factory=dict)

    def tell(self, stage: str, done: int, total: int | None) -> None:
        """Note a stage, as a `Progress`."""
        if stage not in self.stages and self.stages:  # reading it at every call would be timed too
            self.peaks[[*self.stages][-1]] = peak_megabytes()
        self.stages[stage] = self.seconds

    @property
    def seconds(self) -> float:
        """How long it has been running."""
        return time.perf_counter() - self.started


def peak_megabytes() -> float:
    """Give the most memory this process ever held, and the largest of those it started and saw end, in MB.

    They need not have held it at once. `ru_maxrss` of this process itself will not do: a process begins with
    that of the one that started it.
    """
    if not _STATUS.exists():
        raise SystemExit("the peak of memory is read from /proc/self/status, which is there on Linux only")
    (line,) = (one for one in _STATUS.read_text().splitlines() if one.startswith("VmHWM:"))
    own, started = int(line.split()[1]), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return (own + started) * 1024 / 1e6


def sync(embedding: str, home: Path, path: Path) -> dict[str, Any]:
    """Sync one path, with the bundled embedding or with vectors that cost nothing."""
    clock = Clock()
    from benchmarks.synthetic import HashVectors
    from index import ArticleIndex
    from index.confined import parsers

    with ArticleIndex.open(home, HashVectors() if embedding == "hashed" else None) as index:
        report = index.sync(path, clock.tell)
        seconds = clock.seconds
        parsers().rest()  # only those that have ended are counted
        return {
            "seconds": seconds,
            "answerable_seconds": clock.stages["words"],
            "stage_seconds": clock.stages,
            "stage_megabytes": clock.peaks,
            "peak_megabytes": peak_megabytes(),
            "added": len(report.added),
            "unchanged": len(report.unchanged),
            "failed": len(report.failed),
            "passages": index.passages,
        }


if __name__ == "__main__":
    print(json.dumps(sync(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))))
