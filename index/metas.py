"""What the meta elements of a page say, by the names that Dublin Core, Open Graph and others gave them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from html import unescape
from typing import TYPE_CHECKING

from index.characters import clean, squeeze

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# From the most to the least formal: RDFa's properties, HTML's names, microdata about one item of many.
_PLACES = (("property", ".//meta"), ("name", ".//meta"), ("itemprop", ".//head/meta"))
_LONGEST = 1000  # characters of a title, a name or an address
_LONGEST_NAMES = 200  # characters of the list of names an element goes by
_MOST_VALUES = 30  # of one name
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")

Metas = Mapping[str, Sequence[str]]


def metas_of(page: HtmlElement) -> Metas:
    """Read a page's meta elements: the values of each name, in small letters, with dots where colons stood.

    One element may go by several names, as RDFa allows; an empty one says nothing.
    """
    found: dict[str, list[str]] = {}
    for attribute, path in _PLACES:
        own: dict[str, list[str]] = defaultdict(list)
        for element in page.iterfind(path):
            value = plain(element.get("content", ""))
            for name in element.get(attribute, "")[:_LONGEST_NAMES].lower().replace(":", ".").split():
                if value and len(own[name]) < _MOST_VALUES:
                    own[name].append(value)
        found = {**own, **found}
    return found


def plain(text: object) -> str:
    r"""Make one line of a value: without tags, and with the characters its entities stand for.

    >>> plain(" Salt &amp; <i>iron</i>\n"), plain(None)
    ('Salt & iron', '')
    """
    return squeeze(clean(unescape(_TAG.sub("", text[:_LONGEST])))) if isinstance(text, str) else ""
