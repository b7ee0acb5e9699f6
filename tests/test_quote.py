from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.answering import Assistant
from assistant.quote import Quoter
from index.embed import MiniLM
from index.types import Article, Hit, Passage
from index.words import stems

SAMPLE_QUESTIONS = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "sample_questions.jsonl").read_text("utf-8").splitlines()
]
MODEL = MiniLM()


def hits(*texts: str, title: str = "") -> list[Hit]:
    found = []
    for text in texts:
        spans, at = [], 0
        for part in text.split("|"):
            spans.append((at, at + len(part)))
            at += len(part) + 1
        article = Article(text.replace("|", " "), title=title, source=text)
        found.append(Hit(Passage(article, 0, at - 1, tuple(spans)), 1.0))
    return found


def quoted(question: str, found: list[Hit]) -> list[str]:
    return [statement[0].text for statement in quoter(found).quote(question, found).statements]


class Few:
    """A few passages as a collection by themselves."""

    def __init__(self, found: list[Hit]) -> None:
        self.passages = len(found)
        self._held = [set(stems(hit.passage.text)) for hit in found]

    def frequencies(self, asked: Sequence[str]) -> list[int]:
        return [sum(stem in one for one in self._held) for stem in asked]


def quoter(found: list[Hit]) -> Quoter:
    return Quoter(Few(found), MODEL.embed)


def test_the_sentence_that_answers_is_quoted_and_its_neighbours_are_not() -> None:
    found = hits("The weather was fine.|The liaison office opened on 14 September 2018.|Tea was served.")
    assert quoted("When did the liaison office open?", found) == [
        "The liaison office opened on 14 September 2018."
    ]


def test_the_same_sentence_in_two_articles_is_quoted_once() -> None:
    found = hits(
        "The office cost 17 billion won.|Then it rained.", "The office cost 17 billion won.|Nobody came."
    )
    assert quoted("How much did the office cost?", found) == ["The office cost 17 billion won."]


def test_one_statement_in_two_wordings_is_one_statement_with_both() -> None:
    found = hits(
        "The minister vowed to build a more credible force against long-term threats from America.|Rain.",
        "The minister promised to build up a more reliable force against long-term American threats.|Snow.",
    )
    (statement,) = quoter(found).quote("What does the minister say he will build?", found).statements
    assert len(statement) == 2
    assert statement[0].passage.article != statement[1].passage.article


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (
            "How much did it cost to rebuild the liaison office?",
            "Rebuilding the liaison office in Kaesong cost about 17 billion won, the government said.",
            "It cost some 71 billion won to rebuild the Kaesong liaison office, the government said.",
        ),
        (
            "Did the minister meet the envoy?",
            "The minister met the envoy in Stockholm on Monday.",
            "The minister did not meet the envoy in Stockholm on Monday.",
        ),
    ],
)
def test_reports_that_differ_in_a_number_or_a_not_are_two_statements(
    question: str, one: str, other: str
) -> None:
    assert sorted(quoted(question, hits(one + "|Rain.", other + "|Snow."))) == sorted([one, other])


def test_a_report_that_swaps_who_did_it_is_no_copy() -> None:
    one = "South Korea's military fired on North Korean soldiers at the border on Sunday."
    other = "North Korean soldiers fired on South Korea's military at the border on Sunday."
    found = hits(one + "|Rain.", other + "|Snow.")
    statements = quoter(found).quote("Who fired at the border on Sunday?", found).statements
    assert {sentence.text for statement in statements for sentence in statement} == {one, other}


def test_a_heading_and_a_part_of_a_long_sentence_are_not_quoted() -> None:
    found = hits("The lunch in Hanoi that nobody ate\n|The lunch in Hanoi was cancelled.")
    assert quoted("What about the lunch in Hanoi?", found) == ["The lunch in Hanoi was cancelled."]


def test_a_headline_that_stands_in_the_body_is_not_quoted() -> None:
    title = "Office opened in Kaesong on Friday"
    found = hits(f"{title}.|The two sides opened an office in Kaesong on Friday morning.", title=title)
    assert quoted("When did the office in Kaesong open?", found) == [
        "The two sides opened an office in Kaesong on Friday morning."
    ]


def test_the_topic_without_the_fact_is_no_answer() -> None:
    found = hits("South Korea lies south of North Korea.|South Korea has a president.")
    assert quoted("What is the population of South Korea?", found) == []


def test_no_hits_give_no_answer() -> None:
    assert quoter([]).quote("Who won?", []).statements == ()


def test_never_more_than_the_limit_and_never_two_alike(sample: Assistant) -> None:
    for question in ("What did Kim Yo-jong threaten?", "Why did Hanoi fail?", "Who is Ri Son Gwon?"):
        statements = (
            Quoter(sample.index, MODEL.embed).quote(question, sample.index.search(question)).statements
        )
        assert 1 <= len(statements) <= 4
        texts = [sentence.text for statement in statements for sentence in statement]
        assert len(set(texts)) == len(texts)


def test_most_sample_questions_are_answered_and_most_unanswerable_ones_are_not(sample: Assistant) -> None:
    """The figures of docs/benchmarks.md, one less for arithmetic that differs between processors."""
    found = abstained = refused = 0
    for asked in SAMPLE_QUESTIONS:
        answer = sample.answer(asked["question"])
        if asked.get("abstain"):
            abstained += answer.abstained
        else:
            refused += answer.abstained
            quotes = [citation.quote for claim in answer.claims for citation in claim.citations]
            found += any(words in quote for words in asked["contains"] for quote in quotes)
    assert (found >= 32, abstained >= 17, refused <= 5) == (True, True, True), (found, abstained, refused)


@pytest.mark.parametrize("question", [asked["question"] for asked in SAMPLE_QUESTIONS[:10]])
def test_every_quote_is_a_sentence_of_the_body_at_its_offsets(sample: Assistant, question: str) -> None:
    citations = [citation for claim in sample.answer(question).claims for citation in claim.citations]
    assert citations
    for citation in citations:
        whole = sample.index.article(citation.article.id)
        assert whole.text[citation.start : citation.end] == citation.quote
        assert citation.quote != whole.title
        assert (citation.start, citation.end) in citation.passage.sentences
