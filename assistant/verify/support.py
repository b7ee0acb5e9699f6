"""How far sentences support a claim: what they share, weighed by trees learned on checked answers."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from assistant.facts import days, folded, names, without_days
from assistant.quantities import Number, numbers
from assistant.stance import is_hedged, is_turned, negations
from assistant.verify.overlap import fragments_of, grams, rarities, share, subsequence_of, tokens_of
from assistant.verify.standing import is_known, known_words
from index.arrays import Floats, Vectors
from index.embed import Embed
from index.words import stems

TREES = Path(__file__).with_name("support.json")

_BEST, _FEW, _SEVERAL = 2, 3, 5  # sentences nearest to a claim that it is compared with by itself
_ORDER_POWER = 4  # order of words counts where the words are there: coverage to this power
_META = re.compile(
    r"\b(?:passages?|provided|articles?|text|sources?|unable|based on|overall|summary)\b", re.I
)
_SHORT_STEMS = 4

# What the trees look at, in their order. "best" are the two sentences nearest to the claim, "few" the three
# and "several" the five.
FEATURES = (
    "log_missing_rarity",
    "missing_rarity_a_word",
    "rarity_held",
    "rarest_missing",
    "log_length",
    "short",
    "about_the_passages",
    "words_in_two_neighbours",
    "pairs_not_in_best_in_order",
    "fragments_in_order",
    "subsequence_gap_in_order",
    "triples_missing_in_order",
    "words_not_in_one_in_order",
    "meaning_times_words_in_order",
    "meaning",
    "pairs_held",
    "pairs_in_best",
    "subsequence",
    "fragments",
    "number_not_in_best",
    "numbers_missing",
    "hedge_dropped",
    "negation_differs",
    "names_not_in_best",
    "turned_in_best",
    "numbers_not_in_several",
    "names_not_in_few",
    "dates_not_in_several",
)


class Evidence:
    """Sentences that claims are held against, in the order of their text, analysed once."""

    def __init__(self, sentences: Sequence[str], embed: Embed) -> None:
        """Take the sentences; `embed` turns texts into unit vectors."""
        self.sentences = list(sentences)
        self._embed = embed
        self.stems = [stems(sentence) for sentence in self.sentences]

    def part(self, places: Iterable[int]) -> Evidence:
        """Give some of the sentences as evidence by themselves, without analysing them again."""
        chosen = [*places]
        part = Evidence.__new__(Evidence)
        part.sentences = [self.sentences[at] for at in chosen]
        part._embed = self._embed
        part.stems = [self.stems[at] for at in chosen]
        part.__dict__["vectors"] = self.vectors[chosen]
        return part

    @cached_property
    def vectors(self) -> Vectors:
        """The sentences' embeddings, shape (sentences, dimension); the slow part, made when first needed."""
        return self._embed(self.sentences)

    @cached_property
    def _held(self) -> list[set[str]]:
        return [set(words) for words in self.stems]

    @cached_property
    def _neighbours(self) -> list[tuple[set[str], set[str]]]:
        return [*pairwise(self._held)] or [(held, held) for held in self._held]

    @cached_property
    def _tokens(self) -> list[list[str]]:
        return [tokens_of(sentence) for sentence in self.sentences]

    @cached_property
    def _numbers(self) -> list[tuple[Number, ...]]:
        return [numbers(sentence) for sentence in self.sentences]

    @cached_property
    def _folded(self) -> list[set[str]]:
        return [set(folded(sentence).split()) for sentence in self.sentences]

    def doubt(self, claim: str, vector: Vectors) -> float:
        """Tell how likely the sentences do not support a claim with this embedding, 0 to 1; 1 without any.

        Features after extractive fragments (Grusky 2018) and lexical coverage; boosted trees of depth 2,
        fitted by `benchmarks/train_support.py` on RAGTruth and QAGS.
        """
        return float(weighed(np.array([self.compared(claim, vector)]))[0]) if self.sentences else 1.0

    def held(self, claim: str) -> float:
        """Tell how much of a claim's words, weighed by how rare they are, the sentences hold, 0 to 1."""
        asked = rarities(claim)
        there = asked.keys() & set().union(*self._held)
        return sum(asked[stem] for stem in there) / (sum(asked.values()) or 1.0)

    def nearest(self, claim: str, vector: Vectors) -> list[int]:
        """Order the sentences by how much of the claim they hold, in words and in meaning, most first."""
        asked = rarities(claim)
        total = sum(asked.values()) or 1.0
        held = [sum(asked[one] for one in asked.keys() & words) / total for words in self._held]
        return [int(at) for at in np.argsort(-(np.array(held) + self.vectors @ vector), kind="stable")]

    def compared(self, claim: str, vector: Vectors) -> list[float]:
        """Compare a claim with the sentences: what FEATURES names."""
        asked = rarities(claim)
        missing = {stem: asked[stem] for stem in asked.keys() - set().union(*self._held)}
        held = 1 - sum(missing.values()) / (sum(asked.values()) or 1.0)
        order = self.nearest(claim, vector)
        return [
            math.log1p(sum(missing.values())),
            sum(missing.values()) / (1 + len(asked)),
            held,
            max(missing.values(), default=0.0),
            math.log1p(len(asked)),
            float(len(asked) < _SHORT_STEMS),
            float(bool(_META.search(claim))),
            max(_held(asked, one | other) for one, other in self._neighbours),
            *self._order_compared(claim, vector, order[:_BEST], held**_ORDER_POWER),
            *self._facts_compared(claim, vector, order),
        ]

    def _order_compared(
        self, claim: str, vector: Vectors, best: Sequence[int], in_order: float
    ) -> list[float]:
        """Compare meaning and the order of words, which counts where the words are there."""
        asked, words, tokens = rarities(claim), stems(claim), tokens_of(claim)
        pairs, triples = grams(words, 2), grams(words, 3)
        pairs_best = share(pairs, set().union(*(grams(self.stems[at], 2) for at in best)))
        triples_held = share(triples, set().union(*(grams(one, 3) for one in self.stems)))
        total = sum(asked.values()) or 1.0
        in_one = max(sum(asked[stem] for stem in asked.keys() & held) for held in self._held) / total
        subsequence = max(subsequence_of(tokens, self._tokens[at]) for at in best) / max(len(tokens), 1)
        fragments = fragments_of(tokens, self._tokens) / max(len(tokens), 1)
        meaning = float((self.vectors @ vector).max())
        return [
            (1 - pairs_best) * in_order,
            fragments * in_order,
            (1 - subsequence) * in_order,
            (1 - triples_held) * in_order,
            (1 - in_one) * in_order,
            meaning * in_one * in_order,
            meaning,
            share(pairs, set().union(*(grams(one, 2) for one in self.stems))),
            pairs_best,
            subsequence,
            fragments,
        ]

    def _facts_compared(self, claim: str, vector: Vectors, order: Sequence[int]) -> list[float]:
        """Count the numbers, names and dates that the nearest sentences do not have, and what they deny."""
        given, undated = numbers(claim), without_days(claim)
        nearest = self.sentences[int(np.argmax(self.vectors @ vector))]
        best, few, several = (
            order[:_BEST],
            order[:_FEW],
            " ".join(self.sentences[at] for at in order[:_SEVERAL]),
        )
        in_best = set().union(*(self._folded[at] for at in best))
        in_few = known_words(" ".join(self.sentences[at] for at in few))
        there = numbers(several)
        return [
            float(any(not _agrees(number, [self._numbers[at] for at in best]) for number in given)),
            float(sum(not _agrees(number, self._numbers) for number in given)),
            float(is_hedged(nearest) and not is_hedged(claim)),
            float(bool(negations(claim)) != bool(negations(nearest))),
            float(sum(not set(name) <= in_best for name in names(claim))),
            float(any(is_turned(claim, self.sentences[at]) for at in best)),
            float(sum(not number.stands(there) for number in numbers(undated))),
            float(sum(not is_known(name, in_few) for name in names(undated))),
            float(sum(not any(day.agrees(other) for other in days(several)) for day in days(claim))),
        ]


