"""What a question asks for (a person, a day, a number, a reason …), and whether a sentence holds one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from index.words import is_year, question_stems, stems

Kind = Literal[
    "statement", "money", "count", "hour", "time", "reason", "place", "person", "name", "yes or no", "thing"
]


def _any(words: str) -> str:
    """Write a pattern of any of some words, each whole; an underscore stands for a space."""
    return rf"\b(?:{'|'.join(words.split())})\b".replace("_", r"\s+")


# English first, then German, the languages of the sample articles.
_AUXILIARIES = "is are was were do does did has have had can could will would should"
_SAYING = (
    "say says said tell told claim think call called describe respond react comment threaten announce "
    "promise explain gesagt erklärt erklärte"
)
_ROLES = (
    "man woman person actor actress singer player president minister politician official leader celebrity "
    "star author artist director senator king queen"
)
_PLACES = (
    "country countries city state place town venue region continent location province county island capital"
)
_MAKERS = (
    "company team film movie game book song show brand organi[sz]ation league airline university network "
    "agency party group store retailer automaker"
)
_DOCUMENTS = (
    "accord agreement bill communiqu[eé] constitution contract deal declaration document law letter memo "
    "order pact paper petition plan report resolution rule ruling statement text treaty tweet verdict"
)
_KINDS: tuple[tuple[Kind, str], ...] = (
    (
        "thing",
        rf"{_any('what')}\s+{_any('does do did')}\s+(?:[\w’'-]+\s+){{0,3}}?{_any(_DOCUMENTS)}.*?"
        rf"{_any('say')}",
    ),
    ("statement", rf"{_any('what how was wie')}\s+{_any(_AUXILIARIES + ' hat haben')}.*?{_any(_SAYING)}"),
    (
        "money",
        rf"{_any('how_much what_is what_was what_did')}.*{_any('cost costs pay paid worth spend spent')}",
    ),
    ("money", _any("what_(?:is|was)_the_(?:price|cost) wie_teuer")),
    ("count", _any("how_(?:many|much|long|far|old|often|tall|big|large|high|fast|deep|heavy)")),
    ("count", _any("what_(?:number|percentage|percent|share|proportion|age|rate|is_the_population)")),
    ("count", _any("wie_viele? wie_lange")),
    ("hour", _any("what_time what_hour um_wie_?viel_uhr")),
    (
        "time",
        _any("(?:what|which)_(?:year|day|date|month|week|decade|century) when how_soon deadline wann"),
    ),
    ("reason", _any("why how_come what_(?:caused|led_to|prompted|is_the_reason|was_the_reason)")),
    ("reason", _any("warum wieso weshalb")),
    ("place", rf"{_any('where wo wohin woher')}|{_any('what which')} (?:\w+ )?{_any(_PLACES)}"),
    ("person", rf"{_any('who whom whose wer wen wem')}|{_any('what which')} (?:\w+ )?{_any(_ROLES)}"),
    ("name", rf"{_any('which what_(?:is|was|are|were)_the_name')}|{_any('what')} {_any(_MAKERS)}"),
    ("yes or no", rf"^\W*{_any(_AUXILIARIES + ' ist sind hat haben war wird')}"),
)
_KIND_PATTERNS = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _KINDS)

# Words that say what kind of answer is wanted: the answer itself need not hold them.
_ASKING = (
    "many much people persons number amount take took taken place time times happen happened happening say "
    "said says saying tell told name named called kind sort type year day date month country countries city "
    "state exactly actually reason cause known according"
)

_MONTHS = (
    "january february march april may june july august september october november december jan feb mar apr "
    "jun jul aug sept sep oct nov dec januar februar märz mai juni juli oktober dezember"
)
_DAYS = (
    "monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag "
    "samstag sonnabend sonntag"
)
_NOT_NAMES = frozenset(
    f"{_MONTHS} {_DAYS} i the a an he she it they we you but and in on at this that these those there mr mrs "
    "ms dr his her its their our my".split()
)
_NUMBER_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety dozens? hundreds? "
    "thousands? millions? billions? several half none no zwei drei vier fünf sechs sieben acht neun zehn elf "
    "zwölf dutzende? hunderte? tausende? millionen"
)
_MONTH = rf"{_any(_MONTHS)}\.?"
_YEAR = r"\b(?:1[5-9]|20)\d\d\b"
_DATE = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th|\.)?\s+{_MONTH}|{_MONTH}\s+\d{{1,2}}\b|{_YEAR}|\b\d\d?:\d\d\b", re.I
)
_NUMBER = re.compile(rf"\d[\d.,]*|{_any(_NUMBER_WORDS)}", re.IGNORECASE)
_COUNTED_WITHIN_WORDS = 4
_CURRENCIES = "won dollars? euros? pounds? yen yuan francs? rubles? rupees? cents? usd eur gbp"
_PATTERNS: dict[Kind, re.Pattern[str]] = {
    "money": re.compile(
        rf"[$€£¥₩]\s?\d|(?:\d|{_any('million billion thousand')})[\d.,]*\s?(?:\w+\s)?{_any(_CURRENCIES)}",
        re.I,
    ),
    "hour": re.compile(
        r"\b\d{1,2}(?:[:.]\d\d)?\s?[ap]\.?m\b|\b\d\d?[:.]\d\d\b|\bo[’']clock\b|\d\s+Uhr\b"
        rf"|{_any('noon midday midnight dawn dusk Mittag Mitternacht')}",
        re.IGNORECASE,
    ),
    "time": re.compile(
        rf"{_any(f'{_MONTHS} {_DAYS} yesterday today tonight tomorrow ago gestern heute morgen')}|{_YEAR}|"
        rf"{_any('last next this earlier later past coming')}\s(?:the\s|that\s|this\s)?"
        rf"{_any('week month year night morning evening day spring summer autumn fall winter weekend')}|"
        r"\b\d{1,2}(?::\d\d)?\s?[ap]\.?m\b|\b\d\d?:\d\d\b",
        re.IGNORECASE,
    ),
    "reason": re.compile(
        _any(
            "because since due_to owing_to thanks_to as_a_result in_order_to so_that amid following caused? "
            "causing led_to leading_to blam\\w+ reasons? prompt\\w* in_response in_protest in_return over "
            "after could_not unless accus\\w+ citing cited aimed? weil da wegen denn aufgrund nachdem um"
        ),
        re.IGNORECASE,
    ),
    "statement": re.compile(
        '[“”„"«»]|'
        + _any(
            "said says say saying told tells added adding wrote writes called calls described announced "
            "declared claimed insisted warned argued stated promised vowed denied acknowledged admitted "
            "tweeted remarked suggested praised threatened pointed_out named sagte? erklärte"
        ),
        re.IGNORECASE,
    ),
}
_PLACE = re.compile(
    rf"{_any('in at near on to from off across outside inside around of between over im am nach bei')}\s"
    r"(?:the\s|its\s|his\s|der\s|dem\s)?(?:[a-z-]+\s){0,2}(?P<name>[A-ZÀ-Þ][\w’'-]*)"
)
_QUESTION_WORD = re.compile(r"(?<![\w’'.-])[\w’'.-]*\w[’']?")
_NAME = re.compile(r"\b[A-ZÀ-ÖØ-Þ][\w’'-]*")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question asks for, and the words of it that an answer has to be about.

    `stems` are distinct, `words` how each stands in the question. `names` gives for each the number of the
    name it is part of, -1 for a common word: "Kim" and "Un" of one person have the same; a year is one of its
    own, since no other will do. `counted` are the
    stems of what is to be counted, () where anything may be; `known` all words of the question, lower-case.
    """

    kind: Kind
    stems: tuple[str, ...]
    words: tuple[str, ...]
    names: tuple[int, ...]
    counted: tuple[str, ...]
    known: frozenset[str]

    def holds(self, sentence: str) -> bool:
        """Tell whether a sentence holds such a thing that the question did not already name.

        >>> wanted("Where did they meet?").holds("They met in Singapore.")
        True
        >>> wanted("How many ships sank?").holds("The ships left on 12 May.")
        False
        """
        if self.kind in ("thing", "yes or no"):
            return True
        if self.kind in ("person", "name"):
            return bool(new_names(sentence, self.known))
        if self.kind == "count":
            return _counts(sentence, self.counted, self.known)
        if self.kind == "place":
            return any(
                found["name"].lower() not in self.known | _NOT_NAMES for found in _PLACE.finditer(sentence)
            )
        return any(
            found.group().lower() not in self.known for found in _PATTERNS[self.kind].finditer(sentence)
        )


