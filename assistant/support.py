"""How far sentences support a claim: what they share, weighed by trees learned on checked answers."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from assistant.facts import folded, names
from assistant.quantities import Number, numbers
from assistant.stance import is_hedged, negations
from index.arrays import Floats, Vectors
from index.embed import vocabulary_places
from index.words import stems

TREES = Path(__file__).with_name("support.json")
Embed = Callable[[Sequence[str]], Vectors]
Gram = tuple[str, ...]

_BEST = 2  # sentences that a claim is compared with word by word
_ORDER_POWER = 4  # order of words counts where the words are there: coverage to this power
_META = re.compile(
    r"\b(?:passages?|provided|articles?|text|sources?|unable|based on|overall|summary)\b", re.I
)
_SHORT_STEMS = 4
_COMMON_PLACES = 1000.0  # of the vocabulary, before words begin to tell
_PIECE = 0.7  # what each further piece of a word that is not in the vocabulary adds

# What the trees look at, in their order. "best" are the two sentences nearest to the claim.
FEATURES = (
    "log_missing_rarity",
    "missing_rarity_a_word",
    "pairs_not_in_best_in_order",
    "fragments_in_order",
    "subsequence_gap_in_order",
    "triples_missing_in_order",
    "words_not_in_one_in_order",
    "meaning_times_words_in_order",
    "number_not_in_best",
    "numbers_missing",
    "meaning",
    "pairs_held",
    "rarity_held",
    "rarest_missing",
    "log_length",
    "pairs_in_best",
    "subsequence",
    "fragments",
    "hedge_dropped",
    "negation_differs",
    "names_not_in_best",
    "short",
    "about_the_passages",
    "words_in_two_neighbours",
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
    def _tokens(self) -> list[list[str]]:
        return [_tokens(sentence) for sentence in self.sentences]

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
        asked = _rarities(claim)
        there = asked.keys() & set().union(*self._held)
        return sum(asked[stem] for stem in there) / (sum(asked.values()) or 1.0)

    def nearest(self, claim: str, vector: Vectors) -> list[int]:
        """Order the sentences by how much of the claim they hold, in words and in meaning, most first."""
        asked = _rarities(claim)
        total = sum(asked.values()) or 1.0
        held = [sum(asked[one] for one in asked.keys() & words) / total for words in self._held]
        return [int(at) for at in np.argsort(-(np.array(held) + self.vectors @ vector), kind="stable")]

    def compared(self, claim: str, vector: Vectors) -> list[float]:
        """Compare a claim with the sentences: what FEATURES names."""
        asked = _rarities(claim)
        total = sum(asked.values()) or 1.0
        everything = set().union(*self._held)
        missing = {stem: rarity for stem, rarity in asked.items() if stem not in everything}
        cosines = self.vectors @ vector
        best = self.nearest(claim, vector)[:_BEST]
        nearest = self.sentences[int(np.argmax(cosines))]
        in_order = (1 - sum(missing.values()) / total) ** _ORDER_POWER
        words, tokens = stems(claim), _tokens(claim)
        pairs, triples = _grams(words, 2), _grams(words, 3)
        pairs_held = _share(pairs, set().union(*(_grams(one, 2) for one in self.stems)))
        triples_held = _share(triples, set().union(*(_grams(one, 3) for one in self.stems)))
        pairs_best = _share(pairs, set().union(*(_grams(self.stems[at], 2) for at in best)))
        neighbours = [a | b for a, b in pairwise(self._held)] or self._held
        weighed = max(sum(asked[stem] for stem in asked.keys() & held) for held in self._held) / total
        subsequence = max(_subsequence(tokens, self._tokens[at]) for at in best) / max(len(tokens), 1)
        fragments = _fragments(tokens, self._tokens) / max(len(tokens), 1)
        given = numbers(claim)
        numbers_missing = sum(not _stands(number, self._numbers) for number in given)
        not_in_best = sum(not _stands(number, [self._numbers[at] for at in best]) for number in given)
        names_best = set().union(*(self._folded[at] for at in best))
        meaning = float(cosines.max())
        return [
            math.log1p(sum(missing.values())),
            sum(missing.values()) / (1 + len(asked)),
            (1 - pairs_best) * in_order,
            fragments * in_order,
            (1 - subsequence) * in_order,
            (1 - triples_held) * in_order,
            (1 - weighed) * in_order,
            meaning * weighed * in_order,
            float(not_in_best > 0),
            float(numbers_missing),
            meaning,
            pairs_held,
            1 - sum(missing.values()) / total,
            max(missing.values(), default=0.0),
            math.log1p(len(asked)),
            pairs_best,
            subsequence,
            fragments,
            float(is_hedged(nearest) and not is_hedged(claim)),
            float(bool(negations(claim)) != bool(negations(nearest))),
            float(sum(not set(name) <= names_best for name in names(claim))),
            float(len(asked) < _SHORT_STEMS),
            float(bool(_META.search(claim))),
            max(_held(asked, held) for held in neighbours),
        ]


def rarity(word: str) -> float:
    """Tell how rare a word is in English, 0 for "the", by its place in the bundled vocabulary."""
    places = vocabulary_places(word)
    return math.log1p(max(places, default=0) / _COMMON_PLACES) + _PIECE * max(len(places) - 1, 0)


@lru_cache(maxsize=20_000)
def _rarity(word: str) -> float:
    return rarity(word)


@lru_cache(maxsize=1_000)
def _rarities(text: str) -> dict[str, float]:
    """Give each distinct stem of a text with how rare its word is."""
    found: dict[str, float] = {}
    for word in re.findall(r"[\w’'-]+", text):
        for stem in stems(word):
            found.setdefault(stem, _rarity(word.lower()))
    return found


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _grams(words: Sequence[str], length: int) -> set[Gram]:
    return set(zip(*(words[at:] for at in range(length)), strict=False))


def _share(wanted: set[Gram], there: set[Gram]) -> float:
    return len(wanted & there) / len(wanted) if wanted else 1.0


def _held(asked: dict[str, float], words: set[str]) -> float:
    return len(asked.keys() & words) / len(asked) if asked else 1.0


def _stands(number: Number, sentences: Iterable[Sequence[Number]]) -> bool:
    return any(number.agrees(other) for one in sentences for other in one)


def _subsequence(one: Sequence[str], other: Sequence[str]) -> int:
    """Count the longest run of words both have in the same order, others between them."""
    row = [0] * (len(other) + 1)
    for word in one:
        before = 0
        for at, there in enumerate(other, 1):
            above = row[at]
            row[at] = before + 1 if word == there else max(row[at], row[at - 1])
            before = above
    return row[-1]


def _fragments(words: Sequence[str], sentences: Sequence[Sequence[str]]) -> int:
    """Count the pieces, each as long as can be, that a claim could be copied together from (Grusky 2018)."""
    starts: dict[str, list[tuple[int, int]]] = {}
    for which, sentence in enumerate(sentences):
        for place, word in enumerate(sentence):
            starts.setdefault(word, []).append((which, place))
    at = pieces = 0
    while at < len(words):
        longest = 0
        for which, place in starts.get(words[at], ()):
            length = 0
            for one, other in zip(words[at:], sentences[which][place:], strict=False):
                if one != other:
                    break
                length += 1
            longest = max(longest, length)
        pieces += longest > 0
        at += max(longest, 1)
    return pieces


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
