"""Days of an event that an article's own correction sets right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.witnesses import Witness
from index.corrections import corrections
from index.intervals import Interval
from index.times import remembered_days
from index.types import Article

_CLAUSE = re.compile(r"[;.]\s|,\s(?=not\b|as\b|nicht\b|wie\b)|\s(?=(?:and )?not\b|rather than\b|statt\b)")
_HEADING = re.compile(r"^\W*[^:\n]{1,70}:\s")  # "Correction, 2 May:"
_AMENDED = re.compile(  # on which day, is no day of the event
    r"\b(?:amended|corrected|clarified|updated|changed|retracted|"
    r"korrigiert|berichtigt|geändert)(?: (?:on|am))? $",
    re.IGNORECASE,
)
_WRONG = re.compile(
    r"\b(?:version|fassung|originally|initially|wrong\w*|incorrect\w*|mis\w+ed|not|rather than|"
    r"nicht|statt|falsch\w*|fälschlich\w*|ursprünglich)\b",
    re.IGNORECASE,
)


def corrected(found: Sequence[Witness]) -> list[Witness]:
    """Take out the days that the witness's own article says were wrong, and strengthen the right one.

    "An earlier version said 7 May; it was 4 May", "on 4 May, not on 7 May". Where a correction names but the
    right day, no other of its article counts.
    """
    articles = {one.passage.article.id: one.passage.article for one in found}
    named = {name: _named(article) for name, article in articles.items()}
    best = {name: max(_weights(found, name)) for name in articles}
    kept = []
    for one in found:
        name = one.passage.article.id
        right, wrong = named[name]
        if one.interval in right:
            kept.append(replace(one, weight=best[name]))
        elif one.interval not in wrong and (wrong or not right):
            kept.append(one)
    return kept


def _weights(found: Iterable[Witness], article: str) -> list[float]:
    return [one.weight for one in found if one.passage.article.id == article]


def _named(article: Article) -> tuple[list[Interval], list[Interval]]:
    """Give the days that an article's corrections say are right, and those that they say were wrong."""
    right: list[Interval] = []
    wrong: list[Interval] = []
    for start, end in corrections(article):
        for clause in _CLAUSE.split(_HEADING.sub("", article.text[start:end])):
            told = remembered_days(clause, article.published_day)
            days = [one.interval for one in told if not _AMENDED.search(clause[: one.start])]
            (wrong if _WRONG.search(clause) else right).extend(days)
    return [one for one in right if one not in wrong], wrong
