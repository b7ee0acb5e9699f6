"""Stories follow the catalog: as articles come, change and go, and where an older Dateline wrote it."""

from __future__ import annotations

import random
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from storing import HashEmbedding, run
from test_stories import NOTE, OTHER, PARAGRAPHS, WIRE, reworded

from index import catalog as catalog_module
from index import story_table
from index.catalog import CATALOG, Catalog
from index.library import ArticleIndex
from index.recording import Outcome
from index.types import Article, Scope
from index.writing import writing

OUTLETS = "Kestrel Tribune", "Larkmoor Chronicle", "Saltmarsh Gazette"


def printed(text: str, number: int, outlet: str = OUTLETS[0]) -> Article:
    return Article(text, title=f"No. {number}", outlet=outlet, url=f"https://example.org/{number}")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def index(home: Path) -> Iterator[ArticleIndex]:
    with ArticleIndex.open(home, HashEmbedding()) as opened:
        yield opened


WIRES = [printed(WIRE, at, outlet) for at, outlet in enumerate(OUTLETS)]
COURT = printed(OTHER, 10)


def titles(index: ArticleIndex, article: Article) -> list[str]:
    return [one.title for one in index.copies(article.id)]


def test_one_report_in_three_outlets_is_one_story(index: ArticleIndex) -> None:
    index.add([*WIRES, COURT])
    assert titles(index, WIRES[0]) == ["No. 1", "No. 2"]
    assert titles(index, WIRES[2]) == ["No. 0", "No. 1"]
    assert index.copies(COURT.id) == ()
    assert (index.coverage().articles, index.coverage().stories) == (4, 2)
    assert index.coverage(Scope(outlets=OUTLETS[1:])).stories == 1


def test_of_an_article_that_is_not_known_there_are_no_copies(index: ArticleIndex) -> None:
    assert index.copies("0123456789abcdef") == ()


def test_a_copy_that_is_rewritten_leaves_its_story_and_one_that_is_removed_too(index: ArticleIndex) -> None:
    index.add([*WIRES, COURT])
    index.add([printed(f"{NOTE} {NOTE} {reworded(OTHER, 0.9)}", 1, OUTLETS[1])])
    assert titles(index, WIRES[0]) == ["No. 2"]
    index.remove([WIRES[2].id])
    assert index.copies(WIRES[0].id) == ()
    assert index.coverage().stories == index.coverage().articles == 3
    assert index.doctor().healthy


def test_an_older_version_is_nobodys_copy(index: ArticleIndex) -> None:
    index.add([printed(WIRE, 1)])
    index.add([printed(f"Corrected: {WIRE}", 1)])
    assert index.copies(printed(WIRE, 1).id) == ()
    index.add([printed(WIRE, 2)])
    (copy,) = index.copies(printed(WIRE, 2).id)
    assert copy.text.startswith("Corrected")


def test_two_cuts_are_joined_by_the_report_and_part_when_it_goes(index: ArticleIndex) -> None:
    first, last = printed("\n".join(PARAGRAPHS[:2]), 1), printed("\n".join(PARAGRAPHS[3:]), 2)
    index.add([first, last])
    assert index.copies(first.id) == ()
    index.add([printed(WIRE, 3)])
    assert titles(index, first) == ["No. 2", "No. 3"]
    index.remove([printed(WIRE, 3).id])
    assert index.copies(first.id) == ()


def test_two_long_articles_are_not_joined_by_a_brief_that_both_repeat(index: ArticleIndex) -> None:
    brief = "\n".join(PARAGRAPHS[:2])
    one, other = printed(f"{brief}\n{OTHER}", 1), printed(f"{reworded(OTHER, 1)}\n{NOTE}\n{brief}", 2)
    index.add([one, other, printed(brief, 3)])
    stories = {key: {copy.title for copy in index.copies(key)} for key in (one.id, other.id)}
    assert sorted(map(sorted, stories.values())) == [[], ["No. 3"]]


