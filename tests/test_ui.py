from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys

import httpx
import pytest
from sample_answers import FakeAssistant

import ui


@pytest.fixture(scope="module")
def page() -> object:
    async def make() -> object:
        return ui.application(FakeAssistant(), 7860)

    return asyncio.run(make())  # where no loop runs, gradio makes some and leaves them open


def ask(page: object, path: str) -> httpx.Response:
    async def send() -> httpx.Response:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(page), base_url="http://127.0.0.1:7860"
        ) as client:
            return await client.get(path)

    return asyncio.run(send())


def test_the_page_is_served_with_its_script_and_style_and_names_no_other_host(page: object) -> None:
    reply = ask(page, "/")
    assert reply.status_code == 200
    assert "#conversation a.cite" in reply.text
    assert "mark.chosen" in reply.text
    assert "fonts.googleapis" not in reply.text


def test_gradio_is_told_everything_that_could_open_the_page_to_others(page: object) -> None:
    config = ask(page, "/config").json()
    assert config["analytics_enabled"] is False
    assert config["show_error"] is False
    assert config["footer_links"] == []
    assert not config.get("run_history")
    assert all(dependency["api_visibility"] == "private" for dependency in config["dependencies"])


def test_every_example_is_short_and_can_be_asked() -> None:
    assert 3 <= len(ui.EXAMPLES) <= 8
    assert all(0 < len(example) <= 80 for example in ui.EXAMPLES)


def test_a_busy_port_is_named_with_the_way_out() -> None:
    with socket.socket() as taken:
        taken.bind((ui.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit, match=rf"port {port} .*DATELINE_PORT={port + 1} python ui.py"):
            ui.listen(port)
    with pytest.raises(SystemExit, match="port 70000"):
        ui.listen(70000)


def test_a_port_that_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_PORT", "http")
    with pytest.raises(ValueError, match="DATELINE_PORT is 'http'"):
        ui.main()


def test_no_gradio_variable_of_the_environment_reaches_gradio() -> None:
    names = (
        "GRADIO_SHARE",
        "GRADIO_SERVER_NAME",
        "GRADIO_ALLOWED_PATHS",
        "GRADIO_MCP_SERVER",
        "GRADIO_VIBE_MODE",
    )
    code = (
        "import json, os, ui; print(json.dumps({n: v for n, v in os.environ.items() if n[:7] == 'GRADIO_'}))"
    )
    environment = {**os.environ, **dict.fromkeys(names, "True"), "GRADIO_ANALYTICS_ENABLED": "True"}
    told = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, check=True, text=True
    )
    assert json.loads(told.stdout) == {"GRADIO_ANALYTICS_ENABLED": "False"}
