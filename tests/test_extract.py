from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from itertools import islice, product
from pathlib import Path
from time import monotonic

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.characters import clean, decode, paragraphs_of
from index.credits import read_credit
from index.dates import parse_date
from index.extract import (
    ExtractError,
    article_from_html,
    article_from_markdown,
    article_from_row,
    article_from_text,
)
from index.fields import front_matter
from index.language import language_of
from index.residue import is_furniture, without_residue
from index.sources.reading import read_articles
from index.types import Article

DATA = Path(__file__).parent / "data" / "extract"
SAVED = Path(__file__).parents[2] / "shared" / "articles"
SAMPLE = Path(__file__).parents[1] / "articles"
STORY = "The old bridge was closed on Friday.\n\nNobody knows for how long it will stay closed."
PARAGRAPH = "<p>The old bridge over the harbour was closed on Friday, and nobody knows for how long.</p>" * 6


# --- the articles as someone saved them -------------------------------------------------------------


def saved(number: str) -> Article:
    if not SAVED.is_dir():
        pytest.skip(f"the saved articles are not at {SAVED}")
    (path,) = SAVED.glob(f"{number}_*.txt")
    return article_from_text(path.read_bytes(), source=str(path))


def test_the_first_saved_article_keeps_its_story_and_loses_the_form() -> None:
    article = saved("000")
    paragraphs = article.text.split("\n\n")
    assert paragraphs[0].startswith("Today marks the second anniversary of the first summit")
    assert paragraphs[-1].endswith("including a hotline between the two countries’ leaders.")
    assert "No longer possible" in paragraphs
    assert len(paragraphs) == 16
    assert (article.title, article.published, article.date_source) == ("", None, "")
    assert article.language == "en"


def test_the_second_saved_article_keeps_its_story_and_gets_headline_and_date() -> None:
    article = saved("003")
    paragraphs = article.text.split("\n\n")
    assert article.title.startswith("Trump humiliated as Kim Jong-un refuses")
    assert article.published == datetime(2020, 6, 13, 1, 6, tzinfo=timezone.utc)
    assert article.date_source == "text"
    assert paragraphs[0].startswith("The two leaders met for the first time two years ago on June 12")
    assert paragraphs[-1].endswith("that left several million dead.")
    assert len(paragraphs) == 19
    for residue in (article.title, "READ MORE", "Published at", "Please enter"):
        assert residue not in article.text


# --- plain text -------------------------------------------------------------------------------------

TAIL = """

Leave a Reply Cancel reply

Your email address will not be published. Required fields are marked *

Comment *

Name

Email

Website

Save my name, email, and website in this browser for the next time I comment."""


@pytest.mark.parametrize(
    "text",
    [
        STORY + "\n\nPlease enter your comment!\nPlease enter your name here",
        STORY + "\n\nPlease enter your comment!\n\nPublished at Sat, 13 Jun 2020 01:06:00 +0000",
        STORY + TAIL,
        "ADVERTISEMENT\n\n" + STORY.replace("\n\n", "\n\nREAD MORE: Ten bridges that fell\n\n"),
        STORY.replace(
            "\n\n", "\n\nRelated: What became of the ferry?\n\nStory continues below advertisement\n\n"
        ),
        STORY + "\n\nSign up for our free daily newsletter\n\n© The Quayside Post. All rights reserved.",
        "Updated 3 hours ago\r\n\r\n" + STORY.replace("\n", "\r\n") + "\r\n\r\nShare this:\r\n",
    ],
)
def test_residue_goes_and_the_story_stays(text: str) -> None:
    assert article_from_text(text).text == STORY


@pytest.mark.parametrize(
    "paragraph",
    [
        "Advertisement revenue fell by a third, the company said.",
        "Read more books, the minister told the children.",
        "Related firms were not examined.",
        "Name the price, he said.",
        "Website",
        "“Sign up for the newsletter,” he joked.",
        "Watch: he had said it before, and nobody listened.",
        "By Friday the talks were over.",
        "By the Numbers",
        "Published at dawn, the statement surprised the ministry.",
        "Updated figures will follow on June 12, 2020.",
        "June 12, 2020, was a quiet day in Seoul.",
    ],
)
def test_sentences_that_only_begin_like_residue_stay(paragraph: str) -> None:
    text = f"{STORY}\n\n{paragraph}\n\n{STORY}"
    assert paragraph in article_from_text(text).text.split("\n\n")


SENTENCE = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), min_size=1, max_size=300
).map(lambda words: " ".join(clean(words).split()) + ".")


@settings(max_examples=300)
@given(st.lists(SENTENCE, min_size=1, max_size=8))
def test_no_paragraph_that_ends_like_a_sentence_is_lost_unless_it_has_a_known_form(
    paragraphs: list[str],
) -> None:
    expected = [p for p in paragraphs if not is_furniture(p) and not read_credit(p)]
    kept = list(without_residue(paragraphs).paragraphs)
    doubled = len(paragraphs) > 1 and paragraphs[0].casefold() == paragraphs[1].casefold()
    assert doubled or [p for p in kept if p in expected] == expected


