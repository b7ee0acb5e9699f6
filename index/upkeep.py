"""An index kept in order: the embedding it was made with, and what another Dateline or writer left behind."""

from __future__ import annotations

import logging
from pathlib import Path

from index.catalog import Catalog
from index.disk import NoSpaceError
from index.embed import Embedding, EmbeddingError
from index.generations import BuildError
from index.stores import FORMAT, EmbeddingMismatchError, Stores, adopt
from index.types import Progress, silent
from index.writing import BusyError, writing

_logger = logging.getLogger(__name__)


def check_embedding(home: Path, catalog: Catalog, embedding: Embedding) -> None:
    """Raise EmbeddingMismatchError where an index was made with another embedding."""
    made, mine = catalog.identity, embedding.identity
    if made != mine:
        raise EmbeddingMismatchError(
            f"{home} was made with the embedding {made}, and this is {mine}; use that one "
            "(DATELINE_EMBED_MODEL), or embed all articles anew with: dateline doctor --rebuild"
        )


def is_cut_otherwise(catalog: Catalog, embedding: Embedding) -> bool:
    """Tell whether the articles were cut into passages by another Dateline, for this embedding."""
    return catalog.identity == embedding.identity and catalog.cut_format != FORMAT


def make_ready(home: Path, stores: Stores, embedding: Embedding, other_embedding: bool) -> None:
    """Replace what is missing, damaged, behind or of an older making, if nobody else is writing.

    What an embedding does wrong is raised, unless the index is about to be changed over.
    """
    problems = [problem for problem in stores.problems() if problem]
    if is_cut_otherwise(stores.catalog, embedding):
        problems.append(f"{home} was cut into passages by another Dateline")
    if stores.catalog.stories.is_behind:
        problems.append(f"{home} holds articles not compared with the others yet")
    if not problems:
        return
    try:
        with writing(home):
            _logger.info("rebuilding from the catalog: %s", "; ".join(problems))
            mend(stores, embedding, silent)
    except BusyError as error:  # and who is writing will mend it
        _logger.info("%s; %s", "; ".join(problems), error)
    except (NoSpaceError, BuildError, PermissionError, EmbeddingError, EmbeddingMismatchError) as error:
        if isinstance(error, EmbeddingError | EmbeddingMismatchError) and not other_embedding:
            raise
        _logger.warning("%s; it was not rebuilt: %s", "; ".join(problems), error)


def mend(stores: Stores, embedding: Embedding, tell: Progress) -> None:
    """Finish what another Dateline or an interrupted writer left. Only for the writer."""
    stores.catalog.index_days()
    if stores.catalog.stories.is_behind:
        stores.catalog.stories.bring_up(tell)
    if is_cut_otherwise(stores.catalog, embedding):
        adopt(stores.catalog, embedding, tell)
    stores.mend()
