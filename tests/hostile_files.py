"""Files that were made to break whoever reads them: each has to give a reason, or an honest article."""

from __future__ import annotations

import gzip
import os
import socket
from collections.abc import Callable, Mapping
from pathlib import Path

from hostile_documents import BOMB_DTD, PAGE, STORY, Maker, hostile_documents

_WORDS = "Прилив ушёл из гавани. Der Fährmann grüßt. Nuvens à noite — naïve façade. "


def hostile_files() -> dict[str, Maker]:
    """Give the bytes of every hostile file by its name; those of some are made only when called, for size."""
    return {**_texts(), **_pages(), **_tables(), **hostile_documents()}


def write_hostile_files(folder: Path) -> list[Path]:
    """Write them all into a folder, with what is no regular file; but for what this machine cannot make."""
    written = []
    for name, make in hostile_files().items():
        (folder / name).write_bytes(make())
        written.append(folder / name)
    for name, place in _things().items():
        try:
            place(folder / name)
        except (OSError, ValueError, UnicodeError):
            continue
        written.append(folder / name)
    return written


def _things() -> dict[str, Callable[[Path], object]]:
    """List what a folder can hold beside regular files, and names that are hard to write down."""
    return {
        "link-out.txt": lambda path: path.symlink_to("/etc/passwd"),
        "link-nowhere.txt": lambda path: path.symlink_to("gone.txt"),
        "link-to-itself.txt": lambda path: path.symlink_to(path.name),
        "link-to-parent": lambda path: path.symlink_to(path.parent.parent),
        "pipe.txt": lambda path: os.mkfifo(path),
        "socket.txt": _bound,
        "device.txt": lambda path: path.symlink_to("/dev/zero"),
        "node.txt": lambda path: os.mknod(path, 0o020666, os.makedev(1, 5)),
        "folder.txt": lambda path: path.mkdir(),
        "folder.pdf": lambda path: path.mkdir(),
        "unreadable.txt": lambda path: (path.write_text(STORY), path.chmod(0)),
        "n" * 251 + ".txt": lambda path: path.write_text(""),
        os.fsdecode(b"name-\xff\xfe.txt"): lambda path: path.write_bytes(b"\x00"),
        "line\nbreak.txt": lambda path: path.write_bytes(b"\x00"),
        "turned-\u202etxt.exe": lambda path: path.write_bytes(b"MZ\x90\x00"),
    }


def _bound(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(path))


def _texts() -> dict[str, Maker]:
    encodings = "utf-7 utf-16-le utf-16-be utf-32 cp037 cp500 hz cp424".split()
    wrong: dict[str, Maker] = {
        f"charset-{name}.txt": lambda name=name: _WORDS.encode(name, "replace") * 3 for name in encodings
    }
    return wrong | {
        "charset-mixed.txt": lambda: _WORDS.encode() + _WORDS.encode("cp1251", "replace") * 40,
        "charset-declared-wrong.html": lambda: (
            b'<meta charset="shift_jis">' + f"<p>{_WORDS * 9}</p>".encode("cp1251", "replace")
        ),
        "empty.txt": lambda: b"",
        "blank.txt": lambda: b" \n\t\n" * 1000,
        "only-a-mark.txt": lambda: b"\xef\xbb\xbf",
        "marked-twice.txt": lambda: b"\xff\xfe\xef\xbb\xbf" + STORY.encode(),
        "binary.txt": lambda: bytes(range(256)) * 400,
        "picture.txt": lambda: b"\x89PNG\r\n\x1a\n" + bytes(5000),
        "mixed-line-ends.txt": lambda: f"{STORY}\r{STORY}\n\r{STORY}\u2028{STORY}\r\n".encode(),
        "limit-and-one.txt": lambda: (STORY.encode() * 60_000)[:5_000_001],
        "one-line.txt": lambda: STORY.encode() * 52_000,
        "no-spaces.txt": lambda: b"a" * 4_900_000,
        "accents.txt": lambda: ("a" + "\u0301" * 2_000_000).encode(),
        "unseen.txt": lambda: "\u200b\u202e\ufeff".encode() * 100_000,
        "brackets.md": lambda: b"[" * 200_000,
        "quotes.md": lambda: b">" * 190_000 + STORY.encode(),
        "lists.md": lambda: b"".join(b" " * n + b"- a\n" for n in range(600)),
        "front-matter.md": lambda: b"---\n" + b"title: a\n" * 300_000,
        "anchors.md": lambda: b"---\na: &a [x]\nb: *a\n---\n" + b"*_" * 90_000,
        "empty.md": lambda: b"",
    }


