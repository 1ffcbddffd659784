"""Which stages of a run read the teacher's outputs from disk."""

from collections.abc import Sequence
from pathlib import Path

from absl import logging

from distill_tf.config import DistillConfig
from distill_tf.data.batches import StoredOutputs
from distill_tf.data.batches import TrainingBatches
from distill_tf.errors import DistillError
from distill_tf.files import check_writable
from distill_tf.files import write_json_atomically
from distill_tf.methods import Stage
from distill_tf.models.outputs import OutputsModel
from distill_tf.pipeline.cached_teacher import CachedTeacher
from distill_tf.pipeline.run_folder import RunFolder
from distill_tf.teacher_cache import can_be_told
from distill_tf.training.readable import read_json
from distill_tf.training.stage_folder import StageFolder


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
    except DistillError as error:
        if not automatic:
            raise
        logging.info("The teacher is asked as the student trains: %s", error)
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
    cache = CachedTeacher(folder, batches, teacher, precision)
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


def _names(stages: Sequence[Stage]) -> set[str]:
    return {stage.name for stage in stages}
