"""Methods tinybert and tinybert_oneflow: stages as data, losses as numbers."""

import numpy as np
import pytest
import reference
from transformer_methods import stages_of
from transformer_methods import weights

from distill_tf.config import DistillConfig
from distill_tf.errors import DistillError
from distill_tf.losses import attention_probability_mse
from distill_tf.losses import attention_score_mse
from distill_tf.losses import hidden_state_mse
from distill_tf.methods import METHODS
from distill_tf.methods import Sizes
from distill_tf.methods.tinybert_oneflow import tinybert_oneflow


def stages(regression=False, **settings):
    config = DistillConfig(
        **{"intermediate_epochs": 10, "num_train_epochs": 3.0, **settings}
    )
    sizes = Sizes(student_layers=4, teacher_layers=6, regression=regression)
    return METHODS["tinybert"](config, sizes)


def test_both_stages():
    intermediate, prediction = stages(
        intermediate_learning_rate=5e-5, learning_rate=3e-5
    )
    assert (intermediate.name, prediction.name) == ("intermediate", "prediction")
    assert (intermediate.epochs, prediction.epochs) == (10, 3.0)
    assert (intermediate.learning_rate, prediction.learning_rate) == (5e-5, 3e-5)
    assert (intermediate.schedule, prediction.schedule) == ("constant", "linear")
    assert (intermediate.selects_best, prediction.selects_best) == (False, True)
    assert intermediate.needs_teacher and prediction.needs_teacher


def test_the_first_stage_compares_layers():
    attention, hidden = stages(attention_weight=0.5, hidden_weight=2.0)[0].objectives
    # 6 teacher layers to 4: the hidden states 0 2 3 5 6, the layers below them.
    assert attention.layer_map == ((0, 1), (1, 2), (2, 4), (3, 5))
    assert hidden.layer_map == ((0, 0), (1, 2), (2, 3), (3, 5), (4, 6))
    assert (attention.name, hidden.name) == ("attention_loss", "hidden_loss")
    assert (attention.feature, hidden.feature) == ("attention_scores", "hidden_states")
    assert attention.loss is attention_score_mse and hidden.loss is hidden_state_mse
    assert (attention.projection, hidden.projection) == ("none", "shared")
    assert (attention.weight, hidden.weight) == (0.5, 2.0)


def test_attention_may_be_compared_as_probabilities():
    attention, hidden = stages(attention_form="probabilities")[0].objectives
    assert attention.loss is attention_probability_mse
    assert hidden.loss is hidden_state_mse


def test_the_layer_map_is_the_settings():
    attention, hidden = stages(layer_map="last")[0].objectives
    assert hidden.layer_map == ((0, 0), (1, 3), (2, 4), (3, 5), (4, 6))
    assert attention.layer_map == ((0, 2), (1, 3), (2, 4), (3, 5))


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({"intermediate_distill": False}, [["soft_label_loss"]]),
        ({"pred_distill": False}, [["attention_loss", "hidden_loss"]]),
        ({"pred_distill": False, "attention_weight": 0.0}, [["hidden_loss"]]),
        ({"pred_distill": False, "hidden_weight": 0.0}, [["attention_loss"]]),
        (
            {"intermediate_distill": False, "hard_label_weight": 0.3},
            [["label_loss", "soft_label_loss"]],
        ),
        (
            {
                "intermediate_distill": False,
                "soft_label_weight": 0.0,
                "hard_label_weight": 0.3,
            },
            [["label_loss"]],
        ),
        ({}, [["attention_loss", "hidden_loss"], ["soft_label_loss"]]),
        ({"regression": True}, [["attention_loss", "hidden_loss"], ["label_loss"]]),
        (
            {
                "regression": True,
                "intermediate_distill": False,
                "soft_label_weight": 0.5,
                "hard_label_weight": 0.0,
            },
            [["soft_label_loss"]],
        ),
    ],
    ids=str,
)
def test_what_has_no_weight_is_left_out(settings, names):
    found = [[o.name for o in stage.objectives] for stage in stages(**settings)]
    assert found == names


