"""Articles that readers add from the page, where the operator lets them, one thing at a time."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from assistant.following import Done, described, sync_once
from assistant.opening import added_folder
from assistant.own_errors import own_words
from index.disk import NoSpaceError
from index.fetch.addresses import without_remedy
from index.sources.document import key_of
from index.sources.folders import is_read
from index.sources.source import Collection, Source
from index.types import Progress, SyncReport
from index.writing import BusyError
from page import words
from page.sent import File, RefusedError, received, stored
from page.stage import Stage

if TYPE_CHECKING:
    from index.library import ArticleIndex
    from index.types import Article

ROUTE = "/add"
_MOST_NAMED = 20  # articles and failures in a reply; a table may hold thousands
_SAID = ("title", "outlet", "byline", "url", "published", "modified")  # of an article beside its text
_EVERY_SECONDS = 0.2  # between two lines of one stage
_logger = logging.getLogger(__name__)

Line = dict[str, object] | None  # of a reply, None after the last
Tell = Callable[[Line], None]


class _EndedError(KeyboardInterrupt):
    """The server, and its loop, have ended: what is being read is to be interrupted."""


def adding_routes(index: ArticleIndex, home: Path) -> list[Route]:
    """Give the route that adds articles to an index; what is sent is kept under `home`."""
    lock = threading.Lock()

    async def add(request: Request) -> Response:
        try:
            what = await received(request)
        except RefusedError as refused:
            return PlainTextResponse(str(refused), refused.status)
        if not lock.acquire(blocking=False):
            return PlainTextResponse(words.ADDING_BUSY, 409)
        lines: asyncio.Queue[Line] = asyncio.Queue()
        work = partial(_work, partial(_added, index, home, what), lock, _telling(lines))
        # A thread of its own goes on where the reader leaves, and does not keep a server that ends.
        try:
            threading.Thread(target=work, name="adding", daemon=True).start()
        except RuntimeError:  # this machine has no thread left
            lock.release()
            _logger.exception("nothing was added")
            return PlainTextResponse(words.ADDING_FAULT, 503)
        return StreamingResponse(_written(lines), media_type="application/x-ndjson")

    return [Route(ROUTE, add, methods=["POST"])]


def _work(add: Callable[[Progress], Line], lock: threading.Lock, tell: Tell) -> None:
    """Add something in a thread, and tell its reader of it to the end, whatever that is."""
    became: Line = None
    try:
        try:
            became = add(_throttled(tell))
        finally:
            lock.release()  # before the reader hears of it, and may add the next
            if became is not None:
                tell(became)
            tell(None)
    except _EndedError:
        _logger.warning("the page ended while something was added; a file is taken up at its start")


def _telling(lines: asyncio.Queue[Line]) -> Tell:
    """Give what puts lines into a queue of this loop from another thread; _EndedError once the loop ended."""
    loop = asyncio.get_running_loop()

    def tell(line: Line) -> None:
        try:
            loop.call_soon_threadsafe(lines.put_nowait, line)
        except RuntimeError as error:
            raise _EndedError from error

    return tell


def take_up(index: ArticleIndex, home: Path, progress: Progress) -> None:
    """Read the files whose adding was interrupted, as by the end of the server; what gives nothing goes."""
    folder, heard = added_folder(home), {state.root for state in index.sources()}
    if not folder.is_dir():
        return
    for path in sorted(path for path in folder.iterdir() if is_read(path.name)):
        source = Source(os.fspath(path), "files")
        if source.root not in heard:
            _synced(index, source, progress)


def _throttled(tell: Tell) -> Progress:
    """Tell a reader of progress, at the most a few times a second."""
    told, last = "", float("-inf")

    def progress(stage: str, done: int, total: int | None) -> None:
        nonlocal told, last
        if stage != told or done == total or time.monotonic() - last >= _EVERY_SECONDS:
            told, last = stage, time.monotonic()
            written = Stage(stage, done, total).in_words
            tell({"stage": stage, "words": written, "done": done, "total": total})

    return progress


async def _written(lines: asyncio.Queue[Line]) -> AsyncIterator[str]:
    while (line := await lines.get()) is not None:
        yield json.dumps(line) + "\n"


def _added(index: ArticleIndex, home: Path, what: File | Source, progress: Progress) -> dict[str, object]:
    """Add something, and say what became of it, or in a sentence why it could not be."""
    path: Path | None = None
    try:
        if isinstance(what, File):
            path = stored(home, what)
            what = Source(os.fspath(path), "files")
        done = _synced(index, what, progress)
        articles = index.articles_of(_documents(done)[:_MOST_NAMED])
        if path and (twin := _twin(index, done.report.added, articles)):
            index.forget([path])
            path.unlink(missing_ok=True)
            done, articles = replace(done, report=SyncReport()), [twin]
        return _told(done, articles)
    except (BusyError, NoSpaceError) as error:
        _logger.warning("nothing was added: %s", error)
        if path:
            _take_back(index, path)
        busy = isinstance(error, BusyError)
        return {"error": words.ADDING_BUSY if busy else words.ADDING_NO_SPACE}
    except Exception as error:  # the edge: a reader gets a sentence, the log the rest
        _logger.exception("adding failed")
        return {"error": own_words(error) or words.ADDING_FAULT}


def _synced(index: ArticleIndex, source: Source, progress: Progress) -> Done:
    """Sync one source; what was not known and gives no article leaves nothing behind."""
    known = _is_known(index, source.root)
    done = sync_once(index, replace(_described(), sources=(source,)), progress)
    if not known and not _documents(done):
        index.forget([source.place])
        if source.kind == "files":
            Path(source.place).unlink(missing_ok=True)
    return done


def _twin(index: ArticleIndex, added: Sequence[str], articles: Sequence[Article]) -> Article | None:
    """Give an article that was here before the one that was added, with the same text and no less said."""
    if len(added) != 1 or len(articles) != 1:
        return None
    (new,) = articles

    def says_all(old: Article) -> bool:
        said = all(getattr(new, name) in ("", None, getattr(old, name)) for name in _SAID)
        return said and old.text == new.text

    return next(filter(says_all, index.copies(new.id)), None)


def _described() -> Collection:
    """Read how the working folder's collection is fetched and its outlets are called, if there is one."""
    try:
        return described(())
    except FileNotFoundError:
        return Collection(())


def _is_known(index: ArticleIndex, root: str) -> bool:
    heard = any(state.root == root and state.succeeded for state in index.sources())
    return heard or bool(index.articles_of([root]))


def _take_back(index: ArticleIndex, path: Path) -> None:
    if not _is_known(index, key_of(os.path.realpath(path))):
        path.unlink(missing_ok=True)


def _documents(done: Done) -> tuple[str, ...]:
    return (*done.report.added, *done.report.changed, *done.report.unchanged)


def _told(done: Done, articles: Sequence[Article]) -> dict[str, object]:
    """Say what was added, in numbers, in names and in a sentence."""
    report = done.report
    new = len(report.added) + len(report.changed)
    titles = [article.title or words.ADDED_UNTITLED for article in articles]
    if new > 1:
        told = words.ADDED_MORE.format(count=f"{new:,}")
    elif titles:
        told = (words.ADDED_ONE if new else words.ADDED_KNOWN).format(title=titles[0])
    else:
        told = words.ADDING_NOTHING
    return {
        "added": new,
        "told": told,
        "articles": [{"id": one.id, "title": title} for one, title in zip(articles, titles, strict=True)],
        "failures": [without_remedy(failure.reason) for failure in report.failed[:_MOST_NAMED]],
        "remarks": list(done.remarks),
    }
