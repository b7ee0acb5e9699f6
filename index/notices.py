"""Lines in which a page speaks of itself to its reader: subscribe, follow us, do not copy, who wrote this."""

from __future__ import annotations

import re
from collections.abc import Sequence

_LONGEST = 320  # characters; what is longer is a paragraph of the story
_NETWORK = (
    "(?:facebook|twitter|x|instagram|tiktok|linkedin|whatsapp|telegram|youtube|pinterest|threads|bluesky"
    "|mastodon|snapchat|flipboard|google news|apple news|social media)"
)
_SENT = (
    "(?:newsletters?|e-?(?:edition|paper)s?|e-?mail (?:alerts|updates|newsletters?|list)|bulletins?"
    "|briefings?|podcasts?|alerts|digests?)"
)
_STORY = "(?:story|article|report|post|page|content|recipe|interview)"
_MORE = r"more (?:\w+ )?(?:news|stories|recipes|articles|content|like this)"
# Each is matched at the beginning of a line, whatever its capitals; nearly all begin with what the reader
# is to do. Of 1,577 news texts they take out 170 lines, none of them a sentence of the story.
_LINES = (
    # subscriptions and newsletters
    rf"(?:please )?(?:subscribe|sign up)\b.{{0,120}}\b(?:{_SENT}|edition|channel|inbox|subscription"
    rf"|full {_STORY}|(?:unlimited|full|digital) access|(?:continue|keep) reading|read (?:more|on))\b",
    r"(?:please )?(?:register|log ?in|sign in)\b.{0,40}\bto (?:read|view|continue|keep|access|comment|see)\b",
    rf"to (?:view|read|see|access|continue|keep|unlock|finish)\b.{{0,60}}\b(?:{_STORY}|reading)\b.{{0,40}}"
    r"\b(?:subscribe|subscription|log ?in|sign (?:in|up)|register)\b",
    r"if you\b.{0,60}\balready (?:an? )?(?:\w+ )?(?:subscriber|subscribed|member|registered|account)\b",
    r"(?:already|not|not yet) (?:an? )?(?:\w+ )?(?:subscriber|member|subscribed|registered)\b.{0,20}\?",
    r"(?:first-time |new |our )?(?:subscribers|members) (?:also )?(?:receive|get|enjoy|have)\b.{0,80}"
    r"\b(?:gift|access|free|benefits?)\b",
    r"(?:this|the rest of this|the full) (?:\w+ )?(?:article|story|content)\b.{0,20}\b(?:is|are)\b.{0,40}"
    r"\b(?:subscribers|members)(?: only|-only)?\b",
    r"(?:jetzt )?weiterlesen mit\b|jetzt abonnieren\b|cet article est réservé (?:à nos|aux) abonnés\b",
    rf"(?:never miss|don['’]t miss)\b.{{0,60}}\b(?:latest|{_STORY}|news|updates?|{_SENT})\b",
    r"(?:get|have|receive)\b.{0,80}\b(?:in(?:to)? your inbox|by e-?mail"
    r"|(?:sent|delivered)\b.{0,20}\b(?:to you|inbox|e-?mail|daily|weekly))\b",
    r"(?:simply )?(?:enter|pop|add|type) (?:in )?your e-?mail\b|you can unsubscribe\b",
    r"by (?:signing up|subscribing|registering|submitting|clicking)\b.{0,40}\byou (?:agree|consent|accept)\b",
    rf"(?:do you )?(?:want|would you like|looking for|interested in)\b.{{0,60}}\b(?:{_SENT}|informed|updated"
    rf"|{_MORE})\b.{{0,60}}\?.*\b(?:sign|subscribe|follow|click|check|join|read|visit|here)\b",
    # its other places
    r"(?:please |you can (?:also )?|be sure to |make sure to |don['’]t forget to )?(?:follow|like|find|join"
    rf"|connect with|visit|catch|reach|contact)\b.{{0,80}}\bon (?:our )?{_NETWORK}\b",
    r"(?:for\b.{0,60}\b(?:news|updates|stories|headlines|more)\b.{0,40})?\b(?:download|install|get)\b.{0,40}"
    r"\b(?:mobile )?apps?\b.{0,60}(?:\b(?:ios|iphone|android|app store|google play|phone|device|today|now"
    r"|here|free)\b|$)",
    # letters, tips, help
    r"(?:please )?(?:submit|send|e-?mail|write)\b.{0,20}\b(?:your|a|an|us|in)\b.{0,40}"
    r"\b(?:letters?(?: to the editor)?|story ideas?|news tips?|tips)\b",
    r"(?:we|we['’]d) (?:want|would (?:like|love)|love) to hear\b",
    r"have (?:a|an|any) (?:news |story )?(?:tips?|story|comment|question|opinion|correction)s?\b.{0,60}\?",
    r"(?:please )?(?:consider )?(?:support(?:ing)?|donat(?:e|ing)|contribut(?:e|ing)|help (?:us|support|fund"
    r"|keep))\b.{0,60}\b(?:journalism|newsroom|our work|this (?:site|blog|work))\b",
    r"we need your help$|help us (?:to )?(?:continue|keep)\b",
    # rights
    rf"(?:this|the) (?:{_STORY}|material|website|photograph|work)\b.{{0,20}}"
    r"\b(?:is|are)\b.{0,20}\b(?:copyright(?:ed)?|licensed under|protected by)\b",
    r"(?:written |prior |express )*permission (?:must|is required|from)\b.{0,60}"
    r"\b(?:reprint|reproduc|republi|reus)",
    r"(?:all )?(?:content|text|articles|images|photos)\b.{0,30}\b(?:is|are)"
    r" (?:licensed|copyright|published|available) (?:under|by)\b",
    r"(?:©|\(c\)|copyright(?: ©)?)\s*(?:\d{4}\b|by\b)",
    # what it earns
    rf"(?:this|our|some|the) (?:{_STORY}|site|website|links?|blog|video)s?\b.{{0,20}}"
    r"\b(?:contains?|includes?|may be|are)\b.{0,40}"
    r"\b(?:affiliate|sponsored|advertis|references to products|links to products)",
    r"(?:(?:when|if) you (?:buy|purchase|click|shop)\b.{0,80})?\b(?:we|i|\w+) (?:may |might |can |will )?"
    r"(?:earn|receive|get)\b.{0,40}\b(?:commission|compensation|referral fee)s?\b",
    r"as an amazon associate|(?:our )?advertisers do not influence",
    r"(?:we|our editors) (?:independently )?(?:recommend|select|choose|review)\b.{0,60}\bindependent",
    # its own pages
    r"(?:click|tap) here to (?:sign up|subscribe|join|register|download|get|read|follow|donate)\b",
    r"(?:read|see|find|view|get) (?:the )?(?:full|whole|complete|original|rest of the|more of the) "
    r"(?:story|article|post|report|interview)(?: here\b|[.:]?$)",
    r"(?:view|read|see|show|leave|add|post|write|join|load)(?: all| the)?(?: \d+| an?| your)? "
    r"(?:comments?|reply|replies|responses?|conversation|discussion)\W*$",
    r"(?:\d+ )?(?:comments?|shares|replies|responses)(?: \(\d+\))?:?$",
    r"(?:tags?|tagged|filed (?:in|under)|posted (?:in|under)|categor(?:y|ies)|labels|keywords|schlagw[oö]rter"
    r"|kategorien?)(?: with)?\s*:\s*[^.!?]{1,100}$",
)
_NOTICES = tuple(re.compile(pattern, re.IGNORECASE) for pattern in _LINES)

