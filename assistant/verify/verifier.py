"""Claims against passages: what a text says, held against the exact words it could rest on. No model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.types import Citation, Claim, Verdict
from assistant.verify.claims import VERBATIM_SHARE, Said, claim_spans, letters, normalised
from assistant.verify.roles import speakers_stand
from assistant.verify.standing import Place, facts_stand, is_contradicted, words_of, words_stand
from assistant.verify.support import Evidence
from index.arrays import Vectors
from index.embed import Embed
from index.types import Passage

# From this doubt on a claim is not supported: docs/benchmarks.md, "Verifying".
UNSUPPORTED = 0.725
_HELD = 0.5  # of a claim's words, weighed by how rare they are, that its sentences must hold
_LIMIT = 5  # sentences a claim rests on
_LOOKED_AT = 3  # of the sentences nearest to a claim, when it is moved to another passage


def check(text: str, passages: Sequence[Passage], embed: Embed | None = None) -> list[Claim]:
    """Hold every sentence of a text against passages: verbatim, supported or unsupported, and by which words.

    Anyone's text will do; numbers in brackets are left out of account, and so are sentences that say nothing
    (a question, "the articles do not say"). `embed` gives unit vectors, the bundled MiniLM by default.
    Returns claims in the order of the text, `text[claim.start:claim.end] == claim.text`.
    """
    if embed is None:
        from index.embed import bundled

        embed = bundled().embed
    spans = claim_spans(text)
    judged = Verifier(passages, embed).judge([(text[start:end], ()) for start, end in spans])
    return [
        Claim(text[start:end], citations, verdict, start, end)
        for (start, end), (verdict, citations) in zip(spans, judged, strict=True)
    ]


class Verifier:
    """Holds claims against the sentences of some passages, which are analysed once."""

    def __init__(self, passages: Sequence[Passage], embed: Embed) -> None:
        """Take the passages; a sentence that stands in two of them counts once."""
        found = {
            (passage.article.id, span): (passage, span) for passage in passages for span in passage.sentences
        }
        self._places: list[Place] = list(found.values())
        self._at = {key: at for at, key in enumerate(found)}
        self._evidence = Evidence([words_of(place) for place in self._places], embed)
        self._embed = embed

    def prepare(self) -> None:
        """Do what takes long, embedding the sentences, before there are claims."""
        _ = self._evidence.vectors

    def judge(
        self, claims: Sequence[tuple[str, Sequence[Place]]]
    ) -> list[tuple[Verdict, tuple[Citation, ...]]]:
        """Tell for each claim whether what it cites supports it, else whether other sentences do."""
        said = [Said.of(text) for text, _ in claims]
        if not self._places or not said:
            return [("unsupported", ())] * len(said)
        vectors = self._embed([one.text for one in said])
        return [
            self._judged(one, vector, cited)
            for one, vector, (_, cited) in zip(said, vectors, claims, strict=True)
        ]

    def _judged(
        self, said: Said, vector: Vectors, cited: Sequence[Place]
    ) -> tuple[Verdict, tuple[Citation, ...]]:
        named = [self._at[key] for place in cited if (key := (place[0].article.id, place[1])) in self._at]
        order = self._evidence.nearest(said.text, vector)
        if is_contradicted(said, [self._places[at] for at in dict.fromkeys([*named, *order[:_LOOKED_AT]])]):
            return "unsupported", ()
        for places in self._candidates(named, order):
            verdict = self._verdict(said, vector, places)
            if verdict != "unsupported":
                return verdict, tuple(self._citation(at) for at in places)
        return "unsupported", ()

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

    def _verdict(self, said: Said, vector: Vectors, places: Sequence[int]) -> Verdict:
        here = [self._places[at] for at in places]
        if not _stands(said, here):
            return "unsupported"
        if _is_quoted(said, here):
            return "verbatim"
        if not words_stand(said, here):
            return "unsupported"
        evidence = self._evidence.part(places)
        held = evidence.held(said.text) >= _HELD and evidence.doubt(said.text, vector) < UNSUPPORTED
        return "supported" if held else "unsupported"


def is_verbatim(text: str, citations: Sequence[Citation]) -> bool:
    """Tell whether a claim that cites these sentences is called verbatim when it is checked."""
    said, here = Said.of(text), [(one.passage, (one.start, one.end)) for one in citations]
    return bool(here) and _is_quoted(said, here) and _stands(said, here)


def _stands(said: Said, here: Sequence[Place]) -> bool:
    """Tell whether quotations stand there letter by letter, said by whom, and the hard facts."""
    spoken = [normalised(passage.text) for passage, _ in here]
    return (
        all(any(normalised(quote).strip(" .,;") in words for words in spoken) for quote in said.quotes)
        and speakers_stand(said, [passage for passage, _ in here])
        and facts_stand(said, here)
    )


def _is_quoted(said: Said, here: Sequence[Place]) -> bool:
    """Tell whether a claim is for the most part quotations, or one of the sentences."""
    own, quoted = letters(said.text), sum(len(letters(quote)) for quote in said.quotes)
    return quoted >= VERBATIM_SHARE * len(own) or any(own == letters(words_of(place)) for place in here)
