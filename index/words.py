"""Text to the words that search and ranking count: folded, stemmed, without the words that say nothing."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

FORMAT = "english-4"  # changes whenever the same text would give other words

Codes = NDArray[np.uint32]

# A word, with an apostrophe or a full stop inside it ("Trump's", "U.S", "3.5") kept together.
_WORD = re.compile(r"\w+(?:['’.]\w+)*")
_DIGIT_COMMA = re.compile(r"(?<=\d),(?=\d{3})")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_DOTTED = re.compile(r"(?:\w\.)+\w?")

_EMPTY = frozenset(
    "a about also an and are as at be been being both but by can could did do does for from had has have he "
    "her him his how i if in into is it its just may me might must my no not of on or our over shall she "
    "should so such than that the their them then there these they this those to us was we were what when "
    "where which who whom whose why will with would you your "
    "der das dem ein eine einem einen einer eines und oder ist sind waren haben wird werden wurde wurden wer "
    "wie wo wann warum welche welcher von zu zum zur mit nach bei auf aus für über dass nicht sich im".split()
)
# What a question says of reports, or of how new its answer has to be, stands in no article's sentence.
_ABOUT_REPORTS = frozenset(
    "according article articles claim claimed claims consider considering coverage current currently "
    "describe described detail details discuss discussed discusses feature featured highlight highlighted "
    "indicate indicated indicates information latest mention mentioned mentions piece publish published "
    "recent recently report reported reporting reports suggest suggested suggests week weeks while".split()
)


@dataclass(frozen=True, slots=True)
class Analysed:
    """The words of a passage as codes, shape (words,), and for each the number of its sentence."""

    codes: Codes
    sentence: NDArray[np.uint16]

    def to_bytes(self) -> bytes:
        """Pack for storage: all the codes, then all the sentence numbers."""
        return self.codes.astype("<u4").tobytes() + self.sentence.astype("<u2").tobytes()

    @classmethod
    def from_bytes(cls, packed: bytes) -> Analysed:
        """Unpack what `to_bytes` wrote."""
        words = len(packed) // 6
        codes = np.frombuffer(packed, "<u4", words)
        return cls(codes, np.frombuffer(packed, "<u2", words, words * 4))


def stems(text: str) -> list[str]:
    """Give the stems of the words that carry meaning, in order.

    >>> stems("The envoy’s talks cost $1,200 — São Paulo’s, he said.")
    ['envoy', 'talk', 'cost', '1200', 'sao', 'paulo', 'said']
    """
    return [stem for word in _words(text) if word not in _EMPTY and (stem := _stem(word))]


def question_stems(question: str) -> list[str]:
    """Give the stems a question asks for; where it has no telling word, all there are.

    >>> question_stems("According to the reports, who is the latest minister?")
    ['minist']
    """
    words = [word for word in _words(question) if word not in _EMPTY]
    telling = [word for word in words if word not in _ABOUT_REPORTS]
    return [_stem(word) for word in telling or words or _words(question)]


def is_year(word: str) -> bool:
    """Tell whether a word is a year of the last century or this one.

    >>> is_year("2018"), is_year("7700")
    (True, False)
    """
    return len(word) == 4 and word.isdigit() and word[:2] in ("19", "20")


def codes(words: Iterable[str]) -> Codes:
    """Give each stem a code of 32 bits; two stems share one with a chance of one in four thousand million."""
    return np.array([zlib.crc32(word.encode("utf-8", "surrogatepass")) for word in words], np.uint32)


def analyse(sentences: Sequence[str]) -> Analysed:
    """Turn the sentences of a passage into codes."""
    found = [stems(sentence) for sentence in sentences]
    numbers = [number for number, words in enumerate(found) for _ in words]
    return Analysed(codes(word for words in found for word in words), np.array(numbers, np.uint16))


def _words(text: str) -> list[str]:
    if not text.isascii():
        text = _NOT_ASCII.sub(lambda found: _without_marks(found.group()), text)
    found = []
    for word in _WORD.findall(_DIGIT_COMMA.sub("", text.lower())):
        whole = word.replace("’", "'").removesuffix("'s")
        found.append(whole.replace(".", "") if _DOTTED.fullmatch(whole) else whole)
    return found


@lru_cache(maxsize=10_000)  # there are few: quotation marks, dashes, a letter with its accent
def _without_marks(characters: str) -> str:
    """Decompose characters and drop their accents; none of it reaches over an ASCII character."""
    return "".join(c for c in unicodedata.normalize("NFKD", characters) if not unicodedata.combining(c))


@lru_cache(maxsize=200_000)
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word))


@lru_cache(maxsize=1)
def _stemmer() -> Any:  # noqa: ANN401 - snowballstemmer has no types
    import snowballstemmer

    return snowballstemmer.stemmer("english")
