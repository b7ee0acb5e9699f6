"""What is in the catalog, to be looked through: how much of each day and outlet, and articles in a list."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from index.corrections import corrections
from index.database import Database
from index.journal import Journal
from index.recording import FIELDS, article_of
from index.story_table import StoryTable
from index.types import Article, Coverage, Scope
from index.vector_table import scope_condition

_EXCERPT_CHARACTERS = 20_000  # of either end of a long text; a note that corrects it stands at one of them
_EXCERPT = (
    f"CASE WHEN length(a.text) <= {2 * _EXCERPT_CHARACTERS} THEN a.text ELSE "
    f"substr(a.text, 1, {_EXCERPT_CHARACTERS}) || char(10, 10) || substr(a.text, -{_EXCERPT_CHARACTERS}) END"
)
_LISTED = ", ".join(_EXCERPT if name == "text" else f"a.{name}" for name in FIELDS)


@dataclass(frozen=True, slots=True)
class Days:
    """How many articles were published on each day, oldest first, and how many are undated.

    Days without an article are left out.
    """

    counts: tuple[tuple[date, int], ...]
    undated: int


@dataclass(frozen=True, slots=True)
class OutletCount:
    """An outlet as its article that came last writes it, "" for articles that name none, and how many."""

    outlet: str
    articles: int


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as a list names it; of its text, a long one, `article` has only the two ends.

    `id` is the article's own. `copies` is how many other articles are the same story.
    """

    id: str
    article: Article
    corrected: bool
    copies: int


class Contents:
    """The current articles of a catalog, counted and listed."""

    def __init__(self, database: Database, stories: StoryTable, journal: Journal) -> None:
        """Take the catalog's file, and what else is known of its articles."""
        self._db = database
        self._stories = stories
        self._journal = journal

    def newest_day(self) -> date | None:
        """Give the last day that a current article was published on."""
        newest = self._db.read("SELECT max(day) FROM articles WHERE current = 1")[0][0]
        return newest and date.fromisoformat(newest)

    def coverage(self, scope: Scope | None = None) -> Coverage:
        """Sum up what the current articles, or those inside a scope, cover."""
        condition, values = scope_condition(scope or Scope())
        articles, dated, first, last = self._db.read(
            f"SELECT count(*), count(day), min(day), max(day) FROM articles a WHERE {condition}", *values
        )[0]
        outlets = self._db.read(
            f"SELECT DISTINCT outlet FROM articles a WHERE {condition} AND outlet != '' ORDER BY outlet",
            *values,
        )
        return Coverage(
            articles=articles,
            outlets=tuple(outlet for (outlet,) in outlets),
            first_day=first and date.fromisoformat(first),
            last_day=last and date.fromisoformat(last),
            undated=articles - dated,
            last_sync=self._journal.last_sync(),
            stories=self._stories.count(condition, values),
            failing=tuple(self._journal.failing()),
        )

    def days(self, scope: Scope | None = None) -> Days:
        """Count the articles of each day inside a scope."""
        condition, values = scope_condition(scope or Scope())
        # With the plus SQLite groups by itself where it finds the outlets faster than the days.
        day = "+a.day" if scope and scope.outlets else "a.day"
        found = self._db.read(
            f"SELECT a.day, count(*) FROM articles a WHERE {condition} GROUP BY {day} ORDER BY {day}", *values
        )
        counts = tuple((date.fromisoformat(day), number) for day, number in found if day)
        return Days(counts, sum(number for day, number in found if not day))

    def outlets(self, scope: Scope | None = None) -> list[OutletCount]:
        """Count the articles of each outlet inside a scope, most first."""
        condition, values = scope_condition(scope or Scope())
        found = self._db.read(
            f"SELECT (SELECT outlet FROM articles WHERE row = last), number FROM (SELECT max(a.row) AS last, "
            f"count(*) AS number, a.outlet_key AS name FROM articles a WHERE {condition} "
            "GROUP BY a.outlet_key) ORDER BY number DESC, name",
            *values,
        )
        return [OutletCount(outlet, number) for outlet, number in found]

    def entries(self, scope: Scope | None = None, limit: int = 20, skipped: int = 0) -> list[Entry]:
        """List articles inside a scope, newest first, undated last, from the one after so many on."""
        condition, values = scope_condition(scope or Scope())
        found = self._db.read(
            f"SELECT a.row FROM articles a WHERE {condition} "
            "ORDER BY a.day DESC, a.row DESC LIMIT ? OFFSET ?",
            *values,
            limit,
            skipped,
        )
        return self._listed("a.row", [row for (row,) in found])

    def named(self, article_ids: Iterable[str]) -> list[Entry]:
        """List some articles, in the order they are named; those that are gone are left out."""
        return self._listed("a.id", list(article_ids))

    def _listed(self, column: str, names: list[int] | list[str]) -> list[Entry]:
        rows = self._db.read(
            f"SELECT {column}, a.row, a.id, {_LISTED} FROM articles a "
            f"WHERE a.current = 1 AND {column} IN (SELECT value FROM json_each(?))",
            json.dumps(names),
        )
        copies = self._stories.sizes(row for _, row, *_ in rows)
        made = {
            name: Entry(id, article, bool(corrections(article)), copies.get(row, 1) - 1)
            for name, row, id, *fields in rows
            for article in (article_of(fields),)
        }
        return [made[name] for name in names if name in made]
