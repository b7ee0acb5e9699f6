"""What has become of the articles an answer cites since it was given: changed, corrected, or gone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.in_words import counted, day_in_words, in_quotation_marks
from assistant.markup import cited
from assistant.types import Answer, Citation, Source
from index.corrections import corrections
from index.types import Article

if TYPE_CHECKING:
    from index.library import ArticleIndex

_NOTE_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class Change:
    """A cited article that is not what it was; `now` is None where it was removed.

    `lost` are the citations whose words do not stand in the article any more.
    """

    kind: Literal["corrected", "changed", "removed"]
    source: Source
    now: Article | None
    lost: tuple[Citation, ...]


def changes(answer: Answer, index: ArticleIndex) -> tuple[Change, ...]:
    """Compare the sources of an answer, saved ones too, with the articles as they are now."""
    return tuple(change for source in answer.sources if (change := _change(answer, source, index)))


def _change(answer: Answer, source: Source, index: ArticleIndex) -> Change | None:
    before = source.article
    try:
        now = index.article(before.id)
    except KeyError:
        return Change("removed", source, None, tuple(cited(answer, before)))
    if now.version == before.version:
        return None
    lost = tuple(citation for citation in cited(answer, before) if citation.quote not in now.text)
    return Change("corrected" if _new_notes(before, now) else "changed", source, now, lost)


def _new_notes(before: Article, now: Article) -> list[str]:
    return [note for note in _notes(now) if note not in before.text]


def _notes(article: Article) -> list[str]:
    return [article.text[start:end] for start, end in corrections(article)]


def in_words(change: Change) -> str:
    """Say in a sentence or two what happened to a source."""
    who = f"[{change.source.number}] {change.source.article.label}"
    if change.now is None:
        return f"{who} is no longer in the collection."
    day = change.now.written_day
    when = f" on {day_in_words(day)}" if day and day != change.source.article.written_day else ""
    lost = f"; {counted(len(change.lost), 'quotation')} no longer there" if change.lost else ""
    told = f"{who} was {change.kind}{when}{lost}."
    notes = _new_notes(change.source.article, change.now)
    return f"{told} {_shown(notes[0])}" if notes else told


def later_warnings(answer: Answer) -> tuple[str, ...]:
    """Say of each source whose text came here anew only after the day that the question was asked on."""
    came = ((one.number, one.article.renewed) for one in answer.sources)
    return tuple(
        f"[{number}] is a version that came on {day_in_words(day)}, after the day asked on."
        for number, day in came
        if answer.as_of and day and day > answer.as_of
    )


def correction_warnings(sources: Iterable[Source]) -> tuple[str, ...]:
    """Say of each source that carries a correction what it says, one sentence a source."""
    found = [(source, _notes(source.article)) for source in sources]
    return tuple(
        f"[{source.number}] carries a correction: {_shown(notes[0])}" for source, notes in found if notes
    )


def _shown(note: str) -> str:
    cut = note if len(note) <= _NOTE_CHARACTERS else f"{note[:_NOTE_CHARACTERS].rpartition(' ')[0]} …"
    return in_quotation_marks(cut)
