"""What a saved article carries besides its story: forms, promotions, a second headline, a date line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from index.credits import Credit, is_by_outlet, is_byline, read_credit, read_name
from index.dates import Dates, parse_date
from index.notices import is_notice

_LONGEST_HEADLINE = 150
_LONGEST_KICKER = 60  # the rubric above a headline
_LONGEST_LINE = 240  # a promotion or a form's label; what is longer is a paragraph of the story
_NEAR = 4  # paragraphs from either end in which a line of its own may give the date
_FOLLOWING = 2  # paragraphs that follow a byline below a first paragraph, at the least
_SENTENCE_END = re.compile(r"[.!?…:;,][\"'”’»)\]]*$")

_RESERVED = r"( ?all rights reserved\.?)"
_NO_LAW = r"(?! (?:law|act|bill|case|claim|dispute|infringement|office|reform|rule|suit|trial)s?\b)"
_HOLDER = r"( (?-i:[A-Z\d][\w.,&'’/-]*|&|and|of|the|for|in))"  # words of a name: a sentence has others too
# Matched against a whole paragraph, whatever its capitals. Each of these lines has been seen at the end or in
# the middle of a saved article.
_FURNITURE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # the comment form of WordPress and its themes
        r"please enter your (comment|name|e-?mail( address)?)( here)?[!.]?",
        r"save my name,? e-?mail,?( address,?)? and website in this browser.*",
        r"you have entered an incorrect e-?mail address[!.]?",
        r"your e-?mail address will not be published\..*",
        r"required fields are marked ?\*?",
        r"leave a (reply|comment)( cancel reply)?|cancel reply|(log in|login) to leave a comment",
        r"notify me of (follow-up comments|new posts) by e-?mail\.?",
        r"this site uses akismet to reduce spam\..*",
        # advertising
        r"(advertisement|advertising|anzeige|publicité|publicidad)s?([.:]| [-–—] (story|article|scroll) .*)?",
        r"(story|article) continues (below|after) (the )?(advertisement|ad)\.?|scroll to continue( reading)?",
        r"(continue reading below|skip (the )?advertisement)\.?",
        # newsletters
        r"(please )?(sign up|subscribe|click here to (sign up|subscribe))\b.{0,100}\bnewsletters?\b.{0,60}",
        r"(get|receive) (our|the) .{0,60}\b(newsletters?|briefing|by e-?mail|(in|to) your inbox)\b.{0,60}",
        r"sign up\b.{0,60}\b(never|don['’]t) (miss|be)\b.{0,60}|never miss a story\b.{0,100}",
        r"unser newsletter\b.{0,100}",
        r"(like|enjoying) (what you (read|see|are reading)|this (article|story))\?",
        r"you(['’]ve| have) .{0,40}\bfree (articles?|stories)\b.{0,100}",
        # players
        r"(video|audio|image|player) (is )?(loading|unavailable)\.{0,3}",
        # a date that meant something on the day the page was saved
        r"(last |first )?(updated|published|posted) (\d+|an?|one|a few) (second|min|minute|hour|day)s? ago",
        # rights
        rf"(©|(\(c\)|copyright)(?=( ©| \(c\)|:? \d{{4}}\b| by\b|:|$)))[^.]{{0,100}}\.?{_RESERVED}?",
        rf"(\(c\)|copyright{_NO_LAW}){_HOLDER}{{1,10}}\.?{_RESERVED}?|{_RESERVED}",
        r"((this|the) material|no part of this) .{0,60}(published, broadcast, rewritten|reproduced).{0,80}",
        # sharing
        r"(share this( article| story)?|share on (facebook|twitter|x|whatsapp|linkedin)|like this)\s*:?",
    )
)
# These begin with a label and run on in the words of another headline.
_POINTER = (
    "Read (?:more|also|next)|Also read|See also|Related(?: stor(?:y|ies)| articles?)?"
    "|Lire aussi|Lesen Sie auch"
)
_SHOUTED = "SEE MORE|MORE ON THIS|DON['’]T MISS|WATCH|MEHR ZUM THEMA"  # parts of sentences otherwise
_PROMOTION = re.compile(rf"(?:{_POINTER}|{_POINTER.upper()}|{_SHOUTED})\s*[:|»►]")
# Single words are furniture only where a form is being taken down from the end.
_FORM_FIELD = re.compile(
    r"((your )?(name|e-?mail|website|comments?|kommentar)\s*[:*]*|(post|submit) comment|submit|send|Δ)",
    re.IGNORECASE,
)

_STOPS = (".", ".”", '."', ".’", ".)")
_FEWEST_TOLD = 8  # words of a sentence; a headline with a full stop has fewer

_WIRE = re.compile(r"[A-Z][A-Z .'’,-]{2,40}, (?P<date>[^()—–]{6,30}\d{4})\s*(?:\([^)]{2,30}\)\s*)?[—–-]\s")


@dataclass(frozen=True, slots=True)
class Story:
    """The paragraphs of a story, and what its other lines said of it."""

    paragraphs: tuple[str, ...]
    title: str = ""
    credit: Credit = field(default=Credit())


def without_residue(paragraphs: Iterable[str], title: str = "") -> Story:
    """Tell a story's own paragraphs from the residue of the page they were saved from.

    Only a whole paragraph is ever taken, and only one of a known form; nothing is cut out of a sentence.

    >>> story = without_residue(["Hotline goes silent", "Hotline goes silent", "Nobody picked up.",
    ...                          "READ MORE: Five calls that mattered", "Please enter your comment!"])
    >>> story.title, story.paragraphs
    ('Hotline goes silent', ('Nobody picked up.',))
    """
    kept = [paragraph for paragraph in _without_form(tuple(paragraphs)) if not is_furniture(paragraph)]
    title, kept = _headline(kept, title)
    credit, kept = _credits(kept)
    return Story(tuple(kept), title, credit)


def is_furniture(paragraph: str) -> bool:
    """Tell whether a paragraph is a form's label, an advertisement's or a pointer to another article.

    >>> is_furniture("ADVERTISEMENT"), is_furniture("Advertisement of the talks came late.")
    (True, False)
    """
    if is_notice(paragraph):
        return True
    if len(paragraph) > _LONGEST_LINE:
        return False
    if _PROMOTION.match(paragraph):
        return not _tells(paragraph)
    return any(line.fullmatch(paragraph) for line in _FURNITURE)


def _tells(paragraph: str) -> bool:
    """Tell whether what comes after a pointer's label is a sentence, and no headline: it ends as one does."""
    label, _, rest = paragraph.partition(":")
    return not label.isupper() and rest.endswith(_STOPS) and len(rest.split()) >= _FEWEST_TOLD


