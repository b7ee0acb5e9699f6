"""What may happen to an index, and that nothing acknowledged is lost: docs/decisions/0021 and 0022."""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from storing import HashEmbedding, article, run, word, write

from index.library import ArticleIndex


def nursery(scenario: str, work: Path) -> Any:  # noqa: ANN401
    """Play a scenario of tests/nursery.py in a process of its own, and give what it found."""
    program = f"import pathlib, sys; from nursery import *; work = pathlib.Path(sys.argv[1]); {scenario}"
    work.mkdir(exist_ok=True)
    copies = work.with_name(f"{work.name}-copies")  # of those that are killed
    copies.mkdir(exist_ok=True)
    return json.loads(run(program, work, TMPDIR=str(copies)))


@pytest.fixture
def quick_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory, where there is one: a kill, unlike a power cut, loses nothing that was written."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path) as folder:
        yield Path(folder) / "work"


def test_thirty_kills_at_random_moments_lose_nothing(quick_disk: Path) -> None:
    hit = nursery("kill_at_random(work, 30, 50, 7)", quick_disk)
    assert len(hit) == 30
    assert len(set(hit)) >= 4, f"the kills hit different moments: {hit}"


def test_a_kill_at_every_step_of_making_generations_loses_nothing(quick_disk: Path) -> None:
    assert nursery("kill_at_every_step(work, 50)", quick_disk) > 30


STAGES = {"articles": "home/", "words": "home/words/", "vectors": "home/vectors/"}


@pytest.mark.parametrize("stage", STAGES)
def test_a_file_size_limit_is_told_and_reading_goes_on(tmp_path: Path, stage: str) -> None:
    message = nursery(f"fill_the_disk(work, 40, file_size_limit(1500), {stage!r})", tmp_path)
    assert message.startswith(f"no room to write {tmp_path / STAGES[stage]}")
    assert "MB are free there, so look for a quota" in message


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk cannot be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("stage", STAGES)
def test_a_full_disk_is_told_and_reading_goes_on(small_disk: Path, stage: str) -> None:
    message = nursery(f"fill_the_disk(work, 40, ballast(work), {stage!r})", small_disk)
    assert message.startswith(f"no room to write {small_disk / STAGES[stage]}")
    assert ": 0.0 MB are free there" in message


def test_two_processes_read_while_one_syncs(tmp_path: Path) -> None:
    assert min(nursery("read_while_another_writes(work, 50, 2)", tmp_path)) > 10


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index that nothing has happened to."""
    folder = tmp_path_factory.mktemp("whole")
    for number in range(1, 61):
        write(folder / "news", number)
    with ArticleIndex.open(folder / "home", HashEmbedding()) as index:
        index.sync([folder / "news"])
    return folder / "home"


def files(home: Path, store: str) -> list[Path]:
    return sorted(
        path.relative_to(home)
        for path in (home / store).rglob("*")
        if path.is_file() and path.suffix != ".lock"
    )


DAMAGES = {
    "cut": lambda held: held[: len(held) // 2],
    "zeros": lambda held: bytes(len(held)),
    "noise": lambda held: os.urandom(len(held)),
    "gone": None,
}


@pytest.mark.parametrize("store", ["words", "vectors"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_every_damaged_file_is_found_and_rebuilt_without_embedding(
    whole: Path, tmp_path: Path, store: str, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for number, name in enumerate(files(whole, store)):
        held = (whole / name).read_bytes()
        change = DAMAGES[damage]
        if change and change(held or b"\0") == held:
            continue
        home = tmp_path / str(number)
        shutil.copytree(whole, home)
        if change:
            (home / name).write_bytes(change(held) if held else b"\0")
        else:
            (home / name).unlink()
        embedding = HashEmbedding()
        caplog.clear()
        with ArticleIndex.open(home, embedding) as index:
            assert "rebuilding from the catalog" in caplog.text, name
            assert index.doctor().healthy, name
            assert embedding.embedded == [], name
            hits = index.search(f"Where was {word(17)} seen in the capital?", 100)
            assert hits[0].passage.article.url == article(17).url
        shutil.rmtree(home)


@pytest.mark.parametrize("store", ["words", "vectors"])
@pytest.mark.parametrize("place", ["", "CURRENT"])
def test_a_file_for_a_folder_or_a_folder_for_a_file_is_rebuilt(
    whole: Path, tmp_path: Path, store: str, place: str
) -> None:
    home = tmp_path / "home"
    shutil.copytree(whole, home)

    def misplace() -> None:
        path = home / store / place
        if place:
            path.unlink()
            path.mkdir()
        else:
            shutil.rmtree(path)
            path.write_text("mine")

    misplace()
    for _ in range(2):
        with ArticleIndex.open(home, HashEmbedding()) as index:
            assert index.doctor().healthy
            misplace()
            assert index.search(f"Where was {word(17)} seen?", 1)[0].passage.article.url == article(17).url
            assert not index.doctor().healthy
            index._repair.wait(30)
            assert index.doctor().healthy


@pytest.mark.parametrize("store", ["words", "vectors"])
def test_a_store_that_is_gone_is_rebuilt(whole: Path, tmp_path: Path, store: str) -> None:
    shutil.copytree(whole, tmp_path / "home")
    shutil.rmtree(tmp_path / "home" / store)
    with ArticleIndex.open(tmp_path / "home", HashEmbedding()) as index:
        assert index.doctor().healthy
        assert index.search(f"Where was {word(17)} seen?", 1)[0].passage.article.url == article(17).url
