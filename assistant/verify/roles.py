"""Who did it to whom, and who said it: whether a claim changes the parts that a sentence gives to each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations

from assistant.facts import folded, is_german, names, without_days
from assistant.quantities import numbers
from assistant.verify.claims import QUOTE, Said, normalised
from index.types import Passage
from index.words import stems

_SAME_SENTENCE = 0.75  # of the words from which a claim is a sentence with other parts given

_DONE = (
    r"\w+ed|shot|hit|beat|beaten|struck|sued|won|led|made|told|held|met|taken|seen|found|built|bought|sold|sent|"
    r"caught|fought|thrown|driven|chosen|given|written|hurt|paid|bitten|stolen|shown|known|hidden|backed"
)
_DID = (  # the past of verbs whose participle is another word
    r"blew|threw|drove|chose|gave|wrote|bit|stole|knew|hid|took|saw|broke|shook|sank|drew|tore|froze|forgot|ate|"
    r"flew|wore|spoke|left|lost|kept|brought|taught|cut|put|set|shut|freed|fed|dealt|lent|spent|hung|swung"
)
_VERB = re.compile(rf"\b(?:{_DONE}|{_DID})\b", re.IGNORECASE)
_NO_AGENT = (
    r"\d|far\b|then\b|now\b|the end\b|at least\b|nearly\b|about\b|more\b|a (?:third|quarter|half)\b|"
    r"half\b|(?:[a-z]+ing|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
)
# "was sharply criticised at the hearing by Anna Keller", without who was.
_PASSIVE = re.compile(
    rf"\b(?:is|are|was|were|been|being|be|gets?|got) (?P<how>(?:\w+ly )?)(?P<verb>{_DONE}) "
    rf"(?P<between>(?:(?!by\b)[\w’'-]+ ){{0,6}})by (?P<agent>(?!{_NO_AGENT})[^,;:.“”\"!?]{{1,80}}?)"
    r"(?=\s(?:of|for|in|on|at|with|over|after|during|before|to|and|who|that|as|from|about|because|while|when|"
    r"since|under|near)\b|[,;:.“”\"!?]|\s*$)",
    re.IGNORECASE,
)
_CLAUSE_START = re.compile(r"[,;:.!?“”\"]\s|\b(?:that|who|which|and|but|while|after|before|when|as)\s", re.I)
_HELPING = re.compile(r"\s(?:(?:has|have|had|will|would|may|might|could|can|must|to)\s)*$", re.IGNORECASE)
_REACH = 400  # characters of a clause on either side of its verb
_TOGETHER = ("and", "und", "with")  # between two names that have the same part
SPEAKING = frozenset(
    "said say says saying told tell tells added adding announced asked insisted wrote stated declared "
    "explained replied argued warned reporters sagte sagt erklärte".split()
)
_WITH_HEARER = frozenset(("told", "asked", "warned"))  # which nobody puts before who said it
_OPENED = re.compile(r"[“„«][^”»]*$|^[^“„«]*[”»]")  # of a quotation that goes on in another sentence


@lru_cache(maxsize=5_000)
def active(text: str) -> str:
    """Turn what is said in the passive voice round: who did it comes first.

    >>> active("Keller was accused by Brandt of fraud.")
    'Brandt accused Keller of fraud.'
    """
    match = _PASSIVE.search(text)
    if not match:
        return text
    starts = [one.end() for one in _CLAUSE_START.finditer(text, 0, match.start())]
    start = starts[-1] if starts else 0
    patient = _HELPING.sub("", text[start : match.start()]).strip()
    turned = " ".join(f"{match['agent']} {match['how']}{match['verb']} {patient} {match['between']}".split())
    return f"{text[:start]}{turned}{text[match.end() :]}"


@lru_cache(maxsize=5_000)
def without_names(text: str) -> frozenset[str]:
    """Give the folded words of a text that are in none of its names."""
    named = {word for name in names(text) for word in name}
    return frozenset(word for word in folded(text).split() if word not in named)


def is_swapped(claim: str, sentence: str) -> bool:
    """Tell whether a claim is a sentence with its parts changed round: who to whom, from what to what."""
    claim, sentence = active(claim), active(sentence)
    words, others = without_names(claim), without_names(sentence)
    bare = [[str(one.value) for one in numbers(text) if not one.thing] for text in (claim, sentence)]
    if _holds(others, words) and (
        _is_reordered(*bare)
        or any(not _are_together(pair, claim, sentence) for pair in _named_otherwise(claim, sentence))
    ):
        return True
    return _holds(_words(sentence), _words(claim)) and _is_turned_round(claim, sentence)


def _holds(words: frozenset[str], wanted: frozenset[str]) -> bool:
    return bool(wanted) and len(words & wanted) >= _SAME_SENTENCE * len(wanted)


def _words(text: str) -> frozenset[str]:
    return frozenset(folded(text).split())


def _is_reordered(mine: Sequence[str], theirs: Sequence[str]) -> bool:
    common = [one for one in mine if one in theirs]
    return len(set(common)) > 1 and common != [one for one in theirs if one in common]


def _named_otherwise(claim: str, sentence: str) -> Iterator[tuple[str, str]]:
    """List the pairs of names whose order differs; German has every noun as one, and orders them freely."""
    undated = without_days(claim), without_days(sentence)  # a month is no name
    mine, theirs = ([" ".join(name) for name in names(text)] for text in undated)
    common = [*dict.fromkeys(name for name in mine if name in theirs)]
    if not is_german(claim) or len(common) == 2:
        yield from (
            (one, other) for one, other in combinations(common, 2) if theirs.index(other) < theirs.index(one)
        )


def _are_together(pair: tuple[str, str], *texts: str) -> bool:
    one, other = pair
    return any(
        f"{first} {word} {second}" in folded(text)
        for text in texts
        for word in _TOGETHER
        for first, second in ((one, other), (other, one))
    )


def _is_turned_round(claim: str, sentence: str) -> bool:
    """Tell whether what stands before a verb in one stands behind it in the other, and the reverse."""
    theirs = dict(_parts(sentence))
    for verb, (before, behind) in _parts(claim):
        if verb in theirs:
            first, second = theirs[verb]
            both = first & second  # "Korea", of North and South, tells nothing
            if before & (second - both) and behind & (first - both) and not before & (first - both):
                return True
    return False


@lru_cache(maxsize=5_000)
def _parts(text: str) -> tuple[tuple[str, tuple[set[str], set[str]]], ...]:
    """List the stems of the verbs of a text, each with those before it and those behind it in its clause."""
    found = []
    for match in _VERB.finditer(text):
        if match[0].lower() in SPEAKING - _WITH_HEARER:
            continue
        before = _CLAUSE_START.split(text[max(0, match.start() - _REACH) : match.start()])[-1]
        behind = re.split(r"[,;:.!?“”\"]\s", text[match.end() : match.end() + _REACH], maxsplit=1)[0]
        found += [(verb, ({*stems(before)}, {*stems(behind)})) for verb in stems(match[0])]
    return tuple(found)


def speakers_stand(said: Said, passages: Iterable[Passage]) -> bool:
    """Tell whether the quotations of a claim are given to those who say them, in some passage."""
    return all(
        any(_is_said_by(said.around, normalised(quote).strip(" .,;"), passage) for passage in passages)
        for quote in said.quotes
    )


def _is_said_by(around: str, quote: str, passage: Passage) -> bool:
    """Tell whether a passage holds a quotation, and gives it to nobody else than a claim does."""
    texts = [passage.article.text[start:end] for start, end in passage.sentences]
    holding = [at for at, text in enumerate(texts) if quote in normalised(text)]
    if not holding:
        return quote in normalised(passage.text)
    claimed = _stems(around)
    said_by = [_speakers(texts, at) for at in range(len(texts)) if QUOTE.search(texts[at])]
    for at in holding:
        own = _speakers(texts, at)
        others = set().union(*map(_stems, said_by)) - _stems(own)
        named = names(around) and names(f", {own}")
        if not (claimed and _stems(own)) or claimed & _stems(own) or not (named or claimed & others):
            return True
    return False


def _speakers(texts: Sequence[str], at: int) -> str:
    """Give the words around the quotation in a sentence; where they name nobody, those of the one before."""
    own = _unquoted(texts[at])
    return own if _stems(own) or not at else _unquoted(texts[at - 1])


def _unquoted(sentence: str) -> str:
    return _OPENED.sub(" ", QUOTE.sub(" ", sentence))


def _stems(text: str) -> set[str]:
    return {stem for word in re.findall(r"\w+", text) if word.lower() not in SPEAKING for stem in stems(word)}
