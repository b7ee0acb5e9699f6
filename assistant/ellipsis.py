"""Questions with parts left out, filled in from the question before: "Why?", "And in 2019?", "And Kim?"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.mentions import ASKING, AUXILIARIES, PREPOSITIONS, STOPS, VERBS, Mention, mentions, words
from assistant.reference import asked_about, quoted_person, quotes, resolved, searched, topic
from assistant.types import Turn

_QUOTED_CHARACTERS = 200
_GERMAN = frozenset("warum wieso weshalb wann wo".split())
_NO_MARKS = str.maketrans("", "", '“”„"')
_AUXILIARY = "|".join(sorted(AUXILIARIES))
_BARE = re.compile(
    r"(why|when|where|how come|how (?:many|much|long|often|old|far)|how|(?:by )?whom?|which ones?|"
    r"warum|wieso|weshalb|wann|wo|wer|wie viele|wie)(?: not)?"
    r"(?: (?:did|does|do|is|was|were|would|has) (?:he|she|it|they|that|this)(?: (?:do|so|say|happen))?"
    r"(?: (?:that|this|it|so))?)?[\s?.!]*",
    re.IGNORECASE,
)
_ADVERBIAL = re.compile(
    rf"(?:why|when|where|how(?: come| long| often)?|wie)(?=\s+(?:{_AUXILIARY})\b)"
    r"|(?:warum|wieso|weshalb|wann|wo)\b(?=\s)",
    re.IGNORECASE,
)
_SPOKEN = re.compile(r"what ((?:did|does|has|had) .+?) (?:say|said) (about .+)", re.IGNORECASE)
_TRUE = re.compile(
    r"(?:is|was) (?:that|this|it) (?:really |actually )?(?:true|so|right|correct|certain)\W*|really\W*", re.I
)
_WHO_SAID = re.compile(
    r"(who (?:said|says|claimed|claims|reported|wrote) )(?:that|this|it|so)\W*", re.IGNORECASE
)
_MORE = re.compile(
    r"(?:(?:tell|say) (?:me |us )?more(?: about (?:it|that|this))?|(?:any )?more details?|more|go on)\W*",
    re.I,
)
_WHAT_ELSE = re.compile(r"(what|who|where|when|why) else\W*", re.IGNORECASE)
_MONTH = (
    r"(?:(?i:january|february|april|june|july|august|september|october|november|december|"
    r"januar|februar|märz|mai|juni|juli|oktober|dezember)|March|May)"
)
_WHEN = re.compile(
    r"\b(?:((?i:in|on|since|before|after|until|till|by|during|from|around|im|am|seit|vor|nach|bis)) )?"
    rf"((?:the |(?i:early|late|mid)[ -])?(?:(?:\d{{1,2}}(?:st|nd|rd|th|\.)? (?:of )?)?{_MONTH}"
    r"(?: \d{1,2}(?:st|nd|rd|th)?\b)?(?:,? (?:of )?(?:1[5-9]|20)\d\d)?|(?:1[5-9]|20)\d\d(?:-\d\d-\d\d)?"
    r"|(?i:(?:last|this|next|the previous|the following) "
    r"(?:year|month|week|spring|summer|autumn|fall|winter|time)|"
    r"(?:the )?(?:spring|summer|autumn|winter) of \d{4}|yesterday|today|tonight|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day)))\b"
)
_THAT_TIME = re.compile(r"(before|after|since|until)(?: (?:that|then|this))?[\s?.!]*", re.IGNORECASE)


def in_full(rest: str, turn: Turn, *, opened: bool) -> str:
    """Complete a question that has its question word alone, its time alone, or points at the whole answer.

    Gives nothing for any other; `opened` tells that it began with "And", which was taken off.
    """
    previous = searched(turn)
    bare, stem = _BARE.fullmatch(rest), previous.rstrip(" ?.!")
    adverbial, quote = _ADVERBIAL.match(previous), _first_quote(turn)
    if bare:
        word = bare[1]
        if word.lower() in _GERMAN and not (adverbial and adverbial[0].lower() in _GERMAN):
            return f"{stem}, und {word.lower()}?"
        if not _ADVERBIAL.match(f"{word} did"):
            return asked(f"{stem[adverbial.end() :].strip() if adverbial else stem}, and {word.lower()}?")
        if adverbial or _is_yes_or_no(stem):
            return asked(f"{word} {_lowered(stem[adverbial.end() :].strip() if adverbial else stem)}?")
        spoken = _SPOKEN.fullmatch(stem)
        return asked(f"{word} {spoken[1]} speak {spoken[2]}?" if spoken else f"{stem}, and {word.lower()}?")
    if _TRUE.fullmatch(rest):
        return previous if _is_yes_or_no(stem) else f"Is it true that “{quote}”?" if quote else ""
    if said := _WHO_SAID.fullmatch(rest):
        return asked(f"{said[1]}that “{quote}”?") if quote else ""
    if _MORE.fullmatch(rest) and (about := topic(asked_about(turn))):
        return f"Tell me more about {about.text}."
    if (else_ := _WHAT_ELSE.fullmatch(rest)) and re.match(
        rf"(?:{else_[1]})\b(?! else)", previous, re.IGNORECASE
    ):
        return re.sub(r"^(\w+)", r"\1 else", previous)
    time = rest.strip(" ?.!")
    if (relative := _THAT_TIME.fullmatch(rest)) and (opened or " " in time):
        return _before_that(relative[1].lower(), previous, turn)
    if _WHEN.fullmatch(time):
        return _at_time(time, previous)
    return ""


def _before_that(word: str, previous: str, turn: Turn) -> str:
    """Ask for what was before, or after: a time, whoever it was, or the event asked about."""
    times = list(_WHEN.finditer(previous))
    if times:
        return _at_time(f"{word} {times[-1][2]}", previous)
    person = quoted_person(turn) if re.match(r"who\b|wer\b", previous, re.IGNORECASE) else ""
    if person:
        return f"{previous.rstrip(' ?.!')} {word} {person}?"
    event = topic(asked_about(turn))
    return f"What happened {word} {event.text}?" if event else ""


def _at_time(time: str, previous: str) -> str:
    """Ask the previous question of another time."""
    if time.isdigit():
        time = f"in {time}"
    elif words(time)[0].plain in PREPOSITIONS:
        time = _lowered(time)
    times = list(_WHEN.finditer(previous))
    if times:
        return previous[: times[-1].start()] + time + previous[times[-1].end() :]
    return f"{previous.rstrip(' ?.!')} {time}?"


def is_fragment(text: str, *, opened: bool) -> bool:
    """Tell whether this is no question but a name or a phrase: "And Kim?", "Kim Jong Un?"."""
    own = words(text)
    if not own or len(own) > 7 or any(w.plain in AUXILIARIES | ASKING for w in own):
        return False
    if opened:
        return own[0].plain not in VERBS
    named = [mention for mention in mentions(f"of {text}") if not mention.head]
    return len(own) <= 4 and any(mention.text == text for mention in named)


def like(named: str, turns: Sequence[Turn]) -> str:
    """Ask the previous question of something else: in the place of what is most like it, if anything is."""
    previous = searched(turns[0])
    if _WHEN.fullmatch(named):
        return _at_time(named, previous)
    named = resolved(named, turns)
    first = words(named)[0].plain if words(named) else ""
    preposition = first if first in PREPOSITIONS else ""
    bare = named[len(preposition) :].strip()
    there, own = asked_about(turns[0]), mentions(f"of {bare}")
    said = {one.text for one in there}
    if not {word.plain for word in words(bare)} - STOPS or any(
        one.text in said and not one.owns for one in own
    ):
        return ""
    new = own[0] if own and own[0].text == bare else None
    old = _most_like(new, there, preposition)
    stem, end = previous.rstrip(" ?.!"), previous[len(previous.rstrip(" ?.!")) :] or "?"
    if old:
        return previous[: old.start] + bare + previous[old.end :]
    about = re.search(rf"\b{preposition or 'about'} (?!.*\b{preposition or 'about'} ).+", stem, re.DOTALL)
    if about and (preposition or not new or new.kind not in ("person", "place")):
        return f"{stem[: about.start()]}{preposition or 'about'} {bare}{end}"
    if preposition:
        return f"{stem} {named}{end}"
    event = topic(there)
    return f"What about {bare} and {event.text}?" if event and not new else ""


def _most_like(new: Mention | None, there: Sequence[Mention], preposition: str) -> Mention | None:
    """Find what a new name replaces: a phrase of its noun, a name of its kind, else the one who acts."""
    if new and new.head:
        heads = [one for one in there if one.head == new.head]
        roles = [one for one in there if new.kind == "role" and one.kind in ("person", "role")]
        return next(iter(heads or roles), None)
    names = [one for one in there if not one.head]
    if preposition:
        placed = {"in", "at", "near", "outside", "the"}
        fits = placed if preposition in placed else {preposition}
        return next((one for one in reversed(names) if one.before in fits), None)
    if not new:
        return None
    alike = [one for one in names if one.kind == new.kind]
    return next((one for one in alike if one.is_subject), None) or next(
        iter(alike), next((one for one in names if one.is_subject), None)
    )


def _is_yes_or_no(question: str) -> bool:
    return bool(re.match(rf"(?:{_AUXILIARY})\b", question, re.IGNORECASE))


def _first_quote(turn: Turn) -> str:
    found = quotes(turn)
    return cut(" ".join(found[0].translate(_NO_MARKS).split()), _QUOTED_CHARACTERS) if found else ""


def cut(text: str, characters: int) -> str:
    """Cut a text after a whole word."""
    return text if len(text) <= characters else text[:characters].rpartition(" ")[0] or text[:characters]


def asked(text: str) -> str:
    """Let a question begin with a capital."""
    return text[:1].upper() + text[1:]


def _lowered(text: str) -> str:
    """Let what was the first word of a question stand inside one."""
    return text[:1].lower() + text[1:]
