"""SQLite as the catalog uses it: one durable file, short transactions, and errors a person can act on."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from index.disk import is_full, no_space, sync_folder
from index.schema import APPLICATION, ARRIVALS, BY_OUTLET, MEMOS, SCHEMA, SOURCES, STORIES, VERSION

Connection = sqlite3.Connection

PAGE = 2000  # rows read at a time, so that no reader holds a snapshot for long

_BUSY_SECONDS = 10.0
_WAY_OUT = "restore it from a backup, or move its folder away and sync again"


class CatalogError(RuntimeError):
    """The catalog cannot be used: it is missing, damaged, foreign, or was written by a newer Dateline."""


class Database:
    """A catalog's file. Safe to share between threads, and to open in many processes; one of them writes."""

    def __init__(self, path: Path) -> None:
        """Open a file that exists; CatalogError if it is damaged or none of ours."""
        self.path = path
        if not path.is_file() or path.stat().st_size == 0:
            raise CatalogError(f"{path} is missing or empty; {_WAY_OUT}")
        self._read_lock, self._write_lock = threading.RLock(), threading.RLock()
        with _translating(path):
            self._reader = _connection(path)
            try:
                _check_ours(self._reader, path)
                self._writer = _connection(path)
            except BaseException:
                self._reader.close()
                raise
        try:
            self._add("articles", "added", ARRIVALS)
            self._add("documents", "memo", MEMOS)
        except BaseException:
            self.close()
            raise

    def read(self, query: str, *values: object) -> list[Any]:
        """Run one query on what is committed, and give all its rows."""
        with self._read_lock, _translating(self.path):
            return self._reader.execute(query, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Commit what the body does, all of it or, when it raises, none of it."""
        with self._write_lock, _translating(self.path):
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise

    @property
    def knows_stories(self) -> bool:
        """Whether the file has the tables of stories, which one of an older Dateline lacks."""
        return bool(self.read("SELECT 1 FROM sqlite_master WHERE name = 'stories'"))

    def add_stories(self) -> None:
        """Bring the file of an older Dateline up to this one, in one transaction. Only for the writer."""
        if self.knows_stories:
            return
        with self.transaction() as db:
            for statement in STORIES.split(";"):
                db.execute(statement)
            db.execute("INSERT INTO meta VALUES ('stories', -1), ('story_format', '')")
            db.execute(f"PRAGMA user_version = {VERSION}")

    def index_days(self) -> None:
        """Give the file of an older Dateline the index of outlets with their days. Only for the writer."""
        if len(self.read("SELECT 1 FROM pragma_index_info('articles_by_outlet')")) > 2:
            return
        with self.transaction() as db:
            for statement in BY_OUTLET.split(";"):
                db.execute(statement)

    def _add(self, table: str, column: str, statements: str) -> None:
        """Add a column that every reader asks for to the file of an older Dateline, whoever opens it."""
        known = f"SELECT 1 FROM pragma_table_info('{table}') WHERE name = '{column}'"
        if self.read(known):
            return
        with self.transaction() as db:
            if db.execute(known).fetchone():  # another process was quicker
                return
            for statement in statements.split(";"):
                db.execute(statement)
            if self.knows_stories:
                db.execute(f"PRAGMA user_version = {VERSION}")

    def close(self) -> None:
        """Close the file; it cannot be used afterwards."""
        with self._read_lock, self._write_lock:
            self._reader.close()
            self._writer.close()


def create(path: Path, meta: Mapping[str, str | int]) -> None:
    """Make the file of an empty catalog, whole or not at all. Only for who holds the writer's place."""
    draft = path.with_name(path.name + ".new")
    for leftover in path.parent.glob(draft.name + "*"):
        leftover.unlink()
    with _translating(path):
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with closing(_connection(draft)) as db:
            db.execute(f"PRAGMA application_id = {APPLICATION}")
            db.executescript(f"BEGIN; {SCHEMA} {STORIES} {SOURCES} PRAGMA user_version = {VERSION}; COMMIT")
            db.executemany("INSERT INTO meta VALUES (?, ?)", list(meta.items()))
        os.replace(draft, path)  # noqa: PTH105 - the same call as in index.disk, which the tests kill at
        sync_folder(path.parent)


def _connection(path: Path) -> Connection:
    db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "trusted_schema = OFF",
            "cell_size_check = ON",
            "journal_size_limit = 67108864",
        ):
            db.execute(f"PRAGMA {pragma}")
    except BaseException:
        db.close()
        raise
    return db


def _check_ours(db: Connection, path: Path) -> None:
    ((application,),) = db.execute("PRAGMA application_id")
    ((version,),) = db.execute("PRAGMA user_version")
    if application != APPLICATION:
        raise CatalogError(f"{path} is not a catalog of Dateline; {_WAY_OUT}")
    if version > VERSION:
        raise CatalogError(
            f"{path} was written by a newer Dateline (schema {version}, this one knows {VERSION}); "
            "install the newer one"
        )
    db.execute("SELECT value FROM meta").fetchall()


@contextmanager
def _translating(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into a sentence about the file."""
    try:
        yield
    except (sqlite3.DatabaseError, OSError) as error:
        if is_full(error):
            raise no_space(path, error) from error
        if isinstance(error, OSError | sqlite3.IntegrityError | sqlite3.ProgrammingError):
            raise
        if isinstance(error, sqlite3.OperationalError):
            raise CatalogError(f"{path} cannot be used: {error}") from error
        raise CatalogError(f"{path} is damaged ({error}); {_WAY_OUT}") from error
