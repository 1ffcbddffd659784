"""Words that a BERT with its masked-language-model head predicts."""

import numpy as np
import pytest
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

from distill_tf.augmentation.masked_lm import load_masked_lm
from distill_tf.errors import DistillError

WRITERS = {"google": write_google_masked_lm, "huggingface": write_huggingface_masked_lm}
EACH_FORMAT = pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
INPUTS = {
    "token_ids": np.array([[2, 5, 4, 7, 3, 0], [2, 4, 9, 11, 20, 3]], np.int32),
    "segment_ids": np.array([[0, 0, 0, 1, 1, 0], [0, 0, 0, 0, 1, 1]], np.int32),
    "padding_mask": np.array([[1, 1, 1, 1, 1, 0], [1] * 6], bool),
}
POSITIONS = np.array([2, 1], np.int32)


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
