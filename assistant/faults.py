"""What can go wrong between us and a model, in words: what happened, and what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from index.troubles import (
    SAID,
    chain,
    kind_of_connection,
    kind_of_status,
    names_of,
    retry_after,
    said_by,
    status_of,
)

_SAID = SAID | {
    # before an answer
    "no answer in time": "{who} did not answer within {seconds}; "
    "ask again, or set DATELINE_TIMEOUT_SECONDS higher",
    # instead of an answer
    "not allowed": "{who} does not allow this key to use {model} ({status}); "
    "choose another DATELINE_MODEL, or ask whoever the account belongs to",
    "no such model": "{who} has no model {model} ({status}); set DATELINE_MODEL to one it has",
    "wrong address": "{who} has no chat completions at that address ({status}); "
    "check OPENAI_BASE_URL: it often ends in /v1",
    "too many requests": "{who} takes no more requests for now ({status}); ask again {when}",
    "context too long": "{who} cannot read that much at once with {model}; "
    "set DATELINE_CONTEXT_TOKENS to what it can",
    "refused by filter": "{who} has a content filter, which refused this question or its passages; "
    "ask in other words",
    "option refused": "{who} does not take the {option} it was asked with ({status}); set {setting}",
    "request refused": "{who} refused the request ({status}); "
    "check that OPENAI_BASE_URL and DATELINE_MODEL belong together",
    "not a stream": "{who} sent a whole document where a stream of words was asked for; "
    "check OPENAI_BASE_URL: it often ends in /v1",
    # an answer without words
    "no choices": "{who} sent an answer with nothing in it; ask again",
    "no words": "{who} ended its answer without a word; ask again, or choose another DATELINE_MODEL",
    "no room": "{who} used up its tokens before it wrote a word; set DATELINE_MAX_TOKENS higher",
    "no room to read": "{model} has no room for a passage beside the question and its answer; "
    "set DATELINE_CONTEXT_TOKENS higher, or DATELINE_MAX_TOKENS lower",
    "only pings": "{who} held the line for {seconds} without a word; "
    "ask again, or set DATELINE_TIMEOUT_SECONDS higher",
    # in the middle of an answer
    "stalled": "{who} stopped in the middle of its answer and had not gone on after {seconds}; ask again",
    "too slow": "{who} was still writing after {seconds}; set DATELINE_TIMEOUT_SECONDS higher",
    "cut off": "{who} broke off the connection in the middle of its answer; ask again",
    "unfinished": "{who} ended without saying that its answer is complete; ask again",
    "damaged answer": "{who} sent a part of an answer that cannot be read; ask again",
    "error while answering": "{who} reported an error instead of going on; "
    "ask again, or look in its log if it is yours",
    "endless answer": "{who} sent far more than an answer; choose another DATELINE_MODEL",
    # of an LLM object only
    "failed": "{who} failed with {error}; look at how the LLM object was made",
}
_SETTINGS = {  # what sets an option of the protocol
    "temperature": "DATELINE_TEMPERATURE to nothing",
    "max_tokens": "DATELINE_MAX_TOKENS lower",
    "max_completion_tokens": "DATELINE_MAX_TOKENS lower",
}
_CONTEXT = re.compile(
    r"context.{0,20}(length|size|window|overflow|exceed)|exceed.{0,20}context|too many tokens"
)
_FILTER = re.compile(r"content.?(filter|policy|management)|moderation|safety system")
_NO_MODEL = re.compile(
    r"(invalid|unknown|no such) model|model.{0,80}(not found|does not exist|not supported)"
)


class ModelError(RuntimeError):
    """The model could not answer; the message says what happened and what to do.

    `kind` names the fault in a few words, `partial` is what the model had written before it. There is no
    cause: what a library says may hold the key, or words of an article.
    """

    def __init__(self, kind: str, message: str = "", partial: str = "") -> None:
        """Take the kind of fault, the sentence to show, and the text that came before."""
        super().__init__(kind, message, partial)
        self.kind, self.message, self.partial = kind, message, partial

    def __str__(self) -> str:
        """Give the sentence to show."""
        return self.message


@dataclass(frozen=True, slots=True)
class Asked:
    """Who was asked for which model; `given` where that is an LLM object, which no option of ours reaches."""

    who: str
    model: str
    given: bool = False


def tell(kind: str, asked: Asked, **details: object) -> ModelError:
    """Make the error of a kind of fault.

    >>> str(tell("no such model", Asked("the server at 127.0.0.1:8080", "qwen3"), status=404))
    'the server at 127.0.0.1:8080 has no model qwen3 (404); set DATELINE_MODEL to one it has'
    """
    what, _, advice = _SAID[kind].format(who=asked.who, model=asked.model, **details).partition("; ")
    if asked.given and re.search("OPENAI_|DATELINE_", advice):
        advice = "look at how the LLM object was made"
    return ModelError(kind, f"{what}; {advice}")


def explain(error: BaseException, asked: Asked, begun: bool) -> ModelError:
    """Say what an error of any library means; `begun` where words had come already."""
    status, said = status_of(error), said_by(error)
    option = next((option for option in _SETTINGS if option in said), "")
    wait = retry_after(error)
    return tell(
        _kind(error, begun, status, said, asked.given),
        asked,
        status=status,
        error=_where(error),
        seconds="its time",
        option=option,
        setting=_SETTINGS.get(option, ""),
        when="in a minute" if wait is None else f"in {max(1, round(wait))} s",
    )


def refuses(error: BaseException, option: str) -> bool:
    """Say whether an endpoint turned a request down because of one option of the protocol."""
    return status_of(error) in (400, 422) and option in said_by(error)


def _kind(error: BaseException, begun: bool, status: int | None, said: str, given: bool) -> str:
    known = next((link.kind for link in chain(error) if isinstance(link, ModelError)), "")
    if known:
        return known
    if (status in (None, 400, 422, 500) and _CONTEXT.search(said)) or status == 413:
        return "context too long"
    if status in (None, 400, 403, 422) and _FILTER.search(said):
        return "refused by filter"
    if status is not None:
        return _kind_of_status(status, said)
    kind = kind_of_connection(names_of(error), begun) or ("failed" if given else "not understood")
    return "not a stream" if kind == "another kind" else kind


def _kind_of_status(status: int, said: str) -> str:
    if status in (404, 405):
        return "no such model" if "model" in said else "wrong address"
    if status in (400, 422) and _NO_MODEL.search(said):
        return "no such model"
    if status in (400, 422) and any(option in said for option in _SETTINGS):
        return "option refused"
    return kind_of_status(status, said)


def _where(error: BaseException) -> str:
    """Name an error and the line it came from, but not its words."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{place}"
