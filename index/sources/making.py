"""Documents to articles, each by the rules of its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from urllib.parse import urlsplit

from index.characters import ExtractError, decode
from index.dates import Dates
from index.genres import stated_genre
from index.headlines import without_outlet
from index.listings.feeds import read_feed
from index.listings.kinds import kind_of
from index.listings.listing import Entry, Listing
from index.listings.sitemaps import read_sitemap
from index.sources.document import LARGEST_ROW, NO_TEXT, Document, is_text
from index.types import Article

_STATED = ("json-ld", "meta")  # what a page says in fields made for it


def articles(document: Document) -> Iterator[tuple[str, Article]]:
    """Yield the articles of a document, each under what tells it from the others; one alone is "".

    Raises ExtractError where there is none in it.
    """
    if document.kind.startswith(".jsonl") and len(document.content) > LARGEST_ROW:
        raise ExtractError(f"larger than {LARGEST_ROW:,} bytes")
    for name, made in _made(document):
        host = made.outlet if _is_host(made.outlet, made.url, document.address) else ""
        own = replace(made, outlet="") if host else made
        described = _described(own, document.entry) if document.entry else own
        outlet = described.outlet or document.outlet or host
        finished = replace(described, outlet=outlet, title=without_outlet(described.title, outlet))
        if not is_text(finished):
            raise ExtractError(NO_TEXT)
        yield name, finished


def _made(document: Document) -> Iterable[tuple[str, Article]]:
    from index import extract
    from index.formats import docx, eml, pdf

    make: dict[str, Callable[..., Article]] = {
        ".docx": docx.article_from_docx,
        ".eml": eml.article_from_eml,
        ".jsonl": extract.article_from_row,
        ".jsonl.html": partial(extract.article_from_row, kind=".html"),
        ".jsonl.md": partial(extract.article_from_row, kind=".md"),
        ".md": extract.article_from_markdown,
        ".pdf": pdf.article_from_pdf,
        ".txt": extract.article_from_text,
    }
    if document.kind == ".epub":
        from index.formats import epub

        return epub.articles_from_epub(document.content, source=document.source)
    if document.kind in make:
        return [("", make[document.kind](document.content, source=document.source))]
    page = decode(document.content, document.charset) if document.charset else document.content
    made = extract.articles_from_html(page, url=document.address, source=document.source)
    if len(made) == 1:
        return [("", made[0])]
    return [(post.source.rpartition("#")[2], post) for post in made]


def listing(content: bytes, address: str, media_type: str, charset: str = "") -> Iterator[str | Listing]:
    """Tell what was fetched from an address: "feed" or "sitemap" and what it lists, "html" or "" alone."""
    kind = kind_of(content, media_type)
    yield kind
    if kind == "feed":
        yield read_feed(content, address, charset)
    elif kind == "sitemap":
        yield read_sitemap(content, address, charset)


def _is_host(outlet: str, *addresses: str) -> bool:
    """Tell whether what is called an outlet is only where its page was found."""
    hosts = {urlsplit(address).netloc.lower() for address in addresses}
    names = {host.removeprefix("www.") for host in hosts | {host.partition(":")[0] for host in hosts}}
    return outlet.lower().removeprefix("www.") in names - {""}


def _described(made: Article, entry: Entry) -> Article:
    """Add what a feed or sitemap says of an article that its page does not.

    A page's own data tells best when it was published, then the feed, then what is seen on the page.
    """
    said = Dates(entry.published, entry.modified, "feed")
    own = Dates(made.published, made.modified, made.date_source)
    dates = own | said if made.date_source in _STATED else said | own
    return replace(
        made,
        title=made.title or entry.title,
        byline=made.byline or entry.byline,
        outlet=made.outlet or entry.outlet,
        language=made.language or entry.language,
        genre=made.genre or stated_genre((), entry.sections),
        published=dates.published,
        modified=dates.modified,
        date_source=dates.date_source,
    )
