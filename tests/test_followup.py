from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted import Scripted as ScriptedLLM

from assistant.answering import Assistant
from assistant.faults import ModelError
from assistant.followup import rewritten, standalone
from assistant.types import Answer, Citation, Claim, Source, Turn, Usage
from index.types import Article, Passage


def turn(question: str, *quoted: str) -> Turn:
    article = Article(" ".join(quoted), "Title", "Outlet", published=date(2020, 6, 12))
    passage = Passage(article, 0, len(article.text))
    claims, at = [], 0
    for quote in quoted:
        citation = Citation(passage, at, at + len(quote))
        claims.append(Claim(quote, (citation,), "verbatim", 0, len(quote)))
        at += len(quote) + 1
    text = "\n\n".join(f"{quote} [1]" for quote in quoted)
    return Turn(question, Answer(text, question, claims=tuple(claims), sources=(Source(1, article),)))


HANOI = "Why did the Hanoi summit end without an agreement?"
LETTERS = "What did Trump say about Kim's letters?"
SANCTIONS = "What did Trump say about sanctions?"
MET = "When did Trump and Kim meet for the third time?"
OFFICE = "Why did North Korea blow up the liaison office in Kaesong?"
MINISTER = "Who is North Korea's foreign minister?"
LAUNCHES = "How many missiles did North Korea launch in March 2020?"
RI = "The new foreign minister is Ri Son Gwon, a former army officer who once led talks with Seoul."

