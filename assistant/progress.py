"""A bar a stage on a terminal: how much is done, how fast, and how long it will take."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from index.types import Progress

_STAGES = {
    "articles": ("reading", "document"),
    "words": ("indexing words", "step"),
    "meaning": ("embedding", "passage"),
    "vectors": ("indexing meaning", "step"),
}


@contextmanager
def progress_bars() -> Iterator[Progress]:
    """Show one bar a stage on a terminal; the value is called with the stage, done and the total.

    Interrupted in the body, it says that nothing is lost; typer then ends with the exit status 130.
    """
    from tqdm import tqdm

    bars: dict[str, tqdm[None]] = {}

    def show(stage: str, done: int, total: int | None) -> None:
        if stage not in bars:
            for earlier in bars.values():
                earlier.close()
            verb, unit = _STAGES.get(stage, (stage, "step"))
            bars[stage] = tqdm(desc=verb, unit=f" {unit}s", total=total, file=sys.stderr, disable=None)
        bars[stage].total = total
        bars[stage].update(done - bars[stage].n)

    try:
        try:
            yield show
        finally:
            for bar in bars.values():
                bar.close()
    except KeyboardInterrupt:
        typer.echo("interrupted; what was done is saved, and the same command goes on from here", err=True)
        raise
