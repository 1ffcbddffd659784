"""BERT's inputs by the tokenizers library, beside those of our graph."""

import json
import sys

import numpy as np
import pytest
from export_students import EXPORT_TOKENS
from export_students import ODD_TEXTS
from export_students import PARTNERS
from export_students import PLAIN_TEXTS

from distill_tf.data.padding import pad
from distill_tf.errors import DistillError
from distill_tf.export.flat_inputs import flat_inputs
from distill_tf.export.huggingface_tokenizer import tokenizer_json
from distill_tf.export.word_piece_inputs import WordPieceInputs
from distill_tf.text import TextEncoder
from distill_tf.text import TextSettings
from distill_tf.text import Vocabulary
from distill_tf.text import encode_all

pytest.importorskip("tokenizers")
# [PAD] is not 0 in the second.
VOCABULARIES = (EXPORT_TOKENS, EXPORT_TOKENS[::-1])


def both(tmp_path, tokens, do_lower_case, max_seq_length, *columns):
    vocabulary = Vocabulary(tokens)
    path = tmp_path / "tokenizer.json"
    values = tokenizer_json(vocabulary, do_lower_case, max_seq_length)
    path.write_text(json.dumps(values), "utf-8")
    found = WordPieceInputs.open(path, max_seq_length, "onnx")(*(*columns, None)[:2])
    settings = TextSettings(do_lower_case, max_seq_length)
    encoded = encode_all(TextEncoder.from_settings(vocabulary, settings), *columns)
    return found, flat_inputs(pad(encoded, np.arange(len(encoded))))


def assert_same(found, expected):
    """Equal, but for the columns of padding by which ours may be wider."""
    assert found.keys() == expected.keys()
    width = found["attention_mask"].sum(axis=1).max(initial=0)
    assert not expected["attention_mask"][:, width:].any()
    for name, array in found.items():
        assert array.dtype == np.int64
        np.testing.assert_array_equal(array, expected[name][:, :width], err_msg=name)


@pytest.mark.parametrize("tokens", VOCABULARIES, ids=["usual", "reversed"])
@pytest.mark.parametrize("do_lower_case", [True, False])
def test_single_texts(tmp_path, tokens, do_lower_case):
    texts = [*PLAIN_TEXTS, *ODD_TEXTS]
    assert_same(*both(tmp_path, tokens, do_lower_case, 10, texts))


@pytest.mark.parametrize("max_seq_length", [5, 10, 11])
def test_pairs_are_cut_token_by_token(tmp_path, max_seq_length):
    longer = [("a " * m, "b " * n) for m, n in ((8, 6), (6, 8), (7, 7), (1, 9), (9, 1))]
    firsts, seconds = zip(
        *zip(PLAIN_TEXTS, PARTNERS, strict=True), *longer, strict=True
    )
    found, expected = both(
        tmp_path, EXPORT_TOKENS, True, max_seq_length, list(firsts), list(seconds)
    )
    assert_same(found, expected)
    assert found["input_ids"].shape[1] == max_seq_length


def test_what_is_not_installed_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    with pytest.raises(DistillError, match=r'pip install -e "\.\[litert\]"'):
        WordPieceInputs.open(tmp_path / "tokenizer.json", 5, "litert")
