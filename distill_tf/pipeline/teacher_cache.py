"""Which stages of a run read the teacher's outputs from disk, and those outputs."""

import shutil
import time
from collections.abc import Sequence
from pathlib import Path

from absl import logging

from distill_tf.config import DistillConfig
from distill_tf.data.batches import StoredOutputs
from distill_tf.data.batches import TrainingBatches
from distill_tf.errors import DistillError
from distill_tf.files import check_writable
from distill_tf.files import nearest_existing
from distill_tf.files import write_json_atomically
from distill_tf.methods import Stage
from distill_tf.models.outputs import OutputsModel
from distill_tf.objectives import Features
from distill_tf.objectives import merge
from distill_tf.pipeline.run_folder import RunFolder
from distill_tf.teacher_cache import CachedOutputs
from distill_tf.teacher_cache import DistinctRows
from distill_tf.teacher_cache import StoredRows
from distill_tf.teacher_cache import build
from distill_tf.teacher_cache import can_be_told
from distill_tf.teacher_cache import columns_of
from distill_tf.teacher_cache import describe_teacher
from distill_tf.teacher_cache import fingerprint
from distill_tf.teacher_cache import padding_mask
from distill_tf.training.readable import read_json
from distill_tf.training.stage_folder import StageFolder

# Kept for whoever comes next, even where a stage reads only what is inside.
_ALWAYS = {"logits": None}
# The run's own states need room too.
_SHARE_OF_FREE_SPACE = 0.9


def teacher_cache_folder(config: DistillConfig) -> Path | None:
    """Where all teachers' outputs lie; None if they are not kept.

    Raises:
        DistillError: the configured folder cannot be written to.
    """
    if config.teacher_cache == "off":
        return None
    automatic = config.teacher_cache == "auto"
    folder = Path(
        Path(config.output_dir).parent / "teacher_cache"
        if automatic
        else config.teacher_cache
    )
    try:
        check_writable(folder, "teacher_cache")
    except DistillError:
        if not automatic:
            raise
        return None
    return folder


def cached_outputs(
    folder: Path | None,
    run: RunFolder,
    stages: Sequence[Stage],
    batches: TrainingBatches,
    teacher: OutputsModel | None,
    precision: str,
) -> dict[str, StoredOutputs]:
    """What the teacher says of the training data, for the stages that read it.

    A stage whose outputs are too large is left out, and asks the teacher as it trains;
    so is one that reads padding, which is not kept.
    With `auto` all stages do, unless the outputs save half of the teacher's work. A run
    that goes on does as it began, unless what is still missing has become too large.

    Args:
        folder: what `teacher_cache_folder` gave.
        run: the run's folder.
        stages: those of the method.
        batches: the training data.
        teacher: as the run computes it; None if the batches bring its outputs.
        precision: the Keras dtype policy under which it does.

    Returns:
        The outputs by the stage's name.
    """
    asking = [
        stage
        for stage in stages
        if stage.needs_teacher and not StageFolder(run.stage(stage.name)).finished()
    ]
    if folder is None or not asking or batches.bring_teacher_outputs:
        return {}
    if not can_be_told(teacher):
        logging.info("This kind of teacher is asked as the student trains.")
        return {}
    for stage in asking:
        if stage.reads_padding:
            logging.info(
                "Stage %s asks the teacher as it trains: it reads padding too, which "
                "is not kept.",
                stage.name,
            )
    asking = [stage for stage in asking if not stage.reads_padding]
    if not asking:
        return {}
    cache = _Cache(folder, batches, teacher, precision)
    began = run.stage("teacher_cache.json")
    if began.exists():
        names = read_json(
            began, list, "remove it to have the run choose again what it keeps on disk"
        )
        earlier = [stage for stage in asking if stage.name in names]
        chosen, stored = cache.go_on(earlier, run.config)
        # For good, so that a stage does not change its ways again at the next break.
        dropped = _names(earlier) - _names(chosen)
        names = [name for name in names if name not in dropped]
    else:
        chosen, stored = cache.choose(asking, run.config)
        names = sorted(_names(chosen))
    write_json_atomically(began, names)
    return cache.fill(chosen, stored) if chosen else {}


class _Cache:
    """One teacher's outputs on one set of examples."""

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
        if not self._reads_once and any(each.runs_over_tokens for each in columns):
            return "it reads tokens, and the teacher splits texts in several ways", None
        size, allowed = self._num_bytes(stages), config.teacher_cache_max_gb
        if size > allowed * 1e9:
            return (
                f"its outputs would take {_readable(size)} on disk, and "
                f"teacher_cache_max_gb is {allowed:g}"
            ), None
        stored = self.look_up(stages)
        lengths = self._distinct.lengths
        missing = sum(each.num_bytes(lengths[stored.missing(each)]) for each in columns)
        free = shutil.disk_usage(nearest_existing(self._folder)).free
        if missing > _SHARE_OF_FREE_SPACE * free:
            return (
                f"its outputs would take {_readable(missing)} more on disk, and "
                f"{_readable(free)} are free in {self._folder.parent}"
            ), None
        return "", stored


def _names(stages: Sequence[Stage]) -> set[str]:
    return {stage.name for stage in stages}


def _features(stages: Sequence[Stage]) -> Features:
    return merge([_ALWAYS, *(stage.teacher_features for stage in stages)])


def _readable(num_bytes: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if num_bytes < 1000:
            return f"{num_bytes:.1f} {unit}"
        num_bytes /= 1000
    return f"{num_bytes:.1f} TB"
