"""What named fields say of an article: the row of a .jsonl file, the front matter of a Markdown file."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from index.characters import ExtractError, clean, read_json, squeeze
from index.dates import Dates, parse_date
from index.genres import stated_genre
from index.headlines import without_outlet
from index.language import language_of_code
from index.outlets import outlet_name
from index.types import Article, own_address, web_address

# What fields are called that say something of an article, by our noun for it, the best first.
NAMES = {
    "title": ("title", "headline"),
    "outlet": ("outlet", "publisher", "site", "site_name", "source"),
    "byline": ("byline", "authors", "author"),
    "url": ("url", "link"),
    "published": ("published", "published_at", "publish_date", "date"),
    "modified": ("modified", "modified_at", "updated", "updated_at"),
    "language": ("language", "lang"),
    "section": ("genre", "section", "sections", "category", "categories", "article_section"),
}
_ELEMENT = r"(p|div|span|h[1-6]|ul|ol|li|a|b|i|em|strong|figure|section|article|blockquote|table|body|html)"
_OPENED = re.compile(rf"<{_ELEMENT}(?:\s[^<>]{{0,2000}})?>", re.IGNORECASE)
_CLOSED = re.compile(rf"</{_ELEMENT}>", re.IGNORECASE)
_BREAK = re.compile(r"<br\s?/?>", re.IGNORECASE)
_PAGE = re.compile(
    r"\s*(?:<!--[^<>]*-->\s*|<\?xml[^<>]*>\s*)?<(?:!doctype html|html|head|body)\b", re.IGNORECASE
)
_LISTS = frozenset({"byline", "authors", "author"})
_KINDS = {list: "a list", str: "a string", int: "a number", float: "a number", bool: "true or false"}
_FRONT_MATTER = re.compile(r"\s*---[ \t]*\n(.{0,20000}?\n)(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_ENTRY = re.compile(r"(?P<name>[\w-]+)[ \t]*:[ \t]*(?P<value>.*)")
_ITEM = re.compile(r"\s*-\s+(?P<value>.+)")
_logger = logging.getLogger(__name__)
_LONGEST_FIELD = 1000  # characters; more than a headline or an address ever has


def read_row(line: str) -> dict[str, object]:
    """Read one JSON object. Raises ExtractError for a line that is none, or that has no text."""
    row = read_json(line)
    if not isinstance(row, dict):
        raise ExtractError(f"not a JSON object but {_KINDS.get(type(row), 'null')}")
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        raise ExtractError('no "text" in it' if text is None or text == "" else '"text" is not text')
    return row


def holds_markup(text: str) -> bool:
    """Tell whether a text is written in HTML: it has an element that is opened and closed, or a line break.

    >>> holds_markup("<p>Nobody <b>picked up.</b></p>"), holds_markup("Of 5 < 6 tags <p> begins a paragraph.")
    (True, False)
    """
    if "<" not in text:
        return False
    opened, closed = ({found[1].lower() for found in kind.finditer(text)} for kind in (_OPENED, _CLOSED))
    return bool(opened & closed or _BREAK.search(text))


def is_page(html: str) -> bool:
    """Tell whether HTML is that of a whole page, with all that stands beside a story."""
    return bool(_PAGE.match(html))


def front_matter(text: str) -> tuple[dict[str, object], str]:
    r"""Part the fields between two `---` lines at the top from the rest of a text.

    One `name: value` a line, so a colon in a headline needs no quotes; lists are `[a, b]` or `- a` lines.

    >>> front_matter("---\ntitle: Kim: no more talks\ndate: 2020-06-12\n---\nThe talks")
    ({'title': 'Kim: no more talks', 'date': '2020-06-12'}, 'The talks')
    """
    match = _FRONT_MATTER.match(text)
    if not match:
        return {}, text
    fields: dict[str, object] = {}
    items: list[str] = []
    for line in match[1].splitlines():
        entry, item = _ENTRY.fullmatch(line), _ITEM.fullmatch(line)
        if entry:
            items = []
            fields[entry["name"].lower()] = (
                _listed(entry["value"].strip()) if entry["value"].strip() else items
            )
        elif item:
            items.append(_unquoted(item["value"]))
    return fields, text[match.end() :]


def described(article: Article, fields: Mapping[str, object], date_source: str) -> Article:
    """Let fields overrule what was read from an article's text.

    A date that cannot be read is logged and left out. Raises ExtractError, with the field's name, for a
    value that is not text (or, for authors, a list of names).
    """
    published, modified = (_date(fields, noun, article.source) for noun in ("published", "modified"))
    outlet = outlet_name(told(fields, "outlet")) or article.outlet
    return replace(
        dated(article, Dates(published, modified, date_source)),
        title=without_outlet(told(fields, "title") or article.title, outlet),
        outlet=outlet,
        byline=told(fields, "byline") or article.byline,
        url=web_address(told(fields, "url")) or article.url,
        language=language_of_code(told(fields, "language")) or article.language,
        genre=stated_genre((), _sections(fields)) or article.genre,
    )


def dated(article: Article, dates: Dates) -> Article:
    """Let dates overrule those that were read from an article's text."""
    merged = dates | Dates(article.published, article.modified, article.date_source)
    return replace(
        article, published=merged.published, modified=merged.modified, date_source=merged.date_source
    )


