from __future__ import annotations

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from index.search import Candidate, distinct, query, rank
from index.types import Article, Passage
from index.words import analyse, codes, stems

TEXTS = [
    "The summit in Hanoi ended early. Lunch was cancelled.",
    "Wheat prices rose. The summit of the hill was icy.",
    "Kim and Trump met in Hanoi. The talks about sanctions failed.",
    "Nothing of note happened.",
]


def candidate(text: str, article: Article | None = None, cosine: float = 0.0) -> Candidate:
    article = article or Article(text, title="News", source=text)
    half = text.find(". ") + 1
    spans = ((0, half), (half + 1, len(text))) if half else ((0, len(text)),)
    passage = Passage(article, 0, len(text), spans)
    words = analyse([text[start:end] for start, end in spans])
    return Candidate(passage, words, codes(stems(article.title)), cosine)


def ranked(
    question: str, candidates: list[Candidate], limit: int = 10, newest: date | None = None
) -> list[str]:
    asked = query(question, [1.0] * len(distinct(question)))
    return [hit.passage.text for hit in rank(asked, candidates, limit, newest)]


def test_the_passage_that_holds_more_of_the_question_comes_first() -> None:
    candidates = [candidate(text) for text in TEXTS]
    assert ranked("Which sanctions talks in Hanoi failed?", candidates)[0] == TEXTS[2]


def test_meaning_decides_where_words_do_not() -> None:
    candidates = [candidate(text, cosine=0.9 if text == TEXTS[3] else 0.1) for text in TEXTS]
    assert ranked("quiet", candidates)[0] == TEXTS[3]


def test_words_together_in_one_sentence_beat_words_apart() -> None:
    together, apart = "The minister resigned. It rained.", "The minister spoke. Nobody resigned."
    assert ranked("minister resigned", [candidate(apart), candidate(together)])[0] == together


def test_an_article_near_the_day_asked_on_is_lifted() -> None:
    old = Article(TEXTS[0], source="old", published=date(2010, 1, 1))
    new = Article(TEXTS[0], source="new", published=date(2020, 1, 1))
    candidates = [candidate(TEXTS[0], old), candidate(TEXTS[0], new)]
    asked = query("Hanoi", [1.0])
    assert rank(asked, candidates, 2, date(2020, 1, 2))[0].passage.article is new
    assert rank(asked, candidates, 2)[0].passage.article is old


def test_a_second_article_comes_before_the_third_passage_of_the_first() -> None:
    one = Article(TEXTS[0], source="one")
    same = [candidate(TEXTS[0], one), candidate(TEXTS[0], one), candidate(TEXTS[0], one)]
    other = candidate("The summit in Hanoi ended. It was early.", Article("x", source="other"))
    asked = query("summit Hanoi ended early lunch", [1.0] * 5)
    hits = rank(asked, [*same, other], 4)
    assert [hit.passage.article.source for hit in hits].index("other") < 3


def test_no_candidates_and_no_room_give_no_hits() -> None:
    assert ranked("Hanoi", []) == []
    assert ranked("Hanoi", [candidate(TEXTS[0])], limit=0) == []


@given(
    st.text(min_size=1, max_size=60),
    st.lists(st.tuples(st.sampled_from(TEXTS), st.floats(-1, 1)), max_size=12),
    st.integers(-1, 15),
)
def test_ranking_never_repeats_never_invents_and_never_rises(
    question: str, drawn: list[tuple[str, float]], limit: int
) -> None:
    candidates = [candidate(text, cosine=cosine) for text, cosine in drawn]
    asked = query(question, [1.0] * len(distinct(question)))
    hits = rank(asked, candidates, limit)
    assert len(hits) == min(max(limit, 0), len(candidates))
    places = [next(at for at, c in enumerate(candidates) if c.passage is hit.passage) for hit in hits]
    assert len(set(places)) == len(places)
    assert all(a.score >= b.score for a, b in pairwise(hits))
