"""The export route: an answer or a conversation that the browser kept, as a file to download."""

from __future__ import annotations

import json
import re
import time
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

from pydantic import Field
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from assistant.export import conversation_to_html, conversation_to_markdown, to_html, to_markdown, to_text
from assistant.record import to_conversation
from assistant.types import Answer, Lost, Turn
from page import words
from page.kept import MOST_TURNS, KeptError, turn_of
from page.posted import Form, posted

if TYPE_CHECKING:
    from index.library import ArticleIndex

_MOST_SECONDS = 3.0  # of the processor, to bring turns back; 200 real ones take well under one
# That are written in a second or two; of 200 answers of 40 sentences each there are 40,000. Bytes would tell
# less: a record names a copy of a report in two, of which a file has three hundred.
_MOST_PARTS = 60_000
_NAME_CHARACTERS = 60
_NO_WORD = re.compile(r"[\W_]+")

Turns = Sequence[Turn | Lost]


class Export(Form):
    """The turns to export, as they were kept, and what the conversation is called."""

    turns: Annotated[list[str], Field(min_length=1, max_length=MOST_TURNS)]
    name: Annotated[str, Field(max_length=200)] = ""


def export_routes(index: ArticleIndex) -> list[Route]:
    """Serve POST /export?as=markdown, html, text or json.

    A turn that cannot be brought back is named in the file, with the reason; where none can, there is none.
    """

    def export(request: Request, sent: Export) -> Response:
        kind = request.query_params.get("as", "")
        if kind not in _KINDS:
            return PlainTextResponse(words.WRONG_EXPORT.format(kinds=", ".join(_KINDS)), 400)
        write, ending, media_type = _KINDS[kind]
        turns = _all_brought_back(sent.turns, index)
        if turns is None:
            return PlainTextResponse(words.EXPORT_TOO_LONG, 413)
        lost = [turn for turn in turns if isinstance(turn, Lost)]
        if len(lost) == len(turns):
            return PlainTextResponse(lost[0].reason, 409)
        name = sent.name.strip() or turns[0].question
        headers = {"content-disposition": disposition(name, date.today(), ending)}
        # What cannot be written in UTF-8 is no text.
        return Response(write(turns, sent.name).encode("utf-8", "replace"), 200, headers, media_type)

    return [Route("/export", posted(Export, export), methods=["POST"])]


def disposition(name: str, day: date, ending: str) -> str:
    """Write the header that makes a reply a download, its name in ASCII and in full (RFC 5987).

    >>> disposition("Où? ../", date(2020, 6, 12), "md")
    "attachment; filename=dateline-ou-2020-06-12.md; filename*=UTF-8''dateline-o%C3%B9-2020-06-12.md"
    """
    full = _NO_WORD.sub("-", unicodedata.normalize("NFC", name[:500]).lower())[:_NAME_CHARACTERS]
    plain = unicodedata.normalize("NFKD", full).encode("ascii", "ignore").decode().lower()
    in_full, in_ascii = (
        "-".join(part for part in ("dateline", one.strip("-"), day.isoformat()) if part)
        for one in (full, _NO_WORD.sub("-", plain))
    )
    return f"attachment; filename={in_ascii}.{ending}; filename*=UTF-8''{quote(in_full)}.{ending}"


def _all_brought_back(kept: Sequence[str], index: ArticleIndex) -> Turns | None:
    """Bring turns back; None where that would keep the processor from everyone else."""
    begun, room = time.thread_time(), _MOST_PARTS
    turns: list[Turn | Lost] = []
    for one in kept:
        turns.append(_brought_back(one, index))
        room -= _parts(turns[-1])
        if room < 0 or time.thread_time() - begun > _MOST_SECONDS:
            return None
    return turns


def _parts(turn: Turn | Lost) -> int:
    """Count what there is to write of a turn: claims, marks, quotes, names, each hundred characters."""
    if isinstance(turn, Lost):
        return 1
    answer = turn.answer
    quotes = [citation.quote for claim in answer.claims for citation in claim.citations]
    names = sum(1 + len(source.copies) for source in answer.sources) + len(answer.nearest)
    written = sum(map(len, (turn.question, answer.question, answer.text, *answer.warnings, *quotes)))
    return len(answer.claims) + answer.text.count("[") + len(quotes) + names + written // 100


def _brought_back(kept: str, index: ArticleIndex) -> Turn | Lost:
    try:
        return turn_of(kept, index)
    except KeptError as error:
        return Lost(error.question or words.KEPT_NO_QUESTION, str(error))


def _alone(turns: Turns) -> Answer | None:
    """Give the answer that is exported by itself, under its own question."""
    first = turns[0]
    return first.answer if len(turns) == 1 and isinstance(first, Turn) else None


def _markdown(turns: Turns, name: str) -> str:
    answer = _alone(turns)
    return to_markdown(answer) if answer else conversation_to_markdown(turns, name)


def _html(turns: Turns, name: str) -> str:
    answer = _alone(turns)
    return to_html(answer) if answer else conversation_to_html(turns, name)


def _json(turns: Turns, _: str) -> str:
    return json.dumps(to_conversation(turns), ensure_ascii=False, indent=2) + "\n"


def _text(turns: Turns, _: str) -> str:
    told = (to_text(turn.answer) if isinstance(turn, Turn) else turn.reason for turn in turns)
    return "\n\n".join(told) + "\n"


_KINDS: dict[str, tuple[Callable[[Turns, str], str], str, str]] = {
    "markdown": (_markdown, "md", "text/markdown; charset=utf-8"),
    "html": (_html, "html", "text/html; charset=utf-8"),
    "text": (_text, "txt", "text/plain; charset=utf-8"),
    "json": (_json, "json", "application/json"),
}
