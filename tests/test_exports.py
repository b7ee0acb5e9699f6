from __future__ import annotations

import asyncio
import base64
import json
import re
import time
import zlib
from dataclasses import replace
from datetime import date
from urllib.parse import unquote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_answers import ABSTAINED, FULL, HANOI, HARBOUR, MERIDIAN, UNDATED, quoting
from starlette.applications import Starlette
from test_export import HOSTILE, Page, hostile, rendered

from assistant.export import conversation_to_html, conversation_to_markdown, to_html, to_markdown, to_text
from assistant.record import from_conversation, to_conversation, to_named_record
from assistant.types import Lost, Turn
from index.library import ArticleIndex
from page import exports, words
from page.exports import MOST_TURNS, disposition, export_routes
from page.kept import kept

TURNS = (Turn("Why did it end?", FULL), Turn("How much?", ABSTAINED), Turn("Why did it end?", HANOI))


@pytest.fixture
def held(index: ArticleIndex) -> ArticleIndex:
    index.add([HARBOUR, MERIDIAN, UNDATED])
    return index


def post(index: ArticleIndex, body: object, kind: str = "markdown", **options: str) -> httpx.Response:
    return send(index, json.dumps(body).encode(), kind, **options)


def send(index: ArticleIndex, body: bytes, kind: str, media_type: str = "application/json") -> httpx.Response:
    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(Starlette(routes=export_routes(index)))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.post(
                "/export", params={"as": kind}, content=body, headers={"content-type": media_type}
            )

    return asyncio.run(asked())


def test_one_answer_is_exported_as_the_product_writes_it(held: ArticleIndex) -> None:
    body = {"turns": [kept(TURNS[0])], "name": "The Hanoi talks"}
    assert post(held, body, "markdown").text == to_markdown(FULL)
    assert post(held, body, "html").text == to_html(FULL)
    assert post(held, body, "text").text == to_text(FULL) + "\n"
    assert from_conversation(json.loads(post(held, body, "json").text)) == TURNS[:1]


def test_a_conversation_is_exported_whole_in_order_with_its_name(held: ArticleIndex) -> None:
    body = {"turns": [kept(turn) for turn in TURNS], "name": "Hanoi & after"}
    assert post(held, body, "markdown").text == conversation_to_markdown(TURNS, "Hanoi & after")
    assert post(held, body, "html").text == conversation_to_html(TURNS, "Hanoi & after")
    assert from_conversation(json.loads(post(held, body, "json").text)) == TURNS


def test_a_turn_that_cannot_be_brought_back_is_named_with_the_reason(held: ArticleIndex) -> None:
    texts = [kept(turn) for turn in TURNS] + ["damaged"]
    held.remove([MERIDIAN.id])
    for kind in ("markdown", "html"):
        page = post(held, {"turns": texts}, kind).text
        assert page.count("is no longer in the collection") == 2
        assert page.count("Why did it end?") >= 2
        assert words.KEPT_NO_QUESTION in page
        assert "What was kept of it is damaged" in page
    read = from_conversation(json.loads(post(held, {"turns": texts}, "json").text))
    assert read == (
        Lost("Why did it end?", words.KEPT_GONE),
        TURNS[1],
        Lost("Why did it end?", words.KEPT_GONE),
        Lost(words.KEPT_NO_QUESTION, words.KEPT_DAMAGED),
    )
    refused = post(held, {"turns": texts[:1]})
    assert (refused.status_code, refused.text) == (409, words.KEPT_GONE)