CASES = [
    # a person
    (LETTERS, "And what did he say about sanctions?", "What did Trump say about sanctions?"),
    ("What did Moon Jae-in promise?", "When did he say so?", "What did Moon Jae-in promise, and when?"),
    ("What did Kim Yo Jong threaten?", "What is her role?", "What is Kim Yo Jong’s role?"),
    ("When did Trump meet Kim?", "What did he give him?", "What did Trump give Kim?"),
    ("When did Trump meet Kim?", "What did Moon tell him?", "What did Moon tell Kim?"),
    ("What did Trump say?", "Who is his secretary of state?", "Who is Trump’s secretary of state?"),
    (MINISTER, "When was he appointed?", "When was Ri Son Gwon appointed?"),
    ("What did Trump say?", "When did Kim say he would come?", "When did Kim say he would come?"),
    ("What did Trump say?", "Why did Kim ask his sister to go?", "Why did Kim ask his sister to go?"),
    # several
    (MET, "Where did they meet?", "Where did Trump and Kim meet?"),
    (MET, "What did their officials do next?", "What did Trump and Kim’s officials do next?"),
    (SANCTIONS, "Who imposed them?", "Who imposed sanctions?"),
    (LETTERS, "Where are they now?", "Where are Kim's letters now?"),
    # a thing or a place
    (HANOI, "When did it take place?", "When did the Hanoi summit take place?"),
    (HANOI, "Who was there?", "Who was at the Hanoi summit?"),
    (HANOI, "What happened then?", "What happened after the Hanoi summit?"),
    ("What happened in Hanoi?", "Who was there?", "Who was in Hanoi?"),
    (OFFICE, "When was it opened?", "When was the liaison office in Kaesong opened?"),
    (OFFICE, "What was its purpose?", "What was the liaison office in Kaesong’s purpose?"),
    (SANCTIONS, "What did Kim say about that?", "What did Kim say about sanctions?"),
    ("What is Yongbyon?", "Who built it?", "Who built Yongbyon?"),
    (
        "When did Angela Merkel visit Washington?",
        "Who did she meet there?",
        "Who did Angela Merkel meet in Washington?",
    ),
    (
        "How much did the new airport in Berlin cost?",
        "Who paid for it?",
        "Who paid for the new airport in Berlin?",
    ),
    ("Did Russia attack Ukraine in 2022?", "How many people died there?", "How many people died in Ukraine?"),
    ("Did Russia attack Ukraine in 2022?", "Why did Putin do it?", None),
    # a phrase
    (HANOI, "How did the summit begin?", "How did the Hanoi summit begin?"),
    (OFFICE, "Who used the office?", "Who used the liaison office in Kaesong?"),
    (HANOI, "Who attended that summit?", "Who attended the Hanoi summit?"),
    (HANOI, "Where did the first summit take place?", "Where did the first summit take place?"),
    # something else in its place
    (SANCTIONS, "And Kim?", "What did Kim say about sanctions?"),
    (SANCTIONS, "What about letters?", "What did Trump say about letters?"),
    (SANCTIONS, "And his secretary of state?", "What did Trump’s secretary of state say about sanctions?"),
    (HANOI, "What about the Singapore summit?", "Why did the Singapore summit end without an agreement?"),
    (OFFICE, "How about South Korea?", "Why did South Korea blow up the liaison office in Kaesong?"),
    ("What happened in Hanoi?", "And in Kaesong?", "What happened in Kaesong?"),
    (HANOI, "What about the Pyongyang Declaration?", "What about the Pyongyang Declaration?"),
    # another time
    (LAUNCHES, "And in 2019?", "How many missiles did North Korea launch in 2019?"),
    (SANCTIONS, "And since March?", "What did Trump say about sanctions since March?"),
    (LAUNCHES, "And before that?", "How many missiles did North Korea launch before March 2020?"),
    ("Who was foreign minister in 2018?", "And in May 2020?", "Who was foreign minister in May 2020?"),
    (MINISTER, "And before that?", "Who is North Korea's foreign minister before Ri Son Gwon?"),
    # a question word
    (OFFICE, "When?", "When did North Korea blow up the liaison office in Kaesong?"),
    (OFFICE, "And when did it do that?", "When did North Korea blow up the liaison office in Kaesong?"),
    (SANCTIONS, "When?", "What did Trump say about sanctions, and when?"),
    ("Did North Korea launch missiles?", "How many?", "Did North Korea launch missiles, and how many?"),
    ("Who opened the liaison office?", "Why?", "Who opened the liaison office, and why?"),
    (MINISTER, "What else?", None),
    (HANOI, "Tell me more.", "Tell me more about the Hanoi summit."),
    # the answer itself
    (MINISTER, "Who said that?", f"Who said that “{RI}”?"),
    (MINISTER, "Is that true?", None),
    # another topic
    (HANOI, "Who is the president of Russia?", "Who is the president of Russia?"),
    (HANOI, "How many people died in the Korean War?", "How many people died in the Korean War?"),
    (HANOI, "Is it true that Kim was ill?", "Is it true that Kim was ill?"),
    (HANOI, "Is there a vaccine against the virus?", "Is there a vaccine against the virus?"),
    (HANOI, "What did Kim say this year?", "What did Kim say this year?"),
    (HANOI, "Did Moon say that Kim had left?", "Did Moon say that Kim had left?"),
    (OFFICE, "Which company announced that it is laying off people?", None),
    (LETTERS, "Who is the actor who became known for his views on tea?", None),
    (LETTERS, "Despite her injury, will Lindsey Vonn compete?", None),
    (OFFICE, "How long has it been since Russia invaded Ukraine?", None),
    (OFFICE, "What did Google pay for its place in browsers?", None),
    (OFFICE, "Back to the Hanoi summit: why did it end early?", "Why did the Hanoi summit end early?"),
    # German
    ("Was sagte Kim in Stockholm?", "Und wann?", "Was sagte Kim in Stockholm, und wann?"),
    ("Wann begannen die Gespräche in Stockholm?", "Wer war dort?", "Wer war in Stockholm?"),
    ("Was sagte Trump über Kim?", "Und Moon?", "Was sagte Moon über Kim?"),
]


@pytest.mark.parametrize(("before", "question", "alone"), CASES)
def test_a_question_stands_alone(before: str, question: str, alone: str | None) -> None:
    assert standalone(question, [turn(before, RI)]) == (alone or question)


@pytest.mark.parametrize(("before", "question", "alone"), CASES)
def test_what_stands_alone_is_left_alone(before: str, question: str, alone: str | None) -> None:
    history = [turn(before, RI)]
    assert standalone(alone or question, history) == (alone or question)
    assert standalone(question, []) == question


