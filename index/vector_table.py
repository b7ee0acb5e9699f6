"""The vectors in the catalog: one for each distinct text, whichever passages have that text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from index.arrays import Rows, Vectors
from index.database import PAGE, Database
from index.recording import bump
from index.types import Scope, outlet_key

_JOINED = "passages p JOIN vectors v ON v.text_key = p.text_key"


class VectorTable:
    """Vectors by text key, so that nothing is ever embedded twice, and by passage row."""

    def __init__(self, database: Database) -> None:
        """Take the catalog's file."""
        self._db = database

    @property
    def revision(self) -> int:
        """A number that grows whenever the set of passages that have a vector changes."""
        return int(self._db.read("SELECT value FROM meta WHERE key = 'vectors'")[0][0])

    def save(self, vectors: Mapping[str, Vectors]) -> None:
        """Save vectors by text key, in one transaction."""
        with self._db.transaction() as db:
            db.executemany(
                "INSERT OR IGNORE INTO vectors VALUES (?, ?)",
                [(key, vector.astype("<f4").tobytes()) for key, vector in vectors.items()],
            )
            bump(db, "vectors")

    def discard(self) -> None:
        """Delete the vectors that no passage has any more."""
        with self._db.transaction() as db:
            db.execute("DELETE FROM vectors WHERE text_key NOT IN (SELECT text_key FROM passages)")

    def missing(self, keys: Iterable[str]) -> list[str]:
        """Tell which text keys have no vector, each once, in order."""
        found = self._db.read(
            "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT text_key FROM vectors) "
            "GROUP BY value ORDER BY min(json_each.key)",
            json.dumps(list(keys)),
        )
        return [key for (key,) in found]

    def pending(self) -> list[int]:
        """List a passage row for each vector that is missing, in the order they came in."""
        found = self._db.read(
            "SELECT min(p.row) FROM passages p LEFT JOIN vectors v ON v.text_key = p.text_key "
            "WHERE v.text_key IS NULL GROUP BY p.text_key ORDER BY 1"
        )
        return [row for (row,) in found]

    def waiting(self, from_row: int, to_row: int) -> int:
        """Count the articles with a passage up to a row that has no vector, or comes after the other row."""
        found = self._db.read(
            "SELECT count(DISTINCT p.article) FROM passages p LEFT JOIN vectors v ON v.text_key = p.text_key "
            "WHERE p.row <= ? AND (p.row > ? OR v.text_key IS NULL)",
            to_row,
            from_row,
        )
        return int(found[0][0])

    def first(self) -> int | None:
        """Give a passage row that has a vector; None where there is none."""
        found = self._db.read(f"SELECT p.row FROM {_JOINED} ORDER BY p.row LIMIT 1")
        return int(found[0][0]) if found else None

    @property
    def dimension(self) -> int | None:
        """How many numbers a vector of the passages has; None where there is none."""
        found = self._db.read(f"SELECT length(v.vector) / 4 FROM {_JOINED} ORDER BY p.row LIMIT 1")
        return int(found[0][0]) if found else None

    def dimensions(self, keys: Iterable[str] | None = None) -> set[int]:
        """Tell how many numbers the passages' vectors have, or those under some keys; one, if sound."""
        query, values = f"SELECT DISTINCT length(v.vector) / 4 FROM {_JOINED}", list[str]()
        if keys is not None:
            query = "SELECT DISTINCT length(vector) / 4 FROM vectors "
            query += "WHERE text_key IN (SELECT value FROM json_each(?))"
            values = [json.dumps(list(keys))]
        return {int(count) for (count,) in self._db.read(query, *values)}

    def rows(self) -> Rows:
        """List the rows of the passages that have a vector, ascending."""
        found = self._db.read(f"SELECT p.row FROM {_JOINED} ORDER BY p.row")
        return np.array([row for (row,) in found], np.int64)

    def of(self, rows: Iterable[int]) -> dict[int, Vectors]:
        """Look up the vectors of passages, in the order of the rows; those that have none are left out."""
        wanted = [int(row) for row in rows]
        query = f"SELECT p.row, v.vector FROM {_JOINED} WHERE p.row IN (SELECT value FROM json_each(?))"
        found = dict(self._db.read(query, json.dumps(wanted)))
        return {row: np.frombuffer(found[row], "<f4") for row in wanted if row in found}

    def scan(self, scope: Scope) -> Iterator[tuple[Rows, Vectors]]:
        """Read all rows and vectors inside a scope, some thousands at a time."""
        condition, values = scope_condition(scope)
        query = (
            f"SELECT p.row, v.vector FROM {_JOINED} JOIN articles a ON a.row = p.article "
            f"WHERE p.row > ? AND {condition} ORDER BY p.row LIMIT {PAGE}"
        )
        after = -1
        while found := self._db.read(query, after, *values):
            after = found[-1][0]
            yield np.array([row for row, _ in found], np.int64), matrix([blob for _, blob in found])


def matrix(blobs: Sequence[bytes]) -> Vectors:
    """Put packed vectors under each other, shape (vectors, dimension)."""
    return np.frombuffer(b"".join(blobs), "<f4").reshape(len(blobs), -1)


def scope_condition(scope: Scope) -> tuple[str, list[Any]]:
    """Write a scope as a condition on a current article `a`; the definition is `Scope.holds`."""
    conditions, values = ["a.current = 1"], list[Any]()
    if scope.outlets:
        conditions.append("a.outlet_key IN (SELECT value FROM json_each(?))")
        values.append(json.dumps([outlet_key(name) for name in scope.outlets]))
    if scope.since or scope.until:
        conditions.append("(a.day BETWEEN ? AND ? OR a.day IS NULL AND a.added BETWEEN ? AND ?)")
        last = min(scope.until or date.max, scope.as_of or date.max)
        values += [(scope.since or date.min).isoformat(), last.isoformat()] * 2
    if scope.as_of:
        # A day stands first in every way a moment is written; what is undated has none, and passes.
        conditions.append("coalesce(a.day, '') <= ? AND coalesce(substr(a.modified, 1, 10), '') <= ?")
        values += [scope.as_of.isoformat()] * 2
    return " AND ".join(conditions), values
