from __future__ import annotations

import time
from datetime import date

import pytest

from assistant.types import Claim
from assistant.verify import check
from assistant.verify.claims import claim_spans
from index.embed import MiniLM
from index.language import language_of
from index.passages import sentences
from index.types import Article, Passage

EMBED = MiniLM().embed


def passage(text: str, outlet: str = "The Post", published: date | None = date(2020, 6, 12)) -> Passage:
    spans = sentences(text, language_of(text))
    return Passage(Article(text, "A headline", outlet, published=published), 0, len(text), tuple(spans))


HANOI = passage(
    "President Trump and Kim Jong-un met in Hanoi for a second time. The talks on 28 February 2019 ended "
    "without an agreement because the two sides could not agree on sanctions. “Sometimes you have to walk,” "
    "Mr Trump told reporters. Lunch was cancelled. The liaison office in Kaesong, which cost 17 billion won "
    "to rebuild, stayed open. The North did not close the office in March."
)
FRIDAY = passage(
    "Ri Son Gwon, the foreign minister, said on Friday that hope had given way to despair. He vowed to build "
    "a more reliable force. About three million people were reportedly put under watch, state media said. "
    "North Korean soldiers fired on South Korean guards at the border yesterday.",
    "Meridian Wire",
)
PASSAGES = [HANOI, FRIDAY]


def only(text: str) -> Claim:
    (claim,) = check(text, PASSAGES, EMBED)
    return claim


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("The two sides could not agree on sanctions.", "supported"),
        ("Lunch was cancelled.", "verbatim"),
        (
            "The Hanoi talks ended without an agreement because the sides could not agree on sanctions.",
            "supported",
        ),
        ("Mr Trump said: “Sometimes you have to walk.”", "verbatim"),
        ("Mr Trump said: “Sometimes you have to run.”", "unsupported"),
        ("Mr Trump said he was “very disappointed” in Hanoi.", "unsupported"),
        ("It cost 17 billion won to rebuild the liaison office in Kaesong.", "supported"),
        ("It cost 17,000,000,000 won to rebuild the liaison office in Kaesong.", "supported"),
        ("It cost 71 billion won to rebuild the liaison office in Kaesong.", "unsupported"),
        ("It cost $17 billion to rebuild the liaison office in Kaesong.", "unsupported"),
        ("The talks ended without an agreement on 28 February 2019.", "supported"),
        ("The talks ended without an agreement on 27 February 2019.", "unsupported"),
        ("The talks ended without an agreement on 28 March 2019.", "unsupported"),
        ("The talks ended without an agreement on 28 February 2018.", "unsupported"),
        ("The North closed the office in March.", "unsupported"),
        ("The talks in Hanoi ended with an agreement.", "unsupported"),
        ("Ri Son-gwon said on 12 June 2020 that hope had given way to despair.", "supported"),
        ("Ri Son-gwon said on 11 June 2020 that hope had given way to despair.", "unsupported"),
        ("Ri Yong Ho said on Friday that hope had given way to despair.", "unsupported"),
        ("Ri Son Gwon vowed to build a more reliable force.", "supported"),
        ("Donald Trump vowed to build a more reliable force.", "unsupported"),
        ("About 3m people were reportedly put under watch, state media said.", "supported"),
        ("About three million people were put under watch.", "unsupported"),
        ("North Korean soldiers fired on South Korean guards at the border on 11 June 2020.", "supported"),
        ("South Korean guards fired on North Korean soldiers at the border yesterday.", "unsupported"),
        ("The summit was held on the moon with robots serving dinner.", "unsupported"),
    ],
)
def test_a_claim_is_what_its_sentence_says_or_it_is_not(claim: str, verdict: str) -> None:
    assert only(claim).verdict == verdict


def test_a_claim_rests_on_the_exact_words() -> None:
    claim = only("The Hanoi talks ended without an agreement [3].")
    assert claim.text == "The Hanoi talks ended without an agreement [3]."
    (citation,) = claim.citations
    assert citation.quote.startswith("The talks on 28 February 2019 ended")
    assert citation.article.text[citation.start : citation.end] == citation.quote


def test_what_says_nothing_is_no_claim() -> None:
    assert check("The articles do not say how much it cost. Who knows? Here it is:", PASSAGES, EMBED) == []


@pytest.mark.parametrize(
    "text",
    [
        "The passages do not say.",
        "The articles do not mention that.",
        "The articles do not say how much it cost, and who paid.",
        "The sources don’t say whether the talks will go on.",
    ],
)
def test_that_the_articles_do_not_say_is_no_claim(text: str) -> None:
    assert check(text, PASSAGES, EMBED) == []


