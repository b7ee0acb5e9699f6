"""Documents that hold several articles: each part stands, changes and goes by itself."""

from __future__ import annotations

import json
from pathlib import Path

from made_documents import epub_with
from news_site import news_site

from index.library import ArticleIndex
from index.sources.source import Collection, Source
from index.types import Article

POSTS = {
    "p1": ("08:00", "The gates of the lock were opened at dawn, and the first barge went through at eight."),
    "p2": ("09:30", "A rope broke when the second barge was tied up, and the keeper closed the gates again."),
    "p3": (
        "11:15",
        "Divers freed the rope before noon, and the gates stood open for the third barge by then.",
    ),
}


def live_blog(posts: dict[str, tuple[str, str]]) -> str:
    updates = [
        {
            "@type": "BlogPosting",
            "headline": f"At {moment} at the lock",
            "articleBody": text,
            "datePublished": f"2024-03-05T{moment}:00+01:00",
            "url": f"https://soundmail.example/live/lock#{name}",
        }
        for name, (moment, text) in posts.items()
    ]
    data = {"@context": "https://schema.org", "@type": "LiveBlogPosting", "liveBlogUpdate": updates}
    blocks = "".join(
        f'<article id="{name}"><time datetime="2024-03-05T{moment}:00+01:00">{moment}</time>'
        f"<p>{text}</p></article>"
        for name, (moment, text) in posts.items()
    )
    return (
        '<html lang="en"><head><title>The lock, live</title>'
        f'<script type="application/ld+json">{json.dumps(data)}</script></head>'
        f"<body><h1>The lock, live</h1>{blocks}</body></html>"
    )


def articles(index: ArticleIndex) -> list[Article]:
    return [article for _, article in index._catalog.current_articles(0, 100)]


def test_the_posts_of_a_live_blog_are_articles_with_moments_of_their_own(
    index: ArticleIndex, tmp_path: Path
) -> None:
    path = tmp_path / "lock.html"
    path.write_text(live_blog(POSTS))
    assert len(index.sync([path]).added) == 3
    moments = sorted(article.published.isoformat() for article in articles(index) if article.published)
    assert moments == [f"2024-03-05T{moment}:00+01:00" for moment, _ in POSTS.values()]
    assert len(index.sync([path]).unchanged) == 3
    fewer = {name: POSTS[name] for name in ("p1", "p3")} | {"p4": ("14:00", POSTS["p2"][1] + " Again.")}
    path.write_text(live_blog(fewer))
    report = index.sync([path])
    assert [len(part) for part in (report.added, report.removed, report.unchanged)] == [1, 1, 2]


def test_a_live_blog_on_the_web_keeps_the_posts_that_its_page_no_longer_shows(index: ArticleIndex) -> None:
    with news_site(0) as site:
        source = Source("here", "pages", addresses=(site.address + "/live",))
        collection = Collection((source,), allow=(site.address.removeprefix("http://"),), pause_seconds=0)
        site.others["/live"] = ("text/html", live_blog(POSTS).encode())
        assert len(index.sync(collection).added) == 3
        assert len(index.sync(collection).unchanged) == 3
        site.others["/live"] = ("text/html", live_blog(dict(list(POSTS.items())[1:])).encode())
        report = index.sync(collection)
        assert (report.added, report.removed) == ((), ())
        assert index.coverage().articles == 3
        gone = index.sync(Collection((Source("here", "pages", addresses=(site.address + "/x",)),)))
        assert len(gone.removed) == 3


def test_a_page_that_becomes_a_live_blog_is_told_to_be_replaced(index: ArticleIndex, tmp_path: Path) -> None:
    path = tmp_path / "lock.html"
    path.write_text(
        f"<html><body><article><h1>The lock opens</h1><p>{POSTS['p1'][1]}</p></article></body></html>"
    )
    assert index.sync([path]).added == (str(path),)
    path.write_text(live_blog(POSTS))
    report = index.sync([path])
    assert (len(report.added), report.removed) == (3, (str(path),))


def test_the_chapters_of_an_e_book_are_articles(index: ArticleIndex, tmp_path: Path) -> None:
    path = tmp_path / "paper.epub"
    path.write_bytes(
        epub_with({f"{name}.xhtml": f"<h1>{name}</h1><p>{POSTS[name][1]}</p>" for name in POSTS})
    )
    added = index.sync([path]).added
    assert len(added) == 3
    assert all(key.startswith(f"{path}/#") for key in added)
    assert index.sync([path]).unchanged == added
    assert sorted(index.forget([path]).removed) == sorted(added)
