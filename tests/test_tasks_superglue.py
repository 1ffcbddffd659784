"""BoolQ, and RTE in SuperGLUE's files: labels and file names."""

import numpy as np
import pytest
from real_data import real_data

from distill_tf.errors import DistillError
from distill_tf.tasks.glue import RTE
from distill_tf.tasks.superglue import BOOLQ

LINES = (
    '{"question": "is it", "passage": "It is.", "idx": 4, "label": true}\n'
    '{"question": "was it", "passage": "No.", "idx": 5, "label": false}\n'
)


@pytest.mark.parametrize("name", ["val.jsonl", "dev.jsonl"])
def test_dev_set_under_both_names(tmp_path, name):
    (tmp_path / name).write_text(LINES, encoding="utf-8")
    examples = BOOLQ.load(tmp_path, "dev")
    assert examples.texts_a == ["is it", "was it"]
    assert examples.texts_b == ["It is.", "No."]
    np.testing.assert_array_equal(examples.labels, [1, 0])


def test_rte(tmp_path):
    (tmp_path / "val.jsonl").write_text(
        '{"premise": "It is.", "hypothesis": "is", "label": "entailment", "idx": 0}\n'
        '{"premise": "No.", "hypothesis": "is", "label": "not_entailment", "idx": 1}\n'
    )
    examples = RTE.load(tmp_path, "dev")
    assert (examples.texts_a, examples.texts_b) == (["It is.", "No."], ["is", "is"])
    np.testing.assert_array_equal(examples.labels, [0, 1])
    (tmp_path / "train.jsonl").write_text('{"premise": "It is.", "label": "yes"}\n')
    with pytest.raises(DistillError, match="train.jsonl:1.* the key 'hypothesis'"):
        RTE.load(tmp_path, "train")


def test_test_set_has_no_labels(tmp_path):
    line = '{"question": "is it", "passage": "It is.", "idx": 4}\n'
    (tmp_path / "test.jsonl").write_text(line, encoding="utf-8")
    assert BOOLQ.load(tmp_path, "test").labels is None


@pytest.mark.real_data
@pytest.mark.parametrize(("split", "count"), [("train", 2470), ("dev", 800)])
def test_real_files(split, count):
    examples = BOOLQ.load(real_data("boolq"), split)
    assert len(examples) == count
    assert set(examples.labels) == {0, 1}
    # Questions are lower-case and short, passages are not: not swapped.
    assert max(map(len, examples.texts_a)) < max(map(len, examples.texts_b))
