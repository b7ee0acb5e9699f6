"""The marks a model writes, and the passages they name: one parser for text that grows and for the whole."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from index.types import Passage

_LETTERS = "bcdfghjklmnpqrstvwxz"  # no vowels, so no words
_TRIES = 20
_LONGEST_MARK = 120  # characters; what is open for longer is no mark
_OPEN, _CLOSE = r"\[【［⟦", r"\]】］⟧"
# What stands in brackets and can only be a mark: numbers and handles, with what joins them.
_MARK = re.compile(rf"[ \t]{{0,3}}[{_OPEN}](?P<inner>[^{_OPEN}{_CLOSE}\n]{{1,{_LONGEST_MARK}}})[{_CLOSE}]")
_PART = re.compile(
    r"(?P<handle>[a-z]{2,9}\d{1,3})(?:[.:#/](?P<first>\d{1,3})(?:[-–—](?:[a-z]{2,9}\d{1,3}[.:])?(?P<last>\d{1,3}))?)?",
    re.I,
)
_FURTHER = re.compile(r"(?P<first>\d{1,3})(?:[-–—](?P<last>\d{1,3}))?")
_NUMBERS = re.compile(r"[\s^]*\d{1,4}(?:[\s,;–—-]+\d{1,4})*\s*")
_NUMBER_LEFT = re.compile(r"\[(\s{0,3}\d{1,9}\s{0,3})\]")  # after what stood in between was taken out
_UNFINISHED = re.compile(rf"[ \t]{{0,3}}[{_OPEN}][^{_CLOSE}\n]{{0,{_LONGEST_MARK}}}\Z|(?<![ \t])[ \t]+\Z")


@dataclass(frozen=True, slots=True)
class Reference:
    """A sentence of a passage that a model named: `sentence` counts from 1, None for the whole passage."""

    passage: Passage
    sentence: int | None

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Where the sentences named stand in the article, (start, end) each."""
        if self.sentence is None:
            return self.passage.sentences
        return self.passage.sentences[self.sentence - 1 : self.sentence]


@dataclass(frozen=True, slots=True)
class Written:
    """A text with its marks taken out: `marks` are where each stood in `text`, and what it named."""

    text: str
    marks: tuple[tuple[int, tuple[Reference, ...]], ...]


def handles(passages: Sequence[Passage], used: Iterable[str] = ()) -> dict[str, Passage]:
    """Name each passage: two letters that stand nowhere in the texts or in what was `used`, and a number.

    The letters change from question to question, so that no article can know them, and no mark of an earlier
    turn can be one of this turn's.
    """
    texts = " ".join([*map(_shown, passages), *used]).lower()
    for tries in count():
        length = 2 + tries // _TRIES  # an article that holds every short one only makes them longer
        letters = "".join(secrets.choice(_LETTERS) for _ in range(length))
        if not re.search(rf"{letters}\d", texts):
            break
    return {f"{letters}{number}": passage for number, passage in enumerate(passages, 1)}


def _shown(passage: Passage) -> str:
    article = passage.article
    return f"{passage.text} {article.title} {article.outlet} {article.byline}"


def read(text: str, named: Mapping[str, Passage], *, final: bool = True) -> Written:
    """Take the marks out of a text: [qx1.2], 【QX1.2】, [qx1.2-3, qx4.1], [qx1.2, 4].

    Handles that name nothing, and numbers in brackets, which only this code may give, are dropped. With
    `final` false the end is held back that may be the beginning of a mark: the text read from any two
    pieces is then the beginning of the text read from the whole.
    """
    if not final:
        text = _UNFINISHED.sub("", text)
    plain, marks, at = "", [], 0
    for found in _MARK.finditer(text):
        references = _references(found["inner"], named)
        if references is None:
            continue
        plain += text[at : found.start()]
        at = found.end()
        if references:
            marks.append((len(plain), references))
    plain = _NUMBER_LEFT.sub(r"(\1)", plain + text[at:])
    if not final:
        plain = _UNFINISHED.sub("", plain)
        marks = [mark for mark in marks if mark[0] <= len(plain)]
    return Written(plain, tuple(marks))


def _references(inner: str, named: Mapping[str, Passage]) -> tuple[Reference, ...] | None:
    """Read what stands in brackets: what it names, () where that is nothing, None where it is no mark."""
    if _NUMBERS.fullmatch(inner):
        return ()
    found: dict[Reference, None] = {}
    current: Passage | None = None
    is_mark = False
    for word in re.split(r"[,;&|+†\s]+", inner.strip().strip("^*_")):
        part = _PART.fullmatch(word)
        if part is not None:
            is_mark = True
            current = named.get(part["handle"].lower())
        elif is_mark:
            part = _FURTHER.fullmatch(word)
        elif word and word.lower() not in ("and", "source", "sources", "see"):
            return None
        if part is not None and current is not None:
            found |= dict.fromkeys(_named(current, part))
    return tuple(found) if is_mark else None


def _named(passage: Passage, part: re.Match[str]) -> list[Reference]:
    count = len(passage.sentences)
    if part["first"] is None:
        return [Reference(passage, None)]
    first, last = int(part["first"]), int(part["last"] or part["first"])
    inside = [Reference(passage, number) for number in range(max(first, 1), min(last, count) + 1)]
    return inside or [Reference(passage, None)]
