"""Opposites and denials: two reports of which one says yes and the other no, or all and a part."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.compare.occasions import without_speech
from assistant.compare.reports import (
    Difference,
    Report,
    Value,
    holds,
    is_fresh,
    names_in,
    pairs,
    same_occasion,
)
from assistant.compare.wordings import term_of, terms
from assistant.expected import Wanted
from assistant.stance import is_hedged, negations

_HELD = 0.75  # of the question's terms, that a sentence has to hold itself to say yes or no to it
_ALIKE = 0.6  # the share of their terms in common from which two sentences speak of one thing
_AXES = tuple(
    (about, re.compile(rf"\b(?:{yes})\b", re.IGNORECASE), re.compile(rf"\b(?:{no})\b", re.IGNORECASE))
    for about, (yes, no) in {
        "the verdict": (
            "convicted|found guilty|verurteilt",
            "acquitted|found not guilty|cleared|freigesprochen",
        ),
        "the answer": (
            "accepted|accepts|agreed to|approved|passed|angenommen",
            "rejected|rejects|turned down|refused|abgelehnt",
        ),
        "whether it is open": ("reopened|opened|open", "closed|shut"),
        "whether they live": ("survived|alive|überlebte", "died|dead|killed|starb"),
        "whether it goes on": ("continues|resumed|went ahead", "cancelled|called off|suspended|abandoned"),
    }.items()
)
_WHOLE = re.compile(
    r"\b(?:in (?:its|their) entirety|entirely|in full|completely|vollständig)\b", re.IGNORECASE
)
_PART = re.compile(r"\b(?:(?:only )?in part|partial(?:ly)?|partly|teilweise)\b", re.IGNORECASE)
_BESIDE, _LEAST_SHARED = 6, 2  # terms on either side of "in part" that say of what; how many are the same
_OPINION = re.compile(
    r"[“”\"„«»]|\b(?:should|would|could|may|might|must|fair|unfair|good|bad|right|wrong|safe|better|worse|great|"
    r"believe\w*|think\w*|hope\w*|fear\w*|if|whether|unless)\b",
    re.IGNORECASE,
)
_DETERMINERS = frozenset(
    "the a an this these those his her its their it he she they some all der die das ein eine".split()
)


def differing_answers(asked: Wanted, found: Sequence[Report]) -> Iterator[Difference]:
    """Give the pairs of reports that say opposite things: convicted and acquitted, did and did not."""
    if asked.kind not in ("yes or no", "thing"):
        return
    for one, other in pairs([report for report in found if not is_hedged(report.text)]):
        if not is_fresh(one, other):
            continue
        difference = _opposed(one, other) or _denied(asked, one, other) or _one_or_other(asked, one, other)
        part = _all_or_part(asked, one, other)
        if difference and same_occasion(one, other, asked):
            yield difference
        elif part and same_occasion(one, other, asked, besides=names_in(one, asked) | names_in(other, asked)):
            yield part


def _opposed(one: Report, other: Report) -> Difference | None:
    shared = one.terms & other.terms
    if len(shared) < 2 or len(shared) < _ALIKE * (min(len(one.terms), len(other.terms)) - 1):
        return None
    for about, yes, no in _AXES:
        mine, theirs = _side(one, yes, no), _side(other, yes, no)
        if mine and theirs and mine.key != theirs.key and not (_denies(mine) or _denies(theirs)):
            return Difference(about, mine, theirs)
    return None


def _side(report: Report, yes: re.Pattern[str], no: re.Pattern[str]) -> Value | None:
    """Give the word of the one side or the other that a sentence holds; none if it holds both."""
    sides = [
        Value(report, found[0], key)
        for key, side in (("yes", yes), ("no", no))
        if (found := side.search(report.text))
    ]
    return sides[0] if len(sides) == 1 else None


def _denies(value: Value) -> bool:
    """Tell whether a sentence denies, but for the word itself: it was not rejected."""
    return bool(negations(without_speech(value.report.text).replace(value.text, "")))


def _all_or_part(asked: Wanted, one: Report, other: Report) -> Difference | None:
    """Find the same thing said of a whole and of a part: all sanctions were to be lifted, or only some.

    The words beside it have to be the same, one of the question's among them, and a name of the sentence.
    """
    mine, theirs = _side(one, _WHOLE, _PART), _side(other, _WHOLE, _PART)
    if not mine or not theirs or mine.key == theirs.key:
        return None
    shared = _beside(mine) & _beside(theirs)
    is_asked = bool(shared & {term_of(word.lower()) for word in asked.words})
    if len(shared) < _LEAST_SHARED or not is_asked or not names_in(one, asked) & names_in(other, asked):
        return None
    return Difference("whether it was all or a part", mine, theirs)


def _beside(value: Value) -> frozenset[str]:
    """Give the terms that stand beside a value in its sentence, within a few of it."""
    found, at = terms(value.report.text), value.report.text.find(value.text)
    before = [one.term for one in found if one.end <= at]
    after = [one.term for one in found if one.start >= at]
    return frozenset([*before[-_BESIDE:], *after[:_BESIDE]])


def _denied(asked: Wanted, one: Report, other: Report) -> Difference | None:
    """Find the same sentence with and without a "not", as long as it is no one's opinion."""
    if asked.kind != "yes or no" or any(_OPINION.search(each.text) for each in (one, other)):
        return None
    counts = [negations(without_speech(each.text)) for each in (one, other)]
    if sorted(counts) != [0, 1] or not all(holds(asked, each, _HELD) for each in (one, other)):
        return None
    mine, theirs = _said_terms(one), _said_terms(other)
    if len(mine & theirs) < _ALIKE * max(len(mine), len(theirs)):
        return None
    clause = _as_clause((other if counts[0] else one).text)
    answers = ["no" if count else "yes" for count in counts]
    return Difference(
        f"whether {clause}", Value(one, answers[0], answers[0]), Value(other, answers[1], answers[1])
    )


def _one_or_other(asked: Wanted, one: Report, other: Report) -> Difference | None:
    """Find one sentence with two words of which a question asks which it is, as green or red."""
    words = [re.findall(r"\w+", each.text) for each in (one, other)]
    parts = [part for part in zip(*words, strict=False) if part[0].lower() != part[1].lower()]
    if len(words[0]) != len(words[1]) or len(parts) != 1 or not {w.lower() for w in parts[0]} <= asked.known:
        return None
    mine, theirs = parts[0]
    return Difference("which it was", Value(one, mine, mine.lower()), Value(other, theirs, theirs.lower()))


def _said_terms(report: Report) -> frozenset[str]:
    return frozenset(one.term for one in terms(without_speech(report.text)))


def _as_clause(sentence: str) -> str:
    """Write a sentence as a clause, without who says it.

    >>> _as_clause("The minister met the envoy, a spokesman said.")
    'the minister met the envoy'
    """
    plain = re.sub(r"[\s,.;:]+$", "", without_speech(sentence).rstrip()).strip()
    first = plain.split(" ", 1)[0]
    return plain[:1].lower() + plain[1:] if first.lower() in _DETERMINERS else plain
