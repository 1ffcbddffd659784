"""The entry points: flags become a configuration, mistakes become one sentence."""

import contextlib
import dataclasses
import importlib
import os
import sys
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from pathlib import Path

from absl import app
from absl import flags
from absl import logging

from distill_tf.config import DistillConfig
from distill_tf.config import FineTuneConfig
from distill_tf.config.flags import config_from_flags
from distill_tf.config.flags import define_flags
from distill_tf.config.options import CONFIG_FILE
from distill_tf.config.options import Options
from distill_tf.errors import DistillError

_CONFIGS = {"distill": DistillConfig, "fine_tune": FineTuneConfig}


def main(command: str) -> None:
    """Runs "distill" or "fine_tune" with the flags of the command line."""
    run(
        _CONFIGS[command],
        f"distill_tf.pipeline.{command}",
        command,
        _over_a_finished_run,
        interrupted="the same command goes on from here",
    )


def run(
    config_class: type[Options],
    module: str,
    function: str,
    configuration: Callable[[type[Options]], Options] = config_from_flags,
    *,
    interrupted: str,
) -> None:
    """Defines a configuration's flags and calls a function with what they say.

    Args:
        config_class: the configuration whose fields are the flags.
        module: the function's module, imported when the flags are read, since
            TensorFlow takes seconds to import.
        function: its name there.
        configuration: makes it once the flags are read; by default of them alone.
        interrupted: what an interruption means, for the message.
    """
    # TensorFlow's remarks on its own build help nobody; it reads this when imported.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    define_flags(config_class)
    show_in_help(field.name for field in dataclasses.fields(config_class))

    def run_with_flags(argv):
        with mistakes_in_one_sentence(interrupted):
            if len(argv) > 1:
                raise DistillError(
                    f"flags look like --name=value, but got {argv[1]!r}; see --help."
                )
            config = configuration(config_class)
            getattr(importlib.import_module(module), function)(config)

    app.run(run_with_flags)


def show_in_help(names: Iterable[str]) -> None:
    """--help lists these flags, as those of the main module."""
    for name in names:
        flags.FLAGS.register_key_flag_for_module(sys.argv[0], flags.FLAGS[name])


@contextlib.contextmanager
def mistakes_in_one_sentence(interrupted: str) -> Iterator[None]:
    """Ends the process with a sentence, not a traceback, where the user can mend it."""
    logging.set_verbosity(logging.INFO)
    try:
        yield
    except DistillError as error:
        print(f"Error: {error}", file=sys.stderr)
        sys.exit(1)
    except OSError as error:
        if error.filename is None:
            raise
        reason = os.strerror(error.errno) if error.errno else error
        print(
            f"Error: {error.filename} cannot be used ({reason}); correct the path, or "
            "the permissions, or free some space.",
            file=sys.stderr,
        )
        sys.exit(1)
    except KeyboardInterrupt:
        print(f"Interrupted; {interrupted}.", file=sys.stderr)
        sys.exit(130)


def _over_a_finished_run(config_class: type[Options]) -> Options:
    """The flags; for a finished run that is only evaluated, over its own settings."""
    saved = Path(flags.FLAGS.output_dir) / CONFIG_FILE
    if flags.FLAGS.output_dir and not flags.FLAGS.do_train and saved.exists():
        return config_from_flags(config_class, base=config_class.load(saved))
    return config_from_flags(config_class)
