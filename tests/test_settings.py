from __future__ import annotations

from pathlib import Path

import pytest

from assistant.settings import Settings, SettingsError


def test_defaults_hold_where_nothing_is_set() -> None:
    assert Settings.from_environment({}) == Settings(Path(".dateline"), 7860)
    assert Settings.from_environment({"DATELINE_HOME": " ", "DATELINE_PORT": ""}) == Settings()


def test_the_environment_chooses_home_and_port() -> None:
    chosen = Settings.from_environment({"DATELINE_HOME": "/news", "DATELINE_PORT": "8000"})
    assert chosen == Settings(Path("/news"), 8000)


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "7860.0", "٧", "9" * 30])
def test_a_port_that_is_none_is_refused_by_name(port: str) -> None:
    with pytest.raises(SettingsError, match="DATELINE_PORT"):
        Settings.from_environment({"DATELINE_PORT": port})
