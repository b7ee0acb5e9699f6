from __future__ import annotations

import contextlib
import json
from datetime import date, datetime, timezone
from time import monotonic

import pytest

from index.extract import ExtractError, article_from_html, articles_from_html
from index.live import posts_of
from index.pages import parse_page

URL = "https://quayside.example/live/bridge"
BLOG = "Bridge lifted: live"
INTRO = (
    "<p>The old bridge over the harbour is being lifted this morning, and we follow it as it goes.</p>" * 4
)
HEAD = '<meta property="og:site_name" content="The Quayside Post"><title>Bridge lifted: live</title>'


def page(body: str, data: object = None) -> str:
    script = f'<script type="application/ld+json">{json.dumps(data)}</script>' if data else ""
    return (
        f"<html lang='en'><head>{HEAD}{script}</head>"
        f"<body><article><h1>Bridge lifted: live</h1>{INTRO}{body}</article></body></html>"
    )


def update(number: int, **fields: object) -> dict[str, object]:
    return {
        "@type": "BlogPosting",
        "headline": f"Crane number {number} arrives",
        "articleBody": f"Crane number {number} has come over the river on a barge, and moored at the quay.",
        "datePublished": f"2021-03-05T{10 + number:02}:00:00+00:00",
        "url": f"{URL}#p{number}",
        **fields,
    }


def live(*updates: object) -> dict[str, object]:
    return {"@type": "LiveBlogPosting", "headline": "Bridge lifted: live", "liveBlogUpdate": list(updates)}


def test_the_posts_of_structured_data_become_dated_articles_in_order() -> None:
    found = articles_from_html(
        page("", live(update(2, author={"name": "Ines Valdrake"}), update(1))), url=URL, source="live.html"
    )
    assert [article.title for article in found] == [
        f"{BLOG}: Crane number 1 arrives",
        f"{BLOG}: Crane number 2 arrives",
    ]
    assert [article.url for article in found] == [f"{URL}#p1", f"{URL}#p2"]
    assert found[0].published == datetime(2021, 3, 5, 11, tzinfo=timezone.utc)
    assert {(article.date_source, article.outlet, article.language) for article in found} == {
        ("json-ld", "The Quayside Post", "en")
    }
    assert found[1].byline == "Ines Valdrake"
    assert found[1].text == "Crane number 2 has come over the river on a barge, and moored at the quay."
    assert len({article.id for article in found}) == 2
    assert [article.source for article in found] == ["live.html#p1", "live.html#p2"]


def test_posts_of_a_page_without_an_address_are_told_apart_by_their_document() -> None:
    updates = [update(number, url="") for number in (1, 2, 2, 3)]
    updates[2]["articleBody"] = "Crane number 2 could not be moored, and was taken to the other quay instead."
    found = articles_from_html(page("", live(*updates)), source="live.html")
    assert len({article.id for article in found}) == 4
    assert {article.url for article in found} == {""}


def test_a_post_shown_on_the_page_keeps_its_paragraphs() -> None:
    first, second = "The third crane came at noon over the river.", "It was moored at the old quay by hand."
    shown = f"<div id='p3'><h3>Noon</h3><time>12:00</time><p>{first}</p><p>{second}</p></div>"
    data = live(update(1), update(3, headline="Noon", articleBody=f"{first} {second}"))
    assert articles_from_html(page(shown, data), url=URL)[1].text == f"{first}\n\n{second}"
    bare = live(update(1), update(3, headline="Noon", articleBody=None))
    assert articles_from_html(page(shown, bare), url=URL)[1].text == f"{first}\n\n{second}"


def item(number: int) -> str:
    return (
        f"<div itemprop='liveBlogUpdate' itemscope itemtype='https://schema.org/BlogPosting' id='m{number}'>"
        f"<h2 itemprop='headline'>Crane {number} lifts</h2>"
        f"<time itemprop='datePublished' datetime='2021-03-05T{10 + number}:30:00Z'>half past</time>"
        f"<div itemprop='articleBody'><p>Crane {number} took up the southern end of it.</p></div></div>"
    )


def test_the_posts_of_microdata_become_dated_articles() -> None:
    found = articles_from_html(page(item(3) + item(2)), url=URL)
    assert [article.title for article in found] == [f"{BLOG}: Crane 2 lifts", f"{BLOG}: Crane 3 lifts"]
    assert found[0].text == "Crane 2 took up the southern end of it."
    assert found[0].published == datetime(2021, 3, 5, 12, 30, tzinfo=timezone.utc)
    assert (found[0].date_source, found[0].url) == ("time", f"{URL}#m2")


def block(number: int, body: str = "<p>The bridge hung over the water for an hour.</p>") -> str:
    return (
        f"<section class='entry' id='b{number}'><time datetime='2021-03-0{number}'>5 March</time>"
        f"<h3>Part {number}</h3>{body}</section>"
    )