def test_of_many_copies_the_last_stay_one_story_when_the_first_go(tmp_path: Path) -> None:
    Catalog.create(tmp_path / CATALOG, "none", "none")
    catalog = Catalog(tmp_path / CATALOG)
    everyone = [printed(WIRE, number) for number in range(205)]  # a fingerprint is looked up in the last 200
    catalog.record([Outcome(one.url, "/", one.version, one) for one in everyone], [], lambda article: ())
    assert catalog.contents.coverage().stories == 1
    for at in range(0, 200, 50):
        catalog.record([], [one.url for one in everyone[at : at + 50]], lambda article: ())
        assert catalog.contents.coverage().stories == 1
    assert len(catalog.stories.copies(everyone[-1].id)) == 4
    catalog.close()


def test_an_old_copy_stays_in_its_story_while_all_others_are_edited(tmp_path: Path) -> None:
    Catalog.create(tmp_path / CATALOG, "none", "none")
    catalog = Catalog(tmp_path / CATALOG)
    for edition in range(3):
        for number in range(edition > 0, 45):
            one = printed(f"Edition {edition}. {WIRE}", number)
            catalog.record([Outcome(f"/{number}", "/", one.version, one)], [], lambda article: ())
            assert catalog.contents.coverage().stories == 1
    assert len(catalog.stories.copies(printed(WIRE, 0).id)) == 44
    catalog.close()


FAMILY = [
    WIRE,
    OTHER,
    "\n".join(PARAGRAPHS[:2]),
    "\n".join(PARAGRAPHS[3:]),
    "\n".join(reversed(PARAGRAPHS)),
    reworded(WIRE, 0.2),
    reworded(OTHER, 0.2),
    f"{PARAGRAPHS[0]}\n{PARAGRAPHS[1]}\n{OTHER}",
    f"{WIRE}\n{NOTE}",
    NOTE,
]


def groups(catalog: Catalog) -> list[list[str]]:
    found = [one for _, one in catalog.current_articles(0, 1000)]
    return sorted(
        {tuple(sorted([one.url, *(copy.url for copy in catalog.stories.copies(one.id))])) for one in found}
    )  # type: ignore[return-value]


