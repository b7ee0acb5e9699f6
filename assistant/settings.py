"""Every option, read once from the environment."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

HOME = Path(".dateline")
PORT = 7860
SAMPLE = Path(__file__).resolve().parent.parent / "articles"
OPENAI = "https://api.openai.com/v1"
MODEL = "gpt-4.1-mini"
TEMPERATURE = 0.1
MAX_TOKENS = 800
CONTEXT_TOKENS = 8192
TIMEOUT_SECONDS = 60.0
PROMPT_TOKENS = 900  # what every question takes of the context: 790 for what a model is told, and some words


class SettingsError(ValueError):
    """An option has a value that cannot be used; the message names the option."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be chosen: the folder the index lives in, the port of the page, and the model that writes.

    Without `api_key` and `base_url` no model writes. A `temperature` of None is not sent: some models take
    only their own. `max_tokens` is what an answer may be long, `context_tokens` what the model can read and
    write together, `embed_model` which model there turns articles into vectors, empty for the bundled one,
    `timeout_seconds` what a question to it may take altogether. With `add`, whoever reaches the page may add
    articles there.
    """

    home: Path = HOME
    port: int = PORT
    api_key: str = field(default="", repr=False)
    base_url: str = ""
    model: str = MODEL
    temperature: float | None = TEMPERATURE
    max_tokens: int = MAX_TOKENS
    context_tokens: int = CONTEXT_TOKENS
    embed_model: str = ""
    timeout_seconds: float = TIMEOUT_SECONDS
    add: bool = False

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read DATELINE_* and OPENAI_*; SettingsError names the one that cannot be used."""
        found = os.environ if environment is None else environment
        max_tokens = _whole(found, "DATELINE_MAX_TOKENS", MAX_TOKENS, 1, 100_000)
        context_tokens = _whole(found, "DATELINE_CONTEXT_TOKENS", CONTEXT_TOKENS, 1024, 10_000_000)
        if max_tokens > context_tokens // 2:
            raise SettingsError(
                f"DATELINE_MAX_TOKENS is {max_tokens}; it must be at most half of DATELINE_CONTEXT_TOKENS, "
                f"which is {context_tokens}"
            )
        if context_tokens - max_tokens < PROMPT_TOKENS:
            raise SettingsError(
                f"DATELINE_CONTEXT_TOKENS is {context_tokens}; it must be at least {PROMPT_TOKENS} more than "
                f"DATELINE_MAX_TOKENS, which is {max_tokens}"
            )
        temperature: float | None = TEMPERATURE
        if "DATELINE_TEMPERATURE" in found:
            empty = not found["DATELINE_TEMPERATURE"].strip()
            temperature = None if empty else _number(found, "DATELINE_TEMPERATURE", TEMPERATURE, 0, 2)
        return cls(
            home=Path(found.get("DATELINE_HOME", "").strip() or HOME),
            port=_whole(found, "DATELINE_PORT", PORT, 1, 65535, "a port number"),
            api_key=_key(found.get("OPENAI_API_KEY", "").strip()),
            base_url=_address(found.get("OPENAI_BASE_URL", "").strip()),
            model=found.get("DATELINE_MODEL", "").strip() or MODEL,
            temperature=temperature,
            max_tokens=max_tokens,
            context_tokens=context_tokens,
            embed_model=_embed_model(found),
            timeout_seconds=_number(found, "DATELINE_TIMEOUT_SECONDS", TIMEOUT_SECONDS, 1, 3600),
            add=_switch(found, "DATELINE_ADD"),
        )


def _whole(
    found: Mapping[str, str], name: str, default: int, least: int, most: int, what: str = "a number"
) -> int:
    given = found.get(name, "").strip() or str(default)
    if not given.isascii() or not given.isdigit() or len(given) > 9 or not least <= int(given) <= most:
        raise SettingsError(f"{name} is {given[:20]!r}; it must be {what} from {least} to {most}")
    return int(given)


def _number(found: Mapping[str, str], name: str, default: float, least: float, most: float) -> float:
    given = found.get(name, "").strip() or str(default)
    try:
        number = float(given)
    except ValueError:
        number = math.nan
    if not least <= number <= most:
        raise SettingsError(f"{name} is {given[:20]!r}; it must be a number from {least} to {most}")
    return number


def _switch(found: Mapping[str, str], name: str) -> bool:
    given = found.get(name, "").strip()
    if given not in ("", "0", "1"):
        raise SettingsError(f"{name} is {given[:20]!r}; it must be 1 for yes, 0 or nothing for no")
    return given == "1"


def _embed_model(found: Mapping[str, str]) -> str:
    """Read which embedding is asked for: openai:NAME, of the same endpoint; nothing for the bundled one."""
    given = found.get("DATELINE_EMBED_MODEL", "").strip()
    if not given:
        return ""
    provider, _, model = given.partition(":")
    if provider != "openai" or not model or not model.isprintable() or " " in model:
        raise SettingsError(
            f"DATELINE_EMBED_MODEL is {given[:60]!r}; it must be openai:NAME, such as "
            "openai:text-embedding-3-small, or nothing for the bundled one"
        )
    if not found.get("OPENAI_API_KEY", "").strip() and not found.get("OPENAI_BASE_URL", "").strip():
        raise SettingsError("DATELINE_EMBED_MODEL needs OPENAI_API_KEY or OPENAI_BASE_URL")
    return model


def _key(given: str) -> str:
    """Check that a key can be sent, without ever showing it."""
    if not all("!" <= character <= "~" for character in given):
        raise SettingsError("OPENAI_API_KEY holds a space or a character that no key has; copy it again")
    return given


def _address(given: str) -> str:
    """Check an address, without showing it: some people put a password into one."""
    if not given:
        return ""
    try:
        parts = urlsplit(given)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not all("!" <= character <= "~" for character in given):
        raise SettingsError("OPENAI_BASE_URL must be an address like http://127.0.0.1:11434/v1")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise SettingsError(
            "OPENAI_BASE_URL must be without user, password, ? and #; the key is OPENAI_API_KEY"
        )
    return given.rstrip("/")
