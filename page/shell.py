"""The page's own markup, style and scripts: what stands in its head, around gradio's parts."""

from __future__ import annotations

import json
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from page import words

_HERE = Path(__file__).parent
_PARTS = ("masthead", "reader", "collection", "conversations", "adding")
_SCRIPTS = (
    "streams",
    "shared",
    "reader",
    "chat",
    "scope",
    "collection",
    "conversations",
    "actions",
    "adding",
)
_STYLES = ("look", "chat", "reader", "answers", "collection", "conversations", "adding")


def head(adding: bool = False) -> str:
    """Write what the page's head holds: its words, its markup, which a script lays out, and its scripts.

    Without `adding` there is nothing in it that adds articles.
    """
    parts = "".join(template(name, adding=adding) for name in _offered(_PARTS, adding))
    scripts = "".join(
        f"<script>{_read('scripts', f'{name}.js')}</script>" for name in _offered(_SCRIPTS, adding)
    )
    told = json.dumps(words.every()).replace("<", "\\u003c")
    return (
        f'<script type="application/json" id="words">{told}</script>'
        f'<template id="shell">{parts}</template>{scripts}'
    )


def style(adding: bool = False) -> str:
    """Write the page's style sheet."""
    return "\n".join(_read("styles", f"{name}.css") for name in _offered(_STYLES, adding))


def template(name: str, **values: object) -> str:
    """Fill in a template with the page's words and these values; what they hold is escaped."""
    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined
    ).get_template(f"{name}.html")
    return made.render(words=words, **values)


def _offered(names: tuple[str, ...], adding: bool) -> list[str]:
    return [name for name in names if adding or name != "adding"]


def _read(folder: str, name: str) -> str:
    return (_HERE / folder / name).read_text(encoding="utf-8")
