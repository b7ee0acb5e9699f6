"""Who says what stands in quotation marks: the name beside it, or whom "he" or "the minister" means."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice

from assistant.facts import MONTHS, NAME, WEEKDAYS, folded
from assistant.persons import FOLDED_ROLES, ROLES, fullest, holder
from assistant.quotations import Quoted, quotations
from assistant.verify.roles import SPEAKING
from index.words import stems

_REACH = 200  # characters beside a quotation in which its speaker stands
_BEFORE = 1_200  # characters back to the speaker that "he" means: a passage holds about as many
_ARTICLES = frozenset(("the", "a", "an", "der", "die"))
_OFFICES = FOLDED_ROLES - _ARTICLES - {"das"}
_CALENDAR = frozenset(map(folded, (*WEEKDAYS, *MONTHS)))
_VERBS = SPEAKING | frozenset(
    "claimed complained vowed promised called noted continued recalled admitted conceded wondered declares "
    "announces insists warns argues explains writes promises calls notes complains claims stressed "
    "spoke speaks sprach spricht remarked pledged cautioned lamented demanded acknowledged "
    "erklärt betonte meinte warnte forderte schrieb betont meint warnt fordert schreibt versprach".split()
)
_VERB = re.compile(rf"\b(?:{'|'.join(sorted(_VERBS))})\b", re.IGNORECASE)
_BETWEEN = r"(?:has|had|have|also|then|later|once|still|hat|hatte|\w+ly)"  # a subject and its verb
_UNSAID = re.compile(r"\b(?:might|would|could|should|may|must|never|not)\b|n[’']t\b")  # before such a verb
_PRONOUN = re.compile(r"(?:he|she|er|sie)\b", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:the|an?|his|her|der|die|eine?|seine?|ihre?)\s+", re.IGNORECASE)
_WORD = re.compile(r"[\w-]+")
_ROLE_WORDS = 4  # in which an office stands behind its article: "the long-serving foreign minister"
_OF = r"(?:\s(?:of|for|von)(?:\s[\w’'-]+){1,2})?"
_ASIDE = rf"{_OF}(?:,[^,.:;“”\"]{{1,80}},)?"
_ACCORDING = re.compile(r"\b(?:according to|laut|so)\s+(?=\S)", re.IGNORECASE)
_PART = re.compile(r"[.!?;]\s+(?=[A-ZÀ-Þ])")  # between two sentences, a title's point apart
_TITLE_POINT = re.compile(r"\b(?:Mrs?|Ms|Dr|Prof|Gen|Col|Sen|Gov)\.$")


@lru_cache(maxsize=64)
def speakers(text: str) -> tuple[str, ...]:
    r"""Name the speaker of each quotation of a text, in its fullest form there; "" where that is not known.

    >>> speakers("The mayor, Ada Lund, came. “It is late,” Ms Lund said.\n\nShe added: “Let us go home.”")
    ('Ada Lund', 'Ada Lund')
    """
    named: list[str] = []
    last, at = "", 0  # the nearest earlier quotation whose speaker is named
    found = quotations(text)
    for place, one in enumerate(found):
        words = _beside(text, found, place)
        if one.goes_on or (words is None and _follows(text, found, place)):
            name = named[-1] if named else ""
        elif words is None:
            name = ""
        elif _PRONOUN.match(words):
            recent = last if one.start - at <= _BEFORE else ""
            start = at if recent else max(0, one.start - _BEFORE)
            name = _last_named(text, start, one.start) or recent or _last_in_office(text, start, one.start)
        else:
            name = fullest(text, words) or holder(text, words)
        named.append(name)
        if name:
            last, at = name, one.end
    return tuple(named)


def _last_named(text: str, start: int, end: int) -> str:
    """Give the last name before a verb of speaking in a part of a text."""
    spoken = _spoken(text)
    last = bisect_left(spoken, (end,))
    return next((name for at, name in reversed(spoken[max(0, last - _REACH) : last]) if at >= start), "")


@lru_cache(maxsize=64)
def _spoken(text: str) -> tuple[tuple[int, str], ...]:
    """Name whoever stands before a verb of speaking in a text, each with the place of the verb."""
    found = []
    for verb in _VERB.finditer(text):
        begins = max(text.rfind("\n", 0, verb.start()) + 1, verb.start() - _REACH)
        words = _subject(text[begins : verb.start()])
        if words and not _PRONOUN.match(words) and (name := fullest(text, words)):
            found.append((verb.start(), name))
    return tuple(found)


def _last_in_office(text: str, start: int, end: int) -> str:
    """Give the last name in a part of a text with an office: "the minister, Ri", "Ri, the minister"."""
    for name in reversed([*NAME.finditer(text, start, end)]):
        before = _WORD.findall(text[max(start, name.start() - _REACH) : name.start()])[-1:]
        after = text[name.end() : name.end() + _REACH]
        held = any(folded(word) in _OFFICES for word in (*before, *name[0].split()))
        is_held = held or (after.startswith(", ") and _office(after[2:]))
        if is_held and (full := fullest(text, name[0])):
            return full
    return ""


def _beside(text: str, found: Sequence[Quoted], place: int) -> str | None:
    """Give the words for who speaks, "he" or a name or "the minister", behind a quotation or before it."""
    one = found[place]
    line_end = text.find("\n", one.end, one.end + _REACH)
    line_end = line_end if line_end >= 0 else len(text)
    ends = found[place + 1].start - 1 if place + 1 < len(found) else len(text)
    after = text[one.end : min(line_end, ends, one.end + _REACH)].lstrip('”“"’»«,. \t')
    begins = max(text.rfind("\n", 0, one.start) + 1, found[place - 1].end if place else 0, one.start - _REACH)
    before = text[begins : max(one.start - 1, begins)]
    closed = text[one.end - 1 : one.end] == "." and after[:1].isupper()  # what follows is a new sentence
    if closed:
        return _in_front(before)
    return None if _is_unsaid(after) else _behind(after) or _in_front(before)


def _is_unsaid(after: str) -> bool:
    """Tell whether what follows a quotation is "Ri might have said", which is nobody's saying it."""
    verb = _VERB.search(after)
    before = after[: verb.start()] if verb else ""
    return not re.search(r"[.!?;]", before) and bool(_UNSAID.search(before))


