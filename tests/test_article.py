"""An article in the reader: every character of it, exactly the cited ones marked."""

from __future__ import annotations

import html
import re
import time
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_answers import HARBOUR, MERIDIAN, UNDATED

from index.types import Article, web_address
from page.article import article_html
from page.references import Spans

TAG = re.compile(r"</?[a-z][^<>]*>")


def words(page: str) -> str:
    return html.unescape(TAG.sub("", page))


def plain(page: str) -> str:
    return re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), TAG.sub("", page))


def spans_of(page: str) -> dict[tuple[int, int], str]:
    """Read the words of each span from the pieces that say that they are part of it."""
    found: dict[tuple[int, int], str] = {}
    for names, piece in re.findall(r'<mark class="\w+" data-at="([^"]*)">(.*?)</mark>', page):
        for name in names.split(" "):
            start, _, end = name.partition("-")
            span = (int(start), int(end))
            found[span] = found.get(span, "") + plain(piece)
    return found


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
    assert spans_of(body) == {span: text[slice(*span)] for span in (cited, chosen) if text[slice(*span)]}

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


def test_what_turns_words_around_stays_in_an_article_and_in_its_marks() -> None:
    text = "It \u202erained\u202c, \u2066they\u2069 said."
    page = article_html(Article(text), ((3, 11),), ((3, 11),))
    assert words(page.split('<div class="body">')[1]).strip() == text
    assert words("".join(re.findall(r"<mark.*?</mark>", page))) == text[3:11]


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


SPOKEN = "".join(f"Sentence {n} of a long report. " for n in range(10))


@pytest.mark.parametrize(
    ("marks", "chosen"),
    [
        (((10, 40), (10, 100)), ((10, 40),)),
        (((10, 40), (10, 100)), ((10, 100),)),
        (((10, 100),), ((50, 60),)),
        (((10, 60), (40, 100), (40, 60)), ((40, 100), (5, 12))),
        (((10, 100), (20, 90), (30, 80)), ()),
    ],
)
def test_marks_in_each_other_keep_all_their_words_and_the_chosen_are_exactly_theirs(
    marks: Spans, chosen: Spans
) -> None:
    page = article_html(Article(SPOKEN), marks, chosen)
    assert spans_of(page) == {(start, end): SPOKEN[start:end] for start, end in {*marks, *chosen}}
    strong = {place for span in chosen for place in range(*span)}
    told = "".join(re.findall(r'<mark class="chosen"[^>]*>(.*?)</mark>', page))
    assert plain(told) == "".join(SPOKEN[place] for place in sorted(strong))
    assert f'data-chosen="{" ".join(f"{start}-{end}" for start, end in chosen)}"' in page


@pytest.mark.parametrize("before", ["🙂 ", "👩‍👩‍👧 ", "e\u0301 ", "𝒜𝒷 ", "שָׁלוֹם "])
def test_words_are_marked_where_they_are_after_signs_of_several_units(before: str) -> None:
    text = f"{before * 3}The bridge was closed. {before}It is open again."
    start = text.index("It is")
    assert spans_of(article_html(Article(text), ((start, start + 5),)))[start, start + 5] == "It is"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "en"),
        ("pt-BR", "pt-BR"),
        ("zh-Hant-TW", "zh-Hant-TW"),
        ("", ""),
        ("English", ""),
        ('e"><b>', ""),
    ],
)
def test_a_language_is_said_where_it_is_a_plain_code(language: str, told: str) -> None:
    page = article_html(replace(HARBOUR, language=language))
    said = f' lang="{told}"' if told else ""
    assert f'<h2 dir="auto"{said}>' in page
    assert f'<div class="body"{said}>' in page


def test_many_days_and_paragraphs_are_written_in_good_time() -> None:
    begun = time.thread_time()
    html = article_html(Article("on Friday\n\n" * 9000, published=date(2020, 6, 12)))
    assert html.count('class="day"') == 9000
    assert time.thread_time() - begun < 5
