"""Stories in the catalog: which current articles are copies of each other, kept as articles come and go."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from index.database import Connection, Database
from index.recording import COLUMNS, Moved, article_of
from index.stories import FORMAT, fingerprints, is_copy, stories_of
from index.types import Article, Progress

_BATCH = 64  # articles placed between two commits, where many wait for it
_COMMON = 0.1  # of the fewer fingerprints; a copy with a fifth of its words replaced has about .33
_HOLDERS = 200  # of a fingerprint, the last of them, that are looked at: thousands have a newsletter's
_COMPARED = 20  # articles that a new one is held against: those with most in common, and of these the last

_CANDIDATES = f"""
WITH found AS (
    SELECT article, count(*) AS common FROM json_each(?1) JOIN fingerprints ON fingerprint = value
    AND article >= coalesce((
        SELECT last.article FROM fingerprints last WHERE last.fingerprint = value
        ORDER BY last.article DESC LIMIT 1 OFFSET {_HOLDERS - 1}
    ), 0)
    GROUP BY article
)
SELECT article FROM (
    SELECT article, common * 1.0 / min(json_array_length(?1), length(fingerprints) / 4) AS share
    FROM found JOIN stories USING (article)
)
WHERE share >= {_COMMON} ORDER BY share DESC, article DESC LIMIT {_COMPARED}
"""
_REACHED = """
WITH RECURSIVE reached (row) AS (
    SELECT value FROM json_each(?) UNION SELECT other FROM reached JOIN copies ON one = row
)
SELECT article, story, length(fingerprints) / 4 FROM reached JOIN stories ON article = row
"""
_PAIRS_OF = "SELECT one, other FROM copies WHERE one < other AND one IN (SELECT value FROM json_each(?))"
_WAITING = "SELECT row FROM articles WHERE current AND row NOT IN (SELECT article FROM stories) ORDER BY row"
_LEFT_BEHIND = "SELECT article FROM stories WHERE article NOT IN (SELECT row FROM articles WHERE current)"


class StoryTable:
    """Which articles are one story: pairs of copies are stored, and what they join."""

    def __init__(self, database: Database) -> None:
        """Take the catalog's file."""
        self._db = database

    @property
    def is_behind(self) -> bool:
        """Whether an older or another Dateline wrote articles that have no place in a story yet."""
        if not self._db.knows_stories:
            return True
        meta = dict(self._db.read("SELECT key, value FROM meta"))
        return (meta["stories"], meta["story_format"]) != (meta["words"], FORMAT)

    def copies(self, article_id: str) -> list[Article]:
        """List the other current articles of an article's story, oldest first, undated ones last."""
        if not self._db.knows_stories:
            return []
        query = (
            f"SELECT {COLUMNS} FROM articles JOIN stories s ON s.article = articles.row WHERE current "
            "AND id != ?1 AND s.story = (SELECT mine.story FROM stories mine JOIN articles a "
            "ON a.row = mine.article WHERE a.id = ?1 AND a.current) ORDER BY day IS NULL, day, row"
        )
        return [article_of(found) for found in self._db.read(query, article_id)]

    def pairs(self) -> list[tuple[str, str]]:
        """List the ids of every two articles that are copies of each other, each pair once."""
        return self._db.read(
            "SELECT a.id, b.id FROM copies JOIN articles a ON a.row = one JOIN articles b ON b.row = other "
            "WHERE one < other ORDER BY one, other"
        )

    def count(self, condition: str, values: Sequence[Any]) -> int:
        """Count the stories among the articles `a` that a condition holds for."""
        if not self._db.knows_stories:
            return int(self._db.read(f"SELECT count(*) FROM articles a WHERE {condition}", *values)[0][0])
        query = (
            "SELECT count(DISTINCT coalesce(s.story, -a.row)) FROM articles a "
            f"LEFT JOIN stories s ON s.article = a.row WHERE {condition}"
        )
        return int(self._db.read(query, *values)[0][0])

    def sizes(self, rows: Iterable[int]) -> dict[int, int]:
        """Count the articles in the story of each of some articles; those in no story yet are left out."""
        if not self._db.knows_stories:
            return {}
        query = (
            "SELECT article, (SELECT count(*) FROM stories other WHERE other.story = mine.story) "
            "FROM stories mine WHERE article IN (SELECT value FROM json_each(?))"
        )
        return dict(self._db.read(query, json.dumps(list(rows))))

    def bring_up(self, tell: Progress, fresh: bool = False) -> None:
        """Place every article that waits for it, some at a time. Only for the writer.

        Interrupted, it goes on from there the next time. With `fresh`, all are placed anew.
        """
        self._db.add_stories()
        if fresh or self._db.read("SELECT value FROM meta WHERE key = 'story_format'")[0][0] != FORMAT:
            with self._db.transaction() as db:
                _clear(db)
        waiting = [row for (row,) in self._db.read(_WAITING)]
        with self._db.transaction() as db:
            follow(db, Moved([row for (row,) in db.execute(_LEFT_BEHIND)], []))
        for at in range(0, len(waiting), _BATCH):
            with self._db.transaction() as db:
                follow(db, Moved([], waiting[at : at + _BATCH]))
            tell("stories", min(at + _BATCH, len(waiting)), len(waiting))
        with self._db.transaction() as db:
            db.execute(
                "UPDATE meta SET value = (SELECT value FROM meta WHERE key = 'words') WHERE key = 'stories'"
            )

    def problems(self) -> list[str]:
        """Say what is wrong with the stories; nothing, where all is well."""
        if self.is_behind:
            return ["not all articles are compared with the others; run: dateline sync"]
        rows = self._db.read("SELECT article, story, length(fingerprints) / 4 FROM stories")
        placed, lengths = {row: story for row, story, _ in rows}, {row: length for row, _, length in rows}
        pairs = self._db.read("SELECT one, other FROM copies")
        held = self._db.read("SELECT count(*) FROM fingerprints")[0][0]
        named = self._db.read("SELECT coalesce(sum(length(fingerprints) / 4), 0) FROM stories")[0][0]
        whole = not self._db.read(f"{_WAITING} LIMIT 1") and not self._db.read(f"{_LEFT_BEHIND} LIMIT 1")
        whole = whole and held == named and {row for pair in pairs for row in pair} <= placed.keys()
        if whole and stories_of(lengths, pairs) == placed:
            return []
        return ["the stories do not fit the articles; run: dateline doctor --rebuild"]


