"""Factor transfer's objectives: what they compare and which weights they train."""

from functools import partial

import numpy as np
import pytest
import reference
import tensorflow as tf

from distill_tf.errors import DistillError
from distill_tf.losses import factor_distance
from distill_tf.losses import factor_mse
from distill_tf.objectives import ParaphraserObjective
from distill_tf.objectives import TranslatorObjective

BATCH, LENGTH, WIDTH, STUDENT_WIDTH, SIZE = 3, 5, 4, 7, 2
MASK = np.arange(LENGTH) < np.array([5, 1, 3])[:, None]
GENERATOR = np.random.default_rng(0)
STUDENT = {"features": GENERATOR.normal(size=(BATCH, STUDENT_WIDTH)).astype("f4")}
TEACHER = {
    "hidden_states": [
        GENERATOR.normal(size=(BATCH, LENGTH, WIDTH)).astype("f4") for _ in range(3)
    ],
    "padding_mask": MASK,
}
PARAPHRASER = ParaphraserObjective(name="paraphraser_loss", factor_size=SIZE)
TRANSLATOR = TranslatorObjective(name="factor_loss", factor_size=SIZE, loss=factor_mse)


@pytest.fixture
def maps():
    built = PARAPHRASER.build_projection(STUDENT, TEACHER, "float32")
    generator = np.random.default_rng(1)
    for variable in built.trainable_variables:
        variable.assign(generator.normal(size=variable.shape))
    return built


def values_and_reached(objective, maps):
    """The values, and whether a gradient reaches (paraphraser, translator, student)."""
    features = tf.constant(STUDENT["features"])
    parts = maps.paraphraser.trainable_variables, maps.translator.trainable_variables
    with tf.GradientTape() as tape:
        tape.watch(features)
        values = objective.values({"features": features}, TEACHER, None, maps)
        total = tf.reduce_sum(values)
    gradients = tape.gradient(total, [*parts, features])
    reached = [
        {bool(np.abs(g).max() > 0) if g is not None else False for g in part}
        for part in (*gradients[:2], gradients[2:])
    ]
    assert all(len(each) == 1 for each in reached)
    return values.numpy(), tuple(each.pop() for each in reached)


def test_both_go_on_with_one_map():
    assert PARAPHRASER.projection_key == TRANSLATOR.projection_key == "factor_maps"
    for objective in (PARAPHRASER, TRANSLATOR):
        objective.validate(STUDENT, TEACHER)
        assert objective.needs_teacher
        shapes = [
            weight.shape
            for weight in objective.build_projection(
                STUDENT, TEACHER, "float32"
            ).trainable_variables
        ]
        lstm = [(WIDTH, 4 * SIZE), (SIZE, 4 * SIZE), (4 * SIZE,)]
        assert shapes == [
            *lstm,
            *lstm,
            *[(SIZE, WIDTH), (WIDTH,)],
            *[(STUDENT_WIDTH, 3 * SIZE), (3 * SIZE,)],
        ]


def test_the_paraphraser_tells_the_last_hidden_states(maps):
    values, reached = values_and_reached(PARAPHRASER, maps)
    last = TEACHER["hidden_states"][-1]
    expected = reference.hidden_state_mse(
        maps.paraphraser.reconstruct(last, MASK).numpy(), last, MASK
    )
    np.testing.assert_allclose(values, expected, rtol=1e-5)
    assert reached == (True, False, False)


@pytest.mark.parametrize("form", ["paper", "source"])
def test_the_translator_is_led_to_the_paraphrase(maps, form):
    loss = partial(factor_distance, norm=2) if form == "paper" else factor_mse
    objective = TranslatorObjective(name="factor_loss", factor_size=SIZE, loss=loss)
    values, reached = values_and_reached(objective, maps)
    factors = [
        reference.lstm(inputs, mask, *weights)[1]
        for inputs, mask, weights in (
            (
                STUDENT["features"][:, None],
                np.ones((BATCH, 1)),
                reference.lstm_of_one_step(*maps.translator.get_weights()),
            ),
            (
                TEACHER["hidden_states"][-1],
                MASK,
                maps.paraphraser.encoder.get_weights(),
            ),
        )
    ]
    expected = (
        reference.factor_distance(*factors, norm=2)
        if form == "paper"
        else reference.factor_mse(*factors)
    )
    np.testing.assert_allclose(values, expected, rtol=1e-4)
    assert reached == (False, True, True)


@pytest.mark.parametrize("objective", [PARAPHRASER, TRANSLATOR], ids=lambda o: o.name)
def test_padding_inside_a_row_counts_as_little_as_behind_it(objective, maps):
    """As in a bipartite teacher, however far its first text is padded."""
    behind, inside = (
        {
            "hidden_states": [np.full((BATCH, 8, WIDTH), np.nan, np.float32)],
            "padding_mask": mask,
        }
        for mask in (
            np.arange(8) < np.array([5, 1, 3])[:, None],
            np.bool_(
                [
                    [1, 1, 0, 0, 1, 1, 0, 1],
                    [0, 0, 0, 1, 0, 0, 0, 0],
                    [1, 0, 1, 0, 0, 0, 0, 1],
                ]
            ),
        )
    )
    for teacher in (behind, inside):
        mask = teacher["padding_mask"]
        teacher["hidden_states"][-1][mask] = TEACHER["hidden_states"][-1][MASK]
    expected, found = (
        objective.values(STUDENT, teacher, None, maps) for teacher in (behind, inside)
    )
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    np.testing.assert_allclose(
        expected, objective.values(STUDENT, TEACHER, None, maps), rtol=1e-5
    )


@pytest.mark.parametrize("objective", [PARAPHRASER, TRANSLATOR], ids=lambda o: o.name)
@pytest.mark.parametrize(
    ("owner", "missing"),
    [
        ("student", "features"),
        ("teacher", "hidden_states"),
        ("teacher", "padding_mask"),
    ],
)
def test_a_model_without_the_outputs_is_refused(objective, owner, missing):
    outputs = {"student": dict(STUDENT), "teacher": dict(TEACHER)}
    del outputs[owner][missing]
    with pytest.raises(DistillError, match=f"needs {missing}, which this {owner} does"):
        objective.validate(**outputs)
