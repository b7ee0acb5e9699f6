"""Files of other programs, made byte by byte for the tests."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence

Piece = tuple[float, float, float, str]  # size of its letters, x, y, its words


def pdf_of(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """Write numbered objects as a PDF file; the first is the catalog."""
    parts, places, size = [b"%PDF-1.7\n"], [], 9
    for number, body in enumerate(objects, 1):
        places.append(size)
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        size += len(parts[-1])
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table))
    parts.append(b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, trailer))
    parts.append(b"startxref\n%d\n%%%%EOF\n" % size)
    return b"".join(parts)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def flate(content: bytes) -> bytes:
    return stream(zlib.compress(content, 9), b"/Filter /FlateDecode")


def pdf_with(pages: Sequence[Sequence[Piece]], info: Mapping[str, str] | None = None) -> bytes:
    """Write a PDF file whose pages hold pieces of text at their places, in Helvetica."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * number) for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, pieces in enumerate(pages):
        drawn = b"".join(
            b"BT /F1 %g Tf %g %g Td (%s) Tj ET\n" % (size, x, y, _escaped(text))
            for size, x, y, text in pieces
        )
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * number)
        )
        objects.append(flate(drawn))
    entries = b" ".join(b"/%s (%s)" % (name.encode(), _escaped(text)) for name, text in (info or {}).items())
    return pdf_of([*objects, b"<< %s >>" % entries], b"/Info %d 0 R" % (len(objects) + 1))


def column(lines: Sequence[str], x: float = 72, y: float = 700, size: float = 10) -> list[Piece]:
    """Set lines one below the other."""
    return [(size, x, y - 1.2 * size * place, line) for place, line in enumerate(lines)]


def archive(members: Mapping[str, str | bytes], *, packed: bool = True) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as file:
        for name, body in members.items():
            file.writestr(name, body)
    return content.getvalue()


CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>"
)


def package_of(names: Sequence[str], metadata: str = "", more: str = "") -> str:
    items = "".join(
        f'<item id="i{number}" href="{name}" media-type="application/xhtml+xml"/>'
        for number, name in enumerate(names)
    )
    spine = "".join(f'<itemref idref="i{number}"/>' for number in range(len(names)))
    return (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:opf="http://www.idpf.org/2007/opf"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata>{metadata}</metadata><manifest>{items}{more}</manifest><spine>{spine}</spine></package>"
    )


def epub_with(
    documents: Mapping[str, str], metadata: str = "", more: str = "", others: Mapping[str, str] | None = None
) -> bytes:
    """Write an e-book of XHTML documents, read in their order."""
    return archive(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": CONTAINER,
            "OEBPS/content.opf": package_of(list(documents), metadata, more),
            **{f"OEBPS/{name}": xhtml(body) for name, body in documents.items()},
            **(others or {}),
        }
    )


def xhtml(body: str) -> str:
    return (
        f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>-</title></head><body>{body}</body></html>'
    )


def docx_of(body: str, more: Mapping[str, str | bytes] | None = None, before: str = "") -> bytes:
    """Write a Word document of the XML that its body consists of."""
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    office = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    return archive(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels"'
            ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="bin" ContentType="application/octet-stream"/>'
            f'<Override PartName="/word/document.xml" ContentType="{office}"/></Types>',
            "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r1" Type="{relation}" Target="word/document.xml"/></Relationships>',
            "word/document.xml": f'{before}<w:document xmlns:w="{word}"><w:body>{body}</w:body></w:document>',
            **(more or {}),
        }
    )


def warc_record(
    body: bytes,
    address: str = "https://post.example/ferry",
    headers: str = "",
    kind: str = "response",
    status: int = 200,
) -> bytes:
    """Write one record of a WARC file as a crawler does: the answer within the archive's own head."""
    answer = (
        f"HTTP/1.1 {status} OK\r\nContent-Type: text/html; charset=utf-8\r\n{headers}\r\n".encode() + body
    )
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {address}\r\nWARC-Date: 2020-06-12T08:00:00Z\r\n"
        "WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\nContent-Length: {len(answer)}\r\n\r\n"
    )
    return head.encode() + answer + b"\r\n\r\n"


def compressed(records: Sequence[bytes]) -> bytes:
    """Compress each record by itself, as archives do."""
    return b"".join(gzip.compress(record, 9, mtime=0) for record in records)


def _escaped(text: str) -> bytes:
    for mark in "\\()":
        text = text.replace(mark, f"\\{mark}")
    return text.encode("cp1252")
