"""How often the right passage is found, the right sentence quoted, and the unanswerable left unanswered."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from assistant import Answer, Assistant
from assistant.quote import Quotation, Quoter
from assistant.sentences import Sentence
from assistant.settings import SAMPLE, Settings
from benchmarks import copies, grounding
from benchmarks.datasets import indexed, rows
from benchmarks.metrics import auroc, average_precision, f1, mean, reciprocal_rank
from index import Article, ArticleIndex, Hit, Passage, Scope
from index.embed import bundled
from index.passages import sentences
from index.types import Progress
from index.words import stems

Figures = dict[str, float]
_QUESTIONS = Path(__file__).parent.parent / "tests" / "data"


def run(data: Path, home: Path, progress: Progress | None = None) -> dict[str, Figures]:
    """Measure every set under `data`, with indexes kept under `home`."""
    return {
        "multihoprag": multihoprag(data / "multihoprag", home / "multihoprag", progress),
        "realtimeqa": realtimeqa(data / "realtimeqa", home / "realtimeqa", progress),
        "clapnq": clapnq(data / "evidence" / "clapnq.jsonl"),
        "squad2": squad2(data / "evidence" / "squad2.jsonl"),
        "sample": sample(home / "sample", progress),
        "grounding": grounding.run(data / "grounding"),
        "copies": copies.run(data),
    }


def sample(home: Path, progress: Progress | None = None) -> Figures:
    """Ask of the sample articles what they answer, what they do not, and what is worded to mislead."""
    held, led, refused, misled = [], [], {True: list[bool](), False: list[bool]()}, []
    with ArticleIndex.open(home) as index:
        index.sync([SAMPLE], progress)
        assistant = Assistant(index, settings=Settings())
        for question in rows(_QUESTIONS / "sample_questions.jsonl"):
            answer = assistant.answer(question["question"])
            refused[null := question.get("abstain", False)].append(answer.abstained)
            if not null:
                quotes = [citation.quote for claim in answer.claims for citation in claim.citations]
                right = [any(words in quote for words in question["contains"]) for quote in quotes]
                held.append(any(right))
                led.append(any(right[:1]))
        for question in rows(_QUESTIONS / "misleading_questions.jsonl"):
            misled.append(not assistant.answer(question["question"]).abstained)
    return {
        "answerable": len(held),
        "answered_right": sum(held),
        "answered_right_first": sum(led),
        "answerable_refused": sum(refused[False]),
        "unanswerable": len(refused[True]),
        "unanswerable_refused": sum(refused[True]),
        "misleading": len(misled),
        "misleading_refused": len(misled) - sum(misled),
    }


def multihoprag(data: Path, home: Path, progress: Progress | None = None) -> Figures:
    """MultiHop-RAG: passages that hold the facts, and abstaining on the questions without an answer."""
    found: list[tuple[list[bool], float, bool]] = []
    confidence: dict[bool, list[float]] = {True: [], False: []}
    abstained: dict[bool, list[bool]] = {True: [], False: []}
    with indexed(data / "articles.jsonl.gz", home, progress) as index:
        assistant = Assistant(index, settings=Settings())
        quoter = Quoter(index, bundled().embed)
        for question in rows(data / "questions.jsonl"):
            null = question["type"] == "null"
            hits = index.search(question["question"], k=10)
            if not null:
                found.append(_facts_found(question["evidence"], hits))
            confidence[null].append(quoter.quote(question["question"], hits).confidence)
            abstained[null].append(assistant.answer(question["question"]).abstained)
    return {
        "questions": len(found),
        "hits@10": mean([any(hit) for hit, _, _ in found]),
        "hits@4": mean([any(hit[:4]) for hit, _, _ in found]),
        "mrr@10": mean([reciprocal_rank(hit) for hit, _, _ in found]),
        "map@10": mean([precision for _, precision, _ in found]),
        "all_evidence@10": mean([complete for _, _, complete in found]),
        "null_auroc": auroc(confidence[False], confidence[True]),
        "abstains_null": mean(abstained[True]),
        "abstains_answerable": mean(abstained[False]),
    }


def realtimeqa(data: Path, home: Path, progress: Progress | None = None) -> Figures:
    """RealTimeQA: the answer in the first passages, and in three sentences of the offline answer.

    Passages are searched as asked on the day, on no day, and on no day among the articles there were by then.
    """
    ranks: dict[str, list[list[bool]]] = {"": [], "_no_day": [], "_until_that_day": []}
    quotes, chosen = [], []
    with indexed(data / "articles.jsonl.gz", home, progress) as index:
        assistant = Assistant(index, settings=Settings())
        everything = "\n".join(row["text"].casefold() for row in rows(data / "articles.jsonl.gz"))
        for question in rows(data / "questions.jsonl"):
            if not _says(everything, question["answer"]):
                continue
            day = date.fromisoformat(question["as_of"])
            scopes = {"": Scope(as_of=day), "_no_day": Scope(), "_until_that_day": Scope(until=day)}
            found = {name: index.search(question["question"], 10, scope) for name, scope in scopes.items()}
            for name, ranking in found.items():
                ranks[name].append([_says(hit.passage.text, question["answer"]) for hit in ranking])
            answer = assistant.answer(question["question"], as_of=question["as_of"])
            cited = [citation for claim in answer.claims for citation in claim.citations][:3]
            quotes.append(any(_says(citation.quote, question["answer"]) for citation in cited))
            chosen.append(_choice(answer, found[""], question["choices"]) == question["answer"])
    return {
        "questions": len(quotes),
        **{
            f"answer@{k}{name}": mean([any(rank[:k]) for rank in ranking])
            for name, ranking in ranks.items()
            for k in (1, 5, 10)
        },
        "offline_answer": mean(quotes),
        "choice": mean(chosen),
    }


def clapnq(data: Path) -> Figures:
    """CLAPNQ: the sentences of a passage that answer, and whether there are any."""
    examples = rows(data)
    passages = [
        _passage(row["title"], [_natural(sentence) for sentence in row["sentences"]]) for row in examples
    ]
    quoter = Quoter(_Passages(passages), bundled().embed)
    scores, confidence = [], {True: list[float](), False: list[float]()}
    for row, passage in zip(examples, passages, strict=True):
        quotation = quoter.quote(row["question"], [Hit(passage, 1.0)])
        confidence[row["answerable"]].append(quotation.confidence)
        if row["answerable"]:
            wanted = {at for at, one in enumerate(row["sentences"]) if one in row["selected"]}
            scores.append(f1({passage.sentences.index((s.start, s.end)) for s in _leads(quotation)}, wanted))
    return {"sentence_f1": mean(scores), "auroc": auroc(confidence[True], confidence[False])}


def squad2(data: Path) -> Figures:
    """SQuAD 2.0: the answer in the quoted sentences, and whether there is one."""
    examples = rows(data)
    passages = []
    for row in examples:
        spans = sentences(row["context"])
        passages.append(Passage(Article(row["context"]), spans[0][0], spans[-1][1], tuple(spans)))
    quoter = Quoter(_Passages(passages), bundled().embed)
    quoted, confidence = [], {True: list[float](), False: list[float]()}
    for row, passage in zip(examples, passages, strict=True):
        quotation = quoter.quote(row["question"], [Hit(passage, 1.0)])
        confidence[row["answerable"]].append(quotation.confidence)
        if row["answerable"]:
            first = _leads(quotation)[:1]
            quoted.append(any(answer in sentence.text for sentence in first for answer in row["answers"]))
    return {"answer_in_first_quote": mean(quoted), "auroc": auroc(confidence[True], confidence[False])}


def _facts_found(evidence: Sequence[dict[str, Any]], hits: Sequence[Hit]) -> tuple[list[bool], float, bool]:
    """Tell which hits hold a fact, the average precision, and whether every evidence article is there."""
    facts = {_packed(one["fact"]) for one in evidence}
    held = [{fact for fact in facts if fact in _packed(hit.passage.text)} for hit in hits]
    seen: set[str] = set()
    new = []
    for some in held:
        new.append(len(some - seen))
        seen |= some
    titles = {hit.passage.article.title for hit in hits}
    complete = {one["title"] for one in evidence} <= titles
    return [bool(some) for some in held], average_precision(new, len(facts)), complete


def _packed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _says(text: str, answer: str) -> bool:
    """Tell whether a text holds an answer as whole words, without regard to case."""
    return re.search(rf"(?<!\w){re.escape(answer.casefold())}(?!\w)", text.casefold()) is not None


def _choice(answer: Answer, hits: Sequence[Hit], choices: Sequence[str]) -> str:
    """Pick the choice that the answer, else the best passages, name first and most."""
    for text in (answer.text, *(hit.passage.text for hit in hits)):
        counts = Counter({choice: len(re.findall(re.escape(choice), text)) for choice in choices})
        choice, count = counts.most_common(1)[0]
        if count:
            return choice
    return choices[0]


def _natural(sentence: str) -> str:
    """Undo the spacing of tokenised text, with which CLAPNQ comes."""
    closed = re.sub(r"\s+([.,;:!?%)\]])", r"\1", sentence.replace("`` ", "“").replace(" ''", "”"))
    return closed.replace("( ", "(").replace(" 's", "'s").replace(" - ", "-")


def _passage(title: str, parts: Sequence[str]) -> Passage:
    spans, at = [], 0
    for part in parts:
        spans.append((at, at + len(part)))
        at += len(part) + 1
    return Passage(Article(" ".join(parts), title=title), 0, at - 1, tuple(spans))


def _leads(quotation: Quotation) -> list[Sentence]:
    """Give the first sentence of each statement."""
    return [statement[0] for statement in quotation.statements]


class _Passages:
    """A few passages as a collection by themselves."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.passages = len(passages)
        self._held = Counter(stem for passage in passages for stem in set(stems(passage.text)))

    def frequencies(self, asked: Sequence[str]) -> list[int]:
        return [self._held[stem] for stem in asked]
