"""The tables of the catalog."""

from __future__ import annotations

APPLICATION = 0x4461746C  # "Datl", in the file's header: this is a catalog of Dateline
VERSION = 1

SCHEMA = """
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
    reason TEXT NOT NULL DEFAULT ''
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
