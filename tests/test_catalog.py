from __future__ import annotations

import json
import os
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from storing import article, run, word

from index import recording
from index.catalog import CATALOG, Catalog
from index.database import CatalogError
from index.recording import FIELDS, Outcome, Piece
from index.types import Article, Passage, Scope, SyncReport

IDENTITY = "hash dimension 3"


def cut(one: Article) -> list[Piece]:
    """Every sentence is a passage."""
    pieces, start = [], 0
    for sentence in one.text.split(". "):
        end = start + len(sentence)
        passage = Passage(one, start, end, ((start, end),))
        pieces.append(Piece(passage, f"key of {passage.text}", b"words"))
        start = end + 2
    return pieces


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    Catalog.create(tmp_path / "catalog.sqlite3", IDENTITY, "format-1")
    opened = Catalog(tmp_path / "catalog.sqlite3")
    yield opened
    opened.close()


def found(key: str, one: Article | None, reason: str = "") -> Outcome:
    return Outcome(f"/news/{key}", "/news", one.version if one else "broken", one, reason)


def record(catalog: Catalog, *outcomes: Outcome, gone: tuple[str, ...] = ()) -> None:
    catalog.record(outcomes, [f"/news/{key}" for key in gone], cut)


def texts(catalog: Catalog) -> list[str]:
    return [passage.text for passage in catalog.passages(catalog.rows()).values()]


def test_an_article_comes_back_as_it_went_in(catalog: Catalog) -> None:
    zone = timezone(timedelta(hours=9, minutes=30))
    one = Article(
        text="Zum Gipfel.\nEr blieb. 북한 \x00 🙂",
        title="Ein Titel",
        outlet="ÄTHER",
        byline="N. N.",
        url="https://example.org/a/b",
        published=datetime(2020, 6, 13, 1, 6, tzinfo=zone),
        modified=date(2020, 6, 14),
        date_source="meta",
        language="de",
        source="/news/a",
    )
    record(catalog, found("a", one))
    assert catalog.article(one.id) == one
    assert catalog.versions(one.id) == [one]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(
    values=some.fixed_dictionaries(
        {
            name: some.text(some.characters(exclude_categories=["Cs"]), min_size=name == "text")
            for name in FIELDS
            if name not in ("published", "modified", "added", "renewed")
        }
        | {"published": some.none() | some.dates() | some.datetimes(timezones=some.just(timezone.utc))}
    )
)
def test_any_article_comes_back_as_it_went_in(catalog: Catalog, values: dict[str, object]) -> None:
    one = Article(**values)  # type: ignore[arg-type]
    record(catalog, Outcome(one.source, "", "", one))
    back = catalog.article(one.id)
    assert back is not None
    assert (back, back.id, back.version) == (one, one.id, one.version)
    catalog.record((), [one.source], cut)


def test_passages_have_the_words_of_their_article(catalog: Catalog) -> None:
    record(catalog, found("a", article(1)), found("b", article(2)))
    passages = catalog.passages(catalog.rows())
    assert len(passages) == 6
    assert [passage.text for passage in passages.values()] == [
        *article(1).text.split(". "),
        *article(2).text.split(". "),
    ]
    assert all(passage.sentences == ((passage.start, passage.end),) for passage in passages.values())


def test_passages_come_in_the_order_asked_for_and_unknown_rows_are_left_out(catalog: Catalog) -> None:
    record(catalog, found("a", article(1)))
    assert list(catalog.passages([3, 99, 1])) == [3, 1]


def test_an_edited_document_keeps_its_old_version_without_passages(catalog: Catalog) -> None:
    old, new = article(1), article(1, edition=2)
    record(catalog, found("a", old))
    before = catalog.rows()
    record(catalog, found("a", new))
    assert catalog.article(old.id) == new
    assert catalog.versions(old.id) == [old, new]
    assert texts(catalog) == [piece.passage.text for piece in cut(new)]
    assert not catalog.passages(before)


