"""What on a page lies beside its article: comments, teasers of other stories, items of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.linked import is_article, is_web_page, same_title

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ASIDE = re.compile(r"relat|recommend|comment|sidebar|teaser|trending|widget|latest|most-", re.IGNORECASE)
_HOLDS_ALL = re.compile(r"widget|sidebar", re.IGNORECASE)  # in blogs the story is in one, too
_LONGEST_NAME = 100  # characters of what names an element; of a class, five times that
_MOST_HEADLINES = 5
_OF_THEMES = "CreativeWork"  # what WordPress themes call an article


def marks(element: HtmlElement) -> str:
    """Give what a page calls an element: its classes and its id."""
    return f"{element.get('class', '')[: 5 * _LONGEST_NAME]} {element.get('id', '')[:_LONGEST_NAME]}"


def lies_beside(element: HtmlElement, titles: Sequence[str]) -> bool:
    """Tell whether an element belongs to something beside the article that goes by these titles.

    What a heading of the first order is in holds the article too, whatever it is called.
    """
    if any(_is_aside(around) and around.find(".//h1") is None for around in element.iterancestors()):
        return True
    items = list(filter(_is_work, element.iterancestors())) if "itemprop" in element.attrib else []
    if not items or _is_another(items[0], titles):
        return bool(items)
    return is_article(_kinds(items[0])) and any(is_article(_kinds(around)) for around in items[1:])


def drop_beside(page: HtmlElement, titles: Sequence[str]) -> None:
    """Take out of a page what lies beside its article; what its headline is in stays."""
    for element in list(page.iter("*")):
        kept = element.getparent() is None or _HOLDS_ALL.search(marks(element))
        beside = _is_aside(element) or (_is_work(element) and _is_another(element, titles))
        if beside and not kept and element.find(".//h1") is None:
            element.drop_tree()


def _is_aside(element: HtmlElement) -> bool:
    if element.tag in {"html", "body"}:
        return False
    return element.tag in {"nav", "aside", "footer"} or _ASIDE.search(marks(element)) is not None


def _is_another(item: HtmlElement, titles: Sequence[str]) -> bool:
    """Tell whether an item of microdata is a comment, a video, another article."""
    kinds = _kinds(item)
    if kinds and not is_article(kinds) and not is_web_page(kinds):
        return True
    headlines = item.xpath("(.//*[@itemprop='headline'])[position() <= $most]", most=_MOST_HEADLINES)
    own = next((one for one in headlines if next(filter(_is_work, one.iterancestors()), None) is item), None)
    return own is not None and not same_title(own.get("content") or own.text_content(), titles)


def _kinds(item: HtmlElement) -> list[str]:
    return [kind.replace(_OF_THEMES, "Article") for kind in item.get("itemtype", "").split()]


def _is_work(element: HtmlElement) -> bool:
    """Tell whether an element holds an item of microdata other than the whole page or an author."""
    if "itemscope" not in element.attrib or element.tag in {"html", "body"}:
        return False
    return not any(kind.endswith(("Person", "Organization")) for kind in _kinds(element))
