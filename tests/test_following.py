from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from news_site import Story, news_site
from test_cli import dateline

from assistant import following
from assistant.following import Done, described, follow, orphans, sync_once
from assistant.settings import SAMPLE
from index.disk import NoSpaceError
from index.embed import EmbeddingError
from index.library import ArticleIndex
from index.sources.collection import CollectionError
from index.sources.source import Collection, source_of
from index.types import Progress
from index.writing import writing

STORY = "The old bridge was closed on Friday.\n\nNobody knows for how long it will stay closed.\n"


@contextmanager
def bars() -> Iterator[Progress]:
    yield lambda stage, done, total: None


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a description of one folder of articles."""
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "bridge.txt").write_text(STORY)
    (tmp_path / "dateline.toml").write_text('[[source]]\npath = "news"\nevery = "1 hour"\n')
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Time that passes only when someone sleeps; what is slept is written down."""
    naps = [0.0]
    monkeypatch.setattr(following.time, "monotonic", lambda: sum(naps))
    monkeypatch.setattr(following.time, "sleep", lambda seconds: naps.append(seconds))
    return naps


def rounds(index: ArticleIndex, number: int, places: tuple[str, ...] = ()) -> list[Done]:
    """Follow until so many rounds were told of."""
    told: list[Done] = []

    def tell(done: Done) -> None:
        told.append(done)
        if len(told) == number:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        follow(index, places, tell, bars)
    return told


def test_what_is_named_goes_before_what_is_described(desk: Path) -> None:
    assert [source.place for source in described([]).sources] == ["news"]
    assert [source.place for source in described(["elsewhere"]).sources] == ["elsewhere"]


def test_without_a_description_it_says_what_to_do(desk: Path) -> None:
    (desk / "dateline.toml").unlink()
    with pytest.raises(FileNotFoundError, match=r"no dateline\.toml here; name what to sync"):
        described([])


def test_sources_are_looked_at_as_often_as_they_say(
    desk: Path, index: ArticleIndex, clock: list[float]
) -> None:
    (desk / "more").mkdir()
    (desk / "more" / "mill.txt").write_text(STORY.replace("bridge", "mill"))
    with (desk / "dateline.toml").open("a") as file:
        file.write('[[source]]\npath = "more"\nevery = "20 minutes"\n')
    told = rounds(index, 5)
    assert [len(done.report.added) + len(done.report.unchanged) for done in told] == [2, 1, 1, 2, 1]
    assert 4800 <= sum(clock) <= 4800 + 60


def test_a_description_that_is_changed_is_followed_from_then_on(
    desk: Path, index: ArticleIndex, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    toml = desk / "dateline.toml"
    good, naps = toml.read_text(), [0]

    def meddle(seconds: float) -> None:
        clock.append(seconds)
        naps[0] += 1
        if naps[0] == 1:
            toml.write_text("[[sauce]]\n")
        if naps[0] == 4:
            (desk / "more").mkdir()
            (desk / "more" / "mill.txt").write_text(STORY.replace("bridge", "mill"))
            toml.write_text(good + '[[source]]\npath = "more"\n')

    monkeypatch.setattr(following.time, "sleep", meddle)
    first, wrong, mended = rounds(index, 3)
    assert (len(first.report.added), first.remarks) == (1, ())
    assert "sauce" in " ".join(wrong.remarks)
    assert wrong.remarks[-1] == "the last description goes on"
    assert len(mended.report.added) == 1
    assert mended.articles == 2


def test_a_writer_in_the_way_is_waited_for(desk: Path, index: ArticleIndex, clock: list[float]) -> None:
    with writing(index.home):
        (busy,) = rounds(index, 1)
    assert "is being written by process" in busy.remarks[0]
    assert rounds(index, 1)[0].report.added


def test_a_failure_is_told_when_it_comes_and_not_in_every_round(
    desk: Path, index: ArticleIndex, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    torn, naps = desk / "news" / "torn.txt", [0]
    torn.write_bytes(b"\x00\x01")

    def mend(seconds: float) -> None:
        clock.append(seconds)
        naps[0] += 1
        if naps[0] == 130:
            torn.write_text(STORY.replace("bridge", "mill"))
        if naps[0] == 190:
            torn.write_bytes(b"\x00\x01")

    monkeypatch.setattr(following.time, "sleep", mend)
    told = rounds(index, 5)
    assert [len(done.report.failed) for done in told] == [1, 0, 0, 0, 1]
    assert len(told[3].report.added) == 1


def test_what_fails_for_now_is_told_and_tried_again(
    desk: Path, index: ArticleIndex, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = ArticleIndex.sync
    errors = [NoSpaceError("no room"), EmbeddingError("not there")]

    def failing(self: ArticleIndex, *arguments: object) -> object:
        if errors:
            raise errors.pop(0)
        return sync(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(ArticleIndex, "sync", failing)
    first, second, third = rounds(index, 3)
    assert (first.remarks, second.remarks) == (("no room",), ("not there",))
    assert len(third.report.added) == 1
    assert sum(clock) < 300


def test_a_description_that_is_wrong_at_first_is_refused(desk: Path, index: ArticleIndex) -> None:
    (desk / "dateline.toml").write_text("[[sauce]]\n")
    with pytest.raises(CollectionError):
        follow(index, (), lambda done: None, bars)


def test_the_sample_leaves_when_the_first_articles_of_ones_own_come(desk: Path, index: ArticleIndex) -> None:
    index.sync([SAMPLE])
    done = sync_once(index, Collection((source_of("news"),)), lambda *_: None)
    assert done.articles == 1
    assert done.remarks == ("the sample articles were taken out, since there are others now",)


def test_sources_that_are_not_described_are_named(desk: Path, index: ArticleIndex) -> None:
    collection = described([])
    index.sync(collection)
    assert orphans(index, collection) == []
    assert orphans(index, Collection(())) == [str(desk / "news")]


def test_the_command_line_follows_a_description(desk: Path) -> None:
    home = desk / "home"
    done = dateline(home, "sync")
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 added" in done.stdout
    (desk / "dateline.toml").write_text('[[source]]\npath = "nowhere"\n')
    done = dateline(home, "sync")
    assert done.returncode == 2
    assert f"kept, though not described: {desk}/news; dateline forget takes it out" in done.stderr
    told = dateline(home, "doctor").stdout
    assert f"{desk}/nowhere was never read (no such file or folder)" in told
    answer = dateline(home, "ask", "When was the bridge closed?").stdout
    assert "nowhere was never read: newer articles from there may be missing." in answer
    assert str(desk) not in answer.partition("nowhere")[2]


def test_a_feed_is_followed_by_the_command_line(desk: Path) -> None:
    with news_site(3) as site:
        host = site.address.removeprefix("http://")
        (desk / "dateline.toml").write_text(
            f'[[source]]\nfeed = "{site.address}/feed.xml"\n[fetch]\nallow = ["{host}"]\npause = 0\n'
        )
        assert "3 added" in dateline(desk / "home", "sync").stdout
        site.stories[9] = Story(9)
        assert "1 added, 0 changed, 0 removed, 3 unchanged" in dateline(desk / "home", "sync").stdout
        site.broken["/feed.xml"] = 500
        done = dateline(desk / "home", "sync")
        assert done.returncode == 2
        assert f"skipped {site.address}/feed.xml: the server said 500" in done.stderr


def test_an_internal_address_is_not_asked_unless_it_is_allowed(desk: Path) -> None:
    with news_site(1) as site:
        done = dateline(desk / "home", "sync", f"{site.address}/feed.xml")
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
        assert sum(site.asked.values()) == 0