def test_a_doubled_headline_becomes_the_title() -> None:
    article = article_from_text(f"Old bridge closed.\n\nOld bridge closed.\n\n{STORY}")
    assert (article.title, article.text) == ("Old bridge closed.", STORY)


def test_a_short_first_line_without_a_full_stop_becomes_the_title() -> None:
    article = article_from_text(f"Old bridge closed to everyone\n\n{STORY}")
    assert (article.title, article.text) == ("Old bridge closed to everyone", STORY)


def test_a_question_is_a_headline_where_its_author_comes_next() -> None:
    article = article_from_text(f"Who closed the old bridge?\n\nBy Ines Valdrake\n\n{STORY}")
    assert (article.title, article.byline, article.text) == (
        "Who closed the old bridge?",
        "Ines Valdrake",
        STORY,
    )
    assert article_from_text(f"Who closed the old bridge?\n\n{STORY}").title == ""


def test_a_given_title_is_not_said_again_in_the_text() -> None:
    article = article_from_text(f"OLD BRIDGE CLOSED\n\n{STORY}", title="Old bridge closed")
    assert (article.title, article.text) == ("Old bridge closed", STORY)


@pytest.mark.parametrize(
    ("line", "outlet", "byline", "published", "modified"),
    [
        ("By Ines Valdrake, 12 June 2020", "", "Ines Valdrake", date(2020, 6, 12), None),
        ("Von Ines Valdrake | 12. Juni 2020", "", "Ines Valdrake", date(2020, 6, 12), None),
        (
            "The Quayside Post | Friday, June 12, 2020 | Ines Valdrake",
            "The Quayside Post",
            "Ines Valdrake",
            date(2020, 6, 12),
            None,
        ),
        ("Ines Valdrake, The Quayside Post", "The Quayside Post", "Ines Valdrake", None, None),
        (
            "Harbour Wire · June 12, 2020 · as published in the Quayside Post",
            "Quayside Post",
            "",
            date(2020, 6, 12),
            None,
        ),
        ("Quayside Post (Harbour Wire), 12 June 2020", "Quayside Post", "", date(2020, 6, 12), None),
        ("Posted on June 12, 2020 by Tom Harrowgate", "", "Tom Harrowgate", date(2020, 6, 12), None),
        ("June 12, 2020 Updated June 13, 2020, 4:47 p.m. ET", "", "", date(2020, 6, 12), date(2020, 6, 13)),
        ("Published: 12 June 2020 | Updated: 13 June 2020", "", "", date(2020, 6, 12), date(2020, 6, 13)),
        ("Last updated on 13 June 2020", "", "", None, date(2020, 6, 13)),
    ],
)
def test_a_line_about_the_article_is_read_and_taken_out(
    line: str, outlet: str, byline: str, published: date | None, modified: date | None
) -> None:
    article = article_from_text(f"Old bridge closed to everyone\n\n{line}\n\n{STORY}")
    assert article.text == STORY
    found = (article.outlet, article.byline, article.published, article.modified)
    assert found == (outlet, byline, published, modified)
    assert article.date_source == ("text" if published else "")


def test_the_date_of_a_wire_dateline_is_read_and_stays() -> None:
    article = article_from_text(f"OSTERMOUTH, March 5, 2021 (Harbour Wire) — {STORY}")
    assert article.published == date(2021, 3, 5)
    assert article.text.startswith("OSTERMOUTH, March 5, 2021")


WIRE = f"OSTERMOUTH, March 5, 2021 (Harbour Wire) — {STORY}"
LATE = f"{STORY}\n\n{STORY}"


@pytest.mark.parametrize(
    "text",
    [
        f"{WIRE}\n\nJohn Smith, 4 April 2022\n\nNice read, thank you.",
        f"{WIRE}\n\nJohn Smith, 4 April 2022",
        f"{WIRE}\n\nTen bridges that fell\n\nBy Jane Doe, 3 May 2009",
        f"{WIRE}\n\n27 July 1953\n\n{STORY}",
        f"Old bridge closed to everyone\n\nMarch 5, 2021\n\n{LATE}\n\nJohn Smith, 4 April 2022",
        f"{WIRE}\n\nPublished on 4 April 2022",
    ],
)
def test_the_articles_own_dateline_is_its_date_whatever_comes_later(text: str) -> None:
    article = article_from_text(text)
    assert (article.published, article.byline) == (date(2021, 3, 5), "")


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("Published at Sat, 13 Jun 2020", date(2020, 6, 13)),
        ("The Quayside Post, 12 June 2020", date(2020, 6, 12)),
        ("John Smith, 4 April 2022", None),
        ("Posted by John Smith on 4 April 2022", None),
        ("Ten bridges that fell\n\nPublished 3 May 2009", None),
        ("Ten bridges that fell\n\nBy Jane Doe, 3 May 2009", None),
        ("27 July 1953", None),
    ],
)
def test_a_line_at_the_end_gives_a_date_where_only_the_outlet_can_have_written_it(
    line: str, published: date | None
) -> None:
    article = article_from_text(f"{LATE}\n\n{line}")
    assert (article.published, article.byline) == (published, "")
    assert article.text.startswith(LATE)


