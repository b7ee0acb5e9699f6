"""Bring the outputs in README.md and docs/news.md, and the pictures, up to date with what the program does.

    python docs/refresh.py              write the outputs and the pictures anew
    python docs/refresh.py --outputs    the outputs only
    python docs/refresh.py --check      change nothing, print what differs, exit with 1 if anything does

The outputs are those of the `console` and `pycon` blocks, over the sample articles: from the index at
DATELINE_HOME, or from a new one. The path of the checkout is written `~/dateline`.
"""

from __future__ import annotations

import argparse
import contextlib
import difflib
import doctest
import io
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.request import urlopen

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
SHOWN = (README, ROOT / "docs" / "news.md")
QUESTION = "When did North Korea cut its communication lines with the South?"

_BLOCK = re.compile(r"(?<=^```)(console|pycon)\n(.*?)(?=^```$)", re.MULTILINE | re.DOTALL)
_START_SECONDS = 120.0
_COMMAND_LINE = "from assistant.cli import main; main()"


def refreshed(readme: str) -> str:
    """Write every console and pycon block anew, its commands run in order."""
    run: dict[str, Callable[[str], str]] = {"console": _console, "pycon": _pycon}
    return _BLOCK.sub(lambda block: f"{block[1]}\n{run[block[1]](block[2])}", readme)


def _console(block: str) -> str:
    """Run the `$ dateline …` lines of a block."""
    shown = []
    for line in block.splitlines():
        if line.startswith("$ "):
            name, *arguments = shlex.split(line[2:])
            if name != "dateline":
                raise SystemExit(f"only `$ dateline …` can be run in a console block, not {line!r}")
            done = subprocess.run(
                [sys.executable, "-c", _COMMAND_LINE, *arguments],
                cwd=ROOT, capture_output=True, encoding="utf-8",
                env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            )  # fmt: skip
            if done.returncode:
                raise SystemExit(f"{line}\n{done.stderr}")
            shown += [line, *_portable(done.stdout).rstrip().splitlines(), ""]
    return "\n".join(shown[:-1]) + "\n"


def _pycon(block: str) -> str:
    """Run the `>>>` examples of a block, as the interactive interpreter would."""
    names: dict[str, Any] = {}
    shown = ""
    for example in doctest.DocTestParser().get_examples(block):
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            exec(compile(example.source, "README.md", "single"), names)
        first, *more = example.source.splitlines()
        shown += "\n".join([f">>> {first}", *(f"... {line}" for line in more)]) + "\n"
        shown += _portable(output.getvalue())
    return shown


def _portable(output: str) -> str:
    return output.replace(str(ROOT), "~/dateline")


def take_pictures() -> None:
    """Use the page in a real Chromium, and keep what is seen in the states that PICTURES names."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with _serving() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, (size, light, steps) in PICTURES.items():
            context = browser.new_context(viewport=size, color_scheme=light)
            page = context.new_page()
            page.goto(address)
            page.locator("#conversation a.follow").first.wait_for(timeout=60_000)
            for step, told in steps:
                _STEPS[step](page, told)
            page.mouse.move(0, 0)
            page.wait_for_timeout(1000)  # for what glides into place
            _keep(page.screenshot(), name)
            context.close()
        browser.close()


def _keep(taken: bytes, name: str) -> None:
    from PIL import Image

    picture = Image.open(io.BytesIO(taken)).convert("RGB").quantize(128)
    picture.save(ROOT / "docs" / f"{name}.png", optimize=True)


def _ask(page: Page, question: str) -> None:
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    page.locator("#conversation .answer a.record").last.wait_for(state="attached")


def _open(page: Page, selector: str) -> None:
    page.locator(selector).first.click()
    page.locator("#reader article").wait_for()


def _press(page: Page, selector: str) -> None:
    page.locator(selector).first.click()


_STEPS: dict[str, Callable[[Page, str], None]] = {"ask": _ask, "open": _open, "press": _press}
_DESKTOP, _PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
PICTURES: dict[str, tuple[Any, Any, list[tuple[str, str]]]] = {
    "page": (_DESKTOP, "light", [("ask", QUESTION), ("open", ".answer .text a.cite")]),
    "page-start": (_DESKTOP, "light", []),
    "page-differs": (
        _DESKTOP,
        "light",
        [("ask", "What did North Korea ask for in Hanoi?"), ("open", ".answer .side a.cite")],
    ),
    "page-abstains": (_DESKTOP, "dark", [("ask", "What is the population of Kaesong?")]),
    "page-collection": (_DESKTOP, "light", [("press", "#masthead .open-collection")]),
    "page-phone": (_PHONE, "dark", [("ask", QUESTION), ("open", ".answer .text a.cite")]),
}


@contextlib.contextmanager
def _serving() -> Iterator[str]:
    """Run `python ui.py` on a free port until the body is done."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "ui.py"], cwd=ROOT, env={**os.environ, "DATELINE_PORT": str(port)}
    )
    address = f"http://127.0.0.1:{port}/"
    try:
        until = time.monotonic() + _START_SECONDS
        while not _answers(address):
            if server.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"python ui.py did not come up at {address}")
            time.sleep(0.5)
        yield address
    finally:
        server.terminate()
        server.wait()


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=_START_SECONDS):
            return True
    except URLError:
        return False


def main() -> int:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description="Bring the documents up to date with the program.")
    parser.add_argument("--outputs", action="store_true", help="write the outputs only, not the pictures")
    parser.add_argument("--check", action="store_true", help="change nothing, print what differs")
    asked = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as home:
        os.environ.setdefault("DATELINE_HOME", home)
        differs = False
        for path in SHOWN:
            before = path.read_text(encoding="utf-8")
            after = refreshed(before)
            differs = differs or before != after
            if asked.check:
                lines = (text.splitlines(keepends=True) for text in (before, after))
                sys.stdout.writelines(difflib.unified_diff(*lines, path.name, "what it should be"))
            else:
                path.write_text(after, encoding="utf-8")
        if asked.check:
            return int(differs)
        if not asked.outputs:
            take_pictures()
    return 0


if __name__ == "__main__":
    sys.exit(main())
