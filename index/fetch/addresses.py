"""Which addresses may be asked: how they are written, and whether they lead to the open internet."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Resolve = Callable[[str, int], list[str]]
Allowed = frozenset[tuple[str, int]]

_PORTS = (80, 443)
_ENTRY = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\s:/@\[\]]+)(?::([0-9]{1,5}))?")
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_NUMBER = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)")  # as the last part, inet_aton reads an address in the whole
_LONGEST_NAME = 253
# IANA's special-purpose registries. The properties of ipaddress are asked too, but they miss some of these,
# and others in other versions of Python.
_INTERNAL = [
    ip_network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24"),
        *("192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
        *("224.0.0.0/4", "240.0.0.0/4"),
        # What a translator turns into IPv4 can be any of the above: Teredo and its neighbours, 6to4, NAT64.
        *("2001::/23", "2002::/16", "64:ff9b::/96", "64:ff9b:1::/48", "::/96"),
        *("2001:db8::/32", "3fff::/20", "2620:4f:8000::/48"),
    )
]
_IPV6_INTERNET = ip_network("2000::/3")

_REMEDY = ", unless dateline.toml says so under [fetch]: allow = "


class AddressError(ValueError):
    """An address is not one to ask; why is said in words."""


def allowed(entries: Iterable[str]) -> Allowed:
    """Read what the operator allows: `host:port`, or `host` for ports 80 and 443.

    It raises ValueError for anything else.

    >>> sorted(allowed(["Archive.intern:8080", "[::1]"]))
    [('::1', 80), ('::1', 443), ('archive.intern', 8080)]
    """
    found: set[tuple[str, int]] = set()
    for entry in entries:
        parts = _ENTRY.fullmatch(entry.strip())
        if not parts or (parts[2] and not 0 < int(parts[2]) < 65536):
            raise ValueError(f"allow names hosts as archive.intern or archive.intern:8080, not as {entry!r}")
        try:
            host = spelt(parts[1].strip("[]"))
        except AddressError:
            raise ValueError(f"allow names a host that cannot be one: {entry!r}") from None
        found |= {(host, int(port)) for port in ([parts[2]] if parts[2] else _PORTS)}
    return frozenset(found)


def spelt(host: str) -> str:
    """Give a host, a name or an address, in the one way it is written here; AddressError if it is unusual.

    >>> spelt("News.Example"), spelt("Zürich.example"), spelt("::FFFF:10.0.0.1")
    ('news.example', 'xn--zrich-kva.example', '::ffff:a00:1')
    """
    literal = _literal(host)
    if literal is not None:
        return str(literal)
    try:
        name = (host if host.isascii() else host.encode("idna").decode()).lower()
    except UnicodeError:
        name = ""
    last = name.rpartition(".")[2]
    if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name) or _NUMBER.fullmatch(last):
        raise AddressError("the host is not written as a name or an address usually is")
    return name


def check(scheme: str, host: str, port: int, allow: Allowed) -> str:
    """Give the host in the one way it is written here; AddressError where it is not to be asked."""
    if scheme not in {"http", "https"}:
        raise AddressError(f"only http and https addresses are fetched, not {scheme or 'one without either'}")
    if not host:
        raise AddressError("there is no host in the address")
    host = spelt(host)
    if (host, port) not in allow and port not in _PORTS:
        entry = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        raise AddressError(f'only ports 80 and 443 are asked, not {port}{_REMEDY}["{entry}"]')
    return host


def without_remedy(reason: str) -> str:
    """Leave out of a reason what only the operator can do about it.

    >>> without_remedy('only port 80 is asked, unless dateline.toml says so under [fetch]: allow = ["a"]')
    'only port 80 is asked'
    """
    return reason.partition(_REMEDY)[0]


def resolve(host: str, port: int) -> list[str]:
    """Look a host up, once: its addresses in the order to try them; OSError where there is none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


def checked(host: str, port: int, allow: Allowed, look_up: Resolve) -> list[str]:
    """Give the addresses of a host, each to be connected to as it is; AddressError where one is not public.

    One bad address among good ones refuses the host: which is taken would be the resolver's choice.
    """
    literal = _literal(host)
    found = [str(literal)] if literal else look_up(host, port)
    if not found:
        raise AddressError(f"{host} has no address")
    if (host, port) not in allow:
        internal = next((address for address in found if not is_public(address)), None)
        if internal is not None:
            leads = host if internal == host else f"{host} leads to {internal}, which"
            raise AddressError(f"{leads} is not an address on the open internet")
    return found


def is_public(address: str) -> bool:
    """Say whether an address is one of the open internet, by a rule that counts doubtful ones as internal.

    >>> is_public("93.184.215.14"), is_public("100.64.0.1"), is_public("::ffff:10.0.0.1")
    (True, False, False)
    """
    literal = _literal(address)
    if isinstance(literal, IPv6Address) and literal.ipv4_mapped is None and literal not in _IPV6_INTERNET:
        return False
    if isinstance(literal, IPv6Address) and literal.ipv4_mapped is not None:
        literal = literal.ipv4_mapped
    if literal is None or not literal.is_global or literal.is_multicast or literal.is_reserved:
        return False
    return not any(literal in network for network in _INTERNAL)


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    """Read an address in its usual spelling; none with a zone, which names a network card."""
    try:
        return None if "%" in host else ip_address(host)
    except ValueError:
        return None