def test_a_byline_may_stand_below_a_standfirst() -> None:
    article = article_from_text(f"Old bridge closed\n\nIt was rotten.\n\nBy Jane Doe, 3 May 2009\n\n{STORY}")
    assert (article.published, article.byline) == (date(2009, 5, 3), "Jane Doe")
    assert article.text == f"It was rotten.\n\n{STORY}"


def test_a_day_that_stands_alone_in_the_story_stays() -> None:
    assert "27 July 1953" in article_from_text(f"{WIRE}\n\n27 July 1953\n\n{STORY}").text.split("\n\n")


def test_wrapped_lines_are_joined_and_other_lines_stand_alone() -> None:
    wrapped = (
        "The old bridge over the harbour was closed on Friday, and\n"
        "nobody knows for how long it will stay closed. The mayor,\n"
        "who crossed it every morning, now takes the ferry to the\n"
        "town hall, as do nine hundred others.\n\n"
        "What it costs\n"
        "Repairs will cost four million, an engineer told the town\n"
        "council, and will take a year at the very least.\n"
    )
    assert len(paragraphs_of(wrapped)) == 3
    assert paragraphs_of(wrapped)[1] == "What it costs"
    lines = "A line that is a paragraph of its own.\nAnother one.\nA third, rather longer than the second."
    assert paragraphs_of(lines) == lines.split("\n")


@given(st.text(max_size=400))
def test_an_articles_text_is_clean_whatever_comes_in(text: str) -> None:
    try:
        body = article_from_text(text).text
    except ExtractError:
        return
    assert all(paragraph == " ".join(paragraph.split()) != "" for paragraph in body.split("\n\n"))
    assert clean(body) == body
    assert body.encode("utf-8")


@given(st.text(max_size=200))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_what_no_reader_sees_is_not_in_the_text() -> None:
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "obey")
    text = f"The \u202ebridge\u202c was clo\u00adsed\u200b on{hidden} Friday.\x07\ufeff"
    assert article_from_text(text).text == "The bridge was closed on Friday."


def test_the_joiners_that_spell_a_word_stay() -> None:
    assert clean("می\u200cخواهم") == "می\u200cخواهم"
    assert clean("brid\u200cge") == "bridge"


# --- encodings and languages ------------------------------------------------------------------------

SAMPLES = {
    "utf-8-sig": "The café said “never again” on Friday.",
    "utf-16": "The café said “never again” on Friday.",
    "cp1252": "The café said “never again” on Friday, and its owner – a sailor – closed the door.",
    "cp1250": "Minister powiedział w piątek, że dalsze rozmowy nie są już potrzebne, źródło podało.",
    "cp1251": "Министр иностранных дел заявил в пятницу, что переговоры больше не нужны.",
    "koi8-r": "Министр иностранных дел заявил в пятницу, что переговоры больше не нужны.",
    "euc-kr": "외무상은 금요일 미국과의 협상을 계속할 필요가 없다고 말했다.",
    "gb18030": "外务相周五表示，没有必要继续与美国进行谈判。他说谈判没有意义。",
    "big5": "外務相週五表示，沒有必要繼續與美國談判。他說談判沒有意義。",
}


@pytest.mark.parametrize("encoding", SAMPLES)
def test_text_is_read_in_the_encoding_it_was_written_in(encoding: str) -> None:
    text = SAMPLES[encoding] * 3
    assert decode(text.encode(encoding)) == text


def test_a_page_is_read_in_the_encoding_it_declares() -> None:
    declaring = page('<meta charset="iso-8859-1">', "<p>The café “Möwe” was closed too, on Saturday.</p>")
    assert "café “Möwe”" in article_from_html(declaring.encode("cp1252")).text


def test_one_slip_in_a_long_text_does_not_change_its_encoding() -> None:
    text = "Der Außenminister äußerte sich enttäuscht über die Gespräche. " * 40
    assert "äußerte" in decode(text.encode() + b"\xff Ende.")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The talks ended early, and the leaders left the city without a deal on sanctions."),
        ("de", "Die Gespräche endeten früh, und der Minister ist mit dem Ergebnis nicht zufrieden."),
        ("fr", "Les pourparlers ont pris fin et les dirigeants sont partis de la ville sans accord."),
        ("es", "Las conversaciones terminaron y los líderes se fueron de la ciudad sin un acuerdo."),
        ("it", "I colloqui sono finiti e i leader hanno lasciato la città senza un accordo per la pace."),
        ("nl", "De gesprekken zijn vroeg geëindigd en het is niet bekend of er een akkoord is."),
        (
            "pt",
            "As conversas terminaram cedo e os líderes deixaram a cidade sem um acordo de paz com o Norte.",
        ),
        ("ru", "Переговоры закончились рано, и лидеры уехали без соглашения."),
        ("uk", "Переговори закінчилися рано, і лідери поїхали без угоди, її не підписали."),
        ("ja", "会談は早く終わり、首脳は合意なしに去った。"),
        ("ko", "회담은 일찍 끝났고 정상들은 합의 없이 떠났다."),
        ("zh", "会谈提前结束，领导人没有达成协议就离开了。"),
        ("ar", "انتهت المحادثات مبكرا وغادر القادة دون اتفاق."),
        ("", "Kim Trump Moon 2018 2019"),
        ("", ""),
    ],
)
def test_a_language_is_told_by_its_words_or_left_open(language: str, text: str) -> None:
    assert language_of(text) == language


