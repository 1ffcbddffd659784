"""What stands beside a model that was exported without its tokenizer."""

import itertools

import numpy as np
import pytest
from export_students import make_predictor
from tiny_exports import make_bipartite_predictor
from tiny_exports import make_tower_predictor
from tiny_exports import make_word_predictor

from distill_tf.data.padding import pad
from distill_tf.errors import DistillError
from distill_tf.export.flat_inputs import flat_inputs
from distill_tf.export.text_inputs import open_text_inputs
from distill_tf.export.text_inputs import save_text_inputs

pytest.importorskip("tokenizers")
COLUMNS = (["a b c", "", "f"], ["d", "e 好 a b", "[SEP]"])


def make_jieba_predictor(is_pair):
    return make_word_predictor("jieba", is_pair)


@pytest.mark.parametrize(
    ("make", "is_pair"),
    [
        *itertools.product(
            (make_predictor, make_word_predictor, make_jieba_predictor), (False, True)
        ),
        (lambda is_pair: make_tower_predictor(), True),
        (lambda is_pair: make_bipartite_predictor(), True),
    ],
)
def test_the_folder_is_all_it_takes(tmp_path, make, is_pair):
    predictor = make(is_pair=is_pair)
    save_text_inputs(predictor, tmp_path)
    texts, texts_b = COLUMNS[0], COLUMNS[1] if is_pair else None
    found = open_text_inputs(tmp_path, "onnx")(texts, texts_b)
    encoded = predictor.encode(texts, texts_b)
    expected = flat_inputs(pad(encoded, np.arange(len(texts))))
    assert found.keys() == expected.keys()
    for name, array in found.items():
        width = array.shape[1]
        np.testing.assert_array_equal(array, expected[name][:, :width], err_msg=name)
        assert expected[name].sum() == array.sum()


@pytest.mark.parametrize("make", [make_predictor, make_word_predictor])
def test_the_files_of_each_kind(tmp_path, make):
    save_text_inputs(make(), tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    assert names >= {"labels.json", "text_settings.json", "tokenizer.json", "vocab.txt"}
    assert ("tokenizer_config.json" in names) == (make is make_predictor)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DistillError, match="text_settings.json"):
        open_text_inputs(tmp_path, "onnx")
