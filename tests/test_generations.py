from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from storing import run

from index import disk
from index.disk import NoSpaceError
from index.generations import BuildError, DamagedError, building, built_by, current, verify
from index.readers import ReaderFolder, Store

ROWS = np.arange(1, 41, dtype=np.int64)


def build(store: Path, rows: np.ndarray = ROWS, content: str = "one", revision: int = 1) -> None:
    with building(store, "paper", revision, rows, 0) as draft:
        (draft.folder / "deep").mkdir(exist_ok=True)
        (draft.folder / "deep" / "leaf.txt").write_text(content)
        (draft.folder / f"{'fresh' if draft.fresh else 'copied'}.txt").write_text(
            f"{draft.add.tolist()} {draft.remove.tolist()}"
        )


def folder(store: Path) -> Path:
    generation = current(store)
    assert generation is not None
    return generation.folder


def content(store: Path) -> str:
    generation = current(store)
    assert generation is not None
    verify(generation)
    return (generation.folder / "deep" / "leaf.txt").read_text()


def test_a_store_that_was_never_built_has_no_generation(tmp_path: Path) -> None:
    assert current(tmp_path / "store") is None


def test_a_sealed_generation_holds_what_was_built(tmp_path: Path) -> None:
    build(tmp_path / "store", revision=7)
    generation = current(tmp_path / "store")
    assert generation is not None
    verify(generation)
    assert (generation.tag, generation.revision, generation.count) == ("paper", 7, len(ROWS))
    assert generation.rows().tolist() == ROWS.tolist()


def test_old_generations_are_deleted_after_the_switch(tmp_path: Path) -> None:
    store = tmp_path / "store"
    build(store)
    build(store, content="two")
    assert sorted(path.name for path in store.iterdir()) == [folder(store).name, "CURRENT"]
    assert content(store) == "two"


def test_few_changes_are_applied_to_a_copy(tmp_path: Path) -> None:
    store = tmp_path / "store"
    build(store)
    build(store, rows=np.append(ROWS[1:], 99))
    generation = current(store)
    assert generation is not None
    assert (generation.folder / "copied.txt").read_text() == "[99] [1]"
    assert generation.changes == 2


def test_many_changes_are_built_from_nothing(tmp_path: Path) -> None:
    store = tmp_path / "store"
    build(store)
    build(store, rows=ROWS[:30])
    generation = current(store)
    assert generation is not None
    assert not (generation.folder / "copied.txt").exists()
    assert generation.changes == 0


def test_changes_add_up_until_it_is_built_from_nothing(tmp_path: Path) -> None:
    store = tmp_path / "store"
    build(store)
    seen = []
    for last in range(41, 47):
        build(store, rows=np.arange(1, last + 1, dtype=np.int64))
        generation = current(store)
        assert generation is not None
        seen.append(generation.changes)
    assert seen == [1, 2, 3, 4, 0, 1]


@pytest.mark.parametrize("difference", [{"revision": 0}, {"tag": "stone"}])
def test_an_untrusted_generation_is_no_base(tmp_path: Path, difference: dict[str, object]) -> None:
    store = tmp_path / "store"
    build(store, revision=5)
    values = {"tag": "paper", "revision": 6, **difference}
    with building(store, values["tag"], values["revision"], ROWS, 0) as draft:  # type: ignore[arg-type]
        assert draft.fresh


def test_a_damaged_base_is_built_from_nothing(tmp_path: Path) -> None:
    store = tmp_path / "store"
    build(store)
    (folder(store) / "deep" / "leaf.txt").write_text("torn")
    build(store, rows=ROWS[1:], content="two")
    assert content(store) == "two"
    assert (folder(store) / "fresh.txt").exists()


def test_an_error_while_building_leaves_the_current_generation(tmp_path: Path) -> None:
    store = tmp_path / "store"
    build(store)
    with (
        pytest.raises(BuildError, match=r"\d could not be built by Paper \(ValueError: broken\)"),
        building(store, "paper", 2, ROWS, 0) as draft,
        built_by("Paper", draft.folder),
    ):
        raise ValueError("broken")
    assert content(store) == "one"
    assert sorted(path.name for path in store.iterdir()) == [folder(store).name, "CURRENT"]


