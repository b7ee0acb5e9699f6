"""Which column of a table holds what: by the names that are common for it, or as the operator says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index.characters import ExtractError
from index.fields import NAMES


def _plain(name: str) -> str:
    """Write a name as names are compared.

    >>> _plain("Publication Date") == _plain("publication_date") == _plain("publicationDate")
    True
    """
    return "".join(filter(str.isalnum, name)).casefold()


# What columns are called beside what fields are called everywhere (NAMES), by preference, in small letters
# without what parts words: "publish_date", "Publish Date" and "publishDate" are one name. What is not here
# has misled: a "description" is a teaser, a "timestamp" (of C4) and a "created_at" the day of the crawl.
# Those an operator can name.
_MORE = {
    "title": "articletitle newstitle webtitle heading storytitle documenttitle titel titre",
    "text": "text body content article bodytext articletext articlebody articlecontent fulltext maintext"
    " storytext newstext contenttext cleantext plaintext textcontent fullarticle fullcontent bodyhtml"
    " contenthtml htmlcontent story",
    "url": "weburl articleurl articlelink newsurl newslink canonicalurl permalink storyurl"
    " documenturl pageurl uri",
    "published": "publisheddate datepublished publicationdate pubdate"
    " datepublish webpublicationdate publishedon publishedtime publicationtime publishtime"
    " datetime articledate newsdate dateofpublication dateposted posteddate postdate datum",
    "modified": "datemodified modifieddate lastmodified datemodify"
    " dateupdated updateddate updatedate lastupdated lastmodifieddate",
    "outlet": "publication newspaper sourcename publishername"
    " publicationname publicationtitle pubtitle medianame mediaoutlet newssource newspapername sourcetitle"
    " domain sourcedomain hostname website",
    "byline": "by creator writer authorname authornames journalist reporter",
    "language": "languagecode articlelanguage",
    "section": "sectionname newscategory",
    "year": "year publicationyear",
    "month": "month publicationmonth",
    "day": "day publicationday",
}
_MOST_LISTED = 20
_LONGEST_LISTED = 40  # characters: what is taken for a header may be an article


_ORDERS = {
    noun: {name: place for place, name in enumerate([*map(_plain, NAMES.get(noun, ())), *more.split()])}
    for noun, more in _MORE.items()
}
NOUNS = tuple(_MORE)


def require_text(names: Sequence[str], given: Mapping[str, str]) -> None:
    """Raise ExtractError where no column of a table holds the text, or one that is given is not there."""
    check(given)
    found = candidates(names, given)
    for noun, name in given.items():
        if name and not found[noun]:
            raise ExtractError(f"no column {name!r} for the {noun}, only {_listed(names)}")
    if not found["text"]:
        raise ExtractError(
            f"no column that is known to hold the text, only {_listed(names)}; "
            'name it in dateline.toml, as in columns = { text = "…" }'
        )


def check(given: Mapping[str, str]) -> None:
    """Refuse columns for what no article has. Raises ExtractError."""
    unknown = sorted(set(given) - set(NOUNS))
    if unknown:
        raise ExtractError(f"columns: {unknown[0]!r} is none of {', '.join(NOUNS)}")


def candidates(names: Sequence[str], given: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """List for each noun the columns that may hold it, best first: where a cell is empty the next one counts.

    A column that is given for a noun is the only one for it, and counts for no other; "" keeps all from it.
    """
    plain = {name: _plain(name) for name in dict.fromkeys(names)}
    taken = {name for noun in given for name in _named(plain, given[noun])}
    found: dict[str, tuple[str, ...]] = {}
    for noun in NOUNS:
        if noun in given:
            found[noun] = _named(plain, given[noun])
        elif noun in {"year", "month", "day"} and "published" in given:
            found[noun] = ()
        else:
            order = _ORDERS[noun]
            free = [name for name in plain if name not in taken and plain[name] in order]
            found[noun] = tuple(sorted(free, key=lambda name: order[plain[name]]))
    return found


def _named(plain: Mapping[str, str], wanted: str) -> tuple[str, ...]:
    """Find a column by its name, or where there is none by its name in other letters."""
    alike = [name for name in plain if plain[name] and plain[name] == _plain(wanted)]
    return (wanted,) if wanted in plain else tuple(alike[:1])


def _listed(names: Sequence[str]) -> str:
    shown = [repr(" ".join(name.split())[:_LONGEST_LISTED]) for name in names[:_MOST_LISTED]]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more > 0 else "")
