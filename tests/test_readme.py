"""What the README says is true: its outputs, its commands, its names, its links."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answering import Assistant
from assistant.cli import application

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CI = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
PROSE = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def links(page: Path) -> Iterator[str]:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            yield target.partition("#")[0]


def test_every_output_shown_is_what_the_program_prints(sample: Assistant) -> None:
    told = subprocess.run(
        [sys.executable, "docs/refresh.py", "--check"],
        cwd=ROOT,
        env={**os.environ, "DATELINE_HOME": str(sample.index.home)},
        capture_output=True,
        encoding="utf-8",
    )
    if told.stdout:
        pytest.fail(f"README.md is out of date; run: python docs/refresh.py\n{told.stdout}", pytrace=False)
    assert told.returncode == 0, told.stderr


def test_an_unknown_option_of_refresh_changes_nothing() -> None:
    told = subprocess.run(
        [sys.executable, "docs/refresh.py", "--chekc"], cwd=ROOT, capture_output=True, encoding="utf-8"
    )
    assert told.returncode == 2
    assert "--chekc" in told.stderr
    assert (ROOT / "README.md").read_text(encoding="utf-8") == README


def test_the_number_of_sample_articles_is_the_true_one(sample: Assistant) -> None:
    assert f"the sample collection, {sample.index.coverage().articles} articles" in README


def test_the_two_commands_are_the_first_two_and_the_ones_that_are_checked_in_a_new_environment() -> None:
    first, second = (block.strip().split(" && ") for block in blocks("sh")[:2])
    assert first == ["python -m pip install -e .", "python ui.py"]
    assert second == ["python -m pip install -e '.[test]'", "python -m pytest"]
    for command in (*first, *second):
        assert re.search(rf"{re.escape(command)}(?= |$)", CI, re.MULTILINE), command


def test_every_command_and_option_shown_exists() -> None:
    options = {
        command.callback.__name__: str([*command.callback.__annotations__.values()])
        for command in application.registered_commands
    }
    shown = re.findall(r"^(?:\$ )?dateline (\w+)([^\n#]*)", README, re.MULTILINE)
    assert {name for name, _ in shown} == set(options)
    for name, rest in shown:
        for option in re.findall(r"--([a-z-]+)", rest):
            named = f"--{option}" in options[name] or option.replace("-", "_") in _arguments(name)
            assert named, f"dateline {name} --{option}"


def _arguments(name: str) -> set[str]:
    callback = next(c.callback for c in application.registered_commands if c.callback.__name__ == name)
    return set(callback.__annotations__)


def test_every_variable_is_explained_and_every_one_explained_is_read() -> None:
    sources = [path for folder in ("assistant", "index", "page") for path in (ROOT / folder).rglob("*.py")]
    read = {
        name
        for path in [*sources, ROOT / "ui.py"]
        for name in re.findall(r"\b(?:DATELINE|OPENAI)_[A-Z_]+\b", path.read_text(encoding="utf-8"))
    }
    assert set(re.findall(r"^\| `((?:DATELINE|OPENAI)_\w+)`", README, re.MULTILINE)) == read


def test_the_python_shown_runs(sample: Assistant, tmp_path: Path) -> None:
    (program,) = blocks("python")
    done = subprocess.run(
        [sys.executable, "-c", program.replace('"my-index"', repr(str(tmp_path / "my-index")))],
        cwd=ROOT,
        env={**os.environ, "DATELINE_HOME": str(sample.index.home)},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PROSE, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_inside_the_project_leads_somewhere(page: Path) -> None:
    missing = [target for target in links(page) if not (page.parent / target).exists()]
    assert missing == []


def test_the_pictures_are_small_enough_for_a_page() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert len(pictures) == 4
    for picture in [*pictures, *(f"docs/{name.name}" for name in (ROOT / "docs").glob("page*.png"))]:
        assert (ROOT / picture).read_bytes()[:4] == b"\x89PNG"
        assert (ROOT / picture).stat().st_size < 300_000


@pytest.mark.parametrize("name", ["README.md", "requirements.lock", "pyproject.toml"])
def test_nothing_names_one_machine_or_where_packages_come_from(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert str(ROOT) not in text
    assert not re.search(r"(?<!emit-)(?:index-url|find-links)|file://|pythonhosted|/simple\b", text)


def test_the_lock_file_pins_every_dependency_within_its_bounds() -> None:
    wanted = re.findall(
        r'^    "([\w.-]+)~=([\d.]+)"', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE
    )
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert len(wanted) > 25
    for name, bound in wanted:
        pinned = re.findall(
            rf"^{re.escape(_folded(name))}==([\d.]+)[^\\]* \\\n    --hash=sha256:", lock, re.MULTILINE
        )
        assert pinned, name
        assert all(_fits(version, bound) for version in pinned), (name, pinned)


def _folded(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _fits(version: str, bound: str) -> bool:
    """Tell whether a version lies within a compatible-release bound: `~=1.4.2` is 1.4.2 to below 1.5."""
    have, least = ([int(part) for part in text.split(".")] for text in (version, bound))
    return have >= least and have[: len(least) - 1] == least[:-1]