OTHER_NEWS = [  # elections, floods, companies, sport, trials: before, words of its answer, question, alone
    (
        "Who won the mayoral election in Leeds?",
        "On Friday the city chose Anna Holt by 1,200 votes.",
        "What did she promise?",
        "What did Anna Holt promise?",
    ),
    (
        "How many people died in the floods in Valencia?",
        "",
        "What caused them?",
        "What caused the floods in Valencia?",
    ),
    ("How much profit did Shell make last year?", "", "And BP?", "How much profit did BP make last year?"),
    (
        "How many seats did the Greens win in 2021?",
        "",
        "And in 2017?",
        "How many seats did the Greens win in 2017?",
    ),
    ("What did Elon Musk pay for Twitter?", "", "When did he buy it?", "When did Elon Musk buy Twitter?"),
    ("Why was Sam Altman fired by OpenAI?", "", "Who replaced him?", "Who replaced Sam Altman?"),
    (
        "What was Sam Bankman-Fried convicted of?",
        "",
        "And how long is his sentence?",
        "How long is Sam Bankman-Fried’s sentence?",
    ),
    (
        "Which team won the Champions League final?",
        "",
        "Where was it played?",
        "Where was the Champions League final played?",
    ),
    ("Did Volkswagen close its plant in Emden?", "", "Why?", "Why did Volkswagen close its plant in Emden?"),
    ("Why did the dam in Derna collapse?", "", "How old was it?", "How old was the dam in Derna?"),
    (
        "What did the court decide about the merger?",
        "",
        "And the regulator?",
        "What did the regulator decide about the merger?",
    ),
    (
        "Who is the chief executive of Nokia?",
        "Its chief executive, Pekka Lundmark, spoke of a slow quarter.",
        "When was he appointed?",
        "When was Pekka Lundmark appointed?",
    ),
    (
        "When did the trial of Harvey Weinstein begin?",
        "",
        "And when did it end?",
        "When did the trial of Harvey Weinstein end?",
    ),
    (
        "How many people did the earthquake in Morocco kill?",
        "",
        "What about the earthquake in Turkey?",
        "How many people did the earthquake in Turkey kill?",
    ),
    (
        "What did Christine Lagarde say about inflation?",
        "",
        "And interest rates?",
        "What did Christine Lagarde say about interest rates?",
    ),
    ("What happened in Lahaina?", "", "How many people died there?", "How many people died in Lahaina?"),
    (
        "Where will the next Olympic Games be held?",
        "",
        "And when?",
        "When will the next Olympic Games be held?",
    ),
    (
        "Where did Greta Thunberg and Luisa Neubauer speak?",
        "",
        "What did they demand?",
        "What did Greta Thunberg and Luisa Neubauer demand?",
    ),
    ("What did the strike at Ford cost?", "", "Who called the strike?", "Who called the strike at Ford?"),
    ("When did Jacinda Ardern resign?", "", "Why did she do that?", "Why did Jacinda Ardern resign?"),
    (
        "Did Emmanuel Macron meet Marine Le Pen?",
        "",
        "What did he tell her?",
        "What did Emmanuel Macron tell Marine Le Pen?",
    ),
    (
        "How much did the new stadium in Liverpool cost?",
        "",
        "Who designed that stadium?",
        "Who designed the new stadium in Liverpool?",
    ),
    (
        "When did Silicon Valley Bank collapse?",
        "",
        "How many branches did it have?",
        "How many branches did Silicon Valley Bank have?",
    ),
    (
        "Why did Boeing ground the 737 MAX?",
        "",
        "Which country won the World Cup in its own stadium?",
        "Which country won the World Cup in its own stadium?",
    ),
    (
        "Wann beginnt der Prozess in Stuttgart?",
        "",
        "Wer ist dort angeklagt?",
        "Wer ist in Stuttgart angeklagt?",
    ),
]


@pytest.mark.parametrize(("before", "quoted", "question", "alone"), OTHER_NEWS)
def test_a_question_about_other_news_stands_alone(
    before: str, quoted: str, question: str, alone: str
) -> None:
    history = [turn(before, *([quoted] if quoted else []))]
    assert standalone(question, history) == alone
    assert standalone(alone, history) == alone


def test_names_in_small_letters_are_known_from_the_answer() -> None:
    history = [turn("what did trump say about sanctions?", "They would stay, Donald Trump said on Sunday.")]
    assert standalone("when did he say it in public?", history) == "when did trump say sanctions in public?"
    assert standalone("and what did he promise?", history) == "What did trump promise?"


def test_a_person_of_the_answer_is_who_he_is_where_the_question_names_none() -> None:
    history = [turn("Who won the election in the South?", "On Tuesday the vote went to Moon Jae-in.")]
    assert standalone("What did he promise?", history) == "What did Moon Jae-in promise?"


def test_two_pronouns_of_two_kinds_are_both_put_into_words() -> None:
    alone = "Why did the dam in Derna collapse and what did Ana Ruiz say?"
    history = [turn("What did Ana Ruiz say about the dam in Derna?")]
    assert standalone("Why did it collapse and what did she say?", history) == alone


def test_another_official_is_not_taken_for_the_one_asked_for() -> None:
    quoted = (
        "Choe Son Hui, the vice minister, knows the American file better than anyone in the foreign ministry."
    )
    alone = "When was North Korea's foreign minister appointed?"
    assert standalone("When was he appointed?", [turn(MINISTER, quoted)]) == alone


