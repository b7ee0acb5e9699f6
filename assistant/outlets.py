"""Outlets that a question names as the ones to ask: "according to The Harbour Post", "did Wired report"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.facts import folded

_ALIKE = 86  # percent of the letters, from which a name is a misspelling of another
_LEAST_LETTERS = 6  # shorter names are too much like other words to be misspelt
_MOST_WORDS = 8

_WORD = re.compile(r"\w+(?:[.'’-]\w+)*")
_SAID = (
    r"(?:report|sa(?:y|id)|wr(?:i|o)te|claim|publish|cover|describe|mention|note|state|tell|told|frame|put|"
    r"cite|quote|explain|berichte|schr(?:ei|ie)b|sag|melde)(?:d|e?s|ed|n|t|te)?"
)
_PIECE = r"(?:article|report|reporting|coverage|account|version|story|stories|piece|editorial|column)s?"
_SOURCE = (  # what comes before the name of who said it, and before nothing else
    r"(?:according to|laut|(?:as )?(?:reported|told|published|written|covered|described|quoted|cited) "
    r"(?:by|in)|compare|contrast|(?:schrieb|berichtete|meldete) (?:der|die|das))"
)
_PLACE = r"(?:in|from|by|per|of|between|nach|bei)"
_BEFORE = re.compile(rf"\b({_SOURCE}|{_PLACE})(?: both)?(?: the)?\s*[\"'“‘]?$", re.IGNORECASE)
_AFTER_IT = re.compile(rf"[\"'”’]?(?:['’]s?)?\s+(?:{_PIECE}|{_SAID})\b", re.IGNORECASE)
_JOINED = re.compile(
    r"[\"'”’]?\s*(?:,|and|und|&|versus|vs\.?|or|oder|,\s*and)\s*(?:the\s+)?[\"'“‘]?", re.IGNORECASE
)
_OPENS, _THE = " \t\"'“‘", re.compile(r"\b(?:the|both)$", re.IGNORECASE)
_LED = re.compile(
    r"[,\s]*\b(?:according to|as (?:reported|told|described|covered) (?:by|in)|laut)$", re.IGNORECASE
)
_ASKS = re.compile(r"\b(?:did|does|do|has|have|was|hat|haben)(?: the)?$", re.IGNORECASE)
_SAYS = re.compile(rf"[\"'”’]?\s+{_SAID}\b(?:\s+that\b)?", re.IGNORECASE)
_COMPARED = re.compile(  # what is left of "compare what X and Y wrote about"
    rf"^(?:compare|contrast)\b(?:\s+(?:what|how|the|both))*(?:\s*(?:,|\band\b|\bund\b))*"
    rf"(?:\s+(?:{_SAID}|{_PIECE}))?(?:\s+(?:on|about|of|over)\b)?\s*",
    re.IGNORECASE,
)
_PAPER = re.compile(  # what is an outlet by its name, whoever has articles of it
    r"(?:[A-ZÄÖÜ][\w'’-]* ){0,3}(?:Times|Post|Guardian|Tribune|Herald|News|Journal|Gazette|Chronicle|Review|"
    r"Mail|Telegraph|Observer|Independent|Magazine|Zeitung|Kurier|Tageblatt|Spiegel|Economist|Reuters|"
    r"Bloomberg|Politico|Axios|AFP|BBC|CNN|NBC|CBS|NPR|KCNA|Xinhua|TASS)\b"
)
_TRIM = re.compile(r"^[\s,;:]+|[\s,;:]+$")


@dataclass(frozen=True, slots=True)
class Named:
    """What a question names: the outlets as the articles have them, and the question without them.

    `missing` are names of outlets that it asks and no article is of.
    """

    outlets: tuple[str, ...]
    question: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Mention:
    outlet: str
    start: int
    end: int


def named(question: str, outlets: Sequence[str]) -> Named:
    """Find the outlets that a question asks, of those there are; none where it is only about one.

    A name may be misspelt a little, and in any case; "the" does not count.

    >>> named("What did the Harbor Post report about Hanoi?", ["The Harbour Post", "Wired"])
    Named(outlets=('The Harbour Post',), question='What about Hanoi?', missing=())
    """
    mentions = list(_mentions(question, outlets))
    asked = [one for one in mentions if _is_asked(question, one)]
    absent = list(_missing(question, mentions))
    missing = tuple(dict.fromkeys(one.outlet for one in absent))
    while more := [one for one in mentions if one not in asked and _is_joined(question, one, asked + absent)]:
        asked = [one for one in mentions if one in asked or one in more]
    if not asked:
        return Named((), question, missing)
    rest = question
    for one in reversed(asked):
        rest = _without(rest, one)
    rest = _COMPARED.sub("", rest)
    return Named(tuple(dict.fromkeys(one.outlet for one in asked)), rest, missing)


def _missing(question: str, mentions: Sequence[_Mention]) -> Iterator[_Mention]:
    """Find the names of outlets that are asked as such, and are none of those mentioned."""
    for match in _PAPER.finditer(question):
        known = any(one.start < match.end() and match.start() < one.end for one in mentions)
        named = _Mention(match[0].removeprefix("The "), match.start(), match.end())
        sourced = re.search(rf"\b{_SOURCE}(?: the)?\s*$", question[: match.start()], re.IGNORECASE)
        if not known and (sourced or (_AFTER_IT.match(question, match.end()) and _is_asked(question, named))):
            yield named


def _mentions(question: str, outlets: Sequence[str]) -> Iterator[_Mention]:
    """Find where names of outlets stand, the longest first at any place, each place once."""
    from rapidfuzz import fuzz, process

    known = {_key(outlet): outlet for outlet in outlets if _key(outlet)}
    words = [word for word in _WORD.finditer(question) if word[0].casefold() != "the"]
    lengths = sorted({key.count(" ") + 1 for key in known}, reverse=True)
    at = 0
    while at < len(words):
        for length in (one for one in lengths if one <= min(_MOST_WORDS, len(words) - at)):
            start, end = words[at].start(), words[at + length - 1].end()
            key = _key(re.sub(r"['’]s?$", "", question[start:end]))
            if key not in known and len(key) >= _LEAST_LETTERS:
                near = process.extractOne(key, known.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE)
                key = near[0] if near and near[0].count(" ") == key.count(" ") else key
            if key in known:
                yield _Mention(known[key], start, end)
                at += length
                break
        else:
            at += 1


def _key(name: str) -> str:
    return " ".join(word for word in folded(name).split() if word != "the")


def _is_asked(question: str, mention: _Mention) -> bool:
    """Tell whether an outlet is asked, and not asked about: something is said to be in it or by it."""
    before, after = question[: mention.start], question[mention.end :]
    name = question[mention.start : mention.end]
    capital, several = name != name.lower(), " " in _key(mention.outlet)  # Fortune, or a fortune
    if _AFTER_IT.match(after):
        return capital or several
    framed = _BEFORE.search(before)
    if framed is None:
        return False
    return (capital and several) or not re.fullmatch(_PLACE, framed[1], re.IGNORECASE)


def _is_joined(question: str, mention: _Mention, asked: Sequence[_Mention]) -> bool:
    """Tell whether an outlet stands beside one that is asked: X and Y, X, Y."""
    return any(
        _JOINED.fullmatch(question[min(mention.end, one.end) : max(mention.start, one.start)])
        for one in asked
    )


def _without(question: str, mention: _Mention) -> str:
    """Take a name out, and what led to it: "according to The Harbour Post," says nothing to search for."""
    before, after = question[: mention.start], question[mention.end :]
    said = _SAYS.match(after)
    if said and (asks := _ASKS.search(before.rstrip(_OPENS))):
        before, after = before[: asks.start()], after[said.end() :]
    before = _LED.sub("", _THE.sub("", before.rstrip(_OPENS)).rstrip(_OPENS))
    after = re.sub(r"^[\"'”’]?(?:['’]s?\b)?", "", after)
    return _TRIM.sub("", re.sub(r"\s+(?=[?!.,])", "", " ".join(f"{before} {after}".split())))
