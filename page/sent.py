"""What a reader sends to be added: read, checked, and kept as a file of the index."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import Request

from assistant.opening import added_folder
from index.disk import sync_folder, translating, write_durably
from index.sources.containers import kind_of
from index.sources.folders import is_read
from index.sources.places import address_fault
from index.sources.source import Source
from page import words

LARGEST = 20_000_000  # bytes of what is sent, which the guard sees to
_LONGEST_STEM = 60  # characters of a file's own name that are kept
_LONGEST_FIELD = 1000  # characters, as of any headline
_UNSAFE = re.compile(r"[^A-Za-z0-9]+")


class RefusedError(ValueError):
    """What was sent cannot be added; the message is for the reader, `status` for the reply."""

    def __init__(self, reason: str, status: int = 400) -> None:
        """Keep both."""
        super().__init__(reason)
        self.status = status


class Pasted(BaseModel):
    """A text as a reader pastes it."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    text: str
    title: str = ""
    outlet: str = ""
    day: str = ""


class Named(BaseModel):
    """An address as a reader types it."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    address: str


@dataclass(frozen=True, slots=True)
class File:
    """What is to become a file of the index: its name as it came, and what is in it."""

    name: str
    content: bytes


async def received(request: Request) -> File | Source:
    """Read and check what a reader sends; RefusedError says what is wrong with it."""
    form, name = request.query_params.get("as", ""), request.query_params.get("name", "")
    if form == "file" and not is_read(name):
        raise RefusedError(words.ADDING_KIND, 415)
    content = await request.body()
    try:
        if form == "text":
            return _pasted(Pasted.model_validate_json(content))
        if form == "address":
            return _page(Named.model_validate_json(content).address.strip())
    except ValidationError as error:
        raise RefusedError(words.ADDING_UNREADABLE) from error
    if form != "file":
        raise RefusedError(words.ADDING_UNREADABLE)
    if not content.strip():
        raise RefusedError(words.ADDING_NO_FILE)
    return File(name, content)


def stored(home: Path, file: File) -> Path:
    """Write a file into the index's own folder, durably; the same content is kept once."""
    folder = added_folder(home)
    kind, digest = kind_of(file.name), hashlib.sha256(file.content).hexdigest()[:16]
    with translating(folder):
        folder.mkdir(mode=0o700, exist_ok=True)
        sync_folder(home)
        if before := sorted(folder.glob(f"*-{digest}{kind}")):
            return before[0]
        # Its day, where the name begins with one, counts for an article that gives none.
        stem = _UNSAFE.sub("-", file.name[: -len(kind)])[:_LONGEST_STEM].strip("-") or "article"
        path = folder / f"{stem}-{digest}{kind}"
        try:
            write_durably(path, file.content)
        except OSError:
            path.with_name(f"{path.name}.new").unlink(missing_ok=True)
            raise
    return path


def _pasted(pasted: Pasted) -> File:
    r"""Write a text as a file with what is said of it at its top.

    >>> _pasted(Pasted(text="The ferry sailed.", title='A "new"\nferry')).content
    b'---\ntitle: "A "new" ferry"\n---\n\nThe ferry sailed.\n'
    """
    if not pasted.text.strip():
        raise RefusedError(words.ADDING_NO_TEXT)
    if pasted.day:
        try:
            day = date.fromisoformat(pasted.day).isoformat()
        except ValueError as error:
            raise RefusedError(words.ADDING_NO_DAY) from error
    fields = {"title": pasted.title, "outlet": pasted.outlet, "published": day if pasted.day else ""}
    # On one line, and in quotation marks, a field is nothing but text.
    lines = [f'{name}: "{one}"' for name, text in fields.items() if (one := " ".join(text.split()))]
    if any(len(line) > _LONGEST_FIELD for line in lines):
        raise RefusedError(words.ADDING_UNREADABLE)
    top = "\n".join(["---", *lines, "---", "", ""]) if lines else ""
    return File(f"{pasted.title or 'pasted'}.md", f"{top}{pasted.text.strip()}\n".encode())


def _page(address: str) -> Source:
    """Give one page as a source: of a feed or a sitemap at the address, nothing would be taken."""
    if fault := address_fault(address):
        raise RefusedError(words.ADDING_NO_ADDRESS.format(fault=fault))
    return Source(address, "page", include=(address,))