def test_an_earlier_topic_is_found_by_its_name_after_another() -> None:
    history = [turn(HANOI), turn("How many people died in the Korean War?")]
    assert standalone("And where was the summit?", history) == "Where was the Hanoi summit?"


def test_the_question_as_it_was_searched_is_what_counts() -> None:
    asked = Turn("And what did he say?", Answer("", "What did Kim say about the war?"))
    assert standalone("When did he say that?", [asked]) == "What did Kim say about the war, and when?"


def test_a_question_beyond_the_limit_is_not_made() -> None:
    history = [turn(f"Did Kim {'really ' * 280}say so?")]
    question = f"What did he say about {'x' * 1000}?"
    assert len(standalone(question, history)) <= 2000
    assert standalone("he " * 700, history) == "he " * 700


WORDS = st.sampled_from(
    "What Why And When did he she it they that there then Trump Kim the summit office Hanoi in 2019 about "
    "said before And, “ ” \" ? . : - Back to North Korea's his Was wann und is true who [1] é \n".split(" ")
)
QUESTIONS = st.text(max_size=80) | st.lists(WORDS, max_size=14).map(" ".join)


@settings(deadline=None)
@given(QUESTIONS, st.lists(st.tuples(QUESTIONS, QUESTIONS), max_size=4))
def test_any_question_after_any_other_stands_alone_for_good(
    question: str, conversation: list[tuple[str, str]]
) -> None:
    history = [turn(asked, *([quoted] if quoted else [])) for asked, quoted in conversation]
    alone = standalone(question, history)
    assert standalone(alone, history) == alone
    assert standalone(question, []) == question
    assert bool(alone.strip()) == bool(question.strip())


BLAST = "When did North Korea blow up the liaison office in Kaesong?"
CONVERSATION = [  # what is asked, how it is searched, an article that is cited, words of the answer
    (HANOI, HANOI, "hanoi-in-their-entirety.html", "without an agreement"),
    (
        "What did Trump say about it?",
        "What did Trump say about the Hanoi summit?",
        "hanoi-in-their-entirety.html",
        "Hanoi",
    ),
    ("And what did he say about sanctions?", SANCTIONS, "trump-steps-into-north-korea.html", "in no hurry"),
    (
        "What about Ri Yong Ho?",
        "What did Ri Yong Ho say about sanctions?",
        "hanoi-two-accounts.md",
        "midnight",
    ),
    (
        "Who replaced him as foreign minister?",
        "Who replaced Ri Yong Ho as foreign minister?",
        "three-handshakes.md",
        "replaced by Ri Son Gwon",
    ),
    (BLAST, BLAST, "kaesong-blast-kestrel.md", "on Tuesday blew up the office"),
    (
        "How many officials worked there?",
        "How many officials worked at the liaison office in Kaesong?",
        "kaesong-office-opens.txt",
        "officials",
    ),
    (
        "And when was it opened?",
        "When was the liaison office in Kaesong opened?",
        "ri-son-gwon-minister.md",
        "was opened in September of that year",
    ),
    (LAUNCHES, LAUNCHES, "fourth-launch-in-march.html", "fourth time this month"),
    (
        "And in May 2019?",
        "How many missiles did North Korea launch in May 2019?",
        "saved_articles.jsonl",
        "first launch since November 2017",
    ),
    (
        "Back to the Hanoi summit: what did the North Koreans offer there?",
        "What did the North Koreans offer at the Hanoi summit?",
        "hanoi-two-accounts.md",
        "Hanoi",
    ),
    (
        "Who was the foreign minister then?",
        "Who was the foreign minister at the time of the Hanoi summit?",
        "hanoi-partial-relief.html",
        "foreign minister",
    ),
]


def test_twelve_turns_are_answered_each_from_its_own_article(sample: Assistant) -> None:
    history: list[Turn] = []
    for asked, alone, article, contained in CONVERSATION:
        searched = standalone(asked, history)
        assert searched == alone
        answer = sample.answer(searched)
        assert any(article in source.article.source for source in answer.sources), searched
        assert contained in answer.text, searched
        history.append(Turn(asked, answer))


