"""The format is told from what is there, and a name from what is known."""

from dataclasses import replace

import pytest
from tiny_bert import CONFIG
from tiny_bert import TOKENS
from tiny_bert import assert_same_weights
from tiny_bert import huggingface_arrays
from tiny_bert import random_weights
from tiny_bert import write_google
from tiny_bert import write_huggingface
from tiny_bert import write_json
from tiny_bert import write_tokens

from distill_tf.checkpoints import load
from distill_tf.checkpoints.load import CHECKPOINT_FORMATS
from distill_tf.checkpoints.load import CheckpointFormat
from distill_tf.checkpoints.load import load_checkpoint
from distill_tf.checkpoints.load import load_untrained
from distill_tf.errors import DistillError


@pytest.mark.parametrize("kind", ["google", "huggingface"])
@pytest.mark.parametrize("as_text", [True, False])
def test_format_is_recognised(tmp_path, kind, as_text):
    weights = random_weights()
    if kind == "google":
        path = write_google(tmp_path, weights)
    else:
        path = write_huggingface(tmp_path, huggingface_arrays(weights))
    checkpoint = load_checkpoint(str(path) if as_text else path)
    assert_same_weights(checkpoint.weights, weights)


def test_each_format_recognises_only_its_own(tmp_path):
    write_google(tmp_path / "0", random_weights())
    write_huggingface(tmp_path / "1", huggingface_arrays(random_weights()))
    (tmp_path / "2").mkdir()
    write_json(tmp_path / "2" / "config.json", {})
    (tmp_path / "2" / "model.weights.h5").touch()
    for i, each in enumerate(CHECKPOINT_FORMATS):
        found = [each.recognise(tmp_path / str(j)) for j in range(3)]
        assert found == [i == j for j in range(3)], each.description


def test_further_formats_can_be_given(tmp_path):
    (tmp_path / "mine").touch()
    mine = CheckpointFormat(
        "my own", lambda path: path.name == "mine", lambda *args: args
    )
    loaded = load_checkpoint(
        tmp_path / "mine", vocab_file="v", formats=(mine, *CHECKPOINT_FORMATS)
    )
    assert loaded == (tmp_path / "mine", None, "v")


@pytest.mark.parametrize("exists", [True, False])
def test_nothing_fits(tmp_path, exists):
    path = tmp_path / "x"
    if exists:
        path.mkdir()
    with pytest.raises(DistillError) as caught:
        load_checkpoint(path)
    message = str(caught.value)
    assert message.startswith(f"{path} was expected to be a Google checkpoint")
    assert all(each.description in message for each in CHECKPOINT_FORMATS)


@pytest.mark.parametrize(
    ("name", "fetch"),
    [
        ("uncased_L-4_H-256_A-4", "fetch_google_model"),
        ("bert_tiny_en_uncased", "fetch_keras_hub_preset"),
    ],
)
def test_known_name_is_fetched(tmp_path, monkeypatch, name, fetch):
    weights = random_weights()
    prefix = write_google(tmp_path, weights)
    asked = []

    def fetched(*args):
        asked.append(args)
        return prefix.parent

    monkeypatch.setattr(load, fetch, fetched)
    assert_same_weights(load_checkpoint(name, download_dir="d").weights, weights)
    assert asked[0][0] == name


def test_path_goes_before_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name = "uncased_L-4_H-256_A-4"
    weights = random_weights()
    write_google(tmp_path / name, weights)
    assert_same_weights(load_checkpoint(name).weights, weights)


@pytest.mark.parametrize("kind", ["folder", "prefix", "without weights", "huggingface"])
def test_a_checkpoint_without_its_weights(tmp_path, kind):
    weights = random_weights(head=True)
    path = tmp_path
    if kind == "huggingface":
        write_huggingface(tmp_path, huggingface_arrays(weights))
    else:
        prefix = write_google(tmp_path, weights)
        path = prefix if kind == "prefix" else tmp_path
    if kind == "without weights":
        for file in tmp_path.glob("*.ckpt*"):
            file.unlink()
    found = load_untrained(path)
    assert (found.weights, found.labels, found.has_head) == ({}, None, False)
    assert found.config == load_config(kind)
    assert found.tokens == tuple(TOKENS)


def load_config(kind):
    """Hugging Face's gelu is the exact one."""
    activation = "gelu_erf" if kind == "huggingface" else CONFIG.hidden_act
    return replace(CONFIG, hidden_act=activation)


def test_two_files_in_place_of_a_checkpoint(tmp_path):
    write_google(tmp_path / "google", random_weights())
    write_tokens(tmp_path / "words.txt", TOKENS[:-1])
    config = tmp_path / "google" / "bert_config.json"
    found = load_untrained("", config, tmp_path / "words.txt")
    assert found.config == CONFIG
    assert found.tokens == tuple(TOKENS[:-1])
    assert found.source == str(config)


@pytest.mark.parametrize("given", [(), ("config.json",)])
def test_a_size_without_a_vocabulary(given):
    with pytest.raises(DistillError, match="need a size and a vocabulary; give bert_c"):
        load_untrained("", *given)
