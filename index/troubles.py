"""What can go wrong between us and an endpoint, whatever it is asked for: what kind, in words, what then."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from time import time

SAID = {
    # before a reply
    "refused connection": "{who} is not there: the connection was refused; "
    "start it, or check OPENAI_BASE_URL",
    "unknown host": "{who} cannot be found: there is no such host name; "
    "check OPENAI_BASE_URL and the network",
    "certificate": "{who} shows a certificate that is not to be trusted; "
    "check OPENAI_BASE_URL, or name an authority of your own in SSL_CERT_FILE",
    "no TLS": "{who} makes no secure connection; check OPENAI_BASE_URL: https:// may have to be http://",
    "no connection": "{who} cannot be reached; check OPENAI_BASE_URL and the network",
    "closed connection": "{who} closed the connection without answering; try again",
    # instead of a reply
    "key refused": "{who} did not accept the key ({status}); set OPENAI_API_KEY to one that is valid there",
    "redirected": "{who} sends the request on to another address ({status}), which is not followed; "
    "set OPENAI_BASE_URL to the address that answers",
    "no credit": "{who} says that the account has no credit left ({status}); "
    "add some, or change OPENAI_API_KEY",
    "overloaded": "{who} is overloaded or still loading ({status}); try again in a minute",
    "server error": "{who} failed ({status}); try again later, or look in its log if it is yours",
    "not understood": "{who} does not answer in OpenAI's protocol; check OPENAI_BASE_URL",
}
_AGAIN_SECONDS = 0.5  # before a request that failed in passing is made again
_LOST = {"RemoteProtocolError", "ReadError", "WriteError", "ConnectionError", "EOFError"}
_CONNECTION = {
    "unknown host": {"gaierror"},
    "certificate": {"SSLCertVerificationError"},
    "no TLS": {"SSLError"},
    "refused connection": {"ConnectionRefusedError"},
    "no connection": {"ConnectTimeout"},
    "no answer in time": {"TimeoutException", "TimeoutError", "APITimeoutError"},
    "damaged answer": {"JSONDecodeError", "UnicodeDecodeError"},
    "endless answer": {"EndlessError"},
    "another kind": {"OtherKindError"},
}


def kind_of_status(status: int, said: str) -> str:
    """Name the kind of trouble that a status means, whatever was asked for."""
    if 300 <= status < 400:
        return "redirected"
    if status == 429:
        return "no credit" if "insufficient_quota" in said else "too many requests"
    if status >= 500:
        return "overloaded" if status == 503 else "server error"
    return {401: "key refused", 403: "not allowed"}.get(status, "request refused")


def kind_of_connection(names: set[str], begun: bool) -> str:
    """Name the kind by the errors' names; none where that is nothing a connection does.

    `begun` where a part of the reply had come.
    """
    if names & _LOST and not names & {"SSLError", "ConnectionRefusedError"}:
        return "cut off" if begun else "closed connection"
    kind = next((kind for kind, signs in _CONNECTION.items() if names & signs), "")
    if not kind and names & {"TransportError", "APIConnectionError"}:
        return "no connection"
    return kind or ("error while answering" if "APIError" in names else "")


def again(error: BaseException, longest_seconds: float, busy_seconds: float | None = None) -> float | None:
    """Say after how many seconds the same request may do better; None where it would not, or not soon.

    `busy_seconds` is what to wait for an endpoint that is busy and does not say for how long.
    """
    status = status_of(error)
    if status is None:
        names = names_of(error)
        passing = names & (_LOST | {"ConnectionRefusedError"}) and not names & {"SSLError", "ModelError"}
        return _AGAIN_SECONDS if passing else None
    asked = retry_after(error)
    if status in (500, 502, 503):
        asked = _AGAIN_SECONDS if asked is None else asked
    elif status == 429 and "insufficient_quota" not in said_by(error):
        asked = busy_seconds if asked is None else asked
    else:
        return None
    return asked if asked is not None and asked <= longest_seconds else None


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what caused it, once each."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        yield error
        seen.add(id(error))
        error = error.__cause__ or error.__context__


def names_of(error: BaseException) -> set[str]:
    """Name the classes of an error and its causes, so that no library has to be loaded to know its errors."""
    return {kind.__name__ for link in chain(error) for kind in type(link).__mro__}


def status_of(error: BaseException) -> int | None:
    """Find the status of the reply that an error tells of."""
    found = (getattr(link, "status_code", None) for link in chain(error))
    return next((status for status in found if isinstance(status, int)), None)


def said_by(error: BaseException) -> str:
    """Give what an endpoint said, to look for words in it and never to be shown."""
    link = next((e for e in chain(error) if hasattr(e, "body") or hasattr(e, "status_code")), None)
    return "" if link is None else f"{link} {getattr(link, 'body', '')} {getattr(link, 'code', '')}".lower()


def retry_after(error: BaseException) -> float | None:
    """Read how many seconds an endpoint asks to wait; None where it does not say."""
    headers: Mapping[str, str] = next(
        (
            found
            for link in chain(error)
            if (found := getattr(getattr(link, "response", None), "headers", None)) is not None
        ),
        {},
    )
    return wait_asked_for(headers)


def wait_asked_for(headers: Mapping[str, str]) -> float | None:
    """Read from the headers of a reply how many seconds to wait; None where they do not say."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", value := str(headers.get(name, "")).strip()):
            return float(value) * unit
    try:
        return max(0.0, parsedate_to_datetime(str(headers.get("retry-after", ""))).timestamp() - time())
    except (ValueError, OverflowError):
        return None
