"""The only door to the network for articles: pages, feeds and sitemaps, fetched as a guest of each site."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from types import TracebackType

from index.deadline import Deadline
from index.fetch import addresses, bodies, robots
from index.fetch.addresses import AddressError
from index.fetch.exchange import REDIRECTS, Asked, Exchange, Network, Place, Reply
from index.fetch.turns import Turns
from index.fetch.unfetched import FetchError

__all__ = ["FetchError", "Fetched", "Fetcher", "Validators"]

_MOST_REDIRECTS = 3
_MOST_TRIES = 3
_AGAIN_SECONDS = 0.5  # before the second try; twice that before the third
_KINDS = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
_CONTACT = re.compile(r"[!-'*-~ ]{0,200}")  # what can stand in the brackets of a header
_VALIDATOR = re.compile(r"[ -~]{1,500}")


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave with a page, to ask later whether it has changed."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was fetched: where it was in the end, its bytes unpacked, and what the server says they are."""

    address: str
    content: bytes
    media_type: str
    charset: str
    validators: Validators


@dataclass(slots=True)
class _Errand:
    """What one call is after, and how many seconds servers may still take for it; turns do not count."""

    asked: Asked
    left_seconds: float
    obey: bool = True  # what robots.txt says, which is not asked of robots.txt itself


class _Site:
    """What a site's robots.txt says, or why that is not known; read once."""

    def __init__(self) -> None:
        self.reading = threading.Lock()
        self.found: robots.Rules | FetchError | None = None


