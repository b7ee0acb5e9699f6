"""How times are written, as a table: a pattern, and the function that says which days it means."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from functools import cache

from index import points
from index import time_words as words
from index.intervals import (
    Interval,
    day_of,
    months_of,
    moved,
    nearest,
    quarter_of,
    season_of,
    unit_around,
    week_of,
    years_of,
)
from index.surroundings import Reading

Function = Callable[[Reading, "re.Match[str]"], "Interval | None"]

_TIME_OF_DAY = (
    r"(?:(?: early| late)? (?:morning|afternoon|evening|night)\b|"
    r" ?(?:früh|morgen|vormittag|mittag|nachmittag|abend|nacht)\b)?"
)
_RECURRING = re.compile(r"\b(?:every|each|any|black|good|cyber|super|ash|palm|bloody|easter|jede[nrm]) $")
_WEEKDAY_BEFORE = re.compile(
    r"\b(?:on|am|since|by|until|till|from|late|early|and|or|before|after|of|through|to|seit|bis|ab|nach) $"
)
_TITLE_AFTER = re.compile(
    r" (?:Times|Telegraph|Mirror|Express|Mail|Post|Herald|Tribune|Star|Night (?:Football|Live|Lights|Raw))\b"
)
_MONEY = re.compile(
    r"profit|revenue|sales|earnings|grow|grew|shr[au]nk|econom|percent|per cent|[%$€£]|shares|umsatz|gewinn"
)
_OWNED = re.compile(r"\b(?:his|her|its|their|my|our|your|an?) $")
_SEASON_BEFORE = re.compile(
    r"\b(?:in|since|until|by|during|before|after)(?: the)? $|\b(?:im|seit|bis|vor dem|nach dem) $"
)
_PART_BEFORE = re.compile(r"\b(?:end|start|beginning|middle|rest) of the $|\b(?:anfang|mitte|ende) des $")
_HOLIDAY_BEFORE = re.compile(r"\b(?:on|at|by|before|after|since|until|over|during|an|zu|vor|nach|seit|bis) $")


@cache
def rules() -> tuple[tuple[re.Pattern[str], Function], ...]:
    """Give the table, compiled once; of the rules that fit at a place the first to give days counts."""
    unit, season = words.pattern(*words.UNITS.values()), words.pattern(*words.SEASONS.values())
    step, part = words.pattern(*words.STEPS.values()), words.pattern(*words.ORDINALS.values())
    month, weekday = words.pattern(*words.months()), words.pattern(*words.weekdays())
    days, holiday = words.pattern(*words.DAYS.values()), words.pattern(*words.HOLIDAYS.values())
    of_year = rf"(?:,? (?:of |in |des )?(?:(?P<year>{words.YEAR})|(?P<step>{step}) (?:year|jahre?s?)|the year)(?!\w))?"
    count = rf"(?P<count>{words.NUMBER}) (?P<unit>{unit})\b"
    point = "|".join(re.sub(r"\?P<\w+>", "?:", one) for one in points.patterns()[:3])
    then = rf"(?:,? (?:(?P<now>today|this (?:week|month))|(?:on |in |am |im )(?P<point>{point}))\b)?"
    table: tuple[tuple[str, Function], ...] = (
        (r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?![\d-])", points.day),
        (r"(?P<day>\d{1,2})(?P<mark>[./])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4})(?!\d)", points.day),
        (r"(?P<year>\d{4})[-–/](?P<last>\d\d)(?![\w./-])", _some_years),
        (r"(?P<decade>[12]\d\d0)(?:'?s|er[- ]jahren?)\b", _decade),
        (points.range_pattern(), points.span),
        *((pattern, points.single) for pattern in points.patterns()[:4]),
        (rf"{count} ago{then}", _ago),
        (rf"vor {count}{then}", _ago),
        (rf"in {count}(?:' time)?(?! of\b)", _ahead),
        (rf"{count} from now", _ahead),
        (rf"(?P<step>{step}) {count}", _stretch),
        (rf"(?P<part>{part})[ -](?P<unit>quarter|quartal|half|halbjahr)\b{of_year}", _fraction),
        (rf"(?P<part>q[1-4])(?P<unit>)\b{of_year}", _fraction),
        (rf"(?P<days>{days})\b{_TIME_OF_DAY}", _counted_from_today),
        (rf"(?P<step>{step}) (?P<unit>{unit})\b", _step),
        (rf"(?:(?P<before>{step}) )?(?P<season>{season})\b{of_year}", _season),
        (rf"(?:(?P<step>{step}) )?(?P<weekday>{weekday}){_TIME_OF_DAY}(?!\w)", _weekday),
        (rf"(?P<step>{step}) (?P<month>{month})\b", _month),
        (rf"(?:(?P<step>{step}) )?(?P<holiday>{holiday})\b", _holiday),
        (r"(?P<unit>year|month|week|decade|quarter|jahres|monats)\b", _whole),
    )
    return tuple((re.compile(rule), function) for rule, function in table)


@cache
def starts() -> re.Pattern[str]:
    """Give the pattern of all that a time can begin with, so that most of a text is passed over at once."""
    names = [*words.months(), *words.weekdays(), *words.HOLIDAYS.values(), *words.DAYS.values()]
    others = [
        *words.SEASONS.values(),
        "between from zwischen vom von",
        "year month week decade quarter jahres monats",
    ]
    first = words.pattern(*names, *(f"{word}\\b" for line in others for word in line.split()), r"\d q[1-4]\b")
    followed = words.pattern(*words.STEPS.values(), *words.ORDINALS.values())
    counted = rf"(?:in|vor) {words.NUMBER}|{words.NUMBER} \w+ (?:ago|from)"
    return re.compile(rf"(?<![\w$€£])(?<!\d[.,])(?:{first}|{followed}[ -]|{counted})")


def _some_years(reading: Reading, match: re.Match[str]) -> Interval | None:
    """Read "2017-18" as its years; "2007-08" may be a month and is none."""
    year, last = int(match["year"]), int(match["last"])
    return years_of(year, last - year % 100 + 1) if last > max(year % 100, 12) else None


def _decade(reading: Reading, match: re.Match[str]) -> Interval:
    return years_of(
        int(match["decade"]), 100 if match["decade"].endswith("00") and match["decade"] < "2000" else 10
    )


def _year_of(reading: Reading, match: re.Match[str]) -> int:
    """Read the year beside a quarter or a season; that of the article if it says "this" or "the"."""
    if match["year"]:
        return int(match["year"])
    return reading.today.year + (words.meaning(words.STEPS, match["step"]) if match["step"] else 0)


def _ago(reading: Reading, match: re.Match[str]) -> Interval | None:
    """Read "two years ago" as the calendar's year, and "two years ago on June 12" as the day."""
    unit = words.meaning(words.UNITS, match["unit"])
    then = moved(reading.today, -words.number(match["count"]), unit)
    if match["now"]:
        return unit_around(then, {"today": "day", "this week": "week", "this month": "month"}[match["now"]])
    whole = unit_around(then, "year" if unit == "decade" else unit)
    if match["point"]:
        found = points.within(reading, match.span("point"), whole.first.year)
        return found if found and found.overlaps(whole) else None
    return whole


