"""The page's own markup, style and scripts: what stands in its head, around gradio's parts."""

from __future__ import annotations

import functools
import json
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from page import words

_HERE = Path(__file__).parent
_PARTS = ("masthead", "reader", "collection", "conversations", "adding")
_SCRIPTS = (
    "streams",  # first: it has to see gradio's first stream
    "shared",
    "reaching",
    "storage",
    "reader",
    "chat",
    "scope",
    "collection",
    "conversation",
    "conversations",
    "actions",
    "adding",
)
_STYLES = (
    "colours",
    "look",
    "chat",
    "reader",
    "answers",
    "collection",
    "conversations",
    "adding",
)


def head(adding: bool = False) -> str:
    """Write what the page's head holds: words, limits, markup, which a script lays out, style and scripts.

    Without `adding` there is nothing in it that adds articles.
    """
    parts = "".join(template(name, adding=adding) for name in _offered(_PARTS, adding))
    scripts = "".join(f"<script>{script(name)}</script>" for name in _offered(_SCRIPTS, adding))
    return (
        f'<script type="application/json" id="words">{_as_json(words.every())}</script>'
        f'<script type="application/json" id="limits">{_as_json(limits())}</script>'
        # As text, since gradio's page takes the content out of a <template>.
        f'<script type="application/json" id="shell">{_as_json(parts)}</script>'
        f"<style>{style(*_offered(_STYLES, adding))}</style>{scripts}"
    )


def limits() -> dict[str, int]:
    """Give how much is taken at most: bytes of a file, turns, characters of everything else."""
    # Imported late: the page of those who wait is written here too, before there is time for these.
    from assistant.question import LIMIT_CHARACTERS
    from index.sources.places import LONGEST_ADDRESS
    from page.exports import Export
    from page.feedback import Thumb
    from page.kept import MOST_TOGETHER, MOST_TURNS
    from page.sent import LARGEST

    return {
        "address": LONGEST_ADDRESS,
        "file": LARGEST,
        "name": Export.model_json_schema()["properties"]["name"]["maxLength"],
        "question": LIMIT_CHARACTERS,
        "recalled": MOST_TOGETHER,
        "reason": Thumb.model_json_schema()["properties"]["reason"]["maxLength"],
        "turns": MOST_TURNS,
    }


def style(*names: str) -> str:
    """Write the named style sheets of the page as one."""
    return "\n".join(_read("styles", f"{name}.css") for name in names)


def script(name: str) -> str:
    """Read the named script of the page."""
    return _read("scripts", f"{name}.js")


def template(name: str, **values: object) -> str:
    """Fill in a template with the page's words, what is taken at most, and these values; they are escaped."""
    return _templates().get_template(f"{name}.html").render(words=words, limits=limits, **values)


@functools.cache
def _templates() -> Environment:
    loader = FileSystemLoader(_HERE / "templates")
    return Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def _as_json(value: object) -> str:
    return json.dumps(value).replace("<", "\\u003c")


def _offered(names: tuple[str, ...], adding: bool) -> list[str]:
    return [name for name in names if adding or name != "adding"]


def _read(folder: str, name: str) -> str:
    return (_HERE / folder / name).read_text(encoding="utf-8")
