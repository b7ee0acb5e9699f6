from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from scripted import Scripted, handle_of

from assistant.answering import Assistant
from assistant.compare import wordings
from assistant.export import to_text
from assistant.markup import marks
from assistant.settings import Settings
from assistant.types import Answer, Citation
from index.embed import bundled
from index.passages import sentences
from index.types import Article, Hit, Passage
from page.answers import answer_html

TESTS = Path(__file__).parent
CASES = [json.loads(line) for line in (TESTS / "data" / "wordings.jsonl").read_text("utf-8").splitlines()]
SAMPLE_QUESTIONS = [
    json.loads(line)["question"]
    for line in (TESTS / "data" / "sample_questions.jsonl").read_text("utf-8").splitlines()
]
LEAST_PRECISION, LEAST_RECALL = 0.9, 0.7
REAL_QUESTION = "What did Ri Son Gwon say about holding hands in Singapore?"
# One statement of 12 June 2020, as the sample articles have it in two translations.
SAMPLE_WORDINGS = [
    {"The question now is whether there is any need", "What must be asked is whether the handshake"},
    {"has turned to despair", "Hope has given way to despair"},
    {"Even a faint glimmer of optimism for peace and", "even the slender hope of peace and prosperity "},
    {"We will never again hand the US chief executiv", "Never again shall we make the American preside"},
    {"There is nothing more hypocritical than an emp", "No hypocrisy is greater than a hollow promise."},
    {"build up a more reliable force to deal with th", "strengthen a more dependable force to withstan"},
]


def hits(case: dict[str, Any]) -> list[Hit]:
    found = []
    for one in case["articles"]:
        published = date.fromisoformat(one["published"]) if one["published"] else None
        article = Article(one["text"], outlet=one["outlet"], published=published, source=one["outlet"])
        spans = tuple(sentences(one["text"], case["language"]))
        found.append(Hit(Passage(article, 0, len(one["text"]), spans), 1.0))
    return found


def cited(hit: Hit) -> list[Citation]:
    return [Citation(hit.passage, start, end) for start, end in hit.passage.sentences]


@pytest.mark.parametrize("held_back", [False, True])
def test_what_is_shown_is_one_statement_and_what_is_one_is_shown(held_back: bool) -> None:
    right: Counter[str] = Counter()
    for case in (one for one in CASES if one["held_back"] is held_back):
        of = hits(case)
        expected = {frozenset(quotes) for quotes in case["expected"]}
        found = {
            frozenset(citation.quote for citation in one.citations)
            for one in wordings("What was said?", of, cited(of[0]), bundled().embed)
        }
        right += Counter(hits=len(found & expected), found=len(found), expected=len(expected))
    assert right["hits"] >= LEAST_PRECISION * right["found"], right
    assert right["hits"] >= LEAST_RECALL * right["expected"], right


def test_the_cases_are_of_many_sorts_and_a_third_is_held_back() -> None:
    sorts = Counter(case["sort"] for case in CASES)
    assert len(CASES) >= 60
    assert len(sorts) >= 15
    assert 3 * sum(case["held_back"] for case in CASES) >= len(CASES) - 3


def test_what_is_neither_cited_nor_near_the_question_is_not_shown() -> None:
    of = hits(CASES[0])
    last = cited(of[1])[-1:]  # "The talks go on."
    assert wordings("What of the talks that go on?", of, last, bundled().embed) == ()
    assert wordings("What of the woods and forests?", of, (), bundled().embed) == ()
    assert wordings("What of the woods?", of, cited(of[0]), bundled().embed)


def test_an_article_and_its_copy_quote_nothing_differently() -> None:
    around = (
        "The council met on Monday in the old mill above the river, and the hall was so full that people "
        "stood on the stairs. Ada Quell said: “{}” Nobody clapped, and the vote was put off until the rain "
        "had stopped and the roads to the villages on the other side could be used again."
    )
    quotes = ("We shall keep the mill for our children.", "We will keep the mill for the children.")
    texts = [around.format(quote) for quote in quotes]
    articles = [{"text": text, "outlet": text[80:], "published": "2024-03-05"} for text in texts]
    of = hits({"articles": articles, "language": "en"})
    assert wordings("Who keeps the mill?", of, cited(of[0]), bundled().embed) == ()


def found_in(*reports: tuple[str, str | None]) -> list[set[str]]:
    """Find the wordings of some reports, each its text and its day, where the first is cited."""
    articles = [
        {"text": text, "outlet": f"Outlet {n}", "published": day} for n, (text, day) in enumerate(reports)
    ]
    of = hits({"articles": articles, "language": "en"})
    found = wordings("What was said?", of, cited(of[0]), bundled().embed)
    return [{citation.quote for citation in one.citations} for one in found]


ADA = "Governor Ada Lund spoke. “We will never give up the northern harbour to anyone,” Lund said."


@pytest.mark.parametrize(
    "other",
    [
        "“We will not give up the harbour in the north to anybody,” said Olaf Lund, a fisherman.",
        "“We will not give up the harbour in the north to anybody,” the minister of ports said.",
        "“We will not give up the harbour in the north to anybody,” Lund said on Monday.",
        "Ada Lund met Olaf Lund. “We will not give up the harbour in the north to anybody,” Lund said.",
        "Ada Lund spoke. “We will not give up the harbour in the north to anybody,” she might have said.",
        "“We will not give up the harbour in the north to anybody,” the letter read.",
    ],
)
def test_two_people_never_say_one_thing_in_two_wordings(other: str) -> None:
    assert found_in((ADA, "2020-05-04"), (other, "2020-05-05")) == []