def test_twelve_turns_are_written_each_from_its_own_article(sample: Assistant) -> None:
    rewritten_as = {asked: alone for asked, alone, _, _ in CONVERSATION}
    contains = {alone: contained for _, alone, _, contained in CONVERSATION}

    def script(prompt: str) -> str:
        """Rewrite as a good model does; write one sentence that is there, and one that is not."""
        _, leaning, last = prompt.partition("Last question: ")
        if leaning:
            return rewritten_as[last.splitlines()[0]]
        wanted = contains[next(line for line in prompt.splitlines() if line.startswith("Question: "))[10:]]
        for line in prompt.splitlines():
            named = re.match(r"([a-z]{2}\d+\.\d+) (.*)", line)
            if named and wanted in named[2]:
                return f"{named[2]} [{named[1]}] Nobody saw the purple elephants. [{named[1]}]"
        return "The articles do not say."

    writing = Assistant(sample.index, llm=ScriptedLLM(script=script), settings=sample.settings)
    history: list[Turn] = []
    for asked, alone, _, contained in CONVERSATION:
        answer = writing.answer(asked, history)
        assert answer.question == alone
        assert [claim.verdict for claim in answer.claims] == ["verbatim", "unsupported"], asked
        assert contained in answer.claims[0].text
        assert re.findall(r"\[(\d+)\]", answer.text) == [str(one.number) for one in answer.sources]
        history.append(Turn(asked, answer))


class Scripted:
    """A model that gives one reply, and keeps what it was asked."""

    def __init__(self, reply: str | ModelError) -> None:
        self.text = reply if isinstance(reply, str) else ""
        self.usage = Usage(10, 5, 0.1)
        self._error = reply if isinstance(reply, ModelError) else None
        self.asked: list[tuple[str, str, int, float | None]] = []

    def stream(
        self, system: str, user: str, *, limit_tokens: int, timeout_seconds: float | None = None
    ) -> nullcontext[Scripted]:
        self.asked.append((system, user, limit_tokens, timeout_seconds))
        return nullcontext(self)

    def __iter__(self) -> Iterator[str]:
        if self._error:
            raise self._error
        yield self.text


def by(model: Scripted, question: str, history: Sequence[Turn]) -> str:
    rewriting = rewritten(question, history, model, timeout_seconds=5)  # type: ignore[arg-type]
    while True:
        try:
            next(rewriting)
        except StopIteration as done:
            return str(done.value.question)


def test_a_model_is_shown_the_last_turns_between_lines_it_cannot_mistake() -> None:
    model = Scripted(" What did Kim say about sanctions in Hanoi? \n")
    history = [
        turn("Who was Mao?"),
        turn(HANOI, "They disagreed. " * 60),
        turn(LETTERS, "x"),
        turn(SANCTIONS, "y"),
    ]
    assert by(model, "And Kim, there?", history) == "What did Kim say about sanctions in Hanoi?"
    ((system, user, limit_tokens, timeout_seconds),) = model.asked
    nonce = user.splitlines()[0]
    assert nonce in system
    assert user.count(nonce) == 2
    assert user.endswith("Last question: And Kim, there?")
    assert "Mao" not in user
    assert "[1]" not in user
    assert HANOI in user
    assert user.count("They disagreed.") == 31
    assert (limit_tokens <= 200, timeout_seconds) == (True, 5)


def test_a_model_is_not_asked_about_a_first_question() -> None:
    model = Scripted("Something else?")
    assert by(model, "And he?", []) == "And he?"
    assert not model.asked


@pytest.mark.parametrize(
    "reply",
    [
        "", "   ", "???", "Kim " * 120, "What did Kim say?\nI hope this helps.", '"What did Kim say?"',
        "“What did Kim say?”", "- What did Kim say?", "**What did Kim say?**", "What did Kim say? [1]",
        "Standalone question: What did Kim say?", "<b>What did Kim say?</b>", "What did Kim say at http://x.y?",
        "Which cheese is best?", "What is it?", "What is the answer to the question?", ModelError("no time"),
    ],
)  # fmt: skip
def test_nonsense_from_a_model_leaves_the_rules(
    reply: str | ModelError, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert by(Scripted(reply), "And Kim?", [turn(SANCTIONS, "y")]) == "What did Kim say about sanctions?"
    assert "Kim" not in caplog.text


def test_a_question_of_its_own_is_answered_as_typed_where_the_rules_made_another_of_it(
    sample: Assistant,
) -> None:
    history = [Turn(SANCTIONS, sample.answer(SANCTIONS))]
    answer = sample.answer("What about the liaison office in Kaesong?", history)
    assert answer.question == "What about the liaison office in Kaesong?"
    assert not answer.abstained
    assert len(set(answer.warnings)) == len(answer.warnings)
