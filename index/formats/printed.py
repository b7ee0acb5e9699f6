"""Lines as they are set on paper, joined to the paragraphs they were broken from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.credits import Credit, read_credit

_SAME_SIZE = 0.08  # of the size of letters; more makes another kind of line
_SAME_COLUMN = 3.0  # sizes between the beginnings of two lines of one column, at the most
_INDENT = 0.6  # sizes that a first line stands in, at the least
_NEXT_LINE = 2.2  # sizes down from a line to the next of a paragraph, at the most
_WIDER = 1.25  # times the usual distance between lines makes a paragraph
_FULL = 0.85  # of the widest line around; where the next word had room, a paragraph ended
_MARGIN = 0.12  # of a page's height, above and below, where its head and foot stand
_SAME_HEIGHT = 4.0  # points
_SENTENCE_END = re.compile(r"[.!?…:。！？][\"'”’»)\]]*$")
_HYPHEN = re.compile(r"(?P<first>[^\W\d_]{2,})(?P<hyphen>[-\u2010\xad])$")
_REST = re.compile(r"(?P<rest>[^\W\d_]{2,})")
_WORD = re.compile(r"[^\W\d_]{2,}")
_PAGE_NUMBER = re.compile(
    r"[-–—|\s]*(?:(?:page|seite|p\.|s\.|página|pagina)\s*)?[a-z]?\d{1,4}(?:\s*(?:/|of|von|de|sur)\s*\d{1,4})?[-–—|\s]*",
    re.IGNORECASE,
)
_PART_END = re.compile(r"\s*[|·•]\s*|\s+[–—-]\s+")
_PRINTED_AT = re.compile(  # what browsers print over a page, and under it
    r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4},? \d{1,2}:\d{2}(?: ?[ap]\.?m\.?)?\b.*"
    r"|(?:https?|file)://\S+(?:\s+\d{1,4}\s?/\s?\d{1,4})?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page: its beginning, in points from the lower left corner, and its letters' size."""

    text: str
    x: float
    y: float
    size: float
    page: int
    height: float  # of the page


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that were joined, the size of their letters, and the page they begin on."""

    text: str
    size: float
    page: int


def without_margins(lines: Sequence[Line]) -> list[Line]:
    """Leave out page numbers, and the heads and feet that several pages have in the same place."""
    pages = len({line.page for line in lines})
    repeated = Counter(
        key[1:] for key in {(line.page, *_place(line)) for line in lines if _is_marginal(line)}
    )
    return [
        line
        for line in lines
        if not _is_marginal(line)
        or not (
            _PAGE_NUMBER.fullmatch(line.text)
            or _PRINTED_AT.fullmatch(line.text)
            or (any(map(_PAGE_NUMBER.fullmatch, _parts(line.text))) and _credit(line.text).is_dated)
            or repeated[_place(line)] >= max(2, (pages + 1) // 2)
        )
    ]


def head_credit(lines: Sequence[Line]) -> Credit:
    """Read what the head or foot of a page says of the paper: its name and day, beside a page's number."""
    read = (_credit(line.text) for line in lines if _is_marginal(line))
    return next((credit for credit in read if credit.outlet and credit.is_dated), Credit())


def paragraphs_of_lines(lines: Sequence[Line], words: Collection[str] = ()) -> list[Paragraph]:
    """Join lines to paragraphs.

    A word that was parted at the end of a line loses its hyphen where that is safe: the whole word stands
    elsewhere in the text or among `words`, or neither of its parts does.
    """
    known = {word.casefold() for line in lines for word in _WORD.findall(_HYPHEN.sub("", line.text))}
    known.update(words)
    leading, widths = _leading(lines), _widths(lines)
    paragraphs: list[Paragraph] = []
    for place, line in enumerate(lines):
        if place and _goes_on(lines[place - 1], line, leading, widths[place - 1]):
            whole = paragraphs[-1]
            paragraphs[-1] = replace(whole, text=joined(whole.text, line.text, known))
        else:
            paragraphs.append(Paragraph(line.text, line.size, line.page))
    return [replace(one, text=one.text.replace("\xad", "")) for one in paragraphs]


def joined(text: str, line: str, known: Collection[str]) -> str:
    """Join a line to the text before it.

    >>> joined("the presi-", "dent spoke", {"president"})
    'the president spoke'
    >>> joined("short-", "range missiles", {"short", "range"})
    'short-range missiles'
    """
    parted, rest = _HYPHEN.search(text), _REST.match(line)
    if not parted or not rest:
        return f"{text} {line}"
    first, second = parted["first"].casefold(), rest["rest"].casefold()
    whole = first + second in known or not {first, second} & set(known)
    if parted["hyphen"] == "\xad" or (rest["rest"][0].islower() and whole):
        return text[: parted.start("hyphen")] + line
    return text + line


def is_printed_by_browser(lines: Sequence[Line]) -> bool:
    """Tell whether a browser printed a page: it puts day and title over it, and the address under it."""
    return any(_is_marginal(line) and _PRINTED_AT.fullmatch(line.text) for line in lines)


def _is_marginal(line: Line) -> bool:
    return not _MARGIN * line.height < line.y < (1 - _MARGIN) * line.height


def _parts(text: str) -> list[str]:
    return [part for part in _PART_END.split(text) if part] or [text]


def _credit(text: str) -> Credit:
    """Read a head without the page's number."""
    parts = [part for part in _parts(text) if not _PAGE_NUMBER.fullmatch(part)]
    return read_credit(" | ".join(parts)) or Credit()


def _place(line: Line) -> tuple[str, int]:
    """Write what a head or foot says without its numbers, and where it stands."""
    return re.sub(r"\d+", "0", line.text), round(line.y / _SAME_HEIGHT)


def _leading(lines: Sequence[Line]) -> dict[int, float]:
    """Find for each size of letters how far one line usually is from the next."""
    found: dict[int, Counter[float]] = {}
    for one, other in pairwise(lines):
        if _is_below(one, other):
            found.setdefault(round(one.size), Counter())[round(one.y - other.y, 1)] += 1
    return {size: distances.most_common(1)[0][0] for size, distances in found.items()}


def _widths(lines: Sequence[Line]) -> list[int]:
    """Find for each line the most characters on one of those that stand together with it."""
    runs: list[list[int]] = []
    for place, line in enumerate(lines):
        if place and _is_below(lines[place - 1], line):
            runs[-1].append(len(line.text))
        else:
            runs.append([len(line.text)])
    return [max(run) for run in runs for _ in run]


def _is_below(one: Line, other: Line) -> bool:
    """Tell whether a line can be the next one of the same paragraph and column."""
    same = abs(one.size - other.size) <= _SAME_SIZE * one.size and one.page == other.page
    down = 0 < one.y - other.y <= _NEXT_LINE * one.size
    return same and down and abs(one.x - other.x) <= _SAME_COLUMN * one.size


def _goes_on(one: Line, other: Line, leading: dict[int, float], width: int) -> bool:
    """Tell whether a line goes on in the next: right below, or at the top of another column or page."""
    if abs(one.size - other.size) > _SAME_SIZE * one.size:
        return False
    ends = bool(_SENTENCE_END.search(one.text))
    full = len(one.text) + 1 + len(other.text.split(maxsplit=1)[0]) > _FULL * width
    within = not ends and (other.text[0].islower() or one.text.endswith((",", "-", "\xad")))
    if not _is_below(one, other):
        moved = one.page != other.page or other.y > one.y
        return moved and (within or (full and not ends))
    if one.y - other.y > _WIDER * leading[round(one.size)] or not (full or within):
        return False
    return other.x - one.x < _INDENT * one.size or not ends
