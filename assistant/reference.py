"""Pronouns and phrases such as "the summit", put into the words of what they refer to."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from assistant import facts
from assistant.mentions import GRAMMAR, PLACED, QUOTED, Mention, mentions, words
from assistant.question import LIMIT_CHARACTERS
from assistant.types import Turn

_QUOTES_CHARACTERS = 2000  # of an answer, read for persons
_BESIDE_CHARACTERS = 12  # "minister, Ri Son Gwon", "minister is Ri Son Gwon"
_LONG_WORDS, _FAR_WORDS = 20, 4  # a question as long as this brings its own subject, or names it by here
_PRONOUN = re.compile(
    rf"""{QUOTED}|\b(?:
    (?P<person>he|she|him|her|his|hers|er|ihm|ihn)
    | (?P<several>they|them|theirs?)
    | (?<!\bdo\ )(?<!\bdone\ )(?:  # not of what a whole sentence says
        (?P<thing>its|it(?!
            \W+(?:\w+\W+){{0,2}}?(?:that(?=\W+\w)|to|who|whether|if|for\s+\w+\s+to|rain|snow)\b  # true that
            |\s+been\b.*\bsince\b))
        | (?P<matter>(?:this|that|these|those)(?=\W*$|\s(?:about|in|on|at|for|to|with|by|after|before)\b)))
    | (?P<place>dort|(?<!\bis\ )(?<!\bare\ )(?<!\bwas\ )(?<!\bwere\ )there|there(?=\W*$))
    | (?P<time>then(?=\W*$))
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_OBJECTS, _OWNERS = {"him", "her", "ihm", "ihn"}, {"his", "hers", "its", "their", "theirs"}
_BESIDE = frozenset("by of for at from".split())


def searched(turn: Turn) -> str:
    """Give the question of a turn as it was searched."""
    return turn.answer.question or turn.question


def quotes(turn: Turn) -> list[str]:
    """Give what was quoted in the answer of a turn."""
    return [citation.quote for claim in turn.answer.claims for citation in claim.citations if citation.quote]


def asked_about(turn: Turn) -> list[Mention]:
    """Find what the question of a turn mentions; one in small letters, with the names of its answer."""
    question, known = searched(turn)[:LIMIT_CHARACTERS], frozenset[str]()
    if question[1:].islower():
        known = frozenset(word for name in facts.names("\n".join(quotes(turn))) for word in name)
    return mentions(question, known)


def topic(there: Iterable[Mention], *, acts: bool = False) -> list[str]:
    """Find the thing a question is about, if any: its subject if `acts`, else a phrase, else what is named.

    >>> topic(mentions("Why did North Korea blow up the liaison office in Kaesong?"))
    ['the liaison office in Kaesong']
    """

    def rank(one: Mention) -> tuple[bool, ...]:
        return not (acts and one.is_subject), not one.head, one.kind == "things", one.kind == "place"

    things = [one for one in there if one.kind not in ("person", "role") and not one.owns]
    return [one.text for one in sorted(things, key=rank)[:1]]


def quoted_person(turn: Turn) -> str:
    """Name a person of the answer: who stands right beside the role asked for; without one, the first.

    Nobody, where a role was asked for and no name stands beside it: "the vice minister, Choe Son Hui" is not
    the minister.
    """
    roles = [one for one in asked_about(turn) if one.kind == "role"]
    own_words = [re.search(rf"\b(?!the |an? )(?:[a-z]{{2,}} )*{one.head}", one.text) for one in roles]
    for quote in (quote[:_QUOTES_CHARACTERS] for quote in quotes(turn)):
        persons = [one for one in mentions(quote) if one.kind == "person" and " " in one.text]
        places = [at.span() for role in own_words if role for at in re.finditer(role[0], quote)]
        for one in persons:
            beside = (max(start - one.end, one.start - end) < _BESIDE_CHARACTERS for start, end in places)
            if not roles or any(beside):
                return one.text
    return ""


def _scene(turn: Turn) -> list[Mention]:
    """Find what a turn mentions: its question and, where that asks for a person, the answer."""
    there = asked_about(turn)
    kinds = {one.kind for one in there}
    asks = "role" in kinds and re.match(r"(?:and )?(?:who|wer)\b", searched(turn), re.IGNORECASE)
    name = quoted_person(turn) if asks or not kinds & {"person", "role"} else ""
    return [*there, Mention(name, 0, 0, "person")] if name else there


def resolved(text: str, turns: Sequence[Turn], within: Sequence[Mention] = ()) -> str:
    """Put what they refer to in the place of pronouns and phrases; `turns` is the conversation, last first.

    `within` is what the question itself was said to be about: it comes before the conversation.
    """
    own, earlier = mentions(text), [within, _scene(turns[0]), *map(asked_about, turns[1:])]
    if len(text.split()) > _LONG_WORDS:
        return text
    edits = [(one.start, one.end, new) for one in own if (new := _in_full(one, text, own, earlier))]
    for one in _PRONOUN.finditer(text):
        new = _referent(one, text, own, earlier) if one.lastgroup else ""
        if new and not any(start <= one.start() < end for start, end, _ in edits):
            own.append(Mention(new, one.start(), one.end(), "person"))
            mark = ("’" if re.search(r"\b[a-z]+s$", new) else "’s") if _owns(one, text) else ""
            edits.append((one.start(), one.end(), new + mark))
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _in_full(one: Mention, text: str, own: Sequence[Mention], earlier: Iterable[Sequence[Mention]]) -> str:
    """Find the phrase of an earlier question that says in full what this one points at."""
    points = one.head and re.match(r"(?:the|this|that|these|those)\b", one.text, re.IGNORECASE)
    if not points or any(one.start <= other.start < one.end for other in own if other is not one):
        return ""  # it has a name
    alike = (other for there in earlier for other in reversed(there) if other.head == one.head)
    return next((other.text for other in alike if one.words < other.words and other.text not in text), "")


def _owns(one: re.Match[str], text: str) -> bool:
    """Tell whether a pronoun is one that something belongs to: her letter."""
    after = re.match(r"\s+(\w+)", text[one.end() :])
    noun = after is not None and GRAMMAR.get(after[1].lower(), "l") == "l"
    return one[0].lower() in _OWNERS or (one[0].lower() == "her" and noun)


def _referent(
    one: re.Match[str], text: str, own: Sequence[Mention], earlier: Iterable[Sequence[Mention]]
) -> str:
    """Find what a pronoun refers to, or nothing, where its noun is in the question or is asked for."""
    kind, owns, opening = str(one.lastgroup), _owns(one, text), words(text[: one.start()])
    is_object = one[0].lower() in _OBJECTS and not owns
    tags, comma = "".join(word.tag for word in opening), text.find(",", one.end())
    is_asked_for = tags.startswith("q") and "a" not in tags and len(tags) >= _FAR_WORDS  # Who left his …
    near = [other for other in own if other.end <= one.start() or 0 <= comma < other.start]  # Despite her …
    if kind == "person":
        stays = len([other for other in near if other.kind in ("person", "role")]) > is_object
    else:
        stays = any(
            kind == "several" or other.kind in ("thing", "place") or (owns and not other.owns)
            for other in near
        )
    if stays or (is_asked_for and kind in ("person", "several", "thing") and not is_object):
        return ""
    acts = not is_object and tags.endswith(("a", "b") if kind == "person" else "a")
    used = {other.text for other in own}
    called = (new for there in earlier for new in _called(kind, there, used, text, acts=acts))
    return next((new for new in called if new not in used), "")


def _called(
    kind: str, there: Sequence[Mention], used: Collection[str], text: str, *, acts: bool
) -> list[str]:
    """Name what a pronoun can stand for among some mentions, the best first."""
    if kind == "person":
        return _persons(there, acts=acts)
    if kind == "several":
        return _several(there)
    if kind == "matter":
        return topic(one for one in there if one.kind != "place" and (one.head or not one.is_subject))
    names = [one.text for one in there if not one.head and one.text not in used]
    only = names if len(names) == 1 else []  # what is no person is not always told by its name
    if kind == "thing":
        return topic(there, acts=acts) or only
    if kind == "time":
        after = re.search(r"\b(?:happen\w*|did|do|does|next)\b", text)
        return [f"{'after' if after else 'at the time of'} {thing}" for thing in topic(there)]
    phrases = [one for one in there if one.head]
    places = [one for one in reversed(there) if one.kind == "place"]
    free = [one for one in places if one.before in PLACED and all(one.end != other.end for other in phrases)]
    called = [f"{one.before} {one.text}" for one in free] + [f"at {thing}" for thing in topic(phrases)]
    return called or [f"in {name}" for name in [*(one.text for one in places), *only]]


def _persons(there: Sequence[Mention], *, acts: bool) -> list[str]:
    """Give who acts, where that is asked, then the last; who stands after "by", and roles, come after."""
    names = [one for one in reversed(there) if one.kind == "person"]
    acting = [one for one in there if acts and one.kind == "person" and one.is_subject]
    free = [one for one in names if one.before not in _BESIDE]
    return [
        one.text for one in [*acting, *free, *names, *(one for one in reversed(there) if one.kind == "role")]
    ]


def _several(there: Sequence[Mention]) -> list[str]:
    """Give those named together, or what stands in the plural; else a country or a body."""
    names = [one for one in there if not one.head and not one.owns and one.before not in PLACED]
    together = " and ".join(one.text for one in names if one.kind == names[0].kind)
    plural = [one.text for one in there if one.kind == "things"]
    called = [together, *plural] if any(one.before == "and" for one in names) else [*plural, together]
    return [one for one in called if one]
