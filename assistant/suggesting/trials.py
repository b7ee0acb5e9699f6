"""Questions tried on the articles without a model, in so many tries and so much time."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.answering import Assistant
from assistant.suggesting.ideas import Form, Idea, is_askable
from assistant.types import Answer, Turn
from index.arrays import Vectors
from index.embed import Embed, bundled
from index.types import Article, Scope, outlet_key

_DEAR: dict[Form, float] = {"developed": 0.6, "new": 0.4}  # seconds that have to be left to begin one


_BATCH = 16  # sentences that are read before the clock is looked at


class TimeOverError(RuntimeError):
    """The time for trying ended inside a try."""


class _Remembered:
    """Turns texts into vectors, each text once: questions on the same articles read the same sentences."""

    def __init__(self, embed: Embed, ends: float) -> None:
        self._embed, self._ends = embed, ends
        self._known: dict[str, Vectors] = {}

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """Give the vectors of texts, those known from before as they were; TimeOverError when it is late."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        for at in range(0, len(new), _BATCH):
            if time.monotonic() >= self._ends:
                raise TimeOverError("no time is left for trying questions")
            batch = new[at : at + _BATCH]
            self._known.update(zip(batch, self._embed(batch), strict=True))
        return np.stack([self._known[text] for text in texts])


@dataclass(slots=True)
class Trial:
    """Asks the articles, without a model, until the tries or the time are used up."""

    assistant: Assistant
    ends: float
    tries: int
    history: Sequence[Turn] = ()

    @classmethod
    def of(cls, assistant: Assistant, seconds: float, tries: int, history: Sequence[Turn] = ()) -> Trial:
        """Take the articles of an assistant and leave out its model, since its every word is paid for."""
        ends = time.monotonic() + seconds
        settings = replace(assistant.settings, api_key="", base_url="")
        embed = _Remembered(bundled().embed, ends)
        return cls(Assistant(assistant.index, settings=settings, embed=embed), ends, tries, history)

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more can be tried."""
        return self.tries <= 0 or time.monotonic() >= self.ends

    def answer(self, idea: Idea, scope: Scope) -> Answer | None:
        """Answer a question; None where it abstains, rests on others, takes too long or is no plain words."""
        left = self.ends - time.monotonic()
        if not is_askable(idea.question) or self.is_over or left < _DEAR.get(idea.form, 0.0):
            return None
        self.tries -= 1
        try:
            answer = self._answered(idea.question, scope)
        except TimeOverError:
            return None
        is_whole = answer is not None and answer.question == idea.question
        return answer if answer and is_whole and not answer.abstained and rests_on(answer, idea) else None

    def _answered(self, question: str, scope: Scope) -> Answer | None:
        """Give the final answer; None where the time ends while it is under way."""
        answers = self.assistant.stream(
            question,
            self.history,
            as_of=scope.as_of,
            since=scope.since,
            until=scope.until,
            outlets=scope.outlets,
        )
        for answer in answers:
            if not answer.status:
                return answer
            if time.monotonic() >= self.ends:
                return None
        return None


def outlets_of(articles: Iterable[Article]) -> set[str]:
    """Give the outlets of articles, as they are compared."""
    return {outlet_key(article.outlet) for article in articles}


def quotes(answer: Answer) -> set[tuple[str, str]]:
    """Give what an answer quotes, each with the id of its article."""
    return {(cited.article.id, cited.quote) for claim in answer.claims for cited in claim.citations}


def rests_on(answer: Answer, idea: Idea) -> bool:
    """Tell whether an answer cites what its question was made of; of two outlets, both."""
    if idea.form == "outlets":
        cited = outlets_of(source.article for source in answer.sources)
        asked = set(map(outlet_key, answer.scope.outlets))
        return bool(asked) and asked <= cited
    articles = {one.id for source in answer.sources for one in (source.article, *source.copies)}
    if idea.articles and not articles & idea.articles:
        return False
    return any(idea.words in quote or quote in idea.words for _, quote in quotes(answer))
