"""What a batch of documents does to the catalog: articles, their versions, which is current, its passages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import Any

from index.database import Connection
from index.dates import from_iso
from index.types import VERSIONED, Article, Passage, outlet_key

_GIVEN = (*VERSIONED, "source")  # by the document; the others by when it came
FIELDS = (*_GIVEN, "added", "renewed")
COLUMNS = ", ".join(FIELDS)


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage as it is stored: with the key of its vector, and its analysed words, packed."""

    passage: Passage
    text_key: str
    words: bytes


Cut = Callable[[Article], Sequence[Piece]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a raw document became: an article, or the reason why there is none.

    With neither it has none to give, and what it gave before is gone. `memo` is its source's.
    """

    key: str
    root: str
    fingerprint: str
    article: Article | None = None
    reason: str = ""
    memo: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """Rows of article versions: which are current no longer, and which became so."""

    gone: Sequence[int]
    come: Sequence[int]


def record(db: Connection, outcomes: Sequence[Outcome], gone: Sequence[str], cut: Cut) -> Moved:
    """Apply documents found and documents gone, inside the caller's transaction; tell what moved by it."""
    touched: dict[str, None] = {}
    for outcome in outcomes:
        touched |= dict.fromkeys(_articles_of(db, outcome.key))
        _save(db, outcome)
        touched |= dict.fromkeys(_articles_of(db, outcome.key))
    for key in gone:
        touched |= dict.fromkeys(_articles_of(db, key))
        db.execute("DELETE FROM documents WHERE key = ?", (key,))
    before = _current(db, touched)
    for article in touched:
        _settle(db, article, cut)
    after = _current(db, touched)
    if before != after:
        bump(db, "words", "vectors", "stories")
    return Moved(sorted(before - after), sorted(after - before))


def adopt(db: Connection, identity: str, cut_format: str, cut: Cut) -> None:
    """Cut every current article anew, for another embedding, inside the caller's transaction."""
    db.execute("DELETE FROM passages")
    for (row,) in db.execute("SELECT row FROM articles WHERE current ORDER BY row").fetchall():
        _insert_passages(db, row, cut)
    db.executemany(
        "UPDATE meta SET value = ? WHERE key = ?", [(identity, "embedding"), (cut_format, "format")]
    )
    bump(db, "words", "vectors", "stories")


def bump(db: Connection, *revisions: str) -> None:
    """Let revisions grow, so that derived stores are seen to be behind."""
    for name in revisions:
        db.execute("UPDATE meta SET value = value + 1 WHERE key = ?", (name,))


def article_of(fields: Sequence[Any]) -> Article:
    """Make an article of its columns, in the order of `FIELDS`."""
    values = dict(zip(FIELDS, fields, strict=True))
    for name in ("published", "modified", "added", "renewed"):
        values[name] = values[name] and from_iso(values[name])
    return Article(**values)


def now() -> str:
    """Write the present moment, in UTC."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def _articles_of(db: Connection, key: str) -> list[str]:
    query = "SELECT article FROM documents WHERE key = ? AND article IS NOT NULL"
    return [one for (one,) in db.execute(query, (key,))]


def _save(db: Connection, outcome: Outcome) -> None:
    made = outcome.article
    own = (outcome.key, outcome.root, outcome.fingerprint, outcome.reason, outcome.memo)
    if made is None and outcome.reason:  # a document that fails keeps the article it gave before
        db.execute(
            "INSERT INTO documents (key, root, fingerprint, reason, memo) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (key) DO UPDATE SET (fingerprint, reason, memo) = "
            "(excluded.fingerprint, excluded.reason, excluded.memo)",
            own,
        )
        return
    gives = (made.id, made.version, made.source) if made else (None, None, "")
    names = ("fingerprint", "reason", "memo", "article", "version", "source")
    # It stays with the source it first came from: no other can take it away by naming it and then not.
    db.execute(
        f"INSERT INTO documents (key, root, {', '.join(names)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
        f"ON CONFLICT (key) DO UPDATE SET ({', '.join(names)}) = "
        f"({', '.join(f'excluded.{name}' for name in names)})",
        (*own, *gives),
    )
    if made:
        _insert(db, made)


def _insert(db: Connection, made: Article) -> None:
    """Save an article's version, if it is not there yet, with the day that the first one came."""
    values = [getattr(made, name) for name in _GIVEN]
    values = [one.isoformat() if isinstance(one, date) else one for one in values]
    day = made.published_day and made.published_day.isoformat()
    moment = now()
    today = datetime.fromisoformat(moment).astimezone().date().isoformat()
    ((first,),) = db.execute("SELECT min(added) FROM articles WHERE id = ?", (made.id,))
    added, renewed = first or today, today if first else None
    db.execute(
        "INSERT OR IGNORE INTO articles "
        f"(id, version, added_at, added, renewed, day, outlet_key, {', '.join(_GIVEN)}) "
        f"VALUES (?, ?, ?, ?, ?, ?, ?{', ?' * len(_GIVEN)})",
        (made.id, made.version, moment, added, renewed, day, outlet_key(made.outlet), *values),
    )


def _current(db: Connection, article_ids: Iterable[str]) -> set[int]:
    query = "SELECT row FROM articles WHERE id IN (SELECT value FROM json_each(?)) AND current"
    return {row for (row,) in db.execute(query, (json.dumps(list(article_ids)),))}


def _settle(db: Connection, article_id: str, cut: Cut) -> None:
    """Choose an article's current version among those its documents give."""
    given = db.execute(
        "SELECT row, modified, published, current FROM articles a WHERE id = ?1 AND EXISTS "
        "(SELECT 1 FROM documents d WHERE d.article = ?1 AND d.version = a.version)",
        (article_id,),
    ).fetchall()
    if not given:
        db.execute("DELETE FROM articles WHERE id = ?", (article_id,))
        return
    row, _, _, current = max(given, key=lambda one: (_moment(one[1] or one[2]), one[0]))
    db.execute(
        "UPDATE articles SET source = (SELECT min(d.source) FROM documents d "
        "WHERE d.article = articles.id AND d.version = articles.version) WHERE row = ?",
        (row,),
    )
    if current:
        return
    db.execute(
        "DELETE FROM passages WHERE article IN (SELECT row FROM articles WHERE id = ? AND current)",
        (article_id,),
    )
    db.execute("UPDATE articles SET current = (row = ?) WHERE id = ?", (row, article_id))
    _insert_passages(db, row, cut)


def _insert_passages(db: Connection, row: int, cut: Cut) -> None:
    fields = db.execute(f"SELECT {COLUMNS} FROM articles WHERE row = ?", (row,)).fetchone()
    db.executemany(
        "INSERT INTO passages (article, start, end, sentences, text_key, words) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (
                row,
                piece.passage.start,
                piece.passage.end,
                json.dumps(piece.passage.sentences),
                piece.text_key,
                piece.words,
            )
            for piece in cut(article_of(fields))
        ],
    )


def _moment(text: str | None) -> float:
    """Place a date or a time on one line; a day counts from its start, no time zone as UTC, no date first."""
    if not text:
        return float("-inf")
    when = from_iso(text)
    if not isinstance(when, datetime):
        when = datetime(when.year, when.month, when.day)
    if when.tzinfo is None:
        when = when.replace(tzinfo=timezone.utc)
    return (when - datetime(1970, 1, 1, tzinfo=timezone.utc)).total_seconds()
