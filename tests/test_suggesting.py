from __future__ import annotations

import asyncio
import threading
from datetime import date
from itertools import count
from types import SimpleNamespace

import pytest
from scripted import Scripted

from assistant.answering import Assistant
from assistant.facts import folded
from assistant.settings import Settings
from assistant.suggesting import Suggestions, follow_ups, questions_about
from assistant.suggesting.clauses import clauses
from assistant.suggesting.ideas import ideas
from assistant.suggesting.subjects import subjects
from assistant.suggesting.trials import Trial, quotes
from assistant.types import Turn
from index.library import ArticleIndex
from index.types import Article, Scope

ENOUGH = 60.0  # seconds: what is found must not hang on how busy the machine is
NONE = Settings()

FERRY = Article(
    "The ferry service between Skarholm and Lunde was closed on 3 March 2021 by the harbour board.\n\n"
    "“The hull of the old boat is not safe any more,” said Ada Brandt, the harbour master of Skarholm. "
    "People in Lunde were told in the evening, and the mayor of Skarholm called for help.\n\n"
    "At least 14 islanders were stranded in Lunde overnight.",
    title="Skarholm ferry stops",
    outlet="The Harbour Post",
    url="https://harbourpost.example/ferry",
    published=date(2021, 3, 4),
)
MILL = Article(
    "North Mills bought 30 looms for $3 million in April 2021, to weave wool in Vessby again.\n\n"
    "“We have waited eleven years for this day,” said Nils Okafor, who runs the works at Vessby. "
    "The town of Vessby lost its last weaver in 2010. A spokesman for North Mills gave no other sum.",
    title="Looms come back to Vessby",
    outlet="Northgate Daily",
    url="https://northgate.example/mill",
    published=date(2021, 4, 20),
)
GERMAN = Article(
    "Die Fähre zwischen Skarholm und Lunde wurde am 3. März 2021 geschlossen. „Das alte Boot ist nicht mehr "
    "sicher“, sagte Ada Brandt, die Leiterin des Hafens von Skarholm. Die Menschen in Lunde wurden am Abend "
    "informiert, und auch der Bürgermeister von Skarholm hat sich nicht dazu geäußert.",
    title="Fähre bei Skarholm steht still",
    outlet="Lindenhafener Kurier",
    published=date(2021, 3, 4),
)


def suggestions(assistant: Assistant, limit: int = 5, seconds: float = ENOUGH) -> tuple[str, ...]:
    return asyncio.run(Suggestions(assistant, limit, seconds).of())


def assistant_over(index: ArticleIndex, *articles: Article) -> Assistant:
    index.add(articles)
    return Assistant(index, settings=NONE)


@pytest.fixture(scope="module")
def of_sample(sample: Assistant) -> tuple[str, ...]:
    return suggestions(sample, 5)


def test_the_sample_collection_gives_five_questions_that_it_answers(
    sample: Assistant, of_sample: tuple[str, ...]
) -> None:
    assert len(set(of_sample)) == 5
    for question in of_sample:
        answer = sample.answer(question)
        assert not answer.abstained
        assert answer.sources


def test_suggestions_are_of_different_forms(of_sample: tuple[str, ...]) -> None:
    openings = [" ".join(question.split()[:2]) for question in of_sample]
    assert len(set(openings)) >= 4


def test_two_articles_give_questions_about_both(index: ArticleIndex) -> None:
    found = suggestions(assistant_over(index, FERRY, MILL), 4)
    assert 2 <= len(found) <= 4
    assert any("Skarholm" in question or "Brandt" in question or "Lunde" in question for question in found)
    assert any("Vessby" in question or "Mills" in question or "Okafor" in question for question in found)


def test_one_undated_article_is_enough(index: ArticleIndex) -> None:
    assistant = assistant_over(index, Article(FERRY.text, FERRY.title))
    found = suggestions(assistant, 3)
    assert found
    assert all(not assistant.answer(question).abstained for question in found)


def test_articles_in_german_give_no_questions_in_broken_english(index: ArticleIndex) -> None:
    assert suggestions(assistant_over(index, GERMAN)) == ()


def test_an_article_that_claims_to_be_in_english_is_read_all_the_same() -> None:
    assert not [*ideas(Article(GERMAN.text, GERMAN.title, language="en"))]


def test_an_empty_index_gives_none(index: ArticleIndex) -> None:
    assert suggestions(Assistant(index, settings=NONE)) == ()


