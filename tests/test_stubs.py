from __future__ import annotations

import json

import pytest

from index.extract import ExtractError, article_from_html

STORY = "".join(
    f"<p>{sentence}</p>"
    for sentence in (
        "The old bridge over the harbour was closed on Friday, after a diver found a crack.",
        "Nobody knows for how long it will stay closed, the harbour master told a meeting of shopkeepers.",
        "Nine hundred people who crossed it every morning will have to take the ferry until then.",
        "A ferry ticket costs three crowns, which the town council wants to pay from Monday on.",
    )
)
TEASER = "<p>The old bridge over the harbour was closed on Friday, after a diver found a crack.</p>"
ASKED = "<div><p>Subscribe to continue reading</p><p>Already a subscriber? Log in</p></div>"
PAID = json.dumps({"@type": "NewsArticle", "headline": "Old bridge closed", "isAccessibleForFree": False})


def page(body: str, title: str = "Old bridge closed", data: str = "") -> str:
    script = f"<script type='application/ld+json'>{data}</script>" if data else ""
    return (
        f"<html lang='en'><head><title>{title} | The Quayside Post</title>{script}</head><body>"
        f"<nav><a href='/'>Home</a><a href='/subscribe'>Get full access</a></nav>{body}</body></html>"
    )


def reason(html: str) -> str:
    with pytest.raises(ExtractError) as told:
        article_from_html(html)
    return str(told.value)


@pytest.mark.parametrize(
    "html",
    [
        page(f"<article><h1>Old bridge closed</h1>{TEASER}{ASKED}</article>"),
        page(f"<article><h1>Old bridge closed</h1>{TEASER}</article>", data=PAID),
        page(
            f"<article><h1>Old bridge closed</h1>{TEASER}<p>This article is for members only.</p></article>"
        ),
        page(f"<article><h1>Brücke zu</h1>{TEASER}<p>Weiterlesen mit einem Probemonat</p></article>"),
        page(f"<article><h1>Old bridge closed</h1>{ASKED}</article>"),
    ],
)
def test_a_teaser_before_a_paywall_is_refused(html: str) -> None:
    assert reason(html) == "only the beginning is there: the rest is behind a paywall"


def test_what_is_free_of_a_longer_article_is_taken_without_the_line_that_asks_to_be_paid() -> None:
    article = article_from_html(
        page(f"<article><h1>Old bridge closed</h1>{STORY}{ASKED}</article>", data=PAID)
    )
    assert article.text.startswith("The old bridge over the harbour was closed")
    assert article.text.endswith("the town council wants to pay from Monday on.")


def test_a_short_report_on_a_free_page_is_taken() -> None:
    assert article_from_html(page(f"<article><h1>Old bridge closed</h1>{TEASER}</article>")).text


def test_a_body_that_only_the_data_of_a_page_hold_is_taken() -> None:
    sentence = "The old bridge over the harbour was closed on Friday, after a diver found crack number {}."
    body = "\n\n".join(sentence.format(number) for number in range(40))
    data = json.dumps({"@type": "NewsArticle", "headline": "Old bridge closed", "articleBody": body})
    article = article_from_html(page(f"<article><h1>Old bridge closed</h1>{TEASER}</article>", data=data))
    assert len(article.text.split("\n\n")) == 40
    whole = page(f"<article><h1>Old bridge closed</h1>{STORY * 10}</article>", data=data)
    assert "crack number 7" not in article_from_html(whole).text


@pytest.mark.parametrize(
    ("html", "told"),
    [
        (page("<h1>Just a moment...</h1><p>Checking your browser.</p>", "Just a moment..."), "robots"),
        (
            page("<div><p>Please verify that you are a human to go on to the page.</p></div>", "Post"),
            "robots",
        ),
        (
            page("<div id='app'></div><noscript>You need to enable JavaScript to run this.</noscript>"),
            "JavaScript",
        ),
        (
            page("<p>This site requires JavaScript. Please turn on JavaScript in your browser.</p>"),
            "JavaScript",
        ),
        (
            page(
                "<h2>Your privacy</h2><p>We and our 214 partners use cookies to store data on a device and "
                "to personalise advertising. You can change this at any time.</p><button>Accept</button>",
                "The Quayside Post",
            ),
            "consent",
        ),
        (
            page(
                "<h1>Before you continue</h1><p>Choose what you allow us to keep.</p>", "Before you continue"
            ),
            "consent",
        ),
        (
            page("<h1>Log in</h1><form><input type=password></form><p>Forgot your password?</p>", "Log in"),
            "log in",
        ),
        (page(f"<h1>Page not found</h1>{TEASER}", "Page not found"), "error"),
        (page("<h1>404</h1><p>It may have moved.</p>", "404 Not Found"), "error"),
        (page("<p>Sorry, we could not find the page you asked for.</p>", "The Quayside Post"), "error"),
        (page("<h1>503 Service Unavailable</h1><p>Try again later.</p>", "503 Service Unavailable"), "error"),
        ("<html><body><div></div></body></html>", "no text in it"),
    ],
)
def test_a_page_in_place_of_an_article_is_refused_with_its_reason(html: str, told: str) -> None:
    assert told in reason(html)


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("404 bodies found after flood", "Rescuers counted 404 bodies, the ministry said."),
        ("Privacy bill passes", "The bill would make sites ask for consent before they set cookies."),
        ("Login chaos at the tax office", "Thousands could not log in to their accounts, the office said."),
        ("Just a moment of silence", "A moment of silence was kept at noon for the drowned sailors."),
        ("Bank checks browsers", "Scammers asked victims to enable JavaScript and to switch off warnings."),
        ("Paper to charge", "From May, only subscribers can read the full story, the publisher announced."),
    ],
)
def test_a_story_about_such_things_is_no_such_page(title: str, sentence: str) -> None:
    body = f"<article><h1>{title}</h1>{STORY}<p>{sentence}</p></article>"
    assert sentence in article_from_html(page(body, title)).text


@pytest.mark.parametrize("body", ["x", "Loading", "<div>ad frame</div>"])
def test_a_page_of_next_to_no_words_is_no_article(body: str) -> None:
    with pytest.raises(ExtractError, match=r"next to no text|no text"):
        article_from_html(f"<html><body>{body}</body></html>")


@pytest.mark.parametrize("body", ["Bridge closed again.", "The bridge fell.", "桥今天关闭了。"])
def test_a_page_of_one_short_sentence_is_an_article(body: str) -> None:
    assert article_from_html(f"<html><body><p>{body}</p></body></html>").text == body


def test_nothing_is_logged_of_a_page_without_a_text(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ExtractError, match="no text"):
        article_from_html("<html><body></body></html>")
    assert not caplog.records
