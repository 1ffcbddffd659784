"""Takes one classifier through the stages of a method."""

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType

import keras

from distill_tf.config.training import TrainingOptions
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
    batches: Mapping[str, TrainingBatches],
    evaluate: Callable[[Inference], dict[str, float]],
    folder: Path,
    options: TrainingOptions,
    teacher: OutputsModel | None = None,
    finished: Predictor | None = None,
    maps: Mapping[str, keras.layers.Layer] = MappingProxyType({}),
) -> Predictor:
    """Trains the classifier in place, stage after stage.

    Args:
        classifier: what is trained, in the precision of the training.
        stages: what it is trained towards.
        batches: by a stage's name the training data, with what the teacher says if
            that is known.
        evaluate: dev metrics, the selecting one first.
        folder: gets one folder a stage.
        options: optimizer, patience, how often to evaluate and to save.
        teacher: the model to learn from, if a stage needs it.
        finished: the part of `classifier` that is evaluated and left, if not all of it.
        maps: trained maps to go on with, by their objectives' `projection_key`.

    Returns:
        The finished classifier, in float32.
    """
    keep_freed_memory()
    finished = finished or classifier
    maps = dict(maps)
    for stage in stages:
        run_stage(
            stage,
            (finished if stage.finished_alone else classifier).model,
            batches[stage.name],
            lambda: evaluate(finished.inference),
            folder / stage.name,
            options,
            teacher=teacher if stage.needs_teacher else None,
            maps=maps,
        )
    return finished.with_precision("float32")
