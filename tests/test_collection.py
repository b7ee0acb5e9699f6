from __future__ import annotations

import math
import os
import re
from dataclasses import replace
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.sources.collection import LARGEST, Collection, CollectionError, read_collection
from index.sources.description import MOST_SOURCES
from index.sources.document import SourceError
from index.sources.durations import seconds_of
from index.sources.patterns import fits
from index.sources.places import address_fault, is_address, same_address
from index.sources.source import Source, source_of

DOCS = Path(__file__).parent.parent / "docs" / "collections.md"
HARBOUR = """
contact = "desk@harbourpost.example"

[[source]]
path = "articles/"
outlet = "The Harbour Post"

[[source]]
feed = "https://harbourpost.example/feed.xml"
every = "2 hours"
exclude = ["*/live/*"]
since = 2024-01-01

[[source]]
path = "exports/*.parquet"
columns = { text = "body", published = "date" }
include = "*2024*"

[outlets]
"Harbour Post" = ["harbourpost.example", "The Harbour Post"]

[fetch]
allow = ["LocalHost:08123", "[::1]:80", "archive.intern"]
pause = "1.5 seconds"
"""
A_FOLDER = '[[source]]\npath = "a"\n'
A_FEED = '[[source]]\nfeed = "https://news.example/feed"\n'
A_LIST = '[[source]]\npages = ["https://news.example/1"]\n'


def described(folder: Path, text: str | bytes) -> Path:
    path = folder / "dateline.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refusal(folder: Path, text: str | bytes) -> str:
    path = described(folder, text)
    with pytest.raises(CollectionError) as caught:
        read_collection(path)
    message = str(caught.value)
    assert message.startswith(str(path))
    return message.removeprefix(str(path))


def test_a_description_is_read_whole(tmp_path: Path) -> None:
    found = read_collection(described(tmp_path, HARBOUR))
    articles, feed, exports = found.sources
    assert articles == Source(str(tmp_path / "articles"), "files", outlet="The Harbour Post")
    assert feed == Source(
        "https://harbourpost.example/feed.xml",
        "feed",
        exclude=("*/live/*",),
        since=date(2024, 1, 1),
        every_seconds=7200,
    )
    assert exports.place == str(tmp_path / "exports/*.parquet")
    assert exports.columns == {"text": "body", "published": "date"}
    assert exports.include == ("*2024*",)
    assert found.contact == "desk@harbourpost.example"
    assert found.allow == ("LocalHost:08123", "[::1]:80", "archive.intern")
    assert found.pause_seconds == 1.5


def test_spellings_of_an_outlet_become_the_one_name(tmp_path: Path) -> None:
    found = read_collection(described(tmp_path, HARBOUR))
    for name in ("harbourpost.example", "THE  Harbour Post", "harbour post", "Harbour Post"):
        assert found.outlet_of(name) == "Harbour Post"
    assert found.outlet_of("The Larkmoor Chronicle") == "The Larkmoor Chronicle"
    assert found.outlet_of("") == ""


def test_what_is_not_said_has_a_default(tmp_path: Path) -> None:
    folder = Source(str(tmp_path / "a"), "files")
    expected = Collection((folder,), described=frozenset({folder.root}))
    assert read_collection(described(tmp_path, A_FOLDER)) == expected


