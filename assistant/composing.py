"""Answers put together from the articles: quotes with outlet and day, and "the articles do not say"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.bulletin import MOST_STORIES, Item
from assistant.markup import (
    counted,
    dateline,
    day_in_words,
    in_quotation_marks,
    reporter,
    scope_in_words,
)
from assistant.sentences import Sentence, is_spoken
from assistant.timeline import Event
from assistant.types import Answer, Citation, Claim, Disagreement, Source, Wording
from assistant.verify.claims import letters
from index.types import Article, Coverage, Hit, Scope

_NEAREST = 3  # articles named when none answers
_MOSTLY = 0.4  # the share of the letters of a sentence from which it is little else than what they are
_LIKEWISE = "; "  # between two reports of one statement


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
        written, cited = _side_by_side(one, numbers) if isinstance(one, Wording) else _told(one, numbers)
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
        written, cited = _side_by_side(one, numbers)
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
        spoken = ", quoting someone" if is_spoken(article.text, sentence.start) else ""
        reports.append(f"{dateline(article)}{spoken}: {in_quotation_marks(sentence.text)} [{number}]")
    return _LIKEWISE.join(reports), tuple(sentence.citation for sentence in statement)


def _side_by_side(wording: Wording, numbers: dict[Article, int]) -> tuple[str, tuple[Citation, ...]]:
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
        text += f"{day_in_words(event.day)} · "
        claims.append(replace(claim, start=len(text), end=len(text) + len(claim.text)))
        text += f"{claim.text}\n\n"
    return replace(answer, text=text.rstrip("\n"), claims=tuple(claims))


def reported_new(under_way: Answer, items: Sequence[Item]) -> Answer:
    """Write a line a story: when it was published, changed or added, who reported it, and the words."""
    shown, scope = items[:MOST_STORIES], under_way.scope
    text, claims = f"New {_days_in_words(scope)}:\n\n", []
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


def nothing_new(under_way: Answer, newest: Article, inside: Coverage) -> Answer:
    """Say that nothing new was found in the articles inside the scope, and of what day the newest is."""
    day = newest.counted_day
    when = "undated" if not newest.published else f"of {day_in_words(day)}" if day else ""
    looked = f"the {_extent(inside)}" if inside.articles else "the articles, none of which is of these days"
    text = (
        f"Nothing new {_days_in_words(under_way.scope)} was found in {looked}. The newest on this is {when}."
    )
    return replace(under_way, text=text, abstained=True, nearest=(newest,))


def compared(answer: Answer, found: Sequence[Disagreement]) -> Answer:
    """Add what reports differ on to an answer, a paragraph each, with the sources that it takes."""
    from assistant.compare import as_sentence

    numbers = {source.article: source.number for source in answer.sources}
    text, claims = answer.text, list(answer.claims)
    for one in found:
        text += "\n\n"
        start = len(text)
        for piece in as_sentence(one):
            if isinstance(piece, Citation):
                text += f" [{numbers.setdefault(piece.article, len(numbers) + 1)}]"
            else:
                text += piece.replace("[", "(").replace("]", ")")  # nothing but a mark looks like one
        cited = tuple(citation for _, citation in one.values)
        claims.append(Claim(text[start:], cited, "supported", start, len(text)))
    sources = tuple(Source(number, article) for article, number in numbers.items())
    return replace(answer, text=text, claims=tuple(claims), sources=sources, disagreements=tuple(found))


def abstention(under_way: Answer, hits: Sequence[Hit], every: Coverage, inside: Coverage) -> Answer:
    """Say that the articles do not answer, how many there are, from when, and which come nearest.

    `every` is what all articles cover, `inside` those in the scope of the question.
    """
    nearest = tuple(dict.fromkeys(hit.passage.article for hit in hits))[:_NEAREST]
    asked = scope_in_words(under_way.scope)
    if not every.articles:
        text = "There are no articles to answer from; add some with: dateline sync FOLDER"
    elif not inside.articles:
        text = f"None of the {counted(every.articles, 'article')} here fits what was asked for: {asked}"
        text += f"; the outlets are {', '.join(every.outlets)}" if under_way.scope.outlets else ""
        text += f"; there are {_extent(every)}." if under_way.scope.since or under_way.scope.until else "."
    else:
        text = f"The articles do not say: no sentence that answers this was found in the {_extent(inside)}"
        text += f", {asked}." if asked else "."
    return replace(under_way, text=text, abstained=True, nearest=nearest)


def _days_in_words(scope: Scope) -> str:
    """Say which days are bounded."""
    if not scope.until:
        return f"since {day_in_words(scope.since)}" if scope.since else "among all articles"
    return f"{f'from {day_in_words(scope.since)} ' if scope.since else ''}until {day_in_words(scope.until)}"


def _arrival(item: Item) -> str:
    """Say when an article was published, and what else makes it new."""
    day = item.article.published_day
    if item.changed:
        return f"{day_in_words(day) if day else 'undated'}, changed {day_in_words(item.day)}"
    return day_in_words(day) if day else f"undated, added {day_in_words(item.day)}"


def stale_warning(every: Coverage) -> str:
    """Say how old what is newest here is."""
    return f"The newest article here is of {day_in_words(every.last_day)}." if every.last_day else ""


def _extent(coverage: Coverage) -> str:
    """Say how many articles there are, from when, and how many say no day."""
    text = f"{counted(coverage.articles, 'article')} here"
    if coverage.first_day and coverage.last_day:
        first, last = day_in_words(coverage.first_day), day_in_words(coverage.last_day)
        text += f", published {first} to {last}" if first != last else f", published {first}"
        text += f", {coverage.undated} of them undated" if coverage.undated else ""
    return text
