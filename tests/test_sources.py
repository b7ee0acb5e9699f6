from __future__ import annotations

import json
import logging
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.characters import ExtractError
from index.confined import parsers
from index.sources import document as raw
from index.sources import folders, making
from index.sources.document import Document, Found, PassedOver, SourceError
from index.sources.making import articles
from index.sources.reading import read_articles
from index.sources.source import source_of
from index.types import Article, Failure

STORY = "The old bridge was closed on Friday.\n\nNobody knows for how long it will stay closed.\n"
ROWS = Path(__file__).parent / "data" / "extract" / "rows.jsonl"


def documents(path: Path) -> Iterator[Found]:
    return folders.documents(source_of(path), parsers())


def attempt(document: Document) -> Article | Failure:
    try:
        ((_, made),) = making.articles(document)
    except ExtractError as error:
        return Failure(document.key, f"row {document.line}: {error}" if document.line else str(error))
    return made


def reasons(folder: Path) -> dict[str, str]:
    failures = [found for found in documents(folder) if isinstance(found, Failure)]
    return {failure.source.removeprefix(f"{folder.resolve()}/"): failure.reason for failure in failures}


def keys(folder: Path) -> list[str]:
    found = [found for found in documents(folder) if isinstance(found, Document)]
    return [document.key.removeprefix(f"{folder.resolve()}/") for document in found]


def test_a_folder_is_read_with_its_folders_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/b/c.html", "a.htm", "C.TXT"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(STORY)
    assert keys(tmp_path) == ["C.TXT", "a/b/c.html", "a/z.md", "a.htm", "b.txt"]
    assert keys(tmp_path) == keys(tmp_path)
    assert {found.root for found in documents(tmp_path) if isinstance(found, Document)} == {
        str(tmp_path.resolve())
    }


