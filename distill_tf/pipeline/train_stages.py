"""Takes one classifier through the stages of a method."""

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType

import keras

from distill_tf.config.training import TrainingOptions
from distill_tf.data.batches import StoredOutputs
from distill_tf.data.batches import TrainingBatches
from distill_tf.evaluation.inference import Inference
from distill_tf.methods import Stage
from distill_tf.models.outputs import OutputsModel
from distill_tf.predictor import Predictor
from distill_tf.training.memory import keep_freed_memory
from distill_tf.training.stages import run_stage


def train_stages(
    classifier: Predictor,
    stages: Sequence[Stage],
    batches: TrainingBatches,
    evaluate: Callable[[Inference], dict[str, float]],
    folder: Path,
    options: TrainingOptions,
    teacher: OutputsModel | None = None,
    teacher_outputs: Mapping[str, StoredOutputs] = MappingProxyType({}),
    finished: Predictor | None = None,
    maps: Mapping[str, keras.layers.Layer] = MappingProxyType({}),
    labelled: TrainingBatches | None = None,
) -> Predictor:
    """Trains the classifier in place, stage after stage.

    Args:
        classifier: what is trained, in the precision of the training.
        stages: what it is trained towards.
        batches: the training data.
        evaluate: dev metrics, the selecting one first.
        folder: gets one folder a stage.
        options: optimizer, patience, how often to evaluate and to save.
        teacher: the model to learn from, if a stage needs it.
        teacher_outputs: by a stage's name, what the teacher says, if that is known.
        finished: the part of `classifier` that is evaluated and left, if not all of it.
        maps: trained maps to go on with, by their objectives' `projection_key`.
        labelled: the training data of stages that need no teacher, where some of the
            others' have no label.

    Returns:
        The finished classifier, in float32.
    """
    keep_freed_memory()
    finished = finished or classifier
    maps = dict(maps)
    for stage in stages:
        known = teacher_outputs.get(stage.name)
        chosen = batches if stage.needs_teacher or labelled is None else labelled
        run_stage(
            stage,
            (finished if stage.finished_alone else classifier).model,
            chosen if known is None else chosen.with_teacher_outputs(known),
            lambda: evaluate(finished.inference),
            folder / stage.name,
            options,
            teacher=teacher if stage.needs_teacher else None,
            maps=maps,
        )
    return finished.with_precision("float32")
