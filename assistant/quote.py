"""An answer from the articles' own sentences, with no model: which ones answer, and how surely."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from assistant.expected import Kind, Wanted, wanted
from index.search import names_a_year, recency
from index.types import Hit, Passage
from index.words import stems

Floats = NDArray[np.float64]
Vectors = NDArray[np.float32]
Embed = Callable[[Sequence[str]], Vectors]
Rarities = Callable[[Sequence[str]], Sequence[float]]

# Weights of a sentence, chosen on the development halves: docs/benchmarks.md, "Quoting".
_MEANING, _WORDS, _CONTEXT, _RANK, _PASSAGE, _RECENT = 0.7, 0.3, 0.2, 0.5, 0.6, 0.4
_KIND: dict[Kind, float] = {"time": 0.3, "count": 0.3, "money": 0.3, "thing": 0.0, "yes or no": 0.0}
_OTHER_KIND = 0.15
_QUESTION, _SHORT = -0.3, -0.3
_SHORT_WORDS = 4
_NEAR = ((-1, 0.7), (-2, 0.6), (-3, 0.5), (1, 0.5))  # what a neighbouring sentence's words are worth
_TITLE = 0.6
_ENDING = 0.8  # a word that shares all but its ending: Korea, Korean
_OPEN: tuple[Kind, ...] = ("thing", "yes or no")  # kinds that any sentence may hold

# When a sentence answers: docs/benchmarks.md, "Abstaining".
_SURE = 0.85
_CANDIDATES = 12  # the best sentences, looked at closely
_SYNONYM, _SYNONYM_WORTH = 0.62, 0.7  # cosine of two words from which one stands for the other
_AROUND = 0.8  # what a word is worth that stands near the sentence and not in it
_NO_KIND, _NO_STATEMENT, _NO_NAME, _NO_WORD = 0.35, 0.6, 0.4, 0.3
_NOWHERE = "\0"  # a stem that stands in no article
_LONG_STEMS = 10  # from here on no one sentence can hold a question, and passages are judged
_SURE_LONG = 0.66
_LESS_SURE = 0.6  # how much less sure than the surest a further sentence may be

_LIMIT = 4  # sentences of an answer
_BEHIND = 0.6  # how far behind the best a further sentence may be
_SAME = 0.85  # the cosine above which two sentences say the same


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence considered: where it stands, how well it fits, and what of the question it holds.

    `held` is, for each wanted stem, how far the sentence itself holds it, and `around` how far it or its
    surroundings do, both 0 to 1, shape (stems,). `meaning` is its cosine with the question, `passage_meaning`
    its passage's, `vector` its embedding.
    """

    passage: Passage
    start: int
    end: int
    score: float
    meaning: float
    passage_meaning: float
    fits_kind: bool
    held: Floats
    around: Floats
    vector: Vectors

    @property
    def text(self) -> str:
        """The sentence's words."""
        return self.passage.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Quotation:
    """The sentences that answer a question, best first; none where the articles do not answer it.

    `confidence` is what the decision was taken on, so that it can be measured: at or above 0 answers.
    """

    sentences: tuple[Sentence, ...]
    confidence: float


