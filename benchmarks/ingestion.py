"""How articles get in: beside LlamaIndex's pipeline, again, in great number, and beside one who asks.

Every sync runs in a process of its own. Ratios within one run count, not seconds: the peer stands between two
runs of ours, whose mean is taken, so that other work on the machine weighs on both.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from assistant import Assistant
from assistant.settings import Settings
from benchmarks.datasets import indexed, rows
from benchmarks.metrics import percentile
from benchmarks.peers import MISSING
from benchmarks.speed import embedding, slowness
from benchmarks.synthetic import write_files, write_table
from index.types import Progress

_UNCHANGED = 10_000  # articles of the second sync
_SIZES = (1_000, 10_000, 100_000)
_BESIDE = 1_000  # articles synced while questions are asked
_QUESTIONS = 40  # asked before, and again after; between them as many as there is time for
_CODE = Path(__file__).resolve().parent.parent


def run(
    data: Path,
    home: Path,
    progress: Progress | None = None,
    articles: int | None = None,
    most: int = _SIZES[-1],
    without_peers: bool = False,
) -> dict[str, Any]:
    """Measure all of it, under `home`: `articles` of MultiHop-RAG, all by default, and `most` made ones.

    A peer that is missing, or left out, has no figures.
    """
    home.mkdir(parents=True, exist_ok=True)
    work = home.resolve() / "ingestion"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    folder = data / "multihoprag"
    figures: dict[str, Any] = {
        "multihoprag": beside_llama_index(folder / "articles.jsonl.gz", work, articles, without_peers),
        "unchanged": unchanged(work),
        "memory": memory(work, most),
    }
    questions = [row["question"] for row in rows(folder / "questions.jsonl")][:_QUESTIONS]
    indexed(folder / "articles.jsonl.gz", home / "multihoprag", progress).close()
    shutil.copytree(home / "multihoprag" / "index", work / "serving")
    figures["beside"] = beside(work / "serving", work, questions)
    shutil.rmtree(work)
    figures["machine"] = {"slowness": slowness(embedding(folder))}
    return figures


def beside_llama_index(
    packed: Path, work: Path, articles: int | None = None, alone: bool = False
) -> dict[str, Any]:
    """Sync MultiHop-RAG with the bundled embedding before and after LlamaIndex's pipeline does."""
    table = work / "multihoprag.jsonl"
    lines = gzip.decompress(packed.read_bytes()).splitlines(keepends=True)[:articles]
    table.write_bytes(b"".join(lines))
    before = _sync("bundled", work / "before", table)
    peer = None if alone else _peer(work, table)
    figures: dict[str, Any] = {"dateline": before, "llama_index": peer}
    if peer is not None:
        after = _sync("bundled", work / "after", table)
        whole, words = ((before[name] + after[name]) / 2 for name in ("seconds", "answerable_seconds"))
        figures["dateline_again"] = after
        figures["llama_index"] |= {
            "times_as_fast": peer["seconds"] / whole,
            "times_sooner": peer["seconds"] / words,
        }
    return figures


def unchanged(work: Path) -> dict[str, float]:
    """Sync articles a second time that have not changed, as one table and as a file each."""
    write_table(work / "table.jsonl", _UNCHANGED)
    write_files(work / "files", _UNCHANGED)
    figures = {}
    for name, path in (("table", work / "table.jsonl"), ("files", work / "files")):
        home = work / f"unchanged-{name}"
        _sync("hashed", home, path)
        again = _sync("hashed", home, path)
        if again["unchanged"] != _UNCHANGED:
            raise SystemExit(f"{again['unchanged']} of {_UNCHANGED} articles were unchanged")
        figures[f"{name}_seconds"] = again["seconds"]
        shutil.rmtree(home)
    return figures


def memory(work: Path, most: int) -> dict[str, Any]:
    """Sync more and more articles, each time from nothing."""
    figures: dict[str, Any] = {}
    for size in (one for one in _SIZES if one <= most):
        write_table(work / "made.jsonl", size)
        figures[f"of_{size}"] = _sync("hashed", work / "made", work / "made.jsonl")
        shutil.rmtree(work / "made")
    peaks = [one["peak_megabytes"] for one in figures.values()]
    return {**figures, "most_megabytes": max(peaks), "growth_megabytes": max(peaks) - peaks[0]}


def beside(home: Path, work: Path, questions: list[str]) -> dict[str, float]:
    """Answer questions alone, while `dateline sync` runs beside, and alone again."""
    from index import ArticleIndex

    write_table(work / "beside.jsonl", _BESIDE)
    with ArticleIndex.open(home) as index:
        ask = Assistant(index, settings=Settings()).answer

        def asked(question: str) -> float:
            started = time.perf_counter()
            ask(question)
            return 1000 * (time.perf_counter() - started)

        for question in questions[:5]:
            asked(question)
        alone, during = [asked(question) for question in questions], list[float]()
        command = [sys.executable, "-c", "from assistant.cli import main; main()", "sync"]
        with subprocess.Popen(
            [*command, str(work / "beside.jsonl")],
            env=_environment(DATELINE_HOME=str(home)),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as syncing:
            while syncing.poll() is None:
                during.append(asked(questions[len(during) % len(questions)]))
        if syncing.returncode:
            raise SystemExit(f"dateline sync ended with {syncing.returncode}")
        alone += [asked(question) for question in questions]
        return {
            "questions": len(during),
            "alone_p95_milliseconds": percentile(alone, 0.95),
            "beside_p95_milliseconds": percentile(during, 0.95),
            "times_as_long": percentile(during, 0.95) / percentile(alone, 0.95),
        }


def _sync(embedding: str, home: Path, path: Path) -> dict[str, Any]:
    figures = _figures("benchmarks.ways_in", embedding, str(home), str(path))
    if figures is None or figures["failed"]:
        raise SystemExit(f"{path} was not synced: {figures}")
    return figures


def _peer(work: Path, table: Path) -> dict[str, Any] | None:
    """Run the peer, with a HOME of its own; None, with the reason on standard error, where it is missing."""
    home = work / "peer"
    home.mkdir()
    if _figures("benchmarks.peers", "model", HOME=str(home)) is None:
        return None
    return _figures("benchmarks.peers", str(home / "store"), str(table), HOME=str(home))


def _figures(module: str, *arguments: str, **environment: str) -> dict[str, Any] | None:
    """Run a module in a process of its own and read what it prints; None where a package is missing."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=_environment(**environment),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == MISSING:
        print(f"left out: {done.stderr.strip()}", file=sys.stderr)
        return None
    if done.returncode:
        raise SystemExit(f"{module} ended with {done.returncode}: {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout or "{}")
    return found


def _environment(**variables: str) -> dict[str, str]:
    paths = [str(_CODE), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths)), **variables}
