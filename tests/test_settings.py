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


def test_without_a_key_or_an_address_there_is_no_model_to_speak_of() -> None:
    chosen = Settings.from_environment({"OPENAI_API_KEY": " ", "OPENAI_BASE_URL": ""})
    assert (chosen.api_key, chosen.base_url) == ("", "")


def test_the_environment_chooses_the_model() -> None:
    chosen = Settings.from_environment(
        {
            "OPENAI_API_KEY": "sk-canary\n",
            "OPENAI_BASE_URL": "http://[::1]:11434/v1/",
            "DATELINE_MODEL": "qwen3:8b",
            "DATELINE_TEMPERATURE": "0",
            "DATELINE_MAX_TOKENS": "1000",
            "DATELINE_CONTEXT_TOKENS": "32768",
            "DATELINE_TIMEOUT_SECONDS": "2.5",
        }
    )
    assert chosen == Settings(
        api_key="sk-canary",
        base_url="http://[::1]:11434/v1",
        model="qwen3:8b",
        temperature=0,
        max_tokens=1000,
        context_tokens=32768,
        timeout_seconds=2.5,
    )
    assert "canary" not in repr(chosen)


def test_a_temperature_of_nothing_is_one_that_is_not_sent() -> None:
    assert Settings.from_environment({"DATELINE_TEMPERATURE": ""}).temperature is None
    assert Settings.from_environment({}).temperature == 0.1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATELINE_TEMPERATURE", "warm"),
        ("DATELINE_TEMPERATURE", "nan"),
        ("DATELINE_TEMPERATURE", "2.1"),
        ("DATELINE_MAX_TOKENS", "0"),
        ("DATELINE_MAX_TOKENS", "8e2"),
        ("DATELINE_MAX_TOKENS", "5000"),  # of 8192 for everything
        ("DATELINE_CONTEXT_TOKENS", "-1"),
        ("DATELINE_CONTEXT_TOKENS", "9" * 30),
        ("DATELINE_TIMEOUT_SECONDS", "0"),
        ("DATELINE_TIMEOUT_SECONDS", "inf"),
        ("OPENAI_API_KEY", "canary canary"),
        ("OPENAI_API_KEY", "canary\u200b"),
        ("OPENAI_BASE_URL", "127.0.0.1:11434"),
        ("OPENAI_BASE_URL", "file:///canary"),
        ("OPENAI_BASE_URL", "http://"),
        ("OPENAI_BASE_URL", "http://host:port/v1"),
        ("OPENAI_BASE_URL", "http://[::1/v1"),
        ("OPENAI_BASE_URL", "https://me:canary@host/v1"),
        ("OPENAI_BASE_URL", "https://host/v1?key=canary"),
        ("OPENAI_BASE_URL", "https://host/v1 canary"),
    ],
)
def test_an_option_of_the_model_that_cannot_be_used_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name) as raised:
        Settings.from_environment({name: value})
    assert "canary" not in str(raised.value)


@pytest.mark.parametrize(("context_tokens", "max_tokens"), [("1024", "125"), ("1700", "801")])
def test_a_context_without_room_for_the_question_is_refused(context_tokens: str, max_tokens: str) -> None:
    given = {"DATELINE_CONTEXT_TOKENS": context_tokens, "DATELINE_MAX_TOKENS": max_tokens}
    with pytest.raises(
        SettingsError, match=r"DATELINE_CONTEXT_TOKENS is .*900 more than DATELINE_MAX_TOKENS"
    ):
        Settings.from_environment(given)
    given["DATELINE_MAX_TOKENS"] = str(int(max_tokens) - 1)
    assert Settings.from_environment(given).max_tokens == int(max_tokens) - 1


def test_readers_may_add_only_where_that_is_said() -> None:
    assert not Settings.from_environment({}).add
    assert not Settings.from_environment({"DATELINE_ADD": "0"}).add
    assert Settings.from_environment({"DATELINE_ADD": " 1 "}).add
    for given in ("yes", "2", "true"):
        with pytest.raises(SettingsError, match="DATELINE_ADD"):
            Settings.from_environment({"DATELINE_ADD": given})
