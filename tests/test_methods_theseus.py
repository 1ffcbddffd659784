"""The stages of theseus."""

import pytest
from transformer_methods import stages_of
from transformer_methods import weights

from distill_tf.errors import DistillError
from distill_tf.methods.theseus import theseus


@pytest.mark.parametrize("regression", [False, True])
def test_replacing_then_the_successor_alone(regression):
    replacing, successor = stages_of(theseus, regression=regression)
    assert (replacing.name, replacing.epochs, replacing.learning_rate) == (
        "replacing",
        7.0,
        2e-4,
    )
    assert (successor.name, successor.epochs, successor.learning_rate) == (
        "successor",
        2.5,
        1e-4,
    )
    assert (replacing.finished_alone, successor.finished_alone) == (False, True)
    for stage in (replacing, successor):
        assert weights(stage) == {"label_loss": 1.0}
        assert stage.objectives[0].regression is regression
        assert stage.selects_best and stage.schedule == "linear"
        assert not stage.needs_teacher


@pytest.mark.parametrize("left", ["replacing", "successor"])
def test_one_stage_alone(left):
    switch = "pred_distill" if left == "replacing" else "intermediate_distill"
    (stage,) = stages_of(theseus, **{switch: False})
    assert stage.name == left


def test_no_stage_at_all():
    with pytest.raises(DistillError, match="both are switched off; leave"):
        stages_of(theseus, intermediate_distill=False, pred_distill=False)
