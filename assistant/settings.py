"""Every option, read once from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HOME = Path(".dateline")
PORT = 7860
SAMPLE = Path(__file__).resolve().parent.parent / "articles"


class SettingsError(ValueError):
    """An option has a value that cannot be used; the message names the option."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be chosen: the folder the index lives in, and the port of the page."""

    home: Path = HOME
    port: int = PORT

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read DATELINE_HOME and DATELINE_PORT; SettingsError names the one that cannot be used."""
        found = os.environ if environment is None else environment
        port = found.get("DATELINE_PORT", "").strip() or str(PORT)
        if not port.isascii() or not port.isdigit() or len(port) > 5 or not 0 < int(port) < 65536:
            raise SettingsError(f"DATELINE_PORT is {port[:20]!r}; it must be a port number from 1 to 65535")
        return cls(Path(found.get("DATELINE_HOME", "").strip() or HOME), int(port))
