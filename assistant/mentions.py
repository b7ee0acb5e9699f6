"""What a question mentions: names of persons, places and things, and phrases such as "the Hanoi summit"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from assistant.facts import folded

Kind = Literal["person", "place", "thing", "things", "role"]

_WORD = re.compile(r"(?:Mr|Mrs|Ms|Dr|St)\.|(?:[A-Z]\.){2,}|\w+(?:['’-]\w+)*")
_QUOTED = re.compile(r"“[^“”]*”|\"[^\"]*\"|„[^„“]*“")
_TIMES = (
    "january february march april may june july august september october november december monday tuesday "
    "wednesday thursday friday saturday sunday januar februar märz mai juni juli oktober dezember montag "
    "dienstag mittwoch donnerstag freitag samstag sonntag year years month months week weeks day days time "
    "times spring summer autumn winter weekend morning evening end beginning past today yesterday tomorrow "
    "future moment first last next"
).split()
AUXILIARIES = frozenset(
    "is are was were am be been do does did has have had can could will would shall should may might must "
    "ist sind war waren hat haben hatte wird wurde wurden kann".split()
)
ASKING = frozenset(
    "who whom whose what which when where why how wer wen wem was welche welcher welches wann wo wohin woher "
    "warum wieso weshalb wie".split()
)
PREPOSITIONS = frozenset(
    "in on at of to from with without about for by between against near outside inside over under after "
    "before since until during into across through among towards toward like despite behind than as im am "
    "vom zum zur mit von zu bei nach seit vor für über gegen aus auf an".split()
)
_ARTICLES = frozenset("the a an this that these those any another each every both".split())
STOPS = (
    AUXILIARIES | ASKING | PREPOSITIONS | _ARTICLES | frozenset(
        "i you he she it we they me him her us them his hers its their theirs our my your there then here "
        "and or but so nor if because while whether that not no ever never again also else exactly early "
        "earlier late later yet still already now ago just really actually back together up down out "
        "off all some many much more most other others such one two three anyone someone everyone well ok "
        "okay yes please yesterday today tonight tomorrow anything something nothing er sie es "
        "ihm ihn ihr sein seine sich und oder aber der die das den dem des ein eine "
        "einen einem einer es dort da nicht i'm".split()
    )
)  # fmt: skip
VERBS = frozenset(
    "accept accuse agree allow announce answer arrive ask attack ban become begin believe blame blow "
    "break bring build call cancel cause change claim close collapse come cost cover cut decide demand "
    "deny destroy die discuss do employ end explain explode fail fall find fire follow get give go happen "
    "hear help hold include insist join keep kill know last launch lead leave let lift lose make matter "
    "mean meet name need offer open order pay play promise put reach react reject release reply report "
    "respond resume return run say see send serve shake shut sign speak stand start stay step stop take "
    "talk tell test think threaten travel try turn use visit vote walk want win work write began broke "
    "built came cut died fell gave got held kept knew left lost made met paid said sat sent shot shook "
    "sold spoke stood stopped told took went won wrote happened opened closed signed blown shut begun "
    "given held known seen taken written".split()
)
_NOUNS = frozenset(
    "summit meeting meetings talks office agreement deal statement declaration war test tests launch "
    "launches letter letters exercise exercises sanctions missile missiles treaty conference visit election "
    "attack explosion blast plan programme program site plant border building line lines hotline government "
    "army party parliament ministry deadline committee report reports resolution resolutions command "
    "ceremony council weapons nuclear complex site sites balloons leaflets remains reactor handshake "
    "crisis pandemic economy administration negotiations proposal offer lunch hotel embassy".split()
)  # after "did", the last word of a phrase is a verb unless it is one of these
_ROLES = frozenset(
    "minister president leader chairman chairwoman spokesman spokeswoman spokesperson secretary ambassador "
    "envoy negotiator diplomat general king queen pope chancellor premier governor mayor director head chief "
    "sister brother wife husband son daughter father mother man woman author reporter official".split()
)
_TITLES = frozenset("president mr mrs ms dr chairman secretary minister general herr frau".split())
_THINGS = frozenset(
    "council command party ministry declaration university cross nations union house army war court post "
    "times committee agency treaty agreement accord olympics bank company inc corp".split()
)
_OWN_PLACES = frozenset(
    "korea us usa uk america north south east west hanoi washington europe asia britain".split()
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A name or, where it has a `head` ("summit"), a phrase; `before` is the word in front of it, folded."""

    text: str
    start: int
    end: int
    kind: Kind
    head: str
    before: str
    owns: bool = False

    @property
    def is_subject(self) -> bool:
        """Tell whether it stands where a question has its subject."""
        return self.before in AUXILIARIES

    @property
    def words(self) -> frozenset[str]:
        """Its words, folded, without the article."""
        return frozenset(folded(self.text).split()) - _ARTICLES


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question; `plain` is folded, without what an apostrophe joins to it."""

    text: str
    start: int
    end: int
    plain: str


def words(text: str) -> list[Word]:
    """Read the words of a text; what stands between quotation marks is not the asker's own."""
    text = _QUOTED.sub(lambda quoted: " " * len(quoted[0]), text)
    return [
        Word(found[0], found.start(), found.end(), re.split("['’]", found[0])[0].rstrip(".").casefold())
        for found in _WORD.finditer(text)
    ]