def test_paths_count_from_the_folder_of_the_description(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "desk").mkdir()
    described(tmp_path / "desk", A_FOLDER + '[[source]]\npath = "/srv/b"\n[[source]]\npath = "~/c"\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    roots = [source.root for source in read_collection(Path("desk/dateline.toml")).sources]
    assert roots == [str(tmp_path.resolve() / "desk/a"), "/srv/b", str(tmp_path / "home/c")]


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    found = read_collection(described(tmp_path, b"\xef\xbb\xbf" + A_FOLDER.replace("\n", "\r\n").encode()))
    assert [source.kind for source in found.sources] == ["files"]


def test_each_key_for_a_place_makes_its_kind(tmp_path: Path) -> None:
    keys = ("feed", "sitemap", "site", "page")
    text = "".join(f'[[source]]\n{key} = "https://news.example/{key}"\n' for key in keys)
    assert [source.kind for source in read_collection(described(tmp_path, text)).sources] == list(keys)


def test_a_list_of_addresses_is_one_source_that_keeps_its_root_when_it_is_edited(tmp_path: Path) -> None:
    (before,) = read_collection(described(tmp_path, A_LIST)).sources
    named = '[[source]]\npages = ["https://news.example/3"]\nname = "harbour"\n'
    text = (
        named
        + '[[source]]\npages = ["https://news.example/1", "https://news.example/2", "https://news.example/1"]'
    )
    first, second = read_collection(described(tmp_path, text)).sources
    assert before.kind == second.kind == "pages"
    assert before.addresses == ("https://news.example/1",)
    assert second.addresses == ("https://news.example/1", "https://news.example/2")
    assert before.root == second.root == f"{tmp_path.resolve()}/dateline.toml/#pages"
    assert first.root == f"{tmp_path.resolve()}/dateline.toml/#harbour"


def test_a_list_of_addresses_may_be_a_file(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    text = "# of the harbour\nhttps://news.example/1\r\n\n  https://news.example/2  \n"
    (tmp_path / "lists/harbour.txt").write_bytes(text.encode("utf-8-sig"))
    (source,) = read_collection(described(tmp_path, '[[source]]\npages = "lists/harbour.txt"')).sources
    assert source.kind == "pages"
    assert source.addresses == ("https://news.example/1", "https://news.example/2")
    # Never the path of the file itself: a folder may be synced that it lies in, as a document.
    assert source.root == f"{tmp_path.resolve()}/lists/harbour.txt/#pages"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"https://news.example/1\nnews.example/2\n", ", line 2: .news.example/2. is not an address"),
        (b"https://desk:secret@news.example/\n", "line 1: .https://…@news.example/. holds a user name"),
        (b"# nothing yet\n\n", ": holds no address"),
        (b"https://news.example/\nhttps://\xff\n", ", line 2: not UTF-8"),
        (b"#" * (LARGEST + 1), ": larger than 1,000,000 bytes"),
        (None, ": no such file"),
    ],
)
def test_a_list_that_cannot_be_used_is_named_with_the_line(
    tmp_path: Path, content: bytes | None, reason: str
) -> None:
    if content is not None:
        (tmp_path / "list.txt").write_bytes(content)
    message = refusal(tmp_path, '[[source]]\npages = "list.txt"\n')
    assert message.startswith(': source 1 (pages = "list.txt"): ')
    assert re.search(f"list\\.txt{reason}" if reason[0] in ":," else reason, message)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "write [[source]], in two brackets"),
        ("source = []", "describes 0 sources; write [[source]] for each"),
        ('[source]\npath = "a"', "write [[source]], in two brackets"),
        (
            '[source]\npath = "a"\n[source]\npath = "b"',
            "line 3, column 8: cannot declare ('source',) twice; a",
        ),
        ("source = [1]", "write [[source]], in two brackets"),
        ("[[source]]\npath = articles", ", line 2, column 8: invalid value; text stands in quotes"),
        ('[[source]]\npath "a"', ", line 2, column 6: expected '='"),
        ("x = [", ", at its end: "),
        (f"x = {'[' * 5000}", ": nested too deep"),
        (f"x = {'9' * 5000}", ": a number is too long"),
        ('[[source]]\nfolder = "a"', 'source 1: unknown name "folder"; known are path, feed, sitemap'),
        (A_FOLDER + 'exlude = "b"', 'source 1 (path = "a"): unknown name "exlude"; did you mean "exclude"?'),
        (A_FOLDER + '[outlet]\nA = "b"', 'did you mean "outlets"?'),
        (A_FOLDER + "[fetch]\npuase = 2", '[fetch]: unknown name "puase"; did you mean "pause"?'),
        (A_FOLDER + 'contact = "x@y.example"', '"contact" belongs at the top, above the first [[source]]'),
        ('every = "1 day"\n' + A_FOLDER, '"every" belongs in a [[source]]'),
        (A_FOLDER + "pause = 2", 'source 1 (path = "a"): "pause" belongs under [fetch]'),
        (A_FOLDER + "[fetch]\nevery = 60", '[fetch]: "every" belongs in a [[source]]'),
        ("[[source]]\n", "source 1: says no place; write one of path, feed, sitemap, site, page, pages"),
        (
            A_FOLDER + 'feed = "https://news.example"',
            "says 2 places, path and feed; write a [[source]] for each",
        ),
        ("[[source]]\npath = 3", 'source 1, "path": must be text in quotes ("…"), not a number'),
        ('[[source]]\npath = " "', '"path": is empty'),
        ('[[source]]\npath = "C:\\news"', "in a path write / and not \\ between folders"),
        ('[[source]]\npath = "https://news.example/"', "is an address; say page, feed, sitemap or site"),
        ('[[source]]\npath = "a/*/../b"', '"path": .. behind a * leads to no certain folder'),
        ('[[source]]\npath = "a\\u0000b"', "holds a line end, a tab or the like"),
        ('[[source]]\nfeed = "news.example/feed"', "is not an address that begins with http:// or https://"),
        ('[[source]]\nfeed = "feed.xml"', '"feed": "feed.xml" is not an address that begins with http:// or'),
        (
            '[[source]]\nfeed = "ftp://news.example/"',
            "begins with ftp://, where only http:// and https:// are",
        ),
        ('[[source]]\nsite = "file:///etc"', "begins with file://, where only http:// and https:// are read"),
        ('[[source]]\npage = "https://news.example:99999/"', "has a host or a port that cannot be read"),
        ('[[source]]\npage = "https://[::1/"', "has a host or a port that cannot be read"),
        ('[[source]]\npage = "https:///x"', "names no host"),
        ('[[source]]\npage = "https://news..example/"', "names a host that is not written as a name or an"),
        ('[[source]]\npage = "http://0x7f.1/"', "names a host that is not written as a name or an address"),
        ('[[source]]\npage = "https://News.Example./"', "names a host that is not written as a name or an"),
        ('[[source]]\npage = "https://news.example/a b"', "holds a character that no address has"),
        ("[[source]]\npages = []", '"pages": is empty'),
        ('[[source]]\npages = ["https://news.example/", 3]', '"pages": must be text in quotes'),
        ('[[source]]\npages = ["ftp://news.example/"]', '"pages": "ftp://news.example/" begins with ftp://'),
        (
            A_LIST + A_LIST,
            'source 2: is called as source 1 is; give each list of addresses a "name" of its own',
        ),
        (A_LIST + 'name = "a/b"', '"name": must not hold a /'),
        (A_FEED + 'name = "harbour"', 'has a "name", which only a list of addresses'),
        (A_FOLDER + '[[source]]\npath = "./a/"', 'source 2 (path = "./a/"): is the same place as source 1'),
        (A_FEED + '[[source]]\npage = "HTTPS://NEWS.example:443/feed#top"', "is the same place as source 1"),
        (A_FOLDER + "outlet = true", '"outlet": must be text in quotes ("…"), not true or false'),
        (
            A_FOLDER + 'columns = ["text"]',
            'must be written like { text = "body", published = "date" }, not a list',
        ),
        (A_FOLDER + 'columns = { titel = "b" }', '"columns": unknown name "titel"; did you mean "title"?'),
        (A_FOLDER + "columns = { text = 3 }", '"columns": must be text in quotes'),
        (A_FEED + 'columns = { text = "b" }', '"columns": only tables have columns, and tables are files'),
        (A_FOLDER + "include = []", '"include": is empty'),
        (A_FEED + 'exclude = ["live/*"]', '"exclude": "live/*" fits no address; begin with *, / or https://'),
        (A_FOLDER + 'since = "January"', '"since": is not a day; write it like 2024-01-31'),
        (A_FOLDER + "since = 2024", '"since": must be a day like 2024-01-31, not a number'),
        (A_FOLDER + 'every = "soon"', '"every": is not a length of time; write it like "30 minutes"'),
        (A_FOLDER + "every = 00:30:00", '"every": is not a length of time'),
        (A_FOLDER + 'every = "59 seconds"', '"every": must be at least 60 seconds and at most 366 days'),
        (A_FOLDER + '[fetch]\npause = "2 hours"', '[fetch], "pause": is longer than an hour'),
        (
            A_FOLDER + '[fetch]\nallow = "local host"',
            '"local host" is not a host, or a host and a port like "127.0.0.1:8123"',
        ),
        (A_FOLDER + '[fetch]\nallow = ["localhost:70000"]', '"localhost:70000" is not a host, or'),
        (A_FOLDER + '[fetch]\nallow = ["a..b"]', '"a..b" is not a host, or a host and a port like'),
        (A_FOLDER + '[fetch]\nallow = ["0x7f.1"]', '"0x7f.1" is not a host, or a host and a port like'),
        (A_FOLDER + '[fetch]\nallow = ["http://localhost:80"]', "is not a host, or a host and a port"),
        ("fetch = 3\n" + A_FOLDER, "[fetch]: write [fetch], and below it its keys"),
        ("outlets = 3\n" + A_FOLDER, "[outlets]: write [outlets], and below it lines like"),
        (A_FOLDER + '[outlets]\n"A" = 3', '[outlets], "A": must be text in quotes or a list of texts'),
        (A_FOLDER + '[outlets]\n"" = "a"', "[outlets]: a name is empty"),
        (A_FOLDER + '[outlets]\n"A" = "c"\n"B" = ["C "]', '[outlets]: "C" stands for "A" and for "B"'),
        (A_FOLDER + '[outlets]\n"A" = "b"\n"B" = "c"', '[outlets]: "B" stands for "A" and for "B"'),
        ('contact = "the desk"\n' + A_FOLDER, '"contact": must be a mail address, or the address of a page'),
        ('contact = "a@b.example\\nX: y"\n' + A_FOLDER, '"contact": holds a line end'),
        ('contact = "a@b.example)"\n' + A_FOLDER, '"contact": must be a mail address'),
        ('contact = "ftp://b.example"\n' + A_FOLDER, '"contact": must be a mail address'),
        ('contact = "ä@b.example"\n' + A_FOLDER, '"contact": must be a mail address'),
        (A_FOLDER * (MOST_SOURCES + 1), "describes 1,001 sources; write [[source]] for each, 1 to 1,000"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_what_to_write(
    tmp_path: Path, text: str, reason: str
) -> None:
    assert reason in refusal(tmp_path, text)


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    text = A_FOLDER + 'every = "soon"\nexlude = "b"\n'
    text += A_FEED + 'every = 10\nexclude = "a"\nexlude = "b"\n' + A_FEED + "[outlets]\nA = 3\n"
    assert refusal(tmp_path, text).split("\n") == [
        ": 7 things are wrong",
        '- source 1 (path = "a"), "every": is not a length of time; '
        'write it like "30 minutes", "2 hours" or "1 day"',
        '- source 1 (path = "a"): unknown name "exlude"; did you mean "exclude"?',
        '- source 2 (feed = "https://news.example/feed"): unknown name "exlude"; did you mean "exclude"?',
        '- source 2 (feed = "https://news.example/feed"), "exclude": "a" fits no address; '
        "begin with *, / or https://",
        '- source 2 (feed = "https://news.example/feed"), "every": '
        "must be at least 60 seconds and at most 366 days",
        '- source 3 (feed = "https://news.example/feed"): is the same place as source 2',
        '- [outlets], "A": must be text in quotes or a list of texts (["…", "…"]), not a number',
    ]


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("feed = 3", '"feed": must be text in quotes'),
        ("path = 3", '"path": must be text in quotes'),
        ("pages = []", '"pages": is empty'),
        ('feed = "https://news..example/"', "names a host that is not written as"),
        ('path = "https://news.example/"', "is an address; say page, feed, sitemap or site"),
        ('pages = ["news.example"]', '"pages": "news.example" is not an address'),
        ('pages = "nowhere.txt"', "nowhere.txt: no such file"),
    ],
)
def test_a_place_that_is_wrong_hides_nothing_else_of_its_source(
    tmp_path: Path, place: str, reason: str
) -> None:
    told = refusal(tmp_path, f"[[source]]\n{place}\nevery = 10\nexlude = 'b'\n" * 2).split("\n")
    assert told[0] == ": 6 things are wrong"
    assert sum(reason in one for one in told) == 2
    assert sum('"every": must be at least 60 seconds' in one for one in told) == 2
    assert sum('unknown name "exlude"' in one for one in told) == 2
    assert not any("stand-in" in one for one in told)


