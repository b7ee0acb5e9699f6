"""Claims against passages: what a text says, held against the exact words it could rest on. No model."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from assistant.facts import Day, days, folded, is_hedged, names, negations, numbers, without_days
from assistant.support import Embed, Evidence
from assistant.types import Citation, Claim, Verdict
from index.arrays import Vectors
from index.passages import sentences
from index.types import Passage
from index.words import stems

# From this doubt on a claim is not supported: docs/benchmarks.md, "Verifying".
UNSUPPORTED = 0.725
_HELD = 0.45  # of a claim's words, weighed by how rare they are, that its sentences must hold
_LIMIT = 5  # sentences a claim rests on
_LOOKED_AT = 3  # of the sentences nearest to a claim, when it is moved to another passage
_VERBATIM_SHARE = 0.5  # the share of a claim's letters inside quotation marks that makes it a quotation
_FEW_WORDS = 3  # up to so many, each of a claim's words has to stand in its sentences
_CLOSE = 0.7  # the share of a claim's words in one sentence from which a "not" or a "may" has to be in both
_SAME_SENTENCE = 0.75  # of the words, names left out, from which a claim is a cited sentence with other names
_LEAST_WORDS = 2  # a sentence with fewer says nothing that could be checked

_QUOTE = re.compile(r"“([^“”]+)”|\"([^\"]+)\"|„([^„“”]+)[“”]|«([^«»]+)»|(?<!\w)‘([^‘’]{12,})’(?!\w)")
_MARKS = re.compile(r"\s?[\[【]\s?\d{1,4}(?:\s?[,;–-]\s?\d{1,4}){0,9}\s?[\]】]")
_HALVES = re.compile(r"[\ud800-\udfff]")  # of characters: no text, which no tokenizer takes
_BULLET = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+|\*\*")
_NOTHING_SAID = re.compile(
    r"^\W*(?:none of )?(?:the|these|any of the|my|our)?\s?(?:\w+ )?"
    r"(?:articles?|passages?|sources?|reports?|texts?)"
    r"(?: \w+){0,2} (?:do(?:es)? not|don[’']t|doesn[’']t|did not|cannot)"
    r" (?:say|mention|state|specify|tell|report|contain|provide|give|answer|name)[^:;]{0,160}$",
    re.IGNORECASE,
)
# Words that put what follows in doubt, or in the future: a claim that leaves them out says something else.
_FRAME = re.compile(
    r"\b(?:if|unless|whether|claim\w*|alleg\w*|accus\w*|doubt\w*|myth|wrong\w*|false\w*|expect\w*|plan(?:s|ned)?|"
    r"consider\w*|almost|nearly|thought to|threaten\w*|considering|said to|angeblich|soll)\b",
    re.IGNORECASE,
)
_OPPOSITES = tuple(
    tuple(set(pair.split("/")) for pair in one.split())
    for one in (
        "rose/rise/rises/increased/increase/grew/up fell/fall/falls/decreased/decrease/dropped/reduced/down",
        "more/above/over fewer/less/below/under",
        "before after",
        "doubled halved",
        "largest/biggest/most/highest smallest/least/lowest",
        "won/win/wins lost/lose/loses",
        "all some/few/only",
        "acquitted/cleared convicted/guilty",
        "supports/supported/backed/backs opposes/opposed/rejected",
        "stieg/steigt sank/sinkt/fiel",
        "a.m p.m",
        "avoided went",
        "opened closed",
        "first last",
    )
)
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_MONTHS = "january february march april may june july august september october november december".split()
_CALENDAR = frozenset(_WEEKDAYS + _MONTHS)
_DIRECTIONS = frozenset("north south east west new".split())
_TODAY = re.compile(r"\b(?:today|tonight|this (?:morning|afternoon|evening)|earlier in the day)\b", re.I)
_YESTERDAY = re.compile(r"\b(?:yesterday|last night|the day before|a day earlier)\b", re.I)
_TOMORROW = re.compile(r"\btomorrow\b", re.I)
_FOLDS = str.maketrans(
    dict.fromkeys("“”„«»", '"') | dict.fromkeys("‘’‚′`", "'") | dict.fromkeys("–—―‐‑", "-")
)

Place = tuple[Passage, tuple[int, int]]


def check(text: str, passages: Sequence[Passage], embed: Embed | None = None) -> list[Claim]:
    """Hold every sentence of a text against passages: verbatim, supported or unsupported, and by which words.

    Anyone's text will do; numbers in brackets are left out of account, and so are sentences that say nothing
    (a question, "the articles do not say"). `embed` gives unit vectors, the bundled MiniLM by default.
    Returns claims in the order of the text, `text[claim.start:claim.end] == claim.text`.
    """
    if embed is None:
        from index.embed import MiniLM

        embed = MiniLM().embed
    spans = claim_spans(text)
    judged = Verifier(passages, embed).judge([(text[start:end], ()) for start, end in spans])
    return [
        Claim(text[start:end], citations, verdict, start, end)
        for (start, end), (verdict, citations) in zip(spans, judged, strict=True)
    ]


def claim_spans(text: str) -> list[tuple[int, int]]:
    """Find the sentences of a text that say something which can be checked, (start, end) each."""
    whole = _HALVES.sub("\ufffd", text)
    return [(start, end) for start, end in sentences(whole) if _says_something(whole[start:end])]


def says_nothing(sentence: str) -> bool:
    """Tell whether a sentence says that the articles do not say."""
    return bool(_NOTHING_SAID.search(sentence))


def _says_something(sentence: str) -> bool:
    plain = _stripped(sentence)
    asks = plain.endswith(("?", ":")) and not numbers(plain) and not names(plain)
    said = bool(stems(plain)) and len(plain.split()) >= _LEAST_WORDS
    return said and not asks and not says_nothing(plain)


def _stripped(claim: str) -> str:
    return _BULLET.sub("", _MARKS.sub("", claim)).strip()


@dataclass(frozen=True, slots=True)
class _Claim:
    """A claim taken apart once: its words without marks, its quotations, and the words around them."""

    text: str
    quotes: tuple[str, ...]
    around: str

    @classmethod
    def of(cls, text: str) -> _Claim:
        plain = _stripped(_HALVES.sub("\ufffd", text))
        quotes = tuple(next(filter(None, found.groups())) for found in _QUOTE.finditer(plain))
        return cls(plain, quotes, _QUOTE.sub(" ", plain))


class Verifier:
    """Holds claims against the sentences of some passages, which are analysed once."""

    def __init__(self, passages: Sequence[Passage], embed: Embed) -> None:
        """Take the passages; a sentence that stands in two of them counts once."""
        found = {
            (passage.article.id, span): (passage, span) for passage in passages for span in passage.sentences
        }
        self._places: list[Place] = list(found.values())
        self._at = {key: at for at, key in enumerate(found)}
        self._evidence = Evidence([_words(place) for place in self._places], embed)
        self._embed = embed

    def prepare(self) -> None:
        """Do what takes long, embedding the sentences, before there are claims."""
        _ = self._evidence.vectors

    def judge(
        self, claims: Sequence[tuple[str, Sequence[Place]]]
    ) -> list[tuple[Verdict, tuple[Citation, ...]]]:
        """Tell for each claim whether what it cites supports it, else whether other sentences do."""
        said = [_Claim.of(text) for text, _ in claims]
        if not self._places or not said:
            return [("unsupported", ())] * len(said)
        vectors = self._embed([one.text for one in said])
        return [
            self._judged(one, vector, cited)
            for one, vector, (_, cited) in zip(said, vectors, claims, strict=True)
        ]

    def _judged(
        self, said: _Claim, vector: Vectors, cited: Sequence[Place]
    ) -> tuple[Verdict, tuple[Citation, ...]]:
        named = [self._at[key] for place in cited if (key := (place[0].article.id, place[1])) in self._at]
        order = self._evidence.nearest(said.text, vector)
        if self._is_contradicted(said, dict.fromkeys([*named, *order[:_LOOKED_AT]])):
            return "unsupported", ()
        for places in self._candidates(named, order):
            verdict = self._verdict(said, vector, places)
            if verdict != "unsupported":
                return verdict, tuple(self._citation(at) for at in places)
        return "unsupported", ()

    def _is_contradicted(self, said: _Claim, places: Iterable[int]) -> bool:
        """Tell whether sentences say nearly what a claim says, and all of others, or the reverse of it."""
        close = [at for at in places if _is_close(said.text, _words(self._places[at]))]
        return bool(close) and all(
            _is_turned(said, words := _words(self._places[at]))
            or _is_swapped(said.text, words)
            or not self._names_stand(said, [at], words)
            for at in close
        )

    def _candidates(self, named: Sequence[int], order: Sequence[int]) -> Iterable[list[int]]:
        """List what a claim may rest on, first what it names, then single sentences, then those together."""
        own = [at for at in order if at in set(named)]
        if own:
            yield sorted(own[:_LIMIT])
            if len(own) > 1:
                yield own[:1]
        for at in order[:_LOOKED_AT]:
            yield [at]
            if at + 1 < len(self._places) and self._places[at + 1][0] is self._places[at][0]:
                yield [at, at + 1]
        yield sorted(order[:2])
        yield sorted(order[:_LOOKED_AT])
        yield sorted(order[:_LIMIT])

    def _citation(self, at: int) -> Citation:
        passage, (start, end) = self._places[at]
        return Citation(passage, start, end)

    def _verdict(self, said: _Claim, vector: Vectors, places: Sequence[int]) -> Verdict:
        here = [self._places[at] for at in places]
        spoken = [normalised(passage.text) for passage, _ in here]
        if not all(
            any(normalised(quote).strip(" .,;") in words for words in spoken) for quote in said.quotes
        ):
            return "unsupported"
        written = " ".join(_words(place) for place in here)
        if not self._facts_stand(said, places, written):
            return "unsupported"
        own, quoted = _letters(said.text), sum(len(_letters(quote)) for quote in said.quotes)
        if quoted >= _VERBATIM_SHARE * len(own) or any(own == _letters(_words(place)) for place in here):
            return "verbatim"
        if not _words_stand(said, f"{written} {' '.join(p.article.title for p, _ in here)}"):
            return "unsupported"
        evidence = self._evidence.part(places)
        held = evidence.held(said.text) >= _HELD and evidence.doubt(said.text, vector) < UNSUPPORTED
        return "supported" if held else "unsupported"

    def _facts_stand(self, said: _Claim, places: Sequence[int], written: str) -> bool:
        """Tell whether every number, date and name of a claim stands there, and it denies what is denied."""
        here = [self._places[at] for at in places]
        nearest = _nearest_part(said, here)
        titles = " ".join(passage.article.title for passage, _ in here)
        close = _is_close(said.text, nearest)  # then it is that sentence's date that counts
        dated = [place for place in here if _words(place) == nearest] if close else here
        return (
            _numbers_stand(said.text, f"{written} {titles}")
            and all(day in written.lower() for day in _WEEKDAYS if re.search(rf"\b{day}\b", said.text, re.I))
            and all(any(_is_dated(day, place) for place in dated) for day in days(said.text))
            and self._names_stand(said, places, written)
            and not (_is_close(said.text, nearest) and _is_turned(said, nearest))
            and not any(_is_swapped(said.text, _words(place)) for place in here)
        )

    def _names_stand(self, said: _Claim, places: Sequence[int], written: str) -> bool:
        here = [self._places[at] for at in places]
        nearest = _nearest_part(said, here)
        if _is_close(said.text, nearest):  # it is that sentence's names that count
            here = [place for place in here if _words(place) == nearest]
            written = nearest
        about = " ".join(f"{p.article.title} {p.article.outlet} {p.article.byline}" for p, _ in here)
        known = set(folded(f"{written} {about}").split()) | _CALENDAR
        around = known | set(folded(" ".join(passage.text for passage, _ in here)).split())
        for name in names(without_days(said.around)):
            if _mostly(name, known):
                continue
            if not _mostly(name, around) or _other_names(nearest, said.text):
                return False
        return True


def is_verbatim(text: str, citations: Sequence[Citation]) -> bool:
    """Tell whether a claim is its citations' words: holds them, stands in their passages, or quotes them.

    Letters and digits count, so that marks inside a quote may be written otherwise.
    """
    said = _Claim.of(text)
    own, there = _letters(said.text), [_letters(citation.passage.text) for citation in citations]
    quotes = [_letters(quote) for quote in said.quotes]
    mostly = sum(map(len, quotes)) >= _VERBATIM_SHARE * len(own)
    return bool(citations) and (
        all(one.quote in text or _letters(one.quote) in own for one in citations)
        or any(own in words for words in there)
        or (mostly and all(any(quote in words for words in there) for quote in quotes))
    )


def _letters(text: str) -> str:
    return "".join(re.findall(r"[^\W_]", text.lower())) or text.strip()


def normalised(text: str) -> str:
    """Fold what does not change what is quoted: kinds of quotation marks and dashes, spaces, case.

    >>> normalised("He said: “No”") == normalised('he said: "no"')
    True
    """
    return " ".join(text.translate(_FOLDS).lower().split())


@lru_cache(maxsize=5_000)
def _stems(text: str) -> frozenset[str]:
    return frozenset(stems(text))


def _words(place: Place) -> str:
    passage, (start, end) = place
    return passage.article.text[start:end]


def _numbers_stand(claim: str, written: str) -> bool:
    there = numbers(without_days(written)) + numbers(written)
    for number in numbers(without_days(claim)):
        small = (
            number.value in (1, 2) and not number.unit and not re.search(rf"\b{number.value:.0f}\b", claim)
        )
        if not small and not any(number.agrees(other) for other in there):
            return False
    return True


def _is_dated(day: Day, place: Place) -> bool:
    """Tell whether a date stands in a sentence, or is what "yesterday" or "on Friday" mean in its article."""
    passage, _ = place
    words, published = _words(place), passage.article.published_day
    for other in days(words):
        if day.agrees(other) and (other.year or not day.year or _is_year_of(day, passage)):
            return True
    if day.day is None:
        return _is_in(day, words, passage)
    if published is None:
        return False
    meant = [published] if _TODAY.search(words) else []
    meant += [published - timedelta(1)] if _YESTERDAY.search(words) else []
    meant += [published + timedelta(1)] if _TOMORROW.search(words) else []
    for at, weekday in enumerate(_WEEKDAYS):
        if re.search(rf"\b{weekday[:3]}(?:{weekday[3:]})?\b", words, re.IGNORECASE):
            last = published - timedelta((published.weekday() - at) % 7)
            meant += [last, last + timedelta(7), last - timedelta(7)]
    return any(day.agrees(Day(one.year, one.month, one.day)) for one in meant)


def _is_in(day: Day, words: str, passage: Passage) -> bool:
    """Tell whether a month or a year is that of the article, where the sentence names no year."""
    published: date | None = passage.article.published_day
    if any(other.year for other in days(words)) or published is None:
        return False
    return day.agrees(Day(published.year, published.month, None))


def _is_year_of(day: Day, passage: Passage) -> bool:
    """Tell whether a sentence that names no year can mean this one: its article's, or the last one's end."""
    published = passage.article.published_day
    if published is None:
        return str(day.year) in passage.text
    later = (day.month or 0, day.day or 0) > (published.month, published.day)
    return day.year == published.year or (later and day.year == published.year - 1)


def _nearest_part(said: _Claim, here: Sequence[Place]) -> str:
    """Give the sentence that holds most of the claim's words: its "not" and its "may" count."""
    words = _stems(said.text)
    return max((_words(place) for place in here), key=lambda text: len(words & _stems(text)))