def wanted(question: str) -> Wanted:
    """Read a question.

    >>> wanted("How many people died in the Korean War?").stems
    ('die', 'korean', 'war')
    """
    found: dict[str, tuple[str, int]] = {}
    name, ended = -1, True
    for match in _QUESTION_WORD.finditer(question):
        word = match.group()
        is_name = is_year(word) or (word[0].isupper() and bool(question[: match.start()].strip(" “\"'‘¿¡")))
        name += is_name and ended
        ended = not is_name or is_year(word) or bool(re.search(r"[’']s?$", word))
        for stem in stems(word):
            found.setdefault(stem, (word, name if is_name else -1))
    telling = {stem: how for stem, how in found.items() if stem not in _asking()}
    asked = set(question_stems(question))
    kept = {stem: how for stem, how in telling.items() if stem in asked} or telling or found
    return Wanted(
        kind(question),
        tuple(kept),
        tuple(word for word, _ in kept.values()),
        tuple(number for _, number in kept.values()),
        _counted(question),
        frozenset(word.lower() for word in re.findall(r"\w+", question)),
    )


def kind(question: str) -> Kind:
    """Tell what kind of thing a question asks for by the first words that say so, else "thing".

    >>> kind("Who is North Korea's foreign minister?"), kind("How much did it cost?"), kind("Has it rained?")
    ('person', 'money', 'yes or no')
    >>> kind("What did Kim say?"), kind("What does the declaration say about tests?"), kind("At what time?")
    ('statement', 'thing', 'hour')
    """
    found = [
        (match.start(), at)
        for at, (_, pattern) in enumerate(_KIND_PATTERNS)
        if (match := pattern.search(question))
    ]
    return _KIND_PATTERNS[min(found)[1]][0] if found else "thing"


