"""The tokenizer.json of models that read each text by itself gives our ids."""

import json

import numpy as np
import pytest
from export_students import ODD_TEXTS
from export_students import PLAIN_TEXTS
from tiny_bert import TOKENS

from distill_tf.data.padding import pad
from distill_tf.export.flat_inputs import flat_inputs
from distill_tf.export.separate_inputs import SeparateInputs
from distill_tf.export.separate_tokenizer import separate_tokenizer_json
from distill_tf.text import TextSettings
from distill_tf.text import Vocabulary
from distill_tf.text import WordVocabulary
from distill_tf.text import build_encoder
from distill_tf.text import build_splitter
from distill_tf.text import encode_all

tokenizers = pytest.importorskip("tokenizers")

MAX_TOKENS = 7
TEXTS = [
    *PLAIN_TEXTS,
    *ODD_TEXTS,
    "Straße ΣΑΣ İstanbul ÀÉ",
    "<pad> [PAD] <unk> a",
    "don't - stop—ever",
    " \t\n\u2028\u3000",
]


def encoder_of(tokenizer, do_lower_case):
    """Knows all words of the texts, so that a word split otherwise has another id."""
    settings = TextSettings(
        do_lower_case, MAX_TOKENS, tokenizer=tokenizer, layout="separate"
    )
    if tokenizer == "wordpiece":
        return build_encoder(Vocabulary(TOKENS), settings)
    rows = build_splitter(tokenizer, do_lower_case).split_words(TEXTS)
    words = dict.fromkeys(word for row in rows for word in row)
    special = ("<pad>", "<unk>")
    known = (word for word in words if word not in special)
    return build_encoder(WordVocabulary([*special[::-1], *known]), settings)


@pytest.mark.parametrize("do_lower_case", [True, False])
@pytest.mark.parametrize("tokenizer", ["wordpiece", "whitespace", "basic", "jieba"])
def test_the_ids_are_those_of_the_encoder(tmp_path, tokenizer, do_lower_case):
    encoder = encoder_of(tokenizer, do_lower_case)
    path = tmp_path / "tokenizer.json"
    path.write_text(json.dumps(separate_tokenizer_json(encoder)), "utf-8")
    vocabulary = encoder.vocabulary
    inputs = SeparateInputs.open(path, vocabulary.pad_id, vocabulary.unk_id, "onnx")
    encoded = encode_all(encoder, TEXTS)
    expected = flat_inputs(pad(encoded, np.arange(len(TEXTS))))
    # jieba is Python's: words come with spaces between them.
    found = inputs(encoder.segment(TEXTS), None)
    width = found["attention_mask"].sum(axis=1).max()
    assert width == MAX_TOKENS
    for name, array in found.items():
        np.testing.assert_array_equal(array, expected[name][:, :width], err_msg=name)


def test_both_sides_of_a_pair_have_their_own_width(tmp_path):
    encoder = encoder_of("basic", True)
    path = tmp_path / "tokenizer.json"
    path.write_text(json.dumps(separate_tokenizer_json(encoder)), "utf-8")
    inputs = SeparateInputs.open(path, encoder.vocabulary.pad_id, 0, "onnx")
    arrays = inputs(["a b c", ""], ["d", "e"])
    assert arrays["first_input_ids"].shape == (2, 3)
    assert arrays["second_attention_mask"].tolist() == [[1], [1]]
    assert arrays["first_attention_mask"].tolist() == [[1, 1, 1], [1, 0, 0]]
