"""What stands around a time: its sentence, and whether that tells of what was or of what is to come."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_NEAR = 40
_REACH = 160  # characters to either side: the time that a text takes stays proportional to its length
_SPACES = "\t\r\x0b\x0c\xa0\u202f\u2009"
_BREAK = re.compile(r"(?<!\n)\n(?!\n)")  # an empty line ends a sentence, a line break does not
_OPENING, _CLOSING = tuple("“\"„'‘"), tuple("”\"“'’")
_ENDED = re.compile(r"[.!?:;]\s|\n")
_AHEAD = (
    r"(?:(?:will|won't|would|shall|'ll|wird|werden|soll|sollen|wollen|"
    r"(?:is|are) (?:to|due|set|scheduled|expected|planned|likely|slated|going)|"
    r"(?:plans?|planning|hopes?|expects?|wants?|intends?|scheduled|due|set) (?:to|for)|"
    r"to (?:be|meet|vote|hold|visit|resume|start|begin|open|take|decide|sign|go))\b(?: \w+){0,3}|"
    r"(?:could be|might be|may be|as soon as|as early as|forecast|upcoming|planned|geplant|findet|finden)\b)"
)
_BEHIND = (  # the perfect counts as past; "-eed" is mostly no past: need, speed, indeed
    r"(?:was|were|had|did|has|have|been|said|told|met|held|began|fell|rose|went|came|took|gave|made|left|sent|won|lost|"
    r"shot|broke|spoke|flew|ran|stood|saw|knew|got|found|became|grew|sank|wrote|drew|led|paid|sold|bought|"
    r"brought|built|caught|drove|shook|struck|showed|agreed|hit|happen(?:ed|s)|\w*[^\We]ed|"
    r"war|waren|wurden?|worden|hatten?|ging|gingen|kam|kamen|gab|gaben|nahm|nahmen|traf|trafen|fiel|fielen|"
    r"stieg|stiegen|begann|sprach|starb|flog|flogen|sah|fand|hielt|lief|schloss|verlor|gewann|schwieg|"
    r"geschah|ist|sind|hat|haben|ge\w{3,}(?:t|en)|\w{2,}(?:[bcdfghklmnpr]te|[dtnm]ete)n?)\b"
)
_SINCE = re.compile(r"\b(?:since|seit)(?: the| dem| den| der)? $")
_BY = re.compile(r"\b(?:by|bis)(?: late| early| the| zum)? $")  # a day set for something, past or not
_EITHER = r"(?:(?:was|were|had been) (?:set|due|scheduled|expected|planned|to)\b)"  # it may be over
_VERB = re.compile(rf"\b(?:(?P<either>{_EITHER})|(?P<ahead>{_AHEAD})|(?P<behind>{_BEHIND}))")


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as times are read in it; `lowered` is as long, in lower case, its single breaks made spaces.

    `usual_lean` says what a sentence without a verb that tells speaks of: what was (-1), what is to come (1),
    or the nearest (0).
    """

    text: str
    lowered: str
    published: date | None
    usual_lean: int = 0

    @property
    def today(self) -> date:
        """The day that relative times are counted from; ValueError if there is none."""
        if self.published is None:
            raise ValueError("an undated article has no yesterday")
        return self.published

    def before(self, start: int) -> str:
        """Give the few characters before an offset, in lower case."""
        return self.lowered[max(start - _NEAR, 0) : start]

    def after(self, end: int) -> str:
        """Give the few characters after an offset, as they are written."""
        return self.text[end : end + _NEAR]

    def is_quoted(self, start: int, end: int) -> bool:
        """Tell whether a span stands in quotation marks by itself, as a title does."""
        return self.text[max(start - 1, 0) : start] in _OPENING and self.text[end : end + 1] in _CLOSING

    def is_capital(self, at: int) -> bool:
        """Tell whether a capital stands at an offset."""
        return self.text[at].isupper()

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """Give the offsets of the sentence around a span, a rough cut that reaches 160 characters far.

        >>> text = "It was wet. On Friday it rained. They left."
        >>> start, end = reading(text, None).sentence(15, 21)
        >>> text[start:end]
        'On Friday it rained'
        """
        begin = max(start - _REACH, 0)
        for ended in _ENDED.finditer(self.lowered, begin, start):
            begin = ended.end()
        after = _ENDED.search(self.lowered, end, end + _REACH)
        return begin, after.start() if after else min(end + _REACH, len(self.lowered))

    def lean(self, start: int, end: int) -> int:
        """Tell whether what is said about a span lies behind (-1), ahead (1), or what is usual.

        "Since" is behind, "by" may be either; else the nearest verb before the span decides, else the
        first after it.

        >>> reading("It was said that they will meet on Friday.", None).lean(35, 41)
        1
        """
        if _SINCE.search(self.before(start)):
            return -1
        if _BY.search(self.before(start)):
            return self.usual_lean
        begin, stop = self.sentence(start, end)
        deciding = None
        for verb in _VERB.finditer(self.lowered, begin, start):
            deciding = verb
        deciding = deciding or _VERB.search(self.lowered, end, stop)
        if deciding is None or deciding["either"]:
            return self.usual_lean
        return 1 if deciding["ahead"] else -1


def reading(text: str, published: date | None, usual_lean: int = 0) -> Reading:
    """Prepare a text; no character is added or lost, so that offsets stay what they are."""
    lowered = text.replace("İ", "i").lower().replace("’", "'")  # İ is two characters in lower case
    for space in _SPACES:
        lowered = lowered.replace(space, " ")
    return Reading(text, _BREAK.sub(" ", lowered), published, usual_lean)
