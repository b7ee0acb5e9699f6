"""The words of a story that a page states in its data: a standfirst, a whole body, what is to be paid."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import unescape
from typing import Any

from index.characters import clean, paragraphs_of
from index.metas import Metas, plain

_DESCRIPTIONS = ("og.description", "description", "twitter.description", "dc.description", "dcterms.abstract")
_FEWEST_LETTERS = 30  # of a standfirst; fewer are a label
_SHORTEST_BODY = 1000  # characters
_TIMES_SHOWN = 3  # what a body that is stated has to have more of than what is shown
_FEW_SHOWN = 400  # characters: a caption, a teaser; they need not be part of the body
_LINE_END = re.compile(r"</(?:p|div|li|h\d|blockquote)>|<br\s?/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")


def descriptions_of(about: Iterable[dict[str, Any]], metas: Metas) -> tuple[str, ...]:
    """List what a page says in short of its article; `about` are the JSON-LD objects of the article."""
    stated = [*(plain(item.get("description")) for item in about)]
    stated += [metas.get(name, [""])[0] for name in _DESCRIPTIONS]
    return tuple(dict.fromkeys(filter(None, stated)))


def body_of(about: Iterable[dict[str, Any]]) -> str:
    """Give the longest text that the JSON-LD objects of an article say is its body, "" where none does."""
    bodies = [body for item in about if isinstance(body := item.get("articleBody"), str)]
    return max(bodies, key=len, default="")


def is_free(about: Iterable[dict[str, Any]]) -> bool:
    """Tell whether no JSON-LD object of an article says that it has to be paid for."""
    return not any(str(item.get("isAccessibleForFree")).lower() == "false" for item in about)


def lost_standfirst(
    title: str, lines: Sequence[str], descriptions: Iterable[str], shown: Sequence[str]
) -> str:
    """Find the standfirst that lines of a story lack: a block of its page that says a description.

    `shown` are the texts of the page's blocks in order; it has to stand among them before the first line.

    >>> lines = ["Nobody knows why, or for how long."]
    >>> shown = ["Menu", "The old bridge over the harbour is closed.", *lines]
    >>> lost_standfirst("Bridge closed", lines, ["The old bridge over the harbour is closed"], shown)
    'The old bridge over the harbour is closed.'
    """
    headline = _letters(title)
    text = headline + _letters(" ".join(lines))
    wanted = [letters for one in descriptions if len(letters := _letters(one)) >= _FEWEST_LETTERS]
    wanted = [letters for letters in wanted if letters not in text]
    first = next(
        (line for line in lines if len(line) >= _FEWEST_LETTERS and _letters(line) not in headline), ""
    )
    for block in shown if wanted and first else ():
        letters = _letters(block)
        if any(letters.startswith(one) for one in wanted) and letters not in text:
            return block
        if block == first:
            break
    return ""


def whole_body(lines: Sequence[str], body: str) -> list[str]:
    """Take the body that a page states where it shows next to nothing of it, else the lines it shows.

    Where trafilatura took that body, it made one line of its paragraphs.
    """
    text = clean(unescape(_TAG.sub("", _LINE_END.sub("\n", body))))
    letters, shown = _letters(text), _letters("".join(lines))
    enough = len(text) >= _SHORTEST_BODY and len(letters) > _TIMES_SHOWN * len(shown)
    paragraphs = paragraphs_of(text)
    if letters == shown:
        return max(paragraphs, list(lines), key=len)
    if enough and (len(shown) <= _FEW_SHOWN or shown[:_FEW_SHOWN] in letters):
        return paragraphs
    return list(lines)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()
