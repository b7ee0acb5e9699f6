from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from storing import HashEmbedding, article, run, state, word, write

from index import recording, retrieval, stores, upkeep
from index.database import CatalogError
from index.embed import EmbeddingUnavailableError
from index.generations import DamagedError
from index.lexical import WordIndex
from index.library import ArticleIndex
from index.rebuilding import RepairProcess
from index.stores import EmbeddingMismatchError
from index.types import Article, Failure, Scope, SyncReport
from index.writing import BusyError, writing


@pytest.fixture
def embedding() -> HashEmbedding:
    return HashEmbedding()


@pytest.fixture
def index(tmp_path: Path, embedding: HashEmbedding) -> Iterator[ArticleIndex]:
    with ArticleIndex.open(tmp_path / "home", embedding) as opened:
        yield opened


@pytest.fixture
def news(tmp_path: Path) -> Path:
    for number in range(1, 21):
        write(tmp_path / "news", number)
    return tmp_path / "news"


def numbers(keys: tuple[str, ...]) -> list[int]:
    return sorted(int(Path(key.partition("#")[0]).stem) for key in keys)


def best(index: ArticleIndex, question: str, scope: Scope | None = None) -> str:
    hits = index.search(question, 1, scope)
    return hits[0].passage.article.url.rpartition("/")[2] if hits else ""


def test_a_new_index_is_empty_and_answers(index: ArticleIndex) -> None:
    assert index.search("Who was seen in the capital?") == []
    assert index.coverage().articles == 0
    assert index.doctor().healthy


def test_what_was_synced_is_found(index: ArticleIndex, news: Path) -> None:
    report = index.sync([news])
    assert numbers(report.added) == list(range(1, 21))
    assert (report.changed, report.removed, report.unchanged, report.failed) == ((), (), (), ())
    for number in (1, 11, 20):
        hits = index.search(f"Where was {word(number)} seen?", 5)
        assert hits[0].passage.article.url == article(number).url
        assert word(number) in hits[0].passage.text
        row = json.loads((news / f"{number:04}.jsonl").read_text())
        assert hits[0].passage.text == row["text"][hits[0].passage.start : hits[0].passage.end]
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_syncing_twice_changes_nothing(index: ArticleIndex, news: Path, embedding: HashEmbedding) -> None:
    index.sync([news])
    before, embedded = state(index), list(embedding.embedded)
    report = index.sync([news])
    assert numbers(report.unchanged) == list(range(1, 21))
    assert report == SyncReport(unchanged=report.unchanged)
    assert state(index) == before
    assert embedding.embedded == embedded


def test_a_sync_adds_changes_removes_and_leaves_alone(index: ArticleIndex, news: Path) -> None:
    index.sync(news)
    write(news, 5, edition=2)
    write(news, 30)
    (news / "0007.jsonl").unlink()
    (news / "0008.jsonl").touch()
    report = index.sync(str(news))
    assert numbers(report.added) == [30]
    assert numbers(report.changed) == [5]
    assert numbers(report.removed) == [7]
    assert numbers(report.unchanged) == sorted({*range(1, 21)} - {5, 7})
    assert best(index, f"What about {word(30)}?") == "30"
    assert "edition 2" in index.article(article(5).id).text
    assert best(index, f"What about {word(7)}?") != "7"
    with pytest.raises(KeyError, match="no article"):
        index.article(article(7).id)


def test_only_what_changed_is_embedded(index: ArticleIndex, news: Path, embedding: HashEmbedding) -> None:
    index.sync([news])
    embedding.embedded.clear()
    write(news, 5, edition=2)
    index.sync([news])
    assert len(embedding.embedded) == 1
    assert "edition 2" in embedding.embedded[0]
    shutil.move(news / "0009.jsonl", news / "0099.jsonl")
    report = index.sync([news])
    assert (numbers(report.added), numbers(report.removed)) == ([99], [9])
    assert len(embedding.embedded) == 1


def test_an_older_version_stays_as_history(index: ArticleIndex, news: Path) -> None:
    index.sync([news])
    write(news, 5, edition=2)
    index.sync([news])
    old, new = index.versions(article(5).id)
    assert "edition 1" in old.text
    assert "edition 2" in new.text
    hits = [hit for hit in index.search(f"{word(5)} edition", 50) if hit.passage.article.id == new.id]
    assert [hit.passage.article for hit in hits] == [new]


def test_the_same_article_in_two_files_is_one(index: ArticleIndex, news: Path) -> None:
    index.sync([news])
    shutil.copy(news / "0005.jsonl", news / "0105.jsonl")
    index.sync([news])
    assert index.coverage().articles == 20
    (news / "0005.jsonl").unlink()
    index.sync([news])
    assert index.article(article(5).id).source.startswith(f"{news / '0105.jsonl'}#")
    (news / "0105.jsonl").unlink()
    index.sync([news])
    assert index.coverage().articles == 19


