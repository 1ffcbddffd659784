"""The entry points: flags become a configuration, mistakes become one sentence."""

import dataclasses
import importlib
import sys
from pathlib import Path

from absl import app
from absl import flags
from absl import logging

from distill_tf.config import DistillConfig
from distill_tf.config import FineTuneConfig
from distill_tf.config.flags import config_from_flags
from distill_tf.config.flags import define_flags
from distill_tf.config.options import CONFIG_FILE
from distill_tf.errors import DistillError

_CONFIGS = {"distill": DistillConfig, "fine_tune": FineTuneConfig}


def main(command: str) -> None:
    """Runs "distill" or "fine_tune" with the flags of the command line."""
    config_class = _CONFIGS[command]
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
            config = _configuration(config_class)
            # Only now, since TensorFlow takes seconds to import.
            pipeline = importlib.import_module(f"distill_tf.pipeline.{command}")
            getattr(pipeline, command)(config)
        except DistillError as error:
            print(f"Error: {error}", file=sys.stderr)
            sys.exit(1)
        except KeyboardInterrupt:
            print("Interrupted; the same command goes on from here.", file=sys.stderr)
            sys.exit(130)

    app.run(run_with_flags)


def _configuration(config_class):
    """The flags; for a finished run that is only evaluated, over its own settings."""
    saved = Path(flags.FLAGS.output_dir) / CONFIG_FILE
    if flags.FLAGS.output_dir and not flags.FLAGS.do_train and saved.exists():
        return config_from_flags(config_class, base=config_class.load(saved))
    return config_from_flags(config_class)
