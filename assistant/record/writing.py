"""An answer written as JSON types."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Any

from assistant.record.parts import FORMAT, ArticlePart
from assistant.types import Anchored, Answer, Citation, Claim, Disagreement
from index.types import Article

DAYS = ("published", "modified", "added", "renewed")  # of an article


def to_record(answer: Answer) -> dict[str, Any]:
    """Write an answer as JSON types; every article it names stands once, whole, in `articles`."""
    return _record(answer, _article_record)


def to_named_record(answer: Answer) -> dict[str, Any]:
    """Write an answer as `to_record` does, its articles by id and version only."""
    return _record(answer, lambda article: {"id": article.id, "version": article.version})


def _record(answer: Answer, article_record: Callable[[Article], dict[str, Any]]) -> dict[str, Any]:
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
        "articles": [article_record(article) for article in places],
        "anchors": [_anchored_record(anchor, places) for anchor in answer.anchors],
        "about": [[one.first.isoformat(), one.last.isoformat()] for one in answer.about],
    }


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
    record = {name: getattr(article, name) for name in ArticlePart.model_fields}
    return record | {name: _iso(getattr(article, name)) for name in DAYS}


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
    kept = {name: getattr(anchor, name) for name in ("side", "kind", "words", "event", "days")}
    days = {"first": _iso(anchor.first), "last": _iso(anchor.last)}
    return {**kept, **days, "citation": _citation_record(anchor.citation, places)}
