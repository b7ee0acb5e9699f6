"""Pages that are served in place of an article: paywalls, consent, bot checks, logins, errors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from index.characters import ExtractError

_FEW_SENTENCES = 3  # fewer are a teaser
_SHORT = 1500  # characters; a text that is longer is a story, whatever its page is called
_LONGEST = 400  # characters of a line or a block that are looked at
_SCRAP = 20  # characters
_FEW_WORDS = 3
_NEXT = 6  # blocks after a teaser, in which a page asks to be paid
_SENTENCE = re.compile(r"[.!?…][\"'”’»)\]]*(?=\s|$)|[。！？]")
_PAYWALL = re.compile(
    r"\b(?:subscri(?:be|bers?|ption)|sign (?:in|up)|log ?in|register|member(?:s|ship)?|trial|account)\b"
    r".{0,80}\b"
    r"(?:(?:continue|keep|finish|go on) reading|read (?:the )?(?:full|rest|whole|more|on)|unlimited|unlock"
    r"|full (?:story|article|access))\b"
    r"|\b(?:continue|keep) reading\b.{0,80}\b(?:subscri|sign|log|register|account|trial|free)"
    r"|\b(?:article|story|content)\b.{0,20}\b(?:is|are)\b.{0,30}\b(?:subscribers?|members?)\b"
    r"|\b(?:to (?:read|view|see|access)|the rest of) .{0,40}\b(?:story|article)\b.{0,40}\bsubscri"
    r"|\bweiterlesen mit\b|\bjetzt abonnieren\b|\bréservé (?:à nos|aux) abonnés\b|\bpara suscriptores\b",
    re.IGNORECASE,
)
_ROBOTS = "a check for robots, not an article"
_SCRIPTS = "a page that works with JavaScript only, not an article"
_CONSENT = "a page that asks for consent to cookies, not an article"
_LOGIN = "a page to log in on, not an article"
_ERROR = "an error page, not an article"
# The whole of a page's title or heading, without the name of its site.
_TITLES = {
    _ROBOTS: r"just a moment\W*|attention required!?.*"
    r"|(?:please )?(?:verify|prove) (?:that )?you are (?:a )?human.*"
    r"|are you (?:a )?(?:robot|human)\??|(?:security|browser) check|(?:human )?verification|captcha"
    r"|checking your browser.*|(?:ddos protection|bot (?:check|detection)).*|pardon our interruption\W*",
    _ERROR: r"(?:error|http|fehler|erreur)?[ :–-]*(?:40[0-9]|410|429|451|50[0-9])[^a-z0-9]*"
    r"(?:(?:page |file |article )?not found|(?:server )?error|gone|forbidden|(?:access )?denied"
    r"|(?:service )?unavailable|unauthorized|too many requests|(?:bad )?gateway)?\W*"
    r"|(?:oops\W*)?(?:the |this |sorry\W*)?(?:page|article|story|file|site)"
    r" (?:was |could |is |can )?(?:not |cannot |no longer )(?:be )?(?:found|available|exists?)\W*"
    r"|page missing|not found|(?:oops\W*)?something went wrong\W*|access (?:is )?denied\W*|forbidden"
    r"|(?:internal )?server error|(?:service|temporarily|site) (?:temporarily )?(?:unavailable|offline)\W*"
    r"|seite nicht gefunden|(?:cette )?page (?:introuvable|non trouvée)|página no encontrada"
    r"|pagina non trovata",
    _LOGIN: r"(?:please )?(?:log|sign)[ -]?(?:in|on|into)(?: to .{1,40}| or (?:register|sign up)| required)?"
    r"|anmelden|login|connexion|iniciar sesión|(?:account|member|subscriber) login",
    _CONSENT: r"(?:we value |your |manage (?:your )?)?(?:privacy|cookies?|consent)"
    r"(?: (?:settings|preferences|choices|policy|notice|consent|information|center))?"
    r"|before you continue.*|cookie[- ](?:hinweis|einstellungen)"
    r"|we (?:use|value) .{0,30}(?:cookies|privacy)\W*",
}
# Within one of its lines.
_LINES = {
    _ROBOTS: r"\b(?:verify(?:ing)?|confirm|prove)\b.{0,30}"
    r"\byou(?:['’]re| are) (?:not )?(?:a )?(?:human|robot|bot)\b"
    r"|\bchecking your browser\b|\bunusual (?:traffic|activity) from your\b|\bi['’]?m not a robot\b"
    r"|\bcomplete the (?:captcha|security check)\b|\bray id\b"
    r"|\bautomated (?:access|requests)\b.{0,40}\b(?:blocked|detected)\b",
    _SCRIPTS: r"\b(?:enable|turn on|activate|allow|requires?|need|without|switch on)\b.{0,30}\bjavascript\b"
    r"|\bjavascript\b.{0,30}\b(?:is|are|be|seems)\b.{0,20}\b(?:disabled|required|enabled|off|not)\b"
    r"|\bbrowser (?:does not|doesn['’]t) support javascript\b|\bjavascript aktivieren\b"
    r"|\bactiver javascript\b",
    _CONSENT: r"\b(?:we|our|us|this (?:site|website))\b.{0,80}\b(?:cookies|partners)\b.{0,120}"
    r"\b(?:consent|store|personali[sz]e|advertising|devices?|data|experience|agree|accept)\b"
    r"|\b(?:accept|reject|allow|manage)(?: all)? cookies\b|\b(?:wir|nous)\b.{0,80}\bcookies\b"
    r"|\bby clicking\b.{0,40}\b(?:accept|agree|consent)\b",
    _LOGIN: r"\b(?:log|sign) ?in\b.{0,20}\b(?:to (?:your|continue|view)|with (?:google|apple|your))\b"
    r"|\bforg[eo]t(?:ten)? (?:your )?password\b",
    _ERROR: r"\b(?:page|article|address|url)\b.{0,40}\b(?:looking for|requested)\b.{0,60}"
    r"\b(?:not|no longer|moved|removed|missing)\b"
    r"|\b(?:sorry|oops)\b.{0,60}\b(?:can(?:no|['’])t|could(?: not|n['’]t)|unable to)\b.{0,30}"
    r"\bfind\b.{0,30}\b(?:page|article|it)\b"
    r"|\b(?:page|article|story) (?:was|could|can|is)(?: ?not|n['’]t| no longer)\b.{0,20}\b(?:found|exist)",
}
_BY_TITLE, _BY_LINE = (
    [(reason, re.compile(pattern, re.IGNORECASE)) for reason, pattern in kinds.items()]
    for kinds in (_TITLES, _LINES)
)
_SITE_NAME = re.compile(r"\s+[|–—·•»-]\s+[^|–—·•»]{1,60}$")


def refuse_scrap(text: str) -> None:
    """Raise ExtractError for a page of next to no words, such as a frame saved beside an article's page."""
    if len(text) < _SCRAP and len(text.split()) < _FEW_WORDS and not _SENTENCE.search(text[2:]):
        raise ExtractError(f"next to no text in it: {text!r}, not an article")


