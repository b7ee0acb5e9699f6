from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_answers import FULL, HANOI, HARBOUR, MERIDIAN, UNDATED, citation, quoting

from assistant.in_words import dateline, published_in_words, scope_in_words
from assistant.markup import escape, marks, text_html
from assistant.origins import date_origin
from assistant.types import Answer, Claim, Source
from index.types import Article

TAG = re.compile(r"</?[a-z][^<>]*>")


def words(page: str) -> str:
    return html.unescape(TAG.sub("", page))


@settings(deadline=None)
@given(st.text())
def test_escaped_text_has_no_sign_that_html_or_markdown_reads_and_comes_back(text: str) -> None:
    escaped = escape(text)
    assert not set(re.sub(r"&#\d+;", "", escaped)) & set("&<>\"'`*_[]()!#$\\~|{}:@^\n\r")
    known = text.replace("\x00", "\ufffd")
    assert re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), escaped) == known


def test_each_mark_leads_to_its_claim_and_source() -> None:
    assert [(mark.number, mark.claim) for mark in marks(HANOI)] == [(1, 0), (2, 1), (1, 2)]
    assert all(HANOI.text[mark.start : mark.end] == f"[{mark.number}]" for mark in marks(HANOI))


def test_a_mark_after_its_claim_belongs_to_it() -> None:
    text = "They met. [1] They left. [1]"
    claims = [Claim("They met.", (citation(HARBOUR, "HANOI"),), "supported", 0, 9)]
    claims += [Claim("They left.", (citation(HARBOUR, "lunch"),), "supported", 14, 24)]
    answer = Answer(text, "?", claims=tuple(claims), sources=(Source(1, HARBOUR),))
    assert [mark.claim for mark in marks(answer)] == [0, 1]


def test_a_number_in_brackets_that_is_quoted_or_no_source_is_not_a_mark() -> None:
    article = Article("As an encyclopedia says [1], it rained [7].", outlet="The Post")
    answer = quoting("Did it rain?", (article, article.text))
    assert [mark.start for mark in marks(answer)] == [answer.text.rindex("[1]")]


def test_the_text_is_written_as_paragraphs_with_links_that_say_their_source() -> None:
    page = text_html(HANOI, lambda mark: f"#{mark.number}-{mark.claim}")
    assert page.count('<p dir="auto">') == 3
    assert '<a class="cite" href="#2-1">[2]<span class="spoken"> Meridian Wire, 13' in html.unescape(page)
    assert words(page).startswith("The Harbour Post, 28 February 2019: “The two sides could not agree")


@pytest.mark.parametrize(
    ("date_source", "origin"),
    [
        ("json-ld", "date from the page's structured data"),
        ("meta", "date from the page's metadata"),
        ("feed", "date from the outlet's feed"),
        ("front matter", "date from the head of the file"),
        ("field", "date from a field of its row"),
        ("time", "date marked on the page"),
        ("address", "date read from the address"),
        ("dateline", "date read from the dateline"),
        ("text", "date read from the text"),
        ("file", "date read from the file's name, uncertain"),
    ],
)
def test_it_is_said_where_a_date_was_read_and_when_that_is_uncertain(date_source: str, origin: str) -> None:
    article = replace(MERIDIAN, date_source=date_source)
    assert date_origin(article) == origin
    assert published_in_words(article) == f"published 13 June 2020 ({origin})"


def test_nothing_is_said_of_where_no_date_was_read() -> None:
    assert published_in_words(MERIDIAN) == "published 13 June 2020"
    undated = replace(UNDATED, date_source="meta")
    assert (published_in_words(undated), date_origin(undated)) == ("undated", "")


def test_dates_and_scope_are_said_in_words() -> None:
    assert dateline(MERIDIAN) == "Meridian Wire, 13 June 2020"
    assert dateline(UNDATED) == "Unknown outlet, undated"
    assert scope_in_words(FULL.scope) == (
        "as of 14 June 2020, from 1 January 2018, until 14 June 2020, of The Harbour Post and Meridian Wire"
    )
    assert scope_in_words(HANOI.scope) == ""