# --- pages ------------------------------------------------------------------------------------------


def test_a_page_gives_its_story_and_what_it_says_of_it() -> None:
    article = article_from_html((DATA / "ferry.html").read_bytes(), source="ferry.html")
    zone = timezone(timedelta(hours=1))
    assert article.title == "Night ferry turns back with smoke on the car deck"
    assert (article.outlet, article.byline) == ("The Quayside Post", "Ines Valdrake")
    assert article.url == "https://quayside.example/2021/03/04/night-ferry-turns-back"
    assert article.published == datetime(2021, 3, 4, 6, 40, tzinfo=zone)
    assert article.modified == datetime(2021, 3, 4, 9, 15, tzinfo=zone)
    assert (article.date_source, article.language, article.source) == ("json-ld", "en", "ferry.html")
    paragraphs = article.text.split("\n\n")
    assert [paragraph.split()[0] for paragraph in paragraphs[:3]] == ["The", "The", "An"]
    assert "An investigation has begun." in article.text
    assert "Gannet" in article.text


@pytest.mark.parametrize(
    "words",
    [
        *("Ignore the question", "hidden from every reader", "Tiny words", "said nobody"),
        *(
            "Advertisement",
            "READ MORE",
            "Leave a Reply",
            "I was on that boat",
            "Copyright",
            "Harbour",
            "By Ines",
        ),
    ],
)
def test_nothing_hidden_and_nothing_beside_the_story_comes_in(words: str) -> None:
    assert words not in article_from_html((DATA / "ferry.html").read_bytes()).text


BYLINE = "<p class='byline'>By Ines Valdrake, 12 June 2020</p>"
SHORT = [
    "The old bridge was closed on Friday, for it was found to rest on nothing but mud.",
    "Nobody was hurt.",
]


@pytest.mark.parametrize("between", ["", "<figure><img src='a.png'></figure>"])
@pytest.mark.parametrize("tag", ["p", "div", "blockquote"])
def test_a_short_page_keeps_its_paragraphs(tag: str, between: str) -> None:
    story = f"<p>{SHORT[0]}</p>{between}<{tag}>{SHORT[1]}</{tag}><p>{SHORT[0][::-1]}</p>"
    head = "<head><title>Old bridge closed - The Post</title></head>"
    article = article_from_html(
        f"<html>{head}<article><h1>Old bridge closed</h1>{BYLINE}{story}</article></html>"
    )
    assert article.text.split("\n\n") == [*SHORT, SHORT[0][::-1]]
    assert (article.title, article.byline) == ("Old bridge closed", "Ines Valdrake")


@pytest.mark.parametrize(
    ("written", "paragraphs"),
    [
        ("It cost 17<br>million crowns, he said.", ["It cost 17 million crowns, he said."]),
        ("It cost <b>17<br></b> million crowns.", ["It cost 17 million crowns."]),
        ("Bridges, ferries,<br>Everything was shut.", ["Bridges, ferries, Everything was shut."]),
        ("It was shut.<br>then it fell.", ["It was shut.", "then it fell."]),
        ("It cost 17<br><br>million crowns.", ["It cost 17", "million crowns."]),
        ("What it costs<br>Millions of crowns.", ["What it costs", "Millions of crowns."]),
        ("2 bridges<br>etwas Butter", ["2 bridges", "etwas Butter"]),
        ("one bridge<br>two ferries", ["one bridge", "two ferries"]),
        ("To do:<br>a) close it<br>b) build it", ["To do:", "a) close it", "b) build it"]),
    ],
)
def test_a_line_break_within_a_sentence_is_a_space(written: str, paragraphs: list[str]) -> None:
    assert "\n\n".join(paragraphs) in article_from_html(page("", f"{PARAGRAPH}<p>{written}</p>")).text
    marked = written.replace("<br><br>", "\n\n").replace("<br>", "  \n")
    if "<" not in marked:
        assert article_from_markdown(f"{STORY}\n\n{marked}").text.endswith("\n\n".join(paragraphs))


def page(head: str = "", body: str = "") -> str:
    story = f"<article><h1>Old bridge closed</h1>{body}{PARAGRAPH}</article>"
    return f"<html><head>{head}</head><body>{story}</body></html>"


def linked(data: str) -> str:
    return f'<script type="application/ld+json">{data}</script>'


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def time_of(day: str, kind: str = "") -> str:
    return f'<time class="{kind}" datetime="{day}">then</time>'


ADDRESS = '<link rel="canonical" href="https://quayside.example/2021/03/05/bridge">'
MARCH_5 = date(2021, 3, 5)
OLD = date(2011, 1, 1)
ARTICLE_OF_MARCH_5 = '{"@type": "NewsArticle", "datePublished": "2021-03-05"}'
ARTICLE_OF_THAT_NIGHT = '{"@type": "NewsArticle", "datePublished": "2021-03-06T03:00:00Z"}'


