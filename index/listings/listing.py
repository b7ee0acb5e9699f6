"""What a feed or a sitemap lists: the entries that can be used, and why others cannot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from itertools import islice
from urllib.parse import urljoin

from index.characters import ExtractError, paragraphs_of, squeeze
from index.listings.tracking import untracked
from index.metas import plain
from index.types import Failure, own_address, web_address

MOST_ENTRIES = 2000  # of one feed; most have 10 to 100
LONGEST_ADDRESS = 2000  # characters; sitemaps.org allows 2,048, the longest of a news page has some 300
_LONGEST_STAMP = 100
_MOST_SECTIONS = 20
_SHOWN = 60  # characters of an address that cannot be used
_MOST_FAILURES = 100  # told one by one; the rest is counted


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as a feed or a sitemap names it, "" and None for what is not said.

    `address` is absolute, http or https, without tracking parameters, so that one article has one.
    `published` and `modified` are a `datetime` with its time zone where the time is known. `stamp` is what
    the source writes as the time of the last change: while it stays as it is, so does the article; "" says
    nothing about that. `content` is the full text as HTML; a summary is left out.
    """

    address: str
    title: str = ""
    byline: str = ""
    outlet: str = ""
    published: date | None = None
    modified: date | None = None
    language: str = ""
    sections: tuple[str, ...] = ()
    stamp: str = ""
    content: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """The entries of a feed or a sitemap, each address once, in its order.

    `more` are addresses where it goes on: the sitemaps of an index, the next page of a feed. `left_out` are
    the entries that cannot be used, and in one line what of it was not read; () where all of it was.
    """

    title: str
    entries: tuple[Entry, ...]
    more: tuple[str, ...] = ()
    left_out: tuple[Failure, ...] = ()


def listing(
    title: str, address: str, made: Iterable[Entry | Failure], more: Iterable[str] = (), missing: str = ""
) -> Listing:
    """Put a listing together from entries and failures; `missing` says what was not read of it."""
    entries: dict[str, Entry] = {}
    failures: list[Failure] = []
    for one in made:
        if isinstance(one, Failure):
            failures.append(one)
        else:
            entries.setdefault(one.address, one)
    told = failures[:_MOST_FAILURES]
    if len(failures) > len(told):
        told.append(Failure(address, f"{len(failures) - len(told):,} more entries that cannot be used"))
    if missing:
        told.append(Failure(address, missing))
    goes_on = (one for one in dict.fromkeys(more) if one and one != address)
    return Listing(title, tuple(entries.values()), tuple(goes_on), tuple(told))


def told_missing(number: int, most: int, trouble: str) -> str:
    """Say in one line what of a list was not read, "" where all of it was.

    >>> told_missing(2500, 2000, ""), told_missing(3, 2000, "it ends in the middle")
    ('500 of 2,500 entries were not read: at most 2,000 are', 'not read to its end: it ends in the middle')
    """
    over = f"{number - most:,} of {number:,} entries were not read: at most {most:,} are"
    return "; ".join([over] * (number > most) + ([f"not read to its end: {trouble}"] if trouble else []))


def unusable(address: str, number: int, title: str, error: ExtractError) -> Failure:
    """Say why an entry cannot be used, and which one it is; `number` counts them from 0."""
    name = f"entry {number + 1:,}" + (f" ({title[:_SHOWN]})" if title else "")
    return Failure(address, f"{name}: {error}")


def stamped(text: str) -> str:
    """Take the time of a change as it is written; what is longer than any time says nothing."""
    text = squeeze(text[: 2 * _LONGEST_STAMP])
    return text if len(text) <= _LONGEST_STAMP else ""


def sections_of(written: Iterable[str]) -> tuple[str, ...]:
    """Make plain names of sections, each once, the first twenty."""
    names = (plain(text) for text in islice(written, _MOST_SECTIONS))
    return tuple(dict.fromkeys(filter(None, names)))


def as_html(text: str) -> str:
    r"""Write plain text as HTML, paragraph by paragraph.

    >>> as_html("Fish & chips.\n\nNo peas.")
    '<p>Fish &amp; chips.</p><p>No peas.</p>'
    """
    return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs_of(text))


def with_defaults(made: Entry | Failure, byline: str, language: str) -> Entry | Failure:
    """Let an entry have the author and the language of its feed where it has none of its own."""
    if isinstance(made, Failure):
        return made
    return replace(made, byline=made.byline or byline, language=made.language or language)


def chosen_address(candidates: Sequence[str], listed_at: str) -> str:
    """Take the first of the addresses of an entry that can be one article's own, without tracking.

    Raises ExtractError, which says what is wrong with the first one, where there is none.
    """
    first = ""
    for candidate in candidates:
        is_sound = len(candidate) <= LONGEST_ADDRESS and web_address(candidate)
        address = untracked(candidate) if is_sound else ""
        reason = _reason_against(candidate, address, listed_at)
        if not reason:
            return address
        first = first or reason
    raise ExtractError(first or "no address")


def absolute(base: str, written: str) -> str:
    r"""Make an address absolute as a browser does: without line ends in it, and with its spaces escaped.

    >>> absolute("https://news.example/feed", " ../2020/old bridge\n ")
    'https://news.example/2020/old%20bridge'
    """
    one = "".join(written.strip().splitlines()).replace("\t", "").replace(" ", "%20")
    if one.startswith(("https://", "http://")):
        return one
    try:
        return urljoin(base, one) if one else ""
    except ValueError:  # "http://[news.example/"
        return one


def _reason_against(written: str, address: str, listed_at: str) -> str:
    if len(written) > LONGEST_ADDRESS:
        return f"an address of {len(written):,} characters; at most {LONGEST_ADDRESS:,} are taken"
    if not address:
        return f"not a web address that can be used: {written[:_SHOWN]}"
    if address in {listed_at, untracked(listed_at)}:
        return "its address is that of the list it stands in"
    return "" if own_address(address) else f"the address of a whole site: {address[:_SHOWN]}"
