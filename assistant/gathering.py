"""What an answer is made from: one report of each story, each outlet alike, and who else has the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from assistant.asked import Asked
from assistant.types import Answer, Source
from index.language import language_of
from index.passages import sentences
from index.types import Article, Found, Hit, Passage, Scope

if TYPE_CHECKING:
    from index.library import ArticleIndex

_PASSAGES = 10  # passages read for one answer
_WIDE_PASSAGES = 40  # for how something developed
_SPARE_PASSAGES = 6  # in the place of copies
_LEAST_PASSAGES = 3  # of each outlet, where several are asked
_EDITED_COPIES = 3  # of one passage, that are read for what they say otherwise


def gathered_widely(index: ArticleIndex, topic: str, asked: Asked) -> list[Hit]:
    """Find the passages on a topic, from its beginning to its end: one report of each story."""
    return independent(index, index.search(topic, _WIDE_PASSAGES, asked.scope))


def gathered(index: ArticleIndex, asked: Asked, today: date) -> Found:
    """Find passages: one report of each story, or of each outlet alike where several are asked."""
    scope = replace(asked.scope, as_of=asked.scope.as_of or today) if asked.is_of_now else asked.scope
    if len(scope.outlets) > 1:
        share = max(_LEAST_PASSAGES, _PASSAGES // len(scope.outlets))
        scopes = [replace(scope, outlets=(outlet,)) for outlet in scope.outlets]
        return index.find(asked.words, share, *scopes, about=asked.about)
    found = index.find(asked.words, _PASSAGES + _SPARE_PASSAGES, scope, about=asked.about)
    return replace(found, hits=tuple(independent(index, found.hits)[:_PASSAGES]))


def independent(index: ArticleIndex, hits: Sequence[Hit]) -> list[Hit]:
    """Leave out the copies of an article that comes first."""
    copied: set[str] = set()
    kept: dict[str, None] = {}
    for hit in hits:
        article = hit.passage.article.id
        if article not in kept and article not in copied:
            kept[article] = None
            copied |= {copy.id for copy in index.copies(article)}
    return [hit for hit in hits if hit.passage.article.id in kept]


def with_copies(index: ArticleIndex, source: Source, answer: Answer) -> Source:
    """Add to a source the other articles of its story that the answer could have cited in its place."""
    cited = {one.article.id for one in answer.sources}
    copies = index.copies(source.article.id)
    return replace(source, copies=tuple(c for c in copies if c.id not in cited and answer.scope.holds(c)))


def with_edited_copies(index: ArticleIndex, hits: Sequence[Hit], scope: Scope) -> list[Hit]:
    """Add to passages the copies of their articles that do not have every sentence of them as it stands.

    An answer needs one report of a story only, but a copy may have another figure.
    """
    found, known = [*hits], {hit.passage.article.id for hit in hits}
    for hit in hits:
        copies = (copy for copy in index.copies(hit.passage.article.id) if copy.id not in known)
        edited = [copy for copy in copies if scope.holds(copy) and not _has_all(copy, hit.passage)]
        known |= {copy.id for copy in edited[:_EDITED_COPIES]}
        found += [Hit(_whole(copy), hit.score) for copy in edited[:_EDITED_COPIES]]
    return found


def _has_all(copy: Article, passage: Passage) -> bool:
    return all(passage.article.text[start:end] in copy.text for start, end in passage.sentences)


def _whole(article: Article) -> Passage:
    spans = sentences(article.text, article.language or language_of(article.text))
    return Passage(article, 0, len(article.text), tuple(spans))
