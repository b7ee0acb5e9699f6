"""What a site asks of programs in its robots.txt (RFC 9309)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from protego import Protego

PROGRAM = "dateline"
LARGEST = 500_000  # bytes that count: RFC 9309, 2.5, asks for 500 KiB at least, in round figures

_LONGEST_PAUSE_SECONDS = 30.0
_AGENT = re.compile(r"\s*user[-\s]*agent(?![\w-])\s*:?\s*(\*|[\w-]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rules:
    """What one robots.txt says to Dateline."""

    parsed: Protego

    def allow(self, address: str) -> bool:
        """Say whether a page may be read."""
        return self.parsed.can_fetch(address, PROGRAM)

    @property
    def pause_seconds(self) -> float:
        """Give how long to wait between two requests, at most half a minute; 0 where it does not say."""
        return min(self.parsed.crawl_delay(PROGRAM) or 0.0, _LONGEST_PAUSE_SECONDS)

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """Name the sitemaps, as they are written there, once each."""
        return tuple(dict.fromkeys(self.parsed.sitemaps))


def read(content: bytes) -> Rules:
    r"""Read a robots.txt, whatever is in it; what is no rule is none.

    >>> rules = read(b"User-agent: *\nDisallow: /*/print$\nCrawl-delay: 5\nSitemap: https://a.example/map.xml")
    >>> rules.allow("https://a.example/b/print"), rules.allow("https://a.example/b"), rules.pause_seconds
    (False, True, 5.0)
    >>> rules.sitemaps
    ('https://a.example/map.xml',)
    """
    return Rules(Protego.parse(_ours(content[:LARGEST].decode("utf-8-sig", "replace"))))


def _ours(text: str) -> str:
    """Give all programs but this one a single name.

    Protego keeps each rule for each program it is for: ten thousand names and as many rules, half a megabyte,
    would fill the memory. It also takes a name for ours that ours begins with.
    """
    return "\n".join(_renamed(line) for line in text.splitlines())


def _renamed(line: str) -> str:
    found = _AGENT.match(line)
    if not found:
        return line
    name = found[1].lower()
    return f"User-agent: {name if name in {'*', PROGRAM} else 'another'}"
