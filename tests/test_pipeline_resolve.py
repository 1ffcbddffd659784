"""Defaults that depend on the task."""

import dataclasses

import pytest
from tiny_runs import distill_config

from distill_tf.config import DistillConfig
from distill_tf.pipeline.resolve import is_sample
from distill_tf.pipeline.resolve import resolve
from distill_tf.tasks import get_task

# None is a value of its own here: "as the teacher's checkpoint says".
DECIDED_BY_THE_TEACHER = {"do_lower_case", "pooling_strategy"}


@pytest.mark.parametrize(
    ("task", "size", "alone"),
    [
        ("sst-2", (4, 312, 12, 1200), False),
        ("sts-b", (4, 312, 12, 1200), False),
        ("sample", (2, 64, 4, 128), True),
        ("sample_pair", (2, 64, 4, 128), True),
    ],
)
def test_defaults_of_the_task(task, size, alone):
    resolved = resolve(DistillConfig(), get_task(task))
    assert size == (
        resolved.student_num_hidden_layers,
        resolved.student_hidden_size,
        resolved.student_num_attention_heads,
        resolved.student_intermediate_size,
    )
    assert resolved.student_alone is alone


@pytest.mark.parametrize("task", ["cola", "sample"])
def test_nothing_is_left_open(task):
    resolved = resolve(DistillConfig(), get_task(task))
    still_open = {name for name, v in dataclasses.asdict(resolved).items() if v is None}
    assert still_open == DECIDED_BY_THE_TEACHER


@pytest.mark.parametrize("task", ["cola", "sample"])
def test_what_is_given_stays(task):
    given = distill_config(
        output_dir="here", student_alone=False, num_train_epochs=0.0, learning_rate=0.0
    )
    assert resolve(given, get_task(task)) == given


@pytest.mark.parametrize(
    ("method", "folder"),
    [
        ("tinybert", "output/sst-2_tinybert"),
        ("kd", "output/sst-2_tinybert_kd"),
        ("none", "output/sst-2_tinybert_none"),
    ],
)
def test_output_folder_names_task_and_method(method, folder):
    resolved = resolve(DistillConfig(method=method), get_task("SST2"))
    assert resolved.output_dir == folder


def test_only_generated_tasks_are_samples():
    assert is_sample(get_task("sample")) and is_sample(get_task("sample_pair"))
    assert not is_sample(get_task("rte"))
    assert not is_sample(get_task("chnsenticorp"))
