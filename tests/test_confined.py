from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index import confined, extract, messages, parsing
from index.characters import ExtractError
from index.confined import Parser, Parsers, parsers
from index.sources import making
from index.sources.document import Document
from index.types import Article

STORY = b"The old bridge was closed on Friday.\n\nNobody knows for how long it will stay closed.\n"


def text(name: str, content: bytes = STORY) -> Document:
    return Document(f"/news/{name}", "/news", ".txt", content)


def test_an_article_comes_back_as_it_was_made() -> None:
    ((name, made),) = parsers().submit("articles", text("2020-06-12-bridge.txt")).result()
    assert name == ""
    assert [("", made)] == list(making.articles(text("2020-06-12-bridge.txt")))
    assert isinstance(made, Article)


def test_a_reason_comes_back_in_words_and_the_process_goes_on() -> None:
    alone = Parsers(1)
    with pytest.raises(ExtractError, match="binary, not text"):
        alone.submit("articles", text("picture.txt", b"\x89PNG\r\n\x1a\n\x00\x00")).result()
    (process,) = alone._idle.queue
    assert alone.submit("articles", text("bridge.txt")).result()[0][1].text
    assert list(alone._idle.queue) == [process]
    process.close()


def test_what_a_parser_raises_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def deep(*_: object, **__: object) -> Article:
        raise RecursionError("too deep")

    monkeypatch.setattr(extract, "article_from_text", deep)
    assert parsing._do("articles", [text("deep.txt")], None, io.BytesIO()) == (
        "could not be read: RecursionError: too deep"
    )


def test_what_is_no_text_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extract, "article_from_text", lambda *_, **__: Article("a \ud800 b"))
    with pytest.raises(ExtractError, match="lone surrogates"):
        list(making.articles(text("odd.txt")))


def test_a_process_that_dies_is_a_reason_and_the_next_document_has_another() -> None:
    parser = Parser()
    os.kill(parser._process.pid, signal.SIGSEGV)
    parser._process.wait()
    with pytest.raises(ExtractError, match="it breaks the program that reads it"):
        list(parser.run("articles", text("bridge.txt")))
    assert not parser.alive
    parser.close()


def test_one_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined, "SECONDS", 0.5)
    parser = Parser()
    os.kill(parser._process.pid, signal.SIGSTOP)
    began = time.monotonic()
    with pytest.raises(ExtractError, match="reading it takes more than 0 seconds"):
        list(parser.run("articles", text("bridge.txt")))
    assert time.monotonic() - began < 5
    assert not parser.alive
    parser.close()


def test_the_kernel_ends_one_that_takes_too_much_of_the_processor() -> None:
    program = (
        "from index import parsing; parsing.CPU_SECONDS = 0; parsing._limit(); parsing._allow_seconds()\n"
        "while True: pass"
    )
    done = subprocess.run([sys.executable, "-c", program], timeout=20, check=False)
    assert done.returncode == -signal.SIGXCPU


def test_memory_beyond_the_limit_is_a_reason() -> None:
    program = (
        "import io; from index import parsing; from index.sources import making; parsing._limit()\n"
        "making._made = lambda document: bytearray(2_000_000_000)\n"
        "from index.sources.document import Document\n"
        "print(parsing._do('articles', [Document('a', 'a', '.txt', b'')], None, io.BytesIO()))"
    )
    done = subprocess.run([sys.executable, "-c", program], timeout=20, check=True, capture_output=True)
    assert done.stdout.decode().strip() == "it needs more than 1,000 MB of memory to be read"


def test_no_key_of_the_environment_goes_along(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "canary-key")
    parser = Parser()
    environment = Path(f"/proc/{parser._process.pid}/environ")
    if not environment.exists():
        parser.close()
        pytest.skip("this system does not show the environment of a process")
    assert b"canary" not in environment.read_bytes()
    parser.close()


def test_a_file_is_handed_over_and_read_where_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "One story."}\n{"text": "Another story."}\n')
    with path.open("rb") as file:
        rows = list(parsers().stream("rows", ".jsonl", {}, file=file))
    assert [row.number for row in rows] == [1, 2]


def test_a_stream_that_is_left_early_ends_its_process(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "One story."}\n' * 10_000)
    alone = Parsers(1)
    with path.open("rb") as file:
        stream = alone.stream("rows", ".jsonl", {}, file=file)
        next(stream)
        stream.close()
    assert alone._idle.empty()


def test_a_message_of_another_noun_is_refused() -> None:
    with pytest.raises(messages.MessageError):
        messages.read(b'{"\\u0000": "Popen", "args": "true"}')
    with pytest.raises(messages.MessageError):
        messages.read(b'{"\\u0000": "Article", "text": "words", "published": "yesterday"}')
    with pytest.raises(TypeError, match="set is nothing that is sent"):
        messages.written({"words"})


def test_a_fork_does_not_ask_its_parents_processes() -> None:
    list(parsers().stream("articles", text("bridge.txt")))
    before = parsers()
    pid = os.fork()
    if pid == 0:
        os._exit(0 if parsers() is not before else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
