"""The names of an article that a question can be made with: whole, plainly written, and meant as names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from assistant.facts import MONTHS, NAME, WEEKDAYS, folded, names
from assistant.followup.mentions import GRAMMAR
from assistant.persons import fullest
from assistant.suggesting.verbs import PASTS
from assistant.verify.roles import SPEAKING

READ_CHARACTERS = 6_000  # of an article: its news stands at the top

_CALENDAR = frozenset(map(folded, (*WEEKDAYS, *MONTHS, *(month[:3] for month in MONTHS), "sept")))
_PARTS = re.compile(r"[’']s?[ -]|(?<=\w\w)\. ")  # "South Korea's National Assembly", "Istanbul. Later"
_ROLE = re.compile(r"^(?:.* )?(?:C[EFTO]O|MP|Sen|Rep|Gov|Gen|QB|RB)\b\.? ?")  # "X CEO Linda Moe"
_COMPASS = frozenset("north south east west northern southern eastern western".split())
_SENTENCE_STARTS = frozenset('.!?:;“"‘„(–—-•|\n')
_LEAST_CHARACTERS, _MOST_CHARACTERS, _MOST_WORDS = 3, 40, 5
_LONGEST_ACRONYM = 4  # longer words in capitals are a headline's, or a city's in a dateline
_PLAIN = re.compile(r"[A-ZÀ-ÖØ-Þ][\w.’'-]*(?: (?:[A-ZÀ-ÖØ-Þ][\w.’'-]*))*[\w.]")
_FOLLOWED = re.compile(r"\s*(?P<next>[A-Za-zÀ-ÿ]+|\d+|[^\w\s]|$)")
_DEMONYM = re.compile(r"(?:[aei]an|ese|ish|ans)$")  # "North Korean" describes
_PEOPLE = re.compile(r"\w+(?:[ic]ans|eans|ese)")  # Americans, Chinese
_MENTIONED = 2  # times that a name without a place in the headline has to be there
_IN_TITLE = 4  # mentions that one in the headline is worth


@lru_cache(maxsize=256)
def subjects(title: str, text: str) -> tuple[str, ...]:
    """Give the names that an article is about, as a question would say them, the chief one first.

    Only names inside sentences count, and none that only describes ("the American general").

    >>> subjects("Lund opens bridge", "The mayor, Ada Lund, came late. Later Ms Lund met the United Nations.")
    ('Ada Lund',)
    """
    text = text[:READ_CHARACTERS]
    known, headline = set(names(text)), f" {folded(title)} "
    found = [
        one
        for one in _found(text, headline)
        if is_plain(one[0]) and _is_known(one[0], known) and not _is_word(one[0], text)
    ]
    every = _every_name(text)
    written = {name: _written_out(name, {other for other, _ in found}, every) for name, _ in found}
    count = Counter(written[name] for name, _ in found)
    with_article = Counter(written[name] for name, article in found if article)
    for name in count:
        if with_article[name] * 2 > count[name]:
            with_article[name] = _MOST_CHARACTERS * count[name]
        count[name] += _IN_TITLE * any(f" {word} " in headline for word in _telling(name))
    kept = [name for name, times in count.most_common() if name and times >= _MENTIONED]
    return tuple(f"the {name}" if with_article[name] > count[name] else name for name in kept)


def _found(text: str, headline: str) -> Iterator[tuple[str, bool]]:
    """Give the names without titles, each with whether "the" stands before it.

    One that begins a sentence counts where the headline has it too, and not by its capital alone.
    """
    for found in NAME.finditer(text):
        start = found.start()
        for part in _PARTS.split(found[0]):
            at = text.index(part, start)
            name = _ROLE.sub("", fullest(part, part))
            is_headlined = " " in name and f" {folded(name)} " in headline and not _DEMONYM.search(name)
            if name and (is_headlined or (not _opens(text, at) and _stands_alone(text, at + len(part)))):
                yield name, text[max(0, at - 4) : at] in ("the ", "The ") and part.startswith(name)
            start = at + len(part)


@lru_cache(maxsize=64)
def full_names(text: str) -> frozenset[str]:
    """Give the names of two words and more that stand inside sentences, and so are not joined by chance."""
    return frozenset(name for name, _ in _found(text[:READ_CHARACTERS], "") if " " in name and is_plain(name))


def _every_name(text: str) -> frozenset[str]:
    return frozenset(fullest(part, part) for one in NAME.finditer(text) for part in _PARTS.split(one[0]))


def _written_out(name: str, others: set[str], every: frozenset[str]) -> str:
    """Write a surname out; "" for one that is several people's or unclear, and for a first name."""
    if " " in name:
        return name
    longer = {other for other in every if other.endswith(f" {name}")}
    if longer:
        inside = longer & others
        return inside.pop() if len(inside) == 1 else ""
    full = [other.split() for other in others if other.startswith(f"{name} ")]
    return "" if any(words[-1] in every for words in full) else name


def is_plain(name: str) -> bool:
    """Tell whether a name can be shown in a question: letters only, not shouted, neither cut nor endless.

    >>> [is_plain(name) for name in ("Ri Son-gwon", "NATO", "SEOUL CITY", "<b>Kim", "Tuesday", "North")]
    [True, True, False, False, False, False]
    """
    words = name.split()
    return (
        _LEAST_CHARACTERS - name.isupper() <= len(name) <= _MOST_CHARACTERS
        and len(words) <= _MOST_WORDS
        and _PLAIN.fullmatch(name) is not None
        and not any(word.isupper() and len(word.strip(".")) > _LONGEST_ACRONYM for word in words)
        and not any(word.casefold() in GRAMMAR for word in words if not word.isupper())
        and not (len(words) < _MOST_WORDS - 2 and re.fullmatch("[IVX]{2,}|[JS]r", words[-1]))  # cut in front
        and _PEOPLE.fullmatch(name) is None
        and not set(folded(name).split()) <= _CALENDAR | _COMPASS
    )


def _is_word(name: str, text: str) -> bool:
    """Tell whether a text has a name as a word too, "country": then it has its capital for another reason."""
    return re.search(rf"(?<![\w-]){re.escape(name.lower())}(?![\w-])", text) is not None


def _is_known(name: str, known: set[tuple[str, ...]]) -> bool:
    own = tuple(folded(name).split())
    return any(own == one or own == one[-len(own) :] for one in known)


def _opens(text: str, start: int) -> bool:
    """Tell whether a place begins a sentence, where any word has a capital."""
    before = text[max(0, start - 3) : start].rstrip(" \t")
    return not before or before[-1] in _SENTENCE_STARTS


def _stands_alone(text: str, end: int) -> bool:
    """Tell whether a name is the whole of what it stands in: no noun follows that it describes."""
    found = _FOLLOWED.match(text, end)
    follows = found["next"] if found else ""
    is_verb = follows in PASTS or follows in SPEAKING or follows.endswith(("ed", "ly", "id"))
    return not follows.isalpha() or follows.casefold() in GRAMMAR or is_verb


def _telling(name: str) -> list[str]:
    return [word for word in folded(name).split() if len(word) >= _LEAST_CHARACTERS and word not in _COMPASS]