@pytest.mark.parametrize(
    ("head", "body", "published", "place"),
    [
        (linked(ARTICLE_OF_MARCH_5), "", MARCH_5, "json-ld"),
        (linked(f"//<![CDATA[\n{ARTICLE_OF_MARCH_5}\n//]]>"), "", MARCH_5, "json-ld"),
        (linked(ARTICLE_OF_THAT_NIGHT) + ADDRESS, "", MARCH_5, "json-ld"),
        (
            meta("article:published_time", "2021-03-05") + meta("og:updated_time", "2021-03-06"),
            "",
            MARCH_5,
            "meta",
        ),
        ('<meta name="DC.date.issued" content="2021-03-05">', "", MARCH_5, "meta"),
        ("", time_of("2021-03-05"), MARCH_5, "time"),
        ("", time_of("2021-03-06", "updated") + time_of("2021-03-05", "published"), MARCH_5, "time"),
        (ADDRESS, "", MARCH_5, "address"),
        ("", '<p class="date">March 5, 2021</p>', MARCH_5, "text"),
        (meta("article:modified_time", "2021-03-06"), "", None, ""),
        (meta("article:published_time", "2999-01-01"), "", None, ""),
        ("", f"<aside>{time_of('2021-03-05')}</aside>", None, ""),
        ("", time_of("2021-03-05") + time_of("2021-04-05"), None, ""),
    ],
)
def test_a_pages_date_is_read_from_the_surest_place(
    head: str, body: str, published: date | None, place: str
) -> None:
    article = article_from_html(page(head, body))
    assert (article.published, article.date_source) == (published, place)


ODD_TYPES = (
    '{"@context": "https://schema.org", "@type": "NewsArticle", "headline": ["a"], "author": [5, null]}'
)


@pytest.mark.parametrize("data", ["[[1]]", '"x"', '{"@type": 5}', "[" * 5000, "{not json", ODD_TYPES])
def test_odd_structured_data_does_not_cost_the_article(data: str) -> None:
    article = article_from_html(page(linked(data)))
    assert "nobody knows for how long" in article.text


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("Signed on <time>27 July 1953</time>, the ministry said.", "Signed on 27 July 1953, the ministry"),
        ("It cost <button>3</button> million <b>crowns</b>.", "It cost 3 million crowns."),
        ("It was <label>six</label> or <output>five</output>.", "It was six or five."),
        ("He said <q>no <i>way</i></q> to it.", "He said “no way” to it."),
        ("It cost <s>5</s> <del>4 <b>or</b></del> 3 crowns.", "It cost 3 crowns."),
        ("It was 10<sup>6</sup> tons of H<sub>2</sub>O.", "It was 10^6 tons of H2O."),
        ("It was 1<sup>1</sup>/2 tons on the 21<sup>st</sup>.", "It was 1 1/2 tons on the 21st."),
        ("That was in 2019<sup><a href='#a'>6</a></sup>, he said.", "That was in 2019[6], he said."),
    ],
)
@pytest.mark.parametrize("tag", ["p", "blockquote", "li"])
def test_no_word_of_a_sentence_is_lost_to_the_element_it_stands_in(tag: str, body: str, words: str) -> None:
    line = f"<ul><li>{body}</li></ul>" if tag == "li" else f"<{tag}>{body}</{tag}>"
    assert words in article_from_html(page("", PARAGRAPH + line)).text
    assert words in article_from_markdown(f"{STORY}\n\n{line}").text


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("<p>It was signed on <time datetime='1953-07-27'>27 July 1953</time>, they said.</p>", None),
        ("<div>It was signed on <time datetime='1953-07-27'>27 July 1953</time>.</div>", None),
        ("<p>Ines Valdrake, <time pubdate datetime='2021-03-05'>Friday</time>, in Oslo.</p>", MARCH_5),
        ("<header><p>From Oslo, <time datetime='2021-03-05'>Friday</time>.</p></header>", MARCH_5),
        ("<p class='byline'>From Oslo, <time datetime='2021-03-05'>Friday</time>.</p>", MARCH_5),
        ("<p>Published on <time datetime='2021-03-05'>5 March 2021</time></p>", MARCH_5),
        ("<p><time datetime='2021-03-05'>Friday</time></p>", MARCH_5),
    ],
)
def test_a_day_that_a_sentence_tells_of_is_not_the_day_of_publication(
    line: str, published: date | None
) -> None:
    assert article_from_html(page("", line)).published == published


OTHER = (
    '{"@type": "NewsArticle", "headline": "Ferry sails again", "url": "/x", "datePublished": "2011-01-01"}'
)
OWN = '{"@type": "ReportageNewsArticle", "headline": "Old bridge closed", "datePublished": "2021-03-05"}'
OWN_BY_ADDRESS = """{"@type": "Article", "datePublished": "2021-03-05", "headline": "Bridge",
    "mainEntityOfPage": {"@id": "http://www.quayside.example/2021/03/05/bridge/#x"}}"""


