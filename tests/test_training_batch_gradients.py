"""Gradients of several batches as one update: equal to the large batch."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from distill_tf.config.training import TrainingOptions
from distill_tf.training.linear_warmup_decay import LinearWarmupDecay
from distill_tf.training.optimizer import build_optimizer

ROWS, WIDTH, BATCH, STEPS = 7, 3, 6, 4
# Of the small batches one norm is above the clip norm, others are below it.
TARGETS = np.float32(3 * np.random.default_rng(2).normal(size=(STEPS, BATCH, WIDTH)))
WORDS = np.random.default_rng(3).integers(0, ROWS - 2, (STEPS, BATCH))


def make_variables():
    generator = np.random.default_rng(0)
    shapes = {"table": (ROWS, WIDTH), "kernel": (WIDTH, WIDTH), "head": (2,)}
    return [
        keras.Variable(generator.normal(size=shape).astype(np.float32), name=name)
        for name, shape in shapes.items()
    ]


def gradients_of(variables, words, targets):
    """Of a batch's mean loss: rows, a matrix, and none."""
    table, kernel, _ = (variable.value for variable in variables)
    with tf.GradientTape() as tape:
        outputs = tf.gather(table, words) @ kernel
        loss = tf.reduce_mean(tf.square(outputs - targets))
    return [*tape.gradient(loss, [table, kernel]), None]


def train(options, accumulated=1, traced=False):
    options = options.replace(gradient_accumulation_steps=accumulated)
    optimizer = build_optimizer(0.1, "linear", STEPS, options)
    variables = make_variables()
    optimizer.build(variables)

    def apply(words, targets):
        optimizer.apply(gradients_of(variables, words, targets), variables)

    apply = tf.function(apply, jit_compile=False) if traced else apply
    for words, targets in zip(WORDS, TARGETS, strict=True):
        for part in np.split(np.arange(BATCH), accumulated):
            apply(words[part], targets[part])
    return variables, optimizer


OPTIONS = {
    "adamw": TrainingOptions(clip_norm=0.5),
    "unclipped": TrainingOptions(clip_norm=0.0, weight_decay=0.3),
    "lazy": TrainingOptions(clip_norm=0.5, embedding_optimizer="lazy"),
    "adadelta": TrainingOptions(clip_norm=0.5, optimizer="adadelta"),
}


@pytest.mark.parametrize("traced", [False, True])
@pytest.mark.parametrize("accumulated", [2, 3])
@pytest.mark.parametrize("name", OPTIONS)
def test_it_equals_the_large_batch(name, accumulated, traced):
    expected, _ = train(OPTIONS[name])
    found, optimizer = train(OPTIONS[name], accumulated, traced)
    assert int(optimizer.iterations) == STEPS
    for one, other, start in zip(found, expected, make_variables(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6, err_msg=one.name)
        assert np.any(one.numpy() != start.numpy()) == (one.name != "head")


def test_weights_rest_between_updates():
    optimizer = build_optimizer(
        0.1, "constant", STEPS, TrainingOptions(gradient_accumulation_steps=3)
    )
    variables = make_variables()
    optimizer.build(variables)
    moved = []
    for words, targets in zip(WORDS, TARGETS, strict=True):
        before = variables[1].numpy()
        optimizer.apply(gradients_of(variables, words, targets), variables)
        moved.append(bool((variables[1].numpy() != before).any()))
    assert moved == [False, False, True, False]


def test_the_learning_rate_follows_updates():
    optimizer = build_optimizer(
        2.0,
        "linear",
        4,
        TrainingOptions(gradient_accumulation_steps=2, warmup_proportion=0.5),
    )
    variable = keras.Variable(np.float32([0.0]), name="bias")
    optimizer.build([variable])
    rates = []
    for _ in range(8):
        rates.append(float(optimizer.learning_rate))
        optimizer.apply([tf.constant([0.5])], [variable])
    expected = [float(LinearWarmupDecay(2.0, 2, 4)(step)) for step in range(4)]
    assert rates == list(np.repeat(expected, 2))


def test_what_was_gathered_is_among_the_variables():
    optimizer = build_optimizer(
        0.1, "constant", STEPS, TrainingOptions(gradient_accumulation_steps=2)
    )
    variables = make_variables()
    optimizer.build(variables)
    optimizer.apply(gradients_of(variables, WORDS[0], TARGETS[0]), variables)
    gathered = [v for v in optimizer.variables if "gradient_accumulator" in v.path]
    assert [np.any(v.numpy()) for v in gathered] == [True, True, False]