@lru_cache(maxsize=1)
def _asking() -> frozenset[str]:
    return frozenset(stem for word in _ASKING.split() for stem in stems(word))


def new_names(sentence: str, known: frozenset[str]) -> list[str]:
    """Give the capitalised words of a sentence that are not among the known (lower-case) ones."""
    found = []
    for match in _NAME.finditer(sentence):
        word = re.sub(r"[’']s$", "", match.group()).lower()
        alone = match.start() == 0 or sentence[: match.start()].rstrip()[-1:] in '“"‘.!?:'
        if alone and not _NAME.match(sentence[match.end() :].lstrip()):
            continue  # the first word of a sentence is capitalised whatever it is
        if word not in _NOT_NAMES and not set(re.findall(r"\w+", word)) <= known:
            found.append(match.group())
    return found


def _counted(question: str) -> tuple[str, ...]:
    """Give the stems of what "how many" counts; people may be counted under any name."""
    match = re.search(r"\b(?:how many|wie viele?)\s+((?:[\w’'-]+\s*){1,3})", question, re.IGNORECASE)
    counted: list[str] = []
    for word in match[1].split() if match else ():
        found = stems(word)
        if not found or set(found) & _asking():
            break
        counted += found
    return tuple(counted)


def _counts(sentence: str, counted: tuple[str, ...], known: frozenset[str]) -> bool:
    """Tell whether a number that is no date stands in a sentence, before what is counted if that is given."""
    for number in _NUMBER.finditer(_DATE.sub(lambda date: " " * len(date.group()), sentence)):
        if number.group().lower() in known:
            continue
        following = stems(" ".join(sentence[number.end() :].split()[:_COUNTED_WITHIN_WORDS]))
        if not counted or set(counted) & set(following):
            return True
    return False
