"""The news agencies that an article credits with its words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.types import Article, outlet_key

_SHORT = {
    "associated press": "ap",
    "agence france-presse": "afp",
    "agence france presse": "afp",
    "agence-france presse": "afp",
    "deutsche presse-agentur": "dpa",
    "united press international": "upi",
    "press association": "pa media",
    "press trust of india": "pti",
    "yonhap news agency": "yonhap",
    "keystone-sda": "sda",
}
_KNOWN = re.compile(
    r"(?<![\w/&])(?:AP|Associated Press|R(?:euters|EUTERS)|AFP|Agence[- ]France[- ]Presse|dpa|DPA"
    r"|Deutsche Presse-Agentur|UPI|United Press International|PA Media|Press Association|AAP|Canadian Press"
    r"|Press Trust of India|PTI|IANS|Bloomberg(?: News)?|Kyodo(?: News)?|Yonhap(?: News Agency)?|Xinhua|TASS"
    r"|Interfax|ANSA|EFE|Lusa|Belga|ANP|Ritzau|(?:Keystone-)?SDA|APA|epd|KNA)(?![\w&]|'s|’s)"
)
_BEGINNING, _END = 400, 600  # characters; what stands between them may speak of agencies, and credits none
_LONGEST_NAME = 40
_MOST_WORDS = 8  # of a line that holds nothing but names

# "SEOUL, June 16 (Meridian Wire) —": whoever is named there is one; "Dhaka, Bangladesh Reuters —".
_PLACED = re.compile(
    rf"^(?:(?:[^\W\d_a-z]\S*|\d+,?)\s+){{1,6}}\((?P<name>[^(),]{{2,{_LONGEST_NAME}}})\)\s*[-–—]"
)
_PLACED_BARE = re.compile(rf"^[^.!?]{{0,60}}\s{_KNOWN.pattern}\s*[-–—]")
_IN_BRACKETS = re.compile(rf"\((?P<name>[^()]{{2,{_LONGEST_NAME}}})\)$")
_SOURCE = re.compile(
    rf"^(?:(?:sources?|quellen?|fontes?|fuente|bron)\s*:|©|copyright\b(?:\s*©)?)\s*(?:\d{{4}}\s*)?"
    rf"(?P<name>\w[^.:]{{1,{_LONGEST_NAME}}}?)(?:\.|$)",
    re.IGNORECASE,
)
_SHARED = re.compile(
    r"^(?:contribut|sources?\b|quellen?\b|by\b|von\b|par\b|mit material)|\b(?:contributed|assisted)\b"
    r"|\b(?:with|additional) .{0,40}\b(?:reporting|material|files)\b",
    re.IGNORECASE,
)
_LOWER = re.compile(r"(?:^|\s)[a-z]{4,}")
_OF_PICTURES = re.compile(r"\||getty|photo|picture|image", re.IGNORECASE)


def agencies(article: Article) -> frozenset[str]:
    r"""Name the agencies that an article credits, as they are compared; none for most.

    >>> sorted(agencies(Article("SEOUL (AP) — Smoke rose.\n\nReuters contributed to this report.")))
    ['ap', 'reuters']
    >>> sorted(agencies(Article("SEOUL, June 16 (Meridian Wire) — Smoke rose.\nSource: Kestrel Service")))
    ['kestrel service', 'meridian wire']
    >>> agencies(Article("The minister told Reuters that smoke rose."))
    frozenset()
    """
    names = list(_of_head(article))
    lines = article.text[-_END:].splitlines()
    if len(article.text) > _END:
        lines = [*article.text[:_BEGINNING].splitlines(), *lines[1:]]  # the first may be cut
    for line in lines:
        names += _of_line(line.strip())
    return frozenset(map(_compared, names))


def _of_head(article: Article) -> Iterator[str]:
    """Find the agencies in byline, outlet and the place that stands before the first words."""
    for field in (article.byline, article.outlet):
        yield from (match[0] for match in _KNOWN.finditer(field))
        if named := _IN_BRACKETS.search(field):
            yield named["name"]
    for line in article.text[:_BEGINNING].splitlines():
        if placed := _PLACED.match(line):
            yield placed["name"]
        if bare := _PLACED_BARE.match(line):
            yield from (match[0] for match in _KNOWN.finditer(bare[0]))


def _of_line(line: str) -> Iterator[str]:
    """Find the agencies in a line that credits someone, or holds nothing but names."""
    if _OF_PICTURES.search(line):
        return
    if source := _SOURCE.match(line):
        yield source["name"]
    alone = len(line.split()) <= _MOST_WORDS and not line.endswith(("?", "!", "."))
    if (alone and not _LOWER.search(line)) or _SHARED.search(line):
        yield from (match[0] for match in _KNOWN.finditer(line))


def _compared(name: str) -> str:
    key = outlet_key(name).removeprefix("the ").removesuffix(" news")
    return _SHORT.get(key, key)
