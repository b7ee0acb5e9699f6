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
from index.passages import Span
from index.stories import is_copy
from index.types import Hit, Passage
from index.words import stems

_COUNTS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}
_LEAST_STEMS = 2  # that a quotation has; "yes" has no wording
_NEAR_DAYS = 7  # between two reports of one statement
# From which likeness two quotations are one statement: docs/benchmarks.md, "Wordings".
_MEANING, _WORDS = 0.8, 0.2
_ALIKE, _ALIKE_UNKNOWN = 0.55, 0.7
_LEAST_WORDS = 0.1  # of the words of the shorter one, by how rare they are, that the other has


@dataclass(frozen=True, slots=True, eq=False)
class _Utterance:
    """The words of a quotation that stand in one sentence; `at` is the place of the quotation in its text.

    `is_cited` tells that its sentence is, `is_near` that this is as near to the question as what is cited.
    """

    citation: Citation
    article_id: str
    at: int
    is_cited: bool
    is_near: bool

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
    found = _utterances(question, hits, cited)
    pairs = [(one, other) for one, other in combinations(found, 2) if _may_be_one(one, other)]
    if not pairs:
        return ()
    texts = list(dict.fromkeys(one.text for pair in pairs for one in pair))
    vectors = dict(zip(texts, embed(texts), strict=True))
    scored = {pair: _likeness(*pair, vectors) for pair in pairs}
    alike = [pair for pair, score in scored.items() if score >= _least(*pair)]
    best = [
        pair
        for pair in alike
        if all(scored[pair] >= scored[rival] for rival in alike if _compete(pair, rival))
        and not is_copy(pair[0].citation.article, pair[1].citation.article)
    ]
    return tuple(_wording(group) for group in _joined(best))


def as_pieces(wording: Wording) -> tuple[str | Citation, ...]:
    """Say a statement in all its wordings: in pieces, a citation where its quotation and mark go."""
    count = _COUNTS.get(len(wording.citations), str(len(wording.citations)))
    who = f"{wording.speaker} is" if wording.speaker else "One statement is"
    pieces: list[str | Citation] = [f"{who} quoted in {count} wordings: "]
    for at, citation in enumerate(wording.citations):
        pieces += [(" and " if at == len(wording.citations) - 1 else ", ") if at else "", citation]
    return (*pieces, ".")


def _utterances(question: str, hits: Sequence[Hit], cited: Sequence[Citation]) -> list[_Utterance]:
    """Cut the quotations of the passages at their sentences, each once, and tell which are asked for."""
    asked = rarities(question)
    least = _share(asked, cited[0].quote) if cited else 1.0
    found: dict[tuple[str, int], _Utterance] = {}
    for passage in (hit.passage for hit in hits):
        text, article_id = passage.article.text, passage.article.id  # which takes a digest
        own = [one for one in cited if one.article == passage.article]
        for at, (start, end), sentence in _pieces(passage):
            is_cited = any(one.start < end and start < one.end for one in own)
            is_near = is_cited or 0 < least <= _share(asked, text[slice(*sentence)])
            if len(stems(text[start:end])) >= _LEAST_STEMS:
                one = _Utterance(Citation(passage, start, end), article_id, at, is_cited, is_near)
                found.setdefault((article_id, start), one)
    return list(found.values())


def _pieces(passage: Passage) -> Iterator[tuple[int, Span, Span]]:
    """Give the quotations as far as each stands in one sentence: its place, its span, the sentence."""
    text = passage.article.text
    for at, quoted in enumerate(quotations(text)):
        if quoted.end <= passage.start or passage.end <= quoted.start:
            continue
        for sentence in passage.sentences:
            start, end = max(quoted.start, sentence[0]), min(quoted.end, sentence[1])
            end = start + len(text[start:end].rstrip(" ,"))
            if end > start:
                yield at, (start, end), sentence


def _share(asked: dict[str, float], text: str) -> float:
    """Tell how much of what is asked a text has, its words weighed by how rare they are, 0 to 1."""
    return sum(asked[stem] for stem in asked.keys() & set(stems(text))) / (sum(asked.values()) or 1.0)


def _may_be_one(one: _Utterance, other: _Utterance) -> bool:
    """Tell whether two quotations can be one statement in other words; the cheapest tests come first."""
    concerned = one.is_cited or other.is_cited or (one.is_near and other.is_near)
    if not concerned or one.article_id == other.article_id:
        return False
    if _held(one.text, other.text) < _LEAST_WORDS:
        return False
    near = one.day is None or other.day is None or abs((one.day - other.day).days) <= _NEAR_DAYS
    if not near or _same_words(one.text, other.text):
        return False
    names = [name for name in (one.speaker, other.speaker) if name]
    return bool(names) and is_one(names[0], names[-1]) and _facts_agree(one.text, other.text)


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


def _likeness(one: _Utterance, other: _Utterance, vectors: dict[str, Vectors]) -> float:
    meaning = float(vectors[one.text] @ vectors[other.text])
    return _MEANING * meaning + _WORDS * _held(one.text, other.text)


def _least(one: _Utterance, other: _Utterance) -> float:
    """Give the likeness two quotations need: more where it is not known that one person said both."""
    return _ALIKE if one.speaker and other.speaker else _ALIKE_UNKNOWN


def _compete(pair: tuple[_Utterance, _Utterance], rival: tuple[_Utterance, _Utterance]) -> bool:
    """Tell whether two pairs are of the same two articles, and share a quotation."""
    of = {one.article_id for one in pair} == {one.article_id for one in rival}
    return of and any(one is other for one in pair for other in rival)


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
