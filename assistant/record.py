"""The JSON form of an answer: written from an `Answer`, and read back by someone who trusts none of it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.types import (
    Anchored,
    Answer,
    Citation,
    Claim,
    Disagreement,
    Side,
    Source,
    Usage,
    Verdict,
    Wording,
)
from assistant.verify.claims import is_verbatim
from index.dates import from_iso
from index.types import Article, Confidence, Genre, Passage, Scope

FORMAT = 1
_DAYS = ("published", "modified", "added", "renewed")  # of an article

Count = Annotated[int, Field(ge=0)]
Span = Annotated[list[Count], Field(min_length=2, max_length=2)]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class _Article(_Part):
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


class _Citation(_Part):
    article: Count
    start: Count
    end: Count
    quote: str
    passage: Span
    sentences: list[Span]


class _Claim(_Part):
    text: str
    start: Count
    end: Count
    verdict: Verdict
    citations: list[_Citation]


class _Source(_Part):
    number: Annotated[int, Field(ge=1)]
    article: Count
    copies: list[Count]


class _Value(_Part):
    value: str
    citation: _Citation


class _Disagreement(_Part):
    kind: Literal["conflict", "update"]
    about: str
    values: list[_Value]


class _Wording(_Part):
    speaker: str
    citations: Annotated[list[_Citation], Field(min_length=2)]


class _Anchored(_Part):
    side: Side
    kind: Literal["published", "about"]
    words: str
    event: str
    first: str
    last: str
    citation: _Citation


class _Scope(_Part):
    as_of: str | None
    since: str | None
    until: str | None
    outlets: list[str]


class _Usage(_Part):
    input_tokens: Count | None
    output_tokens: Count | None
    seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)]


class _Record(_Part):
    format: Literal[1]
    question: str
    text: str
    abstained: bool
    status: str
    warnings: list[str]
    model: str
    usage: _Usage | None
    scope: _Scope
    claims: list[_Claim]
    sources: list[_Source]
    disagreements: list[_Disagreement]
    wordings: list[_Wording] = []  # not in older records
    nearest: list[Count]
    articles: list[_Article]
    anchors: list[_Anchored] = []  # not in older records


def to_record(answer: Answer) -> dict[str, Any]:
    """Write an answer as JSON types; every article it names stands once, whole, in `articles`."""
    places = {article: place for place, article in enumerate(_articles(answer))}
    scope = answer.scope
    return {
        "format": FORMAT,
        "question": answer.question,
        "text": answer.text,
        "abstained": answer.abstained,
        "status": answer.status,
        "warnings": list(answer.warnings),
        "model": answer.model,
        "usage": asdict(answer.usage) if answer.usage else None,
        "scope": {
            **{name: _iso(getattr(scope, name)) for name in ("as_of", "since", "until")},
            "outlets": list(scope.outlets),
        },
        "claims": [_claim_record(claim, places) for claim in answer.claims],
        "sources": [
            {"number": s.number, "article": places[s.article], "copies": [places[copy] for copy in s.copies]}
            for s in answer.sources
        ],
        "disagreements": [_disagreement_record(d, places) for d in answer.disagreements],
        "wordings": [
            {"speaker": w.speaker, "citations": [_citation_record(c, places) for c in w.citations]}
            for w in answer.wordings
        ],
        "nearest": [places[article] for article in answer.nearest],
        "articles": [_article_record(article) for article in places],
        "anchors": [_anchored_record(anchor, places) for anchor in answer.anchors],
    }


def from_record(data: object) -> Answer:
    """Read a record; ValueError says which part is wrong, and nothing of it is taken on trust."""
    try:
        record = _Record.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the answer"
        raise ValueError(f"{where}: {first['msg']}") from error
    articles = [_article(part, f"articles.{n}") for n, part in enumerate(record.articles)]
    sources = tuple(_source(part, articles, f"sources.{n}") for n, part in enumerate(record.sources))
    answer = Answer(
        record.text,
        record.question,
        _scope(record.scope),
        tuple(_claim(part, articles, f"claims.{n}") for n, part in enumerate(record.claims)),
        sources,
        tuple(_disagreement(p, articles, f"disagreements.{n}") for n, p in enumerate(record.disagreements)),
        record.abstained,
        tuple(_pick(articles, place, f"nearest.{n}") for n, place in enumerate(record.nearest)),
        tuple(record.warnings),
        record.status,
        record.model,
        Usage(**record.usage.model_dump()) if record.usage else None,
        tuple(_wording(part, articles, f"wordings.{n}") for n, part in enumerate(record.wordings)),
        tuple(_anchored(part, articles, f"anchors.{n}") for n, part in enumerate(record.anchors)),
    )
    _consistent(answer)
    return answer


def _articles(answer: Answer) -> list[Article]:
    """Every article an answer names, once, sources first."""
    every = [article for source in answer.sources for article in (source.article, *source.copies)]
    every += [citation.article for claim in answer.claims for citation in claim.citations]
    every += [citation.article for d in answer.disagreements for _, citation in d.values]
    every += [citation.article for wording in answer.wordings for citation in wording.citations]
    every += [anchor.citation.article for anchor in answer.anchors]
    return list(dict.fromkeys([*every, *answer.nearest]))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _article_record(article: Article) -> dict[str, Any]:
    record = {name: getattr(article, name) for name in _Article.model_fields}
    return record | {name: _iso(getattr(article, name)) for name in _DAYS}


def _citation_record(citation: Citation, places: dict[Article, int]) -> dict[str, Any]:
    passage = citation.passage
    return {
        "article": places[citation.article],
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "passage": [passage.start, passage.end],
        "sentences": [list(sentence) for sentence in passage.sentences],
    }


def _claim_record(claim: Claim, places: dict[Article, int]) -> dict[str, Any]:
    citations = [_citation_record(citation, places) for citation in claim.citations]
    kept = {"text": claim.text, "start": claim.start, "end": claim.end, "verdict": claim.verdict}
    return {**kept, "citations": citations}


def _disagreement_record(disagreement: Disagreement, places: dict[Article, int]) -> dict[str, Any]:
    values = [{"value": v, "citation": _citation_record(c, places)} for v, c in disagreement.values]
    return {"kind": disagreement.kind, "about": disagreement.about, "values": values}


def _anchored_record(anchor: Anchored, places: dict[Article, int]) -> dict[str, Any]:
    kept = {name: getattr(anchor, name) for name in ("side", "kind", "words", "event")}
    days = {"first": _iso(anchor.first), "last": _iso(anchor.last)}
    return {**kept, **days, "citation": _citation_record(anchor.citation, places)}


def _moment(text: str | None, where: str) -> date | None:
    if text is None:
        return None
    try:
        return from_iso(text)
    except ValueError as error:
        raise ValueError(f"{where}: {text[:40]!r} is not a date such as 2020-06-12") from error


def _article(part: _Article, where: str) -> Article:
    fields = part.model_dump(exclude={"id", "date_confidence"})
    for name in _DAYS:
        fields[name] = _moment(fields[name], f"{where}.{name}")
    article = Article(**fields)
    if article.id != part.id:
        raise ValueError(f"{where}.id: {part.id[:40]!r} is not the name of this article")
    return article


def _pick(articles: list[Article], place: int, where: str) -> Article:
    if place >= len(articles):
        raise ValueError(f"{where}: there is no article {place}; there are {len(articles)}")
    return articles[place]


def _within(start: int, end: int, bounds: tuple[int, int], where: str) -> None:
    first, last = bounds
    if not first <= start <= end <= last:
        raise ValueError(f"{where}: {start} to {end} does not lie within {first} to {last}")


def _citation(part: _Citation, articles: list[Article], where: str) -> Citation:
    article = _pick(articles, part.article, f"{where}.article")
    start, end = part.passage
    _within(start, end, (0, len(article.text)), f"{where}.passage")
    for place, (first, last) in enumerate(part.sentences):
        _within(first, last, (start, end), f"{where}.sentences.{place}")
    _within(part.start, part.end, (start, end), where)
    passage = Passage(article, start, end, tuple((a, b) for a, b in part.sentences))
    citation = Citation(passage, part.start, part.end)
    if citation.quote != part.quote:
        raise ValueError(f"{where}.quote: these are not the article's words from {part.start} to {part.end}")
    if not part.quote.strip():
        raise ValueError(f"{where}.quote: there are no words in it")
    return citation


def _claim(part: _Claim, articles: list[Article], where: str) -> Claim:
    citations = [_citation(c, articles, f"{where}.citations.{n}") for n, c in enumerate(part.citations)]
    return Claim(part.text, tuple(citations), part.verdict, part.start, part.end)


def _source(part: _Source, articles: list[Article], where: str) -> Source:
    copies = [_pick(articles, place, f"{where}.copies.{n}") for n, place in enumerate(part.copies)]
    return Source(part.number, _pick(articles, part.article, f"{where}.article"), tuple(copies))


def _disagreement(part: _Disagreement, articles: list[Article], where: str) -> Disagreement:
    values = [
        (v.value, _citation(v.citation, articles, f"{where}.values.{n}.citation"))
        for n, v in enumerate(part.values)
    ]
    return Disagreement(part.kind, part.about, tuple(values))


def _wording(part: _Wording, articles: list[Article], where: str) -> Wording:
    citations = [_citation(c, articles, f"{where}.citations.{n}") for n, c in enumerate(part.citations)]
    return Wording(part.speaker, tuple(citations))


def _anchored(part: _Anchored, articles: list[Article], where: str) -> Anchored:
    first, last = _day(part.first, f"{where}.first"), _day(part.last, f"{where}.last")
    if last < first:
        raise ValueError(f"{where}.last: {last} comes before {first}")
    citation = _citation(part.citation, articles, f"{where}.citation")
    return Anchored(part.side, part.kind, part.words, part.event, first, last, citation)


def _day(text: str, where: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{where}: {text[:40]!r} is not a day such as 2020-06-12") from error


def _scope(part: _Scope) -> Scope:
    days = {name: _moment(getattr(part, name), f"scope.{name}") for name in ("as_of", "since", "until")}
    try:
        return Scope(**days, outlets=tuple(part.outlets))
    except ValueError as error:
        raise ValueError(f"scope: {error}") from error


def _consistent(answer: Answer) -> None:
    """Refuse an answer whose parts do not fit each other."""
    numbers = [source.number for source in answer.sources]
    if len(set(numbers)) < len(numbers):
        raise ValueError("sources: two have the same number")
    for name in ("sources", "claims", "disagreements", "wordings"):
        if answer.abstained and getattr(answer, name):
            raise ValueError(f"{name}: an answer that abstains has none")
    if answer.text and not (answer.claims or answer.abstained or answer.status):
        raise ValueError("text: a finished answer makes claims, or abstains")
    for source in answer.sources:
        if not (answer.scope.holds(source.article) or answer.scope.sees_changed(source.article)):
            raise ValueError(f"scope: source {source.number} does not lie in it")
    for place, anchor in enumerate(answer.anchors):
        if not Scope(as_of=answer.as_of).holds(anchor.citation.article):
            raise ValueError(
                f"anchors.{place}.citation: there was no such article on the day of the question"
            )
    sources = {source.article for source in answer.sources}
    for place, claim in enumerate(answer.claims):
        _resting(claim, answer.text, sources, f"claims.{place}")
    for place, disagreement in enumerate(answer.disagreements):
        if not {citation.article for _, citation in disagreement.values} <= sources:
            raise ValueError(f"disagreements.{place}.values: a cited article is not among the sources")
    for place, wording in enumerate(answer.wordings):
        if not {citation.article for citation in wording.citations} <= sources:
            raise ValueError(f"wordings.{place}.citations: a cited article is not among the sources")


def _resting(claim: Claim, text: str, sources: set[Article], where: str) -> None:
    """Refuse a claim that is not the answer's words, cites no source, or quotes what it does not say."""
    _within(claim.start, claim.end, (0, len(text)), where)
    if text[claim.start : claim.end] != claim.text:
        raise ValueError(f"{where}.text: these are not the answer's words from {claim.start} to {claim.end}")
    if not {citation.article for citation in claim.citations} <= sources:
        raise ValueError(f"{where}.citations: a cited article is not among the sources")
    if claim.verdict == "verbatim" and not is_verbatim(claim.text, claim.citations):
        raise ValueError(f"{where}.verdict: what it cites and what it says are not the same words")
