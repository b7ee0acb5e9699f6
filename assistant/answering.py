"""The whole way from a question to an answer, and where the parts meet."""

from __future__ import annotations

import logging
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from assistant import happened
from assistant.asked import Asked, is_stale, read
from assistant.bulletin import gathered_news, items, newest_before, newest_first
from assistant.changes import Change, changes, correction_warnings
from assistant.compare import disagreements, wordings
from assistant.composing import (
    abstention,
    compared,
    listed,
    nothing_new,
    quoted,
    reported_new,
    reworded,
    stale_warning,
)
from assistant.gathering import gathered, gathered_widely, with_copies
from assistant.markup import counted, sentence
from assistant.model import Model, ModelError
from assistant.opening import open_filled
from assistant.question import carried, cleaned
from assistant.question import scope as scope_of
from assistant.quote import Quoter
from assistant.sentences import Sentence
from assistant.settings import Settings
from assistant.timeline import Event, events, topic
from assistant.types import Answer, Turn
from assistant.undated import added_warnings, bounded
from index.embed import bundled
from index.types import Hit, Progress, outlet_key
from index.words import question_stems, stems

if TYPE_CHECKING:
    from assistant.followup import Rewritten
    from assistant.model import LLM
    from index.library import ArticleIndex

_LEAST_EVENTS = 2  # of a development
_OWN_WORDS = 2  # telling words with which a question can be asked as it was typed
_STATEMENTS_OF_EACH = 2
_SHARE_TO_REWRITE = 4  # of the time a question may take, one in so many parts goes to making it whole
_QUOTED_INSTEAD = "So the articles are quoted instead."
_NOT_IN_THE_ARTICLES = "A model wrote an answer, and nothing of it was found in the articles."

_logger = logging.getLogger(__name__)


