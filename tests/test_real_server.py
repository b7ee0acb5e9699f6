"""The same model against a server that is not ours: LiteLLM's proxy, which has canned replies of its own.

It is no dependency: `uv tool install 'litellm[proxy]'`, or pip in another environment, puts it on PATH.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answering import Assistant
from assistant.model import Model, ModelError
from assistant.settings import Settings

REPLY = "The summit in Hanoi ended without an agreement. It cost the hosts 99 million dollars."
CONFIGURATION = """
model_list:
  - {model_name: canned, litellm_params: {model: openai/canned, api_key: none, mock_response: "%s"}}
  - model_name: busy
    litellm_params: {model: openai/busy, api_key: none, mock_response: litellm.RateLimitError}
  - model_name: short
    litellm_params: {model: openai/short, api_key: none, mock_response: litellm.ContextWindowExceededError}
  - model_name: broken
    litellm_params: {model: openai/broken, api_key: none, mock_response: litellm.InternalServerError}
router_settings: {num_retries: 0}
"""
START_SECONDS = 120
KEY = f"sk-{secrets.token_hex(32)}"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    program = shutil.which("litellm")
    if not program:
        assert not os.environ.get("DATELINE_REQUIRE_SERVER"), "there is no litellm program on PATH"
        pytest.skip("there is no litellm program on PATH, whose proxy is a real server with canned replies")
    folder = tmp_path_factory.mktemp("litellm")
    (folder / "config.yaml").write_text(CONFIGURATION % REPLY)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        "HOME": str(folder),
        "PATH": os.environ["PATH"],
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # else it asks GitHub for prices
        "DISABLE_ADMIN_UI": "True",
        "LITELLM_MASTER_KEY": KEY,
    }
    command = [program, "--config", "config.yaml", "--host", "127.0.0.1", "--port", str(port)]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [*command, "--telemetry", "False"],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(f"http://127.0.0.1:{port}/health/liveliness", process, folder / "log")
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait(30)


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    ends = time.monotonic() + START_SECONDS
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while True:
        assert process.poll() is None, log.read_text()[-2000:]
        assert time.monotonic() < ends, log.read_text()[-2000:]
        try:
            opener.open(address, timeout=5).close()
            return
        except OSError:
            threading.Event().wait(0.2)


def model(address: str, name: str) -> Model:
    made = Model.from_settings(Settings(base_url=address, api_key=KEY, model=name, timeout_seconds=30))
    assert made
    return made


def test_a_real_server_streams_an_answer_with_what_it_took(address: str) -> None:
    reply = model(address, "canned").stream("Be brief.", "Why did the summit end early?", limit_tokens=50)
    pieces = list(reply)
    assert len(pieces) > 1
    assert "".join(pieces) == REPLY
    assert reply.finished == "stop"
    assert reply.usage.input_tokens
    assert reply.usage.output_tokens


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("absent", "no such model"),
        ("busy", "too many requests"),
        ("short", "context too long"),
        ("broken", "server error"),
    ],
)
def test_a_real_servers_faults_are_told_as_what_they_are(address: str, name: str, kind: str) -> None:
    with pytest.raises(ModelError) as raised:
        "".join(model(address, name).stream("Be brief.", "Why did the summit end early?", limit_tokens=50))
    assert raised.value.kind == kind


def test_an_answer_of_a_real_server_is_checked_against_the_articles(address: str, sample: Assistant) -> None:
    settings = Settings(base_url=address, api_key=KEY, model="canned", timeout_seconds=30)
    *growing, answer = Assistant(sample.index, settings=settings).stream(
        "Why did the Hanoi summit end early?"
    )
    assert [claim.verdict for claim in answer.claims] == ["supported", "unsupported"]
    assert answer.text.count("[1]") == 1
    assert "Hanoi" in answer.sources[0].article.title + answer.claims[0].citations[0].quote
    assert answer.text.endswith("99 million dollars. (not found in the articles)")
    assert "writing" in {one.status for one in growing}
    assert answer.usage
    assert answer.usage.output_tokens


def test_where_a_real_server_fails_the_articles_are_quoted(address: str, sample: Assistant) -> None:
    settings = Settings(base_url=address, api_key=KEY, model="busy", timeout_seconds=30)
    answer = Assistant(sample.index, settings=settings).answer("Why did the Hanoi summit end early?")
    assert "takes no more requests for now" in answer.warnings[0]
    assert {claim.verdict for claim in answer.claims} == {"verbatim"}