def test_a_mistake_of_our_own_is_no_error_of_an_engine(tmp_path: Path) -> None:
    store = tmp_path / "store"
    build(store)
    with pytest.raises(KeyError, match="ours"), building(store, "paper", 2, ROWS, 0):
        raise KeyError("ours")
    assert content(store) == "one"


def test_a_store_let_go_of_by_another_thread_still_gives_a_reader(tmp_path: Path) -> None:
    build(tmp_path / "store")
    store = Store(tmp_path / "store", "paper", lambda folder: folder)
    stop = threading.Event()

    def drop() -> None:
        while not stop.is_set():
            store.drop()

    thread = threading.Thread(target=drop)
    thread.start()
    try:
        assert all(store.reader() is not None for _ in range(200))
    finally:
        stop.set()
        thread.join()


def test_an_interrupt_while_building_stays_an_interrupt(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), building(tmp_path / "store", "paper", 2, ROWS, 0):
        raise KeyboardInterrupt


def test_too_little_space_is_found_before_building(tmp_path: Path) -> None:
    store = tmp_path / "store"
    with (
        pytest.raises(NoSpaceError, match=rf"no room to write {store}: .* MB are free there"),
        building(store, "paper", 1, ROWS, 1 << 60),
    ):
        pytest.fail("nothing may be built")


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        (name, damage)
        for name in ("CURRENT", "manifest.json", "rows.npy", "deep/leaf.txt")
        for damage in ("cut", "zeros", "other", "gone")
        if (name, damage) != ("CURRENT", "gone")
    ],
)
def test_every_damage_is_found(tmp_path: Path, name: str, damage: str) -> None:
    store = tmp_path / "store"
    build(store)
    harm((store if name == "CURRENT" else folder(store)) / name, damage)
    with pytest.raises(DamagedError, match=str(store)):
        content(store)
    with pytest.raises(DamagedError):
        ReaderFolder(store, "paper")


def put_file(store: Path) -> None:
    shutil.rmtree(store)
    store.write_text("mine")


def put_folder(store: Path) -> None:
    (store / "CURRENT").unlink()
    (store / "CURRENT").mkdir()
    (store / "CURRENT.new").mkdir()


def put_stray_files(store: Path) -> None:
    shutil.rmtree(store)
    store.mkdir()
    for name in ("12", "²", "99999999999999999999"):
        (store / name).write_text("mine")


def put_folders_for_files(store: Path) -> None:
    leaf = folder(store) / "deep" / "leaf.txt"
    leaf.unlink()
    leaf.mkdir()


@pytest.mark.parametrize("misplace", [put_file, put_folder, put_folders_for_files])
def test_a_file_in_the_place_of_a_folder_or_a_folder_for_a_file_is_damage(
    tmp_path: Path, misplace: Callable[[Path], None]
) -> None:
    build(tmp_path / "store")
    misplace(tmp_path / "store")
    with pytest.raises(DamagedError, match=str(tmp_path / "store")):
        ReaderFolder(tmp_path / "store", "paper")


@pytest.mark.parametrize("misplace", [put_file, put_folder, put_stray_files, put_folders_for_files])
def test_what_stands_in_the_way_of_a_store_is_built_over(
    tmp_path: Path, misplace: Callable[[Path], None]
) -> None:
    build(tmp_path / "store")
    misplace(tmp_path / "store")
    build(tmp_path / "store", content="two")
    assert content(tmp_path / "store") == "two"


