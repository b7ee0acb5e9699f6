"""The only door to the network for articles."""

from index.fetch.fetcher import Fetched, Fetcher, Validators
from index.fetch.unfetched import FetchError

__all__ = ["FetchError", "Fetched", "Fetcher", "Validators"]
