"""Where outlets quote one statement in different words: found by speaker, day and likeness."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from assistant.facts import folded, weekdays
from assistant.quantities import numbers
from assistant.quotations import quotations
from assistant.speakers import is_one, speakers
from assistant.stance import is_denied
from assistant.types import Citation, Wording
from assistant.verify.claims import letters
from assistant.verify.overlap import rarities
from assistant.verify.roles import is_swapped
from index.arrays import Vectors
from index.embed import Embed
from index.stories import is_copy
from index.types import Hit

_COUNTS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}
_LEAST_STEMS = 2  # that a quotation has; "yes" has no wording
_NEAR_DAYS = 7  # between two reports of one statement
# From which likeness two quotations are one statement: docs/benchmarks.md, "Wordings".
_MEANING, _WORDS = 0.8, 0.2
_ALIKE = 0.53
_LEAST_WORDS = 0.1  # of the words of the shorter one, by how rare they are, that the other has


@dataclass(frozen=True, slots=True, eq=False)
class _Utterance:
    """The words of a quotation that stand in one sentence; `at` is the place of the quotation in its text."""

    citation: Citation
    article_id: str
    at: int
    is_cited: bool

    @property
    def text(self) -> str:
        return self.citation.quote

    @property
    def day(self) -> date | None:
        return self.citation.article.published_day

    @property
    def speaker(self) -> str:
        return speakers(self.citation.article.text)[self.at]


def wordings(
    question: str, hits: Sequence[Hit], cited: Sequence[Citation], embed: Embed
) -> tuple[Wording, ...]:
    """Find the statements that several articles of the hits quote, each in words of its own.

    Only statements count that `cited` holds in part, or that are as near to the question as what is cited.
    Their order is that of `cited`.
    """
    found = _utterances(hits, cited)
    pairs = [(one, other) for one, other in combinations(found, 2) if _may_be_one(one, other)]
    if not pairs:
        return ()
    texts = list(dict.fromkeys(one.text for pair in pairs for one in pair))
    vectors = dict(zip(texts, embed(texts), strict=True))
    scored = {(one, other): _likeness(one.text, other.text, vectors) for one, other in pairs}
    alike = [pair for pair, score in scored.items() if score >= _ALIKE]
    best = [
        (one, other)
        for one, other in alike
        if not is_copy(one.citation.article, other.citation.article)
        and all(scored[one, other] >= scored[rival] for rival in alike if _compete((one, other), rival))
    ]
    return tuple(_wording(group) for group in _joined(_concerning(question, best, cited, embed)))


def as_pieces(wording: Wording) -> tuple[str | Citation, ...]:
    """Say a statement in all its wordings: in pieces, a citation where its quotation and mark go."""
    count = _COUNTS.get(len(wording.citations), str(len(wording.citations)))
    who = f"{wording.speaker} is" if wording.speaker else "One statement is"
    pieces: list[str | Citation] = [f"{who} quoted in {count} wordings: "]
    for at, citation in enumerate(wording.citations):
        pieces += [(" and " if at == len(wording.citations) - 1 else ", ") if at else "", citation]
    return (*pieces, ".")


def _utterances(hits: Sequence[Hit], cited: Sequence[Citation]) -> list[_Utterance]:
    """Cut the quotations of the passages at their sentences, each once, the best hit's first."""
    found: dict[tuple[str, int], _Utterance] = {}
    for hit in hits:
        passage, article = hit.passage, hit.passage.article
        for at, quoted in enumerate(quotations(article.text)):
            for sentence in passage.sentences:
                start, end = max(quoted.start, sentence[0]), min(quoted.end, sentence[1])
                end = start + len(article.text[start:end].rstrip(" ,"))
                if len(rarities(article.text[start:end])) < _LEAST_STEMS:
                    continue
                own = any(c.article == article and c.start < end and start < c.end for c in cited)
                citation = Citation(passage, start, end)
                found.setdefault((article.id, start), _Utterance(citation, article.id, at, own))
    return list(found.values())


