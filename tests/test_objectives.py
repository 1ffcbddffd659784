"""Objectives: what they compare, what they refuse, what they count."""

from functools import partial

import numpy as np
import pytest
import reference
import tensorflow as tf

from distill_tf.errors import DistillError
from distill_tf.losses import attention_score_mse
from distill_tf.losses import decoupled_kl_divergence
from distill_tf.losses import hidden_state_mse
from distill_tf.losses import soft_cross_entropy
from distill_tf.objectives import ClassRule
from distill_tf.objectives import LabelObjective
from distill_tf.objectives import LayerObjective
from distill_tf.objectives import LogitObjective
from distill_tf.objectives.projections import LayerProjections
from distill_tf.objectives.projections import SharedProjection

BATCH, LENGTH = 3, 5
MASK = np.arange(LENGTH) < np.array([5, 2, 4])[:, None]


def make_outputs(seed, layers, width, heads=2, classes=4, mask=MASK):
    generator = np.random.default_rng(seed)

    def tensor(*shape):
        return generator.normal(size=shape).astype(np.float32)

    length = mask.shape[1]
    return {
        "hidden_states": [tensor(BATCH, length, width) for _ in range(layers + 1)],
        "attention_scores": [
            tensor(BATCH, heads, length, length) for _ in range(layers)
        ],
        "logits": tensor(BATCH, classes),
        "padding_mask": mask,
    }


STUDENT = make_outputs(1, layers=2, width=6)
TEACHER = make_outputs(2, layers=3, width=8)


def hidden_objective(**changes):
    values = {
        "name": "hidden_loss",
        "loss": hidden_state_mse,
        "feature": "hidden_states",
        "layer_map": ((0, 0), (2, 3)),
        "projection": "shared",
    }
    return LayerObjective(**{**values, **changes})


def attention_objective(**changes):
    values = {
        "name": "attention_loss",
        "loss": attention_score_mse,
        "feature": "attention_scores",
        "layer_map": ((0, 1), (1, 0)),
    }
    return LayerObjective(**{**values, **changes})


LOGITS = LogitObjective(name="soft_label_loss", loss=soft_cross_entropy)


def test_layers_are_summed_over_the_map():
    values = attention_objective().values(STUDENT, TEACHER, None, None)
    expected = sum(
        reference.attention_score_mse(
            STUDENT["attention_scores"][i], TEACHER["attention_scores"][j], MASK
        )
        for i, j in ((0, 1), (1, 0))
    )
    np.testing.assert_allclose(values, expected, rtol=1e-5)


@pytest.mark.parametrize("kind", ["shared", "per_layer", "shared_if_widths_differ"])
def test_student_layers_are_projected(kind):
    objective = hidden_objective(projection=kind)
    projection = objective.build_projection(STUDENT, TEACHER, "float32")
    assert projection.trainable_variables
    generator = np.random.default_rng(4)
    for variable in projection.trainable_variables:
        variable.assign(generator.normal(size=variable.shape))
    kernels = []
    for layer in (0, 2):
        dense = (
            projection.projections[str(layer)] if kind == "per_layer" else projection
        )
        kernels.append((dense.kernel.numpy(), dense.bias.numpy()))
    assert np.array_equal(*(kernel for kernel, _ in kernels)) == (kind != "per_layer")
    expected = sum(
        reference.hidden_state_mse(
            STUDENT["hidden_states"][i] @ kernel + bias,
            TEACHER["hidden_states"][j],
            MASK,
        )
        for (i, j), (kernel, bias) in zip(objective.layer_map, kernels, strict=True)
    )
    values = objective.values(STUDENT, TEACHER, None, projection)
    np.testing.assert_allclose(values, expected, rtol=1e-5)


def test_projections_bring_the_students_width_to_the_teachers():
    shared = hidden_objective().build_projection(STUDENT, TEACHER, "float32")
    assert isinstance(shared, SharedProjection)
    assert shared.kernel.shape == (6, 8)
    layers = hidden_objective(projection="per_layer").build_projection(
        STUDENT, TEACHER, "float32"
    )
    assert isinstance(layers, LayerProjections)
    assert [v.shape for v in layers.trainable_variables] == [(6, 8), (8,)] * 2
    assert attention_objective().build_projection(STUDENT, TEACHER, "float32") is None


@pytest.mark.parametrize("kind", ["none", "shared_if_widths_differ"])
def test_equal_widths_need_no_projection(kind):
    student = make_outputs(3, layers=2, width=8)
    objective = hidden_objective(projection=kind)
    objective.validate(student, TEACHER)
    assert objective.build_projection(student, TEACHER, "float32") is None


