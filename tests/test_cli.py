from __future__ import annotations

import fcntl
import json
import os
import re
import signal
import struct
import subprocess
import sys
import termios
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.answering import Assistant
from assistant.judgements import Judgement, note
from index.library import ArticleIndex

ROOT = Path(__file__).resolve().parent.parent
ARTICLE = "The ferry to Arran sank on Monday.\n\nNobody was hurt, the owner said."


def started(home: Path, *arguments: object, **others: str) -> dict[str, Any]:
    """How to run a command, for subprocess."""
    environment = {"DATELINE_HOME": str(home), "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "COLUMNS": "200"}
    environment |= others
    return {
        "args": [sys.executable, "-c", "from assistant.cli import main; main()", *map(str, arguments)],
        "env": os.environ | environment,
        "text": True,
    }


def dateline(home: Path, *arguments: object, **others: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(**started(home, *arguments, **others), capture_output=True, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "news"
    made.mkdir()
    (made / "ferry.txt").write_text(ARTICLE, encoding="utf-8")
    return made


def test_sync_reports_what_was_skipped_and_why_and_ends_with_one(tmp_path: Path, folder: Path) -> None:
    (folder / "empty.txt").write_bytes(b"")
    done = dateline(tmp_path / "home", "sync", folder)
    assert done.returncode == 1
    assert "1 added, 0 changed, 0 removed, 0 unchanged, 1 skipped; 1 article in the index" in done.stdout
    assert f"skipped {folder}/empty.txt: " in done.stderr
    assert "Traceback" not in done.stderr
    again = dateline(tmp_path / "home", "sync", folder, "--json")
    assert json.loads(again.stdout)["unchanged"] == [f"{folder}/ferry.txt"]


def test_sync_of_nothing_that_is_there_ends_with_two(tmp_path: Path) -> None:
    done = dateline(tmp_path / "home", "sync", tmp_path / "nowhere")
    assert done.returncode == 2
    assert done.stderr == f"skipped {tmp_path}/nowhere: no such file or folder\n"


@pytest.mark.parametrize("command", ["sync", "forget"])
def test_an_empty_path_is_not_the_working_folder(sample: Assistant, command: str) -> None:
    done = dateline(sample.settings.home, command, "")
    assert done.returncode == 3
    assert done.stderr == "dateline: a path is empty; write . for the working folder\n"


def test_ask_prints_text_json_or_markdown(tmp_path: Path, folder: Path) -> None:
    home, question = tmp_path / "home", "When did the ferry to Arran sink?"
    assert dateline(home, "sync", folder).returncode == 0
    text = dateline(home, "ask", question)
    assert text.stdout.startswith("Unknown outlet, undated: “The ferry to Arran sank on Monday.” [1]\n")
    answer = json.loads(dateline(home, "ask", question, "--json").stdout)
    assert answer["question"] == question
    assert "## Sources" in dateline(home, "ask", question, "--markdown").stdout


def test_not_answering_is_no_error(tmp_path: Path, folder: Path) -> None:
    assert dateline(tmp_path / "home", "sync", folder).returncode == 0
    done = dateline(tmp_path / "home", "ask", "Who is the king of Spain?")
    assert done.returncode == 0
    assert done.stdout.startswith("The articles do not say")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ask", ""], "the question is empty"),
        (
            ["ask", "Who?", "--since", "yesterday"],
            "since is 'yesterday': no such day; write one as 2020-06-12",
        ),
        (["ask", "Who?", "--since", "2020-02-02", "--until", "2020-01-01"], "is after until"),
        (["ask", "Who?", "--outlet", os.fsdecode(b"\xff")], r"outlet '\udcff' holds characters that are no"),
    ],
)
def test_a_fault_is_one_clear_line(sample: Assistant, arguments: list[str], message: str) -> None:
    done = dateline(sample.settings.home, *arguments)
    assert done.returncode == 3
    assert message in done.stderr
    assert done.stderr.strip().count("\n") == 0


def test_an_interrupted_sync_says_that_it_can_be_gone_on_with(tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    for number in range(3000):
        (tmp_path / "news" / f"{number}.txt").write_text(f"{number}. {ARTICLE}", encoding="utf-8")
    screen, end = os.openpty()
    fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("4H", 24, 100, 0, 0))
    command = started(tmp_path / "home", "sync", tmp_path / "news")
    # A shell that runs the tests in the background has its children ignore the signal.
    listening = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}
    with subprocess.Popen(**command, **listening, stderr=end) as child:
        os.close(end)
        told = b""
        while not re.search(rb"reading: [1-9]", told):
            told += os.read(screen, 1000)
        child.send_signal(signal.SIGINT)
        while more := _read(screen):
            told += more
    os.close(screen)
    assert child.returncode == 130
    assert b"\ninterrupted; what was done is saved, and the same command goes on from here\r\n" in told
    assert b"Traceback" not in told