@pytest.mark.parametrize(
    ("kind", "media_type", "ending"),
    [
        ("markdown", "text/markdown", "md"),
        ("html", "text/html", "html"),
        ("json", "application/json", "json"),
    ],
)
def test_it_is_a_download_with_a_name(held: ArticleIndex, kind: str, media_type: str, ending: str) -> None:
    reply = post(held, {"turns": [kept(TURNS[0])]}, kind)
    assert reply.headers["content-type"].startswith(media_type)
    assert reply.headers["content-disposition"] == disposition("Why did it end?", date.today(), ending)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", "markdown", 400),
        (b"{", "markdown", 400),
        (b"[]", "markdown", 400),
        (b'{"turns": []}', "markdown", 400),
        (b'{"turns": [7]}', "markdown", 400),
        (b'{"turns": "x"}', "markdown", 400),
        (b'{"turns": ["x"], "more": 1}', "markdown", 400),
        (b'{"turns": ["x"], "name": null}', "markdown", 400),
        (b'{"turns": ["x"], "name": "' + b"x" * 201 + b'"}', "markdown", 400),
        (b'{"turns": ["\\ud800"]}', "markdown", 400),
        (b'{"turns": ' + b"[" * 5000 + b"]" * 5000 + b"}", "markdown", 400),
        (json.dumps({"turns": ["x"] * (MOST_TURNS + 1)}).encode(), "markdown", 400),
        (b'{"turns": ["x"]}', "", 400),
        (b'{"turns": ["x"]}', "exe\r\nx: y", 400),
    ],
)
def test_what_is_no_export_is_refused_in_plain_text(
    held: ArticleIndex, body: bytes, kind: str, status: int
) -> None:
    reply = send(held, body, kind)
    assert reply.status_code == status
    assert reply.headers["content-type"].startswith("text/plain")
    assert 0 < len(reply.text) < 300


def test_what_takes_too_long_to_bring_back_is_refused_in_words(
    held: ArticleIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "_MOST_SECONDS", 0.0)
    reply = post(held, {"turns": [kept(TURNS[0])] * 5})
    assert (reply.status_code, reply.text) == (413, words.EXPORT_TOO_LONG)


def crowded(turn: Turn) -> str:
    """Pack a turn with as many claims and marks as may be."""
    data = {"format": 1, "question": turn.question, "answer": to_named_record(turn.answer)}
    answer = data["answer"]
    cited = to_named_record(HANOI)["claims"][0]["citations"]
    unit = "x [1] [1] [1] "
    claim = {"text": unit, "verdict": "supported", "citations": cited}
    spans = ((at * len(unit), (at + 1) * len(unit)) for at in range(300))
    answer |= {"text": unit * 300, "claims": [claim | {"start": a, "end": b} for a, b in spans], "model": "m"}
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(data).encode())).decode().rstrip("=")


def copied(turn: Turn) -> str:
    """Pack a turn whose sources name one copy as often as may be, in few bytes."""
    data = {"format": 1, "question": turn.question, "answer": to_named_record(turn.answer)}
    for source in data["answer"]["sources"]:
        source["copies"] = [0] * 1000
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(data).encode())).decode().rstrip("=")


def test_copies_named_again_and_again_in_few_bytes_are_refused_before_they_are_written(
    held: ArticleIndex,
) -> None:
    assert post(held, {"turns": [copied(TURNS[2])] * 5}, "html").is_success
    begun = time.process_time()
    reply = post(held, {"turns": [copied(TURNS[2])] * MOST_TURNS}, "html")
    assert (reply.status_code, reply.text) == (413, words.EXPORT_TOO_LONG)
    assert time.process_time() - begun < 5


def test_two_hundred_turns_as_large_as_they_may_be_keep_the_processor_for_seconds_only(
    held: ArticleIndex,
) -> None:
    begun = time.process_time()
    reply = post(
        held, {"turns": [crowded(Turn("Why?", replace(HANOI, disagreements=())))] * MOST_TURNS}, "html"
    )
    assert (reply.status_code, reply.text) == (413, words.EXPORT_TOO_LONG)
    assert time.process_time() - begun < 5


def test_two_hundred_real_turns_are_exported_together(held: ArticleIndex) -> None:
    assert post(held, {"turns": [kept(TURNS[0])] * MOST_TURNS}, "html").is_success


@pytest.mark.parametrize("sign", ["\u202a", "\u202e", "\u2066", "\u2069"])
def test_what_turns_words_around_is_left_out_of_exports_and_nothing_else(sign: str) -> None:
    article = replace(
        MERIDIAN, text=f"Aides said{sign} the lunch was\u200d cancelled.", title=f"A{sign} lunch"
    )
    answer = quoting(f"Why{sign}?", (article, article.text))
    for written in (to_markdown(answer), to_html(answer)):
        assert sign not in written
        assert "Aides said the lunch was\u200d cancelled" in written


def test_what_a_form_of_another_site_can_send_is_not_read(held: ArticleIndex) -> None:
    assert post(held, {"turns": ["x"]}, media_type="text/plain").status_code == 415


