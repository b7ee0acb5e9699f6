"""The feedback route: what readers think of answers, noted beside the index."""

from __future__ import annotations

import hashlib
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from assistant.in_words import dateline, scope_in_words
from assistant.judgements import FeedbackError, Judgement, note
from assistant.types import Turn
from index.types import Article, web_address
from page.kept import KeptError, turn_of
from page.posted import Form, posted

if TYPE_CHECKING:
    from index.library import ArticleIndex

_REASON_CHARACTERS = 1000
_NOTED_CHARACTERS = 20_000  # of a text: an answer of 800 tokens has some 4,000
_SOURCE_CHARACTERS = 500
_NOTED_SOURCES = 50


class Thumb(Form):
    """A turn as it was kept, and what its reader thinks of the answer."""

    kept: str
    helpful: bool
    reason: Annotated[str, Field(max_length=_REASON_CHARACTERS)] = ""


def feedback_routes(home: Path, index: ArticleIndex) -> list[Route]:
    """Serve POST /feedback, which notes a judgement in a file of the folder `home`."""

    def note_thumb(_: Request, sent: Thumb) -> Response:
        try:
            turn = turn_of(sent.kept, index)
            note(home, judgement(turn, sent.helpful, sent.reason))
        except KeptError as error:
            return PlainTextResponse(str(error), 400)
        except FeedbackError as error:
            return PlainTextResponse(str(error), 507)
        return JSONResponse({"noted": True})

    return [Route("/feedback", posted(Thumb, note_thumb), methods=["POST"])]


def judgement(turn: Turn, helpful: bool, reason: str) -> Judgement:
    """Put together what is noted of a judgement."""
    answer = turn.answer
    told = f"{turn.question}\n{answer.question}\n{scope_in_words(answer.scope)}\n{answer.text}"
    return Judgement(
        datetime.now(timezone.utc).isoformat(timespec="seconds"),
        hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:16],
        _cut(turn.question),
        _cut(scope_in_words(answer.scope)),
        _cut(answer.text),
        tuple(_cut(_source(one.article), _SOURCE_CHARACTERS) for one in answer.sources[:_NOTED_SOURCES]),
        _cut(answer.model),
        helpful,
        reason.strip(),
    )


def _cut(text: str, characters: int = _NOTED_CHARACTERS) -> str:
    """Cut a text that is too long, and say so."""
    return text if len(text) <= characters else f"{text[:characters]} … (cut: {len(text):,} characters)"


def _source(article: Article) -> str:
    where = web_address(article.url) or article.source
    return f"{dateline(article)}: {article.title or article.label} ({where})"
