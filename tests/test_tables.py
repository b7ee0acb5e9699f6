from __future__ import annotations

import csv
import gzip
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pyarrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from index.characters import ExtractError
from index.extract import article_from_row
from index.fields import name_of
from index.sources.document import LARGEST_ROW
from index.tables.rows import Row, RowFailure, rows_of
from tests.conftest import DATA

ROWS = Path(__file__).parent / "data" / "extract" / "rows.jsonl"
STORIES: list[dict[str, object]] = [
    {
        "title": "Ferry sails; nobody waits",
        "text": 'The ferry sailed at noon.\n\nIts “last” trip, “they” said, was "the best".',
        "url": "https://quayside.example/ferry",
        "date": "2021-03-05",
        "source": "The Quayside Post",
    },
    {
        "title": "Brücke geschlossen",
        "text": "Die alte Brücke ist zu.",
        "url": "https://quayside.example/bruecke",
        "date": "2021-03-06T09:00:00+01:00",
        "source": "Kai-Bote",
    },
]


def rows(content: bytes, kind: str, columns: Mapping[str, str] | None = None) -> list[Row | RowFailure]:
    return list(rows_of(io.BytesIO(content), kind, columns))


def said(content: bytes, kind: str, columns: Mapping[str, str] | None = None) -> list[dict[str, object]]:
    found = rows(content, kind, columns)
    assert not [row for row in found if isinstance(row, RowFailure)]
    return [json.loads(row.content) for row in found if isinstance(row, Row)]


def refusal(content: bytes, kind: str, columns: Mapping[str, str] | None = None) -> str:
    with pytest.raises(ExtractError) as raised:
        rows(content, kind, columns)
    return str(raised.value)


def as_jsonl(records: Sequence[Mapping[str, object]]) -> bytes:
    return "".join(json.dumps(record) + "\n" for record in records).encode()


def as_json(records: Sequence[Mapping[str, object]]) -> bytes:
    return json.dumps(records, indent=1).encode()


