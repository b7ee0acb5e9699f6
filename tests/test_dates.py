from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from index.dates import Dates, date_in_address, parse_date

JUNE_12 = date(2020, 6, 12)


def at(hour: int, minute: int, offset_hours: float = 0, day: int = 12) -> datetime:
    zone = timezone(timedelta(hours=offset_hours))
    return datetime(2020, 6, day, hour, minute, tzinfo=zone)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2020-06-12", JUNE_12),
        ("2020/06/12", JUNE_12),
        ("20200612", JUNE_12),
        ("12.06.2020", JUNE_12),
        ("06.07.2020", date(2020, 7, 6)),
        ("25/06/2020", date(2020, 6, 25)),
        ("25-06-2020", date(2020, 6, 25)),
        ("06-25-2020", date(2020, 6, 25)),
        ("06-06-2020", date(2020, 6, 6)),
        ("June 12, 2020", JUNE_12),
        ("Friday, June 12, 2020", JUNE_12),
        ("Jun. 12, 2020", JUNE_12),
        ("12th of June, 2020", JUNE_12),
        ("12. Juni 2020", JUNE_12),
        ("Freitag, 12. Juni 2020", JUNE_12),
        ("12 juin 2020", JUNE_12),
        ("1er juin 2020", date(2020, 6, 1)),
        ("viernes, 12 de junio de 2020", JUNE_12),
        ("12 giugno 2020", JUNE_12),
        ("12 juni 2020", JUNE_12),
        ("12 de junho de 2020", JUNE_12),
    ],
)
def test_a_day_is_read_in_many_ways_of_writing_it(written: str, expected: date) -> None:
    found = parse_date(written)
    assert found == expected
    assert type(found) is date


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Sat, 13 Jun 2020 01:06:00 +0000", at(1, 6, day=13)),
        ("2020-06-12T01:06:00Z", at(1, 6)),
        ("2020-06-12T01:06Z", at(1, 6)),
        ("2020-06-12T01:06:00.123456Z", at(1, 6)),
        ("2020-06-12 01:06:00 UTC", at(1, 6)),
        ("2020-06-12T10:06:00+09:00", at(10, 6, 9)),
        ("2020-06-12T10:06:00+0530", at(10, 6, 5.5)),
        ("2020-06-12T10:06:00-04", at(10, 6, -4)),
        ("June 12, 2020 at 1:06 p.m. EDT", at(13, 6, -4)),
    ],
)
def test_a_time_is_kept_with_its_zone(written: str, expected: datetime) -> None:
    found = parse_date(written)
    assert found == expected
    assert isinstance(found, datetime)
    assert found.utcoffset() == expected.utcoffset()


@pytest.mark.parametrize(
    "written",
    [
        *("2020-06-12T10:06:00", "June 12, 2020, 3:00 PM", "June 12, 2020, 3:00 PM ET"),
        *("June 12, 2020 11:30 PM IST", "2020-06-12 23:30 CST", "Fri, 12 Jun 2020 23:30:00 (BST)"),
        "Fri Jun 12 23:30:00 IST 2020",
    ],
)
def test_a_time_without_a_certain_zone_is_only_a_day(written: str) -> None:
    assert parse_date(written) == JUNE_12


@pytest.mark.parametrize(
    "written",
    [
        *("", "soon", "yesterday", "June 2020", "12 June", "2020", "Updated 3 hours ago"),
        *(
            "06/07/2020",
            "06-07-2020",
            "05-06-2020",
            "6–7–2020",
            "Fri, 06-07-2020 10:00",
            "2020-02-30",
            "June 31, 2020",
            "2020-13-01",
            "2020-06-12T25:00:00Z",
        ),
        *("1899-12-31", "2999-01-01", "0000-00-00", "20201", "In 2019 they met twice"),
        *("1970-01-01", "1970-01-01T00:00:00Z", "1970-01-01T01:00:00+01:00", "-2020-03-01", "+2020-03-01"),
        *("2020-06-12 and more", "12 June 2020 " * 20, "2020-06-12T10:06:00+99:99"),
    ],
)
def test_what_is_no_certain_day_is_no_date(written: str) -> None:
    assert parse_date(written) is None


def test_the_day_after_tomorrow_is_the_last_day_believed() -> None:
    today = datetime.now(timezone.utc).date()
    assert parse_date(str(today + timedelta(days=1))) == today + timedelta(days=1)
    assert parse_date(str(today + timedelta(days=4))) is None


@given(st.dates(date(1900, 1, 1), date(2025, 12, 31)))
def test_every_day_is_read_back_from_its_iso_form(day: date) -> None:
    assume(day != date(1970, 1, 1))  # a program's zero
    assert parse_date(day.isoformat()) == day


@given(
    st.datetimes(datetime(1950, 1, 1), datetime(2025, 12, 31)).map(
        lambda moment: moment.replace(microsecond=0)
    ),
    st.integers(-12 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters))),
)
def test_every_moment_is_read_back_with_its_zone(moment: datetime, zone: timezone) -> None:
    aware = moment.replace(tzinfo=zone)
    assume(aware.timestamp() != 0)
    found = parse_date(aware.isoformat())
    assert found == aware
    assert isinstance(found, datetime)
    assert found.utcoffset() == aware.utcoffset()


@given(st.text(max_size=100))
def test_no_text_at_all_makes_it_fail(text: str) -> None:
    found = parse_date(text)
    assert found is None or found.year >= 1900


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://news.example/2019/03/01/hanoi", date(2019, 3, 1)),
        ("https://news.example/world/2019/3/1/", date(2019, 3, 1)),
        ("https://news.example/2019-03-01-hanoi", date(2019, 3, 1)),
        ("https://old.example/web/2015/01/02/https://news.example/2019/03/01/hanoi", date(2019, 3, 1)),
        ("https://old.example/web/2015/01/02/https://news.example/hanoi", None),
        ("https://news.example/2019/03/01/hanoi?from=https://x.example/2018/01/02/", date(2019, 3, 1)),
        ("https://news.example/read?day=2019-03-01", date(2019, 3, 1)),
        ("https://news.example/2019/03/hanoi", None),
        ("https://news.example/2019/03/0123456", None),
        ("https://news.example/id/20190301", None),
        ("", None),
    ],
)
def test_an_address_gives_its_day_or_nothing(address: str, expected: date | None) -> None:
    assert date_in_address(address) == expected


def test_a_change_before_the_publication_is_dropped() -> None:
    assert Dates(JUNE_12, date(2020, 6, 11)).modified is None
    assert Dates(JUNE_12, at(9, 0)).modified == at(9, 0)
    assert Dates(None, JUNE_12).modified == JUNE_12
