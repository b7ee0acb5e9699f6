"""The nouns of the index: article, passage, hit, scope, and the report of a sync."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal
from urllib.parse import urlsplit

# Called with a stage, what is done of it, and how much there is, None where that is not known.
Progress = Callable[[str, int, int | None], None]


def silent(stage: str, done: int, total: int | None) -> None:
    """Report progress to nobody."""


Confidence = Literal["high", "medium", "low", ""]
Genre = Literal["", "opinion", "analysis", "review", "sponsored"]

# How sure a date is, by where it was read; the counts are of 144 news pages whose date is known.
_CONFIDENCE: dict[str, Confidence] = {
    "json-ld": "high",  # stated in a field made for it; 54 of 61, the others mostly the day of a change
    "meta": "high",  # the same; 21 of 22
    "feed": "high",  # the same, by the outlet's own feed
    "front matter": "high",  # the same, by whoever wrote or filed the article
    "field": "high",
    "time": "medium",  # marked on the page, but a teaser's date is too; 4 of 4
    "address": "medium",  # the day it was filed under, which may be the day before; 3 of 3
    "dateline": "medium",  # the day it was written, which may be the day before
    "text": "medium",  # a line that tells it, known by its looks; 9 of 11
    "file": "low",  # of the file's name, which may tell when it was saved
}
_NEVER_IN_ADDRESSES = re.compile(r"[\s\\<>\"\x00-\x20\x7f]")


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it is searched and quoted.

    `text` is the body, and every offset in Dateline counts its characters. `published` and `modified` are
    a `datetime` with its time zone where the time is known, else a `date`; `date_source` says where
    `published` was read: "json-ld", "meta", "time", "feed", "address", "dateline", "text", "file" (its
    name), "front matter" or "field", "" where that is not known. `source` is the document it came from: a
    path, or a path and a row. `genre` is what its page or its fields say that it is; `index.genres.genre`
    reads its headline and its address too.

    `added` is the day it first came into the index, and `renewed` the day this version did where it is not
    the first; they are None outside an index, and two articles that differ in them only are equal.
    """

    text: str
    title: str = ""
    outlet: str = ""
    byline: str = ""
    url: str = ""
    published: date | None = None
    modified: date | None = None
    date_source: str = ""
    language: str = ""
    source: str = ""
    genre: Genre = ""
    added: date | None = field(default=None, compare=False)
    renewed: date | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        """Refuse days that are no dates (TypeError): they would be found out when they are stored."""
        for name in ("published", "modified", "added", "renewed"):
            value = getattr(self, name)
            if value is not None and not isinstance(value, date):
                kind = type(value).__name__
                raise TypeError(f"{name} must be a date or a datetime, not {kind}; see date.fromisoformat")

    @property
    def id(self) -> str:
        """Sixteen hexadecimal digits that name the article through all its versions.

        Made from its own address, else from the document it came from, else from its words.
        """
        return _digest(own_address(self.url) or self.source or f"{self.title}\n{self.text}")

    @property
    def version(self) -> str:
        """Sixteen hexadecimal digits that change whenever anything a reader sees changes."""
        values = [str(getattr(self, name)) for name in VERSIONED]
        # What has no genre keeps the version it had before there were any.
        return _digest("\x1f".join(values if self.genre else values[:-1]))

    @property
    def published_day(self) -> date | None:
        """The day of publication in the outlet's own time zone, None for an undated article."""
        return _day(self.published)

    @property
    def written_day(self) -> date | None:
        """The day this version was finished: of its last change, else of publication; None if undated."""
        days = [day for day in (self.published_day, _day(self.modified)) if day]
        return max(days, default=None)

    @property
    def spoken_day(self) -> date | None:
        """The day that "yesterday" counts from; None if undated, or if the text was changed days later."""
        published, modified = self.published_day, _day(self.modified)
        return None if published and modified and (modified - published).days > 1 else published

    @property
    def counted_day(self) -> date | None:
        """The day it counts for where days are bounded: of publication, else the one it was added on."""
        return self.published_day or self.added

    @property
    def changed_day(self) -> date | None:
        """The day it was changed, as it says itself, else as its newer version came; None if it was not."""
        modified, published = _day(self.modified), self.published_day
        return modified if modified and (published is None or modified > published) else self.renewed

    @property
    def date_confidence(self) -> Confidence:
        """How sure the date of publication is, by where it was read; "" for an undated article."""
        return _CONFIDENCE.get(self.date_source, "low") if self.published else ""

    @property
    def label(self) -> str:
        """What to call it where there is room for one name: outlet, else title, else document."""
        return self.outlet or self.title or self.document or "an article"

    @property
    def document(self) -> str:
        """What the document it came from is called, without the folders it is in, which say who keeps it."""
        return _last_part(self.source)


def _last_part(path: str) -> str:
    return path.replace("\\", "/").rsplit("/", 1)[-1]