def follow(db: Connection, moved: Moved) -> None:
    """Take out of the stories what is no longer current, and place what became so."""
    bereft: set[int] = set()
    for row in moved.gone:
        bereft |= _take_out(db, row)
    for row in moved.come:
        _place(db, row)
    for row in sorted(bereft):
        _link_again(db, row)


def _place(db: Connection, row: int) -> None:
    """Compare an article with those that may be copies of it, and join their stories."""
    prints = fingerprints(_article(db, row).text)
    linked = _link(db, row, prints.tolist())
    db.executemany("INSERT INTO fingerprints VALUES (?, ?)", [(one, row) for one in prints.tolist()])
    db.execute("INSERT INTO stories VALUES (?, ?, ?)", (row, row, prints.astype("<u4").tobytes()))
    if linked:
        _join_anew(db, [row])


def _link(db: Connection, row: int, prints: list[int]) -> bool:
    """Store which of those that may be copies of an article are; tell whether any is."""
    article = _article(db, row)
    candidates = [other for (other,) in db.execute(_CANDIDATES, (json.dumps(prints),)) if other != row]
    copies = [other for other in candidates if is_copy(article, _article(db, other))]
    pairs = [pair for other in copies for pair in ((row, other), (other, row))]
    db.executemany("INSERT OR IGNORE INTO copies VALUES (?, ?)", pairs)
    return bool(copies)


def _link_again(db: Connection, row: int) -> None:
    """Find other copies for an article of a large story that has lost more than half of those it had."""
    found = db.execute("SELECT fingerprints FROM stories WHERE article = ?", (row,)).fetchone()
    ((links,),) = db.execute("SELECT count(*) FROM copies WHERE one = ?", (row,))
    if found and links < _COMPARED // 2 and _link(db, row, np.frombuffer(found[0], "<u4").tolist()):
        _join_anew(db, [row])


def _take_out(db: Connection, row: int) -> set[int]:
    """Forget an article, and join anew what it was linked with, which may fall apart.

    Gives those that may have copies they were never compared with, the story being a large one.
    """
    found = db.execute("SELECT fingerprints, story FROM stories WHERE article = ?", (row,)).fetchone()
    if found is None:
        return set()
    ((size,),) = db.execute("SELECT count(*) FROM stories WHERE story = ?", (found[1],))
    linked = [other for (other,) in db.execute("SELECT other FROM copies WHERE one = ?", (row,))]
    db.executemany(
        "DELETE FROM fingerprints WHERE fingerprint = ? AND article = ?",
        [(one, row) for one in np.frombuffer(found[0], "<u4").tolist()],
    )
    db.executemany(
        "DELETE FROM copies WHERE one = ? AND other = ?",
        [pair for other in linked for pair in ((row, other), (other, row))],
    )
    db.execute("DELETE FROM stories WHERE article = ?", (row,))
    _join_anew(db, linked)
    return set(linked) if size > _COMPARED else set()


def _join_anew(db: Connection, rows: Sequence[int]) -> None:
    """Put articles, and all that links lead to from them, into their stories."""
    reached = db.execute(_REACHED, (json.dumps(list(rows)),)).fetchall()
    pairs = db.execute(_PAIRS_OF, (json.dumps([row for row, _, _ in reached]),)).fetchall()
    joined = stories_of({row: length for row, _, length in reached}, pairs)
    db.executemany(
        "UPDATE stories SET story = ? WHERE article = ?",
        [(joined[row], row) for row, story, _ in reached if joined[row] != story],
    )


def _article(db: Connection, row: int) -> Article:
    return article_of(db.execute(f"SELECT {COLUMNS} FROM articles WHERE row = ?", (row,)).fetchone())


def _clear(db: Connection) -> None:
    for table in ("fingerprints", "copies", "stories"):
        db.execute(f"DELETE FROM {table}")
    db.executemany("UPDATE meta SET value = ? WHERE key = ?", [(FORMAT, "story_format"), (-1, "stories")])
