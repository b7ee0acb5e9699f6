"""An article in the reader: every character of it, exactly the cited ones marked."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_answers import HARBOUR, MERIDIAN, UNDATED

from index.types import Article, web_address
from page.article import article_html

TAG = re.compile(r"</?[a-z][^<>]*>")


def words(page: str) -> str:
    return html.unescape(TAG.sub("", page))


@settings(deadline=None)
@given(st.text(st.characters(exclude_characters="\x00", codec="utf-8")), st.data())
def test_an_article_keeps_every_character_and_marks_exactly_what_is_cited(
    text: str, data: st.DataObject
) -> None:
    article = Article(text)
    edges = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=4, max_size=4)))
    cited, chosen = (edges[0], edges[2]), (edges[1], edges[3])
    page = article_html(article, (cited, chosen), (chosen,))
    body = page.split('<div class="body">')[1].rsplit("</div>", 1)[0]

    def plain(page: str) -> str:
        return re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), TAG.sub("", page))

    assert plain(body) == text
    assert plain("".join(re.findall(r'<mark class="chosen"[^>]*>.*?</mark>', body))) == text[slice(*chosen)]
    assert plain("".join(re.findall(r"<mark.*?</mark>", body))) == text[edges[0] : edges[3]]


def test_a_hard_wrapped_paragraph_stays_one_and_single_lines_are_paragraphs() -> None:
    assert article_html(Article("One line\nof two.\n\nNext.")).count('<p dir="auto">') == 2
    assert article_html(Article("One.\nTwo.\nThree.")).count('<p dir="auto">') == 3


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org/a",
        "/a",
        "https:///a",
        "http://[::1",
        "https://bank.example@evil.example/",
        "https://example.org/a b",
        "https://example.org/\n>",
        'https://example.org/"><script>',
        "JaVaScRiPt://example.org/%0aalert(1)",
        "",
    ],
)
def test_only_a_plain_web_address_is_linked(address: str) -> None:
    assert web_address(address) == ""
    assert "Original article" not in article_html(replace(HARBOUR, url=address))


def test_the_reader_names_outlet_date_byline_and_address_or_file() -> None:
    page = article_html(HARBOUR)
    assert "The Harbour Post, 28 February 2019" in words(page)
    assert "Ines Calder" in words(page)
    assert 'target="_blank" rel="noopener noreferrer">Original article</a>' in page
    assert html.unescape(re.findall(r'href="([^"]*)"', page)[0]) == HARBOUR.url
    assert "From the file note.txt" in words(article_html(UNDATED))
    assert "undated" in words(article_html(UNDATED))


def test_the_reader_tells_which_day_yesterday_is() -> None:
    article = Article("It rained yesterday, on 11 June 2020 that is.", published=date(2020, 6, 12))
    page = article_html(article, ((0, 19),))
    assert '<span class="day" title="11 June 2020">yesterday</span>' in page
    assert page.count('class="day"') == 1
    assert "".join(re.findall(r'<mark class="cited"[^>]*>(.*?)</mark>', page)).count("yesterday") == 1
    assert 'class="day"' not in article_html(replace(article, published=None))


def test_words_beyond_the_end_of_an_article_mark_nothing_more() -> None:
    page = article_html(Article("Short."), ((0, 5), (90, 99)), ((2, 10**8),))
    assert words("".join(re.findall(r"<mark.*?</mark>", page))) == "Short."
    assert words(page.split('<div class="body">')[1]).strip() == "Short."


def test_copies_corrections_and_another_version_are_said() -> None:
    noted = replace(MERIDIAN, text=MERIDIAN.text + "\n\nCorrection, 14 June: it was a dinner.")
    page = words(article_html(noted, copies=[UNDATED, HARBOUR], current=False))
    assert "Carries a correction" in page
    assert "the article was changed since" in page
    assert "The same report in 2 other articles" in page
    assert "Hanoi talks break off early" in page
    plain = words(article_html(MERIDIAN))
    assert "correction" not in plain
    assert "same report" not in plain
