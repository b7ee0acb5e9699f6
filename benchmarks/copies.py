"""How well copies of one report are told from articles that share some words only, and how fast."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from assistant.settings import SAMPLE
from benchmarks.datasets import rows
from benchmarks.metrics import mean
from index.catalog import CATALOG, Catalog
from index.passages import sentences
from index.recording import Outcome
from index.sources.reading import read_articles
from index.stories import is_copy, shingles
from index.types import Article

Pair = tuple[int, int]

_SEED = 20200616
_OF_EACH_KIND = 20
_FEWEST_WORDS = 250
_WORTH_COMPARING = 0.15  # of the runs of the shorter one; half of it has to be taken over for a copy
_CONTAINED = 0.65  # of the runs, where nothing is known of rewording
_COPIES = ("cut", "reordered", "headline", "reworded", "cut_reordered_reworded", "agency")
_OTHERS = ("credit", "newsletter", "press_release", "background")

_NEWSLETTER = """
You are reading this because somebody on our desk thought that it mattered. Every weekday at seven the
Morning Tide brings five stories like it to your inbox, with one chart, one correction and the weather along
the coast. It costs nothing, it takes four minutes, and a single click ends it. Sign up below.

About the author: she has covered the peninsula for this paper since 2009, first from Busan and later from a
ferry terminal. Before that she reported on shipping, grain and the courts. Her book on harbour towns was
shortlisted for two awards and won neither. She keeps bees, and answers every letter.

If you have seen something that we should look into, the news desk can be reached day and night. We never
name anyone without asking. Our rules for sources, corrections and gifts are posted in full on our site.
""".strip()
_STATEMENT = """
“We have heard every word that was said in this room today, and we have heard what was not said,” the
spokeswoman read from a single sheet. “Nobody who waited for nine years at a locked door will be asked to
wait for a tenth. There will be a register, there will be a court to appeal to, and there will be a date,
and when that date has come the doors will stand open whether or not the last signature is dry. To those who
doubt it I can only say: come and see, bring your neighbours, and bring a chair.”

The foundation, which was set up by nine towns and is paid for by a levy on freight, runs forty-one reading
rooms, two night schools and a travelling archive. It employs 312 people, a third of them part-time, and
published its accounts in March. It has asked to be inspected every year since it was founded.
""".strip()


@dataclass(frozen=True, slots=True)
class Case:
    """Two articles, and whether they are one story."""

    kind: str
    one: Article
    other: Article


def run(data: Path) -> dict[str, float]:
    """Measure RealTimeQA against a comparison of every pair, and cases made for the purpose by kind."""
    found = [
        Article(row["text"], title=row["title"], url=row["url"], source=str(at))
        for at, row in enumerate(rows(data / "realtimeqa" / "articles.jsonl.gz"))
    ]
    bases = [one for one in read_articles([SAMPLE]) if isinstance(one, Article)]
    if (several := data / "multihoprag" / "articles.jsonl.gz").exists():
        bases += [Article(row["text"], title=row["title"], source=f"m{row['id']}") for row in rows(several)]
    return _every_pair(found) | _by_kind(bases)


def _every_pair(articles: Sequence[Article]) -> dict[str, float]:
    """Compare the pairs found with those that a comparison of all with all finds, and take the time."""
    with TemporaryDirectory() as folder:
        catalog = _catalog(Path(folder), articles)
        began = time.process_time()  # of this process alone, on a machine that may be busy
        catalog.stories.bring_up(lambda stage, done, total: None, fresh=True)
        seconds = time.process_time() - began
        ids = {one.id: at for at, one in enumerate(articles)}
        linked = [sorted((ids[one], ids[other])) for one, other in catalog.stories.pairs()]
        found = {(one, other) for one, other in linked}
        catalog.close()
    shares = dict(_containments(articles))
    decided = {pair for pair in shares if is_copy(articles[pair[0]], articles[pair[1]])}
    contained = {pair for pair, share in shares.items() if share >= _CONTAINED}
    return {
        "articles_per_second": len(articles) / seconds,
        "pairs": len(found),
        "recall": _share(found & decided, decided),
        "precision": _share(found & decided, found),
        "containment_recall": _share(found & contained, contained),
        "containment_precision": _share(found & contained, found),
    }


def _by_kind(bases: Sequence[Article]) -> dict[str, float]:
    """Tell for each kind of case how many were joined, amid all the articles they were made of."""
    long = [one for one in bases if len(one.text.split()) >= _FEWEST_WORDS]
    joined: dict[str, list[bool]] = {kind: [] for kind in (*_COPIES, *_OTHERS)}
    with TemporaryDirectory() as folder:
        catalog = _catalog(Path(folder), long)
        for case in _cases(long, random.Random(_SEED)):
            catalog.record([_outcome(case.one), _outcome(case.other)], [], lambda article: ())
            copies = {one.id for one in catalog.stories.copies(case.one.id)}
            joined[case.kind].append(case.other.id in copies)
            catalog.record([], [case.one.source, case.other.source], lambda article: ())
        catalog.close()
    right = sum(sum(joined[kind]) for kind in _COPIES)
    wrong = sum(sum(joined[kind]) for kind in _OTHERS)
    return {
        **{f"made_{kind}": mean(told) for kind, told in joined.items()},
        "made_cases": sum(map(len, joined.values())),
        "made_recall": right / sum(len(joined[kind]) for kind in _COPIES),
        "made_precision": right / ((right + wrong) or 1),
    }


def _cases(bases: Sequence[Article], chance: random.Random) -> Iterator[Case]:
    """Make cases of each kind, each of articles drawn anew."""
    vocabulary = sorted({word for one in bases for word in one.text.split()})
    for kind in (*_COPIES, *_OTHERS):
        for number in range(_OF_EACH_KIND):
            one, other, third = chance.sample(bases, 3)
            texts = (
                _copied(kind, _parts(one.text), vocabulary, chance)
                if kind in _COPIES
                else _sharing(kind, _parts(one.text), _parts(other.text), _parts(third.text))
            )
            made = [
                Article(text, title=f"{kind} {number}", outlet=outlet, source=f"{kind} {number} {outlet}")
                for text, outlet in zip(texts, ("The Harbour Post", "Larkmoor Chronicle"), strict=True)
            ]
            yield Case(kind, *made)


def _copied(kind: str, parts: list[str], vocabulary: Sequence[str], chance: random.Random) -> tuple[str, str]:
    """Give a text whole, and as another outlet prints it."""
    whole, printed = "\n".join(parts), list(parts)
    if kind.startswith("cut"):
        printed = _cut(printed, len(whole) // 3)
    if "reordered" in kind:
        chance.shuffle(printed)
    text = "\n".join(printed)
    if kind == "headline":
        text = "What we know, what we do not, and why it matters to you\n" + text.partition(" ")[2]
    if "reworded" in kind or kind == "agency":
        text = _reworded(text, 0.35 if kind == "agency" else 0.2, vocabulary, chance)
    if kind == "agency":
        return f"GENEVA (AP) — {whole}", f"{text}\nThe Associated Press contributed to this report."
    return whole, text


def _sharing(kind: str, one: list[str], other: list[str], third: list[str]) -> tuple[str, str]:
    """Give two articles that have something in common, and are two."""
    if kind == "newsletter":
        return "\n".join([*one, _NEWSLETTER]), "\n".join([*other, _NEWSLETTER])
    if kind == "background":
        shorter = min(len("".join(one)), len("".join(other)))
        reused = _cut(third, shorter // 3)
        return "\n".join([*one, *reused]), "\n".join([*other[:2], *reused, *other[2:]])
    middle = [_STATEMENT] if kind == "press_release" else []
    credit = "The Associated Press contributed to this report."
    return tuple(  # type: ignore[return-value]
        "\n".join([f"GENEVA (AP) — {parts[0]}", *middle, *parts[1:], credit]) for parts in (one, other)
    )


def _parts(text: str) -> list[str]:
    """Give a text's paragraphs, or, where it has few, its sentences."""
    paragraphs = [part for part in text.splitlines() if part.strip()]
    return paragraphs if len(paragraphs) > 5 else [text[start:end] for start, end in sentences(text)]


