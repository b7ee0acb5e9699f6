"""Times that a question names by an event: "since Hanoi", "before he resigned", "nach dem Gipfel"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Literal

from assistant.event_words import HAPPENING, SIDES
from assistant.moment import moments, of_articles
from assistant.types import MOST_DAYS, Side
from index.intervals import moved
from index.surroundings import reading
from index.time_words import NUMBER, UNITS, meaning, number, pattern
from index.words import question_stems

_MARKER = re.compile(rf"\b(?P<side>{pattern(*SIDES.values())})\s+(?=\w|[“\"„])", re.IGNORECASE)
_PLACES = ("nach", "vor", "following")  # to Hanoi, outside Parliament: with a name alone they are of a place
_GERMAN = frozenset("nach seit nachdem seitdem vor bevor ehe bis".split())
_NO_CLAUSES = (*_PLACES, "prior to", "up to")  # what comes after these has no verb
_CLAUSES = ("nachdem", "seitdem", "bevor", "ehe")  # and after these nothing but a clause
_LENGTH = r"(?:hours?|days?|weeks?|months?|years?|decades?|stunden?|tagen?|wochen?|monaten?|jahren?)"
_WITHIN = re.compile(  # "in the week after", "within three days of"
    rf"\b(?:in|within|during|over)(?: the)?(?: first| next| last)? (?:(?P<count>{NUMBER}) )?"
    rf"(?P<unit>{pattern(*UNITS.values())}) $",
    re.IGNORECASE,
)
_ANNIVERSARY = re.compile(r"anniversar|jahrestag|jubiläum", re.IGNORECASE)  # which of them, is another day
_NO_TIME_BEFORE = re.compile(  # "two weeks after", "how long before", "named after", "before or after"
    rf"(?:\b(?:{_LENGTH}|long|soon|lange|named|look\w*|tak(?:e[ns]?|ing)|took|go(?:es|ing)?|went|one|time|day|"
    r"the|(?:before|after|until|vor|nach|bis)(?: or| and| oder| und|,))|"
    rf"\bhow (?:long|many {_LENGTH})\b.*) $",
    re.IGNORECASE,
)
_ENDS_ENGLISH = re.compile(
    rf"[,;:?!()–—]|\.(?=\s|$)|\s-\s|(?:\s(?:and|or|but))?\s(?:what|who|whom|whose|which|when|where|why|how|"
    rf"about|concerning|regarding|did|does|do|{pattern(*SIDES.values())})\b",
    re.IGNORECASE,
)
_ENDS_GERMAN = re.compile(
    rf"[,;:?!()–—]|\.(?=\s|$)|\s-\s|(?:\s(?:und|oder))?\s(?:was|wer|wen|wem|wann|wo|warum|wie|welche[mnrs]?|"
    rf"über|{pattern(*SIDES.values())})\b",
    re.IGNORECASE,
)
_REASON = re.compile(  # "since he is no longer bound"
    r"(?:\S+ ){1,4}?(?:is|are|am|has|have|can(?:not)?|could|will|would|does|do|may|might|must|should|"
    r"needs?|wants?)(?:n['’]t)?\b",
    re.IGNORECASE,
)
_REPORTS = re.compile(
    r"\b(?<!was )(?<!were )(?:report(?:ed|ing)?|mention(?:ed)?|publish(?:ed|ing)?|wrote|article|review)\b",
    re.I,
)
_PRONOUN = re.compile(
    r"(?:he|she|they|it|his|her|their|its|er|sie|es|sein(?:e[mnrs]?)?|ihr(?:e[mnrs]?)?)\b", re.IGNORECASE
)
_DETERMINED = re.compile(
    r"(?:the|this|that|last|his|her|their|its|der|die|das|dem|den|des|zum|zur|sein\w*|ihr\w*)\b|"
    r"(?-i:[A-ZÄÖÜ“\"„])",
    re.IGNORECASE,
)
_OF = re.compile(  # "the summit [in Hanoi]", "the death [of a cartel leader]", and no more of the question
    r"(?:\s(?:in|at|of|on|with|between|against|over|for|from|to|by|and|von|mit|zwischen|auf|im|am|des|der)"
    r"(?:\s(?:the|a|an|der|dem|den|die|das))?(?:\s[A-ZÄÖÜ][\w'’-]*)+"
    r"|\s(?:of|von|des|der)(?:\s(?!(?:say|tell|show|reveal|mention|report)\b)[\w'’-]+){1,4})*"
)
_NAME = re.compile(r"(?!The\b)[A-ZÄÖÜ][\w'’-]*(?:\s[A-ZÄÖÜ][\w'’-]*){0,2}")
_ATTRIBUTE = re.compile(r"\b(?:the|an?|this|that|his|her|their|its|so-called) \w+ed\b", re.IGNORECASE)
_IRREGULAR = re.compile(
    r"blew|blown|cut|shut|put|set|quit|swore|fled|threw|tore|hurt|slew|stole|chose|sued|"
    r"\w*(?:trat|traten|floh|flohen|schied|zog|zogen|brach|brachen|riss|kappte|starben)"
)
_AUXILIARY = re.compile(r"was|were|had|has|have|did|been|war|waren|wurden?|worden|hatten?|ist|sind|hat|haben")
_DOING = re.compile(r"(?!(?:morning|evening|spring|king|being|nothing|something)\b)[a-z]{2,}ing\s")
_HEAD = re.compile(
    r"\s(?!(?:say|tell|show|reveal|mention|report|cover|in|at|on|for|from|to|of|by|with|between)\b)[a-z]\w+(?!\w)"
)
_PERSON = re.compile(r"(?:he|she|his|her|er|sie|sein\w*|ihr\w*)\b", re.IGNORECASE)
_MOST_MARKERS = 5  # read in one question, so that a long one takes no longer
_LEAST_STEMS = 2  # of a clause: who, and what they did
_PARTICIPLES = re.compile(
    r"(?<!\swird)(?<!\swurde)(?:\s(?:(?:\w+ge|ge|ver|be|er|zer|ent)\w+(?:t|en)|worden|haben|hat))+$"
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """An event that a question counts from: the side of it that is meant, and what to search for.

    `words` are the question's own, from the word that gives the side on; `event` is them without that word,
    a name in the place of "he". `kind` is that of a `Moment`. `is_name` tells that nothing but a name is
    said, which need not be that of an event; `verb` is what was done, "" where that is not said. `days` tells
    how many days from the event on are meant, 0 where all are: "in the week after".
    """

    side: Side
    event: str
    words: str
    kind: Literal["published", "about"]
    is_name: bool
    verb: str
    days: int = 0


def anchors(question: str, as_of: date) -> tuple[Anchor, ...]:
    """Read the events that a question counts from, which is asked on a day; times with days are left alone.

    >>> [found] = anchors("What did Ri Yong Ho say before he was dismissed?", date(2020, 6, 12))
    >>> found.side, found.event, found.words
    ('before', 'Ri Yong Ho was dismissed', 'before he was dismissed')
    """
    markers = list(islice(_MARKER.finditer(question), _MOST_MARKERS))
    told = [one.words for one in moments(question, as_of) if one.explicit] if markers else []
    dated = [(at := question.find(words), at + len(words)) for words in told]
    found = []
    for marker in markers:
        end = (_ENDS_GERMAN if _is_german(marker) else _ENDS_ENGLISH).search(question, marker.end())
        stop = end.start() if end else len(question)
        if all(stop <= first or last <= marker.start() for first, last in dated) and _is_of_time(
            question, marker, stop
        ):
            found.append(_anchor(question, marker, question[marker.end() : stop].strip()))
    return tuple(one for one in found if one)


def _is_german(marker: re.Match[str]) -> bool:
    """Tell the language by the marker: "was" is a verb in English, and asks in German."""
    return marker["side"].lower() in _GERMAN


def _is_of_time(question: str, marker: re.Match[str], stop: int) -> bool:
    """Tell whether the words before and after a marker let it be one of time."""
    spoken = question[marker.end() : stop]
    before = question[: marker.start()]
    if _NO_TIME_BEFORE.search(before) and not _WITHIN.search(before):
        return False
    if _REPORTS.search(spoken) or _ANNIVERSARY.search(spoken):
        return False
    return marker["side"].lower() not in ("since", "seit") or not _REASON.match(spoken)


def _anchor(question: str, marker: re.Match[str], spoken: str) -> Anchor | None:
    """Read what follows a marker as a clause, an occasion or a name; None where it is none of these."""
    side, start = marker["side"].lower(), marker.start()
    if _is_german(marker) and side not in _CLAUSES:
        spoken = _PARTICIPLES.sub("", spoken) or spoken  # "was wurde seit Hanoi vereinbart"
    is_clause = side not in _NO_CLAUSES and bool(_verb(spoken))
    occasion = "" if is_clause or side in _CLAUSES else _occasion(spoken, _is_german(marker))
    is_name = not is_clause and not occasion
    if is_name and (side in (*_CLAUSES, *_PLACES) or not _NAME.fullmatch(spoken)):
        return None
    spoken = occasion or spoken
    end = marker.end() + len(spoken)
    event = _whole(spoken, question[:start], question[end:])
    if len(question_stems(event)) < (_LEAST_STEMS if is_clause else 1):
        return None
    articles = of_articles(question, start, sided=True)
    if articles:
        start = articles.start("from") if articles.groupdict().get("from") else articles.start()
    kind: Literal["published", "about"] = "published" if articles else "about"
    within, verb = _WITHIN.search(question[:start]), _verb(spoken) if is_clause else ""
    start = within.start() if within else start
    days = _days(within) if within else 0
    return Anchor(meaning(SIDES, side), event, question[start:end], kind, is_name, verb, days)


def _days(within: re.Match[str]) -> int:
    """Count the days of "three weeks", "the month"; 0 where they are more than a question can mean."""
    unit, day = meaning(UNITS, within["unit"].lower()), date(2001, 1, 1)
    try:
        count = number(within["count"].lower()) if within["count"] else 1
        end = moved(day, count, "week" if unit == "weekend" else unit)  # the one that comes within a week
    except (ValueError, OverflowError):  # no number, or after the year 9999
        return 0
    days = (end - day).days
    return days if days <= MOST_DAYS else 0


def _verb(spoken: str) -> str:
    """Give the verb that says what someone did, "" where none does, as in "the failed summit"."""
    if _DOING.match(spoken):
        return spoken.split()[0]
    plain = _ATTRIBUTE.sub("the", spoken)
    plain = re.sub(r"\b[A-ZÄÖÜ][\w'’-]*", "X", plain) if plain != plain.lower() else plain
    words = re.findall(r"[\w'’-]+", plain)[1:]
    doing = [word for word in words if reading(word, None).lean(0, 0) == -1 or _IRREGULAR.fullmatch(word)]
    told = [word for word in doing if not _AUXILIARY.fullmatch(word)]
    after = [word for at, word in enumerate(words) if at and _AUXILIARY.fullmatch(words[at - 1])]
    return next(iter((*told, *after, *doing)), "")


def _occasion(spoken: str, german: bool) -> str:
    """Give the words that name an occasion, "the summit in Hanoi", without what comes after; "" for none."""
    happens = HAPPENING.search(spoken) if _DETERMINED.match(spoken) else None
    if happens is None:
        return ""
    of = _OF.match(spoken, happens.end())
    end = of.end() if of else happens.end()
    return "" if not german and _HEAD.match(spoken, end) else spoken[:end]


def _whole(spoken: str, before: str, after: str) -> str:
    """Put the one who is named into the place of "he", or before "leaving office"; "" where nobody is."""
    from assistant.followup.mentions import mentions

    open_ = _PRONOUN.match(spoken)
    if not open_ and not _DOING.match(spoken):
        return spoken
    kinds = ("person",) if open_ and _PERSON.match(open_[0]) else ("person", "place", "thing")
    others = [one for one in (*mentions(before), *mentions(after)) if one.kind in kinds and not one.head]
    named = {one.text for one in others}
    if len(named) != 1:
        return ""
    rest = _PRONOUN.sub("", spoken, 1).strip() if open_ else spoken
    return f"{named.pop()} {rest}"
