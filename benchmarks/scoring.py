"""One query against many documents: cached by two towers, and by a cross-encoder.

    python benchmarks/scoring.py --model_type=late_fusion

The cross-encoder reads each pair anew; its pairs are turned into token ids before the
clock starts. The student has encoded the documents before; it encodes the query and
scores, which is what `DocumentIndex.score` does. Weights are random.
"""

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from absl import app
from absl import flags
from taking_turns import compare
from taking_turns import summary

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

_MODEL_TYPE = flags.DEFINE_string("model_type", "late_fusion", "Kind of student.")
_DOCUMENTS = flags.DEFINE_integer("documents", 1000, "How many documents.")
_QUERY_TOKENS = flags.DEFINE_integer("query_tokens", 16, "Tokens of the query.")
_DOCUMENT_TOKENS = flags.DEFINE_integer("document_tokens", 128, "Of a document.")
_LAYERS = flags.DEFINE_integer("layers", 6, "Layers of both models.")
_WIDTH = flags.DEFINE_integer("width", 384, "Width of both models.")
_DTYPE = flags.DEFINE_string("dtype", "float16", "How the cache stores numbers.")
_PRECISION = flags.DEFINE_string("precision", "auto", "Of the computation.")
_ROUNDS = flags.DEFINE_integer("rounds", 5, "Rounds a contestant.")
_OUTPUT = flags.DEFINE_string("output", "", "JSON file for the result.")

_CROSS_ENCODER = "cross-encoder"
_VOCAB_SIZE = 30_522


def _bert_config(settings: dict):
    from distill_tf.models.bert_config import BertConfig

    return BertConfig(
        vocab_size=_VOCAB_SIZE,
        hidden_size=settings["width"],
        num_hidden_layers=settings["layers"],
        num_attention_heads=settings["width"] // 32,
        intermediate_size=4 * settings["width"],
    )


def _predictor(model, layout: str, settings: dict):
    from distill_tf.labels import LabelSet
    from distill_tf.precision import resolve_precision
    from distill_tf.predictor import Predictor
    from distill_tf.text import TextSettings
    from distill_tf.text import Vocabulary
    from distill_tf.text import build_encoder

    specials = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
    words = (f"w{i}" for i in range(_VOCAB_SIZE - len(specials)))
    lengths = settings["query_tokens"] + 2, settings["document_tokens"] + 2
    encoder = build_encoder(
        Vocabulary((*specials, *words)), TextSettings.of_pairs(layout, True, lengths)
    )
    predictor = Predictor(model, encoder, LabelSet(("0", "1"), is_pair=True))
    return predictor.with_precision(resolve_precision(settings["precision"]))


def _texts(settings: dict) -> tuple[str, list[str]]:
    generator = np.random.default_rng(0)

    def text(tokens: int) -> str:
        return " ".join(f"w{i}" for i in generator.integers(0, 20_000, tokens))

    query = text(settings["query_tokens"])
    return query, [
        text(settings["document_tokens"]) for _ in range(settings["documents"])
    ]


def _build_cross_encoder(settings: dict) -> Callable[[int], None]:
    from distill_tf.models.classifier import BertClassifier

    model = BertClassifier(_bert_config(settings), 2, pooling_strategy="mean")
    predictor = _predictor(model, "bipartite", settings)
    query, documents = _texts(settings)
    encoded = predictor.encode([query] * len(documents), documents)

    def run(steps: int) -> None:
        for _ in range(steps):
            predictor.inference.logits(encoded, batch_size=64)

    return run


def _build_student(settings: dict) -> Callable[[int], None]:
    from distill_tf.document_index import build_document_index
    from distill_tf.models.two_tower import TwoTowerClassifier
    from distill_tf.models.two_tower_config import TwoTowerConfig

    config = TwoTowerConfig(
        bert=_bert_config(settings),
        interaction=settings["model_type"],
        residual_head=settings["model_type"] == "late_fusion",
    )
    predictor = _predictor(TwoTowerClassifier(config, 2), "towers", settings)
    query, documents = _texts(settings)
    folder = Path(tempfile.mkdtemp()) / "index"
    index = build_document_index(predictor, documents, folder, dtype=settings["dtype"])

    def run(steps: int) -> None:
        for _ in range(steps):
            index.score(query)

    return run


def _main(arguments: list[str]) -> None:
    del arguments
    names = ("model_type", "documents", "query_tokens", "document_tokens", "layers")
    names = (*names, "width", "dtype", "precision")
    settings = {name: flags.FLAGS[name].value for name in names}
    contestants = {
        _CROSS_ENCODER: _build_cross_encoder,
        settings["model_type"]: _build_student,
    }
    seconds = compare(contestants, settings, steps=1, rounds=_ROUNDS.value)
    ratios = [
        slow / fast
        for slow, fast in zip(
            seconds[_CROSS_ENCODER], seconds[settings["model_type"]], strict=True
        )
    ]
    result = {
        "settings": settings,
        "milliseconds": {
            name: summary([1000 * value for value in values])
            for name, values in seconds.items()
        },
        "times_as_fast": summary(ratios),
    }
    text = json.dumps(result, indent=2)
    print(text)
    if _OUTPUT.value:
        Path(_OUTPUT.value).write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    app.run(_main)
