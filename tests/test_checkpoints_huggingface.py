"""Hugging Face folders: what is read, and what is refused."""

import os
from dataclasses import replace

import ml_dtypes
import numpy as np
import pytest
from safetensors.numpy import save_file
from tiny_bert import CONFIG
from tiny_bert import TOKENS
from tiny_bert import assert_same_weights
from tiny_bert import huggingface_arrays
from tiny_bert import huggingface_config
from tiny_bert import random_weights
from tiny_bert import write_huggingface
from tiny_bert import write_json
from torch_zip import Call
from torch_zip import Global
from torch_zip import write_arrays
from torch_zip import write_pickle

from distill_tf.checkpoints.huggingface import load_huggingface_checkpoint
from distill_tf.errors import DistillError

FIVE = {"0": "red", "1": "green", "2": "blue", "3": "black", "4": "white"}


def rename(arrays, *replacements):
    for old, new in replacements:
        arrays = {name.replace(old, new): array for name, array in arrays.items()}
    return arrays


@pytest.mark.parametrize(
    "replacements",
    [
        [],
        [("bert.", "")],
        [("LayerNorm.weight", "LayerNorm.gamma"), ("LayerNorm.bias", "LayerNorm.beta")],
    ],
    ids=["as saved today", "no prefix", "gamma and beta"],
)
def test_encoder_under_names_of_all_ages(tmp_path, replacements):
    weights = random_weights()
    arrays = rename(huggingface_arrays(weights), *replacements)
    arrays["bert.embeddings.position_ids"] = np.arange(19)[None]
    checkpoint = load_huggingface_checkpoint(write_huggingface(tmp_path, arrays))
    assert_same_weights(checkpoint.weights, weights)
    assert checkpoint.config == replace(CONFIG, hidden_act="gelu_erf")
    assert checkpoint.tokens == TOKENS
    assert checkpoint.unused == ()
    assert checkpoint.labels is None
    assert checkpoint.pooling_strategy is None


@pytest.mark.parametrize(
    ("id2label", "labels"),
    [
        (FIVE, ("red", "green", "blue", "black", "white")),
        ({str(i): f"LABEL_{i}" for i in range(5)}, None),
        (None, None),
    ],
)
def test_classifier_head(tmp_path, id2label, labels):
    weights = random_weights(head=True)
    config = huggingface_config(id2label=id2label, architectures=["Bert"])
    folder = write_huggingface(tmp_path, huggingface_arrays(weights), config)
    checkpoint = load_huggingface_checkpoint(folder)
    assert_same_weights(checkpoint.weights, weights)
    assert checkpoint.labels == labels
    assert checkpoint.pooling_strategy == "cls"
    assert checkpoint.unread_config_keys == ("architectures",)


def test_pretraining_heads_are_unused(tmp_path):
    arrays = huggingface_arrays(random_weights())
    arrays["cls.predictions.bias"] = np.zeros(37, "float32")
    checkpoint = load_huggingface_checkpoint(write_huggingface(tmp_path, arrays))
    assert checkpoint.unused == ("cls.predictions.bias",)


def test_pytorch_model_bin(tmp_path):
    weights = random_weights(head=True)
    arrays = huggingface_arrays(weights)
    folder = write_huggingface(tmp_path, arrays)
    (folder / "model.safetensors").unlink()
    write_arrays(folder / "pytorch_model.bin", arrays)
    assert_same_weights(load_huggingface_checkpoint(folder).weights, weights)


def test_shards(tmp_path):
    weights = random_weights()
    arrays = huggingface_arrays(weights)
    folder = write_huggingface(tmp_path, arrays)
    (folder / "model.safetensors").unlink()
    files = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
    weight_map = {name: files[i % 2] for i, name in enumerate(arrays)}
    for file in files:
        save_file(
            {name: arrays[name] for name in arrays if weight_map[name] == file},
            folder / file,
        )
    write_json(folder / "model.safetensors.index.json", {"weight_map": weight_map})
    assert_same_weights(load_huggingface_checkpoint(folder).weights, weights)
    (folder / files[1]).unlink()
    with pytest.raises(DistillError, match=f"names the shard {files[1]}"):
        load_huggingface_checkpoint(folder)


