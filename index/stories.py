"""Whether two articles are one story: near-copies, cuts and light edits of the same words."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from index.agencies import agencies
from index.types import Article, outlet_key, web_address

FORMAT = "stories-1"  # raise it when the same two articles would be decided, or found, otherwise

Shingles = NDArray[np.uint64]  # hashes of runs of words, in reading order

_WORD = re.compile(r"\w+")
_WORD_CHARACTERS = 15  # no language with spaces has longer ones on average
_RUN = 3  # words; of five, a fifth of the words reworded leaves a third, of three a half
_FEWEST = 20  # runs; less is a caption, or the same notice where the article should be
_LONGER = 5  # times as long, and it is a live page or a roundup that would join all it quotes
_GAP = 20  # words that may be reworded between two runs that stand as far from each other in both texts
_DRIFT = 4  # words by which a rewording may be longer or shorter
_AS_LONG = 1.5  # times; then the longer one, too, is taken from the shorter for a good part
_COPIED = 0.7  # docs/benchmarks.md, "Stories": follow-ups that reuse background reach .67
_COPIED_OF_AGENCY = 0.5  # where both name the same agency

_FINDING_RUN = 5  # words: long enough that few other articles have the same
_FINDING_SHARE = 4  # one of so many is kept


def shingles(text: str, words: int = _RUN) -> Shingles:
    """Hash every run of so many words of a text, in reading order; case and punctuation do not count.

    Where no spaces part words, characters stand for them. The shape is (words of the text - words + 1,); a
    text with fewer words is one run.

    >>> one, other = shingles("Ferry sails at noon."), shingles("At noon the ferry sails")
    >>> one.dtype, len(one), len(other), len(shingles("Too short")), len(shingles(""))
    (dtype('uint64'), 2, 3, 1, 0)
    >>> np.array_equal(one, shingles("FERRY SAILS, at noon"))
    True
    """
    hashed = _hashed(text)
    words = min(words, len(hashed))
    runs = len(hashed) - words + 1 if words else 0
    mixed = np.zeros(runs, np.uint64)
    for at in range(words):
        mixed = _mixed(mixed ^ hashed[at : at + runs])
    return mixed


def containment(one: Shingles, other: Shingles) -> float:
    """Give the share of the shorter text's different runs that stand in the other, 0 if there are none.

    >>> containment(shingles("the ferry sails at noon"), shingles("Today the ferry sails at noon, says she."))
    1.0
    >>> containment(shingles("the ferry sails at noon"), shingles("the ferry sails at dusk"))
    0.6666666666666666
    """
    mine, others = np.unique(one), np.unique(other)
    fewer = min(len(mine), len(others))
    return len(np.intersect1d(mine, others, assume_unique=True)) / fewer if fewer else 0.0


def taken_over(one: Shingles, other: Shingles) -> float:
    """Give the share of the shorter text that stands in the other, words replaced here and there included.

    Two runs that both texts have, as far apart in one as in the other, hold what was reworded between
    them. Paragraphs in another order cost nothing, sentences of its own count against a text.

    >>> wire = "North Korea blew up the office on Tuesday, officials in Seoul said, and smoke rose."
    >>> one, other = shingles(wire), shingles(wire.replace("office", "building").replace("and", "as"))
    >>> containment(one, other), taken_over(one, other)
    (0.5384615384615384, 0.7692307692307693)
    """
    shorter, longer = sorted((one, other), key=lambda runs: (len(runs), runs.tobytes()))
    if not len(shorter):
        return 0.0
    distinct, first = np.unique(longer, return_index=True)
    near = np.searchsorted(distinct, shorter).clip(max=len(distinct) - 1)
    at = np.flatnonzero(distinct[near] == shorter)
    apart = first[near[at]] - at
    ends = np.zeros(len(shorter) + 1, np.int64)  # +1 where what is taken over begins, -1 behind it
    ends[at] += 1
    ends[at + 1] -= 1
    for offset in (0, _DRIFT // 2):  # two grids, so that no drift falls between the cells of both
        cell = (apart + offset) // _DRIFT
        order = np.lexsort((at, cell))
        place, cell = at[order], cell[order]
        follows = (cell[1:] == cell[:-1]) & (place[1:] - place[:-1] <= _GAP)
        ends[place[:-1][follows]] += 1  # each place stands here once, so nothing is lost
        ends[place[1:][follows]] -= 1
    return float(np.mean(np.cumsum(ends)[:-1] > 0))


def is_copy(one: Article, other: Article) -> bool:
    """Tell whether two articles are one story: the shorter one is for the most part taken from the other.

    Where both credit the same agency, and are not of one outlet, half of it is enough. A text more than
    five times as long is no copy, and neither is one of fewer than twenty runs of words.

    >>> wire = "North Korea blew up the office that it shared with the South on Tuesday, officials in "
    >>> wire += "Seoul said, and a cloud of smoke rose over the city of Kaesong and was seen for miles."
    >>> is_copy(Article(wire), Article("Smoke over Kaesong. " + wire.replace("officials", "ministers")))
    True
    >>> is_copy(Article(wire), Article("The South regrets it. " * 50 + wire))
    False
    """
    mine, others = shingles(one.text), shingles(other.text)
    shorter, longer = sorted((len(mine), len(others)))
    if shorter < _FEWEST or longer > _LONGER * shorter:
        return False
    share = taken_over(mine, others)
    return share >= _COPIED or (share >= _COPIED_OF_AGENCY and _have_one_agency(one, other))


def stories_of(lengths: Mapping[int, int], copies: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Join articles, given by row and length, into stories; name each one's story by its lowest row.

    Copies of about the same length are joined, whatever lies between. A shorter one is joined only with
    the shortest of the longer ones that hold it, so two long articles are not joined by a brief that both
    quote, and two cuts of one report are joined by the report.

    >>> stories_of({1: 600, 2: 200, 3: 610}, [(1, 2), (2, 3)])
    {1: 1, 2: 1, 3: 3}
    >>> stories_of({1: 200, 2: 600, 3: 180}, [(1, 2), (2, 3)])
    {1: 1, 2: 1, 3: 1}
    """
    beside: dict[int, list[int]] = {row: [] for row in sorted(lengths)}
    holding: dict[int, list[int]] = {}
    for one, other in copies:
        in_order = (lengths[one], one) < (lengths[other], other)
        shorter, longer = (one, other) if in_order else (other, one)
        if lengths[longer] <= _AS_LONG * lengths[shorter]:
            beside[shorter].append(longer)
            beside[longer].append(shorter)
        else:
            holding.setdefault(shorter, []).append(longer)
    for shorter, longer_ones in holding.items():
        longer = min(longer_ones, key=lambda row: (lengths[row], row))
        beside[shorter].append(longer)
        beside[longer].append(shorter)
    joined: dict[int, int] = {}
    for row in beside:
        reached = [row]
        while reached:
            if (one := reached.pop()) not in joined:
                joined[one] = row
                reached += beside[one]
    return dict(sorted(joined.items()))