def name_of(row: Mapping[str, object]) -> str:
    """Give what tells a row from the others of its file: address, title or text; "" if it has none.

    >>> name_of({"headline": "Hotline goes silent", "text": "Nobody picked up."})
    'Hotline goes silent'
    """
    names = (*NAMES["url"], *NAMES["title"], "text")
    texts = ((name, squeeze(value)) for name in names if isinstance(value := row.get(name), str))
    return next((text for name, text in texts if text and _is_own(name, text)), "")


def _is_own(name: str, text: str) -> bool:
    """Tell whether a row's field can name it: an address of a whole site cannot."""
    return name not in NAMES["url"] or bool(own_address(text))


def told(fields: Mapping[str, object], noun: str) -> str:
    """Read what fields tell of one noun of an article, "" where none of its names is there.

    Raises ExtractError, with the field's name, for a value that is not text, or longer than a field can be.
    """
    for name in NAMES[noun]:
        value = fields.get(name)
        if value is None or value == "" or value == []:
            continue
        text = ", ".join(_names(value, name)) if name in _LISTS else value
        if not isinstance(text, str):
            raise ExtractError(f'"{name}" is not text')
        if len(text) > _LONGEST_FIELD:
            raise ExtractError(f'"{name}" is longer than {_LONGEST_FIELD:,} characters')
        return squeeze(clean(text))
    return ""


def _sections(fields: Mapping[str, object]) -> list[str]:
    """List the sections a row is filed in; numbers and other marks of an archive's own say nothing."""
    values = [fields.get(name) for name in NAMES["section"]]
    every = [one for value in values for one in (value if isinstance(value, list) else [value])]
    return [one for one in every if isinstance(one, str) and len(one) <= _LONGEST_FIELD]


def _names(value: object, name: str) -> list[str]:
    """Read authors from a text, a list of texts, or the objects with a name that schema.org has."""
    people = value if isinstance(value, list) else [value]
    names = [person.get("name") if isinstance(person, dict) else person for person in people]
    texts = [text for text in names if isinstance(text, str)]
    if len(texts) < len(names):
        raise ExtractError(f'"{name}" is not a name or a list of names')
    return texts


def _date(fields: Mapping[str, object], noun: str, source: str) -> date | None:
    text = told(fields, noun)
    day = parse_date(text) if text else None
    if text and day is None:
        _logger.warning("%s: what it gives as %s is not a date that can be read", source, noun)
    return day


def _listed(value: str) -> object:
    if value.startswith("[") and value.endswith("]"):
        return [_unquoted(item.strip()) for item in value[1:-1].split(",") if item.strip()]
    return _unquoted(value)


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
