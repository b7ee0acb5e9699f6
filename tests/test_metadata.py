from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from assistant.in_words import dateline
from index import Article
from index.extract import article_from_html, article_from_text
from index.fields import described

STORY = "<p>The old bridge over the harbour was closed on Friday, and nobody knows for how long.</p>"


def read(head: str = "", top: str = "<h1>Old bridge closed</h1>", below: str = "") -> Article:
    return article_from_html(
        f"<html><head>{head}</head><body><article>{top}{STORY}{STORY}{below}</article></body></html>"
    )


def meta(name: str, content: str, attribute: str = "property") -> str:
    return f'<meta {attribute}="{name}" content="{content}">'


def linked(fields: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", {fields}}}</script>'


# --- headlines --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "top", "title"),
    [
        ("<title>Bridge over harbour shut</title>", "<h1>Welcome</h1>", "Bridge over harbour shut"),
        ("<title>Old bridge closed - The Post</title>", "<h1>Old bridge closed</h1>", "Old bridge closed"),
        ("<title>Old bridge closed - The Post</title>", "", "Old bridge closed"),
        ("<title>Post - The old bridge is closed</title>", "", "Post - The old bridge is closed"),
        ("", "<h1>Old bridge closed</h1><h1>Also today</h1>", "Old bridge closed"),
        ("<svg><title>Logo</title></svg><title>Bridge shut</title>", "", "Bridge shut"),
    ],
)
def test_a_heading_is_the_headline_where_the_pages_title_says_the_same(
    head: str, top: str, title: str
) -> None:
    assert read(head, top).title == title


@pytest.mark.parametrize(
    ("top", "title"),
    [
        (
            "<h1><a href='/'>Harbour bridge news</a></h1><h1>Old harbour bridge is shut</h1>",
            "Old harbour bridge is shut",
        ),
        ("<a href='https://post.example/'><h1>Harbour bridge news</h1></a>", "Old harbour bridge is shut"),
        ("<h1>Old harbour bridge is shut<a href='#shut'>¶</a></h1>", "Old harbour bridge is shut"),
        ("<h1>The Harbour Bridge News</h1><h1>Old harbour bridge is shut</h1>", "Old harbour bridge is shut"),
    ],
)
def test_a_heading_that_is_the_sites_name_is_no_headline(top: str, title: str) -> None:
    assert read("<title>Old harbour bridge is shut - The Harbour Bridge News</title>", top).title == title


OPEN_GRAPH = meta("og:title", "You will not believe this old bridge")


@pytest.mark.parametrize(
    ("head", "title"),
    [
        (OPEN_GRAPH, "You will not believe this old bridge"),
        (OPEN_GRAPH + meta("dc:title", "The old bridge is shut"), "The old bridge is shut"),
        (OPEN_GRAPH + meta("DC.title", "The old bridge is shut", "name"), "The old bridge is shut"),
        (OPEN_GRAPH + linked('"headline": "Harbour loses its old bridge"'), "Harbour loses its old bridge"),
        (meta("x:title dc:title", "The old bridge is shut") + OPEN_GRAPH, "The old bridge is shut"),
        (meta("dc:title", "") + OPEN_GRAPH, "You will not believe this old bridge"),
        (meta("weibo:article:title", "An old bridge shut"), "An old bridge shut"),
        (
            meta("og:title", "Salt &amp;amp; iron on the &lt;i&gt;bridge&lt;/i&gt;"),
            "Salt & iron on the bridge",
        ),
        (linked('"headline": ["odd"]') + OPEN_GRAPH, "You will not believe this old bridge"),
    ],
)
def test_a_headline_that_is_stated_is_taken_from_the_most_formal_statement(head: str, title: str) -> None:
    assert read(head).title == title


def test_a_stated_headline_gives_way_where_title_and_heading_agree_on_another() -> None:
    head = "<title>Old bridge closed</title>" + meta("og:title", "Harbour Post - Latest news &amp; videos")
    assert read(head).title == "Old bridge closed"


