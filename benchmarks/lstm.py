"""Throughput of a bidirectional LSTM's training step beside Keras and PyTorch.

    pip install -e ".[benchmark]"
    python benchmarks/lstm.py --scope=layer --batch_size=64
    python benchmarks/lstm.py --scope=step --batch_size=64

`layer` is the recurrent layer alone, forward and back to inputs and weights; `step` a
whole training step of a student: embeddings, the layer, a head, AdamW with clipping.
All contestants respect the rows' lengths, except those that are called padded: these
run over the padding, which gives other states in the backward direction.

PyTorch's threads spin while they wait. Where anything else runs on the machine, that
makes it ten times as slow; OMP_WAIT_POLICY=PASSIVE in the environment prevents it.
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

_SCOPE = flags.DEFINE_enum("scope", "layer", ["layer", "step"], "What is timed.")
_BATCH = flags.DEFINE_integer("batch_size", 64, "Examples a step.")
_LENGTH = flags.DEFINE_integer("length", 24, "Padded length.")
_WIDTH = flags.DEFINE_integer("width", 300, "Width of embeddings and of a direction.")
_VOCAB = flags.DEFINE_integer("vocab_size", 30_522, "Rows of the embedding table.")
_STEPS = flags.DEFINE_integer("steps", 20, "Steps a round.")
_ROUNDS = flags.DEFINE_integer("rounds", 7, "Rounds a contestant.")
_OUTPUT = flags.DEFINE_string("output", "", "JSON file for the result.")

_REFERENCE = "PyTorch bfloat16"


def _data(settings: dict) -> dict[str, np.ndarray]:
    """A batch as a length bucket has it: no row shorter than two thirds."""
    batch, length = settings["batch_size"], settings["length"]
    generator = np.random.default_rng(0)
    lengths = generator.integers(2 * length // 3, length + 1, batch)
    lengths[0] = length
    mask = np.arange(length) < lengths[:, None]
    token_ids = generator.integers(1, settings["vocab_size"], mask.shape) * mask
    return {
        "lengths": lengths.astype(np.int32),
        "padding_mask": mask,
        "token_ids": token_ids.astype(np.int32),
        "labels": generator.integers(0, 2, batch).astype(np.int32),
        "vectors": generator.normal(0, 0.3, (*mask.shape, settings["width"])).astype(
            np.float32
        ),
    }


def _our_layer(settings: dict, precision: str) -> Callable[[int], None]:
    from distill_tf.models.bilstm import LstmLayer
    from distill_tf.models.bilstm_config import BiLstmConfig

    config = BiLstmConfig(vocab_size=1, hidden_size=settings["width"])
    layer = LstmLayer(config, dtype=precision)
    layer.build((None, None, settings["width"]))
    data = _data(settings)
    return _tensorflow_layer(
        lambda x, mask, lengths: layer(x, lengths)[1],
        [weight.value for weight in layer.weights],
        {**data, "vectors": data["vectors"].transpose(1, 0, 2)},
    )


def _keras_layer(settings: dict, precision: str, unroll: bool) -> Callable[[int], None]:
    width, length = settings["width"], settings["length"]
    layer = _keras_lstm(width, precision, unroll)
    layer.build((None, length, width))
    return _tensorflow_layer(
        lambda x, mask, lengths: layer(x, mask=mask, training=True),
        [weight.value for weight in layer.weights],
        _data(settings),
    )


def _block_layer(settings: dict) -> Callable[[int], None]:
    """TensorFlow's kernel of a whole LSTM, float32 alone."""
    import tensorflow as tf

    from distill_tf.models.time_major import at_last_step
    from distill_tf.models.time_major import reverse_valid_steps

    width, data = settings["width"], _data(settings)
    generator = np.random.default_rng(1)
    weights = [
        tf.Variable(generator.normal(0, 0.05, shape).astype(np.float32))
        for shape in [(2 * width, 4 * width), (4 * width,)] * 2
    ]
    none = tf.zeros((width,))

    def last_states(x, kernel, bias, lengths):
        zeros = tf.zeros((tf.shape(x)[1], width))
        states = tf.raw_ops.BlockLSTMV2(
            seq_len_max=tf.cast(tf.shape(x)[0], tf.int64),
            x=x,
            cs_prev=zeros,
            h_prev=zeros,
            w=kernel,
            wci=none,
            wcf=none,
            wco=none,
            b=bias,
        )
        return at_last_step(states.h, lengths)

    def run(x, mask, lengths):
        forward = last_states(x, *weights[:2], lengths)
        backward = last_states(reverse_valid_steps(x, lengths), *weights[2:], lengths)
        return tf.concat([forward, backward], axis=-1)

    vectors = data["vectors"].transpose(1, 0, 2)
    return _tensorflow_layer(run, weights, {**data, "vectors": vectors})


