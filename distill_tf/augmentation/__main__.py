"""The command python -m distill_tf.augmentation: writes train_aug for a task.

python -m distill_tf.augmentation --task_name=sst-2 --data_dir=glue/SST-2
"""

import dataclasses
import importlib
import os
import sys
from collections.abc import Sequence

from absl import app
from absl import flags
from absl import logging

from distill_tf.augmentation.config import AugmentConfig
from distill_tf.config.flags import config_from_flags
from distill_tf.config.flags import define_flags
from distill_tf.errors import DistillError


def main(argv: Sequence[str]) -> None:
    """Runs the command with the flags of the command line."""
    logging.set_verbosity(logging.INFO)
    try:
        if len(argv) > 1:
            raise DistillError(
                f"flags look like --name=value, but got {argv[1]!r}; see --help."
            )
        config = config_from_flags(AugmentConfig)
        # Only now, since its libraries take seconds to import.
        importlib.import_module("distill_tf.augmentation.run").augment(config)
    except DistillError as error:
        print(f"Error: {error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("Interrupted; nothing was written.", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    # TensorFlow's remarks on its own build help nobody; it reads this when imported.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    define_flags(AugmentConfig)
    for field in dataclasses.fields(AugmentConfig):
        # --help lists the flags of the main module.
        flags.FLAGS.register_key_flag_for_module(sys.argv[0], flags.FLAGS[field.name])
    app.run(main)
