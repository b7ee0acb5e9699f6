"""A sentence of an answer as a claim: whether it says anything, what it quotes, when it is the very words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.facts import folded, is_german, names
from assistant.quantities import numbers
from index.passages import sentences
from index.words import stems

VERBATIM_SHARE = 0.5  # the share of a claim's letters inside quotation marks that makes it a quotation
_LEAST_WORDS = 2  # a sentence with fewer says nothing that could be checked
_ASKED_BACK = 1  # telling words of a question that claims nothing ("Who knows?"); with more it may insinuate

QUOTE = re.compile(r"“([^“”]+)”|\"([^\"]+)\"|„([^„“”]+)[“”]|«([^«»]+)»|(?<!\w)‘([^‘’]{12,})’(?!\w)")
_MARKS = re.compile(r"\s?[\[【]\s?\d{1,4}(?:\s?[,;–-]\s?\d{1,4}){0,9}\s?[\]】]")
_REFERENCE = r"(?:passages?|sources?|articles?) \d{1,3}(?:(?:, | and |, and | & )\d{1,3})*"
_REFERRED = re.compile(
    rf"\s?\((?:(?:in|from|see) )?{_REFERENCE}\)|^\W*{_REFERENCE}:\s|(?<=\w )\b{_REFERENCE}|^{_REFERENCE}",
    re.IGNORECASE,
)  # "(passage 2)", written where a mark would be
_HALVES = re.compile(r"[\ud800-\udfff]")  # of characters: no text, which no tokenizer takes
_BULLET = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+|\*\*")
_SILENCE = re.compile(
    r"^\W*(?:(?:however|unfortunately|but|note that|also),? )?(?:none of )?"
    r"(?:the|these|any of the|my|our)?\s?(?:\w+ )?"
    r"(?:articles?|passages?|sources?|reports?|texts?)"
    r"(?: \w+){0,2} (?:do(?:es)? not|don[’']t|doesn[’']t|did not|cannot)"
    r" (?:say|mention|state|specify|tell|report|contain|provide|give|answer|name)\b(?P<of>[^:;]{0,160})$",
    re.IGNORECASE,
)
_ASKS_ON = re.compile(
    r",? (?:and|or|nor) (?=(?:who|whom|whose|what|which|when|where|why|how|whether|if)\b)", re.IGNORECASE
)
# What a sentence goes on with, and may say more than that the articles do not say.
_GOES_ON = re.compile(
    r"[,()\[\]–—]|\s-+\s|[.!?…]\W*\s\w|\bthat\b(?!\W*$)|\b(?:and|but|although|though|however|yet|because|since|as|"
    r"so|while|whereas|whilst|despite|except|only|instead|besides|unless|until|after|before)\b",
    re.IGNORECASE,
)
# "Here is a summary in 74 words:"
_ANNOUNCED = re.compile(
    r"^\W*(?:sure\W+)?here(?: is|[’']s) (?:a|the|my) (?:[a-z]+ ){0,2}(?:summary|answer|overview|list)\b"
)
_FOLDS = str.maketrans(
    dict.fromkeys("“”„«»", '"') | dict.fromkeys("‘’‚′`", "'") | dict.fromkeys("–—―‐‑", "-")
)


def claim_spans(text: str, question: str = "") -> list[tuple[int, int]]:
    """Find the sentences of a text that say something which can be checked, (start, end) each.

    What the `question` holds that the text answers is nothing new in "the articles do not say", nor in a
    question asked back.
    """
    whole = _HALVES.sub("\ufffd", text)
    language = "de" if is_german(whole) else "en"  # which has a full stop in "12. Juni"
    spans = sentences(whole, language)
    return [(start, end) for start, end in spans if _says_something(whole[start:end], question)]


def says_nothing(sentence: str, question: str = "") -> bool:
    """Tell whether a sentence says that the articles do not say, and nothing else.

    >>> says_nothing("The articles do not say who paid for it.")
    True
    >>> says_nothing("The articles do not say more, but the mayor paid for it.")
    False
    """
    silence = _SILENCE.search(sentence)
    if silence is None or _GOES_ON.search(_ASKS_ON.sub(" ", silence["of"])):
        return False
    return not _brings_in(sentence, question)


def _says_something(sentence: str, question: str) -> bool:
    plain = _stripped(sentence)
    if not stems(plain) or len(plain.split()) < _LEAST_WORDS or says_nothing(plain, question):
        return False
    if plain.endswith("?"):
        new = set(stems(plain)) - set(stems(question))
        return len(new) > _ASKED_BACK or _brings_in(plain, question)
    if _ANNOUNCED.search(plain.lower()) and plain.endswith(":"):
        return bool(names(plain))
    return not plain.endswith(":") or _brings_in(plain, question)


def _brings_in(sentence: str, question: str) -> bool:
    """Tell whether a sentence has a name or a number that the question has not."""
    asked, known = set(folded(question).split()), numbers(question)
    return any(not asked.issuperset(name) for name in names(sentence)) or any(
        not any(number.agrees(one) for one in known) for number in numbers(sentence)
    )


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


def letters(text: str) -> str:
    """Give the letters and digits of a text alone; a text without any, as it is."""
    return "".join(re.findall(r"[^\W_]", text.lower())) or text.strip()


def normalised(text: str) -> str:
    """Fold what does not change what is quoted: kinds of quotation marks and dashes, spaces, case.

    >>> normalised("He said: “No”") == normalised('he said: "no"')
    True
    """
    return " ".join(text.translate(_FOLDS).lower().split())
