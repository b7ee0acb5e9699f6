"""Articles about nothing in any number, always the same for a seed, and vectors that cost nothing to make."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from index.arrays import Vectors

_WORDS = (
    "the of to and in a that for on was with as by at from said it would had is has were been which after "
    "officials minister talks budget border harbour court strike vote storm bridge report plan council ferry "
    "market prices workers government election hospital school water energy police company city region party "
    "leader agreement deal company bank union north south east west river coast village capital government "
    "new late early public local foreign former next last high long third several small large final open "
    "announced agreed warned refused opened closed raised cut approved rejected delayed promised expected "
    "called asked told found showed began ended returned signed voted moved planned spent cost lost won "
    "year month week day night Monday Tuesday Friday spring summer winter January March June October "
    "million percent people families drivers farmers teachers nurses students voters residents tourists "
    "before between against under over during without because while although about among within across"
).split()
_SYLLABLES = "bar ken dol mir tas ven lor sul pra hem nik gar wes tol rin das".split()
_NAMES = 20_000
_NAMED = 0.06  # of the words of an article; the rest are common ones, by Zipf's law
_OUTLETS = tuple(
    f"The {name} {kind}" for name in ("Larkmoor", "Saltmarsh") for kind in "Post News Echo".split()
)
_COPIES = 20  # one of so many articles is a report of another outlet again, a little shorter
_SENTENCE_WORDS = 18
_MEDIAN_WORDS, _LEAST_WORDS, _MOST_WORDS = 220, 60, 900
_FIRST_DAY = date(2015, 1, 1)
_DAYS = 3650

_TOPICS = 500


def rows(count: int, seed: int = 7) -> Iterator[dict[str, str]]:
    """Make articles as rows of a table, the same first ones however many are asked for."""
    random = np.random.default_rng(seed)
    names = _names(random)
    shares = 1 / np.arange(1, len(_WORDS) + 1)
    shares /= shares.sum()
    before: list[str] = []
    for number in range(count):
        if number % _COPIES == _COPIES - 1:
            sentences = before[:-1] or before
        else:
            sentences = list(_sentences(random, names, shares))
        before = sentences
        yield {
            "title": " ".join(sentences[0].split()[:9]),
            "text": "\n\n".join(" ".join(sentences[at : at + 3]) for at in range(0, len(sentences), 3)),
            "source": _OUTLETS[number % len(_OUTLETS)],
            "url": f"https://example.org/{seed}/{number}",
            "published_at": str(_FIRST_DAY + timedelta(days=number % _DAYS)),
        }


def write_table(path: Path, count: int) -> None:
    """Write articles as one .jsonl file."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows(count))


def write_files(folder: Path, count: int) -> None:
    """Write articles as a .md file each, a thousand to a folder."""
    for number, row in enumerate(rows(count)):
        inside = folder / f"{number // 1000:03}"
        inside.mkdir(parents=True, exist_ok=True)
        front = f"title: {row['title']}\noutlet: {row['source']}\nurl: {row['url']}\n"
        front += f"published: {row['published_at']}\n"
        (inside / f"{number:06}.md").write_text(f"---\n{front}---\n\n{row['text']}\n", encoding="utf-8")


class HashVectors:
    """An embedding that hashes: 384 numbers, gathered round topics as those of real texts are."""

    identity = "hash vectors dimension 384"
    unrelated = 0.2
    pinned = True
    dimension = 384

    def __init__(self) -> None:
        """Choose the topics, always the same."""
        self._topics = np.random.default_rng(0).standard_normal((_TOPICS, self.dimension), np.float32)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Give each text a vector of its own near a topic's."""
        numbers = [int.from_bytes(hashlib.blake2b(text.encode()).digest()[:8], "big") for text in texts]
        found = [
            self._topics[number % _TOPICS]
            + np.random.default_rng(number).standard_normal(self.dimension, np.float32)
            for number in numbers
        ]
        vectors: Vectors = np.stack(found)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def embed_question(self, question: str) -> Vectors:
        """Embed a question as any text."""
        vector: Vectors = self.embed([question])[0]
        return vector


def _names(random: np.random.Generator) -> list[str]:
    drawn = random.integers(0, len(_SYLLABLES), (_NAMES, 3))
    return ["".join(_SYLLABLES[one] for one in parts).capitalize() for parts in drawn]


def _sentences(random: np.random.Generator, names: list[str], shares: np.ndarray) -> Iterator[str]:
    length = int(np.clip(random.lognormal(np.log(_MEDIAN_WORDS), 0.6), _LEAST_WORDS, _MOST_WORDS))
    drawn = random.choice(len(_WORDS), length, p=shares)
    named = np.flatnonzero(random.random(length) < _NAMED)
    words = [_WORDS[one] for one in drawn]
    for at, name in zip(named, random.integers(0, len(names), len(named)), strict=True):
        words[at] = names[name]
    for at in range(0, length, _SENTENCE_WORDS):
        sentence = " ".join(words[at : at + _SENTENCE_WORDS])
        yield sentence[0].upper() + sentence[1:] + "."