class Fetcher:
    """Fetches for as many threads as like; one request at a time goes to each host.

    `allow` names what may be asked although it is internal or at another port, as `host:port` or `host`.
    Errors are FetchError; ValueError for a contact or a host to allow that is not written as one.
    """

    def __init__(
        self,
        *,
        contact: str = "",
        allow: Sequence[str] = (),
        pause_seconds: float = 1.0,
        timeout_seconds: float = 20.0,
        _network: Network | None = None,
    ) -> None:
        """Connect to nothing yet."""
        self._headers = {"User-Agent": _program(contact), "Accept": _KINDS, "Accept-Encoding": "gzip"}
        self._timeout_seconds = timeout_seconds
        self._stopped = threading.Event()
        self._turns = Turns(pause_seconds, self._stopped)
        self._exchange = Exchange(addresses.allowed(allow), _network or Network())
        self._sites: dict[str, _Site] = {}
        self._running: set[Deadline] = set()
        self._sharing = threading.Lock()

    def __enter__(self) -> Fetcher:
        """Give itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop what other threads still fetch or wait for."""
        self._stopped.set()
        with self._sharing:
            for deadline in self._running:
                deadline.stop()

    @property
    def requests(self) -> int:
        """Count the requests that were made, for robots.txt too."""
        return self._exchange.requests

    def fetch(
        self, address: str, known: Validators = Validators(), most_bytes: int = 5_000_000
    ) -> Fetched | None:
        """Fetch what is at an address; none where it has not changed since `known` was given."""
        conditions = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        conditions = {name: value for name, value in conditions.items() if _VALIDATOR.fullmatch(value)}
        asked = Asked(self._headers, most_bytes, conditions=conditions)
        errand = _Errand(asked, self._timeout_seconds)
        place, reply = self._follow(self._exchange.place(address), errand)
        if reply.status == 304:
            return None
        said = reply.headers.get("content-type", "")
        return Fetched(
            place.address, reply.content, bodies.kind(said), bodies.charset(said), _validators(reply)
        )

    def sitemaps(self, address: str) -> tuple[str, ...]:
        """Name the sitemaps that the robots.txt of an address's site names."""
        errand = _Errand(Asked(self._headers, 0), self._timeout_seconds)
        return self._rules(self._exchange.place(address), errand).sitemaps

    def _follow(self, place: Place, errand: _Errand) -> tuple[Place, Reply]:
        """Ask, and ask where the reply says to, each time with all checks."""
        for _ in range(_MOST_REDIRECTS + 1):
            if errand.obey and not self._rules(place, errand).allow(place.address):
                raise FetchError("the site's robots.txt asks programs not to read this page")
            reply = self._ask(place, errand)
            if reply.status not in REDIRECTS:
                return place, reply
            if not (onward := reply.headers.get("location", "")):
                raise FetchError(f"the server said {reply.status} but not where to go")
            place = self._exchange.place(onward, base=place)
        raise FetchError(f"more than {_MOST_REDIRECTS} redirects, one after the other")

    def _rules(self, place: Place, errand: _Errand) -> robots.Rules:
        """Read robots.txt, unless that was done; the time it takes is this errand's."""
        here = self._exchange.place("/robots.txt", base=place)
        with self._sharing:
            site = self._sites.setdefault(here.address, _Site())
        with site.reading:
            if site.found is None:
                site.found = self._read_rules(here, errand)
        if isinstance(site.found, FetchError):
            raise FetchError(str(site.found), retry_after_seconds=site.found.retry_after_seconds)
        self._turns.slow_down(place.host, site.found.pause_seconds)
        return site.found

    def _read_rules(self, here: Place, errand: _Errand) -> robots.Rules | FetchError:
        own = _Errand(Asked(self._headers, robots.LARGEST, cut=True), errand.left_seconds, obey=False)
        try:
            return robots.read(self._follow(here, own)[1].content)
        except FetchError as error:
            if isinstance(error.__cause__, AddressError) or self._stopped.is_set():
                raise
            status = error.status or 0
            if 400 <= status < 500 and status != 429:  # RFC 9309, 2.3.1.3: there is none
                return robots.read(b"")
            reason = f"{error} (it was asked for robots.txt, and nothing else is read without)"
            return FetchError(reason, retry_after_seconds=error.retry_after_seconds)
        finally:
            errand.left_seconds = own.left_seconds

    def _ask(self, place: Place, errand: _Errand) -> Reply:
        """Ask, and again where that may help and the time allows."""
        wait_seconds = _AGAIN_SECONDS
        for number in range(1, _MOST_TRIES + 1):
            try:
                return self._in_turn(place, errand)
            except FetchError as error:
                asked = error.retry_after_seconds
                wait = wait_seconds if asked is None else asked
                if number == _MOST_TRIES or not error.passing or wait >= errand.left_seconds:
                    raise
                errand.left_seconds -= wait
                self._turns.rest(place.host, wait)
                wait_seconds *= 2
        raise AssertionError("the last try returns or raises")

    def _in_turn(self, place: Place, errand: _Errand) -> Reply:
        with self._turns.turn(place.host):
            deadline = Deadline(errand.left_seconds)
            with self._sharing:
                self._running.add(deadline)
            try:
                if self._stopped.is_set() or deadline.over:
                    raise TimeoutError
                return deadline.within(lambda: self._exchange.ask(place, errand.asked, deadline))
            except TimeoutError:
                raise self._late(deadline) from None
            finally:
                errand.left_seconds -= time.monotonic() - deadline.began
                with self._sharing:
                    self._running.discard(deadline)

    def _late(self, deadline: Deadline) -> FetchError:
        if self._stopped.is_set():
            return FetchError("fetching was stopped")
        state = "was still sending" if deadline.received else "did not answer"
        return FetchError(f"the server {state} after {self._timeout_seconds:g} seconds")


def _program(contact: str) -> str:
    """Name this program as servers log it."""
    if not _CONTACT.fullmatch(contact):
        raise ValueError(f"a contact is an address of plain characters without brackets, not {contact!r}")
    try:
        number = version("dateline")
    except PackageNotFoundError:  # run from a folder that is not installed
        number = "0"
    return f"Dateline/{number} (+{contact})" if contact.strip() else f"Dateline/{number}"


def _validators(reply: Reply) -> Validators:
    """Keep what can be sent back as it is."""
    told = (reply.headers.get(name, "") for name in ("etag", "last-modified"))
    return Validators(*(value if _VALIDATOR.fullmatch(value) else "" for value in told))