@pytest.mark.parametrize(
    ("head", "published"),
    [
        (linked(f'{{"@graph": [{OTHER}, {OWN}]}}'), MARCH_5),
        (linked(OTHER) + linked(OWN), MARCH_5),
        (linked(OTHER) + linked(OWN_BY_ADDRESS) + ADDRESS, MARCH_5),
        (linked(OTHER) + linked(OTHER.replace("sails", "sinks")), None),
        (linked('{"@type": "ReviewAggregate", "datePublished": "2009-09-09"}'), None),
        (linked('{"@type": "Event", "datePublished": "2009-09-09"}'), None),
        (linked('{"@type": "JobPosting", "datePublished": "2009-09-09"}'), None),
        (linked('{"@type": ["WebPage", "ItemPage"], "datePublished": "2021-03-05"}'), MARCH_5),
        (linked('{"@type": "NewsArticle", "datePublished": "1970-01-01T00:00:00Z"}'), None),
    ],
)
def test_structured_data_gives_the_date_of_the_pages_own_article(head: str, published: date | None) -> None:
    assert article_from_html(page(f"<title>Old bridge closed - Post</title>{head}")).published == published


SCHEMA = "itemscope itemtype='https://schema.org/{}'"
DATED = "<span itemprop='datePublished' content='2011-01-01'>then</span>"
HEADED = "<b itemprop='headline'>Ferry sails again</b>"


@pytest.mark.parametrize(
    ("body", "published"),
    [
        (f"<div {SCHEMA.format('Comment')}>{DATED}</div>", None),
        (f"<div {SCHEMA.format('VideoObject')}>{DATED}</div>", None),
        (f"<div class='comments'>{DATED}</div>", None),
        (f"<aside>{DATED}</aside>", None),
        ("<div class='comment-list'><span class='date'>4 April 2022</span> Nice read</div>", None),
        (f"<div {SCHEMA.format('Comment')}><b itemprop='datePublished'>4 April 2022</b></div>", None),
        (f"<div {SCHEMA.format('NewsArticle')}>{HEADED}{DATED}</div>", None),
        (f"<div {SCHEMA.format('NewsArticle')}><div {SCHEMA.format('Article')}>{DATED}</div></div>", None),
        (f"<div {SCHEMA.format('Comment')}><time itemprop='datePublished'>2011-01-01</time></div>", None),
        (f"<div {SCHEMA.format('WebPage')}><div {SCHEMA.format('Article')}>{DATED}</div></div>", OLD),
        (
            f"<div {SCHEMA.format('Report')}>{HEADED.replace('Ferry sails', 'Bridge closed')}{DATED}</div>",
            OLD,
        ),
        (f"<div {SCHEMA.format('CreativeWork')}>{DATED}</div>", OLD),
        (f"<div itemscope>{DATED}</div>", OLD),
        (f"<p class='byline' {SCHEMA.format('Person')}>Jane Doe, {time_of('2011-01-01')}</p>", OLD),
        (f"<div {SCHEMA.format('Comment')}><p {SCHEMA.format('Person')}>{DATED}</p></div>", None),
    ],
)
def test_microdata_give_the_date_of_the_pages_own_article(body: str, published: date | None) -> None:
    assert article_from_html(page("<title>Old bridge closed - Post</title>", body)).published == published


@pytest.mark.parametrize("address", [ADDRESS, '<meta property="og:url" content="http://quayside.example/b">'])
def test_an_article_with_another_headline_and_address_says_nothing_of_the_page(address: str) -> None:
    other = OTHER.replace('"@type"', '"@context": "https://schema.org", "author": "Tom Low", "@type"')
    title = "<title>Old bridge closed - Post</title>"
    article = article_from_html(page(title + address + linked(other)))
    assert (article.title, article.byline, article.date_source) == (
        "Old bridge closed",
        "",
        "address" if address == ADDRESS else "",
    )
    renamed = article_from_html(page(title + address + linked(other.replace('"/x"', '""'))))
    assert renamed.date_source == "json-ld"


def many_authors(count: int) -> Iterator[str]:
    letters = "abcdefghijklmno"
    names = [f"J{''.join(three)} Doe" for three in islice(product(letters, repeat=3), count)]
    yield "".join(f"<meta name='author' content='{name}'>" for name in names)
    yield f"<meta name='author' content='{', '.join(names)}'>"
    article = {"@context": "https://schema.org", "@type": "NewsArticle"}
    for author in (names, ", ".join(names), {"name": names}, [{"name": {"name": name}} for name in names]):
        yield linked(json.dumps({**article, "author": author}))
    yield linked(json.dumps([{**article, "author": name} for name in names]))
    yield linked(json.dumps({**article, "@graph": [{"@type": "Person", "name": name} for name in names]}))


@pytest.mark.parametrize("head", list(many_authors(3000)), ids=lambda head: head[:70])
def test_a_page_with_thousands_of_authors_is_read_in_good_time(head: str) -> None:
    began = monotonic()
    assert "nobody knows for how long" in article_from_html(page(head)).text
    assert monotonic() - began < 2


