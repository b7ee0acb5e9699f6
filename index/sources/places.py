"""Addresses of the web as a person writes them: what is wrong with one, and which are the same."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from index.fetch.addresses import AddressError, spelt

LONGEST_ADDRESS = 2000  # characters; servers and browsers take no more everywhere

_SHOWN = 60  # characters of a place in a message
_WEB = re.compile(r"https?:/", re.IGNORECASE)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]+)://", re.IGNORECASE)
_HOST = re.compile(r"[a-z][a-z0-9+.-]*://[^/?]*", re.IGNORECASE)
_NEVER = re.compile(r"[\s\\<>\"\x00-\x20\x7f\ud800-\udfff]")
_SECRET = re.compile(r"//[^/?#]*@")
_PORTS = {"http": 80, "https": 443}


def is_address(place: str) -> bool:
    """Tell whether a place is meant as an address of the web, rightly written or not.

    >>> is_address("https://news.example/"), is_address("ftp://news.example/"), is_address("articles/http/")
    (True, True, False)
    """
    return bool(_WEB.match(place) or _SCHEME.match(place))


def address_fault(text: str) -> str:
    """Say what is wrong with an address, "" for one that can be asked.

    >>> address_fault("ftp://news.example/"), address_fault("https://news.example:8443/feed.xml")
    ('begins with ftp://, where only http:// and https:// are read', '')
    """
    scheme = _SCHEME.match(text)
    if not scheme:
        return "is not an address that begins with http:// or https://"
    if scheme[1].lower() not in _PORTS:
        return f"begins with {scheme[1]}://, where only http:// and https:// are read"
    if len(text) > LONGEST_ADDRESS:
        return f"is longer than {LONGEST_ADDRESS:,} characters"
    if _NEVER.search(text):
        return "holds a character that no address has, a space for example"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "has a host or a port that cannot be read"
    if "@" in parts.netloc:
        return "holds a user name or a password, which would be stored and shown; leave it out"
    if not host or not host.strip("."):
        return "names no host"
    try:
        spelt(host)
    except AddressError:
        return "names a host that is not written as a name or an address usually is"
    return "" if port != 0 else "has a host or a port that cannot be read"


def shown(place: str) -> str:
    """Write a place as messages show it: on one line, not at any length, and without a password.

    >>> shown("https://desk:secret@news.example/feed.xml")
    'https://…@news.example/feed.xml'
    """
    text = _SECRET.sub("//…@", "".join(one if one.isprintable() else "�" for one in place))
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def same_address(text: str) -> str:
    """Write an address, one without faults, as it is compared with others.

    >>> same_address("HTTP://News.Example:80#top") == same_address("http://news.example/")
    True
    """
    parts = urlsplit(text)
    port = parts.port or _PORTS[parts.scheme]
    asked = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{parts.hostname}:{port}{parts.path or '/'}{asked}"


def is_whole_site(text: str) -> bool:
    """Tell whether an address, one without faults, is that of a site and of no page on it.

    >>> is_whole_site("https://news.example"), is_whole_site("https://news.example/?p=12")
    (True, False)
    """
    parts = urlsplit(text)
    return parts.path in {"", "/"} and not parts.query


def below_host(text: str) -> str:
    """Give what follows the host in an address, of any text whatever: its path and what it asks.

    >>> below_host("https://news.example/live/?day=2"), below_host("https://news.example")
    ('/live/?day=2', '/')
    """
    below = _HOST.sub("", text.partition("#")[0], count=1)
    return below if below.startswith("/") else f"/{below}"
