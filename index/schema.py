"""The tables of the catalog, and what brings those of an older Dateline up to them."""

from __future__ import annotations

APPLICATION = 0x4461746C  # "Datl", in the file's header: this is a catalog of Dateline
VERSION = 4  # 1 knew no stories, 2 not when an article first came nor its genre, 3 no sources

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
CREATE INDEX articles_by_outlet ON articles (current, outlet_key, day);

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
STORIES = """
CREATE TABLE stories (article INTEGER PRIMARY KEY, story INTEGER NOT NULL, fingerprints BLOB NOT NULL);
CREATE INDEX stories_by_story ON stories (story);
CREATE TABLE copies (one INTEGER, other INTEGER, PRIMARY KEY (one, other)) WITHOUT ROWID;
CREATE TABLE fingerprints (
    fingerprint INTEGER, article INTEGER, PRIMARY KEY (fingerprint, article)
) WITHOUT ROWID;
"""

# `added` is the day of an article's first version, `renewed` that of a later one.
ARRIVALS = """
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
SOURCES = """
CREATE TABLE sources (root TEXT PRIMARY KEY, tried TEXT NOT NULL, succeeded TEXT, reason TEXT NOT NULL)
    WITHOUT ROWID;
"""
MEMOS = f"""
ALTER TABLE documents ADD COLUMN memo TEXT NOT NULL DEFAULT '';
{SOURCES}"""

# Which lacked the day, so that counting the outlets of some days read every article of them.
BY_OUTLET = """
DROP INDEX articles_by_outlet;
CREATE INDEX articles_by_outlet ON articles (current, outlet_key, day);
"""
