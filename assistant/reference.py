"""Pronouns and phrases such as "the summit", put into the words of what they refer to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from assistant import facts
from assistant.mentions import AUXILIARIES, PREPOSITIONS, STOPS, Mention, Word, mentions, words
from assistant.question import LIMIT_CHARACTERS
from assistant.types import Turn

_QUOTES_CHARACTERS = 2000  # of an answer, read for persons
_BESIDE_CHARACTERS = 12  # "minister, Ri Son Gwon", "minister is Ri Son Gwon"
_FAR_WORDS = 4
_SUBJECTS, _OBJECTS = {"he", "she", "er"}, {"him", "her", "ihm", "ihn"}
_PERSONS = _SUBJECTS | _OBJECTS | {"his", "hers"}
_PLURALS = {"they", "them", "their", "theirs"}
_THINGS = {"it", "its", "this", "that", "there", "then", "dort", "those", "these"}
_OWNERS = {"his", "hers", "its", "their", "theirs"}
_POINTING = frozenset("the this that these those".split())
_CLAUSE = frozenset("that when if because whether after before while since who which and".split())
_BREAK = re.compile(r"[,;:?!—]|\w{4}\.\s")
_EXPLETIVE = re.compile(
    r"\W*been\b.*\bsince\b|\W*(?:\w+\W+){0,2}?(?:that(?=\W+\w)|to|who|whether|if|for\s+\w+\s+to)\b|\W*(?:\w+ly\W+)?(?:rain|snow)",
    re.IGNORECASE,
)


def searched(turn: Turn) -> str:
    """Give the question of a turn as it was searched."""
    return turn.answer.question or turn.question


def quotes(turn: Turn) -> list[str]:
    """Give what was quoted in the answer of a turn, the first words of it."""
    found, room = [], _QUOTES_CHARACTERS
    for quote in (one.quote for claim in turn.answer.claims for one in claim.citations):
        found.append(quote[: max(room, 0)])
        room -= len(quote)
    return [quote for quote in found if quote]


def asked_about(turn: Turn) -> list[Mention]:
    """Find what the question of a turn mentions; one in small letters, with the names of its answer."""
    question = searched(turn)[:LIMIT_CHARACTERS]
    if any(c.isupper() for c in question[1:]):
        return mentions(question)
    return mentions(
        question, frozenset(word for name in facts.names("\n".join(quotes(turn))) for word in name)
    )


def topic(there: Sequence[Mention], *, acts: bool = False) -> Mention | None:
    """Find the thing a question is about: its subject if `acts`, else a phrase, else what is named.

    >>> topic(mentions("Why did North Korea blow up the liaison office in Kaesong?")).text
    'the liaison office in Kaesong'
    """
    things = [one for one in there if one.kind in ("thing", "things", "place") and not one.owns]
    subject = [one for one in things if one.is_subject] if acts else []
    phrases = [one for one in things if one.head]
    phrases.sort(key=lambda one: (one.text.startswith(("a ", "an ")), one.kind == "things"))  # stable
    named = sorted((one for one in things if not one.head), key=lambda one: one.kind == "place")
    return next(iter([*subject, *phrases, *named]), None)


def quoted_person(turn: Turn) -> str:
    """Name a person of the answer: who stands right beside the role asked for; without one, the first.

    Nobody, where a role was asked for and no name stands beside it: "the vice minister, Choe Son Hui" is not
    the minister.
    """
    roles = [_role(one) for one in asked_about(turn) if one.kind == "role"]
    beside: list[tuple[int, str]] = []
    for quote in quotes(turn):
        persons = [one for one in mentions(quote) if one.kind == "person" and _is_full(one, quote)]
        if persons and not roles:
            return persons[0].text
        for role in re.finditer("|".join(map(re.escape, roles)), quote) if roles else ():
            beside += [
                (min(abs(role.end() - one.start), abs(one.end - role.start())), one.text) for one in persons
            ]
    distance, name = min(beside, default=(_BESIDE_CHARACTERS, ""))
    return name if distance < _BESIDE_CHARACTERS else ""


def _role(mention: Mention) -> str:
    """Give the words of a role that are its own: foreign minister."""
    words_before = mention.text[: mention.text.find(mention.head)] if mention.head in mention.text else ""
    return re.split(r"[’']s\s|\b(?:the|an?)\s", words_before)[-1] + mention.head


def _is_full(person: Mention, quote: str) -> bool:
    """Tell a name from a word that only opens a sentence."""
    return " " in person.text or (person.start > 0 and quote[: person.start].rstrip()[-1:] not in '.!?"“')


def resolved(text: str, turns: Sequence[Turn], within: Sequence[Mention] = ()) -> str:
    """Put what they refer to in the place of pronouns and phrases; `turns` is the conversation, last first.

    `within` is what the question itself was said to be about: it comes before the conversation.
    """
    own, found = mentions(text), words(text)
    edits = [(one.start, one.end, new) for one in own if (new := _described(one, own, turns, within))]
    taken: list[tuple[str, int]] = []
    for at, word in enumerate(found):
        new = _antecedent(at, found, text, own, turns, within, taken)
        if new and not any(start <= word.start < end for start, end, _ in edits):
            taken += [(new, word.start)] if word.plain in _PERSONS else []
            is_owner = word.plain in _OWNERS or (word.plain == "her" and _is_before_noun(at, found, text))
            edits.append((word.start, word.start + len(word.plain), new + _own(new) * is_owner))
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _own(name: str) -> str:
    return "’" if re.search(r"\b[a-z]+s$", name) else "’s"


def _described(one: Mention, own: Sequence[Mention], turns: Sequence[Turn], within: Sequence[Mention]) -> str:
    """Find the phrase of an earlier question that says in full what this one points at."""
    if not one.head or one.owns or one.text.split()[0].lower() not in _POINTING:
        return ""
    if any(other is not one and one.start <= other.start < one.end for other in own):
        return ""  # it has a name
    for there in (within, *map(asked_about, turns)):
        for other in reversed(there):
            fuller = other.head == one.head and one.words < other.words
            if fuller and all(other.text != mention.text for mention in own):
                return other.text
    return ""


def _antecedent(
    at: int, found: Sequence[Word], text: str, own: Sequence[Mention], turns: Sequence[Turn],
    within: Sequence[Mention], taken: Sequence[tuple[str, int]],
) -> str:  # fmt: skip
    """Find what the word at a place refers to, or nothing: it is no pronoun, or has its noun before it."""
    word = found[at].plain
    before = [one for one in own if one.end <= found[at].start]
    if _is_asked_for(at, found) or _comes_first(at, found, text, own):
        return ""
    asks = at > 0 and found[at - 1].plain in AUXILIARIES
    if word in _PERSONS:
        persons = [(one.text, one.start) for one in before if one.kind in ("person", "role")] + [*taken]
        is_object = word in _OBJECTS and not (word == "her" and _is_before_noun(at, found, text))
        clause = any(
            other.plain in _CLAUSE and other.start > persons[0][1] for other in found[:at] if persons
        )
        clause = clause or bool(persons and _BREAK.search(text, persons[0][1], found[at].start))
        if persons and not (is_object and len(persons) == 1 and not clause):
            return ""
        return _person(
            turns, within, subject=word in _SUBJECTS and asks, other_than=[one for one, _ in persons]
        )
    if word in _PLURALS:
        return "" if before else _several(turns, within)
    if (
        word not in _THINGS
        or not _is_pointing(at, found, text)
        or any(one.kind in ("thing", "place") or (word == "its" and not one.owns) for one in before)
    ):
        return ""
    for there in (within, *map(asked_about, turns)):
        phrases = [one for one in there if one.head]
        places = [one for one in there if one.kind == "place" and one.before in PREPOSITIONS]
        places = [
            one for one in places if not any(phrase.start <= one.start < phrase.end for phrase in phrases)
        ]
        if word in {"there", "dort"} and places:
            return f"{places[-1].before} {places[-1].text}"
        if word in {"this", "that"}:
            there = [one for one in there if one.kind != "place" and not (one.is_subject and not one.head)]
        elif word in {"there", "dort"} and not any(one.head for one in there):
            there = [one for one in there if one.kind == "place"][-1:]
        if thing := topic(there, acts=word == "it" and asks and found[at - 1].plain not in {"is", "was"}):
            return _placed(word, thing, found, at)
    names = [one.text for one in asked_about(turns[0]) if not one.head]
    return names[-1] if len(names) == 1 and word in {"it", "its"} else ""


def _is_asked_for(at: int, found: Sequence[Word]) -> bool:
    """Tell whether a word stands for what is asked for: "Which company, known for its …", "Who said he …"."""
    word, opening = found[at].plain, [other.plain for other in found[:3]]
    if at < _FAR_WORDS or word in {"him", "them", "there", "then", "that", "this"}:
        return False
    if {"did", "does", "do"} & {other.plain for other in found[:at]}:
        return False
    which = opening[0] == "which" or (opening[0] == "what" and opening[1] not in AUXILIARIES)
    return which or (opening[0] in {"who", "whose"} and word in _PERSONS)


def _comes_first(at: int, found: Sequence[Word], text: str, own: Sequence[Mention]) -> bool:
    """Tell whether a word is before its noun: "Despite her injury, is Lindsey Vonn …"."""
    comma = text.find(",", found[at].end)
    leading = found[0].plain in {
        "if",
        "despite",
        "although",
        "though",
        "while",
        "after",
        "before",
        "when",
        "as",
    }
    return leading and comma >= 0 and any(one.start > comma for one in own)


def _placed(word: str, thing: Mention, found: Sequence[Word], at: int) -> str:
    """Say there as "at the summit", then as "after the summit"."""
    if word in {"there", "dort"}:
        return f"{'in' if thing.kind == 'place' else 'at'} {thing.text}"
    if word == "then":
        happens = any(other.plain.startswith(("happen", "next", "did", "do")) for other in found[:at])
        return f"{'after' if happens else 'at the time of'} {thing.text}"
    return thing.text


def _person(
    turns: Sequence[Turn], within: Sequence[Mention], *, subject: bool, other_than: Sequence[str]
) -> str:
    """Name who he or she is."""
    for number, there in enumerate((within, *map(asked_about, turns))):
        people = [one for one in there if one.kind == "person" and one.text not in other_than]
        acting = [one for one in people if one.is_subject] if subject else []
        if people:
            return (acting or people[-1:])[0].text
        roles = [one.text for one in there if one.kind == "role" and one.text not in other_than]
        turn = turns[number - 1] if number else None
        asks_who = turn is not None and re.match(
            r"(?:and |but )?(?:who|wer)\b", searched(turn), re.IGNORECASE
        )
        if roles and not asks_who:
            return roles[-1]
        if number == 1 and turn and (name := quoted_person(turn)) and name not in other_than:
            return name
        if roles:
            return roles[-1]
    return ""


def _several(turns: Sequence[Turn], within: Sequence[Mention]) -> str:
    """Name who they are: those named together, what stands in the plural, or a country or a body."""
    for there in (within, *map(asked_about, turns)):
        names = [one for one in there if not one.head and not one.owns]
        pairs = [
            f"{one.text} and {other.text}"
            for one, other in pairwise(names)
            if other.before == "and" or (other.text.startswith("the ") and one.end + 5 >= other.start)
        ]
        plural = [one.text for one in there if one.kind == "things"]
        people = list(dict.fromkeys(one.text for one in names if one.kind == "person"))
        if pairs or plural:
            return (pairs or plural)[0]
        if len(people) > 1:
            return " and ".join(people)
        if others := [one.text for one in names if one.kind in ("place", "thing")] or people:
            return others[0]
    return ""


def _is_before_noun(at: int, found: Sequence[Word], text: str) -> bool:
    """Tell whether a word is followed by one that it can belong to: her letter, that summit."""
    if at + 1 >= len(found) or text[found[at].end : found[at + 1].start].strip():
        return False
    return found[at + 1].plain not in STOPS


def _is_pointing(at: int, found: Sequence[Word], text: str) -> bool:
    """Tell whether it, that, there or then stand for something, rather than for grammar."""
    word, before, after = found[at].plain, found[at - 1].plain if at else "", text[found[at].end :]
    if before in {"do", "done"}:
        return False
    if word in {"it"}:
        return not _EXPLETIVE.match(after)
    if word in {"there", "dort"}:
        return before not in {"is", "are", "was", "were"} or not after.strip(" ?.!")
    if word == "then":
        return not after.strip(" ?.!")
    if word in {"this", "that", "these", "those"}:
        next_word = found[at + 1].plain if at + 1 < len(found) else ""
        alone = not after.strip(" ?.!") or next_word in PREPOSITIONS or before in AUXILIARIES
        return alone and not (before not in {"is", "was"} and _is_before_noun(at, found, text))
    return True