@pytest.mark.parametrize(
    "text",
    [
        "The articles do not say why Ole Berg spent 17 million crowns.",
        "Why did Ole Berg spend 17 million crowns?",
    ],
)
def test_what_was_asked_may_be_named_in_saying_that_it_is_not_there(text: str) -> None:
    assert claim_spans(text, "Why did Mayor Ole Berg spend 17 million crowns on the bridge?") == []
    assert claim_spans(text, "Why did the mayor spend so much on the bridge?") == [(0, len(text))]


def test_every_claim_stands_in_the_text_at_its_place() -> None:
    text = "- Lunch was cancelled [1].\n- Lunch was served to 400 guests [2].\n\nThe office stayed open."
    claims = check(text, PASSAGES, EMBED)
    assert [claim.verdict for claim in claims] == ["verbatim", "unsupported", "supported"]
    assert all(text[claim.start : claim.end] == claim.text for claim in claims)


@pytest.mark.parametrize(
    "text", ["", " \n ", "[1] [2]", "“", "a" * 5000, "“" * 500, "not " * 2000, "1" * 400]
)
def test_nothing_and_nonsense_do_no_harm(text: str) -> None:
    assert all(claim.verdict == "unsupported" for claim in check(text, PASSAGES, EMBED))
    assert all(not claim.citations for claim in check(text, [], EMBED))


LIES = [
    ("The summit in Rome ended on Thursday without an agreement.", "Trump resigned."),
    ("President Trump met Kim in Rome on Thursday.", "Trump was arrested."),
    ("The summit in Rome ended without an agreement.", "The summit in Rome ended in war."),
    ("The summit in Rome ended without an agreement.", "The summit in Rome ended with an agreement."),
    ("Claims that the minister resigned on Friday are wrong, he said.", "The minister resigned on Friday."),
    ("If the talks collapse, the border will close.", "The border will close."),
    ("The opposition claimed that the election was rigged.", "The election was rigged."),
    ("The temperature fell to -12 degrees in Oslo.", "The temperature fell to 12 degrees in Oslo."),
    (
        "The summit in Rome ended without an agreement. The war began in 1999.",
        "The summit in Rome ended without an agreement in 1999.",
    ),
    ("The summit in Rome ended without an agreement.", "The summit in Rome ended on 12 June 2020."),
    ("Prices rose by 5 percent in March.", "Prices fell by 5 percent in March."),
    ("More than 300 people were rescued in Oslo.", "Fewer than 300 people were rescued in Oslo."),
    ("Sales fell before the strike in Oslo.", "Sales fell after the strike in Oslo."),
    ("The rate rose to 5 percent from 4 percent.", "The rate rose to 4 percent from 5 percent."),
    ("The firm was founded in 1998 and closed in 2015.", "The firm was founded in 2015 and closed in 1998."),
    ("The firm made 5 euros.", f"The firm made {'9' * 400} euros."),
    ("The plant is expected to close in June.", "The plant closed in June."),
    ("The army plans to withdraw from Brae.", "The army is to withdraw from Brae."),
    ("The treaty was signed on 3 May.", "The treaty was signed on 3 May 2019."),
    ("The treaty was signed on Monday in Oslo.", "The treaty was signed on Tuesday in Oslo."),
    ("North Korea fired a missile towards the sea.", "South Korea fired a missile towards the sea."),
    ("The court acquitted Anna Keller of theft.", "The court convicted Anna Keller of theft."),
]


@pytest.mark.parametrize(("article", "claim"), LIES)
def test_a_sly_change_is_not_supported(article: str, claim: str) -> None:
    verdicts = [one.verdict for one in check(claim, [passage(article)], EMBED)]
    assert verdicts == ["unsupported"]


