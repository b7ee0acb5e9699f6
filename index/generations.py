"""How a derived store is replaced: built beside the current one, sealed with hashes, then switched to.

A store is a folder of generations, numbered by the millisecond they were begun in, and a file CURRENT that
names one of them and the hash of its manifest. The manifest holds the size and hash of every file. Only the
writer builds and deletes; nothing half built is ever named by CURRENT, so a crash at any step leaves the old
generation or the new one.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np

from index.arrays import Rows
from index.disk import require_space, sync_file, sync_folder, translating, write_durably
from index.engines import engine_errors

_ROWS = "rows.npy"
_MANIFEST = "manifest.json"
_NO_FILE = (FileNotFoundError, IsADirectoryError, NotADirectoryError)
_DRIFT = 0.1  # share of rows changed, since it was built from nothing, up to which a generation is copied


class DamagedError(RuntimeError):
    """A sealed generation is missing, or is not what its manifest says."""


class NotBuiltError(DamagedError):
    """A store has no generation: it is still being built for the first time, or it was deleted."""


class BuildError(RuntimeError):
    """An engine failed to build a generation; the current one is untouched."""


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A file of a sealed generation: name relative to its folder, size in bytes, SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Generation:
    """A sealed generation: the rows that one revision of the catalog had.

    `tag` says what made it (engine, its version, schema, embedding); `changes` counts the rows that were
    added or removed since a generation was last built from nothing.
    """

    folder: Path
    tag: str
    revision: int
    count: int
    changes: int
    files: tuple[SealedFile, ...]

    def rows(self) -> Rows:
        """Read the passage rows it holds, ascending; DamagedError if their file is not what was sealed."""
        _passed(self, next(file for file in self.files if file.name == _ROWS), None)
        rows: Rows = np.load(self.folder / _ROWS, allow_pickle=False)
        return rows


@dataclass(frozen=True, slots=True)
class Draft:
    """A generation being built: apply `remove` and `add` to what already lies in `folder`."""

    folder: Path
    fresh: bool
    add: Rows
    remove: Rows


@contextmanager
def built_by(engine: str, folder: Path) -> Iterator[None]:
    """Turn an engine's error, a Rust panic too, into BuildError or NoSpaceError; only its calls go in."""
    message = f"{folder} could not be built by {engine}"
    with engine_errors(lambda reason: BuildError(f"{message} ({reason})"), full=folder):
        yield


def current(store: Path) -> Generation | None:
    """Read which generation is current, None if there never was one; DamagedError if it cannot be told.

    Only its manifest is checked here; its files are by `copy` and `verify`.
    """
    name = stamp(store)
    if name is None:
        return None
    number, _, digest = name.partition(" ")
    folder = store / (number if number.isdecimal() else "?")
    try:
        content = (folder / _MANIFEST).read_bytes()
    except OSError as error:
        raise DamagedError(f"{folder / _MANIFEST} cannot be read ({error.strerror})") from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise DamagedError(f"{folder / _MANIFEST} is not the one that was sealed")
    try:
        manifest = json.loads(content)
        files = tuple(SealedFile(*entry) for entry in manifest.pop("files"))
        return Generation(folder=folder, files=files, **manifest)
    except (ValueError, TypeError, KeyError) as error:
        raise DamagedError(f"{folder / _MANIFEST} was written by another Dateline") from error


def stamp(store: Path) -> str | None:
    """Read the few bytes that change with the current generation, None if there are none; DamagedError."""
    try:
        return (store / "CURRENT").read_text(encoding="ascii", errors="replace").strip()
    except FileNotFoundError:
        return None
    except _NO_FILE as error:
        raise DamagedError(f"{store / 'CURRENT'} cannot be read ({error.strerror})") from error


def verify(generation: Generation) -> None:
    """Compare every file with what was sealed; DamagedError names the first that differs."""
    for file in generation.files:
        _passed(generation, file, None)


def copy(generation: Generation, folder: Path) -> None:
    """Copy a generation, each file compared with what was sealed on the way; DamagedError if one differs."""
    for file in generation.files:
        target = folder / file.name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with translating(target):
            _passed(generation, file, target)