def _words_stand(said: _Claim, written: str) -> bool:
    """Tell whether enough of a claim's words stand there, names and dates apart: half, of a few words all."""
    own = _stems(" ".join(sorted(_without_names(without_days(said.text)))))
    missing = len(own - _stems(written))
    return missing <= len(own) // 2 if len(own) > _FEW_WORDS else not missing


def _is_close(claim: str, sentence: str) -> bool:
    """Tell whether a claim says nearly what a sentence says, names apart: then a name or a "not" decides."""
    words = _stems(" ".join(sorted(_without_names(claim))))
    return len(words & _stems(sentence)) >= _CLOSE * len(words)


def _is_turned(said: _Claim, sentence: str) -> bool:
    """Tell whether a claim denies what a sentence affirms, or the reverse, or leaves out its reserve."""
    turned = bool(negations(said.around)) != bool(negations(sentence))
    framed = bool(_FRAME.search(sentence)) and not _FRAME.search(said.text)
    return (
        turned
        or framed
        or _is_opposite(said.text, sentence)
        or (is_hedged(sentence) and not is_hedged(said.text))
    )


def _is_opposite(claim: str, sentence: str) -> bool:
    """Tell whether one says "rose" where the other says "fell"."""
    mine, theirs = set(re.findall(r"[\w.]*\w", claim.lower())), set(re.findall(r"[\w.]*\w", sentence.lower()))
    return any(
        (mine & one and not mine & other and theirs & other and not theirs & one)
        or (mine & other and not mine & one and theirs & one and not theirs & other)
        for one, other in _OPPOSITES
    )


