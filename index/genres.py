"""Whether an article is somebody's opinion, an analysis, a review, or paid for, by what it says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from index.types import Article, Genre

_GENRES: tuple[Genre, ...] = ("sponsored", "opinion", "analysis", "review")  # the first that fits counts
_NAMES: dict[Genre, str] = {
    "sponsored": r"sponsored|paid (?:post|content)|advertorial|advertisement|anzeige",
    "opinion": r"opinion|commentary|comment|editorial|op-ed|column|kommentar|meinung|leitartikel|gastbeitrag",
    "analysis": r"(?:news )?analysis|analyse",
    # Not "Review:" by itself, which may be a council's: "Review: police ignored warnings".
    "review": r"(?:album|book|film|game|movie|music|restaurant|theat(?:er|re)|tv)[ -]review|rezension",
}
_HEADED = {
    name: re.compile(rf"\W*(?:{words})(?: content| post)?\s*[:|–—]", re.IGNORECASE)
    for name, words in _NAMES.items()
}
_ENDED = {  # "The handshake was the policy | Opinion", "Cheap gas for all (Advertisement)"
    name: re.compile(
        rf".+(?:\|\s*(?:{words})(?:\s*[|–—].*)?|[(\[](?:{words})(?: content| post)?[)\]]\W*)", re.IGNORECASE
    )
    for name, words in _NAMES.items()
}
_FILED: dict[Genre, frozenset[str]] = {
    "sponsored": frozenset(
        "sponsored sponsored-content paid-post partner-content brandvoice advertorial anzeige".split()
    ),
    "opinion": frozenset(
        "opinion opinions commentisfree op-ed editorial editorials columnists kommentar meinung".split()
    ),
}
_SECTIONS: dict[Genre, frozenset[str]] = {
    "sponsored": _FILED["sponsored"]
    | frozenset("sponsored-post paid-content branded-content advertisement-feature".split()),
    "opinion": _FILED["opinion"]
    | frozenset("op-eds comment comments commentary columnist column columns viewpoint viewpoints".split())
    | frozenset("guest-essay guest-essays letters letters-to-the-editor comment-is-free".split())
    | frozenset("kommentare leitartikel gastbeitrag".split()),
    "analysis": frozenset("analysis news-analysis analyse analysen".split()),
    "review": frozenset(
        "review reviews book-reviews film-reviews movie-reviews album-reviews rezension rezensionen".split()
    ),
}
_KINDS: dict[str, Genre] = {  # of schema.org
    "AdvertiserContentArticle": "sponsored",
    "OpinionNewsArticle": "opinion",
    "AnalysisNewsArticle": "analysis",
    "ReviewNewsArticle": "review",
}
_PAID = re.compile(
    r"\W*(?:this (?:article|content|post|story) (?:is|was) (?:sponsored|paid for) by|sponsored by|"
    r"paid for by|gesponsert von|"
    r"(?:paid (?:content|post)|sponsored (?:content|post)|advertisement feature|advertorial|bezahlter inhalt)"
    r"(?=\W*$|\s*(?:by|from|von|[:|–—-])\s))"
    r"(?:[^.!?]{0,80}|[^.!?,;]{0,60}[.!])",  # with a comma and a full stop it is a sentence of the story
    re.IGNORECASE,
)
_HEAD_LINES = 3  # of a text, in which a line may say who paid for it


def genre(article: Article) -> Genre:
    """Tell what an article is by what it states, its headline, its address and its first lines.

    "" is a report, and what does not say.

    >>> genre(Article("…", "Opinion: The handshake was the policy"))
    'opinion'
    >>> genre(Article("…", "Ten tips", url="https://post.example/paid-post/ten-tips"))
    'sponsored'
    """
    lines = (line for line in article.text[:1000].splitlines() if line.strip())
    if any(_PAID.fullmatch(line.strip()) for _, line in zip(range(_HEAD_LINES), lines, strict=False)):
        return "sponsored"
    return article.genre or _by_headline(article.title) or _by_address(article.url)


def stated_genre(kinds: Iterable[str], sections: Iterable[str]) -> Genre:
    """Tell what a page or a row is by its types of schema.org, and the names of the sections it is filed in.

    >>> stated_genre(["NewsArticle"], ["World, Op-Ed"]), stated_genre(["ReviewNewsArticle"], [])
    ('opinion', 'review')
    """
    found = {_KINDS[name] for kind in kinds if (name := kind.rpartition("/")[2]) in _KINDS}
    names = (_slug(name) for section in sections for name in re.split(r"[,;/|>]", section))
    found |= {one for name in names for one in _GENRES if name in _SECTIONS[one]}
    return next((one for one in _GENRES if one in found), "")


def _by_headline(title: str) -> Genre:
    fits = (one for one in _GENRES if _HEADED[one].match(title) or _ENDED[one].fullmatch(title))
    return next(fits, "")


def _by_address(url: str) -> Genre:
    try:
        folders = set(urlsplit(url).path.lower().split("/")[:-1])
    except ValueError:
        return ""
    return next((one for one in _FILED if folders & _FILED[one]), "")


def _slug(name: str) -> str:
    return "-".join(re.findall(r"\w+", name.casefold()))
