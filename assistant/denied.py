"""Whether a sentence denies or doubts what a word of it says happened: "did not break", "may have broken"."""

from __future__ import annotations

import re

_BEFORE = re.compile(  # up to the word: "did not really [break]", "rumours that the dam [broke]"
    r"(?:\b(?:not(?! only)|never|cannot|nicht|nie|niemals|(?-i:may|might|could)|reportedly|"
    r"allegedly|supposedly|angeblich)|n['’]t)(?: (?:have|has|had|be|been|being|yet|ever|even|\w+ly))* $|"
    r"\b(?:den(?:y|ies|ied|ying) (?:that|having|reports|claims)|doubt(?:s|ed|ing)?|claims that|"
    r"rumou?rs?|whether|(?:false|untrue|unconfirmed|invented) (?:reports?|news|stories|claims?))\b[^,;:.]*$",
    re.IGNORECASE,
)
_AFTER = re.compile(r"[^,;:.]*\b(?:nicht(?! nur)|niemals)\b", re.IGNORECASE)  # "brach am 3. März nicht"
_UNSURE = re.compile(
    r"\b(?:this|that|it|which|reports?|claims?) (?:could|can) ?not be (?:\w+ly )?(?:confirmed|verified)|"
    r"\b(?:is|are|was|were|proved) (?:false|untrue|invented|a hoax|a rumou?r)\b",
    re.IGNORECASE,
)
_FICTION = re.compile(
    r"\b(?:in|of) (?:(?:a|an|the|his|her|its|their) )?(?:\w+ )?"
    r"(?:novel|thriller|film|movie|play|fiction|fairy ?tale|legend|myth|roman|märchen)\b",
    re.IGNORECASE,
)


def is_denied_at(text: str, start: int, end: int) -> bool:
    """Tell whether a sentence denies or doubts what the word at `text[start:end]` says, or makes it up.

    >>> text = "The dam did not break on Monday."
    >>> is_denied_at(text, 16, 21), is_denied_at("They could not say why it broke.", 26, 31)
    (True, False)
    """
    return bool(
        _BEFORE.search(text[:start])
        or _AFTER.match(text, end)
        or _UNSURE.search(text)
        or _FICTION.search(text)
    )
