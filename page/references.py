"""Links to words of an article: what the page's citations lead to, written as addresses and read back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from assistant.types import Citation
from index.types import Article
from page import words

if TYPE_CHECKING:
    from index.library import ArticleIndex

MOST_SPANS = 200  # of one article that a link can mark
_NAME = re.compile(r"[0-9a-f]{16}")  # of an article, and of a version
_SPAN = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")

Spans = tuple[tuple[int, int], ...]


class UnknownReferenceError(ValueError):
    """A reference that names nothing; the message says why."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A version of an article, the words of it that an answer cites, and those that one link points to.

    Spans are (start, end) in characters of `article.text`; `version` is "" for the current one.
    """

    article_id: str
    version: str = ""
    marks: Spans = ()
    chosen: Spans = ()


def address(article: Article, marks: Iterable[Citation] = (), chosen: Iterable[Citation] = ()) -> str:
    """Write the address of an article with words marked, those of `chosen` stronger.

    >>> address(Article("It rained.", url="https://news.example/rain"))
    '/article/a9c459c97a618799?version=70d37d5f1cafc31a'
    """
    query = {"version": article.version}
    for name, citations in (("marks", marks), ("chosen", chosen)):
        spans = sorted({(one.start, one.end) for one in citations if one.article == article})[:MOST_SPANS]
        if spans:
            query[name] = "_".join(f"{start}-{end}" for start, end in spans)
    return f"/article/{article.id}?{urlencode(query)}"


def version_of(index: ArticleIndex, article_id: str, version: str = "") -> tuple[Article, bool]:
    """Look up a version of an article, "" for the current one, and if it is that; KeyError where none is."""
    current = index.article(article_id)
    if version in ("", current.version):
        return current, True
    earlier = [one for one in index.versions(article_id) if one.version == version]
    if not earlier:
        raise KeyError(f"no version {version} of the article {article_id}")
    return earlier[-1], False


def reference(article_id: str, version: str = "", marks: str = "", chosen: str = "") -> Reference:
    """Read the parts of such an address; UnknownReferenceError for what none can hold.

    >>> reference("0123456789abcdef", marks="10-40_50-60").marks
    ((10, 40), (50, 60))
    """
    if not _NAME.fullmatch(article_id) or (version and not _NAME.fullmatch(version)):
        raise UnknownReferenceError(words.NO_SUCH_ARTICLE)
    return Reference(article_id, version, _spans(marks), _spans(chosen))


def _spans(text: str) -> Spans:
    pieces = text.split("_", MOST_SPANS) if text else []
    found = [_SPAN.fullmatch(piece) for piece in pieces]
    if len(pieces) > MOST_SPANS or not all(found):
        raise UnknownReferenceError(words.NO_SUCH_WORDS)
    return tuple((int(one[1]), int(one[2])) for one in found if one)
