"""The public data sets as the benchmarks read them, and the indexes made of their articles."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from index import ArticleIndex
from index.types import Progress


def rows(path: Path) -> list[dict[str, Any]]:
    """Read a .jsonl or .jsonl.gz file."""
    packed = path.read_bytes()
    lines = gzip.decompress(packed) if path.suffix == ".gz" else packed
    return [json.loads(line) for line in lines.decode("utf-8").split("\n") if line.strip()]


def indexed(articles: Path, home: Path, progress: Progress | None = None) -> ArticleIndex:
    """Open the index of a data set's articles under `home`, and bring it up to date first."""
    home.mkdir(parents=True, exist_ok=True)
    unpacked = home / "articles.jsonl"
    if not unpacked.exists():
        unpacked.write_bytes(gzip.decompress(articles.read_bytes()))
    index = ArticleIndex.open(home / "index")
    index.sync([unpacked], progress)
    return index
