"""Units of measure and money: the words news has for them, English and German, and how they convert."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

SHARE = "⁄"  # the unit of a fraction, which no text writes after a number

# One unit a line: what it measures, how many of the base unit it is, its words. Singular: endings are added.
# A word that stands in two lines ("pound", "ton") may mean either.
_TABLE = f"""
share .01 | % percent per_cent pct prozent vom_hundert
share 1 | {SHARE}
points 1 | percentage_point percentage-point prozentpunkt
points .01 | basis_point basispunkt
length .001 | millimetre millimeter mm
length .01 | centimetre centimeter zentimeter cm
length 1 | metre meter
length 1000 | kilometre kilometer km
length .0254 | inch zoll
length .3048 | foot feet ft fuß
length .9144 | yard yd
length 1609.344 | mile mi meile
length 1852 | nautical_mile seemeile
area 1 | square_metre square_meter quadratmeter sq_m m² sqm
area .09290304 | square_foot square_feet sq_ft
area 1e6 | square_kilometre square_kilometer quadratkilometer sq_km km²
area 2589988 | square_mile quadratmeile sq_mile
area 4046.856 | acre
area 10000 | hectare hektar
volume 1 | litre liter
volume .001 | millilitre milliliter ml
volume 3.785412 | gallon
volume 158.9873 | barrel fass
mass 1e-6 | milligram milligramm mg
mass .001 | gram gramm
mass 1 | kilogram kilogramm kilo kg
mass .02834952 | ounce oz
mass .45359237 | pound lb pfund
mass 6.350293 | stone
mass 1000 | tonne ton metric_ton
mass 907.18474 | ton short_ton
speed 1 | kilometres_per_hour kilometres_an_hour kilometers_per_hour kilometers_an_hour kph kmh
speed 1 | km/h stundenkilometer
speed 1.609344 | mile-per-hour miles_per_hour miles_an_hour mph
speed 1.852 | knot
power 1 | kilowatt kw
power 1000 | megawatt mw
power 1e6 | gigawatt gw
energy 1 | kilowatt_hour kilowatt-hour kwh kilowattstunde
energy 1000 | megawatt_hour megawatt-hour mwh megawattstunde
time 1 | second sec sekunde
time 60 | minute min
time 3600 | hour hr stunde
time 86400 | day tag
time 604800 | week woche
time 2629746 | month monat
time 31556952 | year yr jahr
celsius 1 | degree grad °
celsius 1 | degree_celsius degrees_celsius degrees_centigrade degrees_c grad_celsius °c °_c
fahrenheit 1 | degree grad °
fahrenheit 1 | degree_fahrenheit degrees_fahrenheit degrees_f grad_fahrenheit °f °_f
dollar 1 | $ us$ usd dollar us_dollar u.s._dollar american_dollar
dollar .01 | cent ¢
australian_dollar 1 | a$ au$ aud australian_dollar
canadian_dollar 1 | c$ ca$ cad canadian_dollar
hong_kong_dollar 1 | hk$ hkd hong_kong_dollar
singapore_dollar 1 | s$ sgd singapore_dollar
new_zealand_dollar 1 | nz$ nzd new_zealand_dollar
euro 1 | € eur euro
euro .01 | cent
sterling 1 | £ gbp pound pfund pound_sterling
sterling .01 | pence penny
yen 1 | ¥ jpy yen
yuan 1 | ¥ cny rmb yuan renminbi
won 1 | ₩ krw won
rupee 1 | ₹ inr rupee rupie
ruble 1 | ₽ rub ruble rouble rubel
franc 1 | chf franc franken swiss_franc
"""
BEFORE = r"(?:us|au?|ca?|hk|nz|s)?\$|[€£¥₩₹₽]"  # what stands before its number
_ENDINGS = "(?:s|es|e|n|en)?"
_ROUNDING = 0.02  # 50 miles are 80 km in the news, and two thirds 67 percent
_ZERO = {"celsius": 0.0, "fahrenheit": 32.0}  # where water freezes


@dataclass(frozen=True, slots=True)
class Measure:
    """What a unit measures, and how many of the base unit of that kind it is."""

    kind: str
    factor: float


@lru_cache(maxsize=1)
def measures() -> dict[str, tuple[Measure, ...]]:
    """Give for every word of the table, in lower case, what it may measure."""
    found: dict[str, tuple[Measure, ...]] = {}
    for line in _TABLE.strip().splitlines():
        kind, factor, _, *words = line.split()
        for word in words:
            own = word.replace("_", " ")
            found[own] = (*found.get(own, ()), Measure(kind, float(factor)))
    return found


@lru_cache(maxsize=1)
def after_a_number() -> str:
    """Give the pattern of a unit that follows its number; the group `after` is a word of the table."""
    words = sorted(measures(), key=len, reverse=True)
    return rf"(?P<after>{'|'.join(map(re.escape, words))}){_ENDINGS}(?!\w)"


def is_same_kind(one: str, other: str) -> bool:
    """Tell whether two units can measure the same; two things that are counted, without unit, do."""
    if not one or not other:
        return one == other
    return bool({each.kind for each in measures()[one]} & {each.kind for each in measures()[other]})


def is_equal(value: float, unit: str, other_value: float, other_unit: str) -> bool:
    """Tell whether two measures are one, as far as news rounds them where it converts.

    >>> is_equal(50, "mile", 80, "km"), is_equal(80, "mile", 80, "km"), is_equal(40, "°c", 104, "°f")
    (True, False, True)
    """
    return any(
        _is_equal(value, mine, other_value, theirs)
        for mine in measures()[unit]
        for theirs in measures()[other_unit]
    )


def _is_equal(value: float, mine: Measure, other_value: float, theirs: Measure) -> bool:
    if mine == theirs:
        return math.isclose(value, other_value, rel_tol=1e-9)
    if {mine.kind, theirs.kind} == set(_ZERO):
        fahrenheit, celsius = (value, other_value) if mine.kind == "fahrenheit" else (other_value, value)
        return math.isclose((fahrenheit - _ZERO["fahrenheit"]) / 1.8, celsius, abs_tol=0.6)
    same = math.isclose(value * mine.factor, other_value * theirs.factor, rel_tol=_ROUNDING)
    return mine.kind == theirs.kind and same