def as_csv(records: Sequence[Mapping[str, object]], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(records[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(records)
    return text.getvalue().encode(encoding)


def as_tsv(records: Sequence[Mapping[str, object]]) -> bytes:
    return as_csv(records, "\t")


def as_parquet(table: object, **options: object) -> bytes:
    file = io.BytesIO()
    made = pyarrow.Table.from_pylist(table) if isinstance(table, list) else table
    parquet.write_table(made, file, **options)
    return file.getvalue()


WRITERS: dict[str, Callable[[list[dict[str, object]]], bytes]] = {
    ".jsonl": as_jsonl,
    ".json": as_json,
    ".csv": as_csv,
    ".tsv": as_tsv,
    ".parquet": as_parquet,
}


@pytest.mark.parametrize("kind", WRITERS)
def test_every_kind_of_table_gives_the_same_rows(kind: str) -> None:
    expected = rows(as_jsonl(STORIES), ".jsonl")
    assert all(isinstance(row, Row) for row in expected)
    assert rows(WRITERS[kind](STORIES), kind) == expected


@pytest.mark.parametrize("kind", [".jsonl", ".json", ".csv", ".tsv"])
def test_a_table_may_be_compressed(kind: str) -> None:
    content = WRITERS[kind](STORIES)
    assert rows(gzip.compress(content), kind) == rows(content, kind)


def test_a_row_becomes_an_article() -> None:
    (row, _) = rows(as_csv(STORIES), ".csv")
    assert isinstance(row, Row)
    article = article_from_row(row.content, source="ferry")
    assert (article.title, article.outlet, article.url) == (
        "Ferry sails; nobody waits",
        "The Quayside Post",
        "https://quayside.example/ferry",
    )
    assert article.text == STORIES[0]["text"]
    assert (article.published, article.date_source) == (date(2021, 3, 5), "field")


def test_a_large_collection_gives_the_same_articles_from_every_kind_of_table() -> None:
    path = DATA / "multihoprag" / "articles.jsonl.gz"
    if not path.exists():
        pytest.skip("the MultiHop-RAG articles are not here")
    found = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    records = [
        {
            "title": one["title"],
            "source": "The Verge" if place % 2 else "Wired",
            "published_at": f"2023-11-{place % 28 + 1:02}T19:00:00+00:00",
            "url": f"https://news.example/{place}",
            "body": one["text"],
        }
        for place, one in enumerate(found)
    ]
    with path.open("rb") as file:
        plain = [row for row in rows_of(file, ".jsonl") if isinstance(row, Row)]
    assert len(plain) == len(records) == 609
    expected = rows(as_jsonl(records), ".jsonl")
    timed = [record | {"published_at": datetime.fromisoformat(record["published_at"])} for record in records]
    for content, kind in ((as_csv(records), ".csv"), (as_parquet(timed, row_group_size=100), ".parquet")):
        assert rows(content, kind) == expected
    for place, row in enumerate(expected[:40]):
        assert isinstance(row, Row)
        article = article_from_row(row.content, source=str(place))
        own = article_from_row(plain[place].content, source=str(place))
        assert (article.text, article.title) == (own.text, own.title)
        assert article.published is not None


# --- rows -------------------------------------------------------------------------------------------


def named(line: bytes) -> str:
    """What has always told a row from the others; "" for a line that is no object."""
    try:
        row = json.loads(line)
    except ValueError:
        return ""
    return name_of(row) if isinstance(row, dict) else ""


def test_the_rows_of_a_jsonl_file_keep_the_names_they_have() -> None:
    extra = [
        {"text": "A story.", "link": "https://a.example/1", "url": "https://a.example/"},
        {"text": "Another.", "permalink": "https://a.example/2"},
        {"text": "A third.", "headline": " Told  twice ", "title": ""},
        {"text": "A fourth.", "title": "null", "source": "A"},
    ]
    content = ROWS.read_bytes() + as_jsonl(extra)
    lines = content.splitlines()
    found = rows(content, ".jsonl")
    assert [row.name for row in found] == [named(lines[row.number - 1]) for row in found]
    assert [row.number for row in found] == [place for place, line in enumerate(lines, 1) if line.strip()]


def test_a_row_of_other_names_is_named_by_its_address_else_its_title_else_its_text() -> None:
    table = (
        "Web URL,Headline,Body Text\nhttps://a.example/1,One,Words\nhttps://a.example/,Two,Words\n,,Words\n"
    )
    assert [row.name for row in rows(table.encode(), ".csv")] == ["https://a.example/1", "Two", "Words"]


def test_a_bad_row_is_listed_with_its_number_and_the_rest_goes_in() -> None:
    found = rows(ROWS.read_bytes(), ".jsonl")
    assert [row.number for row in found if isinstance(row, Row)] == [1, 6, 7]
    assert [(row.number, row.name, row.reason) for row in found if isinstance(row, RowFailure)] == [
        (2, "No words", 'no "text" in it'),
        (3, "", "not JSON: Expecting value"),
        (5, "", "not a JSON object but a list"),
    ]


def test_a_line_of_any_length_is_passed_over() -> None:
    long = b'{"text": "' + b"x" * 3 * LARGEST_ROW + b'"}\n'
    found = rows(long + as_jsonl(STORIES), ".jsonl")
    assert found[0] == RowFailure(1, "", "larger than 2,000,000 bytes")
    assert [row.number for row in found] == [1, 2, 3]


def test_a_row_with_half_a_character_is_no_text() -> None:
    (found,) = rows(rb'{"title": "T", "text": "half \ud800 of it"}', ".jsonl")
    assert found == RowFailure(1, "T", "holds characters that are no text (lone surrogates)")


def test_what_a_row_leaves_out_another_of_its_columns_may_say() -> None:
    records = [
        {"text": "A story.", "title": None, "headline": "From the second"},
        {"text": "A story.", "title": "From the first", "headline": "NaN"},
    ]
    expected = ["From the second", "From the first"]
    for kind, write in WRITERS.items():
        assert [one["title"] for one in said(write(records), kind)] == expected, kind


@pytest.mark.parametrize("nothing", ["", " ", "NaN", "nan", "null", "None", "<NA>"])
def test_a_cell_that_programs_write_for_nothing_is_empty(nothing: str) -> None:
    (one,) = said(as_csv([{"text": "A story.", "author": nothing, "date": nothing, "url": nothing}]), ".csv")
    assert one == {"text": "A story."}


def test_cells_of_other_types_are_read_as_what_they_say() -> None:
    table = pyarrow.table(
        {
            "title": [7, None],
            "text": [b"Bytes of a story.", b"More of them."],
            "authors": [["Ines Valdrake", None, "Tom Harrowgate"], []],
            "source": [{"id": None, "name": "The Quayside Post"}, None],
            "date": pyarrow.array([datetime(2021, 3, 5, 8), None], pyarrow.timestamp("ns")),
            "updated": pyarrow.array([date(2021, 3, 6), None], pyarrow.date32()),
            "category": [["Opinion", "Harbour"], None],
            "score": [0.5, float("nan")],
        }
    )
    assert said(as_parquet(table), ".parquet") == [
        {
            "title": "7",
            "text": "Bytes of a story.",
            "byline": "Ines Valdrake, Tom Harrowgate",
            "outlet": "The Quayside Post",
            "published": "2021-03-05",
            "modified": "2021-03-06",
            "section": ["Opinion", "Harbour"],
        },
        {"text": "More of them."},
    ]


def test_a_time_with_a_zone_keeps_it() -> None:
    moment = datetime(2021, 3, 5, 23, tzinfo=timezone(timedelta(hours=-5)))
    zones = {"America/New_York": "2021-03-05T23:00:00-05:00", "UTC": "2021-03-06T04:00:00+00:00"}
    for zone, iso in zones.items():
        table = pyarrow.table({"text": ["A"], "date": pyarrow.array([moment], pyarrow.timestamp("ms", zone))})
        assert said(as_parquet(table), ".parquet")[0]["published"] == iso


def test_a_moment_that_python_cannot_hold_is_left_out() -> None:
    moments = pyarrow.array([2**60, 0], pyarrow.timestamp("ms"))
    table = pyarrow.table({"text": ["A", "B"], "date": moments})
    assert said(as_parquet(table), ".parquet") == [{"text": "A"}, {"text": "B"}]


@pytest.mark.parametrize(
    "authors",
    [
        ["Ines Valdrake", "Tom O'Hara"],
        [{"name": "Ines Valdrake"}, "Tom O'Hara"],
        str(["Ines Valdrake", "Tom O'Hara"]),
        "['Ines Valdrake' \"Tom O'Hara\"]",
        "Ines Valdrake, Tom O'Hara",
    ],
)
def test_authors_may_be_a_list_of_many_kinds(authors: object) -> None:
    (one,) = said(as_jsonl([{"text": "A story.", "authors": authors}]), ".jsonl")
    assert one["byline"] == "Ines Valdrake, Tom O'Hara"


@pytest.mark.parametrize(
    ("source", "outlet"),
    [
        ("www.quayside.example", "quayside.example"),
        ("https://www.quayside.example/news", "quayside.example"),
        ("The Quayside Post", "The Quayside Post"),
    ],
)
def test_an_outlet_that_is_told_by_its_address_has_its_domain_for_a_name(source: str, outlet: str) -> None:
    assert said(as_jsonl([{"text": "A", "domain": source}]), ".jsonl")[0]["outlet"] == outlet


def test_a_date_may_stand_in_three_columns() -> None:
    header = b"article,year,month,day,date\n"
    table = header + b"A story.,2016.0,12.0,9.0,\nAnother.,2016,13,9,\nA third.,2016,12,9,2016-12-10\n"
    assert [one.get("published") for one in said(table, ".csv")] == ["2016-12-09", None, "2016-12-10"]


def test_the_first_rows_show_the_order_of_day_and_month() -> None:
    table = b"text,date\nA,06/07/2020\nB,25/07/2020\n"
    assert [one["published"] for one in said(table, ".csv")] == ["2020-07-06", "2020-07-25"]


def test_a_value_that_cannot_be_text_is_a_reason() -> None:
    (found,) = rows(as_jsonl([{"text": "A story.", "authors": [{"id": 5}]}]), ".jsonl")
    assert found == RowFailure(1, "A story.", '"authors" is not text')


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>The ferry <b>sailed</b>.</p><p>Nobody waited.</p>", "The ferry sailed.\n\nNobody waited."),
        ("The ferry sailed.<br/><br/>Nobody waited.", "The ferry sailed.\n\nNobody waited."),
        ("<div>A<script>let a = 1</script></div>", "A"),
        ("If 3 < 4 then <p> is a tag.", "If 3 < 4 then <p> is a tag."),
    ],
)
def test_a_text_in_html_is_read_as_html(html: str, text: str) -> None:
    (row,) = rows(as_jsonl([{"text": html, "title": "T"}]), ".jsonl")
    assert isinstance(row, Row)
    assert article_from_row(row.content).text == text


def test_a_text_that_is_a_page_is_cut_out_of_it() -> None:
    story = "".join(
        f"<p>The ferry sailed at noon for the {n}th time, and nobody waited for it.</p>" for n in range(9)
    )
    page = (
        f"<!DOCTYPE html><html><body><nav><a href='/'>Home</a></nav><article>{story}</article></body></html>"
    )
    (row,) = rows(as_jsonl([{"content": page, "headline": "Ferry sails"}]), ".jsonl")
    assert isinstance(row, Row)
    article = article_from_row(row.content)
    assert article.title == "Ferry sails"
    assert article.text.count("sailed at noon") == 9
    assert "Home" not in article.text


# --- CSV --------------------------------------------------------------------------------------------

PLAIN = [
    {
        "title": "Größe; Maß",
        "text": "Die alte Brücke, schön und groß, ist seit Freitag für Wochen geschlossen.",
    }
]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_a_csv_file_does_not_say_how_it_is_written(delimiter: str, encoding: str) -> None:
    assert said(as_csv(PLAIN, delimiter, encoding), ".csv") == PLAIN


@pytest.mark.parametrize(
    ("table", "texts"),
    [
        ('title,text\nA,"One, ""two""\r\nthree"\n', ['One, "two"\nthree']),
        ('title,text\nA,"One, \\"two\\", three"\n', ['One, "two", three']),
        ('title\ttext\nA\t"One" and two\nB\t"three\n', ['"One" and two', '"three']),
        ("title,text\rA,One\rB,Two\r", ["One", "Two"]),
        ("sep=;\r\ntitle;text\r\nA;One, two\r\n", ["One, two"]),
        ("title,text,\nA,One,\nB,Two,\n", ["One", "Two"]),
        ("text,title,text\nOne,A,Two\n", ["One"]),
        ("text\nOne\n\nTwo\n", ["One", "Two"]),
        ("title,text\nA,On\0e\n" + "B,Two\n" * 999, ["One", *["Two"] * 999]),
    ],
)
def test_a_csv_file_may_quote_in_many_ways(table: str, texts: list[str]) -> None:
    assert [one["text"] for one in said(table.encode(), ".csv")] == texts


def test_an_unclosed_quotation_mark_costs_its_rows_only() -> None:
    found = rows(b'title,text\nA,One\nB,"Two\nC,"Three"\nD,Four\n', ".csv")
    assert [row.name for row in found if isinstance(row, Row)] == ["A", "D"]
    assert [row for row in found if isinstance(row, RowFailure)] == [
        RowFailure(2, "", "its quotation marks do not pair up (line 3)")
    ]


def test_a_row_with_a_cell_too_many_is_none_of_its_table() -> None:
    found = rows(b"title,text\nA,One, two\nB\nC,Three\n", ".csv")
    assert [row.reason for row in found if isinstance(row, RowFailure)] == [
        "3 cells, where the header has 2 (line 2)",
        "1 cells, where the header has 2 (line 3)",
    ]
    assert [row.name for row in found if isinstance(row, Row)] == ["C"]


def test_a_row_in_another_encoding_than_the_beginning_of_its_file_is_read() -> None:
    table = (
        b"title,text\n"
        + (b"A," + b"Plain words " * 100 + b"\n") * 1_000
        + as_csv(PLAIN, encoding="cp1252").splitlines()[1]
    )
    assert said(table, ".csv")[-1] == PLAIN[0]


# --- what cannot be read ----------------------------------------------------------------------------

REFUSED: dict[str, tuple[str, bytes, str]] = {
    "empty jsonl": (".jsonl", b"", "empty"),
    "blank jsonl": (".jsonl", b"\n \n", "no rows in it"),
    "empty csv": (".csv", b"", "empty"),
    "only a header": (".csv", b"title,text\n", "no rows in it"),
    "no header": (".csv", b"A,One\nB,Two\n", "no column that is known to hold the text, only 'A', 'One'"),
    "no text in jsonl": (".jsonl", b'{"a": 1}\n{"b": 2}\n', "hold the text, only 'a', 'b'"),
    "binary": (".csv", bytes(range(256)) * 40, "binary, not text"),
    "endless cell": (
        ".csv",
        b'title,text\nA,"' + b"x,y\n" * 600_000,
        "a cell that begins on line 2 has more than",
    ),
    "endless line": (
        ".csv",
        b"title,text\nA," + b"x" * 3_000_000,
        "line 2 has more than 2,000,000 characters",
    ),
    "bomb": (".jsonl", gzip.compress((b" " * 1999 + b"\n") * 10_000), "unpacks to more than 100 times"),
    "torn gzip": (".csv", gzip.compress(os.urandom(5000))[:-2000], "its compression is damaged or cut off"),
    "deep json": (".json", b"[" * 200_000, "not JSON: nested too deep"),
    "a number": (".json", b"5", "neither a list of objects nor an object, but a number"),
    "two lists": (".json", b'{"a": [{"x": 1}], "b": [{"x": 1}]}', "more than one list of objects: 'a', 'b'"),
    "large json": (".json", b" " * 50_000_001, "larger than 50,000,000 bytes"),
    "no parquet": (".parquet", b"title,text\nA,One\n", "not a Parquet file"),
    "empty parquet": (".parquet", b"", "empty"),
    "packed parquet": (".parquet", gzip.compress(b"PAR1"), "Parquet within gzip"),
    "long footer": (
        ".parquet",
        b"PAR1" + b"x" * 99 + b"\xff\xff\xff\x7fPAR1",
        "its footer is damaged, or larger",
    ),
    "wrong footer": (".parquet", b"PAR1" + b"x" * 99 + b"\x40\0\0\0PAR1", "its footer is damaged"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_read_says_why(name: str) -> None:
    kind, content, reason = REFUSED[name]
    assert reason in refusal(content, kind)


def test_damage_within_a_parquet_file_is_told() -> None:
    table = pyarrow.table({"text": [f"Story {n} of the harbour" * 20 for n in range(5000)]})
    content = bytearray(as_parquet(table, use_dictionary=False))
    content[100 : len(content) // 2] = b"\xff" * (len(content) // 2 - 100)
    assert "damaged, or too large, after row 0" in refusal(bytes(content), ".parquet")


def test_a_parquet_file_may_have_thousands_of_columns_and_one_name_twice() -> None:
    many = pyarrow.table({f"c{n}": [n] for n in range(5000)} | {"text": ["A story."]})
    assert said(as_parquet(many), ".parquet") == [{"text": "A story."}]
    twice = pyarrow.Table.from_arrays([pyarrow.array(["One"]), pyarrow.array(["Two"])], ["text", "text"])
    assert said(as_parquet(twice), ".parquet") == [{"text": "One"}]


@pytest.mark.parametrize(
    "content",
    [
        b'{"status": "ok", "articles": [{"title": "T", "content": "A story."}]}',
        b'{"title": "T", "text": "A story.", "images": [{"url": "x"}]}',
        b'[{"title": "T", "text": "A story."}]',
        b'{"title": "T", "text": "A story."}\n',
        '[{"title": "T", "text": "A story."}]'.encode("utf-16"),
    ],
)
def test_a_json_file_has_its_articles_in_one_of_several_places(content: bytes) -> None:
    assert said(content, ".json") == [{"title": "T", "text": "A story."}]


def test_a_json_file_with_an_object_a_line_is_read_as_such() -> None:
    assert said(as_jsonl(STORIES), ".json") == said(as_jsonl(STORIES), ".jsonl")


def test_a_jsonl_file_may_be_in_utf_16() -> None:
    content = as_jsonl(STORIES).decode().encode("utf-16")
    assert rows(content, ".jsonl") == rows(as_jsonl(STORIES), ".jsonl")


def test_the_operator_says_which_column_holds_what() -> None:
    table = b"head,summary,when,source\nA,One,2020-06-12,X\n"
    columns = {"title": "head", "text": "summary", "published": "when", "outlet": ""}
    assert said(table, ".csv", columns) == [{"title": "A", "text": "One", "published": "2020-06-12"}]
    assert "no column 'words' for the text" in refusal(table, ".csv", {"text": "words"})


# --- promises ---------------------------------------------------------------------------------------

_SMALL = settings(max_examples=60, deadline=None)


@_SMALL
@given(st.binary(max_size=300), st.sampled_from([".jsonl", ".json", ".csv", ".tsv", ".parquet"]))
def test_any_bytes_give_rows_or_a_reason(content: bytes, kind: str) -> None:
    try:
        assert all(row.number > 0 for row in rows(content, kind))
    except ExtractError as error:
        reason = str(error)
        assert reason  # some of them are read


_WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.just("\n"), max_size=60)


@_SMALL
@given(st.lists(st.tuples(_WORDS, _WORDS), min_size=1, max_size=5))
def test_any_words_are_the_same_from_every_kind_of_table(pairs: list[tuple[str, str]]) -> None:
    records: list[dict[str, object]] = [
        {"id": str(place), "title": title, "text": f"It was said: {text}"}
        for place, (title, text) in enumerate(pairs)
    ]
    expected = rows(as_jsonl(records), ".jsonl")
    for kind in (".json", ".csv", ".parquet"):
        assert rows(WRITERS[kind](records), kind) == expected


MEASURED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
from index.tables.rows import rows_of
with open(sys.argv[1], "rb") as file:
    read = sum(1 for row in rows_of(file, sys.argv[2]))
with open("/proc/self/status") as file:  # ru_maxrss counts what the process was forked from
    print(read, *(int(line.split()[1]) // 1024 for line in file if line.startswith("VmHWM")))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="address space is bounded on Linux only")
@pytest.mark.parametrize("kind", [".jsonl", ".csv", ".parquet"])
def test_a_table_of_any_size_is_read_in_little_memory(kind: str, tmp_path: Path) -> None:
    texts = [f"{n} " + "The ferry sailed at noon, and nobody waited for it. " * 160 for n in range(8_000)]
    table = pyarrow.table({"title": [f"Ferry {n}" for n in range(8_000)], "text": texts})
    path = tmp_path / f"news{kind}"
    if kind == ".parquet":
        parquet.write_table(table, path, row_group_size=8_000, use_dictionary=False)
    else:
        path.write_bytes(WRITERS[kind](table.to_pylist()))
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(path), kind], capture_output=True, text=True, check=True
    )
    read, peak = map(int, done.stdout.split())
    assert read == 8_000
    assert peak < 150  # MB; pyarrow alone has 66, the texts 67, and a list of the rows 67 more
