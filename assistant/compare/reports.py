"""The sentences of the passages found that speak of what was asked, as reports that can be compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from assistant.compare.framing import is_later_word
from assistant.compare.numerals import has_number
from assistant.compare.occasions import CALENDAR, Occasion, has_month, occasion, subjects
from assistant.compare.wordings import PEOPLE, phrased, term_of, term_set
from assistant.expected import Kind, Wanted
from assistant.facts import folded
from assistant.types import Citation
from index.stories import is_copy
from index.types import Article, Hit, Passage

_HELD = 0.6  # the share of a question's terms that a sentence, its headline and its neighbours hold together
_LEAST_WORDS = 4
_COPIED = 0.7  # of the words of two sentences, from which one is the other as a copy has it
_FRESH_DAYS, _CHANGED_DAYS = 7, 90  # between two reports of one piece of news; until one of a change
_NAME_LETTERS = 4  # a term is a stem: so many of its letters stand in the word
_NUMBERED: tuple[Kind, ...] = ("count", "money", "time")
_NOT_COMPARED: tuple[Kind, ...] = ("reason", "statement", "hour")
_NO_TOPIC = PEOPLE | {"", *"viel between final down total exactli die den dem des im am neue".split()}


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """A sentence of an article; `near` are the terms of its headline and of the sentences beside it.

    `article_id` is the article's own, which takes a digest to tell.
    """

    citation: Citation
    order: int
    near: frozenset[str]
    article_id: str

    @property
    def text(self) -> str:
        """The sentence's words."""
        return self.citation.quote

    @property
    def article(self) -> Article:
        """The article it stands in."""
        return self.citation.article

    @property
    def day(self) -> date | None:
        """The day its article was finished, None if that is not known."""
        return self.article.written_day

    @property
    def terms(self) -> frozenset[str]:
        """What the sentence speaks of."""
        return term_set(self.text)

    @property
    def occasion(self) -> Occasion:
        """When the sentence is about."""
        return occasion(self.text, self.article.published_day)

    @property
    def subjects(self) -> tuple[frozenset[str], ...]:
        """Whom and what it names, the words of each."""
        return subjects(self.text, self.article.language)


def reports(question: str, asked: Wanted, hits: Sequence[Hit], as_of: date | None = None) -> list[Report]:
    """Give the sentences that speak of what is asked, in the order of their articles' days.

    What was written after `as_of` is left out, and so is a sentence found twice.
    """
    found: dict[tuple[str, int], Report] = {}
    if asked.kind in _NOT_COMPARED:
        return []
    topic = _Topic.of(question, asked)
    for hit in hits:
        article, article_id = hit.passage.article, hit.passage.article.id
        if as_of and article.written_day and article.written_day > as_of:
            continue
        for at, (start, end) in enumerate(hit.passage.sentences):
            sentence = article.text[start:end]
            if (article_id, start) in found or not _states(sentence, asked.kind):
                continue
            if topic.is_spoken_of(sentence, hit.passage, at):
                citation = Citation(hit.passage, start, end)
                near = _near(hit.passage, at)
                found[article_id, start] = Report(citation, len(found), near, article_id)
    return sorted(found.values(), key=lambda one: (one.day or date.max, one.order))


def same_occasion(
    one: Report, other: Report, asked: Wanted, besides: frozenset[str] = frozenset(), *, dated: bool = True
) -> bool:
    """Tell whether two reports can speak of the same time, place and persons.

    Of an article and its copy they are one sentence that stands otherwise in the copy.
    The names in `besides` may differ, and so may the time, if not `dated`: that is what is compared.
    """
    return (
        one.article_id != other.article_id
        and (not dated or one.occasion.agrees(other.occasion))
        and not _are_namesakes(one, other, besides)
        and not (_others(one, other, asked, besides) and _others(other, one, asked, besides))
        and one.article.text != other.article.text
        and (_is_edited(one.text, other.text) or not is_copy(one.article, other.article))
    )


def _is_edited(one: str, other: str) -> bool:
    """Tell whether two sentences are one but for a few words."""
    return SequenceMatcher(a=folded(one).split(), b=folded(other).split(), autojunk=False).ratio() >= _COPIED


