from __future__ import annotations

import asyncio
import json
import logging
import stat
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from assistant.following import Done, orphans, sync_once
from assistant.opening import added_folder
from assistant.settings import SAMPLE
from index.library import ArticleIndex
from index.sources.source import Collection, source_of
from index.types import Article, Progress
from index.writing import writing
from page import adding, words
from page.adding import adding_routes, take_up
from page.guard import Guard

STORY = "The old bridge was closed on Friday.\n\nNobody knows for how long it will stay closed."
PAGE = (
    "<html><head><title>Mill burns down</title></head>"
    f"<body><article><p>{STORY * 4}</p></article></body></html>"
)


class Reader:
    """Someone who sends things to be added to an index, and reads what comes back."""

    def __init__(self, index: ArticleIndex) -> None:
        self.index = index
        self.app = Starlette(routes=[*adding_routes(index, index.home)])

    def send(self, form: str, content: object, **query: str) -> httpx.Response:
        return asyncio.run(self.sending(form, content, **query))

    async def sending(self, form: str, content: object, **query: str) -> httpx.Response:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url="http://127.0.0.1"
        ) as client:
            body = content if isinstance(content, bytes | AsyncIterator) else json.dumps(content).encode()
            return await client.post("/add", params={"as": form} | query, content=body)

    def add(self, form: str, content: object, **query: str) -> dict[str, Any]:
        return lines(self.send(form, content, **query))[-1]

    @property
    def kept(self) -> list[Path]:
        folder = added_folder(self.index.home)
        return sorted(folder.iterdir()) if folder.exists() else []


def lines(reply: httpx.Response) -> list[dict[str, Any]]:
    assert reply.status_code == 200, reply.text
    return [json.loads(line) for line in reply.text.splitlines()]


@pytest.fixture
def reader(index: ArticleIndex) -> Reader:
    return Reader(index)


def nothing(stage: str, done: int, total: int | None) -> None:
    """Watch no progress."""


def test_a_pasted_text_becomes_an_article_with_what_is_said_of_it(reader: Reader) -> None:
    pasted = {"text": STORY, "title": "Bridge closed", "outlet": "Lindmar Post", "day": "2021-03-04"}
    done = reader.add("text", pasted)
    assert (done["added"], done["failures"]) == (1, [])
    article = reader.index.article(done["articles"][0]["id"])
    assert (article.text, article.title, article.outlet) == (STORY, "Bridge closed", "Lindmar Post")
    assert str(article.published_day) == "2021-03-04"
    assert words.ADDED_ONE.format(title="Bridge closed") == done["told"]
    (path,) = reader.kept
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_progress_comes_in_lines_before_what_became_of_it(reader: Reader) -> None:
    told = lines(reader.send("text", {"text": STORY}))
    assert told[0]["stage"] == "articles"
    assert {"words", "done", "total"} <= told[0].keys()
    assert told[-1]["articles"]


