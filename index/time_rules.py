"""How times are written, as a table: a pattern, and the function that says which days it means."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from index import counted, named, points
from index import time_words as words
from index.intervals import Interval
from index.surroundings import Reading

Function = Callable[[Reading, "re.Match[str]"], "Interval | None"]

_OWN_UNITS = "weekend wochenende year month week decade quarter jahres monats"  # as in "the end of the year"
_TIME_OF_DAY = (
    r"(?:(?: early| late)? (?:morning|afternoon|evening|night)\b|"
    r" ?(?:früh|morgen|vormittag|mittag|nachmittag|abend|nacht)\b)?"
)


@cache
def rules() -> tuple[tuple[re.Pattern[str], Function], ...]:
    """Give the table, compiled once; of the rules that fit at a place the first to give days counts."""
    unit, season = words.pattern(*words.UNITS.values()), words.pattern(*words.SEASONS.values())
    step, part = words.pattern(*words.STEPS.values()), words.pattern(*words.ORDINALS.values())
    month, weekday = words.pattern(*words.months()), words.pattern(*words.weekdays())
    week = words.pattern(*words.WEEKS.values())
    days, holiday = words.pattern(*words.DAYS.values()), words.pattern(*words.HOLIDAYS.values())
    year = rf"(?P<year>{words.YEAR})|(?P<step>{step}) (?:year|jahre?s?)|the year"
    of_year = rf"(?:,? (?:of |in |des )?(?:{year})(?!\w))?"
    of_week = rf"(?: (?:of )?(?P<week>{step}) (?:week|woche))?"
    count = rf"(?P<count>{words.NUMBER}) (?P<unit>{unit})\b"
    point = "|".join(re.sub(r"\?P<\w+>", "?:", one) for one in points.patterns()[:3])
    then = rf"(?:,? (?:(?P<now>today|this (?:week|month))|(?:on |in |am |im )(?P<point>{point}))\b)?"
    table: tuple[tuple[str, Function], ...] = (
        (r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?![\d-])", points.day),
        (r"(?P<day>\d{1,2})(?P<mark>[./])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4})(?!\d)", points.day),
        (r"(?P<year>\d{4})[-–/](?P<last>\d\d)(?![\w./-])", named.some_years),
        (r"(?P<decade>[12]\d\d0)(?:'?s|er[- ]jahren?)\b", named.decade),
        (points.range_pattern(), points.span),
        *((pattern, points.single) for pattern in points.patterns()[:4]),
        (rf"(?P<week>{week}) (?:of |in |des )(?P<point>{point})", points.week),
        (rf"{count} ago{then}", counted.ago),
        (rf"{count} ago(?P<now>)(?P<point>)", counted.ago),  # where the date beside it is another one
        (rf"vor {count}{then}", counted.ago),
        (rf"in {count}(?:' time)?(?! (?:of|or so)\b)", counted.ahead),
        (rf"{count} from now", counted.ahead),
        (rf"(?P<step>{step}) {count}(?! of\b)", counted.stretch),
        (rf"(?P<step>{step}) (?P<count>24|36|48|72) (?:hours|stunden)\b", counted.hours),
        (rf"(?P<part>{part})[ -](?P<unit>quarter|quartal|half|halbjahr)\b{of_year}", named.fraction),
        (rf"(?P<part>[qh][1-4])(?P<unit>)\b{of_year}", named.fraction),
        (rf"(?P<days>{days})\b{_TIME_OF_DAY}", counted.from_today),
        (rf"(?P<step>{step}) (?P<unit>{unit})\b", counted.unit),
        (rf"(?:(?P<before>{step}) )?(?P<season>{season})\b{of_year}", named.season),
        (rf"(?:(?P<step>{step}) )?(?P<weekday>{weekday}){_TIME_OF_DAY}{of_week}(?!\w)", named.weekday),
        (rf"(?P<step>{step}) (?P<month>{month})\b", named.month),
        (rf"(?:(?P<before>{step}) )?(?P<holiday>{holiday})\b{of_year}", named.holiday),
        (rf"(?P<unit>{words.pattern(_OWN_UNITS)})\b", counted.own_unit),
    )
    return tuple((re.compile(rule), function) for rule, function in table)


@cache
def starts() -> re.Pattern[str]:
    """Give the pattern of all that a time can begin with, so that most of a text is passed over at once."""
    names = [*words.months(), *words.weekdays(), *words.HOLIDAYS.values(), *words.DAYS.values()]
    others = words.pattern(*words.SEASONS.values(), "between from zwischen vom von", _OWN_UNITS, "[qh][1-4]")
    followed = words.pattern(*words.STEPS.values(), *words.ORDINALS.values())
    numbered = rf"(?:in|vor) {words.NUMBER}|{words.NUMBER} \w+ (?:ago|from)"
    return re.compile(
        rf"(?<![\w$€£])(?<!\d[.,])(?:\d|{words.pattern(*names)}|{others}\b|{followed}[ -]|{numbered})"
    )
