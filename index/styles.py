"""What an element's `style` attribute does to its text: hide it, or strike it out."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ZERO = r"-?(?:0+(?:\.0*)?|\.0+)(?:e[+-]?\d+)?(?:[a-z]+|%)?"
_FAR = r"-?0*(?:9\d{3}|\d{5,})(?:\.\d+)?(?:px)?|-(?:999|\d{4,})(?:\.\d+)?(?:px)?|-\d{3,}(?:r?em|v[wh])"
_AWAY = rf"{_FAR}|-(?:\d{{3}}|99|\d\dr?em).*"
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})\s?|(.))", re.IGNORECASE | re.DOTALL)
_IMPORTANT = re.compile(r"\s*!\s*important$")
_LONGEST = 200  # characters of a value; a longer one is a list of shadows or an image
_HIDING = {
    name: re.compile(pattern)
    for names, pattern in {
        "display": "none",
        "visibility": "hidden|collapse",
        "content-visibility": "hidden",
        "font-size": _ZERO,
        "font": rf"(?:[^/]*\s)?{_ZERO}(?:\s*/.*|\s.*)",
        "opacity": rf"{_ZERO}|-.*",
        "filter": rf".*opacity\(\s*{_ZERO}\s*\).*",
        "zoom scale": rf"{_ZERO}(?:\s.*)?",
        "transform": rf".*scale(?:x|y|3d)?\(\s*{_ZERO}\s*[,)].*"
        rf"|.*translate(?:x|y|3d)?\((?:[^)]*,)?\s*(?:{_FAR})\s*[,)].*",
        "translate margin inset": rf"(?:.*\s)?(?:{_FAR})(?:\s.*)?",
        "margin-left margin-right margin-top margin-bottom right bottom": _FAR,
        "left top text-indent": _AWAY,
        "clip": r"rect\([01px, ]*\)",
        "clip-path": r"inset\(\s*(?:[5-9]\d|100)(?:\.\d+)?%.*\)|circle\(\s*0.*\)",
        "color": r"transparent|#(?:[0-9a-f]{3}0|[0-9a-f]{6}00)"
        r"|(?:rgb|hsl)a?\((?:.*,.*,.*,|.*/)\s*0*\.?0+%?\s*\)",
    }.items()
    for name in names.split()
}


def hides(style: str) -> bool:
    r"""Tell whether a style attribute keeps an element's text from being seen.

    >>> hides(r"d\69splay:none"), hides("font: 0/0 a"), hides("opacity: .9; left: -9px")
    (True, True, False)
    """
    declared = list(_declarations(style))
    # Where a background is clipped to the letters, it is what is seen of them.
    painted = any(name.endswith("background-clip") and value == "text" for name, value in declared)
    return any(
        name in _HIDING and _HIDING[name].fullmatch(value) is not None
        for name, value in declared
        if not (painted and name == "color")
    )


def strikes_out(style: str) -> bool:
    """Tell whether a style attribute draws a line through an element's text."""
    return any(
        name in {"text-decoration", "text-decoration-line"} and "line-through" in value
        for name, value in _declarations(style)
    )


def _declarations(style: str) -> Iterator[tuple[str, str]]:
    plain = _ESCAPE.sub(_unescaped, _COMMENT.sub("", style)).lower()
    for declaration in plain.split(";"):
        name, _, value = declaration.partition(":")
        yield name.strip(), _IMPORTANT.sub("", " ".join(value[:_LONGEST].split()))


def _unescaped(escape: re.Match[str]) -> str:
    code = int(escape[1], 16) if escape[1] else 0
    return escape[2] or (chr(code) if 0 < code < 0x110000 else "\ufffd")
