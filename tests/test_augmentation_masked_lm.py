"""The masked-language-model head: read from both formats, and what it computes."""

import numpy as np
import pytest
import tensorflow as tf
from safetensors.numpy import load_file
from scipy.special import erf
from tiny_bert import CONFIG
from tiny_bert import TOKENS
from tiny_bert import random_weights
from tiny_bert import write_google
from tiny_bert import write_json
from tiny_bert import write_tokens
from tiny_masked_lm import head_weights
from tiny_masked_lm import huggingface_head
from tiny_masked_lm import write_google_masked_lm
from tiny_masked_lm import write_huggingface_masked_lm

from distill_tf.augmentation.masked_lm import head_logits
from distill_tf.augmentation.masked_lm import load_masked_lm
from distill_tf.augmentation.masked_lm_head import MaskedLmHead
from distill_tf.augmentation.masked_lm_head import read_masked_lm_head
from distill_tf.checkpoints.load import load_checkpoint
from distill_tf.errors import DistillError

WRITERS = {"google": write_google_masked_lm, "huggingface": write_huggingface_masked_lm}
EACH_FORMAT = pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
INPUTS = {
    "token_ids": np.array([[2, 5, 4, 7, 3, 0], [2, 4, 9, 11, 20, 3]], np.int32),
    "segment_ids": np.array([[0, 0, 0, 1, 1, 0], [0, 0, 0, 0, 1, 1]], np.int32),
    "padding_mask": np.array([[1, 1, 1, 1, 1, 0], [1] * 6], bool),
}
POSITIONS = np.array([2, 1], np.int32)


def fields_of(head):
    return {name: getattr(head, name) for name in vars(head)}


@EACH_FORMAT
def test_the_head_is_read(tmp_path, write):
    head = read_masked_lm_head(load_checkpoint(write(tmp_path / "bert")))
    expected = MaskedLmHead(
        head_weights(), random_weights()["bert/embeddings/word_embeddings"]
    )
    found = fields_of(head)
    assert found.keys() == fields_of(expected).keys()
    for name, array in fields_of(expected).items():
        np.testing.assert_array_equal(found[name], array, err_msg=name, strict=True)


def test_old_names_of_a_torch_file_are_known(tmp_path):
    torch = pytest.importorskip("torch")
    folder = write_huggingface_masked_lm(tmp_path / "bert")
    head = huggingface_head(head_weights())
    for theirs, old in (("LayerNorm.weight", "gamma"), ("LayerNorm.bias", "beta")):
        name = f"cls.predictions.transform.{theirs}"
        head[f"cls.predictions.transform.LayerNorm.{old}"] = head.pop(name)
    head["cls.predictions.decoder.bias"] = head.pop("cls.predictions.bias")
    arrays = {**huggingface_arrays_of(folder), **head}
    (folder / "model.safetensors").unlink()
    state = {name: torch.from_numpy(array) for name, array in arrays.items()}
    torch.save(state, folder / "pytorch_model.bin")
    read = read_masked_lm_head(load_checkpoint(folder))
    np.testing.assert_array_equal(
        read.gamma, head_weights()["cls/predictions/transform/LayerNorm/gamma"]
    )
    np.testing.assert_array_equal(
        read.output_bias, head_weights()["cls/predictions/output_bias"]
    )


def huggingface_arrays_of(folder):
    arrays = load_file(folder / "model.safetensors")
    return {name: array for name, array in arrays.items() if "cls." not in name}


def test_head_formula():
    generator = np.random.default_rng(0)
    rows = generator.normal(size=(3, CONFIG.hidden_size)).astype("f4")
    weights = head_weights()
    kernel, bias, gamma, beta, output_bias = weights.values()
    embeddings = random_weights()["bert/embeddings/word_embeddings"]
    z = rows.astype("f8") @ kernel + bias
    activated = z * (1 + erf(z / np.sqrt(2))) / 2
    centred = activated - activated.mean(axis=1, keepdims=True)
    deviation = np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-3)
    expected = (gamma * centred / deviation + beta) @ embeddings.T + output_bias
    head = MaskedLmHead(weights, embeddings)
    logits = head_logits(tf.constant(rows), head, "gelu_erf", 1e-3).numpy()
    np.testing.assert_allclose(logits, expected, rtol=1e-4, atol=1e-4)