# An article, a lie about it, and the truth about it in other words.
PAIRS = [
    # Units of measure.
    (
        "The column moved 80 kilometres north of Brae on Tuesday.",
        "The column moved 80 miles north of Brae on Tuesday.",
        "The column moved 80km north of Brae on Tuesday.",
    ),
    (
        "The trail between Brae and Tolm is 50 miles long.",
        "The trail between Brae and Tolm is 50 km long.",
        "The trail between Brae and Tolm is 50 miles (80 km) long.",
    ),
    (
        "The ship carried 400 tonnes of grain to Tolm.",
        "The ship carried 400 kilograms of grain to Tolm.",
        "The ship carried 400,000 kilograms of grain to Tolm.",
    ),
    (
        "The bridge cost €30 million to repair, the council said.",
        "The bridge cost $30 million to repair, the council said.",
        "The bridge cost 30 million euros to repair, the council said.",
    ),
    (
        "The bank raised its rate by 2 percentage points in May.",
        "The bank raised its rate by 2 per cent in May.",
        "The bank raised its rate by two percentage points in May.",
    ),
    (
        "The bank raised its rate by half a percentage point in May.",
        "The bank raised its rate by 50 percentage points in May.",
        "The bank raised its rate by 50 basis points in May.",
    ),
    (
        "The talks in Tolm lasted 18 hours.",
        "The talks in Tolm lasted 18 days.",
        "The talks in Tolm took 18 hours.",
    ),
    (
        "The temperature reached 40 degrees Celsius in Brae.",
        "The temperature reached 40 degrees Fahrenheit in Brae.",
        "The temperature reached 104 degrees Fahrenheit in Brae.",
    ),
    (
        "The fine was set at A$5 million by the court in Perth.",
        "The fine was set at US$5 million by the court in Perth.",
        "The fine was set at 5 million Australian dollars by the court in Perth.",
    ),
    (
        "The farm near Tolm covers 300 acres.",
        "The farm near Tolm covers 300 hectares.",
        "The farm near Tolm covers about 121 hectares.",
    ),
    # What is counted.
    (
        "The attack in Brae left 12 dead and 40 injured.",
        "The attack in Brae left 40 dead.",
        "The attack in Brae left 40 injured.",
    ),
    (
        "The storm killed 12 people and injured 40 others in Tolm.",
        "The storm killed 40 people in Tolm.",
        "The storm killed 12 people in Tolm.",
    ),
    (
        "The fire in Oslo killed 12 people. It injured 40 firefighters.",
        "The fire in Oslo killed 40 people.",
        "The fire in Oslo killed 12 people.",
    ),
    (
        "The dealer sold 50 cars in March and 70 in April.",
        "The dealer sold 70 cars in March.",
        "The dealer sold 70 cars in April.",
    ),
    (
        "The school in Brae has 30 teachers and 600 pupils.",
        "The school in Brae has 600 teachers.",
        "The school in Brae has 600 pupils.",
    ),
    (
        "The tower in Tolm is 90 metres tall and 20 metres wide.",
        "The tower in Tolm is 20 metres tall.",
        "The tower in Tolm is 90 metres tall.",
    ),
    (
        "Unemployment fell from 7 percent to 5 percent in Norland.",
        "Unemployment fell to 7 percent in Norland.",
        "Unemployment fell to 5 percent in Norland.",
    ),
    (
        "Police arrested 30 demonstrators and 12 officers were hurt in Tolm.",
        "Police arrested 12 demonstrators in Tolm.",
        "Twelve officers were hurt in Tolm.",
    ),
    (
        "Shares of Nordbank dropped 4 percent and those of Tolm Air rose 9 percent.",
        "Shares of Nordbank dropped 9 percent.",
        "Shares of Nordbank dropped 4 percent.",
    ),
    # Who did it to whom, and in which voice.
    (
        "Keller told Brandt that the office would close.",
        "Brandt told Keller that the office would close.",
        "Keller told Brandt the office would close.",
    ),
    (
        "The company was bought by Norland Steel in 2019.",
        "The company bought Norland Steel in 2019.",
        "Norland Steel bought the company in 2019.",
    ),
    (
        "Trump met Kim in Hanoi, and Kim praised Moon.",
        "Moon praised Kim.",
        "Kim praised Moon.",
    ),
    (
        "Keller accused Brandt of fraud.",
        "Keller was accused by Brandt of fraud.",
        "Brandt was accused by Keller of fraud.",
    ),
    (
        "Keller was accused by Brandt of fraud.",
        "Keller accused Brandt of fraud.",
        "Brandt accused Keller of fraud.",
    ),
    (
        "Anna Keller was sharply criticised by Jonas Brandt at the hearing.",
        "Jonas Brandt was sharply criticised by Anna Keller at the hearing.",
        "Jonas Brandt sharply criticised Anna Keller at the hearing.",
    ),
    (
        "The protesters attacked the police in Brae on Monday.",
        "The protesters were attacked by the police in Brae on Monday.",
        "The police were attacked by the protesters in Brae on Monday.",
    ),
    (
        "The police in Brae were attacked by the protesters on Monday.",
        "The police in Brae attacked the protesters on Monday.",
        "The protesters attacked the police in Brae on Monday.",
    ),
    (
        "The government sued the company over the spill in Tolm.",
        "The company sued the government over the spill in Tolm.",
        "The company was sued by the government over the spill in Tolm.",
    ),
    # Who said it.
    (
        "Anna Keller said: “The plan is dead.” Jonas Brandt said: “We will try once more.”",
        "Jonas Brandt said: “The plan is dead.”",
        "Anna Keller said: “The plan is dead.”",
    ),
    (
        "“The plan is dead,” Anna Keller told reporters. “We will try once more,” said Jonas Brandt.",
        "Anna Keller said: “We will try once more.”",
        "Jonas Brandt told reporters: “We will try once more.”",
    ),
    (
        "Anna Keller spoke first. She said: “The plan is dead.” Jonas Brandt said: “We will try once more.”",
        "Jonas Brandt said “The plan is dead.”",
        "Anna Keller said “The plan is dead.”",
    ),
    (
        "The mayor said: “The plan is dead.” The union said: “We will try once more.”",
        "The union said: “The plan is dead.”",
        "The mayor said: “The plan is dead.”",
    ),
    # Fractions in words.
    (
        "Two-thirds of the members in Tolm voted for the strike.",
        "A quarter of the members in Tolm voted for the strike.",
        "Some 67 percent of the members in Tolm voted for the strike.",
    ),
    (
        "The survey found that 25 percent of the pupils in Brae walk to school.",
        "The survey found that half of the pupils in Brae walk to school.",
        "The survey found that a quarter of the pupils in Brae walk to school.",
    ),
    (
        "One in five workers in Tolm has no contract.",
        "One in three workers in Tolm has no contract.",
        "A fifth of workers in Tolm has no contract.",
    ),
    (
        "Three out of four voters in Brae backed the plan.",
        "Two out of three voters in Brae backed the plan.",
        "Three quarters of voters in Brae backed the plan.",
    ),
    # Denials, reserve and opposites, clause by clause.
    (
        "The mayor resigned, but the council did not accept it.",
        "The mayor did not resign.",
        "The mayor resigned.",
    ),
    (
        "The court ruled that the ban was illegal.",
        "The court ruled that the ban was legal.",
        "The ban was illegal, the court ruled.",
    ),
    # Names by the place they stand in, and their initials.
    (
        "The United States sent aid to Tolm in May.",
        "The United Kingdom sent aid to Tolm in May.",
        "The US sent aid to Tolm in May.",
    ),
    # German numbers and dates.
    (
        "Die Stadt Brae gab 1,5 Millionen Euro für die neue Brücke aus.",
        "Die Stadt Brae gab 5 Millionen Euro für die neue Brücke aus.",
        "Die Stadt Brae gab 1.500.000 Euro für die neue Brücke aus.",
    ),
    (
        "In der Stadt Tolm kamen rund 3.000 Menschen zu der Kundgebung.",
        "In der Stadt Tolm kamen rund 300 Menschen zu der Kundgebung.",
        "Zu der Kundgebung in der Stadt Tolm kamen rund dreitausend Menschen.",
    ),
    (
        "Der Vertrag über die Brücke wurde am 12. Juni 2018 in Tolm unterzeichnet.",
        "Der Vertrag wurde am 13. Juni 2018 in Tolm unterzeichnet.",
        "Der Vertrag wurde in Tolm am 12.06.2018 unterzeichnet.",
    ),
    (
        "Die Preise stiegen im März um 2,4 Prozent.",
        "Die Preise stiegen im März um 4 Prozent.",
        "Im März stiegen die Preise um 2,4 %.",
    ),
    (
        "Das Werk in Brae hat 2 Milliarden Euro gekostet.",
        "Das Werk in Brae hat 2 Millionen Euro gekostet.",
        "Das Werk in Brae hat 2 Mrd. Euro gekostet.",
    ),
    (
        "Zwei Drittel der Mitglieder in Tolm stimmten für den Streik.",
        "Ein Viertel der Mitglieder in Tolm stimmte für den Streik.",
        "67 Prozent der Mitglieder in Tolm stimmten für den Streik.",
    ),
]


