from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from storing import run

from index import vectors
from index.generations import BuildError, current, verify
from index.readers import ReaderFolder
from index.vectors import VectorIndex, exact

DIMENSION = 16


def unit(rows: Sequence[int]) -> Mapping[int, np.ndarray]:
    """A vector for every row, always the same."""
    found = {}
    for row in rows:
        vector = np.random.default_rng(row).normal(size=DIMENSION).astype(np.float32)
        found[row] = vector / np.linalg.norm(vector)
    return found


def build(store: Path, rows: Sequence[int], revision: int = 1, **other: object) -> VectorIndex:
    vectors.build(store, "hash", revision, np.array(rows, np.int64), **({"fetch": unit} | other))  # type: ignore
    return VectorIndex(ReaderFolder(store, vectors.tag("hash")))


def nearest(rows: Sequence[int], vector: np.ndarray, limit: int) -> list[int]:
    held = unit(rows)
    return [row for row, _ in exact(np.array(rows), np.stack(list(held.values())), vector, limit)]


def test_what_is_found_is_what_an_exact_comparison_finds(tmp_path: Path) -> None:
    rows = range(5, 205)
    index = build(tmp_path / "vectors", rows)
    for row in range(300, 330):
        vector = unit([row])[row]
        found = index.query(vector, 10)
        assert [row for row, _ in found] == nearest(rows, vector, 10)
        assert found[0][1] == pytest.approx(float(unit([found[0][0]])[found[0][0]] @ vector), abs=1e-5)


def test_a_small_difference_is_applied_to_a_copy_and_answers_alike(tmp_path: Path) -> None:
    store = tmp_path / "vectors"
    build(store, range(1, 201))
    rows = [*range(5, 201), 300, 301, 302, 303]
    fetched: list[int] = []

    def fetch(wanted: Sequence[int]) -> Mapping[int, np.ndarray]:
        fetched.extend(wanted)
        return unit(wanted)

    index = build(store, rows, 2, fetch=fetch)
    assert set(fetched) - {5} == {300, 301, 302, 303}
    for row in (2, 5, 100, 301):
        vector = unit([row])[row]
        assert [row for row, _ in index.query(vector, 5)] == nearest(rows, vector, 5)


def test_more_vectors_than_one_batch_are_all_there(tmp_path: Path) -> None:
    index = build(tmp_path / "vectors", range(1, 2302))
    for row in (1, 999, 1000, 1001, 2301):
        assert index.query(unit([row])[row], 1)[0][0] == row


def test_no_vectors_make_an_index_that_finds_nothing(tmp_path: Path) -> None:
    assert build(tmp_path / "vectors", []).query(unit([1])[1], 5) == []


def test_all_vectors_may_go(tmp_path: Path) -> None:
    build(tmp_path / "vectors", [1, 2])
    assert build(tmp_path / "vectors", [], 2).query(unit([1])[1], 5) == []


@pytest.mark.parametrize("limit", [0, -1, 1, 7, 10_000])
def test_any_limit_is_kept(tmp_path: Path, limit: int) -> None:
    index = build(tmp_path / "vectors", range(1, 41))
    assert len(index.query(unit([3])[3], limit)) == min(max(limit, 0), 40)


@pytest.mark.parametrize(
    "vector", [np.full(DIMENSION, np.nan), np.full(DIMENSION, np.inf), np.eye(DIMENSION)]
)
def test_a_question_that_is_no_vector_is_refused(tmp_path: Path, vector: np.ndarray) -> None:
    with pytest.raises(ValueError, match="expected 1 finite vectors"):
        build(tmp_path / "vectors", [1, 2]).query(vector.astype(np.float32), 1)


def test_vectors_that_are_none_are_refused_and_nothing_changes(tmp_path: Path) -> None:
    store = tmp_path / "vectors"
    build(store, [1, 2, 3])
    with pytest.raises(BuildError, match="expected 4 finite vectors"):
        build(store, [1, 2, 3, 4], fetch=lambda rows: {row: np.full(DIMENSION, np.nan) for row in rows})
    generation = current(store)
    assert generation is not None
    assert generation.count == 3


def test_a_vector_of_another_dimension_is_refused(tmp_path: Path) -> None:
    index = build(tmp_path / "vectors", range(1, 31))
    with pytest.raises(BuildError):
        build(
            tmp_path / "vectors", range(1, 32), fetch=lambda rows: {row: np.ones(3) / 3**0.5 for row in rows}
        )
    assert len(index.query(unit([1])[1], 3)) == 3


def test_reading_changes_nothing_that_was_sealed(tmp_path: Path) -> None:
    store = tmp_path / "vectors"
    index = build(store, range(1, 50))
    index.query(unit([1])[1], 5)
    generation = current(store)
    assert generation is not None
    verify(generation)


def test_an_open_index_answers_on_after_its_generation_is_gone(tmp_path: Path) -> None:
    store = tmp_path / "vectors"
    index = build(store, range(1, 50))
    build(store, range(1, 20), 2)
    assert index.query(unit([40])[40], 1)[0][0] == 40


def test_a_closed_index_leaves_no_folder_and_no_open_file(tmp_path: Path) -> None:
    index = build(tmp_path / "vectors", range(1, 50))
    index.query(unit([1])[1], 5)
    folder = index._copy.folder
    del index
    assert not folder.exists()
    links = [str(path.readlink()) for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
    assert not [link for link in links if str(folder) in link]


HOSTILE = {
    "CHROMA_API_IMPL": "evil.Api",
    "ALLOW_RESET": "true",
    "ANONYMIZED_TELEMETRY": "true",
    "IS_PERSISTENT": "false",
    "CHROMA_SERVER_HOST": "192.0.2.1",
}


def test_chroma_is_silent_and_ignores_its_surroundings(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in HOSTILE.items()))
    program = """
import sys, pathlib
def no_network(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        raise SystemExit(f"network: {event} {arguments}")
sys.addaudithook(no_network)
from test_vectors import build, unit
index = build(pathlib.Path(sys.argv[1]), range(1, 50))
assert index.query(unit([7])[7], 1)[0][0] == 7
"""
    assert run(program, tmp_path / "vectors", folder=tmp_path, **HOSTILE) == ""


def test_importing_the_module_does_not_import_chroma() -> None:
    assert run("import sys, index.vectors, index.library; print('chromadb' in sys.modules)") == "False\n"