def test_an_unknown_key_hides_no_second_place(tmp_path: Path) -> None:
    told = refusal(tmp_path, A_FOLDER + 'page = "https://news.example/"\nexlude = "b"\n')
    assert 'unknown name "exlude"' in told
    assert "says 2 places, path and page" in told


def test_a_password_in_an_address_is_refused_and_not_repeated(tmp_path: Path) -> None:
    for key in ("feed", "path", "page"):
        message = refusal(tmp_path, f'[[source]]\n{key} = "https://desk:secret@news.example/"')
        assert "secret" not in message
        assert "https://…@news.example/" in message


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"# \xe9t\xe9\n", ", line 1: not UTF-8; save the file in this encoding"),
        (A_FOLDER.encode("utf-16"), ", line 1: not UTF-8"),
        (b"#" * (LARGEST + 1), ": larger than 1,000,000 bytes"),
    ],
)
def test_a_file_that_is_no_text_or_too_large_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    assert refusal(tmp_path, content).startswith(reason)


def test_a_description_that_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match="no such file"):
        read_collection(tmp_path / "dateline.toml")
    with pytest.raises(CollectionError, match="not a file"):
        read_collection(tmp_path)
    os.mkfifo(tmp_path / "pipe.toml")
    with pytest.raises(CollectionError, match="not a file"):
        read_collection(tmp_path / "pipe.toml")


