"""JSON-LD: what a page's structured data says, and which of it is about the page's own article."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from index.metas import plain

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_AROUND = " \t\r\n/*;"  # what stands around JSON in a script: comments that hide a CDATA mark
_ARTICLES = ("Article", "BlogPosting", "MediaPosting")  # NewsArticle, LiveBlogPosting, …
_SHORTEST_HEADLINE = 8  # letters that tell one article from another
_SHORTEST_WORD = 4  # letters; shorter ones are in every headline
_LONGEST = 1000  # characters of a headline
_NAME_PARTS = ("givenName", "additionalName", "familyName")
_MOST_NAMES = 30  # of authors or publishers
_MOST_ARTICLES = 20  # objects about one article, and articles on one page
_logger = logging.getLogger(__name__)


def linked_data(
    page: HtmlElement, titles: Sequence[str], addresses: Iterable[str], source: str
) -> list[dict[str, Any]]:
    """List the JSON-LD objects of a page that goes by these titles and addresses.

    Blocks that are not JSON are logged under `source`, and taken out of the page; so are articles that are
    others by title and address.
    """
    found: list[dict[str, Any]] = []
    blocks: list[tuple[HtmlElement, Any]] = []
    for script in page.xpath(".//script[starts-with(@type, 'application/') and contains(@type, '+json')]"):
        wrapped = (script.text or "").strip(_AROUND).removeprefix("<![CDATA[")
        script.text = wrapped.removesuffix("]]>").strip(_AROUND)
        try:
            block = json.loads(script.text or "null", strict=False)
            found.extend(_objects(block))
            blocks.append((script, block))
        except (ValueError, RecursionError) as error:
            _logger.debug("%s: a JSON-LD block is not JSON: %s", source, type(error).__name__)
            script.drop_tree()
    others = [item for item in found if _is_another(item, titles, set(map(_same, addresses)))]
    for item in others:
        item.clear()
    for script, block in blocks if others else ():
        script.text = json.dumps(block, ensure_ascii=False).replace("</", "<\\/")
    return found


def objects_of_article(
    data: Sequence[dict[str, Any]], titles: Iterable[str], url: str
) -> list[dict[str, Any]]:
    """Keep the objects about a page's article: by its address, else its headline, else the only ones.

    Those of articles come before those of pages.
    """
    written = _written(titles)
    address = _same(url)
    kept: list[dict[str, Any]] = []
    for is_kind in (is_article, is_web_page):
        items = [item for item in data if is_kind(kinds_of(item))]
        ranks = [
            [item for item in items if address and address in map(_same, _addresses(item))],
            [item for item in items if _letters(item.get("headline")) in written],
            [item for item in items if _shares(_letters(item.get("headline")), written)],
            items if len(items) == 1 else [],
        ]
        kept.extend(next(filter(None, ranks), []))
    return kept[:_MOST_ARTICLES]


def named(value: object, data: Iterable[dict[str, Any]]) -> list[str]:
    """List the names of persons or organisations: written out, or as objects, here or elsewhere in `data`.

    >>> named([{"name": "Jane Doe"}, {"@id": "#roe"}], [{"@id": "#roe", "name": "John Roe"}])
    ['Jane Doe', 'John Roe']
    """
    names: list[str] = []
    named_so = {str(item.get("@id")): item for item in data if _name_of(item)}
    for one in (value if isinstance(value, list) else [value])[:_MOST_NAMES]:
        whole = one if not isinstance(one, dict) or _name_of(one) else named_so.get(str(one.get("@id")), {})
        name = _name_of(whole) if isinstance(whole, dict) else whole
        names += [plain(part) for part in (name if isinstance(name, list) else [name])[:_MOST_NAMES]]
    return [name for name in names if name]


def sections_of(about: Sequence[dict[str, Any]]) -> list[str]:
    """List the sections that the objects of an article say it is filed in, and the genres."""
    values = [item.get(name) for item in about for name in ("articleSection", "genre")]
    return [plain(one) for value in values for one in (value if isinstance(value, list) else [value])]


def kinds_of(item: dict[str, Any]) -> list[str]:
    """List the schema.org types of an object."""
    kinds = item.get("@type")
    return [str(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])]


def is_article(kinds: Iterable[str]) -> bool:
    """Tell whether one of these schema.org types is that of an article."""
    names = [kind.rpartition("/")[2] for kind in kinds]
    return any(name.endswith(_ARTICLES) or name in {"Report", "Review"} for name in names)


def authors_of(about: Sequence[dict[str, Any]], data: Sequence[dict[str, Any]]) -> list[list[str]]:
    """List the authors each object of the article names, else those of any article on the page."""
    named_so = [named(item.get("author"), data) for item in about]
    if any(named_so):
        return named_so
    articles = [item for item in data if is_article(kinds_of(item))][:_MOST_ARTICLES]
    return [[name for item in articles for name in named(item.get("author"), data)]]


def persons_of(data: Sequence[dict[str, Any]]) -> list[str]:
    """List the persons a page describes, whatever they are to it."""
    return [plain(_name_of(item)) for item in data if "Person" in kinds_of(item)][:_MOST_NAMES]


def is_web_page(kinds: Iterable[str]) -> bool:
    """Tell whether one of these schema.org types is that of a page."""
    return any(kind.endswith("WebPage") for kind in kinds)  # MedicalWebPage too


def same_title(headline: str, titles: Iterable[str]) -> bool:
    """Tell whether a headline may be one of these titles: it is part of one, or has half its words in it.

    >>> titles = ["Old bridge closed - The Post"]
    >>> same_title("Bridge closed", titles), same_title("The old ferry sinks", titles)
    (True, False)
    """
    words = _words(headline)
    return _shares(_letters(headline), _written(titles)) or any(
        2 * len(words & _words(title)) >= max(len(words), 1) for title in titles
    )


def _name_of(one: dict[str, Any]) -> object:
    name = one.get("name") or " ".join(str(one.get(part) or "") for part in _NAME_PARTS).strip()
    return name.get("name") if isinstance(name, dict) else name


def _words(title: str) -> set[str]:
    return {word for word in re.findall(r"\w+", title[:_LONGEST].casefold()) if len(word) >= _SHORTEST_WORD}


def _written(titles: Iterable[str]) -> list[str]:
    return [letters for title in titles if (letters := _letters(title))]


def _is_another(item: dict[str, Any], titles: Sequence[str], addresses: set[str]) -> bool:
    """Tell whether an object is an article with a headline and an address, neither of them the page's."""
    headline = item.get("headline")
    if not is_article(kinds_of(item)) or not isinstance(headline, str) or not any(map(_letters, titles)):
        return False
    own = set(map(_same, _addresses(item)))
    return bool(own and addresses and own.isdisjoint(addresses)) and not same_title(headline, titles)


def _addresses(item: dict[str, Any]) -> Iterator[str]:
    for value in (item.get("url"), item.get("@id"), item.get("mainEntityOfPage")):
        value = value.get("@id") if isinstance(value, dict) else value
        if isinstance(value, str):
            yield value


def _same(address: str) -> str:
    """Reduce an address to what is the same however it is written."""
    return re.sub(r"^https?://(?:www\.)?", "", address.partition("#")[0].lower()).rstrip("/")


def _letters(title: object) -> str:
    return "".join(filter(str.isalnum, title[:_LONGEST])).casefold() if isinstance(title, str) else ""


def _shares(headline: str, titles: Iterable[str]) -> bool:
    """Tell whether one of two titles is part of the other, as where an outlet's name follows."""
    return any(
        min(len(headline), len(title)) >= _SHORTEST_HEADLINE and (headline in title or title in headline)
        for title in titles
    )


def _objects(data: object) -> Iterator[dict[str, Any]]:
    if isinstance(data, list):
        for item in data:
            yield from _objects(item)
    elif isinstance(data, dict):
        yield data
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _objects(data.get(name))
