from __future__ import annotations

import doctest
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from assistant.answering import Assistant
from index.stories import containment, is_copy, shingles, stories_of, taken_over
from index.types import Article

WIRE = """
The ferry that joins the two banks of the Orrin was taken out of service on Monday after divers found a crack
as long as a man's arm in the shaft of its only engine.

The harbour office said that nobody was on board when the engine stopped. Two deckhands who had come to clean
the tanks noticed the smell of hot oil and rang the bell until the night watchman woke.

Repairs will take at least six weeks, because the part has to be cast anew in a foundry that closes for the
summer. Until then a bus will take passengers round by the bridge at Callow, which adds forty minutes.

Traders in the upper town fear for the season. “We live from the noon boat,” said Ottilie Brandt, who sells
smoked trout on the quay. “Nobody drives forty minutes for a trout.”

The council had refused in January to pay for a second engine. Its chairman called the cost out of all
proportion at the time, and was not to be reached on Monday evening.
""".strip()
OTHER = """
A court in Lindmar has struck down the rule that let the province close reading rooms without a vote. The
judges wrote that a room which people pay for belongs to them until they are asked.

Nine towns had sued. Their lawyer spoke of a good morning for anyone who owns a library card, and said that
the keys of four rooms would be back on their hooks before the end of the week.

The province can appeal within thirty days. A deputy governor said that she would read the ruling first, and
that she hoped to do so in a reading room.

Attendance has risen for three years in a row, although the opening hours were cut. In Lindmar itself a queue
forms at half past eight, of pupils mostly, and of men who want the newspapers to themselves.
""".strip()
NOTE = """
You are reading this because somebody on our desk thought that it mattered. Every weekday at seven we bring
five such pieces to your inbox, with a chart, a correction and the weather along the coast. It costs nothing.
""".strip()


def reworded(text: str, share: float, seed: int = 3) -> str:
    chance = random.Random(seed)
    words = OTHER.split()
    return " ".join(chance.choice(words) if chance.random() < share else word for word in text.split())


