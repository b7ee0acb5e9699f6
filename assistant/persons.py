"""Whom an article means by a name or an office, and whether two names can be one person's."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import dropwhile

from assistant.facts import NAME, TITLES, folded

ROLES = TITLES | frozenset(
    "foreign finance defence defense interior vice deputy chief former general colonel captain professor "
    "judge senator governor mayor ambassador envoy spokesman spokeswoman spokesperson director manager head "
    "chair chairwoman chancellor king queen prince princess pope bishop coach analyst economist author "
    "außenminister außenministerin ministerin präsident präsidentin kanzler kanzlerin bürgermeister "
    "bürgermeisterin sprecher sprecherin professorin direktor direktorin chef chefin".split()
)
FOLDED_ROLES = frozenset(map(folded, ROLES))


def is_one(name: str, other: str) -> bool:
    """Tell whether two full names are one person's: the words of one are among those of the other.

    A surname alone is nobody's but its own: it may be anyone's of that name. So is a speaker nobody names.

    >>> is_one("Minister Ri Son-gwon", "Ri Son Gwon"), is_one("Gwon", "Ri Son-gwon"), is_one("", "")
    (True, False, False)
    """
    mine, theirs = set(folded(name).split()), set(folded(other).split())
    if min(len(mine), len(theirs)) < 2:  # of which one may be a surname
        return mine == theirs and bool(mine)
    return mine <= theirs or theirs <= mine


def _bare(words: str) -> str:
    """Take titles and offices off a name: "North Korean Foreign Minister Ri Son-gwon" is Ri Son-gwon."""
    parts = words.split()
    last = max((at for at, word in enumerate(parts) if folded(word) in FOLDED_ROLES), default=-1)
    kept = dropwhile(str.islower, parts[last + 1 :])
    return " ".join(re.sub(r"[’']s?$", "", word.strip(",.")) for word in kept)


@lru_cache(maxsize=1_000)
def fullest(text: str, words: str) -> str:
    """Give a name as an article writes it out; "" for words that name nobody, or one of two people."""
    name = _bare(words)
    own = frozenset(folded(name).split())
    if not own or not name[:1].isupper():
        return ""
    with_word = _names(text)
    held = [one for one in min((with_word.get(word, ()) for word in own), key=len) if own <= one[1]]
    full = max(held, key=lambda one: len(one[1]), default=(name, own))
    return full[0] if all(one[1] <= full[1] for one in held) or full[1] == own else ""


def holder(text: str, words: str) -> str:
    """Give the one name that an article puts beside an office: "minister Ri Son-gwon", for "the minister"."""
    if re.match(r"an?\s|eine?\s", words, re.IGNORECASE):
        return ""
    return _beside_office(text, words.split()[-1].lower())


@lru_cache(maxsize=1_000)
def _beside_office(text: str, role: str) -> str:
    beside = {
        fullest(text, name[0])
        for found in re.finditer(rf"\b{re.escape(role)},?\s+", text, re.IGNORECASE)
        if (name := NAME.match(text, found.end()))
    } - {""}
    return next(iter(beside)) if len(beside) == 1 else ""


@lru_cache(maxsize=64)
def _names(text: str) -> dict[str, list[tuple[str, frozenset[str]]]]:
    """Give the names of a text by each of their words: without titles, with their folded words, in order."""
    every = dict.fromkeys(_bare(found) for found in dict.fromkeys(one[0] for one in NAME.finditer(text)))
    found: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for name in every:
        for word in (words := frozenset(folded(name).split())):
            found.setdefault(word, []).append((name, words))
    return found
