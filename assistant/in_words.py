"""What readers are told in words: outlets and days, scopes, events, counts."""

from __future__ import annotations

import re
from datetime import date

from assistant.origins import date_origin
from assistant.types import Anchored, Answer
from index.genres import genre
from index.intervals import Interval
from index.outlets import outlet_name
from index.types import Article, Scope

_INNER = {ord("“"): "‘", ord("„"): "‘", ord("”"): "’", ord('"'): "’", ord("«"): "‹", ord("»"): "›"}
_GERMAN = re.compile("„([^“”„]*)“")  # which closes with what opens in English
_OPENING = re.compile(r'(?<![^\s(\[‘“—–-])"(?=\S)')
_NUMBER = re.compile(r"[\[【]([\s\d,;–-]*\d[\s\d,;–-]*)[\]】]")  # anything that could be read as a mark
_BRACKETS = {ord("["): "(", ord("]"): ")"}
_NAME_CHARACTERS = 80
_NO_OUTLET = "Unknown outlet"


def dateline(article: Article) -> str:
    """Say who reported it and when: `The Harbour Post, 12 June 2020`, or undated, and when it changed.

    An opinion, an analysis and a review are said to be, and whose; what is paid for is said to be.

    A name cannot pass for a quotation or for the mark of a source, nor for more than a line.
    """
    day, written = article.published_day, article.written_day
    changed = f", changed {day_in_words(written)}" if written and written != day else ""
    return f"{outlet_in_words(article)}, {day_in_words(day) if day else 'undated'}{changed}{_genre(article)}"


def reporter(article: Article) -> str:
    """Say who reported it, as `dateline` does, where the day is said already."""
    return f"{outlet_in_words(article)}{_genre(article)}"


def genre_in_words(article: Article) -> str:
    """Say whose opinion, analysis or review it is, or that it is paid for; nothing of a report."""
    kind = genre(article)
    by = " ".join(article.byline.translate(_INNER | _BRACKETS).split())
    who = f" by {by[:_NAME_CHARACTERS]}" if kind != "sponsored" and by else ""
    return f"{kind}{who}" if kind else ""


def _genre(article: Article) -> str:
    told = genre_in_words(article)
    return f", {told}" if told else ""


def published_in_words(article: Article) -> str:
    """Say when it was published and how that is known, or `undated`.

    >>> published_in_words(Article("It rained.", published=date(2020, 6, 12), date_source="meta"))
    "published 12 June 2020 (date from the page's metadata)"
    """
    day, origin = article.published_day, date_origin(article)
    return f"published {day_in_words(day)}{f' ({origin})' if origin else ''}" if day else "undated"


def outlet_in_words(article: Article) -> str:
    """Name the outlet, or say that it is not known: on one line, and nothing in it passes for a quotation."""
    name = " ".join(outlet_name(article.outlet).translate(_INNER | _BRACKETS).split())
    return (name if len(name) <= _NAME_CHARACTERS else f"{name[:_NAME_CHARACTERS].rstrip()}…") or _NO_OUTLET


def in_quotation_marks(words: str) -> str:
    """Put words in quotation marks; those inside become single, so that the outer ones end the quote.

    A number in square brackets gets round ones: it is no mark of a source.

    >>> in_quotation_marks('He said: "No [2]."'), in_quotation_marks("Er sagte: „Nein.“")
    ('“He said: ‘No (2).’”', '“Er sagte: ‘Nein.’”')
    """
    inner = _OPENING.sub("‘", _GERMAN.sub(r"‘\1’", words)).translate(_INNER)
    unmarked = _NUMBER.sub(r"(\1)", inner)
    return f"“{unmarked}”"


def day_in_words(day: date) -> str:
    """Write a day as it is read: `12 June 2020`."""
    return f"{day.day} {day:%B %Y}"


def counted(number: int, noun: str) -> str:
    """Write how many: `1 article`, `1,024 articles`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def sentence(words: str) -> str:
    """Write words as a sentence: with a capital, and with an end.

    >>> sentence("the server failed (500); ask again")
    'The server failed (500); ask again.'
    """
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", "!", "?", "”", "…")) else ".")


def written_by(answer: Answer) -> str:
    """Say what wrote an answer; nothing where it is quotes."""
    if not answer.model or not answer.claims:
        return ""
    return (
        f"Written by {answer.model}; each sentence was checked against the articles by rules, "
        "when it was written."
    )


def scope_in_words(scope: Scope) -> str:
    """Say which articles were asked, in a phrase; nothing for all of them.

    >>> from datetime import date
    >>> scope_in_words(Scope(as_of=date(2020, 6, 14), outlets=("The Harbour Post",)))
    'as of 14 June 2020, of The Harbour Post'
    """
    is_one_day = scope.since is not None and scope.since == scope.until
    days = [("of", scope.since)] if is_one_day else [("from", scope.since), ("until", scope.until)]
    parts = [f"{words} {day_in_words(day)}" for words, day in (("as of", scope.as_of), *days) if day]
    if scope.outlets:
        parts.append(f"of {' and '.join(scope.outlets)}")
    return ", ".join(parts)


def bounds_in_words(scope: Scope) -> str:
    """Say which days are bounded."""
    if not scope.until:
        return f"since {day_in_words(scope.since)}" if scope.since else "among all articles"
    return f"{f'from {day_in_words(scope.since)} ' if scope.since else ''}until {day_in_words(scope.until)}"


def asked(answer: Answer) -> str:
    """Say in a sentence which articles an answer was looked for in, and from which days an event was counted.

    Nothing for all of them.
    """
    told = [f"about {days_in_words(one)}" for one in answer.about]
    told += [anchor_in_words(one) for one in answer.anchors]
    scope = scope_in_words(answer.scope)
    return f"Asked {'; '.join([*told, scope] if scope else told)}." if told or scope else ""


def days_in_words(days: Interval) -> str:
    """Say which days an interval has: `12 June 2020`, `1 May 2019 to 31 May 2019`, `the time until …`."""
    if days.first == date.min:
        return f"the time until {day_in_words(days.last)}"
    if days.last == date.max:
        return f"the time from {day_in_words(days.first)} on"
    first = day_in_words(days.first)
    return first if days.first == days.last else f"{first} to {day_in_words(days.last)}"


def anchor_in_words(anchor: Anchored) -> str:
    """Say from which days an event was counted, and by whose words."""
    what = {"after": "what came after", "before": "what came before", "until": "the time until"}[anchor.side]
    if anchor.kind == "published":
        what = f"what was published {'from' if anchor.side == 'after' else anchor.side}"
    if anchor.days:
        what = f"the {anchor.days} days {anchor.side}"
    days = days_in_words(Interval(anchor.first, anchor.last))
    told = f"{dateline(anchor.citation.article)}: {in_quotation_marks(anchor.citation.quote)}"
    return f"of {what} {in_quotation_marks(anchor.event)}, {days} ({told})"
