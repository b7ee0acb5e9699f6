"""What the tests of times share: the share that has to be right, and what is known to be misread."""

from __future__ import annotations

from datetime import date
from pathlib import Path

FLOOR = 0.95
FRIDAY = date(2020, 6, 12)
WORDS = (
    "on in at since by between from to and of the last next this early late end mid- two a 2 4 30 31 29 0 "
    "9999 2019 1999 12. June May March Februar Dezember Tuesday Sonntag yesterday overnight gestern week "
    "weeks month year years ago vor in 1990s Q3 quarter first second anniversary , . - – İ ’ \n \u00a0 Times "
    "Mr people"
).split(" ")
_DOCUMENT = Path(__file__).parent.parent / "docs" / "times.md"


def listed(heading: str) -> set[str]:
    """Give the sentences that docs/times.md lists under a heading: those known to be misread."""
    part = _DOCUMENT.read_text("utf-8").split(f"### {heading}")[1].split("###")[0]
    return {line.split("“")[1].split("”")[0] for line in part.splitlines() if line.startswith("- “")}