def test_the_second_stages_losses():
    hard, soft = stages(temperature=2.0, soft_label_weight=0.7, hard_label_weight=0.3)[
        1
    ].objectives
    assert (soft.weight, hard.weight) == (0.7, 0.3)
    student, teacher = np.float32([[0.5, -1.0]]), np.float32([[2.0, 1.0]])
    np.testing.assert_allclose(
        soft.values({"logits": student}, {"logits": teacher}, None, None),
        reference.soft_cross_entropy(student, teacher, 2.0),
        rtol=1e-5,
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"intermediate_distill": False, "pred_distill": False},
            "both are switched off",
        ),
        (
            {"attention_weight": 0.0, "hidden_weight": 0.0},
            "attention_weight or hidden_weight above 0",
        ),
        ({"soft_label_weight": 0.0}, "nothing to learn from, .* stage prediction"),
        ({"layer_map": "0:0,5:6"}, "names hidden state 5 of the student"),
    ],
    ids=str,
)
def test_nothing_to_learn_is_refused(settings, message):
    with pytest.raises(DistillError, match=message):
        stages(**settings)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, {"soft_label_loss": 1.0, "attention_loss": 1.0, "hidden_loss": 1.0}),
        (
            {
                "hard_label_weight": 0.3,
                "soft_label_weight": 0.7,
                "attention_weight": 5.0,
                "hidden_weight": 0.0,
            },
            {"label_loss": 0.3, "soft_label_loss": 0.7, "attention_loss": 5.0},
        ),
        ({"attention_weight": 0.0, "hidden_weight": 0.0}, {"soft_label_loss": 1.0}),
        (
            {"regression": True},
            {"label_loss": 1.0, "attention_loss": 1.0, "hidden_loss": 1.0},
        ),
    ],
    ids=str,
)
def test_oneflow_sums_all_in_one_stage(settings, expected):
    (stage,) = stages_of(tinybert_oneflow, **settings)
    assert weights(stage) == expected
    assert (stage.name, stage.epochs, stage.learning_rate) == ("prediction", 2.5, 1e-4)
    assert (stage.schedule, stage.selects_best) == ("linear", True)


def test_oneflow_compares_probabilities_unless_told_otherwise():
    for settings, loss in (
        ({}, attention_probability_mse),
        ({"attention_form": "scores"}, attention_score_mse),
    ):
        (stage,) = stages_of(tinybert_oneflow, **settings)
        assert stage.objectives[1].loss is loss


def test_oneflows_sum_equals_the_reference():
    # Of 2 layers and 4, 6 and 10 wide, 6 tokens at most.
    mask = np.array([[1, 1, 1, 0, 0, 0], [1, 1, 1, 1, 1, 1]], bool)
    rng = np.random.default_rng(5)

    def outputs(layers, width):
        return {
            "logits": rng.normal(size=(2, 3)).astype("f4"),
            "hidden_states": list(
                rng.normal(size=(layers + 1, 2, 6, width)).astype("f4")
            ),
            "attention_scores": list(
                rng.normal(size=(layers, 2, 3, 6, 6)).astype("f4")
            ),
            "padding_mask": mask,
        }

    student, teacher = outputs(2, 6), outputs(4, 10)
    (stage,) = stages_of(
        tinybert_oneflow, student_layers=2, teacher_layers=4, labels=("0", "1", "2")
    )
    total = 0
    for objective in stage.objectives:
        projection = None
        if objective.name == "hidden_loss":
            projection = objective.build_projection(student, teacher, "float32")
            kernel = rng.normal(size=(6, 10)).astype("f4")
            projection.set_weights([kernel, np.zeros(10, "f4")])
        total += objective.weight * objective.values(student, teacher, None, projection)
    expected = reference.soft_cross_entropy(student["logits"], teacher["logits"], 1.0)
    # k = N / M = 2: the hidden states i k, the attention of the layers i k + k - 1.
    for i, j in ((0, 0), (1, 2), (2, 4)):
        expected = expected + reference.hidden_state_mse(
            student["hidden_states"][i] @ kernel, teacher["hidden_states"][j], mask
        )
    for i, j in ((0, 1), (1, 3)):
        expected = expected + reference.attention_probability_mse(
            student["attention_scores"][i], teacher["attention_scores"][j], mask
        )
    np.testing.assert_allclose(total, expected, rtol=1e-4)
