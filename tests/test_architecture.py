from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HOMES = {
    "gradio": {"ui.py"},
    "chromadb": {"index/vectors.py"},
    "tantivy": {"index/lexical.py"},
    "onnxruntime": {"index/embed.py"},
    "pypdf": {"index/formats/pdf.py"},
    "docx": {"index/formats/docx.py"},
    "fastwarc": {"index/sources/archives.py"},
    "pyarrow": {"index/tables/parquet.py"},
    "openai": {"assistant/endpoint.py", "index/embeddings.py"},
    "httpx": {"index/fetch/exchange.py", "index/wire.py"},
    "protego": {"index/fetch/robots.py"},
    "llama_index": {
        "assistant/endpoint.py",
        "assistant/model.py",
        "assistant/reply.py",
        "index/embeddings.py",
    },
    "sqlite3": {"index/database.py"},
    "trafilatura": {"index/extract.py", "index/metadata.py"},
}
PACKAGES = ("index", "assistant", "page")


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in [*(p for package in PACKAGES for p in (ROOT / package).rglob("*.py")), ROOT / "ui.py"]:
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize(("engine", "homes"), HOMES.items())
def test_each_engine_is_imported_in_its_home_only(engine: str, homes: set[str]) -> None:
    users = {name for name, tree in modules() if any(m.split(".")[0] == engine for m in imported(tree))}
    assert users == homes


def test_arrows_point_from_the_page_to_the_assistant_to_the_index() -> None:
    below = {"index": {"assistant", "page", "ui"}, "assistant": {"page", "ui"}, "page": {"ui"}}
    # The command line is the edge: `dateline serve` is where the server meets the page that it serves.
    edge = {"assistant/cli.py": {"page.serving", "ui"}}
    for name, tree in modules():
        forbidden = below.get(name.split("/")[0], set())
        beyond = {module for module in imported(tree) if module.split(".")[0] in forbidden}
        assert beyond == edge.get(name, set()), name


def test_a_command_that_serves_nothing_loads_neither_the_server_nor_gradio() -> None:
    program = (
        "import sys, assistant.cli; "
        "print(*{m.split('.')[0] for m in sys.modules} & {'gradio', 'page', 'starlette', 'ui', 'uvicorn'})"
    )
    assert output(program) == ""


def test_what_serves_the_page_loads_neither_gradio_nor_the_index() -> None:
    program = (
        "import sys, page.serving; "
        "print(*{m.split('.')[0] for m in sys.modules} & "
        "{'chromadb', 'fastapi', 'gradio', 'numpy', 'onnxruntime', 'pandas', 'tantivy', 'trafilatura', 'ui'})"
    )
    assert output(program) == ""


def test_every_module_says_in_one_line_what_it_owns() -> None:
    for name, tree in modules():
        assert ast.get_docstring(tree), name


def test_every_module_has_its_place_in_the_design() -> None:
    design = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w./]+)`", design))
    for path in (path for package in PACKAGES for path in (ROOT / package).rglob("*")):
        if path.suffix not in {".py", ".js"}:
            continue
        name = path.stem if path.suffix == ".py" else path.name
        own = {f"{path.parent.name}/{name}"} | ({name} if path.parent.name != "page" else set())
        assert own & named or name == "__init__", f"docs/design.md says nothing of {path}"


def test_importing_the_assistant_loads_nothing_heavy() -> None:
    program = (
        "import sys, assistant, index, index.sources.collection; "
        "print(*{m.split('.')[0] for m in sys.modules} & "
        "{'chromadb', 'gradio', 'httpx', 'llama_index', 'openai', 'tantivy', 'onnxruntime', 'trafilatura', "
        "'numpy', 'pyarrow'})"
    )
    assert output(program) == ""


def output(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()
