"""From one text to its label, in the runtime of each exported format.

A pass is one text. Libraries are imported where they are used, so that a process holds
no other one's.
"""

import itertools
from collections.abc import Callable
from pathlib import Path

from served_run import ServedRun


def predictor(run: ServedRun) -> dict[str, Callable[[int], None]]:
    import distill_tf

    loaded = distill_tf.load(run.run_dir)
    return _in_turn(run, lambda text: loaded.predict([text])[0].label)


def saved_model(run: ServedRun) -> dict[str, Callable[[int], None]]:
    import tensorflow as tf
    import tensorflow_text  # noqa: F401

    loaded = tf.saved_model.load(f"{run.exports}/savedmodel/1")

    def classify(text: str) -> str:
        # Through what was loaded, which keeps weights and tables alive.
        outputs = loaded.signatures["serving_default"](text=tf.constant([text]))
        return outputs["label"].numpy()[0].decode("utf-8")

    return _in_turn(run, classify)


def export(
    run: ServedRun, name: str, variant: str = ""
) -> dict[str, Callable[[int], None]]:
    """A format that gives logits, opened as its documentation says."""
    from distill_tf.export import EXPORTERS

    exports = EXPORTERS[name].open(Path(run.exports, name))
    (opened,) = (each for each in exports if each.variant == variant)
    return _in_turn(
        run, lambda text: run.labels[opened.logits([text], None)[0].argmax()]
    )


def hugging_face_pipeline(run: ServedRun) -> dict[str, Callable[[int], None]]:
    import torch
    import transformers

    torch.set_num_threads(1)
    classify = transformers.pipeline(
        "text-classification", model=f"{run.exports}/pytorch"
    )
    return _in_turn(run, lambda text: classify(text, truncation=True)[0]["label"])


def _in_turn(
    run: ServedRun, classify: Callable[[str], str]
) -> dict[str, Callable[[int], None]]:
    for text in run.texts:
        classify(text)  # Meets every length before it is timed.
    texts = itertools.cycle(run.texts)

    def passes(count: int) -> None:
        for text in itertools.islice(texts, count):
            classify(text)

    return {"": passes}
