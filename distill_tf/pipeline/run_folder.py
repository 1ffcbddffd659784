"""The folder of one run: its configuration, its stages, its results."""

import shutil
from pathlib import Path
from typing import Any

from distill_tf.config.options import CONFIG_FILE
from distill_tf.config.options import Config
from distill_tf.errors import DistillError
from distill_tf.files import check_writable
from distill_tf.files import write_json_atomically
from distill_tf.pipeline.output_folder import OutputFolder
from distill_tf.predictor import Predictor
from distill_tf.tasks.from_options import task_name_of
from distill_tf.training.readable import read_json
from distill_tf.training.stage_folder import DONE_FILE
from distill_tf.training.stage_folder import how_to_train_again

RESULTS_FILE = "results_eval.json"
# The folder of the student that learnt without a teacher.
ALONE = "student_alone"


class RunFolder(OutputFolder[Config]):
    """The folder of a run on a task; a second configuration is refused.

    run_config.json, results_eval.json, model.keras, vocab.txt, text_settings.json,
    labels.json, predictions.tsv; stages/ and trained_on.json while and after training.
    """

    def __init__(self, config: Config):
        """Checks the folder, and result_dir, without writing anything.

        Raises:
            DistillError: a folder cannot be written, or holds something else, or a
                run with another configuration, which for one that is only evaluated
                means on another task.
        """
        super().__init__(config)
        if not config.do_train:
            self._refuse_other_task()
        if config.result_dir:
            check_writable(Path(config.result_dir), "result_dir")

    def _is_begun(self) -> bool:
        # What only reads a finished run may have other settings.
        return self.config.do_train and (
            super()._is_begun() or Predictor.is_saved_in(self.path)
        )

    def _refuse_other_task(self) -> None:
        trained, asked = task_name_of(self.trained_config()), task_name_of(self.config)
        if asked != trained:
            file = self.path / CONFIG_FILE
            raise DistillError(
                f"{self.path} holds a run on the task {trained}, but task_name is "
                f"{asked}; give task_name={trained} and its data, or from Python "
                f"{type(self.config).__name__}.load({str(file)!r}).replace("
                "do_train=False)."
            )

    def trained_config(self) -> Config:
        """The configuration that the run was trained with, whatever this call's is."""
        file = self.path / CONFIG_FILE
        return type(self.config).load(file) if file.exists() else self.config

    def stage_records(self) -> dict[str, Any]:
        """Steps, seconds and evaluations of each finished stage, by its path.

        Raises:
            DistillError: a record is damaged.
        """
        root = self.stage()
        return {
            str(path.parent.relative_to(root)): read_json(
                path, dict, how_to_train_again(path.parent)
            )
            for path in sorted(root.rglob(DONE_FILE))
        }

    @property
    def teacher_file(self) -> Path:
        return self.stage("teachers.json")

    def teacher_results(self) -> dict[str, dict[str, Any]] | None:
        """How each teacher was rated when the run began; None before.

        Raises:
            DistillError: the file is damaged.
        """
        if not self.teacher_file.exists():
            return None
        return read_json(
            self.teacher_file, dict, "remove it to have the teacher rated again"
        )

    def remove_training_files(self) -> None:
        """Leaves the model, its settings, results, predictions and exports."""
        for folder in (self.stage(), self.path / ALONE):
            shutil.rmtree(folder, ignore_errors=True)
        self._origin_file.unlink(missing_ok=True)

    def results(self) -> dict[str, Any]:
        """What results_eval.json holds; empty before the first evaluation.

        Raises:
            DistillError: the file is damaged.
        """
        file = self.path / RESULTS_FILE
        if not file.exists():
            return {}
        return read_json(file, dict, "remove it to have it written anew")

    def write_results(self, results: dict[str, Any]) -> None:
        write_json_atomically(self.path / RESULTS_FILE, results)
        if self.config.result_dir:
            write_json_atomically(Path(self.config.result_dir) / RESULTS_FILE, results)
