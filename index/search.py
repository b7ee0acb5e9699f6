"""Ranking: candidates from words and from meaning in, the best passages first out. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.arrays import Floats
from index.intervals import Interval
from index.times import TimeExpression, times
from index.types import Hit, Passage
from index.words import Analysed, Codes, codes, question_stems

# Every weight below was chosen on the development halves: docs/benchmarks.md, "Ranking".
_PASSAGE, _CLAUSE, _SENTENCE, _PHRASE, _ARTICLE, _MEANING = 0.25, 2.0, 1.0, 0.15, 1.0, 1.5
_RECENT, _RECENT_DAYS = 1.0, 30.0
_UNDATED = 0.5  # an undated article may be of any day
_ABOUT, _PUBLISHED_THEN = 1.0, 0.5
_DATED_CANDIDATES, _PRECISE_DAYS = 60, 366  # reading the times of a passage takes a third of a millisecond
_SPREAD = 0.85  # what each further passage of an article is worth of the last
_K1, _B = 0.9, 0.4  # BM25, Robertson et al. 1994; short saturation suits news passages
_CLAUSE_WORDS = 4
_SENTENCE_WORDS = 12.0

_CLAUSES = re.compile(
    r", while |,? whereas |, and |;|, but |, which | compared to | after | before | while |, as |"
    r", according |\band (?:is|was|has|are|were|did|does)\b|, ",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Query:
    """A question's stems in order, and the distinct ones with their codes, rarities and clauses.

    `rarity` is the inverse document frequency of each distinct stem, shape (stems,); `clauses` tells which
    stems each clause holds, shape (clauses, stems).
    """

    stems: tuple[str, ...]
    codes: Codes
    rarity: Floats
    clauses: NDArray[np.bool_]
    phrases: frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage considered, with its words, its headline's words and its cosine with the question."""

    passage: Passage
    words: Analysed
    title: Codes
    cosine: float


def rarity(document_frequency: int, documents: int) -> float:
    """Inverse document frequency as BM25 has it (Robertson & Spärck Jones 1976), never negative.

    >>> round(rarity(1, 1000), 2), round(rarity(1000, 1000), 4)
    (6.5, 0.0005)
    """
    return float(np.log(1 + (documents - document_frequency + 0.5) / (document_frequency + 0.5)))


def distinct(question: str) -> tuple[str, ...]:
    """Give the distinct stems of a question in the order they come."""
    return tuple(dict.fromkeys(question_stems(question)))


def query(question: str, rarities: Sequence[float]) -> Query:
    """Prepare a question; `rarities` belong to its `distinct` stems, in that order."""
    stems = distinct(question)
    place = {stem: at for at, stem in enumerate(stems)}
    held = [set(question_stems(clause)) & set(stems) for clause in _CLAUSES.split(question)]
    long = [clause for clause in held if len(clause) >= _CLAUSE_WORDS]
    clauses = np.array([[stem in clause for stem in stems] for clause in long], bool)
    in_order = [place[stem] for stem in question_stems(question)]
    pairs = frozenset((a, b) for a, b in pairwise(in_order) if a != b)
    return Query(
        stems, codes(stems), np.array(rarities, float), clauses.reshape(len(long), len(stems)), pairs
    )


def rank(
    asked: Query,
    candidates: Sequence[Candidate],
    limit: int,
    newest: date | None = None,
    unrelated: float | None = None,
    about: Sequence[Interval] = (),
) -> list[Hit]:
    """Order candidates, best first, at most `limit` of them, each once.

    `unrelated` is the cosine below which two texts have nothing to do with each other; where it is not known,
    the lowest one among the candidates stands for it. The best candidates are lifted that speak of a time in
    `about`, or were published then.
    `newest` is the day a question is asked on or the newest article's, whichever is earlier, where it is
    asked on a day: articles near it are lifted. Scores fall from one hit to the next and compare within one
    call only.
    """
    if not candidates or limit < 1:
        return []
    scores = _scores(asked, candidates, unrelated)
    if newest is not None:
        scores += _RECENT * np.array([recency(one.passage, newest) for one in candidates])
    if about:
        best = np.argsort(-scores, kind="stable")[:_DATED_CANDIDATES]
        scores[best] += _ABOUT * np.array([_is_about(candidates[at].passage, about) for at in best])
    return _spread(scores, candidates, limit)


def _scores(asked: Query, candidates: Sequence[Candidate], unrelated: float | None) -> Floats:
    """Add up how well each candidate fits, shape (candidates,)."""
    found = _Occurrences.of(asked, candidates)
    weights = found.passage_weights(asked)
    total = weights.sum(1)
    articles = [one.passage.article.id for one in candidates]
    scores = _PASSAGE * _scaled(total)
    if len(asked.clauses) > 1:
        scores += _CLAUSE * _scaled((weights @ asked.clauses.T).max(1))
    scores += _SENTENCE * _scaled(found.best_sentence(asked))
    scores += _PHRASE * _scaled(found.phrases(asked))
    scores += _ARTICLE * _scaled(_article_coverage(weights, articles))
    cosines = np.array([one.cosine for one in candidates])
    scores += _MEANING * _scaled(cosines - (cosines.min() if unrelated is None else unrelated))
    return scores


