from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_answers import ABSTAINED, FULL, HANOI, HARBOUR, MERIDIAN, UNDATED, citation, quoting

from assistant.composing import reworded
from assistant.in_words import dateline, in_quotation_marks
from assistant.markup import marks
from assistant.record import from_record, to_record
from assistant.types import Answer, Citation, Claim, Disagreement, Source, Wording
from index.types import Article, Passage, Scope

ZONES = st.none() | st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.none() | st.dates() | st.datetimes(timezones=ZONES)
ARTICLES = st.builds(
    Article,
    st.text(min_size=1, max_size=30).filter(str.strip),
    *[st.text(max_size=30)] * 4,
    published=MOMENTS,
    modified=MOMENTS,
    source=st.text(max_size=9),
)


@st.composite
def citations(draw: st.DrawFn, articles: list[Article]) -> Citation:
    article = draw(st.sampled_from(articles))
    word = draw(st.sampled_from([n for n, sign in enumerate(article.text) if sign.strip()]))
    a, b = sorted((draw(st.integers(0, word)), draw(st.integers(0, word))))
    c, d = sorted(draw(st.integers(word + 1, len(article.text))) for _ in "cd")
    return Citation(Passage(article, a, d, ((a, c), (c, d))), b, c)


@st.composite
def scopes(draw: st.DrawFn, articles: list[Article]) -> Scope:
    """Draw a scope that holds all these articles."""
    written = [article.written_day for article in articles if article.written_day]
    published = [article.published_day for article in articles if article.published_day]
    open_sides = len(published) < len(articles)
    return Scope(
        draw(st.none() | st.dates(min_value=max(written, default=date.min))),
        None if open_sides else draw(st.none() | st.dates(max_value=min(published))),
        None if open_sides else draw(st.none() | st.dates(min_value=max(published))),
        draw(st.sampled_from([(), tuple(article.outlet for article in articles)])),
    )


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    articles = draw(st.lists(ARTICLES, min_size=1, max_size=4, unique=True))
    model = draw(st.sampled_from(["", "a model"]))
    text, claims = "", []
    for _ in range(draw(st.integers(0, 3))):
        verdict = draw(st.sampled_from(["supported", "unsupported"])) if model else "verbatim"
        cited = tuple(draw(st.lists(citations(articles), min_size=not model, max_size=3)))
        start = len(text)
        text += draw(st.text(max_size=10)) if model else reported(cited, articles)
        claims.append(Claim(text[start:], cited, verdict, start, len(text)))
        text += draw(st.text(max_size=5)) if model else "\n\n"
    values = tuple(
        draw(st.lists(st.tuples(st.text(max_size=5), citations(articles)), min_size=2, max_size=3))
    )
    return Answer(
        text,
        draw(st.text(max_size=20)),
        draw(scopes(articles)),
        tuple(claims),
        tuple(Source(n, a, tuple(articles[:1]) if n % 2 else ()) for n, a in enumerate(articles, 1)),
        (Disagreement(draw(st.sampled_from(["conflict", "update"])), draw(st.text(max_size=5)), values),),
        False,
        tuple(draw(st.lists(ARTICLES, max_size=2))),
        tuple(draw(st.lists(st.text(max_size=5), max_size=2))),
        draw(st.text(max_size=5)),
        model,
    )


def reported(cited: tuple[Citation, ...], articles: list[Article]) -> str:
    """Write quotes as an answer does that no model wrote."""
    return "; ".join(
        f"{dateline(one.article)}: {in_quotation_marks(one.quote)} [{articles.index(one.article) + 1}]"
        for one in cited
    )


@settings(deadline=None)
@given(answers())
def test_an_answer_comes_back_equal_from_its_record_and_from_json(answer: Answer) -> None:
    record = to_record(answer)
    assert from_record(record) == answer
    assert from_record(json.loads(json.dumps(record))) == answer


