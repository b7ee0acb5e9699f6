"""Days and names of two reports, in the place that a question asks for, that cannot both be right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.compare.framing import is_later_word
from assistant.compare.occasions import CALENDAR, OPENING, without_speech, written_days, written_months
from assistant.compare.reports import Difference, Report, Value, holds, is_fresh, pairs, same_occasion
from assistant.compare.wordings import term_of, terms
from assistant.expected import Wanted
from assistant.facts import folded
from assistant.stance import is_hedged, negations

_HELD = 0.65  # of the question's terms, that a sentence has to hold itself
_HALF, _ALIKE = 0.5, 0.75  # of them where two sentences have most of their words in common
_BEFORE_VERB = re.compile(
    r"(?:[ ,]+(?:will|has|have|had|is|was|were|now|also|then|to|who|be|been|hat|wird))*\s+"
)
_IS_THE = re.compile(
    r"(?:,| is| was| became| becomes| will be| has become)(?: now)?"
    r"(?: the| a| its)?(?: new| current| interim)? "
)
_IS_NAMED = re.compile(r"(?: (?:of|for|in|at) [^,;:]{1,40}?)? (?:is|was|will be)(?: now)? ")
_NEW = re.compile(r"\b(?:new|neue[rn]?)\b", re.IGNORECASE)
_PROPER = re.compile(r"(?!I[’'])[A-ZÀ-Þ][\w’'-]+(?: (?:[A-ZÀ-Þ]\.? )?[A-ZÀ-Þ][\w’'-]+)*")
_TITLES = "Judge Captain President Mayor Minister Senator General Dr Mr Mrs Ms".split()
_TITLED = re.compile(
    rf"^(?:(?:{'|'.join([*(word.capitalize() for word in (*OPENING, *CALENDAR)), *_TITLES])})\.? )+"
)

_HOUR = re.compile(  # "3 p.m.", "15:00", "15.30 Uhr"
    r"(?<![\w.:,])(?P<hour>[01]?\d|2[0-3])(?:[:.](?P<minute>[0-5]\d))?"
    r"(?:\s?(?P<half>[ap])\.?m\b\.?|\s?Uhr\b|(?<=:\d\d)(?![\w:.]?\d))",
    re.IGNORECASE,
)
_DAYS = frozenset(one.lower() for one in CALENDAR)  # "on Tuesday destroyed it" names no one
_HALVES = frozenset("apm")  # the terms of "a.m." and "p.m."
_ZONE = re.compile(r"\b(?:GMT|UTC|[A-Z]?[ECMP][SED]T|MEZ|local time|Ortszeit)\b")
_APART_MINUTES = 30  # between two hours that no rounding makes one

Span = tuple[int, int]


def differing_days(asked: Wanted, found: Sequence[Report]) -> Iterator[Difference]:
    """Give the pairs of reports that write out different days for what the question wants dated."""
    if asked.kind != "time":
        return
    dated = {one: day for one in found if holds(asked, one, _HELD) and (day := _day_of(one))}
    for one, other in pairs([*dated]):
        differ = dated[one].key != dated[other].key
        alike = len(dated[one].key) == len(dated[other].key)  # two days, or two months
        if differ and alike and is_fresh(one, other) and same_occasion(one, other, asked, dated=False):
            yield Difference("the date", dated[one], dated[other])


def differing_hours(asked: Wanted, found: Sequence[Report]) -> Iterator[Difference]:
    """Give the pairs of reports with one hour each that lie apart, for what the question wants dated."""
    if asked.kind != "time":
        return
    timed = {one: hour for one in found if holds(asked, one, _HALF) and (hour := _hour_of(one))}
    for one, other in pairs([*timed]):
        apart = abs(int(timed[one].key) - int(timed[other].key)) >= _APART_MINUTES
        mine, theirs = one.terms - _HALVES, other.terms - _HALVES
        alike = len(mine & theirs) >= _ALIKE * max(len(mine), len(theirs))
        if apart and alike and one.occasion.days & other.occasion.days and same_occasion(one, other, asked):
            yield Difference("the hour", timed[one], timed[other])


def _hour_of(report: Report) -> Value | None:
    """Give the one hour of a sentence, in minutes; none where it may be any zone's, or morning or evening."""
    found = [*_HOUR.finditer(without_speech(report.text))]
    if len(found) != 1 or _ZONE.search(report.text):
        return None
    hour, half = int(found[0]["hour"]), (found[0]["half"] or "").lower()
    hour = hour % 12 + 12 * (half == "p") if half else hour
    return Value(report, found[0][0], str(hour * 60 + int(found[0]["minute"] or 0)))


