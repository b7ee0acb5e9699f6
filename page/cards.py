"""The articles beneath an answer as cards: its sources with their copies, or those that come nearest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from assistant.in_words import (
    counted,
    day_in_words,
    genre_in_words,
    outlet_in_words,
)
from assistant.origins import date_origin
from assistant.types import Answer, Source
from index.corrections import corrections
from index.stories import fingerprints, is_copy
from index.types import Article
from page import words
from page.citing import Links, escaped, shortened, title_in_words

_NOTE_CHARACTERS = 300
_COPIES_NAMED = 12


def sources_html(answer: Answer, links: Links) -> str:
    """Write the sources of an answer as cards, under how many they are and how many of them independent."""
    if not answer.sources:
        return ""
    held = counted(len(answer.sources), words.SOURCE)
    if len(answer.sources) > 1:
        held = words.SOURCES.format(sources=held, independent=_independent(answer.sources))
    heading = f'<p class="heading">{escaped(held)}</p>'
    cards = "".join(_source(source, links) for source in answer.sources)
    return f'<div class="sources">{heading}<ul class="cards">{cards}</ul></div>'


def nearest_html(answer: Answer, links: Links) -> str:
    """Write the articles that come nearest where none answers as cards."""
    if not answer.nearest:
        return ""
    cards = "".join(f'<li class="card">{_head(article, links)}</li>' for article in answer.nearest)
    heading = f'<p class="heading">{escaped(words.NEAREST)}</p>'
    return f'<div class="nearest">{heading}<ul class="cards">{cards}</ul></div>'


def _source(source: Source, links: Links) -> str:
    head = _head(source.article, links, source.number)
    return f'<li class="card">{head}{_correction(source.article, links)}{_copies(source, links)}</li>'


def _head(article: Article, links: Links, number: int | None = None) -> str:
    """Write the link that names an article, and beneath it what kind it is and where its day was read."""
    shown = "" if number is None else f'<span class="number">&#91;{number}&#93;</span> '
    outlet = f'<bdi class="outlet">{escaped(outlet_in_words(article))}</bdi>'
    who = f'<span class="who">{outlet}, {_days(article)}</span>'
    title = f'<bdi class="title">{escaped(title_in_words(article))}</bdi>'
    where = links.address(article, links.spans(article)[:1])
    link = f'<a class="cite" href="{where}">{shown}{who}<span class="spoken">: </span>{title}</a>'
    labels = "".join(f'<span class="label">{escaped(label)}</span> ' for label in _labels(article))
    origin = date_origin(article)
    details = labels + (f'<span class="origin">{escaped(origin)}</span>' if origin else "")
    return link + (f'<p class="details" dir="auto">{details.strip()}</p>' if details else "")


def _days(article: Article) -> str:
    day = article.published_day
    return escaped(day_in_words(day) if day else words.UNDATED)


def _labels(article: Article) -> Iterable[str]:
    day = article.written_day
    if kind := genre_in_words(article):
        yield kind
    if day and day != article.published_day:
        yield words.CHANGED.format(day=day_in_words(day))
    if corrections(article):
        yield words.CORRECTED


def _correction(article: Article, links: Links) -> str:
    """Write what an article corrects, the first note that the answer does not quote itself."""
    quoted = links.spans(article)
    for start, end in corrections(article):
        if not any(start < one.end and one.start < end for one in quoted):
            note = shortened(article.text[start:end], _NOTE_CHARACTERS)
            return f'<blockquote class="correction" dir="auto">{escaped(note)}</blockquote>'
    return ""


def _copies(source: Source, links: Links) -> str:
    """Say who else has the report of a source, each with a link that opens it."""
    if not source.copies:
        return ""
    count = words.ONE_REPORT.format(articles=counted(len(source.copies) + 1, words.ARTICLE))
    shown = ", ".join(_copy(copy, links) for copy in source.copies[:_COPIES_NAMED])
    left = len(source.copies) - _COPIES_NAMED
    more = f" {escaped(words.AND_MORE.format(count=left))}" if left > 0 else ""
    return f'<p class="copies" dir="auto">{escaped(count)} {escaped(words.ALSO_IN)} {shown}{more}</p>'


def _copy(article: Article, links: Links) -> str:
    name = outlet_in_words(article) if article.outlet else title_in_words(article)
    day = f'<span class="spoken">, {_days(article)}</span>'
    return f'<a class="cite" href="{links.address(article)}"><bdi>{escaped(name)}</bdi>{day}</a>'


def _independent(sources: Sequence[Source]) -> int:
    """Count the sources, those that are copies of one report once."""
    groups: list[list[Source]] = []
    for source in sources:
        own = [group for group in groups if any(_is_one_report(source, other) for other in group)]
        groups = [group for group in groups if group not in own] + [[source, *(o for g in own for o in g)]]
    return len(groups)


def _is_one_report(one: Source, other: Source) -> bool:
    shared = {copy.id for copy in one.copies} & {copy.id for copy in other.copies} if one.copies else ()
    mine, others = _runs(one.article.text), _runs(other.article.text)
    return bool(shared) or (not mine.isdisjoint(others) and is_copy(one.article, other.article))


@lru_cache(maxsize=256)  # an answer is drawn anew with every piece that comes of it
def _runs(text: str) -> frozenset[int]:
    return frozenset(fingerprints(text).tolist())
