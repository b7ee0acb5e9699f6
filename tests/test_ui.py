from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest
from sample_answers import FakeAssistant
from storing import HashEmbedding

import ui
from index.library import ArticleIndex


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    with ArticleIndex.open(tmp_path_factory.mktemp("page"), HashEmbedding()) as index:

        async def make() -> object:
            return ui.application(FakeAssistant(index), 7860)  # type: ignore[arg-type]

        yield asyncio.run(make())  # where no loop runs, gradio makes some and leaves them open


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
    assert "a.cite" in reply.text
    assert "mark.chosen" in reply.text
    assert "fonts.googleapis" not in reply.text


def test_gradio_is_told_everything_that_could_open_the_page_to_others(page: object) -> None:
    config = ask(page, "/config").json()
    assert config["analytics_enabled"] is False
    assert config["show_error"] is False
    assert config["footer_links"] == []
    assert not config.get("run_history")
    assert all(dependency["api_visibility"] == "private" for dependency in config["dependencies"])


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