def mentions(text: str, known: frozenset[str] = frozenset()) -> list[Mention]:
    """Find what a text mentions, by where it begins; `known` are folded words that are names in any case.

    >>> [(m.text, m.kind) for m in mentions("Why did the Hanoi summit with Kim Jong Un end?")]
    [('the Hanoi summit with Kim Jong Un', 'thing'), ('Hanoi', 'place'), ('Kim Jong Un', 'person')]
    """
    found = words(text)
    named = [_is_name(word, at, found, known) for at, word in enumerate(found)]
    both = [*_names(text, found, named), *_phrases(text, found, named)]
    return sorted(both, key=lambda mention: (mention.start, -mention.end))


@cache
def places() -> frozenset[str]:
    """Give the countries and the larger cities of the world, folded, from Unicode's CLDR by way of babel."""
    from babel import Locale
    from babel.core import get_global

    countries = [*Locale("en").territories.values(), *Locale("de").territories.values()]
    cities = [zone.rpartition("/")[2].replace("_", " ") for zone in get_global("zone_territories")]
    return frozenset(map(folded, [*countries, *cities])) - {"united nations"} | _OWN_PLACES


def _is_name(word: Word, at: int, found: Sequence[Word], known: frozenset[str]) -> bool:
    if word.plain in known and word.plain not in STOPS | VERBS:
        return True
    if not word.text[0].isupper() or word.plain in _TIMES or (word.plain in STOPS and word.text != "US"):
        return False
    return at > 0 or word.plain not in VERBS


def _joined(text: str, one: Word, other: Word) -> bool:
    return not text[one.end : other.start].strip(" -") and "'" not in one.text and "’" not in one.text


def _names(text: str, found: Sequence[Word], named: Sequence[bool]) -> Iterator[Mention]:
    at = 0
    while at < len(found):
        end = at + 1
        if named[at]:
            while end < len(found) and named[end] and _joined(text, found[end - 1], found[end]):
                end += 1
            before = found[at - 1].plain if at else ""
            after = found[end].plain if end < len(found) and _joined(text, found[end - 1], found[end]) else ""
            start = found[at].start
            kind = _kind([word.plain for word in found[at:end]], before, after, found, at)
            if before == "the" and kind != "person" and after not in _NOUNS:
                start, before = found[at - 1].start, found[at - 2].plain if at > 1 else ""
            yield _mention(text, start, found[end - 1], kind, "", before)
        at = end


