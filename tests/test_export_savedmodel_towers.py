"""The SavedModel of two towers: texts encoded one by one, and scored later."""

import functools

import numpy as np
import pytest
import tensorflow as tf
from saved_model_requests import ask
from saved_model_requests import assert_is
from saved_model_requests import request
from tensorflow_serving.apis import prediction_log_pb2
from tiny_exports import columns
from tiny_exports import make_tower_predictor

from distill_tf.data.padding import pad
from distill_tf.export.savedmodel import EXPORTER

SIDES = ("first", "second")
PREDICTORS = {
    **{
        name: lambda name=name: make_tower_predictor(name)
        for name in ("late_fusion", "sbert", "poly", "deformer", "dipair", "col")
    },
    "full length": lambda: make_tower_predictor(strict_virt=True),
    "regression": lambda: make_tower_predictor("bi_encoder", names=()),
}
EVERY = pytest.mark.parametrize("name", PREDICTORS)


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """A function from a name to the predictor and the folder, made when asked for."""

    @functools.cache
    def export(name):
        predictor, folder = PREDICTORS[name](), tmp_path_factory.mktemp("towers")
        EXPORTER.export(predictor, folder)
        return predictor, folder

    return export


def token_inputs(predictor):
    texts, partners = columns(predictor)
    return {
        f"{side}_{name}": array
        for side, row in pad(
            predictor.encode(texts, partners), np.arange(len(texts))
        ).items()
        for name, array in row.items()
    }


@pytest.fixture(scope="module")
def answers(exported, tmp_path_factory):
    """From a process that has neither our code nor Keras: pairs, then each text."""
    asked = []
    for predictor, folder in map(exported, PREDICTORS):
        texts, partners = columns(predictor)
        requests = [
            request("serving_default", text_a=texts, text_b=partners),
            request("from_token_ids", **token_inputs(predictor)),
            request("encode_first", text=texts),
            request("encode_second", text=partners),
        ]
        asked.append((folder, requests))
    found = ask(asked, tmp_path_factory.mktemp("elsewhere"), "bare")
    return dict(zip(PREDICTORS, found, strict=True))


@pytest.fixture(scope="module")
def scores(exported, answers, tmp_path_factory):
    """From such a process too: all pairs, then the first text with all partners."""
    asked = []
    for name in PREDICTORS:
        _, folder = exported(name)
        *_, first, second = answers[name]
        query = {part: values[:1] for part, values in first.items()}
        asked.append((folder, [score(first, second), score(query, second)]))
    found = ask(asked, tmp_path_factory.mktemp("elsewhere"), "bare")
    return dict(zip(PREDICTORS, found, strict=True))


def score(first, second):
    parts = {
        f"{side}_{part}": np.array(values, bool if part == "mask" else np.float32)
        for side, kept in zip(SIDES, (first, second), strict=True)
        for part, values in kept.items()
    }
    return request("score", **parts)


def assert_answers(predictor, answer, logits, tolerance):
    if not predictor.labels.names:
        np.testing.assert_allclose(
            answer["score"], logits[:, 0], atol=tolerance, rtol=0
        )
        return
    assert_is(answer, logits, tolerance)


@pytest.mark.slow
@EVERY
def test_a_stranger_asks_about_pairs(exported, answers, name):
    predictor, _ = exported(name)
    expected = predictor.logits(*columns(predictor))
    assert np.ptp(expected, axis=0).max() > 0.01
    for answer in answers[name][:2]:
        assert_answers(predictor, answer, expected, 1e-5)


@pytest.mark.slow
@EVERY
def test_a_stranger_scores_what_was_encoded(exported, scores, name):
    predictor, _ = exported(name)
    texts, partners = columns(predictor)
    pairs, one_query = scores[name]
    assert_answers(predictor, pairs, predictor.logits(texts, partners), 1e-4)
    repeated = predictor.logits([texts[0]] * len(partners), partners)
    assert_answers(predictor, one_query, repeated, 1e-4)


# Three lengths in batches of two sizes; a single vector has no length.
@pytest.mark.parametrize(
    ("name", "count"),
    [("late_fusion", 6), pytest.param("regression", 2, marks=pytest.mark.slow)],
)
def test_the_model_answers_all_warm_up_requests(exported, name, count):
    _, folder = exported(name)
    loaded = tf.saved_model.load(str(folder / "1"))
    path = folder / "1/assets.extra/tf_serving_warmup_requests"
    found = {}
    for record in tf.data.TFRecordDataset(str(path)).as_numpy_iterator():
        log = prediction_log_pb2.PredictionLog.FromString(record)
        asked = log.predict_log.request
        inputs = {
            key: tf.constant(tf.make_ndarray(each))
            for key, each in asked.inputs.items()
        }
        signature = asked.model_spec.signature_name
        answer = loaded.signatures[signature](**inputs)
        assert all(np.isfinite(v).all() for v in answer.values() if v.dtype.is_floating)
        found.setdefault(signature, set()).add(
            tuple(tuple(each.shape) for each in inputs.values())
        )
    assert found.keys() == {"serving_default", "encode_first", "encode_second", "score"}
    assert len(found["score"]) == count
    # Zeros take no room.
    assert path.stat().st_size < 20_000
