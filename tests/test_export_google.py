"""A student as a checkpoint of google-research/bert, and back."""

import json

import numpy as np
import pytest
from export_students import NAMES
from export_students import ODD_TEXTS
from export_students import PARTNERS
from export_students import PLAIN_TEXTS
from export_students import make_predictor
from export_students import run_client
from export_students import written
from tiny_bert import CONFIG
from tiny_bert import TOKENS
from tiny_bert import assert_same_weights
from tiny_bert import google_config
from tiny_bert import random_weights
from tiny_bert import write_google

from distill_tf.checkpoints.google import load_google_checkpoint
from distill_tf.checkpoints.weight_names import named_weights
from distill_tf.errors import DistillError
from distill_tf.export.google import EXPORTER
from distill_tf.labels import LabelSet
from distill_tf.models.classifier import BertClassifier
from distill_tf.predictor import Predictor
from distill_tf.text import TextEncoder
from distill_tf.text import TextSettings
from distill_tf.text import Vocabulary

# As modeling.get_assignment_map_from_checkpoint: a graph's variables, by their names.
TENSORFLOW_1_CLIENT = """
import numpy as np
import tensorflow as tf
with tf.Graph().as_default(), tf.compat.v1.Session() as session:
    variables = [
        tf.compat.v1.get_variable(name, shape) for name, shape in job["shapes"].items()
    ]
    found = {name for name, _ in tf.compat.v1.train.list_variables(job["prefix"])}
    assignment = {name: name for name in job["shapes"] if name in found}
    tf.compat.v1.train.init_from_checkpoint(job["prefix"], assignment)
    session.run(tf.compat.v1.global_variables_initializer())
    np.savez(job["output"], **dict(zip(job["shapes"], session.run(variables))))
answer = sorted(found)
"""


@pytest.mark.slow
def test_a_tensorflow_1_graph_starts_from_it(tmp_path):
    predictor = make_predictor()
    folder = written(EXPORTER, predictor, tmp_path / "google")
    weights = named_weights(predictor.model)
    job = {
        "prefix": str(folder / "bert_model.ckpt"),
        "shapes": {name: weight.shape for name, weight in weights.items()},
        "output": str(tmp_path / "weights.npz"),
    }
    assert run_client(TENSORFLOW_1_CLIENT, job, tmp_path) == sorted(weights)
    with np.load(tmp_path / "weights.npz") as found:
        assert_same_weights(dict(found), weights)


@pytest.mark.parametrize("hidden_act", ["gelu_tanh", "relu", "tanh"])
def test_configuration_and_vocabulary(tmp_path, hidden_act):
    predictor = make_predictor(hidden_act=hidden_act)
    folder = written(EXPORTER, predictor, tmp_path / "google")
    values = json.loads((folder / "bert_config.json").read_text("utf-8"))
    assert values.keys() == google_config().keys()
    assert values["hidden_act"] == hidden_act.removesuffix("_tanh")
    checkpoint = load_google_checkpoint(folder)
    assert checkpoint.config == predictor.model.config
    assert checkpoint.tokens == predictor.encoder.vocabulary.tokens


@pytest.mark.parametrize(
    ("names", "is_pair", "do_lower_case"),
    [(NAMES, False, True), (NAMES, True, False), ((), False, True)],
)
def test_opened_it_computes_the_same(tmp_path, names, is_pair, do_lower_case):
    predictor = make_predictor(names, is_pair, do_lower_case)
    (export,) = EXPORTER.open(written(EXPORTER, predictor, tmp_path / "google"))
    texts = [*PLAIN_TEXTS, *ODD_TEXTS]
    partners = [*PARTNERS, *PARTNERS[:5]] if is_pair else None
    np.testing.assert_array_equal(
        export.logits(texts, partners), predictor.logits(texts, partners)
    )
    assert sorted(file.name for file in export.files) == [
        "bert_config.json",
        "bert_model.ckpt.data-00000-of-00001",
        "bert_model.ckpt.index",
        "labels.json",
        "text_settings.json",
        "vocab.txt",
    ]


def test_google_to_ours_to_google_keeps_every_bit(tmp_path):
    weights = random_weights(head=True)
    first = load_google_checkpoint(write_google(tmp_path / "first", weights))
    model = BertClassifier(first.config, first.num_classes)
    first.load_into(model)
    encoder = TextEncoder.from_settings(Vocabulary(TOKENS), TextSettings(True, 9))
    predictor = Predictor(model, encoder, LabelSet(("a", "b", "c", "d", "e"), False))
    second = load_google_checkpoint(written(EXPORTER, predictor, tmp_path / "second"))
    assert_same_weights(second.weights, weights)
    assert second.unused == ()
    assert second.config == CONFIG
    vocabularies = [
        (tmp_path / name / "vocab.txt").read_bytes() for name in ("first", "second")
    ]
    assert vocabularies[0] == vocabularies[1]
    configurations = [
        json.loads((tmp_path / name / "bert_config.json").read_text("utf-8"))
        for name in ("first", "second")
    ]
    assert configurations[0] == configurations[1]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"pooling_strategy": "mean"}, "pooling_strategy is cls, .* model's is mean"),
        ({"hidden_act": "gelu_erf"}, "hidden_act is gelu_tanh or relu or tanh, "),
        ({"hidden_act": "silu"}, "but this model's is silu"),
        ({"layer_norm_eps": 1e-5}, "layer_norm_eps is 1e-12, .* model's is 1e-05"),
    ],
)
def test_what_modeling_py_would_compute_otherwise_is_refused(changes, message):
    with pytest.raises(DistillError, match=f"google-research/bert .*{message}"):
        EXPORTER.check(make_predictor(**changes))