def _pages() -> dict[str, Maker]:
    return {
        "empty.html": lambda: b"",
        "binary.html": lambda: bytes(range(256)) * 100,
        "picture.htm": lambda: b"GIF89a" + bytes(1000),
        "deep.html": lambda: b"<div>" * 100_000 + STORY.encode(),
        "attributes.html": lambda: (
            b"<p " + b" ".join(b"a%d=1" % n for n in range(100_000)) + b">" + STORY.encode() * 9
        ),
        "long-attribute.html": lambda: b'<p title="' + b"x" * 4_000_000 + b'">' + STORY.encode() * 9,
        "comments.html": lambda: b"<!--" * 300_000 + STORY.encode(),
        "tags.html": lambda: b"<p>a</p>" * 50_000,
        "unclosed.html": lambda: b"<" * 1_000_000,
        "entities.html": lambda: f"{BOMB_DTD}<html><body><p>&l9;</p></body></html>".encode(),
        "references.html": lambda: b"<p>" + b"&#x41;&amp;&#1114112;" * 150_000,
        "no-text.html": lambda: b"<html><head><title>Ferry</title></head><body><img src=a.png></body></html>",
        "script-only.html": lambda: f"<script>document.write('{STORY * 20}')</script>".encode(),
        "hidden-only.html": lambda: f'<div style="display:none"><p>{STORY * 9}</p></div>'.encode(),
        "tables.htm": lambda: b"<table><tr><td>" * 60 + STORY.encode() * 9,
        "json-ld.html": lambda: f'<script type="application/ld+json">{"[" * 200_000}</script>{PAGE}'.encode(),
        "base.html": lambda: (
            f'<base href="file:///etc/"><link rel=canonical href="javascript:1">{PAGE}'.encode()
        ),
        "frames.html": lambda: b"<iframe srcdoc='" * 5000 + STORY.encode(),
    }


def _tables() -> dict[str, Maker]:
    row = b'{"text": "' + STORY.encode() + b'"}\n'
    return {
        "empty.jsonl": lambda: b"",
        "no-json.jsonl": lambda: b"\x00\x01{[" * 100,
        "deep.jsonl": lambda: b"[" * 900_000 + b"\n" + row,
        "long-line.jsonl": lambda: b'{"text": "' + b"a" * 5_000_000 + b'"}\n' + row,
        "long-number.jsonl": lambda: b'{"text": ' + b"9" * 1_000_000 + b"}\n" + row,
        "same-keys.jsonl": lambda: b"{" + b'"text": "a", ' * 100_000 + b'"text": ""}\n',
        "nothing-in-it.jsonl": lambda: b"{}\n" * 2000,
        "surrogates.jsonl": lambda: b'{"text": "\\ud800 ' + STORY.encode() + b'"}\n',
        "bomb.jsonl.gz": lambda: gzip.compress(bytes(60_000_000), 6),
        "cut.jsonl.gz": lambda: gzip.compress(row * 1000)[:-20],
        "no-gzip.jsonl.gz": lambda: row * 3,
        "empty.csv": lambda: b"",
        "heads-only.csv": lambda: b"title,text\n",
        "large-field.csv": lambda: b'title,text\na,"' + b"a" * 100_000_000 + b'"\n',
        "nul.csv": lambda: b"title,text\na,b\x00c\n" * 50,
        "unclosed-quote.csv": lambda: b'title,text\na,"' + STORY.encode() * 20_000,
        "columns.csv": lambda: b"text," * 200_000 + b"\n" + b"a," * 200_000,
        "quotes.csv": lambda: b"title,text\n" + b'"' * 3_000_000,
        "empty.parquet": lambda: b"",
        "garbage.parquet": lambda: b"PAR1" + bytes(range(256)) * 40 + b"\x00\x01\x00\x00PAR1",
        "cut.parquet": lambda: b"PAR1" + bytes(4000),
        "lying-foot.parquet": lambda: b"PAR1" + b"\xff\xff\xff\x7fPAR1",
        "nested-foot.parquet": lambda: (
            b"PAR1" + b"\x1c" * 500_000 + (500_000).to_bytes(4, "little") + b"PAR1"
        ),
        "long-list.parquet": lambda: b"PAR1\x15\x04\x19\xfc\xff\xff\xff\xff\x07\x0a\x00\x00\x00PAR1",
    }


def listed(files: Mapping[str, Maker], *endings: str) -> list[str]:
    """Name those of some kinds."""
    return [name for name in files if name.endswith(endings)]
