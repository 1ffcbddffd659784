"""Threads are set before TensorFlow starts them, and not after."""

import subprocess
import sys

import pytest
import tensorflow as tf

from distill_tf.errors import DistillError
from distill_tf.threads import set_threads


def test_a_new_process_takes_them():
    script = """
import tensorflow as tf
from distill_tf.threads import set_threads
set_threads(3, 1)
tf.constant(1) + 1
set_threads(3, 1)
set_threads(0, 0)
threading = tf.config.threading
print(threading.get_intra_op_parallelism_threads())
print(threading.get_inter_op_parallelism_threads())
"""
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["3", "1"]


@pytest.mark.parametrize(
    ("threads", "name"), [((63, 0), "num_threads"), ((0, 61), "inter_op_threads")]
)
def test_too_late_is_said(threads, name):
    tf.constant(1) + 1
    with pytest.raises(DistillError, match=f"{name} is 6[13], but TensorFlow has"):
        set_threads(*threads)
