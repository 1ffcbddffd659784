"""The folder of one run: its configuration, its stages, its results."""

import json
import shutil
from pathlib import Path
from typing import Any

from distill_tf.config.options import Config
from distill_tf.files import write_json_atomically
from distill_tf.pipeline.output_folder import OutputFolder
from distill_tf.pipeline.output_folder import check_writable
from distill_tf.predictor import Predictor
from distill_tf.training.stage_folder import DONE_FILE

RESULTS_FILE = "results_eval.json"
# The folder of the student that learnt without a teacher.
ALONE = "student_alone"


class RunFolder(OutputFolder[Config]):
    """The folder of a run on a task; a second configuration is refused.

    run_config.json, results_eval.json, model.keras, vocab.txt, text_settings.json,
    labels.json, predictions.tsv; stages/ while and after training.
    """

    def __init__(self, config: Config):
        """Checks the folder, and result_dir, without writing anything.

        Raises:
            DistillError: a folder cannot be written, or holds something else, or a
                run with another configuration.
        """
        super().__init__(config)
        if config.result_dir:
            check_writable(Path(config.result_dir), "result_dir")

    def _is_begun(self) -> bool:
        # What only reads a finished run may have other settings.
        return self.config.do_train and (
            super()._is_begun() or Predictor.is_saved_in(self.path)
        )

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
        for folder in (self.stage(), self.path / ALONE):
            shutil.rmtree(folder, ignore_errors=True)

    def write_results(self, results: dict[str, Any]) -> None:
        write_json_atomically(self.path / RESULTS_FILE, results)
        if self.config.result_dir:
            write_json_atomically(Path(self.config.result_dir) / RESULTS_FILE, results)
