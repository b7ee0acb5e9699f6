"""Questions that articles seem to answer, made of their names, quotations and numbers; not yet tried."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.facts import folded
from assistant.followup.mentions import mentions
from assistant.in_words import day_in_words
from assistant.persons import ROLES
from assistant.quotations import Quoted, quotations
from assistant.speakers import speakers
from assistant.suggesting.clauses import Asks, clauses
from assistant.suggesting.subjects import READ_CHARACTERS, full_names, subjects
from index.language import language_of
from index.passages import sentences
from index.types import Article

Form = Asks | Literal["said", "quoted", "outlets", "developed", "new", "as of", "who is", "known"]

_FORMS: tuple[Form, ...] = (  # those first that show most
    "outlets", "how many", "developed", "said", "when", "why", "how much", "quoted", "who", "who is", "as of",
    "new", "known"
)  # fmt: skip
_OFFICE = (
    rf"(?:who\b|whose\b|(?:[\w’'-]+ ){{1,5}}(?:{'|'.join(sorted(ROLES))}|founder|owner|sister|brother)\b)"
)
_SENTENCES = 40  # of an article that are looked at
_SUBJECTS = 4
_NEW_DAYS = 7  # before the newest article, which "new" means where no day is named
_DEVELOPING = (
    "talks summit negotiations trial war conflict crisis dispute strike strikes investigation inquiry "
    "election campaign protests standoff row case merger takeover bid outbreak rescue race debate lawsuit "
    "hearing siege"
).split()
_PHRASE_WORDS = 7
_QUOTE = re.compile(r"[A-ZÀ-ÖØ-Þ][\w’' -]*(?:, [\w’' -]+)?[.,!]?")
_ASKABLE = re.compile(r"[A-Z][\w .,!&%$€£¥₩“”‘’'–-]*\?")
_MOST_CHARACTERS, _LONGEST_WORD = 160, 30
_LEAST_QUOTE_WORDS, _MOST_QUOTE_WORDS = 6, 14
_OUTLET = re.compile(r"[^\W_][\w .&’'-]{1,38}[\w.!]")
_HEARD = re.compile(r"\b(?:told|tells|to|with) (?:the )?(?:[A-Z]\w+ )?$")
_BEFORE, _AFTER = 120, 240  # characters around a quotation that tell what it is about


@dataclass(frozen=True, slots=True)
class Idea:
    """A question that some articles seem to answer, by its form and by what it asks about.

    `articles` are the ids of those it was made from; `words` are what an answer has to quote, "" for any.
    """

    question: str
    form: Form
    subject: str
    articles: frozenset[str]
    words: str = ""


def is_askable(question: str) -> bool:
    """Tell whether a question can be shown and typed: plain words, none endless, whatever articles hold.

    >>> is_askable("What did Ada Lund say about the U.N.?"), is_askable("When was <b>Lunde</b> flooded?")
    (True, False)
    """
    words = question.split(" ")
    return (
        len(question) <= _MOST_CHARACTERS
        and all(len(word) <= _LONGEST_WORD for word in words)
        and _ASKABLE.fullmatch(question) is not None
    )


def is_english(article: Article) -> bool:
    """Tell whether questions in English can be made of an article's words, whatever it is said to be in."""
    return (language_of(article.text) or article.language) == "en"


def ideas(article: Article) -> Iterator[Idea]:
    """Give the questions that one article seems to answer, by forms, what it tells plainly first."""
    if not is_english(article):
        return
    known = subjects(article.title, article.text)
    yield from _told(article, known)
    yield from _spoken(article, known)
    own = frozenset([article.id])
    for name in known[:_SUBJECTS]:
        is_person = " " in name and [one.kind for one in mentions(name)] == ["person"]
        if is_person and re.search(rf"\b{re.escape(name)}, {_OFFICE}", article.text[:READ_CHARACTERS]):
            yield Idea(f"Who is {name}?", "who is", folded(name), own)
        yield Idea(f"What is reported about {name}?", "known", folded(name), own)
    for phrase in _developing(article, known):
        yield Idea(f"How did {phrase} develop?", "developed", folded(phrase), own)


def by_form(made: Iterable[Idea]) -> list[Idea]:
    """Put questions in the order of what they show of the collection."""
    return sorted(made, key=lambda idea: _FORMS.index(idea.form))


