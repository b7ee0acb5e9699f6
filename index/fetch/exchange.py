"""One request to one checked address, and its reply; nothing else connects to what strangers name."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from index.deadline import Deadline
from index.fetch import addresses, bodies
from index.fetch.addresses import AddressError
from index.fetch.unfetched import FetchError, lost, said, too_long
from index.wire import trust

REDIRECTS = {301, 302, 303, 307, 308}
_WITH_BODY = {200, 203}
_NOT_TEXT = ("image/", "audio/", "video/", "font/")
_LONGEST_ADDRESS = 4_000  # characters; the longest link that browsers and servers all take is half of it
_MOST_ADDRESSES = 3  # of one host are tried, since one of two networks may be down
_CONNECT_SECONDS = 10.0
_LATER_SECONDS = 0.5  # the clock of who waits rings first


@dataclass(frozen=True, slots=True)
class Place:
    """An address that may be asked, as far as can be seen from how it is written."""

    url: httpx.URL
    host: str

    @property
    def address(self) -> str:
        """Give the address as a text."""
        return str(self.url)

    @property
    def port(self) -> int:
        """Give the port that is connected to."""
        return self.url.port or (443 if self.url.scheme == "https" else 80)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: with which headers, and how many bytes at most; more are cut off, or refused.

    `conditions` are the headers that allow a server to say that nothing has changed.
    """

    headers: Mapping[str, str]
    most_bytes: int
    cut: bool = False
    conditions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, unpacked."""

    status: int
    headers: httpx.Headers
    content: bytes


def _transport(trusted: ssl.SSLContext) -> httpx.BaseTransport:
    return httpx.HTTPTransport(verify=trusted, trust_env=False)


@dataclass(frozen=True, slots=True)
class Network:
    """How hosts are looked up and connected to; the tests put a network of their own in its place."""

    look_up: addresses.Resolve = addresses.resolve
    transport: Callable[[ssl.SSLContext], httpx.BaseTransport] = _transport


class Exchange:
    """What all requests share: what is allowed and trusted, and how many were made."""

    def __init__(self, allow: addresses.Allowed, network: Network) -> None:
        """Read what is trusted, once."""
        self.requests = 0
        self._allow, self._network, self._trusted = allow, network, trust()
        self._counting = threading.Lock()

    def place(self, address: str, base: Place | None = None) -> Place:
        """Read an address, relative to `base` if there is one; FetchError where it is not to be asked."""
        try:
            if len(address) > _LONGEST_ADDRESS:
                raise AddressError(f"the address is longer than {_LONGEST_ADDRESS:,} characters")
            url = httpx.URL(address) if base is None else base.url.join(address)
            url = url.copy_with(fragment=None)
            if url.userinfo:
                raise AddressError("there is a user name in the address")
            port = 443 if url.scheme == "https" else 80
            host = url.raw_host.decode("ascii")
            host = addresses.check(url.scheme, host, port if url.port is None else url.port, self._allow)
            return Place(url, host)
        except AddressError as error:
            raise FetchError(str(error)) from error
        except (httpx.InvalidURL, ValueError):  # half a character, for one
            raise FetchError("this cannot be read as an address") from None

    def ask(self, place: Place, asked: Asked, deadline: Deadline) -> Reply:
        """Look the host up, connect to what was found and bring the reply; FetchError where that fails."""
        try:
            found = addresses.checked(place.host, place.port, self._allow, self._network.look_up)
        except AddressError as error:
            raise FetchError(str(error)) from error
        except (OSError, UnicodeError):
            raise FetchError(f"there is no host named {place.host}, or no network") from None
        found = found[:_MOST_ADDRESSES]
        for number, address in enumerate(found, start=1):
            try:
                return self._ask(place, address, asked, deadline)
            except (httpx.TransportError, httpx.InvalidURL) as error:
                nobody = isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout))
                if not nobody or number == len(found):
                    raise lost(error, deadline.received > 0) from error
            except bodies.BodyError as error:
                raise FetchError(str(error)) from error
        raise AssertionError("checked gives an address or raises")

    def _ask(self, place: Place, address: str, asked: Asked, deadline: Deadline) -> Reply:
        deadline.check()
        with self._counting:
            self.requests += 1
        with self._network.transport(self._trusted) as transport:
            response = transport.handle_request(_request(place, address, asked, deadline))
            try:
                return _reply(response, asked, deadline)
            finally:
                response.close()


def _request(place: Place, address: str, asked: Asked, deadline: Deadline) -> httpx.Request:
    """Write a request to an address of a host, with the host's own name for server and certificate."""
    seconds = max(0.0, deadline.remaining_seconds) + _LATER_SECONDS
    timeout = httpx.Timeout(seconds, connect=min(seconds, _CONNECT_SECONDS))

    def note(event: str, told: dict[str, Any]) -> None:
        if event == "connection.connect_tcp.complete":
            deadline.hold(told["return_value"].get_extra_info("socket").dup())

    return httpx.Request(
        "GET",
        place.url.copy_with(host=address),
        headers={
            "Host": place.url.netloc.decode("ascii"),
            **asked.headers,
            **asked.conditions,
            "Connection": "close",
        },
        extensions={"timeout": timeout.as_dict(), "sni_hostname": place.host, "trace": note},
    )


def _reply(response: httpx.Response, asked: Asked, deadline: Deadline) -> Reply:
    status = response.status_code
    if status in REDIRECTS or (status == 304 and asked.conditions):
        return Reply(status, response.headers, b"")
    if status not in _WITH_BODY:
        raise said(status, response.headers)
    if not asked.cut:
        _check(response.headers, asked.most_bytes)
    return Reply(status, response.headers, _content(response, asked, deadline))


def _check(headers: httpx.Headers, most_bytes: int) -> None:
    """Refuse what its headers say to be no text, or too long."""
    kind = bodies.kind(headers.get("content-type", ""))
    if kind.startswith(_NOT_TEXT):
        raise FetchError(f"this is no page but {kind}")
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length) > most_bytes:
        raise too_long(most_bytes)


def _content(response: httpx.Response, asked: Asked, deadline: Deadline) -> bytes:
    content = bytearray()
    chunks = _watched(response, deadline)
    for piece in bodies.pieces(chunks, response.headers.get("content-encoding", "")):
        content += piece
        if len(content) > asked.most_bytes:
            if not asked.cut:
                raise too_long(asked.most_bytes)
            break
    return bytes(content[: asked.most_bytes])


def _watched(response: httpx.Response, deadline: Deadline) -> Iterator[bytes]:
    for chunk in response.iter_raw():
        deadline.received += len(chunk)
        deadline.check()
        yield chunk