def _kind(name: Sequence[str], before: str, after: str, found: Sequence[Word], at: int) -> Kind:
    if folded(" ".join(name)) in places():
        return "place"
    if name[0] in _TITLES:
        return "person"
    defined = [word.plain for word in found[:at]] in (["what", "is"], ["what", "was"])
    is_acronym = len(name) == 1 < len(name[0]) < 6 and found[at].text.isupper()
    if defined or is_acronym or name[-1] in _THINGS or any(map(str.isdigit, "".join(name))):
        return "thing"
    inside = before == "the" and after in _NOUNS and not name[-1].endswith("s")
    owns = found[at + len(name) - 1].text.endswith(("'s", "’s"))
    if inside or (before in {"in", "at", "near", "outside"} and not owns):
        return "place"
    if before in {"the", "der", "die", "das", "den", "dem"}:
        return "things" if name[-1].endswith("s") else "thing"
    return "thing" if after in _NOUNS - VERBS else "person"


def _phrases(text: str, found: Sequence[Word], named: Sequence[bool]) -> Iterator[Mention]:
    at = 0
    while at < len(found):
        word = found[at]
        begins = word.plain in _ARTICLES or (named[at] and word.text.endswith(("'s", "’s")))
        end = _noun_end(text, found, named, at + 1, at) if begins else at + 1
        if not begins and not named[at] and _is_bare(word):
            end = _noun_end(text, found, named, at, at)
            begins = found[end - 1].plain.endswith("s") if end > at else False
        head = found[end - 1].plain if begins and end > at + (word.plain in _ARTICLES) else ""
        if not head or named[end - 1] or head in _TIMES or head in STOPS:
            at += 1
            continue
        start = at
        while start and named[start - 1] and named[at] and _joined(text, found[start - 1], found[start]):
            start -= 1
        if start and named[at] and found[start - 1].plain == "the":
            start -= 1
        last = _attached(text, found, named, end)
        plural = head.endswith("s") and not head.endswith(("ss", "us", "is"))
        kind: Kind = "role" if head in _ROLES else "things" if plural else "thing"
        before = found[start - 1].plain if start else ""
        yield _mention(text, found[start].start, found[last - 1], kind, head, before)
        at = last


def _is_bare(word: Word) -> bool:
    """Tell whether a word may begin a phrase without an article: sanctions, nuclear weapons."""
    return len(word.plain) > 3 and word.text.islower() and word.plain not in STOPS | VERBS | {*_TIMES}


def _noun_end(text: str, found: Sequence[Word], named: Sequence[bool], begin: int, at: int) -> int:
    """Find where a phrase ends that began before `begin`: at a word of grammar, or at its verb."""
    end, asked = begin, at > 0 and found[at - 1].plain in AUXILIARIES
    while end < len(found) and end - begin < 6 and (end == at or found[end].plain not in STOPS):
        own = found[end]
        if end > at and text[found[end - 1].end : own.start].strip(" -"):
            return end
        of_people = asked and named[end - 1] and found[end - 1].plain.endswith("s")  # did the Koreans offer
        is_verb = own.plain in VERBS or own.plain.endswith("ed")
        if end > begin and not named[end] and is_verb and (of_people or own.plain not in _NOUNS):
            return end
        end += 1
    is_verb = end - begin > 1 and not named[end - 1] and found[end - 1].plain not in _NOUNS | _ROLES
    attached = end < len(found) and found[end].plain in PREPOSITIONS  # the new airport in Berlin
    return end - 1 if asked and is_verb and not attached else end


def _attached(text: str, found: Sequence[Word], named: Sequence[bool], end: int) -> int:
    """Take what belongs to a phrase: in Kaesong, between Trump and Kim, of the 12 June."""
    if end < len(found) and found[end].plain in {"in", "of", "at", "on", "between", "with", "from", "to"}:
        last = end + 1
        while (
            last < len(found)
            and last - end < 9
            and not text[found[last - 1].end : found[last].start].strip(" -")
        ):
            of = found[end].plain == "of" and found[last].plain not in STOPS | VERBS
            linked = found[last].plain in {"the", "and"} and last + 1 < len(found) and (of or named[last + 1])
            if not (named[last] or linked or of):
                break
            last += 1
        return last if last > end + 1 else end
    return end


def _mention(text: str, start: int, last: Word, kind: Kind, head: str, before: str) -> Mention:
    owns = last.text.endswith(("'s", "’s"))
    end = last.end - 2 if owns else last.end
    return Mention(text[start:end], start, end, kind, head, before, owns)
