"""What a method refuses before its stages are built, and what it offers instead."""

import pytest

from distill_tf.config import DistillConfig
from distill_tf.errors import DistillError
from distill_tf.methods import Sizes
from distill_tf.methods import build_stages


@pytest.mark.parametrize(
    ("model_type", "sizes", "offered"),
    [
        (
            "bilstm",
            {"student_layers": None},
            "kd, tang, soft_ce, similarity, factor_transfer, none",
        ),
        (
            "sbert",
            {"tower_tokens": (7, 9)},
            "kd, tang, soft_ce, similarity, factor_transfer, virt, none",
        ),
        ("bert_pkd", {"teacher_layers": None}, "kd, tang, soft_ce, similarity, none"),
    ],
)
def test_what_cannot_be_is_not_offered(model_type, sizes, offered):
    config = DistillConfig(
        model_type=model_type, method="pkd", learning_rate=1e-4, num_train_epochs=1.0
    )
    known = {"student_layers": 2, "teacher_layers": 3, "regression": False}
    with pytest.raises(DistillError, match=f"choose one of {offered}[.,] ?"):
        build_stages(config, Sizes(**{**known, **sizes}))


def stages(regression=False, **settings):
    config = DistillConfig(
        learning_rate=1e-4,
        num_train_epochs=1.0,
        intermediate_learning_rate=1e-4,
        intermediate_epochs=1.0,
        **settings,
    )
    sizes = Sizes(student_layers=2, teacher_layers=3, regression=regression)
    return build_stages(config, sizes)


@pytest.mark.parametrize("method", ["tinybert", "pkd", "distilbert", "kd", "minilm"])
def test_a_temperature_without_probabilities_is_refused(method):
    assert stages(method=method, temperature=3.0)
    with pytest.raises(
        DistillError, match="but in a regression outputs are compared as"
    ):
        stages(method=method, temperature=3.0, regression=True)
    with pytest.raises(DistillError, match="but with kd_loss=mse outputs are compared"):
        stages(method="kd", temperature=3.0, kd_loss="mse")


def test_the_labels_alone_take_the_schedules_of_any_method():
    plain = stages(method="none")
    schedules = {
        "teacher_weight_schedule": "warm_up",
        "temperature_schedule": "linear_decay",
    }
    assert stages(method="none", temperature=3.0, **schedules) == plain