@pytest.mark.parametrize(
    "title",
    [
        'Bridge "closed"',
        "[Live] Bridge: closed [again]",
        "x\n---\noutlet: Forged",
        "<img src=x>",
        "../../etc",
        "…",
    ],
)
def test_a_headline_is_text_whatever_is_in_it(reader: Reader, title: str) -> None:
    done = reader.add("text", {"text": STORY, "title": title})
    article = reader.index.article(done["articles"][0]["id"])
    assert article.title == " ".join(title.split())
    assert (article.outlet, article.text) == ("", STORY)
    (path,) = reader.kept
    assert set(path.name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.")


@pytest.mark.parametrize(
    "name",
    [
        "mill.html",
        "../../mill.html",
        "/etc/mill.HTML",
        "..\\mill.html",
        ".html",
        "a\0b.html",
        "мельница.html",
    ],
)
def test_a_file_is_kept_under_a_safe_name_in_the_folder_of_the_index(reader: Reader, name: str) -> None:
    reply = reader.send("file", PAGE.encode(), name=name)
    if name == ".html":  # a hidden file without an extension
        assert (reply.status_code, reply.text) == (415, words.ADDING_KIND)
        return
    assert lines(reply)[-1]["articles"][0]["title"] == "Mill burns down"
    (path,) = reader.kept
    assert path.read_bytes() == PAGE.encode()
    assert path.parent == added_folder(reader.index.home)


def test_the_day_that_a_files_name_begins_with_still_counts(reader: Reader) -> None:
    done = reader.add("file", STORY.encode(), name="2020-06-12-bridge.txt")
    assert str(reader.index.article(done["articles"][0]["id"]).published_day) == "2020-06-12"


def test_the_same_again_is_known_and_kept_once(reader: Reader) -> None:
    first = reader.add("file", PAGE.encode(), name="mill.html")
    again = reader.add("file", PAGE.encode(), name="other.html")
    assert (again["added"], again["articles"]) == (0, first["articles"])
    assert again["told"] == words.ADDED_KNOWN.format(title="Mill burns down")
    assert len(reader.kept) == 1


def test_a_whole_text_that_is_here_already_is_known_unless_more_is_said_of_it(reader: Reader) -> None:
    text = " ".join(f"The ferry to island {number} stays in port." for number in range(9))
    first = reader.add("text", {"text": text, "title": "Ferries stay", "outlet": "Lindmar Post"})
    again = reader.add("text", {"text": f" {text}\n"})
    assert (again["added"], again["articles"]) == (0, first["articles"])
    assert again["told"] == words.ADDED_KNOWN.format(title="Ferries stay")
    assert len(reader.kept) == reader.index.coverage().articles == 1
    for more in ({"text": text, "day": "2021-03-04"}, {"text": f"{text} Until noon."}):
        assert reader.add("text", more)["added"] == 1
    assert len(reader.kept) == reader.index.coverage().articles == 3


def test_a_whole_text_that_came_another_way_is_known_too(reader: Reader) -> None:
    text = " ".join(f"The mill on river {number} burned down." for number in range(9))
    reader.index.add([Article(text, "Mills burn", outlet="Lindmar Post")])
    done = reader.add("text", {"text": text})
    assert done["told"] == words.ADDED_KNOWN.format(title="Mills burn")
    assert reader.index.article(done["articles"][0]["id"]).outlet == "Lindmar Post"
    assert (reader.kept, reader.index.coverage().articles) == ([], 1)


def test_what_gives_no_article_leaves_nothing_behind_and_says_why(reader: Reader) -> None:
    done = reader.add("file", b"<p>x", name="x.html")
    assert (done["added"], done["articles"], done["told"]) == (0, [], words.ADDING_NOTHING)
    assert "next to no text" in done["failures"][0]
    assert reader.kept == []
    assert (reader.index.failures(), reader.index.sources()) == ([], [])


@pytest.mark.parametrize(
    ("form", "content", "status", "reason"),
    [
        ("text", {"text": " \n"}, 400, words.ADDING_NO_TEXT),
        ("text", {"text": STORY, "day": "yesterday"}, 400, words.ADDING_NO_DAY),
        ("text", {"text": STORY, "place": "/etc"}, 400, words.ADDING_UNREADABLE),
        ("text", {"text": ["a"]}, 400, words.ADDING_UNREADABLE),
        ("text", {"text": STORY, "title": "x" * 1100}, 400, words.ADDING_UNREADABLE),
        ("text", b'{"text": "\\ud800"}', 400, words.ADDING_UNREADABLE),
        ("text", b"[" * 100_000, 400, words.ADDING_UNREADABLE),
        ("text", b"\xff", 400, words.ADDING_UNREADABLE),
        ("file", b" ", 400, words.ADDING_NO_FILE),
        ("folder", {"text": STORY}, 400, words.ADDING_UNREADABLE),
        ("", b"", 400, words.ADDING_UNREADABLE),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(
    reader: Reader, form: str, content: object, status: int, reason: str
) -> None:
    reply = reader.send(form, content, name="x.html")
    assert (reply.status_code, reply.text) == (status, reason)
    assert reader.kept == []
    assert reader.index.begun() == []


@pytest.mark.parametrize("name", ["x.png", "x", "", "x.py", "x.html.exe", "x.toml"])
def test_a_kind_of_file_that_is_not_read_is_not_even_kept(reader: Reader, name: str) -> None:
    reply = reader.send("file", PAGE.encode(), name=name)
    assert (reply.status_code, reply.text) == (415, words.ADDING_KIND)
    assert reader.kept == []


def test_a_body_that_grows_too_large_is_cut_off(reader: Reader) -> None:
    reader.app = Guard(reader.app, {"127.0.0.1"}, {"/add": 1000})

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield b"x" * 100

    reply = reader.send("file", pieces(), name="x.txt")
    assert (reply.status_code, reply.text) == (413, words.TOO_LARGE)


@pytest.mark.parametrize(
    "address",
    [
        "/etc/passwd",
        "articles",
        "file:///etc/passwd",
        "ftp://a.example/x",
        "http://u:p@a.example/",
        "https://",
        " ",
    ],
)
def test_what_is_no_address_of_the_web_is_refused_and_nothing_is_read(reader: Reader, address: str) -> None:
    reply = reader.send("address", {"address": address})
    assert reply.status_code == 400
    assert reply.text.startswith("That address cannot be asked")
    assert reader.index.begun() == []


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:7860/", "http://localhost/", "http://169.254.169.254/latest", "http://[::1]/"],
)
def test_an_internal_address_is_not_asked_and_leaves_nothing_behind(reader: Reader, address: str) -> None:
    done = reader.add("address", {"address": address})
    assert (done["added"], len(done["failures"])) == (0, 1)
    assert (reader.index.failures(), reader.index.sources()) == ([], [])


def test_a_refused_port_is_told_without_what_only_the_operator_can_change(reader: Reader) -> None:
    done = reader.add("address", {"address": "http://news.example:8081/"})
    (reason,) = done["failures"]
    assert reason == "only ports 80 and 443 are asked, not 8081"


def test_the_sample_gives_way_to_the_first_article_that_is_added_and_to_none_in_vain(reader: Reader) -> None:
    reader.index.sync([SAMPLE])
    reader.add("file", b"<p>x", name="x.html")
    assert reader.index.coverage().articles == 31
    done = reader.add("text", {"text": STORY})
    assert done["remarks"]
    assert reader.index.coverage().articles == 1


def test_a_later_sync_keeps_what_was_added_whatever_is_synced(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    home = tmp_path / ".dateline"
    (tmp_path / "bridge.txt").write_text(STORY.replace("bridge", "ferry"))
    with ArticleIndex.open(home, reader.index._embedding) as index:
        own = Reader(index)
        (added,) = own.add("text", {"text": STORY})["articles"]
        above = Collection((source_of("."),), described=frozenset({str(tmp_path)}))
        for collection in (above, Collection((source_of("**/*.txt"),)), Collection((source_of("."),))):
            sync_once(index, collection, nothing)
            assert index.article(added["id"]).text == STORY
        assert orphans(index, above) == [str(tmp_path / "**/*.txt")]
        assert len(own.kept) == 1
        index.doctor(rebuild=True)
        assert index.article(added["id"])


def test_one_thing_is_added_at_a_time_and_the_other_is_told(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, going_on = threading.Event(), threading.Event()
    sync = sync_once

    def slow(index: ArticleIndex, collection: Collection, progress: Progress) -> Done:
        begun.set()
        assert going_on.wait(10)
        return sync(index, collection, progress)

    monkeypatch.setattr(adding, "sync_once", slow)

    async def both() -> tuple[httpx.Response, httpx.Response]:
        first = asyncio.ensure_future(reader.sending("text", {"text": STORY}))
        assert await asyncio.to_thread(begun.wait, 10)
        second = await reader.sending("text", {"text": STORY})
        going_on.set()
        return await first, second

    first, second = asyncio.run(both())
    assert lines(first)[-1]["added"] == 1
    assert (second.status_code, second.text) == (409, words.ADDING_BUSY)
    assert reader.add("text", {"text": STORY})["added"] == 0  # and the place is free again


def test_another_writer_is_told_of_and_nothing_is_left_behind(reader: Reader) -> None:
    with writing(reader.index.home):
        assert reader.add("text", {"text": STORY}) == {"error": words.ADDING_BUSY}
    assert reader.kept == []
    assert reader.add("text", {"text": STORY})["added"] == 1


def test_a_fault_is_a_sentence_and_frees_the_place(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(adding, "sync_once", lambda *_: {}["secret"])
        assert reader.add("text", {"text": STORY}) == {"error": words.ADDING_FAULT}
    assert reader.add("text", {"text": STORY})["articles"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_reader_does_not_wait_for_ever_where_adding_is_broken_off(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken_off(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(adding, "sync_once", broken_off)
        assert lines(reader.send("text", {"text": STORY})) == []
    assert reader.add("text", {"text": STORY})["added"] == 1


def test_a_reader_who_leaves_does_not_stop_what_is_added(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = threading.Event()
    added = adding._added

    def watched(*arguments: Any) -> dict[str, object]:  # noqa: ANN401
        try:
            return added(*arguments)
        finally:
            done.set()

    monkeypatch.setattr(adding, "_added", watched)

    async def leave() -> None:
        sending = asyncio.ensure_future(reader.sending("text", {"text": STORY}))
        while not reader.kept:
            await asyncio.sleep(0)
        sending.cancel()
        assert await asyncio.to_thread(done.wait, 10)

    asyncio.run(leave())
    assert reader.index.coverage().articles == 1


def test_what_an_ending_server_interrupted_is_taken_up_at_the_next_start(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    going_on = threading.Event()

    def held(index: ArticleIndex, collection: Collection, progress: Progress) -> Done:
        assert going_on.wait(10)
        return sync_once(index, collection, progress)

    async def end() -> None:
        sending = asyncio.ensure_future(reader.sending("text", {"text": STORY}))
        while not reader.kept:
            await asyncio.sleep(0)
        sending.cancel()

    with monkeypatch.context() as patch, caplog.at_level(logging.WARNING):
        patch.setattr(adding, "sync_once", held)
        asyncio.run(end())
        (working,) = (one for one in threading.enumerate() if one.name == "adding")
        going_on.set()
        working.join(10)
    assert "ended while something was added" in caplog.text
    assert len(reader.kept) == 1
    assert reader.index.sources() == []
    (added_folder(reader.index.home) / "nothing-0123456789abcdef.html").write_text("<p>x")
    take_up(reader.index, reader.index.home, nothing)
    assert reader.index.coverage().articles == 1
    assert len(reader.kept) == 1
    before = reader.index.begun()
    take_up(reader.index, reader.index.home, nothing)
    assert reader.index.begun() == before
