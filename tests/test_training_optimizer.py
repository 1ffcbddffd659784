"""The fused AdamW against Keras' own, and the learning rate."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from distill_tf.config.training import TrainingOptions
from distill_tf.training.fused_adamw import FusedAdamW
from distill_tf.training.linear_warmup_decay import LinearWarmupDecay
from distill_tf.training.optimizer import build_optimizer

ROWS, WIDTH = 7, 3
SETTINGS = {"weight_decay": 0.3, "epsilon": 1e-6, "global_clipnorm": 1.0}
# A word that occurs three times, one that occurs twice, and two that never do.
WORDS = np.array([[1, 4, 1], [4, 0, 1], [3, 6, 0]])


def make_variables():
    generator = np.random.default_rng(0)
    shapes = {"table": (ROWS, WIDTH), "kernel": (WIDTH, 5), "bias": (5,), "head": (4,)}
    return [
        keras.Variable(generator.normal(size=shape).astype(np.float32), name=name)
        for name, shape in shapes.items()
    ]


def gradients_of(variables, step):
    """A sparse gradient, two dense ones, and none; both small and large in norm."""
    table, kernel, bias, _ = (variable.value for variable in variables)
    with tf.GradientTape() as tape:
        rows = tf.gather(table, tf.constant(WORDS))
        outputs = tf.tanh(tf.tensordot(rows, kernel, 1) + bias)
        loss = (0.01 if step % 2 else 3.0) * tf.reduce_sum(tf.square(outputs))
    gradients = tape.gradient(loss, [table, kernel, bias])
    assert isinstance(gradients[0], tf.IndexedSlices)
    return [*gradients, None]


def keras_steps(optimizer, variables, steps):
    """What Keras makes of the same gradients, the missing one left out."""
    for step in range(steps):
        gradients = gradients_of(variables, step)
        gradients[0] = tf.convert_to_tensor(gradients[0])
        optimizer.apply(gradients[:3], variables[:3])


def assert_same_variables(found, expected):
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-6, err_msg=one.name)


@pytest.mark.parametrize("traced", [False, True])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"global_clipnorm": None},
        {"weight_decay": 0.0, "beta_1": 0.7, "beta_2": 0.9},
        {"learning_rate": LinearWarmupDecay(0.02, 2, 6)},
    ],
    ids=lambda changes: ",".join(changes),
)
def test_five_steps_equal_kerass_adamw(changes, traced):
    # Not larger: Keras' first step is off by 2e-5 of it, since 1 - 0.999 is not 0.001
    # in float32.
    settings = {"learning_rate": 0.02, **SETTINGS, **changes}
    expected = make_variables()
    reference = keras.optimizers.AdamW(**settings)
    reference.exclude_from_weight_decay(var_names=["bias"])
    reference.build(expected[:3])
    keras_steps(reference, expected, 5)

    found = make_variables()
    fused = FusedAdamW(**settings)
    fused.exclude_from_weight_decay(var_names=["bias"])
    fused.build(found)

    def apply(step):
        fused.apply(gradients_of(found, step), found)

    step = tf.function(apply, jit_compile=False) if traced else apply
    for number in range(5):
        step(number)
    assert fused.iterations == 5
    assert_same_variables(found, expected)
    np.testing.assert_array_equal(found[3], make_variables()[3])


def test_the_norm_is_that_of_the_summed_rows():
    table = keras.Variable(np.zeros((ROWS, 2), np.float32), name="table")
    optimizer = FusedAdamW(1.0, weight_decay=0.0, global_clipnorm=1.0)
    optimizer.build([table])
    # Rows 3 + 3 and 0 + 4 make a gradient of norm sqrt(6^2 + 8^2) = 10; unsummed, it
    # would be sqrt(3^2 + 3^2 + 8^2) = 9.06.
    gradient = tf.IndexedSlices(
        tf.constant([[3.0, 0.0], [0.0, 8.0], [3.0, 0.0]]),
        tf.constant([2, 5, 2]),
        tf.constant([ROWS, 2]),
    )
    optimizer.apply([gradient], [table])
    momentum = optimizer.variables[2].numpy()
    np.testing.assert_allclose(momentum[2], [0.1 * 0.6, 0], rtol=1e-6)
    np.testing.assert_allclose(momentum[5], [0, 0.1 * 0.8], rtol=1e-6)
    assert np.count_nonzero(momentum) == 2


def test_moments_of_an_absent_word_keep_moving_it():
    def move(optimizer_class):
        table = keras.Variable(np.ones((2, 1), np.float32), name="table")
        optimizer = optimizer_class(0.1, weight_decay=0.0)
        optimizer.build([table])
        for row in (0, 1):
            values = tf.constant([[1.0]])
            gradient = tf.IndexedSlices(values, tf.constant([row]), tf.constant([2, 1]))
            optimizer.apply([gradient], [table])
        return table.numpy()

    np.testing.assert_allclose(
        move(FusedAdamW), move(keras.optimizers.AdamW), rtol=1e-5
    )
    assert move(FusedAdamW)[0] < 0.85


def test_gradients_without_variables_are_those_it_was_built_with():
    variable = keras.Variable(np.float32([1.0]), name="kernel")
    optimizer = FusedAdamW(0.1, weight_decay=0.0)
    optimizer.build([variable])
    optimizer.apply([tf.constant([2.0])])
    np.testing.assert_allclose(variable, [0.9], rtol=1e-5)


def test_a_loss_that_reaches_nothing_is_an_error():
    variables = make_variables()
    optimizer = FusedAdamW(0.1, weight_decay=0.0)
    optimizer.build(variables)
    with pytest.raises(ValueError, match="reaches no variable"):
        optimizer.apply([None] * 4, variables)


@pytest.mark.parametrize(
    ("warmup", "rates"),
    [
        (4, [0.0, 0.5, 1.0, 1.5, 2.0, 1.5, 1.0, 0.5, 0.0, 0.0]),
        (0, [2.0, 1.75, 1.5, 1.25, 1.0, 0.75, 0.5, 0.25, 0.0, 0.0]),
        (8, [0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 0.0, 0.0]),
    ],
)
def test_learning_rates_by_hand(warmup, rates):
    schedule = LinearWarmupDecay(2.0, warmup, 8)
    again = LinearWarmupDecay.from_config(schedule.get_config())
    for step, rate in enumerate(rates):
        assert float(schedule(step)) == float(again(tf.constant(step))) == rate


def test_the_optimizer_survives_its_configuration():
    optimizer = build_optimizer(1e-3, "linear", 10, TrainingOptions())
    again = FusedAdamW.from_config(optimizer.get_config())
    assert again.get_config() == optimizer.get_config()


@pytest.mark.parametrize(
    ("schedule", "rates"),
    [("linear", [0.0, 0.5, 1.0, 0.875]), ("constant", [1.0, 1.0, 1.0, 1.0])],
)
def test_berts_optimizer_follows_its_schedule(schedule, rates):
    optimizer = build_optimizer(
        1.0, schedule, 10, TrainingOptions(warmup_proportion=0.2)
    )
    variable = keras.Variable(np.float32([0.0]), name="bias")
    optimizer.build([variable])
    for rate in rates:
        before = variable.numpy()
        optimizer.apply([tf.constant([0.5])], [variable])
        # With equal gradients all of Adam's steps have the size of the rate.
        np.testing.assert_allclose(before - variable.numpy(), rate, rtol=1e-4)


@pytest.mark.parametrize("decay", [0.0, 0.1])
def test_biases_and_layer_norms_are_not_decayed(decay):
    layers = [keras.layers.Dense(2), keras.layers.LayerNormalization()]
    variables = [keras.Variable(np.ones((6, 2), np.float32), name="word_embeddings")]
    for layer in layers:
        layer.build((None, 2))
        variables += layer.trainable_variables
    optimizer = build_optimizer(
        0.5, "constant", 10, TrainingOptions(weight_decay=decay)
    )
    optimizer.build(variables)
    before = [variable.numpy() for variable in variables]
    optimizer.apply([tf.zeros(variable.shape) for variable in variables], variables)
    for variable, value in zip(variables, before, strict=True):
        decays = variable.name in ("kernel", "word_embeddings")
        kept = 1 - 0.5 * decay if decays else 1
        np.testing.assert_allclose(variable, kept * value, rtol=1e-6)


def steps_of(options, gradients, learning_rate=0.5):
    """What each step changes in a weight of 2 that decay would reach."""
    optimizer = build_optimizer(learning_rate, "constant", 10, options)
    variable = keras.Variable(np.float32([2.0, 2.0]), name="kernel")
    optimizer.build([variable])
    steps = []
    for gradient in gradients:
        before = variable.numpy()
        optimizer.apply([tf.constant(gradient)], [variable])
        steps.append(variable.numpy() - before)
    return np.array(steps)


def test_adam_does_not_decay():
    # AdamW's default would take 0.01 more.
    steps = steps_of(TrainingOptions(optimizer="adam"), [[0.25, -0.25]])
    np.testing.assert_allclose(steps, [[-0.5, 0.5]], rtol=1e-3)


def test_adadelta_by_its_formula():
    gradients = np.float32([[0.3, -0.2], [0.1, 0.4]])
    squares = np.zeros(2)
    deltas = np.zeros(2)
    expected = []
    for gradient in gradients.astype("float64"):
        squares = 0.95 * squares + 0.05 * gradient**2
        delta = -np.sqrt(deltas + 1e-6) / np.sqrt(squares + 1e-6) * gradient
        deltas = 0.95 * deltas + 0.05 * delta**2
        expected.append(0.5 * delta)
    steps = steps_of(TrainingOptions(optimizer="adadelta"), gradients)
    np.testing.assert_allclose(steps, expected, rtol=1e-3)


@pytest.mark.parametrize("optimizer", ["adamw", "adadelta"])
def test_clipping_can_be_changed_and_switched_off(optimizer):
    def first_step(gradient, clip_norm):
        options = TrainingOptions(optimizer=optimizer, clip_norm=clip_norm)
        return steps_of(options, [gradient, [0.1, 0.1]])

    clipped = first_step([30.0, 40.0], clip_norm=5)
    expected = first_step([3.0, 4.0], clip_norm=0)
    np.testing.assert_allclose(clipped, expected, rtol=1e-5)
    assert not np.allclose(clipped, first_step([30.0, 40.0], clip_norm=0))


def test_the_schedule_of_the_options_goes_before_the_stages():
    options = TrainingOptions(lr_schedule="constant", warmup_proportion=1.0)
    optimizer = build_optimizer(0.5, "linear", 10, options)
    assert float(optimizer.learning_rate) == 0.5


def lazy_reference(table, gradients, decay, rate):
    """LazyAdam in NumPy: the moments of a row rest while it has no gradient."""
    table = table.astype("float64")
    m, v = np.zeros_like(table), np.zeros_like(table)
    for step, rows in enumerate(gradients, start=1):
        corrected = rate * np.sqrt(1 - 0.999**step) / (1 - 0.9**step)
        for row, gradient in rows.items():
            m[row] = 0.9 * m[row] + 0.1 * gradient
            v[row] = 0.999 * v[row] + 0.001 * gradient**2
            table[row] *= 1 - decay * rate
            table[row] -= corrected * m[row] / (np.sqrt(v[row]) + 1e-6)
    return table


@pytest.mark.parametrize("decay", [0.0, 0.3])
def test_lazy_rows_by_their_formula(decay):
    generator = np.random.default_rng(4)
    start = generator.normal(size=(ROWS, WIDTH)).astype(np.float32)
    gradients = [
        {row: generator.normal(size=WIDTH) for row in rows}
        for rows in ((0, 3), (3,), (1, 0), (3, 5))
    ]
    table = keras.Variable(start, name="table")
    optimizer = FusedAdamW(0.05, weight_decay=decay, epsilon=1e-6, lazy_rows=True)
    optimizer.build([table])
    for rows in gradients:
        # The first row comes twice, with half of its gradient each.
        values = np.stack(list(rows.values()))
        values[0] /= 2
        indices = [*rows, next(iter(rows))]
        gradient = tf.IndexedSlices(
            tf.constant(np.float32([*values, values[0]])),
            tf.constant(indices),
            tf.constant([ROWS, WIDTH]),
        )
        optimizer.apply([gradient], [table])
    expected = lazy_reference(start, gradients, decay, 0.05)
    np.testing.assert_allclose(table, expected, rtol=1e-4, atol=1e-6)
    np.testing.assert_array_equal(table.numpy()[[2, 4, 6]], start[[2, 4, 6]])


def test_a_word_in_every_batch_moves_alike_lazily_and_densely():
    tables = []
    for embedding_optimizer in ("dense", "lazy"):
        options = TrainingOptions(embedding_optimizer=embedding_optimizer)
        optimizer = build_optimizer(0.1, "constant", 4, options)
        table = keras.Variable(np.ones((2, 1), np.float32), name="table")
        optimizer.build([table])
        for value in (1.0, 0.5, -0.25):
            gradient = tf.IndexedSlices(
                tf.constant([[value]]), tf.constant([1]), tf.constant([2, 1])
            )
            optimizer.apply([gradient], [table])
        tables.append(table.numpy())
    np.testing.assert_allclose(tables[0][1], tables[1][1], rtol=1e-5)
    # Only the dense one decays the word that never occurs.
    assert tables[0][0] < tables[1][0] == 1
