"""What distill_tf's contestants that train have in common."""

import dataclasses
from collections.abc import Callable

import keras
import numpy as np
from batches import SEED
from batches import Texts
from batches import make_texts
from settings import BertSizes
from settings import Settings
from temporary_folder import temporary_folder

from distill_tf.config import DistillConfig
from distill_tf.config.training import TrainingOptions
from distill_tf.data.batches import TrainingBatches
from distill_tf.methods import Stage
from distill_tf.models.bert_config import BertConfig
from distill_tf.models.classifier import BertClassifier
from distill_tf.models.outputs import OutputsModel
from distill_tf.pipeline.run_folder import RunFolder
from distill_tf.pipeline.teacher_cache import cached_outputs
from distill_tf.text import EncodedTexts
from distill_tf.threads import set_threads
from distill_tf.training.jit import resolve_jit_compile
from distill_tf.training.memory import keep_freed_memory
from distill_tf.training.optimizer import build_optimizer
from distill_tf.training.stages import build_distiller

_UPDATES = 10_000  # Of the schedule; the rate does not matter here.


def prepare(options: TrainingOptions) -> None:
    """As the pipeline does, before anything is computed."""
    set_threads(options.num_threads, options.inter_op_threads, options.batch_parts)
    keep_freed_memory()


def bert_config(sizes: BertSizes, settings: Settings) -> BertConfig:
    return BertConfig(vocab_size=settings.vocab_size, **dataclasses.asdict(sizes))


def classifier(
    sizes: BertSizes, settings: Settings, precision: str, **options
) -> BertClassifier:
    keras.utils.set_random_seed(SEED)
    config = bert_config(sizes, settings)
    return BertClassifier(config, 2, dtype=precision, **options)


def encode(texts: Texts) -> EncodedTexts:
    return EncodedTexts(
        token_ids=texts.token_ids,
        segment_ids=np.zeros(len(texts.token_ids), np.uint8),
        row_splits=texts.row_splits,
        pad_id=0,
        num_truncated=0,
    )


def single_texts(settings: Settings, options: TrainingOptions) -> TrainingBatches:
    """What `batches.make_batches` gives, as distill_tf makes it."""
    texts = make_texts(settings)
    return TrainingBatches(
        encode(texts),
        texts.labels,
        options.train_batch_size,
        SEED,
        tokens_per_batch=options.tokens_per_batch,
    )


def with_teacher_on_disk(
    batches: TrainingBatches, stage: Stage, teacher: OutputsModel, config: DistillConfig
) -> TrainingBatches:
    """The batches with what the teacher says, computed now and read as they are made.

    Args:
        batches: what the teacher reads.
        stage: which reads its outputs.
        teacher: asked once.
        config: of the run.
    """
    folder = temporary_folder()
    cache = folder / "teacher_cache"
    run = RunFolder(
        config.replace(output_dir=str(folder / "run"), teacher_cache=str(cache))
    )
    stored = cached_outputs(cache, run, [stage], batches, teacher, config.precision)
    return batches.with_teacher_outputs(stored[stage.name])


def training(
    stage: Stage,
    options: TrainingOptions,
    student: OutputsModel,
    batches: TrainingBatches,
    teacher: OutputsModel | None = None,
    ready: bool = False,
) -> dict[str, Callable[[int], None]]:
    """Passes of a stage.

    Args:
        stage: what is trained for.
        options: of the optimizer and the compilation.
        student: what is trained.
        batches: those of a pass.
        teacher: asked in every step, unless the batches bring what it says.
        ready: whether the batches are read from memory, made before.
    """
    distiller = build_distiller(
        stage, student, batches, teacher, batch_parts=options.batch_parts
    )
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
