"""Threads are set before TensorFlow starts them, and not after."""

import subprocess
import sys

import pytest
import tensorflow as tf

from distill_tf.errors import DistillError
from distill_tf.threads import set_threads

SAID = """
from distill_tf.threads import inference_parts
threading = tf.config.threading
print(threading.get_intra_op_parallelism_threads())
print(threading.get_inter_op_parallelism_threads())
print(inference_parts())
"""


def said(script):
    """Threads of an operation, operations at a time, parts of a forward pass."""
    script = f"""
import tensorflow as tf
from distill_tf.threads import set_threads
{script}
{SAID}"""
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return [int(line) for line in run.stdout.split()]


def test_a_new_process_takes_them():
    script = "set_threads(3, 1); tf.constant(1) + 1; set_threads(3, 1)"
    assert said(f"{script}; set_threads(0, 0)") == [3, 1, 1]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("0, 0", [0, 0, 1]),
        ("1, 0", [1, 0, 1]),
        ("1, 3", [1, 3, 3]),
        ("0, 0, 5", [1, 5, 5]),
        ("2, 0, 5", [2, 5, 1]),
        ("0, 7, 5", [1, 7, 7]),
    ],
)
def test_a_part_of_a_batch_has_a_thread_of_its_own(arguments, expected):
    assert said(f"set_threads({arguments})") == expected


def test_parts_do_without_when_it_is_too_late(caplog):
    tf.constant(1) + 1
    before = tf.config.threading.get_inter_op_parallelism_threads()
    set_threads(0, 0, batch_parts=61)
    assert tf.config.threading.get_inter_op_parallelism_threads() == before
    assert "inter_op_threads stays as it is, so that batch_parts=61" in caplog.text


@pytest.mark.parametrize(
    ("threads", "name"), [((63, 0), "num_threads"), ((0, 61), "inter_op_threads")]
)
def test_too_late_is_said(threads, name):
    tf.constant(1) + 1
    with pytest.raises(DistillError, match=f"{name} is 6[13], but TensorFlow has"):
        set_threads(*threads)
