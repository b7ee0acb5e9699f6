"""The sentences of the passages found, each scored by how well it fits a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from assistant.expected import Kind, Wanted
from assistant.quotations import quotations
from assistant.types import Citation
from index.arrays import Floats, Vectors
from index.embed import Embed
from index.search import recency
from index.types import Hit, Passage
from index.words import is_year, stems

Place = tuple[Hit, tuple[int, int]]

# Weights of a sentence, chosen on the development halves: docs/benchmarks.md, "Quoting".
_MEANING, _WORDS, _CONTEXT, _RANK, _PASSAGE, _RECENT = 0.7, 0.3, 0.2, 0.5, 0.6, 0.4
_KIND: dict[Kind, float] = {
    "hour": 0.3,
    "time": 0.3,
    "count": 0.3,
    "money": 0.3,
    "thing": 0.0,
    "yes or no": 0.0,
}
_OTHER_KIND = 0.15
_QUESTION, _SHORT = -0.3, -0.3
_SHORT_WORDS = 4
_LEAST_WORDS, _LEAST_CHARACTERS = 3, 8  # a sentence of the story has one or the other; some scripts no spaces
_SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？", "।", "؟")
_BORDERS = (*_SENTENCE_ENDS, ":", ";", "–", "—", "-")
_HEADING_WORDS = 12
_NEAR = ((-1, 0.7), (-2, 0.6), (-3, 0.5), (1, 0.5))  # what a neighbouring sentence's words are worth
_TITLE = 0.6
_OPENED = re.compile(r"(?:^|(?<=[\s(]))[\"“„«](?=\S)", re.MULTILINE)
_ENDING = 0.8  # what a word is worth that shares all but its ending: Korea, Korean
_ROOT_CHARACTERS, _ENDING_CHARACTERS = 4, 3


@dataclass(frozen=True, slots=True, eq=False)
class Sentence:
    """A sentence considered: where it stands, how well it fits, and what of the question it holds.

    `held` is, for each wanted stem, how far the sentence itself holds it, `around` how far it or its
    surroundings do, `in_passage` how far any sentence of its passage does, all 0 to 1, shape (stems,).
    `meaning` is its cosine with the question, `passage_meaning` its passage's, `vector` its embedding.
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
    in_passage: Floats
    vector: Vectors

    @property
    def text(self) -> str:
        """The sentence's words."""
        return self.passage.article.text[self.start : self.end]

    @property
    def citation(self) -> Citation:
        """The sentence as what a claim rests on."""
        return Citation(self.passage, self.start, self.end)


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
    held = np.array([holding(wanted.stems, stems(text)) for text in texts])
    around = np.maximum(held, _surroundings(wanted.stems, places, held))
    vectors = embed([question, *texts])
    meaning = vectors[1:] @ vectors[0]
    in_passage, passage_meaning = _by_passage(places, held, vectors[1:], vectors[0])
    fits = np.array([_fits(wanted, hit.passage, span) for hit, span in places])
    scores = (
        _MEANING * meaning
        + _WORDS * held @ weights
        + _CONTEXT * around @ weights
        + _PASSAGE * passage_meaning
        + _KIND.get(wanted.kind, _OTHER_KIND) * fits
        + _standing(wanted, places, texts, newest)
    )
    order = np.argsort(-scores, kind="stable")
    return [
        Sentence(
            passage=places[at][0].passage,
            start=places[at][1][0],
            end=places[at][1][1],
            score=float(scores[at]),
            meaning=float(meaning[at]),
            passage_meaning=float(passage_meaning[at]),
            fits_kind=bool(fits[at]),
            held=held[at],
            around=around[at],
            in_passage=in_passage[at],
            vector=vectors[1 + at],
        )
        for at in order
    ]


def _standing(wanted: Wanted, places: Sequence[Place], texts: Sequence[str], newest: date | None) -> Floats:
    """Score what has nothing to do with the words: rank, age, and whether it can be an answer at all."""
    best = max(hit.score for hit, _ in places) or 1.0
    scores = _RANK * np.array([hit.score / best for hit, _ in places])
    scores += _QUESTION * np.array([text.endswith("?") for text in texts])
    scores += _SHORT * np.array([len(text.split()) < _SHORT_WORDS for text in texts])
    if newest is not None and not _asks_of_the_past(wanted.stems, newest):
        scores += _RECENT * np.array([recency(hit.passage, newest) for hit, _ in places])
    return scores


