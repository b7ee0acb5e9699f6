"""What a question asks for (a person, a day, a number, a reason …), and whether a sentence holds one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from index.words import question_stems, stems

Kind = Literal[
    "person", "time", "place", "count", "money", "reason", "statement", "yes or no", "name", "thing"
]

_KINDS: tuple[tuple[Kind, str], ...] = (
    ("statement", r"\b(?:what|how|was|wie) (?:did|does|do|has|have|had|was|were|hat|haben|sagt\w*) .*?\b(?:say|says|said|"
                  r"tell|told|claim|think|call|called|describe|respond|react|comment|gesagt|erkl\w+)\b"),
    ("money", r"\bhow much (?:money|did|does|was|were|is|will|would|has|have)\b.*\b(?:cost|pay|paid|worth|spen[dt]|price|owe|raise|"
              r"earn|sell|sold|fetch|buy|bought|lose|lost)\b|\bwhat (?:is|was|did) .*\b(?:cost|price)\b|\bwie teuer\b"),
    ("count", r"\bhow (?:many|much|long|far|old|often|tall|big|large|high|fast|deep|heavy)\b|\bwie (?:viele?|lange|weit|alt|oft)\b|"
              r"\bwhat (?:number|percentage|percent|share|proportion|age|rate)\b|\bpopulation\b"),
    ("time", r"\bwhen\b|\b(?:what|which) (?:year|day|date|month|time|week|decade|century)\b|\bhow soon\b|\bwann\b|\bdeadline\b"),
    ("reason", r"\bwhy\b|\bwhat (?:caused|led to|prompted|is the reason|was the reason|made)\b|\bhow come\b|\bwarum\b|\bwieso\b|"
               r"\bweshalb\b|\bwhat (?:reason|cause)\b"),
    ("place", r"\bwhere\b|\b(?:what|which|in which|in what) (?:\w+ )?(?:country|city|state|place|town|venue|region|continent|"
              r"location|province|county|island|capital|hotel)\b|\bwo(?:hin|her)?\b"),
    ("person", r"\bwho(?:m|se)?\b|\bwer\b|\bwen\b|\bwem\b|\b(?:what|which) (?:\w+ )?(?:man|woman|person|actor|actress|singer|player|"
               r"president|minister|politician|official|leader|celebrity|star|author|artist|director|senator|king|queen)\b"),
    ("name", r"\bwhich\b|\bwhat (?:is|was|are|were) the name\b|\bwhat (?:company|team|film|movie|game|book|song|show|brand|organi[sz]ation|"
             r"league|airline|university|network|agency|party|group|store|retailer|automaker)\b"),
    ("yes or no", r"^\W*(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|ist|sind|hat|haben|war|wird)\b"),
)  # fmt: skip
_KIND_PATTERNS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _KINDS)

_MONTHS = (
    "january february march april may june july august september october november december januar februar "
    "märz mai juni juli oktober dezember"
).split()
_DAYS = (
    "monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag "
    "samstag sonnabend sonntag"
).split()
_NOT_NAMES = frozenset(
    [*_MONTHS, *_DAYS, *"i the a an he she it they we you but and in on at this that these those there mr "
     "mrs ms dr his her its their our my".split()]
)  # fmt: skip

# Words that say what kind of answer is wanted: the answer itself need not hold them.
_ASKING = frozenset(
    stem
    for word in "many much people persons number amount take took taken place time times happen happened "
    "happening say said says saying tell told name named called kind sort type year day date month country "
    "city state exactly actually reason cause known".split()
    for stem in stems(word)
)

_NUMBER = (
    r"\d[\d.,]*|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    r"sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|dozens?|"
    r"hundreds?|thousands?|millions?|billions?|several|half|none|zwei|drei|vier|fünf|sechs|sieben|acht|neun|"
    r"zehn|elf|zwölf|dutzende?|hunderte?|tausende?|millionen)\b"
)
_QUESTION_WORD = re.compile(r"[\w’'.-]*\w[’']?")
_NAME = re.compile(r"\b[A-ZÀ-ÖØ-Þ][\w’'-]*")
_PATTERNS: dict[Kind, re.Pattern[str]] = {
    "count": re.compile(_NUMBER, re.IGNORECASE),
    "money": re.compile(
        r"[$€£¥₩]\s?\d|\d[\d.,]*\s?(?:(?:thousand|million|billion|trillion|m|bn|k)\s?)?(?:won|dollars?|euros?|pounds?|"
        r"yen|yuan|francs?|rubles?|rupees?|cents?|usd|eur|gbp)\b",
        re.IGNORECASE,
    ),
    "time": re.compile(
        rf"\b(?:{'|'.join(_MONTHS + _DAYS)})\b|\b(?:1[5-9]|20)\d\ds?\b|\b(?:yesterday|today|tonight|tomorrow|"
        r"ago|gestern|heute|morgen)\b|\b(?:last|next|this|earlier|later|past|coming)\s(?:the\s|that\s|this\s)?"
        r"(?:week|month|year|night|morning|evening|day|spring|summer|autumn|fall|winter|weekend)\b|"
        r"\b\d{1,2}(?::\d\d)?\s?[ap]\.?m\b|\bcentury\b",
        re.IGNORECASE,
    ),
    "reason": re.compile(
        r"\b(?:because|since|due to|owing to|thanks to|as a result|in order to|so that|amid|following|caused?|"
        r"causing|led to|leading to|blamed?|blames|blaming|reasons?|prompt\w*|in response|in protest|in return|over|"
        r"after|could not|unless|accus\w+|citing|cited|aimed? at|weil|da|wegen|denn|aufgrund|nachdem|um)\b",
        re.IGNORECASE,
    ),
    "statement": re.compile(
        r"[“”„\"«»]|\b(?:said|says|say|saying|told|tells|added|adding|wrote|writes|called|calls|described|"
        r"announced|declared|claimed|insisted|warned|argued|stated|promised|vowed|denied|acknowledged|"
        r"admitted|tweeted|remarked|suggested|praised|sagte?|erklärte)\b",
        re.IGNORECASE,
    ),
}
_PLACE = re.compile(
    r"\b(?:in|at|near|on|to|from|off|across|outside|inside|around|of|between|over|im|am|nach|bei)\s"
    r"(?:the\s|its\s|his\s|der\s|dem\s)?(?:[a-z-]+\s){0,2}(?P<name>[A-ZÀ-Þ][\w’'-]*)"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question asks for, and the words of it that an answer has to be about.

    `stems` are distinct, `words` how each stands in the question. `names` gives for each the number of the
    name it is part of, -1 for a common word: "Kim" and "Un" of one person have the same.
    """

    kind: Kind
    stems: tuple[str, ...]
    words: tuple[str, ...]
    names: tuple[int, ...]


