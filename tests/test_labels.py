"""The names of a model's classes."""

import pytest

from distill_tf.errors import DistillError
from distill_tf.labels import LabelSet


@pytest.mark.parametrize(
    ("labels", "outputs"),
    [(LabelSet(("no", "maybe", "yes"), True), 3), (LabelSet((), False), 1)],
)
def test_round_trip(tmp_path, labels, outputs):
    labels.save(tmp_path / "labels.json")
    assert LabelSet.load(tmp_path / "labels.json") == labels
    assert labels.num_outputs == outputs
    assert labels.is_regression == (outputs == 1)


@pytest.mark.parametrize(
    "content", [None, "{", "[]", '{"names": ["a"]}', '{"names":3}']
)
def test_a_corrupt_file_is_one_sentence(tmp_path, content):
    path = tmp_path / "labels.json"
    if content is not None:
        path.write_text(content, "utf-8")
    with pytest.raises(DistillError, match="labels.json should name the model's"):
        LabelSet.load(path)
