"""Theseus' training step: computing what is drawn against computing both branches.

    pip install -e ".[benchmark]"
    python benchmarks/theseus.py --output=theseus.json

Every contestant lives in a process of its own and waits while another one is timed. All
train the same successor amid the same predecessor on the same batch; one computes the
modules that are drawn, one both modules and takes the drawn one's result (as
Oneflow-Inc/Oneflow-Model-Compression does), and one is the successor alone.
"""

import functools
import json
import os
import statistics
from collections.abc import Callable
from pathlib import Path

import numpy as np
from absl import app
from absl import flags
from taking_turns import compare
from taking_turns import summary

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

_LAYERS = flags.DEFINE_integer("layers", 12, "Layers of the predecessor.")
_RATIO = flags.DEFINE_integer("compress_ratio", 4, "Of them for one of the successor.")
_WIDTH = flags.DEFINE_integer("hidden_size", 768, "Width; heads are 64 wide.")
_BATCH = flags.DEFINE_integer("batch_size", 32, "Examples a step.")
_LENGTH = flags.DEFINE_integer("length", 64, "Tokens an example.")
_PROBABILITY = flags.DEFINE_float("replace_prob", 0.5, "Of a replacement.")
_PRECISION = flags.DEFINE_string("precision", "mixed_bfloat16", "Keras' dtype policy.")
_STEPS = flags.DEFINE_integer("steps", 20, "Steps a round.")
_ROUNDS = flags.DEFINE_integer("rounds", 7, "Rounds a contestant.")
_OUTPUT = flags.DEFINE_string("output", "", "JSON file for the result.")

_DRAWN, _BOTH, _ALONE = "what is drawn", "both branches", "the successor alone"


def _models(settings: dict):
    """The successor, and the predecessor's modules."""
    import keras

    from distill_tf.models.bert_config import BertConfig
    from distill_tf.models.classifier import BertClassifier
    from distill_tf.models.frozen_layers import FrozenLayers

    keras.utils.set_random_seed(0)
    layers, ratio, width = (
        settings[name] for name in ("layers", "compress_ratio", "hidden_size")
    )

    def build(num_layers: int) -> BertClassifier:
        config = BertConfig(
            vocab_size=30_522,
            hidden_size=width,
            num_hidden_layers=num_layers,
            num_attention_heads=width // 64,
            intermediate_size=4 * width,
        )
        return BertClassifier(config, 2, dtype=settings["precision"])

    successor = build(layers // ratio)
    for part in (
        successor.encoder.embeddings,
        successor.encoder.pooler,
        successor.output_dense,
    ):
        part.trainable = False
    old = build(layers).encoder.transformer_layers
    modules = [FrozenLayers(old[i : i + ratio]) for i in range(0, layers, ratio)]
    return successor, modules


def _theseus(settings: dict, both: bool) -> Callable[[int], None]:
    from distill_tf.models.replacement import Replacement
    from distill_tf.models.theseus_classifier import TheseusClassifier

    model_class = _both_branches() if both else TheseusClassifier
    successor, modules = _models(settings)
    replacement = Replacement(start=settings["replace_prob"])
    return _fitting(model_class(successor, modules, replacement), settings)


def _both_branches() -> type:
    """The kind of model that computes both modules, as the sources do."""
    import keras

    from distill_tf.models.theseus_classifier import TheseusClassifier

    class BothBranches(TheseusClassifier):
        def run_module(
            self, replaced, successor, predecessor, rows, padding_mask, training=None
        ):
            new, insides = successor(rows, padding_mask, training=training)
            old, _ = predecessor(rows, padding_mask)
            return keras.ops.where(replaced, new, old), insides

    return BothBranches


def _successor_alone(settings: dict) -> Callable[[int], None]:
    return _fitting(_models(settings)[0], settings)


def _fitting(model, settings: dict) -> Callable[[int], None]:
    import tensorflow as tf

    from distill_tf.objectives import LabelObjective
    from distill_tf.training.distiller import Distiller
    from distill_tf.training.fused_adamw import FusedAdamW
    from distill_tf.training.memory import keep_freed_memory

    keep_freed_memory()  # As the pipeline does.
    shape = settings["batch_size"], settings["length"]
    generator = np.random.default_rng(0)
    inputs = {
        "token_ids": generator.integers(1, 30_522, shape).astype(np.int32),
        "segment_ids": np.zeros(shape, np.int32),
        "padding_mask": np.ones(shape, bool),
    }
    labels = generator.integers(0, 2, shape[0]).astype(np.int32)
    batch = {"student": inputs}
    distiller = Distiller(model, [LabelObjective(name="label_loss")], batch)
    distiller.compile(
        FusedAdamW(1e-5, weight_decay=0.01, global_clipnorm=1.0), jit_compile=False
    )
    options = tf.data.Options()
    options.autotune.enabled = False  # Its tuner delays the end of a round.
    dataset = tf.data.Dataset.from_tensors((batch, labels)).repeat()
    dataset = dataset.with_options(options)
    return lambda steps: distiller.fit(dataset.take(steps), verbose=0, shuffle=False)


_CONTESTANTS = {
    _DRAWN: functools.partial(_theseus, both=False),
    _BOTH: functools.partial(_theseus, both=True),
    _ALONE: _successor_alone,
}


def main(argv: list[str]) -> None:
    del argv
    settings = {
        "layers": _LAYERS.value,
        "compress_ratio": _RATIO.value,
        "hidden_size": _WIDTH.value,
        "batch_size": _BATCH.value,
        "length": _LENGTH.value,
        "replace_prob": _PROBABILITY.value,
        "precision": _PRECISION.value,
    }
    seconds = compare(_CONTESTANTS, settings, _STEPS.value, _ROUNDS.value)
    report = {
        name: {
            "milliseconds_a_step": summary([1000 * value for value in values]),
            "time_to_both_branches_median": round(
                statistics.median(
                    own / both for own, both in zip(values, seconds[_BOTH], strict=True)
                ),
                3,
            ),
        }
        for name, values in seconds.items()
    }
    text = json.dumps({"settings": settings, **report}, indent=2)
    print(text)
    if _OUTPUT.value:
        Path(_OUTPUT.value).write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    app.run(main)
