"""Stages of a method under given settings and sizes, for the tests of methods."""

from distill_tf.config import DistillConfig
from distill_tf.methods import Sizes


def stages_of(
    method,
    regression=False,
    student_layers=4,
    teacher_layers=12,
    tower_tokens=None,
    labels=("0", "1"),
    **settings,
):
    config = DistillConfig(
        **{
            "num_train_epochs": 2.5,
            "learning_rate": 1e-4,
            "intermediate_epochs": 7.0,
            "intermediate_learning_rate": 2e-4,
            "student_num_attention_heads": 3,
            **settings,
        }
    )
    sizes = Sizes(
        student_layers=student_layers,
        teacher_layers=teacher_layers,
        regression=regression,
        labels=() if regression else labels,
        tower_tokens=tower_tokens,
    )
    return method(config, sizes)


def weights(stage):
    """The objectives' weights by name: numbers or schedules."""
    return {objective.name: objective.weight for objective in stage.objectives}
