"""The guard in front of the page: who may ask, for what, how much, and what the browser may do with it."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from page import words

_logger = logging.getLogger(__name__)

LOCAL = "127.0.0.1"  # the page is served to this machine only
_BODY_LIMIT_BYTES = 1_000_000
# The page's own routes, and those that gradio 6.31's page asks for; it has many more, one of which fetches
# addresses for anyone.
_OURS = r"article/[0-9a-f]{16}(?:/questions)?|articles|collection|export|feedback"
_GRADIO = re.compile(
    r"/(?:config|theme\.css|favicon\.ico|manifest\.json|(?:assets|static)/[\w./-]{1,200}"
    r"|gradio_api/(?:queue/(?:join|data)|heartbeat/\w{1,100}|reset|cancel))",
    re.ASCII,
)
_ROUTES = re.compile(rf"/(?:{_OURS})?|{_GRADIO.pattern}", re.ASCII)
_FROM_ANYWHERE = re.compile(r"/(?:article/[0-9a-f]{16})?")  # what a link of another site may lead to
_OWN_SITE = {"same-origin", "none"}  # the page itself, and what a reader types or has in the bookmarks
HEADERS = {
    "content-security-policy": (
        "default-src 'self'; img-src 'self' data:; media-src 'none'; connect-src 'self'; "
        "script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-src 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def hosts(names: Iterable[str], port: int) -> set[str]:
    """Write what a browser may send as Host for these names; it leaves out port 80.

    >>> sorted(hosts(["localhost"], 80)), sorted(hosts(["localhost"], 7860))
    (['localhost', 'localhost:80'], ['localhost:7860'])
    """
    return {host for name in names for host in (f"{name}:{port}", *([name] if port == 80 else []))}


class Guard:
    """ASGI middleware that lets through only what the page itself asks for, from this machine's own names.

    A foreign Host (DNS rebinding), a foreign Origin or Sec-Fetch-Site (another web page), an unknown route
    and a large body are refused with a plain status, and a fault becomes one; every reply carries the
    headers that keep the browser at home.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str], larger: Mapping[str, int] | None = None) -> None:
        """Guard `app`, which is known under `hosts`, each as a browser sends it.

        `larger` are further routes, by their paths, with how many bytes a body sent there may have.
        """
        self.app = app
        self.hosts = frozenset(hosts)
        self.larger = dict(larger or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        if scope["type"] != "http":
            return None

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        status, reason = self._refusal(scope)
        if status:
            return await PlainTextResponse(reason, status)(scope, receive, send_with_headers)
        return await self._answer(scope, receive, send_with_headers)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the application, and plainly where a body grows too large or it fails before it begins.

        A body that comes in chunks names no length: it is cut off, and what is made of its half is not told.
        """
        received, begun, limit_bytes = 0, False, self._limit(scope)

        async def receive_limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            return message if received <= limit_bytes else {"type": "http.disconnect"}

        async def send_noted(message: Message) -> None:
            nonlocal begun
            if begun or received <= limit_bytes:
                begun = True
                await send(message)

        try:
            await self.app(scope, receive_limited, send_noted)
        except ClientDisconnect:  # nobody is there to be told, or the body was cut off
            pass
        except Exception as error:
            _tell(error, scope)
        if not begun:
            status, reason = (413, words.TOO_LARGE) if received > limit_bytes else (500, words.FAULT)
            await PlainTextResponse(reason, status)(scope, receive, send)

    def _refusal(self, scope: Scope) -> tuple[int, str]:
        status, reason = foreign(scope, self.hosts)
        if status:
            return status, reason
        if not _ROUTES.fullmatch(scope["path"]) and scope["path"] not in self.larger:
            return 404, words.NO_ROUTE
        if not _is_within(Headers(scope=scope).get("content-length", "0"), self._limit(scope)):
            return 413, words.TOO_LARGE
        return 0, ""

    def _limit(self, scope: Scope) -> int:
        return self.larger.get(scope["path"], _BODY_LIMIT_BYTES)


def _is_within(length: str, limit: int) -> bool:
    """Whether a body is no longer than the limit, by the length that it is said to have."""
    return length.isascii() and length.isdigit() and len(length) <= 18 and int(length) <= limit


def foreign(scope: Scope, hosts: Collection[str]) -> tuple[int, str]:
    """Say with which status and reason a request is refused that another web page sent; 0 for our own."""
    headers = Headers(scope=scope)
    named, origin = headers.getlist("host"), headers.get("origin")
    host = named[0].lower() if len(named) == 1 else ""
    if host not in hosts:
        return 400, words.UNKNOWN_HOST
    if origin is not None and origin != f"{scope['scheme']}://{host}":
        return 403, words.FOREIGN_ORIGIN
    if not _OWN_SITE.issuperset(headers.getlist("sec-fetch-site")) and not _is_link(scope, headers):
        return 403, words.FOREIGN_SITE
    return 0, ""


def _is_link(scope: Scope, headers: Headers) -> bool:
    """Whether somebody goes to the page or an article, by a link which may be anyone's."""
    going = (headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")) == ("navigate", "document")
    return going and scope["method"] == "GET" and bool(_FROM_ANYWHERE.fullmatch(scope["path"]))


def _tell(error: Exception, scope: Scope) -> None:
    """Log a fault in one line, and where it is in a route of our own with its traceback.

    Gradio has no check of its own of what it is sent, so whoever sends it nonsense would fill the log.
    """
    raised = traceback.extract_tb(error.__traceback__)[-1]
    _logger.error(
        "%s %s failed: %s in %s:%d",
        scope["method"],
        scope["path"],
        type(error).__name__,
        Path(raised.filename).name,
        raised.lineno,
        exc_info=None if _GRADIO.fullmatch(scope["path"]) else error,
    )