def test_repeated_blocks_with_an_id_and_a_time_are_posts_where_the_page_calls_itself_live() -> None:
    blocks = f"<div class='live-blog'>{block(2)}{block(1)}{block(3, '')}</div>"
    found = articles_from_html(page(blocks), url=URL)
    assert [(article.title, article.published) for article in found] == [
        (f"{BLOG}: Part 1", date(2021, 3, 1)),
        (f"{BLOG}: Part 2", date(2021, 3, 2)),
    ]
    assert {article.date_source for article in found} == {"time"}
    assert articles_from_html(page(block(2) + block(1), {"@type": "LiveBlogPosting"}), url=URL) == found


@pytest.mark.parametrize(
    "html",
    [
        page("", {"@type": "LiveBlogPosting", "headline": "Bridge lifted: live"}),
        page("", live()),
        page("", live(update(1))),
        page("", live(update(1), update(2, articleBody="", headline="Empty"))),
        page("", live(update(1), update(2, articleBody=["a", "list"]))),
        page("", live("a text", None, 5)),
        page("", {"@type": "LiveBlogPosting", "liveBlogUpdate": "text"}),
        page(item(1)),
        page(block(1) + block(2)),
        page(f"<ol class='live-blog comments'>{block(1)}{block(2)}</ol>"),
    ],
)
def test_a_page_without_two_posts_stays_one_article(html: str) -> None:
    assert articles_from_html(html, url=URL) == [article_from_html(html, url=URL)]


def test_a_post_without_a_headline_has_the_title_of_the_page() -> None:
    found = articles_from_html(page("", live(update(1, headline=""), update(2))), url=URL)
    assert [article.title for article in found] == [BLOG, f"{BLOG}: Crane number 2 arrives"]


def test_a_post_with_a_page_of_its_own_keeps_that_address() -> None:
    own = "https://quayside.example/cranes/2"
    found = articles_from_html(page("", live(update(1), update(2, url=own))), url=URL)
    assert [article.url for article in found] == [f"{URL}#p1", own]


@pytest.mark.parametrize("own", [URL, ""])
def test_no_post_has_an_address_of_another_host(own: str) -> None:
    other = "https://saltmarsh.example/cranes/2"
    found = articles_from_html(page("", live(update(1), update(2, url=other))), url=own, source="live.html")
    assert [article.url for article in found] == (
        [f"{URL}#p1", f"{URL}#2021-03-05T12%3A00%3A00%2B00%3A00"] if own else ["", ""]
    )


def test_a_post_without_an_author_is_by_that_of_its_blog() -> None:
    data = live(update(1), update(2, author={"name": "Tom Harrowgate"})) | {
        "author": {"name": "Ines Valdrake"}
    }
    assert [article.byline for article in articles_from_html(page("", data), url=URL)] == [
        "Ines Valdrake",
        "Tom Harrowgate",
    ]


@pytest.mark.parametrize(
    ("body", "posts"),
    [
        ("We are closing this blog now. Thank you for reading it.", 2),
        ("And with that, our live coverage has ended for the night.", 2),
        ("That’s all for today, good night.", 2),
        ("We are closing the quay for the night, the harbour master said.", 3),
        ("The page that the crane tore out of the log was found.", 3),
    ],
)
def test_a_note_that_closes_a_live_blog_is_no_article(body: str, posts: int) -> None:
    data = live(update(1), update(2), update(3, headline="Later", articleBody=body))
    assert len(articles_from_html(page("", data), url=URL)) == posts


def test_of_many_posts_the_newest_five_hundred_are_read() -> None:
    updates = [
        update(
            0, url=f"{URL}#{number}", articleBody=f"Bolt {number} was drawn out.", headline=f"Bolt {number}"
        )
        | {"datePublished": f"2021-03-05T{number // 60:02}:{number % 60:02}:00Z"}
        for number in range(600)
    ]
    posts = posts_of(parse_page(page("", live(*updates))))
    assert [posts[0].headline, posts[-1].headline, len(posts)] == ["Bolt 100", "Bolt 599", 500]


@pytest.mark.parametrize(
    "html",
    [
        page(f"<div id='p1'>{'<p>word</p>' * 9000}</div>", live(*[update(1, headline=None)] * 5000)),
        page("<div itemprop='liveBlogUpdate' id='a'>" * 150 + "<p>word</p>" * 9000),
        page("<div class='live-blog' id='a'>" * 150 + "<time datetime='2021-03-05'>x</time>" * 9000),
        page("we cookies " * 100_000),
    ],
    ids=["one element", "one within another", "times", "words"],
)
def test_no_live_blog_takes_long(html: str) -> None:
    began = monotonic()
    with contextlib.suppress(ExtractError):
        articles_from_html(html, url=URL)
    assert monotonic() - began < 10
