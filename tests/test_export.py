from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from sample_answers import ABSTAINED, FULL, HANOI, HARBOUR, UNDATED, quoting

from assistant.export import to_html, to_markdown, to_text
from assistant.markup import escape
from assistant.types import Answer, Source
from index.types import Article

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](https://evil.example/x.png)",
    "[click](https://evil.example/)",
    "](https://evil.example/) [x",
    "\n\n# Heading\n\n> quote\n\n- item\n\n```\ncode\n```\n",
    "[1]: https://evil.example/ 'x'",
    "[1](https://evil.example/)",
    "https://evil.example/ www.evil.example evil@evil.example <https://evil.example/>",
    "| a | b |\n|---|---|\n| c | d |",
    "=====\n-----\n***\n1. one\n2) two\n+ three",
    "&lt;b&gt; &#60;b&#62;",
    "</style></title><h1>x</h1>",
    "$x$ ~~y~~ *z* _z_ `z` \\",
]


class Page(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, name: str) -> list[str]:
        return [attrs[name] or "" for _, attrs in self.tags if name in attrs]


def rendered(markdown: str) -> Page:
    return Page(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown))


def hostile(words: str) -> Answer:
    article = Article(f"Before. {words} After.", words, words, words, words, source=words)
    question = f"Why {words}?"
    return replace(quoting(question, (article, article.text)), warnings=(words,), nearest=(article,))


def test_markdown_has_question_text_sources_quotes_scope_and_warnings() -> None:
    page = to_markdown(FULL)
    assert page.startswith("# Why did the Hanoi summit end early?\n\nAsked as of 14 June 2020")
    assert "The two sides could not agree on how far sanctions should be lifted.” [1]\n\n" in page
    assert "1. The Harbour Post, 28 February 2019: [Hanoi talks break off early](<https://harbourpost" in page
    assert "   > “Aides said the lunch was cancelled.”" in page
    assert "**Note:** One article has no date." in page
    assert "Also as Unknown outlet, undated: A note" in page


def test_every_source_is_said_to_be_published_when_and_how_that_is_known() -> None:
    said = "published 28 February 2019 (date from the page's metadata)"
    assert f"\n\n   {said}\n\n   > “" in to_markdown(FULL)
    assert f"\n    {HARBOUR.url}\n    {said}\n" in to_text(FULL)
    assert f'<p class="date" dir="auto">{escape(said)}</p><blockquote' in to_html(FULL)
    undated = quoting("Who knows?", (UNDATED, "Nobody knows when this was written."))
    assert "\n\n   undated\n\n" in to_markdown(undated)
    assert to_text(undated).endswith("\n    undated")


def test_an_answer_that_abstains_names_the_nearest_articles_in_both_forms() -> None:
    for page in (to_markdown(ABSTAINED), to_html(ABSTAINED)):
        assert "The nearest articles" in page
        assert "The Harbour Post, 28 February 2019" in page
        assert "Unknown outlet, undated" in page
        assert "Sources" not in page


@pytest.mark.parametrize("words", HOSTILE)
def test_words_from_outside_have_no_effect_in_markdown(words: str) -> None:
    tags = {tag for tag, _ in rendered(to_markdown(hostile(words))).tags}
    assert tags <= {"h1", "h2", "p", "strong", "ol", "ul", "li", "blockquote"}
    assert "://" not in to_markdown(hostile(words))


@settings(deadline=None)
@given(st.text(st.sampled_from("[]()!<>:/\\`*_#-=+1. \n&|~^ahw")))
def test_no_text_makes_a_link_or_a_tag_in_markdown(words: str) -> None:
    answer = replace(HANOI, text=HANOI.text + words, question=words)
    tags = {tag for tag, _ in rendered(to_markdown(answer)).tags}
    allowed = {"h1", "h2", "p", "ol", "li", "blockquote", "a"}
    assert tags <= allowed
    assert set(rendered(to_markdown(answer)).all("href")) == {HARBOUR.url}


@pytest.mark.parametrize("words", HOSTILE)
def test_words_from_outside_have_no_effect_in_the_html_page(words: str) -> None:
    page = Page(to_html(hostile(words)))
    assert {tag for tag, _ in page.tags} <= {
        *("html", "head", "meta", "title", "style", "body", "main"),
        *("h1", "h2", "p", "a", "span", "ul", "li", "bdi", "blockquote"),
    }
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
    assert all(address.startswith("#") for address in page.all("href"))


def test_the_html_page_needs_nothing_else_and_its_marks_lead_to_their_quotes() -> None:
    page = Page(to_html(FULL))
    assert not page.all("src")
    assert "prefers-color-scheme: dark" in to_html(FULL)
    targets = [address[1:] for address in page.all("href") if address.startswith("#")]
    assert len(set(targets)) == len(targets) == 3
    assert set(targets) <= set(page.all("id"))


def test_a_mark_whose_claim_is_not_known_leads_to_its_source() -> None:
    page = Page(to_html(Answer("It rained. [1]", "?", sources=(Source(1, HARBOUR),))))
    assert page.all("href")[0] == "#source-1"
    assert "source-1" in page.all("id")


def test_the_text_for_a_terminal_names_each_source_and_carries_nothing_that_steers_it() -> None:
    nasty = replace(HARBOUR, title="\x1b[31mRed\nand \u202emore", outlet="The\x07 Post", url="")
    page = to_text(replace(quoting("Why?", (nasty, "HANOI")), warnings=("Mind\x1b this.",), nearest=(nasty,)))
    assert "[1] The Post, 28 February 2019: [31mRed and more\n    hanoi.html" in page
    assert "articles/" not in page  # a folder says who keeps it
    assert page.endswith("Note: Mind this.")
    assert page.replace("\n", "").isprintable()
    assert "  - Unknown outlet, undated: A note" in to_text(ABSTAINED)


def test_the_answer_object_offers_all_three_forms() -> None:
    assert FULL.to_markdown() == to_markdown(FULL)
    assert FULL.to_html() == to_html(FULL)
    assert Answer.from_dict(json.loads(json.dumps(FULL.to_dict()))) == FULL
