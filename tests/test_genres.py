from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from scripted import Scripted
from storing import HashEmbedding

from assistant.answering import Assistant
from assistant.export import to_text
from assistant.in_words import dateline
from assistant.settings import Settings
from assistant.types import Answer
from index import Article, ArticleIndex
from index.extract import article_from_html, article_from_markdown, article_from_row
from index.genres import genre, stated_genre

STORY = " ".join(
    f"The harbour of Brae was open to ships for {n} days, and the ferry Aurora lay there all the time."
    for n in range(2, 12)
)


def page(head: str = "", body: str = "") -> str:
    story = "".join(f"<p>{sentence}.</p>" for sentence in STORY.split(". "))
    title = "<title>What the harbour is for</title>"
    told = f"<article><h1>What the harbour is for</h1>{body}{story}</article>"
    return f"<html><head>{title}{head}</head><body>{told}</body></html>"


def data(**fields: object) -> str:
    made = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "What the harbour is for"}
    return f'<script type="application/ld+json">{json.dumps(made | fields)}</script>'


@pytest.mark.parametrize(
    ("head", "stated"),
    [
        ('<meta property="article:section" content="Opinion">', "opinion"),
        ('<meta property="article:section" content="News"><meta name="genre" content="Op-Ed">', "opinion"),
        ('<meta name="parsely-section" content="Letters to the Editor">', "opinion"),
        (data(**{"@type": "OpinionNewsArticle"}), "opinion"),
        (data(**{"@type": ["NewsArticle", "https://schema.org/AnalysisNewsArticle"]}), "analysis"),
        (data(**{"@type": "ReviewNewsArticle"}), "review"),
        (data(**{"@type": "AdvertiserContentArticle"}), "sponsored"),
        (data(articleSection=["World", "Commentary"]), "opinion"),
        (data(articleSection="Opinion | Columnists", genre="Paid Post"), "sponsored"),
        (data(genre="News analysis"), "analysis"),
        (data(articleSection="Album Reviews, Music"), "review"),
        (data(articleSection={"name": "Opinion"}, genre=7), ""),
        (data(articleSection="Public opinion"), ""),
        ('<meta property="article:section" content="World">', ""),
        ('<meta property="article:tag" content="opinion">', ""),
        (data(headline="Another story", url="https://post.example/other", genre="Opinion"), ""),
    ],
)
def test_a_page_says_what_its_article_is(head: str, stated: str) -> None:
    address = '<link rel="canonical" href="https://post.example/harbour">'
    article = article_from_html(page(address + head))
    assert "Aurora" in article.text
    assert (article.genre, genre(article)) == (stated, stated)


def test_a_link_that_is_paid_for_makes_no_article_so() -> None:
    link = '<p>Its owner sells <a rel="sponsored nofollow" href="https://shop.example/">rope</a> too.</p>'
    assert genre(article_from_html(page(body=link))) == ""


