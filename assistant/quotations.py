"""What an article has in quotation marks: where it stands, and whether it goes on from a paragraph before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

# What opens a quotation, and what closes it. German opens with the sign that English closes with, and French
# guillemets point inwards in German.
_CLOSERS = {"“": "”", "„": "“”", "«": "»", "»": "«", '"': '"', "‘": "’"}
_SIGNS = '“”„«»"‘’'
_MARK = re.compile(rf"[{_SIGNS}]")
_LINE = re.compile(rf"^[^{_SIGNS}\n]*[{_SIGNS}].*", re.MULTILINE)  # no other begins or ends anything
_OPENS = re.compile(r"(?:^|(?<=[\s(\[—–/-]))$")  # what a sign that both opens and closes opens behind
_LEAST_CHARACTERS = 12  # inside single marks; with fewer they are an apostrophe, or around a word
_NEXT_LINE = re.compile(r"\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Quoted:
    """The words between two quotation marks, `text[start:end]`; those quoted inside them belong to them.

    A quotation over several paragraphs is one of these for each; `goes_on` tells that it is not the first.
    """

    start: int
    end: int
    goes_on: bool = False


@lru_cache(maxsize=64)
def quotations(text: str) -> tuple[Quoted, ...]:
    r"""Find the quotations of a text, in order; one that is never closed, nor goes on, is none.

    >>> words = "“We ask for ‘peace’.\n\n“And for bread,” he said. „Wir bitten“, sagte er."
    >>> [words[one.start : one.end] for one in quotations(words)]
    ['We ask for ‘peace’.', 'And for bread,', 'Wir bitten']
    """
    found: list[Quoted] = []
    opened = ""  # the sign of a quotation that the paragraphs before have left open
    for line in _LINE.finditer(text):
        own, left = _in_line(text, *line.span(), opened)
        found += own
        opened = left if left and _continues(text, line.end(), left) else ""
        if left and not opened and own:
            found.pop()  # nobody knows where it ends
    return tuple(found)


def _in_line(text: str, start: int, end: int, opened: str) -> tuple[list[Quoted], str]:
    """Find the quotations of a paragraph, and the sign of the last one if it is left open."""
    found: list[Quoted] = []
    at, goes_on = start, bool(opened)
    if opened:  # the paragraph may begin with the sign again
        first = re.compile(r"\s*").match(text, start, end)
        at = first.end() if first else start
        at += text.startswith(opened, at)
    while True:
        if not opened:
            begin = next(_openings(text, at, end), None)
            if begin is None:
                return found, ""
            opened, at = text[begin], begin + 1
        close = _closing(text, at, end, opened)
        if close is None and (again := text.find(opened, at, end)) >= 0:  # never closed, and another begins
            at, opened, goes_on = again, "", False
            continue
        last = end if close is None else close
        found.append(Quoted(at, at + len(text[at:last].rstrip()), goes_on))
        if close is None:
            return found, opened
        if opened == "‘" and last - at < _LEAST_CHARACTERS:
            found.pop()
        at, opened, goes_on = close + 1, "", False


def _openings(text: str, start: int, end: int) -> Iterator[int]:
    """Give the places at which a quotation opens, from a place that is in none."""
    for mark in _MARK.finditer(text, start, end):
        at = mark.start()
        sign = mark[0]
        if sign in "“„«" or (sign in '"‘»' and _is_before_words(text, at)):
            yield at


def _is_before_words(text: str, at: int) -> bool:
    before, after = text[max(at - 1, 0) : at], text[at + 1 : at + 2]
    return bool(_OPENS.search(before)) and bool(after.strip())


def _closing(text: str, start: int, end: int, opened: str) -> int | None:
    """Find the sign that closes a quotation: those opened and closed inside it are passed over."""
    depth = 0
    for mark in _MARK.finditer(text, start, end):
        at, sign = mark.start(), mark[0]
        if sign in _CLOSERS[opened] and not _is_apostrophe(text, at):
            if not depth:
                return at
            depth -= 1
        elif sign == opened:
            if text.count(_CLOSERS[opened], at, end) < 2:  # the sign before was never closed
                return None
            depth += 1
    return None


def _is_apostrophe(text: str, at: int) -> bool:
    return text[at] == "’" and text[at + 1 : at + 2].isalnum()


def _continues(text: str, end: int, opened: str) -> bool:
    """Tell whether the next paragraph begins with the sign again, or closes what was left open."""
    following = _NEXT_LINE.match(text, end)
    if following is None:
        return False
    mark = _MARK.search(text, following.end())
    if mark is None or "\n" in text[following.end() : mark.start()]:
        return False
    if mark[0] == opened and not text[following.end() : mark.start()].strip():
        return opened != "‘"
    return mark[0] in _CLOSERS[opened] and opened not in '"‘'