@pytest.mark.parametrize(
    "name",
    [
        "<img src=x onerror=alert(1)>",
        "Skar\u202eholm",
        "Skar\u200bholm",
        "SKARHOLM HARBOUR",
        "Skar\x07holm",
        "Skarholm" * 250,
        "[Skarholm](javascript:alert(1))",
    ],
    ids=["html", "bidi", "zero width", "shouted", "control", "2000 characters", "markdown"],
)
def test_a_hostile_name_is_in_no_question(index: ArticleIndex, name: str) -> None:
    text = FERRY.text.replace("Skarholm", name)
    hostile = Article(text, f"{name} ferry stops", f"{name} Post", published=date(2021, 3, 4))
    assistant = assistant_over(index, hostile, Article(MILL.text, f"Vessby after {name}", name))
    found = [*suggestions(assistant, 8), *questions_about(assistant, hostile, 8, ENOUGH)]
    assert found
    assert not [question for question in found if name in question or "<" in question]
    assert all(question.isprintable() and len(question) < 200 for question in found)


def test_a_model_is_never_asked(index: ArticleIndex) -> None:
    index.add([FERRY, MILL])
    model = Scripted(script=lambda prompt: "It is so.")
    assistant = Assistant(index, llm=model, settings=NONE)
    turn = Turn(
        "What did Ada Brandt say?", Assistant(index, settings=NONE).answer("What did Ada Brandt say?")
    )
    assert suggestions(assistant)
    assert questions_about(assistant, FERRY, seconds=ENOUGH)
    assert follow_ups(assistant, turn, seconds=ENOUGH)
    assert model.prompts == []


def test_a_model_of_the_settings_is_not_asked_either(index: ArticleIndex) -> None:
    index.add([FERRY])
    trial = Trial.of(
        Assistant(index, settings=Settings(api_key="key", base_url="http://127.0.0.1:9")), 9.0, 9
    )
    assert trial.assistant.model is None


def test_no_time_gives_no_questions(sample: Assistant) -> None:
    assert suggestions(sample, seconds=0.0) == ()


