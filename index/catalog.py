"""SQLite, the truth: articles and their versions, their passages, and the documents they come from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index import arrivals, recording
from index.arrays import Rows
from index.contents import Contents
from index.database import PAGE, Database, create
from index.journal import Journal
from index.recording import COLUMNS, FIELDS, Cut, Outcome, article_of
from index.stories import FORMAT
from index.story_table import StoryTable, follow
from index.types import Article, Passage, Scope
from index.vector_table import VectorTable, scope_condition

CATALOG = "catalog.sqlite3"  # its name in the folder of an index

_NEXT_PAGE = f"WHERE row > ? ORDER BY row LIMIT {PAGE}"


@dataclass(frozen=True, slots=True)
class Known:
    """What the catalog knows of a document; `version` is empty where it never gave an article."""

    fingerprint: str
    version: str
    reason: str
    memo: str


class Catalog:
    """The articles and all that is known of them. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        """Open a catalog that exists; CatalogError if it is damaged or none of ours."""
        self._db = Database(path)
        self.vectors = VectorTable(self._db)
        self.stories = StoryTable(self._db)
        self.journal = Journal(self._db)
        self.contents = Contents(self._db, self.stories, self.journal)

    @staticmethod
    def create(path: Path, identity: str, cut_format: str) -> None:
        """Make an empty catalog, whole or not at all. Only for who holds the writer's place."""
        create(path, {"embedding": identity, "format": cut_format, "stories": 0, "story_format": FORMAT})

    def close(self) -> None:
        """Close the file; the catalog cannot be used afterwards."""
        self._db.close()

    @property
    def identity(self) -> str:
        """What the vectors are: the embedding and its dimension."""
        return self._meta("embedding")

    @property
    def cut_format(self) -> str:
        """How the articles were cut into passages, and their words analysed."""
        return self._meta("format")

    @property
    def words_revision(self) -> int:
        """A number that grows whenever the set of passages changes."""
        return int(self._meta("words"))

    def index_days(self) -> None:
        """Let the days of outlets be counted fast in the file of an older Dateline. Only for the writer."""
        self._db.index_days()

    def document(self, key: str) -> Known | None:
        """Look up what a document was when it was last read."""
        query = "SELECT fingerprint, coalesce(version, ''), reason, memo FROM documents WHERE key = ?"
        found = self._db.read(query, key)
        return Known(*found[0]) if found else None

    def keys(self, root: str, below: bool = True) -> list[str]:
        """List the documents read from a root or, with `below`, lying under it, the rows of a file too."""
        under = " OR key = ?1 OR (key > ?1 || '/' AND key < ?1 || '0')" if below else ""  # 0 comes after /
        return _column(self._db.read(f"SELECT key FROM documents WHERE root = ?1{under} ORDER BY key", root))

    def parts(self, key: str) -> list[str]:
        """List the documents that are parts of one."""
        query = "SELECT key FROM documents WHERE key > ?1 || '/#' AND key < ?1 || '/$' ORDER BY key"
        return _column(self._db.read(query, key))

    def remember(self, memos: Mapping[str, str]) -> None:
        """Save what sources want to know of documents the next time."""
        with self._db.transaction() as db:
            db.executemany(
                "UPDATE documents SET memo = ? WHERE key = ?", [(memo, key) for key, memo in memos.items()]
            )

    def keys_of(self, article_ids: Iterable[str]) -> list[str]:
        """List the documents that give these articles."""
        query = "SELECT key FROM documents WHERE article IN (SELECT value FROM json_each(?)) ORDER BY key"
        return _column(self._db.read(query, json.dumps(list(article_ids))))

    def articles_of(self, keys: Iterable[str]) -> list[str]:
        """List the ids of the articles that documents give, in the order of the documents' names."""
        query = (
            "SELECT DISTINCT article FROM documents WHERE version IS NOT NULL "
            "AND key IN (SELECT value FROM json_each(?)) ORDER BY key"
        )
        return _column(self._db.read(query, json.dumps(list(keys))))

    def record(self, outcomes: Sequence[Outcome], gone: Sequence[str], cut: Cut) -> None:
        """Save what documents became and forget those that are gone, in one transaction.

        A document that fails keeps the article it gave before. Of several documents that give one article
        the latest by date (modified, else published), then the last added, is current; only its passages
        are kept. Versions that no document gives any more stay as history, until none gives the article.
        """
        with self._db.transaction() as db:
            follow(db, recording.record(db, outcomes, gone, cut))

    def adopt(self, identity: str, cut_format: str, cut: Cut) -> None:
        """Cut all current articles anew for another embedding, whose vectors are stored already."""
        with self._db.transaction() as db:
            recording.adopt(db, identity, cut_format, cut)

    # Passages and articles

    def rows(self) -> Rows:
        """List the rows of all passages, ascending."""
        return np.array(_column(self._db.read("SELECT row FROM passages ORDER BY row")), np.int64)

    def count(self) -> int:
        """Count all passages."""
        return int(self._db.read("SELECT count(*) FROM passages")[0][0])

    def articles_after(self, row: int) -> int:
        """Count the articles with a passage of a higher row."""
        return int(self._db.read("SELECT count(DISTINCT article) FROM passages WHERE row > ?", row)[0][0])

    def rows_in(self, scope: Scope, limit: int) -> list[int]:
        """List the rows of passages inside a scope, at most so many."""
        condition, values = scope_condition(scope)
        query = (
            "SELECT p.row FROM articles a CROSS JOIN passages p ON p.article = a.row "
            f"WHERE {condition} LIMIT {int(limit)}"
        )
        return _column(self._db.read(query, *values))

    def inside(self, rows: Iterable[int], scope: Scope) -> set[int]:
        """Tell which of some passages lie inside a scope."""
        condition, values = scope_condition(scope)
        query = (
            "SELECT p.row FROM passages p JOIN articles a ON a.row = p.article "
            f"WHERE p.row IN (SELECT value FROM json_each(?)) AND {condition}"
        )
        return set(_column(self._db.read(query, json.dumps([int(row) for row in rows]), *values)))

    def passages(self, rows: Iterable[int]) -> dict[int, Passage]:
        """Look passages up, in the order of the rows; those of versions no longer current are left out."""
        wanted = [int(row) for row in rows]  # no row is used twice, so reads one after the other agree
        found = self._db.read(
            "SELECT row, article, start, end, sentences FROM passages "
            "WHERE row IN (SELECT value FROM json_each(?))",
            json.dumps(wanted),
        )
        articles = self._articles({one[1] for one in found})
        made = {
            row: Passage(articles[of], start, end, tuple(map(tuple, json.loads(sentences))))
            for row, of, start, end, sentences in found
            if of in articles
        }
        return {row: made[row] for row in wanted if row in made}

    def stored(self, rows: Iterable[int]) -> dict[int, tuple[Passage, bytes]]:
        """Look passages up with their packed words, as `passages` does."""
        found = self.passages(rows)
        query = "SELECT row, words FROM passages WHERE row IN (SELECT value FROM json_each(?))"
        words = dict(self._db.read(query, json.dumps(list(found))))
        return {row: (passage, words[row]) for row, passage in found.items() if row in words}

    def article(self, article_id: str) -> Article | None:
        """Look up the current version of an article."""
        found = self._db.read(f"SELECT {COLUMNS} FROM articles WHERE id = ? AND current", article_id)
        return article_of(found[0]) if found else None

    def versions(self, article_id: str) -> list[Article]:
        """List all versions of an article that were seen, oldest first, the current one among them."""
        query = f"SELECT {COLUMNS} FROM articles WHERE id = ? ORDER BY row"
        return [article_of(found) for found in self._db.read(query, article_id)]

    def current_articles(self, after: int, limit: int) -> list[tuple[int, Article]]:
        """Page through the current articles by row."""
        query = f"SELECT row, {COLUMNS} FROM articles WHERE current AND row > ? ORDER BY row LIMIT ?"
        return [(row, article_of(fields)) for row, *fields in self._db.read(query, after, limit)]

    def leads(self, scope: Scope, limit: int) -> list[Passage]:
        """Give the first passages of the newest articles in a scope, then of those changed in it."""
        new = self.passages(arrivals.new_leads(self._db, scope, limit)).values()
        changed = self.passages(arrivals.changed_leads(self._db, scope, limit)).values()
        return [*new, *(one for one in changed if scope.sees_changed(one.article))]

    # Documents and health

    def displaced(self, keys: Sequence[str]) -> Iterator[tuple[str, Article, Article]]:
        """Tell which documents another one with their address stands in place of: key, own article, its."""
        query = (
            f"SELECT d.key, {_columns('own')}, {_columns('newer')} FROM documents d "
            "JOIN articles own ON own.id = d.article AND own.version = d.version AND own.current = 0 "
            "JOIN articles newer ON newer.id = d.article AND newer.current = 1 "
            "WHERE d.key IN (SELECT value FROM json_each(?)) ORDER BY d.key"
        )
        for at in range(0, len(keys), PAGE):
            for key, *fields in self._db.read(query, json.dumps(keys[at : at + PAGE])):
                yield key, article_of(fields[: len(FIELDS)]), article_of(fields[len(FIELDS) :])

    def problems(self) -> list[str]:
        """Read everything and say what is wrong with it; nothing, where all is well."""
        found = [str(line) for line in _column(self._db.read("PRAGMA quick_check(5)")) if line != "ok"]
        found += [f"broken reference in {one[0]}" for one in self._db.read("PRAGMA foreign_key_check")]
        after = 0
        while page := self._db.read(f"SELECT row, version, {COLUMNS} FROM articles {_NEXT_PAGE}", after):
            after = page[-1][0]
            for _, version, *fields in page:
                if (one := article_of(fields)).version != version:
                    found.append(f"article {one.id} is not as it was saved")
        return found + self.stories.problems()

    def _meta(self, key: str) -> str:
        return str(self._db.read("SELECT value FROM meta WHERE key = ?", key)[0][0])

    def _articles(self, rows: Iterable[int]) -> dict[int, Article]:
        found = self._db.read(
            f"SELECT row, {COLUMNS} FROM articles WHERE current AND row IN (SELECT value FROM json_each(?))",
            json.dumps(list(rows)),
        )
        return {row: article_of(fields) for row, *fields in found}


def _columns(table: str) -> str:
    return ", ".join(f"{table}.{name}" for name in FIELDS)


def _column(found: Sequence[Any]) -> list[Any]:
    return [one for (one,) in found]
