"""The words news has for one thing, folded to one term: killed, dead and the toll; a quake, an earthquake."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from index.words import stems

Counted = Literal["count", "money", "percent", "years", "any"]

# What a number may measure, the units it is measured in, and the words that say so, English then German.
_MEASURES: dict[str, tuple[Counted, str]] = {
    "killed": (
        "count",
        "kill kills killed killing dead died dies dying death deaths toll fatality fatalities slain "
        "tot tote toten "
        "starb starben gestorben getötet todesopfer",
    ),
    "injured": (
        "count",
        "injured injures injuring injuries hurt wounded wounding verletzt verletzte verletzten",
    ),
    "missing": ("count", "missing unaccounted vermisst vermisste vermissten"),
    "arrested": ("count", "arrested arrests detained detains festgenommen verhaftet festnahmen"),
    "evacuated": ("count", "evacuated evacuation evacuations evakuiert"),
    "homeless": ("count", "homeless displaced obdachlos"),
    "rescued": ("count", "rescued rescue gerettet"),
    "ill": ("count", "ill sick sickened erkrankt erkrankten"),
    "infected": ("count", "infected infection infections infiziert"),
    "cases": ("count", "cases fälle"),
    "vaccinated": ("count", "vaccinated vaccinations geimpft"),
    "aboard": ("count", "aboard carrying bord"),
    "taking part": (
        "count",
        "attended attend attendance marched demonstrated protested gathered "
        "teilnehmer demonstrierten protestierten",
    ),
    "striking": ("count", "strike strikes striking walkout walkouts streik streiken streikten"),
    "cut": (
        "count",
        "cut cuts cutting shed sheds shedding axe axed axes layoffs layoff abbauen streichen abgebaut",
    ),
    "hired": ("count", "hire hires hired hiring"),
    "cancelled": ("count", "cancelled cancels canceled scrapped gestrichen"),
    "stolen": ("any", "stole stolen steal theft loot gestohlen stahlen"),
    "won": ("any", "won win wins winning gewann gewonnen gewinnt"),
    "scored": ("count", "scored scores scoring"),
    "sold": ("count", "sold sell sells selling verkauft verkaufte"),
    "burned": ("any", "burned burnt burns verbrannt"),
    "watched": ("count", "watched spectators zuschauer"),
    "turnout": ("percent", "turnout wahlbeteiligung"),
    "inflation": ("percent", "inflation teuerung"),
    "unemployment": ("percent", "unemployment jobless joblessness arbeitslosigkeit"),
    "growth": ("percent", "grow grew grows growth wachstum wuchs"),
    "approval": ("percent", "approval"),
    "magnitude": ("any", "magnitude strong strength stärke"),
    "temperature": ("any", "temperature temperatures thermometer thermometers degrees hot cold temperatur"),
    "rain": ("any", "rain rained rainfall regen"),
    "wind": ("any", "wind winds gust gusts windy böen"),
    "sentence": ("years", "sentenced sentence jailed prison jail verurteilt haft gefängnis"),
    "age": ("any", "age aged old alter"),
    "fine": ("money", "fine fined fines penalty geldstrafe bußgeld"),
    "cost": ("money", "cost costs price prices priced worth kosten kostet kostete preis teuer"),
    "paid for": (
        "money",
        "buy buys bought buying purchase purchased acquire acquired acquires "
        "acquisition takeover paid spent spend spends spending",
    ),
    "profit": ("money", "profit profits gewinn"),
    "revenue": ("money", "revenue revenues turnover umsatz"),
    "rent": ("money", "rent rents miete mieten"),
    "pay": ("any", "salary salaries wage wages pay lohn gehalt"),
    "damage": ("money", "damage damages losses schaden schäden"),
    "aid": ("money", "aid hilfe"),
    "ransom": ("money", "ransom lösegeld"),
    "debt": ("money", "debt debts schulden"),
    "budget": ("money", "budget haushalt"),
}
# Counts that go on being counted while the news is young: a later figure takes the place of an earlier one.
RUNNING = frozenset(
    "killed injured missing arrested evacuated homeless rescued ill infected cases vaccinated burned "
    "damage".split()
)
# What is measured again and again, each time for another month, town or group.
SERIES = frozenset("unemployment inflation growth approval temperature rain wind rent turnout".split())
_OTHERS = {
    "earthquake": "earthquake quake quakes tremor earthquakes erdbeben",
    "fire": "fire fires blaze wildfire wildfires brand feuer",
    "crash": "crash crashed crashes collided collision unfall",
    "meet": "meet met meets meeting traf",
    "sanctions": "sanctions sanction",
    "break": "break broke broken breaks",
    "begin": "begin began begun begins start started starts",
    "give": "give gave given gives",
    "fall": "fall fell fallen falls",
    "hold": "hold held holds",
    "lead": "lead led leads",
    "lose": "lose lost loses",
    "sink": "sink sank sunk sinks",
    "fly": "fly flew flown flies",
    "shoot": "shoot shot shoots shooting shootings",
    "catch": "catch caught catches",
    "choose": "choose chose chosen chooses",
    "build": "build built builds building",
    "send": "send sent sends",
    "leave": "leave left leaves",
    "write": "write wrote written",
    "fire someone": "ousted dismissed sacked",
    "seek": "want wanted wants ask asked asks demand demanded demands sought seek seeks",
    "sign": "sign signed signs signing signature unterzeichnet",
    "election": "election elections vote votes wahl",
    "destroy": "blow blew blown blows destroy destroys destroyed destroying destruction demolish demolished "
    "explosion exploded gesprengt sprengung zerstört",
    "resign": "resign resigned resigns resigning resignation zurücktrat zurückgetreten rücktritt",
}
_PHRASES = tuple(
    (re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), term)
    for pattern, term in (
        (r"los(?:t|e|ing) (?:their|his|her) li(?:fe|ves)|claimed \w+ lives|ums Leben", "killed"),
        (r"on board|an Bord", "aboard"),
        (r"t(?:ook|ake|aken|aking|akes) part|nahmen \w+ teil", "taking part"),
        (r"got away with", "stolen"),
        (r"(?:leave|left|leaving|flee|fled|driven from|forced from) (?:\w+ )?homes?", "evacuated"),
        (r"la(?:id|y|ys|ying) off", "cut"),
        (r"walk(?:ed|s|ing)? (?:off the job|out)|downed tools|put down (?:\w+ )?tools", "striking"),
        (r"pays? (?:[^\s,;]+ ){1,4}for", "paid for"),
        (r"sold for|(?:went|gone) for|changed hands for", "paid for"),
    )
)
_ANY_PHRASE = re.compile("|".join(pattern.pattern for pattern, _ in _PHRASES), re.IGNORECASE)
PEOPLE = frozenset(
    stem
    for word in "people person persons victims lives life menschen personen leute others".split()
    for stem in stems(word)
)
_WORD = re.compile(r"[^\W_]+(?:[’'][a-z]+)?")


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a text, folded, and where it stands there."""

    term: str
    start: int
    end: int


