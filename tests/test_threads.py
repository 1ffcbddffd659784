"""Threads are set before TensorFlow starts them, and not after."""

import json
import subprocess
import sys

import pytest
import tensorflow as tf

from distill_tf.errors import DistillError
from distill_tf.threads import set_threads

# Arguments, and then threads of an operation, operations at a time, and parts of a
# forward pass.
CASES = [
    ((0, 0), [0, 0, 1]),
    ((1, 0), [1, 0, 1]),
    ((1, 3), [1, 3, 3]),
    ((0, 0, 5), [1, 5, 5]),
    ((2, 0, 5), [2, 5, 1]),
    ((0, 7, 5), [1, 7, 7]),
    # The last, since it is then too late for another.
    ((3, 1), [3, 1, 1]),
]
SCRIPT = """
import json, sys
import tensorflow as tf
from distill_tf.threads import inference_parts
from distill_tf.threads import set_threads

threading, found = tf.config.threading, []
for arguments in json.load(sys.stdin):
    threading.set_intra_op_parallelism_threads(0)
    threading.set_inter_op_parallelism_threads(0)
    set_threads(*arguments)
    found.append([
        threading.get_intra_op_parallelism_threads(),
        threading.get_inter_op_parallelism_threads(),
        inference_parts(),
    ])
tf.constant(1) + 1
set_threads(*arguments)
set_threads(0, 0)
print(json.dumps(found))
"""


def test_a_new_process_takes_them_and_gives_a_part_a_thread_of_its_own():
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        input=json.dumps([arguments for arguments, _ in CASES]),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(run.stdout) == [expected for _, expected in CASES]


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