@EACH_FORMAT
def test_best_tokens_agree_with_transformers(tmp_path, write):
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    folder = write_huggingface_masked_lm(tmp_path / "theirs")
    peer = transformers.BertForMaskedLM.from_pretrained(folder).eval()
    # Google's GELU is the tanh form.
    if write is write_google_masked_lm:
        peer.config.hidden_act = "gelu_new"
        peer = transformers.BertForMaskedLM.from_pretrained(
            folder, config=peer.config
        ).eval()
    with torch.no_grad():
        logits = peer(
            torch.tensor(INPUTS["token_ids"]),
            attention_mask=torch.tensor(INPUTS["padding_mask"]).long(),
            token_type_ids=torch.tensor(INPUTS["segment_ids"]),
        ).logits.numpy()
    expected = np.argsort(-logits[[0, 1], POSITIONS], axis=1)[:, :7]
    model = load_masked_lm(str(write(tmp_path / "ours")), max_length=8)
    np.testing.assert_array_equal(model.best_tokens(INPUTS, POSITIONS, 7), expected)


def test_tokens_are_those_of_the_vocabulary(tmp_path):
    # The embeddings have rows that no token belongs to.
    prefix = write_google_masked_lm(tmp_path)
    write_tokens(tmp_path / "vocab.txt", TOKENS[:20])
    model = load_masked_lm(str(prefix), max_length=512)
    best = model.best_tokens(INPUTS, POSITIONS, 1000)
    assert best.shape == (2, 20)
    assert sorted(best[0]) == list(range(20))
    assert model.max_length == CONFIG.max_position_embeddings


@pytest.mark.parametrize("do_lower_case", [None, True, False])
def test_letter_case(tmp_path, do_lower_case):
    prefix = write_google_masked_lm(tmp_path)
    model = load_masked_lm(str(prefix), max_length=9, do_lower_case=do_lower_case)
    assert model.tokenizer.do_lower_case is (do_lower_case is not False)


def test_a_checkpoint_without_a_head(tmp_path):
    prefix = write_google(tmp_path, random_weights())
    with pytest.raises(DistillError, match="has no masked.*augment_source=vectors"):
        load_masked_lm(str(prefix), max_length=9)


def test_half_a_head_is_none(tmp_path):
    head = head_weights()
    del head["cls/predictions/output_bias"]
    prefix = write_google(tmp_path, {**random_weights(), **head})
    with pytest.raises(DistillError, match="has no masked.*augment_source=vectors"):
        load_masked_lm(str(prefix), max_length=9)


def test_a_head_of_another_size(tmp_path):
    head = {**head_weights(), "cls/predictions/output_bias": np.zeros(5, "f4")}
    prefix = write_google(tmp_path, {**random_weights(), **head})
    sentence = r"output_bias in .* \(37,\), but has \(5,\)"
    with pytest.raises(DistillError, match=sentence):
        load_masked_lm(str(prefix), max_length=9)


def test_a_vocabulary_without_a_mask(tmp_path):
    prefix = write_google_masked_lm(tmp_path)
    write_tokens(tmp_path / "vocab.txt", [t for t in TOKENS if t != "[MASK]"])
    with pytest.raises(DistillError, match=r"no \[MASK\].*augment_source=vectors"):
        load_masked_lm(str(prefix), max_length=9)


def test_a_missing_vocabulary(tmp_path):
    prefix = write_google_masked_lm(tmp_path)
    (tmp_path / "vocab.txt").unlink()
    with pytest.raises(DistillError, match="comes without a vocabulary"):
        load_masked_lm(str(prefix), max_length=9)


def test_shards_are_refused(tmp_path):
    folder = write_huggingface_masked_lm(tmp_path)
    shard = folder / "model-1.safetensors"
    (folder / "model.safetensors").rename(shard)
    index = {"weight_map": dict.fromkeys(huggingface_head(head_weights()), shard.name)}
    write_json(folder / "model.safetensors.index.json", index)
    with pytest.raises(DistillError, match="save it as one model.safetensors"):
        load_masked_lm(str(folder), max_length=9)
