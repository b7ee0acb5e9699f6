"""The process that parses what strangers wrote: it does one task after the other, each within limits.

It is asked and answers by lines on its standard input and output (`index.messages`), and is ended by
whoever started it, by closing its input, or by the kernel at a limit.
"""

from __future__ import annotations

import logging
import os
import resource
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any, BinaryIO

from index import messages
from index.characters import ExtractError

CPU_SECONDS = 10  # from one message to the next; 205 news pages take 0.9 s at most
MEMORY_BYTES = 1_000_000_000
IDLE_SECONDS = 60.0  # after which it ends by itself
_TELL_SECONDS = 0.1  # between two times that what was found is handed on
_FILE_BYTES = 32_000_000  # of anything it writes: the bytecode of a package that was never imported


def main() -> None:
    """Do tasks until there are none: each is answered by items, one a line, and by what it ended with."""
    _limit()
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a parser prints is no message
    logging.getLogger().addHandler(_Remarks(answers))
    handed = socket.socket(fileno=int(sys.argv[1]))
    while select.select([asked], [], [], IDLE_SECONDS)[0] and (line := asked.readline()):
        name, arguments, has_file = messages.read(line)
        _allow_seconds()
        ending = _do(name, arguments, _received(handed) if has_file else None, answers)
        answers.write(messages.written({"end": ending}))
        answers.flush()


class _Remarks(logging.Handler):
    """Hands on what is logged: who asked has the log."""

    def __init__(self, answers: BinaryIO) -> None:
        super().__init__(logging.WARNING)
        self._answers = answers

    def emit(self, record: logging.LogRecord) -> None:
        """Write it between the items; what libraries murmur about a document is for who looks for faults."""
        level = record.levelno if record.name.startswith("index.") else logging.DEBUG
        self._answers.write(messages.written({"log": [level, record.getMessage()]}))


def _do(name: str, arguments: list[Any], file: BinaryIO | None, answers: BinaryIO) -> str:
    """Do one task; tell what it ended with, in words, "" where all went well."""
    try:
        told = time.monotonic()
        for item in _task(name)(*([file] if file else []), *arguments):
            answers.write(messages.written({"item": item}))
            if time.monotonic() - told > _TELL_SECONDS:
                answers.flush()
                _allow_seconds()
                told = time.monotonic()
    except ExtractError as error:
        return str(error) or "no article in it"
    except MemoryError:
        return f"it needs more than {MEMORY_BYTES // 1_000_000:,} MB of memory to be read"
    except Exception as error:  # of any kind: this is where a parser's faults end
        return f"could not be read: {type(error).__name__}: {error}"
    finally:
        if file:
            file.close()
    return ""


def _task(name: str) -> Callable[..., Iterable[object]]:
    from index.listings import feeds
    from index.sources import archives, making
    from index.tables import rows

    tasks: dict[str, Callable[..., Iterable[object]]] = {
        "articles": making.articles,
        "feeds": feeds.feeds_linked,
        "listing": making.listing,
        "records": archives.records_of_warc,
        "rows": rows.rows_of,
    }
    return tasks[name]


def _received(handed: socket.socket) -> BinaryIO:
    """Take over the file that came with a task."""
    _, numbers, _, _ = socket.recv_fds(handed, 1, 1)
    return os.fdopen(numbers[0], "rb")


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_FILE_BYTES, _FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who interrupts means the process that asked


def _allow_seconds() -> None:
    """Let the next message take so many seconds of the processor, beyond what is used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + 1 + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.getrlimit(resource.RLIMIT_CPU)[1]))


if __name__ == "__main__":
    main()
