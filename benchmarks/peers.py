"""The same articles through LlamaIndex's own pipeline: `python -m benchmarks.peers HOME PATH`, JSON out.

Runs in a process of its own with a HOME of its own, where Chroma's function looks for its model. What it
needs beyond the product is in benchmarks/requirements-peers.txt.

What is chosen for it, each to its advantage where there was a choice: the splitter counts with the model's
own tokenizer and fills passages up to what the model reads, 256 tokens with title and markers, where its
default of 1,024 would lose three quarters of each to the model's cut; they do not overlap (its default share
of a fifth would be a fifth more to embed); of what is known of an article only the title is embedded, as
Dateline does; texts are handed to the model 64 at a time and not 10.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.ways_in import Clock, peak_megabytes

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.schema import Document

REQUIREMENTS = Path(__file__).with_name("requirements-peers.txt")
MISSING = 3  # exit status where a package of the requirements is not installed

_TOKENS = 254  # of a passage with its title; the model's two markers make 256
_SLICE = 200  # articles
_BATCH = 64
_BESIDE_MODEL = (
    "config.json",
    "special_tokens_map.json",
    "tokenizer_config.json",
    "tokenizer.json",
    "vocab.txt",
)


def provide_model() -> None:
    """Put the published weights, as float32 ONNX, where Chroma's function looks for them."""
    from chromadb.utils.embedding_functions import ONNXMiniLM_L6_V2

    from benchmarks.export_minilm import export_hidden, published_weights

    target = Path(ONNXMiniLM_L6_V2.DOWNLOAD_PATH) / ONNXMiniLM_L6_V2.EXTRACTED_FOLDER_NAME
    if (target / "model.onnx").exists():
        return
    weights = published_weights()
    target.mkdir(parents=True, exist_ok=True)
    for name in _BESIDE_MODEL:
        shutil.copy(weights / name, target / name)
    export_hidden(weights, target / "exported.onnx")
    (target / "exported.onnx").rename(target / "model.onnx")


def sync(home: Path, path: Path) -> dict[str, Any]:
    """Bring the rows of a .jsonl file into a new Chroma collection by way of `IngestionPipeline`."""
    clock = Clock()
    import chromadb
    from llama_index.core.ingestion import IngestionPipeline
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.vector_stores.chroma import ChromaVectorStore

    from index.embed import vocabulary_places

    collection = chromadb.PersistentClient(str(home)).create_collection(
        "articles", configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
    )
    splitter = SentenceSplitter(chunk_size=_TOKENS, chunk_overlap=0, tokenizer=vocabulary_places)
    pipeline = IngestionPipeline(
        transformations=[splitter, _embedding()], vector_store=ChromaVectorStore(chroma_collection=collection)
    )
    documents = _documents(path)
    for at in range(0, len(documents), _SLICE):  # Chroma refuses more than 5,461 nodes at once
        pipeline.run(documents=documents[at : at + _SLICE])
    seconds = clock.seconds
    return {"seconds": seconds, "peak_megabytes": peak_megabytes(), "passages": collection.count()}


def _documents(path: Path) -> list[Document]:
    from llama_index.core.schema import Document

    found = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.strip():
            row = json.loads(line)
            known = {name: str(value) for name, value in row.items() if name != "text" and value}
            beside = [name for name in known if name != "title"]
            found.append(
                Document(
                    text=row["text"],
                    metadata=known,
                    excluded_embed_metadata_keys=beside,
                    excluded_llm_metadata_keys=beside,
                )
            )
    return found


def _embedding() -> BaseEmbedding:
    from chromadb.utils.embedding_functions import ONNXMiniLM_L6_V2
    from llama_index.core.base.embeddings.base import BaseEmbedding

    function = ONNXMiniLM_L6_V2()

    class ChromaEmbedding(BaseEmbedding):
        """Chroma's function as LlamaIndex asks for an embedding."""

        def _get_text_embeddings(self, texts: Sequence[str]) -> list[list[float]]:
            return [vector.tolist() for vector in function(list(texts))]

        def _get_text_embedding(self, text: str) -> list[float]:
            return self._get_text_embeddings([text])[0]

        def _get_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(query)

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

    return ChromaEmbedding(embed_batch_size=_BATCH)


if __name__ == "__main__":
    try:
        if sys.argv[1:] == ["model"]:  # in a process of its own: making it takes more memory than using it
            provide_model()
        else:
            print(json.dumps(sync(Path(sys.argv[1]), Path(sys.argv[2]))))
    except ImportError as error:
        print(f"{error}; install it with: python -m pip install -r {REQUIREMENTS}", file=sys.stderr)
        sys.exit(MISSING)
