"""What a text denies, doubts or turns into its opposite, clause by clause."""

from __future__ import annotations

import re
from functools import lru_cache

from index.words import stems

_NEGATION = re.compile(
    r"\b(?:not(?! only)|no(?!\. ?\d)|never|none|nobody|nothing|neither|nor|(?<!with or )without|cannot|"
    r"hardly|rather than|instead of|den(?:y|ies|ied|ying)|refus\w+|fail(?:ed|s|ing)? to|"
    r"declin(?:e|ed|es|ing) to|"
    r"rul(?:e|ed|es|ing) out|reject\w*|unable|false|untrue|nicht|kein\w*|niemals?)\b|n[’']t\b",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(?:reportedly|alleged(?:ly)?|purported(?:ly)?|supposedly|unconfirmed|rumou?r\w*|suspected|apparently|"
    r"possibl[ey]|perhaps|(?:may|might|could)(?! not)|likely|unclear|believed|appears? to|seems? to)\b",
    re.IGNORECASE,
)
# What puts a whole sentence under a condition, and what puts its clause in doubt or in the future.
_CONDITION = re.compile(r"\b(?:if|unless|when|once|should|until|in case|depending|wenn)\b", re.IGNORECASE)
_STRICT_CONDITION = re.compile(
    r"\b(?:if(?! you\b| necessary| needed| desired)|unless|falls)\b", re.IGNORECASE
)
_FRAME = re.compile(
    r"\b(?:whether|claim\w*|alleg\w*|accus\w*|doubt\w*|myth|wrong\w*|false\w*|expect\w*|plans? to|planned|"
    r"planning|consider(?:s|ed|ing)?|almost|nearly|thought to|threaten\w*|said to|angeblich|soll)\b",
    re.IGNORECASE,
)
# What news says of one matter in two ways that exclude each other, each way in the forms and synonyms it is
# written in: listed by hand, by kind of matter. Where a pair is missing, nothing is found; where both ways
# stand in one text ("rose, then fell"), neither counts.
_OPPOSITES = tuple(
    tuple(frozenset(way.split()) for way in line.split("|"))
    for line in (
        # amounts
        "rose rise rises risen rising increased increase increases grew grow grown climbed gained up higher "
        "stieg steigt stiegen | fell fall falls fallen falling decreased decrease decreases declined dropped "
        "drop reduced shrank down lower sank sinkt sanken fiel fielen",
        "doubled | halved",
        "more above over mehr | fewer less below under weniger",
        "largest biggest most highest greatest | smallest least lowest fewest",
        "all every each alle | some few only einige",
        # order in time
        "before vor | after nach",
        "first erste ersten | last letzte letzten",
        "a.m | p.m",
        "began begin begins started starts opened opens | ended ends closed closes finished stopped",
        # outcomes
        "won win wins gewann | lost lose loses verlor",
        "acquitted cleared innocent | convicted guilty",
        "passed approved adopted | failed blocked vetoed",
        "survived | died killed",
        "succeeded | failed",
        # stances
        "supports supported support backed backs favours favors | opposes opposed oppose rejected",
        "accepted accepts agreed | refused declined",
        "confirmed confirms | denied denies",
        "allowed allows permitted legalised legalized | banned bans forbade prohibited outlawed",
        # directions
        "arrived arrives entered | left departed",
        "bought buys | sold sells",
        "lent lends | borrowed borrows",
        "hired | fired dismissed sacked",
    )
)
_NOT = ("un", "in", "im", "il", "ir", "dis", "non")  # before a word: "legal" and "illegal"
_SHORTEST = 4  # letters of a word that such a beginning can turn round
_CLAUSE = re.compile(
    r"[,;:()–—]\s|\s[–—(]|\b(?:but|although|though|while|whereas|because|aber|sondern)\b", re.I
)
_ECHOED = 0.5  # of the stems of a clause: then it says what the other text says, too


def negations(text: str) -> int:
    """Count the words that deny: not, never, refused, ruled out."""
    return len(_NEGATION.findall(text))


def is_hedged(text: str) -> bool:
    """Tell whether a text says something with reserve: reportedly, may, unconfirmed."""
    return bool(_HEDGE.search(text))


def is_turned(claim: str, sentence: str) -> bool:
    """Tell whether a claim denies what a sentence affirms, or the reverse, or leaves out its reserve.

    >>> is_turned("The border will close.", "If the talks collapse, the border will close.")
    True
    >>> is_turned("The mayor resigned.", "The mayor resigned, but the council did not accept it.")
    False
    """
    theirs = _echoed(sentence, claim)
    return (
        is_denied(claim, sentence)
        or bool(_FRAME.search(theirs) and not _FRAME.search(claim))
        or bool(_STRICT_CONDITION.search(sentence) and not _CONDITION.search(claim))
        or (is_hedged(theirs) and not is_hedged(claim))
    )


def is_denied(one: str, other: str) -> bool:
    """Tell whether one text denies what the other affirms, or says its opposite, whichever way round.

    >>> is_denied("The bridge will open in May.", "In May the bridge will not open.")
    True
    """
    mine, theirs = _echoed(one, other), _echoed(other, one)
    return bool(negations(mine)) != bool(negations(theirs)) or _is_opposite(one, other)


@lru_cache(maxsize=5_000)
def _echoed(text: str, other: str) -> str:
    """Give the clauses of a text whose words the other has; all of it, where that is none."""
    there = frozenset(stems(other))
    clauses = []
    for clause in _CLAUSE.split(text):
        own = set(stems(clause))
        if own and len(own & there) >= _ECHOED * len(own):
            clauses.append(clause)
    return ", ".join(clauses) or text


def _is_opposite(claim: str, sentence: str) -> bool:
    """Tell whether one says "rose" where the other says "fell", or "legal" where it says "illegal"."""
    mine, theirs = _words(claim), _words(sentence)
    turned = any(
        (mine & one and not mine & other and theirs & other and not theirs & one)
        or (mine & other and not mine & one and theirs & one and not theirs & other)
        for one, other in _OPPOSITES
    )
    return (
        turned or _has_beginning(mine - theirs, theirs - mine) or _has_beginning(theirs - mine, mine - theirs)
    )


@lru_cache(maxsize=5_000)
def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"(?<![\w.])[\w.]*\w", text.lower()))


def _has_beginning(words: frozenset[str], others: frozenset[str]) -> bool:
    begun = {other: beginning for other in others for beginning in _NOT if other.startswith(beginning)}
    return any(
        other.removeprefix(beginning) in words and len(other) - len(beginning) >= _SHORTEST
        for other, beginning in begun.items()
    )
