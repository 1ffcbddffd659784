"""Google checkpoints: what is read, and what is refused."""

import os

import numpy as np
import pytest
from tiny_bert import CONFIG
from tiny_bert import TOKENS
from tiny_bert import assert_same_weights
from tiny_bert import google_config
from tiny_bert import random_weights
from tiny_bert import write_google
from tiny_bert import write_json
from tiny_bert import write_tokens

from distill_tf.checkpoints.google import find_google_prefix
from distill_tf.checkpoints.google import load_google_checkpoint
from distill_tf.checkpoints.google import save_google_checkpoint
from distill_tf.checkpoints.weight_names import named_weights
from distill_tf.errors import DistillError
from distill_tf.models.bert import BertEncoder

DATA = ".data-00000-of-00001"


def training_state(weights):
    """What run_classifier.py saves beside the model."""
    slots = {
        f"{name}/{slot}": np.zeros_like(array)
        for name, array in weights.items()
        for slot in ("adam_m", "adam_v")
    }
    return {**slots, "global_step": np.int64(46000)}


def test_pretrained_checkpoint_to_encoder_and_back(tmp_path):
    weights = random_weights()
    heads = {
        "cls/seq_relationship/output_weights": np.zeros((2, 12), "float32"),
        "cls/predictions/output_bias": np.zeros(37, "float32"),
    }
    prefix = write_google(tmp_path, {**weights, **heads})
    checkpoint = load_google_checkpoint(prefix)
    assert_same_weights(checkpoint.weights, weights)
    assert checkpoint.config == CONFIG
    assert checkpoint.tokens == TOKENS
    assert checkpoint.do_lower_case is True
    assert checkpoint.pooling_strategy is None
    assert set(checkpoint.unused) == set(heads)
    encoder = BertEncoder(checkpoint.config)
    encoder.build()
    checkpoint.load_into(encoder)
    assert_same_weights(named_weights(encoder), weights)


def test_fine_tuned_checkpoint_has_a_head(tmp_path):
    weights = random_weights(head=True)
    state = training_state(weights)
    prefix = write_google(tmp_path, {**weights, **state}, "model.ckpt-46000")
    checkpoint = load_google_checkpoint(prefix)
    assert_same_weights(checkpoint.weights, weights)
    assert checkpoint.pooling_strategy == "cls"
    assert set(checkpoint.unused) == set(state)


def test_saving_what_was_loaded_gives_the_same_bits(tmp_path):
    weights = random_weights(head=True)
    prefix = write_google(tmp_path / "first", weights)
    save_google_checkpoint(
        tmp_path / "second" / "x.ckpt", load_google_checkpoint(prefix).weights
    )
    again = load_google_checkpoint(
        tmp_path / "second" / "x.ckpt", tmp_path / "first" / "bert_config.json"
    )
    assert_same_weights(again.weights, weights)
    assert again.tokens is None
    assert again.do_lower_case is None


def test_half_precision_becomes_float32(tmp_path):
    halves = {name: array.astype("f2") for name, array in random_weights().items()}
    checkpoint = load_google_checkpoint(write_google(tmp_path, halves))
    assert_same_weights(
        checkpoint.weights, {name: array.astype("f4") for name, array in halves.items()}
    )


@pytest.mark.parametrize("ending", ["", ".index", DATA])
def test_prefix_by_any_of_its_files(tmp_path, ending):
    prefix = write_google(tmp_path, random_weights(), "model.ckpt-7")
    assert find_google_prefix(tmp_path / f"model.ckpt-7{ending}") == prefix


@pytest.mark.parametrize(
    ("names", "state", "found"),
    [
        (["model.ckpt-900", "model.ckpt-1000"], "model.ckpt-900", "model.ckpt-1000"),
        (["model.ckpt-1000", "bert_model.ckpt"], None, "bert_model.ckpt"),
        (["best", "other"], "best", "best"),
        (["best"], None, None),
        ([], None, None),
    ],
)
def test_prefix_by_folder(tmp_path, names, state, found):
    for name in names:
        save_google_checkpoint(tmp_path / name, {"x": np.float32(1)})
    if state:
        line = f'model_checkpoint_path: "{state}"\n'
        (tmp_path / "checkpoint").write_text(line)
    assert find_google_prefix(tmp_path) == (found and tmp_path / found)


