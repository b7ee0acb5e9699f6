"""What some days brought: articles that are new in them, and older ones that were changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from index.database import Database
from index.types import Scope
from index.vector_table import scope_condition

_LEAD = "(SELECT p.row FROM passages p WHERE p.article = a.row ORDER BY p.start LIMIT 1)"
_CHANGED = "max(coalesce(substr(a.modified, 1, 10), ''), coalesce(a.renewed, ''))"


def new_leads(database: Database, scope: Scope, limit: int) -> list[int]:
    """List the rows of the first passages of the articles inside a scope, newest first, at most so many."""
    condition, values = scope_condition(scope)
    return _leads(database, condition, values, "coalesce(a.day, a.added)", limit)


def changed_leads(database: Database, scope: Scope, limit: int) -> list[int]:
    """List the rows of the first passages of older articles that may have been changed inside a scope.

    The definition is `Scope.sees_changed`; none of its articles is missing, and some may be too many.
    """
    condition, values = scope_condition(replace(scope, since=None, until=None))
    since = (scope.since or date.max).isoformat()
    return _leads(database, f"{condition} AND {_CHANGED} >= ?", [*values, since], _CHANGED, limit)


def _leads(database: Database, condition: str, values: list[object], order: str, limit: int) -> list[int]:
    found = database.read(
        f"SELECT {_LEAD} FROM articles a WHERE {condition} ORDER BY {order} DESC, a.row DESC LIMIT ?",
        *values,
        limit,
    )
    return [row for (row,) in found if row is not None]
