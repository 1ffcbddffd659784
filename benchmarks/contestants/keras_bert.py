"""KerasHub's BERT: fine-tuning, Keras' own Distiller, inference.

The Distiller compares logits; it has no map between widths and KerasHub's backbone
keeps its attention scores to itself, so TinyBERT's first stage is out of its reach.
"""

from collections.abc import Callable

import keras
import keras_hub
import numpy as np
import tensorflow as tf
from batches import make_batches
from bert_base_cases import bert_base_cases
from inference_cases import inference_cases
from settings import BertSizes
from settings import Settings

from distill_tf.precision import without_training


def fine_tuning(settings: Settings, precision: str) -> dict[str, Callable[[int], None]]:
    return _training(_classifier(settings.teacher, settings, precision), settings)


def bert_base(settings: Settings, precision: str) -> dict[str, Callable[[int], None]]:
    return bert_base_cases(settings, fine_tuning, inference, precision=precision)


def tinybert_prediction(
    settings: Settings, precision: str
) -> dict[str, Callable[[int], None]]:
    distiller = keras.distillation.Distiller(
        teacher=_classifier(settings.teacher, settings, without_training(precision)),
        student=_classifier(settings.student, settings, precision),
        # Its default loss reads logits as probabilities.
        distillation_losses=keras.distillation.LogitsDistillation(
            temperature=1.0, loss=_soft_cross_entropy
        ),
        student_loss_weight=0.0,
    )
    return _training(distiller, settings)


def inference(settings: Settings, precision: str) -> dict[str, Callable[[int], None]]:
    """From NumPy to NumPy, one traced function for all shapes."""
    forwards = {
        name: _traced(_classifier(sizes, settings, without_training(precision)))
        for name, sizes in settings.models.items()
    }

    def call(name: str, token_ids: np.ndarray, mask: np.ndarray):
        return lambda: forwards[name](token_ids, mask.astype(np.int32)).numpy()

    return inference_cases(settings, call)


def _training(
    model: keras.Model, settings: Settings
) -> dict[str, Callable[[int], None]]:
    model.compile(
        optimizer=keras.optimizers.AdamW(5e-5, weight_decay=0.01, global_clipnorm=1.0),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=False,
    )
    batches = _dataset(settings)
    return {
        "": lambda passes: model.fit(batches.repeat(passes), verbose=0, shuffle=False)
    }


def _soft_cross_entropy(teacher, student):
    return keras.losses.categorical_crossentropy(
        keras.ops.softmax(keras.ops.cast(teacher, "float32")),
        keras.ops.cast(student, "float32"),
        from_logits=True,
    )


def _classifier(sizes: BertSizes, settings: Settings, precision: str) -> keras.Model:
    backbone = keras_hub.models.BertBackbone(
        vocabulary_size=settings.vocab_size,
        num_layers=sizes.num_hidden_layers,
        num_heads=sizes.num_attention_heads,
        hidden_dim=sizes.hidden_size,
        intermediate_dim=sizes.intermediate_size,
        dtype=precision,
    )
    return keras_hub.models.BertTextClassifier(
        backbone, num_classes=2, preprocessor=None, dtype=precision
    )


def _inputs(token_ids, mask) -> dict:
    segment_ids = tf.zeros_like(token_ids)
    return {"token_ids": token_ids, "segment_ids": segment_ids, "padding_mask": mask}


def _traced(model: keras.Model) -> Callable:
    shape = tf.TensorSpec((None, None), tf.int32)
    return tf.function(
        lambda token_ids, mask: tf.cast(
            model(_inputs(token_ids, mask), training=False), tf.float32
        ),
        input_signature=[shape, shape],
    )


def _dataset(settings: Settings) -> tf.data.Dataset:
    batches = make_batches(settings)
    shape = tf.TensorSpec((None, None), tf.int32)
    dataset = tf.data.Dataset.from_generator(
        lambda: ((b.token_ids, b.mask.astype(np.int32), b.labels) for b in batches),
        output_signature=(shape, shape, tf.TensorSpec((None,), tf.int32)),
    )
    dataset = dataset.apply(tf.data.experimental.assert_cardinality(len(batches)))
    dataset = dataset.map(lambda ids, mask, labels: (_inputs(ids, mask), labels))
    options = tf.data.Options()
    options.autotune.enabled = False  # Its tuner delays the end of a round.
    return dataset.cache().with_options(options)
