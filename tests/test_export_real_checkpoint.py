"""A real pre-trained BERT with a head, out to other formats and back."""

import numpy as np
import pytest
import tensorflow as tf
from export_students import written
from real_checkpoint import make_checkpoints
from safetensors.numpy import load_file
from tiny_bert import assert_same_weights

from distill_tf.checkpoints.huggingface_names import canonical_name
from distill_tf.checkpoints.load import load_checkpoint
from distill_tf.checkpoints.weight_names import named_weights
from distill_tf.export.google import EXPORTER as GOOGLE
from distill_tf.export.pytorch import EXPORTER as PYTORCH
from distill_tf.labels import LabelSet
from distill_tf.models.classifier import BertClassifier
from distill_tf.predictor import Predictor
from distill_tf.text import TextEncoder
from distill_tf.text import TextSettings
from distill_tf.text import Vocabulary

pytestmark = [pytest.mark.real_data, pytest.mark.slow]


@pytest.fixture(scope="module")
def checkpoints(tmp_path_factory):
    return make_checkpoints(tmp_path_factory.mktemp("checkpoints"))


def classifier_on(checkpoint) -> Predictor:
    """The encoder under a head of random weights."""
    model = BertClassifier(checkpoint.config, 2)
    checkpoint.load_into(model)
    kernel = model.output_dense.kernel
    kernel.assign(np.random.default_rng(0).normal(scale=0.5, size=kernel.shape))
    settings = TextSettings(checkpoint.do_lower_case, 64)
    encoder = TextEncoder.from_settings(Vocabulary(checkpoint.tokens), settings)
    return Predictor(model, encoder, LabelSet(("0", "1"), False))


def test_google_and_back_keeps_every_bit(checkpoints, tmp_path):
    original = tf.train.load_checkpoint(str(checkpoints["google"] / "bert_model.ckpt"))
    predictor = classifier_on(load_checkpoint(checkpoints["google"]))
    folder = written(GOOGLE, predictor, tmp_path / "google")
    exported = tf.train.load_checkpoint(str(folder / "bert_model.ckpt"))
    names = exported.get_variable_to_shape_map().keys()
    found = {name: exported.get_tensor(name) for name in names}
    assert_same_weights(found, named_weights(predictor.model))
    encoder = names - {"output_weights", "output_bias"}
    assert_same_weights(
        {name: found[name] for name in encoder},
        {name: original.get_tensor(name) for name in encoder},
    )
    assert_same_weights(load_checkpoint(folder).weights, found)
    vocabulary = (folder / "vocab.txt").read_bytes()
    assert vocabulary == (checkpoints["google"] / "vocab.txt").read_bytes()


def test_hugging_face_and_back_keeps_every_bit(checkpoints, tmp_path):
    original = load_file(checkpoints["hugging face"] / "model.safetensors")
    predictor = classifier_on(load_checkpoint(checkpoints["hugging face"]))
    folder = written(PYTORCH, predictor, tmp_path / "pytorch")
    found = load_file(folder / "model.safetensors")
    for name, array in original.items():
        if canonical_name(name):
            again = found.pop(f"bert.{name}")
            np.testing.assert_array_equal(again, array, strict=True)
    assert found.keys() == {"classifier.weight", "classifier.bias"}
    weights = load_checkpoint(folder).weights
    assert_same_weights(weights, named_weights(predictor.model))
    vocabulary = (folder / "vocab.txt").read_bytes()
    assert vocabulary == (checkpoints["hugging face"] / "vocab.txt").read_bytes()