def refuse_stub(text: str, titles: Sequence[str], shown: Sequence[str], *, is_free: bool) -> None:
    """Raise ExtractError, with the reason, for a page that is no article or has next to nothing of it.

    `text` is what was taken for the story, `titles` are those the page goes by, `shown` the texts of its
    blocks. `is_free` is false where the page's data say that its article has to be paid for.
    """
    if len(text) > _SHORT:
        return
    lines = [line[:_LONGEST] for line in (text.split("\n\n") if text else shown)]
    names = [name for title in titles for name in (title, _SITE_NAME.sub("", title))]
    _raise_first(reason for reason, kind in _BY_TITLE if any(map(kind.fullmatch, names)))
    speaking = [line for line in lines if any(kind.search(line) for _, kind in _BY_LINE)]
    if not text or 2 * sum(map(len, speaking)) >= len(text):
        _raise_first(reason for reason, kind in _BY_LINE if any(map(kind.search, speaking)))
    is_teaser = len(_SENTENCE.findall(text)) < _FEW_SENTENCES
    asking = [*lines[1:], *(block[:_LONGEST] for block in _after(text, shown))]
    if is_teaser and (not is_free or any(map(_PAYWALL.search, asking))):
        raise ExtractError("only the beginning is there: the rest is behind a paywall")


def _after(text: str, shown: Sequence[str]) -> Sequence[str]:
    """Give the blocks that come next after a text; all of them where it is not found among them."""
    last = max((place for place, block in enumerate(shown) if block in text), default=-1)
    return shown[last + 1 : last + 1 + _NEXT] if last >= 0 else shown


def _raise_first(reasons: Iterable[str]) -> None:
    for reason in reasons:
        raise ExtractError(reason)