def test_a_record_from_before_there_were_wordings_is_read() -> None:
    record = to_record(FULL)
    del record["wordings"]
    assert from_record(record) == FULL


@pytest.mark.parametrize("cited", [(HARBOUR,), (HARBOUR, HARBOUR, UNDATED)])
def test_a_wording_of_one_citation_or_of_no_source_is_refused(cited: tuple[Article, ...]) -> None:
    citations = tuple(citation(article, article.text[:9]) for article in cited)
    record = to_record(replace(HANOI, wordings=(Wording("", citations),)))
    with pytest.raises(ValueError, match=r"^wordings\.0\.citations: "):
        from_record(record)


def test_a_record_lets_anyone_check_a_quote_and_keeps_the_time_zone() -> None:
    record = to_record(FULL)
    citation = record["claims"][0]["citations"][0]
    article = record["articles"][citation["article"]]
    assert article["text"][citation["start"] : citation["end"]] == citation["quote"]
    assert article["published"] == "2019-02-28T09:30:00+07:00"
    assert from_record(record).sources[0].article.published == datetime.fromisoformat(article["published"])
    assert record["format"] == 1


def test_an_article_stands_in_a_record_once_however_often_it_is_cited() -> None:
    assert json.dumps(to_record(FULL)).count("No date was set for a third meeting.") == 1


Edit = Callable[[dict[str, Any]], None]


def put(path: str, value: object) -> Edit:
    def edit(record: dict[str, Any]) -> None:
        *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
        place: Any = record
        for step in steps:
            place = place[step]
        place[last] = value

    return edit


@pytest.mark.parametrize(
    ("where", "edits"),
    [
        ("format", [put("format", 2)]),
        ("text", [put("text", 7)]),
        ("extra", [put("extra", 7)]),
        ("claims.0.verdict", [put("claims.0.verdict", "certain")]),
        ("claims.0.start", [put("claims.0.start", -1)]),
        ("claims.0.start", [put("claims.0.start", True)]),
        ("claims.0.start", [put("claims.0.start", "0")]),
        ("claims.0: ", [put("claims.0.end", 10**9)]),
        ("claims.0.text", [put("claims.0.text", "Something else.")]),
        ("claims.0.citations.0: ", [put("claims.0.citations.0.end", 10**9)]),
        ("claims.0.citations.0.quote", [put("claims.0.citations.0.quote", "Never said.")]),
        (
            "claims.0.citations.0.quote: these",
            [put("claims.0.citations.0.passage.0", 0), put("claims.0.citations.0.start", 0)],
        ),
        ("claims.0.citations.0: ", [put("claims.0.citations.0.start", 0)]),
        ("claims.0.verdict: what it cites", [put("claims.0.citations", [])]),
        ("claims.0.citations.0.article", [put("claims.0.citations.0.article", 99)]),
        ("claims.0.citations.0.passage", [put("claims.0.citations.0.passage", [5, 1])]),
        ("claims.0.citations.0.passage", [put("claims.0.citations.0.passage", [1])]),
        ("claims.0.citations.0.sentences.0", [put("claims.0.citations.0.sentences", [[0, 10**9]])]),
        ("claims.0.citations: ", [put("sources", [])]),
        ("sources.0.number", [put("sources.0.number", 0)]),
        ("sources: two are the same", [put("sources.1.article", 0)]),
        ("sources: two have", [put("sources.0.number", 2)]),
        ("sources.0.article", [put("sources.0.article", 3)]),
        ("sources.0.copies.0", [put("sources.0.copies", [44])]),
        ("sources: an answer that abstains", [put("abstained", True)]),
        ("disagreements.0.values", [put("claims", []), put("sources", []), put("text", "")]),
        ("text: a finished answer", [put("claims", [])]),
        ("scope: source 1", [put("scope.since", "2019-03-01")]),
        ("scope: source 2", [put("scope.until", "2020-06-12")]),
        ("scope: source 2", [put("scope.as_of", "2020-06-12")]),
        ("scope: source 2", [put("scope.outlets", ["the harbour post"])]),
        ("disagreements.0.kind", [put("disagreements.0.kind", "row")]),
        ("disagreements.0.values.0.citation.quote", [put("disagreements.0.values.0.citation.quote", "")]),
        ("nearest.0", [put("nearest", [12])]),
        ("scope.as_of", [put("scope.as_of", "yesterday")]),
        ("scope: since", [put("scope.since", "2021-01-01")]),
        ("articles.0.published", [put("articles.0.published", "2019-13-01")]),
        ("articles.0.modified", [put("articles.0.modified", "T")]),
        ("articles.0.id", [put("articles.0.id", "0" * 16)]),
        ("articles.0.id", [put("articles.0.url", "https://evil.example/a")]),
        ("articles.0.text", [put("articles.0.text", None)]),
    ],
)
def test_a_record_that_was_tampered_with_is_refused_by_the_name_of_the_wrong_part(
    where: str, edits: list[Edit]
) -> None:
    record = copy.deepcopy(to_record(FULL))
    for edit in edits:
        edit(record)
    with pytest.raises(ValueError, match=f"^{where}"):
        from_record(record)


