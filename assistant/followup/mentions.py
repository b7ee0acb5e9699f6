"""What a question mentions: its names, phrases and times, found by patterns over the classes of its words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from assistant.facts import MONTHS, folded

Kind = Literal["person", "place", "thing", "things", "role"]

# Each word is one letter. The small words of grammar are listed, the rest is told by how it is written:
# N a name, O one that owns, # a number, v a participle, s what may be a plural, n any other word.
_CLASSES = {
    "q": "who whom whose what which when where why how wer wen wem welche welcher wann wo warum wie",
    "b": "is are was were am be been being ist sind war waren wird wurde wurden",
    "a": "do does did has have had can could will would shall should may might must hat haben hatte kann",
    "d": "the a an another any each every der die das den dem des ein eine einen einem einer",
    "j": "this that these those",
    "P": "in at on between with from to near im zwischen",
    "p": "about for by without against outside inside over under after before since until during into as "
    "across through among towards like despite behind than mit zu bei nach seit vor für über gegen aus",
    "f": "of von",
    "&": "and und",
    "l": "first second third last next previous following early late mid",
    "t": "time times year years month months week weeks day days spring summer autumn winter weekend morning "
    "evening night past today tonight yesterday tomorrow moment monday tuesday wednesday thursday friday "
    "saturday sunday januar februar märz mai juni juli oktober dezember",
    "v": "built held made sold shot sent paid lost found begun known given taken written drawn",
    "g": "i you he she it we they me him her us them his hers its their theirs our my your there then here "
    "or but so nor if because while whether not no ever never again also else exactly later yet still "
    "already now ago just really actually together up down out off all some many much more most other such "
    "one two three well okay yes please er sie es ihm ihn ihr sein sich oder aber dort da nicht",
}
GRAMMAR = {word: tag for tag, words in _CLASSES.items() for word in words.split()}
_ROLES = frozenset(
    "minister president leader chairman chairwoman spokesman spokeswoman secretary ambassador envoy general "
    "king queen pope chancellor premier governor mayor director head chief executive founder regulator judge "
    "prosecutor lawyer coach captain witness suspect victim official sister brother wife husband son "
    "daughter father mother".split()
)

QUOTED = r"“[^“”]*”|\"[^\"]*\"|„[^„“]*“"  # not the asker's own words
PLACED = frozenset("in at near outside".split())
_TOKEN = re.compile(rf"{QUOTED}|(?:Mr|Mrs|Ms|Dr|St)\.|(?:[A-Z]\.){{2,}}|\w+(?:['’-]\w+)*|[^\w\s]")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d(?:-\d\d-\d\d)?")
_NOUN = "(?:[dj]|N*O)[#tlNOnsv]*[ns]"  # the Hanoi summit, Kim's letters
_NAMES = "N+(?:&d?N+)*(?![NO])"
_WITH = f"(?:P{_NAMES}|fd?{_NAMES}|f(?:d|N*O)?[lnsv]*[ns])?"  # at Ford, between Trump and Kim, of the fire
_PHRASE = re.compile(
    f"(?<=a){_NOUN}{_WITH}(?=[nsvb])"  # after "did", a verb has to follow
    f"|(?<![adjNO]){_NOUN}{_WITH}"
    "|(?<=[Ppfg])n*s(?![djNO])|(?<![qdjNO])s(?![djNO])"  # nuclear weapons; but "leads the party" is a verb
)
_NAME = re.compile("N*[NO]")
_TIME = re.compile("[pP]?[dj]?l?#?t+#?(?:,?t)?(?:ft)?(?![Nns])")


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a mark; `plain` is folded, without what an apostrophe joins to it, `tag` is its class."""

    start: int
    end: int
    plain: str
    tag: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A name or, where it has a `head` ("summit"), a phrase; `before` is the word in front of it."""

    text: str
    start: int
    end: int
    kind: Kind
    head: str = ""
    before: str = ""
    owns: bool = False

    @property
    def is_subject(self) -> bool:
        """Tell whether it stands where a question has its subject."""
        return GRAMMAR.get(self.before, "") in ("a", "b")

    @property
    def words(self) -> frozenset[str]:
        """Its words, folded, without those of grammar."""
        return frozenset(word for word in folded(self.text).split() if GRAMMAR.get(word, "l") == "l")


def words(text: str, known: frozenset[str] = frozenset()) -> list[Word]:
    """Read the words of a text with their classes."""
    found = []
    for one in _TOKEN.finditer(text):
        plain = re.split("['’]", one[0])[0].rstrip(".").casefold()
        found.append(Word(one.start(), one.end(), plain, _tag(one[0], plain, known)))
    return found


def _tag(text: str, plain: str, known: frozenset[str]) -> str:
    named = text[0].isupper()
    if _YEAR.fullmatch(text) or (named and plain in MONTHS):
        return "t"
    if plain in GRAMMAR and text != "US":
        return GRAMMAR[plain]
    if named or plain in known:
        return "O" if text.endswith(("'s", "’s")) else "N"
    if not text[0].isalpha():
        return "#" if text[0].isdigit() else ","
    if plain.endswith("ed") and not plain.endswith("eed"):
        return "v"
    return "s" if _is_plural(plain) else "n"


def _is_plural(word: str) -> bool:
    return len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))


def times(text: str) -> list[tuple[int, int]]:
    """Find where a text names a time: in May 2019, last year, since March."""
    found = words(text)
    spans = (match.span() for match in _TIME.finditer("".join(word.tag for word in found)))
    return [(found[start].start, found[end - 1].end) for start, end in spans]


def mentions(text: str, known: frozenset[str] = frozenset()) -> list[Mention]:
    """Find what a text mentions, by where it begins; `known` are folded words that are names in any case.

    >>> [(m.text, m.kind) for m in mentions("Why did the Hanoi summit with Kim Jong Un end?")]
    [('the Hanoi summit with Kim Jong Un', 'thing'), ('Hanoi', 'place'), ('Kim Jong Un', 'person')]
    """
    found = words(text, known)
    tags = "".join(word.tag for word in found)
    spans = [(*phrase.span(), len(re.split("[Pf]", phrase[0])[0])) for phrase in _PHRASE.finditer(tags)]
    inside = {at for start, end, _ in spans for at in range(start, end)}
    for start, end in (name.span() for name in _NAME.finditer(tags)):
        has_article = start > 0 and found[start - 1].plain == "the" and start - 1 not in inside
        spans.append((start - has_article, end, 0))
    both = []
    for start, end, length in spans:
        owns, before = tags[end - 1] == "O", found[start - 1].plain if start else ""
        first, last = found[start].start, found[end - 1].end - 2 * owns
        head = found[start + length - 1].plain if length else ""
        describes = tags[start - 1 : start] == "d" and tags[end : end + 1] in ("n", "s")
        is_place = not owns and (describes or before in PLACED)  # the Hanoi summit, in Hanoi
        kind = _kind(text[first:last], head, before, is_place=is_place)
        both.append(Mention(text[first:last], first, last, kind, head, before, owns))
    return sorted(both, key=lambda mention: (mention.start, -mention.end))


def _kind(text: str, head: str, before: str, *, is_place: bool) -> Kind:
    """Tell a phrase by its noun, a place by CLDR or by "in", a thing by "the" or capitals; else a person."""
    if head in _ROLES:
        return "role"
    if not head and (is_place or folded(text).removeprefix("the ") in _places()):
        return "place"
    if head or text.startswith("the ") or GRAMMAR.get(before) == "d":
        return "things" if _is_plural(head or text) else "thing"
    return "thing" if len(text) < 6 and text.isupper() else "person"


@cache
def _places() -> frozenset[str]:
    """Give the countries and the larger cities of the world, folded, from Unicode's CLDR by way of babel."""
    from babel import Locale
    from babel.core import get_global

    countries = [*Locale("en").territories.values(), *Locale("de").territories.values()]
    cities = [zone.rpartition("/")[2].replace("_", " ") for zone in get_global("zone_territories")]
    return frozenset(map(folded, [*countries, *cities]))