def _held(asked: dict[str, float], words: set[str]) -> float:
    return len(asked.keys() & words) / len(asked) if asked else 1.0


def _agrees(number: Number, sentences: Iterable[Sequence[Number]]) -> bool:
    return any(number.agrees(other) for one in sentences for other in one)


def weighed(features: Floats) -> Floats:
    """Run features, shape (claims, FEATURES), through the trees: doubts of shape (claims,), 0 to 1."""
    bias, places, thresholds, leaves = _trees()
    values = features.astype(np.float32)  # as they were fitted
    rows = np.arange(len(values))[:, None]
    trees = np.arange(len(places))
    right = (values[:, places[:, 0]] > thresholds[:, 0]).astype(int)
    further = values[rows, places[trees, 1 + right]] > thresholds[trees, 1 + right]
    logits = bias + leaves[trees, 2 * right + further].sum(1)
    return np.asarray(1 / (1 + np.exp(-logits)))


@lru_cache(maxsize=1)
def _trees() -> tuple[float, np.ndarray, np.ndarray, np.ndarray]:
    """Load the trees: features and thresholds (trees, 3), leaves (trees, 4)."""
    stored = json.loads(TREES.read_text(encoding="utf-8"))
    if tuple(stored["features"]) != FEATURES:
        raise ValueError(f"{TREES} was fitted to other features; run benchmarks/train_support.py")
    trees = stored["trees"]
    return (
        float(stored["bias"]),
        np.array([tree["features"] for tree in trees]),
        np.array([tree["thresholds"] for tree in trees]),
        np.array([tree["leaves"] for tree in trees]),
    )
