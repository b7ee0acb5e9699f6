"""What on a page lies beside its article: comments, teasers of other stories, items of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from index.linked import is_article, is_web_page, same_title

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ASIDE = re.compile(r"relat|recommend|comment|sidebar|teaser|trending|widget|latest|most-", re.IGNORECASE)
_LONGEST_NAME = 100  # characters of what names an element; of a class, five times that
_MOST_HEADLINES = 5
_OF_THEMES = "CreativeWork"  # what WordPress themes call an article


def marks(element: HtmlElement) -> str:
    """Give what a page calls an element: its classes and its id."""
    return f"{element.get('class', '')[: 5 * _LONGEST_NAME]} {element.get('id', '')[:_LONGEST_NAME]}"


def lies_beside(element: HtmlElement, titles: Sequence[str]) -> bool:
    """Tell whether an element belongs to something beside the article that goes by these titles."""
    return _lies_aside(element) or _is_of_another_item(element, titles)


def _lies_aside(element: HtmlElement) -> bool:
    return any(
        around.tag in {"nav", "aside", "footer"} or _ASIDE.search(marks(around))
        for around in element.iterancestors()
        if around.tag not in {"html", "body"}
    )


def _is_of_another_item(element: HtmlElement, titles: Sequence[str]) -> bool:
    """Tell whether the microdata around an element describe a comment, a video, another article."""
    items = list(_items(element))
    if not items:
        return False
    item, kinds = items[0], _kinds(items[0])
    if kinds and not is_article(kinds) and not is_web_page(kinds):
        return True
    headlines = item.xpath("(.//*[@itemprop='headline'])[position() <= $most]", most=_MOST_HEADLINES)
    own = next((one for one in headlines if next(_items(one), None) is item), None)
    if own is not None and not same_title(own.get("content") or own.text_content(), titles):
        return True
    return is_article(kinds) and any(is_article(_kinds(around)) for around in items[1:])


def _kinds(item: HtmlElement) -> list[str]:
    return [kind.replace(_OF_THEMES, "Article") for kind in item.get("itemtype", "").split()]


def _items(element: HtmlElement) -> Iterator[HtmlElement]:
    return (around for around in element.iterancestors() if "itemscope" in around.attrib)
