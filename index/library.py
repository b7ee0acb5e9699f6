"""`ArticleIndex`: the catalog, the word index and the vector index as one thing that is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from index.catalog import CATALOG, Catalog
from index.confined import parsers
from index.contents import Contents
from index.embed import Embedding, bundled
from index.embeddings import adapted
from index.intervals import Interval
from index.rebuilding import RepairProcess
from index.retrieval import Retrieval
from index.sources.handed import Handed, handed_documents
from index.sources.reading import Reading, listed, parsed
from index.sources.source import Collection, Source
from index.stores import Diagnosis, Stores, adopt, create, cutter, diagnose
from index.syncing import Reconciliation, outcomes_of
from index.types import (
    Article,
    Coverage,
    Failure,
    Found,
    Hit,
    Passage,
    Progress,
    Scope,
    SourceState,
    SyncReport,
    silent,
)
from index.upkeep import check_embedding, is_cut_otherwise, make_ready, mend
from index.writing import writing

if TYPE_CHECKING:
    from index.embeddings import AnyEmbedding

_NONE = Collection(())


class ArticleIndex:
    """An index of articles in one folder. Safe to share between threads; many processes may read it."""

    def __init__(self, home: Path, catalog: Catalog, embedding: Embedding) -> None:
        """Put the parts together; `open` is the way to have them."""
        self.home = home
        self._catalog = catalog
        self._embedding = embedding
        self._repair = RepairProcess(home)
        self._connect()

    @classmethod
    def open(
        cls,
        home: Path | str,
        embedding: AnyEmbedding | None = None,
        *,
        other_embedding: bool = False,
    ) -> ArticleIndex:
        """Open the index in a folder, and make it if it is not there.

        `embedding` is any embedding of LlamaIndex; without one it is the bundled MiniLM.
        A store that is missing, damaged or behind is rebuilt from the catalog, without embedding, unless
        another process is writing. With `other_embedding` an index of another embedding opens too, for
        `doctor(rebuild=True)` to change it over. Raises CatalogError, EmbeddingMismatchError, BusyError.
        """
        home, embedding = Path(home), bundled() if embedding is None else adapted(embedding)
        if not (home / CATALOG).exists():
            create(home, embedding.identity)
        catalog = Catalog(home / CATALOG)
        try:
            index = cls(home, catalog, embedding)
            if not other_embedding:
                index._check_embedding()
            make_ready(home, index._stores, embedding, other_embedding)
        except BaseException:
            catalog.close()
            raise
        return index

    def close(self) -> None:
        """Close everything; the index cannot be used afterwards."""
        self._repair.close()
        self._stores.words.drop()
        self._stores.vectors.drop()
        self._catalog.close()

    def __enter__(self) -> ArticleIndex:
        """Use the index in a `with`, which closes it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close everything."""
        self.close()

    # Articles in

    def sync(
        self,
        sources: Iterable[str | Path | Source] | str | Path | Source | Collection,
        progress: Progress | None = None,
    ) -> SyncReport:
        """Make the index agree with its sources: add, change, remove, leave alone.

        A path is a folder, a file, or a pattern such as `archive/**/*.html`; an address is a page, a feed, a
        sitemap, or a site whose feed is looked for. What a feed no longer lists stays. `progress` is called
        with a stage ("articles", "words", "meaning", "vectors"), what is done of it and committed, and how
        much there is, None where that is not known. Words can be searched before the last two stages. A
        document that fails where it gave an article before keeps that article.
        Raises BusyError, NoSpaceError, SourceError for a place that cannot be meant; interrupted anywhere,
        the next sync goes on from there.
        """
        collection = sources if isinstance(sources, Collection) else Collection(tuple(listed(sources)))
        reading = Reading(collection, self._memo_of, parsers())
        with (
            self._change([source.root for source in collection.sources], progress, collection) as pass_,
            closing(reading.everything()) as read,  # at once, when interrupted: it has threads that wait
        ):
            if collection.described:
                self._catalog.journal.only(collection.described)
            pass_.expect(reading.expected())
            pass_.read(read, parsers())
            pass_.name_displaced()
        return pass_.tally.report()

    def add(self, articles: Iterable[Article], progress: Progress | None = None) -> SyncReport:
        """Add articles, or new versions of them, that come from no file. Raises as `sync` does."""
        outcomes = list(outcomes_of(articles))
        with self._change(["add"], progress) as pass_:
            pass_.take(outcomes)
        return pass_.tally.report()

    def add_documents(self, documents: Iterable[Handed], progress: Progress | None = None) -> SyncReport:
        """Add what a reader of LlamaIndex yields: an article each, described by its metadata.

        Their names are understood as those of a table's columns (`title`, `url`, `date`, `author` …). One
        without text is a failure of the report. Raises TypeError for what is no document, else as `sync`.
        """
        made = list(parsed(handed_documents(documents), lambda *_: True, parsers()))
        outcomes = list(outcomes_of(article for one in made for _, article in one.articles))
        with self._change(["add"], progress) as pass_:
            pass_.take(outcomes)
            pass_.refuse(one.failure for one in made if one.failure)
        return pass_.tally.report()

    def remove(self, article_ids: Iterable[str], progress: Progress | None = None) -> SyncReport:
        """Remove articles and their history; a file that is still in its folder comes back with a sync."""
        with self._change(["remove"], progress) as pass_:
            pass_.drop(self._catalog.keys_of(article_ids))
        return pass_.tally.report()

    def forget(
        self, paths: Iterable[str | Path] | str | Path, progress: Progress | None = None
    ) -> SyncReport:
        """Remove what was read from files, folders and addresses, whether they are still there or not.

        One that nothing was read from is a failure of the report. Raises as `sync` does.
        """
        roots = [source.root for source in listed(paths)]
        with self._change(["forget"], progress) as pass_:
            read = {root: self._catalog.keys(root) for root in roots}
            for root, keys in read.items():
                pass_.forget(root, keys)
        return pass_.tally.report()

    # Articles out

    def search(
        self, question: str, k: int = 10, scope: Scope | None = None, about: Sequence[Interval] = ()
    ) -> list[Hit]:
        """Find the passages that answer a question, best first, at most `k`.

        Those that speak of one of the times `about`, or were published then, are lifted.

        While a store is being rebuilt, with a warning logged, the catalog's vectors answer for the vector
        index, and nothing is found by words without the word index; `limits` tells.
        """
        self._check_embedding()
        return list(self._retrieval.find(question, k, (scope or Scope(),), about).hits)

    def find(self, question: str, k: int = 10, *scopes: Scope, about: Sequence[Interval] = ()) -> Found:
        """Find passages as `search` does, at most `k` in each scope, and say what was missed of them.

        Those of several scopes come in turns. However many are asked, a question is embedded once.
        """
        self._check_embedding()
        found = self._retrieval.find(question, k, scopes or (Scope(),), about)
        return replace(found, limits=self.limits() + found.limits)

    def article(self, article_id: str) -> Article:
        """Look up the current version of an article; KeyError if there is none."""
        found = self._catalog.article(article_id)
        if found is None:
            raise KeyError(f"no article {article_id} in {self.home}")
        return found

    def articles_of(self, documents: Iterable[str]) -> list[Article]:
        """List the current articles that documents give, which are named as a report of a sync names them."""
        found = map(self._catalog.article, self._catalog.articles_of(documents))
        return [article for article in found if article]

    def versions(self, article_id: str) -> list[Article]:
        """List the versions of an article that were seen, oldest first; none, if it is not known."""
        return self._catalog.versions(article_id)

    def leads(self, scope: Scope, limit: int) -> list[Passage]:
        """List how the newest articles inside a scope begin, then those that were changed in it.

        At most so many of either, newest first: the first passage of each.
        """
        return self._catalog.leads(scope, limit)

    def copies(self, article_id: str) -> tuple[Article, ...]:
        """List the other current articles that are the same story, oldest first; none, if it is not known.

        They are near-copies: one agency's report in several outlets, cut, edited or under another headline.
        """
        return tuple(self._catalog.stories.copies(article_id))

    def coverage(self, scope: Scope | None = None) -> Coverage:
        """Sum up what is in the index, or in a scope of it: articles, stories, outlets, days, last sync."""
        return self._catalog.contents.coverage(scope)

    @property
    def contents(self) -> Contents:
        """What is in the index, to be looked through: articles of each day and outlet, and lists of them."""
        return self._catalog.contents

    def limits(self) -> tuple[str, ...]:
        """Say in whole sentences what all searches miss at the moment; nothing where all is well.

        For after a search, which may have found that a store is out. Cheap enough for every question.
        """
        failing = self._catalog.journal.failing()
        if not failing:
            return self._retrieval.limits()
        more = f", nor could {len(failing) - 1:,} more be read" if len(failing) > 1 else ""
        told = f"{failing[0].name} {failing[0].since}{more}: newer articles from there may be missing."
        return (*self._retrieval.limits(), told)

    def sources(self) -> list[SourceState]:
        """List the sources that were synced, and how that went the last time."""
        return self._catalog.journal.sources()

    def begun(self) -> list[tuple[str, ...]]:
        """List every change begun, finished or not: a sync's roots, else "add", "remove" or "forget"."""
        return self._catalog.journal.begun()

    def failures(self) -> list[Failure]:
        """List the documents that could not be read when they were last looked at."""
        return self._catalog.journal.failures()

    @property
    def passages(self) -> int:
        """How many passages can be searched."""
        return self._catalog.count()

    def frequencies(self, stems: Sequence[str]) -> list[int] | None:
        """Count the passages that hold each stem, in their order; None while the word index is out."""
        return self._retrieval.frequencies(stems)

    # Health

    def doctor(self, rebuild: bool = False, progress: Progress | None = None) -> Diagnosis:
        """Check every store whole; with `rebuild`, build the two derived ones anew first.

        A rebuild embeds nothing again, unless the index was made with another embedding. Raises as `sync`.
        """
        if rebuild:
            tell = progress or silent
            with writing(self.home):
                self._catalog.stories.bring_up(tell, fresh=True)
                if self._catalog.identity != self._embedding.identity or is_cut_otherwise(
                    self._catalog, self._embedding
                ):
                    adopt(self._catalog, self._embedding, tell)
                    self._connect()
                self._stores.bring_up(self._embedding, tell, fresh=True)
        return diagnose(self._stores)

    def _memo_of(self, key: str) -> str:
        known = self._catalog.document(key)
        return known.memo if known else ""

    def _connect(self) -> None:
        self._stores = Stores(self.home, self._catalog)
        self._retrieval = Retrieval(self._stores, self._embedding, self._repair)

    def _check_embedding(self) -> None:
        check_embedding(self.home, self._catalog, self._embedding)

    @contextmanager
    def _change(
        self, roots: list[str], progress: Progress | None, collection: Collection = _NONE
    ) -> Iterator[Reconciliation]:
        """Hold the writer's place, finish what others left, and index what the body then records."""
        self._check_embedding()
        tell = progress or silent
        with writing(self.home):
            mend(self._stores, self._embedding, tell)
            pass_ = Reconciliation(self._catalog, cutter(self._embedding), tell, collection)
            number = self._catalog.journal.start_sync(roots)
            yield pass_
            self._stores.bring_up(self._embedding, tell)
            self._catalog.journal.finish_sync(number, pass_.tally.report())
