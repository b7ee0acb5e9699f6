"""Patterns that names are held against: which files of a folder, which addresses of a feed."""

from __future__ import annotations

import re
import unicodedata

_STARS = re.compile(r"((?<=/)\*\*/|\*+)")


def fits(pattern: str, name: str) -> bool:
    """Tell whether a pattern stands for the whole of a name, capital and small letters alike.

    `*` stands for any characters, `/` among them, and for none. `**` is the same, but `**/` where a part of
    the name begins stands for any folders, and for none. Every other character stands for itself, `?` and
    `[` too. A `/` is thought in front of the name, and in front of a pattern that does not begin with `*`.

    >>> fits("*/live/*", "live/bridge.html"), fits("*/live/*", "news/live/2024/bridge.html")
    (True, True)
    >>> fits("archive/**/*.html", "archive/bridge.HTML"), fits("archive/*", "old/archive/bridge.html")
    (True, False)
    """
    text = _folded(name if name.startswith("/") else f"/{name}")
    begins = pattern.startswith("/") or (pattern.startswith("*") and not pattern.startswith("**/"))
    first, *rest = _STARS.split(_folded(pattern if begins else f"/{pattern}"))
    if not rest:
        return text == first
    if not text.startswith(first):
        return False
    # Leftmost places suffice, so no name makes it slow, as it would a regular expression.
    end = len(first)
    for stars, literal in zip(rest[:-2:2], rest[1:-2:2], strict=True):
        found = text.find(*_sought(stars, literal, end))
        if found < 0:
            return False
        end = found + len(_sought(stars, literal, end)[0])
    last, earliest = _sought(rest[-2], rest[-1], end)
    return text.endswith(last) and len(text) - len(last) >= earliest


def _sought(stars: str, literal: str, end: int) -> tuple[str, int]:
    """Give what has to follow, and where at the earliest: behind `**/` it may begin at the slash before."""
    return (f"/{literal}", end - 1) if stars == "**/" else (literal, end)


def _folded(text: str) -> str:
    """Write a text as it is compared: file names have their accents in either form."""
    return unicodedata.normalize("NFC", text).casefold()
