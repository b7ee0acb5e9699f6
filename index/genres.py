"""Whether an article is somebody's opinion, or paid for, by its headline and its address."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from index.types import Article, Genre

_HEADED: dict[Genre, re.Pattern[str]] = {
    "sponsored": re.compile(
        r"\W*(?:sponsored|paid (?:post|content)|advertorial|advertisement|anzeige)\b"
        r"(?: content| post)?\s*[:|–—]",
        re.IGNORECASE,
    ),
    "opinion": re.compile(
        r"\W*(?:opinion|commentary|comment|editorial|op-ed|column|kommentar|meinung|leitartikel|gastbeitrag)"
        r"\s*[:|–—]",
        re.IGNORECASE,
    ),
}
_FILED: dict[Genre, frozenset[str]] = {
    "sponsored": frozenset(
        "sponsored sponsored-content paid-post partner-content brandvoice advertorial anzeige".split()
    ),
    "opinion": frozenset(
        "opinion opinions commentisfree op-ed editorial editorials columnists kommentar meinung".split()
    ),
}


def genre(article: Article) -> Genre:
    """Tell what an article says it is; "" for a report, and for what does not say.

    >>> genre(Article("…", "Opinion: The handshake was the policy"))
    'opinion'
    >>> genre(Article("…", "Ten tips", url="https://post.example/paid-post/ten-tips"))
    'sponsored'
    """
    try:
        folders = set(urlsplit(article.url).path.lower().split("/")[:-1])
    except ValueError:
        folders = set()
    return next((one for one in _HEADED if _HEADED[one].match(article.title) or folders & _FILED[one]), "")