def _passed(generation: Generation, file: SealedFile, target: Path | None) -> None:
    path = generation.folder / file.name
    try:
        found = _sealed(generation.folder, path, target)
    except _NO_FILE as error:
        raise DamagedError(f"{path} is missing") from error
    if found != file:
        raise DamagedError(f"{path} is damaged: it is not the file that was sealed")


def _sealed(folder: Path, path: Path, target: Path | None = None) -> SealedFile:
    """Measure a file, and copy it to `target` on the way."""
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as source, Path(target or os.devnull).open("wb") as sink:
        while block := source.read(1 << 20):
            size += len(block)
            digest.update(block)
            sink.write(block)
    return SealedFile(path.relative_to(folder).as_posix(), size, digest.hexdigest())


@contextmanager
def building(
    store: Path, tag: str, revision: int, rows: Rows, need_bytes: int, fresh: bool = False
) -> Iterator[Draft]:
    """Build the next generation in the body, then seal it and make it current.

    Starts from a copy of the current generation when few rows differ, unless `fresh`. `need_bytes` is a
    rough size, so that a full disk is found before the work. Raises NoSpaceError or BuildError, and then
    the current generation is still the old one. Only for who holds the writer's place.
    """
    _make_folder(store)
    sweep(store)
    require_space(store, need_bytes)
    folder = store / str(_next_number(store))
    try:
        with translating(folder):
            draft, changes = _start(None if fresh else _base(store, tag, revision), folder, rows)
            yield draft
            _seal(draft.folder, tag, revision, rows, changes)
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):
            raise BuildError(f"{folder} could not be built: {error}") from error
        raise
    sweep(store)


def sweep(store: Path) -> None:
    """Delete every generation that is not current, unfinished ones too. Only for the writer."""
    kept = (stamp(store) or "").partition(" ")[0]
    for path in _numbered(store):
        if path.name != kept:
            _delete(path)


def _make_folder(store: Path) -> None:
    """Make the folder of a store, in the place of a file; nor may a folder stand in that of CURRENT."""
    if not store.is_dir():
        _delete(store)
    store.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in ("CURRENT", "CURRENT.new"):
        if (store / name).is_dir():
            _delete(store / name)


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _next_number(store: Path) -> int:
    """Find a number above all others that was not tried before either.

    A path that Chroma failed to open cannot be opened again by the same process, so failures leave gaps.
    """
    return max(1 + max((int(path.name) for path in _numbered(store)), default=0), int(time.time() * 1000))


def _numbered(store: Path) -> list[Path]:
    return [path for path in store.iterdir() if path.name.isdecimal()]


def _base(store: Path, tag: str, revision: int) -> Generation | None:
    """Find a generation to start from: of the same making, and not ahead of a catalog that was restored."""
    try:
        generation = current(store)
    except DamagedError:
        return None
    if generation is None or generation.tag != tag or generation.revision > revision:
        return None
    return generation


def _start(base: Generation | None, folder: Path, rows: Rows) -> tuple[Draft, int]:
    folder.mkdir(mode=0o700)
    if base is not None:
        try:
            before = base.rows()
            add, remove = np.setdiff1d(rows, before), np.setdiff1d(before, rows)
            changes = base.changes + len(add) + len(remove)
            if changes <= _DRIFT * len(rows):
                copy(base, folder)
                return Draft(folder, False, add, remove), changes
        except DamagedError:
            shutil.rmtree(folder)
            folder.mkdir(mode=0o700)
    return Draft(folder, True, rows, rows[:0]), 0


def _seal(folder: Path, tag: str, revision: int, rows: Rows, changes: int) -> None:
    with (folder / _ROWS).open("wb") as file:
        np.save(file, rows, allow_pickle=False)
    paths = sorted(folder.rglob("*"))
    sealed = [path for path in paths if path.is_file() and path.suffix != ".lock" and path.name != _MANIFEST]
    for path in sealed:
        sync_file(path)
    for path in (folder, *(path for path in paths if path.is_dir())):
        sync_folder(path)
    files = [astuple(_sealed(folder, path)) for path in sealed]
    manifest = {"tag": tag, "revision": revision, "count": len(rows), "changes": changes, "files": files}
    content = json.dumps(manifest, indent=1).encode()
    write_durably(folder / _MANIFEST, content)
    sync_folder(folder.parent)
    name = f"{folder.name} {hashlib.sha256(content).hexdigest()}\n"
    write_durably(folder.parent / "CURRENT", name.encode("ascii"))