class Quoter:
    """Picks the sentences that answer questions; keeps the vectors of single words it has met."""

    def __init__(self, embed: Embed, rarities: Rarities) -> None:
        """Take what turns texts into unit vectors, and what tells how rare stems are in the collection."""
        self._embed = embed
        self._rarities = rarities
        self._words: dict[str, Vectors] = {}

    def quote(
        self, question: str, hits: Sequence[Hit], newest: date | None = None, limit: int = _LIMIT
    ) -> Quotation:
        """Pick at most `limit` sentences of the hits that answer the question, none that say the same.

        `newest` is the day from which what is recent is judged.
        """
        asked = wanted(question)
        rarities = np.array(self._rarities([*asked.stems, _NOWHERE]), float)
        absent = rarities[:-1] >= rarities[-1]
        weights = rarities[:-1] / (rarities[:-1].sum() or 1.0)
        sentences = considered(question, asked, hits, self._embed, weights, newest)
        if not sentences:
            return Quotation((), -1.0)
        if len(asked.stems) >= _LONG_STEMS:
            confidence = _passages_fit(sentences, weights) - _SURE_LONG
            return Quotation(_distinct(sentences, limit) if confidence >= 0 else (), confidence)
        sure = {id(one): self._sureness(asked, weights, absent, one) for one in sentences[:_CANDIDATES]}
        confidence = max(sure.values()) - _SURE
        least = max(sure.values()) - _LESS_SURE
        answering = [one for one in sentences[:_CANDIDATES] if sure[id(one)] >= least]
        return Quotation(_distinct(answering, limit) if confidence >= 0 else (), confidence)

    def _sureness(
        self, asked: Wanted, weights: Floats, absent: NDArray[np.bool_], sentence: Sentence
    ) -> float:
        """Tell how surely a sentence answers: its meaning, and what it holds of what is asked.

        `absent` tells which stems stand in no article: what has no name here is not reported here.
        """
        credit = np.maximum(sentence.held, _AROUND * sentence.around)
        for at, name in enumerate(asked.names):
            if name < 0 and credit[at] < _SYNONYM_WORTH and self._synonym(asked.words[at], sentence.text):
                credit[at] = _SYNONYM_WORTH
        sure = sentence.meaning + float(credit @ weights)
        if (absent & (np.array(asked.names) < 0) & (credit < 0.3)).any():
            sure -= _NO_WORD
        if asked.kind not in _OPEN and not sentence.fits_kind:
            sure -= _NO_STATEMENT if asked.kind == "statement" else _NO_KIND
        for name in {name for name in asked.names if name >= 0}:
            if max(credit[at] for at, own in enumerate(asked.names) if own == name) < 0.3:
                sure -= _NO_NAME
        return sure

    def _synonym(self, word: str, sentence: str) -> bool:
        words = list(dict.fromkeys([word.lower(), *re.findall(r"[^\W\d_]{3,}", sentence.lower())]))
        new = [one for one in words if one not in self._words]
        if new:
            self._words.update(zip(new, self._embed(new), strict=True))
        own, *others = (self._words[one] for one in words)
        return bool(others) and float(np.max(np.array(others) @ own)) >= _SYNONYM


def considered(
    question: str,
    wanted: Wanted,
    hits: Sequence[Hit],
    embed: Embed,
    weights: Floats,
    newest: date | None = None,
) -> list[Sentence]:
    """Score the sentences of the hits as answers to a question, best first.

    `weights` are the shares of the wanted stems in the question's meaning, adding up to 1. `newest` is the
    day from which what is recent is judged.
    """
    places = [(hit, span) for hit in hits for span in hit.passage.sentences if _is_body(hit.passage, span)]
    if not places:
        return []
    texts = [hit.passage.article.text[slice(*span)] for hit, span in places]
    held = np.array([_holding(wanted.stems, stems(text)) for text in texts])
    around = np.maximum(held, _surroundings(wanted.stems, places, held))
    vectors = embed([question, *texts])
    meaning = vectors[1:] @ vectors[0]
    fits = np.array([_fits(wanted, hit.passage, span) for hit, span in places])
    passage = _passage_meaning([hit.passage for hit, _ in places], vectors[1:], vectors[0])
    best = max(hit.score for hit in hits) or 1.0
    scores = (
        _MEANING * meaning
        + _WORDS * held @ weights
        + _CONTEXT * around @ weights
        + _RANK * np.array([hit.score / best for hit, _ in places])
        + _PASSAGE * passage
        + _KIND.get(wanted.kind, _OTHER_KIND) * fits
        + _QUESTION * np.array([text.endswith("?") for text in texts])
        + _SHORT * np.array([len(text.split()) < _SHORT_WORDS for text in texts])
    )
    if newest is not None and not names_a_year(wanted.stems):
        scores += _RECENT * np.array([recency(hit.passage, newest) for hit, _ in places])
    sentences = [
        Sentence(
            hit.passage, *span, float(scores[at]), float(meaning[at]), float(passage[at]), bool(fits[at]),
            held[at], around[at], vectors[1 + at],
        )
        for at, (hit, span) in enumerate(places)
    ]  # fmt: skip
    return sorted(sentences, key=lambda sentence: -sentence.score)