@pytest.mark.parametrize("head", list(many_authors(3)), ids=lambda head: head[:70])
def test_a_few_authors_are_all_named(head: str) -> None:
    assert article_from_html(page(head)).byline.count("Doe") == 3


@pytest.mark.parametrize("offset", ["+25:99", "+24:00", "-23:99"])
def test_a_date_with_an_impossible_offset_costs_nothing_else(offset: str) -> None:
    stamp = f"2020-03-01T10:00:00{offset}"
    head = meta("og:site_name", "The Quayside Post") + f'<meta name="date" content="{stamp}">'
    ld = linked(f'{{"@type": "NewsArticle", "datePublished": "{stamp}"}}')
    assert article_from_html(page(head + ld)).outlet == "The Quayside Post"


@pytest.mark.parametrize(
    "marks",
    [
        *("style='opacity: 0'", "style='display:/* */none'", "style='position:absolute;left:-99em'"),
        *("style='text-indent:-9999px'", "style='transform: scale(0)'", "class='a d-none'", "class='hidden'"),
        *("class='sr-only'", "class='respond'", "id='respond'", "popover"),
        *("style='clip-path:inset(100%)'", "style='transform:translateX(-9999px)'", "style='right:-999px'"),
        *(
            "style='margin:0 0 0 -9999px'",
            "style='bottom:-1000px'",
            "style='opacity:-1'",
            "style='opacity:0e0'",
        ),
        *("style='filter:opacity(0)'", "style='color:transparent'", "style='zoom:0'", "style='scale:0'"),
        *("style='font:0/0 a'", "style='font-size:0.0em'", "style='font-size:.0px'"),
        *(r"style='d\69splay:none'", "style='color:rgba(1,2,3,0)'", "style='text-decoration:line-through'"),
    ],
)
def test_what_is_hidden_by_style_or_class_and_a_readers_reply_are_left_out(marks: str) -> None:
    hidden = (
        f"<div {marks}><p>The keeper of the lighthouse was a spy, as everybody knows very well.</p></div>"
    )
    assert "spy" not in article_from_html(page("", PARAGRAPH + hidden + PARAGRAPH)).text


@pytest.mark.parametrize(
    "marks",
    [
        *("class='d-none d-md-block'", "class='hidden lg:block'", "style='opacity:0.9'", "style='left:-9px'"),
        *(
            "style='transform:scale(0.5)'",
            "style='transform:translate(-50%,-50%)'",
            "style='margin-left:-15px'",
        ),
        *(
            "style='font:12px/0 a'",
            "style='color:rgb(0,0,0)'",
            "style='background-clip:text;color:transparent'",
        ),
    ],
)
def test_what_is_shown_on_a_wide_screen_or_in_another_style_stays(marks: str) -> None:
    shown = f"<p {marks}>The keeper of the lighthouse was a spy, as everybody knows very well.</p>"
    assert "spy" in article_from_html(page("", PARAGRAPH + shown + PARAGRAPH)).text


ATTRIBUTES = " ".join(f"a{number}=1" for number in range(499))
LONG = 100_000


