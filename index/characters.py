"""Bytes to characters, and characters to the clean paragraphs that an article's text is made of."""

from __future__ import annotations

import codecs
import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from charset_normalizer import CharsetMatch

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_OTHER_FORMATS = {b"%PDF-": "a PDF", b"{\\rtf": "rich text", b"PK\x03\x04": "an archive or office file"}
_SLIPS = 1000  # one ill-formed byte in so many is a slip in UTF-8, not another encoding
_AS_BROWSERS_READ = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
}
_MOST_CHAOS = 0.1  # charset-normalizer's own "mess" ratio; at .2 it takes binary files for text
# What news was written in before UTF-8. From a longer list charset-normalizer takes curly quotes for Baltic.
_OLD_ENCODINGS = [
    *("cp1252", "cp1250", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257"),
    *("shift_jis", "euc_jp", "cp949", "gb18030", "big5"),
]
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Accents on one letter, or marks in a row, beyond any use; NFC takes hours over a million of them.
_STACK = re.compile(r"([^\w\s\x00-\x7f]{30})[^\w\s\x00-\x7f]+")
_INVISIBLE_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
_UNSEEN = re.compile(
    f"[{_INVISIBLE_LETTERS}\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ud800-\uf8ff\ufe00-\ufe0f\ufeff\ufff0-\ufffc\ufffe\uffff\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U0010ffff]"
)
_WIDEST = 120  # characters; a text with a longer line was not wrapped
_FEWEST_PAIRS = 4  # lines that follow one another, before a width is believed
_MOSTLY = 0.8  # of such pairs break where the width makes them; the rest are headings and last lines
_CONTROLS = [chr(code) for code in (*range(9), *range(14, 27), *range(28, 32), 127)]
_JOINERS = "\u200c\u200d"


class ExtractError(ValueError):
    """A document that no article can be made of; the message says why."""


def decode(content: bytes, declared: str = "") -> str:
    """Read bytes as text: UTF-8, else the encoding it declares, else charset-normalizer's guess.

    Raises ExtractError for what is not text, or not in an encoding that can be told with confidence.
    """
    other = next((name for mark, name in _OTHER_FORMATS.items() if content.startswith(mark)), "")
    if other:
        raise ExtractError(f"{other}, not text")
    marked = next((encoding for mark, encoding in _BOMS if content.startswith(mark)), "")
    if b"\x00" in content and not marked:
        raise ExtractError("binary, not text")
    readings: tuple[Callable[[], str | None], ...] = (
        lambda: _strictly(content, marked or "utf-8"),
        lambda: _with_slips(content),
        lambda: _strictly(content, _old_encoding(declared)),
        lambda: _guessed(content),
    )
    text = next((text for read in readings if (text := read()) is not None), None)
    if text is None:
        raise ExtractError("not in an encoding that can be told")
    if sum(map(text.count, _CONTROLS)) * _SLIPS > len(text):
        raise ExtractError("binary, not text")
    return text


def read_json(text: str) -> object:
    """Read JSON that a stranger wrote. Raises ExtractError for what is none, or is too deep or too large."""
    try:
        value: object = json.loads(text)
    except json.JSONDecodeError as error:
        raise ExtractError(f"not JSON: {error.msg}") from error
    except (ValueError, RecursionError) as error:
        raise ExtractError("not JSON: nested too deep or a number too long") from error
    except MemoryError as error:
        raise ExtractError("more values than there is memory for") from error
    return value


def encoding_of(start: bytes) -> str:
    """Name the encoding of a text by its beginning, which may end within a character.

    Raises ExtractError for what is not text, or not in an encoding that can be told with confidence.
    """
    marked = next((encoding for mark, encoding in _BOMS if start.startswith(mark)), "")
    if marked:
        return marked
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
        return "utf-8"
    except UnicodeDecodeError:
        if _with_slips(start) is not None:
            return "utf-8"
    best = _best_guess(start)
    if best is None:
        raise ExtractError("not in an encoding that can be told")
    return best.encoding


def clean(text: str) -> str:
    r"""Drop what no reader sees, make every line end a newline, and compose letters with their accents.

    Gone are control characters, zero-width and direction marks, tag characters, variation selectors and
    private use; the joiners that Persian and Hindi spell with stay. The result is in NFC.

    >>> clean("Han\u200boi\r\nU\u0308bersicht\U000e0041")
    'Hanoi\nÜbersicht'
    """
    text = _UNSEEN.sub(_kept_joiner, _LINE_ENDS.sub("\n", text))
    return unicodedata.normalize("NFC", _STACK.sub(r"\1", text))


def squeeze(text: str) -> str:
    r"""Make one line of a text: every run of white space becomes a space.

    >>> squeeze(" Kim  and\n Trump ")
    'Kim and Trump'
    """
    return " ".join(text.split())


def paragraphs_of(text: str) -> list[str]:
    r"""Cut plain text into paragraphs, each on one line.

    A blank line ends a paragraph. So does the end of a line, unless the text was wrapped to a width.

    >>> paragraphs_of("Hotline goes silent\nNobody picked up.\n\nThe line was cut.")
    ['Hotline goes silent', 'Nobody picked up.', 'The line was cut.']
    """
    lines = [squeeze(line) for line in text.split("\n")]
    width = _wrapped_to(lines)
    paragraphs: list[str] = []
    before = ""
    for line in lines:
        if before and line and _goes_on(before, line, width):
            paragraphs[-1] += f" {line}"
        elif line:
            paragraphs.append(line)
        before = line
    return paragraphs


def _wrapped_to(lines: Sequence[str]) -> int:
    """Find the width a text was wrapped to, 0 where its lines are paragraphs."""
    width = max(map(len, lines), default=0)
    pairs = [(one, other) for one, other in pairwise(lines) if one and other]
    full = sum(_goes_on(one, other, width) for one, other in pairs)
    return width if width <= _WIDEST and len(pairs) >= _FEWEST_PAIRS and full >= _MOSTLY * len(pairs) else 0


def _goes_on(line: str, following: str, width: int) -> bool:
    """Tell whether a line was broken because the following line's first word had no room on it."""
    return width > 0 and len(line) + 1 + len(following.split(maxsplit=1)[0]) > width


def _kept_joiner(match: re.Match[str]) -> str:
    """Keep a joiner between two letters of a script that has no capitals; it is part of the spelling."""
    if match[0] not in _JOINERS:
        return ""
    around = match.string[max(match.start() - 1, 0) : match.end() + 1].replace(match[0], "")
    return (
        match[0]
        if len(around) == 2 and all(unicodedata.category(c) in {"Lo", "Mn", "Mc"} for c in around)
        else ""
    )


def _old_encoding(label: str) -> str:
    """Name the encoding that a page's label means, "" for one that no page was written in."""
    try:
        name = codecs.lookup(label).name
    except LookupError:
        return ""
    name = _AS_BROWSERS_READ.get(name, name)
    return name if name.replace("-", "_") in _OLD_ENCODINGS or name.startswith("iso8859-") else ""


def _strictly(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding) if encoding else None
    except UnicodeDecodeError:
        return None


def _with_slips(content: bytes) -> str | None:
    text = content.decode("utf-8", "replace")
    slips = text.count("\ufffd")
    beyond_ascii = sum(character > "\x7f" for character in text) - slips
    return text if slips * _SLIPS <= len(content) and slips < beyond_ascii else None


def _guessed(content: bytes) -> str | None:
    best = _best_guess(content)
    return None if best is None else str(best)


def _best_guess(content: bytes) -> CharsetMatch | None:
    from charset_normalizer import from_bytes

    best = from_bytes(content, cp_isolation=_OLD_ENCODINGS).best()
    return best if best is not None and best.chaos <= _MOST_CHAOS else None