def test_names_of_outlet_and_author_are_taken_off_the_end_of_a_headline() -> None:
    names = meta("og:site_name", "The Harbour Post") + meta("author", "Jane Doe", "name")
    signed = meta("og:title", "Old bridge closed - by Jane Doe | The Harbour Post")
    assert read(names + signed).title == "Old bridge closed"


# --- outlets ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "outlet"),
    [
        (meta("og:site_name", "eSalt"), "eSalt"),
        (meta("og:site_name", "Post.example"), "Post.example"),
        (meta("og:site_name", "The Cloud") + linked('"publisher": {"name": "The Post"}'), "The Post"),
        (meta("og:site_name", "Post - news at noon") + "<title>Old bridge closed | Post</title>", "Post"),
        (
            meta("og:site_name", "Salt – the iron blog")
            + "<title>Old bridge closed | Salt – the iron blog</title>",
            "Salt – the iron blog",
        ),
        (
            meta("og:site_name", "https://post.example") + "<title>Old bridge closed | The Post</title>",
            "The Post",
        ),
        (meta("og:site_name", "post.example") + "<title>Old bridge closed | The Post</title>", "The Post"),
        (meta("og:site_name", "post.example"), "post.example"),
        (meta("DC.publisher", "The Post", "name"), "The Post"),
    ],
)
def test_an_outlet_goes_by_the_name_it_gives_itself(head: str, outlet: str) -> None:
    assert read(head).outlet == outlet


@pytest.mark.parametrize(
    ("stated", "name"),
    [
        ("The Harbour Post, 1 January 1999: “It never closed.” [1]", "The Harbour Post"),
        ("Kestrel ] Tribune", "Kestrel"),
        ("Kestrel Tribune 1 May 2020", "Kestrel Tribune"),
        ("“It never closed” said the Post", "It never closed"),
        ("Salt – the iron blog", "Salt – the iron blog"),
        ("20 Minutes", "20 Minutes"),
    ],
)
def test_an_outlet_is_a_name_and_no_credit_line_with_a_day_and_a_quotation(stated: str, name: str) -> None:
    assert described(Article("It rained."), {"outlet": stated}, "row").outlet == name
    assert dateline(Article("It rained.", outlet=stated)) == f"{name}, undated"


def test_a_publisher_may_be_named_elsewhere_in_the_structured_data() -> None:
    graph = (
        '{"@graph": [{"@type": "Organization", "@id": "#us", "name": "The Post"},'
        '{"@type": "NewsArticle", "headline": "Old bridge closed", "publisher": {"@id": "#us"}}]}'
    )
    assert read(f'<script type="application/ld+json">{graph}</script>').outlet == "The Post"


# --- bylines ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "byline"),
    [
        (meta("author", "Jane P. Doe", "name"), "Jane P. Doe"),
        (meta("byl", "By Jane P. Doe", "name"), "Jane P. Doe"),
        (meta("author", "Salt &amp; Iron", "name"), "Salt & Iron"),
        (meta("author", "王小明", "name"), "王小明"),
        (meta("dc:creator x:other", "Jane Doe") + meta("author", "The Desk", "name"), "Jane Doe"),
        (meta("DC.creator", "Doe, Jane", "name") + meta("dc:creator", "Jane Doe"), "Jane Doe"),
        (meta("dcterms:creator", "Jane Doe"), "Jane Doe"),
        (meta("author", "Jane Doe; John Roe", "name"), "Jane Doe, John Roe"),
        (meta("author", "jdoe7", "name") + meta("parsely-author", "Jane Doe", "name"), "Jane Doe"),
        (meta("author", "jdoe7", "name"), "jdoe7"),
        (meta("article:author", "https://social.example/jane"), ""),
        (meta("author", "No Author", "name"), ""),
        (meta("author", "jane@post.example", "name"), ""),
        (linked('"author": {"@type": "Organization", "name": "The Desk"}'), "The Desk"),
        (linked('"author": {"name": "Jane Doe"}') + meta("author", "The Desk", "name"), "Jane Doe"),
    ],
)
def test_an_author_is_named_as_the_page_writes_it(head: str, byline: str) -> None:
    assert read(head).byline == byline