@pytest.mark.parametrize("data", [None, [], "{}", 7, {}, {"format": 1}, {1: 2}])
def test_what_is_no_record_at_all_is_refused(data: object) -> None:
    with pytest.raises(ValueError, match=r"^[a-z_ 0-9]+: "):
        from_record(data)


def test_an_answer_that_abstains_keeps_its_nearest_articles() -> None:
    assert from_record(to_record(ABSTAINED)).nearest[0] == HARBOUR


def forged(answer: Answer, text: str, verdict: str) -> dict[str, Any]:
    """Put other words in an answer's mouth, with the citations of its first claim."""
    claim = replace(answer.claims[0], text=text, verdict=verdict, start=0, end=len(text))
    return to_record(replace(answer, text=text, claims=(claim,)))


def test_a_claim_that_is_called_verbatim_holds_the_words_it_cites() -> None:
    lie = "The Harbour Post: “The two sides agreed on everything.” [1]"
    for verdict in ("verbatim", "supported", "unsupported"):
        with pytest.raises(ValueError, match=r"^claims\.0\.verdict: what it cites"):
            from_record(forged(HANOI, lie, verdict))
    with pytest.raises(ValueError, match=r"^claims\.0\.verdict: what it cites"):
        from_record(forged(WRITTEN, lie, "verbatim"))
    for verdict in ("supported", "unsupported"):
        assert from_record(forged(WRITTEN, lie, verdict)).claims[0].text == lie


SAID = "The two sides could not agree on how far sanctions should be lifted."


@pytest.mark.parametrize(
    "around",
    [
        "The president was arrested for murder that night, police said: “{said}” [1]",
        "The Harbour Post, 28 February 2019: The president is guilty. “{said}” [1]",
        "The Harbour Post, 28 February 2019: “{said}” [1] The president is guilty.",
        "The Harbour Post, 28 February 2019, quoting the Pope: “{said}” [1]",
        "The Harbour Post, 1 March 2019: “{said}” [1]",
        "Meridian Wire, 13 June 2020: “{said}” [1]",
        "The Harbour Post, 28 February 2019: “{said}” [2]",
        "“{said}” [1]",
        "The Harbour Post, 28 February 2019: “{said}” [1]; The Harbour Post, 28 February 2019: “{said}” [1]",
    ],
)
def test_nothing_stands_around_the_quotes_of_an_answer_but_who_reported_them_when(around: str) -> None:
    text = around.format(said=SAID)
    with pytest.raises(ValueError, match=r"^claims\.0\.verdict: what it cites"):
        from_record(forged(HANOI, text, "verbatim"))


