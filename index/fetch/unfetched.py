"""Why something was not fetched: the error, and in which words it says so."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from index.troubles import kind_of_connection, names_of, wait_asked_for

_PASSING = {429, 502, 503, 504}  # of what overloads and restarts, half is over in a second or two
_SAID = {
    "refused connection": "nothing answers there: the connection was refused",
    "certificate": "the server shows a certificate that is not to be trusted for this host",
    "no TLS": "the server makes no secure connection",
    "no HTTP": "the server does not answer as a web server does",
    "closed connection": "the server closed the connection without answering",
    "cut off": "the connection was lost before the end of the page",
    "no answer in time": "the server did not answer in time",
}
_LOST_KINDS = {"closed connection", "cut off"}


class FetchError(RuntimeError):
    """Something was not fetched; why is said in words; `passing` where another try in seconds makes sense."""

    def __init__(
        self,
        reason: str,
        *,
        status: int | None = None,
        passing: bool = False,
        retry_after_seconds: float | None = None,
    ) -> None:
        """Keep the reason with the status of the reply, if there was one, and how long it asks to wait."""
        super().__init__(reason)
        self.status, self.passing = status, passing
        self.retry_after_seconds = retry_after_seconds


def said(status: int, headers: Mapping[str, str]) -> FetchError:
    """Tell of a status that brings nothing to read."""
    try:
        meaning = HTTPStatus(status).phrase.lower()
    except ValueError:
        meaning = "which means nothing"
    return FetchError(
        f"the server said {status}, {meaning}",
        status=status,
        passing=status in _PASSING,
        retry_after_seconds=wait_asked_for(headers),
    )


def lost(error: Exception, begun: bool) -> FetchError:
    """Tell what happened to a connection, of which something had come where it has `begun`."""
    kind = kind_of_connection(names_of(error), begun)
    closed = any(sign in str(error) for sign in ("closed connection", "disconnected"))
    if "ProtocolError" in names_of(error) and not closed:
        kind = "no HTTP"
    reason = _SAID.get(kind, "the server cannot be reached")
    return FetchError(reason, passing=kind in _LOST_KINDS)


def too_long(most_bytes: int) -> FetchError:
    """Tell that more came, or would have, than is wanted."""
    return FetchError(f"longer than {most_bytes:,} bytes")
