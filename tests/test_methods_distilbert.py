"""Method distilbert: three losses in one stage."""

import numpy as np
import pytest
import reference_layers
from transformer_methods import stages_of
from transformer_methods import weights

from distill_tf.errors import DistillError
from distill_tf.methods.distilbert import distilbert

MASK = np.array([[1, 1, 1, 0, 0], [1, 1, 1, 1, 1], [1, 0, 0, 0, 0]], bool)


def hidden_states(seed, layers, width=6):
    rng = np.random.default_rng(seed)
    states = rng.normal(size=(layers + 1, 3, 5, width)).astype(np.float32)
    return {"hidden_states": list(states), "padding_mask": MASK}


def cosine_objective(**settings):
    (stage,) = stages_of(distilbert, **settings)
    return stage.objectives[-1]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, {"label_loss": 2.0, "soft_label_loss": 5.0, "cosine_loss": 1.0}),
        (
            {"distilbert_label_weight": 0.0, "distilbert_cosine_weight": 0.5},
            {"soft_label_loss": 5.0, "cosine_loss": 0.5},
        ),
        (
            {"distilbert_soft_weight": 0.0, "distilbert_cosine_weight": 0.0},
            {"label_loss": 2.0},
        ),
    ],
    ids=str,
)
def test_weights(settings, expected):
    (stage,) = stages_of(distilbert, **settings)
    assert stage.name == "prediction"
    assert weights(stage) == expected


def test_the_last_hidden_states_are_compared():
    student, teacher = hidden_states(1, 4), hidden_states(2, 12)
    cosine = cosine_objective()
    cosine.validate(student, teacher)
    np.testing.assert_allclose(
        cosine.values(student, teacher, None, None),
        reference_layers.cosine_distance(
            student["hidden_states"][-1], teacher["hidden_states"][-1], MASK
        ),
        rtol=1e-5,
    )


def test_equal_widths_have_no_projection():
    outputs = hidden_states(1, 4)
    cosine = cosine_objective(student_layers=4, teacher_layers=4)
    assert cosine.build_projection(outputs, outputs, "float32") is None
    np.testing.assert_allclose(
        cosine.values(outputs, outputs, None, None), 0, atol=1e-6
    )


def test_other_widths_have_one_unless_it_is_switched_off():
    student, teacher = hidden_states(1, 4, width=5), hidden_states(2, 12)
    with pytest.raises(
        DistillError, match="width 5 with 6; .*hidden_projection=shared"
    ):
        cosine_objective(hidden_projection="none").validate(student, teacher)
    projected = cosine_objective()
    projected.validate(student, teacher)
    projection = projected.build_projection(student, teacher, "float32")
    kernel, bias = projection.get_weights()
    np.testing.assert_allclose(
        projected.values(student, teacher, None, projection),
        reference_layers.cosine_distance(
            np.float64(student["hidden_states"][-1]) @ kernel + bias,
            teacher["hidden_states"][-1],
            MASK,
        ),
        rtol=1e-5,
    )


def test_nothing_to_learn_is_refused():
    zeros = dict.fromkeys(("label", "soft", "cosine"), 0.0)
    with pytest.raises(DistillError, match="nothing to learn from"):
        cosine_objective(**{f"distilbert_{k}_weight": v for k, v in zeros.items()})