PARAGRAPHS = WIRE.split("\n\n")
PRINTED = {
    "word for word": WIRE,
    "set otherwise": WIRE.upper().replace("“", '"').replace("\n", " "),
    "cut to a third": "\n".join(PARAGRAPHS[:2])[: len(WIRE) // 3],
    "in another order": "\n\n".join(reversed(PARAGRAPHS)),
    "a fifth reworded": reworded(WIRE, 0.2),
    "cut, in another order and reworded": reworded("\n\n".join(reversed(PARAGRAPHS[:3])), 0.2),
    "with another beginning and a note": "Callow has a bus again. " + WIRE[40:] + NOTE,
}


@pytest.mark.parametrize("how", PRINTED)
def test_a_report_is_known_however_it_is_printed(how: str) -> None:
    assert is_copy(Article(WIRE, title="Ferry stops"), Article(PRINTED[how], title="What a crack may cost"))


SHARED = {
    "nothing": ("", ""),
    "a newsletter's note": (NOTE, NOTE),
    "a long quotation": (PARAGRAPHS[3], PARAGRAPHS[3]),
    "a background paragraph, in another place": ("", PARAGRAPHS[4]),
    "a credit": ("Reuters contributed to this report.", "Reuters contributed to this report."),
    "a credit and a note": (f"{NOTE}\nSource: Meridian Wire", f"{NOTE}\nSource: Meridian Wire"),
}


@pytest.mark.parametrize("what", SHARED)
def test_two_reports_that_share_something_are_two(what: str) -> None:
    mine, others = SHARED[what]
    assert not is_copy(
        Article(f"{WIRE}\n{mine}", outlet="Kestrel Tribune"), Article(f"{OTHER}\n{others}", outlet="Larkmoor")
    )


HALF = "\n\n".join([*PARAGRAPHS[:3], *OTHER.split("\n\n")[:2]])
CREDIT = "\nThe Associated Press contributed to this report."


def test_a_common_agency_tells_of_copies_that_overlap_by_half() -> None:
    assert 0.5 <= taken_over(shingles(WIRE), shingles(HALF)) < 0.7
    mine, others = Article(WIRE, outlet="Kestrel Tribune"), Article(HALF, outlet="Larkmoor Chronicle")
    assert not is_copy(mine, others)
    credited = Article(WIRE + CREDIT, outlet=mine.outlet)
    assert not is_copy(credited, others), "one of them does not name the agency"
    assert is_copy(credited, Article(HALF + CREDIT, outlet=others.outlet))
    assert not is_copy(credited, Article(HALF + "\nSource: dpa", outlet=others.outlet))


@pytest.mark.parametrize(
    "same",
    [{"outlet": "Kestrel Tribune"}, {"url": "https://kestrel.example/news/1"}],
    ids=["outlet", "address"],
)
def test_a_credit_says_nothing_of_what_one_outlet_uses_again(same: dict[str, str]) -> None:
    assert not is_copy(Article(WIRE + CREDIT, **same), Article(HALF + CREDIT, **same))


def test_a_notice_in_the_place_of_an_article_joins_nothing() -> None:
    notice = "Subscribe to go on reading this article, or sign in if you have an account with us already."
    assert not is_copy(Article(notice, title="Ferry stops"), Article(notice, title="Court strikes rule down"))


def test_a_roundup_that_quotes_an_article_whole_is_no_copy_of_it() -> None:
    brief = PARAGRAPHS[0] + PARAGRAPHS[1]
    assert is_copy(Article(brief), Article(WIRE))
    assert not is_copy(Article(brief), Article(f"{WIRE}\n{OTHER}\n{reworded(OTHER, 1)}\n{reworded(WIRE, 1)}"))


def test_languages_without_spaces_are_compared_by_characters() -> None:
    text = "渡し船は月曜日に運航を停止した。潜水士が機関の軸に腕ほどの長さの亀裂を見つけた。"
    text += "修理には六週間かかる見込みだ。"
    assert is_copy(Article(text), Article(text.replace("月曜日", "月曜").replace("六週間", "六週")))
    assert len(shingles(text)) > 40


TEXTS = some.text(alphabet="ab ", max_size=200)


@given(one=TEXTS, other=TEXTS)
def test_two_texts_are_compared_the_same_either_way_round(one: str, other: str) -> None:
    mine, others = shingles(one), shingles(other)
    assert containment(mine, others) == containment(others, mine)
    assert taken_over(mine, others) == taken_over(others, mine)
    assert 0 <= containment(mine, others) <= 1
    assert 0 <= taken_over(mine, others) <= 1
    assert taken_over(mine, mine) == containment(mine, mine) == (len(mine) > 0)


@given(text=some.text())
def test_any_text_has_runs(text: str) -> None:
    assert shingles(text).dtype == np.uint64


PAIRS = some.lists(
    some.tuples(some.integers(1, 8), some.integers(1, 8)).filter(lambda pair: pair[0] != pair[1])
)


@given(lengths=some.lists(some.integers(20, 900), min_size=8, max_size=8), pairs=PAIRS, chance=some.randoms())
def test_the_order_in_which_pairs_are_found_changes_no_story(
    lengths: list[int], pairs: list[tuple[int, int]], chance: random.Random
) -> None:
    rows = dict(enumerate(lengths, 1))
    turned = [chance.choice([pair, pair[::-1]]) for pair in pairs]
    chance.shuffle(turned)
    joined = stories_of(rows, pairs)
    assert stories_of(rows, turned) == joined
    assert all(joined[story] == story <= row for row, story in joined.items())


def test_the_sample_agency_report_is_one_story_in_three_outlets(sample: Assistant) -> None:
    articles = [one for _, one in sample.index._catalog.current_articles(0, 1000)]
    printed = [one for one in articles if Path(one.source).name.startswith("kaesong-blast")]
    assert len(printed) == 3
    for one in printed:
        copies = {copy.id for copy in sample.index.copies(one.id)}
        assert copies == {other.id for other in printed} - {one.id}
    assert sample.index.coverage().stories == len(articles) - 2


def test_the_example_in_the_document_is_what_the_program_prints(sample: Assistant) -> None:
    page = Path(__file__).resolve().parent.parent / "docs" / "stories.md"
    shown = page.read_text(encoding="utf-8").replace('".dateline"', repr(str(sample.index.home)))
    told: list[str] = []
    runner = doctest.DocTestRunner()
    runner.run(doctest.DocTestParser().get_doctest(shown, {}, page.name, str(page), 0), out=told.append)
    assert runner.summarize(verbose=False).attempted > 4
    assert told == []
