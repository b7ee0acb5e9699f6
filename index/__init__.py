"""Articles in, ranked passages out. Knows nothing of models that write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from index.types import Article, Failure, Hit, Passage, Scope, SyncReport

if TYPE_CHECKING:
    from index.library import ArticleIndex
    from index.sources.reading import read_articles

__all__ = [
    "Article",
    "ArticleIndex",
    "Failure",
    "Hit",
    "Passage",
    "Scope",
    "SyncReport",
    "read_articles",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - what a module attribute is
    """Import what is heavy when it is first asked for."""
    if name == "ArticleIndex":
        from index.library import ArticleIndex

        return ArticleIndex
    if name == "read_articles":
        from index.sources.reading import read_articles

        return read_articles
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