def _without_form(paragraphs: Sequence[str]) -> Sequence[str]:
    """Cut a comment form off the end, with the one-word labels that would be words elsewhere."""
    end = len(paragraphs)
    while end and (is_furniture(paragraphs[end - 1]) or _FORM_FIELD.fullmatch(paragraphs[end - 1])):
        end -= 1
    return paragraphs[:end] if any(map(is_furniture, paragraphs[end:])) else paragraphs


def _headline(paragraphs: list[str], title: str) -> tuple[str, list[str]]:
    """Take the headline off the top, where it may stand twice or repeat the title that is known."""
    first = next((place for place, line in enumerate(paragraphs[:_NEAR]) if not read_credit(line)), 0)
    if not title and len(paragraphs) > first + 1 and _is_headline(*paragraphs[first : first + 2]):
        title = paragraphs[first]
    story = 0
    for place, paragraph in enumerate(paragraphs[:_NEAR]):
        if _repeats(paragraph, title):
            story = place + 1
        elif len(paragraph) > _LONGEST_KICKER or _SENTENCE_END.search(paragraph):
            break
    story = min(story, len(paragraphs) - 1)
    return title, [*filter(read_credit, paragraphs[:story]), *paragraphs[story:]]


def _repeats(paragraph: str, title: str) -> bool:
    """Tell whether a paragraph is the title, or the most of one that begins with a rubric: "Opinion: "."""
    whole, part = title.casefold(), paragraph.casefold()
    return whole.endswith(part) and len(part) * 2 > len(whole) > 0


def _is_headline(first: str, second: str) -> bool:
    """Tell whether a first paragraph is a headline: it stands twice, or is short and no sentence.

    A question is one too, where a line about its author or date comes next.
    """
    if len(first) > _LONGEST_HEADLINE or read_credit(first):
        return False
    if first.casefold() == second.casefold() or (first.endswith(("?", "!")) and read_credit(second)):
        return True
    return " " in first and not _SENTENCE_END.search(first)


def _credits(paragraphs: list[str]) -> tuple[Credit, list[str]]:
    """Take the lines about author, outlet and date: all of those at the top, a dated one near either end.

    What the top says, or a wire dateline, counts first, a later line only if it is the article's own.
    """
    found, start = Credit(), 0
    while start < len(paragraphs) - 1 and (credit := _top_credit(paragraphs[start:])):
        found, start = found | credit, start + 1
    if not found.is_dated:
        found |= Credit(dates=Dates(_wire_date(paragraphs[start : start + 2]), None, "dateline"))
    kept: list[str] = []
    for place, paragraph in enumerate(paragraphs[start:], start):
        near = place < start + _NEAR or place >= len(paragraphs) - _NEAR
        credit = read_credit(paragraph) if near else None
        if not credit or not credit.is_dated:
            kept.append(paragraph)
        elif _is_own(paragraphs, place, start, credit):
            found |= credit
        elif credit == Credit(dates=credit.dates):
            kept.append(paragraph)  # a day alone, as a chronology has it
    return found, kept


def _top_credit(paragraphs: Sequence[str]) -> Credit | None:
    """Read a first line; a name without "By" is the author's where outlet or date come right after it."""
    credit = read_credit(paragraphs[0])
    if credit or len(paragraphs) <= _FOLLOWING:
        return credit
    after = read_credit(paragraphs[1]) or Credit()
    return read_name(paragraphs[0]) if after.outlet or after.is_dated else None


def _is_own(paragraphs: Sequence[str], place: int, start: int, credit: Credit) -> bool:
    """Tell a line about the article from one under a teaser's headline, or one that a comment begins with."""
    line, before = paragraphs[place], paragraphs[place - 1]
    if place > start + 1 and not _SENTENCE_END.search(before):
        return False
    early = place < min(start + _NEAR, len(paragraphs) - _FOLLOWING)
    return is_by_outlet(line, credit) or (early and is_byline(line))


def _wire_date(opening: Sequence[str]) -> date | None:
    """Read the date of a wire dateline, "SEOUL, June 12, 2020 (Wire) — ", which stays in the text."""
    matches = (_WIRE.match(paragraph) for paragraph in opening)
    return next((day for match in matches if match and (day := parse_date(match["date"]))), None)
