from __future__ import annotations

import logging
from pathlib import Path

import pytest

from assistant import following, opening
from assistant.opening import NoArticlesError, holds_sample_only, open_filled
from assistant.settings import Settings
from index.library import ArticleIndex
from index.sources.collection import CollectionError

STORY = "The old bridge was closed on Friday.\n\nNobody knows for how long it will stay closed.\n"
DESCRIBED = '[[source]]\npath = "news"\n'


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A working folder with a description of one folder, and a sample of one article elsewhere."""
    for folder in ("news", "sample"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{folder}.txt").write_text(STORY.replace("bridge", folder))
    (tmp_path / "dateline.toml").write_text(DESCRIBED)
    monkeypatch.chdir(tmp_path)
    for module in (opening, following):
        monkeypatch.setattr(module, "SAMPLE", (tmp_path / "sample").resolve())
    return Settings(tmp_path / "home")


def sources(index: ArticleIndex) -> list[str]:
    return [Path(state.root).name for state in index.sources()]


def test_the_first_index_is_made_of_what_is_described_and_its_progress_is_told(desk: Settings) -> None:
    told: list[tuple[str, int, int | None]] = []
    with open_filled(desk, lambda *stage: told.append(stage)) as index:
        assert sources(index) == ["news"]
        assert index.coverage().articles == 1
    assert ("articles", 1, 1) in told


def test_without_a_description_it_is_made_of_the_sample(desk: Settings) -> None:
    Path("dateline.toml").unlink()
    with open_filled(desk) as index:
        assert sources(index) == ["sample"]
        assert holds_sample_only(index)


def test_an_index_with_articles_is_opened_as_it_is(desk: Settings) -> None:
    with open_filled(desk):
        Path("news/mill.txt").write_text(STORY.replace("bridge", "mill"))
    with open_filled(desk) as index:
        assert index.coverage().articles == 1


def test_what_was_synced_or_taken_out_by_hand_is_left_alone(desk: Settings) -> None:
    with ArticleIndex.open(desk.home) as index:
        index.sync(["sample"])
        index.forget(["sample"])
    with open_filled(desk) as index:
        assert index.coverage().articles == 0


def test_sources_that_fail_are_listed_and_the_rest_goes_in(
    desk: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with Path("dateline.toml").open("a") as file:
        file.write('[[source]]\npath = "nowhere"\n')
    with caplog.at_level(logging.WARNING), open_filled(desk) as index:
        assert index.coverage().articles == 1
        assert [Path(one.root).name for one in index.coverage().failing] == ["nowhere"]
    assert "nowhere: no such file or folder" in caplog.text


def test_where_nothing_could_be_read_it_says_so_and_tries_again_the_next_time(desk: Settings) -> None:
    Path("dateline.toml").write_text('[[source]]\npath = "nowhere"\n')
    for _ in range(2):
        with pytest.raises(NoArticlesError, match=r"nothing of .*nowhere: no such file or folder"):
            open_filled(desk)
    Path("nowhere").mkdir()
    Path("nowhere/mill.txt").write_text(STORY)
    with open_filled(desk) as index:
        assert index.coverage().articles == 1


def test_a_wrong_description_is_told_and_nothing_is_put_in_its_place(desk: Settings) -> None:
    Path("dateline.toml").write_text("[[sauce]]\n")
    with pytest.raises(CollectionError):
        open_filled(desk)
    Path("dateline.toml").write_text(DESCRIBED)
    with open_filled(desk) as index:
        assert sources(index) == ["news"]


def test_a_first_sync_of_the_sample_that_was_interrupted_gives_way_to_what_is_described(
    desk: Settings,
) -> None:
    def interrupt(stage: str, done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    Path("dateline.toml").unlink()
    with pytest.raises(KeyboardInterrupt):
        open_filled(desk, interrupt)
    Path("dateline.toml").write_text(DESCRIBED)
    with open_filled(desk) as index:
        assert sources(index) == ["news"]
        assert index.coverage().articles == 1


def test_what_was_named_and_is_not_there_leaves_the_sample_the_sample(desk: Settings) -> None:
    Path("dateline.toml").unlink()
    with open_filled(desk) as index:
        assert index.sync(["nowhere"]).failed
        assert holds_sample_only(index)
        index.sync(["news"])
        assert not holds_sample_only(index)
