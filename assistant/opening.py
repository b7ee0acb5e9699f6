"""Opening the index that the settings name, made of the sample articles where there is none yet."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.settings import OPENAI, SAMPLE, Settings
from index.sources.document import COLLECTION, key_of
from index.types import Progress, SyncReport, silent

if TYPE_CHECKING:
    from index.library import ArticleIndex
    from index.sources.source import Collection

_MOST_TOLD = 3  # reasons for which nothing could be read; the log has all
_logger = logging.getLogger(__name__)


class NoArticlesError(RuntimeError):
    """There is nothing to answer from: no sample collection, or nothing that is described could be read."""


def open_index(settings: Settings, *, other_embedding: bool = False) -> ArticleIndex:
    """Open the index at `settings.home`, or make an empty one; raises what `ArticleIndex.open` does."""
    from index.library import ArticleIndex

    if not settings.embed_model:
        return ArticleIndex.open(settings.home, other_embedding=other_embedding)
    from index.embeddings import EndpointEmbedding

    embedding = EndpointEmbedding(settings.embed_model, settings.base_url or OPENAI, settings.api_key)
    return ArticleIndex.open(settings.home, embedding, other_embedding=other_embedding)


def added_folder(home: Path) -> Path:
    """Name the folder for what readers add from the page; it is the index's own, whatever is synced."""
    return home / "added"


def is_added(home: Path, root: str) -> bool:
    """Tell whether a source is a file that a reader added from the page."""
    return root.startswith(f"{key_of(os.path.realpath(added_folder(home)))}/")


def holds_sample_only(index: ArticleIndex) -> bool:
    """Tell whether an index holds nothing but the sample articles that it was made of by itself.

    What was read to its end counts, so that what could not be added changes nothing; an index of an older
    Dateline tells by what was ever begun.
    """
    begun = set(index.begun())
    if (str(SAMPLE),) not in begun or ("add",) in begun:
        return False
    return len(begun) == 1 or [state.root for state in index.sources()] == [str(SAMPLE)]


def open_filled(settings: Settings, progress: Progress | None = None) -> ArticleIndex:
    """Open the index; where there is none, first make one, and say so in the log.

    It is made of what the dateline.toml of the working folder describes, else of the sample articles.
    NoArticlesError where there is neither, or nothing of it can be read; CollectionError where it is wrong;
    the index's own errors otherwise.
    """
    index = open_index(settings)
    try:
        if Path(COLLECTION).exists():
            _fill_as_described(index, progress)
        # An interrupted start is taken up again; what a user has put in, or taken out, is left alone.
        elif index.coverage().last_sync is None and set(index.begun()) <= {(str(SAMPLE),)}:
            if not SAMPLE.is_dir():
                raise NoArticlesError(f"no articles in {settings.home}; run: dateline sync FOLDER")
            _logger.warning("no index in %s yet: making one of the sample articles", settings.home)
            index.sync([SAMPLE], progress)
    except BaseException:
        index.close()
        raise
    return index


def _fill_as_described(index: ArticleIndex, progress: Progress | None) -> None:
    """Sync what is described, unless something was synced or begun that is not of it."""
    from assistant.following import described, sync_once

    coverage = index.coverage()
    if coverage.articles and coverage.last_sync is not None:
        return
    collection = described(())
    if not _is_untouched(index, collection):
        return
    _logger.warning("no index in %s yet: making one of what %s describes", index.home, COLLECTION)
    done = sync_once(index, collection, progress or silent)
    for failure in done.report.failed:
        _logger.warning("skipped %s: %s", failure.source, failure.reason)
    if not done.articles:
        raise NoArticlesError(_nothing_read(done.report))


def _is_untouched(index: ArticleIndex, collection: Collection) -> bool:
    """Tell whether nothing was begun but the sample articles, or sources that are described."""
    roots = {source.root for source in collection.sources} | {str(SAMPLE)}
    return all(roots.issuperset(begun) for begun in index.begun())


def _nothing_read(report: SyncReport) -> str:
    """Say that nothing was read, and the first reasons."""
    told = [f"{one.source}: {one.reason}" for one in report.failed[:_MOST_TOLD]]
    more = len(report.failed) - len(told)
    reasons = "; ".join(told + ([f"and {more:,} more"] if more else [])) or "it holds no articles"
    return f"nothing of what {COLLECTION} describes could be read ({reasons})"