def _read(screen: int) -> bytes:
    try:
        return os.read(screen, 1000)
    except OSError:  # how Linux says that nobody writes to it any more
        return b""


def test_bars_are_for_a_terminal_only(tmp_path: Path, folder: Path) -> None:
    assert dateline(tmp_path / "home", "sync", folder).stderr == ""


def test_doctor_says_what_is_there_and_rebuilds(tmp_path: Path, folder: Path) -> None:
    home = tmp_path / "home"
    missing = dateline(home, "doctor")
    assert missing.returncode == 3
    assert f"no index in {home}; run: dateline sync" in missing.stderr
    dateline(home, "sync", folder)
    done = dateline(home, "doctor", "--rebuild")
    assert done.returncode == 0
    assert "1 article, 1 undated" in done.stdout
    assert done.stdout.count("healthy") == 3


@pytest.mark.parametrize("command", [["doctor"], ["forget", "news"]])
def test_no_index_is_made_in_a_folder_that_is_there_but_empty(tmp_path: Path, command: list[str]) -> None:
    done = dateline(tmp_path, *command)
    assert done.returncode == 3
    assert f"no index in {tmp_path}; run: dateline sync" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_feedback_lists_the_newest_judgement_of_each_answer_and_steers_no_terminal(
    tmp_path: Path, folder: Path
) -> None:
    home = tmp_path / "home"
    assert "no index" in dateline(home, "feedback").stderr
    dateline(home, "sync", folder)
    assert dateline(home, "feedback").stdout == "no reader has judged an answer yet\n"
    judged = Judgement("2020-06-12T10:00:00+00:00", "a", "Why\x1b[2J?", "", "It sank.", (), "", True, "")
    for one in (judged, replace(judged, helpful=False, reason="Too\nlong")):
        note(home, one)
    told = dateline(home, "feedback")
    assert told.stdout.splitlines() == ["2020-06-12T10:00:00+00:00 not helpful: Too\\nlong", "  Why\\x1b[2J?"]
    (noted,) = json.loads(dateline(home, "feedback", "--json").stdout)
    assert (noted["question"], noted["answer"], noted["helpful"]) == ("Why\x1b[2J?", "It sank.", False)


def test_doctor_lists_documents_that_could_not_be_read(tmp_path: Path, folder: Path) -> None:
    (folder / "empty.txt").write_bytes(b"")
    dateline(tmp_path / "home", "sync", folder)
    assert "not in the index" in dateline(tmp_path / "home", "doctor").stdout


def test_a_second_writer_is_told_who_writes(tmp_path: Path, folder: Path) -> None:
    home = tmp_path / "home"
    with ArticleIndex.open(home) as index:

        def meanwhile(stage: str, done: int, total: int | None) -> None:
            if stage == "words" and not refused:
                refused.append(dateline(home, "sync", folder))

        refused: list[subprocess.CompletedProcess[str]] = []
        index.sync([folder], meanwhile)
    assert refused[0].returncode == 3
    assert str(os.getpid()) in refused[0].stderr


@pytest.mark.parametrize("command", [[], ["sync"], ["forget"], ["ask"], ["doctor"], ["serve"]])
def test_help_teaches_without_an_index(tmp_path: Path, command: list[str]) -> None:
    done = dateline(tmp_path / "home", *command, "--help")
    assert done.returncode == 0
    assert len(done.stdout) > 200
    assert not (tmp_path / "home").exists()


def test_forget_takes_out_what_was_synced(tmp_path: Path, folder: Path) -> None:
    home = tmp_path / "home"
    dateline(home, "sync", folder)
    assert dateline(home, "forget", folder).stdout == "1 document removed; 0 articles in the index\n"
    again = dateline(home, "forget", folder)
    assert again.returncode == 2
    assert again.stderr == f"nothing was read from {folder}\n"


