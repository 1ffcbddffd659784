"""Weights and temperatures that change while a stage trains, also after a break."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from tiny_training import STUDENT
from tiny_training import TEACHER
from tiny_training import make_batches
from tiny_training import make_classifier

from distill_tf.config import DistillConfig
from distill_tf.losses import soft_cross_entropy
from distill_tf.methods import Stage
from distill_tf.objectives import LabelObjective
from distill_tf.objectives import LogitObjective
from distill_tf.objectives.schedule import Schedule
from distill_tf.objectives.schedule import linear_decay
from distill_tf.training.distiller import Distiller
from distill_tf.training.optimizer import build_optimizer
from distill_tf.training.stages import run_stage

LABELS = np.int32([2, 0, 1, 1, 0, 2, 1, 0])
STILL = replace(STUDENT, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
OPTIONS = DistillConfig(tensorboard=False)
LABEL = LabelObjective(name="label_loss", weight=linear_decay(2.0))
SOFT = LogitObjective(
    name="soft_label_loss",
    weight=0.5,
    loss=partial(soft_cross_entropy, temperature=linear_decay(5.0, end=1.0)),
)


@pytest.mark.parametrize("dtype", ["float32", "mixed_float16"])
@pytest.mark.parametrize(("step", "weight", "temperature"), [(0, 2, 5), (3, 0.5, 2)])
def test_the_loss_at_a_step(step, weight, temperature, dtype):
    batches = make_batches(LABELS)
    x, y = next(iter(batches.epoch(0)))
    losses = []
    for objectives in (
        (LABEL, SOFT),
        (
            replace(LABEL, weight=weight),
            replace(SOFT, loss=partial(soft_cross_entropy, temperature=temperature)),
        ),
    ):
        distiller = Distiller(
            make_classifier(STILL, seed=1, dtype=dtype),
            objectives,
            x,
            make_classifier(TEACHER, seed=2),
            total_steps=4,
        )
        distiller.compile(build_optimizer(0.01, "constant", 4, OPTIONS))
        distiller.optimizer.build(distiller.trainable_variables)
        distiller.optimizer.iterations.assign(step)
        losses.append(distiller.evaluate(x, y, verbose=0, return_dict=True)["loss"])
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)


def test_steps_without_weight_teach_nothing(tmp_path):
    # Of eight steps the first four count, so that it is like four steps in all.
    first_half = Schedule(((0.49, 1.0), (0.5, 0.0)))
    weights = []
    for epochs, weight in ((4, first_half), (2, 1.0)):
        student = make_classifier(STILL, seed=1)
        stage = Stage(
            name="labels",
            objectives=(LabelObjective(name="label_loss", weight=weight),),
            epochs=epochs,
            learning_rate=0.1,
            schedule="constant",
            selects_best=False,
        )
        run_stage(
            stage,
            student,
            make_batches(LABELS),
            lambda: pytest.fail("nothing is selected"),
            tmp_path / str(epochs),
            # Unlike Adam, it has no momentum that would go on.
            OPTIONS.replace(optimizer="adadelta"),
        )
        weights.append(student.get_weights())
    for half, whole in zip(*weights, strict=True):
        np.testing.assert_allclose(whole, half, rtol=1e-5, atol=1e-6)