def _behind(after: str) -> str | None:
    """Read who speaks in what follows a quotation: "said Ri", "Mr Ri said", "so Ri"."""
    verb = _VERB.match(after) or _ACCORDING.match(after)
    if verb:
        return _who(after[verb.end() :].lstrip())
    who = _who(after)
    if who is None:
        return None
    rest = re.compile(rf"{_ASIDE},?\s+(?:{_BETWEEN}\s+)*").match(after, len(who))
    return who if rest and _VERB.match(after, rest.end()) else None


def _in_front(before: str) -> str | None:
    """Read who speaks in what stands before a quotation in its sentence: "Mr Ri said: “"."""
    cuts = [m.end() for m in _PART.finditer(before) if not _TITLE_POINT.search(before[: m.start() + 1])]
    sentence = before[cuts[-1] if cuts else 0 :].lstrip('”“"’»«,. \t')
    for verb in reversed([*_VERB.finditer(sentence)]):
        subject = _subject(sentence[: verb.start()])
        if subject is not None:
            return subject
        inverted = _who(sentence[verb.end() :].lstrip())
        if inverted is not None and not sentence[: verb.start()].strip():
            return inverted
    according = _ACCORDING.search(sentence)
    return _who(sentence[according.end() :]) if according else None


def _subject(before: str) -> str | None:
    """Read whom a verb has right before it."""
    starts = [0, *(found.end() for found in re.finditer(r"\s", before))]
    for at in starts:
        who = _who(before[at:])
        if who is not None and re.fullmatch(rf"{_ASIDE},?\s+(?:{_BETWEEN}\s+)*", before[at + len(who) :]):
            return who
    return None


def _who(words: str) -> str | None:
    """Read who is named at the beginning of some words, as written; None where nobody is."""
    if pronoun := _PRONOUN.match(words):
        return pronoun[0]
    skipped = re.match(r"(?:(?:the|der|die|a|an)\s+)?(?:[a-zäöü][\w-]*,?\s+){0,3}?(?=[A-ZÀ-Þ])", words)
    lead = skipped[0].lower().replace(",", "").split() if skipped else []
    name = NAME.match(words, skipped.end() if skipped else 0)
    if name and _is_named(name[0]) and all(word in _ARTICLES or stems(word) for word in lead):
        return words[: name.end()]
    return _office(words)


def _is_named(name: str) -> bool:
    """Tell a name from "It" and "Monday"."""
    return bool(stems(name)) and folded(name).split()[0] not in _CALENDAR


def _office(words: str) -> str | None:
    """Read an office at the beginning of some words: "the foreign minister"; None where there is none."""
    article = _ARTICLE.match(words)
    if article is None:
        return None
    end = 0
    for word in islice(_WORD.finditer(words, article.end()), _ROLE_WORDS):
        if word[0].lower() in ROLES:
            end = word.end()
        elif end:
            break
    return words[:end] or None


def _follows(text: str, found: Sequence[Quoted], place: int) -> bool:
    """Tell whether a quotation goes on with the one before: nothing between, or alone in the next line."""
    if not place:
        return False
    between = text[found[place - 1].end : found[place].start]
    if not re.search(r"\w", between):
        return True
    line_end = re.compile(r"[^\w\n]*(?:\n|\Z)").match(text, found[place].end)
    lines = [line for line in between.split("\n") if line.strip()]
    return line_end is not None and len(lines) == 2 and not re.search(r"\w", lines[1])
