"""Answers made of the articles' own words: quotes, events, a list of stories, or that they do not say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from assistant.abstaining import abstention, nothing_new
from assistant.asked import Asked, as_question
from assistant.bulletin import items, newest_before
from assistant.compare import wordings
from assistant.composing import SILENT, listed, quoted, stories
from assistant.gathering import gathered, gathered_widely
from assistant.quote import Quoter
from assistant.timeline import Event, events, topic
from assistant.types import Answer
from index.types import Hit, Scope, outlet_key

if TYPE_CHECKING:
    from assistant.sentences import Sentence
    from index.embed import Embed
    from index.library import ArticleIndex

_LEAST_EVENTS = 2  # of a development
_STATEMENTS_OF_EACH = 2


class Quoting:
    """Answers from one index without a model; safe to share between threads."""

    def __init__(self, index: ArticleIndex, embed: Embed) -> None:
        """Take the index, and what turns texts into unit vectors: MiniLM's, whatever searches."""
        self._index = index
        self._embed = embed
        self._quoter = Quoter(index, embed)

    def answer(self, under_way: Answer, asked: Asked, hits: Sequence[Hit]) -> Answer:
        """Quote what answers, by each outlet where several are asked; one that does not answer is named."""
        if asked.listing:
            if found := items(self._quoter, asked, hits):
                return stories(under_way, found, asked.listing)
            if (asked_anew := as_question(asked, under_way.question)) is None:
                return self.abstain(under_way, asked, hits)
            anew = gathered(self._index, asked_anew, date.today()).hits
            return self.answer(
                replace(under_way, scope=asked_anew.scope, about=asked.times), asked_anew, anew
            )
        if told := self.events(asked):
            return listed(under_way, told)
        statements, silent = self._statements(asked, hits, self._newest(asked))
        if not statements:
            return self.abstain(under_way, asked, hits)
        cited = [one.citation for statement in statements for one in statement]
        answer = quoted(under_way, statements, wordings(asked.words, hits, cited, self._embed))
        said = f"\n\n{SILENT}{' and '.join(silent)}." if silent else ""
        return replace(answer, text=answer.text + said)

    def events(self, asked: Asked) -> list[Event]:
        """Find the events of what a question asks the development of; none, or too few, for any other."""
        of = topic(asked.words)
        hits = gathered_widely(self._index, of, asked) if of else []
        if not self._quoter.quote(of, hits).statements:  # nothing is said of it at all
            return []
        told = [
            one
            for one in events(self._quoter.on_subject(of, hits))
            if not asked.about or any(one.days.overlaps(interval) for interval in asked.about)
        ]
        return told if len(told) >= _LEAST_EVENTS else []

    def abstain(self, under_way: Answer, asked: Asked, hits: Sequence[Hit]) -> Answer:
        """Say that the articles do not answer, and what comes nearest; of news, from when the newest is."""
        as_of = Scope(as_of=under_way.as_of)
        every, inside = self._index.coverage(as_of), self._index.coverage(under_way.scope)
        is_news = asked.listing == "new"
        newest = newest_before(self._index, self._quoter, asked.words, asked.scope) if is_news else None
        if newest:
            return nothing_new(under_way, newest, inside)
        return abstention(under_way, hits, every, inside)

    def _newest(self, asked: Asked) -> date | None:
        """Give the day from which what is recent is judged, where the question is of a day or of now."""
        last, as_of = self._index.coverage().last_day, asked.scope.as_of
        if as_of:
            return min(as_of, last or as_of)
        return last if asked.is_of_now else None

    def _statements(
        self, asked: Asked, hits: Sequence[Hit], newest: date | None
    ) -> tuple[Sequence[Sequence[Sentence]], list[str]]:
        """Pick the statements that answer, of each outlet where several are asked; and name silent ones."""
        if len(asked.scope.outlets) < 2:
            return self._quoter.quote(asked.words, hits, newest, asked.stated).statements, []
        by_outlet = {
            outlet: self._quoter.quote(
                asked.words, _of(outlet, hits), newest, asked.stated, _STATEMENTS_OF_EACH
            ).statements
            for outlet in asked.scope.outlets
        }
        silent = [outlet for outlet, of_one in by_outlet.items() if not of_one]
        return [one for of_one in by_outlet.values() for one in of_one], silent


def _of(outlet: str, hits: Sequence[Hit]) -> list[Hit]:
    return [hit for hit in hits if outlet_key(hit.passage.article.outlet) == outlet_key(outlet)]
