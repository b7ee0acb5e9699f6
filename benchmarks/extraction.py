"""How much of a page's story comes through and how much beside it; how often title and date are right."""

from __future__ import annotations

import json
import tarfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.extract import ExtractError, article_from_html
from index.types import Article

Page = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Segments:
    """How many segments were wanted and came, were wanted and did not, were not wanted and came."""

    found: int = 0
    missed: int = 0
    unwanted: int = 0

    def __add__(self, other: Segments) -> Segments:
        """Add up two pages."""
        return Segments(self.found + other.found, self.missed + other.missed, self.unwanted + other.unwanted)

    def figures(self) -> dict[str, float]:
        """Give precision, recall and F1 over all segments, as trafilatura's own evaluation does.

        >>> Segments(found=8, missed=2, unwanted=2).figures()
        {'precision': 0.8, 'recall': 0.8, 'f1': 0.8}
        """
        precision = self.found / max(self.found + self.unwanted, 1)
        recall = self.found / max(self.found + self.missed, 1)
        f1 = 2 * precision * recall / max(precision + recall, 1e-9)
        return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}


def score(text: str, wanted: Iterable[str], unwanted: Iterable[str]) -> Segments:
    r"""Look for segments in a text, whatever the white space.

    >>> score("Kim met Trump.\n\nShare this", ["Kim  met", "Moon"], ["Share"])
    Segments(found=1, missed=1, unwanted=1)
    """
    text = squeeze(text)
    there = [squeeze(segment) in text for segment in wanted]
    beside = [squeeze(segment) in text for segment in unwanted]
    return Segments(sum(there), len(there) - sum(there), sum(beside))


def squeeze(text: str) -> str:
    """Make every run of white space one space."""
    return " ".join(text.split())


def verdict(found: object, expected: object) -> str:
    """Tell right from wrong from missing; what nobody expects and is found anyway is "extra".

    >>> verdict("2018-04-05", "2018-04-05"), verdict("", "2018-04-05"), verdict("2019-01-01", "2018-04-05")
    ('right', 'missing', 'wrong')
    """
    if not expected:
        return "extra" if found else "none"
    return "right" if found == expected else "wrong" if found else "missing"


def day(value: object) -> str:
    """Write any date or time as its day.

    >>> day("2018-04-05T06:00"), day(None)
    ('2018-04-05', '')
    """
    return str(value or "")[:10]


def run(data: Path) -> dict[str, Any]:
    """Measure on the `extraction` folder of the data; trafilatura alone on the same pages beside it.

    An article's title counts as text here: trafilatura leaves the headline in it, Dateline keeps it apart.

    Raises FileNotFoundError where the folder is not there.
    """
    folder = data / "extraction"
    ours, bare = Segments(), Segments()
    dates: Counter[str] = Counter()
    for row, html in _pages(folder, "segments"):
        article = _article(html, row.get("url", ""))
        ours += score(f"{article.title}\n\n{article.text}", row["must_contain"], row["must_not_contain"])
        bare += score(_bare(html), row["must_contain"], row["must_not_contain"])
        dates[verdict(day(article.published), day(row["published"]))] += 1
    return {
        "segments": {"dateline": ours.figures(), "trafilatura": bare.figures(), "published": dict(dates)},
        "metadata": _metadata(folder),
    }


def _metadata(folder: Path) -> dict[str, Any]:
    names = ("title", "byline", "outlet", "published")
    ours: dict[str, Counter[str]] = {name: Counter() for name in names}
    bare: dict[str, Counter[str]] = {name: Counter() for name in names}
    for row, html in _pages(folder, "metadata"):
        expected = {**row, "outlet": row["site"], "published": day(row["published"])}
        article = _article(html, "")
        for counts, found in ((ours, _told(article)), (bare, _bare_metadata(html))):
            for name in names:
                counts[name][verdict(squeeze(found[name] or ""), squeeze(expected[name] or ""))] += 1
    return {
        "dateline": {name: dict(counts) for name, counts in ours.items()},
        "trafilatura": {name: dict(counts) for name, counts in bare.items()},
    }


def _pages(folder: Path, name: str) -> Iterator[tuple[dict[str, Any], bytes]]:
    rows = [json.loads(line) for line in (folder / f"{name}.jsonl").read_text("utf-8").splitlines()]
    with tarfile.open(folder / f"{name}-html.tar.gz") as archive:
        for row in rows:
            file = archive.extractfile(row["file"])
            if file is not None:
                yield row, file.read()


def _article(html: bytes, url: str) -> Article:
    try:
        return article_from_html(html, url=url)
    except ExtractError:
        return Article("")  # counts as nothing found


def _told(article: Article) -> dict[str, str]:
    told = {name: str(getattr(article, name)) for name in ("title", "byline", "outlet")}
    return {**told, "published": day(article.published)}


def _bare(html: bytes) -> str:
    from trafilatura import extract

    return extract(html, include_comments=False) or ""


def _bare_metadata(html: bytes) -> dict[str, str | None]:
    from trafilatura.metadata import extract_metadata

    found = extract_metadata(html.decode("utf-8", "replace"))
    return {"title": found.title, "byline": found.author, "outlet": found.sitename, "published": found.date}
