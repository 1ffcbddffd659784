"""The masked-language-model head: read from both formats, and what it computes."""

import numpy as np
import pytest
from safetensors.numpy import load_file
from scipy.special import erf
from tiny_bert import CONFIG
from tiny_bert import random_weights
from tiny_bert import write_google
from tiny_masked_lm import head_weights
from tiny_masked_lm import huggingface_head
from tiny_masked_lm import write_google_masked_lm
from tiny_masked_lm import write_huggingface_masked_lm

from distill_tf.checkpoints.load import load_checkpoint
from distill_tf.checkpoints.masked_lm_head import has_masked_lm_head
from distill_tf.checkpoints.masked_lm_head import read_masked_lm_head
from distill_tf.models.masked_lm_head import NAMES
from distill_tf.models.masked_lm_head import MaskedLmHead

WRITERS = {"google": write_google_masked_lm, "huggingface": write_huggingface_masked_lm}
EACH_FORMAT = pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)


def assert_same_arrays(found, expected):
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        np.testing.assert_array_equal(found[name], array, err_msg=name, strict=True)


@EACH_FORMAT
def test_the_head_is_read(tmp_path, write):
    checkpoint = load_checkpoint(write(tmp_path / "bert"))
    assert has_masked_lm_head(checkpoint)
    assert_same_arrays(read_masked_lm_head(checkpoint), head_weights())


def test_a_checkpoint_without_one_says_so(tmp_path):
    prefix = write_google(tmp_path, random_weights())
    assert not has_masked_lm_head(load_checkpoint(prefix))


def test_old_names_of_a_torch_file_are_known(tmp_path):
    torch = pytest.importorskip("torch")
    folder = write_huggingface_masked_lm(tmp_path / "bert")
    head = huggingface_head(head_weights())
    for theirs, old in (("LayerNorm.weight", "gamma"), ("LayerNorm.bias", "beta")):
        name = f"cls.predictions.transform.{theirs}"
        head[f"cls.predictions.transform.LayerNorm.{old}"] = head.pop(name)
    head["cls.predictions.decoder.bias"] = head.pop("cls.predictions.bias")
    arrays = load_file(folder / "model.safetensors")
    arrays = {name: array for name, array in arrays.items() if "cls." not in name}
    (folder / "model.safetensors").unlink()
    state = {name: torch.from_numpy(array) for name, array in (arrays | head).items()}
    torch.save(state, folder / "pytorch_model.bin")
    assert_same_arrays(read_masked_lm_head(load_checkpoint(folder)), head_weights())


def built_head(**settings):
    layer = MaskedLmHead(
        CONFIG.__class__(**{**CONFIG.to_dict(), **settings}), dtype="float32"
    )
    layer.build()
    return layer


def test_the_formula():
    generator = np.random.default_rng(0)
    rows = generator.normal(size=(3, CONFIG.hidden_size)).astype("f4")
    kernel, bias, gamma, beta, output_bias = head_weights().values()
    embeddings = random_weights()["bert/embeddings/word_embeddings"]
    z = rows.astype("f8") @ kernel + bias
    activated = z * (1 + erf(z / np.sqrt(2))) / 2
    centred = activated - activated.mean(axis=1, keepdims=True)
    deviation = np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-3)
    expected = (gamma * centred / deviation + beta) @ embeddings.T + output_bias
    layer = built_head(hidden_act="gelu_erf", layer_norm_eps=1e-3)
    layer.load(head_weights())
    logits = layer(rows, embeddings)
    np.testing.assert_allclose(logits, expected, rtol=1e-4, atol=1e-4)
    # Of the first tokens alone: the same logits.
    first = layer(rows, embeddings[:5])
    np.testing.assert_allclose(first, expected[:, :5], rtol=1e-4, atol=1e-4)


def test_weights_come_out_as_they_went_in():
    layer = built_head()
    layer.load(head_weights())
    assert_same_arrays(layer.named_weights(), head_weights())
    assert layer.named_weights().keys() == NAMES.keys()
