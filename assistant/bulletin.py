"""What is new on a subject: the stories of some days, newest first, and what was changed in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from assistant.asked import Asked
from assistant.gathering import independent
from assistant.in_time import may_be_of
from assistant.types import Citation
from index.corrections import corrections
from index.intervals import Interval
from index.types import Article, Found, Hit, Passage, Scope

if TYPE_CHECKING:
    from assistant.quote import Quoter
    from assistant.sentences import Sentence
    from index.library import ArticleIndex

MOST_STORIES = 12
_LATEST = 4  # stories, where the latest is asked for
_PASSAGES = 40  # on a subject, that the stories are chosen from
_LEADS = 200  # articles, where no subject is named
_READ = 10  # passages that a model is given
_FRESH_DAYS = 14  # before an article, of which it tells as news
_FIRST = date.min + timedelta(_FRESH_DAYS)
_NEARLY = 0.4  # how far behind its article's best sentence an earlier one may be: news begins with the news
_OPENING = 4  # sentences among which the one is chosen that tells what an article is about
_LEAST_WORDS = 6  # of a sentence that can stand for an article


@dataclass(frozen=True, slots=True)
class Item:
    """A story as one line tells it: the words that stand for it, and the day it is new of."""

    citation: Citation
    day: date
    changed: bool

    @property
    def article(self) -> Article:
        """The article the words stand in."""
        return self.citation.article


def gathered_news(index: ArticleIndex, asked: Asked) -> Found:
    """Find what is new in the days asked for, and what was changed in them: of each story one report."""
    scope = asked.scope
    if not asked.words:
        hits = [Hit(one, 0.0) for one in index.leads(scope, _LEADS)]
        return Found(tuple(independent(index, hits)), index.limits())
    found = index.find(asked.words, _PASSAGES, scope)
    every = index.search(asked.words, _PASSAGES, replace(scope, since=None, until=None))
    changed = [hit for hit in every if scope.sees_changed(hit.passage.article)]
    return replace(found, hits=tuple(independent(index, [*found.hits, *changed])))


def newest_first(hits: Sequence[Hit], scope: Scope) -> list[Hit]:
    """Take the best passages for a model to read, those of the newest articles first."""
    return sorted(hits[:_READ], key=lambda hit: _day(hit.passage.article, scope), reverse=True)


def items(quoter: Quoter, asked: Asked, hits: Sequence[Hit]) -> list[Item]:
    """Choose the words that stand for each article on the subject; newest first, and none where none is."""
    scope = asked.scope
    words = _on_subject(quoter, asked.words, hits) if asked.words else _leads(quoter, asked, hits)
    chosen: dict[str, Citation] = {}
    for one in words:
        before = chosen.get(one.article.id)
        if before is None or (_is_note(one) and not _is_note(before)):
            chosen[one.article.id] = one
    found = [Item(one, _day(one.article, scope), not scope.holds(one.article)) for one in chosen.values()]
    found.sort(key=lambda item: (item.article.published is not None, item.day), reverse=True)
    return found[:_LATEST] if asked.listing == "latest" else found


def newest_before(index: ArticleIndex, quoter: Quoter, of: str, scope: Scope) -> Article | None:
    """Find the newest article there is on a subject, of any days but those of the scope."""
    before = replace(scope, since=None, until=None)
    hits = index.search(of, _PASSAGES, before) if of else [Hit(one, 0.0) for one in index.leads(before, 1)]
    found = items(quoter, Asked(of, before), hits)
    articles = [item.article for item in found if not scope.holds(item.article)]
    return next((one for one in articles if one.published), None) or next(iter(articles), None)


def _on_subject(quoter: Quoter, of: str, hits: Sequence[Hit]) -> list[Citation]:
    """Cite of each article the first of the sentences that are on a subject nearly as much as its best.

    What an article tells of long before it was published is no news, unless all tell nothing else.
    """
    if not quoter.quote(of, hits).statements:
        return []
    found = quoter.on_subject(of, hits)  # the best first
    found = [one for one in found if _is_fresh(one)] or found
    best: dict[str, Sentence] = {}
    first: dict[str, Sentence] = {}
    for one in found:
        article = one.passage.article.id
        best.setdefault(article, one)
        if article in first and _is_note(first[article].citation):
            continue
        earlier = article not in first or one.start < first[article].start
        if _is_note(one.citation) or (earlier and one.score >= best[article].score - _NEARLY):
            first[article] = one
    return [one.citation for one in first.values()]


def _is_fresh(sentence: Sentence) -> bool:
    """Tell whether a sentence may tell of the days before its article was published, or of later ones."""
    day = sentence.passage.article.published_day
    days = [] if day is None or day < _FIRST else [Interval(day - timedelta(_FRESH_DAYS), date.max)]
    return may_be_of(sentence.passage, (sentence.start, sentence.end), days)


def _leads(quoter: Quoter, asked: Asked, hits: Sequence[Hit]) -> list[Citation]:
    """Cite of each article how it begins, of those that are shown the sentence nearest to the headline.

    Where days are named, what is told of others is left out.
    """
    newest = sorted(hits, key=lambda hit: _day(hit.passage.article, asked.scope), reverse=True)
    told = [replace(hit, passage=one) for hit in newest if (one := _of_days(hit.passage, asked.times))]
    shown = [_nearest_to_headline(quoter, hit) for hit in told[:MOST_STORIES]]
    return [*shown, *map(_lead, told[MOST_STORIES:])]


def _of_days(passage: Passage, days: Sequence[Interval]) -> Passage | None:
    """Keep the sentences of a passage that may tell of some days; None where none does."""
    if not days:
        return passage
    spans = tuple(span for span in passage.sentences if may_be_of(passage, span, days))
    return replace(passage, sentences=spans) if spans else None


def _nearest_to_headline(quoter: Quoter, hit: Hit) -> Citation:
    lead, title = _lead(hit), hit.passage.article.title
    if not title or _is_note(lead):
        return lead
    opening = replace(hit.passage, sentences=hit.passage.sentences[:_OPENING])
    best = quoter.considered(title, [Hit(opening, 1.0)])
    long = (one for one in best if len(one.text.split()) >= _LEAST_WORDS)
    return next((Citation(hit.passage, one.start, one.end) for one in long), lead)


def _lead(hit: Hit) -> Citation:
    """Cite the first sentence of a passage that is long enough to tell something."""
    passage = hit.passage
    spans = passage.sentences or ((passage.start, passage.end),)
    long = (span for span in spans if len(passage.article.text[slice(*span)].split()) >= _LEAST_WORDS)
    return Citation(passage, *next(long, spans[0]))


def _is_note(citation: Citation) -> bool:
    """Tell whether words belong to a note that corrects the article they stand in."""
    notes = corrections(citation.article)
    return any(start <= citation.start and citation.end <= end for start, end in notes)


def _day(article: Article, scope: Scope) -> date:
    """Give the day an article is new of: the one it counts for, else that of its change."""
    day = article.counted_day if scope.holds(article) else article.changed_day
    return day or date.min
