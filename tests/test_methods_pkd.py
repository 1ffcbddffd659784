"""Methods pkd and pkd_oneflow: weights and layers as data, losses as numbers."""

import numpy as np
import pytest
import reference
import reference_layers
from transformer_methods import stages_of
from transformer_methods import weights

from distill_tf.errors import DistillError
from distill_tf.methods.pkd import pkd
from distill_tf.methods.pkd_oneflow import pkd_oneflow

MASK = np.array([[1, 1, 1, 0, 0], [1, 1, 1, 1, 1], [1, 1, 0, 0, 0]], bool)


def layer_objective(method, **settings):
    (stage,) = stages_of(method, **settings)
    return stage.objectives[-1]


def hidden_states(seed, layers):
    rng = np.random.default_rng(seed)
    states = rng.normal(size=(layers + 1, 3, 5, 6)).astype(np.float32)
    return {
        "hidden_states": list(states),
        "first_token_states": list(states[:, :, 0]),
        "padding_mask": MASK,
    }


def total(loss, student, teacher, layer_map):
    return sum(
        loss(student["hidden_states"][i], teacher["hidden_states"][j], MASK)
        for i, j in layer_map
    )


@pytest.mark.parametrize(
    ("method", "settings", "expected"),
    [
        # beta = 100 over the three layers between
        (
            pkd,
            {},
            {"label_loss": 0.5, "soft_label_loss": 0.5, "patience_loss": 100 / 3},
        ),
        (
            pkd,
            {"pkd_alpha": 0.7, "pkd_beta": 600.0},
            {"label_loss": 0.3, "soft_label_loss": 0.7, "patience_loss": 200.0},
        ),
        (
            pkd_oneflow,
            {},
            {"label_loss": 0.8, "soft_label_loss": 0.2, "hidden_loss": 10.0},
        ),
        (
            pkd_oneflow,
            {"pkd_alpha": 1.0, "pkd_beta": 3.0},
            {"soft_label_loss": 1.0, "hidden_loss": 3.0},
        ),
        (pkd, {"pkd_alpha": 0.0, "pkd_beta": 0.0}, {"label_loss": 1.0}),
    ],
)
def test_weights(method, settings, expected):
    (stage,) = stages_of(method, **settings)
    assert stage.name == "prediction"
    assert weights(stage) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("strategy", "layers", "expected"),
    [
        # The paper's: BERT6 from BERT12.
        ("skip", (6, 12), ((1, 2), (2, 4), (3, 6), (4, 8), (5, 10))),
        ("last", (6, 12), ((1, 7), (2, 8), (3, 9), (4, 10), (5, 11))),
        # BERT3: the official script's zero-based 9,10 is last.
        ("skip", (3, 12), ((1, 4), (2, 8))),
        ("last", (3, 12), ((1, 10), (2, 11))),
        ("skip", (4, 6), ((1, 3), (2, 4), (3, 5))),
        # The authors' own form, and with spaces.
        ("2,4,6,8,10", (6, 12), ((1, 2), (2, 4), (3, 6), (4, 8), (5, 10))),
        ("3, 7", (3, 12), ((1, 3), (2, 7))),
        (" skip", (3, 12), ((1, 4), (2, 8))),
        # As it stands, the embeddings and the top layer too.
        ("0:1,3:12", (3, 12), ((0, 1), (3, 12))),
    ],
)
def test_the_layers_between(strategy, layers, expected):
    student_layers, teacher_layers = layers
    patience = layer_objective(
        pkd,
        pkd_strategy=strategy,
        student_layers=student_layers,
        teacher_layers=teacher_layers,
    )
    assert patience.layer_map == expected


@pytest.mark.parametrize(
    ("strategy", "message"),
    [
        # With the top layer.
        ("2,4,6,8,10,12", "lists 6 teacher layers, .* 1 to 5 and not the top one"),
        ("4,8", "lists 2 teacher layers, .* list 5, or write student:teacher pairs"),
        ("2,4,6,8,13", "names hidden state 13 of the teacher"),
        ("2,,4", "Expected a layer map"),
    ],
)
def test_lists_that_do_not_fit_are_refused(strategy, message):
    with pytest.raises(DistillError, match=message):
        stages_of(pkd, pkd_strategy=strategy, student_layers=6)