def test_a_third_report_joins_no_two_people() -> None:
    said = "“We will {} the northern harbour to anyone,” {} said."
    reports = [
        (said.format("never give up", "Ada Lund Berg"), "2020-05-04"),
        (said.format("not surrender", "Ada Lund"), "2020-05-05"),
        (said.format("not ever hand over", "Olaf Ada Lund"), "2020-05-05"),
    ]
    assert all(len(one) == 2 for one in found_in(*reports))


@pytest.mark.parametrize(
    "quotes",
    [
        ("The harbour will open in June", "The port opens to ships in September"),
        ("The harbour will open in June", "The harbour will open in September"),
        ("The harbour will open in June", "The harbour will hardly open in June"),
        ("The harbour will open in June", "Few believe the harbour can open in June"),
        ("The harbour will open in June", "The port may perhaps be opened in June"),
        ("Mayor Berg stole the money from the town", "Mayor Berg lost the money of the town"),
        ("Mayor Berg stole the money from the town", "Did Mayor Berg steal the money of the town?"),
        ("Mayor Berg took the money of the town", "If Mayor Berg took the town's money, he must go"),
        ("I saw the light to the left of the ship", "I saw the light on the right of that ship"),
        ("I support the tax on salt", "I supported the tax on salt for years"),
        ("The bridge was safe in every winter", "The bridge is safe in any winter"),
        ("We open the harbour on 3 June", "On 4 June we open the harbour to ships"),
        ("We open the harbour to ships today", "Tomorrow the harbour is opened to our ships"),
    ],
)
def test_what_is_meant_otherwise_is_no_wording(quotes: tuple[str, str]) -> None:
    text = "The minister, Eva Holt, spoke in Brae. “{},” Holt said."
    one, other = ((text.format(quote), "2020-05-04") for quote in quotes)
    assert found_in(one, other) == []


@pytest.mark.parametrize(
    ("quotes", "count"),
    [
        (
            (
                "We shall build the northern harbour within two years",
                "We will build the harbour in the north in two years",
            ),
            1,
        ),
        (
            (
                "We shall build the northern harbour this year",
                "We will build the harbour in the north this year",
            ),
            0,
        ),
        (("Nobody is going to take our harbour away", "We shall keep our port whatever may come"), 0),
    ],
)
def test_an_undated_report_is_another_wording_only_of_nearly_the_same_words(
    quotes: tuple[str, str], count: int
) -> None:
    text = "The governor, Ada Lund, spoke. “{},” Lund said."
    one, other = (text.format(quote) for quote in quotes)
    assert len(found_in((one, "2012-05-04"), (other, None))) == count


def shown(answer: Answer) -> list[set[str]]:
    return [{citation.quote[:46] for citation in one.citations} for one in answer.wordings]


def test_the_sample_articles_give_the_wordings_they_have_and_no_others(sample: Assistant) -> None:
    asked = [*SAMPLE_QUESTIONS, "What did Ri Son Gwon say about despair?", "What is a hollow promise?"]
    found = [one for question in asked for one in shown(sample.answer(question))]
    assert all(one in SAMPLE_WORDINGS for one in found)
    assert SAMPLE_WORDINGS[4] in found


def test_one_statement_takes_the_place_of_the_two_sentences(sample: Assistant) -> None:
    answer = sample.answer("What is a hollow promise?")
    (paragraph,) = (claim for claim in answer.claims if " is quoted in two wordings: " in claim.text)
    assert paragraph.verdict == "verbatim"
    assert answer.text.count("hollow promise.") == answer.text.count("hypocritical") == 1
    for citation in paragraph.citations:
        article = citation.article
        assert article.text[citation.start - 1] == "“"
        assert article.text[citation.end] in "”,"
        assert f"“{citation.quote}” ({article.outlet or 'Unknown outlet'}, " in paragraph.text
    assert [source.number for source in answer.sources] == [*range(1, 1 + len(answer.sources))]
    assert Answer.from_dict(answer.to_dict()) == answer


def test_every_form_of_an_answer_shows_the_wordings(sample: Assistant) -> None:
    answer = sample.answer("What is a hollow promise?")
    for written in (to_text(answer), answer.to_markdown(), answer.to_html(), answer_html(answer)):
        assert "is quoted in two wordings" in written
    (paragraph,) = (n for n, claim in enumerate(answer.claims) if "two wordings" in claim.text)
    assert {mark.number for mark in marks(answer) if mark.claim == paragraph} == {
        answer.number(citation) for citation in answer.claims[paragraph].citations
    }


def test_a_development_stays_a_line_an_event(sample: Assistant) -> None:
    answer = sample.answer("How did the talks between the United States and North Korea develop?")
    assert answer.wordings == ()


def test_wordings_stand_behind_what_a_model_wrote(sample: Assistant) -> None:
    def script(prompt: str) -> str:
        return f"“No hypocrisy is greater than a hollow promise.” [{handle_of(prompt, 'No hypocrisy')}]"

    writing = Assistant(sample.index, llm=Scripted(script=script), settings=Settings())
    answer = writing.answer("What is a hollow promise?")
    assert answer.model == "scripted"
    assert shown(answer) == [SAMPLE_WORDINGS[4]]
    assert answer.claims[1].text.startswith("Ri Son")
    assert answer.text.endswith("(Unknown outlet, 13 June 2020) [1].")
    assert Answer.from_dict(answer.to_dict()) == answer


def test_two_real_translations_stand_side_by_side(real: Assistant) -> None:
    answer = real.answer(REAL_QUESTION)
    assert "Gwon is quoted in two wordings: “The question is whether " in answer.text
    assert any(
        {quote[:41] for quote in one}
        == {"The question is whether there is a need t", "The question is whether there will be a n"}
        for one in shown(answer)
    )
    assert answer.text.count("The question is whether") == 2
