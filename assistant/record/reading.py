"""An answer read back from JSON, none of it on trust."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from pydantic import ValidationError

from assistant.record.forgeries import MARK, composed, faults_of, is_forged, stray_mark, stray_words
from assistant.record.parts import (
    MOST_CITATIONS,
    MOST_MARKS,
    AnchoredPart,
    ArticlePart,
    CitationPart,
    ClaimPart,
    DisagreementPart,
    NamedRecord,
    Part,
    Record,
    ScopePart,
    SourcePart,
    Told,
    WordingPart,
)
from assistant.record.writing import DAYS
from assistant.types import Anchored, Answer, Citation, Claim, Disagreement, Source, Usage, Wording
from index.dates import from_iso
from index.intervals import Interval
from index.types import Article, Passage, Scope

Form = TypeVar("Form", bound=Part)


def from_record(data: object) -> Answer:
    """Read a record; ValueError says which part is wrong, and nothing of it is taken on trust."""
    record = valid(Record, data)
    return _answer(record, [_article(part, f"articles.{n}") for n, part in enumerate(record.articles)])


def from_named_record(data: object, article: Callable[[str, str], Article]) -> Answer:
    """Read a record whose articles are named; `article` looks one up by id and version.

    What that raises is passed on; all else is checked as `from_record` does.
    """
    record = valid(NamedRecord, data)
    return _answer(record, [article(name.id, name.version) for name in record.articles])


def valid(form: type[Form], data: object, name: str = "the answer") -> Form:
    """Read data as a part of a record; ValueError says what is wrong, and where in it."""
    try:
        return form.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or name
        raise ValueError(f"{where}: {first['msg']}") from error


def _answer(record: Told, articles: list[Article]) -> Answer:
    if sum(len(claim.citations) for claim in record.claims) > MOST_CITATIONS:
        raise ValueError(f"claims: more than {MOST_CITATIONS} citations")
    if len(MARK.findall(record.text)) > MOST_MARKS:
        raise ValueError(f"text: more than {MOST_MARKS} marks")
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
        tuple(_interval(first, last, f"about.{n}") for n, (first, last) in enumerate(record.about)),
    )
    _consistent(answer)
    return answer


def _moment(text: str | None, where: str) -> date | None:
    if text is None:
        return None
    try:
        return from_iso(text)
    except ValueError as error:
        raise ValueError(f"{where}: {text[:40]!r} is not a date such as 2020-06-12") from error


def _article(part: ArticlePart, where: str) -> Article:
    fields = part.model_dump(exclude={"id", "date_confidence"})
    for name in DAYS:
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


def _citation(part: CitationPart, articles: list[Article], where: str) -> Citation:
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


def _claim(part: ClaimPart, articles: list[Article], where: str) -> Claim:
    citations = [_citation(c, articles, f"{where}.citations.{n}") for n, c in enumerate(part.citations)]
    return Claim(part.text, tuple(citations), part.verdict, part.start, part.end)


def _source(part: SourcePart, articles: list[Article], where: str) -> Source:
    copies = [_pick(articles, place, f"{where}.copies.{n}") for n, place in enumerate(part.copies)]
    return Source(part.number, _pick(articles, part.article, f"{where}.article"), tuple(copies))


def _disagreement(part: DisagreementPart, articles: list[Article], where: str) -> Disagreement:
    values = [
        (v.value, _citation(v.citation, articles, f"{where}.values.{n}.citation"))
        for n, v in enumerate(part.values)
    ]
    return Disagreement(part.kind, part.about, tuple(values))


def _wording(part: WordingPart, articles: list[Article], where: str) -> Wording:
    citations = [_citation(c, articles, f"{where}.citations.{n}") for n, c in enumerate(part.citations)]
    return Wording(part.speaker, tuple(citations))


def _anchored(part: AnchoredPart, articles: list[Article], where: str) -> Anchored:
    days = _interval(part.first, part.last, where)
    citation = _citation(part.citation, articles, f"{where}.citation")
    return Anchored(part.side, part.kind, part.words, part.event, days.first, days.last, citation, part.days)


def _interval(first: str, last: str, where: str) -> Interval:
    try:
        return Interval(_day(first), _day(last))
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text[:40]!r} is not a day such as 2020-06-12") from error


def _scope(part: ScopePart) -> Scope:
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
    if len({source.article for source in answer.sources}) < len(numbers):
        raise ValueError("sources: two are the same article")
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
        fault = faults_of(wording, answer, sources)
        if fault:
            raise ValueError(f"wordings.{place}.{fault}")
    if not answer.status and (mark := stray_mark(answer)):
        raise ValueError(f"text: {mark} stands in no claim")
    _claimed(answer)


def _claimed(answer: Answer) -> None:
    """Refuse what no answer says, in its claims or, where it is made of quotes, beside them."""
    told = composed(answer)
    for place, claim in enumerate(answer.claims):
        if is_forged(claim, answer, told):
            raise ValueError(f"claims.{place}.verdict: what it cites and what it says are not the same words")
    if answer.claims and not answer.model and (words := stray_words(answer)):
        raise ValueError(f"text: {words[:40]!r} stands in no claim")


def _resting(claim: Claim, text: str, sources: set[Article], where: str) -> None:
    """Refuse a claim that is not the answer's words, or cites what is no source of it."""
    _within(claim.start, claim.end, (0, len(text)), where)
    if text[claim.start : claim.end] != claim.text:
        raise ValueError(f"{where}.text: these are not the answer's words from {claim.start} to {claim.end}")
    if not {citation.article for citation in claim.citations} <= sources:
        raise ValueError(f"{where}.citations: a cited article is not among the sources")
