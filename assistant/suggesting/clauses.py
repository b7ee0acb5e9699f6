"""A plain sentence turned into the question that it answers: when, why, who, how many, how much."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.followup.mentions import GRAMMAR, mentions
from assistant.suggesting.subjects import is_plain
from assistant.suggesting.verbs import PAID, PASTS
from index.times import times

Asks = Literal["when", "why", "who", "how many", "how much"]

_PARTICIPLE = (
    r"\w{2,}ed|built|held|made|sold|shot|sent|found|taken|born|hit|won|lost|cut|shut|bought|given|known|set|"
    r"brought|chosen|drawn|driven|forced|hurt|laid|led|paid|put|seen|stolen|struck|torn|withdrawn|written"
)
_WORD = r"[\w’'.&-]+"
_SUBJECT = rf"(?P<subject>{_WORD}(?: {_WORD}){{0,6}}?)"
_PASSIVE = re.compile(rf"{_SUBJECT} (?P<be>was|were) (?P<verb>{_PARTICIPLE})\b")
_ACTIVE = re.compile(rf"{_SUBJECT} (?P<verb>{'|'.join(PASTS)})\b")
_ABOUT = r"(?:(?:about|around|some|nearly|almost|over|more than|at least|roughly|up to|as much as) )?"
_SUM = r"(?:[$€£¥₩]\s?\d[\d,.]*\d?|\d[\d,.]*)(?:\s?(?:million|billion|trillion|thousand|m|bn|k))?"
_MONEY = re.compile(
    rf"{_SUBJECT} (?P<verb>{'|'.join(PAID)}) {_ABOUT}"
    rf"(?:[$€£¥₩]\s?\d[\d,.]*(?:\s?(?:million|billion|trillion|m|bn|k))?\b|"
    rf"{_SUM} (?:dollars|euros|pounds|won|yen))"
)
_FEW = "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty hundred"
_NUMBER = rf"(?:\d[\d,]*(?: (?:million|thousand))?|{'|'.join(_FEW.split())}|(?:dozens|hundreds|thousands) of)"
_COUNTED = re.compile(
    rf"(?:^|, |\b(?:and|that|said) ){_ABOUT}{_NUMBER} (?P<noun>(?:[a-z-]+ ){{0,2}}(?:[a-z-]{{3,}}s|"
    rf"people|men|women|children|police)) (?P<verb>(?:(?:was|were|have been|had been|are) (?:{_PARTICIPLE})|"
    rf"(?:have |had )?(?:{'|'.join(PASTS)}))\b)",
    re.IGNORECASE,
)
_OBJECTS = re.compile(
    rf"{_SUBJECT} (?P<verb>{'|'.join(PASTS)}) {_ABOUT}{_NUMBER} (?P<noun>(?:[a-z-]+ ){{0,2}}"
    r"(?:[a-z-]{3,}s|people|men|women|children))\b"
)
_CUT = re.compile(
    r"[,;:–—“”\"()!?]|\.(?:\s|$)| (?:while|when|which|who|where|whose|after|before|amid|following|since|"
    r"although|though|but|because|as|and|with|by the time|so|until|including|according|if|than|then)\b"
)
_LEADS = re.compile(
    r"(?:\s+(?:on|in|at|by|late|early|last|this|the|from|during|back|around|about|of|to|for))+$"
)
_LEAD_IN = re.compile(r"^(?:On|In|At|Late|Early|Last|By|Earlier)\b[^,]{0,30}, ")
_UNCLEAR = frozenset(  # words that stand for something outside the sentence, or that turn its sense round
    "i you he she it we they me him her us them his its their our my this that these those there here who "
    "which what when where whose whom not never also one other others another such same both neither "
    "former latter ago earlier later yesterday today tomorrow then now himself itself themselves".split()
)
_IN_SUBJECT = frozenset("the of and".split())
_DANGLING = "dPpf&aj"  # classes of words that no question ends with: "in", "of", "and", "would"
_LEAST_WORDS, _MOST_WORDS = 4, 18
_LONGEST_TIME = 400  # days; "the last decade" answers no "when"


@dataclass(frozen=True, slots=True)
class Clause:
    """A question, what it asks for, and that the sentence it was made of answers it."""

    asks: Asks
    question: str


def clauses(sentence: str, known: tuple[str, ...], published: date | None) -> Iterator[Clause]:
    """Make the questions that a sentence answers; each names one of the `known`, so that it can stand alone.

    >>> known, day = ("Kaesong", "Ada Lund"), date(2020, 6, 12)
    >>> for one in clauses("The office in Kaesong was closed on 30 January.", known, day):
    ...     print(one.question)
    When was the office in Kaesong closed?
    >>> for one in clauses("Ada Lund cancelled the fair because the bridge was shut.", known, day):
    ...     print(one.question)
    Why did Ada Lund cancel the fair?
    """
    bare = [name.removeprefix("the ") for name in known]
    for asks, question in (
        *_when_and_why(sentence, published),
        *_who(sentence, published),
        *_amounts(sentence, published),
    ):
        is_short = _LEAST_WORDS <= len(question.split()) <= _MOST_WORDS
        if is_short and any(re.search(rf"\b{re.escape(name)}\b", question) for name in bare):
            yield Clause(asks, question)


def _when_and_why(sentence: str, published: date | None) -> Iterator[tuple[Asks, str]]:
    lead = _LEAD_IN.match(sentence)
    body = lead.end() if lead else 0
    for pattern in (_PASSIVE, _ACTIVE):
        found = pattern.match(sentence, body)
        subject = _subject(found["subject"]) if found else ""
        if not found or not subject:
            continue
        verb = found["verb"] if "be" in found.groupdict() else PASTS[found["verb"]]
        helper = found["be"] if "be" in found.groupdict() else "did"
        rest = _before_time(sentence, found.end(), published)
        if rest is None and lead and _names_time(lead[0], published):
            rest = _until_cut(sentence, found.end())
        if rest is not None and _is_clear(rest):
            yield "when", f"When {helper} {subject} {verb}{rest}?"
        because = re.compile(r"(?P<rest>[^,;:–—“”\"]*?),? because\b").match(sentence, found.end())
        if because and _is_clear(because["rest"]):
            yield "why", f"Why {helper} {subject} {verb}{because['rest']}?"


def _who(sentence: str, published: date | None) -> Iterator[tuple[Asks, str]]:
    """Ask for the person that a sentence begins with."""
    found = _ACTIVE.match(sentence)
    subject = _subject(found["subject"]) if found else ""
    if found and is_plain(subject) and [one.kind for one in mentions(subject)] == ["person"]:
        rest = _until_time(sentence, found.end(), published)
        if rest and _is_clear(rest):
            yield "who", f"Who {found['verb']}{rest}?"


def _amounts(sentence: str, published: date | None) -> Iterator[tuple[Asks, str]]:
    for found in _COUNTED.finditer(sentence):
        rest = _until_time(sentence, found.end(), published)
        if _is_clear(rest) and _is_clear(found["noun"]):
            verb = re.sub(r"^ha(?:d|ve) (been\b)?", lambda had: "were" if had[1] else "", found["verb"])
            yield "how many", f"How many {found['noun']} {verb}{rest}?"
    lead = _LEAD_IN.match(sentence)
    counted = _OBJECTS.match(sentence, lead.end() if lead else 0)
    subject = _subject(counted["subject"]) if counted else ""
    if counted and subject and _is_clear(counted["noun"]):
        rest = _until_time(sentence, counted.end(), published)
        told = f"did {subject} {PASTS[counted['verb']]}{rest if _is_clear(rest) else ''}"
        yield "how many", f"How many {counted['noun']} {told}?"
    paid = _MONEY.match(sentence, lead.end() if lead else 0)
    subject = _subject(paid["subject"]) if paid else ""
    if paid and subject:
        rest = _until_time(sentence, paid.end(), published)
        yield "how much", f"How much did {subject} {PAID[paid['verb']]}{rest if _is_clear(rest) else ''}?"


def _subject(words: str) -> str:
    """Write who or what a sentence is about as it stands inside a question; "" where that is not sure."""
    parts = words.split()
    inner = [word for word in parts[1:] if not word[0].isupper()]
    starts = parts[0] == "The" or (parts[0][0].isupper() and GRAMMAR.get(parts[0].casefold()) is None)
    if not starts or not _is_clear(" ".join(parts), ending=True):
        return ""
    if any(
        GRAMMAR.get(word.casefold()) not in (None, "P", "l") and word not in _IN_SUBJECT for word in inner
    ):
        return ""
    if parts[0] != "The" and any(word not in _IN_SUBJECT for word in inner):
        return ""
    return f"the {' '.join(parts[1:])}" if parts[0] == "The" else " ".join(parts)


def _before_time(sentence: str, start: int, published: date | None) -> str | None:
    """Give what stands between a verb and the time that is told right behind it; None where none is."""
    for one in times(sentence, published):
        if one.start >= start and one.interval.days <= _LONGEST_TIME:
            between = _LEADS.sub("", sentence[start : one.start].rstrip())
            return None if _CUT.search(between) else between.rstrip()
    return None


def _names_time(words: str, published: date | None) -> bool:
    return any(one.interval.days <= _LONGEST_TIME for one in times(words, published))


def _until_cut(sentence: str, start: int) -> str:
    """Give what follows a verb up to where another thought begins."""
    cut = _CUT.search(sentence, start)
    return sentence[start : cut.start() if cut else len(sentence)].rstrip()


def _until_time(sentence: str, start: int, published: date | None) -> str:
    """Give what follows a verb up to where another thought begins, or a time is told."""
    told = _until_cut(sentence, start)
    end = min([len(told), *(one.start - start for one in times(sentence, published) if one.start >= start)])
    return _LEADS.sub("", told[:end].rstrip()) if end < len(told) else told


def _is_clear(words: str, *, ending: bool = True) -> bool:
    """Tell whether words can be read without what came before them, and are not cut off."""
    parts = [word.casefold() for word in re.findall(r"[\w’'-]+", words)]
    if set(parts) & _UNCLEAR or any("n’t" in word or "n't" in word for word in parts):
        return False
    return not (ending and parts and GRAMMAR.get(parts[-1], "n") in _DANGLING)