# What a reader sees of an article: a change in any of it makes another version.
VERSIONED = (
    "text",
    "title",
    "outlet",
    "byline",
    "url",
    "published",
    "modified",
    "date_source",
    "language",
    "genre",
)


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of one article, `text == article.text[start:end]`.

    `sentences` are the (start, end) offsets of its sentences, in the article, in order.
    """

    article: Article
    start: int
    end: int
    sentences: tuple[tuple[int, int], ...] = ()

    @property
    def text(self) -> str:
        """The passage's words, exactly as they stand in the article."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question; a higher score is better, comparable within one search only."""

    passage: Passage
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """What one question found: its hits, and in whole sentences what may have been missed of them."""

    hits: tuple[Hit, ...]
    limits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """Which articles a question is about; None and () leave a side open.

    `as_of` is the day the question is asked on: what was written or changed later does not exist yet, and an
    undated article may have. `since` and `until` are the first and last day of publication; an undated
    article counts for the day it was added. `outlets` are names, compared without regard to case, to white
    space and to how accents are encoded.
    """

    as_of: date | None = None
    since: date | None = None
    until: date | None = None
    outlets: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be meant: a wrong type (TypeError), since after until, no text (ValueError)."""
        for name in ("as_of", "since", "until"):
            value = getattr(self, name)
            if value is not None and (not isinstance(value, date)):
                raise TypeError(f"{name} must be a date, not {type(value).__name__}")
            object.__setattr__(self, name, _day(value))
        if isinstance(self.outlets, str) or not all(isinstance(name, str) for name in self.outlets):
            raise TypeError("outlets must be a sequence of names")
        names = {outlet_key(name): name for name in reversed(self.outlets)}
        object.__setattr__(self, "outlets", tuple(reversed(names.values())))
        for name in self.outlets:
            if any("\ud800" <= character <= "\udfff" for character in name):
                raise ValueError(f"outlet {name!r} holds characters that are no text (lone surrogates)")
        if self.since and self.until and self.since > self.until:
            raise ValueError(f"since ({self.since}) is after until ({self.until})")

    def holds(self, article: Article) -> bool:
        """Tell whether the article lies inside."""
        if self.outlets and outlet_key(article.outlet) not in map(outlet_key, self.outlets):
            return False
        if self.as_of and article.written_day and article.written_day > self.as_of:
            return False
        return not (self.since or self.until) or self._spans(article.counted_day)

    def sees_changed(self, article: Article) -> bool:
        """Tell whether an article of earlier days was changed inside since and until."""
        if not self.since or self.holds(article) or not replace(self, since=None, until=None).holds(article):
            return False
        return self._spans(article.changed_day)

    def _spans(self, day: date | None) -> bool:
        """Tell whether a day lies between since and until; nothing is added after the day asked on."""
        last = min(self.until or date.max, self.as_of or date.max)
        return day is not None and (self.since or date.min) <= day <= last


@dataclass(frozen=True, slots=True)
class Failure:
    """A document that gave no article, and why, in words for the person who put it there."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source and how reading it went: when it was tried, when that last went well, what was wrong since.

    `succeeded` is None where it never went well, `reason` "" where it went well the last time. Moments are in
    UTC.
    """

    root: str
    tried: datetime
    succeeded: datetime | None
    reason: str

    @property
    def place(self) -> str:
        """Where it is, without what follows a question mark, which may be a key."""
        return self.root.partition("?")[0]

    @property
    def since(self) -> str:
        """Say since when it could not be read."""
        moment = self.succeeded
        day = moment and f"{moment.day} {moment:%B %Y, %H:%M} UTC"
        return f"has not been read since {day}" if day else "was never read"

    @property
    def name(self) -> str:
        """What readers are told of where it is: an address, or a file or folder without those it is in."""
        return self.place if "://" in self.place else _last_part(self.place.rstrip("/\\"))

    @property
    def in_words(self) -> str:
        """Tell readers since when it could not be read and why, as the beginning of a sentence."""
        return f"{self.name} {self.since} ({self.reason})"


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What one sync did: the documents by what became of them, each named by path, path and row, or address.

    `passed_over` are the files in folders that are of no kind that is read.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    failed: tuple[Failure, ...] = field(default=())
    passed_over: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the articles cover; days are those of publication.

    `stories` is how many of the articles are independent: however many copies of one report, they count once.
    `failing` are the sources that could not be read the last time, whatever the scope.
    """

    articles: int
    outlets: tuple[str, ...]
    first_day: date | None
    last_day: date | None
    undated: int
    last_sync: datetime | None
    stories: int = 0
    failing: tuple[SourceState, ...] = ()


def outlet_key(name: str) -> str:
    """Write an outlet's name as it is compared.

    >>> outlet_key(" Le  Journe\u0301 ") == outlet_key("le journ\u00e9")
    True
    """
    return " ".join(unicodedata.normalize("NFC", name).split()).casefold()


def web_address(text: str) -> str:
    """Keep an address that is safe to link to, "" for anything else.

    >>> web_address("https://news.example/hanoi"), web_address("javascript:alert(1)")
    ('https://news.example/hanoi', '')
    >>> web_address("https://news.example@other.example/")
    ''
    """
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return ""
    safe = parts.scheme in {"http", "https"} and host and "@" not in parts.netloc
    return text if safe and not _NEVER_IN_ADDRESSES.search(text) else ""


def own_address(text: str) -> str:
    """Keep a safe address that can be one article's own, "" for that of a whole site, which names none.

    >>> own_address("https://news.example/?p=12"), own_address("https://news.example/")
    ('https://news.example/?p=12', '')
    """
    address = web_address(text)
    parts = urlsplit(address)
    return address if parts.path.strip("/") or parts.query else ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _day(value: date | None) -> date | None:
    return value.date() if isinstance(value, datetime) else value
