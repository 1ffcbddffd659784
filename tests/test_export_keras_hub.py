"""A student as a KerasHub preset, and back."""

import json
from dataclasses import replace

import numpy as np
import pytest
from export_students import EXPORT_TOKENS
from export_students import NAMES
from export_students import PARTNERS
from export_students import PLAIN_TEXTS
from export_students import all_written
from export_students import make_predictor
from export_students import run_client
from text_clients import KERAS_HUB
from tiny_bert import assert_same_weights

from distill_tf.checkpoints.keras_hub import load_keras_hub_checkpoint
from distill_tf.checkpoints.weight_names import named_weights
from distill_tf.errors import DistillError
from distill_tf.export.keras_hub import EXPORTER

# Keras itself, saving a variable under numpy 2.
pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning"
)
STUDENTS = {
    "uncased": {},
    "cased pair": {"is_pair": True, "do_lower_case": False},
    "regression": {"names": ()},
}


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Predictor and folder of each student."""
    folder = tmp_path_factory.mktemp("keras_hub")
    return all_written(EXPORTER, STUDENTS, make_predictor, folder)


@pytest.fixture(scope="module")
def answers(exported, tmp_path_factory):
    job = [
        (str(folder), PLAIN_TEXTS, PARTNERS if predictor.labels.is_pair else None)
        for predictor, folder in exported.values()
    ]
    found = run_client(KERAS_HUB, job, tmp_path_factory.mktemp("client"))
    return dict(zip(exported, found, strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("name", STUDENTS)
def test_keras_hub_computes_the_same_from_texts(exported, answers, name):
    predictor, _ = exported[name]
    partners = PARTNERS if predictor.labels.is_pair else None
    expected = predictor.logits(PLAIN_TEXTS, partners)
    np.testing.assert_allclose(answers[name], expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize("name", STUDENTS)
def test_opened_it_computes_the_same(exported, name):
    predictor, folder = exported[name]
    (export,) = EXPORTER.open(folder)
    partners = PARTNERS if predictor.labels.is_pair else None
    np.testing.assert_allclose(
        export.logits(PLAIN_TEXTS, partners),
        predictor.logits(PLAIN_TEXTS, partners),
        rtol=0,
        atol=export.tolerance,
    )
    nothing = export.logits([], partners and [])
    assert nothing.shape == (0, predictor.labels.num_outputs)
    assert all(file.is_file() for file in export.files)


def test_read_back_it_has_the_same_bits(exported):
    predictor, folder = exported["cased pair"]
    checkpoint = load_keras_hub_checkpoint(folder)
    assert_same_weights(checkpoint.weights, named_weights(predictor.model))
    # KerasHub's own initializer has a constant range.
    expected = replace(predictor.model.config, initializer_range=0.02)
    assert checkpoint.config == expected
    assert checkpoint.do_lower_case is False
    # All but the token that is white space.
    assert checkpoint.tokens[:-1] == EXPORT_TOKENS[:-1]
    assert len(checkpoint.tokens) == len(EXPORT_TOKENS)


def test_the_labels_stand_beside_it(exported):
    _, folder = exported["uncased"]
    labels = json.loads((folder / "labels.json").read_text("utf-8"))
    assert labels == {"names": list(NAMES), "is_pair": False}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"pooling_strategy": "mean"}, "pooling_strategy is cls, .* model's is mean"),
        ({"hidden_act": "gelu_erf"}, "hidden_act is gelu_tanh, .* model's is gelu_erf"),
        ({"layer_norm_eps": 1e-5}, "layer_norm_eps is 1e-12, .* model's is 1e-05"),
        (
            {"tokens": [t for t in EXPORT_TOKENS if t != "[MASK]"]},
            r"\[MASK\] in the vocabulary, but this model's has none",
        ),
    ],
)
def test_what_keras_hub_would_compute_otherwise_is_refused(changes, message):
    with pytest.raises(DistillError, match=f"KerasHub .*{message}"):
        EXPORTER.check(make_predictor(**changes))
