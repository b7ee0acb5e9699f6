"""How well what the sources do not support is found: RAGTruth and QAGS."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.verify import UNSUPPORTED, Verifier
from assistant.verify.claims import claim_spans
from assistant.verify.support import Evidence, weighed
from benchmarks.datasets import rows
from benchmarks.metrics import auroc, mean
from index.arrays import Floats
from index.embed import MiniLM
from index.passages import sentences
from index.types import Article, Passage


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """The sentences of one response: how they compare with its source, and which it does not support.

    `features` has the shape (sentences, FEATURES), `unsupported` (sentences,).
    """

    set: str
    source: str
    features: Floats
    unsupported: Floats


def run(folder: Path) -> dict[str, float]:
    """Measure the trees at the threshold in use, with what the best threshold would give beside it."""
    found = examples(folder)
    return figures(found, weighed(np.vstack([example.features for example in found]))) | checked(folder)


def checked(folder: Path) -> dict[str, float]:
    """Tell how many unsupported sentences of RAGTruth `check` finds, and how many others it calls so."""
    embed = MiniLM().embed
    verifiers: dict[str, Verifier] = {}
    told = {
        name: {True: list[bool](), False: list[bool]()} for name in ("QA", "Summary")
    }  # by set and by what annotators say: whether `check` finds nothing
    for name, _, text, claims, unsupported in _ragtruth(folder):
        if text not in verifiers:
            passage = Passage(Article(text), 0, len(text), tuple(sentences(text)))
            verifiers[text] = Verifier([passage], embed)
        said = [(claim, bad) for claim, bad in zip(claims, unsupported, strict=True) if claim_spans(claim)]
        verdicts = verifiers[text].judge([(claim, ()) for claim, _ in said])
        for (_, bad), (verdict, _) in zip(said, verdicts, strict=True):
            told[name][bad].append(verdict == "unsupported")
    return {
        f"check_{name.lower()}_{what}": mean(own[bad])
        for name, own in told.items()
        for what, bad in (("unsupported_found", True), ("false_alarms", False))
    }


def figures(found: list[Example], doubts: Floats) -> dict[str, float]:
    """Give F1 of responses with any unsupported sentence (RAGTruth) and AUROC of sentences (QAGS)."""
    cuts = np.cumsum([len(example.unsupported) for example in found])[:-1]
    each = list(zip(found, np.split(doubts, cuts), strict=True))
    told: dict[str, float] = {}
    for name in ("QA", "Summary"):
        scores = np.array([own.max() for example, own in each if example.set == name])
        bad = np.array([example.unsupported.any() for example, _ in each if example.set == name])
        told[f"ragtruth_{name.lower()}_f1"] = _f1(scores >= UNSUPPORTED, bad)
        told[f"ragtruth_{name.lower()}_best_f1"] = max(_f1(scores >= at, bad) for at in scores)
        told[f"ragtruth_{name.lower()}_auroc"] = auroc(scores[bad].tolist(), scores[~bad].tolist())
    for name in ("cnndm", "xsum"):
        scores = np.concatenate([own for example, own in each if example.set == name])
        bad = np.concatenate([example.unsupported for example, _ in each if example.set == name]) > 0
        told[f"qags_{name}_auroc"] = auroc(scores[bad].tolist(), scores[~bad].tolist())
    return told


def examples(folder: Path) -> list[Example]:
    """Read both sets, and compare every sentence with its source."""
    embed = MiniLM().embed
    read: dict[str, Evidence] = {}
    found = []
    for name, source, text, claims, unsupported in (*_ragtruth(folder), *_qags(folder)):
        if text not in read:
            read[text] = Evidence([text[a:b] for a, b in sentences(text)], embed)
        evidence = read[text]
        vectors = embed(claims)
        compared = [evidence.compared(claim, own) for claim, own in zip(claims, vectors, strict=True)]
        found.append(Example(name, source, np.array(compared), np.array(unsupported, float)))
    return found


Row = tuple[str, str, str, list[str], list[bool]]


def _ragtruth(folder: Path) -> Iterator[Row]:
    for row in rows(folder / "ragtruth.jsonl.gz"):
        source = row["source"]
        text = source if isinstance(source, str) else f"{source['passages']}\n\n{source['question']}"
        spans = sentences(row["response"])
        bad = [(span["start"], span["end"]) for span in row["unsupported"]]
        yield (
            row["task"],
            f"ragtruth-{row['source_id']}",
            text,
            [row["response"][start:end] for start, end in spans],
            [any(start < b and a < end for a, b in bad) for start, end in spans],
        )


def _qags(folder: Path) -> Iterator[Row]:
    for row in rows(folder / "qags.jsonl.gz"):
        claims = [sentence["text"] for sentence in row["sentences"]]
        supported = [sentence["supported"] for sentence in row["sentences"]]
        yield row["id"].split("-")[0], row["id"], row["article"], claims, [not one for one in supported]


def _f1(found: np.ndarray, wanted: np.ndarray) -> float:
    right = float((found & wanted).sum())
    return 2 * right / (found.sum() + wanted.sum()) if right else 0.0