def test_a_passage_that_is_outdated_between_two_reads_is_not_shown(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(catalog, found("a", article(1)))
    rows, read = catalog.rows(), catalog._db.read
    newer: list[Article] = [article(1, edition=2)]

    def read_then_change(query: str, *values: object) -> list[object]:
        answer = read(query, *values)
        if newer and "FROM passages" in query:
            record(catalog, found("a", newer.pop()))
        return answer

    monkeypatch.setattr(catalog._db, "read", read_then_change)
    assert catalog.passages(rows) == {}


def test_rows_are_never_used_again(catalog: Catalog) -> None:
    record(catalog, found("a", article(1)))
    before = set(catalog.rows().tolist())
    record(catalog, gone=("a",))
    record(catalog, found("a", article(1)))
    assert not before & set(catalog.rows().tolist())


def test_an_article_goes_with_its_history_when_no_document_gives_it(catalog: Catalog) -> None:
    old, new = article(1), article(1, edition=2)
    record(catalog, found("a", old))
    record(catalog, found("a", new))
    record(catalog, gone=("a",))
    assert catalog.article(old.id) is None
    assert catalog.versions(old.id) == []
    assert texts(catalog) == []


def test_an_article_stays_while_another_document_gives_it(catalog: Catalog) -> None:
    one = article(1, source="/news/a")
    record(catalog, found("a", one), found("b", replace(one, source="/news/b")))
    rows = catalog.rows()
    record(catalog, gone=("a",))
    assert catalog.article(one.id) == replace(one, source="/news/b")
    assert catalog.rows().tolist() == rows.tolist()


DAY = date(2020, 6, 13)
NOON = datetime(2020, 6, 13, 12, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ({"published": DAY}, {"published": DAY + timedelta(1)}),
        ({"published": DAY}, {"published": NOON}),
        ({"published": NOON}, {"published": DAY, "modified": NOON + timedelta(hours=1)}),
        ({"published": None}, {"published": date(1, 1, 1)}),
        ({"published": NOON}, {"published": NOON + timedelta(minutes=1)}),
        (
            {"published": NOON.astimezone(timezone(timedelta(hours=9)))},
            {"published": NOON + timedelta(seconds=1)},
        ),
        ({"published": datetime(2020, 6, 13, 11)}, {"published": NOON}),
    ],
)
@pytest.mark.parametrize("newer_first", [True, False])
def test_of_several_documents_the_latest_is_current(
    catalog: Catalog, older: dict[str, date], newer: dict[str, date], newer_first: bool
) -> None:
    documents = [found("old", article(1, **older)), found("new", article(1, edition=2, **newer))]
    for document in documents[::-1] if newer_first else documents:
        record(catalog, document)
    current = catalog.article(article(1).id)
    assert current is not None
    assert "edition 2" in current.text
    record(catalog, gone=("new",))
    current = catalog.article(article(1).id)
    assert current is not None
    assert "edition 1" in current.text
    assert len(texts(catalog)) == 3


def test_of_documents_of_the_same_day_the_last_added_is_current(catalog: Catalog) -> None:
    record(catalog, found("a", article(1)), found("b", article(1, edition=2)))
    current = catalog.article(article(1).id)
    assert current is not None
    assert "edition 2" in current.text


def test_a_document_that_fails_keeps_the_article_it_gave(catalog: Catalog) -> None:
    record(catalog, found("a", article(1)))
    record(catalog, found("a", None, "empty"))
    assert catalog.article(article(1).id) == article(1)
    known = catalog.document("/news/a")
    assert known is not None
    assert (known.fingerprint, known.version, known.reason) == ("broken", article(1).version, "empty")
    assert [(one.source, one.reason) for one in catalog.journal.failures()] == [("/news/a", "empty")]
    record(catalog, found("a", article(1)))
    assert catalog.journal.failures() == []


def test_revisions_grow_only_when_passages_change(catalog: Catalog) -> None:
    def revisions() -> tuple[int, int]:
        return catalog.words_revision, catalog.vectors.revision

    seen = [revisions()]
    record(catalog, found("a", article(1)))
    seen.append(revisions())
    record(catalog, found("a", article(1)), found("broken", None, "empty"))
    seen.append(revisions())
    catalog.vectors.save({"key": np.ones(3, np.float32)})
    seen.append(revisions())
    record(catalog, gone=("a",))
    seen.append(revisions())
    assert seen == [(0, 0), (1, 1), (1, 1), (1, 2), (2, 3)]