@pytest.mark.parametrize(
    "around",
    ["The Harbour Post, 28 February 2019, quoting someone: “{said}” [1]", "The Harbour Post: “{said}” [1]"],
)
def test_quotes_come_back_as_answers_and_lists_tell_them(around: str) -> None:
    text = around.format(said=SAID)
    assert from_record(forged(HANOI, text, "verbatim")).text == text


@pytest.mark.parametrize(
    "around",
    [
        "The president is guilty.\n\n{text}",
        "{text}\n\nThe president is guilty.",
        "Paul, 2019 · {text}",
        "Since Monday:\n\n{text}",
        "{text}\n\nNothing that answers this was found in The Pope is guilty.",
        "{text}\n\nNothing that answers this was found in Meridian Wire, whose editor is guilty.",
    ],
)
def test_nothing_stands_beside_the_claims_of_an_answer_made_of_quotes(around: str) -> None:
    text = around.format(text=HANOI.text)
    at = text.index(HANOI.text)
    claims = tuple(replace(one, start=one.start + at, end=one.end + at) for one in HANOI.claims)
    asked = Scope(outlets=("The Harbour Post", "Meridian Wire"))
    with pytest.raises(ValueError, match=r"^text: .* stands in no claim"):
        from_record(to_record(replace(HANOI, text=text, claims=claims, scope=asked)))


def test_what_a_model_wrote_word_for_word_is_checked_as_when_it_was_written() -> None:
    told = "The third time they met was in June 2019, at the border."
    for text in (f"{told} [1]", f"“{told[:-1]}”, the wire reported [1]."):
        answer = Answer(text, "When?", sources=(Source(1, MERIDIAN),), model="a model")
        claim = Claim(text, (citation(MERIDIAN, told),), "verbatim", 0, len(text))
        assert from_record(to_record(replace(answer, claims=(claim,)))).claims == (claim,)
    for text in (
        f"Ada Lund was arrested in 1987: “{told}” [1]",
        f"The third time they met was in May 2019: “{told[:30]}” [1]",
    ):
        claim = Claim(text, (citation(MERIDIAN, told),), "verbatim", 0, len(text))
        with pytest.raises(ValueError, match=r"^claims\.0\.verdict: what it cites"):
            from_record(to_record(replace(answer, text=text, claims=(claim,))))


@pytest.mark.parametrize(
    ("where", "edit"),
    [
        ("text: String should have at most", {"text": "x" * 100_001}),
        ("claims: List should have at most", {"claims": [to_record(HANOI)["claims"][0]] * 301}),
        ("sources: List", {"sources": [to_record(HANOI)["sources"][0]] * 301}),
        ("nearest: List", {"nearest": [0] * 101}),
        ("warnings: List", {"warnings": ["x"] * 101}),
        ("text: more than 1000 marks", {"text": "[1] " * 1001}),
    ],
)
def test_what_no_answer_is_as_long_as_is_refused(where: str, edit: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=f"^{where}"):
        from_record(to_record(HANOI) | edit)


def test_more_citations_than_any_answer_has_are_refused() -> None:
    record = to_record(HANOI)
    claim = record["claims"][0] | {"citations": record["claims"][0]["citations"] * 100}
    with pytest.raises(ValueError, match=r"^claims: more than 1000 citations"):
        from_record(record | {"claims": [claim] * 11})


def test_a_verbatim_claim_may_break_its_lines_elsewhere_than_the_article() -> None:
    quote = "served and who sat where.\n\nParagraph 8 tells"
    answer = quoting("What was served?", (HARBOUR, quote))
    text = answer.text.replace("\n\n", " ")
    assert from_record(forged(answer, text, "verbatim")).text == text


def test_words_cited_are_words() -> None:
    answer = quoting("What was served?", (HARBOUR, "\n\n"))
    with pytest.raises(ValueError, match=r"^claims\.0\.citations\.0\.quote: there are no words"):
        from_record(to_record(answer))


