from __future__ import annotations

from itertools import pairwise
from time import monotonic

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering import Assistant
from assistant.settings import SAMPLE
from index import read_articles
from index.embed import count_tokens, embedded_text, tokenizer
from index.passages import TOKEN_LIMIT, is_heading, passages, sentences
from index.types import Article

PIECES = st.sampled_from(
    [
        "He went. ",
        "“Yes,” she said. ",
        "U.S. ",
        "Mr. Kim ",
        "\n",
        "\n\n",
        "word ",
        "12.5 ",
        "Σ𝔘 ",
        "? ",
        "x" * 300,
    ]
)


def cut(text: str, language: str = "en") -> list[str]:
    return [text[start:end] for start, end in sentences(text, language)]


def test_an_abbreviation_does_not_end_a_sentence() -> None:
    assert cut("He met U.S. President Trump in Washington, D.C. on Jan. 5. Then he left.") == [
        "He met U.S. President Trump in Washington, D.C. on Jan. 5.",
        "Then he left.",
    ]


def test_a_sentence_that_goes_on_in_lower_case_is_one() -> None:
    assert cut("“Why not?” the minister asked. She smiled.") == [
        "“Why not?” the minister asked.",
        "She smiled.",
    ]


def test_a_line_break_ends_a_sentence() -> None:
    assert cut("A heading\n\nThe story begins.") == ["A heading", "The story begins."]


def test_german_dates_do_not_end_a_sentence() -> None:
    assert len(cut("Am 5. Oktober trafen sie sich. Am Abend war es vorbei.", "de")) == 2


def test_an_unknown_language_is_cut_like_english() -> None:
    assert len(cut("One. Two.", "xx")) == 2


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=120).map("".join), st.text(max_size=400))
def test_passages_tile_the_sentences_in_order_within_the_limit(text: str, title: str) -> None:
    article = Article(text, title=title)
    found = passages(article, count_tokens)
    spans = [span for passage in found for span in passage.sentences]
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    assert "".join("".join(text[s:e].split()) for s, e in spans) == "".join(text.split())
    for passage in found:
        assert passage.text == article.text[passage.start : passage.end]
        assert (passage.start, passage.end) == (passage.sentences[0][0], passage.sentences[-1][1])
        assert len(tokenizer().encode(embedded_text(passage)).ids) <= TOKEN_LIMIT
    whole = {span for span in sentences(text) if count_tokens([text[slice(*span)]])[0] <= 100}
    assert whole <= set(spans), "a sentence that fits is never cut"


@pytest.mark.parametrize("article", list(read_articles([SAMPLE])), ids=lambda article: article.title[:30])
def test_every_sample_article_is_covered_by_its_passages(article: Article) -> None:
    found = passages(article, count_tokens)
    assert "".join("".join(p.text.split()) for p in found) == "".join(article.text.split())


def test_the_index_gives_passages_whose_text_stands_at_their_offsets(sample: Assistant) -> None:
    for hit in sample.index.search("Kim Jong Un and Trump in Hanoi", k=50):
        whole = sample.index.article(hit.passage.article.id)
        assert whole.text[hit.passage.start : hit.passage.end] == hit.passage.text


def test_a_title_before_a_name_does_not_end_a_sentence() -> None:
    assert cut("On the 13th came another by Ms. Kim in which she spoke. It rained.") == [
        "On the 13th came another by Ms. Kim in which she spoke.",
        "It rained.",
    ]


@pytest.mark.parametrize("part", ["„a ", "漢。", "“a. ", "『漢。", "漢", "a\n", ". ", "Mr. ", '"a '])
def test_no_text_takes_long_to_cut(part: str) -> None:
    text = (part * 200_000)[:200_000]
    began = monotonic()
    spans = sentences(text)
    assert monotonic() - began < 2
    assert "".join(text[start:end] for start, end in spans).replace(" ", "") == "".join(text.split())


def test_a_long_line_is_cut_like_a_short_one() -> None:
    line = (
        "He met U.S. President Trump in Washington on Jan. 5 and said “no”. Then, at 9 a.m., Ms. Kim left. "
    )
    assert cut(line * 200) == cut(line) * 200


STORY = "The talks ended early.\n\n{}\n\nNobody signed anything, the minister said."


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("The lunch that nobody ate", True),
        ("The lunch went uneaten.", False),
        ("“We will see”, he said:", False),
        ("One bridge\n\ntwo ferries", False),
        (
            "Kim Jong Un and Donald Trump, on the left and on the right, shake hands before lunch in Hanoi",
            False,
        ),
    ],
)
def test_a_heading_is_told_from_a_sentence_and_a_list(line: str, heading: bool) -> None:
    text = STORY.format(line)
    assert any(is_heading(text, span) for span in sentences(text)) == heading