@pytest.mark.parametrize("seed", range(6))
def test_however_a_collection_came_about_its_stories_are_the_same(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    Catalog.create(tmp_path / CATALOG, "none", "none")
    catalog = Catalog(tmp_path / CATALOG)
    for _ in range(60):
        batch = []
        for number in chance.sample(range(12), chance.randint(1, 3)):
            article = printed(chance.choice(FAMILY), number)
            batch.append(Outcome(f"/{number}", "/", article.version, article))
        gone = [f"/{number}" for number in chance.sample(range(12), chance.choice([0, 0, 1, 2]))]
        catalog.record(batch, gone, lambda article: ())
        assert catalog.problems() == []
    grown = groups(catalog)
    catalog.stories.bring_up(lambda *step: None, fresh=True)
    assert groups(catalog) == grown
    assert catalog.problems() == []
    catalog.close()


def make_older(home: Path) -> None:
    """Turn a catalog into what the Dateline before stories wrote."""
    with closing(sqlite3.connect(home / CATALOG, isolation_level=None)) as db:
        for table in ("stories", "copies", "fingerprints"):
            db.execute(f"DROP TABLE {table}")
        db.execute("DELETE FROM meta WHERE key IN ('stories', 'story_format')")
        db.execute("PRAGMA user_version = 1")


@pytest.fixture
def older(home: Path) -> Path:
    with ArticleIndex.open(home, HashEmbedding()) as made:
        made.add([*WIRES, COURT])
    make_older(home)
    return home


def test_an_index_of_an_older_dateline_is_brought_up_at_opening(older: Path) -> None:
    embedding = HashEmbedding()
    with ArticleIndex.open(older, embedding) as again:
        assert titles(again, WIRES[0]) == ["No. 1", "No. 2"]
        assert again.doctor().healthy
    assert embedding.embedded == []


def test_an_older_index_answers_while_someone_else_writes_and_is_brought_up_by_the_next_change(
    older: Path,
) -> None:
    with writing(older):
        again = ArticleIndex.open(older, HashEmbedding())
        assert again.copies(WIRES[0].id) == ()
        assert again.coverage().stories == 4
        assert "not all articles are compared" in again.doctor().stores[0].problem
    with again:
        again.add([printed(OTHER, 11, OUTLETS[1])])
        assert titles(again, WIRES[0]) == ["No. 1", "No. 2"]
        assert titles(again, COURT) == ["No. 11"]


def test_bringing_up_goes_on_where_it_was_interrupted(older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(story_table, "_BATCH", 1)
    done: list[int] = []

    def interrupt(stage: str, at: int, total: int | None) -> None:
        assert (stage, total) == ("stories", 4)
        done.append(at)
        if at == 2:
            raise KeyboardInterrupt

    catalog = Catalog(older / CATALOG)
    with pytest.raises(KeyboardInterrupt):
        catalog.stories.bring_up(interrupt)
    assert catalog.stories.is_behind
    placed: list[tuple[int, int | None]] = []
    catalog.stories.bring_up(lambda stage, at, total: placed.append((at, total)))
    assert placed == [(1, 2), (2, 2)]
    assert not catalog.stories.is_behind
    assert catalog.problems() == []
    catalog.close()


def test_what_an_older_dateline_still_writes_is_made_good(
    index: ArticleIndex, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.add([*WIRES, COURT])
    monkeypatch.setattr(catalog_module, "follow", lambda db, moved: None)
    index.remove([WIRES[1].id])
    index.add([printed(WIRE, 20)])
    monkeypatch.undo()
    with closing(sqlite3.connect(home / CATALOG)) as db, db:  # an older one counts no stories
        db.execute("UPDATE meta SET value = value - 2 WHERE key = 'stories'")
    assert titles(index, WIRES[0]) == ["No. 2"]
    assert "not all articles are compared" in index.doctor().stores[0].problem
    index.add([printed(OTHER, 11)])
    assert titles(index, WIRES[0]) == ["No. 2", "No. 20"]
    assert titles(index, COURT) == ["No. 11"]
    assert index._catalog.problems() == []


def test_another_way_of_telling_copies_is_taken_up_by_itself(
    index: ArticleIndex, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.add(WIRES)
    monkeypatch.setattr(story_table, "FORMAT", "another")
    monkeypatch.setattr(story_table, "is_copy", lambda one, other: False)
    with ArticleIndex.open(home, HashEmbedding()) as again:
        assert again.coverage().stories == 3
        assert again.doctor().healthy


def test_stories_that_do_not_fit_are_told_of_and_made_anew_by_the_doctor(
    index: ArticleIndex, home: Path
) -> None:
    index.add([*WIRES, COURT])
    with closing(sqlite3.connect(home / CATALOG)) as db, db:
        db.execute("UPDATE stories SET story = 1")
    assert "doctor --rebuild" in index.doctor().stores[0].problem
    assert index.doctor(rebuild=True).healthy
    assert index.coverage().stories == 2


def test_a_batch_that_fails_leaves_the_stories_as_they_were(
    index: ArticleIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.add(WIRES[:2])

    def broken(one: Article, other: Article) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(story_table, "is_copy", broken)
    with pytest.raises(KeyboardInterrupt):
        index.add([COURT, WIRES[2]])
    monkeypatch.undo()
    assert index.coverage().articles == 2
    assert titles(index, WIRES[0]) == ["No. 1"]
    assert index._catalog.problems() == []


def test_threads_and_other_processes_read_stories_while_one_writes(index: ArticleIndex, home: Path) -> None:
    index.add(WIRES)
    seen: list[int] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen.append(len(index.copies(WIRES[0].id)))

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(20, 26):
        index.add([printed(f"{WIRE}\n{NOTE}", number)])
    stop.set()
    reader.join()
    assert seen == sorted(seen)
    assert set(seen) <= set(range(2, 9))
    program = (
        "import sys; from storing import HashEmbedding; from index import ArticleIndex; "
        "print(len(ArticleIndex.open(sys.argv[1], HashEmbedding()).copies(sys.argv[2])))"
    )
    assert run(program, home, WIRES[0].id).strip() == "8"
