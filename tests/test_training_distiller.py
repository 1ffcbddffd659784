"""The Distiller: its loss, its logs, what it trains and what it leaves alone."""

from dataclasses import replace
from functools import partial

import h5py
import keras
import numpy as np
import pytest
import reference
from tiny_training import STUDENT
from tiny_training import TEACHER
from tiny_training import make_batches
from tiny_training import make_classifier
from tiny_training import to_numpy
from tiny_training import weights_by_path

from distill_tf.config import DistillConfig
from distill_tf.config.training import TrainingOptions
from distill_tf.errors import DistillError
from distill_tf.losses import attention_score_mse
from distill_tf.losses import hidden_state_mse
from distill_tf.losses import soft_cross_entropy
from distill_tf.methods import METHODS
from distill_tf.methods import Sizes
from distill_tf.objectives import LabelObjective
from distill_tf.objectives import LayerObjective
from distill_tf.objectives import LogitObjective
from distill_tf.training.distiller import Distiller
from distill_tf.training.optimizer import build_optimizer

LABELS = np.int32([2, 0, -1, 1, 1, 2, -1, 0, 2])
MAPS = {"attention_scores": ((0, 0), (1, 2)), "hidden_states": ((0, 0), (1, 2), (2, 3))}
LABEL = LabelObjective(name="label_loss", weight=0.5)
SOFT = LogitObjective(
    name="soft_label_loss",
    weight=0.25,
    loss=partial(soft_cross_entropy, temperature=2.0),
)
ATTENTION = LayerObjective(
    name="attention_loss",
    weight=2.0,
    loss=attention_score_mse,
    feature="attention_scores",
    layer_map=MAPS["attention_scores"],
)
HIDDEN = LayerObjective(
    name="hidden_loss",
    weight=3.0,
    loss=hidden_state_mse,
    feature="hidden_states",
    layer_map=MAPS["hidden_states"],
    projection="shared",
)
OBJECTIVES = (LABEL, SOFT, ATTENTION, HIDDEN)


def make_distiller(batches, objectives, student=STUDENT, teacher=TEACHER, **options):
    return Distiller(
        make_classifier(student, seed=1, **options),
        objectives,
        sample=batches.first()[0],
        teacher=make_classifier(teacher, seed=2),
        name="distiller",
    )


def compiled(distiller, learning_rate=0.01):
    optimizer = build_optimizer(learning_rate, "constant", 10, TrainingOptions())
    # Tracing takes longer than these few steps; test_training_stages.py trains traced.
    distiller.compile(optimizer=optimizer, run_eagerly=True)
    return distiller


def loss_of(distiller, batch, sample_weight=None):
    """The loss on one batch, and each objective's value, in inference mode."""
    x, y = batch
    distiller.reset_metrics()
    outputs = distiller(x, training=False)
    loss = distiller.compute_loss(x, y, outputs, sample_weight, training=False)
    return float(loss), {
        name: float(tracker.result()) for name, tracker in distiller.trackers.items()
    }


def reference_values(distiller, x, y, teacher_inputs=None):
    """Each objective's value of each example, in NumPy."""
    student = to_numpy(distiller.student.compute_outputs(x["student"]))
    teacher = to_numpy(distiller.teacher_outputs(x))
    mask = x["student"]["padding_mask"]
    kernel, bias = distiller.projections["hidden_loss"].get_weights()
    return {
        "label_loss": reference.hard_label_cross_entropy(student["logits"], y),
        "soft_label_loss": reference.soft_cross_entropy(
            student["logits"], teacher["logits"], 2.0
        ),
        "attention_loss": sum(
            reference.attention_score_mse(
                student["attention_scores"][i], teacher["attention_scores"][j], mask
            )
            for i, j in MAPS["attention_scores"]
        ),
        "hidden_loss": sum(
            reference.hidden_state_mse(
                student["hidden_states"][i] @ kernel + bias,
                teacher["hidden_states"][j],
                mask,
            )
            for i, j in MAPS["hidden_states"]
        ),
    }


def batch_of(labels):
    ((x, y),) = make_batches(labels, batch_size=len(labels)).epoch(0)
    return to_numpy(x), np.asarray(y)