def test_hidden_files_and_a_readme_are_passed_over_in_silence(tmp_path: Path) -> None:
    for name in (".hidden.txt", ".git/config.txt", "README.md", "sub/Readme.txt", "story.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(STORY)
    assert keys(tmp_path) == ["story.txt"]
    assert reasons(tmp_path) == {}


def test_a_folder_named_readme_is_read_like_any_other(tmp_path: Path) -> None:
    for name in ("README/story.txt", "readme.d/README.txt", "readme.d/story.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(STORY)
    assert keys(tmp_path) == ["README/story.txt", "readme.d/story.txt"]


def test_a_path_that_is_not_there_is_said_so() -> None:
    with pytest.raises(SourceError, match="no such file or folder: nowhere/at/all"):
        list(documents("nowhere/at/all"))


def make_large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(folders.LARGEST_FILE + 1)


BAD_FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "empty.txt": (lambda path: path.write_bytes(b""), "empty"),
    "blank.md": (lambda path: path.write_bytes(b" \n\t\n"), "empty"),
    "large.html": (make_large, "larger than 5,000,000 bytes"),
    "pipe.txt": (os.mkfifo, "not a regular file"),
    "socket.txt": (lambda path: os.mknod(path, stat.S_IFSOCK | 0o600), "not a regular file"),
    "broken.txt": (lambda path: path.symlink_to("gone.txt"), "a link that leads nowhere"),
    "loop.txt": (lambda path: path.symlink_to("loop.txt"), "a link that leads nowhere"),
    "outside.txt": (lambda path: path.symlink_to("/etc/hostname"), "a link that leads out of the folder"),
    "device.txt": (lambda path: path.symlink_to("/dev/zero"), "a link that leads out of the folder"),
    "up": (lambda path: path.symlink_to(".."), "a link that leads out of the folder"),
    "empty.jsonl": (lambda path: path.write_bytes(b""), "empty"),
}


def test_files_of_other_kinds_are_passed_over_in_a_folder_and_refused_where_they_are_named(
    tmp_path: Path,
) -> None:
    for name in ("style.css", "nameless", "picture.JPG"):
        (tmp_path / name).write_bytes(b"words")
    assert {type(found) for found in documents(tmp_path)} == {PassedOver}
    assert [found.reason for found in documents(tmp_path / "nameless") if isinstance(found, Failure)] == [
        "not a kind of file that is read: no extension"
    ]


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_listed_with_its_reason_and_the_rest_goes_on(name: str, tmp_path: Path) -> None:
    make, reason = BAD_FILES[name]
    make(tmp_path / name)
    (tmp_path / "zz good.txt").write_text(STORY)
    assert reasons(tmp_path) == {name: reason}
    assert keys(tmp_path) == ["zz good.txt"]


BAD_CONTENTS = {
    "picture.txt": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary, not text"),
    "controls.md": (b"\x01\x02\x03\x04 some \x05\x06\x07 words", "binary, not text"),
    "paper.txt": (b"%PDF-1.4\n%\xe2\xe3", "a PDF, not text"),
    "noise.html": (bytes(range(1, 256)) * 20, "not in an encoding that can be told"),
    "form.txt": (b"Please enter your comment!\nPlease enter your name here", "no text in it"),
    "script.html": (b"<html><script>let a = 1</script></html>", "no text in it"),
    "long.txt": (b"A sentence of the story. " * 9000, "224,999 characters of text; at most 200,000 are read"),
    "deep.html": (b"<div>" * 5000 + b"<p>text</p>", "HTML nested more than 200 deep"),
    "wide.html": (
        b"<p " + b" ".join(b"a%d=1" % n for n in range(100_000)) + b">text",
        "more than 500 attributes on one HTML element",
    ),
    "many.html": (b"<p>line of text</p>" * 50_000, "more than 25,000 HTML elements"),
    "comments.html": (b"<!--" * 300_000, "no HTML in it"),
    "brackets.md": (b"[" * 100_000, "more than 200,000 characters or 5,000 brackets of Markdown"),
}


@pytest.mark.parametrize("name", BAD_CONTENTS)
def test_a_bad_content_is_refused_with_its_reason(name: str, tmp_path: Path) -> None:
    content, reason = BAD_CONTENTS[name]
    (tmp_path / name).write_bytes(content)
    (document,) = documents(tmp_path)
    assert isinstance(document, Document)
    with pytest.raises(ValueError, match=reason.replace("(", r"\(")):
        list(articles(document))
    line = "row 1: " if document.line else ""
    assert attempt(document) == Failure(document.key, line + reason)


def test_a_file_without_permission_is_listed_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "locked.txt").write_text(STORY)
    (tmp_path / "open.txt").write_text(STORY)
    opened = os.open

    def refuse(path: str | Path, *rest: int) -> int:
        if str(path).endswith("locked.txt"):
            raise PermissionError(13, "Permission denied")
        return opened(path, *rest)

    monkeypatch.setattr(os, "open", refuse)
    assert reasons(tmp_path) == {"locked.txt": "no permission to read it"}
    assert keys(tmp_path) == ["open.txt"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_a_folder_without_permission_is_listed_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0)
    assert reasons(tmp_path) == {"locked": "no permission to read it"}


@pytest.mark.parametrize("restored", [False, True])
def test_a_folder_that_becomes_a_link_on_the_way_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, restored: bool
) -> None:
    inside, outside = tmp_path / "news" / "sub", tmp_path / "secrets"
    for folder in (inside, outside):
        folder.mkdir(parents=True)
        (folder / "story.txt").write_text(STORY)
    opened = os.open

    def swap(path: str | Path, *rest: int) -> int:
        inside.rename(tmp_path / "moved")
        inside.symlink_to(outside)
        number = opened(path, *rest)
        if restored:
            inside.unlink()
            (tmp_path / "moved").rename(inside)
        return number

    monkeypatch.setattr(os, "open", swap)
    assert list(documents(tmp_path / "news")) == [
        Failure(str(inside / "story.txt"), "a link, where a file or a folder was")
    ]


def test_a_folder_that_becomes_a_link_before_it_is_listed_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "news" / "sub").mkdir(parents=True)
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "story.txt").write_text(STORY)
    looked = Path.is_symlink

    def swap(path: Path) -> bool:
        found = looked(path)
        if path.name == "sub" and not found:
            path.rmdir()
            path.symlink_to(tmp_path / "secrets")
        return found

    monkeypatch.setattr(Path, "is_symlink", swap)
    (found,) = documents(tmp_path / "news")
    assert found == Failure(str(tmp_path / "news" / "sub"), "a link, where a file or a folder was")