def test_forget_names_each_path_that_nothing_was_read_from(tmp_path: Path, folder: Path) -> None:
    dateline(tmp_path / "home", "sync", folder)
    done = dateline(tmp_path / "home", "forget", folder, "/tmp/nope", folder / "ferry.txt")
    assert done.returncode == 1
    assert done.stdout == "1 document removed; 0 articles in the index\n"
    assert done.stderr == "nothing was read from /tmp/nope\n"


def test_the_version_is_told(tmp_path: Path) -> None:
    done = dateline(tmp_path / "home", "--version")
    assert (done.returncode, done.stdout.split()[0].rstrip(",")) == (0, "dateline")
    assert not (tmp_path / "home").exists()


def test_a_file_name_cannot_steer_the_terminal_or_forge_a_line(tmp_path: Path, folder: Path) -> None:
    (folder / "x\x1b]0;y\x07\n2 added, fine.txt").write_bytes(b"\0\0")
    done = dateline(tmp_path / "home", "sync", folder)
    assert "\x1b" not in done.stderr
    assert not any(line.startswith("2 added") for line in done.stderr.splitlines())


def test_what_is_logged_of_a_file_cannot_steer_the_terminal_or_forge_a_line(
    tmp_path: Path, folder: Path
) -> None:
    row = {"text": ARTICLE, "date": "soon", "updated": "soon"}
    (folder / "x\x1b]0;y\x07\x9b2J\n2 added, fine.jsonl").write_text(json.dumps(row))
    done = dateline(tmp_path / "home", "sync", folder)
    (first, second) = done.stderr.splitlines()
    assert r"/x\x1b]0;y\x07\x9b2J\n2 added, fine.jsonl, row 1: published: not a date" in first
    assert r"/x\x1b]0;y\x07\x9b2J\n2 added, fine.jsonl, row 1: modified: not a date" in second
    told = dateline(tmp_path / "home", "sync", folder, "--json").stdout
    assert "\x9b" not in told
    assert any("\x9b2J\n2 added" in key for key in json.loads(told)["unchanged"])


def test_a_traceback_in_the_log_is_indented_and_cannot_steer_the_terminal() -> None:
    program = "import logging, assistant.cli as cli; cli.application = lambda: "
    program += "logging.exception('a\\nb', exc_info=ValueError('c\\x1b[2J\\n2 added')); cli.main()"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stderr.splitlines() == [r"a\nb", r"  ValueError: c\x1b[2J", "  2 added"]


def test_an_answer_is_printed_in_any_encoding(tmp_path: Path, folder: Path) -> None:
    assert dateline(tmp_path / "home", "sync", folder).returncode == 0
    question = ["ask", "When did the ferry to Arran sink?"]
    done = dateline(tmp_path / "home", *question, PYTHONIOENCODING="latin-1")
    assert ": ?The ferry to Arran sank on Monday.? [1]\n" in done.stdout
    record = dateline(tmp_path / "home", *question, "--json", PYTHONIOENCODING="latin-1")
    assert "“The ferry" in json.loads(record.stdout)["text"]


def test_what_is_wrong_with_a_description_is_told_a_line_each(tmp_path: Path) -> None:
    forged = "2 added\\u2028dateline: all is well\\u001b[2J"
    text = f'[[source]]\npath = "a"\n"x{forged}" = 1\n[[source]]\npath = 3\n'
    (tmp_path / "dateline.toml").write_text(text)
    command = started(tmp_path / "home", "sync")
    done = subprocess.run(**command, cwd=tmp_path, capture_output=True, check=False)
    first, unknown, number = done.stderr.splitlines()
    assert first == "dateline: dateline.toml: 2 things are wrong"
    assert unknown.startswith('- source 1 (path = "a"): unknown name "x2 added�dateline: all is well�[2J"')
    assert number.startswith('- source 2, "path": must be text in quotes')
    assert done.returncode == 3


def test_an_error_of_one_line_stays_one(tmp_path: Path) -> None:
    (tmp_path / "no\nindex").mkdir()
    done = dateline(tmp_path / "no\nindex", "doctor")
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
