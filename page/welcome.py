"""What the page says before anything was asked: what there is to ask, and questions to begin with."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.in_words import counted, day_in_words
from assistant.markup import escape
from index.fetch.addresses import without_remedy
from index.types import Coverage
from page import words


def welcome_html(coverage: Coverage, sample: bool, questions: Sequence[str] | None = ()) -> str:
    """Say what there is to ask, before anything was asked; a sample collection has invented outlets.

    `questions` to begin with are None while they are being looked for.
    """
    if not coverage.articles:
        return f"<p>{words.NO_ARTICLES}</p>"
    invented = f" {words.SAMPLE_ARTICLES}" if sample else ""
    failing = "".join(f"<p>{escape(without_remedy(source.in_words))}.</p>" for source in coverage.failing)
    looking = f'<p class="looking">{words.FINDING_BEGINNINGS}</p>' if questions is None else ""
    return f"<p>{_holds(coverage)}.{invented}</p>{failing}{looking}{_beginnings(questions or ())}"


def _holds(coverage: Coverage) -> str:
    """Say how many articles there are, of which outlets and days."""
    told = counted(coverage.articles, words.ARTICLE)
    if coverage.outlets:
        outlets = counted(len(coverage.outlets), words.OUTLET)
        told = words.ARTICLES_HERE.format(articles=told, outlets=outlets)
    undated = words.UNDATED_ARTICLES.format(count=f"{coverage.undated:,}") if coverage.undated else ""
    if not coverage.first_day or not coverage.last_day:
        return told + undated
    between = words.PUBLISHED_ON if coverage.first_day == coverage.last_day else words.PUBLISHED_BETWEEN
    published = between.format(first=day_in_words(coverage.first_day), last=day_in_words(coverage.last_day))
    if 2 * coverage.undated > coverage.articles:  # else all would seem to be of these days
        return f"{told}{undated}, {words.THE_REST.format(published=published)}"
    return f"{told}, {published}{undated}"


def _beginnings(questions: Sequence[str]) -> str:
    items = "".join(f'<li><a class="follow" href="#ask">{escape(one)}</a></li>' for one in questions)
    return f'<p>{words.BEGIN_WITH}</p><ul class="beginnings">{items}</ul>' if items else ""
