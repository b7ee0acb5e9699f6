"""The nouns of an answer: turn, citation, claim, source, disagreement, wording, answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from index.intervals import Interval
from index.types import Article, Passage, Scope

Verdict = Literal["verbatim", "supported", "unsupported"]
Side = Literal["after", "before", "until"]
MOST_DAYS = 40_000  # that a question may count from an event: a century; more is no bound


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact words a claim rests on: `quote == article.text[start:end]`."""

    passage: Passage
    start: int
    end: int

    @property
    def article(self) -> Article:
        """The article the words stand in."""
        return self.passage.article

    @property
    def quote(self) -> str:
        """The words themselves."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of an answer, `answer.text[start:end] == text`, with what it rests on."""

    text: str
    citations: tuple[Citation, ...]
    verdict: Verdict
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Source:
    """A cited article under its number in the answer; `copies` are near-copies of it, not counted."""

    number: int
    article: Article
    copies: tuple[Article, ...] = ()


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Values that do not agree, each with where it stands; an update where a later one replaces it."""

    kind: Literal["conflict", "update"]
    about: str
    values: tuple[tuple[str, Citation], ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """One statement as several outlets quote it, each citation the words inside their quotation marks.

    `speaker` is who said it, "" where none of the articles says so.
    """

    speaker: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Anchored:
    """An event that a question counts from, on which days it was, and the sentence that tells them.

    `side` tells whether what came after it is asked for, before it, or until it; `kind`, as in a `Moment`,
    whether articles are dated by it or what they tell of. `words` are the question's, and `event` those that
    the event was looked for with, a name in the place of "he"; `days` is how many days from it are meant, 0
    where all are.
    """

    side: Side
    kind: Literal["published", "about"]
    words: str
    event: str
    first: date
    last: date
    citation: Citation
    days: int = 0


@dataclass(frozen=True, slots=True)
class Usage:
    """What one answer took of a model; tokens are None where it does not say."""

    input_tokens: int | None
    output_tokens: int | None
    seconds: float

    def __add__(self, other: Usage) -> Usage:
        """Add up two replies; what one of them does not say is not known of both.

        >>> Usage(700, 30, 0.5) + Usage(3000, None, 2.0)
        Usage(input_tokens=3700, output_tokens=None, seconds=2.5)
        """

        def total(one: int | None, two: int | None) -> int | None:
            return None if one is None or two is None else one + two

        return Usage(
            total(self.input_tokens, other.input_tokens),
            total(self.output_tokens, other.output_tokens),
            self.seconds + other.seconds,
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What was asked, what the articles say, and where they say it.

    `text` is Markdown with marks such as [1]; `sources` holds the cited articles only, numbered by first
    appearance. An answer that abstains has no sources, and names the nearest articles in `nearest`.
    `status` says what is being done while an answer is under way, and is empty once it is final.
    `model` names what wrote it, empty where the articles are quoted; `usage` is what a model took, if asked.
    `anchors` are the events that the question counts from, where the articles tell when they were.
    """

    text: str
    question: str
    scope: Scope = field(default_factory=Scope)
    claims: tuple[Claim, ...] = ()
    sources: tuple[Source, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    abstained: bool = False
    nearest: tuple[Article, ...] = ()
    warnings: tuple[str, ...] = ()
    status: str = ""
    model: str = ""
    usage: Usage | None = None
    wordings: tuple[Wording, ...] = ()
    anchors: tuple[Anchored, ...] = ()
    about: tuple[Interval, ...] = ()

    @property
    def as_of(self) -> date | None:
        """The day the question was asked on."""
        return self.scope.as_of

    def number(self, citation: Citation) -> int:
        """Give the number of the source a citation points into; ValueError if it is not cited here."""
        for source in self.sources:
            if source.article == citation.article:
                return source.number
        raise ValueError(f"{citation.article.label} is not among the sources")

    def to_markdown(self) -> str:
        """Render the answer with its sources and quotes as Markdown."""
        from assistant.export import to_markdown

        return to_markdown(self)

    def to_html(self) -> str:
        """Render the answer as one HTML page that needs nothing else."""
        from assistant.export import to_html

        return to_html(self)

    def to_dict(self) -> dict[str, Any]:
        """Turn the answer into plain JSON types; `from_dict` brings it back equal."""
        from assistant.record import to_record

        return to_record(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Answer:
        """Read what `to_dict` wrote; ValueError says which part is wrong."""
        from assistant.record import from_record

        return from_record(data)


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier exchange of a conversation."""

    question: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Lost:
    """An exchange whose answer cannot be brought back, and why, in a sentence for the reader."""

    question: str
    reason: str