def test_a_file_that_breaks_keeps_its_article_and_is_reported(index: ArticleIndex, news: Path) -> None:
    index.sync([news])
    path = news / "0005.jsonl"
    address = json.dumps({"url": article(5).url})
    for content, reason in ((address, "no column that is known"), ("{torn", "row 1: not JSON")):
        path.write_text(content)
        for _ in range(2):
            report = index.sync([news])
            assert report.removed == ()
            assert [Path(failure.source.partition("#")[0]) for failure in report.failed] == [path]
            assert report.failed[0].reason.startswith(reason)
            assert best(index, f"What about {word(5)}?") == "5"
    assert any(one.reason.startswith(reason) for one in index.failures())
    write(news, 5)
    assert index.sync([news]).failed == ()
    path.unlink()
    assert numbers(index.sync([news]).removed) == [5]


def test_what_cannot_be_read_is_reported_while_the_rest_goes_in(index: ArticleIndex, news: Path) -> None:
    (news / "empty.txt").touch()
    (news / "picture.png").write_bytes(b"\x89PNG")
    report = index.sync([news])
    assert len(report.added) == 20
    assert {Path(failure.source).name for failure in report.failed} == {"empty.txt"}
    assert [Path(key).name for key in report.passed_over] == ["picture.png"]
    assert all(failure.reason for failure in report.failed)
    again = index.sync([news])
    assert again.failed == report.failed
    (news / "empty.txt").unlink()
    assert index.sync([news]).removed == ()


def test_a_folder_that_is_gone_removes_nothing(index: ArticleIndex, news: Path) -> None:
    index.sync([news])
    shutil.move(news, news.with_name("elsewhere"))
    report = index.sync([news])
    assert report.removed == ()
    assert len(report.failed) == 1
    assert index.coverage().articles == 20


