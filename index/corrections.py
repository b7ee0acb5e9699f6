"""Notes in an article in which its outlet corrects, clarifies or withdraws what it published."""

from __future__ import annotations

import re

from index.types import Article

_HEADED = re.compile(
    r"\W{0,3}(?:corrections?|clarifications?|retraction|korrektur|berichtigung|richtigstellung|klarstellung)"
    r"(?:\s+(?:and|und)\s+\w+)?(?:\s*[,(][^:\n]{1,60}|\s+(?:of|on|vom|am)\s[^:\n]{1,40})?\s*[:—–]\s",
    re.IGNORECASE,
)
_PIECE = r"(?:article|story|report|headline|piece|post|column|page|caption|text)"
_AMENDED = re.compile(
    rf"\bthis {_PIECE}\b[^.\n]{{0,80}}\b(?:was|were|has been|have been)\s(?:\w+\s)?"
    r"(?:amended|corrected|clarified|retracted|withdrawn)\b"
    rf"|\b(?:an earlier|a previous|the original) version of this {_PIECE}\b"
    rf"|\b(?:an|in an) earlier version of this {_PIECE}\b|\bupdated to (?:correct|clarify)\b"
    r"|\bin einer (?:früheren|vorherigen) (?:version|fassung)\b|\bhaben wir (?:korrigiert|berichtigt)\b"
    r"|\b(?:artikel|text|meldung)\b[^.\n]{0,60}\bwurde\b[^.\n]{0,60}\b(?:korrigiert|berichtigt)\b",
    re.IGNORECASE,
)


def corrections(article: Article) -> list[tuple[int, int]]:
    r"""Find the paragraphs of an article that correct it, as (start, end) offsets in its text.

    A paragraph counts that is headed as a correction, or says that this article was amended. A report about
    somebody else's correction is none.

    >>> text = "Six died.\nCorrection, 2 May: An earlier version gave nine.\nThe ferry sank."
    >>> [text[slice(*span)] for span in corrections(Article(text))]
    ['Correction, 2 May: An earlier version gave nine.']
    """
    return [
        paragraph.span()
        for paragraph in re.finditer(r"[^\n]+", article.text)
        if _HEADED.match(paragraph[0]) or _AMENDED.search(paragraph[0])
    ]
