"""Hand-made articles and answers, and an assistant that tells them, for the tests of what people see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from threading import Event

from assistant.question import cleaned
from assistant.question import scope as checked
from assistant.settings import Settings
from assistant.types import Answer, Citation, Claim, Disagreement, Source, Turn
from index.library import ArticleIndex
from index.types import Article, Passage, Scope

HARBOUR = Article(
    text=(
        "HANOI — The second meeting ended before lunch on Thursday.\n\n"
        + "\n\n".join(f"Paragraph {n} tells what the hotel served and who sat where." for n in range(1, 31))
        + "\n\nThe two sides could not agree on how far sanctions should be lifted. "
        "“Sometimes you have to walk,” the president said of the $3m dinner & the $5m hall."
        "\n\nNo date was set for a third meeting."
    ),
    title="Hanoi talks break off early",
    outlet="The Harbour Post",
    byline="Ines Calder",
    url="https://harbourpost.example/2019/hanoi?a=1&b=2",
    published=datetime(2019, 2, 28, 9, 30, tzinfo=timezone(timedelta(hours=7))),
    date_source="meta",
    language="en",
    source="articles/hanoi.html",
)
MERIDIAN = Article(
    text="Aides said the lunch was cancelled.\nThe third time they met was in June 2019, at the border.",
    title="A lunch that never was",
    outlet="Meridian Wire",
    published=date(2020, 6, 13),
    source="articles/lunch.txt",
)
UNDATED = Article(text="Nobody knows when this was written.", title="A note", source="articles/note.txt")


EVERYWHERE = Scope()


def citation(article: Article, quote: str) -> Citation:
    """Cite the first place where an article says these words."""
    start = article.text.index(quote)
    end = start + len(quote)
    return Citation(Passage(article, start, end, ((start, end),)), start, end)


def quoting(question: str, *quotes: tuple[Article, str], scope: Scope = EVERYWHERE) -> Answer:
    """Answer the way the product does without a model: one paragraph for each quoted sentence."""
    articles = list(dict.fromkeys(article for article, _ in quotes))
    text, claims = "", []
    for article, quote in quotes:
        start = len(text)
        day = article.published_day
        when = f"{day.day} {day:%B %Y}" if day else "undated"
        text += f"{article.outlet or 'Unknown outlet'}, {when}: “{quote}” [{articles.index(article) + 1}]"
        claims.append(Claim(text[start:], (citation(article, quote),), "verbatim", start, len(text)))
        text += "\n\n"
    text = text.rstrip("\n")
    sources = tuple(Source(number, article) for number, article in enumerate(articles, 1))
    return Answer(text, question, scope, tuple(claims), sources)


HANOI = quoting(
    "Why did the Hanoi summit end early?",
    (HARBOUR, "The two sides could not agree on how far sanctions should be lifted."),
    (MERIDIAN, "Aides said the lunch was cancelled."),
    (HARBOUR, "“Sometimes you have to walk,” the president said of the $3m dinner & the $5m hall."),
)
ABSTAINED = Answer(
    "These articles do not say how much the Singapore summit cost.",
    "How much did the Singapore summit cost?",
    abstained=True,
    nearest=(HARBOUR, UNDATED),
)
FULL = replace(
    HANOI,
    scope=Scope(
        date(2020, 6, 14), date(2018, 1, 1), date(2020, 6, 14), ("The Harbour Post", "Meridian Wire")
    ),
    sources=(Source(1, HARBOUR, (UNDATED,)), HANOI.sources[1]),
    disagreements=(
        Disagreement(
            "conflict",
            "whether there was a lunch",
            (
                ("before lunch", citation(HARBOUR, "before lunch")),
                ("cancelled", citation(MERIDIAN, "cancelled")),
            ),
        ),
    ),
    warnings=("One article has no date.",),
)


class FakeAssistant:
    """Tells prepared answers by question, in three steps; raises what is an exception.

    A question with a gate waits after the first step until the gate is opened; `closed` are the questions
    whose answers were not read to their end. Its index is real, and holds what the answers cite.
    """

    model = None

    def __init__(self, index: ArticleIndex, *answers: Answer | tuple[str, Exception]) -> None:
        self.answers = {a[0] if isinstance(a, tuple) else a.question: a for a in answers}
        self.asked: list[tuple[str, Sequence[Turn]]] = []
        self.scopes: list[dict[str, object]] = []
        self.closed: list[str] = []
        self.gates: dict[str, Event] = {}
        self.index = index
        self.settings = Settings(index.home)

    def stream(self, question: str, history: Sequence[Turn] = (), **scope: object) -> Iterator[Answer]:
        cleaned(question)
        checked(*(scope.get(name) for name in ("as_of", "since", "until", "outlets")))  # type: ignore[arg-type]
        self.asked.append((question, history))
        told = {name: str(value) if isinstance(value, date) else value for name, value in scope.items()}
        self.scopes.append({name: value for name, value in told.items() if value})
        try:
            yield from self._told(question)
        except GeneratorExit:
            self.closed.append(question)
            raise

    def _told(self, question: str) -> Iterator[Answer]:
        answer = self.answers.get(question, replace(ABSTAINED, question=question))
        waiting = Answer("", question, status="reading 8 passages")
        yield waiting
        while question in self.gates and not self.gates[question].wait(timeout=0.05):
            yield waiting
        if isinstance(answer, tuple):
            raise answer[1]
        if answer.claims:
            yield replace(
                answer, text=answer.text[: answer.claims[0].end], claims=answer.claims[:1], status="writing"
            )
        yield answer