LITERALS = (
    *(
        '"x"',
        '""',
        '"https://news.example/"',
        '"1 day"',
        "3",
        "-1",
        "1.5",
        "inf",
        "nan",
        "true",
        "2024-01-31",
    ),
    *(
        "00:30:00",
        "2024-01-31T08:00:00Z",
        "[]",
        '["x"]',
        "[1]",
        '[["x"]]',
        "{}",
        '{ text = "b" }',
        "{ x = [1] }",
    ),
    *('"\\u0000"', '"*"', f"0x{'f' * 4000}"),
)
KEYS = "path feed sitemap site page pages name outlet columns include exclude since every contact".split()


@settings(deadline=None)
@given(
    top=st.dictionaries(st.sampled_from(("contact", "fetch", "outlets", "path")), st.sampled_from(LITERALS)),
    source=st.dictionaries(st.sampled_from(KEYS), st.sampled_from(LITERALS)),
)
def test_values_of_any_kind_are_taken_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, top: dict[str, str], source: dict[str, str]
) -> None:
    lines = [f"{key} = {value}" for key, value in top.items()]
    lines += ["[[source]]", *(f"{key} = {value}" for key, value in source.items())]
    folder = tmp_path_factory.getbasetemp() / "any"
    folder.mkdir(exist_ok=True)
    try:
        found = read_collection(described(folder, "\n".join(lines)))
    except CollectionError as error:
        told, sources = str(error), 1
    else:
        told, sources = "", len(found.sources)
    assert sources == 1
    assert not re.search("Input should|[Ee]rror|None", told)