def harm(path: Path, damage: str) -> None:
    held = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(
            {"cut": held[: len(held) // 2], "zeros": bytes(len(held)), "other": os.urandom(len(held))}[damage]
        )


def test_a_copy_of_a_store_without_generations_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DamagedError, match="holds no sealed generation"):
        ReaderFolder(tmp_path, "paper")


def test_a_copy_of_another_making_is_refused(tmp_path: Path) -> None:
    build(tmp_path / "store")
    with pytest.raises(DamagedError, match="was made by paper, and this is stone"):
        ReaderFolder(tmp_path / "store", "stone")


def test_a_copy_is_the_readers_own(tmp_path: Path) -> None:
    build(tmp_path / "store")
    mine = ReaderFolder(tmp_path / "store", "paper")
    (mine.folder / "deep" / "leaf.txt").write_text("scribbled")
    assert content(tmp_path / "store") == "one"
    build(tmp_path / "store", content="two")
    assert (mine.folder / "deep" / "leaf.txt").read_text() == "scribbled"


def test_a_copy_goes_when_nobody_holds_it(tmp_path: Path) -> None:
    build(tmp_path / "store")
    mine = ReaderFolder(tmp_path / "store", "paper")
    place = mine.folder
    assert place.exists()
    del mine
    assert not place.exists()


@pytest.fixture
def own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_the_copy_of_a_killed_process_goes_with_the_next_copy(
    tmp_path: Path, own_temporary_folder: Path
) -> None:
    build(tmp_path / "store")
    program = (
        "import os, sys, pathlib; from index.readers import ReaderFolder, Store; "
        "held = ReaderFolder(pathlib.Path(sys.argv[1]), 'paper'); os._exit(0)"
    )
    run(program, tmp_path / "store", TMPDIR=str(own_temporary_folder))
    (left,) = own_temporary_folder.iterdir()
    mine = ReaderFolder(tmp_path / "store", "paper")
    assert left.exists(), "a young one may be about to be locked"
    old = time.time() - 3600
    for path in own_temporary_folder.iterdir():
        os.utime(path, (old, old))
    other = ReaderFolder(tmp_path / "store", "paper")
    assert not left.exists()
    assert mine.folder.exists(), "one that is in use stays, however old"
    assert other.folder.exists()


def test_a_reader_that_is_overtaken_while_copying_takes_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "store"
    build(store)
    from index import readers

    calls = []

    def copy_late(generation: object, folder: Path) -> None:
        if not calls:
            build(store, content="two")
        calls.append(generation)
        return original(generation, folder)  # type: ignore[arg-type]

    original = readers.copy
    monkeypatch.setattr(readers, "copy", copy_late)
    mine = ReaderFolder(store, "paper")
    assert (mine.folder / "deep" / "leaf.txt").read_text() == "two"
    assert len(calls) == 2


STEPS = """
import os, shutil, sys, pathlib
import numpy as np
from test_generations import ROWS, build
STEP = -1000
def killing(function):
    def killed(*arguments, **others):
        global STEP
        STEP += 1
        if STEP == LAST:
            os._exit(9)
        return function(*arguments, **others)
    return killed
for name in ("fsync", "replace", "mkdir", "unlink", "rmdir", "rename"):
    setattr(os, name, killing(getattr(os, name)))
work = pathlib.Path(sys.argv[1])
for LAST in range(1, 1000):
    home = work / str(LAST)
    shutil.copytree(work / "base", home)
    STEP = -1000
    pid = os.fork()
    if pid == 0:
        STEP = 0
        build(home, rows=np.append(ROWS, 99), content="two", revision=2)
        os._exit(0)
    if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0:
        break
print(LAST)
"""


def test_killed_at_any_step_the_old_generation_is_current_or_the_new_one(tmp_path: Path) -> None:
    build(tmp_path / "base")
    steps = int(run(STEPS, tmp_path))
    assert steps > 15
    seen = []
    for step in range(1, steps + 1):
        store = tmp_path / str(step)
        seen.append(content(store))
        build(store, rows=np.append(ROWS, 99), content="three", revision=3)
        assert content(store) == "three"
        assert len([path for path in store.iterdir() if path.name.isdigit()]) == 1
    assert seen == sorted(seen), "the switch happens once"
    assert set(seen) == {"one", "two"}


def test_a_file_is_replaced_whole_and_without_leftovers(tmp_path: Path) -> None:
    path = tmp_path / "file"
    disk.write_durably(path, b"one")
    disk.write_durably(path, b"two")
    assert path.read_bytes() == b"two"
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_free_space_is_told_for_a_path_that_does_not_exist_yet(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free / 1e6
    message = str(disk.no_space(tmp_path / "a" / "b", "because"))
    told = float(message.partition("): ")[2].partition(" MB")[0].replace(",", ""))
    assert told == pytest.approx(free, rel=0.05)