@pytest.mark.parametrize("weighted", [False, True])
def test_the_loss_is_the_weighted_sum_of_the_objectives_means(weighted):
    x, y = batch_of(LABELS)
    distiller = make_distiller(make_batches(LABELS), OBJECTIVES)
    sample_weight = np.linspace(0, 2, len(y)).astype("f4") if weighted else None
    loss, logged = loss_of(distiller, (x, y), sample_weight)
    weights = np.ones(len(y)) if sample_weight is None else sample_weight
    means = {
        name: np.average(values, weights=weights * ((y >= 0) | (name != "label_loss")))
        for name, values in reference_values(distiller, x, y).items()
    }
    assert logged.keys() == means.keys()
    for name, mean in means.items():
        assert logged[name] == pytest.approx(mean, rel=1e-5), name
    expected = sum(objective.weight * means[objective.name] for objective in OBJECTIVES)
    assert loss == pytest.approx(expected, rel=1e-5)


def test_outputs_that_a_batch_brings_are_what_the_teacher_would_have_said():
    batches = make_batches(LABELS)
    x, y = batches.first()
    distiller = make_distiller(batches, OBJECTIVES)
    wanted = {
        name: value.numpy() if name == "logits" else value
        for name, value in distiller.teacher_outputs(x).items()
    }
    outputs = distiller(x, training=False)
    live = distiller.compute_loss(x, y, outputs)
    stored = distiller.compute_loss({**x, "teacher_outputs": wanted}, y, outputs)
    np.testing.assert_array_equal(stored, live)
    other = {**wanted, "logits": wanted["logits"][::-1]}
    assert distiller.compute_loss({**x, "teacher_outputs": other}, y, outputs) != live


@pytest.mark.parametrize("labels", [[-1, -1, -1], [np.nan] * 3], ids=str)
def test_a_batch_without_a_label_has_no_label_loss(labels):
    regression = np.isnan(labels[0])
    labels = np.asarray(labels, np.float32 if regression else np.int32)
    objective = LabelObjective(name="label_loss", regression=bool(regression))
    classes = 1 if regression else 3
    student = make_classifier(STUDENT, classes)
    distiller = Distiller(student, [objective], make_batches(labels).first()[0])
    assert loss_of(distiller, batch_of(labels)) == (0.0, {"label_loss": 0.0})


def test_the_logs_average_over_what_was_counted():
    """A batch with one label must not weigh as much as one with four."""
    labels = np.int32([0, 1, 2, 0, -1, -1, -1, 1])
    x, y = batch_of(labels)
    distiller = make_distiller(make_batches(labels), [LABEL])
    _, whole = loss_of(distiller, (x, y))
    distiller.reset_metrics()
    for rows in (slice(0, 3), slice(3, 8)):
        part = keras.tree.map_structure(lambda array, rows=rows: array[rows], x)
        distiller.compute_loss(part, y[rows], distiller(part, training=False))
    logged = float(distiller.trackers["label_loss"].result())
    assert logged == pytest.approx(whole["label_loss"], rel=1e-5)


def test_an_unlabelled_regression_row_leaves_the_mean():
    labels = np.float32([0.5, np.nan, 2.0, np.nan])
    x, y = batch_of(labels)
    objective = LabelObjective(name="label_loss", regression=True)
    student = make_classifier(STUDENT, 1)
    distiller = Distiller(student, [objective], make_batches(labels).first()[0])
    loss, _ = loss_of(distiller, (x, y))
    logits = to_numpy(student(x["student"], training=False))[:, 0]
    assert loss == pytest.approx(np.nanmean((logits - y) ** 2), rel=1e-5)


def test_fit_trains_student_and_projection_and_leaves_the_teacher(tmp_path):
    batches = make_batches(LABELS)
    teacher = make_classifier(TEACHER, seed=2)
    student = make_classifier(STUDENT, seed=1)
    distiller = compiled(
        Distiller(student, OBJECTIVES, batches.first()[0], teacher, name="distiller")
    )
    kept = [weight.copy() for weight in teacher.get_weights()]
    before = weights_by_path(distiller)
    history = distiller.fit(batches.epoch(0), shuffle=False, verbose=0).history

    for found, expected in zip(teacher.get_weights(), kept, strict=True):
        np.testing.assert_array_equal(found, expected, strict=True)
    after = weights_by_path(distiller)
    assert any("hidden_loss_projection" in path for path in after)
    unchanged = {path for path in after if np.array_equal(before[path], after[path])}
    assert unchanged == set()
    trained = {id(variable) for variable in distiller.trainable_variables}
    assert not trained & {id(variable) for variable in teacher.variables}
    assert len(trained) == len(student.trainable_variables) + 2

    names = {objective.name for objective in OBJECTIVES}
    assert history.keys() == {"loss", *names}
    assert all(np.isfinite(values).all() for values in history.values())

    distiller.save_weights(tmp_path / "distiller.weights.h5")
    sizes = []
    with h5py.File(tmp_path / "distiller.weights.h5") as file:
        file.visititems(lambda _, item: sizes.append(getattr(item, "shape", None)))
    teachers_own = (TEACHER.hidden_size, TEACHER.intermediate_size)
    assert (STUDENT.hidden_size, STUDENT.intermediate_size) in sizes
    assert teachers_own not in sizes