def test_documents_are_listed_by_the_root_they_lie_under(catalog: Catalog) -> None:
    inside = ["/news/a.txt", "/news/c.jsonl#1.txt", "/news/c.jsonl/#1", "/news/deep/b.txt"]
    for key in (*inside, "/newspaper/d.txt"):
        record(catalog, Outcome(key, "/elsewhere", "1", article(len(key))))
    assert catalog.keys("/news") == inside
    assert catalog.keys("/news/c.jsonl") == ["/news/c.jsonl/#1"]
    assert catalog.keys("/news/a.txt") == ["/news/a.txt"]
    assert len(catalog.keys("/elsewhere")) == 5
    assert catalog.keys("/news/%") == []


def test_a_vector_is_stored_once_for_each_text(catalog: Catalog) -> None:
    twin = article(1, url="https://example.org/copy")
    record(catalog, found("a", article(1)), found("b", twin))
    assert len(catalog.rows()) == 6
    pending = catalog.vectors.pending()
    assert pending == [1, 2, 3]
    keys = [piece.text_key for piece in cut(article(1))]
    catalog.vectors.save({keys[0]: np.array([1, 0, 0], np.float32)})
    assert catalog.vectors.pending() == [2, 3]
    assert catalog.vectors.rows().tolist() == [1, 4]
    assert {row: vector.tolist() for row, vector in catalog.vectors.of([4, 2, 1]).items()} == {
        4: [1, 0, 0],
        1: [1, 0, 0],
    }
    assert catalog.vectors.missing([keys[2], keys[0], keys[1], keys[2]]) == [keys[2], keys[1]]


def test_vectors_that_no_passage_has_can_be_discarded(catalog: Catalog) -> None:
    record(catalog, found("a", article(1)))
    keys = [piece.text_key for piece in cut(article(1))]
    catalog.vectors.save({key: np.ones(3, np.float32) for key in [*keys, "of nothing"]})
    catalog.vectors.discard()
    assert catalog.vectors.missing([*keys, "of nothing"]) == ["of nothing"]


