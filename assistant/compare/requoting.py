"""Where outlets quote one statement in different words: found by speaker, day and likeness."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from assistant.compare.agreeing import can_be_one, is_counted_from_now
from assistant.facts import folded
from assistant.persons import is_one
from assistant.quotations import quotations
from assistant.speakers import speakers
from assistant.types import Citation, Wording
from assistant.verify.claims import letters
from assistant.verify.overlap import rarities
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
_ALIKE, _ALIKE_UNDATED = 0.55, 0.6
_LEAST_WORDS_UNDATED = 0.5  # where nobody knows how far apart the reports are
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
    alike = sorted(
        (pair for pair, score in scored.items() if score >= _least(*pair)), key=scored.__getitem__
    )[::-1]
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
    if not _is_near(one, other) or _same_words(one.text, other.text):
        return False
    return _are_one(one, other)


def _are_one(one: _Utterance, other: _Utterance) -> bool:
    """Tell whether one person can have said both, by full names, and neither is against the other."""
    return is_one(one.speaker, other.speaker) and can_be_one(one.text, other.text)


def _is_near(one: _Utterance, other: _Utterance) -> bool:
    """Tell whether two quotations are of one week, or, where a day is not known, have so many words alike.

    Where a day is not known, "this year" may be any.
    """
    held = _held(one.text, other.text)
    if one.day and other.day:
        return held >= _LEAST_WORDS and abs((one.day - other.day).days) <= _NEAR_DAYS
    return held >= _LEAST_WORDS_UNDATED and not (
        is_counted_from_now(one.text) or is_counted_from_now(other.text)
    )


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


def _likeness(one: _Utterance, other: _Utterance, vectors: dict[str, Vectors]) -> float:
    meaning = float(vectors[one.text] @ vectors[other.text])
    return _MEANING * meaning + _WORDS * _held(one.text, other.text)


def _least(one: _Utterance, other: _Utterance) -> float:
    """Give the likeness two quotations need: more where it is not known that both are of one week."""
    return _ALIKE if one.day and other.day else _ALIKE_UNDATED


def _compete(pair: tuple[_Utterance, _Utterance], rival: tuple[_Utterance, _Utterance]) -> bool:
    """Tell whether two pairs are of the same two articles, and share a quotation."""
    of = {one.article_id for one in pair} == {one.article_id for one in rival}
    return of and any(one is other for one in pair for other in rival)


def _joined(pairs: Iterable[tuple[_Utterance, _Utterance]]) -> list[list[_Utterance]]:
    """Put together the pairs that share a quotation, as far as any two of a group can be one statement."""
    groups: list[list[_Utterance]] = []
    for pair in pairs:
        touched = [group for group in groups if any(one in group for one in pair)]
        joined = list(dict.fromkeys([*(one for group in touched for one in group), *pair]))
        if all(_fit(one, other) for one, other in combinations(joined, 2)):
            groups = [group for group in groups if group not in touched] + [joined]
    return groups


def _fit(one: _Utterance, other: _Utterance) -> bool:
    """Tell whether two quotations can stand in one group: those of one article are parts of a statement."""
    if one.article_id == other.article_id:
        return is_one(one.speaker, other.speaker)
    return _is_near(one, other) and _are_one(one, other)


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