def fingerprints(text: str) -> NDArray[np.int64]:
    """Give what a text is looked up by: a fixed sample of its runs of five words, ascending, 31 bits each.

    Two texts have the same share of their samples in common as of their runs, give or take (FracMinHash,
    Irber et al. 2022), however different their lengths are.
    """
    runs = shingles(text, _FINDING_RUN)
    sample = runs[runs % np.uint64(_FINDING_SHARE) == 0]
    return np.unique(sample >> np.uint64(33)).astype(np.int64)


def _have_one_agency(one: Article, other: Article) -> bool:
    """Tell whether two outlets credit the same agency; one outlet has words of its own to use again."""
    if _publisher(one) and _publisher(one) == _publisher(other):
        return False
    return not agencies(one).isdisjoint(agencies(other))


def _publisher(article: Article) -> str:
    return outlet_key(article.outlet) or urlsplit(web_address(article.url)).netloc


@lru_cache(maxsize=128)  # an article is compared with several
def _hashed(text: str) -> Shingles:
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = _WORD.findall(folded)
    if len(words) * _WORD_CHARACTERS < len(folded):
        words = [character for word in words for character in word]
    encoded = " ".join(words).encode("utf-8", "surrogatepass").split()
    hashed = np.fromiter(map(zlib.crc32, encoded), np.uint64, len(encoded))
    hashed.setflags(write=False)
    return hashed


def _mixed(values: Shingles) -> Shingles:
    """Spread values over all 64 bits (the finaliser of SplitMix64, Steele et al. 2014)."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Shingles = values ^ (values >> np.uint64(31))
    return mixed
