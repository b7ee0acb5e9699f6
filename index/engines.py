"""What an engine raises, told apart from what we raise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from index.disk import is_full, no_space


@contextmanager
def engine_errors(translated: Callable[[str], RuntimeError], full: Path | None = None) -> Iterator[None]:
    """Raise `translated` of whatever an engine raises, NoSpaceError about `full` where the disk was full.

    Chroma and tantivy raise Python's own ValueError and RuntimeError, which tell nothing of their origin, so
    only calls into an engine belong in the body. A Rust panic is no `Exception`.
    """
    try:
        yield
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        if full is not None and is_full(error):
            raise no_space(full, error) from error
        raise translated(f"{type(error).__name__}: {error}") from error
