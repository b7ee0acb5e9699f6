"""The words of the page: each said once, each used, none of them anywhere else."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from page import words

PAGE = Path(words.__file__).parent


def test_every_word_has_one_name_and_no_name_is_given_twice() -> None:
    tree = ast.parse((PAGE / "words.py").read_text(encoding="utf-8"))
    names = [target.id for node in tree.body if isinstance(node, ast.Assign) for target in node.targets]
    assert sorted(names) == sorted(set(names))
    assert set(words.every()) == set(names)


def test_every_word_is_used() -> None:
    sources = [
        path for kind in ("*.py", "*.js", "*.html") for path in PAGE.rglob(kind) if path.name != "words.py"
    ]
    text = "\n".join(path.read_text(encoding="utf-8") for path in [*sources, PAGE.parent / "ui.py"])
    used = set(re.findall(r"[A-Z][A-Z_0-9]+", text))
    assert sorted(set(words.every()) - used) == []


def test_scripts_and_templates_use_words_that_there_are() -> None:
    for path in [*PAGE.rglob("*.js"), *PAGE.rglob("*.html")]:
        named = set(re.findall(r"\bwords\.([A-Z][A-Z_0-9]+)", path.read_text(encoding="utf-8")))
        assert sorted(named - set(words.every())) == [], path.name
