"""Configuration files: whole, broken, and incomplete."""

import pytest
from tiny_bert import CONFIG
from tiny_bert import google_config
from tiny_bert import write_json

from distill_tf.checkpoints.json_files import bert_config_from
from distill_tf.checkpoints.json_files import read_json_object
from distill_tf.checkpoints.json_files import unread_keys
from distill_tf.errors import DistillError

ACTIVATIONS = {"gelu": "gelu_tanh"}


def test_object(tmp_path):
    write_json(tmp_path / "x.json", {"a": [1]})
    assert read_json_object(tmp_path / "x.json") == {"a": [1]}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "but there is none"),
        (b"{", "not valid json"),
        (b"\xff", "not valid json"),
        (b"[1]", "hold a json object, but holds a list"),
        (b"[" * 100_000, "not valid json"),
    ],
)
def test_broken_file_is_named(tmp_path, content, message):
    path = tmp_path / "x.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DistillError, match=f"x.json.*{message}"):
        read_json_object(path)


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(DistillError, match="should be a json file, but cannot be read"):
        read_json_object(tmp_path)


def test_configuration(tmp_path):
    values = google_config(hidden_dropout_prob=0.3, layer_norm_eps=1e-6)
    config = bert_config_from(values, ACTIVATIONS, tmp_path)
    assert (config.hidden_dropout_prob, config.layer_norm_eps) == (0.3, 1e-6)
    assert bert_config_from(google_config(), ACTIVATIONS, tmp_path) == CONFIG


@pytest.mark.parametrize("key", google_config())
def test_nothing_is_assumed(tmp_path, key):
    values = google_config(**{key: None})
    with pytest.raises(DistillError, match=f"lacks {key};"):
        bert_config_from(values, ACTIVATIONS, tmp_path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"hidden_act": "relu"}, "one of gelu, but is 'relu'"),
        ({"num_attention_heads": 5}, "here.json: hidden_size .12. must be a multiple"),
        ({"vocab_size": 0}, "here.json: vocab_size"),
    ],
)
def test_unsupported_value_is_named(tmp_path, changes, message):
    with pytest.raises(DistillError, match=message):
        path = tmp_path / "here.json"
        bert_config_from(google_config(**changes), ACTIVATIONS, path)


def test_unread_keys():
    values = google_config(pooler_type="x", id2label={}, layer_norm_eps=1e-12)
    assert unread_keys(values, "id2label") == ("pooler_type",)
