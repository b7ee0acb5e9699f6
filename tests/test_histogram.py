"""Articles by day as bars."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from page import words
from page.histogram import HEIGHTS, histogram

COUNTS = st.dictionaries(st.dates(), st.integers(1, 10**6), min_size=1, max_size=40)


@given(COUNTS)
def test_every_article_stands_in_one_bar_and_no_day_is_left_out(counts: dict[date, int]) -> None:
    drawn = histogram(sorted(counts.items()))
    assert sum(bar.articles for bar in drawn.bars) == sum(counts.values())
    for bar in drawn.bars:
        held = sum(number for day, number in counts.items() if bar.first <= day <= bar.last)
        assert bar.articles == held
        assert (bar.height > 0) == (held > 0)
    assert max(bar.height for bar in drawn.bars) == HEIGHTS
    for before, after in zip(drawn.bars, drawn.bars[1:], strict=False):
        assert after.first - before.last == timedelta(days=1)


@given(COUNTS)
def test_there_are_never_many_bars(counts: dict[date, int]) -> None:
    years = max(counts).year - min(counts).year
    assert len(histogram(sorted(counts.items())).bars) <= (62 if years < 5000 else 101)


def test_the_unit_grows_with_the_days() -> None:
    first = date(2019, 3, 6)
    for days, heading in (
        (61, words.BY_DAY),
        (62, words.BY_WEEK),
        (500, words.BY_MONTH),
        (3000, words.BY_YEAR),
        (80 * 365, words.BY_DECADE),
        (900 * 365, words.BY_CENTURY),
    ):
        drawn = histogram([(first, 1), (first + timedelta(days=days), 1)])
        assert drawn.heading == heading
        assert [bar.articles for bar in drawn.bars if bar.articles] == [1, 1]


def test_bars_are_named_as_their_days_are_read_and_keep_inside_the_days_asked_for() -> None:
    counts = [(date(2019, 1, 30), 3), (date(2020, 12, 2), 1)]
    drawn = histogram(counts, date(2019, 1, 15), date(2020, 12, 31))
    assert drawn.bars[0].days == "15 January 2019 to 31 January 2019"
    assert (drawn.bars[1].days, drawn.bars[-1].days) == ("February 2019", "December 2020")


def test_a_month_that_was_chosen_is_shown_whole() -> None:
    drawn = histogram([(date(2020, 6, 12), 2)], date(2020, 6, 1), date(2020, 6, 30))
    assert (len(drawn.bars), drawn.bars[0].first, drawn.bars[-1].last) == (
        30,
        date(2020, 6, 1),
        date(2020, 6, 30),
    )
    assert [bar.first.day for bar in drawn.bars if bar.height] == [12]


def test_nothing_is_drawn_of_nothing() -> None:
    assert histogram([]).bars == ()