def _mostly(name: Sequence[str], words: Container[str]) -> bool:
    """Tell whether at least half of a name's words are among some words, North and South in any case."""
    if any(word in _DIRECTIONS and word not in words for word in name):
        return False
    return 2 * sum(word in words for word in name) >= len(name)


def _other_names(written: str, claim: str) -> bool:
    """Tell whether sentences name someone or something that the claim does not."""
    own = set(folded(claim).split()) | _CALENDAR
    return any(not set(name) & own for name in names(written))


def _is_swapped(claim: str, sentence: str) -> bool:
    """Tell whether a claim is a sentence with the names changed round: who did it to whom."""
    named = [[" ".join(name) for name in names(text)] for text in (claim, sentence)]
    counted = [[str(number.value) for number in numbers(text)] for text in (claim, sentence)]
    if not any(_is_reordered(*each) for each in (named, counted)):
        return False
    words, others = _without_names(claim), _without_names(sentence)
    return bool(words) and len(words & others) >= _SAME_SENTENCE * len(words)


def _is_reordered(mine: Sequence[str], theirs: Sequence[str]) -> bool:
    common = [one for one in mine if one in theirs]
    return len(set(common)) > 1 and common != [one for one in theirs if one in common]


@lru_cache(maxsize=5_000)
def _without_names(text: str) -> frozenset[str]:
    named = {word for name in names(text) for word in name}
    return frozenset(word for word in folded(text).split() if word not in named)
