"""The command python -m distill_tf.export: flags, and mistakes as one sentence."""

import importlib
from pathlib import Path

from absl import app
from absl import flags

from distill_tf.command_line import mistakes_in_one_sentence
from distill_tf.command_line import show_in_help
from distill_tf.errors import DistillError
from distill_tf.export.format_names import FORMATS
from distill_tf.export.format_names import NUM_TEXTS
from distill_tf.export.format_names import parse_formats


def main() -> None:
    """Exports the run whose folder stands on the command line."""
    _define_flags()

    def run_with_flags(argv):
        with mistakes_in_one_sentence("what was not finished is not there"):
            if len(argv) != 2:
                raise DistillError(
                    "expected the folder of one finished run, as in "
                    "python -m distill_tf.export RUN_DIR --to=savedmodel, but got "
                    f"{len(argv) - 1}; see --help."
                )
            _export(Path(argv[1]))

    app.run(run_with_flags)


def _define_flags() -> None:
    flags.DEFINE_string(
        "to",
        "savedmodel",
        f"Formats, separated by commas: {', '.join(FORMATS)}.",
    )
    flags.DEFINE_string("output_dir", "", "Where to; by default RUN_DIR/export.")
    flags.DEFINE_string(
        "data_dir",
        "",
        "Folder with the files of the run's task, if it has moved: exports are "
        "compared with the Keras model on the dev set.",
    )
    flags.DEFINE_string(
        "texts_file",
        "",
        "Compare on these texts instead: one a line, or two with a tab between them.",
    )
    flags.DEFINE_integer(
        "num_texts",
        NUM_TEXTS,
        "How many texts to compare on, the first ones; 0: all.",
        lower_bound=0,
    )
    show_in_help(("to", "output_dir", "data_dir", "texts_file", "num_texts"))


def _export(run_folder: Path) -> None:
    values = flags.FLAGS
    formats = parse_formats(values.to)
    # Only now, since TensorFlow takes seconds to import.
    run = importlib.import_module("distill_tf.export.run")
    run.export(
        run_folder,
        formats,
        values.output_dir or None,
        texts_file=values.texts_file,
        data_dir=values.data_dir,
        num_texts=values.num_texts,
    )