def _may_be_one(one: _Utterance, other: _Utterance) -> bool:
    """Tell whether two quotations can be one statement in other words; the cheapest tests come first."""
    if one.article_id == other.article_id or _held(one.text, other.text) < _LEAST_WORDS:
        return False
    near = one.day is None or other.day is None or abs((one.day - other.day).days) <= _NEAR_DAYS
    if not near or _same_words(one.text, other.text):
        return False
    named = not (one.speaker and other.speaker) or is_one(one.speaker, other.speaker)
    return named and _facts_agree(one.text, other.text)


def _same_words(one: str, other: str) -> bool:
    """Tell whether one has the other's words in a row: then there is nothing to compare."""
    mine, theirs = letters(one), letters(other)
    return mine in theirs or theirs in mine


def _held(one: str, other: str) -> float:
    """Tell how much of the shorter one's words, by how rare they are, the other has, 0 to 1."""
    mine, theirs = rarities(one), rarities(other)
    least = min(sum(mine.values()), sum(theirs.values()))
    both = sum(min(mine[stem], theirs[stem]) for stem in mine.keys() & theirs.keys())
    return both / (least or 1.0)


def _facts_agree(one: str, other: str) -> bool:
    """Tell whether neither denies the other, changes its parts, or has a number or a day against it."""
    mine, theirs = numbers(one), numbers(other)
    counts = all(any(n.agrees(m) for m in theirs) for n in mine) or all(
        any(m.agrees(n) for n in mine) for m in theirs
    )
    days = weekdays(one), weekdays(other)
    return (
        counts
        and (days[0] <= days[1] or days[1] <= days[0])
        and not is_denied(one, other)
        and not (is_swapped(one, other) or is_swapped(other, one))
    )


def _likeness(one: str, other: str, vectors: dict[str, Vectors]) -> float:
    return _MEANING * float(vectors[one] @ vectors[other]) + _WORDS * _held(one, other)


def _compete(pair: tuple[_Utterance, _Utterance], rival: tuple[_Utterance, _Utterance]) -> bool:
    """Tell whether two pairs are of the same two articles, and share a quotation."""
    of = {one.article_id for one in pair} == {one.article_id for one in rival}
    return of and any(one is other for one in pair for other in rival)


def _concerning(
    question: str,
    pairs: Sequence[tuple[_Utterance, _Utterance]],
    cited: Sequence[Citation],
    embed: Embed,
) -> Iterator[tuple[_Utterance, _Utterance]]:
    """Give the pairs of which one is cited, or both are as near to the question as what is cited."""
    yield from (pair for pair in pairs if any(one.is_cited for one in pair))
    others = [pair for pair in pairs if not any(one.is_cited for one in pair)]
    if not others or not cited:
        return
    asked, *vectors = embed([question, *(c.quote for c in cited), *(u.text for p in others for u in p)])
    near = [float(vector @ asked) for vector in vectors]
    least = min(near[: len(cited)])
    for at, pair in enumerate(others):
        if min(near[len(cited) + 2 * at :][:2]) >= least:
            yield pair


def _joined(pairs: Iterable[tuple[_Utterance, _Utterance]]) -> list[list[_Utterance]]:
    """Put together the pairs that share a quotation."""
    groups: list[list[_Utterance]] = []
    for pair in pairs:
        touched = [group for group in groups if any(one in group for one in pair)]
        groups = [group for group in groups if group not in touched]
        groups.append(list(dict.fromkeys([*(one for group in touched for one in group), *pair])))
    return groups


def _wording(group: Sequence[_Utterance]) -> Wording:
    """Make one wording of its quotations: each once, the earliest first, and of each article one."""
    ordered = sorted(group, key=lambda one: one.day or date.max)
    kept: list[_Utterance] = []
    for one in ordered:
        if not any(one.article_id == o.article_id or _same_words(one.text, o.text) for o in kept):
            kept.append(one)
    names = [one.speaker for one in ordered if one.speaker]
    speaker = max(names, key=lambda name: len(folded(name).split()), default="")
    return Wording(speaker, tuple(one.citation for one in kept))
