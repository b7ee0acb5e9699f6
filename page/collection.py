"""The collection as HTML for its dialog: what there is to read, what cannot be read, lists and a search."""

from __future__ import annotations

import calendar
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from assistant.in_words import day_in_words, genre_in_words
from assistant.question import QuestionError
from index.database import CatalogError
from index.stores import EmbeddingMismatchError
from index.types import Coverage, Failure, Scope, outlet_key
from page import words
from page.citing import shortened
from page.histogram import histogram
from page.looking import BadQueryError, Query, query
from page.shell import template

if TYPE_CHECKING:
    from index.contents import Entry, OutletCount
    from index.library import ArticleIndex

_A_PAGE = 20  # articles
_MOST_FOUND = 100  # passages that a search takes its articles from
_OUTLETS_SHOWN, _FAILURES_SHOWN = 40, 20
_OPENING_CHARACTERS = 220
_SECONDS = 60, 3600, 86400  # in a minute, an hour, a day
_logger = logging.getLogger(__name__)


def collection_routes(index: ArticleIndex) -> list[BaseRoute]:
    """Give the routes on which the collection is looked through.

    They reply with fragments of HTML; 400 and a reason to a query that nothing can be shown for, 503 while
    the index cannot be read.
    """
    shown = (("/collection", overview_html), ("/articles", articles_html))
    return [Route(path, _replying(index, html)) for path, html in shown]


def _replying(
    index: ArticleIndex, html: Callable[[ArticleIndex, Query], str]
) -> Callable[[Request], Response]:
    def reply(request: Request) -> Response:
        try:
            made: Response = HTMLResponse(html(index, query(request.query_params)))
        except (BadQueryError, QuestionError) as error:
            made = PlainTextResponse(str(error), 400)
        except (CatalogError, EmbeddingMismatchError):
            _logger.exception("the collection was not shown")
            made = PlainTextResponse(words.COLLECTION_UNREADABLE, 503)
        made.headers["cache-control"] = "no-store"
        return made

    return reply


# What there is


def overview_html(index: ArticleIndex, query: Query) -> str:
    """Sum up the collection: what it holds, bars by day, its outlets, and what could not be read."""
    every, around = index.coverage(), _around(query.scope)
    failing = {state.root for state in every.failing}
    failures = [one for one in index.failures() if one.source not in failing]
    days = index.contents.days(around)
    counts = index.contents.outlets(replace(query.scope, outlets=()))
    outlets = _outlets(counts, query.scope)
    drawn = histogram(days.counts, around.since, around.until)
    return template(
        "overview",
        every=every,
        summary=_summary(every),
        synced=every.last_sync and _moment(every.last_sync),
        ago=every.last_sync and _ago(datetime.now(timezone.utc) - every.last_sync),
        inside=query.where,
        drawn=drawn,
        bars=[(bar, words.BAR.format(days=bar.days, articles=articles_in_words(bar.articles)))
              for bar in drawn.bars],
        most=articles_in_words(max((bar.articles for bar in drawn.bars), default=0)),
        chosen=(query.scope.since, query.scope.until),
        outlets=outlets,
        more_outlets=len(counts) - len(outlets),
        failing=[state.in_words for state in every.failing],
        failures=[_named(one) for one in failures[:_FAILURES_SHOWN]],
        more_failures=len(failures[_FAILURES_SHOWN:]),
    )  # fmt: skip


def _around(scope: Scope) -> Scope:
    """Widen one day to its month, so that a bar that was chosen keeps its neighbours."""
    if not scope.since or scope.since != scope.until:
        return scope
    last = calendar.monthrange(scope.since.year, scope.since.month)[1]
    return replace(scope, since=scope.since.replace(day=1), until=scope.since.replace(day=last))


def _summary(coverage: Coverage) -> list[str]:
    told = [
        articles_in_words(coverage.articles),
        _many(coverage.stories, words.ONE_STORY, words.MANY_STORIES),
        _many(len(coverage.outlets), words.ONE_OUTLET, words.MANY_OUTLETS),
    ]
    if coverage.first_day and coverage.last_day:
        between = words.PUBLISHED_ON if coverage.first_day == coverage.last_day else words.PUBLISHED_BETWEEN
        days = {"first": day_in_words(coverage.first_day), "last": day_in_words(coverage.last_day)}
        told.append(between.format(**days))
    return [*told, words.COUNT_UNDATED.format(count=f"{coverage.undated:,}")] if coverage.undated else told


