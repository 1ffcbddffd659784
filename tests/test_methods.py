"""Which methods are offered in the place of one that looks into layers."""

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
