"""The byline of a page: the authors it states, else those its byline shows, without what is no name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from index.beside import lies_beside
from index.lines import blocks
from index.linked import authors_of, persons_of
from index.metas import Metas, plain
from index.types import web_address

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_STATED = (
    *("dc.creator", "dcterms.creator", "author", "authors", "parsely-author", "article.author", "og.author"),
    *("og.article.author", "byl", "sailthru.author", "citation_author", "rbauthors", "dcsext.author"),
    *("shareaholic.article_author_name", "creator"),
)
_CLASS = re.compile(  # a byline, or an author's name in it; not what else there is about an author
    r"(?!.*(?:comment|tweet|quote|related|footer|reply|photo|image))"
    r"(?:.*[-_])?(?:by-?line|authors?)(?:[-_]*(?:names?|links?|text))?",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:[^\W\d]+\s+)?by\b[\s:]+|(?:von|par|por|di|door)\s+"
    r"|author\s*:\s*|作者\s*[:：]\s*|文\s*[/／]\s*",
    re.IGNORECASE,
)
_ON_A_DAY = re.compile(r"(?:posted|published|written)\s+on\s+.{6,40}\s+by\s+", re.IGNORECASE)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DAY = (  # of a date that follows a name
    rf"{_MONTH}\.?\s+\d{{1,2}}\b|\d{{1,2}}\.?\s+{_MONTH}\b|(?:19|20)\d\d\b|\d{{1,2}}[/.:]\d\d"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+\d"
)
_AFTER_NAME = re.compile(  # what else a line holds: a part set off by a sign, a date, an editor, an address
    r"\s*[|•·]\s*|\s+[–—-]+\s+|\s*\((?:https?:|www\.)"
    rf"|(?:^|[\s,]+)(?:{_DAY}|(?:edited by|(?:last )?updated|published|posted|follow|says?|wrote)\b)",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r",\s+(?:[\w&'’]+\s+){0,3}"
    r"(?:staff|writer|reporter|editor|correspondent|columnist|contributor|producer|journalist|critic)s?"
    r"|\s+(?:staff|contributing|senior)\s+(?:writer|reporter|editor|correspondent)",
    re.IGNORECASE,
)
_WORDS = r"[^\W\d_a-z][\w.'’-]*(?:\s+[^\W\d_a-z][\w.'’-]*)"  # that begin with a capital
_REPORTING_FROM = re.compile(rf"(?P<name>{_WORDS}{{1,4}})\s+in\s+{_WORDS}{{0,3}}(?=\s+and\b|,|$)")
_NOBODY = re.compile(  # what software writes where no author was entered, and words of forms beside one
    r"(?:no|unknown|guest|by|the)?\s*authors?|admin(?:istrator)?|anonymous|unknown|none|null|undefined|user"
    r"|user\s?name|editor|follow|share|staff|作者|view all posts.*|.*\bprofile",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(r"[a-z0-9._-]+")  # "jdoe7": who is logged in, not who that is
_MOST_ELEMENTS = 50
_MOST_WITHIN = 100  # elements in one that holds a byline
_LONGEST_LINE = 160  # characters of one that holds a byline
_LONGEST_LIST = 600  # characters of names in one value
_MOST_AUTHORS = 12


def byline_of(
    page: HtmlElement,
    about: Sequence[dict[str, Any]],
    data: Sequence[dict[str, Any]],
    metas: Metas,
    outlet: str,
    titles: Sequence[str],
) -> str:
    """List the authors as the surest place writes them, with commas between; "" where none is named.

    `about` are the JSON-LD objects of the article among all of the page, `data`. An account's name, or that
    of the outlet itself, counts only where nobody else is named, a person described elsewhere last.
    """
    places = [_people(names) for names in authors_of(about, data)]
    places += [_people(metas.get(name, ())) for name in _STATED]
    stated = [place for place in places if place]
    sure = next((place for place in stated if not _is_last_resort(place, outlet)), None)
    authors = sure or _shown(page, titles) or next(iter(stated), []) or _people(persons_of(data))
    return ", ".join(authors[:_MOST_AUTHORS])


def person(text: str) -> str:
    """Take the author's name out of a byline, "" where there is none.

    >>> person("By Jane P. Doe, Harbour Correspondent"), person("JANE DOE March 11, 2015 3:46 PM")
    ('Jane P. Doe', 'JANE DOE')
    >>> person("By Jane Doe in New York and John Roe in Hanoi")
    'Jane Doe and John Roe'
    >>> person("Salt & Iron"), person("https://post.example/jane"), person("No Author")
    ('Salt & Iron', '', '')
    """
    text = plain(text)
    dated = _ON_A_DAY.match(text) or _LABEL.match(text)
    text = text[dated.end() :] if dated else text
    name = _ROLE.split(_AFTER_NAME.split(text, maxsplit=1)[0], maxsplit=1)[0]
    name = _REPORTING_FROM.sub(r"\g<name>", name).strip(" ,;:")
    spoken = any(map(str.isalpha, name)) and "@" not in name and not web_address(name)
    return name if spoken and len(name) <= _LONGEST_LIST and not _NOBODY.fullmatch(name) else ""


def _people(texts: Iterable[str]) -> list[str]:
    """Read each text as one author or a list that semicolons part; nobody twice."""
    return list(dict.fromkeys(name for text in texts for part in text.split(";") if (name := person(part))))


def _is_last_resort(names: Sequence[str], outlet: str) -> bool:
    return all(_ACCOUNT.fullmatch(name) or name.casefold() == outlet.casefold() for name in names)


def _shown(page: HtmlElement, titles: Sequence[str]) -> list[str]:
    """Read the first byline on the page, with those of its kind beside it."""
    marked = islice((element for element in page.iter("*") if _is_byline(element)), _MOST_ELEMENTS)
    own = [(element, _name(element)) for element in marked if not lies_beside(element, titles)]
    found = [(element, name) for element, name in own if name]
    if not found:
        return []
    first = found[0][0]
    return list(dict.fromkeys(name for element, name in found if _is_beside(element, first)))


def _is_byline(element: HtmlElement) -> bool:
    if not isinstance(element.tag, str) or element.tag in {"link", "meta", "html", "body", "head"}:
        return False
    says = {*element.get("rel", "").lower().split(), *element.get("itemprop", "").lower().split()}
    return "author" in says or any(map(_CLASS.fullmatch, element.get("class", "")[:500].split()))


def _is_beside(element: HtmlElement, first: HtmlElement) -> bool:
    """Tell whether an element is marked as the first is, and stands next to it or in the same list."""
    around, around_first = element.getparent(), first.getparent()
    if any(element.get(name) != first.get(name) for name in ("class", "rel", "itemprop")):
        return False
    listed = around.tag == around_first.tag == "li" and around.getparent() is around_first.getparent()
    return around is around_first or listed


def _name(element: HtmlElement) -> str:
    """Read the first line of an element that names someone; of microdata, its name."""
    if len(list(islice(element.iter(), _MOST_WITHIN + 1))) > _MOST_WITHIN:
        return ""
    named_so = element.xpath(".//*[@itemprop='name']")
    lines = blocks(named_so[0] if named_so else element)[:3]
    return next((name for line in lines if len(line) <= _LONGEST_LINE and (name := person(line))), "")