def _outlets(counts: list[OutletCount], scope: Scope) -> list[tuple[OutletCount, bool]]:
    """List the outlets with the most articles, and those that are chosen."""
    chosen = {outlet_key(name) for name in scope.outlets}
    marked = [(one, outlet_key(one.outlet) in chosen) for one in counts]
    return [*marked[:_OUTLETS_SHOWN], *(one for one in marked[_OUTLETS_SHOWN:] if one[1])]


def _named(failure: Failure) -> tuple[str, str]:
    """Name a document and why it failed; what follows a question mark in an address may be a key."""
    is_address = failure.source.startswith(("http://", "https://"))
    return failure.source.partition("?")[0] if is_address else failure.source, failure.reason


def _moment(moment: datetime) -> str:
    return f"{day_in_words(moment.date())}, {moment:%H:%M} UTC"


def _ago(passed: timedelta) -> str:
    """Say how long ago something was.

    >>> _ago(timedelta(hours=3)), _ago(timedelta(seconds=-5))
    ('3 hours ago', 'just now')
    """
    minute, hour, day = _SECONDS
    seconds = int(passed.total_seconds())
    if seconds < minute:
        return words.JUST_NOW
    if seconds < hour:
        return _many(seconds // minute, words.ONE_MINUTE_AGO, words.MINUTES_AGO)
    if seconds < day:
        return _many(seconds // hour, words.ONE_HOUR_AGO, words.HOURS_AGO)
    return _many(seconds // day, words.ONE_DAY_AGO, words.DAYS_AGO)


# Its articles


def articles_html(index: ArticleIndex, query: Query) -> str:
    """List articles newest first, or those nearest to some words, a page of them."""
    skipped = (query.page - 1) * _A_PAGE
    if query.words:
        hits = index.search(query.words, _MOST_FOUND, query.scope)
        ids = list(dict.fromkeys(hit.passage.article.id for hit in hits))
        entries, total = index.contents.named(ids[skipped : skipped + _A_PAGE]), len(ids)
    else:
        entries = index.contents.entries(query.scope, _A_PAGE, skipped)
        total = sum(one.articles for one in index.contents.outlets(query.scope))
    return template(
        "articles",
        told=_told(query, total),
        items=[(one, _labels(one), shortened(one.article.text, _OPENING_CHARACTERS)) for one in entries],
        next_page=query.page + 1 if skipped + _A_PAGE < total else 0,
        first_page=query.page == 1,
        day_in_words=day_in_words,
    )


def _told(query: Query, total: int) -> str:
    """Say what is listed, or that there is nothing and where that was looked for."""
    where = query.where
    if total and (query.page - 1) * _A_PAGE >= total:
        return words.NO_MORE_ARTICLES
    if query.words:
        found = (words.NEAREST_FIRST_IN, words.NEAREST_FIRST)
        said = found if total else (words.NOTHING_FOUND_IN, words.NOTHING_FOUND)
        return said[not where].format(words=query.words, scope=where)
    if total:
        return words.NEWEST_FIRST.format(articles=articles_in_words(total))
    return words.NOTHING_HERE.format(scope=where) if where else words.NO_ARTICLES


def _labels(entry: Entry) -> list[str]:
    """Say what a reader should know of an article before opening it."""
    kind = genre_in_words(entry.article)
    told = [kind] if kind else []
    if entry.corrected:
        told.append(words.CORRECTED)
    return [*told, _many(entry.copies, words.ONE_COPY, words.MANY_COPIES)] if entry.copies else told


def articles_in_words(count: int) -> str:
    """Say how many articles.

    >>> articles_in_words(1), articles_in_words(1024)
    ('1 article', '1,024 articles')
    """
    return _many(count, words.ONE_ARTICLE, words.MANY_ARTICLES)


def _many(count: int, one: str, many: str) -> str:
    return (one if count == 1 else many).format(count=f"{count:,}")
