"""The parts of a record, as they may stand in a file: types and bounds, nothing else."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.types import MOST_DAYS, Side, Verdict
from index.types import Confidence, Genre

FORMAT = 1
MOST_NAMES = 1000  # of articles that an answer may name; a hundred copies of each source are fewer
# What an answer may hold, far above any that is made: the longest list has 12 lines, the longest timeline 10,
# and 800 tokens of a model are some 4,000 characters in 40 sentences, each resting on 5 others at most.
MOST_CHARACTERS = 100_000
MOST_CLAIMS = 300
MOST_CITATIONS = 1000
MOST_MARKS = 1000
_MOST = 100  # of anything else that an answer lists
_NAME = r"^[0-9a-f]{16}$"

Count = Annotated[int, Field(ge=0)]
Span = Annotated[list[Count], Field(min_length=2, max_length=2)]
Words = Annotated[str, Field(max_length=MOST_CHARACTERS)]


class Part(BaseModel):
    """A part of a record: no field more, and none of another type."""

    model_config = ConfigDict(strict=True, extra="forbid")


class ArticlePart(Part):
    """An article, whole."""

    id: str
    text: str
    title: str
    outlet: str
    byline: str
    url: str
    published: str | None
    modified: str | None
    date_source: str
    date_confidence: Confidence = ""  # told for whoever reads the record; not in older ones, never read back
    language: str
    source: str
    genre: Genre = ""  # this and the next two are not in older records
    added: str | None = None
    renewed: str | None = None


class NamePart(Part):
    """An article, by its name and that of its version."""

    id: Annotated[str, Field(pattern=_NAME)]
    version: Annotated[str, Field(pattern=_NAME)]


class CitationPart(Part):
    """Words of an article, and the passage they were found in."""

    article: Count
    start: Count
    end: Count
    quote: str
    passage: Span
    sentences: Annotated[list[Span], Field(max_length=1000)]


class ClaimPart(Part):
    """A statement of the answer."""

    text: Words
    start: Count
    end: Count
    verdict: Verdict
    citations: Annotated[list[CitationPart], Field(max_length=_MOST)]


class SourcePart(Part):
    """A cited article under its number."""

    number: Annotated[int, Field(ge=1)]
    article: Count
    copies: Annotated[list[Count], Field(max_length=MOST_NAMES)]


class ValuePart(Part):
    """One of several values that do not agree."""

    value: str
    citation: CitationPart


class DisagreementPart(Part):
    """Values that do not agree."""

    kind: Literal["conflict", "update"]
    about: Words
    values: Annotated[list[ValuePart], Field(min_length=2, max_length=_MOST)]


class WordingPart(Part):
    """One statement as several outlets quote it."""

    speaker: str
    citations: Annotated[list[CitationPart], Field(min_length=2, max_length=_MOST)]


class AnchoredPart(Part):
    """An event that the question counts from."""

    side: Side
    kind: Literal["published", "about"]
    words: str
    event: str
    first: str
    last: str
    citation: CitationPart
    days: Annotated[int, Field(ge=0, le=MOST_DAYS)] = 0  # not in older records


class ScopePart(Part):
    """The articles that were asked."""

    as_of: str | None
    since: str | None
    until: str | None
    outlets: list[str]


class UsagePart(Part):
    """What a model took."""

    input_tokens: Count | None
    output_tokens: Count | None
    seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Told(Part):
    """An answer but for the articles it names."""

    format: Literal[1]
    question: Words
    text: Words
    abstained: bool
    status: str
    warnings: Annotated[list[Words], Field(max_length=_MOST)]
    model: str
    usage: UsagePart | None
    scope: ScopePart
    claims: Annotated[list[ClaimPart], Field(max_length=MOST_CLAIMS)]
    sources: Annotated[list[SourcePart], Field(max_length=MOST_CLAIMS)]
    disagreements: Annotated[list[DisagreementPart], Field(max_length=_MOST)]
    wordings: Annotated[list[WordingPart], Field(max_length=_MOST)] = []  # not in older records
    nearest: Annotated[list[Count], Field(max_length=_MOST)]
    anchors: Annotated[list[AnchoredPart], Field(max_length=_MOST)] = []  # these two are not in older records
    about: Annotated[
        list[Annotated[list[str], Field(min_length=2, max_length=2)]], Field(max_length=_MOST)
    ] = []


class Record(Told):
    """A whole answer."""

    articles: list[ArticlePart]


class NamedRecord(Told):
    """An answer whose articles are named, and kept elsewhere."""

    articles: Annotated[list[NamePart], Field(max_length=MOST_NAMES)]


class TurnPart(Part):
    """A question and the record of its answer, or why there is none any more."""

    question: str
    answer: dict[str, Any] | None = None
    lost: str | None = None


class ConversationPart(Part):
    """A conversation."""

    format: Literal[1]
    turns: list[TurnPart]