def _passages_fit(sentences: Sequence[Sentence], weights: Floats) -> float:
    """Tell how well the best passages fit a question too long for one sentence to hold."""
    passages = {id(one.passage): one.passage_meaning for one in sentences}
    held = {
        place: np.max([one.held for one in sentences if id(one.passage) == place], axis=0)
        for place in passages
    }
    meaning = float(np.mean(sorted(passages.values())[-3:]))
    return meaning + 0.5 * max(float(words @ weights) for words in held.values())


def _distinct(sentences: Sequence[Sentence], limit: int) -> tuple[Sentence, ...]:
    """Take the best, and those close behind that say something else."""
    taken: list[Sentence] = []
    for one in sentences:
        if len(taken) == limit or (taken and one.score < taken[0].score - _BEHIND):
            break
        if all(float(one.vector @ other.vector) < _SAME and one.text != other.text for other in taken):
            taken.append(one)
    return tuple(taken)


def _is_body(passage: Passage, span: tuple[int, int]) -> bool:
    """Tell whether a span is a sentence of the story: not the headline again, not a word or two."""
    text = passage.article.text[slice(*span)]
    return len(text.split()) > 2 and text.strip(" .") != passage.article.title.strip(" .")


def _fits(asked: Wanted, passage: Passage, span: tuple[int, int]) -> bool:
    """Tell whether a sentence holds what is asked for; words inside a quotation are a statement."""
    text = passage.article.text
    if asked.holds(text[slice(*span)]):
        return True
    before = text[text.rfind("\n", 0, span[0]) + 1 : span[0]]
    return asked.kind == "statement" and (before.count("“") > before.count("”") or before.count('"') % 2 == 1)


def _holding(asked: Sequence[str], words: Sequence[str]) -> list[float]:
    there = set(words)
    return [
        1.0 if stem in there else max((_likeness(stem, word) for word in there), default=0.0)
        for stem in asked
    ]


def _likeness(one: str, other: str) -> float:
    """Tell whether two stems differ in an ending only.

    >>> _likeness("korea", "korean"), _likeness("talk", "letter")
    (0.8, 0.0)
    """
    short, long = sorted((one, other), key=len)
    alike = len(short) >= 4 and long.startswith(short) and len(long) - len(short) <= 3 and short.isalpha()
    return _ENDING if alike else 0.0


def _surroundings(
    asked: Sequence[str], places: Sequence[tuple[Hit, tuple[int, int]]], held: Floats
) -> Floats:
    """Tell what neighbouring sentences and the headline hold of the question, for what they are worth."""
    around = np.zeros_like(held)
    for at, (hit, _) in enumerate(places):
        around[at] = _TITLE * np.array(_holding(asked, stems(hit.passage.article.title)))
        for step, worth in _NEAR:
            if 0 <= at + step < len(places) and places[at + step][0] is hit:
                around[at] = np.maximum(around[at], worth * held[at + step])
    return around


def _passage_meaning(
    passages: Sequence[Passage], vectors: NDArray[np.float32], asked: NDArray[np.float32]
) -> Floats:
    """Compare the question with the mean of each sentence's passage, shape (sentences,)."""
    means: dict[int, float] = {}
    for passage in {id(one): one for one in passages}.values():
        mean = vectors[[at for at, one in enumerate(passages) if one is passage]].mean(0)
        means[id(passage)] = float(mean @ asked / (np.linalg.norm(mean) or 1.0))
    return np.array([means[id(one)] for one in passages])