def _tensorflow_layer(layer, weights, data) -> Callable[[int], None]:
    import tensorflow as tf

    from distill_tf.training.memory import keep_freed_memory

    keep_freed_memory()  # As the pipeline does.
    batch = [tf.constant(data[k]) for k in ("vectors", "padding_mask", "lengths")]

    @tf.function
    def step(x, mask, lengths):
        with tf.GradientTape() as tape:
            tape.watch(x)
            loss = tf.reduce_sum(tf.cast(layer(x, mask, lengths), tf.float32) ** 2)
        return loss, tape.gradient(loss, [x, *weights])

    def run(steps: int) -> None:
        for _ in range(steps):
            step(*batch)[0].numpy()

    return run


def _keras_lstm(width: int, precision: str, unroll: bool = False):
    import keras

    lstm = keras.layers.LSTM(width, unroll=unroll, dtype=precision)
    return keras.layers.Bidirectional(lstm, dtype=precision)


def _torch_layer(settings: dict, autocast: bool, packed: bool) -> Callable[[int], None]:
    import torch

    data, width = _data(settings), settings["width"]
    lstm = torch.nn.LSTM(width, width, bidirectional=True, batch_first=True)
    vectors = torch.tensor(data["vectors"], requires_grad=True)
    lengths = torch.tensor(data["lengths"])

    def run(steps: int) -> None:
        for _ in range(steps):
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=autocast):
                last = _torch_last_states(lstm, vectors, lengths, packed)
            loss = last.float().square().sum()
            loss.backward()
            lstm.zero_grad()
            vectors.grad = None
            loss.item()

    return run


def _torch_last_states(lstm, vectors, lengths, packed: bool):
    import torch

    if packed:
        vectors = torch.nn.utils.rnn.pack_padded_sequence(
            vectors, lengths, batch_first=True, enforce_sorted=False
        )
    _, (last, _) = lstm(vectors)
    return torch.cat([last[0], last[1]], dim=-1)


def _our_step(settings: dict, precision: str) -> Callable[[int], None]:
    from distill_tf.models.bilstm_classifier import BiLstmClassifier
    from distill_tf.models.bilstm_config import BiLstmConfig

    config = BiLstmConfig(
        vocab_size=settings["vocab_size"],
        embedding_size=settings["width"],
        hidden_size=settings["width"],
        dropout_prob=0.0,
    )
    data = _data(settings)
    names = "token_ids", "padding_mask"
    inputs = {name: data[name] for name in names}
    model = BiLstmClassifier(config, 2, dtype=precision)
    return _fitting(model, inputs, data["labels"])


def _keras_step(settings: dict, precision: str) -> Callable[[int], None]:
    """The same network of Keras' layers, under the same optimizer."""
    import keras

    data, width = _data(settings), settings["width"]
    layers = keras.layers
    model = keras.Sequential(
        [
            layers.Embedding(
                settings["vocab_size"], width, mask_zero=True, dtype=precision
            ),
            _keras_lstm(width, precision),
            layers.Dense(width, activation="relu", dtype=precision),
            layers.Dense(2, dtype=precision),
            layers.Activation("linear", dtype="float32"),
        ]
    )
    return _fitting(model, data["token_ids"], data["labels"])


def _fitting(model, inputs, labels) -> Callable[[int], None]:
    import keras
    import tensorflow as tf

    from distill_tf.training.fused_adamw import FusedAdamW
    from distill_tf.training.memory import keep_freed_memory

    keep_freed_memory()
    model.compile(
        FusedAdamW(1e-3, weight_decay=0.01, global_clipnorm=1.0),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=False,
    )
    options = tf.data.Options()
    options.autotune.enabled = False  # Its tuner delays the end of a round.
    dataset = tf.data.Dataset.from_tensors((inputs, labels)).repeat()
    dataset = dataset.with_options(options)
    return lambda steps: model.fit(dataset.take(steps), verbose=0, shuffle=False)