def _asks_of_the_past(stems: Sequence[str], newest: date) -> bool:
    """Tell whether a question names a year, and not the newest one, so that being new counts for nothing."""
    years = [stem for stem in stems if is_year(stem)]
    return bool(years) and str(newest.year) not in years


def _is_body(passage: Passage, span: tuple[int, int]) -> bool:
    """Tell whether a span can answer: a whole sentence; no headline, no word or two, no question."""
    text = passage.article.text[slice(*span)]
    long = len(text.split()) >= _LEAST_WORDS or (not text.isascii() and len(text) >= _LEAST_CHARACTERS)
    asks = text.endswith("?") and "“" not in text and '"' not in text
    headline = text.strip(" .") == passage.article.title.strip(" .")
    return long and not asks and not headline and _is_whole(passage.article.text, *span)


def _is_whole(text: str, start: int, end: int) -> bool:
    r"""Tell a sentence from a part of one that was too long, and from a heading inside the story.

    >>> _is_whole("The lunch that nobody ate\nThey left early.", 0, 25)
    False
    """
    before, after = text[:start].rstrip(" \t"), text[end:].lstrip(" \t")
    ended = text[start:end].rstrip("\"'”’»“)] ").endswith(_SENTENCE_ENDS)
    continues = bool(before) and before[-1] not in "\n" and not before.rstrip("\"'”’»“)] ").endswith(_BORDERS)
    is_cut = not ended and bool(after) and not after.startswith("\n")
    alone = before[-1:] in ("", "\n") and not re.search(r"[:;,]", text[start:end])
    is_heading = not ended and alone and len(text[start:end].split()) <= _HEADING_WORDS
    return not continues and not is_cut and not is_heading


def _fits(asked: Wanted, passage: Passage, span: tuple[int, int]) -> bool:
    """Tell whether a sentence holds what is asked for; words inside a quotation are a statement."""
    text = passage.article.text
    return asked.holds(text[slice(*span)]) or (asked.kind == "statement" and is_spoken(text, span[0]))


def is_spoken(text: str, start: int) -> bool:
    """Tell whether a place lies inside a quotation that an earlier sentence of its paragraph opened."""
    found = quotations(text)
    if any(one.start < start < one.end for one in found):
        return True
    line = text.rfind("\n", 0, start) + 1
    opened = (match.start() for match in _OPENED.finditer(text, line, start))
    return any(not any(one.start - 1 <= sign <= one.end for one in found) for sign in opened)


def holding(asked: Sequence[str], words: Sequence[str]) -> list[float]:
    """Tell how far some words hold each of the stems asked for, 0 to 1; another ending is nearly the same."""
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
    if len(short) < _ROOT_CHARACTERS or len(long) - len(short) > _ENDING_CHARACTERS or not short.isalpha():
        return 0.0
    return _ENDING if long.startswith(short) else 0.0


def _surroundings(asked: Sequence[str], places: Sequence[Place], held: Floats) -> Floats:
    """Tell what neighbours, headline and year of publication hold of the question, for what it is worth."""
    around = np.zeros_like(held)
    for at, (hit, _) in enumerate(places):
        article = hit.passage.article
        year = [str(article.published_day.year)] if article.published_day else []
        around[at] = _TITLE * np.array(holding(asked, [*stems(article.title), *year]))
        for step, worth in _NEAR:
            if 0 <= at + step < len(places) and places[at + step][0] is hit:
                around[at] = np.maximum(around[at], worth * held[at + step])
    return around


def _by_passage(
    places: Sequence[Place], held: Floats, vectors: Vectors, asked: Vectors
) -> tuple[Floats, Floats]:
    """Tell for each sentence what its passage holds of the question, and the cosine of the two."""
    in_passage, meanings = np.zeros_like(held), np.zeros(len(places))
    passages = [id(hit.passage) for hit, _ in places]
    for passage in set(passages):
        own = [at for at, one in enumerate(passages) if one == passage]
        mean = vectors[own].mean(0)
        in_passage[own] = held[own].max(0)
        meanings[own] = float(mean @ asked) / float(np.linalg.norm(mean) or 1.0)
    return in_passage, meanings
