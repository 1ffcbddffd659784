"""The code that is written beside PyTorch weights."""

import sys

import pytest

from distill_tf.export.pytorch_students.modeling_template import import_modeling
from distill_tf.export.pytorch_students.modeling_template import write_modeling

KINDS = ["mean_pooled_bert", "word_classifier", "two_tower"]


@pytest.mark.parametrize("model_type", KINDS)
def test_running_it_leaves_nothing_beside_it(tmp_path, monkeypatch, model_type):
    pytest.importorskip("torch")
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    write_modeling(model_type, tmp_path)
    module = import_modeling(model_type, tmp_path)
    assert any(name.endswith("Classifier") for name in vars(module))
    assert [path.name for path in tmp_path.rglob("*")] == [f"modeling_{model_type}.py"]