def _folding() -> dict[str, str]:
    groups = {term: words for term, (_, words) in _MEASURES.items()} | _OTHERS
    return {word: term for term, words in groups.items() for word in words.split()}


@lru_cache(maxsize=1)
def _folds() -> dict[str, str]:
    return _folding()


@lru_cache(maxsize=100_000)
def term_of(word: str) -> str:
    """Fold one lower-case word to its term, "" for one that says nothing.

    >>> term_of("quake"), term_of("the")
    ('earthquake', '')
    """
    known = _folds().get(word)  # words as they are: "die" is German for "the", and "missed" not "missing"
    if known or not (found := stems(word)):
        return known or ""
    return found[0]


@lru_cache(maxsize=5_000)
def terms(text: str) -> tuple[Term, ...]:
    """Read the words of a text that carry meaning, each folded to its term, in order.

    >>> [one.term for one in terms("The quake left 12 dead.")]
    ['earthquake', 'leave', '12', 'killed']
    """
    found = [
        Term(term, match.start(), match.end())
        for match in _WORD.finditer(text)
        if (term := term_of(match.group().lower()))
    ]
    return tuple(sorted([*found, *phrased(text)], key=lambda one: one.start))


def phrased(text: str) -> list[Term]:
    """Read the phrases of a text that stand for one term: took part, lost their lives."""
    if not _ANY_PHRASE.search(text):
        return []
    return [
        Term(term, match.start(), match.end())
        for pattern, term in _PHRASES
        for match in pattern.finditer(text)
    ]


@lru_cache(maxsize=5_000)
def term_set(text: str) -> frozenset[str]:
    """Give the terms of a text without order; numbers are none."""
    return frozenset(one.term for one in terms(text) if not one.term[0].isdigit())


def measures(term: str, unit: str) -> bool:
    """Tell whether a term says what a number of this unit may measure.

    >>> measures("killed", ""), measures("killed", "dollar"), measures("left", "")
    (True, False, False)
    """
    counted = _MEASURES.get(term, ("", ""))[0]
    return bool(counted) and counted in ("any", _kind_of(unit))


def is_measure(term: str) -> bool:
    """Tell whether a term says what a number measures."""
    return term in _MEASURES


def _kind_of(unit: str) -> Counted:
    if unit in ("", "percent"):
        return "percent" if unit else "count"
    if unit == "year":
        return "years"
    return "any" if unit.startswith(".") else "money"
