"""The whole way from a question to an answer, and where the parts meet."""

from __future__ import annotations

import logging
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from assistant import happened
from assistant.abstaining import beyond, missing_warning, stale_warning
from assistant.asked import Asked, is_beyond, is_stale, read
from assistant.bulletin import gathered_news, newest_first
from assistant.changes import Change, changes, correction_warnings, later_warnings
from assistant.compare import disagreements, wordings
from assistant.composing import compared, reworded
from assistant.gathering import gathered, with_copies, with_edited_copies
from assistant.in_words import counted, sentence
from assistant.model import Model, ModelError
from assistant.opening import open_filled
from assistant.question import carried, cleaned
from assistant.question import scope as scope_of
from assistant.quoting import Quoting
from assistant.settings import Settings
from assistant.timeline import in_order
from assistant.types import Answer, Turn
from assistant.undated import added_warnings, bounded
from index.embed import Embed, bundled
from index.types import Hit, Passage, Progress, Scope
from index.words import question_stems, stems

if TYPE_CHECKING:
    from assistant.followup import Rewritten
    from assistant.model import LLM
    from index.library import ArticleIndex

_OWN_WORDS = 2  # telling words with which a question can be asked as it was typed
_SHARE_TO_REWRITE = 4  # of the time a question may take, one in so many parts goes to making it whole
_QUOTED_INSTEAD = "So the articles are quoted instead."
_NOT_IN_THE_ARTICLES = "A model wrote an answer, and nothing of it was found in the articles."

_logger = logging.getLogger(__name__)


class Assistant:
    """Answers questions from the articles of one index; safe to share between threads."""

    def __init__(
        self,
        index: ArticleIndex,
        llm: LLM | None = None,
        settings: Settings | None = None,
        embed: Embed | None = None,
    ) -> None:
        """Take the index to answer from, and what writes: any LLM of LlamaIndex, else what the settings name.

        Without either the articles are quoted. `embed` stands in for MiniLM's. SettingsError, if the
        environment has to be read and is wrong.
        """
        self.index = index
        self.settings = settings or Settings.from_environment()
        self.model = (
            Model.of(llm, self.settings.timeout_seconds)
            if llm is not None
            else Model.from_settings(self.settings)
        )
        self._embed = embed or bundled().embed
        self._quoting = Quoting(index, self._embed)

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
        every = self.index.coverage(Scope(as_of=under_way.as_of))  # later articles do not exist yet
        today = under_way.as_of or date.today()
        events = happened.events(under_way.question, self.index, self._embed, under_way.scope, today)
        asked = read(under_way.question, under_way.scope, every, today, events)
        asked, unbounded = bounded(self.index, asked, under_way.scope, every)
        is_late = is_beyond(every, asked, today)
        about = asked.times if is_late or not asked.listing else ()  # of a list its scope tells
        under_way = replace(under_way, scope=asked.scope, anchors=events, about=about)
        articles = self.index.coverage(asked.scope).articles
        yield replace(under_way, status=f"searching {counted(articles, 'article')}")
        found = gathered_news(self.index, asked) if asked.listing else gathered(self.index, asked, today)
        hits = found.hits
        yield replace(under_way, status=f"reading {counted(len(hits), 'passage')}")
        stale = (stale_warning(every),) if is_stale(every, asked, today) and not is_late else ()
        told = (f"{sentence(str(fault))} {_QUOTED_INSTEAD}",) if fault else ()
        missing = (missing_warning(asked.missing),) if asked.missing else ()
        under_way = replace(under_way, warnings=(*found.limits, *missing, *stale, *unbounded, *told))
        if is_late:
            final = beyond(under_way, hits, every)
        elif self.model is not None and hits and fault is None:
            final = yield from self._write(self.model, under_way, asked, hits, ends - time.perf_counter())
        else:
            final = self._quoting.answer(under_way, asked, hits)
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
        if not answer.abstained and (answer.model or not asked.listing):
            edited = with_edited_copies(self.index, hits, answer.scope)
            answer = compared(answer, disagreements(asked.words, edited, answer.as_of))
        sources = tuple(with_copies(self.index, source, answer) for source in answer.sources)
        notes = added_warnings(answer) if answer.model or not asked.listing else ()
        later = later_warnings(answer)
        warnings = (*answer.warnings, *notes, *later, *correction_warnings(answer.sources))
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
            for written in writer.write(under_way, self._read(asked, hits), timeout_seconds):
                if written.status:
                    yield written
        except ModelError as error:
            _logger.info("no answer of the model: %s", error)
            warnings = (*under_way.warnings, f"{sentence(str(error))} {_QUOTED_INSTEAD}")
            return self._quoting.answer(replace(under_way, warnings=warnings), asked, hits)
        if written.claims:
            return written
        if written.abstained and asked.listing:  # what was published is new, whatever a model makes of it
            return self._quoting.answer(replace(under_way, usage=written.usage), asked, hits)
        if written.abstained:  # the model says itself that the articles do not
            return self._quoting.abstain(written, asked, hits)
        quoted = self._quoting.answer(replace(under_way, usage=written.usage), asked, hits)
        told = _NOT_IN_THE_ARTICLES if quoted.abstained else f"{_NOT_IN_THE_ARTICLES} {_QUOTED_INSTEAD}"
        return replace(
            quoted, warnings=(*written.warnings, told, *quoted.warnings[len(under_way.warnings) :])
        )

    def _read(self, asked: Asked, hits: Sequence[Hit]) -> list[Passage]:
        """Choose what a model reads: of news the newest first, of a development its events in their order."""
        if asked.listing:
            hits = newest_first(hits, asked.scope)
        elif told := self._quoting.events(asked):
            return in_order(told)
        return [hit.passage for hit in hits]


def _each(waiting: Generator[None, None, Rewritten], shown: Answer) -> Generator[Answer, None, Rewritten]:
    """Show the same answer for every step of what is waited for, and give what that returns."""
    while True:
        try:
            next(waiting)
        except StopIteration as done:
            made: Rewritten = done.value
            return made
        yield shown
