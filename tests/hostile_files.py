"""Files that were made to break whoever reads them: each has to give a reason, or an honest article."""

from __future__ import annotations

import gzip
import io
import os
import socket
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from made_documents import (
    CONTAINER,
    archive,
    column,
    compressed,
    docx_of,
    epub_with,
    flate,
    package_of,
    pdf_of,
    pdf_with,
    stream,
    warc_record,
    xhtml,
)

Maker = Callable[[], bytes]
STORY = "The last ferry of the season left the harbour at noon on Friday with forty passengers on board. "
_PAGE = f"<html><body><article><h1>Ferry leaves</h1><p>{STORY * 5}</p></article></body></html>"
_LOL = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol" * 10}">' for n in range(10))
_BOMB_DTD = f"<!DOCTYPE x [{_LOL}]>"
_SPY_DTD = '<!DOCTYPE x [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>'
_WORDS = "Прилив ушёл из гавани. Der Fährmann grüßt. Nuvens à noite — naïve façade. "


def hostile_files() -> dict[str, Maker]:
    """Give the bytes of every hostile file by its name; those of some are made only when called, for size."""
    return {**_texts(), **_pages(), **_tables(), **_pdfs(), **_packed(), **_mails(), **_archives()}


def write_hostile_files(folder: Path) -> list[Path]:
    """Write them all into a folder, with what is no regular file; what this machine cannot make is left out."""
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
    encodings = ("utf-7", "utf-16-le", "utf-16-be", "utf-32", "cp037", "cp500", "hz", "cp424")
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
        "entities.html": lambda: f"{_BOMB_DTD}<html><body><p>&l9;</p></body></html>".encode(),
        "references.html": lambda: b"<p>" + b"&#x41;&amp;&#1114112;" * 150_000,
        "no-text.html": lambda: b"<html><head><title>Ferry</title></head><body><img src=a.png></body></html>",
        "script-only.html": lambda: f"<script>document.write('{STORY * 20}')</script>".encode(),
        "hidden-only.html": lambda: f'<div style="display:none"><p>{STORY * 9}</p></div>'.encode(),
        "tables.htm": lambda: b"<table><tr><td>" * 60 + STORY.encode() * 9,
        "json-ld.html": lambda: (
            f'<script type="application/ld+json">{"[" * 200_000}</script>{_PAGE}'.encode()
        ),
        "base.html": lambda: (
            f'<base href="file:///etc/"><link rel=canonical href="javascript:1">{_PAGE}'.encode()
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
        "bomb.jsonl.gz": lambda: gzip.compress(bytes(300_000_000), 6),
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


def _pdfs() -> dict[str, Maker]:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << >> >>"
    root, tree = b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    whole = pdf_with([column([STORY] * 9)])
    key = b"<< /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O (%s) /U (%s) >>" % (b"o" * 32, b"u" * 32)
    twice = b"/Filter [/FlateDecode /FlateDecode]"

    def bomb(size: int) -> bytes:
        return pdf_of([root, tree, page, flate(bytes(size))])

    def twice_packed() -> bytes:
        import zlib

        return pdf_of(
            [root, tree, page, stream(zlib.compress(zlib.compress(bytes(200_000_000), 9), 9), twice)]
        )

    return {
        "empty.pdf": lambda: b"",
        "words.pdf": lambda: STORY.encode(),
        "cut.pdf": lambda: whole[: len(whole) // 2],
        "no-table.pdf": lambda: whole[: whole.rindex(b"xref\n0")] + b"%%EOF",
        "garbage.pdf": lambda: b"%PDF-1.7\n" + bytes(range(256)) * 2000,
        "encrypted.pdf": lambda: pdf_of([root, tree, page, flate(b""), key], b"/Encrypt 5 0 R /ID [(a) (a)]"),
        "pictures-only.pdf": lambda: pdf_of(
            [
                root,
                tree,
                page.replace(b"<< >>", b"<< /XObject << /I 5 0 R >> >>"),
                stream(b"/I Do"),
                stream(b"\xff"),
            ]
        ),
        "no-pages.pdf": lambda: pdf_of([root, b"<< /Type /Pages /Kids [] /Count 0 >>"]),
        "zeros.pdf": lambda: bomb(200_000_000),
        "zeros-twice.pdf": twice_packed,
        "operators.pdf": lambda: pdf_of([root, tree, page, flate(b"q BT ET Q\n" * 5_000_000)]),
        "brackets.pdf": lambda: pdf_of([root, tree, page, flate(b"[" * 1_900_000)]),
        "cyclic-pages.pdf": lambda: pdf_of([root, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"]),
        "own-parent.pdf": lambda: pdf_of(
            [root, tree, page.replace(b"/Parent 2 0 R", b"/Parent 3 0 R"), b"4 0 R"]
        ),
        "object-loop.pdf": lambda: pdf_of([root, b"3 0 R", b"2 0 R"]),
        "length-loop.pdf": lambda: pdf_of(
            [root, tree, page, b"<< /Length 4 0 R >>\nstream\nBT ET\nendstream"]
        ),
        "count-lies.pdf": lambda: pdf_of(
            [root, tree.replace(b"/Count 1", b"/Count 2000000000"), page, flate(b"")]
        ),
        "many-pages.pdf": lambda: pdf_with([column([STORY])] * 3000),
        "deep-array.pdf": lambda: pdf_of([root, tree, b"[" * 100_000]),
        "large.pdf": lambda: b"%PDF-1.7\n" + b"1 0 obj\n<< >>\nendobj\n" * 200_000,
    }


def _packed() -> dict[str, Maker]:
    word = f"<w:p><w:r><w:t>{STORY}</w:t></w:r></w:p>"
    spied = "<w:p><w:r><w:t>&l9;</w:t></w:r></w:p>"
    return {
        "empty.docx": lambda: b"",
        "words.docx": lambda: STORY.encode(),
        "old.docx": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000),
        "cut.docx": lambda: docx_of(word)[:-200],
        "no-document.docx": lambda: archive({"a.txt": STORY}),
        "no-text.docx": lambda: docx_of("<w:p/>"),
        "entities.docx": lambda: docx_of(spied, before=_BOMB_DTD.replace("x [", "w:document [")),
        "spy.docx": lambda: docx_of(spied, before=_SPY_DTD.replace("x [", "w:document [")),
        "bomb.docx": lambda: docx_of(word, {"word/media/a.bin": bytes(300_000_000)}),
        "many-bombs.docx": lambda: docx_of(
            word, {f"word/media/{n}.bin": bytes(4_900_000) for n in range(200)}
        ),
        "overlap.docx": lambda: _overlapping("word/document.xml"),
        "members.docx": lambda: docx_of(word, {f"word/{n}.bin": b"" for n in range(30_000)}),
        "deep.docx": lambda: docx_of("<w:sdt>" * 50_000 + "</w:sdt>" * 50_000),
        "paragraphs.docx": lambda: docx_of("<w:p/>" * 600_000),
        "nested.docx": lambda: _nested(20),
        "empty.epub": lambda: b"",
        "cut.epub": lambda: epub_with({"a.xhtml": f"<p>{STORY}</p>"})[:-100],
        "no-mimetype.epub": lambda: archive({"OEBPS/content.opf": package_of([])}),
        "no-package.epub": lambda: archive({"META-INF/container.xml": CONTAINER}),
        "encrypted.epub": lambda: epub_with(
            {"a.xhtml": "<p>\x01\x02</p>"},
            others={
                "META-INF/encryption.xml": "<encryption><EncryptionMethod"
                ' Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/></encryption>'
            },
        ),
        "way-out.epub": lambda: epub_with({"../../../../etc/passwd": "<p>a</p>", "/etc/passwd": "<p>a</p>"}),
        "entities.epub": lambda: _book_of(f"{_BOMB_DTD}{xhtml('<p>&l9;</p>')}"),
        "entities-in-package.epub": lambda: archive(
            {
                "META-INF/container.xml": CONTAINER,
                "OEBPS/content.opf": _BOMB_DTD + package_of(["a"], "<dc:title>&l9;</dc:title>"),
            }
        ),
        "bomb.epub": lambda: _book_of(bytes(300_000_000)),
        "many-bombs.epub": lambda: epub_with(
            {f"{n}.xhtml": f"<p>{STORY}</p>{' ' * 4_900_000}" for n in range(30)}
        ),
        "same-document.epub": lambda: archive(
            {
                "META-INF/container.xml": CONTAINER,
                "OEBPS/content.opf": package_of(["a.xhtml"] * 50_000),
                "OEBPS/a.xhtml": xhtml("<p></p>"),
            }
        ),
        "deep.epub": lambda: _book_of("<div>" * 100_000),
        "nested.epub": lambda: _nested(20),
        "locked-member.epub": lambda: epub_with({"a.xhtml": STORY}).replace(
            b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"
        ),
    }


def _book_of(document: str | bytes) -> bytes:
    package = package_of(["a.xhtml"])
    return archive(
        {"META-INF/container.xml": CONTAINER, "OEBPS/content.opf": package, "OEBPS/a.xhtml": document}
    )


def _nested(depth: int) -> bytes:
    content = STORY.encode()
    for _ in range(depth):
        content = archive({"inner.zip": content})
    return content


def _overlapping(first: str) -> bytes:
    """Write an archive in which a thousand members are the same 4.9 MB of zeros, packed once."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a" * len(first), bytes(4_900_000))
        one = file.infolist()[0]
        for number in range(1000):
            other = zipfile.ZipInfo(f"{number:0{len(first)}d}")
            for name in ("compress_type", "CRC", "compress_size", "file_size", "header_offset"):
                setattr(other, name, getattr(one, name))
            file.filelist.append(other)
            file.NameToInfo[other.filename] = other
    return content.getvalue()


def _mails() -> dict[str, Maker]:
    head = b"From: Ada <ada@post.example>\nSubject: Ferry\nDate: Fri, 12 Jun 2020 08:00:00 +0000\nMIME-Version: 1.0\n"
    inside = b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n'
    return {
        "empty.eml": lambda: b"",
        "words.eml": lambda: STORY.encode() * 40,
        "binary.eml": lambda: bytes(range(256)) * 4000,
        "headers.eml": lambda: b"X-A: 1\n" * 100_000 + head + b"\n" + STORY.encode(),
        "long-header.eml": lambda: b"Subject: " + b"=?utf-8?q?a?= " * 200_000 + b"\n\n" + STORY.encode(),
        "many-senders.eml": lambda: b"From: " + b"(" * 500_000 + b"\nSubject: a\n\n" + STORY.encode(),
        "deep.eml": lambda: head + b"".join(inside % (n, n) for n in range(1000)) + b"\n" + STORY.encode(),
        "mail-in-mail.eml": lambda: head + b"Content-Type: message/rfc822\n\n" * 1000 + STORY.encode(),
        "parts.eml": lambda: head + inside % (0, 0) + (b"\n" + STORY.encode() + b"\n--b0\n") * 20_000,
        "broken-base64.eml": lambda: head + b"Content-Transfer-Encoding: base64\n\n" + b"!!%%=A=" * 900,
        "charset.eml": lambda: (
            head + b"Content-Type: text/plain; charset=no-such\n\n" + b"\xff\xfe\x80" * 500
        ),
        "attachment-only.eml": lambda: head + b"Content-Disposition: attachment\n\n" + STORY.encode(),
        "deep-html.eml": lambda: head + b"Content-Type: text/html\n\n" + b"<div>" * 100_000,
    }


def _archives() -> dict[str, Maker]:
    one = warc_record(_PAGE.encode())
    length = f"Content-Length: {one.partition(b'Content-Length: ')[2].split()[0].decode()}".encode()
    return {
        "empty.warc": lambda: b"",
        "words.warc": lambda: STORY.encode() * 100,
        "too-long.warc": lambda: one.replace(length, b"Content-Length: 999999999") + one,
        "too-short.warc": lambda: one.replace(length, b"Content-Length: 5") + one,
        "negative.warc": lambda: one.replace(length, b"Content-Length: -5") + one,
        "heads.warc": lambda: b"WARC/1.0\r\n" * 500_000,
        "headers.warc": lambda: warc_record(_PAGE.encode(), headers="X-A: 1\r\n" * 200_000) + one,
        "bomb.warc.gz": lambda: compressed([warc_record(bytes(200_000_000)), one]),
        "bomb-within.warc": lambda: _within(bytes(300_000_000)) + one,
        "cut.warc.gz": lambda: compressed([one, one])[:-50],
        "damaged.warc.gz": lambda: compressed([one]) + b"\x1f\x8b\x08" + b"\xff" * 300 + compressed([one]),
        "members.warc.gz": lambda: compressed([b""] * 100_000),
        "no-gzip.warc.gz": lambda: b"\x1f\x8b\x08" + bytes(100_000),
    }


def _within(body: bytes) -> bytes:
    return warc_record(gzip.compress(body, 6), headers="Content-Encoding: gzip\r\n")


def listed(files: Mapping[str, Maker], *endings: str) -> list[str]:
    """Name those of some kinds."""
    return [name for name in files if name.endswith(endings)]