def _cut(parts: list[str], characters: int) -> list[str]:
    """Keep the first parts until there are so many characters."""
    kept: list[str] = []
    while len(kept) < len(parts) and len("".join(kept)) < characters:
        kept.append(parts[len(kept)])
    return kept


def _reworded(text: str, share: float, vocabulary: Sequence[str], chance: random.Random) -> str:
    """Put one or two other words, or none, in the place of a share of the words."""

    def instead(word: str) -> list[str]:
        if chance.random() >= share:
            return [word]
        return chance.sample(vocabulary, chance.choices((0, 1, 2), (5, 80, 15))[0])

    lines = [[new for word in line.split() for new in instead(word)] for line in text.splitlines()]
    return "\n".join(map(" ".join, lines))


def _containments(articles: Sequence[Article]) -> Iterator[tuple[Pair, float]]:
    """Give the containment of every pair that has runs of words in common worth comparing."""
    runs = [np.unique(shingles(one.text)) for one in articles]
    held, owner = np.concatenate(runs), np.repeat(np.arange(len(runs)), [len(own) for own in runs])
    order = np.argsort(held, kind="stable")
    held, owner = held[order], owner[order]
    for at, own in enumerate(runs):
        first, last = np.searchsorted(held, own, "left"), np.searchsorted(held, own, "right")
        places = np.concatenate([np.arange(a, b) for a, b in zip(first, last, strict=True)])
        common = np.bincount(owner[places], minlength=len(runs))[:at]
        for other in np.flatnonzero(common):
            share = float(common[other] / min(len(own), len(runs[other])))
            if share >= _WORTH_COMPARING:
                yield (int(other), at), share


def _catalog(folder: Path, articles: Sequence[Article]) -> Catalog:
    """Make a catalog that holds articles and their stories, and no passages."""
    Catalog.create(folder / CATALOG, "none", "none")
    catalog = Catalog(folder / CATALOG)
    catalog.record([_outcome(one) for one in articles], [], lambda article: ())
    return catalog


def _outcome(article: Article) -> Outcome:
    return Outcome(article.source, "", article.version, article)


def _share(part: set[Pair], whole: set[Pair]) -> float:
    return len(part) / len(whole) if whole else 1.0
