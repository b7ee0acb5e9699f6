"""What can be asked after an answer: of its articles, of other outlets, of what came later; not yet tried."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from assistant.facts import folded
from assistant.in_words import day_in_words
from assistant.suggesting.ideas import Idea, by_form, ideas, is_english, is_outlet
from assistant.suggesting.subjects import subjects
from assistant.suggesting.trials import outlets_of
from assistant.types import Answer
from index.types import Article, outlet_key
from index.words import stems

if TYPE_CHECKING:
    from index.library import ArticleIndex

_CLOSE = 3  # words in common; more make a question no better


def further(index: ArticleIndex, answer: Answer) -> Iterator[Idea]:
    """Give what can be asked after an answer: of its articles, of other outlets, of what came later."""
    if answer.abstained:
        nearest = [by_form(ideas(article)) for article in answer.nearest]
        yield from _by_closeness((idea for row in zip_longest(*nearest) for idea in row if idea), answer)
        return
    articles = [source.article for source in answer.sources if is_english(source.article)]
    told = [by_form(ideas(article)) for article in articles]
    named = _by_closeness((idea for row in zip_longest(*told) for idea in row if idea), answer)
    later = list(_beyond(index, answer, articles))
    yield from (idea for pair in zip_longest(later, named) for idea in pair if idea)


def _by_closeness(made: Iterable[Idea], answer: Answer) -> list[Idea]:
    """Put first what has words in common with the question or its answer, of these what asks for most."""
    asked, told = set(stems(answer.question)), set(stems(answer.text if answer.claims else ""))

    def closeness(idea: Idea) -> tuple[bool, bool, int]:
        words = set(stems(idea.question))
        common = min(2 * len(words & asked) + len(words & told), _CLOSE)
        return common > 0, idea.form not in ("known", "quoted"), common

    return sorted(made, key=closeness, reverse=True)


def _beyond(index: ArticleIndex, answer: Answer, articles: Sequence[Article]) -> Iterator[Idea]:
    """Ask what others report of the subject of a question, what was new of it since, and how it went on."""
    name = _subject(answer.question, articles)
    if not name:
        return
    cited = outlets_of(articles) | {outlet_key(copy.outlet) for one in answer.sources for copy in one.copies}
    for hit in index.search(answer.question, scope=answer.scope):
        other = hit.passage.article
        if outlet_key(other.outlet) not in cited and is_outlet(other.outlet):
            question = f"What does {other.outlet} report about {name}?"
            yield Idea(question, "outlets", folded(name), frozenset([other.id]))
            break
    day = max((one.published_day for one in articles if one.published_day), default=None)
    newest = index.coverage(answer.scope).last_day
    if day and newest and day < newest:
        yield Idea(f"What is new about {name} since {day_in_words(day)}?", "new", folded(name), frozenset())


def _subject(question: str, articles: Sequence[Article]) -> str:
    """Give the name that a question is about, as its articles write it; else what they are about."""
    known = [name for article in articles for name in subjects(article.title, article.text)]
    words = f" {folded(question)} "
    inside = [name for name in known if f" {folded(name.removeprefix('the '))} " in words]
    return next(iter([*inside, *known]), "")