@settings(deadline=None)
@given(
    content=st.one_of(st.text(alphabet='[]"=\n#source', max_size=60).map(str.encode), st.binary(max_size=60))
)
def test_any_bytes_are_refused_in_words(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.getbasetemp() / "bytes"
    folder.mkdir(exist_ok=True)
    with pytest.raises(CollectionError):
        read_collection(described(folder, content))


def test_the_examples_of_the_documentation_are_right(tmp_path: Path) -> None:
    examples = re.findall(r"```toml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists/harbour.txt").write_text("https://harbourpost.example/1\n")
    assert len(examples) >= 5
    for example in examples:
        assert read_collection(described(tmp_path, example)).sources


def test_the_patterns_of_the_documentation_fit_what_it_says() -> None:
    rows = re.findall(r"^\| `(.*?)` \| `(.*)` \| `(.*)` \|$", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) == 6
    feed = Source("https://harbourpost.example/feed.xml", "feed")
    for pattern, fitting, other in rows:
        source = replace(feed if "https:" in fitting else Source("archive", "files"), include=(pattern,))
        assert all(map(source.takes, fitting.split("`, `"))), pattern
        assert not any(map(source.takes, other.split("`, `"))), pattern


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("30 minutes", 1800),
        ("30min", 1800),
        (" 1  Hour ", 3600),
        ("1 hour and 30 minutes", 5400),
        ("1 day, 12 hours", 129_600),
        ("1.5 hours", 5400),
        ("2 weeks", 1_209_600),
        ("hour", 3600),
        (0, 0),
        (2.5, 2.5),
    ],
)
def test_lengths_of_time_are_read(written: object, seconds: float) -> None:
    assert seconds_of(written) == seconds