def test_given_files_go_before_those_beside_the_checkpoint(tmp_path):
    prefix = write_google(tmp_path, random_weights())
    (tmp_path / "other").mkdir()
    config, vocab = tmp_path / "other" / "config.json", tmp_path / "other" / "v.txt"
    write_json(config, google_config(hidden_act="relu", layer_norm_eps=1e-7))
    write_tokens(vocab, [token.upper() for token in TOKENS])
    checkpoint = load_google_checkpoint(prefix, config, vocab)
    assert checkpoint.config.hidden_act == "relu"
    assert checkpoint.do_lower_case is False


def test_unread_configuration_keys_are_named(tmp_path):
    config = google_config(pooler_type="first_token_transform")
    prefix = write_google(tmp_path, random_weights(), config=config)
    checkpoint = load_google_checkpoint(prefix)
    assert checkpoint.unread_config_keys == ("pooler_type",)


def truncate_data(prefix):
    file = prefix.with_name(prefix.name + DATA)
    os.truncate(file, file.stat().st_size // 2)


def flip_a_bit(prefix):
    file = prefix.with_name(prefix.name + DATA)
    content = bytearray(file.read_bytes())
    content[100] ^= 1
    file.write_bytes(content)


def remove_data(prefix):
    prefix.with_name(prefix.name + DATA).unlink()


def spoil_index(prefix):
    prefix.with_name(prefix.name + ".index").write_bytes(b"nothing" * 20)


def remove_index(prefix):
    prefix.with_name(prefix.name + ".index").unlink()


def remove_config(prefix):
    prefix.with_name("bert_config.json").unlink()


def change_hidden_size(prefix):
    write_json(prefix.with_name("bert_config.json"), google_config(hidden_size=24))


def change_layers(prefix):
    path = prefix.with_name("bert_config.json")
    write_json(path, google_config(num_hidden_layers=4))


def change_activation(prefix):
    write_json(prefix.with_name("bert_config.json"), google_config(hidden_act="mish"))


def lengthen_vocabulary(prefix):
    write_tokens(prefix.with_name("vocab.txt"), [*TOKENS, "more"])


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (truncate_data, r"bert_model\.ckpt\.data-\* .*truncated or corrupt"),
        (flip_a_bit, r"bert_model\.ckpt\.data-\* .*truncated or corrupt"),
        (remove_data, r"no data file beside it, expected .*\.data-00000-of-00001"),
        (spoil_index, r"bert_model\.ckpt\.index is no index"),
        (remove_index, r"there is no .*bert_model\.ckpt\.index"),
        (remove_config, r"expected the json file .*bert_config\.json"),
        (change_hidden_size, "says hidden_size is 24, but .* has 12 "),
        (change_layers, "says num_hidden_layers is 4, but .* has 2 "),
        (change_activation, "hidden_act .* gelu, relu, tanh, but is 'mish'"),
        (lengthen_vocabulary, "38 tokens, .* 37 rows"),
    ],
)
def test_bad_input_is_one_sentence(tmp_path, damage, message):
    prefix = write_google(tmp_path, random_weights())
    damage(prefix)
    with pytest.raises(DistillError, match=message) as caught:
        load_google_checkpoint(prefix)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("given", ["bert_config_file", "vocab_file"])
def test_given_file_must_exist(tmp_path, given):
    prefix = write_google(tmp_path, random_weights())
    with pytest.raises(DistillError, match="absent_file"):
        load_google_checkpoint(prefix, **{given: tmp_path / "absent_file"})


def test_missing_encoder_variable_is_named_when_loading(tmp_path):
    name = "bert/encoder/layer_0/intermediate/dense/bias"
    weights = random_weights()
    del weights[name]
    checkpoint = load_google_checkpoint(write_google(tmp_path, weights))
    encoder = BertEncoder(CONFIG)
    encoder.build()
    with pytest.raises(DistillError, match=name):
        checkpoint.load_into(encoder)
