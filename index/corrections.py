"""Notes in an article in which its outlet corrects, clarifies or withdraws what it published."""

from __future__ import annotations

import re

from index.types import Article

_HEADED = re.compile(
    r"\W{0,3}(?:corrections?|clarifications?|retraction|korrektur|berichtigung|richtigstellung|klarstellung)"
    r"(?:\s+(?:and|und)\s+\w+)?(?:\s*[,(][^:\n]{1,60}|\s+(?:of|on|vom|am)\s[^:\n]{1,40})?\s*[:—–]\s",
    re.IGNORECASE,
)
_PIECE = r"(?:article|story|report|headline|piece|post|column|page|caption)"
_AMENDED = re.compile(
    r"\W{0,3}(?:[^\W\d_][\w’' ]{2,30}:\s)?(?:"  # Editor's note:
    rf"this {_PIECE}\b[^.\n]{{0,80}}\b(?:was|were|has been|have been)\s(?:\w+\s)?"
    r"(?:amended|corrected|clarified|retracted|withdrawn)\b"
    rf"|(?:in )?an? (?:earlier|previous) version of this {_PIECE}\b"
    r"|in einer (?:früheren|vorherigen) (?:version|fassung)\b"
    r"|dieser (?:artikel|beitrag)\b[^.\n]{0,60}\bwurde\b[^.\n]{0,60}\b(?:korrigiert|berichtigt)\b)",
    re.IGNORECASE,
)


def corrections(article: Article) -> list[tuple[int, int]]:
    r"""Find the paragraphs of an article that correct it, as (start, end) offsets in its text.

    A paragraph counts that is headed as a correction, or begins by saying that this article was amended. A
    report about somebody else's correction is none.

    >>> text = "Six died.\nCorrection, 2 May: An earlier version gave nine.\nThe ferry sank."
    >>> [text[slice(*span)] for span in corrections(Article(text))]
    ['Correction, 2 May: An earlier version gave nine.']
    """
    return [
        paragraph.span()
        for paragraph in re.finditer(r"[^\n]+", article.text)
        if _HEADED.match(paragraph[0]) or _AMENDED.match(paragraph[0])
    ]