@pytest.mark.parametrize(
    "html",
    [
        f"<p {ATTRIBUTES}>x</p>" * 800,
        "<p>" + ("<i hidden>x</i>" + "word " * 38) * 24_000,
        "<p itemprop='a b c'>hello there</p>" * 11_000,
        f"<p>1</p><p style='/*{'/*' * LONG}opacity:{'0' * LONG}x'>2</p>",
        f"<p style='left{' ' * LONG};transform:{' ' * LONG}scale({' ' * LONG}'>2</p>",
        "<p>" + "<q>a" * 180 + "10<sup>6" * 10_000,
        *(
            meta(f"{part * (LONG // len(part))}", "2020-01-01")
            for part in ("a", "a:", "article-", "published-")
        ),
        *(f"<title>{part * (LONG // len(part))}</title>" for part in (" ", "a", "a - ", "a. ", "x | ")),
        *(meta("author", part * (LONG // len(part))) for part in (" ", "A.", "By A ", "a (", " | ")),
        *(meta("article:published_time", f"2020 {part * LONG}") for part in (" ", "ET ", "1")),
        f"<div class='{'relat ' * LONG}'>" + "<time datetime='2020'>x</time>" * 60,
    ],
    ids=lambda html: f"{html[:20]} of {len(html)}",
)
def test_no_page_takes_long(html: str) -> None:
    began = monotonic()
    with contextlib.suppress(ExtractError):
        article_from_html(page("", html))
    assert monotonic() - began < 6


@pytest.mark.parametrize(
    "part", [" ", "A.", "By A ", "a (", " | ", "\n", "-", "---", "---\n", "a: b\n", "- x\n"]
)
def test_no_text_takes_long(part: str) -> None:
    text = part * (LONG // len(part))
    for make in (article_from_text, read_credit, parse_date, front_matter):
        began = monotonic()
        with contextlib.suppress(ExtractError):
            make(text)
        assert monotonic() - began < 1


def test_structured_data_that_would_take_trafilatura_minutes_is_left_out() -> None:
    data = '{"x": ""' + '"author": {' * 200_000
    article = article_from_html(page(linked(data)))
    assert article.text


def test_an_address_that_is_no_web_address_is_not_kept() -> None:
    assert article_from_html(page(), url="javascript:alert(1)").url == ""
    assert (
        article_from_html(page(), url="https://quayside.example/bridge").url
        == "https://quayside.example/bridge"
    )


# --- Markdown and rows ------------------------------------------------------------------------------


def test_markdown_gives_its_front_matter_and_its_readable_text() -> None:
    article = article_from_markdown((DATA / "library.md").read_bytes(), source="library.md")
    assert article == Article(
        text="The town library will stay open through the night from Monday, the council decided.\n\n"
        "What it costs\n\ntwo wardens\n\none night bus\n\nWe asked for it for years, said a student.",
        title="Town library: open all night",
        outlet="The Quayside Post",
        byline="Ines Valdrake, Tom Harrowgate",
        url="https://quayside.example/library",
        published=datetime(2021, 3, 5, 18, tzinfo=timezone.utc),
        date_source="front matter",
        language="en",
        source="library.md",
    )


def test_a_first_heading_is_the_title_even_if_it_asks() -> None:
    article = article_from_markdown(f"# Who closed the bridge?\n\n{STORY}")
    assert (article.title, article.text) == ("Who closed the bridge?", STORY)


def test_a_line_of_dashes_is_no_front_matter() -> None:
    assert article_from_markdown(f"---\n\n{STORY}").text == STORY


def test_a_row_gives_its_fields() -> None:
    line = (DATA / "rows.jsonl").read_bytes().splitlines()[0]
    article = article_from_row(line, source="rows.jsonl#1")
    assert article.text == "The old bridge was closed on Friday.\n\nNobody knows for how long."
    assert (article.title, article.outlet, article.byline) == (
        "Bridge closed",
        "The Quayside Post",
        "Tom Harrowgate",
    )
    assert (article.published, article.date_source) == (date(2021, 3, 5), "field")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("", "not JSON: Expecting value"),
        ("[" * 100_000, "not JSON: nested too deep"),
        ("5", "not a JSON object but a number"),
        ("{}", 'no "text" in it'),
        ('{"text": 5}', '"text" is not text'),
        ('{"text": "A story.", "published": 20210305}', '"published" is not text'),
        ('{"text": "A story.", "authors": [5]}', '"authors" is not a name or a list of names'),
        ('{"text": "A story.", "title": "' + "x" * 1001 + '"}', '"title" is longer than 1,000 characters'),
    ],
)
def test_a_row_that_is_no_article_says_why(row: str, reason: str) -> None:
    with pytest.raises(ExtractError, match=reason):
        article_from_row(row)


def test_a_date_that_cannot_be_read_is_left_out_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    article = article_from_row('{"text": "A story.", "published": "06/07/2021"}', source="rows.jsonl#1")
    assert (article.published, article.date_source) == (None, "")
    assert "rows.jsonl#1" in caplog.text


def test_metadata_that_cannot_be_read_is_logged_with_its_file(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise AttributeError("a list in place of a text")

    monkeypatch.setattr("trafilatura.metadata.extract_metadata", fail)
    with caplog.at_level(logging.DEBUG, "index"):
        assert article_from_html(page(linked("{torn")), source="bridge.html").title == "Old bridge closed"
    told = [(record.levelname, record.getMessage()) for record in caplog.records]
    assert ("DEBUG", "bridge.html: a JSON-LD block is not JSON: JSONDecodeError") in told
    failed = "bridge.html: trafilatura failed on its metadata: AttributeError"
    assert [level for level, message in told if message == failed] == ["WARNING"]


# --- the sample collection --------------------------------------------------------------------------


def test_every_article_of_the_sample_collection_is_read_whole() -> None:
    if not SAMPLE.is_dir():
        pytest.skip(f"the sample collection is not at {SAMPLE}")
    made = list(read_articles(SAMPLE))
    assert made
    assert len(made) == 32
    for article in made:
        assert article.language in {"en", "de"}
        for residue in ("READ MORE", "Please enter your", "Published at ", "Advertisement", "newsletter"):
            assert residue.lower() not in article.text.lower(), article.source


def test_a_change_before_the_publication_is_dropped_wherever_the_two_were_read() -> None:
    page = f"""<html><head><meta property="article:published_time" content="2020-06-12"></head>
    <body><article><h1>The bridge is closed</h1><p>Updated: June 1, 2020</p>{PARAGRAPH}</article>"""
    article = article_from_html(page)
    assert (article.published, article.modified) == (date(2020, 6, 12), None)
    text = f"Updated: June 1, 2020\n\nPublished: June 12, 2020\n\n{STORY}"
    assert (article_from_text(text).published, article_from_text(text).modified) == (date(2020, 6, 12), None)


@pytest.mark.parametrize(
    "url", ["https://news.example@other.example/a", "https:///a", "ftp://news.example/a"]
)
def test_an_address_that_misleads_is_not_kept(url: str) -> None:
    row = json.dumps({"text": "A story.", "url": url})
    assert article_from_row(row).url == ""
