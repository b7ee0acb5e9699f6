from __future__ import annotations

import re
import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from model_server import serving as model_serving
from model_server import stalling
from processes import SECONDS, Visit, asking, model_at, running, stands, told
from starlette.applications import Starlette

from assistant.answering import Assistant
from assistant.model import Model
from page import words
from page.guard import LOCAL
from page.serving import PortError, listen, main

OWN = "Why did the summit of number {} in Hanoi end early?"  # each visitor's
COMMANDS = [
    ["ui.py"],
    ["-c", "import sys; sys.argv[1:] = ['serve']; import assistant.cli; assistant.cli.main()"],
]


def test_a_busy_port_is_named_with_the_way_out() -> None:
    with socket.socket() as taken:
        taken.bind((LOCAL, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortError, match=rf"port {port} .* is taken .*such as DATELINE_PORT={port + 1}$"):
            listen(port)
    with pytest.raises(PortError, match=r"port 70000 .* cannot be used"):
        listen(70000)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_whose_port_is_taken_says_so_in_a_line_and_ends_with_its_status(
    command: list[str], tmp_path: Path
) -> None:
    with socket.create_server((LOCAL, 0)) as taken:
        port = taken.getsockname()[1]
        with running(command, tmp_path, tmp_path / "home", port) as (process, _):
            _, errors = process.communicate(timeout=SECONDS)
    assert process.returncode == 3
    (told,) = errors.splitlines()
    assert told.startswith(f"dateline: port {port} of {LOCAL} is taken by another program; ")
    assert "DATELINE_PORT" in told


def test_a_port_that_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_PORT", "http")
    with pytest.raises(ValueError, match="DATELINE_PORT is 'http'"):
        main(lambda assistant, port: Starlette())


def test_the_model_is_prepared_once_the_page_is_there(
    sample: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = []

    def prepare(model: Model) -> None:
        done.append(model.name)
        signal.raise_signal(signal.SIGINT)  # which ends the server

    def lay_out(assistant: Assistant, port: int) -> Starlette:
        done.append("page")
        return Starlette()

    with socket.create_server((LOCAL, 0)) as free:
        port = free.getsockname()[1]
    wanted = {"DATELINE_HOME": str(sample.index.home), "DATELINE_PORT": str(port), "DATELINE_MODEL": "canned"}
    for name, value in {**wanted, "OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(Model, "prepare", prepare)
    main(lay_out)
    assert done == ["page", "canned"]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_cannot_open_the_page_says_why_and_ends_with_its_status(
    command: list[str], tmp_path: Path
) -> None:
    (tmp_path / "dateline.toml").write_text("[[source]]\npath = 'nowhere'\n")
    with running(command, tmp_path, tmp_path / "home") as (process, _):
        _, errors = process.communicate(timeout=SECONDS)
    assert process.returncode == 3
    assert "dateline: " in errors
    assert "nowhere" in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize("command", COMMANDS)
def test_the_first_visitor_is_shown_the_start_and_then_the_page(
    command: list[str], sample: Assistant, tmp_path: Path
) -> None:
    with running(command, tmp_path, sample.index.home) as (process, address):
        told(process, address)
        first = httpx.get(address, timeout=SECONDS)
        assert first.status_code == 503
        assert words.STARTING in first.text
        stands(address)
        assert "#masthead" in httpx.get(address, timeout=SECONDS).text
        process.send_signal(signal.SIGINT)
        assert process.wait(SECONDS) == 0


def test_the_end_of_the_server_ends_what_it_streams_and_shows_no_traceback(
    sample: Assistant, tmp_path: Path
) -> None:
    with (
        model_serving(stalling) as model,
        running(["ui.py"], tmp_path, sample.index.home, **model_at(model)) as (process, address),
    ):
        told(process, address)
        stands(address)
        with Visit(address) as visit, visit.alive() as heart:
            visit.run("ask", *asking("Why did the Hanoi summit end early?"))
            visit.join("answer", None, None)
            with visit.stream() as news:
                for line in news:
                    if "The summit in Hanoi" in line:
                        break
                process.send_signal(signal.SIGINT)
                assert all(line == "" or line.startswith("data: ") for line in news)  # to a proper end
            assert set(heart) <= {"data: ALIVE"}  # to its end, and no further word
        _, errors = process.communicate(timeout=SECONDS)
    assert process.returncode == 0
    assert errors == ""


def test_twenty_visitors_at_once_are_each_given_their_own_answer(sample: Assistant, tmp_path: Path) -> None:
    with running(["ui.py"], tmp_path, sample.index.home) as (process, address):
        told(process, address)
        stands(address)

        def visited(number: int) -> str:
            with Visit(address) as visit:
                for event, data in (("welcome", ()), ("tell", ([], "", "", ""))):
                    visit.run(event, *data)
                return visit.run("ask", *asking(OWN.format(number))) + visit.run("answer", None, None)

        with ThreadPoolExecutor(20) as visitors:
            news = list(visitors.map(visited, range(20)))
    for number, own in enumerate(news):
        assert "process_completed" in own
        assert "record" in own  # which stands in a finished answer only
        assert set(re.findall(r"number (\d+) in Hanoi", own)) == {str(number)}
