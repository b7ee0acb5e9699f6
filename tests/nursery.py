"""Children that are killed: forked from a process that has imported everything, so each starts at once."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any, BinaryIO

import chromadb  # noqa: F401 - imported before forking, because it takes most of a second
import tantivy  # noqa: F401
from storing import HashEmbedding, article, state, word, write

import index.extract  # noqa: F401
from index import library, parsing
from index.characters import ExtractError
from index.disk import NoSpaceError
from index.library import ArticleIndex
from index.stores import cutter


class Here:
    """Parses in this very process: what is killed here is what writes a store."""

    workers = 1

    def submit(self, task: str, *arguments: object) -> Future[list[Any]]:
        done: Future[list[Any]] = Future()
        try:
            done.set_result(list(self.stream(task, *arguments)))
        except ExtractError as error:
            done.set_exception(error)
        return done

    def stream(self, task: str, *arguments: object, file: BinaryIO | None = None) -> Iterator[Any]:
        yield from parsing._task(task)(*([file] if file else []), *arguments)


FINISHED, KILLED = 0, -signal.SIGKILL

os.environ["TOKENIZERS_PARALLELISM"] = "false"  # threads of the parent would not be there in a child
cutter(HashEmbedding())(article(1))  # loads what cutting needs


def child(function: Callable[..., None], *arguments: object, kill_after_seconds: float | None = None) -> int:
    """Run a function in a child of its own; give how it ended. What it raises ends this process too."""
    pid = os.fork()
    if pid == 0:
        try:
            library.parsers = Here  # type: ignore[assignment]
            function(*arguments)
            os._exit(FINISHED)
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)
    if kill_after_seconds is not None:
        time.sleep(kill_after_seconds)
        os.kill(pid, signal.SIGKILL)
    ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert ended != 1, "the child raised"
    return ended


def say(found: object) -> None:
    """Tell the test that runs this."""
    sys.stdout.write(json.dumps(found))
    sys.stdout.flush()


class Newsroom:
    """A folder of documents that changes, and the index of it."""

    def __init__(self, work: Path, documents: int, seed: int = 0) -> None:
        self.random = random.Random(seed)
        self.work, self.home, self.news, self.acks = work, work / "home", work / "news", work / "acks"
        self.editions = dict.fromkeys(range(1, documents + 1), 1)
        for number in self.editions:
            write(self.news, number)

    def open(self, home: Path | None = None) -> ArticleIndex:
        return ArticleIndex.open(home or self.home, HashEmbedding())

    def change(self) -> None:
        """Edit a document, take one away, add one: few enough for a copy at first, and too many later."""
        edited, gone = self.random.sample(sorted(self.editions), 2)
        self.editions[edited] += 1
        write(self.news, edited, self.editions[edited])
        del self.editions[gone]
        (self.news / f"{gone:04}.jsonl").unlink()
        new = max(self.editions) + 1
        self.editions[new] = 1
        write(self.news, new)

    def sync(self) -> None:
        """Sync, and write down what was said to be done as soon as it is said."""
        self.acks.unlink(missing_ok=True)
        acks = os.open(self.acks, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        with self.open() as opened:
            waiting = len(opened._catalog.vectors.pending())
            os.write(acks, f"opened {waiting}\n".encode())
            opened.sync([self.news], lambda stage, done, _: os.write(acks, f"{stage} {done}\n".encode()))  # type: ignore[func-returns-value]
        os.write(acks, b"finished 0\n")

    def acknowledged(self) -> dict[str, int]:
        lines = self.acks.read_text().split("\n")[:-1] if self.acks.exists() else []
        return {stage: int(done) for stage, done in (line.split() for line in lines)}

    def check(self) -> None:
        """Nothing acknowledged is lost, every store is whole, and search is right."""
        said = self.acknowledged()
        with self.open() as opened:
            catalog = opened._catalog
            assert catalog.problems() == []
            assert opened._stores.problems() == ("", "")
            done = sorted(self.editions)[: said.get("articles", 0)]
            for number in done:
                assert opened.article(article(number).id).text == article(number, self.editions[number]).text
            if "vectors" in said:
                assert catalog.vectors.pending() == []
            for number in self.random.sample(done, min(3, len(done))):
                best = opened.search(f"Where was {word(number)} seen?", 1)[0].passage
                assert best.article.text == article(number, self.editions[number]).text
                assert best.text in best.article.text

    def compare(self) -> None:
        """After one more sync all is as if nothing had ever been interrupted."""
        shutil.rmtree(self.work / "calm", ignore_errors=True)
        with self.open() as opened, self.open(self.work / "calm") as calm:
            opened.sync([self.news])
            calm.sync([self.news])
            mine, theirs = state(opened), state(calm)
            for name in theirs:
                if name != "history":  # the calm one has not seen the older versions
                    assert mine[name] == theirs[name], name
            questions = [
                f"Where was {word(number)} seen in the capital?" for number in sorted(self.editions)[::7]
            ]
            for question in questions:
                assert opened.search(question, 1)[0].passage.text == calm.search(question, 1)[0].passage.text


def kill_at_random(work: Path, kills: int, documents: int, seed: int) -> None:
    """Kill syncs at random moments until so many were hit; print what they were at."""
    room = Newsroom(work, documents, seed)
    started = time.monotonic()
    child(room.sync)
    first_seconds = time.monotonic() - started
    room.change()
    started = time.monotonic()
    child(room.sync)
    later_seconds = time.monotonic() - started
    hit: list[str] = []
    while len(hit) < kills:
        if room.random.random() < 0.3:
            shutil.rmtree(room.home)
            seconds = first_seconds
        else:
            room.change()
            seconds = later_seconds
        room.acks.unlink(missing_ok=True)  # the child may be killed before it does so, and they are outdated
        ended = child(room.sync, kill_after_seconds=room.random.uniform(0, seconds))
        if ended == KILLED:
            hit.append(" ".join(map(str, next(reversed(room.acknowledged().items()), ("nothing",)))))
        child(room.check)
    child(room.compare)
    say(hit)


def kill_at_every_step(work: Path, documents: int) -> None:
    """Kill a sync before its first, its second, … call that changes the disk; print how many there are."""
    room = Newsroom(work, documents)
    child(room.sync)
    shutil.copytree(room.home, work / "base")
    room.change()
    last = 1
    while child(_sync_until, room, last) != FINISHED:
        child(room.check)
        if last % 10 == 1:
            child(room.compare)
        shutil.rmtree(room.home)
        shutil.copytree(work / "base", room.home)
        last += 1
    say(last)


def _sync_until(room: Newsroom, last: int) -> None:
    steps = 0

    def killing(function: Callable[..., object]) -> Callable[..., object]:
        def killed(*arguments: object, **others: object) -> object:
            nonlocal steps
            steps += 1
            if steps == last:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*arguments, **others)

        return killed

    for name in ("fsync", "replace"):
        setattr(os, name, killing(getattr(os, name)))
    room.sync()


def fill_the_disk(work: Path, documents: int, limit: Callable[[bool], None], full_at: str) -> None:
    """Let a sync run out of room at a stage, say what is said, and check that it can be gone on with."""
    room = Newsroom(work, documents)

    def progress(stage: str, done: int, total: int | None) -> None:
        if stage == full_at and done == 0:
            limit(True)

    def full() -> None:
        with room.open() as opened:
            opened.sync([room.news])
            asked = f"Where was {word(3)} seen?"
            before = opened.search(asked, 1)[0].passage.text
            for number in range(1000, 1000 + documents):
                write(room.news, number)
                room.editions[number] = 1
            if full_at == "articles":
                limit(True)
            try:
                opened.sync([room.news], progress)
                say("it fitted")
            except NoSpaceError as error:
                say(str(error))
            assert opened.search(asked, 1)[0].passage.text == before
            assert opened.coverage().articles >= documents
            limit(False)
            opened.sync([room.news])
        room.acks.write_text(f"articles {len(room.editions)}\nvectors 1\n")
        room.check()
        room.compare()

    child(full)


def file_size_limit(size: int) -> Callable[[bool], None]:
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    return lambda on: resource.setrlimit(resource.RLIMIT_FSIZE, (size if on else hard, hard))


def ballast(folder: Path) -> Callable[[bool], None]:
    """Fill a small disk to its last page, and free it again."""

    def limit(on: bool) -> None:
        path = folder / "ballast"
        if not on:
            path.unlink()
            return
        with path.open("wb", buffering=0) as file:
            while shutil.disk_usage(folder).free:
                file.write(bytes(4096))

    return limit


def read_while_another_writes(work: Path, documents: int, readers: int) -> None:
    """Let processes search all the time while one syncs again and again; print how often they did."""
    room = Newsroom(work, documents)
    child(room.sync)
    keep = sorted(room.editions)[:5]
    stop = work / "stop"

    def read(number: int) -> None:
        asked = 0
        with room.open() as opened:
            while not stop.exists():
                wanted = keep[asked % len(keep)]
                best = opened.search(f"Where was {word(wanted)} seen?", 1)[0].passage
                assert word(wanted) in best.text
                asked += 1
        (work / f"asked {number}").write_text(str(asked))

    pids = []
    for number in range(readers):
        pid = os.fork()
        if pid == 0:
            try:
                read(number)
                os._exit(0)
            except BaseException:
                traceback.print_exc()
                sys.stderr.flush()
                os._exit(1)
        pids.append(pid)
    for _ in range(2):
        for number in keep:
            room.editions.pop(number, None)
        room.change()
        for number in keep:
            room.editions[number] = 1
        child(room.sync)
    stop.touch()
    assert [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids] == [0] * readers
    say([int((work / f"asked {number}").read_text()) for number in range(readers)])
