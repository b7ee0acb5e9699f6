"""Where reports differ on figures, days, names, yes and no, and what a later one replaces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain
from typing import Literal

from assistant.compare.denials import differing_answers
from assistant.compare.framing import is_later_word
from assistant.compare.naming import differing_days, differing_hours, differing_names
from assistant.compare.reports import Difference, Value, reports
from assistant.compare.tallies import differing_figures
from assistant.expected import wanted
from assistant.in_words import dateline
from assistant.types import Citation, Disagreement
from index.types import Hit, outlet_key


def disagreements(question: str, hits: Sequence[Hit], as_of: date | None = None) -> tuple[Disagreement, ...]:
    """Find where the articles of the hits differ on what a question asks, each value with its sentence.

    Only different articles are compared, and of copies what one has otherwise than the other. An "update"
    ends in the value that holds now, a "conflict" does not. What was written after `as_of` is left out.
    """
    asked = wanted(question)
    found = reports(question, asked, hits, as_of)
    differences = chain(
        differing_figures(question, asked, found),
        differing_days(asked, found),
        differing_hours(asked, found),
        differing_names(asked, found),
        differing_answers(asked, found),
    )
    return tuple(_disagreement(group) for group in _joined(differences))


def as_sentence(disagreement: Disagreement) -> tuple[str | Citation, ...]:
    """Say a disagreement in one sentence: its pieces in order, a citation where its mark goes."""
    *earlier, last = disagreement.values
    gives, gave = ("says", "said") if disagreement.about.startswith("whether ") else ("gives", "gave")
    if disagreement.kind == "conflict":
        return (f"Reports differ on {disagreement.about}: ", *_listed(disagreement.values), ".")
    ones = "an earlier one" if len(earlier) == 1 else "earlier ones"
    opening = f"On {disagreement.about}, a later report {gives} "
    return (opening, *_listed([last]), f", where {ones} {gave} ", *_listed(earlier), ".")


def _listed(values: Sequence[tuple[str, Citation]]) -> list[str | Citation]:
    """Write values one after the other, each with who reported it and when."""
    pieces: list[str | Citation] = []
    for at, (value, citation) in enumerate(values):
        joint = "" if not at else " and " if at == len(values) - 1 else ", "
        pieces += [f"{joint}{value} ({dateline(citation.article)})", citation]
    return pieces


def _joined(differences: Iterable[Difference]) -> list[list[Difference]]:
    """Put together the differences about one thing: those that share a value of it."""
    groups: list[list[Difference]] = []
    for one in differences:
        touched = [group for group in groups if _ends([one]) & _ends(group)]
        groups = [group for group in groups if group not in touched]
        groups.append([*chain(*touched), one])
    return groups


def _ends(group: Sequence[Difference]) -> set[tuple[str, str]]:
    return {(one.about, value.key) for one in group for value in (one.one, one.other)}


def _disagreement(group: Sequence[Difference]) -> Disagreement:
    """Make one disagreement of its differences: every value once, as first reported, the earliest first."""
    values: dict[str, list[Value]] = {}
    every = {(value.report, value.key): value for one in group for value in (one.one, one.other)}
    for value in sorted(every.values(), key=_order):
        values.setdefault(value.key, []).append(value)
    firsts = [reported[0] for reported in values.values()]
    last = firsts[-1].key
    ends = [one for one in group if last in (one.one.key, one.other.key)]
    replaced = all(_order(old) < _order(firsts[-1]) for key in values if key != last for old in values[key])
    kind: Literal["conflict", "update"] = "update" if replaced and all(map(_replaces, ends)) else "conflict"
    return Disagreement(kind, group[0].about, tuple((one.text, one.report.citation) for one in firsts))


def _order(value: Value) -> tuple[date, bool, int]:
    return (value.report.day or date.max, is_later_word(value.report.text), value.report.order)


def _replaces(difference: Difference) -> bool:
    """Tell whether the later value takes the place of the earlier one, and does not just differ from it.

    It does where its sentence says so, where it is the same outlet's, and where the count goes on.
    """
    one, other = sorted((difference.one, difference.other), key=_order)
    first, last = one.report.day, other.report.day
    if first is None or last is None:
        return False
    if is_later_word(other.report.text):
        return first < last or not is_later_word(one.report.text)
    same_outlet = outlet_key(one.report.article.outlet) == outlet_key(other.report.article.outlet)
    return first < last and (difference.is_running or difference.is_changed or same_outlet)
