"""Times that a question names by an event: "since Hanoi", "before he resigned", "nach dem Gipfel"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.moment import moments, of_articles
from assistant.types import Side
from index.surroundings import reading
from index.time_words import meaning, pattern
from index.types import Passage
from index.words import question_stems

_SIDES: dict[Side, str] = {
    "after": "after since following nach seit nachdem seitdem",
    "before": "before prior_to vor bevor ehe",
    "until": "until till up_to bis",
}
_MARKER = re.compile(rf"\b(?P<side>{pattern(*_SIDES.values())})\s+(?=\w|[“\"„])", re.IGNORECASE)
_PLACES = ("nach", "vor", "following")  # to Hanoi, outside Parliament: with a name alone they are of a place
_GERMAN = frozenset("nach seit nachdem seitdem vor bevor ehe bis".split())
_NO_CLAUSES = (*_PLACES, "prior to", "up to")  # what comes after these has no verb
_CLAUSES = ("nachdem", "seitdem", "bevor", "ehe")  # and after these nothing but a clause
_LENGTH = r"(?:hours?|days?|weeks?|months?|years?|decades?|stunden?|tagen?|wochen?|monaten?|jahren?)"
_NO_TIME_BEFORE = re.compile(  # "two weeks after", "how long before", "named after", "before or after"
    rf"(?:\b(?:{_LENGTH}|long|soon|lange|named|look\w*|tak(?:e[ns]?|ing)|took|go(?:es|ing)?|went|one|time|day|"
    r"the|(?:before|after|until|vor|nach|bis)(?: or| and| oder| und|,))|"
    rf"\bhow (?:long|many {_LENGTH})\b.*) $",
    re.IGNORECASE,
)
_ENDS_ENGLISH = re.compile(
    rf"[,;:?!()–—]|\.(?=\s|$)|\s-\s|(?:\s(?:and|or|but))?\s(?:what|who|whom|whose|which|when|where|why|how|"
    rf"about|concerning|regarding|did|does|do|{pattern(*_SIDES.values())})\b",
    re.IGNORECASE,
)
_ENDS_GERMAN = re.compile(
    rf"[,;:?!()–—]|\.(?=\s|$)|\s-\s|(?:\s(?:und|oder))?\s(?:was|wer|wen|wem|wann|wo|warum|wie|welche[mnrs]?|"
    rf"über|{pattern(*_SIDES.values())})\b",
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
_OCCASION = (  # nouns that name what happens on a day, and not who or what it happens to
    "accident agreement announcement arrest arrival assassination attack ban blast bombing breakdown breakup "
    "ceasefire ceremony clash collapse collision coronation coup crash cut death debate decision declaration "
    "defeat demolition departure derailment destruction disaster dismissal earthquake election elections "
    "eruption exchange execution explosion fall final fire flood floods funeral game handover handshake "
    "hearing hurricane impeachment inauguration incident indictment invasion kidnapping killing landing "
    "launch launches letter march massacre match meeting merger murder opening operation outage outbreak "
    "passing protest protests quake raid rally recall referendum release resignation result return riots "
    "ruling sale scandal seizure sentencing session shooting shutdown signing speech start statement storm "
    "strike strikes summit suspension takeover talks test testimony tests trial truce verdict victory visit "
    "vote walkout war wedding withdrawal"
)
_VORFALL = (  # the same in German, each also as the end of a longer word
    "abkommen absturz angriff anschlag ansprache ausbruch beben besuch brand debatte einmarsch entführung "
    "entlassung entscheidung erdbeben erklärung eröffnung explosion fall fest festnahme feier finale flut "
    "freilassung gespräche gesprächen gipfel gipfels gipfeltreffen hinrichtung katastrophe krieg krönung "
    "landung mord prozess putsch rede referendum rücktritt schließung spiel sprengung start streik sturz tod "
    "treffen übergabe überfall umsturz unfall unglück unterzeichnung urteil verhandlungen waffenruhe wahl "
    "wahlen zerstörung"
)
_HAPPENING = re.compile(
    rf"\b(?:{pattern(_OCCASION)}|\w*{pattern(_VORFALL)})\b(?!['’-])", re.IGNORECASE
)  # not the election's winner
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
_LEAST_STEMS = 2  # of a clause: who, and what they did
_PARTICIPLES = re.compile(
    r"(?<!\swird)(?<!\swurde)(?:\s(?:(?:\w+ge|ge|ver|be|er|zer|ent)\w+(?:t|en)|worden|haben|hat))+$"
)
_MEETING = re.compile(
    r"\b(?:\w*(?:gipfels?|treffen|gesprächen?|verhandlungen)|summits?|meetings?|talks|negotiations)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """An event that a question counts from: the side of it that is meant, and what to search for.

    `words` are the question's own, from the word that gives the side on; `event` is them without that word,
    a name in the place of "he". `kind` is that of a `Moment`. `is_name` tells that nothing but a name is
    said, which need not be that of an event; `verb` is what was done, "" where that is not said.
    """

    side: Side
    event: str
    words: str
    kind: Literal["published", "about"]
    is_name: bool
    verb: str


def anchors(question: str, as_of: date) -> tuple[Anchor, ...]:
    """Read the events that a question counts from, which is asked on a day; times with days are left alone.

    >>> [found] = anchors("What did Ri Yong Ho say before he was dismissed?", date(2020, 6, 12))
    >>> found.side, found.event, found.words
    ('before', 'Ri Yong Ho was dismissed', 'before he was dismissed')
    """
    markers = list(_MARKER.finditer(question))
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
    if _NO_TIME_BEFORE.search(question[: marker.start()]) or _REPORTS.search(spoken):
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
    return Anchor(
        meaning(_SIDES, side), event, question[start:end], kind, is_name, _verb(spoken) if is_clause else ""
    )


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
    happens = _HAPPENING.search(spoken) if _DETERMINED.match(spoken) else None
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


def names_occasion(text: str) -> bool:
    """Tell whether words name what happens on a day: a summit, a launch, an election."""
    return _HAPPENING.search(text) is not None


def names_meeting(text: str) -> bool:
    """Tell whether words name a meeting, for which there are many: a summit, talks, ein Gipfel."""
    return _MEETING.search(text) is not None


def is_called_an_occasion(name: str, passage: Passage) -> bool:
    """Tell whether a passage takes a name for that of an event: "the Hanoi summit", "since Hanoi".

    >>> from index.types import Article
    >>> text = "Since Hanoi nothing has moved. The talks in Stockholm failed. Kim is silent."
    >>> passage = Passage(Article(text), 0, len(text))
    >>> [is_called_an_occasion(name, passage) for name in ("Hanoi", "Stockholm", "Kim")]
    [True, True, False]
    """
    name, occasion = re.escape(name), rf"{pattern(_OCCASION)}|\w*{pattern(_VORFALL)}"
    called = (
        rf"\b{name} (?:{occasion})\b|\b(?:{occasion})(?: \w+)? (?:in|at|of|von|outside) (?-i:{name})\b|"
        rf"\b{pattern(*_SIDES.values())} (?-i:{name})(?! (?:and|[A-Z]))\b"
    )
    return re.search(called, f"{passage.article.title}\n{passage.text}", re.IGNORECASE) is not None
