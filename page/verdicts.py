"""How each statement of an answer rests on the articles, said in words."""

from __future__ import annotations

import re
from collections import Counter

from assistant.in_words import counted, in_quotation_marks
from assistant.types import Answer, Claim, Source, Verdict
from page import words
from page.citing import Links, shortened, told

_STATEMENT_CHARACTERS = 160
_MARK = re.compile(r"\s?\[\d{1,4}\]")
_IN_WORDS: dict[Verdict, str] = {
    "verbatim": words.VERBATIM,
    "supported": words.SUPPORTED,
    "unsupported": words.UNSUPPORTED,
}
_OF_ONE: dict[Verdict, str] = {
    "verbatim": words.ONE_VERBATIM,
    "supported": words.ONE_SUPPORTED,
    "unsupported": words.ONE_UNSUPPORTED,
}


def verdicts_html(answer: Answer, links: Links) -> str:
    """Say how many statements rest on the articles and how, with each of them and its links to unfold.

    What reports differ on is shown with both sides, and no statement of the answer's own.
    """
    sides = [tuple(citation for _, citation in one.values) for one in answer.disagreements]
    claims = tuple(claim for claim in answer.claims if claim.citations not in sides)
    if len(claims) < 2:
        return "".join(f'<p class="verdict">{told(_OF_ONE[claim.verdict])}</p>' for claim in claims)
    items = "".join(_statement(answer, claim, links) for claim in claims)
    is_hinted = any(claim.verdict == "supported" for claim in claims)
    hint = f'<p class="hint">{told(words.WHAT_SUPPORTED_MEANS)}</p>' if is_hinted else ""
    summary = f"<summary>{told(_summary(claims))}</summary>"
    return f'<details class="verdicts">{summary}<ul>{items}</ul>{hint}</details>'


def _summary(claims: tuple[Claim, ...]) -> str:
    found = Counter(claim.verdict for claim in claims)
    counts = [f"{found[verdict]} {told_of}" for verdict, told_of in _IN_WORDS.items() if found[verdict]]
    every = words.ALL_VERBATIM if found["verbatim"] == len(claims) else ", ".join(counts)
    return words.VERDICTS.format(statements=counted(len(claims), words.STATEMENT), counts=every)


def _statement(answer: Answer, claim: Claim, links: Links) -> str:
    verdict = f'<span class="verdict {claim.verdict}">{told(_IN_WORDS[claim.verdict])}</span>'
    cited = [one for one in answer.sources if _rests_on(claim, one)]
    shown = "".join(f" {links.mark(source, claim.citations)}" for source in cited)
    return f'<li><bdi class="statement">{told(_shown(claim))}</bdi> {verdict}{shown}</li>'


def _rests_on(claim: Claim, source: Source) -> bool:
    return any(citation.article == source.article for citation in claim.citations)


def _shown(claim: Claim) -> str:
    """Give the words of a statement, without its marks; of one that is a quote the quote."""
    if claim.verdict == "verbatim" and len(claim.citations) == 1:
        return in_quotation_marks(shortened(claim.citations[0].quote, _STATEMENT_CHARACTERS))
    return shortened(_MARK.sub("", claim.text).replace(f"({words.UNSUPPORTED})", ""), _STATEMENT_CHARACTERS)
