"""distill_tf's bidirectional LSTM: its layer, a student's step, and distilling it."""

from collections.abc import Callable

import keras
from batches import SEED
from settings import Settings

from contestants.distill_tf_training import classifier
from contestants.distill_tf_training import prepare
from contestants.distill_tf_training import single_texts
from contestants.distill_tf_training import training
from contestants.distill_tf_training import with_teacher_on_disk
from contestants.tensorflow_lstm import layer_passes
from contestants.tensorflow_lstm import step_passes
from distill_tf.config import DistillConfig
from distill_tf.methods import Sizes
from distill_tf.methods import build_stages
from distill_tf.models.bilstm import LstmLayer
from distill_tf.models.bilstm_classifier import BiLstmClassifier
from distill_tf.models.bilstm_config import BiLstmConfig
from distill_tf.precision import without_training
from distill_tf.training.fused_adamw import FusedAdamW
from distill_tf.training.memory import keep_freed_memory


def layer(settings: Settings, precision: str) -> dict[str, Callable[[int], None]]:
    config = BiLstmConfig(vocab_size=1, hidden_size=settings.lstm_width)
    lstm = LstmLayer(config, dtype=precision)
    lstm.build((None, None, settings.lstm_width))
    return layer_passes(
        lambda vectors, mask, lengths: lstm(vectors, lengths, training=True)[1],
        [weight.value for weight in lstm.weights],
        settings,
        time_major=True,
    )


def step(
    settings: Settings, precision: str, lazy_rows: bool = False
) -> dict[str, Callable[[int], None]]:
    keep_freed_memory()  # As the pipeline does.
    optimizer = FusedAdamW(
        1e-3, weight_decay=0.01, global_clipnorm=1.0, lazy_rows=lazy_rows
    )
    return step_passes(
        _student(settings, precision),
        ("token_ids", "padding_mask"),
        settings,
        optimizer,
    )


def distillation(
    settings: Settings, precision: str, on_disk: bool = False, **options
) -> dict[str, Callable[[int], None]]:
    """Tang's method, from logits of the teacher.

    Args:
        settings: sizes.
        precision: Keras' dtype policy, of both models.
        on_disk: whether the teacher's logits are read from there.
        **options: of DistillConfig.
    """
    config = DistillConfig(
        model_type="bilstm",
        method="tang",
        train_batch_size=settings.batch_size,
        precision=precision,
        num_train_epochs=1.0,
        learning_rate=1e-3,
        **options,
    )
    prepare(config)
    sizes = Sizes(
        student_layers=None,
        teacher_layers=settings.teacher.num_hidden_layers,
        regression=False,
    )
    (stage,) = build_stages(config, sizes)
    teacher = classifier(settings.teacher, settings, without_training(precision))
    batches = single_texts(settings, config)
    if on_disk:
        batches = with_teacher_on_disk(batches, stage, teacher, config)
    return training(stage, config, _student(settings, precision), batches, teacher)


def _student(settings: Settings, precision: str) -> BiLstmClassifier:
    keras.utils.set_random_seed(SEED)
    config = BiLstmConfig(
        vocab_size=settings.vocab_size,
        embedding_size=settings.lstm_width,
        hidden_size=settings.lstm_width,
        dropout_prob=0.0,
    )
    return BiLstmClassifier(config, 2, dtype=precision)
