"""Words as HTML on one line, and the links from an answer to the articles that it rests on."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.in_words import dateline
from assistant.markup import cited, escape
from assistant.types import Answer, Citation, Source
from index.types import Article
from page import words
from page.references import address

_QUOTE_CHARACTERS = 300  # of a tooltip
_TITLE_CHARACTERS = 300
_LONG_WORD = 40  # characters; not every script parts its words
# All that ends a line somewhere, since a message is one line.
_SIGNS = dict.fromkeys(map(ord, "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"), " ")


def escaped(text: str) -> str:
    r"""Write text as HTML on one line, each of its characters but those that only turn others around.

    >>> escaped("<b>\n$3m")
    '&#60;b&#62; &#36;3m'
    """
    return escape(text if text.isprintable() else text.translate(_SIGNS))


def shortened(text: str, characters: int) -> str:
    """Cut a text where it is too long, between two words if that is possible.

    >>> shortened("The ferry sailed at noon.", 12), shortened("The ferry", 12)
    ('The ferry …', 'The ferry')
    """
    line = " ".join(text.split())
    if len(line) <= characters:
        return line
    cut = line[:characters]
    whole, _, begun = cut.rpartition(" ")
    return f"{whole if whole and len(begun) < _LONG_WORD else cut} …"


def title_in_words(article: Article) -> str:
    """Say what an article is called: by its title, else by its file, in a line that has something to see."""
    names = (article.title, article.source.replace("\\", "/").rsplit("/", 1)[-1])
    return next((shortened(name, _TITLE_CHARACTERS) for name in names if _is_seen(name)), words.UNTITLED)


def _is_seen(text: str) -> bool:
    return any(unicodedata.category(sign)[0] in "LNPS" for sign in text)


@dataclass(frozen=True, slots=True)
class Links:
    """The links of an answer; each address is made once, since a version is a digest of a whole text."""

    answer: Answer
    _made: dict[tuple[Article, tuple[Citation, ...]], str] = field(default_factory=dict, init=False)
    _cited: dict[Article, list[Citation]] = field(default_factory=dict, init=False)
    _named: dict[Article, str] = field(default_factory=dict, init=False)

    def spans(self, article: Article) -> list[Citation]:
        """List what the answer cites in an article."""
        if article not in self._cited:
            self._cited[article] = cited(self.answer, article)
        return self._cited[article]

    def address(self, article: Article, chosen: Sequence[Citation] = ()) -> str:
        """Give the address of an article with all that is cited there marked, and what is chosen stronger."""
        key = (article, tuple(chosen))
        if key not in self._made:
            self._made[key] = escaped(address(article, [*self.spans(article), *chosen], chosen))
        return self._made[key]

    def mark(self, source: Source, chosen: Sequence[Citation]) -> str:
        """Write the number of a source as a link to the words chosen there, which are its tooltip."""
        article = source.article
        own = [one for one in chosen if one.article == article]
        quote = shortened(" … ".join(one.quote for one in own), _QUOTE_CHARACTERS)
        title = f' title="{escaped(quote)}"' if quote else ""
        spoken = f'<span class="spoken"> {self._dateline(article)}</span>'
        where = self.address(article, own or self.spans(article)[:1])
        return f'<a class="cite" href="{where}"{title}>&#91;{source.number}&#93;{spoken}</a>'

    def day(self, citation: Citation) -> str:
        """Write outlet and day of an article as a link to words in it that need not be a source's."""
        where = self.address(citation.article, [citation])
        title = escaped(shortened(citation.quote, _QUOTE_CHARACTERS))
        shown = f"<bdi>{self._dateline(citation.article)}</bdi>"
        return f'<a class="cite" href="{where}" title="{title}">{shown}</a>'

    def reported(self, citation: Citation) -> str:
        """Write who reported some words and when, with the number of the source where it has one."""
        source = next((one for one in self.answer.sources if one.article == citation.article), None)
        if source is None:
            return self.day(citation)
        return f"<bdi>{self._dateline(citation.article)}</bdi> {self.mark(source, [citation])}"

    def _dateline(self, article: Article) -> str:
        if article not in self._named:
            self._named[article] = escaped(dateline(article))
        return self._named[article]