def _ahead(reading: Reading, match: re.Match[str]) -> Interval | None:
    """Read "in two weeks" as the week; where nothing is to come it is how long something took."""
    if match[0].startswith("in ") and reading.lean(*match.span()) < 1:
        return None
    unit = words.meaning(words.UNITS, match["unit"])
    return unit_around(moved(reading.today, words.number(match["count"]), unit), unit)


def _stretch(reading: Reading, match: re.Match[str]) -> Interval | None:
    """Read "the last six months" as the days up to today."""
    step, unit = words.meaning(words.STEPS, match["step"]), words.meaning(words.UNITS, match["unit"])
    if not step or _OWNED.search(reading.before(match.start())):
        return None
    return Interval(*sorted((reading.today, moved(reading.today, step * words.number(match["count"]), unit))))


def _fraction(reading: Reading, match: re.Match[str]) -> Interval | None:
    """Read a quarter or half of a calendar year; without a year only where money is spoken of."""
    part = int(match["part"][1]) if not match["unit"] else words.meaning(words.ORDINALS, match["part"])
    count = 6 if match["unit"].startswith("hal") else 3
    if re.search(r"\bfiscal $", reading.before(match.start())) or part * count > 12:
        return None
    if match["year"] or "year" in match[0] or "jahres" in match[0]:
        return months_of(_year_of(reading, match), count * (part - 1) + 1, count)
    start, end = reading.sentence(*match.span())
    if count == 6 or (match["unit"] and not _MONEY.search(reading.lowered, start, end)):
        return None
    found = (quarter_of(year, part) for year in _years_around(reading))
    return nearest(found, reading.today, min(reading.lean(*match.span()), 0))  # what will be reported is over