@dataclass(frozen=True, slots=True)
class _Occurrences:
    """Where the question's stems stand: for each occurrence its passage, its sentence and its stem."""

    passage: NDArray[np.intp]
    sentence: NDArray[np.intp]
    stem: NDArray[np.intp]
    place: NDArray[np.intp]  # the position of the word among all words
    counts: Floats  # (passages, stems), headline counted in
    lengths: Floats  # (passages,) words, headline counted in
    sentence_lengths: Floats  # (sentences,)
    sentence_passage: NDArray[np.intp]

    @classmethod
    def of(cls, asked: Query, candidates: Sequence[Candidate]) -> _Occurrences:
        """Look the stems up in all candidates at once."""
        lengths = np.array([len(one.words.codes) for one in candidates])
        sentences = np.array([len(one.passage.sentences) for one in candidates])
        all_codes = np.concatenate([one.words.codes for one in candidates])
        passage = np.repeat(np.arange(len(candidates)), lengths)
        first = np.repeat(np.cumsum(sentences) - sentences, lengths)
        sentence = first + np.concatenate([one.words.sentence for one in candidates])
        place, stem = _found(all_codes, asked.codes)
        counts = np.zeros((len(candidates), len(asked.stems)))
        np.add.at(counts, (passage[place], stem), 1)
        titles = np.array([len(one.title) for one in candidates])
        in_title, title_stem = _found(np.concatenate([one.title for one in candidates]), asked.codes)
        np.add.at(counts, (np.repeat(np.arange(len(candidates)), titles)[in_title], title_stem), 1)
        return cls(
            passage[place],
            sentence[place],
            stem,
            place,
            counts,
            (lengths + titles).astype(float),
            np.bincount(sentence, minlength=int(sentences.sum())).astype(float),
            np.repeat(np.arange(len(candidates)), sentences),
        )

    def passage_weights(self, asked: Query) -> Floats:
        """BM25 of each stem in each passage and its headline, shape (passages, stems)."""
        return _bm25(self.counts, self.lengths, float(self.lengths.mean()) or 1.0, asked.rarity)

    def best_sentence(self, asked: Query) -> Floats:
        """BM25 of the best sentence of each passage, shape (passages,)."""
        counts = np.zeros((len(self.sentence_lengths), len(asked.stems)))
        np.add.at(counts, (self.sentence, self.stem), 1)
        scores = _bm25(counts, self.sentence_lengths, _SENTENCE_WORDS, asked.rarity).sum(1)
        best = np.zeros(len(self.lengths))
        np.maximum.at(best, self.sentence_passage, scores)
        return best

    def phrases(self, asked: Query) -> Floats:
        """Rarity of the question's neighbouring stems that stand side by side, shape (passages,)."""
        beside = np.flatnonzero((np.diff(self.place) == 1) & (np.diff(self.sentence) == 0))
        pairs = {(self.passage[at], self.stem[at], self.stem[at + 1]) for at in beside}
        scores = np.zeros(len(self.lengths))
        for passage, one, other in pairs:
            if (one, other) in asked.phrases:
                scores[passage] += min(asked.rarity[one], asked.rarity[other])
        return scores


def _found(words: Codes, wanted: Codes) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Give the places of the wanted codes among the words, and which one stands at each."""
    if not len(wanted):
        return np.zeros(0, np.intp), np.zeros(0, np.intp)
    order = np.argsort(wanted)
    at = order[np.searchsorted(wanted, words, sorter=order) % len(wanted)]
    places = np.flatnonzero(wanted[at] == words)
    return places, at[places]


def _bm25(counts: Floats, lengths: Floats, mean: float, weights: Floats) -> Floats:
    norm = _K1 * (1 - _B + _B * lengths / mean)
    bm25: Floats = weights * counts * (_K1 + 1) / (counts + norm[:, None])
    return bm25


def _article_coverage(weights: Floats, articles: Sequence[str]) -> Floats:
    """Tell what the candidates of an article hold of the question between them, for each candidate."""
    _, article = np.unique(np.array(articles), return_inverse=True)
    best = np.zeros((int(article.max()) + 1, weights.shape[1]))
    np.maximum.at(best, article, weights)
    covered: Floats = best.sum(1)[article]
    return covered


def _scaled(values: Floats) -> Floats:
    """Scale so that the best is 1; what is below 0 counts as 0."""
    clipped = np.clip(values, 0, None)
    scaled: Floats = clipped / (clipped.max() or 1.0)
    return scaled


def recency(passage: Passage, newest: date) -> float:
    """Tell how near a passage's publication is to a day: 1 on the day, 0 far away, 0.5 where undated."""
    day = passage.article.published_day
    return _UNDATED if day is None else float(np.exp(-abs((newest - day).days) / _RECENT_DAYS))


def _is_about(passage: Passage, about: Sequence[Interval]) -> float:
    """Tell whether a passage speaks of one of some times, 1, or was only published in one, a half."""
    day = passage.article.published_day
    spoken = [one.interval for one in _times(passage.text, day)]
    if any(wanted.overlaps(one) for wanted in about for one in spoken if one.days <= _PRECISE_DAYS):
        return 1.0
    return _PUBLISHED_THEN if day and any(day in wanted for wanted in about) else 0.0


@lru_cache(maxsize=5_000)
def _times(text: str, published: date | None) -> tuple[TimeExpression, ...]:
    return tuple(times(text, published))


def _spread(scores: Floats, candidates: Sequence[Candidate], limit: int) -> list[Hit]:
    """Pick one by one, each further passage of an article counting for less than the one before."""
    waiting = [int(at) for at in np.argsort(-scores, kind="stable")[: limit * 6]]
    ids = {at: candidates[at].passage.article.id for at in waiting}  # each is a hash
    taken: dict[str, int] = {}
    hits: list[Hit] = []

    def worth(at: int) -> float:
        return float(scores[at]) * _SPREAD ** taken.get(ids[at], 0)

    while waiting and len(hits) < limit:
        best = max(waiting, key=worth)
        hits.append(Hit(candidates[best].passage, worth(best)))
        waiting.remove(best)
        taken[ids[best]] = taken.get(ids[best], 0) + 1
    return hits
