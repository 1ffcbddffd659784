"""Fills in the defaults that depend on the task."""

from distill_tf.config import DistillConfig
from distill_tf.tasks import Task
from distill_tf.tasks.sample import SampleProvider

# TinyBERT-4L and its authors' recipe.
_TINYBERT = {
    "student_num_hidden_layers": 4,
    "student_hidden_size": 312,
    "student_num_attention_heads": 12,
    "student_intermediate_size": 1200,
    "learning_rate": 3e-5,
    "num_train_epochs": 3.0,
    "intermediate_learning_rate": 5e-5,
    "intermediate_epochs": 10.0,
    "student_alone": False,
}
# Small enough for a first look in a minute or two, from random weights.
_SAMPLE = {
    "student_num_hidden_layers": 2,
    "student_hidden_size": 64,
    "student_num_attention_heads": 4,
    "student_intermediate_size": 128,
    "learning_rate": 1e-3,
    "num_train_epochs": 4.0,
    "intermediate_learning_rate": 1e-3,
    "intermediate_epochs": 6.0,
    "student_alone": True,
}


def is_sample(task: Task) -> bool:
    """Whether the task is generated, and its teacher trained on the spot."""
    return isinstance(task.provider, SampleProvider)


def resolve(config: DistillConfig, task: Task) -> DistillConfig:
    """The configuration with every None that `DistillConfig` explains replaced."""
    defaults = _SAMPLE if is_sample(task) else _TINYBERT
    missing = {
        name: value for name, value in defaults.items() if getattr(config, name) is None
    }
    if not config.output_dir:
        what = (
            config.method
            if config.method == config.model_type
            else (f"{config.model_type}_{config.method}")
        )
        missing["output_dir"] = f"output/{task.name}_{what}"
    if config.method == "none" and config.student_alone is None:
        missing["student_alone"] = False
    return config.replace(**missing)
