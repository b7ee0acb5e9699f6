"""How a sentence puts a figure: as done or planned, as a level or a change, of all or of some, anew."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Mode = Literal["fact", "planned", "sought", "expected"]

_MODE_WORDS: tuple[tuple[Mode, str], ...] = (
    (
        "sought",
        r"demand(?:s|ed|ing)?|want(?:s|ed)?|offer(?:s|ed|ing)?|propos\w+|call(?:s|ed|ing) for|"
        r"seek(?:s|ing)?|sought|"
        r"ask(?:s|ed|ing) for|request\w*|bid|fordern|fordert|bieten",
    ),
    (
        "expected",
        r"expect\w*|forecast\w*|predict\w*|project(?:ed|s)|could|(?-i:may)|might|likely|hopes?|target\w*|"
        r"aims?|if|can|needs?|needed|enough|soll|sollen|könnte",
    ),
    (
        "planned",
        r"will|would|plan(?:s|ned|ning)?|intend\w*|(?:is|are|was|were) (?:set |due |about )?to|"
        r"going to|wird|werden",
    ),
)
_MODES = tuple((mode, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for mode, words in _MODE_WORDS)
_CHANGE = re.compile(
    r"(?:\b(?:(?:r[io]se\w*|fell|fall\w*|grew|grow\w*|increas\w+|declin\w+|dropp?\w*|climb\w*|cut|up|"
    r"down|stieg\w*|sank) "
    r"(?:[^,;]{0,30} )?(?:by|um)|another|additional|further|increase of|rise of|drop of|fall of|"
    r"decline of|gain of|up|down|plus|minus"
    r"|rose|fell|grew|jumped|dropped|increased|gained|lost))\s*$",
    re.IGNORECASE,
)
_COVERED = re.compile(
    r"\bsince (?!\w+day\b|then\b)\w+|\b(?:this|last|past|previous|next|first|second|third|fourth|final) "
    r"(?:\w+ )?(?:season|year|month|months|week|weeks|quarter|half|days|hours|decade|innings|round)\b|"
    r"\b(?:in|of|over) (?:her|his|their|its) career\b|\b(?:a|per|an|every|each|in a) (?:day|night|week|"
    r"month|year|hour)|"
    r"\b(?:per|each|every) (?:person|head|share|game|match|square \w+)\b|\b(?:daily|weekly|monthly|"
    r"quarterly|annual(?:ly)?|yearly|overall)\b|"
    r"\b(?:im|pro) (?:Monat|Jahr|Woche|Tag|Quadratmeter|Kopf)\b|\bso far this \w+|\b(?:q[1-4]|"
    r"year-on-year|full[- ]year)\b|"
    r"\b(?:in|within|over|for) (?:the )?(?:\d+|two|three|four|five|six|seven|ten|twelve) (?:days|weeks|"
    r"months|years|hours)\b|"
    r"\bin the first \w+ (?:days|weeks|months|hours)\b|\b(?:first|second|third|fourth)-quarter\b|"
    r"\b(?:all-time|lifetime)\b",
    re.IGNORECASE,
)
_CHANGE_AFTER = re.compile(
    r"\s*(?:cheaper|dearer|off|more|less|lower|higher|extra|discount)\b", re.IGNORECASE
)
_PART = re.compile(
    r"\b(?:of them|of whom|of these|of those|among|including|of which|alone|more(?! than)|other|others|"
    r"another|additional|"
    r"davon|darunter|weitere)\b",
    re.IGNORECASE,
)
_SCOPE = re.compile(
    r"\b(?:young|children|women|men|girls|boys|minors|civilians|adults|elderly|nationwide|worldwide|global(?:ly)?|"
    r"in total|altogether|combined|overall|average|median|maximum|minimum|net|gross|operating|adjusted|"
    r"domestic|"
    r"foreign|record|seriously|critically|initial(?:ly)?|only|under-\w+|over-\w+|per|each|both sides|"
    r"at home|on the road|abroad|schwer|leicht|im Schnitt)\b",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"\b(?:ris(?:en|es)|rose|climb(?:ed|s)|increased|grown|reach(?:ed|es)|jumped|lowered|raised|doubled|halved|"
    r"revis(?:ed|es|ion)|correct(?:ed|s|ion)|updated?|now|by now|by (?:late |early )?\w+day|as of \w+|"
    r"(?:bringing|brings|brought) (?:the |its |their )?(?:death |total |overall )?(?:toll|number|total|"
    r"count)|"
    r"postponed|rescheduled|moved to|put off|brought forward|no longer|has since|fallen to|latest|"
    r"gestiegen|stieg|korrigiert\w*|inzwischen|mittlerweile|nun|nunmehr|revidiert|verschoben|erhöht)\b",
    re.IGNORECASE,
)
_BREAK = re.compile(r"[,;:()–—]|\s(?:and|but|while|where|when|after|because|who|und|aber|als|nachdem)\s")
_ORDINAL = re.compile(
    r"\b(second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d+(?:st|nd|rd|th))\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Frame:
    """How a figure is put; two with different frames measure different things."""

    mode: Mode
    is_change: bool
    is_part: bool
    scope: frozenset[str]
    covered: frozenset[str]
    ordinals: frozenset[str]


@lru_cache(maxsize=5_000)
def frame(text: str, start: int, end: int) -> Frame:
    """Read how the words around a figure at `text[start:end]` put it."""
    left = max((match.end() for match in _BREAK.finditer(text, 0, start)), default=0)
    found = _BREAK.search(text, end)
    right = found.start() if found else len(text)
    own = text[left:right]
    opening = text[: found.start()] if left and (found := _BREAK.search(text)) else ""
    mode: Mode = next((mode for mode, pattern in _MODES if pattern.search(own)), "fact")
    return Frame(
        mode=mode,
        is_change=bool(_CHANGE.search(text[left:start]) or _CHANGE_AFTER.match(text, end)),
        is_part=bool(_PART.search(own)),
        scope=frozenset(match.group().lower() for match in _SCOPE.finditer(own)),
        covered=frozenset(match.group().lower() for match in _COVERED.finditer(f"{opening} {own}")),
        ordinals=frozenset(match.group().lower() for match in _ORDINAL.finditer(own)),
    )


def agrees_in_time(one: Frame, other: Frame) -> bool:
    """Tell whether two figures cover one stretch of time; "this year" may be left out."""
    return all(phrase.startswith("this ") for phrase in one.covered ^ other.covered) and (
        not (one.covered and other.covered) or bool(one.covered & other.covered)
    )


@lru_cache(maxsize=5_000)
def is_later_word(text: str) -> bool:
    """Tell whether a sentence says that something has changed: rose to, revised, now stands at.

    >>> is_later_word("The toll has risen to 31."), is_later_word("It killed 12.")
    (True, False)
    """
    return bool(_LATER.search(text))
