"""The log level during TensorFlow's writing, and after it."""

import logging

import pytest
from absl import logging as absl_logging

from distill_tf.export.quiet import quiet


@pytest.mark.parametrize("level", [logging.NOTSET, logging.INFO, logging.ERROR])
def test_the_level_is_given_back(level):
    logger = absl_logging.get_absl_logger()
    before = logger.level
    try:
        logger.setLevel(level)
        with quiet():
            assert not logger.isEnabledFor(logging.WARNING)
            # As TensorFlow does.
            said = absl_logging.get_verbosity()
            absl_logging.set_verbosity(absl_logging.FATAL)
            absl_logging.set_verbosity(said)
            assert not logger.isEnabledFor(logging.WARNING)
        assert logger.level == level
    finally:
        logger.setLevel(before)


def test_the_level_is_given_back_after_a_failure():
    logger = absl_logging.get_absl_logger()
    before = logger.level
    with pytest.raises(OSError), quiet():
        raise OSError
    assert logger.level == before