def _day_of(report: Report) -> Value | None:
    """Give the one day that a sentence writes out; of two, in a sentence that tells of a change, the last."""
    text, published = without_speech(report.text), report.article.published_day
    written = written_days(text, published)
    if not written and len(months := written_months(text, published)) == 1:
        (first, (start, end)) = months[0]
        return Value(report, report.text[start:end], f"{first:%Y-%m}")
    if len(written) != 1 and not (written and is_later_word(report.text)):
        return None
    day, (start, end) = written[-1]
    return Value(report, report.text[start:end], day.isoformat())


def differing_names(asked: Wanted, found: Sequence[Report]) -> Iterator[Difference]:
    """Give the pairs of reports that name different persons or places in the role the question asks for."""
    if asked.kind not in ("person", "place", "name"):
        return
    named = {one: name for one in found if holds(asked, one, _HELD) and (name := _named(asked, one))}
    about = {"person": "who it was", "place": "the place"}.get(asked.kind, "the name")
    for one, other in pairs([*named]):
        words = [frozenset(named[each].key.split()) for each in (one, other)]
        is_changed = bool(_NEW.search(other.text))
        if words[0] & words[1] or not is_fresh(one, other, is_changed=is_changed):
            continue
        if asked.kind == "place" and (_knows(one, named[other].key) or _knows(other, named[one].key)):
            continue  # one may lie in the other
        if same_occasion(one, other, asked, besides=words[0] | words[1]):
            yield Difference(about, named[one], named[other], is_changed=is_changed)


def _knows(report: Report, name: str) -> bool:
    return folded(name) in folded(report.article.text)


def _named(asked: Wanted, report: Report) -> Value | None:
    """Give the name in the place the question asks for, if a sentence says so without reserve."""
    text = without_speech(report.text)
    common = {term_of(word.lower()) for word, name in zip(asked.words, asked.names, strict=True) if name < 0}
    spans = [(one.start, one.end) for one in terms(text) if one.term in common]
    if negations(text) or is_hedged(text) or not spans:
        return None
    fits = _is_place if asked.kind == "place" else _is_actor
    for found in _PROPER.finditer(text):
        shown = _TITLED.sub("", found[0])
        words = [word for word in folded(shown).split() if word not in asked.known | _DAYS]
        if words and fits(asked, text, found.span(), spans):
            return Value(report, shown, " ".join(words))
    return None


def _is_place(asked: Wanted, text: str, name: Span, asked_of: Sequence[Span]) -> bool:
    """Tell whether a name follows "in" or the like, after what is asked about."""
    after_it = any(end <= name[0] for _, end in asked_of)
    return after_it and bool(re.search(r"\b(?:in|at|near|on|off)\s(?:the\s)?$", text[: name[0]]))


def _is_actor(asked: Wanted, text: str, name: Span, asked_of: Sequence[Span]) -> bool:
    """Tell whether a name is who did it: before the verb, after "by", as its object, or beside the role."""
    verb = next((start for start, _ in asked_of if start >= name[1]), None)
    if verb is not None and _BEFORE_VERB.fullmatch(text[name[1] : verb]):
        return True
    if re.search(r"\bby\s$", text[: name[0]]):
        return True
    # "Who was elected?": they elected her. "Who is the coach?": X is the coach, the coach, X, coach X.
    links = []
    if {"was", "were", "been"} & asked.known:
        links.append(any(re.fullmatch(r"\s+", text[end : name[0]]) for _, end in asked_of))
    if {"is", "was"} & asked.known:
        links.append(any(end < name[0] and re.fullmatch(r",? ", text[end : name[0]]) for _, end in asked_of))
        links.append(any(end < name[0] and _IS_NAMED.fullmatch(text[end : name[0]]) for _, end in asked_of))
        links.append(any(name[1] < at and _IS_THE.fullmatch(text[name[1] : at]) for at, _ in asked_of))
    return any(links)