def _torch_step(settings: dict, autocast: bool) -> Callable[[int], None]:
    import torch

    data, width = _data(settings), settings["width"]
    lengths, labels = (
        torch.tensor(data[name]).long() for name in ("lengths", "labels")
    )
    token_ids = torch.tensor(data["token_ids"]).long()
    embedding = torch.nn.Embedding(settings["vocab_size"], width)
    lstm = torch.nn.LSTM(width, width, bidirectional=True, batch_first=True)
    head = torch.nn.Sequential(
        torch.nn.Linear(2 * width, width), torch.nn.ReLU(), torch.nn.Linear(width, 2)
    )
    parameters = [p for part in (embedding, lstm, head) for p in part.parameters()]
    optimizer = torch.optim.AdamW(parameters, lr=1e-3, weight_decay=0.01, fused=True)

    def run(steps: int) -> None:
        for _ in range(steps):
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=autocast):
                vectors = embedding(token_ids)
                last = _torch_last_states(lstm, vectors, lengths, packed=True)
                logits = head(last).float()
            loss = torch.nn.functional.cross_entropy(logits, labels)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            optimizer.zero_grad()
            loss.item()

    return run


_BFLOAT16, _FLOAT32 = "mixed_bfloat16", "float32"
_CONTESTANTS = {
    "layer": {
        "distill_tf bfloat16": functools.partial(_our_layer, precision=_BFLOAT16),
        "distill_tf float32": functools.partial(_our_layer, precision=_FLOAT32),
        "BlockLSTMV2 float32": _block_layer,
        "Keras bfloat16": functools.partial(
            _keras_layer, precision=_BFLOAT16, unroll=False
        ),
        "Keras float32": functools.partial(
            _keras_layer, precision=_FLOAT32, unroll=False
        ),
        "Keras unrolled float32": functools.partial(
            _keras_layer, precision=_FLOAT32, unroll=True
        ),
        "PyTorch bfloat16": functools.partial(_torch_layer, autocast=True, packed=True),
        "PyTorch float32": functools.partial(_torch_layer, autocast=False, packed=True),
        "PyTorch padded bfloat16": functools.partial(
            _torch_layer, autocast=True, packed=False
        ),
        "PyTorch padded float32": functools.partial(
            _torch_layer, autocast=False, packed=False
        ),
    },
    "step": {
        "distill_tf bfloat16": functools.partial(_our_step, precision=_BFLOAT16),
        "distill_tf float32": functools.partial(_our_step, precision=_FLOAT32),
        "Keras bfloat16": functools.partial(_keras_step, precision=_BFLOAT16),
        "Keras float32": functools.partial(_keras_step, precision=_FLOAT32),
        "PyTorch bfloat16": functools.partial(_torch_step, autocast=True),
        "PyTorch float32": functools.partial(_torch_step, autocast=False),
    },
}


def main(argv: list[str]) -> None:
    del argv
    settings = {
        "scope": _SCOPE.value,
        "batch_size": _BATCH.value,
        "length": _LENGTH.value,
        "width": _WIDTH.value,
        "vocab_size": _VOCAB.value,
    }
    seconds = compare(_CONTESTANTS[_SCOPE.value], settings, _STEPS.value, _ROUNDS.value)
    text = json.dumps({"settings": settings, **_report(seconds)}, indent=2)
    print(text)
    if _OUTPUT.value:
        Path(_OUTPUT.value).write_text(text + "\n", "utf-8")


def _report(seconds: dict[str, list[float]]) -> dict:
    """Per contestant, and how many times as fast as the reference it is (median)."""
    return {
        name: {
            "examples_per_second": summary([_BATCH.value / value for value in values]),
            "milliseconds_a_step": summary([1000 * value for value in values]),
            f"speed_to_{_REFERENCE}": round(
                statistics.median(
                    theirs / ours
                    for ours, theirs in zip(values, seconds[_REFERENCE], strict=True)
                ),
                2,
            ),
        }
        for name, values in seconds.items()
    }


if __name__ == "__main__":
    app.run(main)
