"""TensorFlow's writers without their remarks, and the log level as it was."""

import contextlib
from collections.abc import Iterator

from absl import logging


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keeps TensorFlow from logging names, paths, and that gradients were left out.

    Whatever the block does to the level of absl's logger is undone. When TensorFlow
    lists what a module holds (`AutoTrackable`), to save it or to convert it for LiteRT,
    it silences absl and then sets what `get_verbosity` had said; where the level was
    left to the root logger, that is another one.
    """
    logger, verbosity = logging.get_absl_logger(), logging.get_verbosity()
    level = logger.level
    # By absl's own function, so that TensorFlow gives back this and nothing louder.
    logging.set_verbosity(logging.ERROR)
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        logger.setLevel(level)