# A line that ends in who said it, or heard it, and when is a sentence of the story, however it begins.
_SAID = re.compile(
    r"[,?!][\"”’]? (?:(?!and\b|but\b|or\b|we\b|you\b)[\w.'’-]+ ){1,6}"
    r"(?:said|says|told|ruled|argued|wrote|added|warned|announced|found|urged)\b[^,.?!]{0,60}\.[\"”’)]*$",
)

_TRADE = (
    "(?:analyst|author|attorney|columnist|consultant|contributor|contributing|correspondent|director"
    "|economist|editor|fellow|founder|freelance|historian|intern|journalist|lawyer|lecturer|novelist"
    "|photographer|producer|professor|reporter|researcher|scholar|student|writer)"
)
_AUTHOR = re.compile(
    rf"(?:[A-Z][\w.'’-]+ ){{2,4}}(?:is|was|has been|works as) (?:an?|the|our)\b.{{0,120}}\b(?i:{_TRADE})s?\b"
)
_REACHED = re.compile(
    r"\b(?:follow (?:him|her|them|me|us)|(?:be )?(?:reached|contacted|followed) (?:at|by|on|via)|tweets (?:at"
    r"|as)|e-?mail:)|\b(?:reach|contact|e-?mail) (?:him|her|them|me)\b|@\w|\[email",
    re.IGNORECASE,
)
_AT_THE_END = 3  # lines of a story, among which one about its author may be

_WORD = re.compile(r"[^\W\d_]{3,}")
_TWO_ALPHABETS = re.compile(r"[a-zA-Z][\u0370-\u052f]|[\u0370-\u052f][a-zA-Z]")
_MOST_DISGUISED = 4  # words of two alphabets; a forged name or address may stand in a story


def is_notice(line: str) -> bool:
    """Tell whether a line speaks of the page, its outlet's other offers or its rights, to the reader.

    >>> is_notice("Subscribe now to our e-paper for the full story.")
    True
    """
    if len(line) <= _LONGEST and any(notice.match(line) for notice in _NOTICES) and not _SAID.search(line):
        return True
    return len(_TWO_ALPHABETS.findall(line)) > _MOST_DISGUISED and _is_disguised(line)


def without_authors_note(lines: Sequence[str], byline: str) -> list[str]:
    """Take the lines off the end of a story that present who wrote it.

    >>> without_authors_note(["The bridge is closed.", "Ines Valdrake is a reporter here."], "Ines Valdrake")
    ['The bridge is closed.']
    """
    start = max(len(lines) - _AT_THE_END, 1)
    names = [name for name in byline.split(", ") if name]
    return [*lines[:start], *(line for line in lines[start:] if not _presents_author(line, names))]


def _presents_author(line: str, names: Sequence[str]) -> bool:
    """Tell whether a line says what an author does: one who is known, or whom it says how to reach."""
    known = any(line.startswith(f"{name} ") for name in names)
    return bool(_AUTHOR.match(line) and (known or _REACHED.search(line)))


def _is_disguised(line: str) -> bool:
    """Tell whether words mix the letters of two alphabets, so that no filter of advertisements knows them."""
    words = _WORD.findall(line)
    disguised = sum(1 for word in words if _TWO_ALPHABETS.search(word))
    return disguised > _MOST_DISGUISED and 3 * disguised > len(words)
