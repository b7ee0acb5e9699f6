"""The words for what happens on a day, and whether a text speaks of one by them."""

from __future__ import annotations

import re

from assistant.types import Side
from index.time_words import pattern
from index.types import Passage

SIDES: dict[Side, str] = {
    "after": "after since following nach seit nachdem seitdem",
    "before": "before prior_to vor bevor ehe",
    "until": "until till up_to bis",
}
_OCCASION = (  # nouns that name what happens on a day, and not who or what it happens to
    "accident agreement announcement arrest arrival assassination attack ban blast bombing breakdown breakup "
    "ceasefire ceremony clash collapse collision coronation coup crash cut death debate decision declaration "
    "defeat demolition departure derailment destruction disaster dismissal earthquake election elections "
    "eruption exchange execution explosion fall final fire flood floods funeral game handover handshake "
    "hearing hurricane impeachment inauguration incident indictment invasion kidnapping killing landing "
    "launch launches letter march massacre match meeting merger murder opening operation outage outbreak "
    "passing protest protests quake raid rally recall referendum release resignation result return riots "
    "ruling sale scandal seizure sentencing session shooting shutdown signing speech start statement storm "
    "strike strikes summit suspension takeover talks test testimony tests trial truce verdict victory visit "
    "vote walkout war wedding withdrawal"
)
_VORFALL = (  # the same in German, each also as the end of a longer word
    "abkommen absturz angriff anschlag ansprache ausbruch beben besuch brand debatte einmarsch entführung "
    "entlassung entscheidung erdbeben erklärung eröffnung explosion fall fest festnahme feier finale flut "
    "freilassung gespräche gesprächen gipfel gipfels gipfeltreffen hinrichtung katastrophe krieg krönung "
    "landung mord prozess putsch rede referendum rücktritt schließung spiel sprengung start streik sturz tod "
    "treffen übergabe überfall umsturz unfall unglück unterzeichnung urteil verhandlungen waffenruhe wahl "
    "wahlen zerstörung"
)
HAPPENING = re.compile(
    rf"\b(?:{pattern(_OCCASION)}|\w*{pattern(_VORFALL)})\b(?!['’-])", re.IGNORECASE
)  # not the election's winner


def names_occasion(text: str) -> bool:
    """Tell whether words name what happens on a day: a summit, a launch, an election."""
    return HAPPENING.search(text) is not None


def is_called_an_occasion(name: str, passage: Passage) -> bool:
    """Tell whether a passage takes a name for that of an event: "the Hanoi summit", "since Hanoi".

    >>> from index.types import Article
    >>> text = "Since Hanoi nothing has moved. The talks in Stockholm failed. Kim is silent."
    >>> passage = Passage(Article(text), 0, len(text))
    >>> [is_called_an_occasion(name, passage) for name in ("Hanoi", "Stockholm", "Kim")]
    [True, True, False]
    """
    name, occasion = re.escape(name), rf"{pattern(_OCCASION)}|\w*{pattern(_VORFALL)}"
    called = (
        rf"\b{name} (?:{occasion})\b|\b(?:{occasion})(?: \w+)? (?:in|at|of|von|outside) (?-i:{name})\b|"
        rf"\b{pattern(*SIDES.values())} (?-i:{name})(?! (?:and|(?-i:[A-Z])))\b"
    )
    return re.search(called, f"{passage.article.title}\n{passage.text}", re.IGNORECASE) is not None
