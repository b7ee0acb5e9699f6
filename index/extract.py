"""Raw documents to articles: trafilatura for HTML, rules for plain text and Markdown."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from index.characters import ExtractError, clean, decode, paragraphs_of, squeeze
from index.dates import Dates, date_in_file_name
from index.fields import dated, described, front_matter, holds_markup, is_page, read_row, told
from index.language import language_of
from index.residue import without_residue
from index.types import Article

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from index.live import Post
    from index.metadata import Metadata

__all__ = [
    "ExtractError",
    "article_from_html",
    "article_from_markdown",
    "article_from_row",
    "article_from_text",
    "articles_from_html",
]

_LONGEST_TEXT = 200_000  # characters; the longest of 609 news articles measured has 71,000
_BLOCKS = ("p", "div", "li", "td", "th", "dd", "dt", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6")
_MOST_BLOCKS = 3_000  # of those, 205 news pages have 2,420 at most; justext took 24 s over 11,000
_MOST_BRACKETS = 5_000  # markdown-it takes 4.6 s over 100,000 of them, and four times that over twice as many


def article_from_html(html: str | bytes, *, url: str = "", source: str = "") -> Article:
    """Make an article of a web page: its story without menus, comments, advertisements and hidden text.

    Nothing is fetched. `url` is where the page came from, if known. Raises ExtractError for a page that is
    too large, too deep, or has no story in it, such as a paywall, an error page or one that asks for consent.
    """
    from index.metadata import metadata_of
    from index.pages import parse_page

    page = parse_page(html)
    return _of_page(page, metadata_of(page, url, source), source)


def articles_from_html(html: str | bytes, *, url: str = "", source: str = "") -> list[Article]:
    """Make the articles of a web page: one, or of a live blog one for each post, the oldest first.

    A post has its own headline behind that of its page, its own moment and text, and is of the outlet,
    language and genre of its page; its address is its own there, or that of the page with the post's
    id. Raises ExtractError as `article_from_html` does.
    """
    from index.live import posts_of
    from index.metadata import metadata_of
    from index.pages import parse_page

    page = parse_page(html)
    known = metadata_of(page, url, source)
    made = _of_posts(posts_of(page, source), known, source)
    return made if len(made) > 1 else [_of_page(page, known, source)]


def article_from_text(text: str | bytes, *, title: str = "", url: str = "", source: str = "") -> Article:
    """Make an article of plain text, without the residue of the page it was saved from.

    A headline at the top becomes the title, unless one is given. Raises ExtractError where nothing is left.
    """
    return _article(paragraphs_of(clean(_decoded(text))), squeeze(clean(title)), url, source)


def article_from_markdown(text: str | bytes, *, source: str = "") -> Article:
    """Make an article of Markdown; front matter gives what it names, a first heading the title.

    Raises ExtractError where nothing is left, or a field of the front matter is not text.
    """
    from markdown_it import MarkdownIt

    from index.lines import blocks, spell_out
    from index.pages import parse_page

    fields, body = front_matter(clean(_decoded(text)))
    if len(body) > _LONGEST_TEXT or body.count("[") > _MOST_BRACKETS:
        raise ExtractError(
            f"more than {_LONGEST_TEXT:,} characters or {_MOST_BRACKETS:,} brackets of Markdown"
        )
    page = parse_page(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(body))
    spell_out(page)
    paragraphs, heading = blocks(page), squeeze("".join(page.xpath("string(.//h1[1])")))
    title = told(fields, "title") or (heading if paragraphs[:1] == [heading] else "")
    return described(_article(paragraphs, title, "", source), fields, "front matter")


def article_from_row(line: str | bytes, *, source: str = "", kind: str = "") -> Article:
    """Make an article of one JSON object: its text, and the fields that say more of it.

    A text that is written in HTML is read as such, one that is a whole page as `article_from_html` does, and
    so is any of the `kind` ".html"; one of ".md" as `article_from_markdown` does.
    Raises ExtractError for a line that is not JSON, has no text, or whose fields are not text.
    """
    row = read_row(_decoded(line))
    text, title = str(row["text"]), told(row, "title")
    if kind == ".md":
        article = article_from_markdown(text, source=source)
    elif not holds_markup(text):
        article = article_from_text(text, title=title, source=source)
    elif is_page(text) or kind == ".html":
        article = article_from_html(text, source=source)
    else:
        article = _article(_blocks_of(text), title, "", source)
    return described(article, row, "field")


def _blocks_of(html: str) -> list[str]:
    """List the paragraphs of a story in HTML that is no page: nothing in it is beside the story."""
    from index.lines import blocks, spell_out
    from index.pages import parse_page

    page = parse_page(html)
    spell_out(page)
    return blocks(page)


def _of_page(page: HtmlElement, known: Metadata, source: str) -> Article:
    from index.headlines import heading_of, page_title
    from index.lines import blocks
    from index.notices import without_authors_note
    from index.stated import lost_standfirst, whole_body
    from index.stubs import refuse_scrap, refuse_stub

    shown, titles = blocks(page), [page_title(page), heading_of(page)]
    unscripted = [squeeze(element.text_content()) for element in page.iter("noscript")]
    lines = without_authors_note(_lines(page), known.byline)
    standfirst = lost_standfirst(known.title, lines, known.descriptions, shown)
    try:
        article = _article(whole_body(lines, known.body), known.title, known.url, source, standfirst)
    except ExtractError:
        refuse_stub("", titles, [*shown, *unscripted], is_free=known.is_free)
        raise
    refuse_stub(article.text, titles, shown, is_free=known.is_free)
    refuse_scrap(article.text)
    return replace(
        dated(article, known.dates),
        outlet=known.outlet or article.outlet,
        byline=known.byline or article.byline,
        language=article.language or known.language,
        genre=known.genre,
    )


def _of_posts(posts: Iterable[Post], known: Metadata, source: str) -> list[Article]:
    """Make the articles of posts; one of which nothing is left without its residue is left out."""
    from index.live import address_of, title_of

    made: dict[str, Article] = {}
    for post in dict.fromkeys(posts):
        name = first = quote(post.anchor or str(post.dates.published or "post").replace(" ", "T"))
        while name in made:
            name = f"{first}-{len(made)}"
        url = address_of(post, known.url, name)
        with suppress(ExtractError):
            article = _article(post.paragraphs, post.headline, url, f"{source}#{name}" if source else "")
            made[name] = replace(
                dated(article, post.dates),
                title=title_of(replace(post, headline=article.title), known.title),
                outlet=known.outlet or article.outlet,
                byline=post.byline or article.byline or known.byline,
                language=article.language or known.language,
                genre=known.genre,
            )
    return list(made.values())


def _article(paragraphs: Sequence[str], title: str, url: str, source: str, standfirst: str = "") -> Article:
    story = without_residue(paragraphs, title)
    body = _body([standfirst, *story.paragraphs] if standfirst else story.paragraphs)
    dates = story.credit.dates | Dates(date_in_file_name(source), None, "file")
    return Article(
        text=body,
        title=story.title,
        outlet=story.credit.outlet,
        byline=story.credit.byline,
        url=url,
        published=dates.published,
        modified=dates.modified,
        date_source=dates.date_source,
        language=language_of(body),
        source=source,
    )


def _lines(page: HtmlElement) -> list[str]:
    """Take the lines of a page's story out of it; tables stay, readers' comments do not."""
    from trafilatura import bare_extraction

    from index.boxes import drop_boxes
    from index.lines import parted, spell_out, with_headings

    drop_boxes(page)
    spell_out(page)
    shown = deepcopy(page)
    logging.getLogger("trafilatura").setLevel(logging.ERROR)  # what it discards is told of as an ExtractError
    slow = sum(1 for _ in page.iter(*_BLOCKS)) > _MOST_BLOCKS
    try:
        found = bare_extraction(page, include_comments=False, fast=slow)
    except Exception as error:  # of many kinds: it trusts the structured data in a page
        raise ExtractError(f"trafilatura failed on it: {type(error).__name__}") from error
    lines = clean(getattr(found, "text", None) or "").split("\n")
    whole = parted([squeeze(line).removeprefix("- ") for line in lines if squeeze(line)], shown)
    return with_headings(whole, shown)


def _decoded(text: str | bytes) -> str:
    return decode(text) if isinstance(text, bytes) else text


def _body(paragraphs: Iterable[str]) -> str:
    body = "\n\n".join(paragraphs)
    if not body:
        raise ExtractError("no text in it")
    if len(body) > _LONGEST_TEXT:
        raise ExtractError(f"{len(body):,} characters of text; at most {_LONGEST_TEXT:,} are read")
    return body
