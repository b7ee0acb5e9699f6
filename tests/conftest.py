"""What all tests share: no network beyond this machine, and one index of the sample articles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_socket import socket_allow_hosts

from assistant.answering import Assistant
from assistant.settings import SAMPLE, Settings
from index.library import ArticleIndex

REAL_ARTICLES = Path(__file__).resolve().parents[2] / "shared" / "articles"


@pytest.fixture(autouse=True)
def _no_network() -> None:
    """Refuse every connection but to this machine itself, for the page and its browser."""
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over the sample articles."""
    home = tmp_path_factory.mktemp("sample")
    with ArticleIndex.open(home) as index:
        assert not index.sync([SAMPLE]).failed
        yield Assistant(index, Settings(home))


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over two real articles as someone saved them, where they are to be had."""
    if not REAL_ARTICLES.is_dir():
        pytest.skip(
            "the two saved articles are not here: they are their publishers' and not part of this project"
        )
    home = tmp_path_factory.mktemp("real")
    with ArticleIndex.open(home) as index:
        assert not index.sync([REAL_ARTICLES]).failed
        yield Assistant(index, Settings(home))
