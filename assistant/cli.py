"""The command line: `dateline sync`, `forget`, `ask`, `changes`, `feedback`, `serve` and `doctor`."""

from __future__ import annotations

import io
import json
import logging
import os
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.in_words import counted
from assistant.opening import open_index
from assistant.own_errors import own_words
from assistant.progress import progress_bars
from assistant.settings import Settings
from index.types import SyncReport

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from assistant.answering import Assistant
    from assistant.following import Done

application = typer.Typer(
    help="Ask your news articles: every statement of an answer points at the exact words it rests on.",
    epilog="Begin with: dateline sync FOLDER, then: dateline ask 'Who is the foreign minister?'. "
    "The index lives in .dateline, or in the folder DATELINE_HOME names. "
    "An error that stops a command is told on standard error, with exit status 3.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

_STOPPED = 3  # the exit status of a command that an error stopped; 1 and 2 are each command's own
_NICENESS = 10  # of a sync: a page that serves beside it goes first


def _print_version(wanted: bool) -> None:
    from importlib.metadata import PackageNotFoundError, version

    if not wanted:
        return
    try:
        typer.echo(f"dateline {version('dateline')}")
    except PackageNotFoundError:
        typer.echo("dateline, from a folder that is not installed")
    raise typer.Exit


@application.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Take what stands before a command."""


@application.command()
def sync(
    places: Annotated[
        list[str] | None,
        typer.Argument(help="Folders, files, tables and addresses; none: what dateline.toml describes."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on: look at every source as often as dateline.toml says.")
    ] = False,
) -> None:
    """Bring the index up to date with its sources: what is new, changed or gone since last time.

    Run it again whenever you like; what has not changed is left alone. Interrupted, run it again.
    Exit status 0: all is in; 1: some documents could not be read, each is named with the reason; 2: none
    could; 3: an error stopped it, such as a dateline.toml that is wrong or missing, or another sync.
    """
    from assistant.following import described, follow, orphans, sync_once

    collection = described(places or [])
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    with open_index(Settings.from_environment()) as index:
        if watch:
            follow(index, places or [], lambda done: _tell_of_round(done, as_json), progress_bars)
        with progress_bars() as progress:
            done = sync_once(index, collection, progress)
        left = [] if places else orphans(index, collection)
    _tell(done, as_json)
    for root in left:
        typer.echo(shown(f"kept, though not described: {root}; dateline forget takes it out"), err=True)
    report = done.report
    if report.failed:
        raise typer.Exit(1 if report.added or report.changed or report.unchanged else 2)


def kinds(files: Sequence[str]) -> str:
    """Count files by their kind, the most frequent first.

    >>> kinds(["a/b.jpg", "a/c.css", "a/d.JPG", "a/Makefile"])
    '2 .jpg, 1 .css, 1 without an extension'
    """
    counts = Counter(PurePath(file).suffix.lower() or "without an extension" for file in files)
    return ", ".join(f"{count:,} {kind}" for kind, count in counts.most_common(10))


def _tell(done: Done, as_json: bool) -> None:
    """Print what a sync did."""
    report = done.report
    for line in done.remarks:
        typer.echo(shown(line), err=True)
    if as_json:
        typer.echo(_json(_report(report)))
        return
    for failure in report.failed:
        typer.echo(shown(f"skipped {failure.source}: {failure.reason}"), err=True)
    if report.passed_over:
        typer.echo(shown(f"passed over, as not read: {kinds(report.passed_over)}"), err=True)
    typer.echo(
        f"{len(report.added)} added, {len(report.changed)} changed, {len(report.removed)} removed, "
        f"{len(report.unchanged)} unchanged, {len(report.failed)} skipped; "
        f"{counted(done.articles, 'article')} in the index"
    )


@application.command()
def ask(
    question: Annotated[list[str], typer.Argument(help="The question, best in quotation marks.")],
    as_of: Annotated[str | None, typer.Option(help="The day it is asked on, such as 2020-06-13.")] = None,
    since: Annotated[
        str | None, typer.Option(help="Only articles published (else added) from this day on.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(help="Only articles published (else added) up to then.")
    ] = None,
    outlet: Annotated[list[str] | None, typer.Option(help="Only this outlet; may be repeated.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole answer as JSON.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print it as Markdown with sources.")] = False,
) -> None:
    """Answer a question from the articles, each statement with its source.

    "The articles do not say" is an answer like any other: the exit status is 0. Where there is no index
    yet, one is made of the sample articles.
    """
    from assistant.answering import Assistant

    with progress_bars() as progress:
        assistant = Assistant.open(progress=progress)
    with assistant.index:
        answer = assistant.answer(" ".join(question), as_of=as_of, since=since, until=until, outlets=outlet)
    if as_json:
        typer.echo(_json(answer.to_dict()))
    elif markdown:
        typer.echo(answer.to_markdown())
    else:
        from assistant.export import to_text

        typer.echo(to_text(answer))


@application.command()
def changes(
    file: Annotated[Path, typer.Argument(help="An answer that was saved: dateline ask … --json > FILE.")],
) -> None:
    """Say which articles of a saved answer were changed, corrected or removed since.

    Exit status 0: they are as they were; 1: something has changed; 2: the file is no saved answer.
    """
    from assistant.changes import changes, in_words
    from assistant.types import Answer

    try:
        answer = Answer.from_dict(json.loads(file.read_text(encoding="utf-8")))
    except ValueError as error:
        typer.echo(shown(f"{file} is no saved answer: {error}"), err=True)
        raise typer.Exit(2) from error
    with open_index(_begun()) as index:
        found = changes(answer, index)
    for change in found:
        typer.echo(shown(in_words(change)))
    if found:
        raise typer.Exit(1)
    typer.echo("every source is as it was")


@application.command()
def feedback(
    as_json: Annotated[bool, typer.Option("--json", help="Print all that was noted, as JSON.")] = False,
) -> None:
    """List what readers of the page thought of answers, the newest judgement of each, oldest first."""
    from dataclasses import asdict

    from assistant.judgements import judgements

    found = judgements(_begun().home)
    if as_json:
        typer.echo(_json([asdict(one) for one in found]))
        return
    for one in found:
        reason = f": {one.reason}" if one.reason else ""
        typer.echo(shown(f"{one.when} {'helpful' if one.helpful else 'not helpful'}{reason}"))
        typer.echo(f"  {shown(one.question)}")
    if not found:
        typer.echo("no reader has judged an answer yet")


@application.command()
def forget(
    paths: Annotated[list[str], typer.Argument(help="Files, folders and addresses that were synced.")],
) -> None:
    """Take out of the index what was read from files, folders and addresses, still there or not.

    A folder that was moved or deleted is not forgotten by itself: it may be a disk that is not there today.
    What is still there comes back with the next sync of its folder, feed or site. Exit status 1: nothing was
    read from some of them; 2: nor from any other; 3: an error stopped it.
    """
    with open_index(_begun()) as index, progress_bars() as progress:
        report = index.forget(paths, progress)
        kept = index.coverage().articles
    for failure in report.failed:
        typer.echo(shown(f"nothing was read from {failure.source}"), err=True)
    typer.echo(f"{counted(len(report.removed), 'document')} removed; {counted(kept, 'article')} in the index")
    if report.failed:
        raise typer.Exit(1 if report.removed else 2)


@application.command()
def doctor(
    rebuild: Annotated[bool, typer.Option(help="Build the derived stores anew from the catalog.")] = False,
) -> None:
    """Check the index, and say what is in it and what is wrong with it.

    What is missing or damaged is rebuilt by itself when the index is opened; --rebuild builds both stores
    anew, and embeds again if the index was made with another embedding. Sources and documents that could not
    be read are listed, and do not change the exit status. 1: a store is damaged; 3: an error stopped it.
    """
    settings = _begun()
    with open_index(settings, other_embedding=rebuild) as index, progress_bars() as progress:
        diagnosis = index.doctor(rebuild, progress)
        coverage, failures = index.coverage(), index.failures()
    days = f", {coverage.first_day} to {coverage.last_day}" if coverage.first_day else ""
    held = f"{counted(coverage.articles, 'article')}{days}, {coverage.undated:,} undated"
    typer.echo(shown(f"{settings.home}: {held}"))
    for store in diagnosis.stores:
        problem = shown(store.problem) or "healthy"
        typer.echo(f"{store.store}: {counted(store.passages, 'passage')}, {problem}")
    for failing in coverage.failing:
        typer.echo(shown(f"{failing.place} {failing.since} ({failing.reason})"))
    for failure in failures:
        typer.echo(shown(f"not in the index: {failure.source}: {failure.reason}"))
    if not diagnosis.healthy:
        raise typer.Exit(1)


@application.command()
def serve() -> None:
    """Open the chat page at 127.0.0.1:7860, or at the port that DATELINE_PORT names."""
    from page.serving import main as serve_page

    def lay_out(assistant: Assistant, port: int) -> ASGIApp:
        from ui import application  # and with it gradio, which takes seconds: only once the page is served

        return application(assistant, port)

    serve_page(lay_out)


def main() -> None:
    """Run the command line; an error is told on standard error, and the exit status is 3."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Formatter())
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # in an encoding that has no quotation marks
    try:
        application()
    except (OSError, RuntimeError, ValueError, TypeError) as error:
        if not own_words(error):
            raise
        from index.sources.collection import CollectionError

        lines = error.lines if isinstance(error, CollectionError) else (own_words(error),)
        typer.echo("\n".join(map(shown, (f"dateline: {lines[0]}", *lines[1:]))), err=True)
        sys.exit(_STOPPED)


def _begun() -> Settings:
    """Read the settings; FileNotFoundError where there is no index at what they name yet."""
    from index.catalog import CATALOG

    settings = Settings.from_environment()
    if not (settings.home / CATALOG).exists():
        raise FileNotFoundError(f"no index in {settings.home}; run: dateline sync articles/")
    return settings


def shown(text: str) -> str:
    r"""Write text on one line of a terminal: what would steer it, or end the line, is spelt out.

    >>> print(shown("news/x\x1b[2J\n2 added.txt"))
    news/x\x1b[2J\n2 added.txt
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


class _Formatter(logging.Formatter):
    """Writes a record so that no path or reason in it can pose as another; a traceback is indented."""

    def format(self, record: logging.LogRecord) -> str:
        message = record.getMessage()
        trace = super().format(record).removeprefix(message).strip().splitlines()
        return "\n  ".join(map(shown, [message, *trace]))


def _json(value: object) -> str:
    """Write JSON in which nothing steers a terminal, and that survives an encoding other than UTF-8."""
    is_utf = (sys.stdout.encoding or "").lower().startswith("utf")
    written = json.dumps(value, ensure_ascii=not is_utf, indent=2)
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in written)


def _tell_of_round(done: Done, as_json: bool) -> None:
    """Print what a round of following did, with the time; nothing, if nothing became of it."""
    report = done.report
    if as_json:
        typer.echo(_json(_report(report)))
    elif done.remarks or report.added or report.changed or report.removed or report.failed:
        typer.echo(f"{datetime.now():%Y-%m-%d %H:%M:%S}", err=True)
        _tell(done, as_json)


def _report(report: SyncReport) -> dict[str, object]:
    return {
        "added": report.added,
        "changed": report.changed,
        "removed": report.removed,
        "unchanged": report.unchanged,
        "passed_over": report.passed_over,
        "failed": [{"source": one.source, "reason": one.reason} for one in report.failed],
    }