def _are_namesakes(one: Report, other: Report, besides: frozenset[str]) -> bool:
    """Tell whether two reports name different things by a common word: Kim Jong Un and Kim Yo Jong."""
    words = [{word[:_NAME_LETTERS] for word in folded(each.text).split()} for each in (one, other)]
    for mine in one.subjects:
        for theirs in other.subjects:
            if mine & theirs and not (mine | theirs) & besides:
                lacking = any(word[:_NAME_LETTERS] not in words[1] for word in mine)
                if lacking and any(word[:_NAME_LETTERS] not in words[0] for word in theirs):
                    return True
    return False


def _others(one: Report, other: Report, asked: Wanted, besides: frozenset[str]) -> list[frozenset[str]]:
    """Give the names of a report that the other does not hold, nor, if it names nothing, what is near it."""
    words = set(folded(other.text if other.subjects else f"{other.text} {other.article.title}").split())
    named = not other.subjects
    return [
        name
        for name in one.subjects
        if not name & (words | besides)
        and not (named and name <= asked.known and {term_of(word) for word in name} <= other.near)
    ]


@dataclass(frozen=True, slots=True)
class _Topic:
    """What a question is about: its terms, and those among them that are parts of names."""

    terms: frozenset[str]
    names: frozenset[str]

    @classmethod
    def of(cls, question: str, asked: Wanted) -> _Topic:
        terms = [term_of(word.lower()) for word in asked.words]
        phrases = phrased(question)
        named = [term for term, name in zip(terms, asked.names, strict=True) if name >= 0]
        inside = {term for one in phrases for term in term_set(question[one.start : one.end])}
        own = (frozenset(terms) - inside) | {one.term for one in phrases}
        return cls(own - _NO_TOPIC, frozenset(named) - _NO_TOPIC)

    def is_spoken_of(self, sentence: str, passage: Passage, at: int) -> bool:
        own = term_set(sentence) & self.terms
        if not own:
            return False
        around = own | _near(passage, at)
        if any(name[:_NAME_LETTERS] not in passage.text.lower() for name in self.names - around):
            return False
        return len(around & self.terms) >= _HELD * len(self.terms)


def _states(sentence: str, kind: Kind) -> bool:
    """Tell whether a sentence can give what is asked for; cheap, since every sentence found is asked."""
    counts = kind not in _NUMBERED or has_number(sentence) or (kind == "time" and has_month(sentence))
    return counts and len(sentence.split()) >= _LEAST_WORDS and not sentence.endswith("?")


def _near(passage: Passage, at: int) -> frozenset[str]:
    beside = passage.sentences[max(0, at - 1) : at] + passage.sentences[at + 1 : at + 2]
    texts = [passage.article.text[start:end] for start, end in beside]
    return term_set(passage.article.title).union(*map(term_set, texts))


def is_fresh(one: Report, other: Report, *, is_changed: bool = False) -> bool:
    """Tell whether two reports are of one piece of news; of a change it may be told later."""
    first, last = one.day, other.day
    if first is None or last is None:
        return bool(one.occasion.days & other.occasion.days)
    return (last - first).days <= (_CHANGED_DAYS if is_changed or is_later_word(other.text) else _FRESH_DAYS)


def holds(asked: Wanted, report: Report, share: float) -> bool:
    """Tell whether a sentence itself holds a share of the question's terms."""
    wanted = {term_of(word.lower()) for word in asked.words} - {""}
    return len(wanted & report.terms) >= share * len(wanted)


def names_in(report: Report, asked: Wanted) -> frozenset[str]:
    """Give the words of the names in a sentence, and the question's wherever they stand in it."""
    own = frozenset[str]().union(*report.subjects)
    return own | (named_in(asked) & set(folded(report.text).split()))


def named_in(asked: Wanted) -> frozenset[str]:
    """Give the words of a question's names; days and months are none."""
    words = (folded(word) for word, name in zip(asked.words, asked.names, strict=True) if name >= 0)
    return frozenset(word for word in words if not word.isdigit()) - CALENDAR


def pairs(found: Sequence[Report]) -> Iterable[tuple[Report, Report]]:
    """Give every two reports of different articles, the earlier first."""
    for at, one in enumerate(found):
        for other in found[at + 1 :]:
            if one.article_id != other.article_id:
                yield one, other


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """What one report gives: `text` as written, `key` what it comes to, so that 12 and a dozen are one."""

    report: Report
    text: str
    key: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Two values of one thing that cannot both hold, the earlier report's first.

    `is_running` tells of a count that goes on while the news is young, `is_changed` that the later is new.
    """

    about: str
    one: Value
    other: Value
    is_running: bool = False
    is_changed: bool = False