def test_what_lies_behind_an_unreadable_folder_is_kept(
    index: ArticleIndex, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (40, 41):
        write(news / "deep", number)
    write(news / "deeper", 42)
    index.sync([news])

    def iterdir(path: Path) -> Iterator[Path]:
        if path.name == "deep":
            raise PermissionError(13, "Permission denied")
        return original(path)

    original = Path.iterdir
    monkeypatch.setattr(Path, "iterdir", iterdir)
    (news / "deeper" / "0042.jsonl").unlink()
    report = index.sync([news])
    assert report.failed == (Failure(str(news / "deep"), "no permission to read it"),)
    assert numbers(report.removed) == [42]
    assert index.article(article(40).id)


def test_a_folder_whose_name_is_no_utf8_is_synced_like_any_other(index: ArticleIndex, tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"caf\xe9")
    write(odd, 1)
    write(odd, 2)
    (odd / "empty.txt").touch()
    report = index.sync([odd, odd / "nowhere"])
    assert (len(report.added), len(report.failed)) == (2, 2)
    (odd / "0002.jsonl").unlink()
    assert numbers(index.sync([odd]).removed) == [2]
    assert "\\xe9" in index.begun()[0][0]


def test_a_row_put_on_top_of_a_file_changes_no_other(index: ArticleIndex, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    rows = [json.dumps({"title": f"Report {n}", "text": article(n).text}) for n in range(1, 4)]
    path.write_text("\n".join(rows[1:]))
    index.sync([path])
    before = {hit.passage.article.id for hit in index.search("the capital", 9)}
    path.write_text("\n".join([*rows, '{"title": "Nothing"}']))
    report = index.sync([path])
    assert (len(report.added), report.changed, len(report.unchanged)) == (1, (), 2)
    assert [one.reason for one in report.failed] == ['row 4: no "text" in it']
    assert all(len(index.versions(one)) == 1 for one in before)
    path.write_text("\n".join(['{"title": "Nothing"}', *rows]))
    assert [one.reason for one in index.sync([path]).failed] == ['row 1: no "text" in it']


def test_an_index_of_an_older_making_opens_while_another_writes(
    index: ArticleIndex, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.sync([news])
    for module in (upkeep, stores):
        monkeypatch.setattr(module, "FORMAT", "another")
    with writing(index.home), ArticleIndex.open(index.home, HashEmbedding()) as reader:
        assert best(reader, f"What about {word(3)}?") == "3"
        assert reader._catalog.cut_format != "another"
    with ArticleIndex.open(index.home, HashEmbedding()) as later:
        assert later._catalog.cut_format == "another"


def test_how_often_a_stem_is_held_is_told_while_the_word_index_is_there(
    index: ArticleIndex, news: Path
) -> None:
    index.sync([news])
    assert index.passages == 20
    assert index.frequencies(["capit", word(3), "unheardof"]) == [20, 1, 0]
    shutil.rmtree(index.home / "words")
    index._stores.words.drop()
    assert index.frequencies(["capit"]) is None


@pytest.mark.parametrize("name", ["rows.jsonl#1.txt", "rows.jsonl#1", "rows.jsonl#x/1.txt"])
def test_a_file_that_is_named_like_a_row_is_none(index: ArticleIndex, tmp_path: Path, name: str) -> None:
    rows, other = tmp_path / "news" / "rows.jsonl", tmp_path / "news" / name
    other.parent.mkdir(parents=True, exist_ok=True)
    other.write_text("The ferry sank off Arran on Monday.")
    lines = [json.dumps({"title": f"Report {n}", "text": article(n).text}) for n in (1, 2)]
    rows.write_text("\n".join([*lines, "{torn"]))
    index.sync([rows.parent])
    rows.write_text(lines[0])
    assert len(index.sync([rows]).removed) == 1
    assert len(index.forget([rows]).removed) == 1
    again = index.sync([rows.parent])
    assert str(other) in (again.unchanged if other.suffix == ".txt" else again.passed_over)
    assert str(other) not in again.added + again.removed


def test_a_file_that_fails_keeps_no_folder_whose_name_it_begins_with(
    index: ArticleIndex, tmp_path: Path
) -> None:
    (tmp_path / "news").mkdir()
    write(tmp_path / "news" / "x", 1)
    (tmp_path / "news" / "x#1.pdf").write_bytes(b"%PDF-")
    index.sync([tmp_path / "news"])
    shutil.rmtree(tmp_path / "news" / "x")
    assert numbers(index.sync([tmp_path / "news"]).removed) == [1]


def test_a_row_that_cannot_be_told_keeps_its_file_and_no_other(index: ArticleIndex, tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    for name in ("#1.txt", "a.txt"):
        (news / name).write_text(f"The ferry sank off Arran on Monday, says {name}.")
    rows = [json.dumps({"title": f"Report {n}", "text": article(n).text}) for n in (1, 2)]
    (news / "rows.jsonl").write_text("\n".join(rows))
    index.sync([news])
    (news / "rows.jsonl").write_text("\n".join([rows[0], "{torn"]))
    (news / "#1.txt").write_bytes(b"")
    (news / "a.txt").unlink()
    assert index.sync([news]).removed == (f"{news}/a.txt",)


def test_roots_do_not_remove_each_other(index: ArticleIndex, tmp_path: Path) -> None:
    write(tmp_path / "one", 1)
    write(tmp_path / "two", 2)
    index.sync([tmp_path / "one", tmp_path / "two"])
    index.sync([tmp_path / "one"])
    assert index.coverage().articles == 2
    (tmp_path / "two" / "0002.jsonl").unlink()
    index.sync([tmp_path / "one"])
    assert index.coverage().articles == 2
    report = index.sync([tmp_path])
    assert numbers(report.removed) == [2]


def test_a_root_given_twice_is_read_once(index: ArticleIndex, news: Path) -> None:
    report = index.sync([news, news / ".", news / "0005.jsonl"])
    assert len(report.added) == 20
    assert report.removed == ()


def test_articles_can_be_added_changed_and_removed_without_files(index: ArticleIndex) -> None:
    report = index.add([article(1), article(2)])
    assert len(report.added) == 2
    assert best(index, f"What about {word(2)}?") == "2"
    assert len(index.add([article(1, edition=2)]).changed) == 1
    assert len(index.versions(article(1).id)) == 2
    assert len(index.add([article(1, edition=2)]).unchanged) == 1
    assert len(index.remove([article(1).id, "unknown"]).removed) == 1
    assert best(index, f"What about {word(1)}?") != "1"
    assert index.coverage().articles == 1


def test_an_article_that_is_no_text_is_refused(index: ArticleIndex) -> None:
    with pytest.raises(ValueError, match="lone surrogates"):
        index.add([Article(text="a \ud800 b")])
    assert index.coverage().articles == 0


def test_words_can_be_searched_before_vectors_are_ready(
    index: ArticleIndex, news: Path, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[str] = []
    repairs: list[object] = []

    def progress(stage: str, done: int, total: int | None) -> None:
        if (stage, done) in {("words", 0), ("words", 1)}:
            with ArticleIndex.open(index.home, HashEmbedding()) as reader:
                seen.append(best(reader, f"What about {word(13)}?"))
                repairs.append(reader._repair._child)

    with caplog.at_level(logging.WARNING):
        index.sync([news], progress)
    assert seen == ["", "13"]
    assert repairs == [None, None]
    assert caplog.messages == []
    assert best(index, f"What about {word(13)}?") == "13"


def test_what_a_sync_has_not_come_to_is_told(index: ArticleIndex, news: Path) -> None:
    told: dict[tuple[str, int], tuple[str, ...]] = {}

    def progress(stage: str, done: int, total: int | None) -> None:
        with ArticleIndex.open(index.home, HashEmbedding()) as reader:
            reader.search("the capital")
            told[stage, done] = reader.limits()

    assert index.limits() == ()
    index.sync([news], progress)
    assert index.limits() == ()
    words = "The word index cannot be used at the moment: answers may miss what only words would find."
    assert told["articles", 20] == (words, "20 of 20 articles are not found until a sync is done.")
    assert told["words", 1] == ("20 of 20 articles are found by words only until a sync is done.",)
    assert told["meaning", 20] == ("The vector index cannot be used at the moment: answers take longer.",)
    assert told["vectors", 1] == ()
    write(news, 5, edition=2)
    index.sync([news], progress)
    assert told["articles", 20] == (
        "1 of 20 articles is not found yet: the sync that reads new ones is not done.",
    )
    assert told["words", 1] == ("1 of 20 articles is found by words only until a sync is done.",)
    assert told["meaning", 1] == told["words", 1], "it is not in the vector index yet"
    assert told["vectors", 1] == index.limits() == ()


def test_a_sync_that_stopped_before_the_vectors_is_told_of(
    index: ArticleIndex, news: Path, embedding: HashEmbedding, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(texts: object) -> np.ndarray:
        raise ConnectionError("the model is away")

    index.sync([news])
    write(news, 30)
    with monkeypatch.context() as patch:
        patch.setattr(embedding, "embed", broken)
        with pytest.raises(ConnectionError):
            index.sync([news])
    told = ("1 of 21 articles is found by words only until a sync is done.",)
    assert index.limits() == told
    with ArticleIndex.open(index.home, HashEmbedding()) as later:
        assert later.limits() == told
    index.sync([])
    assert index.limits() == ()


@pytest.mark.parametrize("store", ["words", "vectors"])
def test_a_store_that_is_out_is_told_of_until_it_is_rebuilt(
    index: ArticleIndex, news: Path, store: str
) -> None:
    index.sync([news])
    index.search("the capital")
    shutil.rmtree(next(path for path in (index.home / store).iterdir() if path.is_dir()))
    getattr(index._stores, store).drop()
    for _ in range(2):
        (told,) = index.limits()
        assert told.startswith("The word index" if store == "words" else "The vector index")
        index.search("the capital")
    index._repair.wait(30)
    assert index.limits() == ()


def test_a_store_whose_engine_fails_is_told_of(
    index: ArticleIndex, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.sync([news])

    def broken(*arguments: object) -> None:
        raise DamagedError("the engine is ill")

    with monkeypatch.context() as patch:
        patch.setattr(WordIndex, "query", broken)
        patch.setattr(WordIndex, "frequencies", broken)
        index.search("the capital")
        assert len(index.limits()) == 1
    index.search("the capital")
    assert index.limits() == ()


def test_asking_for_limits_again_reads_no_passage(
    index: ArticleIndex, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.sync([news])
    assert index.limits() == ()
    monkeypatch.setattr(index._retrieval, "_missing", None)
    assert index.limits() == ()


def test_a_store_that_is_deleted_while_serving_is_rebuilt_once_nobody_is_writing(
    index: ArticleIndex, news: Path, caplog: pytest.LogCaptureFixture
) -> None:
    index.sync([news])
    shutil.rmtree(index.home / "vectors")
    with writing(index.home), caplog.at_level(logging.WARNING):
        assert len(index.search("unheardof", 20)) == 20
        assert index._repair._child is None
    assert caplog.messages == []
    assert len(index.search("unheardof", 20)) == 20
    assert "is being rebuilt" in caplog.text
    index._repair.wait(30)
    assert index.doctor().healthy


def test_progress_is_told_by_stages_in_order(index: ArticleIndex, news: Path) -> None:
    seen: list[tuple[str, int, int | None]] = []
    index.sync([news], lambda *step: seen.append(step))
    assert list(dict.fromkeys(stage for stage, _, _ in seen)) == ["articles", "words", "meaning", "vectors"]
    assert [step for step in seen if step[0] == "meaning"][-1] == ("meaning", 20, 20)
    assert [step for step in seen if step[0] == "articles"][-1] == ("articles", 20, None)


def test_an_embedding_that_fails_is_gone_on_with_by_the_next_sync(
    index: ArticleIndex, news: Path, embedding: HashEmbedding, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(texts: object) -> np.ndarray:
        raise ConnectionError("the model is away")

    with monkeypatch.context() as patch:
        patch.setattr(embedding, "embed", broken)
        with pytest.raises(ConnectionError):
            index.sync([news])
    assert not index.doctor().healthy
    assert "20 passages wait for their vectors" in index.doctor().stores[2].problem
    assert best(index, f"What about {word(4)}?") == "4"
    index.sync([])
    assert index.doctor().healthy


@pytest.mark.parametrize(
    "vectors", [np.zeros((1, 24), np.float32), np.full((20, 24), np.nan), np.ones((20, 24), np.float32)]
)
def test_an_embedding_that_gives_nonsense_is_refused(
    index: ArticleIndex,
    news: Path,
    embedding: HashEmbedding,
    vectors: np.ndarray,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(embedding, "embed", lambda texts: vectors)
    with pytest.raises(ValueError, match="hash dimension 24 gave"):
        index.sync([news])


def test_search_finds_by_meaning_what_words_do_not(index: ArticleIndex, news: Path) -> None:
    index.sync([news])
    hits = index.search("unheardof", 20)
    assert len(hits) == 20, "no word is shared, so these are the nearest vectors"


def test_no_room_for_a_copy_of_the_stores_is_done_without(
    index: ArticleIndex, news: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    index.sync([news])
    monkeypatch.setattr(tempfile, "tempdir", str(news / "nowhere"))
    assert len(index.search("unheardof", 20)) == 20
    assert "the catalog answers in its place" in caplog.text


@pytest.mark.parametrize("narrow", [0, 10_000])
def test_a_scope_is_kept_by_every_way_of_searching(
    index: ArticleIndex, news: Path, narrow: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrieval, "_NARROW", narrow)
    index.sync([news])
    for scope in (
        Scope(since=date(2020, 4, 1), until=date(2020, 8, 1)),
        Scope(as_of=date(2020, 5, 1)),
        Scope(outlets=("kestrel wire",)),
        Scope(outlets=(" Kestrel  Wire ",)),
    ):
        expected = {article(number).id for number in range(1, 21) if scope.holds(article(number))}
        found = {hit.passage.article.id for hit in index.search("What was seen in the capital?", 100, scope)}
        assert found == expected


def test_hits_are_limited_to_what_was_asked_for(index: ArticleIndex, news: Path) -> None:
    index.sync([news])
    assert len(index.search("the capital", 3)) == 3
    assert index.search("the capital", 0) == []
    assert index.search("", 5) == []
    assert index.search("?!", 5) == []


def test_another_process_sees_what_was_synced(index: ArticleIndex, news: Path) -> None:
    reader = ArticleIndex.open(index.home, HashEmbedding())
    index.sync([news])
    assert best(reader, f"What about {word(3)}?") == "3"
    write(news, 3, edition=2)
    write(news, 33)
    index.sync([news])
    assert best(reader, f"What about {word(33)}?") == "33"
    assert "edition 2" in reader.search(f"What about {word(3)}?", 1)[0].passage.text
    reader.close()


def test_an_article_removed_meanwhile_is_never_shown(index: ArticleIndex, news: Path) -> None:
    index.sync([news])
    index.search("open both stores")
    index._catalog.record((), index._catalog.keys_of([article(3).id]), lambda one: [])
    assert article(3).id not in {hit.passage.article.id for hit in index.search(f"{word(3)} capital", 100)}


def test_a_second_writer_is_told_who_is_first_within_a_second(index: ArticleIndex, news: Path) -> None:
    program = """
import pathlib, sys
from index.writing import writing
with writing(pathlib.Path(sys.argv[1])):
    print("holding", flush=True)
    sys.stdin.read()
"""
    paths = [str(Path(__file__).parent.parent)]
    child = subprocess.Popen(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {paths}\n{program}", str(index.home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == "holding\n"
        start = time.monotonic()
        with pytest.raises(BusyError, match=rf"is being written by process {child.pid};"):
            index.sync([news])
        assert time.monotonic() - start < 1
        assert index.search("readers are not held up") == []
        ArticleIndex.open(index.home, HashEmbedding()).close()
        child.communicate()
    assert len(index.sync([news]).added) == 20


def test_a_second_writer_in_another_thread_is_refused_too(index: ArticleIndex, news: Path) -> None:
    refused: list[BusyError] = []

    def other() -> None:
        try:
            index.sync([news])
        except BusyError as error:
            refused.append(error)

    with writing(index.home):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert len(refused) == 1


def test_another_embedding_is_refused_with_the_way_out(index: ArticleIndex, news: Path) -> None:
    index.sync([news])
    for other in (HashEmbedding("other"), HashEmbedding(dimension=32)):
        with pytest.raises(EmbeddingMismatchError, match="dateline doctor --rebuild"):
            ArticleIndex.open(index.home, other)


def test_the_doctor_changes_an_index_over_to_another_embedding(index: ArticleIndex, news: Path) -> None:
    index.sync([news])
    other = HashEmbedding("other", 32)
    with ArticleIndex.open(index.home, other, other_embedding=True) as changed:
        with pytest.raises(EmbeddingMismatchError):
            changed.search("not before it was changed over")
        with pytest.raises(EmbeddingMismatchError):
            changed.sync([news])
        assert changed.doctor(rebuild=True).healthy
        assert len(other.embedded) == 20
        assert best(changed, f"What about {word(3)}?") == "3"
    with pytest.raises(EmbeddingMismatchError):
        index.search("the process that still has the old one")
    with ArticleIndex.open(index.home, HashEmbedding("other", 32)) as again:
        assert best(again, f"What about {word(3)}?") == "3"


def test_changing_over_can_be_interrupted_and_the_old_embedding_answers_meanwhile(
    index: ArticleIndex, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.sync([news])
    other = HashEmbedding("other", 32)
    with ArticleIndex.open(index.home, other, other_embedding=True) as changed:
        embed = other.embed

        def interrupted(texts: list[str]) -> np.ndarray:
            if len(other.embedded) >= 8:
                raise KeyboardInterrupt
            return embed(texts)

        with monkeypatch.context() as patch:
            patch.setattr(other, "embed", interrupted)
            with pytest.raises(KeyboardInterrupt):
                changed.doctor(rebuild=True)
        assert best(index, f"What about {word(3)}?") == "3"
        done = len(other.embedded)
        assert changed.doctor(rebuild=True).healthy
        assert len(other.embedded) == 20
        assert done > 0


class Growing(HashEmbedding):
    """One behind whose name another model stands after so many texts, with vectors of another length."""

    def __init__(self, name: str = "hash", after: int = 8) -> None:
        super().__init__(name)
        self.after = after

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        if len(self.embedded) >= self.after:
            self.dimension = 32
        return super().embed(texts)


def test_vectors_of_two_dimensions_are_never_saved(
    index: ArticleIndex, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "_BATCH", 8)
    with ArticleIndex.open(index.home, Growing()) as growing:
        with pytest.raises(EmbeddingMismatchError, match=r"24 and 32 numbers.* another DATELINE_HOME"):
            growing.sync([news])
        assert index._catalog.vectors.dimensions() == {24}
    with ArticleIndex.open(index.home, HashEmbedding()) as again:
        assert again.sync([news]).failed == ()
        assert again.doctor().healthy


def test_a_change_over_that_gives_two_dimensions_is_given_up_and_can_be_begun_again(
    index: ArticleIndex, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.sync([news])
    monkeypatch.setattr(stores, "_BATCH", 8)
    with ArticleIndex.open(index.home, Growing("other"), other_embedding=True) as changed:
        with pytest.raises(EmbeddingMismatchError, match=r"24 and 32 numbers.* doctor --rebuild"):
            changed.doctor(rebuild=True)
        assert best(index, f"What about {word(3)}?") == "3"
        assert changed.doctor(rebuild=True).healthy
        assert changed._catalog.vectors.dimensions() == {32}
        assert best(changed, f"What about {word(3)}?") == "3"


def test_a_change_over_that_was_interrupted_is_not_finished_in_another_dimension(
    index: ArticleIndex, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.sync([news])
    monkeypatch.setattr(stores, "_BATCH", 8)

    def interrupted(stage: str, done: int, total: int | None) -> None:
        if stage == "meaning" and done:
            raise KeyboardInterrupt

    with (
        ArticleIndex.open(index.home, HashEmbedding("other"), other_embedding=True) as changed,
        pytest.raises(KeyboardInterrupt),
    ):
        changed.doctor(rebuild=True, progress=interrupted)
    with ArticleIndex.open(index.home, Growing("other", 0), other_embedding=True) as changed:
        with pytest.raises(EmbeddingMismatchError):
            changed.doctor(rebuild=True)
        assert changed.doctor(rebuild=True).healthy
        assert changed._catalog.vectors.dimensions() == {32}


def test_an_index_in_which_vectors_of_two_dimensions_lie_is_refused_and_can_be_changed_over(
    index: ArticleIndex, news: Path
) -> None:
    index.sync([news])
    with index._catalog._db.transaction() as db:
        db.execute("UPDATE vectors SET vector = substr(vector, 1, 64) WHERE rowid % 2")
    shutil.rmtree(index.home / "vectors")
    with pytest.raises(EmbeddingMismatchError, match="16 and 24 numbers"):
        ArticleIndex.open(index.home, HashEmbedding())
    with ArticleIndex.open(index.home, HashEmbedding("other"), other_embedding=True) as changed:
        assert changed.doctor(rebuild=True).healthy
        assert best(changed, f"What about {word(3)}?") == "3"


def test_an_embedding_that_is_out_does_not_keep_an_index_from_being_changed_over(
    index: ArticleIndex, news: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Away(HashEmbedding):
        def embed(self, texts: Sequence[str]) -> np.ndarray:
            raise EmbeddingUnavailableError("the server is away")

    index.sync([news])
    with index._catalog._db.transaction() as db:
        db.execute("DELETE FROM vectors")
    monkeypatch.setattr(stores, "FORMAT", "another")
    monkeypatch.setattr(upkeep, "FORMAT", "another")
    with pytest.raises(EmbeddingUnavailableError):
        ArticleIndex.open(index.home, Away())
    with ArticleIndex.open(index.home, Away(), other_embedding=True):
        assert "it was not rebuilt: the server is away" in caplog.text
    with ArticleIndex.open(index.home, HashEmbedding(), other_embedding=True) as again:
        assert again.doctor(rebuild=True).healthy


def test_a_question_in_another_dimension_is_searched_by_words_and_breaks_nothing(
    index: ArticleIndex, news: Path, embedding: HashEmbedding, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.sync([news])
    monkeypatch.setattr(embedding, "embed_question", HashEmbedding(dimension=32).embed_question)
    assert best(index, f"What about {word(3)}?") == "3"
    monkeypatch.setattr(RepairProcess, "start", lambda repair: pytest.fail("nothing is damaged"))
    for scope in (Scope(), Scope(outlets=("Kestrel Wire",))):
        found = index.find(f"What about {word(4)}?", 3, scope)
        assert found.hits[0].passage.article.title.endswith(" 4")
        (told,) = found.limits
        assert told.startswith("Searched by words only: hash dimension 24 gave 32 numbers for the question")
    assert index.limits() == ()


def test_another_way_of_cutting_is_taken_up_by_itself(
    index: ArticleIndex, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.sync([news])
    rows = index._catalog.rows()

    monkeypatch.setattr(stores, "FORMAT", "another")
    monkeypatch.setattr(upkeep, "FORMAT", "another")
    embedding = HashEmbedding()
    with ArticleIndex.open(index.home, embedding) as again:
        assert not set(again._catalog.rows()) & set(rows)
        assert embedding.embedded == [], "the texts are the same, so their vectors are"
        assert again.doctor().healthy
        assert best(again, f"What about {word(3)}?") == "3"


def test_a_rebuild_embeds_nothing_and_finds_the_same(
    index: ArticleIndex, news: Path, embedding: HashEmbedding
) -> None:
    index.sync([news])
    before = state(index)
    embedding.embedded.clear()
    assert index.doctor(rebuild=True).healthy
    assert state(index) == before
    assert embedding.embedded == []


@pytest.mark.parametrize("left", ["words", "vectors", "catalog.sqlite3-wal"])
def test_a_catalog_that_is_gone_is_not_made_anew(index: ArticleIndex, news: Path, left: str) -> None:
    index.sync([news])
    index.close()
    (index.home / "catalog.sqlite3-wal").touch()
    for path in index.home.iterdir():
        if path.name != left:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    with pytest.raises(CatalogError, match="is missing, and the rest of the index is there; restore it"):
        ArticleIndex.open(index.home, HashEmbedding())
    assert [path.name for path in index.home.iterdir()] == [left]


def test_a_file_in_the_place_of_an_index_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("mine")
    with pytest.raises(CatalogError, match="notes is a file, and an index is a folder"):
        ArticleIndex.open(tmp_path / "notes", HashEmbedding())


def test_a_catalog_from_a_backup_gets_indexes_of_its_own(
    index: ArticleIndex, news: Path, tmp_path: Path
) -> None:
    index.sync([news])
    index.close()
    shutil.copy(index.home / "catalog.sqlite3", tmp_path / "backup")
    with ArticleIndex.open(index.home, HashEmbedding()) as later:
        for number in (31, 32):
            write(news, number)
            later.sync([news])
    for path in index.home.glob("catalog.sqlite3*"):
        path.unlink()
    shutil.copy(tmp_path / "backup", index.home / "catalog.sqlite3")
    with ArticleIndex.open(index.home, HashEmbedding()) as restored:
        assert restored.doctor().healthy
        assert best(restored, f"What about {word(31)}?") != "31"
        write(news, 33)
        (news / "0031.jsonl").unlink()
        (news / "0032.jsonl").unlink()
        restored.sync([news])
        assert best(restored, f"What about {word(33)}?") == "33"


@pytest.mark.parametrize("made_before", [False, True])
def test_what_is_in_an_index_is_closed_to_others(tmp_path: Path, news: Path, made_before: bool) -> None:
    home = tmp_path / "home"
    before = os.umask(0)
    try:
        if made_before:
            home.mkdir(mode=0o755)
        with ArticleIndex.open(home, HashEmbedding()) as index:
            index.sync([news])
            modes = {path.name: path.stat().st_mode & 0o777 for path in [home, *home.iterdir()]}
    finally:
        os.umask(before)
    assert modes.pop("home") == (0o755 if made_before else 0o700)
    assert modes.keys() > {"catalog.sqlite3", "catalog.sqlite3-wal", "words", "vectors"}
    assert not [name for name, mode in modes.items() if mode & 0o077], modes


def test_threads_may_search_while_one_syncs(index: ArticleIndex, news: Path) -> None:
    index.sync([news])
    errors: list[BaseException] = []
    stop = threading.Event()

    def ask() -> None:
        try:
            while not stop.is_set():
                assert best(index, f"What about {word(3)}?") == "3"
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(50, 54):
        write(news, number)
        index.sync([news])
    stop.set()
    for thread in threads:
        thread.join()
    assert not errors


def test_a_closed_index_leaves_nothing_in_the_temporary_folder(tmp_path: Path, news: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    program = """
import sys
from index.library import ArticleIndex
from storing import HashEmbedding
index = ArticleIndex.open(sys.argv[1], HashEmbedding())
index.sync([sys.argv[2]])
print(len(index.search("What was seen in the capital?")))
"""
    assert run(program, tmp_path / "home", news, TMPDIR=str(temporary)) == "10\n"
    assert list(temporary.iterdir()) == []


def test_two_processes_that_make_the_same_index_both_have_it(tmp_path: Path) -> None:
    program = "import sys; from index.library import *; from storing import *; "
    program += "ArticleIndex.open(sys.argv[1], HashEmbedding()).close()"
    with ThreadPoolExecutor(2) as pool:
        assert [
            done.result() for done in [pool.submit(run, program, tmp_path / "home") for _ in range(2)]
        ] == ["", ""]
    with ArticleIndex.open(tmp_path / "home", HashEmbedding()) as index:
        assert index.coverage().articles == 0


def test_a_store_out_of_order_while_serving_is_answered_for_and_rebuilt(
    index: ArticleIndex, news: Path, caplog: pytest.LogCaptureFixture
) -> None:
    index.sync([news])
    scope = Scope(outlets=("Kestrel Wire",))
    expected = [hit.passage.article.id for hit in index.search("Where was the capital?", 5)]
    for store in (index._stores.words, index._stores.vectors):
        shutil.rmtree(next(path for path in store.store.iterdir() if path.is_dir()))
        store.drop()
    with caplog.at_level(logging.WARNING):
        found = index.search("Where was the capital?", 100)
    assert {article(number).id for number in range(1, 21)} == {hit.passage.article.id for hit in found}
    assert all(scope.holds(hit.passage.article) for hit in index.search("Where was the capital?", 5, scope))
    assert "cannot be read" in caplog.text
    assert "is being rebuilt" in caplog.text
    assert caplog.text.count("cannot be read") == 2, "once for each store, not for each question"
    index._repair.wait(30)
    assert index.doctor().healthy
    assert [hit.passage.article.id for hit in index.search("Where was the capital?", 5)] == expected


def test_the_index_needs_no_file_of_the_article_after_the_sync(index: ArticleIndex, news: Path) -> None:
    index.sync([news])
    shutil.rmtree(news)
    passage = index.search(f"What about {word(3)}?", 1)[0].passage
    assert passage.article.text == article(3).text


def test_every_store_and_the_definition_agree_on_what_lies_in_a_scope(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "now", lambda: "2020-05-01T11:00:00+00:00")
    days = [None, date(2020, 4, 21), date(2020, 5, 2)]
    articles = [
        Article("The ferry sailed.", title=f"{n}", source=f"{n}", published=published, modified=modified)
        for n, (published, modified) in enumerate((p, m) for p in days for m in days)
    ]
    bounds = [None, date(2020, 4, 20), date(2020, 4, 21), date(2020, 5, 1), date(2020, 5, 2)]
    with ArticleIndex.open(tmp_path, HashEmbedding()) as index:
        index.add(articles)
        articles = [index.article(one.id) for one in articles]  # they know now when they were added
        for as_of in bounds:
            for since in bounds:
                for until in bounds:
                    if since and until and since > until:
                        continue
                    scope = Scope(as_of=as_of, since=since, until=until)
                    inside = {article.id for article in articles if scope.holds(article)}
                    assert {hit.passage.article.id for hit in index.search("ferry", 50, scope)} == inside
                    rows = index._retrieval._stores.words.reader().query(("ferri",), 50, scope)
                    assert len(rows) == len(inside)


def test_another_story_under_the_same_address_is_named_and_not_lost_in_silence(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    for name, text in (("a", "The ferry sank off Arran on Monday."), ("b", "Wheat prices rose by a tenth.")):
        (folder / f"{name}.md").write_text(
            f"---\nurl: https://post.example/story\ntitle: {name}\n---\n\n{text}\n", encoding="utf-8"
        )
    with ArticleIndex.open(tmp_path / "home", HashEmbedding()) as index:
        for _ in range(2):
            report = index.sync([folder])
            (failure,) = report.failed
            assert failure.source.endswith(("a.md", "b.md"))
            assert "same address" in failure.reason
            (other,) = report.added + report.unchanged
            assert {failure.source, other} == {f"{folder}/a.md", f"{folder}/b.md"}


FERRY = "The ferry sank off Arran on Monday, and nobody was hurt, said the owner of the line."
WHEAT = "Wheat prices rose by a tenth in June, after the driest spring since the war."
TALKS = "习近平周一在北京会见了美国国务卿布林肯。\n\n会谈持续了三小时。"
ROW = {"url": "https://post.example/story", "outlet": "Post", "published": "2020-06-12", "text": FERRY}


@pytest.mark.parametrize(
    ("older", "newer", "reason"),
    [
        (ROW, ROW | {"text": WHEAT}, "the same address and other words"),
        (
            ROW | {"url": "https://post.example/en/"},
            ROW | {"url": "https://post.example/en/", "text": WHEAT},
            "the same address and other words",
        ),
        (
            ROW,
            ROW | {"outlet": "Mail", "updated": "2020-06-13", "text": f"{FERRY} It was he."},
            "the same address and another outlet",
        ),
        (ROW, ROW | {"outlet": " POST", "updated": "2020-06-13", "text": f"{FERRY} It was he."}, ""),
        (ROW, ROW | {"outlet": "", "updated": "2020-06-13"}, ""),
        (ROW | {"text": "Wheat rises."}, ROW | {"text": "Ferry sinks."}, "other words"),
        (
            ROW | {"text": TALKS},
            ROW | {"text": "小麦价格在六月上涨了十分之一。\n\n这是战后最干旱的春天。"},
            "other words",
        ),
        (ROW | {"text": TALKS}, ROW | {"text": TALKS.replace("三", "四")}, ""),
    ],
)
def test_a_row_that_another_stands_in_place_of_is_named(
    index: ArticleIndex, tmp_path: Path, older: dict[str, str], newer: dict[str, str], reason: str
) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(f"{json.dumps(older)}\n{json.dumps(newer)}", encoding="utf-8")
    for _ in range(2):
        failed = index.sync([path]).failed
        assert [reason in one.reason for one in failed] == [True] * bool(reason)
    assert [one.text for one in index.versions(Article("", url=older["url"]).id)] == [
        older["text"],
        newer["text"],
    ]


def test_a_displaced_document_is_no_failure_of_another_folder(index: ArticleIndex, tmp_path: Path) -> None:
    for name, text in (("a", "The ferry sank off Arran on Monday."), ("b", "Wheat prices rose by a tenth.")):
        (tmp_path / name).mkdir()
        row = {"url": "https://post.example/story", "title": name, "text": text}
        (tmp_path / name / "row.jsonl").write_text(json.dumps(row), encoding="utf-8")
        index.sync([tmp_path / name])
    assert len(index.sync([tmp_path / "a"]).failed) == 1
    write(tmp_path / "news", 1)
    report = index.sync([tmp_path / "news"])
    assert (len(report.added), report.failed) == (1, ())


def test_what_was_read_from_a_folder_that_is_gone_can_be_forgotten(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").write_text("The ferry sank off Arran on Monday.", encoding="utf-8")
    with ArticleIndex.open(tmp_path / "home", HashEmbedding()) as index:
        index.sync([folder])
        shutil.rmtree(folder)
        assert index.sync([folder]).failed
        assert index.coverage().articles == 1
        assert index.forget(str(folder)).removed == (f"{folder}/a.txt",)
        assert index.coverage().articles == 0
        assert index.search("ferry") == []
