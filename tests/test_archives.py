from __future__ import annotations

import gzip
import io
from datetime import datetime, timezone

import pytest
from hostile_files import hostile_files, listed
from made_documents import compressed, warc_record

from index.characters import ExtractError
from index.sources.archives import LARGEST_RECORD, Record, records_of_warc
from index.types import Failure

PAGE = b"<html><body><p>The last ferry left at noon.</p></body></html>"
HOSTILE = hostile_files()


def read(content: bytes) -> tuple[list[Record], list[Failure]]:
    found = list(records_of_warc(io.BytesIO(content)))
    return [one for one in found if isinstance(one, Record)], [
        one for one in found if isinstance(one, Failure)
    ]


def page(number: int, **others: object) -> bytes:
    return warc_record(PAGE, f"https://post.example/{number}", **others)  # type: ignore[arg-type]


def addresses(records: list[Record]) -> list[str]:
    return [record.address.rpartition("/")[2] for record in records]


@pytest.mark.parametrize("packed", [b"".join, compressed, lambda records: gzip.compress(b"".join(records))])
def test_each_page_of_an_archive_is_a_record(packed) -> None:  # noqa: ANN001
    records, failures = read(packed([page(1), page(2)]))
    captured = datetime(2020, 6, 12, 8, tzinfo=timezone.utc)
    assert records == [
        Record(f"https://post.example/{number}", PAGE, "text/html", captured, "utf-8") for number in (1, 2)
    ]
    assert not failures


def test_only_answers_that_hold_a_page_count() -> None:
    picture = page(5).replace(b"text/html", b"image/png")
    others = [page(1, kind="request"), page(2, kind="revisit"), page(3, kind="metadata"), page(4, status=404)]
    records, failures = read(b"".join([*others, picture, page(6)]))
    assert addresses(records) == ["6"]
    assert not failures


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ("Content-Encoding: gzip\r\n", gzip.compress(PAGE)),
        ("Content-Encoding: gzip\r\n", PAGE),  # already unpacked by the program that kept it
        ("Transfer-Encoding: chunked\r\n", b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE)),
        ("Transfer-Encoding: chunked\r\n", PAGE),
        ("", PAGE),
    ],
)
def test_what_a_server_did_to_a_page_on_its_way_is_undone(headers: str, body: bytes) -> None:
    records, failures = read(warc_record(body, headers=headers))
    assert [record.content for record in records] == [PAGE]
    assert not failures


def test_a_page_in_angle_brackets_keeps_its_address_and_one_without_any_is_refused() -> None:
    records, failures = read(warc_record(PAGE, "<https://post.example/1>") + warc_record(PAGE, "urn:a"))
    assert addresses(records) == ["1"]
    assert [failure.reason for failure in failures] == ["it has no web address"]


@pytest.mark.parametrize("packed", [b"".join, compressed])
def test_a_record_that_is_too_large_is_passed_over_with_its_reason(packed) -> None:  # noqa: ANN001
    large = warc_record(bytes(LARGEST_RECORD + 1), "https://post.example/large")
    records, failures = read(packed([page(1), large, page(2)]))
    assert addresses(records) == ["1", "2"]
    assert failures == [Failure("https://post.example/large", "larger than 5,000,000 bytes")]


def test_a_page_that_unpacks_to_too_much_is_passed_over_with_its_reason() -> None:
    bomb = warc_record(gzip.compress(bytes(30_000_000)), headers="Content-Encoding: gzip\r\n")
    records, failures = read(bomb + page(1))
    assert addresses(records) == ["1"]
    assert [failure.reason for failure in failures] == ["larger than 5,000,000 bytes"]


def test_what_follows_a_damaged_record_is_read_all_the_same() -> None:
    broken = bytearray(compressed([page(2)]))
    broken[40:60] = b"\xff" * 20
    records, failures = read(compressed([page(1)]) + bytes(broken) + compressed([page(3), page(4)]))
    assert addresses(records) == ["1", "3", "4"]
    assert len(failures) == 1
    assert "damaged" in failures[0].reason


@pytest.mark.parametrize("length", [b"Content-Length: 99999", b"Content-Length: 999999999"])
def test_a_record_with_a_wrong_length_does_not_swallow_the_next(length: bytes) -> None:
    head, _, rest = page(1).partition(b"Content-Length: ")
    records, failures = read(head + length + rest.lstrip(b"0123456789") + page(2))
    assert addresses(records) == ["2"]
    assert [failure.source for failure in failures] == ["https://post.example/1"]


@pytest.mark.parametrize("packed", [b"".join, compressed])
def test_an_archive_that_is_cut_off_gives_what_is_whole(packed) -> None:  # noqa: ANN001
    records, failures = read(packed([page(1), page(2)])[:-60])
    assert addresses(records) == ["1"]
    assert len(failures) == 1


def test_an_archive_damaged_everywhere_is_given_up() -> None:
    records, failures = read(page(1) + b"WARC/9 no\r\n" * 3000)
    assert addresses(records) == ["1"]
    assert "damaged in 100 places" in failures[-1].reason


@pytest.mark.parametrize("name", listed(HOSTILE, ".warc", ".warc.gz"))
def test_a_hostile_archive_gives_reasons_or_pages(name: str) -> None:
    records: list[Record] = []
    reasons: list[str] = []
    try:
        records, failures = read(HOSTILE[name]())
        reasons = [failure.reason for failure in failures]
    except ExtractError as error:
        reasons = [str(error)]
    assert records or reasons
    assert all(record.content for record in records)


@pytest.mark.parametrize("content", [b"", b"The ferry sailed.", gzip.compress(b"The ferry sailed.")])
def test_a_file_without_a_record_is_no_archive(content: bytes) -> None:
    with pytest.raises(ExtractError, match="not a WARC file"):
        read(content)