def test_shard_outside_the_folder(tmp_path):
    folder = write_huggingface(tmp_path / "folder", {})
    (folder / "model.safetensors").rename(tmp_path / "x.safetensors")
    index = {"weight_map": {"w": "../x.safetensors"}}
    write_json(folder / "model.safetensors.index.json", index)
    with pytest.raises(DistillError, match="not in its folder"):
        load_huggingface_checkpoint(folder)


@pytest.mark.parametrize("dtype", ["float16", ml_dtypes.bfloat16], ids=str)
def test_half_precision_becomes_float32(tmp_path, dtype):
    weights = {name: array.astype(dtype) for name, array in random_weights().items()}
    folder = write_huggingface(tmp_path, huggingface_arrays(weights))
    assert_same_weights(
        load_huggingface_checkpoint(folder).weights,
        {name: array.astype("float32") for name, array in weights.items()},
    )


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("gelu", "gelu_erf"),
        ("gelu_new", "gelu_tanh"),
        ("gelu_pytorch_tanh", "gelu_tanh"),
        ("relu", "relu"),
        ("silu", "silu"),
        ("swish", "silu"),
    ],
)
def test_activation(tmp_path, theirs, ours):
    config = huggingface_config(hidden_act=theirs, layer_norm_eps=1e-5)
    folder = write_huggingface(tmp_path, huggingface_arrays(random_weights()), config)
    found = load_huggingface_checkpoint(folder).config
    assert (found.hidden_act, found.layer_norm_eps) == (ours, 1e-5)


@pytest.mark.parametrize(
    ("tokenizer_config", "do_lower_case"),
    [
        # As the vocabulary says, which has an "a" and no "A".
        (None, True),
        ({}, True),
        ({"do_lower_case": False}, False),
        ({"strip_accents": None, "tokenize_chinese_chars": True}, True),
        # What BERT does in either case, said in words.
        ({"do_lower_case": True, "strip_accents": True}, True),
        ({"do_lower_case": False, "strip_accents": False}, False),
    ],
)
def test_tokenizer_config(tmp_path, tokenizer_config, do_lower_case):
    folder = write_huggingface(tmp_path, huggingface_arrays(random_weights()))
    if tokenizer_config is not None:
        write_json(folder / "tokenizer_config.json", tokenizer_config)
    checkpoint = load_huggingface_checkpoint(folder)
    assert checkpoint.do_lower_case is do_lower_case


NORMALIZER = {
    "type": "BertNormalizer",
    "clean_text": True,
    "handle_chinese_chars": True,
    "strip_accents": None,
    "lowercase": False,
}


def test_the_normalizer_speaks_where_the_configuration_does_not(tmp_path):
    folder = write_huggingface(tmp_path, huggingface_arrays(random_weights()))
    write_json(folder / "tokenizer.json", {"normalizer": NORMALIZER})
    assert load_huggingface_checkpoint(folder).do_lower_case is False
    write_json(folder / "tokenizer_config.json", {"do_lower_case": True})
    assert load_huggingface_checkpoint(folder).do_lower_case is True


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"type": "Sequence"},
            "type in .* must be 'BertNormalizer', but is 'Seq",
        ),
        ({"handle_chinese_chars": False}, "handle_chinese_chars .* must be True"),
        ({"strip_accents": True}, "strip_accents .* must be False, but is True"),
    ],
    ids=str,
)
def test_another_normalizer_is_refused(tmp_path, changes, message):
    folder = write_huggingface(tmp_path, huggingface_arrays(random_weights()))
    write_json(folder / "tokenizer.json", {"normalizer": {**NORMALIZER, **changes}})
    with pytest.raises(DistillError, match=message):
        load_huggingface_checkpoint(folder)


