"""Opening the index that the settings name, made of the sample articles where there is none yet."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from assistant.settings import OPENAI, SAMPLE, Settings
from index.types import Progress

if TYPE_CHECKING:
    from index.library import ArticleIndex

_logger = logging.getLogger(__name__)


class NoArticlesError(RuntimeError):
    """There is nothing to answer from, and no sample collection to begin with."""


def open_index(settings: Settings, *, other_embedding: bool = False) -> ArticleIndex:
    """Open the index at `settings.home`, or make an empty one; raises what `ArticleIndex.open` does."""
    from index.library import ArticleIndex

    if not settings.embed_model:
        return ArticleIndex.open(settings.home, other_embedding=other_embedding)
    from index.embeddings import EndpointEmbedding

    embedding = EndpointEmbedding(settings.embed_model, settings.base_url or OPENAI, settings.api_key)
    return ArticleIndex.open(settings.home, embedding, other_embedding=other_embedding)


def holds_sample_only(index: ArticleIndex) -> bool:
    """Tell whether an index holds nothing but the sample articles that it was made of by itself."""
    return set(index.begun()) == {(str(SAMPLE),)}


def open_filled(settings: Settings, progress: Progress | None = None) -> ArticleIndex:
    """Open the index; where there is none, first make one of the sample articles, and say so in the log.

    NoArticlesError where there is neither; the index's own errors otherwise.
    """
    index = open_index(settings)
    try:
        # An interrupted start is taken up again; what a user has put in, or taken out, is left alone.
        if index.coverage().last_sync is None and set(index.begun()) <= {(str(SAMPLE),)}:
            if not SAMPLE.is_dir():
                raise NoArticlesError(f"no articles in {settings.home}; run: dateline sync FOLDER")
            _logger.warning("no index in %s yet: making one of the sample articles", settings.home)
            index.sync([SAMPLE], progress)
    except BaseException:
        index.close()
        raise
    return index
