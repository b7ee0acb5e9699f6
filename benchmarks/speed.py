"""How fast: embedding, indexing, searching, answering, starting. Ratios within one run count, not seconds."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from assistant import Assistant
from assistant.settings import Settings
from assistant.verify import Verifier
from benchmarks.datasets import indexed, rows
from benchmarks.metrics import percentile
from index import Article, ArticleIndex
from index.embed import MODEL, MiniLM, bundled, count_tokens, embedded_text, tokenizer
from index.passages import passages
from index.types import Progress

_TEXTS = 200
_ROUNDS = 3
_USUAL = 74.0  # passages a second that bare onnxruntime embeds where the limits of `baseline.json` were set
_VERIFIED = 50  # questions whose passages claims are held against


def run(data: Path, home: Path, progress: Progress | None = None) -> dict[str, dict[str, float]]:
    """Measure everything on MultiHop-RAG under `data`, with indexes kept under `home`."""
    folder = data / "multihoprag"
    questions = [row["question"] for row in rows(folder / "questions.jsonl")]
    figures = {"embedding": embedding(folder), "words": words(folder, home / "speed")}
    with indexed(folder / "articles.jsonl.gz", home / "multihoprag", progress) as index:
        figures["search"] = _latency(lambda question: index.search(question, k=10), questions)
        figures["answer"] = _latency(Assistant(index, settings=Settings()).answer, questions)
        figures["verify"] = verify(index, questions[:_VERIFIED])
    figures["start"] = start(home / "multihoprag" / "index", questions[0])
    figures["machine"] = {"slowness": slowness(figures["embedding"], embedding(folder))}
    return figures


def slowness(*embeddings: dict[str, float]) -> float:
    """Tell how much longer things take here and now, at least 1: by embedding, first and last in the run."""
    bare = min(one["passages_per_second"] / one["share_of_onnxruntime"] for one in embeddings)
    return max(1.0, _USUAL / bare)


def embedding(folder: Path) -> dict[str, float]:
    """Compare `MiniLM.embed` with onnxruntime on the very same tokens, one lane a core, in turns."""
    import onnxruntime

    texts = []
    for row in rows(folder / "articles.jsonl.gz"):
        texts += [embedded_text(one) for one in passages(Article(row["text"], row["title"]), count_tokens)]
        if len(texts) >= _TEXTS:
            break
    texts = texts[:_TEXTS]
    tokens = [np.array([encoding.ids], np.int64) for encoding in tokenizer().encode_batch(texts)]
    lanes = MiniLM().workers
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    sessions = [onnxruntime.InferenceSession(str(MODEL / "model.onnx"), options) for _ in range(lanes)]

    def bare(lane: int) -> None:
        for ids in tokens[lane::lanes]:
            sessions[lane].run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})

    ours = MiniLM()
    ours.embed(texts[:lanes])
    spent = {"bare": [0.0] * 0, "ours": [0.0] * 0}
    with ThreadPoolExecutor(lanes) as pool:
        for _ in range(_ROUNDS):
            spent["bare"].append(_seconds(lambda: list(pool.map(bare, range(lanes)))))
            spent["ours"].append(_seconds(lambda: ours.embed(texts)))
    best, own = min(spent["bare"]), min(spent["ours"])
    return {"passages_per_second": len(texts) / own, "share_of_onnxruntime": best / own}


def words(folder: Path, home: Path) -> dict[str, float]:
    """Time from an empty index to the first answer from words, for all 609 articles."""
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    unpacked = home / "articles.jsonl"
    unpacked.write_bytes(gzip.decompress((folder / "articles.jsonl.gz").read_bytes()))
    seconds: list[float] = []
    found: list[int] = []
    with ArticleIndex.open(home / "index") as index:
        started = time.perf_counter()

        def watch(stage: str, done: int, total: int | None) -> None:
            if stage == "words" and done and not seconds:
                seconds.append(time.perf_counter() - started)
                found.append(len(index.search("Who founded FTX?", k=10)))
                raise KeyboardInterrupt  # the rest is not measured, and goes on with the next sync

        with suppress(KeyboardInterrupt):
            index.sync([unpacked], watch)
        articles = index.coverage().articles
    return {"seconds_until_answerable": seconds[0], "articles": articles, "hits": found[0]}


def start(home: Path, question: str) -> dict[str, float]:
    """Time a new process: `import assistant`, and `dateline ask` with an index there; the best of three."""
    environment = {**os.environ, "DATELINE_HOME": str(home)}

    def spent(*command: str) -> float:
        return min(
            _seconds(lambda: subprocess.run(command, env=environment, check=True, capture_output=True))
            for _ in range(_ROUNDS)
        )

    bare = spent(sys.executable, "-c", "pass")
    return {
        "import_assistant_seconds": spent(sys.executable, "-c", "import assistant") - bare,
        "ask_seconds": spent(sys.executable, "-c", "from assistant.cli import main; main()", "ask", question),
    }


def verify(index: ArticleIndex, questions: list[str]) -> dict[str, float]:
    """Time the checking of ten claims, half of them with their words turned round, against ten passages."""
    spent = []
    for question in questions:
        found = [hit.passage for hit in index.search(question, k=10)]
        verifier = Verifier(found, bundled().embed)
        verifier.prepare()  # done while a model writes
        claims = []
        for passage in found[:5]:
            sentence = passage.article.text[slice(*passage.sentences[0])]
            turned = " ".join(reversed(sentence.split()))
            claims += [(one, [(passage, passage.sentences[0])]) for one in (sentence, turned)]
        spent.append(1000 * _seconds(lambda: verifier.judge(claims)))  # noqa: B023 - called at once
    return {"p50_milliseconds": percentile(spent, 0.5), "p95_milliseconds": percentile(spent, 0.95)}


def _latency(call: Callable[[str], Any], questions: list[str]) -> dict[str, float]:
    """Time every question, in two rounds, and keep the quicker: other work on the machine only ever slows."""
    for question in questions[:5]:
        call(question)
    rounds = [
        [1000 * _seconds(lambda asked=question: call(asked)) for question in questions]  # type: ignore[misc]
        for _ in range(2)
    ]
    spent = min(rounds, key=lambda one: percentile(one, 0.95))
    return {"p50_milliseconds": percentile(spent, 0.5), "p95_milliseconds": percentile(spent, 0.95)}


def _seconds(call: Callable[[], Any]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started
