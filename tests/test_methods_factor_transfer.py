"""Method factor_transfer: its two stages as data, and one after the other."""

import numpy as np
import pytest
import reference
from tiny_towers import make_cross_encoder
from tiny_towers import make_pair_batches
from tiny_towers import make_towers
from tiny_training import STUDENT
from tiny_training import TEACHER
from tiny_training import make_batches
from tiny_training import make_classifier

from distill_tf.config import DistillConfig
from distill_tf.config.distill import TOWER_TYPES
from distill_tf.methods import Sizes
from distill_tf.methods.factor_transfer import factor_transfer
from distill_tf.training.optimizer import build_optimizer
from distill_tf.training.stages import build_distiller
from distill_tf.training.stages import run_stage


def stages(regression=False, **settings):
    sizes = Sizes(student_layers=2, teacher_layers=3, regression=regression)
    config = DistillConfig(
        **{"num_train_epochs": 2.5, "learning_rate": 1e-4, **settings}
    )
    return factor_transfer(config, sizes)


def test_two_stages_with_the_settings():
    first, second = stages(paraphraser_epochs=1.5, paraphraser_learning_rate=2e-3)
    assert (first.name, second.name) == ("paraphraser", "translator")
    assert (first.epochs, second.epochs) == (1.5, 2.5)
    assert (first.learning_rate, second.learning_rate) == (2e-3, 1e-4)
    assert (first.schedule, second.schedule) == ("linear", "linear")
    assert (first.selects_best, second.selects_best) == (False, True)
    assert first.needs_teacher and second.needs_teacher
    assert first.shared_maps == second.shared_maps == {"factor_maps"}


def test_without_a_weight_nothing_is_paraphrased():
    (only,) = stages(factor_weight=0.0)
    assert only.name == "translator"
    assert [each.name for each in only.objectives] == ["label_loss"]
    assert not only.needs_teacher


@pytest.mark.parametrize("regression", [False, True])
def test_the_terms(regression):
    (paraphraser,), (label, factor) = (
        stage.objectives
        for stage in stages(regression, factor_weight=0.5, factor_size=4)
    )
    assert [each.name for each in (paraphraser, label, factor)] == [
        *("paraphraser_loss", "label_loss", "factor_loss")
    ]
    assert (paraphraser.weight, label.weight, factor.weight) == (1, 1, 0.5)
    assert label.regression == regression
    assert paraphraser.factor_size == factor.factor_size == 4


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, reference.factor_distance),
        (
            {"factor_norm": 2},
            lambda student, teacher: reference.factor_distance(student, teacher, 2),
        ),
        ({"factor_form": "source"}, reference.factor_mse),
    ],
)
def test_the_forms(settings, expected):
    student, teacher = np.random.default_rng(0).normal(size=(2, 3, 4))
    *_, factor = stages(**settings)[1].objectives
    np.testing.assert_allclose(
        factor.loss(student, teacher), expected(student, teacher), rtol=1e-5
    )


@pytest.mark.parametrize(
    "model_type",
    [
        pytest.param(name, marks=() if name == "late_fusion" else pytest.mark.slow)
        for name in TOWER_TYPES
    ],
)
def test_two_towers_learn_factors_of_a_bipartite_teacher(model_type):
    batches = make_pair_batches(np.int32([2, 0, -1, 1, 1]))
    student, teacher = make_towers(model_type), make_cross_encoder()
    before = student.encoder.get_weights()
    maps = {}
    for stage in stages(factor_size=4):
        distiller = build_distiller(stage, student, batches, teacher, maps)
        maps |= distiller.projections
        # Tracing takes longer than these few steps.
        distiller.compile(
            build_optimizer(0.01, "constant", 10, DistillConfig()), run_eagerly=True
        )
        history = distiller.fit(batches.epoch(0), shuffle=False, verbose=0).history
        for objective in stage.objectives:
            assert 1e-4 < history[objective.name][0] < 1e2, objective.name
    assert any(changed(student.encoder, before))


def changed(layer, before):
    return [
        not np.array_equal(weight, other)
        for weight, other in zip(layer.get_weights(), before, strict=True)
    ]


def test_one_stage_after_the_other(tmp_path):
    batches = make_batches(
        np.int32([0, 1, 2, -1, 0, 2]), batch_size=3, teacher_lengths=2
    )
    settings = {"factor_size": 4, "tensorboard": False}
    first, second = stages(
        num_train_epochs=1.0, paraphraser_epochs=1.0, learning_rate=0.01, **settings
    )
    student = make_classifier(STUDENT, seed=1)
    arguments = {
        "student": student,
        "batches": batches,
        "evaluate": lambda: {"accuracy": 0.5},
        "options": DistillConfig(**settings),
        "teacher": make_classifier(TEACHER, seed=2),
        "maps": {},
    }
    before = student.get_weights()
    run_stage(first, folder=tmp_path / first.name, **arguments)
    assert not any(changed(student, before))

    maps = arguments["maps"]["factor_maps"]
    paraphraser, translator = (
        layer.get_weights() for layer in (maps.paraphraser, maps.translator)
    )
    run_stage(second, folder=tmp_path / second.name, **arguments)
    assert not any(changed(maps.paraphraser, paraphraser))
    assert all(changed(maps.translator, translator))
    assert any(changed(student, before))
