"""What a mail carries besides its story: the head of a mail sent on, addresses, ways to unsubscribe."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_NAMES = {
    "sender": "from|von|de|da|van",
    "sent": "date|sent|gesendet|datum|envoyé|enviado|fecha|data|inviato",
    "subject": "subject|betreff|objet|asunto|oggetto|onderwerp|assunto",
    "others": "to|an|à|para|a|aan|cc|bcc|kopie|reply-to|antwort an|importance",
}
_HEAD = re.compile(
    r"[> ]*\*?(?:"
    + "|".join(f"(?P<{noun}>{words})" for noun, words in _NAMES.items())
    + r")\s?:\*?\s*(?P<value>.*)",
    re.IGNORECASE,
)
_MARK = re.compile(
    r"[> ]*(?:-{2,}\s*(?:forwarded message|original message|weitergeleitete nachricht"
    r"|ursprüngliche nachricht|message transféré|message d['’]origine|mensaje reenviado"
    r"|messaggio inoltrato|doorgestuurd bericht)\s*-{2,}"
    r"|begin forwarded message:|anfang der weitergeleiteten nachricht:|début du message transféré\s?:)\s*",
    re.IGNORECASE,
)
_OF_A_HOUSE = re.compile(
    r"(?:news|newsletters?|info|hello|contact|desk|editors?|editorial|briefings?|alerts?|updates?|mail|digest"
    r"|daily|weekly|(?:no|do-?not)-?reply|reply|subscriptions?|team)(?:[.+_-].*)?"
)
_MOST_LINES_OF_HEAD = 15
_QUOTED = re.compile(r"> ?")
_SIGNATURE = re.compile(r"\n-- ?\n(?:.*\n?){0,12}\Z")  # RFC 3676; some programs lose its space
_BARE_ADDRESS = re.compile(r"\s*[<\[(]?https?://\S{1,2000}[>\])]?\s*")
_ADDRESS_IN_TEXT = re.compile(
    r"[ \t]?(?:<https?://[^\s<>]{1,2000}>|\[https?://[^\s\[\]]{1,2000}\]|\( ?https?://[^\s()]{1,2000} ?\))"
)
_LONGEST_LINE = 300  # characters of a line that is no paragraph of a story
_NEAR_END = 10  # paragraphs from the end in which a footer may begin
_IN_BROWSER = re.compile(
    r".{0,80}\b(?:view|read|open|see|display)\b.{0,60}\b(?:in|on) (?:your |a |the )?(?:web )?browser\b.{0,60}"
    r"|.{0,60}\b(?:im browser (?:ansehen|öffnen|anzeigen|lesen)|dans (?:votre|le) navigateur)\b.{0,60}"
    r"|(?:view|read) (?:online|on the web)\.?|forward(?:ed)? (?:this (?:e-?mail )?)?to a friend.{0,40}",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"\bunsubscribe\b|\bopt out\b|\bno longer wish to receive"
    r"|\b(?:manage|update|change|edit) (?:your )?(?:e-?mail |newsletter )?"
    r"(?:preferences|settings|subscriptions?)\b"
    r"|\byou(?:['’]re| are| have)? (?:receiving|received|getting|got) (?:this|our) "
    r"(?:e-?mail|newsletter|message)"
    r"|\bthis (?:e-?mail|newsletter|message) was sent to\b"
    r"|newsletter\b.{0,40}\b(?:abbestellen|abmelden)\b|\bse d[ée]sabonner\b|\bdésinscrire\b|\bdarse de baja\b"
    r"|\bdisiscriv|\bafmelden\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*$")


@dataclass(frozen=True, slots=True)
class Forward:
    """The first mail in one that sends it on: what its head says, as it says it, and its text."""

    sender: str
    sent: str
    subject: str
    text: str


def forwarded(text: str) -> Forward | None:
    r"""Find the mail that another one sends on, None where there is none.

    >>> found = forwarded("FYI\n\n-- Forwarded message --\nFrom: Ada\nSubject: Ferry\n\nIt sailed.")
    >>> found.sender, found.subject, found.text
    ('Ada', 'Ferry', 'It sailed.')
    """
    lines = text.split("\n")
    start = next((place for place, line in enumerate(lines) if _MARK.fullmatch(line)), None)
    if start is None:
        return None
    said: dict[str, str] = {}
    end = start + 1
    for place, line in enumerate(lines[start + 1 : start + 1 + _MOST_LINES_OF_HEAD], start + 1):
        head = _HEAD.fullmatch(line)
        if head and head.lastgroup:
            noun = next(noun for noun in _NAMES if head[noun])
            said.setdefault(noun, head["value"].strip())
            end = place + 1
        elif line.strip("> "):
            break
    if "sender" not in said or not {"subject", "sent"} & said.keys():
        return None
    rest = lines[end:]
    if all(line.startswith(">") for line in rest if line.strip()):
        rest = [_QUOTED.sub("", line, count=1) for line in rest]
    return Forward(said["sender"], said.get("sent", ""), said.get("subject", ""), "\n".join(rest).strip())


def is_house(name: str, address: str, bulk: bool) -> bool:
    """Tell whether a sender's name is that of the house it writes from, and not a person's.

    >>> is_house("Morning Tide", "news@morningtide.example", False)
    True
    >>> is_house("Ida Kemp", "ida@morningtide.example", True)
    False
    """
    box, _, domain = address.lower().partition("@")
    letters = "".join(filter(str.isalnum, name.lower().removeprefix("the ")))
    is_own = bool(letters) and letters in "".join(filter(str.isalnum, domain))
    return name.startswith("The ") or (is_own and (bulk or _OF_A_HOUSE.fullmatch(box) is not None))


def without_links(text: str) -> str:
    r"""Take out the addresses that a program wrote behind the words of links, and the signature.

    >>> without_links("The ferry <https://post.example/1> sailed.\nhttps://post.example/2\n-- \nAda")
    'The ferry sailed.'
    """
    lines = _SIGNATURE.sub("", text).split("\n")
    return "\n".join(_ADDRESS_IN_TEXT.sub("", line) for line in lines if not _BARE_ADDRESS.fullmatch(line))


def without_footer(paragraphs: Sequence[str]) -> list[str]:
    """Take out the lines about the mail itself: where else it can be seen, why it came, how to end that.

    Behind the first such line near the end only whole sentences of some length are kept.

    >>> without_footer(["View in your browser", "The ferry sailed at noon.", "Unsubscribe", "Quay 1"])
    ['The ferry sailed at noon.']
    """
    kept: list[str] = []
    footer = False
    ends = [place for place, one in enumerate(paragraphs) if place and one.rstrip() == "--"]
    paragraphs = paragraphs[: ends[-1]] if ends and ends[-1] >= len(paragraphs) - _NEAR_END else paragraphs
    for place, paragraph in enumerate(paragraphs):
        short = len(paragraph) <= _LONGEST_LINE
        if short and _FOOTER.search(paragraph) and place >= len(paragraphs) - _NEAR_END:
            footer = True
        elif short and (_IN_BROWSER.fullmatch(paragraph) or (footer and not _SENTENCE_END.search(paragraph))):
            continue
        else:
            kept.append(paragraph)
    return kept
