"""Settings of a general distillation."""

import dataclasses

import pytest

from distill_tf.config import DistillConfig
from distill_tf.errors import DistillError
from distill_tf.general_distillation.config import GeneralConfig
from distill_tf.general_distillation.stage import refuse_unread_options


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


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"minilm_version": "v1"},
            "minilm_version is for method=minilm, but method is",
        ),
        (
            {"method": "distilbert", "layer_map": "last"},
            "layer_map is for method=tinybert",
        ),
        (
            {"method": "minilm", "hidden_projection": "per_layer"},
            "hidden_projection is for method=tinybert or distilbert",
        ),
        (
            {"masked_lm_temperature": 3.0},
            "masked_lm_temperature is for masked words, .*_probability, 0.15 for",
        ),
    ],
    ids=str,
)
def test_options_that_a_run_would_not_read_are_refused(settings, message):
    with pytest.raises(DistillError, match=message):
        refuse_unread_options(GeneralConfig(**settings))


@pytest.mark.parametrize(
    "settings",
    [
        {"attention_weight": 2.0, "layer_map": "last"},
        {"method": "minilm", "minilm_version": "v1", "attention_heads": "mean"},
        {"masked_lm_probability": 0.15, "masked_lm_temperature": 3.0},
    ],
    ids=str,
)
def test_options_that_a_run_reads(settings):
    refuse_unread_options(GeneralConfig(**settings))
