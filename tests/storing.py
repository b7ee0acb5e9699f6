"""What the tests of the stores share: a tiny embedding, articles about nothing, ways to run and compare."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import index
from index.library import ArticleIndex
from index.types import Article

SUBJECTS = "minister summit hotline harvest reactor border election ferry glacier museum".split()


class HashEmbedding:
    """Words thrown into a few buckets: quick, the same everywhere, and near for texts that share words."""

    def __init__(self, name: str = "hash", dimension: int = 24) -> None:
        self.identity = f"{name} dimension {dimension}"
        self.unrelated = 0.2
        self.pinned = True
        self.dimension = dimension
        self.embedded: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += texts
        found = np.zeros((len(texts), self.dimension), np.float32)
        for at, text in enumerate(texts):
            for word in text.lower().split():
                digest = hashlib.md5(word.encode("utf-8", "replace"), usedforsecurity=False).digest()
                found[at, digest[0] % self.dimension] += 1 if digest[1] % 2 else -1
            found[at, 0] += 0.01
        return found / np.linalg.norm(found, axis=1, keepdims=True)

    def embed_question(self, question: str) -> NDArray[np.float32]:
        return self.embed([question])[0]


def run(program: str, *arguments: object, folder: Path | None = None, **environment: str) -> str:
    """Run a program in a Python of its own, where tests and packages can be imported; give what it prints."""
    paths = [str(Path(__file__).parent), str(Path(index.__file__).parent.parent)]
    done = subprocess.run(
        [sys.executable, "-W", "always", "-c", program, *map(str, arguments)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Warning" not in done.stderr, done.stderr
    return done.stdout


def word(number: int) -> str:
    """A word that only article `number` holds."""
    return "quux" + "".join("abcdefghij"[int(digit)] for digit in f"{number:04}")


def article(number: int, edition: int = 1, **other: object) -> Article:
    subject = SUBJECTS[number % len(SUBJECTS)]
    sentences = [
        f"The {subject} of {word(number)} was seen in the capital on Monday.",
        f"Officials said the {subject} would stay for {number + edition} days.",
        f"This is what edition {edition} of the report says about it.",
    ]
    values = {
        "text": " ".join(sentences),
        "title": f"The {subject} {number}",
        "outlet": ("The Larkmoor Post", "Kestrel Wire", "")[number % 3],
        "url": f"https://example.org/news/{number}",
        "published": date(2020, 1 + number % 12, 1 + number % 28) if number % 5 else None,
    }
    return Article(**(values | other))  # type: ignore[arg-type]


def write(folder: Path, number: int, edition: int = 1) -> Path:
    """Put an article into a folder as a document of its own."""
    folder.mkdir(exist_ok=True)
    made = article(number, edition)
    row = {"title": made.title, "text": made.text, "outlet": made.outlet, "url": made.url}
    if made.published:
        row["published"] = made.published.isoformat()
    path = folder / f"{number:04}.jsonl"
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    return path


def state(index: ArticleIndex) -> dict[str, object]:
    """All that a reader could notice of an index, without row numbers and times."""
    catalog = index._catalog
    rows = catalog.rows()
    passages = {row: (one.article.id, one.start, one.end) for row, one in catalog.passages(rows).items()}
    vectors = {passages[row]: vector.tobytes() for row, vector in catalog.vectors.of(rows).items()}
    held = {
        name: sorted(passages[row] for row in store.reader().generation.rows())
        for name, store in (("words", index._stores.words), ("vectors", index._stores.vectors))
    }
    articles = {one.id: (one.version, one.source) for _, one in catalog.current_articles(0, 10_000)}
    documents = {key: catalog.document(key) for key in catalog.keys("/") + catalog.keys("added:")}
    return {
        "documents": documents,
        "articles": articles,
        "history": {key: [one.version for one in catalog.versions(key)] for key in articles},
        "stories": {key: sorted(one.id for one in index.copies(key)) for key in articles},
        "passages": sorted(passages.values()),
        "vectors": vectors,
        "held": held,
        "healthy": index.doctor().healthy,
    }
