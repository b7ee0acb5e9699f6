from __future__ import annotations

import time
from datetime import date

import pytest

from assistant.claims import claim_spans
from assistant.types import Claim
from assistant.verify import check
from index.embed import MiniLM
from index.passages import sentences
from index.types import Article, Passage

EMBED = MiniLM().embed


def passage(text: str, outlet: str = "The Post", published: date | None = date(2020, 6, 12)) -> Passage:
    spans = sentences(text)
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