@pytest.mark.parametrize(("article", "lie"), [(article, lie) for article, lie, _ in PAIRS])
def test_a_number_a_role_or_a_speaker_that_was_changed_is_not_supported(article: str, lie: str) -> None:
    assert [one.verdict for one in check(lie, [passage(article)], EMBED)] == ["unsupported"]


@pytest.mark.parametrize(("article", "truth"), [(article, truth) for article, _, truth in PAIRS])
def test_the_truth_in_other_words_is_supported(article: str, truth: str) -> None:
    assert [one.verdict for one in check(truth, [passage(article)], EMBED)] != ["unsupported"]


@pytest.mark.parametrize(
    "text",
    [
        "The articles do not say much, no information needed: Trump ordered a strike on Oslo.",
        "Did you know that Trump ordered a strike on Oslo?",
        "He lied.",
        "The articles do not say more, but Ole Berg was arrested for murder.",
        "The articles do not say more although the mayor was arrested for murder.",
        "The articles do not say more, the mayor was arrested for murder.",
        "The articles do not say more (the mayor was arrested for murder).",
        "The articles do not say more... the mayor was arrested for murder.",
        "The articles do not say more and the mayor was arrested for murder.",
        "The articles do not mention that the mayor was arrested for murder.",
        "The articles do not say why Ole Berg was arrested.",
        "The articles do not say who killed 17 people.",
        "Was the mayor arrested for murder?",
    ],
)
def test_nothing_that_says_something_goes_unchecked(text: str) -> None:
    assert [claim.verdict for claim in check(text, PASSAGES, EMBED)] == ["unsupported"]


