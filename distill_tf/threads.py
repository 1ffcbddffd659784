"""How many threads TensorFlow computes with."""

import tensorflow as tf

from distill_tf.errors import DistillError


def set_threads(num_threads: int, inter_op_threads: int) -> None:
    """Sets both of TensorFlow's thread pools; 0 leaves one as it is.

    Args:
        num_threads: threads that compute one operation.
        inter_op_threads: operations that may run at the same time.

    Raises:
        DistillError: TensorFlow has computed before in this process, with others.
    """
    threading = tf.config.threading
    for name, count, get, put in (
        (
            "num_threads",
            num_threads,
            threading.get_intra_op_parallelism_threads,
            threading.set_intra_op_parallelism_threads,
        ),
        (
            "inter_op_threads",
            inter_op_threads,
            threading.get_inter_op_parallelism_threads,
            threading.set_inter_op_parallelism_threads,
        ),
    ):
        if not count or count == get():
            continue
        try:
            put(count)
        except RuntimeError as error:
            raise DistillError(
                f"{name} is {count}, but TensorFlow has already started its threads in "
                "this process; set it before anything is computed."
            ) from error
