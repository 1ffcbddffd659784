"""The folder of one run: its configuration, its stages, its results."""

import json
import os
import shutil
from pathlib import Path
from typing import Any
from typing import Generic

from distill_tf.config.options import CONFIG_FILE
from distill_tf.config.options import Config
from distill_tf.errors import DistillError
from distill_tf.files import write_json_atomically
from distill_tf.predictor import Predictor
from distill_tf.training.stage_folder import DONE_FILE

RESULTS_FILE = "results_eval.json"
# The folder of the student that learnt without a teacher.
ALONE = "student_alone"
_STAGES = "stages"


class RunFolder(Generic[Config]):
    """Belongs to one configuration; a second one is refused.

    run_config.json, results_eval.json, model.keras, vocab.txt, text_settings.json,
    labels.json, predictions.tsv; stages/ while and after training.
    """

    def __init__(self, config: Config):
        """Checks the folder without writing anything.

        Raises:
            DistillError: the folder cannot be written, or holds something else, or a
                run with another configuration.
        """
        self.config = config
        self.path = Path(config.output_dir)
        _check_writable(self.path, "output_dir")
        if config.result_dir:
            _check_writable(Path(config.result_dir), "result_dir")
        config_file = self.path / CONFIG_FILE
        if not config_file.exists():
            self._refuse_other_files()
        elif config.do_train and not self._is_untouched():
            self._refuse_other_run(config_file)

    def _is_untouched(self) -> bool:
        """Whether a run began here but has not got anywhere yet."""
        return not (self.stage().exists() or Predictor.is_saved_in(self.path))

    def _refuse_other_files(self) -> None:
        # A kill may leave a hidden temporary file behind.
        found = sorted(p.name for p in self.path.glob("*") if p.name[0] != ".")
        if found:
            raise DistillError(
                f"{self.path} should be a new or empty folder, or one of this run, "
                f"but holds other files ({found[0]}); choose another output_dir."
            )

    def _refuse_other_run(self, config_file: Path) -> None:
        difference = self.config.difference(type(self.config).load(config_file))
        if difference:
            raise DistillError(
                f"{self.path} holds another run ({difference}); choose another "
                "output_dir, or remove that folder."
            )

    def create(self) -> None:
        """Writes the configuration; from here on the folder belongs to the run."""
        self.config.save(self.path / CONFIG_FILE)

    def stage(self, *names: str) -> Path:
        return self.path.joinpath(_STAGES, *names)

    def stage_records(self) -> dict[str, Any]:
        """Steps, seconds and evaluations of each finished stage, by its path."""
        root = self.stage()
        return {
            str(path.parent.relative_to(root)): json.loads(path.read_text("utf-8"))
            for path in sorted(root.rglob(DONE_FILE))
        }

    @property
    def teacher_file(self) -> Path:
        return self.stage("teachers.json")

    def teacher_results(self) -> dict[str, dict[str, Any]] | None:
        """How each teacher was rated when the run began; None before."""
        if not self.teacher_file.exists():
            return None
        return json.loads(self.teacher_file.read_text("utf-8"))

    def remove_training_files(self) -> None:
        """Leaves the model, its settings, results, predictions and exports."""
        for name in (_STAGES, ALONE):
            shutil.rmtree(self.path / name, ignore_errors=True)

    def write_results(self, results: dict[str, Any]) -> None:
        write_json_atomically(self.path / RESULTS_FILE, results)
        if self.config.result_dir:
            write_json_atomically(Path(self.config.result_dir) / RESULTS_FILE, results)


def _check_writable(path: Path, option: str) -> None:
    """DistillError unless the path is, or can become, a folder to write to."""
    existing = next(place for place in (path, *path.parents) if place.exists())
    if not existing.is_dir():
        raise DistillError(
            f"{option} should be a folder, but {existing} is a file; choose another "
            f"{option}."
        )
    if not os.access(existing, os.W_OK):
        raise DistillError(
            f"{option} is {path}, but {existing} may not be written to; choose "
            f"another {option}, or change the permissions."
        )