def test_an_answer_that_abstains_makes_no_claim() -> None:
    claim = Claim("Yes", (), "unsupported", 0, 3)
    with pytest.raises(ValueError, match=r"^claims: an answer that abstains has none"):
        from_record(to_record(replace(ABSTAINED, text="Yes", claims=(claim,))))


def test_an_answer_under_way_comes_back_before_its_first_claim() -> None:
    under_way = Answer("The Harbour", "Who?", status="writing")
    assert from_record(to_record(under_way)) == under_way


def test_a_record_tells_how_sure_each_date_is_and_an_older_one_without_it_is_read() -> None:
    record = to_record(ABSTAINED)
    assert [article["date_confidence"] for article in record["articles"]] == ["high", ""]
    for article in record["articles"]:
        del article["date_confidence"]
    assert from_record(record) == ABSTAINED
    record["articles"][0]["date_confidence"] = "low"
    assert from_record(record) == ABSTAINED


@pytest.mark.parametrize(
    "quote",
    [
        "“The pier stays shut for six long weeks [2],” Berg said.",
        "The town “broke article 5 of the treaty [1, 2]”, in the words of passage 3.",
        "Die Stadt sagte: „Der Steg bleibt zu [1].“",
    ],
)
def test_a_quote_that_holds_what_looks_like_a_mark_is_shown_without_it_and_read_back(quote: str) -> None:
    article = Article(f"{quote} It rained.", outlet="Saltmarsh Gazette")
    found = Wording("", (citation(article, quote), citation(HARBOUR, HARBOUR.text[:9])))
    answer = reworded(Answer("", "What did Berg say?"), [found])
    shown = [(mark.number, mark.start) for mark in marks(answer)]
    assert [number for number, _ in shown] == [1, 2]
    assert answer.text.count("[") == 2
    assert "“" not in answer.text[answer.text.index("“") + 1 : answer.text.index("”")]
    assert Answer.from_dict(json.loads(json.dumps(answer.to_dict()))) == answer


WRITTEN = replace(HANOI, model="a model")
ONCE = Article("Ada Lund spoke. “We shall keep the pier,” Ada Lund said.", outlet="Kestrel Tribune")
AGAIN = Article("“Our pier is not given away,” said Ada Lund.", outlet="The Harbour Post")
QUOTED = (citation(ONCE, "We shall keep the pier"), citation(AGAIN, "Our pier is not given away"))
TWICE = reworded(Answer("", "What of the pier?"), [Wording("Ada Lund", QUOTED)])


def test_a_wording_comes_back_from_its_record() -> None:
    assert from_record(json.loads(json.dumps(to_record(TWICE)))) == TWICE


@pytest.mark.parametrize(
    ("where", "answer"),
    [
        (r"wordings\.0\.citations: two", replace(TWICE, wordings=(Wording("Ada Lund", QUOTED[:1] * 2),))),
        (r"wordings\.0\.speaker: none", replace(TWICE, wordings=(Wording("The Pope", QUOTED),))),
        (r"wordings\.0\.citations: no claim", replace(TWICE, wordings=(Wording("Ada", QUOTED),))),
        (r"text: \[1\] stands", replace(TWICE, text=f"{TWICE.text}\n\nThe Pope is guilty. [1]")),
    ],
)
def test_a_forged_wording_and_a_mark_that_is_no_claims_are_refused(where: str, answer: Answer) -> None:
    with pytest.raises(ValueError, match=f"^{where}"):
        from_record(to_record(answer))


def test_a_wording_that_is_told_otherwise_than_the_answer_writes_it_is_refused() -> None:
    lie = TWICE.text.replace("Ada Lund is quoted in two wordings", "The Pope admitted two murders")
    claim = replace(TWICE.claims[0], text=lie.strip(), end=len(lie))
    with pytest.raises(ValueError, match=r"^wordings\.0\.citations: no claim"):
        from_record(to_record(replace(TWICE, text=lie, claims=(claim,))))
