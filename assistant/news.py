"""Whether a question asks what is new, on what subject, and since when."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from assistant.moment import Moment
from index.intervals import days_from
from index.types import Scope

_USUAL_DAYS = 7  # before the newest article, where a question names no day
_RECENT_DAYS = 31
_SINCE = re.compile(r"(?:since|after|seit|nach)\b", re.IGNORECASE)

_ON = (
    r"(?:on|about|of|from|in|at|with|for|regarding|concerning|around|over|"
    r"zum?|zur|über|von|vom|aus|im|beim?|um)"
)
_NEWS = (
    r"(?:(?:the )?(?:latest |newest |recent |new )?news|(?:the )?(?:latest |new |recent )?updates?|"
    r"new (?:articles|reports|stories|developments)|(?:neue )?nachrichten|neuigkeiten)"
)
_OPENING = (
    r"(?:(?:and|so|und|also|please|bitte) )?(?:"
    rf"what(?: is|['’]?s| was| are|['’]re)(?: there)? (?:new|{_NEWS})|what news (?:is|are) there|"
    r"what has been added|"
    r"(?:(?:is|are|was|were) there |(?:has|have) there been |do you have )?"
    rf"any(?:thing new| {_NEWS})(?: there)?|"
    rf"(?:show|give|tell) me (?:what is new|what['’]s new|(?:all |any )?{_NEWS})|"
    r"was (?:gibt es|gibt['’]?s|ist)(?: denn)?(?: heute)? neue?s?|"
    rf"(?:gibt es |gibt['’]?s )?(?:(?:etwas|was|irgend\w*) )?(?:neues|{_NEWS}))"
)
_LATEST = re.compile(
    r"(?:(?:and|so|und) )?(?:what(?: is|['’]?s)|was ist|give me|show me|tell me)? ?"
    rf"(?:the latest|das neueste)(?: news)? {_ON} (?P<of>.+?)[\s?.!]*",
    re.IGNORECASE,
)
_ASKED = re.compile(  # what an outlet or a day was taken out of may begin with a comma, and end with "in"
    rf"[\s,]*{_OPENING}(?: {_ON}(?: (?P<of>.+?)(?: {_ON})?)?)?[\s?.!]*", re.IGNORECASE
)


def subject(question: str) -> str | None:
    """Give what a question asks the news of, "" for all there is; None where it asks for something else.

    >>> subject("What's new about the talks?"), subject("What is new?"), subject("What is a new moon?")
    ('the talks', '', None)
    """
    asked = _ASKED.fullmatch(question)
    return asked["of"] or "" if asked else None


def latest_of(question: str) -> str:
    """Give what a question asks the latest on; "" where it asks for something else.

    >>> latest_of("What is the latest on the liaison office?"), latest_of("What is the latest missile?")
    ('the liaison office', '')
    """
    asked = _LATEST.fullmatch(question.strip())
    return asked["of"] if asked else ""


def bounding(told: Iterable[Moment], today: date) -> list[Moment]:
    """Keep the times that say since when news is asked for; any other is part of what it is about."""
    return [
        one
        for one in told
        if one.explicit and (_SINCE.match(one.words) or 0 <= (today - one.interval.last).days <= _RECENT_DAYS)
    ]


def usual_scope(scope: Scope, newest: date | None, today: date) -> Scope:
    """Give a scope that bounds no days the last ones that there are articles of."""
    last = min(newest or date.max, scope.as_of or date.max)
    return replace(scope, since=days_from(today if last == date.max else last, -_USUAL_DAYS))