def _counted_from_today(reading: Reading, match: re.Match[str]) -> Interval | None:
    """Read "yesterday"; with a capital only where a sentence begins, for it is a title or a name else."""
    before = reading.text[: match.start()][-2:]
    starts_sentence = not before.strip() or before[0] in ".!?:\n" or before[-1] in '\n(“"„—'
    quoted = before[-1:] in tuple("“\"„'‘") and reading.after(match.end())[:1] in tuple("”\"“'’")
    if quoted or (reading.is_capital(match.start()) and not starts_sentence):
        return None
    if (
        re.search(r"\b(?:an|the|his|her|its|their|guten) $", reading.before(match.start()))
        and " " not in match["days"]
    ):
        return None
    first, last = words.meaning(words.DAYS, match["days"])
    return Interval(reading.today + timedelta(first), reading.today + timedelta(last))


def _step(reading: Reading, match: re.Match[str]) -> Interval | None:
    """Read "last month" as the calendar's, "the past week" and "in the last year" as the days up to today."""
    step, unit = words.meaning(words.STEPS, match["step"]), words.meaning(words.UNITS, match["unit"])
    before = reading.before(match.start())
    if unit == "day" or _OWNED.search(before) or reading.after(match.end()).startswith(" of "):
        return None
    if match["step"] in ("past", "coming") or (before.endswith("the ") and not _PART_BEFORE.search(before)):
        if unit in ("weekend", "quarter") or not step:
            return None
        return Interval(*sorted((reading.today, moved(reading.today, step, unit))))
    return unit_around(moved(reading.today, step, "week" if unit == "weekend" else unit), unit)


def _season(reading: Reading, match: re.Match[str]) -> Interval | None:
    """Read a season that is qualified: "this spring", "the winter of 2018", "in the autumn"."""
    season = words.meaning(words.SEASONS, match["season"])
    if match["year"] or match["step"]:
        return season_of(_year_of(reading, match), season)
    found = (season_of(year, season) for year in _years_around(reading))
    if match["before"]:
        return nearest(found, reading.today, 2 * words.meaning(words.STEPS, match["before"]))
    if re.match(r" (?:of|in|from)\b| [A-Z]|-", reading.after(match.end())):
        return None
    if not re.search(
        r"\b(?:in|since|until|by|during)(?: the)? $|\b(?:im|seit|bis|zum) $", reading.before(match.start())
    ):
        return None
    return nearest(found, reading.today, reading.lean(*match.span()))


def _weekday(reading: Reading, match: re.Match[str]) -> Interval | None:
    """Read a day of the week: with "last" and "next" the nearest on that side, else by the tense."""
    start, end = match.span("weekday")
    before, after = reading.before(match.start()), reading.after(end)
    if not reading.is_capital(start) or _RECURRING.search(before) or _TITLE_AFTER.match(after):
        return None
    if not match["step"] and re.match(" [A-ZÄÖÜ]", after) and not _WEEKDAY_BEFORE.search(before):
        return None
    monday = week_of(reading.today).first + timedelta(words.weekdays()[match["weekday"]])
    if match["step"] in words.STEPS[0].split():
        return day_of(monday)
    lean = 2 * words.meaning(words.STEPS, match["step"]) if match["step"] else reading.lean(*match.span())
    return nearest((day_of(monday + timedelta(7 * week)) for week in (-1, 0, 1)), reading.today, lean)


def _month(reading: Reading, match: re.Match[str]) -> Interval | None:
    if not reading.is_capital(match.start("month")):
        return None
    month = words.months()[match["month"]]
    found = (months_of(year, month, 1) for year in _years_around(reading))
    step = words.meaning(words.STEPS, match["step"])
    return nearest(found, reading.today, 2 * step) if step else months_of(reading.today.year, month, 1)


def _holiday(reading: Reading, match: re.Match[str]) -> Interval | None:
    before = reading.before(match.start())
    if match["holiday"] == "christmas" and not match["step"] and not _HOLIDAY_BEFORE.search(before):
        return None
    month, day = words.meaning(words.HOLIDAYS, match["holiday"])
    point = points.Point(day, month)
    step = words.meaning(words.STEPS, match["step"]) if match["step"] else 0
    return point.resolved(reading.today, 2 * step or reading.lean(*match.span()))


def _whole(reading: Reading, match: re.Match[str]) -> Interval | None:
    """Read "the year" where its end or beginning is meant."""
    if not _PART_BEFORE.search(reading.before(match.start())):
        return None
    return unit_around(reading.today, words.meaning(words.UNITS, match["unit"]))


def _years_around(reading: Reading) -> range:
    return range(reading.today.year - 1, reading.today.year + 2)
