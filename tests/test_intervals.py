from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.intervals import (
    Interval,
    month_of,
    moved,
    nearest,
    part_of,
    quarter_of,
    season_of,
    unit_around,
    week_of,
    years_of,
)

UNITS = ["day", "week", "weekend", "month", "quarter", "year", "decade"]
DAYS = st.dates(date(20, 1, 1), date(9980, 1, 1))


def test_an_interval_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        Interval(date(2020, 6, 2), date(2020, 6, 1))


def test_both_its_days_belong_to_an_interval() -> None:
    june = month_of(2020, 6)
    assert june.days == 30
    assert june.first in june
    assert june.last in june
    assert june.overlaps(Interval(date(2020, 6, 30), date(2020, 7, 2)))
    assert not june.overlaps(month_of(2020, 7))


def test_a_leap_day_moves_to_the_last_day_of_february() -> None:
    assert moved(date(2024, 2, 29), 1, "year") == date(2025, 2, 28)
    assert moved(date(2024, 3, 31), -1, "month") == date(2024, 2, 29)
    assert moved(date(2024, 2, 29), -4, "year") == date(2020, 2, 29)


def test_weeks_seasons_and_quarters_cross_the_new_year() -> None:
    assert week_of(date(2020, 1, 1)) == Interval(date(2019, 12, 30), date(2020, 1, 5))
    assert season_of(2019, "winter") == Interval(date(2019, 12, 1), date(2020, 2, 29))
    assert quarter_of(2019, 4).last == date(2019, 12, 31)


def test_of_two_as_near_the_earlier_is_chosen() -> None:
    april, june = month_of(2020, 4), month_of(2020, 6)
    assert nearest([june, april], date(2020, 5, 16)) == april
    assert nearest([april, june], date(2020, 5, 17)) == june


def test_a_lean_passes_over_what_is_on_the_other_side() -> None:
    april, may, june = (month_of(2020, month) for month in (4, 5, 6))
    day = date(2020, 5, 30)
    assert [nearest([april, may, june], day, lean) for lean in (-2, -1, 0, 1, 2)] == [
        april,
        may,
        may,
        may,
        june,
    ]
    assert nearest([april, june], day, -1) == april
    with pytest.raises(ValueError, match="empty"):
        nearest([june], day, -1)


@pytest.mark.parametrize("years", [(0, 1), (9999, 2), (10000, 1)])
def test_there_is_no_year_before_1_and_none_after_9999(years: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="year"):
        years_of(*years)


@given(DAYS, st.sampled_from(UNITS))
def test_what_is_around_a_day_holds_it_and_so_do_its_parts(day: date, unit: str) -> None:
    whole = unit_around(day, unit)
    assert day in whole or unit == "weekend"
    if whole.days < 3:
        return
    parts = [part_of(whole, part) for part in ("early", "middle", "late")]
    assert parts[0].first == whole.first
    assert parts[2].last == whole.last
    assert all(one.last + timedelta(1) == other.first for one, other in pairwise(parts))


@given(DAYS, st.integers(-9, 9), st.sampled_from(["day", "week", "month", "quarter", "year"]))
def test_going_there_and_back_loses_three_days_at_most(day: date, count: int, unit: str) -> None:
    assert 0 <= (day - moved(moved(day, count, unit), -count, unit)).days <= 3