@pytest.mark.parametrize(
    ("fields", "stated"),
    [
        ({"section": "Opinion"}, "opinion"),
        ({"genre": "analysis", "category": "world"}, "analysis"),
        ({"categories": ["Harbours", "Sponsored content"]}, "sponsored"),
        ({"section": "World", "category": 12, "genre": {"id": 3}, "sections": ["a", None]}, ""),
    ],
)
def test_a_row_and_front_matter_say_it_too(fields: dict[str, object], stated: str) -> None:
    assert article_from_row(json.dumps({"text": STORY, **fields})).genre == stated
    if all(isinstance(value, str) for value in fields.values()):
        head = "".join(f"{name}: {value}\n" for name, value in fields.items())
        assert article_from_markdown(f"---\n{head}---\n{STORY}").genre == stated


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Opinion: The harbour should be sold", "opinion"),
        ("The harbour should be sold | Opinion", "opinion"),
        ("The harbour should be sold | Opinion | The Post", "opinion"),
        ("Analysis: What the harbour is really about", "analysis"),
        ("Book review: A life in the harbour", "review"),
        ("Paid Post | Ten ropes for your boat", "sponsored"),
        ("Review: police ignored warnings", ""),
        ("Judicial review: what it is", ""),
        ("Public opinion turns on the harbour", ""),
        ("Harbour master: no comment — yet", ""),
        ("Analysis of the water shows oil", ""),
    ],
)
def test_a_headline_says_it_at_its_beginning_or_its_end(title: str, kind: str) -> None:
    assert genre(Article(STORY, title)) == kind


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Sponsored by Brae Ropes Ltd", "sponsored"),
        ("This article is sponsored by Brae Ropes", "sponsored"),
        ("Paid content from Brae Ropes", "sponsored"),
        ("ADVERTISEMENT FEATURE", "sponsored"),
        ("Gesponsert von Brae Ropes", "sponsored"),
        ("Sponsored by two senators, the bill would close the harbour. It passed.", ""),
        ("Paid post office workers went on strike", ""),
        ("Paid for by its fishermen, the pier was opened yesterday.", ""),
    ],
)
def test_a_line_at_the_head_of_a_text_says_who_paid_for_it(line: str, kind: str) -> None:
    assert genre(Article(f"{line}\n\n{STORY}")) == kind
    assert genre(Article(f"{STORY}\n\nMore.\n\nAnd more.\n\n{line}")) == ""


def test_what_is_paid_for_comes_before_whose_opinion_it_is() -> None:
    assert stated_genre(["OpinionNewsArticle"], ["Sponsored"]) == "sponsored"


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("opinion", ", opinion by Ines Calder"),
        ("analysis", ", analysis by Ines Calder"),
        ("review", ", review by Ines Calder"),
        ("sponsored", ", sponsored"),
        ("", ""),
    ],
)
def test_wherever_an_article_is_named_its_genre_is_and_whose_it_is(kind: str, said: str) -> None:
    article = Article(STORY, outlet="The Post", byline="Ines Calder", published=date(2020, 5, 4), genre=kind)  # type: ignore[arg-type]
    assert dateline(article) == f"The Post, 4 May 2020{said}"


def test_an_opinion_is_told_in_the_answer_the_sources_the_record_and_to_a_model(tmp_path: Path) -> None:
    text = "The ferry Aurora is too old for the sea. Brae needs a new ferry, and needs it now."
    article = Article(text, "Too old", "The Post", "Ines Calder", published=date(2020, 5, 4), genre="opinion")
    question, said = "Is the ferry Aurora too old?", "The Post, 4 May 2020, opinion by Ines Calder"
    with ArticleIndex.open(tmp_path, HashEmbedding()) as index:
        index.add([article])
        assert index.article(article.id).genre == "opinion"
        answer = Assistant(index, settings=Settings()).answer(question)
        model = Scripted(script=lambda asked: "The passages do not say.")
        Assistant(index, llm=model, settings=Settings()).answer(question)
        assert index.doctor().healthy
    assert answer.text.startswith(f"{said}: “")
    assert f"[1] {said}: Too old" in to_text(answer)
    assert Answer.from_dict(answer.to_dict()).sources[0].article.genre == "opinion"
    assert f"Reported by: {said}\n" in model.prompts[0]
    assert "Name the author of an opinion; say what is sponsored." in model.prompts[0]


@pytest.mark.parametrize(
    ("article", "stated"),
    [
        (Article("The pier is of oak.\n\nThis article is sponsored by Olm Oak."), "sponsored"),
        (Article("Paid for by the Brae Gas Board.\n\nThe pier is heated."), "sponsored"),
        (Article("Paid for by the town. It cost nine million, and the mayor wept."), ""),
        (Article("The pier is heated.", "Gas for all (Advertisement)"), "sponsored"),
        (Article("The pier is heated.", "Tear it down [Opinion]"), "opinion"),
        (Article("The pier is heated.", "Gas board drops its (advertisement) plan"), ""),
        (
            Article(
                "A bus hit it.", "Comment: row over pier", url="https://post.example/news/opinion/2020/bus"
            ),
            "opinion",
        ),
    ],
)
def test_a_full_stop_or_brackets_hide_no_label(article: Article, stated: str) -> None:
    assert genre(article) == stated
