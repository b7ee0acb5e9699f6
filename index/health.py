"""How the stores are: whole and in step with each other, or what is wrong."""

from __future__ import annotations

from dataclasses import dataclass

from index.upkeep import Stores


@dataclass(frozen=True, slots=True)
class Health:
    """One store: how many passages it should hold, and what is wrong with it ("" where all is well)."""

    store: str
    passages: int
    problem: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found out about the catalog, the word index and the vector index."""

    stores: tuple[Health, ...]

    @property
    def healthy(self) -> bool:
        """Whether nothing is wrong with any store."""
        return not any(store.problem for store in self.stores)


def diagnose(stores: Stores) -> Diagnosis:
    """Read every store whole, and compare the derived ones with the catalog."""
    catalog = stores.catalog
    words, vectors = stores.problems()
    waiting = len(catalog.vectors.pending())
    if waiting:
        vectors = f"{waiting} passages wait for their vectors; run: dateline sync"
    return Diagnosis(
        (
            Health("catalog", len(catalog.rows()), "; ".join(catalog.problems())),
            Health("words", len(catalog.rows()), words),
            Health("vectors", len(catalog.vectors.rows()), vectors),
        )
    )