@pytest.mark.parametrize(
    ("tokenizer_config", "message"),
    [
        ({"word_tokenizer_type": "mecab"}, "word_tokenizer_type .* must be None"),
        ({"strip_accents": False}, "strip_accents .* must be True, but is False"),
        (
            {"do_lower_case": False, "strip_accents": True},
            "strip_accents .* must be False, but is True",
        ),
        ({"tokenize_chinese_chars": False}, "tokenize_chinese_chars .* must be True"),
        ({"do_basic_tokenize": False}, "do_basic_tokenize .* must be True"),
        ({"never_split": ["x"]}, "never_split .* must be None, but is"),
    ],
)
def test_a_tokenizer_of_other_tokens_is_refused(tmp_path, tokenizer_config, message):
    folder = write_huggingface(tmp_path, huggingface_arrays(random_weights()))
    write_json(folder / "tokenizer_config.json", tokenizer_config)
    with pytest.raises(DistillError, match=message):
        load_huggingface_checkpoint(folder)


@pytest.mark.parametrize(
    ("problem_type", "head", "is_accepted"),
    [
        ("single_label_classification", True, True),
        ("multi_label_classification", True, False),
        ("regression", True, False),
        # An encoder alone has no problem.
        ("multi_label_classification", False, True),
    ],
)
def test_problem_type(tmp_path, problem_type, head, is_accepted):
    arrays = huggingface_arrays(random_weights(head=head))
    config = huggingface_config(problem_type=problem_type)
    folder = write_huggingface(tmp_path, arrays, config)
    if is_accepted:
        assert load_huggingface_checkpoint(folder).unread_config_keys == ()
        return
    with pytest.raises(
        DistillError, match=f"must be 'single_label_.*5 outputs, but is '{problem_type}"
    ):
        load_huggingface_checkpoint(folder)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model_type": "roberta"}, "model_type .* must be 'bert', but is 'roberta'"),
        ({"position_embedding_type": "relative_key"}, "must be 'absolute'"),
        ({"is_decoder": True}, "is_decoder .* must be False"),
        ({"hidden_act": "quick_gelu"}, "hidden_act .* but is 'quick_gelu'"),
        ({"hidden_size": 24}, "says hidden_size is 24, but .* has 12 "),
        ({"num_hidden_layers": 1}, "says num_hidden_layers is 1, but .* has 2 "),
        ({"num_hidden_layers": 3}, "says num_hidden_layers is 3, but .* has 2 "),
        ({"type_vocab_size": None}, "lacks type_vocab_size"),
        ({"id2label": {"0": "a", "2": "b"}}, "id2label in .* map 0, 1, 2"),
        ({"id2label": {"0": "a"}}, "1 labels .* 5 outputs"),
    ],
)
def test_unfit_configuration(tmp_path, changes, message):
    arrays = huggingface_arrays(random_weights(head=True))
    folder = write_huggingface(tmp_path, arrays, huggingface_config(**changes))
    with pytest.raises(DistillError, match=message):
        load_huggingface_checkpoint(folder)


def test_truncated_safetensors(tmp_path):
    folder = write_huggingface(tmp_path, huggingface_arrays(random_weights()))
    file = folder / "model.safetensors"
    os.truncate(file, file.stat().st_size - 5)
    with pytest.raises(DistillError, match="model.safetensors is truncated"):
        load_huggingface_checkpoint(folder)


def test_quantised_weights(tmp_path):
    arrays = huggingface_arrays(random_weights())
    arrays["bert.pooler.dense.weight"] = np.zeros((12, 12), "int8")
    folder = write_huggingface(tmp_path, arrays)
    with pytest.raises(DistillError, match="pooler/dense/kernel .* holds int8"):
        load_huggingface_checkpoint(folder)


def test_hostile_bin(tmp_path):
    folder = write_huggingface(tmp_path, {})
    (folder / "model.safetensors").unlink()
    hostile = Call(Global("os", "system"), "true")
    write_pickle(folder / "pytorch_model.bin", {"w": hostile})
    with pytest.raises(DistillError, match="asks to load os.system"):
        load_huggingface_checkpoint(folder)


def test_folder_without_weights(tmp_path):
    with pytest.raises(DistillError, match="expected one of model.safetensors"):
        load_huggingface_checkpoint(tmp_path)
