"""JSON feeds, versions 1 and 1.1, as entries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from index.bylines import person
from index.characters import ExtractError, read_json
from index.language import language_of_code
from index.listings.dating import feed_date
from index.listings.listing import (
    MOST_ENTRIES,
    Entry,
    Listing,
    absolute,
    as_html,
    chosen_address,
    listing,
    sections_of,
    stamped,
    told_missing,
    unusable,
    with_defaults,
)
from index.metas import plain
from index.types import Failure, web_address

_LONGEST_NAME = 200  # characters of one author
_MOST_NAMES = 12


def read_json_feed(text: str, address: str) -> Listing:
    """Read the entries of a JSON feed that was fetched from an address, the first 2,000.

    Raises ExtractError for what is not JSON, or has no list of items.
    """
    feed: Any = read_json(text.lstrip("\ufeff"))
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise ExtractError("JSON, but not a feed: it has no list of items")
    byline, language = _names(feed), language_of_code(_text(feed, "language"))
    made = (_attempt(item, address, number) for number, item in enumerate(items[:MOST_ENTRIES]))
    return listing(
        plain(feed.get("title")),
        address,
        (with_defaults(one, byline, language) for one in made),
        [web_address(absolute(address, _text(feed, "next_url")))],
        told_missing(len(items), MOST_ENTRIES, ""),
    )


def _attempt(item: object, address: str, number: int) -> Entry | Failure:
    if not isinstance(item, dict):
        return unusable(address, number, "", ExtractError("not a JSON object"))
    try:
        return _entry(item, address, number)
    except ExtractError as error:
        return unusable(address, number, plain(item.get("title")), error)


def _entry(item: dict[str, Any], address: str, number: int) -> Entry:
    stamp = stamped(_text(item, "date_modified"))
    tags = item.get("tags")
    return Entry(
        address=chosen_address(list(_addresses(item, address)), address),
        title=plain(item.get("title")),
        byline=_names(item),
        published=feed_date(_text(item, "date_published"), number),
        modified=feed_date(stamp, number),
        language=language_of_code(_text(item, "language")),
        sections=sections_of(tag for tag in (tags if isinstance(tags, list) else []) if isinstance(tag, str)),
        stamp=stamp,
        content=_text(item, "content_html").strip() or as_html(_text(item, "content_text")),
    )


def _addresses(item: dict[str, Any], address: str) -> Iterator[str]:
    """Yield what may be an item's address; its `id` only where that is one."""
    for name in ("url", "external_url"):
        if _text(item, name).strip():
            yield absolute(address, _text(item, name))
    if web_address(_text(item, "id").strip()):
        yield _text(item, "id").strip()


def _names(fields: dict[str, Any]) -> str:
    """List the authors: `authors` of version 1.1, else the one `author` of version 1."""
    listed = fields.get("authors")
    authors = listed if isinstance(listed, list) and listed else [fields.get("author")]
    told = [_text(one, "name")[:_LONGEST_NAME] for one in authors[:_MOST_NAMES] if isinstance(one, dict)]
    return ", ".join(dict.fromkeys(filter(None, map(person, told))))


def _text(fields: dict[str, Any], name: str) -> str:
    """Read a field that is a text, "" for anything else."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""
