"""What can go wrong between us and a model, in words: what happened, and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from time import time
from typing import Any

_AGAIN_SECONDS = 0.5  # before a request that failed in passing is made again
_LONGEST_WAIT_SECONDS = 5.0  # a reader waits this long for a busy endpoint, not longer
_CONTEXT = re.compile(
    r"context.{0,20}(length|size|window|overflow|exceed)|exceed.{0,20}context|too many tokens"
)
_FILTER = re.compile(r"content.?(filter|policy|management)|moderation|safety system")
_NO_MODEL = re.compile(
    r"(invalid|unknown|no such) model|model.{0,80}(not found|does not exist|not supported)"
)
_OPTIONS = {  # as the protocol calls them: what sets them here
    "temperature": "DATELINE_TEMPERATURE to nothing",
    "max_tokens": "DATELINE_MAX_TOKENS lower",
    "max_completion_tokens": "DATELINE_MAX_TOKENS lower",
}
_LOST = {"RemoteProtocolError", "ReadError", "WriteError", "ConnectionError", "EOFError"}


class ModelError(RuntimeError):
    """The model could not answer; the message says what happened and what to do.

    `kind` names the fault in a few words, `partial` is what the model had written before it. There is no
    cause: what a library says may hold the key, or words of an article.
    """

    def __init__(self, kind: str, message: str, partial: str = "") -> None:
        """Take the kind of fault, the sentence to show, and the text that came before."""
        super().__init__(kind, message, partial)
        self.kind, self.message, self.partial = kind, message, partial

    def __str__(self) -> str:
        """Give the sentence to show."""
        return self.message


def explain(error: BaseException, who: str, model: str, begun: bool, given: bool) -> ModelError:
    """Say what an error of any library means.

    `who` did not answer as `model`; `begun` where words had come already; `given` where the model is an
    object someone has made, which no option of ours reaches.
    """
    found = next((e for e in _chain(error) if isinstance(e, ModelError)), None)
    kind, what, advice = (found.kind, str(found), "") if found else _fault(error, who, model, begun, given)
    if given and re.search("OPENAI_|DATELINE_", advice):
        advice = "look at how the LLM object was made"
    return ModelError(kind, f"{what}; {advice}" if advice else what)


def again(error: BaseException) -> float | None:
    """Say after how many seconds the same request may do better; None where it would not, or not soon."""
    status = _first(error, "status_code")
    if status is None:
        names = _names(error)
        passing = bool(names & (_LOST | {"ConnectionRefusedError"})) and "SSLError" not in names
        return _AGAIN_SECONDS if passing and "ModelError" not in names else None
    asked = _retry_after(error)
    if status in (500, 502, 503):
        asked = _AGAIN_SECONDS if asked is None else asked
    elif status != 429 or "insufficient_quota" in _said(error):
        return None
    return asked if asked is not None and asked <= _LONGEST_WAIT_SECONDS else None


def refuses(error: BaseException, option: str) -> bool:
    """Say whether an endpoint turned a request down because of one option of the protocol."""
    return _first(error, "status_code") in (400, 422) and option in _said(error)


def _fault(error: BaseException, who: str, model: str, begun: bool, given: bool) -> tuple[str, str, str]:
    status, said = _first(error, "status_code"), _said(error)
    if (status in (None, 400, 422, 500) and _CONTEXT.search(said)) or status == 413:
        return (
            "context too long",
            f"the question with its passages is longer than {model} can read",
            ("set DATELINE_CONTEXT_TOKENS to what it takes"),
        )
    if status in (None, 400, 403, 422) and _FILTER.search(said):
        return (
            "refused by filter",
            f"the content filter of {who} refused the question or its passages",
            ("ask in other words"),
        )
    if status is not None:
        return _status(status, error, who, model)
    if known := _connection(_names(error), who, begun):
        return known
    if given:
        return "failed", f"{who} failed with {_where(error)}", "look at how the LLM object was made"
    return "not understood", f"{who} does not answer in OpenAI's protocol", "check OPENAI_BASE_URL"


def _connection(names: set[str], who: str, begun: bool) -> tuple[str, str, str] | None:
    """Say what went wrong with no status to go by; None where that is nothing a connection does."""
    address = "check OPENAI_BASE_URL"
    if "gaierror" in names:
        return (
            "unknown host",
            f"{who} cannot be found: there is no such host name",
            f"{address} and the network",
        )
    if "SSLCertVerificationError" in names:
        return (
            "certificate",
            f"{who} shows a certificate that is not to be trusted",
            (f"{address}; an authority of your own is named by SSL_CERT_FILE"),
        )
    if "SSLError" in names:
        return (
            "no TLS",
            f"no secure connection to {who} could be made",
            (f"{address}: https:// may have to be http://"),
        )
    if "ConnectionRefusedError" in names:
        return (
            "refused connection",
            f"{who} is not there: the connection was refused",
            f"start it, or {address}",
        )
    if "ConnectTimeout" in names:
        return "no connection", f"{who} does not take the connection", f"{address} and the network"
    if names & {"TimeoutException", "TimeoutError", "APITimeoutError"}:
        return "no answer in time", f"{who} did not answer in time", "ask again later"
    if names & {"JSONDecodeError", "UnicodeDecodeError"}:
        return "damaged answer", f"{who} sent a part of an answer that cannot be read", "ask again"
    if names & _LOST and begun:
        return "cut off", f"{who} broke off the connection in the middle of its answer", "ask again"
    if names & _LOST:
        return "closed connection", f"{who} closed the connection without answering", "ask again"
    if "TransportError" in names:
        return "no connection", f"no connection to {who} could be made", f"{address} and the network"
    if "APIError" in names and "APIConnectionError" not in names:
        return (
            "error while answering",
            f"{who} reported an error instead of going on",
            ("ask again; if the server is yours, its log says more"),
        )
    return None


def _status(status: int, error: BaseException, who: str, model: str) -> tuple[str, str, str]:
    """Say what an HTTP status means."""
    said = _said(error)
    code = f" ({status})"
    if 300 <= status < 400:
        return (
            "redirected",
            f"{who} sends the request on to another address, which is not followed{code}",
            ("set OPENAI_BASE_URL to the address that answers"),
        )
    if status == 401:
        return (
            "key refused",
            f"{who} did not accept the key{code}",
            "set OPENAI_API_KEY to one that is valid there",
        )
    if status == 403:
        return (
            "not allowed",
            f"{who} does not allow this key to use {model}{code}",
            ("choose another DATELINE_MODEL, or ask whoever the account belongs to"),
        )
    if (status == 404 and "model" in said) or (status in (400, 422) and _NO_MODEL.search(said)):
        return "no such model", f"{who} has no model {model}{code}", "set DATELINE_MODEL to one it has"
    if status in (404, 405):
        return (
            "wrong address",
            f"{who} has no chat completions at that address{code}",
            ("check OPENAI_BASE_URL: it often ends in /v1"),
        )
    if status == 429 and "insufficient_quota" in said:
        return (
            "no credit",
            f"{who} says that the account has no credit left{code}",
            "add some, or change OPENAI_API_KEY",
        )
    if status == 429:
        seconds = _retry_after(error)
        when = "in a minute" if seconds is None else f"in {max(1, round(seconds))} s"
        return "too many requests", f"{who} takes no more requests for now{code}", f"ask again {when}"
    if status == 503:
        return "overloaded", f"{who} is overloaded or still loading{code}", "ask again in a minute"
    if status >= 500:
        return (
            "server error",
            f"{who} failed{code}",
            "ask again later; if the server is yours, its log says more",
        )
    option = next((option for option in _OPTIONS if option in said), None)
    if option:
        return (
            "option refused",
            f"{who} does not take the {option} it was asked with{code}",
            f"set {_OPTIONS[option]}",
        )
    return (
        "request refused",
        f"{who} refused the request{code}",
        ("check that OPENAI_BASE_URL and DATELINE_MODEL belong together"),
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        yield error
        seen.append(error)
        error = error.__cause__ or error.__context__


def _names(error: BaseException) -> set[str]:
    """Name the classes of an error and its causes, so that no library has to be loaded to know its errors."""
    return {kind.__name__ for link in _chain(error) for kind in type(link).__mro__}


def _first(error: BaseException, attribute: str) -> Any:  # noqa: ANN401 - of any library's error
    return next(
        (found for link in _chain(error) if (found := getattr(link, attribute, None)) is not None), None
    )


def _said(error: BaseException) -> str:
    """Give what an endpoint said, to look for words in it and never to be shown."""
    link = next((e for e in _chain(error) if hasattr(e, "body") or hasattr(e, "status_code")), None)
    return "" if link is None else f"{link} {getattr(link, 'body', '')} {getattr(link, 'code', '')}".lower()


def _retry_after(error: BaseException) -> float | None:
    headers = getattr(_first(error, "response"), "headers", {})
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
