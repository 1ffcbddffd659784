"""Training without a teacher."""

import pytest

from distill_tf.config import DistillConfig
from distill_tf.methods import METHODS
from distill_tf.methods import Sizes
from distill_tf.methods import labels_only


@pytest.mark.parametrize("regression", [False, True])
def test_one_stage_on_the_labels(regression):
    stages = labels_only(epochs=1.5, learning_rate=2e-5, regression=regression)
    config = DistillConfig(num_train_epochs=1.5, learning_rate=2e-5)
    sizes = Sizes(student_layers=2, teacher_layers=3, regression=regression)
    assert METHODS["none"](config, sizes) == stages
    (stage,) = stages
    (objective,) = stage.objectives
    assert (stage.name, stage.epochs, stage.learning_rate) == ("labels", 1.5, 2e-5)
    assert (stage.schedule, stage.selects_best) == ("linear", True)
    assert not stage.needs_teacher
    assert (objective.weight, objective.regression) == (1.0, regression)
