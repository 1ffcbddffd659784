"""What a run's student is compared with: its teacher, and itself without one."""

from dataclasses import replace
from typing import Any

from absl import logging

from distill_tf.errors import DistillError
from distill_tf.pipeline.evaluate import evaluate_model
from distill_tf.pipeline.finish import load_finished
from distill_tf.pipeline.run_folder import ALONE
from distill_tf.pipeline.run_folder import RunFolder
from distill_tf.pipeline.task_data import TaskData
from distill_tf.pipeline.teacher import load_teacher
from distill_tf.pipeline.teachers import Teacher
from distill_tf.pipeline.trained_on import TrainedOn
from distill_tf.predictor import Predictor

Rows = dict[str, dict[str, Any]]


def rows_beside(folder: RunFolder, data: TaskData, teacher: Teacher | None) -> Rows:
    """Quality and cost of the others, under the headings of the report.

    Latencies are measured one after the other, so that they compare. What can no longer
    be measured is shown as it was.

    Args:
        folder: a finished run's.
        data: its task.
        teacher: who taught in this call, and was rated before; None if nobody did.
    """
    earlier = {
        name: row
        for name, row in folder.results().items()
        if isinstance(row, dict) and "parameters" in row
    }
    alone = earlier.pop(ALONE, None)
    rows = _teacher_rows(folder, data, teacher, earlier)
    if Predictor.is_saved_in(folder.path / ALONE):
        predictor = load_finished(folder.path / ALONE, data)
        rows[ALONE] = evaluate_model(predictor, data, folder.config.eval_batch_size)
    elif alone:
        logging.info("The student alone is shown as it was: its files are removed.")
        rows[ALONE] = alone
    return rows


def _teacher_rows(
    folder: RunFolder, data: TaskData, teacher: Teacher | None, earlier: Rows
) -> Rows:
    if teacher is not None:
        return teacher.time_again(folder.teacher_results())
    try:
        teacher = load_teacher(folder.config, data, may_train=False)
        begun = folder.begun_with(TrainedOn)
        now = begun and replace(begun, teacher=teacher.fingerprint())
        if changed := now and now.difference(begun):
            raise DistillError(f"{changed} since it taught this student.")
        return teacher.rate(data, folder.config.eval_batch_size)
    except DistillError as error:
        logging.warning("The teacher is shown as it was before: %s", error)
        return folder.teacher_results() or earlier