days = some.none() | some.dates(date(2020, 1, 1), date(2020, 1, 6))
scopes = some.builds(
    lambda as_of, since, until, outlets: Scope(
        as_of, min(since, until) if since and until else since, until, outlets
    ),
    days,
    days,
    days,
    some.sampled_from([(), ("kestrel WIRE",), ("ÄTHER", "Nobody"), (" A\u0308ther ",), ("",)]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(scope=scopes)
def test_a_scope_means_in_sql_what_it_means_in_python(
    catalog: Catalog, scope: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not len(catalog.rows()):
        for number, outlet in enumerate(["Kestrel Wire", "äther", ""] * 8):
            day = date(2020, 1, 1 + number // 3) if number < 18 else None
            on_day(1 + number % 6, monkeypatch)
            record(catalog, found(str(number), article(number, published=day, outlet=outlet)))
        keys = [piece.text_key for number in range(24) for piece in cut(article(number))]
        catalog.vectors.save({key: np.ones(3, np.float32) for key in keys})
    rows = catalog.rows().tolist()
    expected = {row for row, one in catalog.passages(rows).items() if scope.holds(one.article)}
    assert catalog.inside(rows, scope) == expected
    assert set(catalog.rows_in(scope, 1000)) == expected
    assert len(catalog.rows_in(scope, 5)) == min(len(expected), 5)
    assert {row for page, _ in catalog.vectors.scan(scope) for row in page.tolist()} == expected


def on_day(day: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what is recorded from now on be added on a day of January 2020."""
    monkeypatch.setattr(recording, "now", lambda: f"2020-01-{day:02}T11:00:00+00:00")


def test_an_article_knows_the_day_it_first_came_and_the_day_its_newer_version_did(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = []
    for day, edition in ((3, 1), (5, 1), (9, 2)):
        on_day(day, monkeypatch)
        record(catalog, found("a", article(1, edition)))
        one = catalog.article(article(1).id)
        assert one
        days.append((one.added, one.renewed))
    assert days == [(date(2020, 1, 3), None)] * 2 + [(date(2020, 1, 3), date(2020, 1, 9))]


def test_a_catalog_of_before_is_given_the_days_its_articles_came(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day, edition in ((3, 1), (9, 2)):
        on_day(day, monkeypatch)
        record(catalog, found("a", article(1, edition)), found("b", article(2)))
    catalog.close()
    with closing(sqlite3.connect(tmp_path / CATALOG, isolation_level=None)) as db:
        for column in ("genre", "added", "renewed"):
            db.execute(f"ALTER TABLE articles DROP COLUMN {column}")
        db.execute("PRAGMA user_version = 2")
    for _ in range(2):
        with closing(Catalog(tmp_path / CATALOG)) as brought_up:
            one, other = (brought_up.article(article(number).id) for number in (1, 2))
            assert one
            assert other
            assert (one.added, one.renewed) == (date(2020, 1, 3), date(2020, 1, 9))
            assert (other.added, other.renewed) == (date(2020, 1, 3), None)
            assert brought_up.problems() == []


def test_coverage_counts_current_articles(catalog: Catalog) -> None:
    assert catalog.contents.coverage().articles == 0
    assert catalog.contents.coverage().first_day is None
    record(catalog, *[found(str(number), article(number)) for number in range(1, 7)])
    record(catalog, found("1", article(1, edition=2)))
    number = catalog.journal.start_sync(["/news"])
    assert catalog.contents.coverage().last_sync is None
    catalog.journal.finish_sync(number, SyncReport(added=("a",)))
    coverage = catalog.contents.coverage()
    assert (coverage.articles, coverage.undated) == (6, 1)
    assert coverage.outlets == ("Kestrel Wire", "The Larkmoor Post")
    assert (coverage.first_day, coverage.last_day) == (date(2020, 2, 2), date(2020, 7, 7))
    assert coverage.last_sync is not None
    assert datetime.now(timezone.utc) - coverage.last_sync < timedelta(minutes=1)
    assert catalog.contents.newest_day() == coverage.last_day


def test_coverage_within_a_scope_is_of_what_it_holds(catalog: Catalog) -> None:
    articles = [article(number) for number in range(1, 13)]
    record(catalog, *[found(str(number), one) for number, one in enumerate(articles)])
    record(catalog, found("1", article(2, edition=2)))
    for scope in (
        Scope(),
        Scope(since=date(2020, 4, 1), until=date(2020, 8, 1)),
        Scope(outlets=("kestrel wire",)),
        Scope(as_of=date(2020, 5, 1)),
        Scope(outlets=("Nobody",)),
    ):
        inside = [one for one in articles if scope.holds(one)]
        days = [one.published_day for one in inside if one.published_day]
        coverage = catalog.contents.coverage(scope)
        assert (coverage.articles, coverage.undated) == (len(inside), len(inside) - len(days))
        assert coverage.outlets == tuple(sorted({one.outlet for one in inside} - {""}))
        assert (coverage.first_day, coverage.last_day) == (min(days, default=None), max(days, default=None))


def test_another_embedding_is_adopted_in_one_step(catalog: Catalog) -> None:
    record(catalog, found("a", article(1)))
    before = catalog.rows()

    def cut_otherwise(one: Article) -> list[Piece]:
        return [replace(piece, text_key=f"other {piece.text_key}") for piece in cut(one)]

    catalog.adopt("other", "format-2", cut_otherwise)
    assert (catalog.identity, catalog.cut_format) == ("other", "format-2")
    assert len(catalog.vectors.pending()) == 3
    assert not set(before) & set(catalog.rows())


def test_a_failed_batch_leaves_nothing_behind(catalog: Catalog) -> None:
    record(catalog, found("a", article(1)))

    def broken(one: Article) -> list[Piece]:
        if "edition 2" in one.text:
            raise KeyboardInterrupt
        return cut(one)

    with pytest.raises(KeyboardInterrupt):
        catalog.record([found("b", article(2)), found("c", article(3, edition=2))], ["/news/a"], broken)
    assert catalog.contents.coverage().articles == 1
    assert catalog.document("/news/b") is None
    assert catalog.words_revision == 1


def test_only_its_owner_can_read_the_file(catalog: Catalog, tmp_path: Path) -> None:
    record(catalog, found("a", article(1)))
    for path in tmp_path.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_threads_read_while_one_writes(catalog: Catalog) -> None:
    errors: list[BaseException] = []
    stop = threading.Event()

    def read() -> None:
        try:
            while not stop.is_set():
                for passage in catalog.passages(catalog.rows()).values():
                    assert passage.text in passage.article.text
                assert catalog.contents.coverage().articles * 3 <= len(catalog.rows()) + 3
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(60):
        record(catalog, found(str(number % 20), article(number % 20, edition=number)))
    stop.set()
    for thread in threads:
        thread.join()
    assert not errors


def test_other_processes_read_what_is_committed(catalog: Catalog, tmp_path: Path) -> None:
    record(catalog, found("a", article(1)))
    program = (
        "import sys, pathlib; from index.catalog import Catalog; "
        "c = Catalog(pathlib.Path(sys.argv[1])); print([one.title for _, one in c.current_articles(0, 9)])"
    )
    assert run(program, tmp_path / "catalog.sqlite3") == "['The summit 1']\n"


def test_a_missing_or_empty_catalog_is_not_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite3"
    with pytest.raises(CatalogError, match="is missing or empty; restore it from a backup"):
        Catalog(path)
    assert not path.exists()
    path.touch()
    with pytest.raises(CatalogError, match="is missing or empty"):
        Catalog(path)
    assert path.stat().st_size == 0


def test_what_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite3"
    path.write_text("these are my notes" * 500)
    with pytest.raises(CatalogError, match=r"is damaged \(file is not a database\); restore"):
        Catalog(path)
    assert path.read_text() == "these are my notes" * 500


def test_a_database_of_someone_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite3"
    theirs = sqlite3.connect(path)
    theirs.execute("CREATE TABLE meta (key, value)")
    theirs.commit()
    theirs.close()
    with pytest.raises(CatalogError, match="is not a catalog of Dateline"):
        Catalog(path)


def test_a_catalog_of_a_newer_dateline_is_refused(catalog: Catalog, tmp_path: Path) -> None:
    newer = sqlite3.connect(tmp_path / "catalog.sqlite3")
    newer.execute("PRAGMA user_version = 99")
    newer.close()
    with pytest.raises(CatalogError, match="written by a newer Dateline"):
        Catalog(tmp_path / "catalog.sqlite3")


@pytest.mark.parametrize("page", range(8))
def test_damage_inside_is_told_in_a_sentence(tmp_path: Path, page: int) -> None:
    path = tmp_path / "catalog.sqlite3"
    Catalog.create(path, IDENTITY, "format-1")
    opened = Catalog(path)
    for number in range(60):
        record(opened, found(str(number), article(number)))
    opened.close()
    content = bytearray(path.read_bytes())
    size = len(content) // 4096 // 8 * 4096
    first = page * size + (100 if page == 0 else 0)
    content[first : page * size + 4096] = os.urandom(page * size + 4096 - first)
    path.write_bytes(content)
    assert problems(path)


def problems(path: Path) -> list[str]:
    try:
        with closing(Catalog(path)) as opened:
            return opened.problems()
    except CatalogError as error:
        return [str(error)]


def test_an_article_whose_words_changed_on_the_disk_is_told(catalog: Catalog, tmp_path: Path) -> None:
    record(catalog, found("a", article(1)))
    with sqlite3.connect(tmp_path / "catalog.sqlite3") as rot:
        rot.execute("UPDATE articles SET text = replace(text, 'Monday', 'Mondax')")
    rot.close()
    assert catalog.problems() == [f"article {article(1).id} is not as it was saved"]


def test_a_catalog_half_made_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "catalog.sqlite3.new").write_text("torn")
    (tmp_path / "catalog.sqlite3.new-wal").write_text("torn")
    Catalog.create(tmp_path / "catalog.sqlite3", IDENTITY, "format-1")
    Catalog(tmp_path / "catalog.sqlite3").close()
    assert [path.name for path in tmp_path.iterdir()] == ["catalog.sqlite3"]


def test_a_write_without_room_is_undone_and_reading_goes_on(tmp_path: Path) -> None:
    program = """
import json, pathlib, resource, sys
from index.disk import NoSpaceError
from test_catalog import *
path = pathlib.Path(sys.argv[1])
Catalog.create(path, IDENTITY, "format-1")
catalog = Catalog(path)
record(catalog, found("a", article(1)))
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
try:
    record(catalog, found("b", article(2, text="long. " * 100_000)))
except NoSpaceError as error:
    print(json.dumps(str(error)))
assert texts(catalog) == [piece.passage.text for piece in cut(article(1))]
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
record(catalog, found("b", article(2)))
assert catalog.contents.coverage().articles == 2 and catalog.problems() == []
print("done")
"""
    path = tmp_path / "catalog.sqlite3"
    message, end = run(program, path).splitlines()
    assert json.loads(message).startswith(f"no room to write {path} (disk I/O error): ")
    assert "MB are free there" in message
    assert end == "done"


def test_the_word_that_only_one_article_holds_is_in_it() -> None:
    assert word(17) in article(17).text
    assert word(17) not in article(18).text