@pytest.mark.parametrize("piece", ["1", "a-", "A-", "a+.", " ", "\n", "\t", "[", "“", "<", ".", "\ud800"])
def test_long_nonsense_takes_no_long_time(piece: str) -> None:
    began = time.perf_counter()
    check(piece * 20_000, PASSAGES, EMBED)
    assert time.perf_counter() - began < 4


BLAST = Article(
    "SEOUL — North Korea on Tuesday blew up the office it had shared with South Korea in Kaesong. "
    "The South expressed regret.",
    "Office blown up",
    "The Post",
    published=date(2020, 6, 16),
)


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("North Korea blew up the office it had shared with the South on 16 June 2020.", "supported"),
        ("North Korea blew up the office it had shared with the South in June 2020.", "supported"),
        ("North Korea blew up the office it had shared with the South on 9 June 2020.", "unsupported"),
        ("South Korea blew up the office it had shared with the North.", "unsupported"),
        ("North Korea blew up the shared office in Kaesong because it hated the colour.", "unsupported"),
        ("The South expressed regret on 16 June 2020.", "supported"),
        ("The South expressed regret on 3 May 2019.", "unsupported"),
    ],
)
def test_a_day_a_role_and_a_reason_are_those_of_the_article(claim: str, verdict: str) -> None:
    whole = Passage(BLAST, 0, len(BLAST.text), tuple(sentences(BLAST.text)))
    assert [one.verdict for one in check(claim, [whole], EMBED)] == [verdict]


BRAE = passage(
    "According to state media, nine soldiers were killed at Brae. The mayor of Brae, Ada Lund, came later. "
    "Lund said that the harbour stays shut for a week. The bridge lost a pier in the storm. The coroner told "
    "reporters that two sailors drowned. Police closed the road. She added that the ferry will sail again.",
    "Kestrel Tribune",
)


@pytest.mark.parametrize(
    ("claim", "is_supported"),
    [
        ("According to state media, nine soldiers were killed at Brae.", True),
        ("State media reported that nine soldiers were killed at Brae.", True),
        ("Nine soldiers were killed at Brae, state media said.", True),
        (
            "The Kestrel Tribune said nine soldiers were killed at Brae, according to state media.",
            True,
        ),
        ("Police said that nine soldiers were killed at Brae.", False),
        ("Nine soldiers were killed at Brae, police said.", False),
        ("Nine soldiers were killed at Brae, according to the coroner.", False),
        ("Officials said that nine soldiers were killed at Brae.", False),
        ("The Harbour Post reported that nine soldiers were killed at Brae.", False),
        ("Nine soldiers were killed at Brae.", False),
        ("On 4 May 2020 nine soldiers were killed at Brae, state media said.", False),
        ("The mayor said that the harbour stays shut for a week.", True),
        ("Officials said that the harbour stays shut for a week.", True),
        ("Police said that the harbour stays shut for a week.", False),
        ("The harbour stays shut for a week.", True),
        ("Police said that the bridge lost a pier in the storm.", False),
        ("The Kestrel Tribune reported that the bridge lost a pier in the storm.", True),
        ("The coroner said that two sailors drowned.", True),
        ("The coroner added that the ferry will sail again.", True),
    ],
)
def test_a_claim_has_its_words_from_whom_the_article_has_them(claim: str, is_supported: bool) -> None:
    (found,) = check(claim, [BRAE], EMBED)
    assert (found.verdict != "unsupported") == is_supported
