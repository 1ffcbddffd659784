"""How a recurrent layer or network in TensorFlow is run, whoever wrote it."""

from collections.abc import Callable
from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf
from lstm_batches import lstm_batches
from settings import Settings

from distill_tf.training.memory import keep_freed_memory


def layer_passes(
    layer: Callable[[tf.Tensor, tf.Tensor, tf.Tensor], tf.Tensor],
    weights: Sequence[tf.Variable],
    settings: Settings,
    time_major: bool = False,
) -> dict[str, Callable[[int], None]]:
    """Forward, and back to inputs and weights.

    Args:
        layer: gives the last states for vectors, mask and lengths.
        weights: of the layer.
        settings: sizes.
        time_major: whether vectors are [L, B, W].
    """

    keep_freed_memory()  # Whoever wrote the layer.

    @tf.function
    def step(vectors, mask, lengths):
        with tf.GradientTape() as tape:
            tape.watch(vectors)
            states = layer(vectors, mask, lengths)
            loss = tf.reduce_sum(tf.cast(states, tf.float32) ** 2)
        return loss, tape.gradient(loss, [vectors, *weights])

    def passes_of(data: dict[str, np.ndarray]) -> Callable[[int], None]:
        vectors = data["vectors"].transpose(1, 0, 2) if time_major else data["vectors"]
        arrays = vectors, data["padding_mask"], data["lengths"]
        batch = [tf.constant(array) for array in arrays]

        def run(passes: int) -> None:
            for _ in range(passes * settings.lstm_steps):
                step(*batch)[0].numpy()

        return run

    return {case: passes_of(data) for case, data in lstm_batches(settings).items()}


def step_passes(
    model: keras.Model,
    inputs: Sequence[str] | str,
    settings: Settings,
    optimizer: keras.optimizers.Optimizer,
) -> dict[str, Callable[[int], None]]:
    """Whole training steps.

    Args:
        model: gives logits [B, 2].
        inputs: which arrays of a batch it reads, as a dict, or as they are if one.
        settings: sizes.
        optimizer: of the model's weights.
    """
    model.compile(
        optimizer,
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=False,
    )

    def passes_of(data: dict[str, np.ndarray]) -> Callable[[int], None]:
        x = data[inputs] if isinstance(inputs, str) else {k: data[k] for k in inputs}
        dataset = tf.data.Dataset.from_tensors((x, data["labels"])).repeat()
        tuning = tf.data.Options()
        tuning.autotune.enabled = False  # Its tuner delays the end of a round.
        dataset = dataset.with_options(tuning)
        return lambda passes: model.fit(
            dataset.take(passes * settings.lstm_steps), verbose=0, shuffle=False
        )

    return {case: passes_of(data) for case, data in lstm_batches(settings).items()}
