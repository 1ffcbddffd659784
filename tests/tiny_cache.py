"""A teacher's outputs on disk, for tests: looked up, computed, and read back."""

from pathlib import Path

import numpy as np
from tiny_training import TEACHER
from tiny_training import make_classifier
from tiny_training import make_encoded
from tiny_training import to_numpy

from distill_tf.data.batches import TrainingBatches
from distill_tf.teacher_cache import CachedOutputs
from distill_tf.teacher_cache import DistinctRows
from distill_tf.teacher_cache import StoredRows
from distill_tf.teacher_cache import build
from distill_tf.teacher_cache import columns_of
from distill_tf.teacher_cache import fingerprint

LENGTHS = np.array([5, 3, 9, 4, 11, 3, 6, 10, 3, 7, 12])
FEATURES = {
    "logits": None,
    "features": None,
    "padding_mask": None,
    "hidden_states": (-1, 1),
    "queries": (0,),
    "attention_scores": (0, 2),
}


class CountingTeacher:
    """A teacher that counts the examples it is asked about."""

    def __init__(self, model=None):
        self.model = model or make_classifier(TEACHER, seed=2)
        self.parts = (self.model,)
        self.num_classes = self.model.num_classes
        self.asked = 0

    def compute_outputs(self, inputs, training=None):
        outputs = self.model.compute_outputs(inputs, training=training)
        self.asked += len(outputs["logits"]) if outputs["logits"].shape[0] else 0
        return outputs


def encoded_batches(encoded, batch_size=4, teacher=None, seed=3):
    labels = np.zeros(len(encoded), np.int32)
    return TrainingBatches(encoded, labels, batch_size, seed, teacher)


def some_batches(lengths=LENGTHS, seed=0):
    return encoded_batches(make_encoded(lengths, seed))


def look_up(folder: Path, batches, teacher, features=FEATURES):
    """What there is on disk, and the rows that are looked for."""
    distinct = DistinctRows.of(batches)
    sample = teacher.compute_outputs(batches.teacher_inputs(distinct.examples[:1]))
    folder = folder / fingerprint(teacher, "float32")
    stored = StoredRows(folder, distinct.keys, columns_of(features, sample))
    return stored, distinct, sample


def cached(folder: Path, batches, teacher, features=FEATURES):
    """The outputs, and how many rows the teacher was asked for."""
    stored, distinct, sample = look_up(folder, batches, teacher, features)
    computed = build(stored, distinct, batches, teacher)
    outputs = CachedOutputs(stored, distinct.row_of_example, features, sample)
    return outputs, computed


def live(batches, indices, teacher, features=FEATURES):
    """What the teacher says itself, as `CachedOutputs` gives it."""
    outputs = to_numpy(teacher.compute_outputs(batches.teacher_inputs(indices)))
    return only(features, outputs)


def only(features, outputs):
    """Nothing of a teacher's outputs but these."""
    return {
        name: outputs[name]
        if layers is None
        else {layer: outputs[name][layer] for layer in layers}
        for name, layers in features.items()
    }


def assert_near(found, expected, mask):
    """The same outputs up to bfloat16, logits up to how they were batched."""
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        layers = value if isinstance(value, dict) else {None: value}
        for layer, array in layers.items():
            given = found[name] if layer is None else found[name][layer]
            assert given.shape == array.shape, name
            tolerance = 1e-5 if name == "logits" else 2**-7
            np.testing.assert_allclose(
                _without_padding(given.astype("f4"), name, mask),
                _without_padding(array.astype("f4"), name, mask),
                rtol=tolerance,
                atol=tolerance / 8,
                err_msg=f"{name} {layer}",
            )


def _without_padding(array, name, mask):
    if name == "hidden_states":
        return array * mask[:, :, None]
    if name == "queries":
        return array * mask[:, None, :, None]
    if name == "attention_scores":
        return array * mask[:, None, :, None] * mask[:, None, None, :]
    return array