def test_logits_are_compared():
    objective = LogitObjective(
        name="soft_label_loss", loss=partial(soft_cross_entropy, temperature=2.0)
    )
    expected = reference.soft_cross_entropy(STUDENT["logits"], TEACHER["logits"], 2.0)
    values = objective.values(STUDENT, TEACHER, None, None)
    np.testing.assert_allclose(values, expected, rtol=1e-5)
    assert objective.counted(np.array([0, -1, 2])) is None


def test_a_loss_between_logits_may_take_the_labels():
    objective = LogitObjective(
        name="soft_label_loss", loss=decoupled_kl_divergence, takes_labels=True
    )
    labels = np.array([3, -1, 0])
    expected = reference.decoupled_kl_divergence(
        STUDENT["logits"], TEACHER["logits"], labels
    )
    values = objective.values(STUDENT, TEACHER, labels, None)
    np.testing.assert_allclose(values, expected, rtol=1e-4)


def test_a_loss_between_logits_may_need_more_classes():
    rule = ClassRule(fewest=5, why="it needs five")
    objective = LogitObjective(
        name="soft_label_loss", loss=soft_cross_entropy, class_rule=rule
    )
    with pytest.raises(DistillError, match="soft_label_loss cannot teach .* it needs"):
        objective.validate(STUDENT, TEACHER)


@pytest.mark.parametrize("objective", [LOGITS, hidden_objective()])
def test_a_map_is_an_objectives_own(objective):
    assert objective.projection_key == objective.name


def test_class_labels_count_where_there_are_some():
    objective = LabelObjective(name="label_loss")
    labels = np.array([3, -1, 0])
    np.testing.assert_array_equal(objective.counted(labels), [1, 0, 1])
    values = objective.values(STUDENT, None, labels, None)
    expected = reference.hard_label_cross_entropy(STUDENT["logits"], labels)
    np.testing.assert_allclose(values, expected, rtol=1e-5)


def test_regression_labels_count_unless_they_are_nan():
    student = make_outputs(4, layers=1, width=6, classes=1)
    objective = LabelObjective(name="label_loss", regression=True)
    labels = np.float32([-1.0, np.nan, 2.5])
    np.testing.assert_array_equal(objective.counted(labels), [1, 0, 1])
    logits = tf.constant(student["logits"])
    with tf.GradientTape() as tape:
        tape.watch(logits)
        values = objective.values({"logits": logits}, None, tf.constant(labels), None)
        total = tf.reduce_sum(values * objective.counted(labels))
    expected = reference.label_mse(student["logits"], labels)
    np.testing.assert_allclose(values[::2], expected[::2], rtol=1e-5)
    targets = np.nan_to_num(labels)
    slopes = 2 * (student["logits"][:, 0] - targets) * [1, 0, 1]
    gradient = tape.gradient(total, logits)[:, 0]
    np.testing.assert_allclose(gradient, slopes, rtol=1e-5)


@pytest.mark.parametrize(
    ("objective", "teacher", "message"),
    [
        (
            attention_objective(),
            {"heads": 5},
            "student has 2 and the teacher 5; set student_num_attention_heads=5",
        ),
        (hidden_objective(projection="none"), {}, "width 6 with 8; .* a projection"),
        (LOGITS, {"classes": 7}, "student has 4 classes and the teacher 7"),
        (hidden_objective(layer_map=()), {}, "hidden_loss has no pair of layers"),
        (hidden_objective(feature="gates"), {}, "gates, which this student does not"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_models_that_do_not_fit_are_refused(objective, teacher, message):
    outputs = make_outputs(2, **{"layers": 3, "width": 8, **teacher})
    with pytest.raises(DistillError, match=message):
        objective.validate(STUDENT, outputs)


def test_a_feature_that_only_the_teacher_lacks():
    teacher = {k: v for k, v in TEACHER.items() if k != "attention_scores"}
    with pytest.raises(DistillError, match="attention_scores, which this teacher"):
        attention_objective().validate(STUDENT, teacher)


@pytest.mark.parametrize(
    "objective", [hidden_objective(), attention_objective(), LOGITS]
)
def test_models_that_fit_are_accepted(objective):
    objective.validate(STUDENT, TEACHER)
    assert objective.needs_teacher


def test_labels_need_no_teacher():
    objective = LabelObjective(name="label_loss", weight=0.25)
    objective.validate(STUDENT, None)
    assert not objective.needs_teacher
    assert objective.describe() == "0.25 x label_loss"


def test_a_description_names_the_layers():
    assert attention_objective(weight=2).describe() == (
        "2 x attention_loss (attention_scores, student:teacher 0:1,1:0)"
    )


def test_an_unknown_projection_is_refused():
    with pytest.raises(ValueError, match="one of .*per_layer.*, but is 'linear'"):
        hidden_objective(projection="linear")
