"""The guard in front of the page: who may ask, for what, how much, and what the browser may do with it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOCAL = "127.0.0.1"  # the page is served to this machine only
_BODY_LIMIT_BYTES = 1_000_000
# The page's own routes, and those that gradio 6.31's page asks for; it has many more, one of which fetches
# addresses for anyone.
_ROUTES = re.compile(
    r"/(?:article/[0-9a-f]{16}(?:/questions)?|articles|collection|export|feedback"
    r"|config|theme\.css|favicon\.ico|manifest\.json|(?:assets|static)/.*"
    r"|gradio_api/(?:queue/(?:join|data)|heartbeat/\w+|reset|cancel))?"
)
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

    A foreign Host (DNS rebinding), a foreign Origin (another web page), an unknown route and a large body
    are refused with a plain status; every reply carries the headers that keep the browser at home.
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
        return await self.app(scope, _limited(receive, self._limit(scope)), send_with_headers)

    def _refusal(self, scope: Scope) -> tuple[int, str]:
        status, reason = foreign(scope, self.hosts)
        if status:
            return status, reason
        if not _ROUTES.fullmatch(scope["path"]) and scope["path"] not in self.larger:
            return 404, "not found"
        length = Headers(scope=scope).get("content-length", "0")
        if not length.isdigit() or int(length) > self._limit(scope):
            return 413, "too large"
        return 0, ""

    def _limit(self, scope: Scope) -> int:
        return self.larger.get(scope["path"], _BODY_LIMIT_BYTES)


def foreign(scope: Scope, hosts: Collection[str]) -> tuple[int, str]:
    """Say with which status and reason a request is refused that another web page sent; 0 for our own."""
    headers = Headers(scope=scope)
    host, origin = headers.get("host", ""), headers.get("origin")
    if host not in hosts:
        return 400, "unknown host"
    if origin is not None and origin != f"{scope['scheme']}://{host}":
        return 403, "foreign origin"
    return 0, ""


def _limited(receive: Receive, limit_bytes: int) -> Receive:
    """Cut off a body that grows too large, for those that come in chunks and name no length."""
    received = 0

    async def receive_limited() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        return message if received <= limit_bytes else {"type": "http.disconnect"}

    return receive_limited
