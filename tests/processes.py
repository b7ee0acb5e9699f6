"""The page in a process of its own, and visitors who speak with gradio's queue as its script does."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from model_server import ModelServer

from page.guard import LOCAL

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 120


class Visit:
    """A visitor's session with gradio's queue, as the page's own script has it."""

    def __init__(self, address: str) -> None:
        """Learn by which numbers the page calls its events."""
        self._client = httpx.Client(base_url=address, timeout=SECONDS)
        self._session = secrets.token_hex(6)
        events = self._client.get("/config").json()["dependencies"]
        self._numbers = {event["api_name"]: event["id"] for event in events}

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, *error: object) -> None:
        self._client.close()

    def join(self, event: str, *data: object) -> httpx.Response:
        """Let an event wait for its turn."""
        wanted = {"fn_index": self._numbers[event], "session_hash": self._session, "data": data}
        return self._client.post("/gradio_api/queue/join", json=wanted)

    @contextmanager
    def stream(self) -> Iterator[Iterator[str]]:
        """Open the stream of news about the events that wait."""
        with self._client.stream(
            "GET", "/gradio_api/queue/data", params={"session_hash": self._session}
        ) as reply:
            yield reply.iter_lines()

    @contextmanager
    def alive(self) -> Iterator[Iterator[str]]:
        """Open the stream that tells the server that the page is open, and read that it is heard."""
        with self._client.stream("GET", f"/gradio_api/heartbeat/{self._session}") as reply:
            lines = (line for line in reply.iter_lines() if line)
            assert next(lines) == "data: ALIVE"
            yield lines

    def run(self, event: str, *data: object) -> str:
        """Let an event take its turn, and give all that is told of it."""
        assert self.join(event, *data).status_code == 200
        with self.stream() as news:
            return "\n".join(news)


def asking(question: str) -> tuple[object, ...]:
    """Fill in the fields of the page: the question, what gradio keeps, no edit, the whole scope."""
    return question, None, None, "", [], "", "", ""


@contextmanager
def running(
    command: list[str], folder: Path, home: Path, port: int = 0, **environment: str
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the page in a process of its own, in a folder; the values are the process and its address."""
    if not port:
        with socket.create_server((LOCAL, 0)) as free:
            port = free.getsockname()[1]
    wanted = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(ROOT)}
    wanted |= {"DATELINE_HOME": str(home), "DATELINE_PORT": str(port), **environment}
    program = [sys.executable, *(str(ROOT / part) if part == "ui.py" else part for part in command)]
    process = subprocess.Popen(program, cwd=folder, env=wanted, stderr=subprocess.PIPE, text=True)
    try:
        yield process, f"http://{LOCAL}:{port}"
    finally:
        process.kill()
        process.communicate()


def told(process: subprocess.Popen[str], address: str) -> None:
    """Read what a process says until it names its address, where it listens by then."""
    assert process.stderr
    said = process.stderr.readline()
    assert said == f"Dateline is at {address} (Ctrl+C ends it)\n"


def stands(address: str) -> None:
    """Wait until the page stands."""
    while not httpx.get(f"{address}/starting", timeout=SECONDS).json()["ready"]:
        time.sleep(0.05)  # of another process nothing else tells


def model_at(model: ModelServer) -> dict[str, str]:
    return {"OPENAI_BASE_URL": model.url, "DATELINE_MODEL": "canned"}
