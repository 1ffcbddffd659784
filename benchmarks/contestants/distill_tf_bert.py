"""distill_tf's BERT: fine-tuning, both stages of TinyBERT, inference."""

from collections.abc import Callable

import numpy as np
from bert_base_cases import bert_base_cases
from inference_cases import inference_cases
from scoring_cases import cross_encoder_case
from settings import Settings

from contestants.distill_tf_training import classifier
from contestants.distill_tf_training import prepare
from contestants.distill_tf_training import single_texts
from contestants.distill_tf_training import training
from contestants.distill_tf_training import with_teacher_on_disk
from distill_tf.config import DistillConfig
from distill_tf.config import FineTuneConfig
from distill_tf.evaluation.inference import Inference
from distill_tf.methods import Sizes
from distill_tf.methods import build_stages
from distill_tf.methods import labels_only
from distill_tf.precision import without_training


def fine_tuning(
    settings: Settings, precision: str, ready: bool = False, **options
) -> dict[str, Callable[[int], None]]:
    """Labels alone.

    Args:
        settings: sizes.
        precision: Keras' dtype policy.
        ready: whether the batches are read from memory, made before.
        **options: of FineTuneConfig.
    """
    config = FineTuneConfig(
        train_batch_size=settings.batch_size, precision=precision, **options
    )
    prepare(config)
    (stage,) = labels_only(epochs=1, learning_rate=5e-5, regression=False)
    model = classifier(settings.teacher, settings, precision)
    return training(stage, config, model, single_texts(settings, config), ready=ready)


def tinybert(
    settings: Settings,
    precision: str,
    stage: str,
    on_disk: bool = False,
    ready: bool = False,
    **options,
) -> dict[str, Callable[[int], None]]:
    """A stage of TinyBERT, with the teacher live or on disk.

    Args:
        settings: sizes.
        precision: Keras' dtype policy, of both models.
        stage: "intermediate" or "prediction".
        on_disk: whether the teacher's outputs are read from there.
        ready: whether the batches are read from memory, made before.
        **options: of DistillConfig.
    """
    config = DistillConfig(
        method="tinybert",
        train_batch_size=settings.batch_size,
        precision=precision,
        intermediate_epochs=1.0,
        intermediate_learning_rate=5e-5,
        num_train_epochs=1.0,
        learning_rate=3e-5,
        **options,
    )
    prepare(config)
    sizes = Sizes(
        student_layers=settings.student.num_hidden_layers,
        teacher_layers=settings.teacher.num_hidden_layers,
        regression=False,
    )
    stages = build_stages(config, sizes)
    (chosen,) = (each for each in stages if each.name == stage)
    student = classifier(settings.student, settings, precision)
    teacher = classifier(settings.teacher, settings, without_training(precision))
    batches = single_texts(settings, config)
    if on_disk:
        batches = with_teacher_on_disk(batches, chosen, teacher, config)
    return training(chosen, config, student, batches, teacher, ready)


def inference(settings: Settings, precision: str) -> dict[str, Callable[[int], None]]:
    """As `Predictor` computes, from NumPy to NumPy."""
    forwards = {
        name: Inference(classifier(sizes, settings, without_training(precision)))
        for name, sizes in settings.models.items()
    }

    def call(model: str, token_ids: np.ndarray, mask: np.ndarray):
        segment_ids = np.zeros_like(token_ids)
        inputs = {"token_ids": token_ids, "segment_ids": segment_ids}
        return lambda: forwards[model]({**inputs, "padding_mask": mask})

    return inference_cases(settings, call)


def bert_base(settings: Settings, precision: str) -> dict[str, Callable[[int], None]]:
    return bert_base_cases(settings, fine_tuning, inference, precision=precision)


def scoring(settings: Settings, precision: str) -> dict[str, Callable[[int], None]]:
    return cross_encoder_case(settings, inference, precision=precision)
