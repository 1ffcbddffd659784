"""Settings of a general distillation."""

import dataclasses

import pytest

from distill_tf.config import DistillConfig
from distill_tf.errors import DistillError
from distill_tf.general_distillation.config import GeneralConfig


def test_settings_that_may_change_between_two_calls_of_a_run():
    fields = dataclasses.fields(GeneralConfig)
    assert {field.name for field in fields if field.metadata["same_run"]} == {
        *("corpus", "corpus_dir", "output_dir", "max_hours"),
        *("save_checkpoints_steps", "log_steps", "tensorboard"),
        *("num_threads", "inter_op_threads"),
    }


def test_every_setting_has_a_help_text():
    for field in dataclasses.fields(GeneralConfig):
        assert field.metadata["help"].endswith("."), field.name


def test_there_are_no_settings_of_tasks():
    only_tasks = {"task_name", "do_eval", "temperature", "early_stopping_patience"}
    only_tasks |= {"init_student_only", "teacher_logits"}
    assert only_tasks <= {field.name for field in dataclasses.fields(DistillConfig)}
    assert only_tasks.isdisjoint(f.name for f in dataclasses.fields(GeneralConfig))


@pytest.mark.parametrize("name", ["pair_probability", "short_seq_probability"])
def test_probabilities_are_at_most_one(name):
    with pytest.raises(DistillError, match=f"{name} must be at most 1"):
        GeneralConfig(**{name: 1.5})
