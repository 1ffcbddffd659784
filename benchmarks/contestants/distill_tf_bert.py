"""distill_tf's BERT: fine-tuning, both stages of TinyBERT, inference."""

import dataclasses
from collections.abc import Callable

import keras
import numpy as np
from batches import SEED
from batches import make_texts
from bert_base_cases import bert_base_cases
from inference_cases import inference_cases
from settings import BertSizes
from settings import Settings

from distill_tf.config import DistillConfig
from distill_tf.config import FineTuneConfig
from distill_tf.config.training import TrainingOptions
from distill_tf.data.batches import TrainingBatches
from distill_tf.evaluation.inference import Inference
from distill_tf.methods import Sizes
from distill_tf.methods import Stage
from distill_tf.methods import build_stages
from distill_tf.methods import labels_only
from distill_tf.models.bert_config import BertConfig
from distill_tf.models.classifier import BertClassifier
from distill_tf.text import EncodedTexts
from distill_tf.threads import set_threads
from distill_tf.training.jit import resolve_jit_compile
from distill_tf.training.memory import keep_freed_memory
from distill_tf.training.optimizer import build_optimizer
from distill_tf.training.stages import build_distiller

_UPDATES = 10_000  # Of the schedule; the rate does not matter here.


class KnownLogits:
    """A teacher that has been asked before."""

    def __init__(self, logits: np.ndarray):
        self._logits = logits

    def batch(self, example_ids, inputs):
        del inputs
        return {"logits": self._logits[example_ids]}


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
    _prepare(config)
    (stage,) = labels_only(epochs=1, learning_rate=5e-5, regression=False)
    model = _classifier(settings.teacher, settings, precision)
    return _training(stage, config, settings, model, ready=ready)


def tinybert(
    settings: Settings,
    precision: str,
    stage: str,
    stored: bool = False,
    ready: bool = False,
    **options,
) -> dict[str, Callable[[int], None]]:
    """A stage of TinyBERT, with the teacher live or its logits known.

    Args:
        settings: sizes.
        precision: Keras' dtype policy, of both models.
        stage: "intermediate" or "prediction".
        stored: whether the teacher's logits are known.
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
    _prepare(config)
    sizes = Sizes(
        student_layers=settings.student.num_hidden_layers,
        teacher_layers=settings.teacher.num_hidden_layers,
        regression=False,
    )
    stages = build_stages(config, sizes)
    (chosen,) = (each for each in stages if each.name == stage)
    student = _classifier(settings.student, settings, precision)
    teacher = _classifier(settings.teacher, settings, precision)
    logits = np.zeros((settings.examples, 2), np.float32) if stored else None
    return _training(chosen, config, settings, student, teacher, logits, ready)


def inference(settings: Settings, precision: str) -> dict[str, Callable[[int], None]]:
    """As `Predictor` computes, from NumPy to NumPy."""
    forwards = {
        name: Inference(_classifier(sizes, settings, precision))
        for name, sizes in settings.models.items()
    }

    def call(model: str, token_ids: np.ndarray, mask: np.ndarray):
        segment_ids = np.zeros_like(token_ids)
        inputs = {"token_ids": token_ids, "segment_ids": segment_ids}
        return lambda: forwards[model]({**inputs, "padding_mask": mask})

    return inference_cases(settings, call)


def bert_base(settings: Settings, precision: str) -> dict[str, Callable[[int], None]]:
    return bert_base_cases(settings, fine_tuning, inference, precision=precision)


def bert_config(sizes: BertSizes, settings: Settings) -> BertConfig:
    return BertConfig(vocab_size=settings.vocab_size, **dataclasses.asdict(sizes))


def _prepare(options: TrainingOptions) -> None:
    """As the pipeline does, before anything is computed."""
    set_threads(options.num_threads, options.inter_op_threads)
    keep_freed_memory()


def _classifier(sizes: BertSizes, settings: Settings, precision: str) -> BertClassifier:
    keras.utils.set_random_seed(SEED)
    return BertClassifier(bert_config(sizes, settings), 2, dtype=precision)


def _training(
    stage: Stage,
    options: TrainingOptions,
    settings: Settings,
    student: BertClassifier,
    teacher: BertClassifier | None = None,
    logits: np.ndarray | None = None,
    ready: bool = False,
) -> dict[str, Callable[[int], None]]:
    texts = make_texts(settings)
    encoded = EncodedTexts(
        token_ids=texts.token_ids,
        segment_ids=np.zeros(len(texts.token_ids), np.uint8),
        row_splits=texts.row_splits,
        pad_id=0,
        num_truncated=0,
    )
    batches = TrainingBatches(
        encoded,
        texts.labels,
        options.train_batch_size,
        SEED,
        teacher_outputs=None if logits is None else KnownLogits(logits),
        tokens_per_batch=options.tokens_per_batch,
    )
    distiller = build_distiller(stage, student, batches, teacher)
    distiller.compile(
        build_optimizer(stage.learning_rate, stage.schedule, _UPDATES, options),
        jit_compile=resolve_jit_compile(options.jit_compile),
    )
    epoch = batches.epoch(0)
    if ready:
        epoch = epoch.cache()
    return {
        "": lambda passes: distiller.fit(epoch.repeat(passes), verbose=0, shuffle=False)
    }
