"""What all tests share: no network beyond this machine, and one index of the sample articles."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_socket import socket_allow_hosts
from sample_answers import HARBOUR, MERIDIAN, UNDATED
from storing import HashEmbedding

from assistant.answering import Assistant
from assistant.settings import SAMPLE, Settings
from index.fetch import exchange
from index.library import ArticleIndex

DATA = Path(os.environ.get("DATELINE_DATA") or Path(__file__).resolve().parents[2] / "shared" / "eval")
REAL_ARTICLES = Path(__file__).resolve().parents[2] / "shared" / "articles"


@pytest.fixture(autouse=True)
def _no_network() -> None:
    """Refuse every connection but to this machine itself, for the page and its browser."""
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)


@pytest.fixture(autouse=True)
def _no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Quote unless a test brings a model: whoever runs the tests may have a key of their own."""
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def trusting_once() -> Iterator[None]:
    """Read the authorities of this machine once for all fetchers of a module, since that takes a while."""
    trust = exchange.trust
    read = functools.cache(lambda authority: trust())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exchange, "trust", lambda: read(os.environ.get("SSL_CERT_FILE")))
        yield


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over the sample articles."""
    home = tmp_path_factory.mktemp("sample")
    with ArticleIndex.open(home) as index:
        assert not index.sync([SAMPLE]).failed
        yield Assistant(index, settings=Settings(home))


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
        yield Assistant(index, settings=Settings(home))


@pytest.fixture
def index(tmp_path: Path) -> Iterator[ArticleIndex]:
    """An empty index, whose vectors cost nothing."""
    with ArticleIndex.open(tmp_path / "home", HashEmbedding()) as opened:
        yield opened


@pytest.fixture(scope="module")
def context() -> Iterator[object]:
    """A Chromium of a module's own: while it runs, nothing else can have an event loop in this thread."""
    from browser import chromium

    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def three_articles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ArticleIndex]:
    """An index of the articles that the hand-made answers cite."""
    with ArticleIndex.open(tmp_path_factory.mktemp("page"), HashEmbedding()) as opened:
        opened.add([HARBOUR, MERIDIAN, UNDATED])
        yield opened


@pytest.fixture(scope="module")
def address(assistant: object) -> Iterator[str]:
    """The page of a module's own assistant, served."""
    from browser import serving

    with serving(assistant) as served:
        yield served


@pytest.fixture
def visitor(context: object, address: str) -> Iterator[object]:
    """A visitor of that page, who in the end has met no stranger and no error."""
    from browser import Visitor

    visitor = Visitor(context, address)  # type: ignore[arg-type]
    yield visitor
    visitor.close()