@pytest.mark.parametrize(
    "written",
    [
        *(
            "",
            "soon",
            "30",
            "30m",
            "1 month",
            "-1 hour",
            "hours",
            "1.2.3 hours",
            ". hours",
            "1 hour ago",
            "PT30M",
        ),
        *("٣ hours", "minute hour", True, None, [1], math.inf, math.nan, -1, 10**400, f"{'9' * 400} days"),
    ],
)
def test_what_is_no_length_of_time_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="is not a length of time; write it like"):
        seconds_of(written)


@pytest.mark.parametrize(
    ("pattern", "name", "fitting"),
    [
        ("*.html", "a/b/c.html", True),
        ("*.html", "a/b/c.htm", False),
        ("*/live/*", "live/c.html", True),
        ("*/live/*", "alive/c.html", False),
        ("live/*", "news/live/c.html", False),
        ("/live/*", "live/c.html", True),
        ("live", "live/c.html", False),
        ("**/c.html", "c.html", True),
        ("**/c.html", "a/b/c.html", True),
        ("**/c.html", "a/abc.html", False),
        ("a/**/c.html", "a/c.html", True),
        ("a/**/c.html", "a/b/b/c.html", True),
        ("a/**/c.html", "ab/c.html", False),
        ("a/**/**/c", "a/c", True),
        ("a**/c", "ab/c", True),
        ("a**/c", "a/c", True),
        ("a/*/c", "a/c", False),
        ("a*a", "a", False),
        ("*", "", True),
        ("page?.html", "pages.html", False),
        ("report [final].txt", "Report [FINAL].txt", True),
        ("cafe\u0301/*", "caf\u00e9/c.html", True),
        ("https://news.example/*", "https://news.example/a", True),
    ],
)
def test_a_pattern_stands_for_whole_names(pattern: str, name: str, fitting: bool) -> None:
    assert fits(pattern, name) is fitting


@settings(deadline=None)
@given(
    pattern=st.lists(st.sampled_from(("a", "b", "/", "*", "**", "**/", ".")), max_size=8).map("".join),
    name=st.text(alphabet="ab/.", max_size=9),
)
def test_patterns_stand_for_what_a_regular_expression_says(pattern: str, name: str) -> None:
    begun = pattern.startswith("/") or (pattern.startswith("*") and not pattern.startswith("**/"))
    whole = pattern if begun else f"/{pattern}"
    parts = re.split(r"((?<=/)\*\*/|\*+)", whole)
    made = "".join("(?:.*/)?" if p == "**/" else ".*" if p[:1] == "*" else re.escape(p) for p in parts)
    assert fits(pattern, name) == bool(re.fullmatch(made, name if name.startswith("/") else f"/{name}"))


def test_no_name_makes_a_pattern_slow() -> None:
    assert not fits("*/live/*/live/*/live/*/live/*/live/*.html", "/live" * 100_000)


def test_include_chooses_and_exclude_wins() -> None:
    source = Source("articles", "files", include=("*.html", "*.md"), exclude=("*/drafts/*",))
    names = ("a.html", "2024/a.md", "a.txt", "drafts/a.html", "2024/drafts/a.md")
    assert [name for name in names if source.takes(name)] == ["a.html", "2024/a.md"]
    assert Source("articles", "files").takes("anything.at.all")


def test_patterns_of_addresses_are_held_against_the_whole_or_what_follows_the_host() -> None:
    feed = Source(
        "https://news.example/feed", "feed", exclude=("/live/*", "*&print=1", "https://ads.example/*")
    )
    assert feed.takes("https://news.example/news/live/1")
    assert feed.takes("http://[broken")
    assert not feed.takes("https://news.example/live/1?day=2#top")
    assert not feed.takes("https://news.example/a?b=2&print=1")
    assert not feed.takes("https://ads.example/a")


