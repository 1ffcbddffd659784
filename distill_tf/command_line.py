"""The entry points: flags become a configuration, mistakes become one sentence."""

import dataclasses
import sys
from pathlib import Path

from absl import app
from absl import flags
from absl import logging

from distill_tf.config import DistillConfig
from distill_tf.config import FineTuneConfig
from distill_tf.config.flags import config_from_flags
from distill_tf.config.flags import define_flags
from distill_tf.errors import DistillError
from distill_tf.pipeline.distill import distill
from distill_tf.pipeline.fine_tune import fine_tune
from distill_tf.pipeline.run_folder import CONFIG_FILE

_COMMANDS = {
    "distill": (DistillConfig, distill),
    "fine_tune": (FineTuneConfig, fine_tune),
}


def main(command: str) -> None:
    """Runs "distill" or "fine_tune" with the flags of the command line."""
    config_class, run = _COMMANDS[command]
    define_flags(config_class)
    for field in dataclasses.fields(config_class):
        # --help lists the flags of the main module.
        flags.FLAGS.register_key_flag_for_module(sys.argv[0], flags.FLAGS[field.name])

    def run_with_flags(argv):
        logging.set_verbosity(logging.INFO)
        try:
            if len(argv) > 1:
                raise DistillError(
                    f"flags look like --name=value, but got {argv[1]!r}; see --help."
                )
            run(_configuration(config_class))
        except DistillError as error:
            print(f"Error: {error}", file=sys.stderr)
            sys.exit(1)

    app.run(run_with_flags)


def _configuration(config_class):
    """The flags; for a finished run that is only evaluated, over its own settings."""
    saved = Path(flags.FLAGS.output_dir) / CONFIG_FILE
    if flags.FLAGS.output_dir and not flags.FLAGS.do_train and saved.exists():
        return config_from_flags(config_class, base=config_class.load(saved))
    return config_from_flags(config_class)