def wanted(question: str) -> Wanted:
    """Read a question.

    >>> wanted("How many people died in the Korean War?").stems
    ('die', 'korean', 'war')
    """
    found: dict[str, tuple[str, int]] = {}
    name, ended = -1, True
    for match in _QUESTION_WORD.finditer(question):
        word = match.group()
        if not (word[0].isupper() and question[: match.start()].strip(" “\"'‘¿¡")):
            ended = True
            at = -1
        else:
            name += ended
            ended = bool(re.search(r"[’']s?$", word))
            at = name
        for stem in stems(word):
            found.setdefault(stem, (word, at))
    telling = {stem: how for stem, how in found.items() if stem not in _ASKING}
    asked = set(question_stems(question))
    kept = {stem: how for stem, how in telling.items() if stem in asked} or telling or found
    return Wanted(
        kind(question),
        tuple(kept),
        tuple(word for word, _ in kept.values()),
        tuple(n for _, n in kept.values()),
    )


def kind(question: str) -> Kind:
    """Tell what kind of thing a question asks for, "thing" where the words do not say.

    >>> kind("Who is North Korea's foreign minister?"), kind("How much did it cost?"), kind("Has it rained?")
    ('person', 'money', 'yes or no')
    """
    return next((name for name, pattern in _KIND_PATTERNS if pattern.search(question)), "thing")


def holds(asked: Kind, sentence: str, question: str) -> bool:
    """Tell whether a sentence holds such a thing that the question did not already name.

    >>> holds("place", "They met in Singapore.", "Where did they meet?")
    True
    """
    if asked in ("thing", "yes or no"):
        return True
    known = {word.lower() for word in re.findall(r"\w+", question)}
    if asked in ("person", "name"):
        return bool(new_names(sentence, known))
    if asked == "place":
        return any(match["name"].lower() not in known | _NOT_NAMES for match in _PLACE.finditer(sentence))
    return any(match.group().lower() not in known for match in _PATTERNS[asked].finditer(sentence))


def new_names(sentence: str, known: set[str]) -> list[str]:
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
