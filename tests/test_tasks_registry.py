"""Looking up tasks by name."""

import pytest

from distill_tf.errors import DistillError
from distill_tf.tasks import TASK_NAMES
from distill_tf.tasks import get_task


@pytest.mark.parametrize("name", [n for n in TASK_NAMES if n != "custom"])
def test_every_task_answers_to_its_name(name):
    for spelling in (name, name.upper(), name.replace("-", ""), name.replace("_", "-")):
        assert get_task(spelling).name == name


def test_all_tasks_are_there():
    assert set(TASK_NAMES) == set(
        "cola sst-2 mrpc qqp sts-b mnli qnli rte wnli boolq imdb chnsenticorp sample "
        "sample_pair custom".split()
    )


def test_unknown_task():
    with pytest.raises(DistillError, match="no task named 'sst3'.* cola, sst-2, .*cus"):
        get_task("sst3")


def test_custom_task():
    task = get_task(
        "Custom", text_columns=["a", "b"], label_column="y", labels=["0", "1"]
    )
    assert (task.name, task.is_pair, task.labels) == ("custom", True, ("0", "1"))


@pytest.mark.parametrize(
    "arguments",
    [
        {"text_columns": ["a"]},
        {"label_column": "y"},
        {"labels": ["a", "b"]},
        {"metrics": ["f1"]},
        {"regression": True},
    ],
)
def test_known_tasks_take_no_columns(arguments):
    with pytest.raises(DistillError, match="task sst-2 knows its columns"):
        get_task("sst-2", **arguments)
