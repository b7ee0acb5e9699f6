"""Fit the trees of `assistant/verify/support.json` with scikit-learn.

`python -m benchmarks.train_support FOLDER`, where FOLDER holds `ragtruth.jsonl.gz` (RAGTruth, MIT: answers
and summaries with their unsupported spans) and `qags.jsonl.gz` (QAGS: summary sentences, supported or not).
Prints what cross-validation by source gives, the honest figure, and writes trees fitted on everything.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.model_selection import GroupKFold

from assistant.verify.support import FEATURES, TREES
from benchmarks.grounding import examples, figures
from index.arrays import Floats

_SEEDS = 8  # forests whose logits are averaged
_FOLDS = 5


def main(folder: Path) -> None:
    """Cross-validate, fit on all, and write the trees."""
    found = examples(folder)
    values = np.vstack([example.features for example in found])
    doubtful = np.concatenate([example.unsupported for example in found])
    sets = np.repeat([example.set for example in found], [len(example.features) for example in found])
    groups = np.repeat([example.source for example in found], [len(example.features) for example in found])
    held_back = np.zeros(len(values))
    for train, test in GroupKFold(_FOLDS).split(values, doubtful, groups):
        forests = _fitted(values[train], doubtful[train], sets[train])
        held_back[test] = _logits(forests, values[test])
    print(json.dumps({"cross-validated": figures(found, 1 / (1 + np.exp(-held_back)))}, indent=2))
    forests = _fitted(values, doubtful, sets)
    trees = [_written(tree, forest.learning_rate) for forest in forests for (tree,) in forest.estimators_]
    bias = float(np.mean([forest.init_.class_prior_ for forest in forests], axis=0)[1])
    stored: dict[str, Any] = {
        "origin": "fitted by benchmarks/train_support.py on RAGTruth (MIT) and QAGS; numbers only, no text",
        "features": FEATURES,
        "bias": round(float(np.log(bias / (1 - bias))), 6),
        "trees": trees,
    }
    TREES.write_text(json.dumps(stored, indent=None, separators=(",", ":")) + "\n", encoding="utf-8")


def _fitted(values: Floats, doubtful: Floats, sets: np.ndarray) -> list[GradientBoostingClassifier]:
    """Fit with every set, and in it the supported and the unsupported, counting the same."""
    weights = np.zeros(len(values))
    for one in set(sets):
        for label in (0, 1):
            chosen = (sets == one) & (doubtful == label)
            weights[chosen] = 1 / chosen.sum()
    weights *= len(weights) / weights.sum()
    return [
        GradientBoostingClassifier(
            n_estimators=60,
            max_depth=2,
            subsample=0.5,
            learning_rate=0.08,
            max_features=0.3,
            random_state=seed,
        ).fit(values, doubtful, sample_weight=weights)
        for seed in range(_SEEDS)
    ]


def _logits(forests: list[GradientBoostingClassifier], values: Floats) -> Floats:
    return np.asarray(np.mean([forest.decision_function(values) for forest in forests], axis=0))


def _written(tree: Any, rate: float) -> dict[str, Any]:  # noqa: ANN401 - scikit-learn has no types
    """Write a tree of depth 2 as three questions and four leaves; a leaf met early answers twice."""
    nodes = tree.tree_
    places, thresholds, leaves = [], [], []
    for node in (0, nodes.children_left[0], nodes.children_right[0]):
        ends = node < 0 or nodes.children_left[node] < 0
        places.append(0 if ends else int(nodes.feature[node]))
        thresholds.append(0.0 if ends else round(float(nodes.threshold[node]), 6))
        if node:
            below = (node, node) if ends else (nodes.children_left[node], nodes.children_right[node])
            leaves += [round(float(nodes.value[one, 0, 0]) * rate / _SEEDS, 6) for one in below]
    return {"features": places, "thresholds": thresholds, "leaves": leaves}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
