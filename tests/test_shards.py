from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from test_vectors import build, nearest, unit

from index import shards
from index.generations import BuildError, Draft, current

NONE = np.zeros(0, np.int64)


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "SIZE", 100)


def names(store: Path) -> list[int]:
    generation = current(store)
    assert generation is not None
    return [int(path.name) for path in shards.folders(generation.folder)]


def asked_alike(store: Path, rows: Sequence[int], revision: int) -> None:
    index = build(store, rows, revision)
    for row in (rows[0], rows[len(rows) // 2], rows[-1], 10_000):
        vector = unit([row])[row]
        assert [row for row, _ in index.query(vector, 10)] == nearest(rows, vector, 10)


def test_parts_answer_as_one_index_does_however_they_change(tmp_path: Path) -> None:
    store = tmp_path / "vectors"
    rows = list(range(10, 260))
    asked_alike(store, rows, 1)
    assert names(store) == [10, 110, 210]
    rows = [*rows[3:150], *rows[152:], 300, 301]  # some go from two parts, some come to the last
    asked_alike(store, rows, 2)
    assert names(store) == [10, 110, 210]
    asked_alike(store, [5, *rows], 3)  # a vector that came late, for a row before all others
    assert names(store) == [10, 110, 210]


def test_what_comes_in_great_number_makes_parts_of_its_own(tmp_path: Path) -> None:
    for first in (1, 101):
        (tmp_path / str(first)).mkdir()
    rows = np.arange(1, 401)
    work = shards.parts(Draft(tmp_path, False, rows[150:], NONE), rows)
    assert [(part.folder.name, part.fresh, len(part.add), part.count) for part in work] == [
        ("151", True, 100, 100),
        ("251", True, 100, 100),
        ("351", True, 50, 50),
    ]


def test_a_part_that_fails_leaves_the_current_generation(tmp_path: Path) -> None:
    store = tmp_path / "vectors"
    build(store, range(1, 251))

    def broken(rows: Sequence[int]) -> Mapping[int, np.ndarray]:
        return {row: np.full(16, np.nan, np.float32) if row == 240 else unit([row])[row] for row in rows}

    with pytest.raises(BuildError, match=r"201 could not be built by Chroma \(ValueError: expected 51"):
        build(store, range(1, 252), 2, fetch=broken, fresh=True)
    assert len(names(store)) == 3
    generation = current(store)
    assert generation is not None
    assert generation.revision == 1
    assert [path.name for path in store.iterdir() if path.is_dir()] == [generation.folder.name]


def test_a_process_that_is_killed_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []

    class Killed(shards.subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *arguments: object, **options: object) -> None:
            super().__init__(*arguments, **options)  # type: ignore[call-overload]
            os.kill(self.pid, signal.SIGKILL)
            started.append(self)

    monkeypatch.setattr(shards.subprocess, "Popen", Killed)
    with pytest.raises(BuildError, match="its process ended with -9"):
        build(tmp_path / "vectors", range(1, 251))
    assert len(started) == 1
    assert current(tmp_path / "vectors") is None


def builders(store: Path) -> list[str]:
    found = []
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(line.read_bytes().decode("utf-8", "replace"))
        except OSError:
            continue  # it ended meanwhile
    return [line for line in found if "index.shards" in line and str(store) in line]


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")
def test_a_writer_that_is_killed_leaves_no_process_behind(tmp_path: Path) -> None:
    store = tmp_path / "vectors"
    program = """
import os, pathlib, signal, sys
import test_vectors
from index import shards
shards.SIZE = shards._BATCH = 100

def fetch(rows):
    if rows[0] > 200:  # one process built the first part, and another has begun
        os.kill(os.getpid(), signal.SIGKILL)
    return test_vectors.unit(rows)

test_vectors.build(pathlib.Path(sys.argv[1]), range(1, 301), fetch=fetch)
"""
    paths = [str(Path(__file__).parent), str(Path(shards.__file__).parent.parent)]
    done = subprocess.run(
        [sys.executable, "-c", program, str(store)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    until = time.monotonic() + 10
    while builders(store) and time.monotonic() < until:
        pass
    assert builders(store) == []
    assert current(store) is None
    asked_alike(store, range(1, 301), 1)
