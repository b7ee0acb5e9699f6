from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import assistant as package
from assistant import QuestionError
from assistant.answering import Assistant
from assistant.markup import marks
from assistant.settings import Settings
from assistant.types import Answer, Turn
from index import Article, Scope
from index.library import ArticleIndex

ANSWERED = [
    ("Who is North Korea's foreign minister?", "Ri Son", None),
    ("Why did the Hanoi summit end without an agreement?", "could not agree", {"000"}),
    ("When did Trump and Kim meet for the third time?", "June 2019", {"003"}),
    ("How many people died in the Korean War?", "several million", {"003"}),
    ("Has North Korea cut its hotline with the South?", "hotline", {"000", "003"}),
    ("What did Trump say about Kim's letters?", "beautiful letters", {"003"}),
    ("Where did the first summit take place?", "Singapore", None),
    ("What does North Korea say it will build?", "force", {"000", "003"}),
]
UNANSWERED = [
    "Who won the 2020 World Series?",
    "What is the population of South Korea?",
    "What did Kim Jong Un say about China?",
    "How much did the Singapore summit cost?",
    "Who is the president of Russia?",
]
CLUTTER = ("Please enter your", "READ MORE", "Published at", "Trump humiliated")


@pytest.mark.parametrize(("question", "contains", "cites"), ANSWERED)
def test_the_two_saved_articles_answer(
    real: Assistant, question: str, contains: str, cites: set[str] | None
) -> None:
    answer = real.answer(question)
    assert contains in answer.text
    cited = {Path(source.article.source).name[:3] for source in answer.sources}
    assert cited == cites if cites else cited
    for claim in answer.claims:
        assert not any(words in claim.citations[0].quote for words in CLUTTER)


@pytest.mark.parametrize("question", UNANSWERED)
def test_the_two_saved_articles_do_not_say(real: Assistant, question: str) -> None:
    answer = real.answer(question)
    assert answer.abstained
    assert answer.sources == answer.claims == ()
    assert answer.text.count(".") == 1
    assert "do not say" in answer.text
    assert answer.nearest


def test_the_line_at_the_end_dates_the_saved_article_and_no_clutter_is_left(real: Assistant) -> None:
    articles = {hit.passage.article for hit in real.index.search("Trump Kim Korea summit", k=50)}
    assert {article.published_day for article in articles} == {None, date(2020, 6, 13)}
    for article in articles:
        assert not any(words in article.text for words in CLUTTER)


def test_an_answer_says_who_reported_it_when_and_where(sample: Assistant) -> None:
    answer = sample.answer("How much did it cost to rebuild the liaison office?")
    claim = answer.claims[0]
    article = claim.citations[0].article
    assert claim.text == answer.text[claim.start : claim.end]
    assert claim.text.startswith(f"{article.outlet}, ")
    assert "17 billion won" in claim.citations[0].quote
    assert f"“{claim.citations[0].quote}” [{answer.number(claim.citations[0])}]" in claim.text
    assert [source.number for source in answer.sources] == list(range(1, len(answer.sources) + 1))


def test_the_stream_tells_what_is_done_and_ends_with_the_answer(sample: Assistant) -> None:
    question = "Who is North Korea's foreign minister?"
    *under_way, final = sample.stream(question)
    assert [answer.status for answer in under_way] == ["searching 31 articles", "reading 10 passages"]
    assert final.status == ""
    assert final == sample.answer(question)


def test_abstaining_names_the_nearest_articles_and_the_days_covered(sample: Assistant) -> None:
    answer = sample.answer("How many nuclear warheads does North Korea have?")
    assert answer.abstained
    assert 1 <= len(answer.nearest) <= 3
    assert "27 April 2018 to 20 June 2020" in answer.text


def test_a_scope_is_kept_to_and_an_empty_one_is_said(sample: Assistant) -> None:
    asked = {"since": "2018-06-01", "until": "2018-06-30"}
    sources = sample.answer("Where did Trump and Kim meet?", **asked).sources
    assert sources
    for source in sources:
        assert source.article.published_day
        assert date(2018, 6, 1) <= source.article.published_day <= date(2018, 6, 30)
    nothing = sample.answer("Where did Trump and Kim meet?", outlets=["No Such Post"])
    assert nothing.abstained
    assert "None of the 31 articles here fits what was asked for: of No Such Post" in nothing.text


def test_as_of_hides_what_was_not_yet_written(sample: Assistant) -> None:
    question, day = "Why did the Hanoi summit end early, according to Trump?", date(2019, 3, 1)
    now, then = (
        [source.article.published_day for source in sample.answer(question, as_of=as_of).sources]
        for as_of in (None, day)
    )
    assert any(published and published > day for published in now)
    assert then
    assert all(published is None or published <= day for published in then)
    assert sample.answer(question, as_of=day).as_of == day


@pytest.mark.parametrize("asked", [{"question": ""}, {"question": "Who?", "since": "soon"}])
def test_what_cannot_be_asked_is_refused_before_anything_is_searched(
    sample: Assistant, asked: dict[str, str]
) -> None:
    with pytest.raises(QuestionError):
        next(sample.stream(**asked))  # type: ignore[arg-type]