def test_the_first_stage_of_tinybert_leaves_the_head_alone():
    batches = make_batches(LABELS)
    sizes = Sizes(student_layers=2, teacher_layers=3, regression=False)
    config = DistillConfig(intermediate_epochs=1, intermediate_learning_rate=1e-2)
    stage = METHODS["tinybert"](config, sizes)[0]
    distiller = compiled(make_distiller(batches, stage.objectives))
    student = distiller.student
    before = weights_by_path(student)
    distiller.fit(batches.epoch(0), shuffle=False, verbose=0)
    changed = {
        path
        for path, value in weights_by_path(student).items()
        if not np.array_equal(before[path], value)
    }
    head = {path for path in before if "output_dense" in path.split("/")[1]}
    pooler = {path for path in before if "pooler" in path}
    assert (len(head), len(pooler)) == (2, 2)
    assert changed == before.keys() - head - pooler


def test_a_teacher_may_read_other_tokens():
    batches = make_batches(LABELS, batch_size=9, teacher_lengths=2)
    distiller = make_distiller(batches, [SOFT])
    ((x, y),) = batches.epoch(0)
    x = to_numpy(x)
    teacher = make_classifier(TEACHER, seed=2)
    expected = reference.soft_cross_entropy(
        to_numpy(distiller.student(x["student"], training=False)),
        to_numpy(teacher(x["teacher"], training=False)),
        2.0,
    ).mean()
    loss, _ = loss_of(distiller, (x, y))
    assert loss == pytest.approx(0.25 * expected, rel=1e-5)
    own = teacher(x["student"], training=False)
    assert np.abs(to_numpy(distiller.teacher_outputs(x)["logits"]) - own).max() > 0.01


def test_the_teacher_drops_nothing_and_needs_no_gradient():
    batches = make_batches(LABELS)
    distiller = make_distiller(
        batches, [SOFT], teacher=replace(TEACHER, hidden_dropout_prob=0.5)
    )
    x = batches.first()[0]
    first, second = (to_numpy(distiller.teacher_outputs(x)["logits"]) for _ in range(2))
    np.testing.assert_allclose(first, second, rtol=1e-5)


@pytest.mark.parametrize(
    "policy", ["mixed_bfloat16", pytest.param("mixed_float16", marks=pytest.mark.slow)]
)
def test_mixed_precision_is_near_float32(policy):
    batches = make_batches(LABELS)
    still = replace(STUDENT, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
    histories = []
    for dtype in ("float32", policy):
        distiller = compiled(
            make_distiller(batches, (LABEL, HIDDEN), student=still, dtype=dtype)
        )
        assert distiller.dtype_policy.name == dtype
        fit = distiller.fit(batches.epoch(0), shuffle=False, verbose=0)
        assert {weight.dtype for weight in distiller.weights} == {"float32"}
        histories.append(fit.history)
    for name, (value,) in histories[0].items():
        assert histories[1][name] == [pytest.approx(value, rel=0.02)], name


@pytest.mark.parametrize(
    ("objective", "teacher", "message"),
    [
        (
            ATTENTION,
            {"num_attention_heads": 2},
            "student has 3 and the teacher 2; set student_num_attention_heads=2",
        ),
        (replace(HIDDEN, projection="none"), {}, "of width 6 with 12; .* projection"),
    ],
)
def test_models_that_do_not_fit_are_refused(objective, teacher, message):
    with pytest.raises(DistillError, match=message):
        make_distiller(
            make_batches(LABELS), [objective], teacher=replace(TEACHER, **teacher)
        )


def test_other_classes_are_refused():
    with pytest.raises(DistillError, match="student has 3 classes and the teacher 5"):
        Distiller(
            make_classifier(STUDENT),
            [SOFT],
            make_batches(LABELS).first()[0],
            make_classifier(TEACHER, 5),
        )
