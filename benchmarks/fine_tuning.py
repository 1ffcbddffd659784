"""Fine-tuning throughput beside PyTorch, in one run.

    pip install torch && pip install -e ".[benchmark]"
    python benchmarks/fine_tuning.py --data_dir=glue/SST-2 --init_checkpoint=DIR

Every contestant lives in a process of its own and waits while another one is timed.
They take turns over the same batches (length buckets of SST-2), so that a change in the
machine's speed meets all of them. The peer is transformers' model of the same size with
a fused AdamW, gradient clipping, and bfloat16 autocast or float32.
"""

import functools
import json
import multiprocessing
import os
import statistics
import tempfile
from collections.abc import Callable

import numpy as np
from absl import app
from absl import flags
from taking_turns import compare
from taking_turns import publish
from taking_turns import summary

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

_DATA_DIR = flags.DEFINE_string("data_dir", None, "Folder with SST-2.", required=True)
_CHECKPOINT = flags.DEFINE_string(
    "init_checkpoint", None, "A pre-trained BERT.", required=True
)
_BATCH = flags.DEFINE_integer("train_batch_size", 32, "Examples a step.")
_STEPS = flags.DEFINE_integer("steps", 150, "Steps a round.")
_ROUNDS = flags.DEFINE_integer("rounds", 5, "Rounds a contestant.")
_OUTPUT = flags.DEFINE_string("output", "", "JSON file for the result.")


def _sst2_batches(settings: dict):
    """Length-bucketed batches of SST-2, as (inputs, labels)."""
    from distill_tf.checkpoints.load import load_checkpoint
    from distill_tf.pipeline.task_data import training_batches
    from distill_tf.tasks import get_task
    from distill_tf.text import TextEncoder
    from distill_tf.text import TextSettings
    from distill_tf.text import Vocabulary

    vocabulary = Vocabulary(load_checkpoint(settings["checkpoint"]).tokens)
    encoder = TextEncoder.from_settings(vocabulary, TextSettings(True, 128))
    examples = get_task("sst-2").load(settings["data_dir"], "train")
    batches = training_batches(examples, encoder, settings["batch_size"], seed=0)
    return batches.epoch(0).take(settings["steps"])


def _prepare_for_torch(settings: dict, path: str) -> None:
    """Writes the sizes and the batches that a process without TensorFlow reads."""
    from distill_tf.checkpoints.load import load_checkpoint

    arrays = {}
    for step, (inputs, labels) in enumerate(
        _sst2_batches(settings).as_numpy_iterator()
    ):
        arrays[f"token_ids_{step}"] = inputs["student"]["token_ids"]
        arrays[f"mask_{step}"] = inputs["student"]["padding_mask"]
        arrays[f"labels_{step}"] = labels
    config = load_checkpoint(settings["checkpoint"]).config
    np.savez(path, config=json.dumps(config.to_dict()), **arrays)


def _ours(settings: dict, precision: str) -> Callable[[int], None]:
    from distill_tf.checkpoints.load import load_checkpoint
    from distill_tf.config import FineTuneConfig
    from distill_tf.methods import labels_only
    from distill_tf.models.classifier import BertClassifier
    from distill_tf.training.distiller import Distiller
    from distill_tf.training.memory import keep_freed_memory
    from distill_tf.training.optimizer import build_optimizer

    keep_freed_memory()  # As the pipeline does.
    dataset = _sst2_batches(settings)
    config = load_checkpoint(settings["checkpoint"]).config
    (stage,) = labels_only(epochs=1, learning_rate=5e-5, regression=False)
    sample = next(iter(dataset))[0]
    model = BertClassifier(config, 2, dtype=precision)
    distiller = Distiller(model, stage.objectives, sample)
    distiller.compile(
        build_optimizer(5e-5, "linear", 10_000, FineTuneConfig()), jit_compile=False
    )
    return lambda steps: distiller.fit(dataset.take(steps), verbose=0, shuffle=False)


def _torch(settings: dict, autocast: bool) -> Callable[[int], None]:
    import torch
    from transformers import BertConfig
    from transformers import BertForSequenceClassification

    prepared = np.load(settings["prepared"])
    sizes = json.loads(str(prepared["config"]))
    model = BertForSequenceClassification(
        BertConfig(**{**sizes, "hidden_act": "gelu_pytorch_tanh"})
    ).train()
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=5e-5, weight_decay=0.01, fused=True
    )
    batches = [
        (
            torch.tensor(prepared[f"token_ids_{step}"], dtype=torch.long),
            torch.tensor(prepared[f"mask_{step}"], dtype=torch.long),
            torch.tensor(prepared[f"labels_{step}"], dtype=torch.long),
        )
        for step in range(settings["steps"])
    ]

    def run(steps: int) -> None:
        for token_ids, mask, labels in batches[:steps]:
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=autocast):
                loss = model(
                    input_ids=token_ids, attention_mask=mask, labels=labels
                ).loss
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            loss.item()

    return run


_CONTESTANTS = {
    "distill_tf bfloat16": functools.partial(_ours, precision="mixed_bfloat16"),
    "distill_tf float32": functools.partial(_ours, precision="float32"),
    "PyTorch bfloat16": functools.partial(_torch, autocast=True),
    "PyTorch float32": functools.partial(_torch, autocast=False),
}


def main(argv: list[str]) -> None:
    del argv
    settings = {
        "data_dir": _DATA_DIR.value,
        "checkpoint": _CHECKPOINT.value,
        "batch_size": _BATCH.value,
        "steps": _STEPS.value,
    }
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        settings["prepared"] = f"{folder}/batches.npz"
        preparing = context.Process(
            target=_prepare_for_torch, args=(settings, settings["prepared"])
        )
        preparing.start()
        preparing.join()
        seconds = compare(_CONTESTANTS, settings, _STEPS.value, _ROUNDS.value)
    _report(
        {
            name: [_BATCH.value / each for each in values]
            for name, values in seconds.items()
        }
    )


def _report(rates: dict[str, list[float]]) -> None:
    result = {
        name: {
            f"examples_per_second_{statistic}": value
            for statistic, value in summary(values).items()
        }
        for name, values in rates.items()
    }
    result["ratio_to_pytorch_bfloat16_median"] = round(
        statistics.median(
            ours / theirs
            for ours, theirs in zip(
                rates["distill_tf bfloat16"], rates["PyTorch bfloat16"], strict=True
            )
        ),
        3,
    )
    publish(result, _OUTPUT.value)


if __name__ == "__main__":
    app.run(main)
