"""Parsers in processes of their own, with limits on time and memory: what hangs or breaks one is a reason."""

from __future__ import annotations

import logging
import os
import queue
import select
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from index import messages
from index.characters import ExtractError

SECONDS = 20.0  # until a process gives the next item
CPU_SECONDS = 10
_logger = logging.getLogger(__name__)
_IDLE_SECONDS = 50.0  # a little less than index.parsing waits
_READ = 1 << 17  # bytes
_WRITE = 1 << 12  # bytes; a pipe that is open to any takes so many
_LONGEST_LINE = 100_000_000  # bytes of a message; a table's row or a page of the largest size has 7 million
_KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "HOME", "VIRTUAL_ENV", "SYSTEMROOT")
_ENVIRONMENT = {"OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2", "ARROW_DEFAULT_MEMORY_POOL": "system"}


class Parser:
    """One process that parses. It is asked by one thread at a time."""

    def __init__(self) -> None:
        """Start it; no key of the environment goes along."""
        ours, theirs = socket.socketpair()
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        with theirs, ExitStack() as undone:
            undone.callback(ours.close)
            self._process = subprocess.Popen(
                [sys.executable, "-m", "index.parsing", str(theirs.fileno())],
                cwd=Path(__file__).resolve().parent.parent,  # so that it finds this very package
                env=kept | _ENVIRONMENT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,  # what has come is seen by `poll`, not kept in a buffer
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
            )
            undone.pop_all()
        assert self._process.stdin
        assert self._process.stdout
        self._asked, self._answers, self._files = self._process.stdin, self._process.stdout, ours
        self._come, self._rest = deque[bytes](), bytearray()  # lines that were read, and the next one's start
        self._ready = select.poll()
        self._ready.register(self._answers, select.POLLIN)
        self._open = select.poll()
        self._open.register(self._asked, select.POLLOUT)
        self._last_used = time.monotonic()

    def run(self, task: str, *arguments: object, file: BinaryIO | None = None) -> Iterator[Any]:
        """Yield what a task gives, item by item; ExtractError where it cannot, or takes too much.

        `file` is handed over as it stands, and the task reads it. After an ExtractError the process may be
        gone: `alive` tells.
        """
        self._last_used = time.monotonic()
        try:
            if file:
                socket.send_fds(self._files, [b"f"], [file.fileno()])
            self._ask(messages.written([task, arguments, file is not None]))
        except BrokenPipeError as error:
            raise ExtractError(self._how_it_ended(False)) from error
        while "end" not in (message := self._next()):
            if "log" in message:
                _logger.log(*message["log"])
            else:
                yield message["item"]
        if message["end"]:
            raise ExtractError(message["end"])

    def _ask(self, question: bytes) -> None:
        """Write a question; ExtractError where nobody reads it in time."""
        until, rest = time.monotonic() + SECONDS, memoryview(question)
        while rest:
            if not self._open.poll(max(0.0, until - time.monotonic()) * 1000):
                raise ExtractError(self._how_it_ended(True))
            rest = rest[os.write(self._asked.fileno(), rest[:_WRITE]) :]

    @property
    def alive(self) -> bool:
        """Whether it can be asked again: one that has nothing to do for long ends itself."""
        return time.monotonic() - self._last_used < _IDLE_SECONDS and self._process.poll() is None

    def close(self) -> None:
        """End it, whatever it is at."""
        self._process.kill()
        self._process.wait()
        with suppress(BrokenPipeError):  # of a question that was never read
            self._asked.close()
        self._answers.close()
        self._files.close()

    def _next(self) -> dict[str, Any]:
        if not self._come:
            self._wait()
        self._last_used = time.monotonic()
        try:
            message = messages.read(self._come.popleft())
        except messages.MessageError as error:
            raise ExtractError(self._how_it_ended(False)) from error
        if not isinstance(message, dict) or not message.keys() & {"end", "item", "log"}:
            raise ExtractError(self._how_it_ended(False))
        return message

    def _wait(self) -> None:
        """Read until there is a line; ExtractError where none comes in time, or ever."""
        until = time.monotonic() + SECONDS
        while not self._come:
            late = not self._ready.poll(max(0.0, until - time.monotonic()) * 1000)
            content = b"" if late else os.read(self._answers.fileno(), _READ)
            if not content or len(self._rest) > _LONGEST_LINE:
                raise ExtractError(self._how_it_ended(late))
            *lines, rest = content.split(b"\n")
            if lines:
                lines[0] = bytes(self._rest) + lines[0]
                self._rest.clear()
                self._come += lines
            self._rest += rest

    def _how_it_ended(self, late: bool) -> str:
        self._process.kill()
        ended = self._process.wait()
        if late:
            return f"reading it takes more than {SECONDS:.0f} seconds"
        if ended == -signal.SIGXCPU:
            return f"reading it takes more than {CPU_SECONDS} seconds of the processor"
        return "it breaks the program that reads it"


class Parsers:
    """As many processes that parse as there are cores, started when they are needed. Safe to share."""

    def __init__(self, workers: int) -> None:
        """Take how many documents are parsed at a time."""
        self.workers = workers
        self._idle: queue.LifoQueue[Parser] = queue.LifoQueue()
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="parse")

    def submit(self, task: str, *arguments: object) -> Future[list[Any]]:
        """Have a task done when there is a process for it; its items, or ExtractError."""
        return self._threads.submit(lambda: list(self.stream(task, *arguments)))

    def stream(self, task: str, *arguments: object, file: BinaryIO | None = None) -> Iterator[Any]:
        """Yield what a task gives while it is being done, as `Parser.run`; left early, its process ends."""
        parser = self._borrowed()
        whole = False
        try:
            yield from parser.run(task, *arguments, file=file)
            whole = True
        except ExtractError:
            whole = True
            raise
        finally:
            if whole and parser.alive:
                self._idle.put(parser)
            else:
                parser.close()

    def _borrowed(self) -> Parser:
        while True:
            try:
                parser = self._idle.get_nowait()
            except queue.Empty:
                return Parser()
            if parser.alive:
                return parser
            parser.close()

    def rest(self) -> None:
        """End the processes that have nothing to do; the next document has a new one."""
        with suppress(queue.Empty):
            while True:
                self._idle.get_nowait().close()


@lru_cache(maxsize=1)
def parsers() -> Parsers:
    """Give the processes that everything in this process shares; one that has nothing to do ends itself."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Parsers(cores)


if hasattr(os, "register_at_fork"):  # a fork must not write into its parent's pipes
    os.register_at_fork(after_in_child=parsers.cache_clear)
