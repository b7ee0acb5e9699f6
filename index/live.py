"""The posts of a live blog: in the data of its page, or marked in it, each with its own moment."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, time, timezone
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from index.beside import lies_beside, marks
from index.characters import clean, paragraphs_of, squeeze
from index.dates import Dates, parse_date
from index.lines import blocks, parted, spell_out
from index.linked import kinds_of, linked_data, named
from index.metas import plain
from index.types import web_address

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_FEWEST = 2  # posts
_MOST = 500
_LIVE = re.compile(
    r"live-?_?(?:blog|updates?|feed|ticker|report|event)|liveticker|minute-by-minute", re.IGNORECASE
)
_LINE_END = re.compile(r"</(?:p|div|li|h\d|blockquote)>|<br\s?/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")
_CLOCK = re.compile(r"\W*\d{1,2}[:.]\d\d\W*(?:[ap]\.?m\.?|uhr|[A-Z]{2,5})?\W*", re.IGNORECASE)
_CLOSING = re.compile(  # what ends a live blog tells nothing of what it is about
    r"(?:(?:and )?with that,? )?(?:"
    r"we(?:['’]re| are| will be)(?: now)? (?:closing|ending|pausing|wrapping up)\b.{0,40}\b(?:blog|coverage"
    r"|feed|updates|page)\b|(?:this|our|the) live (?:blog|coverage|feed|page|report)\b.{0,20}\b(?:closed"
    r"|ended|over|closing|paused)\b|this (?:blog|page) is (?:now )?(?:closed|closing)\b"
    r"|that(?:['’]s| is) (?:it|all) (?:from (?:us|me|our)|for (?:today|tonight|now))\b)",
    re.IGNORECASE,
)
_LONGEST_CLOSING = 400  # characters; what is longer sums up the day
_HEADINGS = ".//h2 | .//h3 | .//h4 | .//h5"


@dataclass(frozen=True, slots=True)
class Post:
    """One post of a live blog; `anchor` names it within its page, `url` is its address if it has its own."""

    paragraphs: tuple[str, ...]
    headline: str = ""
    byline: str = ""
    url: str = ""
    anchor: str = ""
    dates: Dates = field(default=Dates())


def address_of(post: Post, page: str, name: str) -> str:
    """Give the address of a post: its own on the host of its page, else that of the page with its `name`.

    An address of another host is no post's, whatever the page says: it is another outlet's article.

    >>> address_of(Post((), url="https://other.example/a"), "https://quayside.example/live", "p1")
    'https://quayside.example/live#p1'
    """
    page = page.partition("#")[0]
    own = post.url.partition("#")[0]
    if own and own != page and _host(own) == _host(page):
        return post.url
    return f"{page}#{name}" if page else ""


def title_of(post: Post, blog: str) -> str:
    """Give the title of a post: that of its blog, and its own headline.

    >>> title_of(Post((), "Bridge closed"), "Flood in Kelmouth"), title_of(Post(()), "Flood in Kelmouth")
    ('Flood in Kelmouth: Bridge closed', 'Flood in Kelmouth')
    """
    if not blog or blog.casefold() in post.headline.casefold():
        return post.headline
    return f"{blog}: {post.headline}" if post.headline else blog


def posts_of(page: HtmlElement, source: str = "") -> list[Post]:
    """Find the posts of a live blog, the oldest first: the newest 500 that have a text; none on another page.

    Its JSON-LD is read first, then its microdata, then blocks of one kind that have an id and a time each,
    where the page calls itself a live blog. A page with fewer than two posts is no live blog.
    """
    data = linked_data(page, [], [], source)
    for found in (_from_data(page, data), _from_items(page), _from_blocks(page, data)):
        posts = sorted((post for post in found if post.paragraphs and not _is_closing(post)), key=_moment)
        if len(posts) >= _FEWEST:
            return posts[-_MOST:]
    return []


def _from_data(page: HtmlElement, data: Sequence[dict[str, Any]]) -> Iterator[Post]:
    updates = [item["liveBlogUpdate"] for item in data if "liveBlogUpdate" in item]
    own = {element.get("id"): element for element in page.iterfind(".//*[@id]")} if updates else {}
    for one in updates:
        for update in one if isinstance(one, list) else [one]:
            if isinstance(update, dict):
                yield _from_update(update, own)


def _from_update(update: dict[str, Any], own: dict[str, HtmlElement]) -> Post:
    address = next((one for name in ("url", "@id") if isinstance(one := update.get(name), str)), "")
    anchor = address.partition("#")[2]
    element = own.pop(anchor, None)  # once: a page may name one element a thousand times
    stated = next((one for name in ("articleBody", "text") if isinstance(one := update.get(name), str)), "")
    lines = paragraphs_of(clean(unescape(_TAG.sub("", _LINE_END.sub("\n", stated)))))
    headline = plain(update.get("headline") or update.get("name"))
    if element is not None:
        lines = parted(lines, element) if lines else _lines(element, headline)
    published, modified = (_date(update.get(name)) for name in ("datePublished", "dateModified"))
    return Post(
        tuple(line for line in map(squeeze, lines) if line),
        headline,
        ", ".join(named(update.get("author"), [])),
        web_address(address),
        anchor,
        Dates(published, modified, "json-ld"),
    )


def _from_items(page: HtmlElement) -> Iterator[Post]:
    for item in page.iterfind(".//*[@itemprop]"):
        if _is_update(item) and not any(map(_is_update, item.iterancestors())):
            properties = {one.get("itemprop"): one for one in reversed(item.findall(".//*[@itemprop]"))}
            headline, body = properties.get("headline"), properties.get("articleBody")
            said = squeeze(headline.text_content()) if headline is not None else _heading(item)
            author = properties.get("author")
            yield Post(
                tuple(_lines(item if body is None else body, said)),
                said,
                squeeze(author.text_content()) if author is not None else "",
                anchor=_anchor(item),
                dates=Dates(_shown_date(item, properties), None, "time"),
            )


def _is_update(element: HtmlElement) -> bool:
    return "liveBlogUpdate" in element.get("itemprop", "").split()


def _from_blocks(page: HtmlElement, data: Iterable[dict[str, Any]]) -> Iterator[Post]:
    is_live = any("LiveBlog" in kind for item in data for kind in kinds_of(item))
    groups: dict[tuple[HtmlElement, str, str], list[HtmlElement]] = defaultdict(list)
    for element in page.iterfind(".//time[@datetime]"):
        for block in element.iterancestors():
            if block.get("id") and block.tag not in {"body", "main"} and block.getparent() is not None:
                groups[block.getparent(), block.tag, block.get("class", "")[:100]].append(block)
                break
    for (around, _, _), found in groups.items():
        group = list(dict.fromkeys(found))
        named_so = any(_LIVE.search(marks(one)) for one in (group[0], around, *around.iterancestors()))
        if len(group) >= _FEWEST and (is_live or named_so) and not lies_beside(group[0], []):
            for block in group:
                headline = _heading(block)
                yield Post(
                    tuple(_lines(block, headline)),
                    headline,
                    anchor=block.get("id"),
                    dates=Dates(_shown_date(block, {}), None, "time"),
                )
            return


def _lines(element: HtmlElement, headline: str) -> list[str]:
    """List the paragraphs of a post, without its headline and the clock."""
    from index.boxes import drop_boxes

    copy = deepcopy(element)
    copy.tail = None
    clocks = {squeeze(clean(one.text_content())) for one in copy.iter("time")}
    drop_boxes(copy)
    spell_out(copy)
    return [line for line in blocks(copy) if line not in {headline, *clocks} and not _CLOCK.fullmatch(line)]


def _heading(element: HtmlElement) -> str:
    return next(
        (said for one in element.xpath(_HEADINGS) if (said := squeeze(clean(one.text_content())))), ""
    )


def _anchor(element: HtmlElement) -> str:
    inner = element.find(".//*[@id]")
    return element.get("id") or (inner.get("id", "") if inner is not None else "")


def _shown_date(element: HtmlElement, properties: dict[str | None, HtmlElement]) -> date | None:
    marked = properties.get("datePublished")
    times = [*([] if marked is None else [marked]), *element.iterfind(".//time[@datetime]")]
    values = (one.get("datetime") or one.get("content") for one in times)
    return next((day for value in values if (day := _date(value))), None)


def _date(value: object) -> date | None:
    return parse_date(value) if isinstance(value, str) else None


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")


def _is_closing(post: Post) -> bool:
    """Tell whether a post only says that its blog ends here."""
    short = sum(map(len, post.paragraphs)) <= _LONGEST_CLOSING
    return short and _CLOSING.match(post.paragraphs[0]) is not None


def _moment(post: Post) -> datetime:
    """Give what posts are ordered by; those without a date come last, in the order of the page."""
    published = post.dates.published
    if published is None:
        return datetime.max.replace(tzinfo=timezone.utc)
    if isinstance(published, datetime):
        return published if published.tzinfo else published.replace(tzinfo=timezone.utc)
    return datetime.combine(published, time.min, timezone.utc)
