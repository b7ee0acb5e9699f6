"""An answer from the articles' own sentences, with no model: which ones answer, and how surely."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.expected import Kind, Wanted, wanted
from assistant.in_time import may_be_of
from assistant.quantities import numbers
from assistant.sentences import Sentence, considered
from assistant.stance import negations
from index.arrays import Floats
from index.embed import Embed
from index.intervals import Interval
from index.search import rarity
from index.types import Hit

# When a sentence answers: docs/benchmarks.md, "Abstaining".
_SURE = 0.85
_CANDIDATES = 12  # the best sentences, looked at closely
_SYNONYM, _SYNONYM_WORTH = 0.62, 0.7  # cosine of two words from which one stands for the other
_AROUND = 0.8  # what a word is worth that stands near the sentence and not in it
_MISSING, _HELD = 0.3, 0.8  # below the one a word counts as not there, from the other on as there
_NO_KIND, _NO_STATEMENT, _NO_NAME, _NO_WORD = 0.35, 0.6, 0.5, 0.3
_OPEN: tuple[Kind, ...] = ("thing", "yes or no")  # kinds that any sentence may hold
_LEAST_COMMON, _NOT_COMMON = 0.2, 0.3  # of the common words, how much a sentence has to hold itself
_LESS_SURE = 0.6  # how much less sure than the surest a further sentence may be

_LONG_STEMS = 10  # from here on no one sentence can hold a question, and passages are judged
_SURE_LONG = 0.66
_LONG_PASSAGES, _LONG_WORDS = 3, 0.5

_LIMIT = 4  # statements of an answer
_BEHIND = 0.55  # how far behind the best a further sentence may be
_SAME = 0.85  # the cosine above which two sentences say the same
_COPY = 0.8  # the share of pairs of words in common above which one is the other's copy, and no second report
# What speaks of a subject: the share of its words, by how rare they are, in a sentence and those beside it,
# alone and together with the cosine. Of 40 events told of six subjects of the sample 9 were of others, now 3.
_ON_SUBJECT, _MEANS_SUBJECT = 0.3, 0.57
_KNOWN_WORDS = 20_000


class Collection(Protocol):
    """What quoting has to know of all articles: `ArticleIndex`, or a few passages by themselves."""

    @property
    def passages(self) -> int:
        """How many passages there are."""

    def frequencies(self, stems: Sequence[str]) -> list[int] | None:
        """Count the passages that hold each stem; None while that is not known."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """The statements that answer a question, best first; none where the articles do not answer it.

    A statement is one sentence, and those of other articles that say the same in other words, best first.
    `confidence` is what the decision was taken on, so that it can be measured: at or above 0 answers.
    """

    statements: tuple[tuple[Sentence, ...], ...]
    confidence: float


class Quoter:
    """Picks the sentences of a collection that answer questions; safe to share between threads."""

    def __init__(self, collection: Collection, embed: Embed) -> None:
        """Take the collection the hits come from, and what turns texts into unit vectors: MiniLM's.

        The weights of this module are for its cosines, whatever the collection is searched with.
        """
        self._collection = collection
        self._embed = embed
        self._word = lru_cache(_KNOWN_WORDS)(lambda word: embed([word])[0])

    def quote(
        self,
        question: str,
        hits: Sequence[Hit],
        newest: date | None = None,
        about: Sequence[Interval] = (),
        limit: int = _LIMIT,
    ) -> Quotation:
        """Pick at most `limit` statements of the hits that answer the question.

        `newest` is the day from which what is recent is judged; what cannot be of the times `about` is left
        out.
        """
        asked = wanted(question)
        frequencies, weights = self._weighed(asked)
        every = considered(question, asked, hits, self._embed, weights, newest)
        sentences = [one for one in every if may_be_of(one.passage, (one.start, one.end), about)]
        if not sentences:
            return Quotation((), -1.0)
        if len(asked.stems) >= _LONG_STEMS:
            confidence = _passages_fit(sentences, weights) - _SURE_LONG
            return Quotation(_statements(sentences, limit) if confidence >= 0 else (), confidence)
        close = sentences[:_CANDIDATES]
        sure = [self._sureness(asked, weights, frequencies == 0, one) for one in close]
        confidence = max(sure) - _SURE
        answering = [one for one, own in zip(close, sure, strict=True) if own >= max(sure) - _LESS_SURE]
        return Quotation(_statements(answering, limit) if confidence >= 0 else (), confidence)

    def considered(self, question: str, hits: Sequence[Hit]) -> list[Sentence]:
        """Score the sentences of the hits as answers to a question, best first."""
        asked = wanted(question)
        _, weights = self._weighed(asked)
        return considered(question, asked, hits, self._embed, weights)

    def on_subject(self, subject: str, hits: Sequence[Hit]) -> list[Sentence]:
        """Score the sentences of the hits that speak of a subject, or stand among such, best first."""
        asked = wanted(subject)
        _, weights = self._weighed(asked)
        found = considered(subject, asked, hits, self._embed, weights)
        return [one for one in found if _speaks_of(asked, weights, one)]

    def _weighed(self, asked: Wanted) -> tuple[NDArray[np.int_], Floats]:
        """Count the passages that hold each wanted stem, and give the stems' shares in the meaning."""
        known = self._collection.frequencies(asked.stems)
        frequencies = np.array(known if known is not None else [1] * len(asked.stems))
        passages = max(self._collection.passages, *frequencies.tolist(), 1)  # the words may lag behind
        rarities = np.array([rarity(int(count), passages) for count in frequencies])
        return frequencies, rarities / (rarities.sum() or 1.0)

    def _sureness(
        self, asked: Wanted, weights: Floats, absent: NDArray[np.bool_], sentence: Sentence
    ) -> float:
        """Tell how surely a sentence answers: its meaning, and what it holds of what is asked.

        `absent` tells which stems stand in no article: what has no name here is not reported here.
        """
        common = np.array(asked.names) < 0
        own = sentence.held.copy()
        for at in np.flatnonzero(common & (own < _SYNONYM_WORTH)):
            if self._has_synonym(asked.words[at], sentence.text):
                own[at] = _SYNONYM_WORTH
        credit = np.maximum(own, _AROUND * sentence.around)
        sure = sentence.meaning + float(credit @ weights)
        if float(own[common] @ weights[common]) < _LEAST_COMMON * float(weights[common].sum()):
            sure -= _NOT_COMMON
        if (absent & common & (credit < _MISSING)).any():
            sure -= _NO_WORD
        if asked.kind not in _OPEN and not sentence.fits_kind:
            sure -= _NO_STATEMENT if asked.kind == "statement" else _NO_KIND
        return sure - _NO_NAME * _missing_names(asked, credit, sentence)

    def _has_synonym(self, word: str, sentence: str) -> bool:
        """Tell whether a word of the sentence means the same; its own vector decides."""
        own = self._word(word.lower())
        others = set(re.findall(r"[^\W\d_]{3,}", sentence.lower()))
        return any(float(self._word(other) @ own) >= _SYNONYM for other in others)