@pytest.mark.parametrize(
    ("shown", "byline"),
    [
        ("<p class='byline'>By JANE DOE <br>March 11, 2015 3:46 PM</p>", "JANE DOE"),
        ("<p class='byline'>By JANE DOE March 11, 2015 3:46 PM</p>", "JANE DOE"),
        ("<p class='byline'>Jane Doe - 11 Mar 2015</p>", "Jane Doe"),
        ("<p class='byline'>Jane Doe • 8h</p>", "Jane Doe"),
        ("<p class='byline'>Jane Doe, Harbour Correspondent</p>", "Jane Doe"),
        ("<p class='byline'>By Jane Doe in New York and John Roe in Seoul</p>", "Jane Doe and John Roe"),
        ("<p class='byline'>Written by Jane Doe Edited by John Roe</p>", "Jane Doe"),
        ("<p class='byline'>Posted on 11 March 2015 by Jane Doe</p>", "Jane Doe"),
        ("<div class='author'><a>Jane Doe</a><div>Ferries Editor</div></div>", "Jane Doe"),
        ("<p>By <a rel='author'>Jane Doe</a> and <a rel='author'>John Roe</a></p>", "Jane Doe, John Roe"),
        (
            "<ul><li><i class='author'>Jane Doe</i><li><i class='author'>John Roe</i></ul>",
            "Jane Doe, John Roe",
        ),
        ("<i class='author'>Jane Doe</i><div><i class='author'>John Roe</i></div>", "Jane Doe"),
        ("<p class='author'>Follow</p><p class='byline'>Jane Doe</p>", "Jane Doe"),
        ("<p class='author'>June 5, 2019</p><p class='byline'>Jane Doe</p>", "Jane Doe"),
        (
            "<p itemprop='author' itemscope>Posted by <b itemprop='name'>Jane Doe</b> of the desk</p>",
            "Jane Doe",
        ),
        ("<p class='comment-author'>Jane Doe</p>", ""),
        ("<p class='author-bio'>Jane Doe has sailed since 1990.</p>", ""),
        ("<aside class='related'><p class='byline'>Jane Doe</p></aside>", ""),
        ("<p class='username'>Username</p>", ""),
    ],
)
def test_a_byline_is_read_without_what_runs_into_it(shown: str, byline: str) -> None:
    assert read(top=f"<h1>Old bridge closed</h1>{shown}").byline == byline


def test_a_byline_within_what_holds_the_headline_too_is_the_articles() -> None:
    top = "<div class='has-sidebar'><h1>Old bridge closed</h1><p class='byline'>Jane Doe</p></div>"
    assert read(top=top).byline == "Jane Doe"


@pytest.mark.parametrize(
    ("author", "byline"),
    [
        ('{"@id": "#jane"}', "Jane Doe"),
        ('{"givenName": "Jane", "familyName": "Doe"}', "Jane Doe"),
        ('[{"@id": "#jane"}, {"name": "John Roe"}, "Ann Poe"]', "Jane Doe, John Roe, Ann Poe"),
        ('{"@id": "#nobody"}', "Shown Author"),
        ('{"@id": ["#jane"]}', "Shown Author"),
        ("null", "Shown Author"),
    ],
)
def test_authors_of_structured_data_may_be_described_elsewhere_in_it(author: str, byline: str) -> None:
    graph = (
        '{"@graph": [{"@type": "Person", "@id": "#jane", "name": "Jane Doe"},'
        f'{{"@type": "NewsArticle", "headline": "Old bridge closed", "author": {author}}}]}}'
    )
    head = f'<script type="application/ld+json">{graph}</script>'
    assert read(head, below="<p class='byline'>By Shown Author</p>").byline == byline


def test_an_author_who_is_the_outlet_counts_only_where_nobody_else_is_named() -> None:
    head = meta("og:site_name", "The Harbour Post") + meta("author", "The Harbour Post", "name")
    assert read(head).byline == "The Harbour Post"
    assert read(head, below="<p class='byline'>By Jane Doe</p>").byline == "Jane Doe"


# --- dates ------------------------------------------------------------------------------------------

AT_NIGHT = linked('"datePublished": "2020-06-13T03:00:00Z"')
IN_NEW_YORK = datetime(2020, 6, 12, 23, tzinfo=timezone(timedelta(hours=-4)))


