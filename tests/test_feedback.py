from __future__ import annotations

import asyncio
import json
import resource
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from filelock import FileLock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sample_answers import ABSTAINED, FULL, HANOI, HARBOUR, MERIDIAN, UNDATED
from starlette.applications import Starlette

from assistant import judgements as noting
from assistant.judgements import FILE, FeedbackError, judgements, note
from assistant.types import Turn
from index.library import ArticleIndex
from page.feedback import feedback_routes, judgement
from page.kept import kept

TURN = Turn("Why did it end?", FULL)


@pytest.fixture
def held(index: ArticleIndex) -> ArticleIndex:
    index.add([HARBOUR, MERIDIAN, UNDATED])
    return index


def post(index: ArticleIndex, home: Path, **body: object) -> httpx.Response:
    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(Starlette(routes=feedback_routes(home, index)))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.post("/feedback", json=body)

    return asyncio.run(asked())


def test_a_judgement_is_noted_with_what_it_takes_to_look_into_it(held: ArticleIndex, tmp_path: Path) -> None:
    assert post(held, tmp_path, kept=kept(TURN), helpful=False, reason=" Not what I meant. \n").is_success
    (line,) = (tmp_path / FILE).read_text(encoding="utf-8").splitlines()
    noted = json.loads(line)
    assert noted["question"] == "Why did it end?"
    assert noted["answer"] == FULL.text
    assert (noted["helpful"], noted["reason"], noted["model"]) == (False, "Not what I meant.", "")
    assert noted["scope"].startswith("as of 14 June 2020")
    assert noted["sources"][1] == "Meridian Wire, 13 June 2020: A lunch that never was (articles/lunch.txt)"
    assert noted["when"].endswith("+00:00")


def test_the_newest_judgement_of_an_answer_counts(held: ArticleIndex, tmp_path: Path) -> None:
    for helpful, turn in [(True, TURN), (True, Turn("How much?", ABSTAINED)), (False, TURN)]:
        assert post(held, tmp_path, kept=kept(turn), helpful=helpful).is_success
    found = judgements(tmp_path)
    assert [(one.question, one.helpful) for one in found] == [
        ("How much?", True),
        ("Why did it end?", False),
    ]
    assert judgements(tmp_path / "nowhere") == []


def test_a_long_text_is_noted_cut_and_said_to_be(tmp_path: Path) -> None:
    long = replace(ABSTAINED, text="x" * 90_000, model="m" * 90_000)
    note(tmp_path, judgement(Turn("q" * 90_000, long), True, ""))
    (noted,) = judgements(tmp_path)
    assert noted.answer == "x" * 20_000 + " … (cut: 90,000 characters)"
    assert (tmp_path / FILE).stat().st_size < 70_000


def test_a_line_that_is_no_judgement_is_named(tmp_path: Path) -> None:
    note(tmp_path, judgement(TURN, True, ""))
    with (tmp_path / FILE).open("a") as file:
        file.write("{}\n")
    with pytest.raises(ValueError, match=r"feedback\.jsonl, line 2"):
        judgements(tmp_path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(st.text(max_size=1000))
def test_whatever_the_reason_is_it_takes_one_line(tmp_path: Path, reason: str) -> None:
    (tmp_path / FILE).unlink(missing_ok=True)
    note(tmp_path, judgement(Turn(reason, HANOI), True, reason))
    assert (tmp_path / FILE).read_bytes().count(b"\n") == 1
    assert judgements(tmp_path)[0].reason == reason.strip()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kept": "x", "helpful": True},
        {"kept": kept(TURN), "helpful": "yes"},
        {"kept": kept(TURN), "helpful": 1},
        {"kept": kept(TURN), "helpful": True, "reason": "x" * 1001},
        {"kept": kept(TURN), "helpful": True, "more": 1},
        {"kept": [], "helpful": True},
    ],
)
def test_what_is_no_judgement_is_refused_and_not_noted(
    held: ArticleIndex, tmp_path: Path, body: dict[str, object]
) -> None:
    reply = post(held, tmp_path, **body)
    assert reply.status_code == 400
    assert reply.headers["content-type"].startswith("text/plain")
    assert not (tmp_path / FILE).exists()


def test_a_full_file_says_so_and_stays_as_it_is(
    held: ArticleIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(noting, "LIMIT_BYTES", 3000)
    while (reply := post(held, tmp_path, kept=kept(TURN), helpful=True)).is_success:
        before = (tmp_path / FILE).read_bytes()
    assert reply.status_code == 507
    assert "feedback.jsonl" in reply.text
    assert (tmp_path / FILE).read_bytes() == before
    assert len(before) <= 3000


@pytest.fixture
def _no_room() -> Iterator[None]:
    """Let no file grow past 2 kB in this process, as a full disk would."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("_no_room")
def test_a_full_disk_is_told_in_words_and_leaves_whole_lines(tmp_path: Path) -> None:
    note(tmp_path, judgement(TURN, True, ""))
    with pytest.raises(FeedbackError, match="could not be noted"):
        note(tmp_path, judgement(TURN, False, "x" * 1000))
    assert [one.helpful for one in judgements(tmp_path)] == [True]


def test_a_home_that_is_no_folder_is_told_in_words(held: ArticleIndex, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    reply = post(held, tmp_path / "file", kept=kept(TURN), helpful=True)
    assert reply.status_code == 507
    assert reply.text.startswith("It could not be noted (")


def test_a_file_that_another_program_holds_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(noting, "_WAIT_SECONDS", 0.05)
    with FileLock(tmp_path / f"{FILE}.lock"), pytest.raises(FeedbackError, match="another program holds"):
        note(tmp_path, judgement(replace(TURN, question="Why?"), True, ""))
