from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index import embed
from index.embed import MODEL, EmbeddingError, MiniLM

ROOT = Path(__file__).resolve().parent.parent


def test_vectors_have_length_one_and_keep_the_order_of_the_texts() -> None:
    texts = ["a summit in Hanoi", "the price of wheat", "a meeting in Vietnam", "", "wheat prices"]
    vectors = MiniLM().embed(texts)
    assert vectors.shape == (5, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.allclose(vectors[2], MiniLM(1).embed(["a meeting in Vietnam"])[0], atol=1e-6)
    assert vectors[0] @ vectors[2] > vectors[0] @ vectors[1]
    assert vectors[1] @ vectors[4] > vectors[1] @ vectors[2]


def test_no_texts_give_no_vectors() -> None:
    assert MiniLM().embed([]).shape == (0, 384)


def test_text_beyond_256_tokens_is_not_read() -> None:
    long, longer = "word " * 300, "word " * 900
    assert np.array_equal(MiniLM().embed([long]), MiniLM().embed([longer]))


def test_the_note_beside_the_model_names_its_files_licence_and_origin() -> None:
    origin = json.loads((MODEL / "origin.json").read_text(encoding="utf-8"))
    assert set(origin["files"]) == {"model.onnx", "tokenizer.json"}
    assert origin["licence"] == "Apache-2.0"
    assert origin["weights_sha256"].startswith("53aa51172d14")


def test_a_damaged_model_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(MODEL, tmp_path / "model")
    with (tmp_path / "model" / "model.onnx").open("r+b") as file:
        file.seek(1000)
        file.write(b"damage")
    monkeypatch.setattr(embed, "MODEL", tmp_path / "model")
    with pytest.raises(EmbeddingError, match="damaged; install Dateline again"):
        MiniLM().embed(["anything"])


def test_the_runtime_leaves_no_trace_of_its_use_for_its_makers(tmp_path: Path) -> None:
    program = "import os; from index.embed import MiniLM as M; M(1).embed(['a']); print(os.environ[NAME])"
    program = program.replace("NAME", "'ORT_DISABLE_TELEMETRY'")
    environment = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "1"
    assert list(tmp_path.rglob("*")) == []
