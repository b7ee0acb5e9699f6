"""A sentence of an answer as a claim: whether it says anything, what it quotes, when it is the very words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.facts import is_german, names
from assistant.quantities import numbers
from assistant.types import Citation
from index.passages import sentences
from index.words import stems

VERBATIM_SHARE = 0.5  # the share of a claim's letters inside quotation marks that makes it a quotation
_LEAST_WORDS = 2  # a sentence with fewer says nothing that could be checked

QUOTE = re.compile(r"“([^“”]+)”|\"([^\"]+)\"|„([^„“”]+)[“”]|«([^«»]+)»|(?<!\w)‘([^‘’]{12,})’(?!\w)")
_MARKS = re.compile(r"\s?[\[【]\s?\d{1,4}(?:\s?[,;–-]\s?\d{1,4}){0,9}\s?[\]】]")
_REFERENCE = r"(?:passages?|sources?|articles?) \d{1,3}(?:(?:, | and |, and | & )\d{1,3})*"
_REFERRED = re.compile(
    rf"\s?\((?:(?:in|from|see) )?{_REFERENCE}\)|^\W*{_REFERENCE}:\s|(?<=\w )\b{_REFERENCE}|^{_REFERENCE}",
    re.IGNORECASE,
)  # "(passage 2)", written where a mark would be
_HALVES = re.compile(r"[\ud800-\udfff]")  # of characters: no text, which no tokenizer takes
_BULLET = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+|\*\*")
_NOTHING_SAID = re.compile(
    r"^\W*(?:(?:however|unfortunately|but|note that|also),? )?(?:none of )?"
    r"(?:the|these|any of the|my|our)?\s?(?:\w+ )?"
    r"(?:articles?|passages?|sources?|reports?|texts?)"
    r"(?: \w+){0,2} (?:do(?:es)? not|don[’']t|doesn[’']t|did not|cannot)"
    r" (?:say|mention|state|specify|tell|report|contain|provide|give|answer|name)[^:;]{0,160}$",
    re.IGNORECASE,
)
# "Here is a summary in 74 words:"
_ANNOUNCED = re.compile(
    r"^\W*(?:sure\W+)?here(?: is|[’']s) (?:a|the|my) (?:[a-z]+ ){0,2}(?:summary|answer|overview|list)\b"
)
_FOLDS = str.maketrans(
    dict.fromkeys("“”„«»", '"') | dict.fromkeys("‘’‚′`", "'") | dict.fromkeys("–—―‐‑", "-")
)


def claim_spans(text: str) -> list[tuple[int, int]]:
    """Find the sentences of a text that say something which can be checked, (start, end) each."""
    whole = _HALVES.sub("\ufffd", text)
    language = "de" if is_german(whole) else "en"  # which has a full stop in "12. Juni"
    return [(start, end) for start, end in sentences(whole, language) if _says_something(whole[start:end])]


def says_nothing(sentence: str) -> bool:
    """Tell whether a sentence says that the articles do not say."""
    return bool(_NOTHING_SAID.search(sentence))


def _says_something(sentence: str) -> bool:
    plain = _stripped(sentence)
    announces = bool(_ANNOUNCED.search(plain.lower())) or not numbers(plain)
    asks = plain.endswith(("?", ":")) and announces and not names(plain)
    said = bool(stems(plain)) and len(plain.split()) >= _LEAST_WORDS
    return said and not asks and not says_nothing(plain)


def _stripped(claim: str) -> str:
    return _BULLET.sub("", _MARKS.sub("", _REFERRED.sub("", claim))).strip()


@dataclass(frozen=True, slots=True)
class Said:
    """A claim taken apart once: its words without marks, its quotations, and the words around them."""

    text: str
    quotes: tuple[str, ...]
    around: str

    @classmethod
    def of(cls, text: str) -> Said:
        """Take a sentence apart; half a character, as a broken stream may hold, becomes a sign for it."""
        plain = _stripped(_HALVES.sub("\ufffd", text))
        quotes = tuple(next(filter(None, found.groups())) for found in QUOTE.finditer(plain))
        return cls(plain, quotes, QUOTE.sub(" ", plain))


def is_verbatim(text: str, citations: Sequence[Citation]) -> bool:
    """Tell whether a claim is its citations' words: holds them, stands in their passages, or quotes them.

    Letters and digits count, so that marks inside a quote may be written otherwise.
    """
    said = Said.of(text)
    own, there = letters(said.text), [letters(citation.passage.text) for citation in citations]
    quotes = [letters(quote) for quote in said.quotes]
    mostly = sum(map(len, quotes)) >= VERBATIM_SHARE * len(own)
    return bool(citations) and (
        all(one.quote in text or letters(one.quote) in own for one in citations)
        or any(own in words for words in there)
        or (mostly and all(any(quote in words for words in there) for quote in quotes))
    )


def letters(text: str) -> str:
    """Give the letters and digits of a text alone; a text without any, as it is."""
    return "".join(re.findall(r"[^\W_]", text.lower())) or text.strip()


def normalised(text: str) -> str:
    """Fold what does not change what is quoted: kinds of quotation marks and dashes, spaces, case.

    >>> normalised("He said: “No”") == normalised('he said: "no"')
    True
    """
    return " ".join(text.translate(_FOLDS).lower().split())