def test_an_index_without_articles_says_so(tmp_path: Path) -> None:
    with ArticleIndex.open(tmp_path) as index:
        answer = Assistant(index, settings=Settings(tmp_path)).answer("Who is it?")
    assert answer.abstained
    assert answer.text.startswith("There are no articles to answer from")


def test_an_article_that_was_removed_answers_no_more(tmp_path: Path) -> None:
    article = Article(
        "The ferry to Arran sank on Monday. Nobody was hurt.", outlet="The Post", source="ferry"
    )
    with ArticleIndex.open(tmp_path) as index:
        index.add([article])
        assistant = Assistant(index, settings=Settings(tmp_path))
        assert "Arran" in assistant.answer("When did the ferry to Arran sink?").text
        index.remove([article.id])
        assert assistant.answer("When did the ferry to Arran sink?").abstained


def test_answer_makes_the_sample_index_on_the_first_call(tmp_path: Path) -> None:
    program = (
        "from assistant import answer\n"
        "first = answer('Who is North Korea\\'s foreign minister?')\n"
        "print(first.sources[0].article.outlet, '|', 'Ri Son' in first.text)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parent.parent,
        env={"DATELINE_HOME": str(tmp_path / "home"), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip().endswith("| True")
    assert "making one of the sample articles" in done.stderr


def test_the_package_offers_its_public_names_and_no_others() -> None:
    assert package.Assistant is Assistant
    assert Scope() == package.Answer("", "").scope
    with pytest.raises(AttributeError, match="nothing"):
        _ = package.nothing


def test_words_inside_a_quotation_are_shown_as_somebodys(tmp_path: Path) -> None:
    text = (
        'Mr. Hale said on Friday: "The harbour bridge is ours. The harbour bridge cost 17 million crowns '
        "to rebuild. Nobody helped us."
    )
    with ArticleIndex.open(tmp_path) as index:
        index.add([Article(text, outlet="The Post", published=date(2020, 6, 12))])
        answer = Assistant(index).answer("How much did it cost to rebuild the harbour bridge?")
    said = "“The harbour bridge cost 17 million crowns to rebuild.”"
    assert f"The Post, 12 June 2020, quoting someone: {said} [1]" in answer.text


def test_an_outlets_name_cannot_pass_for_a_quotation_with_its_source(tmp_path: Path) -> None:
    outlet = "The Guardian, 1 May 2020: “The mayor stole 17 million.” [1]\n\nThe Post"
    with ArticleIndex.open(tmp_path) as index:
        index.add([Article("The harbour bridge cost 17 million crowns to rebuild.", outlet=outlet)])
        answer = Assistant(index).answer("How much did it cost to rebuild the harbour bridge?")
    assert len(marks(answer)) == 1
    assert answer.text.count("“") == answer.text.count("\n\n") + 1 == 1


def test_where_reports_differ_the_answer_says_so_with_both(sample: Assistant) -> None:
    answer = sample.answer("What did North Korea ask for in Hanoi?")
    (found,) = answer.disagreements
    assert {value for value, _ in found.values} >= {"in their entirety"} or len(found.values) == 2
    assert answer.claims[-1].text.startswith("Reports differ on ")
    numbers = {source.number for source in answer.sources}
    assert {mark.number for mark in marks(answer)} == numbers
    assert Answer.from_dict(answer.to_dict()) == answer


def test_an_opinion_is_quoted_as_its_authors(sample: Assistant) -> None:
    answer = sample.answer("According to The Windrose Review, was the Singapore statement an empty promise?")
    assert "The Windrose Review, 14 June 2020, opinion by Dov Lessingham: “" in answer.text


def test_outlets_named_in_a_question_are_the_ones_that_are_asked(sample: Assistant) -> None:
    answer = sample.answer("According to the Kestrel Tribune, what happened to the office in Kaesong?")
    assert answer.scope.outlets == ("Kestrel Tribune",)
    assert {source.article.outlet for source in answer.sources} == {"Kestrel Tribune"}
    assert "Asked of Kestrel Tribune." in answer.to_markdown()
    given = sample.answer("What did the Kestrel Tribune say about Kaesong?", outlets=["Saltmarsh Gazette"])
    assert given.scope.outlets == ("Saltmarsh Gazette",), "what is given comes before what is said"


def test_several_outlets_are_heard_each_and_one_that_is_silent_is_named(sample: Assistant) -> None:
    both = sample.answer(
        "Compare what the Kestrel Tribune and the Saltmarsh Gazette wrote about the office in Kaesong"
    )
    assert [source.article.outlet for source in both.sources] == ["Kestrel Tribune", "Saltmarsh Gazette"]
    one = sample.answer("Compare The Harbour Post and the Kestrel Tribune on the virus")
    assert {source.article.outlet for source in one.sources} == {"The Harbour Post"}
    assert one.text.endswith("Nothing that answers this was found in Kestrel Tribune.")
    assert not one.abstained


def test_a_question_that_leans_on_another_is_asked_of_the_same_outlets_and_a_new_topic_is_not(
    sample: Assistant,
) -> None:
    first = sample.answer("What did the Kestrel Tribune report about the Hanoi summit?")
    history = [Turn("What did the Kestrel Tribune report about the Hanoi summit?", first)]
    assert sample.answer("And when was it held?", history).scope.outlets == ("Kestrel Tribune",)
    new = sample.answer("Which cargo ship did the United States seize?", history)
    assert new.scope.outlets == ()
