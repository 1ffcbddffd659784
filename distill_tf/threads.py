"""How many threads TensorFlow computes with, and on what."""

import tensorflow as tf
from absl import logging

from distill_tf.errors import DistillError


def set_threads(num_threads: int, inter_op_threads: int, batch_parts: int = 1) -> None:
    """Sets both of TensorFlow's thread pools; 0 leaves one as it is.

    With more than one part, 0 means one thread an operation and one operation a part
    at a time, unless TensorFlow has computed before: parts then only gain less.

    Args:
        num_threads: threads that compute one operation.
        inter_op_threads: operations that may run at the same time.
        batch_parts: into how many parts batches are taken.

    Raises:
        DistillError: TensorFlow has computed before in this process, with others.
    """
    threading = tf.config.threading
    for_parts = (1, batch_parts) if batch_parts > 1 else (0, 0)
    for name, asked, otherwise, get, put in (
        (
            "num_threads",
            num_threads,
            for_parts[0],
            threading.get_intra_op_parallelism_threads,
            threading.set_intra_op_parallelism_threads,
        ),
        (
            "inter_op_threads",
            inter_op_threads,
            for_parts[1],
            threading.get_inter_op_parallelism_threads,
            threading.set_inter_op_parallelism_threads,
        ),
    ):
        count = asked or otherwise
        if not count or count == get():
            continue
        try:
            put(count)
        except RuntimeError as error:
            too_late = "TensorFlow has already started its threads in this process"
            if not asked:
                logging.warning(
                    "%s: %s stays as it is, so that batch_parts=%d saves less time.",
                    too_late,
                    name,
                    batch_parts,
                )
                continue
            raise DistillError(
                f"{name} is {count}, but {too_late}; set it before anything is "
                "computed."
            ) from error


def inference_parts() -> int:
    """Into how many parts a forward pass takes a batch, so that all threads compute.

    Where operations have one thread each and several are asked to run at a time, a
    single chain of them would leave the other threads without work.
    """
    threading = tf.config.threading
    if threading.get_intra_op_parallelism_threads() != 1:
        return 1
    return max(1, threading.get_inter_op_parallelism_threads())