@pytest.mark.parametrize(
    ("fields", "kind", "reason"),
    [
        ({"kind": "web"}, ValueError, "kind: 'web' is none of files, page"),
        ({"place": ""}, SourceError, "a path is empty; write . for the working folder"),
        ({"place": 3}, TypeError, "place: must be text, not int"),
        ({"place": "a\0b"}, SourceError, "place: holds a character that no path has"),
        ({"place": "a\ud800"}, SourceError, "place: holds a character that no path has"),
        ({"place": "https://news.example"}, SourceError, "place: .* is an address"),
        ({"kind": "feed"}, SourceError, "place: .* is not an address that begins with"),
        ({"outlet": None}, TypeError, "outlet: must be text, not NoneType"),
        ({"outlet": "\ud800"}, ValueError, "outlet: holds characters that are no text"),
        ({"columns": ["text"]}, TypeError, "columns: must be a mapping, not list"),
        ({"columns": {"text": ""}}, ValueError, 'columns: the column for "text" is empty'),
        ({"columns": {"text": 1}}, TypeError, "columns: must be text, not int"),
        ({"include": "*.md"}, TypeError, "include: must be a sequence of patterns"),
        ({"exclude": ("",)}, ValueError, "exclude: a pattern is empty"),
        ({"since": "2024-01-01"}, TypeError, "since: must be a date, not str"),
        ({"every_seconds": "60"}, TypeError, "every_seconds: must be a number, not str"),
        ({"every_seconds": True}, TypeError, "every_seconds: must be a number, not bool"),
        ({"every_seconds": math.nan}, ValueError, "every_seconds: must be at least 60 seconds"),
        ({"addresses": ("https://news.example/",)}, ValueError, "addresses: a source of kind files has none"),
        ({"kind": "pages"}, ValueError, "addresses: is empty"),
        ({"kind": "pages", "addresses": "https://a.example"}, TypeError, "addresses: must be a sequence"),
    ],
)
def test_a_source_that_cannot_be_meant_is_refused_by_its_field(
    fields: dict[str, Any], kind: type[Exception], reason: str
) -> None:
    with pytest.raises(kind, match=f"^{reason}"):
        replace(Source("articles", "files"), **fields)


def test_a_source_keeps_what_it_was_made_of() -> None:
    columns = {"text": "body"}
    source = Source("a", "files", columns=columns, since=datetime(2024, 1, 31, 8, tzinfo=timezone.utc))
    columns["text"] = "other"
    assert source.columns == {"text": "body"}
    assert (type(source.since), source.since) == (date, date(2024, 1, 31))
    assert hash(source) == hash(replace(source))


def test_a_root_is_the_resolved_path_or_the_address_as_given(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert Source(str(tmp_path / "link/../link/a"), "files").root == str(tmp_path.resolve() / "real/a")
    assert Source("HTTPS://News.example/feed", "feed").root == "HTTPS://News.example/feed"


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("articles", "files"),
        (Path("articles"), "files"),
        ("archive/**/*.html", "files"),
        ("http", "files"),
        ("https://news.example", "site"),
        ("HTTPS://news.example/#top", "site"),
        ("https://news.example/?p=12", "page"),
        ("http://news.example:8080/feed.xml", "page"),
    ],
)
def test_a_bare_place_says_what_it_is(place: str | Path, kind: str) -> None:
    assert source_of(place) == Source(str(place), kind)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "place",
    [
        *("", "ftp://news.example/", "https:/news.example", "https://a:b@news.example/"),
        *("https://news..example/", "http://0x7f.1/", "https://News.Example./"),
    ],
)
def test_a_bare_place_that_cannot_be_meant_is_refused(place: str) -> None:
    with pytest.raises(SourceError):
        source_of(place)


@settings(deadline=None)
@given(st.text(alphabet="htps:/@[].?#e%1 ", max_size=20))
def test_no_address_is_too_odd_to_be_judged(text: str) -> None:
    if is_address(text) and not address_fault(text):
        assert address_fault(same_address(text)) == ""
        assert same_address(same_address(text)) == same_address(text)
