"""An article as HTML: its words, those that are cited marked, and the days that "yesterday" means in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from assistant.in_words import dateline, day_in_words
from assistant.markup import escape
from assistant.origins import date_origin
from assistant.types import Citation
from index.times import TimeExpression, meant_days
from index.types import Article, web_address

_PARAGRAPH = re.compile(r".+?(?:\n\s*\n\s*|\Z)", re.DOTALL)
_LINE = re.compile(r".+?(?:\n\s*|\Z)", re.DOTALL)


def article_html(article: Article, spans: Iterable[Citation] = (), chosen: Sequence[Citation] = ()) -> str:
    """Write an article for the reader, with the words of `spans` marked and those of `chosen` stronger."""
    name = article.source.replace("\\", "/").rsplit("/", 1)[-1]
    address = web_address(article.url)
    link = f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">Original article</a>'
    where = link if address else f"From the file {escape(name)}" if name else ""
    told = dateline(article)  # which names the author of an opinion
    byline = "" if article.byline and article.byline in told else article.byline
    details = [escape(told), escape(byline), escape(date_origin(article)), where]
    title = escape(article.title or article.label)
    return (
        f'<h2 dir="auto">{title}</h2>'
        f'<p class="details">{" · ".join(f"<bdi>{detail}</bdi>" for detail in details if detail)}</p>'
        f'<div class="body">{_body(article, [*spans], chosen)}</div>'
    )


def _body(article: Article, spans: Sequence[Citation], chosen: Sequence[Citation]) -> str:
    """Write the article's characters, each once and in order, so that what is marked is what was quoted."""
    text, days = article.text, _days(article)
    parts = _PARAGRAPH if re.search(r"\n\s*\n", text.strip()) else _LINE
    return "".join(
        f'<p dir="auto">{_marked(text, part.start(), part.end(), spans, chosen, days)}</p>'
        for part in parts.finditer(text)
    )


def _days(article: Article) -> list[TimeExpression]:
    """Find the words that mean a day which they do not say: "yesterday", "on Friday", "12 June"."""
    return [
        one
        for one in meant_days(article.text, article.spoken_day)
        if str(one.interval.first.year) not in article.text[one.start : one.end]
    ]


def _marked(
    text: str, start: int, end: int, spans: Sequence[Citation], chosen: Sequence[Citation],
    days: Sequence[TimeExpression],
) -> str:  # fmt: skip
    inside = [one for one in days if start <= one.start < end]
    edges = {edge for span in (*spans, *chosen) for edge in (span.start, span.end)}
    edges |= {edge for day in inside for edge in (day.start, day.end)}
    cuts = sorted({start, end} | {edge for edge in edges if start < edge < end})
    return "".join(_piece(text[a:b], a, b, spans, chosen, inside) for a, b in pairwise(cuts))


def _piece(
    words: str, start: int, end: int, spans: Sequence[Citation], chosen: Sequence[Citation],
    days: Sequence[TimeExpression],
) -> str:  # fmt: skip
    html = escape(words)
    meant = next((one.interval.first for one in days if one.start <= start and end <= one.end), None)
    if meant:
        html = f'<span class="day" title="{day_in_words(meant)}">{html}</span>'
    for kind, citations in (("chosen", chosen), ("cited", spans)):
        if any(span.start <= start and end <= span.end for span in citations):
            return f'<mark class="{kind}">{html}</mark>'
    return html
