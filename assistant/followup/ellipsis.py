"""Questions with parts left out, filled in from the question before: "Why?", "And in 2019?", "And Kim?"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from textwrap import shorten

from assistant.followup.mentions import GRAMMAR, PLACED, Mention, mentions, times, words
from assistant.followup.reference import asked_about, quoted_person, quotes, resolved, searched, topic
from assistant.types import Turn

_QUOTED_CHARACTERS = 200
_AUXILIARY = "|".join(word for word, tag in GRAMMAR.items() if tag in "ab")
_ADVERB = "why|when|where|how come|how long|how often|how"
_GERMAN = frozenset("warum weshalb wann wo wer wie".split())
_IN = re.compile(r"^(?:in|on|at|from|since|before|after|until|during|im|seit|vor|nach) ", re.I)
_IT = "(?:he|she|it|they|that|this|so)"
_BARE = re.compile(
    rf"({_ADVERB}|how (?:many|much|old|far)|whom?|by whom|which ones?|{'|'.join(_GERMAN)})(?: not)?"
    rf"(?: (?:did|does|do) {_IT}(?: do| say| happen)?| (?:is|was) (?:that|this))?(?: {_IT})?",
    re.IGNORECASE,
)
_ADVERBIAL = re.compile(rf"(?:{_ADVERB})(?= (?:{_AUXILIARY})\b)", re.IGNORECASE)
_YES_OR_NO = re.compile(rf"(?:{_AUXILIARY})\b", re.IGNORECASE)
_THAT_TIME = re.compile("(before|after|since|until) (?:that|then|this)", re.IGNORECASE)
_WHO_SAID = re.compile(rf"(who (?:said|says|claimed|reported|wrote)) {_IT}", re.IGNORECASE)
_MORE = re.compile(rf"(?:tell me |say )?more(?: about {_IT})?|go on", re.IGNORECASE)
_IMPERATIVES = frozenset("tell give explain show describe list compare".split())


def in_full(rest: str, turn: Turn) -> str:
    """Complete a question that has its question word alone, its time alone, or points at the whole answer.

    Gives nothing for any other.
    """
    asked, stem = rest.strip(" ?.!"), _stem(turn)
    if times(asked) == [(0, len(asked))]:
        return _at_time(asked, stem)
    if gap := _THAT_TIME.fullmatch(asked):
        return _before_that(gap[1].lower(), turn)
    if gap := _BARE.fullmatch(asked):
        return _asking(gap[1], stem)
    if (gap := _WHO_SAID.fullmatch(asked)) and (quote := " ".join(quotes(turn)[:1])):
        quote = re.sub('[“”„"]', "", quote)
        return f"{capital(gap[1])} that “{shorten(quote, _QUOTED_CHARACTERS, placeholder='')}”?"
    if _MORE.fullmatch(asked):
        return "".join(f"Tell me more about {about}." for about in topic(asked_about(turn)))
    return ""


def _stem(turn: Turn) -> str:
    return searched(turn).rstrip(" ?.!")


def _asking(word: str, stem: str) -> str:
    """Ask the previous question with another question word or, where that does not fit, with both."""
    old = _ADVERBIAL.match(stem)
    if _ADVERBIAL.match(f"{word} did") and (old or _YES_OR_NO.match(stem)):
        rest = stem[old.end() :].strip() if old else stem
        return f"{capital(word)} {rest[0].lower()}{rest[1:]}?"
    return f"{stem}, {'und' if word.lower() in _GERMAN else 'and'} {word.lower()}?"


def _before_that(word: str, turn: Turn) -> str:
    """Ask for what was before, or after: a time, whoever it was, or the event asked about."""
    stem = _stem(turn)
    if found := times(stem):
        time = stem[slice(*found[-1])]
        return _at_time(f"{word} {_IN.sub('', time)}", stem)
    person = quoted_person(turn) if re.match(r"(?:who|wer)\b", stem, re.IGNORECASE) else ""
    if person:
        return f"{stem} {word} {person}?"
    return "".join(f"What happened {word} {event}?" for event in topic(asked_about(turn)))


def _at_time(time: str, stem: str) -> str:
    """Ask the previous question of another time."""
    if words(time)[0].tag != "t":
        time = time[0].lower() + time[1:]
    time = f"in {time}" if time.isdigit() else time
    start, end = next(reversed(times(stem)), (len(stem), len(stem)))
    return f"{stem[:start].rstrip()} {time}{stem[end:]}?"


def is_fragment(text: str, *, opened: bool) -> bool:
    """Tell whether this is no question but a name or a phrase: "And Kim?", "Kim Jong Un?".

    `opened` tells that it began with "And", which was taken off.
    """
    if not opened:
        return any(one.text == text and not one.head for one in mentions(f"of {text}"))
    own = words(text)
    return own[0].plain not in _IMPERATIVES and all(word.tag not in "qab" for word in own)


def like(named: str, turns: Sequence[Turn]) -> str:
    """Ask the previous question of something else: in the place of what is most like it, if anything is."""
    stem, named = _stem(turns[0]), resolved(named, turns)
    first = named.split(" ")[0].lower()
    preposition = first if GRAMMAR.get(first, "") in ("p", "P", "f") else ""
    bare = named[len(preposition) :].strip()
    there, own = asked_about(turns[0]), mentions(f"of {bare}")
    is_known = any(one.text == other.text and not one.owns for one in own for other in there)
    if is_known or all(word.plain in GRAMMAR or word.tag == "," for word in words(bare)):
        return ""
    if preposition:
        fits = PLACED if preposition in PLACED else {preposition}
        old = [one for one in reversed(there) if one.before in fits and not one.head]
    else:
        old = _most_like(own[0], there) if own and own[0].text == bare else []
    if old:
        return f"{stem[: old[0].start]}{bare}{stem[old[0].end :]}?"
    about, found, _ = stem.rpartition(f" {preposition or 'about'} ")
    return f"{about}{found}{bare}?" if found else f"{stem} {named}?" if preposition else ""


def _most_like(new: Mention, there: Sequence[Mention]) -> list[Mention]:
    """Order what a new name can replace: a phrase of its noun, a name of its kind, then the one who acts."""
    kinds = {"person", "role"} if new.kind == "role" else {new.kind}
    same = [one for one in there if new.head and one.head == new.head]
    named = [one for one in there if new.kind == "role" or not (one.head or new.head)]
    acting = [one for one in named if one.is_subject]
    alike = [one for one in [*acting, *named] if one.kind in kinds]
    return [*same, *alike, *acting]


def capital(text: str) -> str:
    """Let a question begin with a capital."""
    return text[:1].upper() + text[1:]
