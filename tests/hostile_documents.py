"""Hostile files of the programs that people write, print and archive with."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable

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
PAGE = f"<html><body><article><h1>Ferry leaves</h1><p>{STORY * 5}</p></article></body></html>"
_LOL = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol" * 10}">' for n in range(10))
BOMB_DTD = f"<!DOCTYPE x [{_LOL}]>"
_SPY_DTD = '<!DOCTYPE x [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>'
_OPEN = b"PK\x01\x02\x14\x03\x14\x00\x00"  # a member in an archive's list, not encrypted


def hostile_documents() -> dict[str, Maker]:
    """Give what makes each hostile PDF, Word document, e-book, mail and archive, by its name."""
    return {**_pdfs(), **_packed(), **_mails(), **_archives()}


def _pdfs() -> dict[str, Maker]:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << >> >>"
    root, tree = b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    whole = pdf_with([column([STORY] * 9)])
    key = b"<< /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O (%s) /U (%s) >>" % (b"o" * 32, b"u" * 32)
    twice = b"/Filter [/FlateDecode /FlateDecode]"

    def bomb(size: int) -> bytes:
        return pdf_of([root, tree, page, flate(bytes(size))])

    def twice_packed() -> bytes:
        return pdf_of(
            [root, tree, page, stream(zlib.compress(zlib.compress(bytes(100_000_000), 9), 9), twice)]
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
        "operators.pdf": lambda: pdf_of([root, tree, page, flate(b"q BT ET Q\n" * 2_000_000)]),
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
        "entities.docx": lambda: docx_of(spied, before=BOMB_DTD.replace("x [", "w:document [")),
        "spy.docx": lambda: docx_of(spied, before=_SPY_DTD.replace("x [", "w:document [")),
        "bomb.docx": lambda: docx_of(word, {"word/media/a.bin": bytes(60_000_000)}),
        "many-bombs.docx": lambda: docx_of(
            word, {f"word/media/{n}.bin": bytes(4_900_000) for n in range(15)}
        ),
        "overlap.docx": lambda: _overlapping("word/document.xml"),
        "members.docx": lambda: docx_of(word, {f"word/{n}.bin": b"" for n in range(8_000)}),
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
        "entities.epub": lambda: _book_of(f"{BOMB_DTD}{xhtml('<p>&l9;</p>')}"),
        "entities-in-package.epub": lambda: archive(
            {
                "META-INF/container.xml": CONTAINER,
                "OEBPS/content.opf": BOMB_DTD + package_of(["a"], "<dc:title>&l9;</dc:title>"),
            }
        ),
        "bomb.epub": lambda: _book_of(bytes(60_000_000)),
        "many-bombs.epub": lambda: epub_with(
            {f"{n}.xhtml": f"<p>{STORY}</p>{' ' * 4_900_000}" for n in range(8)}
        ),
        "same-document.epub": lambda: archive(
            {
                "META-INF/container.xml": CONTAINER,
                "OEBPS/content.opf": package_of(["a.xhtml"] * 20_000),
                "OEBPS/a.xhtml": xhtml("<p></p>"),
            }
        ),
        "deep.epub": lambda: _book_of("<div>" * 100_000),
        "nested.epub": lambda: _nested(20),
        "locked-member.epub": lambda: epub_with({"a.xhtml": STORY}).replace(_OPEN, _OPEN[:-1] + b"\x01"),
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
    head = b"From: Ada <ada@post.example>\nSubject: Ferry\nMIME-Version: 1.0\n"
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
    one = warc_record(PAGE.encode())
    length = f"Content-Length: {one.partition(b'Content-Length: ')[2].split()[0].decode()}".encode()
    return {
        "empty.warc": lambda: b"",
        "words.warc": lambda: STORY.encode() * 100,
        "too-long.warc": lambda: one.replace(length, b"Content-Length: 999999999") + one,
        "too-short.warc": lambda: one.replace(length, b"Content-Length: 5") + one,
        "negative.warc": lambda: one.replace(length, b"Content-Length: -5") + one,
        "heads.warc": lambda: b"WARC/1.0\r\n" * 500_000,
        "headers.warc": lambda: warc_record(PAGE.encode(), headers="X-A: 1\r\n" * 200_000) + one,
        "bomb.warc.gz": lambda: compressed([warc_record(bytes(100_000_000)), one]),
        "bomb-within.warc": lambda: _within(bytes(60_000_000)) + one,
        "cut.warc.gz": lambda: compressed([one, one])[:-50],
        "damaged.warc.gz": lambda: compressed([one]) + b"\x1f\x8b\x08" + b"\xff" * 300 + compressed([one]),
        "members.warc.gz": lambda: compressed([b""] * 100_000),
        "no-gzip.warc.gz": lambda: b"\x1f\x8b\x08" + bytes(100_000),
    }


def _within(body: bytes) -> bytes:
    return warc_record(gzip.compress(body, 6), headers="Content-Encoding: gzip\r\n")
