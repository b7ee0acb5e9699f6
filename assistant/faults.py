"""What can go wrong between us and a model, in words: what happened, and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from time import time

_AGAIN_SECONDS = 0.5  # before a request that failed in passing is made again
_LONGEST_WAIT_SECONDS = 5.0  # a reader waits this long for a busy endpoint, not longer
_SAID = {
    # before an answer
    "refused connection": "{who} is not there: the connection was refused; "
    "start it, or check OPENAI_BASE_URL",
    "unknown host": "{who} cannot be found: there is no such host name; "
    "check OPENAI_BASE_URL and the network",
    "certificate": "{who} shows a certificate that is not to be trusted; "
    "check OPENAI_BASE_URL, or name an authority of your own in SSL_CERT_FILE",
    "no TLS": "{who} makes no secure connection; check OPENAI_BASE_URL: https:// may have to be http://",
    "no connection": "{who} cannot be reached; check OPENAI_BASE_URL and the network",
    "closed connection": "{who} closed the connection without answering; ask again",
    "no answer in time": "{who} did not answer within {seconds}; "
    "ask again, or set DATELINE_TIMEOUT_SECONDS higher",
    # instead of an answer
    "key refused": "{who} did not accept the key ({status}); set OPENAI_API_KEY to one that is valid there",
    "not allowed": "{who} does not allow this key to use {model} ({status}); "
    "choose another DATELINE_MODEL, or ask whoever the account belongs to",
    "no such model": "{who} has no model {model} ({status}); set DATELINE_MODEL to one it has",
    "wrong address": "{who} has no chat completions at that address ({status}); "
    "check OPENAI_BASE_URL: it often ends in /v1",
    "redirected": "{who} sends the request on to another address ({status}), which is not followed; "
    "set OPENAI_BASE_URL to the address that answers",
    "too many requests": "{who} takes no more requests for now ({status}); ask again {when}",
    "no credit": "{who} says that the account has no credit left ({status}); "
    "add some, or change OPENAI_API_KEY",
    "overloaded": "{who} is overloaded or still loading ({status}); ask again in a minute",
    "server error": "{who} failed ({status}); ask again later, or look in its log if it is yours",
    "context too long": "{who} cannot read that much at once with {model}; "
    "set DATELINE_CONTEXT_TOKENS to what it can",
    "refused by filter": "{who} has a content filter, which refused this question or its passages; "
    "ask in other words",
    "option refused": "{who} does not take the {option} it was asked with ({status}); set {setting}",
    "request refused": "{who} refused the request ({status}); "
    "check that OPENAI_BASE_URL and DATELINE_MODEL belong together",
    "not a stream": "{who} sent a whole document where a stream of words was asked for; "
    "check OPENAI_BASE_URL: it often ends in /v1",
    "not understood": "{who} does not answer in OpenAI's protocol; check OPENAI_BASE_URL",
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
_LOST = {"RemoteProtocolError", "ReadError", "WriteError", "ConnectionError", "EOFError"}
_LATE = {"TimeoutException", "TimeoutError", "APITimeoutError"}


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
    status, said = _status(error), _said(error)
    option = next((option for option in _SETTINGS if option in said), "")
    wait = _retry_after(error)
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


def again(error: BaseException) -> float | None:
    """Say after how many seconds the same request may do better; None where it would not, or not soon."""
    status = _status(error)
    if status is None:
        names = _names(error)
        passing = names & (_LOST | {"ConnectionRefusedError"}) and not names & {"SSLError", "ModelError"}
        return _AGAIN_SECONDS if passing else None
    asked = _retry_after(error)
    if status in (500, 502, 503):
        asked = _AGAIN_SECONDS if asked is None else asked
    elif status != 429 or "insufficient_quota" in _said(error):
        return None
    return asked if asked is not None and asked <= _LONGEST_WAIT_SECONDS else None


def refuses(error: BaseException, option: str) -> bool:
    """Say whether an endpoint turned a request down because of one option of the protocol."""
    return _status(error) in (400, 422) and option in _said(error)


def _kind(error: BaseException, begun: bool, status: int | None, said: str, given: bool) -> str:
    known = next((link.kind for link in _chain(error) if isinstance(link, ModelError)), "")
    if known:
        return known
    if (status in (None, 400, 422, 500) and _CONTEXT.search(said)) or status == 413:
        return "context too long"
    if status in (None, 400, 403, 422) and _FILTER.search(said):
        return "refused by filter"
    if status is not None:
        return _kind_of_status(status, said)
    return _kind_of_connection(_names(error), begun) or ("failed" if given else "not understood")


def _kind_of_status(status: int, said: str) -> str:
    if 300 <= status < 400:
        return "redirected"
    if status in (404, 405):
        return "no such model" if "model" in said else "wrong address"
    if status == 429:
        return "no credit" if "insufficient_quota" in said else "too many requests"
    if status >= 500:
        return "overloaded" if status == 503 else "server error"
    if status in (400, 422) and _NO_MODEL.search(said):
        return "no such model"
    if status in (400, 422) and any(option in said for option in _SETTINGS):
        return "option refused"
    return {401: "key refused", 403: "not allowed"}.get(status, "request refused")


def _kind_of_connection(names: set[str], begun: bool) -> str:
    """Find the kind by the errors' names; none where that is nothing a connection does."""
    if names & _LOST and not names & {"SSLError", "ConnectionRefusedError"}:
        return "cut off" if begun else "closed connection"
    kinds = {
        "unknown host": {"gaierror"},
        "certificate": {"SSLCertVerificationError"},
        "no TLS": {"SSLError"},
        "refused connection": {"ConnectionRefusedError"},
        "no connection": {"ConnectTimeout"},
        "no answer in time": _LATE,
        "damaged answer": {"JSONDecodeError", "UnicodeDecodeError"},
    }
    kind = next((kind for kind, signs in kinds.items() if names & signs), "")
    if not kind and names & {"TransportError", "APIConnectionError"}:
        return "no connection"
    return kind or ("error while answering" if "APIError" in names else "")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        yield error
        seen.add(id(error))
        error = error.__cause__ or error.__context__


def _names(error: BaseException) -> set[str]:
    """Name the classes of an error and its causes, so that no library has to be loaded to know its errors."""
    return {kind.__name__ for link in _chain(error) for kind in type(link).__mro__}


def _status(error: BaseException) -> int | None:
    found = (getattr(link, "status_code", None) for link in _chain(error))
    return next((status for status in found if isinstance(status, int)), None)


def _said(error: BaseException) -> str:
    """Give what an endpoint said, to look for words in it and never to be shown."""
    link = next((e for e in _chain(error) if hasattr(e, "body") or hasattr(e, "status_code")), None)
    return "" if link is None else f"{link} {getattr(link, 'body', '')} {getattr(link, 'code', '')}".lower()


def _retry_after(error: BaseException) -> float | None:
    headers: Mapping[str, str] = next(
        (
            found
            for link in _chain(error)
            if (found := getattr(getattr(link, "response", None), "headers", None)) is not None
        ),
        {},
    )
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", value := str(headers.get(name, "")).strip()):
            return float(value) * unit
    try:
        return max(0.0, parsedate_to_datetime(str(headers.get("retry-after", ""))).timestamp() - time())
    except ValueError:
        return None


def _where(error: BaseException) -> str:
    """Name an error and the line it came from, but not its words."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{place}"
