"""Where the date of an article was read, in words for its readers."""

from __future__ import annotations

from index.types import Article

_ORIGINS = {  # where a date was read, as index/types.py names it
    "json-ld": "from the page's structured data",
    "meta": "from the page's metadata",
    "feed": "from the outlet's feed",
    "front matter": "from the head of the file",
    "field": "from a field of its row",
    "time": "marked on the page",
    "address": "read from the address",
    "dateline": "read from the dateline",
    "text": "read from the text",
    "file": "read from the file's name",
}


def date_origin(article: Article) -> str:
    """Say where its date was read, and that it is uncertain if it is; "" where that is not known."""
    where = _ORIGINS.get(article.date_source, "") if article.published else ""
    doubt = ", uncertain" if where and article.date_confidence == "low" else ""
    return f"date {where}{doubt}" if where else ""
