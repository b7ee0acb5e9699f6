"""The marks a model writes, and the passages they name: one parser for text that grows and for the whole."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count

from index.types import Passage

_LETTERS = "bcdfghjklmnpqrstvwxz"  # no vowels, so no words
_TRIES = 20
_LONGEST_MARK = 120  # characters in brackets; what is open for longer is no mark
_LONGEST_PLACE = 80  # characters of one sentence's name, however it is written
HANDLE = rf"[{_LETTERS}]{{2,9}}\d{{1,9}}"  # of any request: who cleans a text before it is read spares these

_OPEN, _CLOSE = r"\[【［⟦", r"\]】］⟧"
_ROUND, _ROUND_CLOSE = r"({（", r")}）"  # numbers in these are nobody's marks
_IN_BRACKETS = rf"[^{_OPEN}{_CLOSE}{_ROUND}{_ROUND_CLOSE}\n]"
_ANY_OPEN, _ANY_CLOSE = rf"[{_OPEN}{_ROUND}]", rf"[{_CLOSE}{_ROUND_CLOSE}]"
_NUMBERS = r"[ \t^]*\d+(?:[ \t,;–—-]+\d+)*[ \t]*"
_WORDS = frozenset(
    "and article articles from in passage passages see sentence sentences source sources".split()
)
_BETWEEN_WORDS = re.compile(r"[^\w.:#/–—-]+")
_FURTHER = re.compile(r"(?P<first>\d{1,9})(?:[-–—](?P<last>\d{1,9}))?")
_JOINS = re.compile(r"[ \t]{0,3}[,;&|+†]?[ \t]{0,3}")  # two marks, which go together
_NUMBER_LEFT = re.compile(r"\[([ \t]*\d+[ \t]*)\]")  # after what stood in between was taken out
_NUMBER_OPEN = re.compile(rf"[{_OPEN}][ \t\d,;^–—-]*\Z")
_BRACKET_OPEN = re.compile(
    rf"{_ANY_OPEN}(?:[ ]?{_ANY_OPEN}(?P<twice>{_IN_BRACKETS}{{0,{_LONGEST_MARK}}})(?:{_ANY_CLOSE}[ ]?)?|"
    rf"(?P<once>{_IN_BRACKETS}{{0,{_LONGEST_MARK}}}))\Z"
)


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
    """Take the marks out of a text: [qx1.2], (qx1.2), qx1.2, [[qx1.2]], [Passage QX1.2-3, qx4.1], [qx1.2, 4].

    A mark is what has the letters of this request's handles, in brackets or without; one that names nothing
    is dropped, and so are numbers in brackets, which only this code may give. All else stays. With `final`
    false the end is held back that may be the beginning of a mark: the text read from any two pieces is then
    the beginning of the text read from the whole.
    """
    letters = next(iter(named), "").rstrip("0123456789")
    if not final:
        text = _settled(text, letters)
    plain, marks, at, look = "", list[tuple[int, tuple[Reference, ...]]](), 0, 0
    while found := _mark(letters).search(text, look):
        references = _references(found, named, letters)
        if references is None:
            look = found.end("spaces") + 1
            continue
        between = text[at : found.start()]
        plain += "" if at and _JOINS.fullmatch(between) else between
        at = look = found.end()
        if references:
            marks.append((len(plain), references))
    rest = text[at:]
    plain += "" if at and not final and _JOINS.fullmatch(rest) else rest
    plain = _NUMBER_LEFT.sub(r"(\1)", plain)
    if not final:
        plain = _NUMBER_OPEN.sub("", plain).rstrip(" \t")
        marks = [mark for mark in marks if mark[0] <= len(plain)]
    return Written(plain, tuple(marks))


@lru_cache(maxsize=64)
def _place(letters: str) -> re.Pattern[str]:
    """Read the name of a passage or of its sentences: qx1, qx1.2, qx1.2-4, qx1.2-qx1.4."""
    return re.compile(
        rf"{letters or '(?!)'}(?P<passage>\d{{1,9}})(?:[.:#/](?P<first>\d{{1,9}})"
        rf"(?:[-–—](?:{letters}\d{{1,9}}[.:])?(?P<last>\d{{1,9}}))?)?",
        re.IGNORECASE,
    )


@lru_cache(maxsize=64)
def _mark(letters: str) -> re.Pattern[str]:
    """Find what may be a mark: what stands in brackets, once or twice, and a name that stands alone."""
    inner = rf"{_IN_BRACKETS}{{1,{_LONGEST_MARK}}}"
    bare = re.sub(r"\(\?P<\w+>", "(?:", _place(letters).pattern)
    return re.compile(
        rf"(?P<spaces>[ \t]{{0,3}})(?:"
        rf"[{_OPEN}]{_NUMBERS}[{_CLOSE}]|"
        rf"{_ANY_OPEN}[ ]?{_ANY_OPEN}(?P<twice>{inner}){_ANY_CLOSE}[ ]?{_ANY_CLOSE}|"
        rf"{_ANY_OPEN}(?P<once>{inner}){_ANY_CLOSE}|(?<![a-z0-9])(?P<bare>{bare}))",
        re.IGNORECASE,
    )


def _references(
    found: re.Match[str], named: Mapping[str, Passage], letters: str
) -> tuple[Reference, ...] | None:
    """Read what may be a mark: what it names, () where that is nothing, None where it is no mark."""
    inner = found["twice"] or found["once"] or found["bare"]
    square = not set(found[0]).isdisjoint("[【［⟦")
    if inner is None or (square and re.fullmatch(_NUMBERS, inner)):
        return ()
    references: dict[Reference, None] = {}
    current: Passage | None = None
    is_mark = False
    for word in _words(inner):
        if part := _place(letters).fullmatch(word):
            is_mark = True
            current = named.get(f"{letters}{int(part['passage'])}")
        elif not (part := _FURTHER.fullmatch(word)) and word.lower() not in _WORDS:
            return None
        if part is not None and current is not None:
            references |= dict.fromkeys(_named(current, part))
    return tuple(references) if is_mark else None


def _words(inner: str) -> list[str]:
    return [word for piece in _BETWEEN_WORDS.split(inner) if (word := piece.strip("._:#/–—-"))]


def _named(passage: Passage, part: re.Match[str]) -> list[Reference]:
    count = len(passage.sentences)
    if part["first"] is None:
        return [Reference(passage, None)]
    first, last = int(part["first"]), int(part["last"] or part["first"])
    inside = [Reference(passage, number) for number in range(max(first, 1), min(last, count) + 1)]
    return inside or [Reference(passage, None)]


def _settled(text: str, letters: str) -> str:
    """Give the beginning of a text in which nothing that follows can make a mark or end one."""
    ends = [len(text)]
    opened = max(map(text.rfind, "[【［⟦"))
    if opened >= 0 and _NUMBER_OPEN.match(text, opened):
        ends.append(opened)
    bracket = _BRACKET_OPEN.search(text, max(0, len(text) - _LONGEST_MARK - 4))
    if bracket and _may_go_on(bracket["twice"] or bracket["once"] or "", letters):
        ends.append(bracket.start())
    if bare := _unfinished(letters).search(text):
        ends.append(bare.start())
    return text[: min(ends)].rstrip(" \t")


@lru_cache(maxsize=64)
def _unfinished(letters: str) -> re.Pattern[str]:
    """Find the end of a text that is the name of a sentence, or may become one."""
    begun = "|".join(letters[:length] for length in range(1, len(letters) + 1)) or "(?!)"
    return re.compile(rf"(?<![a-z0-9])(?:{begun}|{letters or '(?!)'}\d[a-z\d.:#/–—-]*)\Z", re.IGNORECASE)


def _may_go_on(inner: str, letters: str) -> bool:
    """Tell whether what an open bracket holds can still become a mark; its last word may be half of one."""
    *whole, last = _BETWEEN_WORDS.split(inner)
    known = (
        word.lower() in _WORDS or _FURTHER.fullmatch(word) or _place(letters).fullmatch(word)
        for piece in whole
        for word in _words(piece)
    )
    return all(known) and len(last) <= _LONGEST_PLACE
