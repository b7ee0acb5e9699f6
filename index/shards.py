"""A large vector index in parts, each built by a process of its own.

Chroma keeps what an index took when it is closed (2 kB a vector), and a graph's time grows faster than its
size, so parts keep both the memory and the time of a build in bounds. A part is a folder under the
generation's, named by the first passage row it may hold; it holds all up to the next one's.
"""

from __future__ import annotations

import ctypes
import signal
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.arrays import Rows, Vectors
from index.disk import NoSpaceError
from index.generations import BuildError, Draft

Fetch = Callable[[Sequence[int]], Mapping[int, Vectors]]

SIZE = 50_000  # vectors: 120 MB to build; each part costs a question some 3 ms
_BATCH = 1000  # vectors handed over at once; Chroma takes 5,461
_NOT_BUILT, _NO_SPACE = 3, 4  # exit statuses
_HEAD = struct.Struct("<4q")  # of what a process reads: fresh or not, and how many rows come, go and are held
_WIDTH = struct.Struct("<q")
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_LONGEST_COMPLAINT = 500  # characters of what a process left behind


@dataclass(frozen=True, slots=True)
class Part:
    """What to do to one part: apply `remove` and `add` to `folder`, after which it holds `count` vectors."""

    folder: Path
    fresh: bool
    add: Rows
    remove: Rows
    count: int


def folders(generation: Path) -> list[Path]:
    """List the folders of the parts, by the rows they hold."""
    found = [path for path in generation.iterdir() if path.is_dir() and path.name.isdecimal()]
    return sorted(found, key=lambda path: int(path.name))


def parts(draft: Draft, rows: Rows, size: int | None = None) -> list[Part]:
    """Divide the work on a generation that is to hold `rows`; parts that stay as they are are left out."""
    size = size or SIZE
    held = [int(path.name) for path in folders(draft.folder)]
    kept = np.setdiff1d(rows, draft.add, assume_unique=True)
    late = draft.add[draft.add > kept[-1]] if len(kept) else draft.add
    begun = late[::size].tolist() if not held or len(late) > size else []
    starts = np.array([*held, *begun], np.int64)

    def place(some: Rows) -> Rows:
        return (np.searchsorted(starts, some, "right") - 1).clip(min=0)

    of_add, of_remove, of_rows = place(draft.add), place(draft.remove), place(rows)
    return [
        Part(
            draft.folder / str(start),
            start in begun,
            draft.add[of_add == at],
            draft.remove[of_remove == at],
            int((of_rows == at).sum()),
        )
        for at, start in enumerate(starts.tolist())
        if (of_add == at).any() or (of_remove == at).any()
    ]


def batches(rows: Rows) -> Iterator[list[int]]:
    """Cut rows into batches."""
    return (rows[at : at + _BATCH].tolist() for at in range(0, len(rows), _BATCH))


def stacked(part: Part, batch: Sequence[int], fetch: Fetch) -> Vectors:
    """Look a batch of vectors up, shape (rows, dimension); BuildError for several dimensions."""
    found = fetch(batch)
    if len({len(vector) for vector in found.values()}) > 1:
        raise BuildError(f"{part.folder} could not be built: its vectors are of several dimensions")
    return np.stack([found[row] for row in batch])


def build_apart(part: Part, fetch: Fetch) -> None:
    """Have another process build a part; BuildError or NoSpaceError as it raised them."""
    with tempfile.TemporaryFile() as complaints:
        child = subprocess.Popen(
            [sys.executable, "-m", "index.shards", str(part.folder.resolve())],
            cwd=Path(__file__).resolve().parent.parent,  # so that the child finds this very package
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
        )
        try:
            _send(child, part, fetch)
            status = child.wait()
        finally:
            child.kill()  # where it is not done, as after Ctrl-C
            child.wait()
        complaints.seek(0)
        complaint = complaints.read().decode("utf-8", "replace").strip()[-_LONGEST_COMPLAINT:]
    if status == _NO_SPACE:
        raise NoSpaceError(complaint)
    if status == _NOT_BUILT:
        raise BuildError(complaint)
    if status:
        raise BuildError(f"{part.folder} could not be built: its process ended with {status} ({complaint})")


def _send(child: subprocess.Popen[bytes], part: Part, fetch: Fetch) -> None:
    assert child.stdin is not None
    try:
        with child.stdin as pipe:
            pipe.write(_HEAD.pack(part.fresh, len(part.add), len(part.remove), part.count))
            pipe.write(part.add.astype("<i8").tobytes() + part.remove.astype("<i8").tobytes())
            for batch in batches(part.add):
                vectors = stacked(part, batch, fetch)
                pipe.write(_WIDTH.pack(vectors.shape[1]))
                pipe.write(vectors.astype("<f4").tobytes())
    except BrokenPipeError:
        return  # it ended early, and says why


def _build_received(folder: Path) -> None:
    """Build the part that is described on standard input."""
    from index import vectors

    fresh, added, removed, count = _HEAD.unpack(_received(_HEAD.size))
    add, remove = (np.frombuffer(_received(8 * size), "<i8") for size in (added, removed))

    def fetch(batch: Sequence[int]) -> dict[int, Vectors]:
        (width,) = _WIDTH.unpack(_received(_WIDTH.size))
        found = np.frombuffer(_received(4 * width * len(batch)), "<f4").reshape(len(batch), width)
        return dict(zip(batch, found, strict=True))

    vectors.fill(Part(folder, bool(fresh), add, remove, count), fetch)


def _end_with_parent() -> None:
    """Have the kernel end this process with the writer, where it can, so that the next writer finds it gone.

    Elsewhere it ends with the pipe, after at most one batch more.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _received(size: int) -> bytes:
    content = sys.stdin.buffer.read(size)
    if len(content) < size:
        raise BuildError("the process that asked for it is gone")
    return content


if __name__ == "__main__":
    _end_with_parent()
    try:
        _build_received(Path(sys.argv[1]))
    except (BuildError, NoSpaceError) as error:
        sys.stderr.write(str(error))
        sys.exit(_NO_SPACE if isinstance(error, NoSpaceError) else _NOT_BUILT)