def test_a_try_is_broken_off_when_its_time_ends(index: ArticleIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    assistant, idea = assistant_over(index, FERRY), next(ideas(FERRY))
    assert Trial.of(assistant, ENOUGH, 1).answer(idea, Scope())
    looks = count()
    monkeypatch.setattr(
        "assistant.suggesting.trials.time", SimpleNamespace(monotonic=lambda: float(next(looks)))
    )
    least = next(seconds for seconds in range(1, 99) if Trial.of(assistant, seconds, 1).answer(idea, Scope()))
    assert least > 5  # so many looks at the clock: before it begins, at each step, inside the reading


def test_a_trial_that_is_used_up_asks_nothing(index: ArticleIndex) -> None:
    assistant = assistant_over(index, FERRY)
    idea = next(ideas(FERRY))
    trial = Trial.of(assistant, ENOUGH, 1)
    trial.answer(idea, Scope())
    assert trial.is_over
    assert trial.answer(idea, Scope()) is None


def test_an_article_is_asked_what_it_answers_itself(index: ArticleIndex) -> None:
    assistant = assistant_over(index, FERRY, MILL)
    found = questions_about(assistant, MILL, 3, ENOUGH)
    assert found
    for question in found:
        assert MILL.id in {source.article.id for source in assistant.answer(question).sources}


def test_follow_ups_bring_words_that_the_answer_did_not_have(sample: Assistant) -> None:
    question = "Who is North Korea's foreign minister?"
    answer = sample.answer(question)
    found = follow_ups(sample, Turn(question, answer), seconds=ENOUGH)
    assert found
    for further in found:
        assert quotes(sample.answer(further)) - quotes(answer)


def test_a_follow_up_is_whole_and_was_not_asked_before(sample: Assistant) -> None:
    question = "Why did the Hanoi summit end early?"
    history: list[Turn] = []
    for _ in range(3):
        turn = Turn(question, sample.answer(question, history))
        found = follow_ups(sample, turn, history, seconds=ENOUGH)
        assert found
        history.append(turn)
        assert not {folded(one) for one in found} & {folded(one.question) for one in history}
        assert sample.answer(found[0], history).question == found[0]
        question = found[0]


def test_after_an_abstention_the_nearest_articles_are_asked(sample: Assistant) -> None:
    question = "What is the population of Kaesong?"
    answer = sample.answer(question)
    assert answer.abstained
    found = follow_ups(sample, Turn(question, answer), seconds=ENOUGH)
    assert found
    nearest = {article.id for article in answer.nearest}
    for one in found:
        sources = sample.answer(one).sources
        cited = {article.id for source in sources for article in (source.article, *source.copies)}
        assert cited & nearest


def test_follow_ups_keep_to_the_scope_of_their_turn(sample: Assistant) -> None:
    outlet = "Larkmoor Chronicle"
    answer = sample.answer("Who is North Korea's foreign minister?", outlets=[outlet])
    for one in follow_ups(sample, Turn("Who is North Korea's foreign minister?", answer), seconds=ENOUGH):
        assert "Harbour Post" not in one
        assert not sample.answer(one, outlets=[outlet]).abstained


def test_suggestions_are_made_once_until_the_index_changes(
    index: ArticleIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []
    answer = Trial.answer

    def counted(self: Trial, *asked: object) -> object:
        tried.append("once")
        return answer(self, *asked)  # type: ignore[arg-type]

    monkeypatch.setattr(Trial, "answer", counted)
    made = Suggestions(assistant_over(index, FERRY), 2, ENOUGH)

    async def of(times: int) -> set[tuple[str, ...]]:
        return {*await asyncio.gather(*(made.of() for _ in range(times)))}

    given = asyncio.run(of(8))
    assert len(given) == 1
    tries = len(tried)
    assert asyncio.run(of(1)) == given
    assert len(tried) == tries
    index.add([MILL])
    assert asyncio.run(of(1)) != given
    assert len(tried) > tries


def test_however_many_wait_or_wait_no_longer_one_thread_makes_them(
    index: ArticleIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, go, begun = Suggestions(assistant_over(index, FERRY), 2, ENOUGH), threading.Event(), []

    def slow() -> tuple[str, ...]:
        begun.append("once")
        go.wait(10)
        return ("Why?",)

    monkeypatch.setattr(made, "_current", slow)

    async def visits() -> tuple[str, ...]:
        for _ in range(5):
            leaving = asyncio.create_task(made.of())
            await asyncio.sleep(0.01)
            leaving.cancel()
        staying = asyncio.create_task(made.of())
        await asyncio.sleep(0.01)
        go.set()
        return await staying

    assert asyncio.run(visits()) == ("Why?",)
    assert begun == ["once"]


def test_two_real_articles_give_questions(real: Assistant) -> None:
    assert len(suggestions(real, 4)) >= 3


@pytest.mark.parametrize(
    ("sentence", "questions"),
    [
        ("Lunde was flooded on 3 March 2021.", ["When was Lunde flooded?"]),
        ("On 3 March 2021, Lunde opened the new quay.", ["When did Lunde open the new quay?"]),
        ("Ada Brandt left Lunde because the quay was shut.", ["Why did Ada Brandt leave Lunde?"]),
        (
            "At least 14 islanders were stranded in Lunde on Friday.",
            ["How many islanders were stranded in Lunde?"],
        ),
        ("Lunde bought 12 old boats from the state.", ["How many old boats did Lunde buy from the state?"]),
        ("The bridge at Lunde cost $3 million.", ["How much did the bridge at Lunde cost?"]),
        ("It was flooded on 3 March 2021.", []),
        ("Lunde was not flooded on 3 March 2021.", []),
        ("The company opened the new quay on 3 March 2021.", []),
        ("They said that Lunde was flooded on 3 March 2021.", []),
        ("Lunde opened its new quay on 3 March 2021.", []),
    ],
)
def test_a_plain_sentence_becomes_the_question_that_it_answers(sentence: str, questions: list[str]) -> None:
    made = [one.question for one in clauses(sentence, ("Lunde", "Ada Brandt"), date(2021, 3, 5))]
    assert [one for one in made if not one.startswith("Who")] == questions


def test_who_was_spoken_to_is_not_what_was_spoken_of() -> None:
    text = (
        "The crew of the Vessby Star are safe in Lunde, and so is the cargo of the ship.\n\n"
        "“It was a long night for all of us out there,” the captain, Ada Brandt, told Lunde Radio. "
        "People in Lunde had waited for the Vessby Star with lamps, as Lunde Radio reported.\n\n"
    )
    said = [idea.question for idea in ideas(Article(text, "Lunde waits")) if idea.form == "said"]
    assert said == ["What did Ada Brandt say about Lunde?"]


def test_a_thing_is_no_person_to_ask_for() -> None:
    text = (
        "The town has bought the Vessby Star, a small boat that was built for the islands of the north. "
        "It is steered by Ada Brandt, the captain of the old ferry, and the Vessby Star is her pride. "
        "The islanders say that Ada Brandt was born on a boat."
    )
    who = [idea.question for idea in ideas(Article(text, "Vessby Star comes")) if idea.form == "who is"]
    assert who == ["Who is Ada Brandt?"]


def test_a_surname_is_written_out_and_one_of_two_people_is_no_subject() -> None:
    text = "The mayor, Ada Lund, met Nils Okafor. Soon after, Lund left, as did Okafor and Tove Okafor."
    assert "Okafor" not in subjects("", text)
    assert "Ada Lund" in subjects("", text)
