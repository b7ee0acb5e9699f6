"""What a script of the page sends: JSON of a known form, read and answered, or refused in plain text."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from page import words


class Form(BaseModel):
    """What may be sent: no field more, and none of another type."""

    model_config = ConfigDict(strict=True, extra="forbid")


Sent = TypeVar("Sent", bound=Form)


def posted(
    form: type[Sent], reply: Callable[[Request, Sent], Response]
) -> Callable[[Request], Awaitable[Response]]:
    """Make an endpoint that reads a form of JSON and replies to it in a thread of its own."""

    async def endpoint(request: Request) -> Response:
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return PlainTextResponse(words.JSON_ONLY, 415)
        try:
            sent = form.model_validate_json(await request.body())
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(map(str, first["loc"])) or words.WHOLE_FORM
            return PlainTextResponse(words.WRONG_FORM.format(where=where, reason=first["msg"]), 400)
        return await run_in_threadpool(reply, request, sent)

    return endpoint
