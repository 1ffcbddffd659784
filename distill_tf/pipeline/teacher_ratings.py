"""How a teacher was rated, kept for the other runs of a sweep."""

import hashlib
import json
import platform
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
from absl import logging

from distill_tf.data.padding import pad
from distill_tf.files import write_json_atomically
from distill_tf.pipeline.task_data import TaskData
from distill_tf.pipeline.teachers import Teacher
from distill_tf.teacher_cache import keys_and_lengths
from distill_tf.training.readable import read_json

_EXAMPLES_AT_A_TIME = 1024


def rate_once(
    teacher: Teacher, data: TaskData, batch_size: int, cache: Path | None
) -> dict[str, dict[str, Any]]:
    """What `Teacher.rate` gives, or gave on this machine for the same dev sets.

    Args:
        teacher: who is rated.
        data: the task.
        batch_size: of the evaluation.
        cache: the folder of all teachers' outputs; None to keep nothing.
    """
    fingerprint = teacher.fingerprint()
    if cache is None or fingerprint is None or not teacher.members:
        return teacher.rate(data, batch_size)
    digest = _digest(teacher, data, batch_size)
    file = cache / "ratings" / f"{fingerprint}_{digest}.json"
    if file.exists():
        logging.info("The teacher was rated before: %s.", file)
        return read_json(file, dict, "remove it to have the teacher rated again")
    ratings = teacher.rate(data, batch_size)
    write_json_atomically(file, ratings)
    return ratings


def _digest(teacher: Teacher, data: TaskData, batch_size: int) -> str:
    """Of what the teacher reads of the dev sets, their labels, and how it runs where.

    The longest text counts too, for which costs are told.
    """
    threading = tf.config.threading
    told = (
        platform.node(),
        batch_size,
        data.task.metrics,
        threading.get_intra_op_parallelism_threads(),
        threading.get_inter_op_parallelism_threads(),
        [member.encoder.row_lengths for member in teacher.members],
    )
    digest = hashlib.blake2b(json.dumps(told).encode(), digest_size=16)
    for dev in data.dev_sets(teacher.encoder):
        digest.update(dev.name.encode())
        digest.update(np.ascontiguousarray(dev.labels))
        for start in range(0, len(dev.labels), _EXAMPLES_AT_A_TIME):
            stop = min(start + _EXAMPLES_AT_A_TIME, len(dev.labels))
            keys, _ = keys_and_lengths(pad(dev.encoded, np.arange(start, stop)))
            digest.update(keys.tobytes())
    return digest.hexdigest()