@pytest.mark.parametrize("normalized", [True, False])
def test_patience_is_the_official_codes_mean(normalized):
    patience = layer_objective(
        pkd,
        student_layers=3,
        pkd_beta=500.0,
        pkd_normalize=normalized,
    )
    student, teacher = hidden_states(1, 3), hidden_states(2, 12)
    patience.validate(student, teacher)
    values = patience.values(student, teacher, None, None)
    # One mean over the batch, the layers between and the width.
    compared = []
    for outputs, layers in ((student, (1, 2)), (teacher, (4, 8))):
        first = np.float64([outputs["hidden_states"][i][:, 0] for i in layers])
        norms = np.linalg.norm(first, axis=-1, keepdims=True)
        compared.append(first / norms if normalized else first)
    expected = 500.0 * np.mean((compared[0] - compared[1]) ** 2)
    assert patience.weight * np.mean(values) == pytest.approx(expected, rel=1e-5)


def test_the_sum_over_layers_equals_the_reference():
    patience = layer_objective(pkd, pkd_strategy="last", student_layers=3)
    student, teacher = hidden_states(1, 3), hidden_states(2, 12)
    np.testing.assert_allclose(
        patience.values(student, teacher, None, None),
        total(reference_layers.patience_mse, student, teacher, ((1, 10), (2, 11))),
        rtol=1e-5,
    )


def test_oneflow_compares_all_tokens_of_embeddings_and_mapped_layers():
    hidden = layer_objective(pkd_oneflow, student_layers=3)
    assert hidden.layer_map == ((0, 0), (1, 4), (2, 8), (3, 12))
    student, teacher = hidden_states(1, 3), hidden_states(2, 12)
    projection = hidden.build_projection(student, teacher, "float32")
    kernel = np.random.default_rng(3).normal(size=(6, 6)).astype(np.float32)
    bias = np.linspace(-1, 1, 6).astype(np.float32)
    projection.set_weights([kernel, bias])
    projected = {
        "hidden_states": [states @ kernel + bias for states in student["hidden_states"]]
    }
    np.testing.assert_allclose(
        hidden.values(student, teacher, None, projection),
        total(reference.hidden_state_mse, projected, teacher, hidden.layer_map),
        rtol=1e-5,
    )


@pytest.mark.parametrize(
    ("method", "settings", "expected"),
    [
        (pkd, {}, "none"),
        (pkd, {"hidden_projection": "shared"}, "shared"),
        (pkd_oneflow, {}, "shared"),
        (pkd_oneflow, {"hidden_projection": "per_layer"}, "per_layer"),
    ],
)
def test_projections(method, settings, expected):
    assert layer_objective(method, **settings).projection == expected


def test_only_patience_is_free_to_read_other_tokens():
    assert not layer_objective(pkd).compares_tokens
    assert layer_objective(pkd_oneflow).compares_tokens


def test_oneflow_takes_the_general_layer_map():
    hidden = layer_objective(pkd_oneflow, student_layers=3, layer_map="1:2,3:10")
    assert hidden.layer_map == ((1, 2), (3, 10))


def test_a_student_of_one_layer_has_nothing_between():
    with pytest.raises(
        DistillError, match="student of 1 layer has none; use method kd"
    ):
        stages_of(pkd, student_layers=1)


def test_the_temperature_is_that_of_the_soft_labels():
    (stage,) = stages_of(pkd, temperature=10.0)
    student, teacher = np.random.default_rng(0).normal(size=(2, 3, 4)).astype("f4")
    np.testing.assert_allclose(
        stage.objectives[1].values(
            {"logits": student}, {"logits": teacher}, None, None
        ),
        reference.soft_cross_entropy(student, teacher, 10.0),
        rtol=1e-5,
    )
