"""Measures of the field, pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any


def reciprocal_rank(relevant: Sequence[bool]) -> float:
    """Give 1 / the rank of the first relevant item, 0 if there is none.

    >>> reciprocal_rank([False, True, True])
    0.5
    """
    return next((1 / rank for rank, is_relevant in enumerate(relevant, 1) if is_relevant), 0.0)


def average_precision(new: Sequence[int], facts: int) -> float:
    """Score a ranking as the authors of MultiHop-RAG do: new facts at each rank / the rank, / facts of 10.

    >>> average_precision([0, 1, 0, 1], facts=2)
    0.375
    """
    return sum(count / rank for rank, count in enumerate(new, 1)) / min(facts, 10)


def f1(found: Collection[int], right: Collection[int]) -> float:
    """Give the harmonic mean of precision and recall of a set.

    >>> f1({1, 2}, {2, 3})
    0.5
    """
    return 2 * len(set(found) & set(right)) / ((len(found) + len(right)) or 1)


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Give the chance that a positive scores above a negative, ties counting half (Mann-Whitney U).

    >>> auroc([3, 2], [1, 2])
    0.875
    """
    wins = sum((one > other) + 0.5 * (one == other) for one in positive for other in negative)
    return wins / (len(positive) * len(negative))


def mean(values: Sequence[float]) -> float:
    """Give the mean, 0 of nothing.

    >>> mean([True, False])
    0.5
    """
    return sum(values) / len(values) if values else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """Give the value that a share of the values do not exceed (nearest rank).

    >>> percentile([4, 1, 3, 2], 0.95)
    4
    """
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def below(bounds: Mapping[str, tuple[str, float]], figures: dict[str, Any]) -> list[str]:
    """Say which figures miss their bounds; one that was not measured misses it too.

    >>> below({"words/f1": ("at least", 0.9)}, {"words": {"f1": 0.8}})
    ['words/f1 is 0.8000, and has to be at least 0.9']
    >>> below({"peer/times": ("at least", 3)}, {"words": {"f1": 1}, "peer": None})
    ['peer/times was not measured']
    """
    missed = []
    slowness = figures.get("machine", {}).get("slowness", 1.0)
    for path, (kind, bound) in bounds.items():
        value: Any = figures
        for part in path.split("/"):
            value = value.get(part) if isinstance(value, dict) else None
        if value is None:
            missed.append(f"{path} was not measured")
            continue
        if path.endswith("seconds"):
            bound *= slowness
        if value < bound if kind == "at least" else value > bound:
            missed.append(f"{path} is {value:.4f}, and has to be {kind} {bound:.4g}")
    return missed
