"""The only door to the network for articles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from index.fetch.unfetched import FetchError

if TYPE_CHECKING:
    from index.fetch.fetcher import Fetched, Fetcher, Validators

__all__ = ["FetchError", "Fetched", "Fetcher", "Validators"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - what a module attribute is
    """Import the door when it is first asked for: how an address is written is judged without it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from index.fetch import fetcher

    return getattr(fetcher, name)
