"""Lines that tell nothing but who published an article, who wrote it and when."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from index.dates import Dates, parse_date
from index.notices import is_notice

_LONGEST = 160
_MOST_COMMAS = 6
_LABELS = {
    "published": r"(?:first )?(?:published|posted|veröffentlicht|publié|publicado|pubblicato|gepubliceerd)",
    "modified": r"(?:last )?(?:updated|modified)|(?:zuletzt )?(?:aktualisiert|geändert)|mis à jour",
}
_LABEL = re.compile(
    r"(?:^|(?<=[ ,|·•(]))(?:"
    + "|".join(f"(?P<{kind}>{words})" for kind, words in _LABELS.items())
    + r")(?:\s*[:|]\s*|\s+)(?:(?:at|on|am|le|el|il|op|em|um)\s+)?",
    re.IGNORECASE,
)
# A reader's comment is "posted", or carries a name and a date; an outlet says that it published or changed.
_OF_THE_OUTLET = re.compile(
    rf"(?:{_LABELS['published'].replace('posted|', '')}|{_LABELS['modified']})\b", re.IGNORECASE
)
_BETWEEN = re.compile(r"\s*[|·•]\s*|\s+[–—-]\s+|\s+(?=(?:by|By|von|par|por)\s+[^\W\d_a-z])")
_PARTICLES = "and|und|et|y|e|en|de|del|la|le|van|von|der|den|bin|al|of|the|for|für|du"
_NAME = re.compile(rf"[^\W\d_a-z][\w.'’-]*(?: (?:[^\W\d_a-z][\w.'’-]*|{_PARTICLES})){{1,5}}")
_BY = re.compile(r"(?:by|written by|von|par|por|di|door)\s+", re.IGNORECASE)
_PRINTED_IN = re.compile(
    r"(?:as )?(?:first )?(?:published|printed|appeared|seen) in (?:the )?", re.IGNORECASE
)
_AGENCY = re.compile(r"\s*\(([^()]{2,40})\)$")
_OUTLET = re.compile(
    r"\b(?:times|post|review|gazette|daily|tribune|news|chronicle|wire|world|herald|journal|magazine|press|"
    r"guardian|observer|telegraph|mirror|mail|star|sun|standard|express|courier|examiner|monitor|reporter|"
    r"bulletin|dispatch|globe|independent|weekly|report|media|broadcasting|radio|tv|agency|reuters|bbc|cnn|npr|"
    r"zeitung|rundschau|tagblatt|anzeiger|kurier|nachrichten|blatt|presse|spiegel|monde|figaro|país|mundo|"
    r"corriere|repubblica|gazzetta|dagblad|courant|jornal|folha)\b|\.(?:com|org|net|co\.uk|de|fr)$",
    re.IGNORECASE,
)
_SECTION = re.compile(
    r"(?:(?:weekend|print|online|international|morning|evening) edition|opinion|analysis|exclusive|politics"
    r"|business|(?:breaking|latest|top|local|world|us|uk|business) news|world|news"
    r"|(?:[\w&'’-]+ ){0,3}(?:writer|correspondent|reporter|columnist|editor))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Credit:
    """What one line, or several together, say of an article."""

    outlet: str = ""
    byline: str = ""
    dates: Dates = field(default=Dates())

    def __or__(self, other: Credit) -> Credit:
        """Keep what is known, take the rest from the other."""
        return Credit(
            self.outlet or other.outlet,
            self.byline or other.byline,
            self.dates | other.dates,
        )

    @property
    def is_dated(self) -> bool:
        """Whether it gives a date."""
        return self.dates.published is not None or self.dates.modified is not None


def is_by_outlet(line: str, credit: Credit) -> bool:
    """Tell whether a line that gives a credit speaks for an outlet, and so is no reader's comment.

    >>> lines = "Published on 12 June 2020", "The Harbour Post, 12 June 2020", "John Smith, 4 April 2022"
    >>> [is_by_outlet(line, read_credit(line) or Credit()) for line in lines]
    [True, True, False]
    """
    return bool(credit.outlet or _OF_THE_OUTLET.match(line))


def is_byline(line: str) -> bool:
    """Tell whether a line begins as a byline does, "By" and a name."""
    return _BY.match(line) is not None


def read_credit(line: str) -> Credit | None:
    """Read a line every part of which is a date, an author or an outlet; None for any other line.

    >>> credit = read_credit("The Harbour Post | By Odile Marchbanks | Friday 27 April 2018")
    >>> credit.outlet, credit.byline, credit.dates.published
    ('The Harbour Post', 'Odile Marchbanks', datetime.date(2018, 4, 27))
    >>> read_credit("By Friday the talks were over") is None
    True
    """
    if len(line) > _LONGEST or line.count(",") > _MOST_COMMAS:
        return None
    whole = _dates(line)
    if whole:
        return whole
    credit = Credit()
    parts = [part for part in _BETWEEN.split(line) if not is_notice(part.strip())]  # "View comments"
    for part in sorted(parts, key=lambda part: not _PRINTED_IN.match(part)):
        read = _part(part.strip(" ,"))
        if read is None:
            return None
        credit |= read
    tells = credit.is_dated or credit.outlet or _BY.match(line)
    return credit if tells else None


def read_name(line: str) -> Credit | None:
    """Read a line that is an author's name alone, or with a trade; None for any other, and for an outlet's.

    >>> read_name("Nora Vale, political correspondent").byline, read_name("Harbour Post")
    ('Nora Vale', None)
    """
    name, _, trade = line.partition(", ")
    is_name = _NAME.fullmatch(name) and not _OUTLET.search(name) and not _SECTION.fullmatch(name)
    return Credit(byline=name) if is_name and (not trade or _SECTION.fullmatch(trade)) else None


def _part(text: str) -> Credit | None:
    """Read a part of a line, cutting it at a comma where that makes two parts that can be read."""
    if read := _atom(text):
        return read
    for comma in re.finditer(r",\s+", text):
        first = _atom(text[: comma.start()])
        rest = _part(text[comma.end() :]) if first else None
        if first and rest:
            return first | rest
    return None


def _atom(text: str) -> Credit | None:
    text = _AGENCY.sub("", text)
    if not text or _SECTION.fullmatch(text):
        return Credit()
    if dates := _dates(text):
        return dates
    printed, by = _PRINTED_IN.match(text), _BY.match(text)
    label = printed or by
    name = text[label.end() :] if label else text
    if not _NAME.fullmatch(name):
        return None
    return Credit(byline=name) if by or not (printed or _OUTLET.search(name)) else Credit(outlet=name)


def _dates(text: str) -> Credit | None:
    """Read a text made of dates and their labels; a date without a label is that of publication."""
    labels = [(match.start(), match.end(), match.lastgroup) for match in _LABEL.finditer(text)]
    if not labels or labels[0][0] > 0:
        labels.insert(0, (0, 0, "published"))
    ends = [start for start, _, _ in labels[1:]] + [len(text)]
    found: dict[str | None, date] = {}
    for (_, start, kind), end in zip(labels, ends, strict=True):
        day = parse_date(text[start:end].strip(" ,|·•()–—-"))
        if day is None:
            return None
        found.setdefault(kind, day)
    return Credit(dates=Dates(found.get("published"), found.get("modified"), "text"))
