"""The authors a page names, as many as trafilatura can take: its time grows with the cube of their number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOST = 30
_LONGEST = 600  # characters of all their names; one string may hold hundreds
_NAMING = re.compile(r"author|creator|byl")
NAME_PARTS = ("givenName", "additionalName", "familyName")


def bound_author_metas(page: HtmlElement) -> None:
    """Take the author elements out of a page's head that are too many or too long."""
    metas = [element for element in page.iter("meta") if _names_author(element)]
    for element, fits in zip(metas, _fitting([meta.get("content", "") for meta in metas]), strict=True):
        if not fits:
            element.drop_tree()


def bound_linked_authors(items: Sequence[dict[str, Any]]) -> bool:
    """Take the authors out of JSON-LD objects that are too many or too long; tell whether there were any."""
    named = [(item, author) for item in items for author in _authors(item)]
    fitting = list(_fitting([_name(author) for _, author in named]))
    if all(fitting):
        return False
    for item in items:
        item.pop("author", None)
    for (item, author), fits in zip(named, fitting, strict=True):
        if author is item and not fits:
            item.clear()
        elif author is not item and fits:
            item.setdefault("author", []).append(author)
    return True


def _names_author(meta: HtmlElement) -> bool:
    return any(_NAMING.search(meta.get(key, "")[:100].lower()) for key in ("property", "name", "itemprop"))


def _fitting(names: Sequence[str]) -> Iterator[bool]:
    count = length = 0
    for name in names:
        fits = count < _MOST and length + len(name) <= _LONGEST
        count, length = count + fits, length + fits * len(name)
        yield fits


def _authors(item: dict[str, Any]) -> list[Any]:
    """List what trafilatura reads as an author of an object: those it names, itself where it is a person."""
    named = item.get("author")
    listed = named if isinstance(named, list) else [] if named is None else [named]
    return [*listed, item] if "erson" in str(item.get("@type")) else listed


def _name(author: object) -> str:
    if not isinstance(author, dict):
        return str(author)
    name = author.get("name") or [author.get(part, "") for part in NAME_PARTS]
    return str(name.get("name", "") if isinstance(name, dict) else name)
