"""Words to passages: tantivy, holding the words of passages and what their scope is decided by.

A word is indexed as its code (`index.words.codes`, in decimal), as the catalog holds it, so the index can be
rebuilt without reading or stemming any text, and ranking and searching can never disagree on what a word is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.arrays import Rows
from index.generations import BuildError, Draft, building, built_by
from index.readers import ReaderFolder
from index.types import Article, Passage, Scope, outlet_key
from index.words import FORMAT, Analysed, Codes, codes, stems

if TYPE_CHECKING:
    from tantivy import Document, Index, Occur, Query, Schema

Fetch = Callable[[Sequence[int]], Mapping[int, tuple[Passage, bytes]]]

_SCHEMA = 7  # raise it whenever the fields change: the store is then rebuilt by itself
_ANALYZER = "codes"
_WORDS = "words"  # of the headline and the passage
_TERMS = 256  # of one question; the rest of a longer one is not looked at
_BATCH = 1000
_HEAP_BYTES = 64_000_000
_BYTES_A_ROW = 3_000  # rough, for the check that there is room


def tag() -> str:
    """Name what a generation is made of: engine, version, schema."""
    return f"tantivy {version('tantivy')} schema {_SCHEMA} words {FORMAT}"


def build(
    store: Path,
    revision: int,
    rows: Rows,
    fetch: Fetch,
    fresh: bool = False,
) -> None:
    """Make a generation that holds `rows` current; `fetch` gives them with their packed words.

    Raises NoSpaceError or BuildError and leaves the current generation as it is.
    """
    with building(store, tag(), revision, rows, _BYTES_A_ROW * len(rows), fresh) as draft:
        _fill(draft, fetch)
        with built_by("tantivy", draft.folder):
            held = _opened(draft.folder).searcher().num_docs
        if held != len(rows):
            raise BuildError(
                f"{draft.folder} could not be built: tantivy holds {held} of {len(rows)} passages"
            )


def _fill(draft: Draft, fetch: Fetch) -> None:
    from tantivy import Query

    with built_by("tantivy", draft.folder):
        writer = _opened(draft.folder).writer(_HEAP_BYTES, 1)
        # delete_documents_by_term takes a number for a signed one and then silently deletes nothing.
        if len(draft.remove):
            writer.delete_documents_by_query(Query.term_set_query(_schema(), "row", draft.remove.tolist()))
    for at in range(0, len(draft.add), _BATCH):
        for row, (passage, packed) in fetch(draft.add[at : at + _BATCH].tolist()).items():
            title = codes(stems(passage.article.title))
            words = _written(np.concatenate([title, Analysed.from_bytes(packed).codes]))
            with built_by("tantivy", draft.folder):
                writer.add_document(_document(row, passage.article, words))
    with built_by("tantivy", draft.folder):
        writer.commit()
        writer.garbage_collect_files()
        writer.wait_merging_threads()


def _document(row: int, article: Article, words: str) -> Document:
    from tantivy import Document

    document = Document()
    document.add_unsigned("row", row)
    document.add_text(_WORDS, words)
    document.add_text("outlet", outlet_key(article.outlet))
    if article.counted_day:
        document.add_integer("day", article.counted_day.toordinal())
    if article.written_day:
        document.add_integer("written", article.written_day.toordinal())
    return document


class WordIndex:
    """The words of one sealed generation, opened for questions."""

    def __init__(self, copy: ReaderFolder) -> None:
        """Open a verified copy; DamagedError if tantivy cannot read it."""
        self.generation = copy.generation
        self.last_row = copy.last_row()
        self._copy = copy
        with copy.read_by("tantivy"):
            self._searcher = _opened(copy.folder).searcher()

    def query(self, stems: Sequence[str], limit: int, scope: Scope | None = None) -> list[tuple[int, float]]:
        """Find the passages inside the scope that hold any of some stems as (row, BM25), best first."""
        from tantivy import Occur, Query

        terms = _written(codes(dict.fromkeys(stems))).split()[:_TERMS]
        if limit < 1 or not terms:
            return []
        any_word = [(Occur.Should, Query.term_query(_schema(), _WORDS, term)) for term in terms]
        query = Query.boolean_query([(Occur.Must, Query.boolean_query(any_word)), *_limits(scope or Scope())])
        with self._copy.read_by("tantivy"):
            hits = self._searcher.search(query, limit, count=False).hits
            rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        return [(int(row), score) for row, (score, _) in zip(rows, hits, strict=True) if row is not None]

    def frequencies(self, stems: Sequence[str]) -> list[int]:
        """Count the passages whose words hold each stem, in the order of the stems."""
        terms = _written(codes(stems)).split()
        with self._copy.read_by("tantivy"):
            return [self._searcher.doc_freq(_WORDS, term) for term in terms]


def _written(words: Codes) -> str:
    """Write codes as text that white space cuts into terms."""
    return " ".join(map(str, words.tolist()))


def _limits(scope: Scope) -> list[tuple[Occur, Query]]:
    """Write a scope as conditions that do not change the score; the definition is `Scope.holds`."""
    from tantivy import FieldType, Occur, Query

    def required(query: Query) -> tuple[Occur, Query]:
        return Occur.Must, Query.const_score_query(query, 0.0)

    def days(field: str, first: date | None, last: date | None) -> Query:
        lower, upper = (day.toordinal() if day else None for day in (first, last))
        return Query.range_query(_schema(), field, FieldType.Integer, lower, upper)

    limits = []
    if scope.outlets:
        outlets = [outlet_key(name) for name in scope.outlets]
        limits.append(required(Query.term_set_query(_schema(), "outlet", outlets)))
    if scope.since or scope.until:
        last = min(scope.until or date.max, scope.as_of or date.max)
        limits.append(required(days("day", scope.since or date.min, last)))
    if scope.as_of and scope.as_of < date.max:
        limits.append((Occur.MustNot, days("written", scope.as_of + timedelta(days=1), None)))
    return limits


def _opened(folder: Path) -> Index:
    """Open the index in a folder, an empty one if there is none."""
    from tantivy import Index, TextAnalyzerBuilder, Tokenizer

    index = Index(_schema(), path=str(folder))
    index.register_tokenizer(_ANALYZER, TextAnalyzerBuilder(Tokenizer.whitespace()).build())
    return index


@lru_cache(maxsize=1)
def _schema() -> Schema:
    from tantivy import SchemaBuilder

    builder = SchemaBuilder()
    builder.add_unsigned_field("row", indexed=True, fast=True)
    builder.add_text_field(_WORDS, tokenizer_name=_ANALYZER, index_option="freq")
    builder.add_text_field("outlet", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("day", indexed=True, fast=True)
    builder.add_integer_field("written", indexed=True, fast=True)
    return builder.build()