@given(st.text(), st.sampled_from(["md", "html", "json"]))
def test_a_file_name_is_safe_whatever_it_is_made_of(name: str, ending: str) -> None:
    header = disposition(name, date(2020, 6, 12), ending)
    pattern = r"attachment; filename=(dateline-[a-z0-9-]+\.\w+); filename\*=UTF-8''(dateline-[\w%.~-]+)"
    found = re.fullmatch(pattern, header, re.ASCII)
    assert found
    assert re.fullmatch(r"dateline-[\w-]+\.\w+", unquote(found[2]))
    assert len(unquote(found[2])) < 90


def test_the_names_of_two_turns_are_never_the_same_and_marks_lead_to_their_own() -> None:
    page = Page(conversation_to_html(TURNS))
    names = page.all("id")
    assert len(set(names)) == len(names)
    targets = [address[1:] for address in page.all("href") if address.startswith("#")]
    assert len(targets) == 6
    assert set(targets) <= set(names)
    assert sum(target.startswith("turn-1-") for target in targets) == 3
    assert sum(target.startswith("turn-3-") for target in targets) == 3


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_of_one_answer_has_effect_in_another(text: str) -> None:
    turns = [Turn(f"Why {text}?", hostile(text)), Lost(text, text), TURNS[0]]
    html = conversation_to_html(turns, text)
    alone = conversation_to_html([Turn("x", ABSTAINED), Lost("x", "x"), TURNS[0]], "x")
    after = html[html.rindex('<h2 dir="auto"') :]
    assert after == alone[alone.rindex('<h2 dir="auto"') :]
    assert not [name for _, attrs in Page(html).tags for name in attrs if name.startswith("on")]
    markdown = conversation_to_markdown(turns, text)
    assert markdown.endswith(conversation_to_markdown([TURNS[0]]).removeprefix("# 1 question"))
    tags = rendered(markdown).tags
    assert {tag for tag, _ in tags} <= {"h1", "h2", "h3", "p", "strong", "ol", "ul", "li", "blockquote", "a"}
    assert {attrs["href"] for tag, attrs in tags if tag == "a"} == {HARBOUR.url}


@pytest.mark.parametrize("question", [TURNS[0].question, "Why " * 60 + "?"])
@pytest.mark.parametrize("is_named", [False, True])
def test_the_first_question_is_no_heading_over_itself(question: str, is_named: bool) -> None:
    turns = [Turn(question, HANOI), *TURNS[1:]]
    name = f" {question[:200]} " if is_named else ""
    written = [conversation_to_markdown(turns, name), conversation_to_html(turns, name)]
    assert written[0].startswith("# 3 questions\n\n## ")
    assert '<h1 dir="auto">3 questions</h1>' in written[1]
    assert conversation_to_markdown(turns, "Why").startswith("# Why\n\n## ")


def test_a_question_that_leaned_on_earlier_ones_is_told_as_typed_and_as_searched() -> None:
    turns = [Turn("Why?", replace(HANOI, question="Why did the Hanoi summit end early?"))]
    assert "## Why?\n\nSearched: Why did the Hanoi summit end early?" in conversation_to_markdown(turns)
    assert "Searched&#58; Why did the Hanoi summit" in conversation_to_html(turns)


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ([], "the conversation: "),
        ({"format": 2, "turns": []}, "format"),
        ({"format": 1, "turns": [{"question": "Why?"}]}, r"turns\.0: "),
        ({"format": 1, "turns": [{"question": "Why?", "answer": {}}]}, r"turns\.0\.answer\."),
        ({"format": 1, "turns": [{"question": "Why?", "answer": {}, "lost": "x"}]}, r"turns\.0: "),
        ({"format": 1, "turns": [{"question": 1, "lost": "x"}]}, r"turns\.0\.question"),
    ],
)
def test_a_conversation_that_is_none_is_refused_with_the_place(data: object, where: str) -> None:
    with pytest.raises(ValueError, match=f"^{where}"):
        from_conversation(data)


def test_a_forged_quote_in_a_conversation_is_refused() -> None:
    data = to_conversation([Turn("Why?", quoting("Why?", (MERIDIAN, "Aides said the lunch was cancelled.")))])
    data["turns"][0]["answer"]["claims"][0]["citations"][0]["quote"] = "Never said."
    with pytest.raises(ValueError, match=r"^turns\.0\.answer\.claims\.0\.citations\.0\.quote"):
        from_conversation(data)
