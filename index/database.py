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

Connection = sqlite3.Connection

PAGE = 2000  # rows read at a time, so that no reader holds a snapshot for long

_APPLICATION = 0x4461746C  # "Datl", in the file's header: this is a catalog of Dateline
_VERSION = 4  # 1 knew no stories, 2 not when an article first came nor its genre, 3 no sources

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
INSERT INTO meta VALUES ('words', 0), ('vectors', 0);

-- What each raw document became. `version` is of the last article it gave, even if it failed since.
CREATE TABLE documents (
    key TEXT PRIMARY KEY,
    root TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    article TEXT,
    version TEXT,
    source TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    memo TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE INDEX documents_by_article ON documents (article, version);
CREATE INDEX documents_by_root ON documents (root);

-- All versions seen of every article that a document still gives; AUTOINCREMENT: a row is never reused.
CREATE TABLE articles (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    version TEXT NOT NULL,
    current INTEGER NOT NULL DEFAULT 0,
    added_at TEXT NOT NULL,
    day TEXT,
    outlet_key TEXT NOT NULL,
    text TEXT NOT NULL,
    title TEXT NOT NULL,
    outlet TEXT NOT NULL,
    byline TEXT NOT NULL,
    url TEXT NOT NULL,
    published TEXT,
    modified TEXT,
    date_source TEXT NOT NULL,
    language TEXT NOT NULL,
    source TEXT NOT NULL,
    genre TEXT NOT NULL DEFAULT '',
    added TEXT,
    renewed TEXT,
    UNIQUE (id, version)
);
CREATE INDEX articles_by_day ON articles (current, day);
CREATE INDEX articles_by_outlet ON articles (current, outlet_key);

-- Of current versions only.
CREATE TABLE passages (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles (row) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    sentences TEXT NOT NULL,
    text_key TEXT NOT NULL,
    words BLOB NOT NULL
);
CREATE INDEX passages_by_article ON passages (article);
CREATE INDEX passages_by_text_key ON passages (text_key);

CREATE TABLE vectors (text_key TEXT PRIMARY KEY, vector BLOB NOT NULL);

CREATE TABLE syncs (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    started TEXT NOT NULL,
    finished TEXT,
    roots TEXT NOT NULL,
    counts TEXT,
    failures TEXT
);
"""

# Of current versions only. `story` is the lowest row among the articles that copies join, each pair of
# which is held both ways; `stories` in meta is in step with `words` where all articles are placed.
_STORIES = """
CREATE TABLE stories (article INTEGER PRIMARY KEY, story INTEGER NOT NULL, fingerprints BLOB NOT NULL);
CREATE INDEX stories_by_story ON stories (story);
CREATE TABLE copies (one INTEGER, other INTEGER, PRIMARY KEY (one, other)) WITHOUT ROWID;
CREATE TABLE fingerprints (
    fingerprint INTEGER, article INTEGER, PRIMARY KEY (fingerprint, article)
) WITHOUT ROWID;
"""

# `added` is the day of an article's first version, `renewed` that of a later one.
_ARRIVALS = """
ALTER TABLE articles ADD COLUMN genre TEXT NOT NULL DEFAULT '';
ALTER TABLE articles ADD COLUMN added TEXT;
ALTER TABLE articles ADD COLUMN renewed TEXT;
UPDATE articles SET
    added = (SELECT date(min(first.added_at), 'localtime') FROM articles first WHERE first.id = articles.id),
    renewed = CASE WHEN EXISTS (
        SELECT 1 FROM articles first WHERE first.id = articles.id AND first.row < articles.row
    ) THEN date(added_at, 'localtime') END;
"""

# How reading each source went; and of each document what its source wants to know the next time.
_SOURCES = """
CREATE TABLE sources (root TEXT PRIMARY KEY, tried TEXT NOT NULL, succeeded TEXT, reason TEXT NOT NULL)
    WITHOUT ROWID;
"""
_MEMOS = f"""
ALTER TABLE documents ADD COLUMN memo TEXT NOT NULL DEFAULT '';
{_SOURCES}"""

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
            self._add("articles", "added", _ARRIVALS)
            self._add("documents", "memo", _MEMOS)
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
            for statement in _STORIES.split(";"):
                db.execute(statement)
            db.execute("INSERT INTO meta VALUES ('stories', -1), ('story_format', '')")
            db.execute(f"PRAGMA user_version = {_VERSION}")

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
                db.execute(f"PRAGMA user_version = {_VERSION}")

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
            db.execute(f"PRAGMA application_id = {_APPLICATION}")
            db.executescript(
                f"BEGIN; {_SCHEMA} {_STORIES} {_SOURCES} PRAGMA user_version = {_VERSION}; COMMIT"
            )
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
    if application != _APPLICATION:
        raise CatalogError(f"{path} is not a catalog of Dateline; {_WAY_OUT}")
    if version > _VERSION:
        raise CatalogError(
            f"{path} was written by a newer Dateline (schema {version}, this one knows {_VERSION}); "
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