def _speaks_of(asked: Wanted, weights: Floats, sentence: Sentence) -> bool:
    """Tell whether a sentence speaks of a subject; where that is one name, by most of it."""
    share = float(sentence.around @ weights)
    names = np.array(asked.names)
    parts = [names == name for name in set(asked.names) - {-1}]
    if len(parts) == 1 and float(sentence.around[parts[0]] @ weights[parts[0]]) < weights[parts[0]].sum() / 2:
        return False
    return share >= _ON_SUBJECT and share + sentence.meaning >= _MEANS_SUBJECT


def _missing_names(asked: Wanted, credit: Floats, sentence: Sentence) -> int:
    """Count the names of a question that a sentence and its surroundings do not hold.

    A sentence that holds everything else may leave its names to the passage: "the minister", "Pyongyang".
    """
    names = np.array(asked.names)
    common = names < 0
    if common.any() and credit[common].min() >= _HELD:
        credit = sentence.in_passage
    return sum(bool(credit[names == name].max() < _MISSING) for name in set(asked.names) - {-1})


def _passages_fit(sentences: Sequence[Sentence], weights: Floats) -> float:
    """Tell how well the best passages fit a question too long for one sentence to hold."""
    meanings = {id(one.passage): one.passage_meaning for one in sentences}
    meaning = float(np.mean(sorted(meanings.values())[-_LONG_PASSAGES:]))
    return meaning + _LONG_WORDS * max(float(one.in_passage @ weights) for one in sentences)


def _statements(sentences: Sequence[Sentence], limit: int) -> tuple[tuple[Sentence, ...], ...]:
    """Take the best, and those close behind; one that says what another article said goes with it."""
    taken: list[list[Sentence]] = []
    for one in sentences:
        same = next((statement for statement in taken if _says_the_same(one, statement[0])), None)
        if same is not None:
            if _is_further_report(one, same):
                same.append(one)
        elif not taken or (len(taken) < limit and one.score >= taken[0][0].score - _BEHIND):
            taken.append([one])
    return tuple(tuple(statement) for statement in taken)


def _says_the_same(one: Sentence, other: Sentence) -> bool:
    """Tell whether two sentences mean the same and agree on every number and every "not"."""
    if one.text == other.text:
        return True
    alike = float(one.vector @ other.vector) >= _SAME
    return alike and _facts(one.text) == _facts(other.text)


def _facts(text: str) -> tuple[frozenset[float], bool]:
    return frozenset(number.value for number in numbers(text)), bool(negations(text))


def _is_further_report(one: Sentence, statement: Sequence[Sentence]) -> bool:
    """Tell whether a sentence is another article's own wording, and not a copy.

    Copies have their words in the same order: who did it to whom would otherwise be lost.
    """
    pairs = _word_pairs(one.text)
    return all(
        one.passage.article.id != other.passage.article.id
        and len(pairs & (own := _word_pairs(other.text))) < _COPY * min(len(pairs), len(own))
        for other in statement
    )


def _word_pairs(text: str) -> set[tuple[str, str]]:
    words = ["", *re.findall(r"\w+", text.lower()), ""]
    return set(pairwise(words))
