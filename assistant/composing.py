"""Answers put together from the articles: quotes with outlet and day, and "the articles do not say"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.asked import Listing
from assistant.bulletin import MOST_STORIES, Item
from assistant.in_words import (
    bounds_in_words,
    dateline,
    day_in_words,
    days_in_words,
    in_quotation_marks,
    reporter,
)
from assistant.sentences import Sentence, is_spoken
from assistant.timeline import Event
from assistant.types import Answer, Citation, Claim, Disagreement, Source, Wording
from assistant.verify.claims import letters
from index.types import Article, Scope

_MOSTLY = 0.4  # the share of the letters of a sentence from which it is little else than what they are
_HEADS: dict[Listing, str] = {"new": "New ", "published": "Published "}
LIKEWISE = "; "  # between two reports of one statement
SPOKEN = ", quoting someone"
SILENT = "Nothing that answers this was found in "


def quoted(
    under_way: Answer, statements: Sequence[Sequence[Sentence]], wordings: Sequence[Wording] = ()
) -> Answer:
    """Write one paragraph a statement: who reported it, when, the words, and the number of the source.

    Where outlets quote a statement in different words, these stand side by side, in place of the sentences
    that are little else.
    """
    numbers: dict[Article, int] = {}
    text, claims = "", []
    for one in _in_turn(statements, wordings):
        written, cited = side_by_side(one, numbers) if isinstance(one, Wording) else _told(one, numbers)
        claims.append(Claim(written, cited, "verbatim", len(text), len(text) + len(written)))
        text += f"{written}\n\n"
    sources = tuple(Source(number, article) for article, number in numbers.items())
    return replace(
        under_way,
        text=text.rstrip("\n"),
        claims=tuple(claims),
        sources=sources,
        wordings=tuple(wordings),
    )


def reworded(answer: Answer, wordings: Sequence[Wording]) -> Answer:
    """Add to an answer the statements that outlets quote in different words, with the sources it takes."""
    numbers = {source.article: source.number for source in answer.sources}
    text, claims = answer.text, list(answer.claims)
    for one in wordings:
        text += "\n\n"
        written, cited = side_by_side(one, numbers)
        claims.append(Claim(written, cited, "verbatim", len(text), len(text) + len(written)))
        text += written
    sources = tuple(Source(number, article) for article, number in numbers.items())
    return replace(answer, text=text, claims=tuple(claims), sources=sources, wordings=tuple(wordings))


def _in_turn(
    statements: Sequence[Sequence[Sentence]], wordings: Sequence[Wording]
) -> Iterator[Sequence[Sentence] | Wording]:
    """Give the statements in their order, each wording where the first of its sentences stands, or last."""
    left = list(wordings)
    for statement in statements:
        own = [one for one in left if any(_shared(one, sentence) for sentence in statement)]
        left = [one for one in left if one not in own]
        told = [sentence for sentence in statement if not _is_quotation(sentence, wordings)]
        first = told and told[0] is statement[0]
        yield from ([told] if first else [])
        yield from own
        yield from ([told] if told and not first else [])
    yield from left


def _is_quotation(sentence: Sentence, wordings: Sequence[Wording]) -> bool:
    """Tell whether a sentence is for the most part what is shown in several wordings."""
    shown = sum(_shared(one, sentence) for one in wordings)
    return shown >= _MOSTLY * len(letters(sentence.text))


def _shared(wording: Wording, sentence: Sentence) -> int:
    """Count the letters of a sentence that a wording has."""
    article = sentence.passage.article
    inside = [
        one
        for one in wording.citations
        if sentence.start <= one.start < sentence.end and one.article == article
    ]
    return sum(len(letters(one.quote)) for one in inside)


def _told(statement: Sequence[Sentence], numbers: dict[Article, int]) -> tuple[str, tuple[Citation, ...]]:
    """Write a statement as each article has it, one after the other."""
    reports = []
    for sentence in statement:
        article = sentence.passage.article
        number = numbers.setdefault(article, len(numbers) + 1)
        spoken = SPOKEN if is_spoken(article.text, sentence.start) else ""
        reports.append(f"{dateline(article)}{spoken}: {in_quotation_marks(sentence.text)} [{number}]")
    return LIKEWISE.join(reports), tuple(sentence.citation for sentence in statement)


def side_by_side(wording: Wording, numbers: dict[Article, int]) -> tuple[str, tuple[Citation, ...]]:
    """Write a statement in all its wordings: the words of each outlet, its name, the day and the source."""
    from assistant.compare import as_pieces

    text = ""
    for piece in as_pieces(wording):
        if isinstance(piece, Citation):
            number = numbers.setdefault(piece.article, len(numbers) + 1)
            text += f"{in_quotation_marks(piece.quote)} ({dateline(piece.article)}) [{number}]"
        else:
            text += piece
    return text, wording.citations


def listed(under_way: Answer, events: Sequence[Event]) -> Answer:
    """Write a line an event: the day it happened, who reported it when, the words, and the source."""
    answer = quoted(under_way, [[event.sentence] for event in events])
    text, claims = "", []
    for event, claim in zip(events, answer.claims, strict=True):
        text += f"{days_in_words(event.days)} · "
        claims.append(replace(claim, start=len(text), end=len(text) + len(claim.text)))
        text += f"{claim.text}\n\n"
    return replace(answer, text=text.rstrip("\n"), claims=tuple(claims))


def stories(under_way: Answer, items: Sequence[Item], listing: Listing) -> Answer:
    """Write a line a story: when it was published, changed or added, who reported it, and the words."""
    shown = items[:MOST_STORIES]
    text = f"{head(under_way.scope, listing)}\n\n"
    claims = []
    for number, item in enumerate(shown, 1):
        text += f"{_arrival(item)} · "
        start = len(text)
        text += f"{reporter(item.article)}: {in_quotation_marks(item.citation.quote)} [{number}]"
        claims.append(Claim(text[start:], (item.citation,), "verbatim", start, len(text)))
        text += "\n\n"
    sources = tuple(Source(number, item.article) for number, item in enumerate(shown, 1))
    left = (
        f"The newest {len(shown)} of {len(items)} stories found are listed."
        if len(items) > len(shown)
        else ""
    )
    return replace(
        under_way,
        text=text.rstrip("\n"),
        claims=tuple(claims),
        sources=sources,
        warnings=(*under_way.warnings, left) if left else under_way.warnings,
    )


def head(scope: Scope, listing: Listing) -> str:
    """Say what a list is of."""
    days = "The latest, newest first" if listing == "latest" else bounds_in_words(scope)
    return f"{_HEADS.get(listing, '')}{days}:"


def compared(answer: Answer, found: Sequence[Disagreement]) -> Answer:
    """Add what reports differ on to an answer, a paragraph each, with the sources that it takes."""
    numbers = {source.article: source.number for source in answer.sources}
    text, claims = answer.text, list(answer.claims)
    for one in found:
        text += "\n\n"
        written, cited = differing(one, numbers)
        claims.append(Claim(written, cited, "supported", len(text), len(text) + len(written)))
        text += written
    sources = tuple(Source(number, article) for article, number in numbers.items())
    return replace(answer, text=text, claims=tuple(claims), sources=sources, disagreements=tuple(found))


def differing(one: Disagreement, numbers: dict[Article, int]) -> tuple[str, tuple[Citation, ...]]:
    """Write what reports differ on in a sentence, each value with the number of its source."""
    from assistant.compare import as_sentence

    text = ""
    for piece in as_sentence(one):
        if isinstance(piece, Citation):
            text += f" [{numbers.setdefault(piece.article, len(numbers) + 1)}]"
        else:
            text += piece.replace("[", "(").replace("]", ")")  # nothing but a mark looks like one
    return text, tuple(citation for _, citation in one.values)


def _arrival(item: Item) -> str:
    """Say when an article was published, and what else makes it new."""
    day = item.article.published_day
    if item.changed:
        return f"{day_in_words(day) if day else 'undated'}, changed {day_in_words(item.day)}"
    return day_in_words(day) if day else f"undated, added {day_in_words(item.day)}"