def _told(article: Article, known: tuple[str, ...]) -> Iterator[Idea]:
    """Make questions of the sentences that tell an event or an amount."""
    text = article.text[:READ_CHARACTERS]
    for start, end in sentences(text, "en")[:_SENTENCES]:
        sentence = text[start:end]
        for one in clauses(sentence, known, article.spoken_day):
            name = next(name for name in known if name.removeprefix("the ") in one.question)
            yield Idea(one.question, one.asks, folded(name), frozenset([article.id]), sentence)


def _spoken(article: Article, known: tuple[str, ...]) -> Iterator[Idea]:
    """Make questions of what people are quoted with: who said it, and what they said of whom."""
    text = article.text[:READ_CHARACTERS]
    own, people = frozenset([article.id]), full_names(article.text)
    for quoted, speaker in zip(quotations(text), speakers(text), strict=True):
        if speaker not in people:
            continue
        words = text[quoted.start : quoted.end]
        subject = _spoken_of(text, quoted, speaker, known)
        about = f" about {subject}" if subject else ""
        yield Idea(f"What did {speaker} say{about}?", "said", folded(speaker), own, words)
        if _QUOTE.fullmatch(words) and _LEAST_QUOTE_WORDS <= len(words.split()) <= _MOST_QUOTE_WORDS:
            yield Idea(f"Who said “{words.rstrip('.,')}”?", "quoted", folded(speaker), own, words)


def _spoken_of(text: str, quoted: Quoted, speaker: str, known: tuple[str, ...]) -> str:
    """Give the name that a quotation is about: one inside it, else one beside it, that is not the speaker."""
    telling = set(folded(speaker).split())
    others = [name for name in known if not telling & set(folded(name).split())]
    for around in (text[quoted.start : quoted.end], _paragraph(text, quoted)):
        found = [name for name in others if _is_in(name, around)]
        if found:
            return found[0]
    return ""


def _is_in(name: str, words: str) -> bool:
    """Tell whether words speak of a name, and not only of who was spoken to: "he told the BBC"."""
    found = re.finditer(rf"\b{re.escape(name.removeprefix('the '))}\b", words)
    return any(not _HEARD.search(words, 0, one.start()) for one in found)


def _paragraph(text: str, quoted: Quoted) -> str:
    start = max(text.rfind("\n", 0, quoted.start) + 1, quoted.start - _BEFORE)
    end = text.find("\n", quoted.end)
    return text[start : min(end if end >= 0 else len(text), quoted.end + _AFTER)]


def _developing(article: Article, known: Sequence[str]) -> Iterator[str]:
    """Give the phrases for what goes on for days, "the talks in Hanoi", as far as they name something."""
    seen: set[str] = set()
    for one in mentions(article.text[:READ_CHARACTERS]):
        words = one.text.split()
        is_named = any(name.removeprefix("the ") in one.text for name in known)
        plain = re.fullmatch(r"[Tt]he [\w’' -]+", one.text) is not None
        if one.head in _DEVELOPING and is_named and plain and len(words) <= _PHRASE_WORDS:
            phrase = f"the {' '.join(words[1:])}"
            if folded(phrase) not in seen:
                seen.add(folded(phrase))
                yield phrase


def wide_ideas(article: Article, others: Sequence[Article], newest: date | None) -> Iterator[Idea]:
    """Give questions on what an article tells together with others: two outlets, as of a day, what is new."""
    if not is_english(article):
        return
    for subject in subjects(article.title, article.text)[:_SUBJECTS]:
        about = [one for one in others if subject.removeprefix("the ") in one.text[:READ_CHARACTERS]]
        yield from _by_outlets(article, about, subject)
        day = article.published_day
        if day and newest:
            is_new = (newest - day).days <= _NEW_DAYS
            question = (
                f"What is new about {subject}?"
                if is_new
                else f"What was known about {subject} as of {day_in_words(day)}?"
            )
            form: Form = "new" if is_new else "as of"
            yield Idea(question, form, folded(subject), frozenset([article.id, *(one.id for one in about)]))


def _by_outlets(article: Article, about: Sequence[Article], subject: str) -> Iterator[Idea]:
    for other in about:
        names = (article.outlet, other.outlet)
        if folded(names[0]) != folded(names[1]) and all(map(is_outlet, names)):
            question = f"What do {names[0]} and {names[1]} report about {subject}?"
            yield Idea(question, "outlets", folded(subject), frozenset([article.id, other.id]))
            return


def is_outlet(name: str) -> bool:
    """Tell whether an outlet's name can be shown in a question.

    >>> is_outlet("The Harbour Post"), is_outlet("<i>Post</i>"), is_outlet("")
    (True, False, False)
    """
    return _OUTLET.fullmatch(name) is not None
