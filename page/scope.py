"""Which articles a visitor asks: the fields of the page as one value, written, read and said in words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.in_words import counted, scope_in_words
from assistant.markup import TURNING
from assistant.question import QuestionError, scope
from index.types import Scope
from page import words

if TYPE_CHECKING:
    from index.library import ArticleIndex

_Name = Annotated[str, Field(max_length=500)]
_Day = Annotated[str, Field(max_length=10)]


@dataclass(frozen=True, slots=True)
class Fields:
    """What stands in the fields of the scope: days as they were typed, "" for a side left open."""

    outlets: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    as_of: str = ""

    @classmethod
    def filled(
        cls, outlets: Sequence[str] | None, since: str | None, until: str | None, as_of: str | None
    ) -> Fields:
        """Take the fields in their order on the page, None for one that was left alone."""
        return cls(tuple(outlets or ()), since or "", until or "", as_of or "")

    @classmethod
    def of(cls, scope: Scope) -> Fields:
        """Give the fields of a scope."""
        since, until, as_of = (str(day or "") for day in (scope.since, scope.until, scope.as_of))
        return cls(scope.outlets, since, until, as_of)

    def scope(self) -> Scope:
        """Read the fields; QuestionError, in words for the reader, for days that cannot be meant."""
        if self.since and self.until and self.since > self.until:
            raise QuestionError(words.FROM_AFTER_UNTIL)
        return scope(
            as_of=self.as_of or None,
            since=self.since or None,
            until=self.until or None,
            outlets=self.outlets,
        )

    @property
    def as_json(self) -> str:
        """Write the fields for the page's scripts."""
        return json.dumps(asdict(self))


class _Handed(BaseModel):
    """What a script wants to stand in the fields."""

    model_config = ConfigDict(strict=True, extra="forbid")

    outlets: Annotated[list[_Name], Field(max_length=1000)]
    since: _Day
    until: _Day
    as_of: _Day


def handed(text: str) -> Fields | None:
    """Read a scope that is to be set, None where no script of the page has written this."""
    try:
        read = _Handed.model_validate_json(text)
    except ValidationError:
        return None
    return Fields.filled(**read.model_dump())


def listed(index: ArticleIndex, named: Sequence[str]) -> list[str]:
    """List the outlets to choose from: those of the articles, and those that are chosen as they are named."""
    known = index.coverage().outlets
    return [*known, *(name for name in dict.fromkeys(named) if name not in known)]


def told(index: ArticleIndex, fields: Fields) -> str:
    """Say in words which articles are asked and how many they are, or what is wrong with the scope."""
    try:
        asked = fields.scope()
    except (QuestionError, TypeError) as error:
        return words.WRONG_SCOPE.format(reason=error)
    every = counted(index.coverage().articles, words.ARTICLE)
    phrase = scope_in_words(asked)
    if not phrase:
        return words.ALL_ARTICLES.format(articles=every)
    found = counted(index.coverage(asked).articles, words.ARTICLE)
    phrase = phrase.translate(TURNING)  # outlets are named as anyone likes, in a link too
    return words.SOME_ARTICLES.format(scope=phrase, articles=found, all=f"{index.coverage().articles:,}")