def test_a_link_inside_the_folder_is_not_read_twice(tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text(STORY)
    (tmp_path / "again.txt").symlink_to("story.txt")
    assert keys(tmp_path) == ["story.txt"]
    assert reasons(tmp_path) == {}


def test_a_link_that_is_named_itself_is_followed(tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text(STORY)
    (tmp_path / "link.txt").symlink_to("story.txt")
    (document,) = documents(tmp_path / "link.txt")
    assert isinstance(document, Document)
    assert document.key == str(tmp_path.resolve() / "story.txt")


def test_a_name_that_is_no_utf8_can_still_be_written_down(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text(STORY)
    (document,) = documents(tmp_path)
    assert isinstance(document, Document)
    assert document.key.encode("utf-8").endswith(rb"caf\xe9.txt")


def test_rows_are_documents_of_their_own_and_a_bad_one_stops_none() -> None:
    found = list(documents(ROWS))
    made = [attempt(one) if isinstance(one, Document) else one for one in found]
    assert [document.line for document in found if isinstance(document, Document)] == [1, 6, 7]
    assert [one.reason if isinstance(one, Failure) else one.title for one in made] == [
        "Bridge closed",
        'row 2: no "text" in it',
        "row 3: not JSON: Expecting value",
        "row 5: not a JSON object but a list",
        "",
        "7",
    ]


def test_a_row_is_known_by_its_address_title_or_text_wherever_it_stands(tmp_path: Path) -> None:
    rows = [
        {"url": "https://example.org/a", "title": "One", "text": "x"},
        {"url": "https://example.org/", "title": "One", "text": "x"},
        {"url": "https://example.org/?p=12", "title": "One", "text": "x"},
        {"title": "One", "text": "another"},
        {"text": "x"},
    ]
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    before = keys(tmp_path)
    assert len(set(before)) == 5
    assert before[3] == f"{before[1]}-2", "two of one title are told apart by their order"
    path.write_text("\n".join(["{torn", json.dumps({"title": "On top"}), *map(json.dumps, rows)]))
    assert keys(tmp_path) == before
    assert next(iter(reasons(tmp_path))) == "rows.jsonl/#1"


def test_a_row_that_is_too_long_is_passed_over_to_its_end(tmp_path: Path) -> None:
    texts = ("One story.", "x" * raw.LARGEST_ROW, "Another story.")
    rows = [json.dumps({"text": text}) for text in texts]
    (tmp_path / "rows.jsonl").write_text("\n".join(rows))
    found = list(documents(tmp_path))
    made = [attempt(one) if isinstance(one, Document) else one for one in found]
    assert [one.text for one in made if isinstance(one, Article)] == ["One story.", "Another story."]
    assert made[1] == Failure(f"{tmp_path.resolve()}/rows.jsonl/#2", "row 2: larger than 2,000,000 bytes")


def test_a_fingerprint_tells_contents_kinds_and_rules_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    def fingerprint(key: str, kind: str, content: bytes) -> str:
        return Document(key, "/", kind, content).fingerprint

    before = fingerprint("/a.txt", ".txt", b"words")
    assert fingerprint("/b.txt", ".txt", b"words") == before
    assert fingerprint("/a.txt", ".txt", b"word") != before
    assert fingerprint("/a.txt", ".md", b"words") != before
    monkeypatch.setattr(raw, "RULES", raw.RULES + 1)
    assert fingerprint("/a.txt", ".txt", b"words") != before


def test_articles_are_read_and_failures_logged_without_a_word_of_theirs(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "story.txt").write_text(STORY)
    (tmp_path / "broken.jsonl").write_text('{"text": "a secret sentence"')
    with caplog.at_level(logging.WARNING):
        (only,) = read_articles([tmp_path])
    assert only.text == STORY.strip()
    assert only.source == str(tmp_path.resolve() / "story.txt")
    (record,) = caplog.records
    assert "broken.jsonl/#1: row 1: not JSON" in record.getMessage()
    assert "secret" not in caplog.text


def test_one_path_may_be_given_bare(tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text(STORY)
    assert list(read_articles(str(tmp_path))) == list(read_articles([tmp_path / "story.txt"]))


def test_an_empty_path_is_refused() -> None:
    with pytest.raises(SourceError, match=r"a path is empty; write \. for the working folder"):
        list(read_articles(""))


def test_looking_for_documents_loads_no_library_that_extracts() -> None:
    code = "import sys, index.sources; print({'trafilatura', 'lxml', 'dateparser'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"