class Assistant:
    """Answers questions from the articles of one index; safe to share between threads."""

    def __init__(self, index: ArticleIndex, llm: LLM | None = None, settings: Settings | None = None) -> None:
        """Take the index to answer from, and what writes: any LLM of LlamaIndex, else what the settings name.

        Without either the articles are quoted. SettingsError, if the environment has to be read and is wrong.
        """
        self.index = index
        self.settings = settings or Settings.from_environment()
        self.model = (
            Model.of(llm, self.settings.timeout_seconds)
            if llm is not None
            else Model.from_settings(self.settings)
        )
        self._embed = bundled().embed
        self._quoter = Quoter(index, self._embed)

    @classmethod
    def open(cls, settings: Settings | None = None, progress: Progress | None = None) -> Assistant:
        """Open the index at DATELINE_HOME; where there is none, first make one of the sample articles.

        NoArticlesError where there is neither; the index's own errors otherwise.
        """
        settings = settings or Settings.from_environment()
        return cls(open_filled(settings, progress), settings=settings)

    def answer(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        as_of: date | str | None = None,
        since: date | str | None = None,
        until: date | str | None = None,
        outlets: Sequence[str] | None = None,
    ) -> Answer:
        """Answer a question; what `stream` yields last."""
        *_, final = self.stream(question, history, as_of=as_of, since=since, until=until, outlets=outlets)
        return final

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        as_of: date | str | None = None,
        since: date | str | None = None,
        until: date | str | None = None,
        outlets: Sequence[str] | None = None,
    ) -> Iterator[Answer]:
        """Yield the answer as it grows, each time whole; `status` is empty on the last, which is final.

        Days are dates or ISO strings: `as_of` is the day it is asked on, `since` and `until` bound the day
        of publication, of an undated article the day it was added. QuestionError or TypeError says what
        cannot be used, before anything is searched.
        A question that leans on `history` is made whole, by the model or by rules; `question` of the answer
        is what was searched.
        """
        started = time.perf_counter()
        if not all(isinstance(turn, Turn) for turn in history):
            raise TypeError("history must be Turns: Turn(question, answer), as the answers came")
        typed = Answer("", cleaned(question), scope_of(as_of, since, until, outlets))
        under_way, fault = (yield from self._standalone(typed, history)) if history else (typed, None)
        final = yield from self._answered(under_way, fault, started + self.settings.timeout_seconds)
        if final.abstained and self.model is None and typed.question != final.question:
            final = self._alone(typed) or final
        _logger.info(
            "answered in %.2f s: %d claims of %d sources, %s%s",
            time.perf_counter() - started,
            len(final.claims),
            len(final.sources),
            final.model or "quoted",
            ", abstained" if final.abstained else "",
        )
        yield final

    def _answered(
        self, under_way: Answer, fault: ModelError | None, ends: float
    ) -> Generator[Answer, None, Answer]:
        """Search, and write or quote; `fault` is why the model is not asked, `ends` when its time is over."""
        every, today = self.index.coverage(), under_way.as_of or date.today()
        events = happened.events(under_way.question, self.index, self._embed, under_way.scope, today)
        asked = read(under_way.question, under_way.scope, every, today, events)
        asked, unbounded = bounded(self.index, asked, under_way.scope, every)
        under_way = replace(under_way, scope=asked.scope, anchors=events)
        articles = self.index.coverage(asked.scope).articles
        yield replace(under_way, status=f"searching {counted(articles, 'article')}")
        found = gathered_news(self.index, asked) if asked.is_new else gathered(self.index, asked, today)
        hits = found.hits
        yield replace(under_way, status=f"reading {counted(len(hits), 'passage')}")
        stale = (stale_warning(every),) if is_stale(every, asked, today) else ()
        told = (f"{sentence(str(fault))} {_QUOTED_INSTEAD}",) if fault else ()
        under_way = replace(under_way, warnings=(*found.limits, *stale, *unbounded, *told))
        if self.model is not None and hits and fault is None:
            given = newest_first(hits, asked.scope) if asked.is_new else hits
            final = yield from self._write(self.model, under_way, asked, given, ends - time.perf_counter())
        else:
            final = self._quote(under_way, asked, hits)
        return self._completed(final, asked, hits)

    def changes(self, answer: Answer) -> tuple[Change, ...]:
        """Tell which articles an answer cites have been changed, corrected or removed since it was given."""
        return changes(answer, self.index)

    def _completed(self, answer: Answer, asked: Asked, hits: Sequence[Hit]) -> Answer:
        """Add to an answer where reports differ, who else has its sources, and what these correct.

        To what a model wrote, how outlets quote what it cites; quotes have that already.
        """
        if answer.model and not answer.abstained:
            cited = [citation for claim in answer.claims for citation in claim.citations]
            answer = reworded(answer, wordings(asked.words, hits, cited, self._embed))
        if not answer.abstained and not (asked.is_new and not answer.model):
            answer = compared(answer, disagreements(asked.words, hits, answer.as_of))
        sources = tuple(with_copies(self.index, source, answer) for source in answer.sources)
        notes = () if asked.is_new and not answer.model else added_warnings(answer)
        warnings = (*answer.warnings, *notes, *correction_warnings(answer.sources))
        return replace(answer, sources=sources, warnings=warnings)

    def _alone(self, typed: Answer) -> Answer | None:
        """Answer a question as it was typed, where it has words of its own; None where that is no better.

        The rules may have made of it what was not meant.
        """
        scope = typed.scope
        if len(question_stems(typed.question)) < _OWN_WORDS:
            return None
        answer = self.answer(
            typed.question, as_of=scope.as_of, since=scope.since, until=scope.until, outlets=scope.outlets
        )
        return None if answer.abstained else answer

    def _standalone(
        self, under_way: Answer, history: Sequence[Turn]
    ) -> Generator[Answer, None, tuple[Answer, ModelError | None]]:
        """Make a question that leans on a conversation whole; the scope of the last turn is then its too."""
        from assistant.followup import Rewritten, rewritten, standalone

        asked, reading = under_way.question, replace(under_way, status="reading the conversation")
        yield reading
        if self.model is None:
            made = Rewritten(standalone(asked, history))
        else:
            seconds = self.settings.timeout_seconds / _SHARE_TO_REWRITE
            made = yield from _each(rewritten(asked, history, self.model, seconds), reading)
        whole = replace(under_way, question=made.question, usage=made.usage)
        if not set(stems(made.question)) <= set(stems(asked)):  # something was taken from the conversation
            whole = replace(whole, scope=carried(whole.scope, history[-1].answer.scope))
        return whole, made.fault

    def _write(
        self, model: Model, under_way: Answer, asked: Asked, hits: Sequence[Hit], timeout_seconds: float
    ) -> Generator[Answer, None, Answer]:
        """Have the model write; where it cannot, the articles are quoted, and the answer says why."""
        from assistant.write import Writer

        writer = Writer(model, self._embed, self.settings.max_tokens)
        written = under_way
        try:
            for written in writer.write(under_way, [hit.passage for hit in hits], timeout_seconds):
                if written.status:
                    yield written
        except ModelError as error:
            _logger.info("no answer of the model: %s", error)
            warnings = (*under_way.warnings, f"{sentence(str(error))} {_QUOTED_INSTEAD}")
            return self._quote(replace(under_way, warnings=warnings), asked, hits)
        if written.claims:
            return written
        if written.abstained and asked.is_new:  # what was published is new, whatever a model makes of it
            return self._quote(replace(under_way, usage=written.usage), asked, hits)
        if written.abstained:  # the model says itself that the articles do not
            return self._abstain(written, asked, hits)
        warnings = (*written.warnings, f"{_NOT_IN_THE_ARTICLES} {_QUOTED_INSTEAD}")
        return self._quote(replace(under_way, warnings=warnings, usage=written.usage), asked, hits)

    def _quote(self, under_way: Answer, asked: Asked, hits: Sequence[Hit]) -> Answer:
        """Quote what answers, by each outlet where several are asked; one that does not answer is named."""
        if asked.is_new:
            new = items(self._quoter, asked.words, hits, asked.scope)
            return reported_new(under_way, new) if new else self._abstain(under_way, asked, hits)
        if told := self._events(asked):
            return listed(under_way, told)
        last = self.index.coverage().last_day
        newest = under_way.as_of and min(under_way.as_of, last or under_way.as_of)
        newest = newest or (last if asked.is_of_now else None)
        statements, silent = self._statements(asked, hits, under_way.scope.outlets, newest)
        if not statements:
            return self._abstain(under_way, asked, hits)
        cited = [one.citation for statement in statements for one in statement]
        answer = quoted(under_way, statements, wordings(asked.words, hits, cited, self._embed))
        said = f"\n\nNothing that answers this was found in {' and '.join(silent)}." if silent else ""
        return replace(answer, text=answer.text + said)

    def _statements(
        self, asked: Asked, hits: Sequence[Hit], outlets: Sequence[str], newest: date | None
    ) -> tuple[Sequence[Sequence[Sentence]], list[str]]:
        """Pick the statements that answer, of each outlet where several are asked; and name silent ones."""
        if len(outlets) < 2:
            return self._quoter.quote(asked.words, hits, newest, asked.about).statements, []
        by_outlet = {
            outlet: self._quoter.quote(
                asked.words, _of(outlet, hits), newest, asked.about, _STATEMENTS_OF_EACH
            ).statements
            for outlet in outlets
        }
        silent = [outlet for outlet, of_one in by_outlet.items() if not of_one]
        return [one for of_one in by_outlet.values() for one in of_one], silent

    def _events(self, asked: Asked) -> list[Event]:
        """Find the events of what a question asks the development of; none, or too few, for any other."""
        of = topic(asked.words)
        hits = gathered_widely(self.index, of, asked) if of else []
        if not self._quoter.quote(of, hits).statements:  # nothing is said of it at all
            return []
        told = [
            one
            for one in events(self._quoter.considered(of, hits))
            if not asked.about or any(one.day in interval for interval in asked.about)
        ]
        return told if len(told) >= _LEAST_EVENTS else []

    def _abstain(self, under_way: Answer, asked: Asked, hits: Sequence[Hit]) -> Answer:
        inside = self.index.coverage(under_way.scope)
        newest = newest_before(self.index, self._quoter, asked.words, asked.scope) if asked.is_new else None
        if newest:
            return nothing_new(under_way, newest, inside)
        return abstention(under_way, hits, self.index.coverage(), inside)


def _each(waiting: Generator[None, None, Rewritten], shown: Answer) -> Generator[Answer, None, Rewritten]:
    """Show the same answer for every step of what is waited for, and give what that returns."""
    while True:
        try:
            next(waiting)
        except StopIteration as done:
            made: Rewritten = done.value
            return made
        yield shown


def _of(outlet: str, hits: Sequence[Hit]) -> list[Hit]:
    return [hit for hit in hits if outlet_key(hit.passage.article.outlet) == outlet_key(outlet)]