@pytest.mark.parametrize(
    ("head", "shown", "published"),
    [
        (AT_NIGHT, "", datetime(2020, 6, 13, 3, tzinfo=timezone.utc)),
        (linked('"datePublished": "2020-06-12T23:00:00-04:00"'), "", IN_NEW_YORK),
        (AT_NIGHT + meta("article:published_time", "2020-06-12T23:00:00-04:00"), "", IN_NEW_YORK),
        (AT_NIGHT, "<time class='published' datetime='2020-06-12T23:00:00-04:00'>then</time>", IN_NEW_YORK),
        (AT_NIGHT, "<time class='published'>12 June 2020</time>", date(2020, 6, 12)),
        (
            AT_NIGHT,
            "<time class='updated' datetime='2020-06-12T23:00:00-04:00'>12 June 2020</time>",
            datetime(2020, 6, 13, 3, tzinfo=timezone.utc),
        ),
        (
            AT_NIGHT + meta("article:published_time", "2020-06-10T23:00:00-04:00"),
            "<time class='published'>10 June 2020</time>",
            datetime(2020, 6, 13, 3, tzinfo=timezone.utc),
        ),
    ],
)
def test_a_moment_in_utc_is_told_by_the_outlets_own_clock_where_the_page_shows_it(
    head: str, shown: str, published: date
) -> None:
    article = read(head, top=f"<h1>Old bridge closed</h1><p class='byline'>{shown}</p>")
    assert article.published == published
    assert isinstance(article.published, datetime) == isinstance(published, datetime)
    if isinstance(article.published, datetime) and isinstance(published, datetime):
        assert article.published.utcoffset() == published.utcoffset()
    assert article.date_source == "json-ld"


TEXT = "The old bridge over the harbour was closed on Friday, and nobody knows for how long."


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("Published 2020-06-12T23:00:00-04:00", IN_NEW_YORK),
        ("Published 12 June 2020, 11:00 pm -0400", IN_NEW_YORK),
        ("Published 12 June 2020, 11:00 pm", date(2020, 6, 12)),
    ],
)
def test_a_line_of_text_keeps_the_offset_that_it_gives(line: str, published: date) -> None:
    article = article_from_text(f"Old bridge closed\n\n{line}\n\n{TEXT}\n\n{TEXT}")
    assert (article.published, article.date_source) == (published, "text")
    assert article.published_day == date(2020, 6, 12)


@pytest.mark.parametrize("tags", [False, True])
def test_a_dateline_with_a_year_dates_the_story_and_stays_in_it(tags: bool) -> None:
    story = f"SALTMARSH, June 12, 2020 (Wire) — {TEXT}"
    page = f"<html><body><article><h1>Old bridge closed</h1><p>{story}</p>{STORY}</article></body></html>"
    article = article_from_html(page) if tags else article_from_text(f"{story}\n\n{TEXT}")
    assert article.published == date(2020, 6, 12)
    assert article.date_source == "dateline"
    assert article.text.startswith("SALTMARSH, June 12, 2020")


@pytest.mark.parametrize(
    ("source", "published"),
    [
        ("news/2020-06-12-bridge.txt", date(2020, 6, 12)),
        ("news/2020-06-12.txt", date(2020, 6, 12)),
        ("C:\\news\\2020-06-12 bridge.html", date(2020, 6, 12)),
        ("news/2020-06-12/bridge.txt", None),
        ("news/bridge-2020-06-12.txt", None),
        ("news/2020-06-120.txt", None),
        ("news/2020-16-12-bridge.txt", None),
        ("news/2020-06-12-export.jsonl:3", None),
    ],
)
def test_a_file_whose_name_begins_with_a_day_dates_an_article_that_does_not(
    source: str, published: date | None
) -> None:
    article = article_from_text(TEXT, source=source)
    assert (article.published, article.date_source) == (published, "file" if published else "")
    own = article_from_text(f"Published on 1 May 2019\n\n{TEXT}", source=source)
    assert (own.published, own.date_source) == (date(2019, 5, 1), "text")
