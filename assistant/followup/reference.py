"""Pronouns and phrases such as "the summit", put into the words of what they refer to."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import TypeAlias

from assistant import facts
from assistant.followup.mentions import GRAMMAR, PLACED, QUOTED, Mention, mentions, words
from assistant.question import LIMIT_CHARACTERS
from assistant.types import Turn

Scene: TypeAlias = Sequence[Mention]  # what one question mentions

_BESIDE_CHARACTERS = 12  # "minister, Ri Son Gwon", "minister is Ri Son Gwon"
_LONG_WORDS, _FAR_WORDS = 20, 4  # a question as long as this brings its own subject, or names it by here
_NOUN = rf"(?=\s+(?!(?:{'|'.join(GRAMMAR)})\b)\w)"
_PRONOUN = re.compile(
    rf"""{QUOTED}|\b(?:
    (?P<he>he|she|er) | (?P<him>him|ihm|ihn|her(?!{_NOUN})) | (?P<his>his|hers|her)
    | (?P<they>they|them) | (?P<their>theirs?) | (?P<its>its)
    | (?<!\bdo\ )(?<!\bdone\ )(?:  # nor in "is it true that", "did it rain"
        (?P<it>it(?!\W+(?:\w+\W+){{0,2}}?(?:that(?=\W+\w)|to|who|whether|if|for\s+\w+\s+to|rain|snow)\b)
            (?!\s+been\b.*\bsince\b))
        | (?P<that>(?:this|that|these|those)(?=\W*$|\s(?:about|in|on|at|for|to|with|by|after|before)\b)))
    | (?P<there>dort|(?<!\bis\ )(?<!\bare\ )(?<!\bwas\ )(?<!\bwere\ )there|there(?=\W*$))
    | (?P<then>then(?=\W*$))
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_PERSONS, _OWNERS = frozenset(("he", "him", "his")), frozenset(("his", "their", "its"))
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
    roles = [one.text.partition(one.head)[0] + one.head for one in asked_about(turn) if one.kind == "role"]
    own_words = [re.escape(re.split(r"[’']s |\b(?:the|an?) ", role)[-1]) for role in roles]
    for quote in quotes(turn):
        places = [at.span() for role in own_words for at in re.finditer(role, quote)]
        for one in (one for one in mentions(quote) if one.kind == "person" and " " in one.text):
            beside = (max(start - one.end, one.start - end) < _BESIDE_CHARACTERS for start, end in places)
            if not roles or any(beside):
                return one.text
    return ""


def _scene(turn: Turn) -> list[Mention]:
    """Find what a turn mentions: its question and, where that asks for a person, the answer."""
    there = asked_about(turn)
    kinds = {one.kind for one in there}
    asks = "role" in kinds and re.match(r"(?:who|wer)\b", searched(turn), re.IGNORECASE)
    name = quoted_person(turn) if asks or not kinds & {"person", "role"} else ""
    return [*there, Mention(name, 0, 0, "person")] if name else there


def resolved(text: str, turns: Sequence[Turn], within: Scene = ()) -> str:
    """Put what they refer to in the place of pronouns and phrases; `turns` is the conversation, last first.

    `within` is what the question itself was said to be about: it comes before the conversation.
    """
    own, earlier = mentions(text), [within, _scene(turns[0]), *map(asked_about, turns[1:])]
    if len(text.split()) > _LONG_WORDS:
        return text
    edits = [(one.start, one.end, new) for one in own if (new := _in_full(one, text, earlier))]
    for one in _PRONOUN.finditer(text):
        new = _referent(one, text, own, earlier) if one.lastgroup else ""
        if new and not any(start <= one.start() < end for start, end, _ in edits):
            own.append(Mention(new, *one.span(), "person" if one.lastgroup in _PERSONS else "thing"))
            mark = "’" if re.search(r"\b[a-z]+s$", new) else "’s"
            edits.append((*one.span(), new + mark * (one.lastgroup in _OWNERS)))
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _in_full(one: Mention, text: str, earlier: Iterable[Scene]) -> str:
    """Find the phrase of an earlier question that says in full what this one points at."""
    if not one.head or not re.match(r"(?:the|this|that|these|those)\b", one.text, re.IGNORECASE):
        return ""
    alike = (other for there in earlier for other in reversed(there) if other.head == one.head)
    return next((other.text for other in alike if one.words < other.words and other.text not in text), "")


def _referent(one: re.Match[str], text: str, own: Scene, earlier: Iterable[Scene]) -> str:
    """Find what a pronoun refers to, or nothing, where its noun is in the question or is asked for."""
    kind, comma = str(one.lastgroup), text.find(",", one.end())
    tags = "".join(word.tag for word in words(text[: one.start()]))
    near = [other for other in own if other.end <= one.start() or 0 <= comma < other.start]  # Despite her …
    if kind in _PERSONS:
        stays = sum(other.kind in ("person", "role") for other in near) > (kind == "him")
    elif kind in ("its", "it", "that", "there", "then"):
        stays = any(other.kind in ("thing", "place") or (kind == "its" and not other.owns) for other in near)
    else:
        stays = bool(near)
    is_asked_for = tags.startswith("q") and "a" not in tags and len(tags) >= _FAR_WORDS  # Who left his …
    if stays or (is_asked_for and kind not in ("him", "that", "there", "then")):
        return ""
    acts = tags.endswith(("a", "b") if kind == "he" else "a")
    used = {other.text for other in own}
    called = (new for there in earlier for new in _called(kind, there, used, text, acts=acts))
    return next((new for new in called if new not in used), "")


def _called(kind: str, there: Scene, used: Collection[str], text: str, *, acts: bool) -> list[str]:
    """Name what a pronoun can stand for among some mentions, the best first."""
    if kind in _PERSONS:
        return _persons(there, acts=acts and kind == "he")
    if kind in ("they", "their"):
        return _several(there)
    if kind == "that":
        return topic(one for one in there if one.kind != "place" and (one.head or not one.is_subject))
    names = [one.text for one in there if not one.head and one.text not in used]
    only = names if len(names) == 1 else []  # what is no person is not always told by its name
    if kind in ("it", "its"):
        return topic(there, acts=acts) or only
    if kind == "then":
        after = re.search(r"\b(?:happen\w*|did|do|does|next)\b", text)
        return [f"{'after' if after else 'at the time of'} {thing}" for thing in topic(there)]
    phrases = [one for one in there if one.head]
    places = [one for one in reversed(there) if one.kind == "place"]
    free = [one for one in places if one.before in PLACED and all(one.end != other.end for other in phrases)]
    called = [f"{one.before} {one.text}" for one in free] + [f"at {thing}" for thing in topic(phrases)]
    return called or [f"in {name}" for name in [*(one.text for one in places), *only]]


def _persons(there: Scene, *, acts: bool) -> list[str]:
    """Give who acts, where that is asked, then the last; who stands after "by", and roles, come after."""
    names = [one for one in reversed(there) if one.kind == "person"]
    acting = [one for one in names if acts and one.is_subject]
    free = [one for one in names if one.before not in _BESIDE]
    roles = [one for one in reversed(there) if one.kind == "role"]
    return [one.text for one in [*acting, *free, *names, *roles]]


def _several(there: Scene) -> list[str]:
    """Give those named together, or what stands in the plural; else a country or a body."""
    names = [one for one in there if not one.head and not one.owns and one.before not in PLACED]
    together = " and ".join(one.text for one in names if one.kind == names[0].kind)
    plural = [one.text for one in there if one.kind == "things"]
    called = [together, *plural] if any(one.before == "and" for one in names) else [*plural, together]
    return [one for one in called if one]
