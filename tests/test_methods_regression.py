"""Every method on a regression: it learns a number, or says why it cannot."""

from dataclasses import replace

import numpy as np
import pytest
from tiny_training import STUDENT
from tiny_training import TEACHER
from tiny_training import make_batches
from tiny_training import make_classifier
from transformer_methods import stages_of

from distill_tf.config.training import TrainingOptions
from distill_tf.errors import DistillError
from distill_tf.methods import METHODS
from distill_tf.training.distiller import Distiller
from distill_tf.training.optimizer import build_optimizer

# One of them has no label.
SCORES = np.float32([0.5, 4.25, np.nan, 3.0, 1.75, 5.0])
SETTINGS = {
    "pkd": {"hidden_projection": "shared"},
    "distilbert": {"hidden_projection": "shared"},
    "similarity": {"similarity_feature": "features"},
    "tang": {"tang_alpha": 0.5},
}
REFUSED = {
    "soft_ce": ("soft_ce", {}, "cannot teach a regression: .*kd_loss=mse"),
    "kd, kl": ("kd", {"kd_loss": "kl"}, "cannot teach a regression"),
    "kd, dkd": ("kd", {"kd_loss": "dkd"}, "cannot teach a regression"),
    "kd, dist": ("kd", {"kd_loss": "dist"}, "cannot teach a regression"),
    "kd, standardized": ("kd", {"kd_loss": "standardized"}, "cannot teach a regres"),
    "similarity": ("similarity", {}, "from one number an example: .*features"),
}


def distillers(method, **settings):
    """The training model of each stage, the student being the same."""
    batches = make_batches(SCORES)
    teacher = make_classifier(TEACHER, num_classes=1, seed=2)
    student = make_classifier(
        replace(STUDENT, num_hidden_layers=2), num_classes=1, seed=1
    )
    stages = stages_of(
        METHODS[method],
        regression=True,
        student_layers=2,
        teacher_layers=3,
        **settings,
    )
    maps = {}
    for stage in stages:
        distiller = Distiller(
            student, stage.objectives, batches.first()[0], teacher, maps
        )
        maps |= distiller.projections
        optimizer = build_optimizer(0.01, "constant", 10, TrainingOptions())
        # Tracing takes longer than these few steps.
        distiller.compile(optimizer, run_eagerly=True)
        yield stage, distiller, batches


# Virt's students are towers: see below.
SINGLE = [name for name in METHODS if name not in ("soft_ce", "virt")]


@pytest.mark.parametrize("method", SINGLE)
def test_it_learns_a_number(method):
    heads = []
    for stage, distiller, batches in distillers(method, **SETTINGS.get(method, {})):
        head = distiller.student.output_dense
        before = head.get_weights()
        history = distiller.fit(batches.epoch(0), shuffle=False, verbose=0).history
        for objective in distiller.objectives:
            (value,) = history[objective.name]
            assert 0 < value < 1e3, (stage.name, objective.name)
        heads.append(not np.array_equal(before[0], head.get_weights()[0]))
    # The last stage predicts.
    assert heads[-1]


@pytest.mark.parametrize(
    ("method", "settings", "sentence"), REFUSED.values(), ids=REFUSED
)
def test_it_says_why_it_cannot(method, settings, sentence):
    with pytest.raises(DistillError, match=sentence):
        list(distillers(method, **settings))
