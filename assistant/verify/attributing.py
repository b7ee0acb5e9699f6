"""Whom a claim names as its source: whether the sentences it rests on have it from the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from assistant.facts import folded
from assistant.stance import is_hedged
from assistant.verify.claims import Said
from index.types import Passage
from index.words import stems

_SAID = r"(?:said|says|say)"
_TOLD = (
    r"(?:reported|reports|report|announced|announces|confirmed|confirms|stated|states|claimed|claims|added|adds|"
    r"warned|warns|insisted|insists|told|tells|admitted|revealed|reveals|argued|argues)"
)
_LEADING = re.compile(  # "Police said nine were killed", "On Monday the mayor told reporters that"
    rf"^\W*(?:(?:on|in|at|but|and|however|later|meanwhile)\b[^,;:]{{0,40}}, )?(?P<who>[^;:]{{1,80}}?),?\s"
    rf"(?:(?:has|have|had|also|then|later)\s)*(?:{_SAID}\b|{_TOLD}\b(?=(?:\s[^\s,;:]+){{0,4}}?\sthat\b))",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    rf",\s(?:as\s)?(?:(?P<who>[^,;:]{{1,80}}?)\s(?:(?:has|have|had|also)\s)*(?:{_SAID}|{_TOLD})"
    rf"|(?:{_SAID}|{_TOLD})\s(?P<other>[^,;:]{{1,80}}?))"
    r"(?:\s(?:on|late on|early on)\s\w+day|\syesterday|\stoday)?"
    r"(?=\W*$|[,;])",
    re.IGNORECASE,
)
_ACCORDING = re.compile(
    r"\b(?:according to|citing|laut|nach angaben(?: von| des| der)?)\s(?P<who>[^,;:.]{1,80})", re.IGNORECASE
)
_VERB = re.compile(rf"\b(?:{_SAID}|{_TOLD}|according to|laut|nach angaben)\b", re.IGNORECASE)
_PRONOUN = re.compile(r"\b(?:he|she|they|it|who|er|sie|es)\W*$", re.IGNORECASE)
# What an answer may call any source, by its stem.
_ANYONE = frozenset(
    stem
    for word in "official officials authorities source sources report reports article articles passage "
    "passages text author story spokesman spokeswoman spokesperson statement study news media outlet "
    "document experts researchers reporters".split()
    for stem in stems(word)
)
# Whose word no answer may pass on as a fact.
_DOUBTFUL = re.compile(
    r"\b(?:(?:state|social|pro-government)[- ](?:run |owned |controlled )?"
    r"(?:media|television|tv|radio|news\w*|broadcasters?)|"
    r"unnamed|anonymous|unidentified|unverified|rumou?rs?|propaganda|hearsay|staatsmedien|staatsfernsehen)\b",
    re.IGNORECASE,
)
_BESIDE = 4  # words between an office and its holder's name: "the mayor of Brae, Ada Lund"


@lru_cache(maxsize=5_000)
def sources(text: str) -> tuple[str, ...]:
    """Name whom a sentence has its words from, as written; pronouns too.

    >>> sources("Police said that nine were hurt."), sources("Nine were hurt, according to the mayor.")
    (('Police',), ('the mayor',))
    """
    found = (pattern.search(text) for pattern in (_LEADING, _TRAILING, _ACCORDING))
    named = (match["who"] or match.groupdict().get("other") or "" for match in found if match)
    return tuple(dict.fromkeys(who.strip(' ,“”"') for who in named))


def has_its_source(said: Said, passage: Passage, span: tuple[int, int]) -> bool:
    """Tell whether each source that a claim names is that of a sentence, or speaks beside it.

    The article's outlet and author are sources of all of it. What stands in quotation marks has a speaker.
    """
    if said.quotes:
        return True
    sentence = passage.article.text[span[0] : span[1]]
    return all(_is_from(who, sentence, passage) for who in sources(said.text))


def is_passed_off(claim: str, sentence: str) -> bool:
    """Tell whether a claim gives as a fact what a sentence has from a source that nobody vouches for.

    >>> is_passed_off("Nine were killed.", "Nine were killed, according to state media.")
    True
    """
    doubtful = any(_DOUBTFUL.search(who) for who in sources(sentence))
    return doubtful and not sources(claim) and not _DOUBTFUL.search(claim) and not is_hedged(claim)


def _is_from(who: str, sentence: str, passage: Passage) -> bool:
    """Tell whether a sentence has its words from somebody, by his name, his office or a pronoun."""
    wanted, own = _stems(who), sources(sentence)
    if not wanted or wanted <= _ANYONE:
        return not (wanted and any(_DOUBTFUL.search(one) and not _stems(one) & wanted for one in own))
    article = passage.article
    if _names(who, f"{article.outlet} {article.byline}") or any(_names(who, one) for one in own):
        return True
    if own and not any(_PRONOUN.search(one) for one in own):
        return any(_are_beside(wanted, _stems(one) - _ANYONE, passage.text) for one in own)
    around = (article.text[start:end] for start, end in passage.sentences)
    return any(_names(who, one) and (own or _VERB.search(one)) for one in around)


def _names(who: str, text: str) -> bool:
    initials = "".join(word[0] for word in folded(who).split() if word not in ("the", "a", "an"))
    short = len(initials) > 1 and initials in folded(text).split()
    return bool((_stems(who) - _ANYONE) & _stems(text)) or short


def _are_beside(wanted: frozenset[str], others: frozenset[str], text: str) -> bool:
    """Tell whether a text has words of both within a few words, as it has an office and its holder."""
    places: list[Sequence[int]] = [
        [at for at, word in enumerate(re.findall(r"\w+", text)) if looked_for & _stems(word)]
        for looked_for in (wanted, others)
    ]
    return any(abs(one - other) <= _BESIDE for one in places[0] for other in places[1])


@lru_cache(maxsize=5_000)
def _stems(text: str) -> frozenset[str]:
    return frozenset(stems(text))
