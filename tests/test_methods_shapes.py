"""Layer methods on models of any widths and heads: a value or a sentence, no crash."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from tiny_training import STUDENT
from tiny_training import TEACHER
from tiny_training import make_batches
from tiny_training import make_classifier
from transformer_methods import stages_of

from distill_tf.config.method_table import METHOD_TABLE
from distill_tf.errors import DistillError
from distill_tf.methods import METHODS

LABELS = np.int32([2, 0, -1, 1, 1, 2])
# The student's width is 6, in 3 heads.
TEACHERS = {
    (width, heads): replace(TEACHER, hidden_size=width, num_attention_heads=heads)
    for width, heads in ((6, 3), (12, 3), (12, 4), (6, 2))
}
PROJECTIONS = (None, "shared", "per_layer", "none")
HEADS = ("each", "mean")


@pytest.fixture(scope="module")
def outputs():
    """Of the student, and of each teacher, on one batch."""
    inputs, labels = make_batches(LABELS).first()
    inputs = inputs["student"]

    def of(config, seed):
        return make_classifier(config, seed=seed).compute_outputs(inputs)

    teachers = {size: of(config, 2) for size, config in TEACHERS.items()}
    return of(STUDENT, 1), teachers, labels


def compare(method, outputs, size, **settings):
    """Each objective's values, or the sentence that refuses the two models."""
    student, teachers, labels = outputs
    teacher = teachers[size]
    try:
        stages = stages_of(
            METHODS[method], student_layers=2, teacher_layers=3, **settings
        )
        objectives = [each for stage in stages for each in stage.objectives]
        for objective in objectives:
            objective.validate(student, teacher)
    except DistillError as error:
        return str(error)
    maps = [each.build_projection(student, teacher, "float32") for each in objectives]
    return [
        np.asarray(objective.values(student, teacher, labels, trained_map))
        for objective, trained_map in zip(objectives, maps, strict=True)
    ]


def is_refused(method, size, projection, heads, version) -> bool:
    """Whether widths or heads differ, and nothing says what to do about it."""
    default = "none" if method == "pkd" else "shared"
    if method == "minilm" and version == "v2":
        return heads == "mean"
    by_width = method != "minilm" and size[0] != 6
    by_head = method in ("tinybert", "tinybert_oneflow") or version == "v1"
    return (by_width and (projection or default) == "none") or (
        by_head and size[1] != 3 and heads == "each"
    )


METHODS_AND_VERSIONS = [
    *((name, "v2") for name, entry in METHOD_TABLE.items() if entry.compares_layers),
    ("minilm", "v1"),
]


@pytest.mark.parametrize(("method", "version"), METHODS_AND_VERSIONS)
def test_every_pair_of_models(outputs, method, version):
    for size, projection, heads in itertools.product(TEACHERS, PROJECTIONS, HEADS):
        settings = {
            "hidden_projection": projection,
            "attention_heads": heads,
            "minilm_version": version,
        }
        case = (size, settings)
        found = compare(method, outputs, size, **settings)
        if is_refused(method, size, projection, heads, version):
            assert isinstance(found, str), case
            assert "hidden_projection=" in found or "attention_heads" in found
        else:
            assert not isinstance(found, str), (case, found)
            assert all(values.shape == outputs[-1].shape for values in found), case
            assert all(np.isfinite(values).all() for values in found), case
