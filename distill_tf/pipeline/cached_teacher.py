"""A teacher's outputs on the training data: their size, what there is, the rest."""

import shutil
import time
from collections.abc import Sequence
from pathlib import Path

from absl import logging

from distill_tf.config import DistillConfig
from distill_tf.data.batches import StoredOutputs
from distill_tf.data.batches import TrainingBatches
from distill_tf.files import nearest_existing
from distill_tf.files import write_json_atomically
from distill_tf.methods import Stage
from distill_tf.models.outputs import OutputsModel
from distill_tf.objectives import Features
from distill_tf.objectives import merge
from distill_tf.teacher_cache import CachedOutputs
from distill_tf.teacher_cache import DistinctRows
from distill_tf.teacher_cache import StoredRows
from distill_tf.teacher_cache import build
from distill_tf.teacher_cache import columns_of
from distill_tf.teacher_cache import describe_teacher
from distill_tf.teacher_cache import fingerprint
from distill_tf.teacher_cache import padding_mask

# Kept for whoever comes next, even where a stage reads only what is inside.
_ALWAYS = {"logits": None}
# The run's own states need room too.
_SHARE_OF_FREE_SPACE = 0.9


class CachedTeacher:
    """One teacher's outputs on one set of examples.

    Args:
        folder: of all teachers.
        batches: the examples.
        teacher: as the run computes it.
        precision: the Keras dtype policy under which it does.
    """

    def __init__(
        self,
        folder: Path,
        batches: TrainingBatches,
        teacher: OutputsModel,
        precision: str,
    ):
        self._folder = folder / fingerprint(teacher, precision)
        self._description = describe_teacher(teacher, precision)
        self._batches = batches
        self._teacher = teacher
        self._distinct = DistinctRows.of(batches)
        inputs = batches.teacher_inputs(self._distinct.examples[:1])
        self._sample = teacher.compute_outputs(inputs, training=False)
        self._reads_once = padding_mask(inputs) is not None

    def look_up(self, stages: Sequence[Stage]) -> StoredRows:
        """What there is on disk of all that these stages read."""
        return StoredRows(
            self._folder,
            self._distinct.keys,
            columns_of(_features(stages), self._sample),
        )

    def choose(
        self, stages: Sequence[Stage], config: DistillConfig
    ) -> tuple[list[Stage], StoredRows | None]:
        """The stages that shall read from disk, and what there is for them."""
        chosen, stored = self._fitting(stages, config)
        if not chosen or config.teacher_cache != "auto":
            return chosen, stored
        missing = stored.incomplete().sum()
        passes = sum(stage.epochs for stage in chosen)
        if 2 * missing > passes * self._batches.num_examples:
            logging.info(
                "The teacher is asked as the student trains: its outputs would be used "
                "for %g epochs only, and teacher_cache is auto.",
                passes,
            )
            return [], None
        return chosen, stored

    def go_on(
        self, stages: Sequence[Stage], config: DistillConfig
    ) -> tuple[list[Stage], StoredRows | None]:
        """The same for stages that were chosen before.

        What is all there is read whatever its size. Else the limit counts again, which
        may have been lowered after the disk was full.
        """
        stored = self.look_up(stages)
        if not stored.incomplete().any():
            return list(stages), stored
        return self._fitting(stages, config)

    def _fitting(
        self, stages: Sequence[Stage], config: DistillConfig
    ) -> tuple[list[Stage], StoredRows | None]:
        """Those whose outputs are not too large, and what there is of these."""
        fitting, stored = sorted(stages, key=lambda each: self._num_bytes([each])), None
        while fitting:
            why, stored = self._hindrance(fitting, config)
            if not why:
                break
            logging.info(
                "Stage %s asks the teacher as it trains: %s.", fitting.pop().name, why
            )
        return fitting, stored

    def fill(
        self, stages: Sequence[Stage], stored: StoredRows
    ) -> dict[str, StoredOutputs]:
        """Computes what is missing; the outputs by the stage's name."""
        started = time.monotonic()
        if stored.incomplete().any():
            write_json_atomically(self._folder / "teacher.json", self._description)
        computed = build(stored, self._distinct, self._batches, self._teacher)
        logging.info(
            "Teacher outputs on disk: %s of %d examples (%d different), %s in %s; "
            "%d computed now, in %.1f seconds.",
            ", ".join(column.name for column in stored.columns),
            self._batches.num_examples,
            len(self._distinct),
            _readable(self._num_bytes(stages)),
            self._folder,
            computed,
            time.monotonic() - started,
        )
        return {
            stage.name: CachedOutputs(
                stored,
                self._distinct.row_of_example,
                stage.teacher_features,
                self._sample,
            )
            for stage in stages
        }

    def _num_bytes(self, stages: Sequence[Stage]) -> int:
        return sum(
            column.num_bytes(self._distinct.lengths)
            for column in columns_of(_features(stages), self._sample)
        )

    def _hindrance(
        self, stages: Sequence[Stage], config: DistillConfig
    ) -> tuple[str, StoredRows | None]:
        """Why the outputs cannot be kept, or "" and what there is of them."""
        columns = columns_of(_features(stages), self._sample)
        what = "its outputs" if len(stages) == 1 else "all stages' outputs"
        if not self._reads_once and any(each.runs_over_tokens for each in columns):
            return "it reads tokens, and the teacher splits texts in several ways", None
        size, allowed = self._num_bytes(stages), config.teacher_cache_max_gb
        if size > allowed * 1e9:
            return (
                f"{what} would take {_readable(size)} on disk, and "
                f"teacher_cache_max_gb is {allowed:g}"
            ), None
        stored = self.look_up(stages)
        lengths = self._distinct.lengths
        missing = sum(each.num_bytes(lengths[stored.missing(each)]) for each in columns)
        free = shutil.disk_usage(nearest_existing(self._folder)).free
        if missing > _SHARE_OF_FREE_SPACE * free:
            return (
                f"{what} would take {_readable(missing)} more on disk, and "
                f"{_readable(free)} are free in {self._folder.parent}"
            ), None
        return "", stored


def _features(stages: Sequence[Stage]) -> Features:
    return merge([_ALWAYS, *(stage.teacher_features for stage in stages)])


def _readable(num_bytes: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if num_bytes < 1000:
            return f"{num_bytes:.1f} {unit}"
        num_bytes /= 1000
    return f"{num_bytes:.1f} TB"
